"""The checked scenario: lookups by the most specific key, and exact text."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from solver.scenario.schema import BY_NAME

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from solver.scenario.schema import Value

_DEFAULT_PRIORITY = 3


@dataclass(frozen=True, slots=True)
class Scenario:
    """A scenario with every default filled in. Made by `read_scenario`.

    Parameters
    ----------
    entries
        Dotted key -> value, for every key of `solver.scenario.schema`: numbers int or Decimal (int where
        whole), dates `datetime.date`, lists, and dictionaries for keyed tables; None = no value. Not to be
        changed.
    explicit_matches
        Whether it belongs to a folder with a matches table.
    """

    entries: Mapping[str, Any]
    explicit_matches: bool = False

    def __getitem__(self, key: str) -> Value:
        """Return the value of a dotted key."""
        return self.entries[key]

    @property
    def name(self) -> str:
        """Name of the scenario."""
        return str(self.entries["name"])

    @property
    def date(self) -> dt.date:
        """Day for which the plan is made."""
        day: dt.date = self.entries["date"]
        return day

    @property
    def scope_province(self) -> str | None:
        """Code of the one province planned, or None."""
        return self.entries["scope_province"] or None

    @property
    def bans(self) -> list[tuple[str, str]]:
        """Pairs (asset_id, need_id) that must not be."""
        return list(self.entries["stability.bans"])

    @property
    def pins(self) -> list[tuple[str, str, int | None]]:
        """Transfers (asset_id, need_id, units) that must be; units None = as many as both sides have."""
        return [
            (asset, need, units[0] if units else None)
            for asset, need, *units in self.entries["stability.pins"]
        ]

    @property
    def coverage_first(self) -> bool:
        """Whether units unmet and the smallest shares met come before the cost."""
        return bool(self.entries["objective"] == "coverage_first")

    @property
    def floors(self) -> dict[str, int | Decimal | str]:
        """Key (category, category/kind, premises/purpose) -> share of demand from 0 to 1, or "max-min"."""
        return dict(self.entries["equity.coverage_floor"])

    def number(self, key: str, category: str, *specifics: str | None) -> int | Decimal | None:
        """Return the number of the most specific key that applies, or None.

        Parameters
        ----------
        key
            Dotted key of a table, such as ``prices.per_km``.
        category
            vehicle, equipment or premises.
        specifics
            Kinds or purposes, the first that has a key of its own wins; None and "" are passed over.
        """
        value: int | Decimal | None = self._specific(key, category, specifics)
        return value

    def rule(self, key: str, category: str, *specifics: str | None) -> str | None:
        """Return the choice of the most specific key that applies, or None (``rules.cross_province``)."""
        value: str | None = self._specific(key, category, specifics)
        return value

    def applying(self, key: str, category: str, *specifics: str | None) -> dict[str, int | Decimal]:
        """Return every entry of a table that applies, for norms and limits: key -> number."""
        table = self.entries[key]
        return {name: table[name] for name in _names(category, specifics) if name in table}

    def priority(self, category: str, purpose: str | None, kinds: Iterable[str] = ()) -> int:
        """Return the priority of a need that states none, 1 (highest) to 5.

        The purpose decides; else the kinds, the highest priority where they differ; else the category; else
        3.
        """
        table: dict[str, int] = self.entries["priority_by_purpose"]
        if purpose and purpose in table:
            return table[purpose]
        below = [table[name] for name in (f"{category}/{kind}" for kind in kinds) if name in table]
        return min(below) if below else table.get(category, _DEFAULT_PRIORITY)

    def factor(self, priority: int) -> int | Decimal:
        """Return the factor of the unmet price for a priority 1 to 5."""
        factor: int | Decimal = self.entries["prices.priority_factor"][priority - 1]
        return factor

    def to_json(self) -> str:
        """Return the scenario as exact text: every key, sorted, numbers without exponent.

        `commune_codes` is "2025", as in the tables that it goes with. Reading it back gives the same text.
        """
        nested: dict[str, Any] = {}
        for name in BY_NAME:
            section, dot, leaf = name.partition(".")
            value = "2025" if name == "commune_codes" else self.entries[name]
            if dot:
                nested.setdefault(section, {})[leaf] = value
            else:
                nested[section] = value
        return "".join(_written(nested, "")) + "\n"

    def _specific(self, key: str, category: str, specifics: tuple[str | None, ...]) -> Value:
        table = self.entries[key]
        for name in _names(category, specifics):
            if name in table:
                return table[name]
        return None


def _names(category: str, specifics: Iterable[str | None]) -> list[str]:
    return [*(f"{category}/{name}" for name in specifics if name), category]


def _written(value: Value, indent: str) -> Iterator[str]:
    # json cannot write a Decimal exactly.
    deeper = indent + "  "
    if isinstance(value, dict):
        if not value:
            yield "{}"
            return
        for place, name in enumerate(sorted(value)):
            yield ("{\n" if place == 0 else ",\n") + deeper + json.dumps(name, ensure_ascii=False) + ": "
            yield from _written(value[name], deeper)
        yield "\n" + indent + "}"
    elif isinstance(value, (list, tuple)):
        yield "["
        for place, member in enumerate(value):
            yield ", " if place else ""
            yield from _written(member, deeper)
        yield "]"
    elif isinstance(value, Decimal):
        yield format(value, "f")
    elif isinstance(value, dt.date):
        yield json.dumps(value.isoformat())
    else:
        yield json.dumps(value, ensure_ascii=False)
