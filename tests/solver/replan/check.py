"""One random re-plan beside the integer programme and the table of changes worked out by itself."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest

import solver
from tests.solver.problem.naive import plan_of
from tests.solver.replan.drawn import Case, drawn, settled
from tests.solver.replan.naive_changes import changes_of
from tests.solver.replan.naive_programme import Programme
from tests.solver.replan.seen import accepted, changes

if TYPE_CHECKING:
    from pathlib import Path

    from tests.solver.problem.naive import Plan
    from tests.solver.replan.naive_replan import Replan


#: What is said of pins and fixed lines; the scenario's own pins are told of first.
PINS = {"pin_ineligible", "pin_refused", "pin_exceeds"}
#: What is said of fixed lines that contradict today's tables.
LOST = {"signed_asset_id", "signed_need_id", "signed_not_free", "fixed_category"}


def check(seed: int, form: str, what: str, folder: Path) -> Counter[str]:
    """Draw, plan and compare; return the classes that the case belongs to."""
    case = drawn(seed, form, what)
    found: Counter[str] = Counter()
    if case.naive().faults():
        with pytest.raises(solver.InvalidProblemError) as error:
            case.replan()
        codes = {one.code for one in error.value.issues if one.severity == "error"}
        assert codes <= {*PINS, *LOST}
        assert bool(codes & LOST) == bool(case.naive().lost()) or codes <= PINS
        found["faults"] += 1
        case = settled(case)
    naive, result = case.naive(), case.replan()
    plan = plan_of(result.plan.transfers)
    assert naive.broken(plan) == []
    assert result.objective == naive.objective(plan)
    best_of_levels(naive, result, exact=what == "movables")
    told = changes(result)
    assert told == changes_of(naive, plan)
    assert result.plan.summary["kpis"]["changes"] == naive.changes(plan)
    states = {(line["asset_id"], line["need_id"]): line["state"] for line in case.lines}
    for a, n, state in result.plan.transfers[["asset_id", "need_id", "state"]].itertuples(index=False):
        assert state == (states[a, n] if states.get((a, n)) in ("signed", "executed") else "planned")
    short = result.plan.shortfalls
    stages = {n: reason for n in naive.needs if (reason := naive.empty_stage(n))}
    reasons = dict(zip(short["need_id"], short["reason"], strict=True))
    assert {n: reasons[n] for n in stages if n in reasons} == {
        n: s for n, s in stages.items() if n in reasons
    }
    used_changes(naive, result, plan)
    assert accepted(result, folder / f"{form}{what}{seed}") == []
    return found + classes(case, naive, result)


def best_of_levels(naive: Replan, result: solver.Result, *, exact: bool) -> None:
    """Compare each level, then the cost, with the best plans that attain the levels before as this does.

    Parameters
    ----------
    exact : whether levels are to be as good as can be (premises under limits are not always).
    """
    programme = Programme(naive)
    before: list[tuple[str, Any]] = []
    levels = result.plan.summary["levels"]
    assert [level["name"] for level in levels] == programme.names_of_levels()
    for level in levels:
        share = level["name"].startswith("max_min")
        value, bound = (Fraction(level[side]) if share else level[side] for side in ("value", "bound"))
        best = programme.best(before)
        assert value <= best <= bound if share else bound <= best <= value
        assert best == value or not exact
        before.append((level["name"], value))
    best = programme.best(before)
    assert result.bound is not None
    assert result.bound <= best <= result.objective
    if result.status == solver.Status.OPTIMAL:
        assert best == result.objective


def used_changes(naive: Replan, result: solver.Result, plan: Plan) -> None:
    """The row of changes says how many there are; with it one of several categories has no bound."""
    rows = [] if result.plan.limits is None else result.plan.limits.to_dict("records")
    told = [(row["used"], row["bound"], row["slack"]) for row in rows if row["limit"] == "changes"]
    if naive.most is None:
        assert told == []
        return
    count = naive.changes(plan)
    assert told == [(count, naive.most, naive.most - count)]
    parts = result.plan.summary["parts"]["category"]
    planned = {row["category"] for row in naive.needs.values()}
    assert len(planned) < 2 or all(part["bound_vnd"] is None for part in parts.values())


#: What a sample must have in it (names of ``classes``).
EVERY = {
    *("movables", "premises", "both", "faults", "optimal", "a gap"),
    *("kappa 0", "kappa small", "kappa large", "K none", "K 0", "K few", "K binds"),
    *("free", "same_province", "same_recipient"),
    *("planned", "signed", "executed", "refused", "pinned", "banned", "norms"),
    *("budget", "budget|province", "budget|category", "cross", "floor", "max-min", "coverage first"),
    *("b is less", "b does not pay"),
    *(
        f"reason {one}"
        for one in ("asset_gone", "need_gone", "refused", "a stage", "freedom", "fewer", "pinned")
    ),
    *(f"reason {one}" for one in ("moved", "replaced", "dropped", "new")),
}
_OTHERS = {
    "asset_gone",
    "need_gone",
    "refused",
    "freedom",
    "fewer",
    "pinned",
    "moved",
    "replaced",
    "dropped",
    "new",
}


def classes(case: Case, naive: Replan, result: solver.Result) -> Counter[str]:
    """Name what a case has in it."""
    rules, stability = case.one.scenario, naive.stability
    categories = {row["category"] == "premises" for row in case.one.needs}
    kappa, lines = naive.kappa, {(x["asset_id"], x["need_id"]): x for x in case.lines}
    gains = sorted(abs(naive.found[p].cost - naive.price(p[1])) for p in naive.pairs) or [0]
    shares = list(rules.get("equity", {}).get("coverage_floor", {}).values())
    open_lines = [pair for pair, line in lines.items() if naive.kind(line) == "open"]
    stages = {one.reason for one in changes(result)} - _OTHERS
    count = result.plan.summary["kpis"]["changes"]
    names = [
        "both" if len(categories) > 1 else "premises" if True in categories else "movables",
        "optimal" if result.status == solver.Status.OPTIMAL else "a gap",
        "kappa 0" if kappa == 0 else "kappa small" if kappa < gains[len(gains) // 2] else "kappa large",
        "K none" if naive.most is None else "K 0" if naive.most == 0 else "K few",
        "K binds" if naive.most and count == naive.most else "",
        stability.get("freedom", "free"),
        *({line["state"] or "planned" for line in case.lines}),
        "pinned" if stability.get("pins") else "",
        "banned" if stability.get("bans") else "",
        "norms" if any(norm for p in naive.kept for norm in naive.norm_rows(p)) else "",
        *{
            name if len(name.split("|")) == 1 else "|".join(name.split("|")[:2])
            for name in naive.rows
            if "budget" in name
        },
        *{name.split("|")[0] for name in naive.rows if name.startswith("cross")},
        "max-min" if "max-min" in shares else "floor" if shares else "",
        "coverage first" if naive.coverage else "",
        "b is less" if any(naive.kept.get(p, 0) < lines[p]["units"] for p in open_lines) else "",
        "b does not pay" if any(naive.found[p].cost >= naive.price(p[1]) for p in naive.kept) else "",
        *{f"reason {one.reason}" for one in changes(result) if one.reason not in stages},
        "reason a stage" if stages else "",
    ]
    return Counter(name for name in names if name)
