"""What two plans rest on: the same tables, the same prices, the same rules; and what their costs prove."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

    from app.comparison.variant import Variant

#: The plan before a re-plan.
BASELINE = "baseline.csv"
#: Who decides costs nothing, the scenario is compared key by key, and a plan before is a rule.
_ASIDE = frozenset({"authorities.csv", "scenario.json", BASELINE})
# Prefixes of keys, by what they change. All others are rules: they forbid, ask for or order plans.
_IDLE = ("name", "solver.")
_SCOPE = ("scope_province", "commune_codes")
_PRICES = ("prices.", "priority_by_purpose.", "norms.life_years.", "date", "rules.cross_province.")
# A price of plans with a plan before alone, and then looked at as such.
_CHANGE_PRICE = "stability.change_price_vnd"
# Pairs that one plan may not have at all cost the same in the other whatever its surcharge: that is a rule.
_FORBIDDEN = "forbidden"
_FLOORS = ("equity.", "objective")
_TABLES = (("assets", "asset_id"), ("needs", "need_id"))


@dataclass(frozen=True)
class Key:
    """A key of the scenario that differs; a value is None where a plan does not have the key."""

    key: str
    before: Any
    after: Any


@dataclass(frozen=True)
class Basis:
    """What differs between the inputs of two plans.

    Attributes
    ----------
    files
        Input files with other SHA-256, the scenario apart.
    rows
        Of the tables of assets and needs that differ: rows `only_before`, `only_after` and `changed`.
    keys
        Keys of the scenario that differ.
    categories
        Whether one plans a category that the other does not.
    change_prices
        What a change costs in each of them [VND]; 0 without a plan before.
    """

    files: tuple[str, ...]
    rows: Mapping[str, Mapping[str, int]]
    keys: tuple[Key, ...]
    categories: bool = False
    change_prices: tuple[int, int] = (0, 0)

    @property
    def baseline(self) -> bool:
        """Whether they have other plans before them, or one has none."""
        return BASELINE in self.files

    @cached_property
    def tables(self) -> bool:
        """Whether other things are planned, or at other places."""
        return bool(set(self.files) - _ASIDE) or self.categories or self._any(_SCOPE)

    @cached_property
    def prices(self) -> bool:
        """Whether cost is measured by other prices."""
        first, other = self.change_prices
        # Changes of another plan before are others: where they cost something, costs hold other things.
        changes = first != other or (self.baseline and first > 0)
        return changes or any(_is_price(one) for one in self.keys)

    @cached_property
    def floors(self) -> bool:
        """Whether other floors, or another order of aims, are asked for."""
        return self._any(_FLOORS)

    @cached_property
    def rules(self) -> bool:
        """Whether the plans answer to other rules: any key but of prices, scope, the search and the name."""
        aside = (*_IDLE, *_SCOPE, _CHANGE_PRICE)
        return self.baseline or any(not _is_of(one.key, aside) and not _is_price(one) for one in self.keys)

    @property
    def comparable(self) -> str:
        """How costs compare: "other_tables" or "other_prices" (not at all), "other_rules", or "same"."""
        if self.tables:
            return "other_tables"
        if self.prices:
            return "other_prices"
        return "other_rules" if self.rules else "same"

    def _any(self, prefixes: tuple[str, ...]) -> bool:
        return any(_is_of(one.key, prefixes) for one in self.keys)


def basis_of(one: Variant, other: Variant) -> Basis:
    """Compare the inputs of two plans."""
    files = changed_files(one, other)
    rows = {
        name: _rows(getattr(one.view, name), getattr(other.view, name), key)
        for name, key in _TABLES
        if f"{name}.csv" in files
    }
    first, second = (plan.view.summary["parts"].get("category", {}).keys() for plan in (one, other))
    prices = one.view.change_price, other.view.change_price
    return Basis(tuple(files), rows, tuple(changed_keys(one, other)), first != second, prices)


def changed_files(one: Variant, other: Variant) -> list[str]:
    """Return the names of the input files that differ, by the hashes of plan.json; the scenario apart."""
    first, second = (plan.view.summary.get("inputs") or {} for plan in (one, other))
    names = {name for name in first.keys() | second.keys() if first.get(name) != second.get(name)}
    return sorted(names - {"scenario.json"})


def changed_keys(one: Variant, other: Variant) -> list[Key]:
    """Return the keys of the scenario whose values differ, with both values, by key."""
    first, second = (dict(_flat(plan.view.scenario)) for plan in (one, other))
    return [
        Key(key, first.get(key), second.get(key))
        for key in sorted(first.keys() | second.keys())
        if first.get(key) != second.get(key)
    ]


def verdict(one: Variant, other: Variant, basis: Basis) -> str:
    """Return what the costs of two plans prove.

    Returns
    -------
    str
        "other_tables", "other_prices": nothing, they are not measured alike. "no_cost": a plan has none.

        With other rules: "proven_cheaper" (its cost is below what the first plan's rules allow at all),
        "proven_dearer" (the reverse), "proven_equal", or "within_gaps".

        With the same rules: "better_levels", "worse_levels" (what comes before the cost decides), "cheaper",
        "dearer", "same_cost", or "contradiction": both bounds can't be right.
    """
    if basis.tables or basis.prices:
        return basis.comparable
    costs = _costs(one, other)
    if costs is None:
        return "no_cost"
    low, cost, other_low, other_cost = costs
    if basis.rules:
        if other_cost < low:
            return "proven_cheaper"
        if other_low > cost:
            return "proven_dearer"
        return "proven_equal" if low == cost == other_low == other_cost else "within_gaps"
    order = _order(one.levels, other.levels)
    if order:
        return "better_levels" if order < 0 else "worse_levels"
    if max(low, other_low) > min(cost, other_cost):
        return "contradiction"
    if cost == other_cost:
        return "same_cost"
    return "cheaper" if other_cost < cost else "dearer"


def proven(one: Variant, other: Variant, basis: Basis) -> tuple[int, int] | None:
    """Return by how much the best plan under the other's rules is dearer, at least and at most [VND].

    Below 0: cheaper. None where costs are not measured alike or a plan has none.
    """
    costs = _costs(one, other)
    if costs is None or basis.tables or basis.prices:
        return None
    low, cost, other_low, other_cost = costs
    return other_low - cost, other_cost - low


def _costs(one: Variant, other: Variant) -> tuple[int, int, int, int] | None:
    """Return bound and objective of both."""
    values = [plan.view.summary.get(name) for plan in (one, other) for name in ("bound_vnd", "objective_vnd")]
    known = [int(value) for value in values if value is not None]
    return (known[0], known[1], known[2], known[3]) if len(known) == len(values) else None


def value_text(value: object) -> str:
    """Return a value of the scenario as JSON writes it; decimals as they stand."""
    return "-" if value is None else json.dumps(value, ensure_ascii=False, default=_plain)


def _plain(value: object) -> float | str:
    near = float(str(value))
    return near if repr(near) == str(value) else str(value)


def _order(first: Mapping[str, int | Fraction | None], other: Mapping[str, int | Fraction | None]) -> int:
    """Return -1 where the other plan is better at the first level that differs, 1 where worse, else 0."""
    for name, value in first.items():
        new = other.get(name)
        if value is None or new is None or value == new:
            continue
        less = new < value
        return -1 if less != name.startswith("max_min|") else 1
    return 0


def _is_of(key: str, prefixes: tuple[str, ...]) -> bool:
    return any(f"{key}.".startswith(prefix if prefix.endswith(".") else f"{prefix}.") for prefix in prefixes)


def _is_price(one: Key) -> bool:
    return _is_of(one.key, _PRICES) and _FORBIDDEN not in (one.before, one.after)


def _flat(node: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in node.items():
        if isinstance(value, Mapping):  # an empty table is as good as none
            yield from _flat(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value


def _rows(first: pd.DataFrame, second: pd.DataFrame, key: str) -> dict[str, int]:
    columns = [str(name) for name in dict.fromkeys([*first.columns, *second.columns]) if name != key]
    before, after = (_by_id(table, key, columns) for table in (first, second))
    return {
        "only_before": len(before.keys() - after.keys()),
        "only_after": len(after.keys() - before.keys()),
        "changed": sum(before[one] != after[one] for one in before.keys() & after.keys()),
    }


def _by_id(table: pd.DataFrame, key: str, columns: list[str]) -> dict[str, tuple[str, ...]]:
    whole = table.reindex(columns=[key, *columns]).astype(object).fillna("").astype(str)
    return {row[0]: row[1:] for row in whole.itertuples(index=False, name=None)}
