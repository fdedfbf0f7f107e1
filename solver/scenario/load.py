"""A scenario as written to a checked scenario with every default filled in."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from solver.errors import issue
from solver.scenario.model import Scenario
from solver.scenario.schema import BY_NAME, KEYS, SECTIONS
from solver.scenario.values import read_value
from solver.tables.names import closest

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from solver.errors import Issue
    from solver.scenario.schema import Key

REGISTER_DATE = dt.date(2025, 7, 1)
_PLACE = "scenario"


def read_scenario(
    raw: Mapping[str, Any] | None, *, explicit_matches: bool, inventory_date: dt.date
) -> tuple[Scenario, list[Issue]]:
    """Check a scenario and fill in every default.

    Parameters
    ----------
    raw
        Keys as in docs/scenario.md, nested as in the file; None for no scenario. Numbers int, Decimal or
        float; null counts as not written.
    explicit_matches
        Whether a matches table says what is eligible: then norms, the opening price and the province rules
        have no defaults.
    inventory_date
        The date that stands in for a missing `date`; see `inventory_date`.

    Returns
    -------
    scenario
        With the default wherever something is wrong.
    issues
        Every issue of the scenario, sorted.
    """
    found: list[Issue] = []
    written: dict[str, Any] = {}
    _collect("", raw or {}, written, found)
    values: dict[str, Any] = {}
    for key in KEYS:
        default, _ = (
            read_value(key, key.default_for(explicit_matches=explicit_matches))
            if _has_default(key)
            else (None, [])
        )
        value = default
        if key.name in written:
            given, issues = read_value(key, written[key.name])
            # A feature that is not built makes the rest of the value's faults beside the point.
            unbuilt = _not_built(key, written[key.name], given)
            found += [unbuilt] if unbuilt else issues
            if given is not None and not unbuilt:
                value = _merged(key, default, given) if key.keyed else given
        values[key.name] = value
    if values["date"] is None:
        values["date"] = inventory_date
        if "date" not in written:  # one that is wrong is told already
            found.append(issue("date_defaulted", _PLACE, column="date", date=inventory_date.isoformat()))
    return Scenario(values, explicit_matches=explicit_matches), sorted(found)


def inventory_date(*tables: pd.DataFrame | None) -> dt.date:
    """Return the inventory's date: the latest that typed tables state, never before the register of communes.

    Parameters
    ----------
    tables
        Typed tables; the columns ``available_from`` and ``year`` count, a year as its 31 December.

    Returns
    -------
    datetime.date
        At least 2025-07-01, since today's communes exist since that day.
    """
    dates = [REGISTER_DATE]
    for table in tables:
        if table is None:
            continue
        if "available_from" in table:
            dates += list(table["available_from"].dropna().unique())
        if "year" in table and table["year"].notna().any():
            dates.append(dt.date(int(table["year"].max()), 12, 31))
    return max(dates)


def _collect(prefix: str, raw: Mapping[str, Any], written: dict[str, Any], found: list[Issue]) -> None:
    for key, value in raw.items():
        name = f"{prefix}{key}"
        if name in BY_NAME:
            if value is not None:
                written[name] = value
        elif not prefix and name in SECTIONS:
            if isinstance(value, dict):
                _collect(f"{name}.", value, written, found)
            elif value is not None:
                found.append(issue("wrong_type", _PLACE, column=name, value=str(value), wanted="table"))
        else:
            found.append(issue("key_unknown", _PLACE, column=name, closest=_nearest(name, str(key))))


def _nearest(name: str, leaf: str) -> str:
    elsewhere = {known.rpartition(".")[2]: known for known in BY_NAME}
    return elsewhere.get(leaf, "") or closest(name, [*BY_NAME, *SECTIONS])


def _has_default(key: Key) -> bool:
    return key.default is not None


def _not_built(key: Key, written: object, given: object) -> Issue | None:
    if key.built or written in (None, {}, [], "") or (given is not None and given == key.default):
        return None
    return issue("not_supported_yet", _PLACE, column=key.name, value=str(written), feature=key.name)


def _merged(key: Key, default: dict[str, Any] | None, given: dict[str, Any]) -> dict[str, Any]:
    kept = dict(default or {})
    if key.specific:
        # Someone who writes a price for all vehicles does not want a default price of cars to outrank it.
        kept = {
            name: value
            for name, value in kept.items()
            if name.partition("/")[0] not in given or name in given
        }
    return {**kept, **{name: value for name, value in given.items() if value is not None}}
