"""Why a re-plan leaves needs unmet and assets unused, in tables small enough for paper."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

import solver
from tests.solver.limits.cases import asset, match, moves, need, problem, reasons
from tests.solver.replan.seen import accepted, again, line, released, table

if TYPE_CHECKING:
    from pathlib import Path


def test_where_no_change_is_left_this_is_the_reason_of_both_sides(tmp_path: Path) -> None:
    tables = (
        [asset("A"), asset("B")],
        [need("M", 100), need("N", 100)],
        [match("A", "M", 1), match("B", "N", 30)],
    )
    result = again(tables, line("A", "M", 1), max_changes=0, change_price_vnd=0)
    assert (reasons(result), released(result)) == ({"N": "max_changes"}, {"B": "max_changes"})
    assert moves(result) == {("A", "M"): 1}
    assert result.plan.limits is not None
    [row] = result.plan.limits.to_dict("records")
    assert (row["limit"], row["unit"], row["used"], row["bound"], row["slack"]) == (
        "changes",
        "units",
        0,
        0,
        0,
    )
    assert accepted(result, tmp_path / "plan") == []


def test_an_asset_that_changes_already_could_change_otherwise(tmp_path: Path) -> None:
    # B brings its unit to N for the one change there is; it could bring it to M instead, and C could not.
    tables = (
        [asset("B"), asset("C")],
        [need("M", 50), need("N", 100), need("O", 20)],
        [match("B", "M", 1), match("B", "N", 1), match("C", "O", 1)],
    )
    result = again(tables, line("X", "N", 1), max_changes=1, change_price_vnd=0)
    assert moves(result) == {("B", "N"): 1}
    assert reasons(result) == {"M": "outbid", "O": "max_changes"}
    assert released(result) == {"C": "max_changes"}
    assert accepted(result, tmp_path / "plan") == []


def test_a_pair_that_gave_units_up_may_take_them_back_without_a_change(tmp_path: Path) -> None:
    # A leaves N for M, which takes both changes; N lacks its unit, and A could come back.
    tables = (
        [asset("A"), asset("B")],
        [need("M", 300), need("N", 100)],
        [match("A", "M", 1), match("A", "N", 1), match("B", "N", 1)],
    )
    result = again(tables, line("A", "N", 1), max_changes=2, change_price_vnd=0)
    assert moves(result) == {("A", "M"): 1}
    # The price of the row need not close the gap of so small a problem.
    proven = result.status == solver.Status.OPTIMAL
    assert reasons(result) == {"N": "outbid" if proven else "unproven"}
    assert released(result) == {"B": "max_changes"}
    assert accepted(result, tmp_path / "plan") == []


@pytest.mark.parametrize(("kappa", "made"), [(69, True), (70, False), (71, False)])
def test_a_transfer_that_saves_no_more_than_a_change_costs_is_not_made_for_the_change(
    kappa: int, made: bool, tmp_path: Path
) -> None:
    tables = ([asset("A")], [need("N", 100)], [match("A", "N", 30)])
    result = again(tables, change_price_vnd=kappa)
    assert moves(result) == ({("A", "N"): 1} if made else {})
    assert reasons(result) == ({} if made else {"N": "max_changes"})
    assert released(result) == ({} if made else {"A": "max_changes"})
    assert accepted(result, tmp_path / "plan") == []


def test_what_costs_as_much_as_a_new_one_is_too_dear_before_any_change(tmp_path: Path) -> None:
    tables = ([asset("A")], [need("N", 100)], [match("A", "N", 100)])
    for rules in ({"change_price_vnd": 50}, {"change_price_vnd": 0, "max_changes": 0}):
        result = again(tables, **rules)
        assert (reasons(result), released(result)) == ({"N": "too_dear"}, {"A": "too_dear"})
        assert accepted(result, tmp_path / "plan") == []


@pytest.mark.parametrize(("kappa", "made"), [(9, True), (10, False), (11, False)])
def test_of_premises_the_opening_and_the_change_count_together(
    kappa: int, made: bool, tmp_path: Path
) -> None:
    # Two places save 2 x 70 less the opening of 120: 10 a place. A place alone does not pay the opening.
    tables = (
        [asset("P", category="premises", area_m2=60)],
        [need("N", 100, 2, category="premises", area_m2=30)],
        [match("P", "N", 30)],
    )
    one = problem(*tables, stability={"change_price_vnd": kappa}, prices={"open_premises": 120})
    result = solver.replan(one, baseline=table())
    assert moves(result) == ({("P", "N"): 2} if made else {})
    assert reasons(result) == ({} if made else {"N": "too_dear"})
    assert result.objective == (2 * (30 + kappa) + 120 if made else 200)
    assert accepted(result, tmp_path / "plan") == []


def test_a_pair_that_only_a_floor_would_pay_for_is_not_kept_from_it_by_the_changes(tmp_path: Path) -> None:
    # The floor would take A at any cost, were a change left; the pair does not cost less than the price.
    one = problem(
        [asset("A")],
        [need("N", 100)],
        [match("A", "N", 130)],
        stability={"max_changes": 0},
        equity={"by": "country", "coverage_floor": {"vehicle": 1}},
    )
    result = solver.replan(one, baseline=table())
    assert reasons(result) == {"N": "outbid"}
    assert released(result) == {"A": "too_dear"}
    assert accepted(result, tmp_path / "plan") == []


def test_premises_that_the_plan_before_used_pay_a_change_to_leave(tmp_path: Path) -> None:
    # A place costs 30 and the opening 90, 20 more than the price: worth it while leaving costs more.
    tables = (
        [asset("P", category="premises", area_m2=60)],
        [need("N", 100, category="premises", area_m2=30)],
        [match("P", "N", 30)],
    )
    found = []
    for kappa in (19, 21):
        one = problem(*tables, stability={"change_price_vnd": kappa}, prices={"open_premises": 90})
        result = solver.replan(one, baseline=table(line("P", "N", 1)))
        found.append((moves(result), result.objective, reasons(result), released(result)))
        assert accepted(result, tmp_path / str(kappa)) == []
    assert found == [({}, 119, {"N": "too_dear"}, {"P": "too_dear"}), ({("P", "N"): 1}, 120, {}, {})]


def test_the_tree_of_premises_holds_the_needs_that_leave_them(tmp_path: Path) -> None:
    # M would cost 150 and go at 100 + 1; its place in P goes to the second of N.
    own: dict[str, Any] = {"category": "premises", "area_m2": 50}
    tables = (
        [asset("P", category="premises", area_m2=100)],
        [need("M", 100, **own), need("N", 300, 2, **own)],
        [match("P", "M", 150), match("P", "N", 10)],
    )
    result = again(tables, line("P", "M", 1), line("P", "N", 1), change_price_vnd=1)
    assert moves(result) == {("P", "N"): 2}
    assert (result.objective, result.bound) == (2 * 10 + 100 + 2, 122)
    assert accepted(result, tmp_path / "plan") == []


def test_a_place_that_does_not_fit_beside_a_signed_one_joins_no_components(tmp_path: Path) -> None:
    # P has 40 of 100 left beside M's signed place: N's places of 50 fit into Q and R alone, one in each.
    own: dict[str, Any] = {"category": "premises"}
    one = problem(
        [asset(name, area_m2=room, **own) for name, room in (("P", 100), ("Q", 50), ("R", 50))],
        [need("M", 900, area_m2=60, **own), need("N", 500, 2, area_m2=50, **own)],
        [match("P", "M", 1), match("P", "N", 1), match("Q", "N", 10), match("R", "N", 20)],
        stability={"change_price_vnd": 5},
    )
    before = table(line("P", "M", 1, "signed"), line("Q", "N", 1), line("R", "N", 1))
    result = solver.replan(one, baseline=before)
    assert moves(result) == {("P", "M"): 1, ("Q", "N"): 1, ("R", "N"): 1}
    assert result.certificate["tree"]
    assert result.status is solver.Status.OPTIMAL
    assert accepted(result, tmp_path / "plan") == []
