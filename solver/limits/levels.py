r"""What comes before the cost, level by level: values of a plan, and proofs that no plan does better.

A level is proven by a problem of its own: no costs, weights on what the level counts and heavier ones on the
levels before it. Its bound, less the weighted values of the levels before, is the level's.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from solver.limits.block import PRIORITIES
from solver.limits.coordinate import Coordination
from solver.limits.proof import SHORTFALL, Proven, proven
from solver.limits.rows import Row, SideRows, members
from solver.limits.setting import blocks_of, level, priorities_of
from solver.limits.watch import Watch, quiet

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from solver.limits.block import Answer, Block
    from solver.problem.problem import Problem


@dataclass(frozen=True)
class Level:
    """A level of a plan (docs/limits.md).

    Attributes
    ----------
    name; value, bound : units, or a share; proof : prices, None where nothing had to be proven or could be.
    """

    name: str
    value: int | Fraction
    bound: int | Fraction
    proof: Proven | None = None

    def record(self) -> dict[str, Any]:
        """Write the level's entry of plan.json."""
        return {"name": self.name, "value": _written(self.value), "bound": _written(self.bound)}


def _written(value: int | Fraction) -> int | str:
    return str(value) if isinstance(value, Fraction) else value


def received(rows: SideRows, plans: Mapping[str, Answer]) -> list[int]:
    """Return what plans use of each row, pinned transfers with them."""
    used = [0] * len(rows.rows)
    for plan in plans.values():
        used = [one + other for one, other in zip(used, plan.used, strict=True)]
    return [one + pinned for one, pinned in zip(used, rows.pinned, strict=True)]


def missed_softly(rows: SideRows, plans: Mapping[str, Answer]) -> int:
    """Units by which attainable floors are missed."""
    pairs = zip(rows.rows, received(rows, plans), strict=True)
    return sum(max(0, row.limit - got) for row, got in pairs if row.soft)


def holds(rows: SideRows, plans: Mapping[str, Answer]) -> bool:
    """Tell whether the floors that must hold do."""
    pairs = zip(rows.rows, received(rows, plans), strict=True)
    return all(got >= row.limit for row, got in pairs if row.floor and not row.soft)


def unmet(plans: Mapping[str, Answer]) -> tuple[int, ...]:
    """Units unmet by priority."""
    return tuple(sum(plan.unmet[k] for plan in plans.values()) for k in range(PRIORITIES))


def smallest_share(problem: Problem, key: str, rows: SideRows, plans: Mapping[str, Answer]) -> Fraction:
    """Return the smallest share met among the groups of a key; 1 where it has none."""
    got = dict(zip((row.id for row in rows.rows), received(rows, plans), strict=True))
    return min(
        (Fraction(got[name], units) for name, units in groups_of_key(problem, key)), default=Fraction(1)
    )


def groups_of_key(problem: Problem, key: str) -> list[tuple[str, int]]:
    """List ids and demand of the contested groups of a key."""
    parts = members(problem)
    return [
        (name, int(units))
        for part in parts
        for name, own, units, share in zip(
            part.groups.ids, part.groups.key, part.groups.demand.tolist(), part.groups.share, strict=True
        )
        if own == key and share is None
    ]


def shares_of_key(problem: Problem, key: str) -> list[Fraction]:
    """List the shares above 0 that groups of a contested key can have, the smallest first."""
    return sorted(
        {Fraction(part, whole) for _, whole in groups_of_key(problem, key) for part in range(1, whole + 1)}
    )


def levels_of(
    problem: Problem,
    rows: SideRows,
    plans: Mapping[str, Answer],
    before: Mapping[str, Block],
    contested: Sequence[str],
    stop: Callable[[], bool],
) -> list[Level]:
    """Find and prove the levels of plans.

    Parameters
    ----------
    rows : with the floors that plans reach; before : blocks to start from; contested : keys of max-min.
    """
    found = []
    short, left = missed_softly(rows, plans), unmet(plans)
    coverage = problem.scenario["objective"] == "coverage_first"
    has_soft = any(row.soft for row in rows.rows)
    bare = _without(rows, set(contested))
    if has_soft:
        found.append(_counted(problem, bare, before, SHORTFALL, short, 1, (0,) * PRIORITIES, 0, stop))
    occur = priorities_of(problem)
    for k in occur if coverage else []:
        weight = tuple(max(0, 1 + k - j) if j in occur else 0 for j in range(1, PRIORITIES + 1))
        heavy = 2 * (k + 1) if has_soft else 0
        earlier = heavy * short + sum(weight[j] * left[j] for j in range(k - 1))
        found.append(_counted(problem, bare, before, f"unmet|{k}", left[k - 1], heavy, weight, earlier, stop))
    weight = tuple(1 + PRIORITIES - j if coverage and j in occur else 0 for j in range(1, PRIORITIES + 1))
    heavy = 2 * (PRIORITIES + 1)
    for at, key in enumerate(contested):
        value = smallest_share(problem, key, rows, plans)
        level_rows = _raised(_without(rows, set(contested[at + 1 :])), problem, key, value)
        earlier = (heavy if has_soft else 0) * short + sum(w * u for w, u in zip(weight, left, strict=True))
        proof = None
        if value < 1 and not stop():
            proof, total, unit = _prove(problem, level_rows, before, f"max_min|{key}", heavy, weight, stop)
            if total <= earlier * unit:
                proof = None
        bound = value if proof is not None or value == 1 else Fraction(1)
        found.append(Level(f"max_min|{key}", value, bound, proof))
    return found


def _counted(
    problem: Problem,
    rows: SideRows,
    before: Mapping[str, Block],
    name: str,
    value: int,
    heavy: int,
    weight: tuple[int, ...],
    earlier: int,
    stop: Callable[[], bool],
) -> Level:
    """Prove a level that counts units; ``earlier`` : weighted values of the levels before."""
    if value == 0 or stop():
        return Level(name, value, 0)
    proof, total, unit = _prove(problem, rows, before, name, heavy, weight, stop)
    bound = max(0, -(-total // unit) - earlier)
    return Level(name, value, bound, proof)


def _prove(
    problem: Problem,
    rows: SideRows,
    before: Mapping[str, Block],
    name: str,
    heavy: int,
    weight: tuple[int, ...],
    stop: Callable[[], bool],
) -> tuple[Proven, int, int]:
    """Return prices, the bound that they prove, and what it counts a unit as."""
    setting = level(problem, rows, heavy, weight)
    blocks = blocks_of(problem, rows, setting, before)

    def enough(value: int, bound: int, _cost: int) -> bool:
        return -(-value // setting.unit) <= -(-bound // setting.unit)

    found = Coordination(blocks, rows, setting, Watch(stop, quiet, enough)).run()
    return proven(blocks, found, rows, setting, name), found.bound, setting.unit


def _without(rows: SideRows, keys: set[str]) -> SideRows:
    """Let the floors of contested keys ask for nothing."""
    changed = [
        row._replace(limit=0) if row.floor and not row.soft and row.id.split("|", 3)[3] in keys else row
        for row in rows.rows
    ]
    return SideRows(tuple(changed), rows.counting, rows.pinned)


def _raised(rows: SideRows, problem: Problem, key: str, value: Fraction) -> SideRows:
    """Let the floors of a key ask for more than the smallest share reached."""
    demand = dict(groups_of_key(problem, key))
    changed: list[Row] = [
        row._replace(limit=int(value * demand[row.id]) + 1) if row.id in demand else row for row in rows.rows
    ]
    return SideRows(tuple(changed), rows.counting, rows.pinned)
