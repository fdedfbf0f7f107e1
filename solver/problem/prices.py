"""Priority, price and norm key of every need, with the issues that only table and scenario together show."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from solver.errors import Issue, issue
from solver.flow.market import MONEY_LIMIT
from solver.problem.numbers import decimals, half_up, integers
from solver.tables.kinds import KINDS, PURPOSES, codes

if TYPE_CHECKING:
    import pandas as pd

    from solver.flow.market import Ints
    from solver.scenario import Scenario

_PREMISES = "premises"


@dataclass(frozen=True)
class NeedPrices:
    """One entry per need that takes part.

    Attributes
    ----------
    base : price of one unmet unit before the factor [VND]; price : with it, rounded half up [VND]; priority
    : 1 to 5; norms : for each need its norm keys with their caps, the most specific first.
    """

    base: Ints
    price: Ints
    priority: Ints
    norms: list[tuple[tuple[str, int], ...]]


def _kinds_of(cell: object) -> tuple[str, ...]:
    return tuple(sorted(str(cell).split("|"))) if isinstance(cell, str) and cell else ()


class _Lookup:
    """Scenario lookups by (category, kinds), each made once."""

    def __init__(self, category: str, scenario: Scenario) -> None:
        self.category = category
        self.scenario = scenario
        self.price: dict[tuple[str, tuple[str, ...]], Any] = {}
        self.norms: dict[tuple[str, ...], tuple[tuple[str, int], ...] | None] = {}
        self.factor: dict[tuple[int, int], int] = {}

    def price_of(self, purpose: str, kinds: tuple[str, ...]) -> Fraction | str:
        """Return the norm price of a need (of premises: per m2), or the code of the issue."""
        key = (purpose if self.category == _PREMISES else "", kinds)
        if key not in self.price:
            found = {
                self.scenario.number("prices.unmet", self.category, key[0] or None, kind)
                for kind in (kinds or (None,))
            }
            known = [Fraction(value) for value in found if value is not None]
            if len(known) < len(found):
                self.price[key] = "price_missing"
            else:
                self.price[key] = known[0] if len(known) == 1 else "price_mixed_kinds"
        result: Fraction | str = self.price[key]
        return result

    def norms_of(self, kinds: tuple[str, ...]) -> tuple[tuple[str, int], ...] | None:
        """Return the norm keys that apply to a need of these kinds, None where its kinds differ."""
        if kinds not in self.norms:
            table = self.scenario["norms.max_per_commune"]
            every = kinds or tuple(
                kind for kind in (*codes(KINDS[self.category]), "other:") if self._any_takes(kind)
            )
            found = {
                tuple(self.scenario.applying("norms.max_per_commune", self.category, k).items())
                for k in every
            }
            if not kinds:
                named = {key.partition("/")[2] for key in table if key.startswith(f"{self.category}/")}
                found |= {
                    tuple(self.scenario.applying("norms.max_per_commune", self.category, kind).items())
                    for kind in named
                    if self._any_takes(kind)
                }
            self.norms[kinds] = (
                tuple((key, int(cap)) for key, cap in found.pop()) if len(found) == 1 else None
            )
        return self.norms[kinds]

    def _any_takes(self, kind: str) -> bool:
        """Whether a need that names no kinds takes this one; of premises, a key may also name a purpose."""
        return self.category != _PREMISES or (kind != "land" and kind not in codes(PURPOSES))

    def with_factor(self, base: int, priority: int) -> int:
        """Price x priority factor, rounded half up once per unit [VND]."""
        key = (base, priority)
        if key not in self.factor:
            self.factor[key] = half_up(Fraction(base) * Fraction(self.scenario.factor(priority)))
        return self.factor[key]


def need_prices(
    needs: pd.DataFrame, rows: Ints, category: str, scenario: Scenario
) -> tuple[NeedPrices, list[Issue]]:
    """Find price, priority and norm keys of the needs; issues name the rows where that is not possible."""
    look = _Lookup(category, scenario)
    issues: list[Issue] = []
    base, price, rank, norms = [], [], [], []
    table = needs.iloc[rows]
    columns = (
        table["row"].tolist(),
        table["kinds"].tolist(),
        table["purpose"].tolist(),
        integers(table["priority"], -1).tolist(),
        integers(table["price_vnd"], -1).tolist(),
        decimals(table["area_m2"]),
    )
    for row, kinds_cell, purpose, own_rank, own_price, area in zip(*columns, strict=True):
        kinds = _kinds_of(kinds_cell)
        priority = own_rank
        if priority < 0:
            priority = scenario.priority(category, purpose if isinstance(purpose, str) else None, kinds)
        purpose = purpose if isinstance(purpose, str) else ""
        worth = look.price_of(purpose, kinds) if own_price < 0 else Fraction(own_price)
        if isinstance(worth, str):
            issues.append(
                issue(
                    worth, "needs", int(row), "price_vnd", "|".join(kinds), kinds="|".join(kinds) or category
                )
            )
            worth = Fraction(0)
        elif own_price < 0 and category == _PREMISES:
            if area is None and scenario.explicit_matches:  # the match states a load, but what is it worth?
                issues.append(issue("area_missing", "needs", int(row), "area_m2"))
            worth *= Fraction(area or 0)
        keys = look.norms_of(kinds)
        if keys is None:
            issues.append(
                issue(
                    "norm_mixed_kinds",
                    "needs",
                    int(row),
                    "kinds",
                    "|".join(kinds),
                    kinds="|".join(kinds) or category,
                )
            )
            keys = ()
        unit = half_up(worth)
        full = look.with_factor(unit, priority)
        if full > MONEY_LIMIT:
            issues.append(issue("money_range", "needs", int(row), "price_vnd", unit))
            full = 0
        base.append(unit)
        price.append(full)
        rank.append(priority)
        norms.append(keys)
    return NeedPrices(
        np.array(base, np.int64), np.array(price, np.int64), np.array(rank, np.int64), norms
    ), issues
