"""What is wrong with a baseline is told before anything is planned."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

import solver
from tests.solver.limits.cases import THERE, asset, match, moves, need, problem
from tests.solver.replan.seen import line, table, written

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd


def told(baseline: pd.DataFrame, **scenario: Any) -> list[tuple[Any, ...]]:  # noqa: ANN401 (values of a scenario)
    """Table, row, column, code and value of every issue of a re-plan; each has its texts."""
    one = problem(
        [asset("A", 2), asset("B"), asset("F", commune=THERE)],
        [need("M", 100), need("N", 100, 3)],
        [match("A", "M", 30), match("A", "N", 30), match("F", "N", 30)],
        **scenario,
    )
    with pytest.raises(solver.InvalidProblemError) as error:
        solver.replan(one, baseline=baseline)
    for one_issue in error.value.issues:
        for text in (one_issue.message, one_issue.remedy):
            assert text("en")
            assert text("vi")
            assert "{" not in text("en") + text("vi")
    return [(i.table, i.row, i.column, i.code, i.value) for i in sorted(error.value.issues)]


def test_a_state_that_nobody_knows_is_named_with_its_row() -> None:
    baseline = table(line("A", "M", 1), line("A", "N", 1, "done"))
    assert told(baseline) == [("baseline", 3, "state", "choice_unknown", "done")]


def test_the_states_that_there_are_are_named_in_both_languages() -> None:
    one = problem([asset("A")], [need("M", 100)], [match("A", "M", 30)])
    with pytest.raises(solver.InvalidProblemError) as error:
        solver.replan(one, baseline=table(line("A", "M", 1, "done")))
    for text in (error.value.issues[0].message("en"), error.value.issues[0].message("vi")):
        assert all(state in text for state in ("planned", "signed", "executed", "refused"))


@pytest.mark.parametrize("units", ["", None, 0, -1, "x", 1.5, "1.0"])
def test_units_of_a_line_are_a_whole_number_of_one_or_more(units: object) -> None:
    [(*place, _, _)] = told(table(line("A", "M", units)))
    assert place == ["baseline", 2, "units"]


def test_a_pair_stands_in_a_baseline_once() -> None:
    baseline = table(line("A", "M", 1), line("A", "N", 1), line("A", "M", 1, "refused"))
    [(*place, _, value)] = told(baseline)
    assert place == ["baseline", 4, "need_id"]
    assert value == "A, M"


@pytest.mark.parametrize("column", ["asset_id", "need_id", "units"])
def test_a_baseline_has_its_ids_and_units(column: str) -> None:
    baseline = table(line("A", "M", 1)).drop(columns=column)
    assert told(baseline) == [("baseline", None, column, "column_missing", "")]


def test_all_that_is_wrong_is_told_at_once_with_what_is_wrong_elsewhere() -> None:
    baseline = table(line("A", "M", 0, "done"), line("A", "M", 1))
    places = [(row, column) for _, row, column, *_ in told(baseline)]
    assert places == [(2, "state"), (2, "units"), (3, "need_id")]


def test_other_columns_may_be_missing_and_further_ones_are_passed_over(tmp_path: Path) -> None:
    one = problem([asset("A")], [need("M", 100)], [match("A", "M", 30)], stability={"change_price_vnd": 80})
    bare = table(line("A", "M", 1, "", "", "")).drop(columns=["state", "to_commune_code", "recipient"])
    more = bare.assign(cost_vnd=5, note="")
    plans = [solver.replan(one, baseline=baseline) for baseline in (bare, more)]
    assert moves(plans[0]) == {("A", "M"): 1}
    assert plans[0].objective == 30
    assert written(plans[0], tmp_path / "bare") == written(plans[1], tmp_path / "more")


def test_what_is_no_plan_and_no_table_is_refused() -> None:
    one = problem([asset("A")], [need("M", 100)], [match("A", "M", 30)])
    with pytest.raises(TypeError, match="dict"):
        solver.replan(one, baseline={"A": 1})  # type: ignore[arg-type] # that is the test


@pytest.mark.parametrize("state", ["signed", "executed"])
def test_a_fixed_line_that_is_not_eligible_is_an_issue(state: str) -> None:
    assert [code for *_, code, _ in told(table(line("B", "M", 1, state)))] == ["pin_ineligible"]
    banned = {"stability": {"bans": [["A", "M"]]}}
    assert [code for *_, code, _ in told(table(line("A", "M", 1, state)), **banned)] == ["pin_ineligible"]


def test_a_fixed_line_beyond_the_freedom_of_its_asset_is_an_issue() -> None:
    moved = table(line("A", "M", 1, "signed", THERE))  # M lies in another province now
    freedom = {"stability": {"freedom": "same_province"}}
    assert [code for *_, code, _ in told(moved, **freedom)] == ["pin_ineligible"]


def test_fixed_lines_that_ask_for_more_than_there_is_are_an_issue() -> None:
    for baseline in (
        table(line("A", "N", 3, "signed")),
        table(line("A", "M", 1, "signed"), line("A", "N", 2, "executed")),
        table(line("A", "M", 2, "signed")),
    ):
        assert [code for *_, code, _ in told(baseline)] == ["pin_exceeds"]
    beside = {"stability": {"pins": [["A", "M", 1]]}}
    assert [code for *_, code, _ in told(table(line("A", "N", 2, "signed")), **beside)] == ["pin_exceeds"]


@pytest.mark.parametrize(
    "rules",
    [
        {"limits": {"budget_vnd": 59}},
        {"limits": {"budget_vnd_by_province": {"01": 59}}},
        {"limits": {"budget_vnd_by_category": {"vehicle": 59}}},
    ],
)
def test_fixed_lines_that_break_a_budget_are_an_issue(rules: dict[str, Any]) -> None:
    assert [code for *_, code, _ in told(table(line("A", "N", 2, "signed")), **rules)] == ["pin_exceeds"]


def test_fixed_lines_that_break_a_cap_on_crossing_units_or_a_norm_are_an_issue() -> None:
    cross = {"limits": {"cross_province_max": {"vehicle": 0}}}
    assert [code for *_, code, _ in told(table(line("F", "N", 1, "signed")), **cross)] == ["pin_exceeds"]
    norm = {"norms": {"max_per_commune": {"vehicle": 1}}}
    assert [code for *_, code, _ in told(table(line("A", "N", 2, "signed")), **norm)] == ["pin_exceeds"]


def test_a_pin_of_a_refused_pair_is_an_issue() -> None:
    pinned = {"stability": {"pins": [["A", "M", 1]]}}
    assert [code for *_, code, _ in told(table(line("A", "M", 1, "refused")), **pinned)] == ["pin_refused"]


def test_executed_lines_of_what_is_gone_stop_nothing() -> None:
    one = problem([asset("A")], [need("M", 100)], [match("A", "M", 30)], stability={"change_price_vnd": 5})
    result = solver.replan(one, baseline=table(line("X", "M", 7, "executed"), line("A", "Y", 7, "executed")))
    assert moves(result) == {("A", "M"): 1}


def test_open_lines_that_cannot_stay_are_no_issue() -> None:
    one = problem([asset("A")], [need("M", 100)], [match("A", "M", 30)], limits={"budget_vnd": 29})
    result = solver.replan(one, baseline=table(line("A", "M", 9)))
    assert moves(result) == {}
