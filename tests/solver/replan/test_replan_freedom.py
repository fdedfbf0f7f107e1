"""To whom what the plan before sends may go, and what stays in any case."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

import solver
from tests.solver.limits.cases import HERE, THERE, asset, match, moves, need, problem, reasons
from tests.solver.replan.seen import NO_GROUP, accepted, again, changes, line, table

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("freedom", "serves"),
    [("free", ["FAR", "OTHER", "SAME"]), ("same_province", ["OTHER", "SAME"]), ("same_recipient", ["SAME"])],
)
@pytest.mark.parametrize("state", ["planned", "signed", "gone"])
def test_freedom_says_to_whom_an_asset_of_the_plan_before_may_go(
    freedom: str, serves: list[str], state: str, tmp_path: Path
) -> None:
    needs = [
        need("FAR", 100, commune=THERE, recipient="R"),
        need("OTHER", 100, recipient="S"),
        need("SAME", 100, recipient="R"),
        need("WAS", 2, recipient="R"),
    ]
    names = ["FAR", "OTHER", "SAME", "WAS"]
    tables = (
        [asset("A", 4)],
        needs if state != "gone" else needs[:3],
        [match("A", n, 1) for n in names if state != "gone" or n != "WAS"],
    )
    before = line("A", "WAS", 1, "" if state == "gone" else state, HERE, "R")
    result = again(tables, before, freedom=freedom, change_price_vnd=1)
    assert sorted({n for _, n in moves(result)} - {"WAS"}) == serves
    assert reasons(result) == {n: "freedom" for n in names[:3] if n not in serves}
    assert accepted(result, tmp_path / "plan") == []


def test_a_line_that_freedom_forbids_names_it(tmp_path: Path) -> None:
    tables = ([asset("A")], [need("N", 100, commune=THERE)], [match("A", "N", 1)])
    result = again(tables, line("A", "N", 1, code=HERE), freedom="same_province")  # N has moved
    assert changes(result) == [("A", "N", 1, 0, "freedom", *NO_GROUP)]
    assert reasons(result) == {"N": "freedom"}
    assert accepted(result, tmp_path / "plan") == []


def test_more_freedom_may_cost_more_where_it_makes_a_line_stay_that_nobody_wants(tmp_path: Path) -> None:
    # N moved to another province, and A costs more than N is worth. Bound, A has to go; free, it pays to.
    tables = ([asset("A")], [need("N", 100, commune=THERE)], [match("A", "N", 110)])
    costs = []
    for freedom in ("same_province", "free"):
        result = again(tables, line("A", "N", 1, code=HERE), freedom=freedom, change_price_vnd=5)
        assert moves(result) == {}
        assert accepted(result, tmp_path / freedom) == []
        costs.append(result.objective)
    assert costs == [100, 105]


def test_a_refused_line_that_is_gone_binds_its_asset_like_any_other_that_is_gone(tmp_path: Path) -> None:
    tables = ([asset("A")], [need("N", 100)], [match("A", "N", 1)])
    before = line("A", "Y", 1, "refused", THERE)
    result = again(tables, before, freedom="same_province", change_price_vnd=0)
    assert changes(result) == [("A", "Y", 1, 0, "need_gone", *NO_GROUP)]
    assert reasons(result) == {"N": "freedom"}
    assert accepted(result, tmp_path / "plan") == []


def test_an_asset_whose_only_line_is_refused_is_free(tmp_path: Path) -> None:
    tables = (
        [asset("A")],
        [need("N", 100), need("M", 9, commune=THERE)],
        [match("A", "N", 1), match("A", "M", 1)],
    )
    result = again(tables, line("A", "M", 1, "refused", THERE), freedom="same_recipient", change_price_vnd=1)
    assert moves(result) == {("A", "N"): 1}
    assert accepted(result, tmp_path / "plan") == []


def test_a_folder_without_a_baseline_is_no_replan(tmp_path: Path) -> None:
    tables = ([asset("A")], [need("N", 100)], [match("A", "N", 90)])
    result = solver.solve(
        problem(*tables, stability={"change_price_vnd": 50, "max_changes": 0, "freedom": "same_recipient"})
    )
    assert moves(result) == {("A", "N"): 1}
    assert result.objective == 90
    assert result.plan.changes is None
    assert result.plan.limits is None
    assert accepted(result, tmp_path / "plan") == []
    assert not (tmp_path / "plan" / "changes.csv").exists()


def test_a_replan_without_any_line_is_a_replan_all_the_same(tmp_path: Path) -> None:
    tables = ([asset("A")], [need("N", 100)], [match("A", "N", 90)])
    result = again(tables, max_changes=0)
    assert moves(result) == {}
    assert reasons(result) == {"N": "max_changes"}
    assert accepted(result, tmp_path / "plan") == []
    assert (tmp_path / "plan" / "inputs" / "baseline.csv").read_text() == (
        "asset_id,need_id,units,state,to_commune_code,recipient\n"
    )


def test_signed_and_executed_lines_keep_their_state_and_their_units(tmp_path: Path) -> None:
    tables = (
        [asset("A", 3), asset("B"), asset("C")],
        [need("M", 100), need("N", 100, 3)],
        [match("A", "N", 200), match("B", "M", 300), match("C", "M", 1), match("C", "N", 1)],
    )
    result = again(tables, line("A", "N", 2, "signed"), line("B", "M", 1, "executed"), change_price_vnd=5)
    states = dict(zip(result.plan.transfers["asset_id"], result.plan.transfers["state"], strict=True))
    assert moves(result) == {("A", "N"): 2, ("B", "M"): 1, ("C", "N"): 1}
    assert states == {"A": "signed", "B": "executed", "C": "planned"}
    assert result.objective == 2 * 200 + 300 + 1 + 5
    assert changes(result) == [("C", "N", 0, 1, "new", 1, 99)]
    assert accepted(result, tmp_path / "plan") == []


def test_of_a_pin_and_a_fixed_line_of_one_pair_the_larger_number_counts(tmp_path: Path) -> None:
    tables = ([asset("A", 9)], [need("N", 100, 9)], [match("A", "N", 200)])
    for pinned, signed in ((2, 3), (3, 2)):
        result = again(tables, line("A", "N", signed, "signed"), pins=[["A", "N", pinned]])
        assert moves(result) == {("A", "N"): 3}
        more = [("A", "N", 2, 3, "pinned", *NO_GROUP)] if pinned == 3 else []
        assert changes(result) == more
        assert accepted(result, tmp_path / str(pinned)) == []


@pytest.mark.parametrize(
    ("category", "kappa"),
    [
        ("vehicle", 10**6),
        ("vehicle", 10**12),
        ("premises", 10**6),
        ("premises", 10**12),
    ],
)
def test_a_floor_is_met_whatever_the_changes_cost(category: str, kappa: int, tmp_path: Path) -> None:
    # M has both units of A; the floor asks for one of two of M's group, and for the one of N's.
    own: dict[str, Any] = {"area_m2": 50} if category == "premises" else {}
    lot = asset("A", 1, category=category, area_m2=100) if own else asset("A", 2)
    one = problem(
        [lot],
        [need("M", 100, 2, category=category, **own), need("N", 50, category=category, priority=1, **own)],
        [match("A", "M", 7), match("A", "N", 9)],
        stability={"change_price_vnd": kappa},
        equity={"by": "priority", "coverage_floor": {category: 0.5}},
    )
    result = solver.replan(one, baseline=table(line("A", "M", 2)))
    assert moves(result) == {("A", "M"): 1, ("A", "N"): 1}
    assert result.objective == 7 + 9 + 100 + 2 * kappa
    assert accepted(result, tmp_path / "plan") == []


@pytest.mark.parametrize(
    ("category", "rules"),
    [
        ("vehicle", {}),
        ("vehicle", {"max_changes": 6}),
        ("premises", {}),
        ("premises", {"max_changes": 6}),
    ],
)
def test_the_smallest_share_comes_before_the_price_of_changes(
    category: str, rules: dict[str, Any], tmp_path: Path
) -> None:
    own: dict[str, Any] = {"area_m2": 50} if category == "premises" else {}
    lot = asset("A", 1, category=category, area_m2=100) if own else asset("A", 2)
    one = problem(
        [lot],
        [need("N", 0, 2, category=category, **own)],
        [match("A", "N", 7)],
        stability={"change_price_vnd": 300, **rules},
        equity={"by": "country", "coverage_floor": {category: "max-min"}},
    )
    result = solver.replan(one, baseline=table())
    assert moves(result) == {("A", "N"): 2}
    assert result.objective == 2 * (7 + 300)
    assert accepted(result, tmp_path / "plan") == []


def test_strict_floors_and_few_changes_may_contradict_each_other(tmp_path: Path) -> None:
    one = problem(
        [asset("A")],
        [need("N", 100)],
        [match("A", "N", 1)],
        stability={"max_changes": 0},
        equity={"by": "country", "coverage_floor": {"vehicle": 1}, "floor_mode": "strict"},
    )
    result = solver.replan(one, baseline=table())
    assert result.status == solver.Status.INFEASIBLE
    assert result.plan.summary["conflict"]["rules"] == ["changes", "floor|country|VN|vehicle"]
    assert accepted(result, tmp_path / "plan") == []
