"""The peers: CP-SAT, SCIP and HiGHS on the compact model, through OR-Tools.

CP-SAT 9.15 has answered wrong optima where coefficients of a row add up to more than 32 bits, so that its
objective is counted in units of VND that keep the sum of all coefficients times their bounds below 2^30:
rounded down, which keeps its bound valid. SCIP and HiGHS count in millions of VND where costs are money, so
that doubles keep their precision. Plans are judged by exact costs all the same.
"""

from __future__ import annotations

import datetime as dt
import math
import time
from typing import TYPE_CHECKING

import numpy as np
from ortools.math_opt.python import mathopt
from ortools.sat.python import cp_model

from benchmarks.premises.model import compact
from benchmarks.premises.outcome import Found

if TYPE_CHECKING:
    from benchmarks.premises.instances import Instance
    from benchmarks.premises.model import Compact

#: Sum of the coefficients of CP-SAT's objective times their bounds stays below this.
_RANGE = 1 << 30
#: Costs above this are counted in millions for the solvers that work with doubles.
_MONEY = 1_000_000
#: What a bound in doubles may be wrong by, relative and absolute.
_SLACK = (1e-9, 1e-6)


def cp_sat(instance: Instance, seconds: float, workers: int) -> Found:
    """CP-SAT with so many workers."""
    start = time.perf_counter()
    data = compact(instance)
    model, total = cp_model.CpModel(), cp_model.LinearExpr.weighted_sum
    x = [model.new_bool_var("") if u == 1 else model.new_int_var(0, u, "") for u in data.most.tolist()]
    y = [model.new_bool_var("") if f > 0 else None for f in data.opening.tolist()]
    for h, mine, load, room in data.rooms():
        opened = y[h]
        if opened is None:
            model.add(total(x[mine], load.tolist()) <= room)
        else:
            model.add(total([*x[mine], opened], [*load.tolist(), -room]) <= 0)
    unmet = [] if data.every else [model.new_int_var(0, d, "") for d in data.demand.tolist()]
    for g, pairs in data.wishes():
        places = [x[k] for k in pairs] + unmet[g : g + 1]
        if data.demand[g] == 1:
            model.add_exactly_one(places)
        else:
            model.add(cp_model.LinearExpr.sum(places) == int(data.demand[g]))
    used = [(opened, f) for opened, f in zip(y, data.opening.tolist(), strict=True) if opened is not None]
    most = [*data.most.tolist(), *(1 for _ in used), *(data.demand.tolist() if unmet else ())]
    cost = [*data.cost.tolist(), *(f for _, f in used), *(data.price.tolist() if unmet else ())]
    unit = -(-sum(c * m for c, m in zip(cost, most, strict=True)) // _RANGE) or 1
    model.minimize(total([*x, *(opened for opened, _ in used), *unmet], [c // unit for c in cost]))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = workers
    solver.parameters.max_time_in_seconds = seconds
    build, start = time.perf_counter() - start, time.perf_counter()
    status = solver.solve(model)
    took = time.perf_counter() - start
    if status == cp_model.UNKNOWN:
        return Found(None, None, None, took, build)
    bound = math.ceil(solver.best_objective_bound - _SLACK[1]) * unit
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        raise RuntimeError(f"CP-SAT answered {solver.status_name(status)}")
    plan = data.plan(np.array([solver.value(variable) for variable in x], np.int64))
    return Found(plan, bound, None, took, build, status == cp_model.OPTIMAL)


def mixed_integer(instance: Instance, seconds: float, name: str) -> Found:
    """Run GSCIP or HIGHS through MathOpt, with the threads that they take by themselves."""
    start = time.perf_counter()
    data = compact(instance)
    model, x, unit = _mathopt_model(data)
    limits = mathopt.SolveParameters(
        time_limit=dt.timedelta(seconds=seconds), relative_gap_tolerance=0.0, absolute_gap_tolerance=0.0
    )
    build, start = time.perf_counter() - start, time.perf_counter()
    result = mathopt.solve(model, mathopt.SolverType[name], params=limits)
    took = time.perf_counter() - start
    believed = result.dual_bound() * unit
    slack = max(_SLACK[0] * abs(believed), _SLACK[1])
    bound = math.ceil(believed - slack) if math.isfinite(believed) else None
    if not result.has_primal_feasible_solution():
        return Found(None, bound, None, took, build)
    values = np.array(result.variable_values(x))
    places = np.rint(values).astype(np.int64)
    optimal = result.termination.reason == mathopt.TerminationReason.OPTIMAL
    return Found(data.plan(places), bound, None, took, build, optimal)


def _mathopt_model(data: Compact) -> tuple[mathopt.Model, list[mathopt.Variable], int]:
    """Return the model, the variables of the pairs, and VND per unit of its objective."""
    model = mathopt.Model()
    unit = _MONEY if int(data.price.max(initial=0)) > _MONEY else 1
    wanted = [
        model.add_linear_constraint(lb=float(d), ub=float(d)) for d in data.demand.tolist()
    ]  # fmt: skip
    x = [model.add_integer_variable(lb=0.0, ub=float(most)) for most in data.most.tolist()]
    for variable, g, cost in zip(x, data.guest.tolist(), data.cost.tolist(), strict=True):
        wanted[g].set_coefficient(variable, 1.0)
        model.objective.set_linear_coefficient(variable, cost / unit)
    for h, mine, load, room in data.rooms():
        opening = int(data.opening[h])
        row = model.add_linear_constraint(ub=0.0 if opening else float(room))
        for variable, size in zip(x[mine], load.tolist(), strict=True):
            row.set_coefficient(variable, float(size))
        if opening:
            opened = model.add_binary_variable()
            row.set_coefficient(opened, -float(room))
            model.objective.set_linear_coefficient(opened, opening / unit)
    if not data.every:
        for row, price, demand in zip(wanted, data.price.tolist(), data.demand.tolist(), strict=True):
            unmet = model.add_integer_variable(lb=0.0, ub=float(demand))
            row.set_coefficient(unmet, 1.0)
            model.objective.set_linear_coefficient(unmet, price / unit)
    return model, x, unit
