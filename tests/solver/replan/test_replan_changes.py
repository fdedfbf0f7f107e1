"""Reasons, groups and savings of changes.csv, in tables small enough for paper."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

import solver
from tests.solver.limits.cases import THERE, asset, match, moves, need, problem, reasons
from tests.solver.replan.seen import NO_GROUP, Rows, accepted, again, changes, line, released, table

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("gone", [[], [asset("X", status="in_use")], [asset("X", status="handled")]])
def test_a_line_whose_asset_takes_no_part_is_gone_for_its_asset(gone: Rows, tmp_path: Path) -> None:
    tables = ([asset("A"), *gone], [need("N", 100)], [match("A", "N", 30)])
    result = again(tables, line("X", "N", 1), line("X", "Y", 1, "executed"), change_price_vnd=5)
    assert changes(result) == [
        ("A", "N", 0, 1, "new", 1, 70),
        ("X", "N", 1, 0, "asset_gone", *NO_GROUP),
        ("X", "Y", 1, 0, "asset_gone", *NO_GROUP),
    ]
    assert result.objective == 30 + 5
    assert accepted(result, tmp_path / "plan") == []


def test_a_line_whose_need_is_not_there_or_of_another_category_is_gone_for_its_need(tmp_path: Path) -> None:
    tables = (
        [
            asset("A"),
            asset("B"),
            asset("P", category="premises", area_m2=10),
            asset("E", category="equipment"),
        ],
        [need("N", 100), need("Q", 100, category="premises", area_m2=10)],
        [match("A", "N", 30)],
    )
    before = line("A", "Y", 1), line("B", "Q", 1), line("E", "N", 1), line("E", "Y", 1), line("P", "Y", 2)
    result = again(tables, *before, change_price_vnd=5)
    assert changes(result) == [
        ("A", "N", 0, 1, "new", 1, 70),
        *((one["asset_id"], one["need_id"], one["units"], 0, "need_gone", *NO_GROUP) for one in before),
    ]
    assert result.objective == 30 + 5 + 100
    assert accepted(result, tmp_path / "plan") == []


def test_out_of_scope_is_gone(tmp_path: Path) -> None:
    tables = (
        [asset("A"), asset("F", commune=THERE)],
        [need("N", 100), need("M", 100, commune=THERE)],
        [match("A", "N", 30), match("A", "M", 1), match("F", "N", 1)],
    )
    one = problem(*tables, scope_province="01", stability={"change_price_vnd": 5})
    result = solver.replan(one, baseline=table(line("A", "M", 1, code=THERE), line("F", "N", 1)))
    assert [change[:5] for change in changes(result)] == [
        ("A", "M", 1, 0, "need_gone"),
        ("A", "N", 0, 1, "new"),
        ("F", "N", 1, 0, "asset_gone"),
    ]
    assert accepted(result, tmp_path / "plan") == []


def test_a_refused_line_is_banned_and_another_asset_takes_its_place(tmp_path: Path) -> None:
    tables = ([asset("A"), asset("B")], [need("N", 100)], [match("A", "N", 1), match("B", "N", 30)])
    result = again(tables, line("A", "N", 1, "refused"), change_price_vnd=5)
    assert changes(result) == [("A", "N", 1, 0, "refused", *NO_GROUP), ("B", "N", 0, 1, "new", 1, 70)]
    assert released(result) == {"A": "no_need"}
    assert accepted(result, tmp_path / "plan") == []


def test_a_need_whose_only_asset_refused_is_left_unmet_as_banned(tmp_path: Path) -> None:
    result = again(([asset("A")], [need("N", 100)], [match("A", "N", 1)]), line("A", "N", 1, "refused"))
    assert changes(result) == [("A", "N", 1, 0, "refused", *NO_GROUP)]
    assert reasons(result) == {"N": "banned"}
    assert accepted(result, tmp_path / "plan") == []


@pytest.mark.parametrize(
    ("stage", "matches"), [("banned", [match("A", "N", 1)]), ("no_asset", [match("B", "N", 9)])]
)
def test_a_line_whose_pair_may_not_be_any_more_names_the_stage_that_it_fails(
    stage: str, matches: Rows, tmp_path: Path
) -> None:
    tables = ([asset("A"), asset("B")], [need("N", 100)], matches)
    result = again(tables, line("A", "N", 1), bans=[["A", "N"]] if stage == "banned" else [])
    assert changes(result)[0] == ("A", "N", 1, 0, stage, *NO_GROUP)
    assert accepted(result, tmp_path / "plan") == []


def test_a_line_keeps_fewer_units_when_its_lot_shrank(tmp_path: Path) -> None:
    result = again(
        ([asset("A", 2)], [need("N", 100, 3)], [match("A", "N", 30)]), line("A", "N", 3), change_price_vnd=5
    )
    assert changes(result) == [("A", "N", 3, 2, "fewer", *NO_GROUP)]
    assert result.objective == 2 * 30 + 100
    assert result.plan.summary["kpis"]["changes"] == 0
    assert accepted(result, tmp_path / "plan") == []


def test_what_is_left_goes_to_the_line_that_saves_most_then_by_ids(tmp_path: Path) -> None:
    # N saves 70 a unit, M and L 60 each; of four units N keeps two, L both of the others.
    tables = (
        [asset("A", 4)],
        [need("L", 90, 2), need("M", 61, 2), need("N", 100, 2)],
        [match("A", "L", 30), match("A", "M", 1), match("A", "N", 30)],
    )
    result = again(tables, line("A", "L", 2), line("A", "M", 2), line("A", "N", 2), max_changes=0)
    assert changes(result) == [("A", "M", 2, 0, "fewer", *NO_GROUP)]
    assert moves(result) == {("A", "L"): 2, ("A", "N"): 2}
    assert accepted(result, tmp_path / "plan") == []


def test_a_pin_adds_units_that_are_no_change(tmp_path: Path) -> None:
    tables = ([asset("A", 3)], [need("N", 100, 3)], [match("A", "N", 200)])
    result = again(tables, line("A", "N", 1), pins=[["A", "N", 2]], max_changes=0)
    assert changes(result) == [("A", "N", 1, 2, "pinned", *NO_GROUP)]
    assert accepted(result, tmp_path / "plan") == []


def test_a_unit_that_goes_elsewhere_is_moved_and_counts_twice(tmp_path: Path) -> None:
    tables = ([asset("A")], [need("N", 100), need("M", 300)], [match("A", "N", 10), match("A", "M", 20)])
    result = again(tables, line("A", "N", 1), change_price_vnd=5)
    saved = (10 + 300) - (20 + 100)
    assert changes(result) == [("A", "M", 0, 1, "new", 1, saved), ("A", "N", 1, 0, "moved", 1, saved)]
    assert result.plan.summary["kpis"]["changes"] == 2
    assert result.objective == 20 + 100 + 2 * 5
    assert result.plan.summary["cash_vnd"] == 20 + 100
    assert accepted(result, tmp_path / "plan") == []


def test_a_unit_that_another_asset_brings_is_replaced(tmp_path: Path) -> None:
    tables = ([asset("A"), asset("B")], [need("N", 100)], [match("A", "N", 90), match("B", "N", 20)])
    result = again(tables, line("A", "N", 1), change_price_vnd=34)
    assert changes(result) == [("A", "N", 1, 0, "replaced", 1, 70), ("B", "N", 0, 1, "new", 1, 70)]
    assert result.objective == 20 + 2 * 34
    stays = again(tables, line("A", "N", 1), change_price_vnd=36)
    assert changes(stays) == []
    assert released(stays) == {"B": "met"}
    assert accepted(result, tmp_path / "plan") == accepted(stays, tmp_path / "stays") == []


def test_a_unit_that_costs_more_than_its_price_and_the_change_is_dropped(tmp_path: Path) -> None:
    tables = ([asset("A")], [need("N", 100)], [match("A", "N", 106)])
    result = again(tables, line("A", "N", 1), change_price_vnd=5)
    assert changes(result) == [("A", "N", 1, 0, "dropped", 1, 6)]
    assert (reasons(result), released(result)) == ({"N": "too_dear"}, {"A": "too_dear"})
    assert result.objective == 100 + 5
    stays = again(tables, line("A", "N", 1), change_price_vnd=7)
    assert moves(stays) == {("A", "N"): 1}
    assert stays.objective == 106
    assert accepted(result, tmp_path / "plan") == accepted(stays, tmp_path / "stays") == []


def test_changes_that_share_an_asset_or_a_need_are_one_group(tmp_path: Path) -> None:
    tables = (
        [asset("A"), asset("B"), asset("C"), asset("D")],
        [need("K", 40), need("L", 100), need("M", 100), need("N", 100)],
        [
            match("A", "M", 90),
            match("B", "M", 20),
            match("B", "N", 90),
            match("C", "N", 30),
            match("D", "K", 4),
        ],
    )
    result = again(tables, line("A", "M", 1), line("B", "N", 1), change_price_vnd=1)
    saved = (90 + 90) - (20 + 30)
    assert changes(result) == [
        ("A", "M", 1, 0, "replaced", 1, saved),
        ("B", "M", 0, 1, "new", 1, saved),
        ("B", "N", 1, 0, "moved", 1, saved),
        ("C", "N", 0, 1, "new", 1, saved),
        ("D", "K", 0, 1, "new", 2, 36),
    ]
    assert result.plan.summary["kpis"]["changes"] == 5
    assert accepted(result, tmp_path / "plan") == []


def test_the_opening_of_premises_counts_in_what_their_group_saves(tmp_path: Path) -> None:
    # Two places for N in P, one for M in Q; P has room for all, so that Q need not be open.
    tables = (
        [asset("P", category="premises", area_m2=90), asset("Q", category="premises", area_m2=40)],
        [need("M", 500, category="premises", area_m2=30), need("N", 500, 2, category="premises", area_m2=30)],
        [match("P", "M", 20), match("P", "N", 20), match("Q", "M", 10)],
    )
    one = problem(*tables, stability={"change_price_vnd": 3}, prices={"open_premises": 50})
    result = solver.replan(one, baseline=table(line("P", "N", 2), line("Q", "M", 1)))
    assert changes(result) == [("P", "M", 0, 1, "new", 1, 40), ("Q", "M", 1, 0, "replaced", 1, 40)]
    assert result.objective == 3 * 20 + 50 + 2 * 3
    assert accepted(result, tmp_path / "plan") == []


def test_what_a_group_saves_is_exact_beyond_the_numbers_of_floats(tmp_path: Path) -> None:
    units, cost, price = 1_000_001, 10**12 + 1, 2 * 10**12
    tables = (
        [asset("A", units), asset("B")],
        [need("N", price, units), need("M", 100)],
        [match("A", "N", cost), match("B", "M", 1)],
    )
    result = again(tables, line("X", "N", 1))
    assert [one for one in changes(result) if one.asset_id == "A"] == [
        ("A", "N", 0, units, "new", 1, units * (price - cost - 0))
    ]
    assert accepted(result, tmp_path / "plan") == []


def test_units_that_are_as_many_as_before_make_no_line_though_they_are_changes(tmp_path: Path) -> None:
    # N wants one unit now and has two lines. B saves more and keeps it; A is asked for B's unit elsewhere.
    tables = (
        [asset("A"), asset("B")],
        [need("M", 900), need("N", 100)],
        [match("A", "N", 30), match("B", "M", 10), match("B", "N", 20)],
    )
    result = again(tables, line("A", "N", 1), line("B", "N", 1), change_price_vnd=5)
    assert moves(result) == {("A", "N"): 1, ("B", "M"): 1}
    assert result.plan.summary["kpis"]["changes"] == 3
    saved = (20 + 900) - (10 + 30)
    assert changes(result) == [("B", "M", 0, 1, "new", 1, saved), ("B", "N", 1, 0, "moved", 1, saved)]
    assert accepted(result, tmp_path / "plan") == []


def test_the_row_of_changes_counts_what_differs_whichever_unit_is_said_to_stay(tmp_path: Path) -> None:
    # A's place stays with N, or another place of N takes it: nothing differs either way. So with lots: two
    # units of B and one of A stay.
    own: dict[str, Any] = {"category": "premises", "area_m2": 50}
    premises = ([asset("A", **own)], [need("N", 200, 2, **own)], [match("A", "N", 10)])
    lots = ([asset("A", 3), asset("B", 2)], [need("N", 200, 3)], [match("A", "N", 150), match("B", "N", 20)])
    for at, (tables, before) in enumerate(
        [(premises, [line("A", "N", 1)]), (lots, [line("A", "N", 3), line("B", "N", 2)])]
    ):
        result = again(tables, *before, max_changes=3, change_price_vnd=0)
        assert result.plan.limits is not None
        assert result.plan.limits[["used", "slack"]].to_numpy().tolist() == [[0, 3]]
        assert accepted(result, tmp_path / str(at)) == []


def test_where_changes_are_limited_no_category_has_a_bound_of_its_own(tmp_path: Path) -> None:
    tables = (
        [asset("A"), asset("E", category="equipment")],
        [need("N", 100), need("M", 100, category="equipment")],
        [match("A", "N", 10), match("E", "M", 10)],
    )
    result = again(tables, max_changes=1, change_price_vnd=0)
    parts = result.plan.summary["parts"]["category"]
    assert {
        (one["bound_vnd"], one["gap_vnd"], one["cost_gap"], one["value_gap"]) for one in parts.values()
    } == {(None, None, None, None)}
    assert accepted(result, tmp_path / "plan") == []
