"""Signed, executed and refused lines that today's tables don't have: an error, or what is at stake."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

import solver
from tests.solver.limits.cases import COMMUNES, HERE, THERE, asset, match, moves, need, problem
from tests.solver.replan.seen import accepted, changes, line, table

if TYPE_CHECKING:
    from pathlib import Path

ASSETS = [
    asset("A-01", 2),
    asset("A-02", 1, status="in_use"),
    asset("A-03", 1, attached_to="H-01"),
    asset("F-01", 1, commune=THERE),
    asset("H-01", 1, category="premises", area_m2=90),
]
NEEDS = [
    need("M-01", 100, 2),
    need("M-02", 100),
    need("F-11", 100, commune=THERE),
    need("H-11", 100, category="premises", area_m2=50),
]
MATCHES = [match(a, n, 30) for a in ("A-01", "F-01") for n in ("M-01", "M-02", "F-11")]
MATCHES += [match("H-01", "H-11", 30)]


def tables(**scenario: Any) -> solver.Problem:  # noqa: ANN401 (values of a scenario)
    return problem(ASSETS, NEEDS, MATCHES, **scenario)


def said(*lines: dict[str, Any], **scenario: Any) -> list[tuple[Any, ...]]:  # noqa: ANN401 (values of a scenario)
    """Severity, row, column, code and value of what is said of lines; each has texts in both languages."""
    try:
        issues = solver.replan(tables(**scenario), baseline=table(*lines)).problem.warnings
    except solver.InvalidProblemError as error:
        issues = tuple(error.issues)
    issues = tuple(one for one in issues if one.table == "baseline")
    for text in (text for one in issues for text in (one.message, one.remedy)):
        assert text("en") != text("vi")
        assert "{" not in text("en") + text("vi")
        assert "  " not in text("en") + text("vi")
        assert " ," not in text("en") + text("vi")
    return [(one.severity, one.row, one.column, one.code, one.value) for one in sorted(issues)]


def test_a_signed_line_of_an_asset_or_need_that_nobody_knows_is_an_error_with_its_row_and_near_ids() -> None:
    before = [line("A-1", "M-01", 1, "signed"), line("A-01", "M-02", 1), line("A-01", "M-1", 1, "signed")]
    assert said(*before) == [
        ("error", 2, "asset_id", "signed_asset_id", "A-1"),
        ("error", 4, "need_id", "signed_need_id", "M-1"),
    ]
    with pytest.raises(solver.InvalidProblemError) as error:
        solver.replan(tables(), baseline=table(*before))
    asset_wrong, need_wrong = error.value.issues
    assert "Did you mean “A-0" in asset_wrong.remedy("en")
    assert "“A-01”" in asset_wrong.remedy("en")
    assert "Có phải ý bạn là “M-01”?" in need_wrong.remedy("vi")
    assert "executed" in asset_wrong.remedy("en")
    assert "đã thực hiện" in asset_wrong.remedy("vi")


def test_a_signed_line_of_which_both_ends_are_unknown_has_two_errors() -> None:
    assert [place[1:4] for place in said(line("X", "Y", 1, "signed"))] == [
        (2, "asset_id", "signed_asset_id"),
        (2, "need_id", "signed_need_id"),
    ]


def test_a_signed_line_whose_asset_is_in_use_now_contradicts_the_tables() -> None:
    before = line("A-02", "M-01", 1, "signed")
    rows = [row for row in ASSETS if row["asset_id"] != "A-03"]
    plain = [{"status": "surplus", **row} for row in rows]
    one = problem(plain, NEEDS, MATCHES)
    with pytest.raises(solver.InvalidProblemError) as error:
        solver.replan(one, baseline=table(before))
    [wrong] = error.value.issues
    assert (wrong.code, wrong.row, wrong.column, wrong.value) == ("signed_not_free", 2, "asset_id", "A-02")
    assert "asset A-02 has the status in_use (in use)" in wrong.message("en")
    assert "tài sản A-02 có tình trạng “đang sử dụng” (in_use)" in wrong.message("vi")
    assert "executed" in wrong.remedy("en")


@pytest.mark.parametrize("state", ["signed", "executed"])
def test_a_fixed_line_of_two_categories_says_that_they_differ(state: str) -> None:
    before = line("A-01", "H-11", 1, state)
    assert said(before) == [("error", 2, "need_id", "fixed_category", "H-11")]
    with pytest.raises(solver.InvalidProblemError) as error:
        solver.replan(tables(), baseline=table(before))
    [wrong] = error.value.issues
    assert "differ in category (vehicle, premises)" in wrong.message("en")
    assert "khác loại tài sản" in wrong.message("vi")


@pytest.mark.parametrize("gone", ["A-02", "X"])
def test_an_executed_line_whose_asset_left_warns_that_its_need_is_served_again(
    gone: str, tmp_path: Path
) -> None:
    before = line(gone, "M-01", 2, "executed")
    assert said(before) == [("warning", 2, "asset_id", "served_again", gone)]
    result = solver.replan(tables(stability={"change_price_vnd": 0}), baseline=table(before))
    assert moves(result)["A-01", "M-01"] == 2  # it is: that is what the warning is about
    assert accepted(result, tmp_path / "plan") == []
    [told] = [one for one in result.problem.warnings if one.table == "baseline"]
    assert "2 of its units may be served again" in told.message("en")
    assert "đã thực hiện" in told.message("vi")


def test_an_executed_line_whose_need_was_deleted_warns_that_its_asset_is_free_again() -> None:
    before = line("A-01", "M-1", 2, "executed")
    assert said(before) == [("warning", 2, "need_id", "handed_again", "M-1")]


@pytest.mark.parametrize("pair", [("X", "Y"), ("A-02", "Y")])
def test_an_executed_line_of_which_neither_end_takes_part_is_past_and_nothing_is_said(
    pair: tuple[str, str],
) -> None:
    assert said(line(*pair, 1, "executed")) == []


def test_planned_lines_that_are_gone_are_listed_and_no_issue(tmp_path: Path) -> None:
    before = [line("X", "M-01", 1), line("A-01", "Y", 1, "planned"), line("A-02", "M-01", 1)]
    assert said(*before) == []
    result = solver.replan(tables(stability={"max_changes": 0}), baseline=table(*before))
    assert [(one.asset_id, one.reason) for one in changes(result)] == [
        ("A-01", "need_gone"),
        ("A-02", "asset_gone"),
        ("X", "asset_gone"),
    ]
    assert accepted(result, tmp_path / "plan") == []


@pytest.mark.parametrize("state", ["signed", "executed"])
@pytest.mark.parametrize(
    ("pair", "told"),
    [
        (("F-01", "M-01"), [("warning", 2, "asset_id", "served_again", "F-01")]),
        (("A-01", "F-11"), [("warning", 2, "need_id", "handed_again", "F-11")]),
        (("F-01", "F-11"), []),
    ],
)
def test_beyond_the_scope_a_fixed_line_is_a_warning_where_one_end_takes_part(
    pair: tuple[str, str], told: list[tuple[Any, ...]], state: str, tmp_path: Path
) -> None:
    assert said(line(*pair, 1, state), scope_province="01") == told
    result = solver.replan(tables(scope_province="01"), baseline=table(line(*pair, 1, state)))
    assert accepted(result, tmp_path / "plan") == []


def test_a_refused_line_of_nothing_is_a_warning_while_its_other_end_takes_part() -> None:
    assert said(line("A-1", "M-01", 1, "refused")) == [("warning", 2, "asset_id", "refused_asset_id", "A-1")]
    assert said(line("A-01", "M-1", 1, "refused")) == [("warning", 2, "need_id", "refused_need_id", "M-1")]
    assert said(line("X", "Y", 1, "refused"), line("A-02", "M-01", 1, "refused")) == []


def test_rows_of_lines_are_those_that_the_table_states() -> None:
    before = table(line("X", "M-01", 1, "executed"), line("A-01", "M-01", 1)).assign(row=[7, 9])
    other = table(line("X", "M-01", 1, "executed")).assign(row=["x"])
    for given, row in ((before, 7), (other, 2)):
        warnings = solver.replan(tables(), baseline=given).problem.warnings
        assert [one.row for one in warnings if one.table == "baseline"] == [row]


def test_a_pin_of_a_refused_pair_names_the_line_and_a_ban_of_the_scenario_the_ban() -> None:
    before = table(line("A-01", "M-02", 1), line("A-01", "M-01", 1, "refused"))
    pins: dict[str, Any] = {"pins": [["A-01", "M-01", 1]]}
    with pytest.raises(solver.InvalidProblemError) as error:
        solver.replan(tables(stability=pins), baseline=before)
    [wrong] = error.value.issues
    assert (wrong.code, wrong.column) == ("pin_refused", "stability.pins[0]")
    assert "was refused for need M-01 (row 3)" in wrong.message("en")
    assert "đã bị từ chối cho nhu cầu M-01 (dòng 3)" in wrong.message("vi")
    pins["bans"] = [["A-01", "M-01"]]
    with pytest.raises(solver.InvalidProblemError) as error:
        solver.replan(tables(stability=pins), baseline=before)
    assert [one.code for one in error.value.issues if one.severity == "error"] == ["pin_ineligible"]


# where lines led


@pytest.mark.parametrize(
    ("freedom", "serves"), [("same_province", {"M-01", "M-02"}), ("same_recipient", {"M-01"})]
)
@pytest.mark.parametrize("drop", [["to_commune_code", "recipient"], ["recipient"], []])
def test_lines_that_do_not_say_where_they_led_led_to_their_need(
    freedom: str, serves: set[str], drop: list[str], tmp_path: Path
) -> None:
    needs = [
        need("M-01", 100, 9, recipient="R"),
        need("M-02", 100, 9, recipient="S"),
        need("F-11", 900, 9, commune=THERE, recipient="R"),
    ]
    names = ["M-01", "M-02", "F-11"]
    one = problem(
        [asset("A-01", 3)],
        needs,
        [match("A-01", name, 30) for name in names],
        stability={"freedom": freedom, "change_price_vnd": 0},
    )
    bare = table(line("A-01", "M-01", 1, code="", recipient="")).drop(columns=drop)
    whole = table(line("A-01", "M-01", 1, code=HERE, recipient="R"))
    results = [solver.replan(one, baseline=before) for before in (bare, whole)]
    assert {n for _, n in moves(results[0])} <= serves
    assert results[0].objective == results[1].objective
    assert accepted(results[0], tmp_path / "plan") == []
    assert (tmp_path / "plan" / "inputs" / "baseline.csv").read_text("utf-8").splitlines()[1:] == [
        f"A-01,M-01,1,planned,{HERE},R"
    ]


def test_a_commune_that_nobody_knows_is_a_warning_where_freedom_asks_for_it() -> None:
    rows = [{**asset("A"), "kind": "car"}], [{**need("M", 100), "kinds": "car"}]
    pairs = pd.DataFrame([{"asset_id": "A", "need_id": "M", "distance_km": "5"}])
    for freedom, said_of in (("same_province", [("line_place_unknown", 2, "101")]), ("free", [])):
        one = solver.build(
            *(pd.DataFrame(table).astype(object) for table in rows),
            communes=COMMUNES,
            distances=pairs,
            scenario={"date": "2025-08-15", "stability": {"freedom": freedom}},
        )
        # A spreadsheet has taken the zeros of 00101 away.
        result = solver.replan(one, baseline=table(line("A", "M", 1, code="101")))
        issues = [one for one in result.problem.warnings if one.table == "baseline"]
        assert [(one.code, one.row, one.value) for one in issues] == said_of
        assert all("{" not in one.message(lang) + one.remedy(lang) for one in issues for lang in ("en", "vi"))


def test_where_neither_the_line_nor_the_needs_say_where_it_led_the_columns_are_asked_for() -> None:
    before = table(line("A-01", "M-01", 1), line("A-01", "GONE", 1), line("X", "GONE", 1))
    bare = before.drop(columns=["to_commune_code", "recipient"])
    for freedom, columns in (
        ("same_recipient", ["recipient", "to_commune_code"]),
        ("same_province", ["to_commune_code"]),
    ):
        one = tables(stability={"freedom": freedom})
        with pytest.raises(solver.InvalidProblemError) as error:
            solver.replan(one, baseline=bare)
        wrong = [(i.code, i.row, i.column) for i in error.value.issues]
        assert wrong == [("line_place_missing", 3, column) for column in columns]
        solver.replan(one, baseline=before)
    solver.replan(tables(), baseline=bare)
