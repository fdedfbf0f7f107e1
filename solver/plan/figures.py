"""Sums of one category by need and by premises in use: the base of every part of plan.json."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from solver.plan.moves import got_by_need
from solver.problem.numbers import half_up

if TYPE_CHECKING:
    import pandas as pd

    from solver.flow.market import Ints
    from solver.plan.certificate import Proof
    from solver.plan.changed import Changed
    from solver.plan.moves import Moves, Sides
    from solver.problem.problem import Problem

_DIGITS = 9


def ratio(part: int, whole: int) -> str | None:
    """Write part / whole with nine digits, rounded half up; None where the whole is zero or less."""
    if whole <= 0:
        return None
    scaled = half_up(Fraction(part * 10**_DIGITS, whole))
    return f"{scaled // 10**_DIGITS}.{scaled % 10**_DIGITS:0{_DIGITS}d}"


def gap_ratio(gap: int, whole: int) -> str | None:
    """Write a gap as a ratio: zero whenever the gap is zero."""
    return "0." + "0" * _DIGITS if gap == 0 else ratio(gap, whole)


class Figures:
    """Sums of one category.

    Attributes
    ----------
    units, met, unmet, price, base, priority, province : by need; opening : price of each premises in use
    [VND], empty for movables; opened_in : its province code. All sums are Python integers, so that nothing
    overflows.
    """

    def __init__(
        self,
        problem: Problem,
        sides: Sides,
        moves: Moves,
        transfers: pd.DataFrame,
        opening: Ints | None = None,
        changed: Changed | None = None,
    ) -> None:
        """Take the figures; ``opening`` : of each asset of premises [VND]; ``changed`` : in a re-plan."""
        needs = sides.needs
        self.units = needs.units
        self.met = got_by_need(sides, moves)
        self.unmet = self.units - self.met
        self.price, self.base, self.priority = needs.price, needs.base, needs.priority
        self.province = _provinces(problem, problem.needs, needs.rows)
        used = np.unique(moves.asset) if opening is not None else np.zeros(0, np.int64)
        self.opening = used if opening is None else opening[used]
        self.opened_in = _provinces(problem, problem.assets, sides.assets.rows[used])
        none = np.zeros(len(needs.ids), np.int64)
        self.changes, self._dropped = (
            (none, none) if changed is None else (changed.by_need, changed.dropped_by_need)
        )
        self._change_price = 0 if changed is None else changed.price
        self._need_of = moves.need
        self._cost = transfers["cost_vnd"].to_numpy(object)
        self._spend = transfers["spend_vnd"].to_numpy(object)

    def sums(self, province: str | None = None) -> dict[str, int]:
        """Objective and its pieces, of one province or of all [VND, units].

        Transfers count where they are received, an opening where the premises are.
        """
        chosen = np.ones(len(self.units), bool) if province is None else self.province == province
        opened = self.opening if province is None else self.opening[self.opened_in == province]
        moved = chosen[self._need_of]
        cost, openings = sum(map(int, self._cost[moved])), sum(opened.tolist())
        unmet = self.unmet[chosen]
        changes, dropped = (int(one[chosen].sum()) for one in (self.changes, self._dropped))
        return {
            "cost": cost,
            "openings": openings,
            "objective": cost + openings + _dot(unmet, self.price[chosen]) + changes * self._change_price,
            "empty": _dot(self.units[chosen], self.price[chosen]) + dropped * self._change_price,
            "cash": sum(map(int, self._spend[moved])) + openings + _dot(unmet, self.base[chosen]),
            "needed": int(self.units[chosen].sum()),
            "met": int(self.met[chosen].sum()),
            "unmet": int(unmet.sum()),
            "changes": changes,
        }

    def agree(self, objective: int) -> bool:
        """Tell whether the rows cost what the solver says.

        In a re-plan they may cost less: units are interchangeable, and one that is said to be a change may
        take the place of one that is said to go.
        """
        own = self.sums()["objective"]
        return own == objective or (self._change_price > 0 and own < objective)

    def provinces(self) -> list[str]:
        """Codes of the provinces that any sum belongs to."""
        return sorted({*self.province.tolist(), *self.opened_in.tolist()} - {""})


@dataclass(frozen=True)
class Planned:
    """One category, planned and explained.

    Attributes
    ----------
    name; transfers (with ``_price``), shortfalls, releases : its rows; figures; bound : proven by ``proof``
    [VND], None where only the whole has one; fixed, spared : what pinned transfers cost, and what leaving
    their needs unmet would [VND]; changed : against the plan before, in a re-plan;
    still : needs that were not planned again.
    """

    name: str
    transfers: pd.DataFrame
    shortfalls: pd.DataFrame
    releases: pd.DataFrame
    figures: Figures
    bound: int | None
    proof: Proof
    fixed: int = 0
    spared: int = 0
    changed: Changed | None = None
    still: frozenset[str] = frozenset()


def _dot(units: Ints, each: Ints) -> int:
    return sum(u * e for u, e in zip(units.tolist(), each.tolist(), strict=True) if u)


def _provinces(problem: Problem, table: pd.DataFrame, rows: Ints) -> np.ndarray:
    """Province code of rows of a table, "" where they have no commune."""
    code = table["commune_code"].iloc[rows].fillna("").astype("str")
    known = dict(
        zip(problem.communes["commune_code"].astype("str"), problem.communes["province_code"], strict=True)
    )
    return np.array([str(known.get(one, "")) for one in code], object)


def part(sums: dict[str, int], bound: int | None) -> dict[str, Any]:
    """Write one part of plan.json."""
    gap = None if bound is None else sums["objective"] - bound
    return {
        "objective_vnd": sums["objective"],
        "bound_vnd": bound,
        "gap_vnd": gap,
        "cost_gap": None if gap is None else gap_ratio(gap, sums["cost"] + sums["openings"]),
        "value_gap": None if gap is None or bound is None else gap_ratio(gap, sums["empty"] - bound),
        "cash_vnd": sums["cash"],
        "needed": sums["needed"],
        "met": sums["met"],
        "unmet": sums["unmet"],
    }


def add(one: dict[str, int], other: dict[str, int]) -> dict[str, int]:
    """Add two sums key by key."""
    return {key: one.get(key, 0) + other.get(key, 0) for key in {*one, *other}}


def by_province(figures: list[Figures]) -> dict[str, dict[str, Any]]:
    """Write the parts by province; bounds are null, since matches may cross every border."""
    found: dict[str, dict[str, int]] = {}
    for figure in figures:
        for code in figure.provinces():
            found[code] = add(found.get(code, {}), figure.sums(code))
    return {code: part(sums, None) for code, sums in sorted(found.items())}
