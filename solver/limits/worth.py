"""What a billion more of a budget, a unit more of a cap or a unit less of a floor is worth: solved again."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from solver.limits.coordinate import Coordination
from solver.limits.rows import Row, SideRows
from solver.limits.setting import blocks_of, net_cost
from solver.limits.watch import Watch, quiet
from solver.plan.limits_table import Worth

if TYPE_CHECKING:
    from solver.limits.limited import Limited
    from solver.problem.problem import Problem

BILLION = 10**9
#: No row more is asked for after half the time of the search, or this long [s].
_SECONDS = 2.0
#: A gap of one in so many of the transfers' cost will do.
_FINE = 100_000


def worth_of(problem: Problem, found: Limited, watch: Watch, seconds: float) -> dict[str, Worth]:
    """Return the worth of the rows that bind, by id, as far as time allows: budgets, then caps, then floors.

    Parameters
    ----------
    seconds : that the search took.

    A row that has a step or more to spare is worth nothing that this plan could show, and is left out; so are
    rows where levels come before the cost and the looser row would change them.
    """
    binding = [
        at
        for at, (row, used) in enumerate(zip(found.rows.rows, found.received, strict=True))
        if abs(row.limit - used) < step_of(row) and (not row.floor or row.limit > 0)
    ]
    if any(level.value != 0 for level in found.levels):
        return {}
    binding.sort(key=lambda at: (found.rows.rows[at].floor, not found.rows.rows[at].money))
    cost = sum(plan.cost for plan in found.plans.values())
    begun, limit_s = time.monotonic(), max(_SECONDS, seconds / 2)

    def enough(value: int, bound: int, moved: int) -> bool:
        return watch.enough(value, bound, moved) or value - bound <= max(cost - found.bound, moved // _FINE)

    def over() -> bool:
        return watch.stop() or time.monotonic() - begun > limit_s

    out = {}
    for at in binding:
        if over():
            break
        row = found.rows.rows[at]
        step = step_of(row)
        limit = row.limit - step if row.floor else row.limit + step
        changed = [one._replace(limit=limit) if one is row else one for one in found.rows.rows]
        rows = SideRows(tuple(changed), found.rows.counting, found.rows.pinned)
        setting = net_cost(problem, rows)
        blocks = blocks_of(problem, rows, setting, found.blocks)
        again = Coordination(blocks, rows, setting, Watch(over, quiet, enough), start=found.prices).run()
        looser = min(cost, again.value)
        out[row.id] = Worth(step, cost - looser, max(0, found.bound - looser), cost - again.bound)
    return out


def step_of(row: Row) -> int:
    """Return by how much a row is loosened: a billion VND, or a unit."""
    return BILLION if row.money else 1
