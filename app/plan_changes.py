"""What differs between two plans: inputs, scenario, lines, and needs that gained or lost units."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from app.plans import PlanView

KEYS = ("asset_id", "need_id")
#: What is compared of transfers of the same units. Ranks and next best assets follow from other rows.
TERMS = (
    "cost_vnd",
    *("spend_vnd", "area_m2", "distance_km", "from_commune_code", "to_commune_code"),
    *("recipient", "official_id", "form", "authority", "until", "state"),
)


def changed_files(one: PlanView, other: PlanView) -> list[str]:
    """Return the names of the input files that differ, by the hashes of plan.json; the scenario apart."""
    first, second = (plan.summary.get("inputs", {}) for plan in (one, other))
    names = {name for name in first.keys() | second.keys() if first.get(name) != second.get(name)}
    return sorted(names - {"scenario.json"})


def changed_keys(one: PlanView, other: PlanView) -> list[str]:
    """Return the dotted keys of the scenario whose values differ."""
    first, second = (dict(_flat(plan.scenario)) for plan in (one, other))
    return sorted(key for key in first.keys() | second.keys() if first.get(key) != second.get(key))


def _flat(node: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in node.items():
        if isinstance(value, Mapping) and value:
            yield from _flat(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value


def changed_lines(one: PlanView, other: PlanView) -> list[dict[str, Any]]:
    """Return every transfer that only one of the plans has or that differs, the dearest first.

    Returns
    -------
    list of dict
        `change` (added, removed, other_units, other_terms), `asset_id`, `need_id`, `units_before`,
        `units_after`, `cost_before_vnd`, `cost_after_vnd` (0 where a plan has no such transfer), `columns`:
        what differs of `TERMS` between two transfers of the same units, else empty. A line is as dear as the
        dearer of its two costs; equal ones by ids.
    """
    before, after = _lines(one.transfers), _lines(other.transfers)
    lines = []
    for pair in before.keys() | after.keys():
        old, new = before.get(pair), after.get(pair)
        if old == new:
            continue
        columns: list[str] = []
        if old is None or new is None:
            change = "removed" if new is None else "added"
        elif old[0] != new[0]:
            change = "other_units"
        else:
            change = "other_terms"
            columns = [name for name, a, b in zip(TERMS, old[1:], new[1:], strict=True) if a != b]
        lines.append(
            {
                "change": change,
                **dict(zip(KEYS, pair, strict=True)),
                "units_before": 0 if old is None else old[0],
                "units_after": 0 if new is None else new[0],
                "cost_before_vnd": 0 if old is None else old[1],
                "cost_after_vnd": 0 if new is None else new[1],
                "columns": columns,
            }
        )
    return sorted(
        lines,
        key=lambda line: (
            -max(line["cost_before_vnd"], line["cost_after_vnd"]),
            line["asset_id"],
            line["need_id"],
        ),
    )


def _lines(transfers: pd.DataFrame) -> dict[tuple[str, str], tuple[Any, ...]]:
    """Return units, then `TERMS`, by asset and need; texts "" where missing."""
    texts = (transfers[name].fillna("").astype("str") for name in TERMS[1:])
    rows = zip(*(transfers[name] for name in (*KEYS, "units", "cost_vnd")), *texts, strict=True)
    return {
        (str(asset), str(need)): (int(units), int(cost), *terms) for asset, need, units, cost, *terms in rows
    }


def gains_and_losses(one: PlanView, other: PlanView) -> list[dict[str, Any]]:
    """Count needs that receive more or fewer units in the other plan, by the province of the need.

    Returns
    -------
    list of dict
        `province_code`, `province_name`, `needs_gained`, `units_gained`, `needs_lost`, `units_lost`; only
        provinces where anything changes, by code. Needs without a commune stand under the code "".
    """
    before, after = _received(one.transfers), _received(other.transfers)
    places = {**_communes(one), **_communes(other)}
    counts: dict[tuple[str, str], Counter[str]] = {}
    for need in before.keys() | after.keys():
        (old, _), (new, _) = before.get(need, (0, "")), after.get(need, (0, ""))
        if old == new:
            continue
        code = (after.get(need) or before[need])[1]
        count = counts.setdefault(places.get(code, ("", "")), Counter())
        side = "gained" if new > old else "lost"
        count[f"needs_{side}"] += 1
        count[f"units_{side}"] += abs(new - old)
    names = ("needs_gained", "units_gained", "needs_lost", "units_lost")
    return [
        {"province_code": code, "province_name": name, **{key: counts[code, name][key] for key in names}}
        for code, name in sorted(counts)
    ]


def _received(transfers: pd.DataFrame) -> dict[str, tuple[int, str]]:
    """Sum the units of each need; with the commune that it lies in."""
    got: dict[str, tuple[int, str]] = {}
    columns = ("need_id", "units", "to_commune_code")
    for need, units, code in zip(*(transfers[name] for name in columns), strict=True):
        place = "" if pd.isna(code) else str(code)
        got[str(need)] = (got.get(str(need), (0, ""))[0] + int(units), place)
    return got


def _communes(plan: PlanView) -> dict[str, tuple[str, str]]:
    columns = ("commune_code", "province_code", "province_name")
    rows = zip(*(plan.communes[name].fillna("").astype(str) for name in columns), strict=True)
    return {code: (province, name) for code, province, name in rows}
