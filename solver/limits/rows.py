r"""The side rows of a problem, and how the pairs of each category count in them (docs/limits.md).

R         rows: budgets [VND], caps on crossing units, floors of groups [units]
L_r       limit as the scenario states it;  u_r  what the pinned transfers use of it
q_r(a,n)  what one unit counts: its spend, 1 if it crosses a border, 1 if its need is in the group;
          in the row of changes 1, or -1 where it stays what it was (the plan before counts as pinned)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, Protocol

import numpy as np

from solver.plan.moves import Sides
from solver.problem.problem import PLANNED

if TYPE_CHECKING:
    from fractions import Fraction

    from solver.flow.market import Ints
    from solver.problem.groups import Groups
    from solver.problem.pins import Pins
    from solver.problem.problem import Problem


class Member(Sides, Protocol):
    """A category, movables or premises, as far as rows look at it; norm rows are those beside the pins."""

    @property
    def groups(self) -> Groups:
        """Groups of needs that floors look at."""

    @property
    def pins(self) -> Pins:
        """Pinned transfers."""

    @property
    def kept(self) -> Pins:
        """What is left of the plan before."""

    def unit_cost(self, i: Ints, j: Ints) -> Ints:
        """Return the cost of one unit of eligible pairs [VND]; i, j : positions in the sides."""

    def unit_spend(self, i: Ints, j: Ints) -> Ints:
        """Return the spend of one unit of eligible pairs [VND]; i, j : positions in the sides."""

    def turns(self, i: Ints, j: Ints) -> Ints:
        """Return by how much a unit of pairs changes the number of changes."""


class Row(NamedTuple):
    """A side row.

    Attributes
    ----------
    id : as in ``limits.csv``; limit : VND or units, pinned ones included; floor : at least, not at most; soft
    : a floor that may be missed where it cannot be met; money : counts spend [VND], not units.
    """

    id: str
    limit: int
    floor: bool
    soft: bool
    money: bool


#: Id of the row that limits the changes of a re-plan.
CHANGES = "changes"


@dataclass(frozen=True)
class Counting:
    """Rows in which the pairs of a category count, as indices, -1 none.

    Attributes
    ----------
    spend : budgets of each need; cross : caps of each asset, for pairs of two provinces; floor : of each
    need. All [n, width].
    """

    spend: Ints
    cross: Ints
    floor: Ints


@dataclass(frozen=True)
class SideRows:
    """All side rows, sorted by id, how each category counts in them; ``pinned`` : used by pins, per row."""

    rows: tuple[Row, ...]
    counting: dict[str, Counting]
    pinned: tuple[int, ...]

    @property
    def changes(self) -> int:
        """Index of the row that limits changes, -1 none; what the plan before has counts as pinned in it."""
        return next((at for at, row in enumerate(self.rows) if row.id == CHANGES), -1)

    @property
    def left(self) -> list[int]:
        """What pins leave of each limit; of a floor, what is still to be received."""
        return [row.limit - used for row, used in zip(self.rows, self.pinned, strict=True)]

    def used(self, member: Member, i: Ints, j: Ints, units: Ints) -> list[int]:
        """Return what transfers of a category use of each row; i, j : positions in the sides."""
        count = self.counting[member.name]
        total = [0] * len(self.rows)
        spend = member.unit_spend(i, j) * units
        crossing = member.assets.province[i] != member.needs.province[j]
        for columns, amounts in (
            (count.spend[j], spend),
            (count.cross[i], units * crossing),
            (count.floor[j], units),
        ):
            for column in columns.T:
                known = column >= 0
                for row in np.unique(column[known]).tolist():
                    total[row] += int(amounts[known & (column == row)].sum())
        if self.changes >= 0:
            total[self.changes] += int((member.turns(i, j) * units).sum())
        return total


def members(problem: Problem) -> list[Member]:
    """List the categories that are planned."""
    found: list[Member] = list(problem.categories.values())
    return [*found, problem.premises] if problem.premises is not None else found


def side_rows(problem: Problem, smallest: dict[str, Fraction]) -> SideRows:
    """Make the side rows.

    Parameters
    ----------
    smallest : smallest share that the groups of each contested key are to reach (max-min).
    """
    scenario = problem.scenario
    attainable = scenario["equity.floor_mode"] == "attainable"
    parts = members(problem)
    rows = [*_budgets(problem), *_changes(problem)]
    rows += [
        Row(f"cross|{key}", int(most), floor=False, soft=False, money=False)
        for key, most in scenario["limits.cross_province_max"].items()
    ]
    for part in parts:
        groups = part.groups
        least = groups.least(smallest).tolist()
        rows += [
            Row(name, units, floor=True, soft=share is not None and attainable, money=False)
            for name, units, share in zip(groups.ids, least, groups.share, strict=True)
        ]
    rows.sort(key=lambda row: row.id)
    index = {row.id: at for at, row in enumerate(rows)}
    counting = {part.name: _counting(problem, part, index) for part in parts}
    bare = SideRows(tuple(rows), counting, (0,) * len(rows))
    taken = [bare.used(part, part.pins.asset, part.pins.need, part.pins.units) for part in parts]
    used = [sum(one[at] for one in taken) for at in range(len(rows))]
    if bare.changes >= 0:  # to drop a unit is a change, to keep it is one fewer
        used[bare.changes] = sum(int(part.kept.units.sum()) for part in parts)
    pinned = tuple(used)
    return SideRows(bare.rows, counting, pinned)


def _budgets(problem: Problem) -> list[Row]:
    limits = {
        "budget": problem.scenario["limits.budget_vnd"],
        **{
            f"budget|province|{code}": most
            for code, most in problem.scenario["limits.budget_vnd_by_province"].items()
        },
        **{
            f"budget|category|{name}": most
            for name, most in problem.scenario["limits.budget_vnd_by_category"].items()
        },
    }
    return [
        Row(name, int(most), floor=False, soft=False, money=True)
        for name, most in limits.items()
        if most is not None
    ]


def _changes(problem: Problem) -> list[Row]:
    most = problem.scenario["stability.max_changes"]
    if problem.baseline is None or most is None:
        return []
    return [Row(CHANGES, int(most), floor=False, soft=False, money=False)]


def _counting(problem: Problem, part: Member, index: dict[str, int]) -> Counting:
    codes = np.append(problem.communes["province_code"].astype("str").to_numpy(object), "")
    home = codes[part.needs.place]
    n_needs = len(part.needs.ids)
    national = np.full(n_needs, index.get("budget", -1))
    category = np.full(n_needs, index.get(f"budget|category|{part.name}", -1))
    province = np.array([index.get(f"budget|province|{code}", -1) for code in home.tolist()], np.int64)
    kinds = part.assets.kinds.names
    by_kind = np.array(
        [index.get(f"cross|{part.name}/{kind}", -1) if kind else -1 for kind in kinds], np.int64
    )
    whole = np.full(len(part.assets.ids), index.get(f"cross|{part.name}", -1))
    group = np.append([index[name] for name in part.groups.ids], -1).astype(np.int64)
    return Counting(
        np.stack([national, province.reshape(n_needs), category], axis=1).astype(np.int64),
        np.stack([whole, by_kind[part.assets.kind] if len(kinds) else whole], axis=1).astype(np.int64),
        group[part.groups.of],
    )


def has_limits(problem: Problem) -> bool:
    """Tell whether more than network and estate is asked: a plan before, side rows, pins or levels."""
    scenario = problem.scenario
    if problem.baseline is not None:
        return True
    asked = [
        scenario[f"limits.{name}"]
        for name in ("budget_vnd_by_province", "budget_vnd_by_category", "cross_province_max")
    ]
    return (
        scenario["limits.budget_vnd"] is not None
        or any(asked)
        or bool(scenario["equity.coverage_floor"])
        or bool(scenario["stability.pins"])
        or scenario["objective"] != "net_cost"
    )


#: Categories in the order in which they are planned.
ORDER = PLANNED
