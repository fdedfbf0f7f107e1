"""A problem under limits, from the search to the plan's tables, its levels and its certificate."""

from __future__ import annotations

import time
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

from solver.limits.search import search
from solver.limits.watch import Watch
from solver.limits.worth import worth_of
from solver.plan.changed import changed_of
from solver.plan.limited import state_of
from solver.plan.limited_movables import explain_limited_movables, moves_of_movables
from solver.plan.limits_table import limits_table
from solver.problem.split import split

if TYPE_CHECKING:
    import pandas as pd

    from solver.limits.limited import Limited
    from solver.plan.changed import Changed
    from solver.plan.figures import Planned
    from solver.plan.running import Run
    from solver.problem.problem import Problem


class Outcome(NamedTuple):
    """What ``solver.planning`` makes a result of.

    Attributes
    ----------
    planned : categories; bound : of the whole [VND]; levels : entries of plan.json; limits : limits.csv;
    certificate; claimed : whether an integer programme believes that no plan is better.
    """

    planned: list[Planned]
    bound: int
    levels: list[dict[str, Any]]
    limits: pd.DataFrame
    certificate: dict[str, Any]
    claimed: bool


#: Share of the time limit for prices; the rest is for plans at these prices, levels and worth.
_PRICES = 0.6
#: The name under which news and times of a search under limits stand.
TOGETHER = "limits"


def plan_limited(problem: Problem, run: Run, seed: int) -> Outcome:
    """Plan all categories under the scenario's limits, floors, pins and levels; ``seed`` : of premises."""
    scenario = problem.scenario
    seeded = replace(scenario, entries={**scenario.entries, "solver.seed": seed})
    least = int(scenario["solver.gap_vnd"] or 0)
    share = Fraction(scenario["solver.cost_gap"] or 0)

    def enough(value: int, bound: int, moved: int) -> bool:
        gap = value - bound
        return gap <= least or gap <= share * moved

    def soon() -> bool:
        late = run.time_limit > 0 and time.monotonic() - run.started > _PRICES * run.time_limit
        return late or run.halt() or run.spent()

    def passed() -> float:
        return (time.monotonic() - run.started) / run.time_limit if run.time_limit > 0 else 0.0

    watch = Watch(
        lambda: run.halt() or run.spent(),
        lambda news: run.tell("solve", TOGETHER, news),
        enough,
        soon,
        passed,
    )
    with run.phase("solve", TOGETHER):
        parts = replace(split(problem), scenario=seeded)
        found = search(parts, watch)  # raises UnmetError, which solver.planning makes a result of
        cost = sum(plan.cost for plan in found.plans.values())
        closed = cost == found.bound and all(level.value == level.bound for level in found.levels)
        run.ends(TOGETHER, optimal=closed)
        run.done(0)
    with run.phase("worth", TOGETHER):
        worth = worth_of(parts, found, watch, run.phases[f"solve {TOGETHER}"])
    with run.phase("explain", TOGETHER):
        coverage = scenario["objective"] == "coverage_first"
        plain = found.plain and problem.baseline is None
        changed = _changed(problem, parts, found)
        received = list(found.received)
        if found.rows.changes >= 0:  # of pairs, not of the parts that were solved
            received[found.rows.changes] = sum(int(one.by_need.sum()) for one in changed.values())
        state = state_of(found.rows, received, coverage=coverage, plain=plain, penalty=found.penalty)
        planned = [
            explain_limited_movables(
                problem,
                category,
                parts.categories[name],
                changed[name],
                found.plans[name],
                state,
                found.bounds[name],
            )
            for name, category in problem.categories.items()
        ]
        if problem.premises is not None and parts.premises is not None:
            from solver.plan.limited_premises import explain_limited_premises  # loads the pattern core

            name = problem.premises.name
            planned.append(
                explain_limited_premises(
                    problem,
                    problem.premises,
                    parts.premises,
                    changed[name],
                    found.plans[name],
                    state,
                    found.bounds[name],
                )
            )
    certificate = {
        "denominator": found.proof.denominator,
        "need_price": dict(sorted(found.proof.need_price.items())),
        "row_price": {name: price for name, price in sorted(found.proof.row_price.items()) if price},
        "tree": _trees(parts, found),
    }
    proofs = [
        {"name": level.name, **level.proof.record()} for level in found.levels if level.proof is not None
    ]
    if proofs:
        certificate["levels"] = proofs
    bound = found.bound + sum(one.fixed for one in planned)
    levels = [level.record() for level in found.levels]
    table = limits_table(found.rows, received, worth)
    return Outcome(planned, bound, levels, table, certificate, found.claimed)


def _changed(problem: Problem, parts: Problem, found: Limited) -> dict[str, Changed]:
    """Write what was found as transfers of whole rows, beside what was left of a plan before."""
    out = {
        name: changed_of(
            problem, category, moves_of_movables(category, parts.categories[name], found.plans[name])
        )
        for name, category in problem.categories.items()
    }
    if problem.premises is not None and parts.premises is not None:
        from solver.plan.limited_premises import moves_of_premises  # loads the pattern core

        name = problem.premises.name
        moves = moves_of_premises(problem.premises, parts.premises, found.plans[name])
        out[name] = changed_of(problem, problem.premises, moves)
    return out


def _trees(problem: Problem, found: Limited) -> list[dict[str, Any]] | None:
    """Write the trees of premises beside pins alone: side rows leave none."""
    if problem.premises is None or found.rows.rows:
        return None
    from solver.plan.trees import trees_of

    housing = found.plans[problem.premises.name].proof
    return trees_of(problem.premises, housing.trees, housing.carried)
