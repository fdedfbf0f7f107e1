r"""The peers: four ways that a practitioner would take, each built with as few wasted steps as numpy allows.

All minimise sum w_an x_an, w = cost - price where that is negative (pairs that are not, no optimal plan
needs), over sum_n x_an <= s_a, sum_a x_an <= d_n and, where there are norm rows, sum over their needs <=
cap. The constant sum d_n p_n then makes it the objective of ``docs/cost.md``. All use the distances of
``benchmarks.costs`` and none knows ours.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from ortools.graph.python import min_cost_flow
from ortools.sat.python import cp_model
from scipy.optimize import Bounds, LinearConstraint, linear_sum_assignment, milp
from scipy.sparse import csc_array

from benchmarks.costs import distances, gains
from benchmarks.outcome import Outcome, Stopwatch

if TYPE_CHECKING:
    from benchmarks.costs import Distances
    from benchmarks.instances import Instance, Ints, Small

#: Processes or threads where a peer can use several.
WORKERS = 2


class PeerError(Exception):
    """A peer answered something that cannot be: a bug here or there."""


def dense_flow(instance: Instance, _seconds: float) -> Outcome:
    """OR-Tools' SimpleMinCostFlow with an arc for every eligible pair; it knows no time limit."""
    watch = Stopwatch()
    metres = distances(instance)
    watch.lap("distances")
    lots, needs, rows = len(instance.place), len(instance.seat), len(instance.cap)
    sink = lots + needs + rows
    graph = min_cost_flow.SimpleMinCostFlow()
    arcs = 0
    for part, block in gains(instance, metres):
        lot, need = np.nonzero(block)
        lot += part.start
        graph.add_arcs_with_capacity_and_unit_cost(
            lot.astype(np.int32),
            (lots + need).astype(np.int32),
            np.minimum(instance.units[lot], instance.demand[need]),
            block[lot - part.start, need],
        )
        arcs += len(lot)

    def add(tail: Ints, head: Ints, capacity: Ints) -> None:
        graph.add_arcs_with_capacity_and_unit_cost(
            tail.astype(np.int32), head.astype(np.int32), capacity, np.zeros(len(tail), np.int64)
        )

    add(np.arange(lots), np.full(lots, sink), instance.units)
    add(
        lots + np.arange(needs),
        np.where(instance.row >= 0, lots + needs + instance.row, sink),
        instance.demand,
    )
    add(lots + needs + np.arange(rows), np.full(rows, sink), instance.cap)
    graph.set_nodes_supplies(np.arange(lots, dtype=np.int32), instance.units)
    graph.set_node_supply(sink, -instance.cars)
    watch.lap("build")
    status = graph.solve()
    watch.lap("solve")
    if status != graph.OPTIMAL:
        raise PeerError(f"SimpleMinCostFlow answered {status}")
    objective = instance.empty + int(graph.optimal_cost())
    return Outcome(objective, objective, watch.laps, {"pairs": arcs})


def assignment(instance: Instance, _seconds: float) -> Outcome:
    """SciPy's linear_sum_assignment on units; it knows no time limit.

    No columns for "unmet" or rows for "not used" are needed: a unit that is matched at 0 is not used. That
    is less than half of the matrix with them. A norm cap becomes rows that must take up the units beyond it,
    at a price above what one more unit could ever be worth.
    """
    watch = Stopwatch()
    metres = distances(instance)
    watch.lap("distances")
    column = np.repeat(np.arange(len(instance.seat)), instance.demand)
    row_of = instance.row[column]
    wanted = np.bincount(row_of[row_of >= 0], minlength=len(instance.cap))
    beyond = np.maximum(0, wanted - instance.cap)
    cars = instance.cars
    matrix = np.zeros((cars + int(beyond.sum()), len(column)))
    start = np.concatenate([[0], np.cumsum(instance.units)])
    for part, block in gains(instance, metres):
        wide = block[:, column]
        if cars > len(instance.units):
            wide = np.repeat(wide, instance.units[part], axis=0)
        matrix[start[part.start] : start[part.stop]] = wide
    if beyond.any():
        blocked = np.repeat(np.arange(len(beyond)), beyond)
        matrix[cars:][blocked[:, None] == row_of] = -2.0 * float(instance.price.max())
    watch.lap("build")
    row, taken = linear_sum_assignment(matrix)
    watch.lap("solve")
    # whole numbers below 2**53 throughout: sums of doubles are exact
    objective = instance.empty + int(matrix[row, taken][row < cars].sum())
    return Outcome(objective, objective, watch.laps, {"cells": matrix.size})


def _pairs(instance: Instance, metres: Distances) -> tuple[Small, Small, Ints]:
    """List the pairs worth having: lot, need and gain."""
    found = []
    for part, block in gains(instance, metres):
        lot, need = np.nonzero(block)
        found.append(((lot + part.start).astype(np.int32), need.astype(np.int32), block[lot, need]))
    lots, needs, gain = zip(*found, strict=True)
    return np.concatenate(lots), np.concatenate(needs), np.concatenate(gain)


def highs(instance: Instance, seconds: float) -> Outcome:
    """HiGHS through scipy.optimize.milp on the transportation model.

    Its matrix is totally unimodular, so the linear programme has a whole solution: no integrality is asked
    for, which is the faster way.
    """
    watch = Stopwatch()
    metres = distances(instance)
    watch.lap("distances")
    lot, need, gain = _pairs(instance, metres)
    lots, needs = len(instance.place), len(instance.seat)
    each = [lot, lots + need]
    under = instance.row >= 0
    if under.any():
        each.append((lots + needs + instance.row[need]).astype(np.int32))
    height = lots + needs + len(instance.cap)
    entries = np.stack(each, axis=1).ravel()
    first = np.arange(0, len(entries) + 1, len(each))
    matrix = csc_array((np.ones(len(entries)), entries, first), shape=(height, len(gain)))
    room = np.concatenate([instance.units, instance.demand, instance.cap]).astype(np.float64)
    watch.lap("build")
    left = max(1.0, seconds - watch.total())
    found = milp(
        gain.astype(np.float64),
        bounds=Bounds(0, np.inf),
        constraints=LinearConstraint(matrix, -np.inf, room),
        options={"time_limit": left, "mip_rel_gap": 0.0},
    )
    watch.lap("solve")
    facts = {"pairs": len(gain)}
    if found.x is None:
        return Outcome(None, None, watch.laps, facts)
    units = np.rint(found.x).astype(np.int64)
    if np.abs(found.x - units).max(initial=0) > 1e-6:
        raise PeerError("HiGHS found a vertex that is not whole")
    objective = instance.empty + int((units * gain).sum())
    return Outcome(objective, objective if found.status == 0 else None, watch.laps, facts)


def cp_sat(instance: Instance, seconds: float) -> Outcome:
    """CP-SAT as in OR-Tools' assignment tutorial: a frame of pairs, a variable for each, sums by side."""
    watch = Stopwatch()
    metres = distances(instance)
    watch.lap("distances")
    lot, need, gain = _pairs(instance, metres)
    data = pd.DataFrame({"worker": lot, "task": need, "cost": gain})
    model = cp_model.CpModel()
    if (instance.units == 1).all():
        x = model.new_bool_var_series(name="x", index=data.index)
    else:
        most = pd.Series(np.minimum(instance.units[lot], instance.demand[need]), index=data.index)
        x = model.new_int_var_series(name="x", index=data.index, lower_bounds=0, upper_bounds=most)
    data["row"] = instance.row[need]
    sides = {"worker": instance.units, "task": instance.demand, "row": instance.cap}
    for side, room in sides.items():
        for _, pairs in data[data[side] >= 0].groupby(side):
            limit = int(room[pairs[side].iloc[0]])
            if side == "worker" and limit == 1:
                model.add_at_most_one(x[pairs.index])
            else:
                model.add(cp_model.LinearExpr.sum(list(x[pairs.index])) <= limit)
    model.minimize(cp_model.LinearExpr.weighted_sum(list(x), gain.tolist()))
    watch.lap("build")
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = WORKERS
    solver.parameters.max_time_in_seconds = max(1.0, seconds - watch.total())
    status = solver.solve(model)
    watch.lap("solve")
    facts = {"pairs": len(gain)}
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return Outcome(None, None, watch.laps, facts)
    units = np.asarray(solver.values(x), dtype=np.int64)
    objective = instance.empty + int((units * gain).sum())
    bound = instance.empty + int(np.ceil(solver.best_objective_bound))
    return Outcome(objective, objective if status == cp_model.OPTIMAL else bound, watch.laps, facts)
