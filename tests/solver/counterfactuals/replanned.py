"""A re-plan with a pair forced or banned, as an integer programme of rows; answers compared with it."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

import solver
from tests.solver.problem.naive import Pair, Plan, plan_of
from tests.solver.replan.naive_programme import Level, Programme

if TYPE_CHECKING:
    from solver import Counterfactual, Result
    from tests.solver.replan.naive_replan import Replan


def forced(naive: Replan, pair: Pair, units: int) -> Programme:
    """The programme in which a pair has so many units at least, or none where ``units`` is 0."""
    programme = Programme(naive)
    programme.own.append(({("x", *pair): 1.0}, units, np.inf if units else 0))
    return programme


def attainable(programme: Programme) -> bool:
    """Whether any plan keeps to all that must hold; floors that are missed are no matter."""
    return programme.solve({}, [], {}) is not None


def asked(result: Result, pair: Pair, units: int) -> Counterfactual:
    if units:
        return solver.counterfactual(result.problem, result, *pair, units)
    return solver.without(result.problem, result, *pair)


def changed(result: Result, answer: Counterfactual) -> Plan:
    """Make the changes to the plan; each names what was there."""
    plan = plan_of(result.plan.transfers)
    for asset, need, before, after in answer.changes.to_numpy().tolist():
        assert plan.get((asset, need), 0) == before
        assert before != after
        plan[asset, need] = after
    return {pair: units for pair, units in plan.items() if units}


def levels(result: Result, answer: Counterfactual) -> tuple[list[Level], list[Level]]:
    """Levels of the plan at hand, and of the one that the answer is about."""

    def value(name: str, one: Any) -> Any:  # noqa: ANN401 (units, or a share)
        return Fraction(one) if name.startswith("max_min") else one

    before = [(level["name"], level["value"]) for level in result.plan.summary["levels"]]
    told = {level["name"]: level["after"] for level in answer.levels}
    for level in answer.levels:
        assert level["before"] == dict(before)[level["name"]]
    return (
        [(name, value(name, one)) for name, one in before],
        [(name, value(name, told.get(name, one))) for name, one in before],
    )


def compared(naive: Replan, result: Result, pair: Pair, units: int, *, sure: bool) -> str:
    """Ask, compare with the programme, and tell what the answer was.

    Parameters
    ----------
    sure : whether what is not proven is wrong (movables without rows that need prices are always proven).
    """
    answer = asked(result, pair, units)
    plan = plan_of(result.plan.transfers)
    stage = naive.stage.get(pair, "no_asset")
    if answer.outcome == "ineligible":
        assert units
        assert answer.stage == stage
        return "ineligible"
    assert not (units and stage)
    if answer.outcome == "in_plan":
        assert plan.get(pair, 0) >= units
        assert units or pair not in plan
        return "in_plan"
    programme = forced(naive, pair, units)
    if answer.outcome == "blocked":
        if answer.blocked_by == "pin":
            assert not units
            assert answer.blocked_left == naive.pins[pair]
        if answer.blocked_by == "changes":
            assert answer.blocked_left == naive.most
            if answer.blocked_needs is None:
                return "open"
            least = fewest(naive, pair, units)
            assert naive.most is not None
            assert naive.most < answer.blocked_needs <= least
        assert not attainable(programme)
        return f"blocked {answer.blocked_by.split('|')[0]}"
    assert answer.change_vnd is not None
    then = changed(result, answer)
    wrong = [text for text in naive.broken(then) if text != f"{pair} does not pay"]
    assert wrong == []
    assert then.get(pair, 0) >= units
    assert units or pair not in then
    assert answer.change_vnd == naive.objective(then) - result.objective
    assert answer.objective_vnd == naive.objective(then)
    assert (answer.changes_now, answer.changes_then) == (naive.changes(plan), naive.changes(then))
    assert (answer.change_price_vnd, answer.max_changes) == (naive.kappa, naive.most)
    if not result.plan.summary["levels"]:
        assert needless(naive, plan, then, pair) == []
    before, after = levels(result, answer)
    price = programme.best(after) - Programme(naive).best(before)
    assert answer.least_vnd is None or answer.least_vnd <= price
    assert answer.most_vnd is None or answer.most_vnd >= price
    assert answer.exact or not sure
    return "exact" if answer.exact else "between"


def fewest(naive: Replan, pair: Pair, units: int) -> int:
    """The least number of changes with which a plan has the pair, however many may be made."""
    most, naive.most = naive.most, None
    programme = forced(naive, pair, units)
    naive.most = most
    least = programme.solve({(what, *p): 1.0 for p in naive.pairs for what in ("up", "down")}, [], {})
    return 1 << 40 if least is None else least


def needless(naive: Replan, plan: Plan, then: Plan, pair: Pair) -> list[set[Pair]]:
    """Changed lines that hang together, have nothing to do with a pair, and might as well be undone."""
    left = {p for p in {*plan, *then} if plan.get(p, 0) != then.get(p, 0)}
    out = []
    while left:
        group = {left.pop()}
        while more := {p for p in left if any(p[0] == q[0] or p[1] == q[1] for q in group)}:
            group |= more
            left -= more
        undone = {p: u for p in {*plan, *then} if (u := (plan if p in group else then).get(p, 0))}
        wrong = [text for text in naive.broken(undone) if text != f"{pair} does not pay"]
        if pair not in group and not wrong and naive.objective(undone) <= naive.objective(then):
            out.append(group)
    return out
