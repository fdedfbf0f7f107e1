"""What must hold between re-plans, whatever the instance: of their costs where they are proven optimal."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING

import solver
from tests.solver.problem.instances import FORMS
from tests.solver.problem.naive import plan_of
from tests.solver.replan.drawn import WHAT, Case, drawn, lines_of, settled, without
from tests.solver.replan.naive_changes import groups_of, saves
from tests.solver.replan.naive_replan import FIXED
from tests.solver.replan.seen import accepted, changes, written

if TYPE_CHECKING:
    from pathlib import Path


def cases(first: int, count: int = 6, *, limits: bool = False) -> list[Case]:
    """Cases of movables, premises and both, in all forms by turns (nine are all combinations)."""
    turns = [(FORMS[(k + k // 3) % 3], WHAT[k % 3]) for k in range(count)]
    return [settled(drawn(first + k, *turn, limits=limits)) for k, turn in enumerate(turns)]


def proven(results: list[solver.Result]) -> list[int]:
    return [result.objective for result in results if result.status == solver.Status.OPTIMAL]


def counted(result: solver.Result) -> int:
    return int(result.plan.summary["kpis"]["changes"])


def fresh(case: Case) -> solver.Result:
    """Plan without a baseline: its fixed lines are pinned, its refused lines banned."""
    naive = case.naive()
    rules = {
        **naive.stability,
        "pins": [[*pair, units] for pair, units in naive.pins.items()],
        "bans": [*naive.stability.get("bans", [])]
        + [
            [x["asset_id"], x["need_id"]]
            for x in case.lines
            if x["state"] == "refused" and naive.kind(x) == "refused"
        ],
    }
    one = replace(case.one, scenario={**case.one.scenario, "stability": rules})
    return solver.solve(one.build(), time_limit=0)


def test_where_changes_are_free_a_replan_costs_what_a_fresh_plan_with_the_fixed_lines_costs() -> None:
    compared = 0
    for case in cases(500, 9):
        again = case.under(stability={"change_price_vnd": 0, "freedom": "free"})
        both = proven([again.replan(), fresh(again)])
        assert len(set(both)) <= 1
        compared += len(both) > 1
    assert compared > 4


def test_without_any_change_the_plan_is_what_is_left_of_the_baseline(tmp_path: Path) -> None:
    for at, case in enumerate(cases(520, 9, limits=True)):
        still = case.under(stability={"max_changes": 0})
        naive, result = still.naive(), still.replan()
        plan = plan_of(result.plan.transfers)
        assert plan == {
            pair: naive.pins.get(pair, 0) + naive.kept.get(pair, 0) for pair in {*naive.pins, *naive.kept}
        }
        assert counted(result) == 0
        assert naive.exceeded(plan) == []
        assert accepted(result, tmp_path / str(at)) == []


def test_a_replan_of_an_unchanged_inventory_changes_nothing_and_costs_the_same() -> None:
    compared = 0
    for case in cases(540, 9, limits=True):
        plain = Case(case.one, []).under(stability={"pins": [], "change_price_vnd": 1, "freedom": "free"})
        plain.one.scenario["stability"].pop("max_changes", None)
        before = solver.solve(plain.one.build(), time_limit=0)
        if before.status != solver.Status.OPTIMAL:
            continue
        freedom = ("free", "same_province", "same_recipient")[compared % 3]
        after = Case(plain.one, lines_of(before)).under(stability={"freedom": freedom}).replan()
        assert after.objective == before.objective
        assert changes(after) == []
        assert counted(after) == 0
        assert plan_of(after.plan.transfers) == plan_of(before.plan.transfers)
        compared += not before.plan.transfers.empty
    assert compared > 3


def test_a_plan_is_a_baseline_as_solved_as_read_back_and_as_its_table(tmp_path: Path) -> None:
    for case in cases(545, 3):
        plain = Case(case.one, []).under(stability={"pins": []})
        before = solver.solve(plain.one.build(), time_limit=0)
        before.write(tmp_path / "before")
        stored = solver.read_plan(tmp_path / "before")
        ways = (before, before.plan, stored, before.plan.transfers)
        found = [solver.replan(case.one.build(), baseline=one, time_limit=0) for one in ways]
        lines = [written(one, tmp_path / "after")["inputs/baseline.csv"] for one in found]
        assert lines == [lines[0]] * 4
        assert len(set(proven(found))) <= 1
        assert len({one.status for one in found}) == 1


def test_more_changes_never_cost_more_and_enough_of_them_are_no_limit() -> None:
    compared = 0
    for case in cases(560):
        free = case.replan()
        most = (0, 2, max(counted(free), 4))
        limited = [case.under(stability={"max_changes": k}).replan() for k in most]
        costs = proven(limited)
        assert costs == sorted(costs, reverse=True)
        assert all(counted(one) <= k for one, k in zip(limited, most, strict=True))
        if len(proven([free, limited[-1]])) == 2:
            assert limited[-1].objective == free.objective
        compared += len(set(costs)) > 1
    assert compared > 1


def test_a_higher_price_of_a_change_never_makes_more_of_them() -> None:
    # Of two best plans, C + k n <= C' + k n' and C' + k' n' <= C + k' n: so (k' - k)(n' - n) <= 0, ties or
    # not.
    compared = 0
    for case in cases(580, limits=True):
        case.one.scenario["stability"].pop("max_changes", None)
        dearer = [case.under(stability={"change_price_vnd": price}).replan() for price in (0, 10**4, 10**8)]
        if any(dearer[0].plan.summary["levels"] != one.plan.summary["levels"] for one in dearer):
            continue  # a level that is not as good as can be is another problem
        best = [one for one in dearer if one.status == solver.Status.OPTIMAL]
        counts = [counted(one) for one in best]
        assert counts == sorted(counts, reverse=True)
        assert [one.objective for one in best] == sorted(one.objective for one in best)
        compared += len(set(counts)) > 1
    assert compared


def test_more_freedom_never_costs_more_where_every_line_may_stay_in_any_case() -> None:
    compared = 0
    for case in cases(600):
        levels = [
            case.under(stability={"freedom": freedom})
            for freedom in ("same_recipient", "same_province", "free")
        ]
        naive = [level.naive() for level in levels]
        if any(one.faults() or one.kept != naive[0].kept for one in naive):
            continue
        costs = proven([level.replan() for level in levels])
        assert costs == sorted(costs, reverse=True)
        compared += len(costs) > 1
    assert compared > 1


def test_what_is_signed_or_executed_stays_and_what_is_refused_does_not_come_back() -> None:
    fixed = refused = 0
    for case in cases(620, limits=True):
        naive, result = case.naive(), case.replan()
        plan = plan_of(result.plan.transfers)
        rows = result.plan.transfers[["asset_id", "need_id", "state"]].itertuples(index=False)
        states = {(a, n): state for a, n, state in rows}
        for line in case.lines:
            pair = line["asset_id"], line["need_id"]
            if naive.kind(line) == "fixed":
                assert plan[pair] >= line["units"]
                assert states[pair] == line["state"]
                fixed += 1
            elif line["state"] == "refused":
                assert pair not in plan
                refused += 1
        assert {pair for pair, state in states.items() if state in FIXED} == {
            (x["asset_id"], x["need_id"]) for x in case.lines if naive.kind(x) == "fixed"
        }
    assert fixed
    assert refused


def test_an_asset_that_neither_plan_uses_may_be_gone() -> None:
    compared = 0
    for case in cases(640):
        result = case.replan()
        used = {a for a, _ in plan_of(result.plan.transfers)} | {line["asset_id"] for line in case.lines}
        if result.status != solver.Status.OPTIMAL:
            continue
        for asset in [name for name in case.naive().assets if name not in used][:2]:
            if case.one.form == "matches" and len(without(case, asset).one.matches) == 0:
                continue
            less = without(case, asset).replan()
            if less.status == solver.Status.OPTIMAL:
                assert less.objective == result.objective
                compared += 1
    assert compared > 1


def test_the_order_of_the_baseline_and_of_the_tables_changes_no_byte(tmp_path: Path) -> None:
    for at, case in enumerate(cases(660, 3, limits=True)):
        assert written(case.replan(Random(at)), tmp_path / f"{at}b") == written(
            case.replan(), tmp_path / f"{at}a"
        )


def test_each_group_of_changes_saves_what_its_changes_cost_where_nothing_else_binds_them() -> None:
    groups = 0
    for case in cases(680, 9):
        norms = case.one.scenario["norms"]
        wide = dict.fromkeys(norms["max_per_commune"], 10**9)
        case.one.scenario["norms"] = {**norms, "max_per_commune": wide}
        naive, result = case.naive(), case.replan()
        if result.status != solver.Status.OPTIMAL:
            continue
        plan = plan_of(result.plan.transfers)
        free = naive.beside(plan)
        for group in groups_of(naive, plan):
            count = sum(abs(free.get(pair, 0) - naive.kept.get(pair, 0)) for pair in group)
            assert saves(naive, plan, group) >= naive.kappa * count
            groups += 1
    assert groups > 1
