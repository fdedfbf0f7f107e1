"""What limits, floors and pins do to a need or an asset is said in words, from the tables alone."""

from __future__ import annotations

import dataclasses
import json
import re
import shutil
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import solver
from app import folders
from solver.explanation.asset_words import asset_lines
from solver.explanation.assets import asset_facts
from solver.explanation.counterfactual import take_words
from solver.explanation.need_words import need_lines
from solver.explanation.needs import need_facts
from solver.explanation.row_words import row_words
from solver.explanation.tables import Tables, tables_of_result
from solver.scenario import Scenario

GOLDEN = Path(__file__).parents[2] / "golden"
SMALL = Path(__file__).parents[2] / "app" / "scenario"
CHEAPEST = {"cheapest_asset": "V-CAR-01", "cheapest_cost_vnd": 5}


@cache
def golden() -> Tables:
    result = solver.solve(folders.build(folders.read_inputs(GOLDEN / "inputs")))
    return tables_of_result(result.problem, result)


def with_scenario(tables: Tables, **changed: Any) -> Tables:  # noqa: ANN401 (values of any key)
    entries = {**tables.scenario.entries, **{name.replace("__", "."): one for name, one in changed.items()}}
    return dataclasses.replace(tables, scenario=Scenario(entries))


def short(tables: Tables, reason: str, detail: dict[str, Any]) -> tuple[Tables, str]:
    """Give the first shortfall of a vehicle another reason; return its need too."""
    table = tables.shortfalls.copy()
    vehicles = set(tables.needs.loc[tables.needs["category"] == "vehicle", "need_id"])
    need = next(str(need) for need in table["need_id"] if need in vehicles)
    table.loc[table["need_id"] == need, ["reason", "detail"]] = [reason, json.dumps(detail)]
    return dataclasses.replace(tables, shortfalls=table), need


def told(tables: Tables, need: str, lang: str = "en") -> str:
    lines = need_lines(*need_facts(tables, need), lang)
    return "\n".join(text for _, text in lines)


def why(reason: str, detail: dict[str, Any], lang: str = "en") -> str:
    """Return the line that gives the reason."""
    lines = told(*short(golden(), reason, detail), lang).split("\n")
    return next(line for line in lines if line.startswith(("Why", "Lý do")))


def province() -> tuple[str, str]:
    row = golden().communes.iloc[0]
    return str(row["province_code"]), str(row["province_name"])


# rows


@pytest.mark.parametrize(
    ("row", "en", "vi"),
    [
        ("budget", "the budget of the whole plan", "tổng ngân sách của phương án"),
        (
            "budget|province|40",
            "the budget of the receiving province Nghệ An",
            "ngân sách của tỉnh, thành phố tiếp nhận Nghệ An",
        ),
        ("budget|province|41", "the budget of the receiving province 41", "41"),
        ("budget|category|premises", "the budget for premises", "ngân sách cho nhà, đất"),
        ("cross|vehicle/car", "the cap on units that change province (car)", "(xe ô tô)"),
        (
            "floor|province|40|premises/health",
            "the coverage floor of Nghệ An (premises: health)",
            "mức đáp ứng tối thiểu của Nghệ An (nhà, đất: y tế)",
        ),
        (
            "floor|priority|1|vehicle",
            "the coverage floor of priority 1 (vehicle)",
            "mức đáp ứng tối thiểu của mức ưu tiên 1 (phương tiện)",
        ),
        ("norm|00001|vehicle/other:a|b", "the norm for a|b in commune 00001", "định mức a|b"),
        ("budget|province|", "budget|province|", "budget|province|"),
        ("floor|province|40", "floor|province|40", "floor|province|40"),
        ("a new\nrow", "a new row", "a new row"),
    ],
)
def test_rows_have_words_and_unknown_ones_stand_as_they_are(row: str, en: str, vi: str) -> None:
    assert row_words(row, "en", {"40": "Nghệ An"}) == en
    assert vi in row_words(row, "vi", {"40": "Nghệ An"})


# shortfalls


def test_a_budget_is_named_with_what_is_left_of_it_and_the_least_that_is_wanted() -> None:
    code, name = province()
    detail = {**CHEAPEST, "row": f"budget|province|{code}", "left_vnd": 1000, "least_spend_vnd": 2000}
    assert why("budget", detail).endswith(
        f"would take more money than is left of the budget of the receiving province {name}: 1,000 VND is "
        "left, and the least that any of them would take is 2,000 VND."
    )
    assert f"ngân sách của tỉnh, thành phố tiếp nhận {name}: còn 1.000 đ" in why("budget", detail, "vi")
    text = told(*short(golden(), "budget", detail))
    assert "The cheapest for it is V-CAR-01" in text
    assert "What would have to change: the budget" in text


def test_a_cap_is_named_with_its_bound() -> None:
    detail = {**CHEAPEST, "row": "cross|vehicle/car", "bound": 1}
    line = why("cross_province_max", detail)
    assert line.endswith("the cap on units that change province (car) is used up (1 unit).")
    assert "(xe ô tô) đã dùng hết (1 đơn vị)" in why("cross_province_max", detail, "vi")


def test_a_floor_is_named_with_the_need_that_it_protects() -> None:
    code, name = province()
    need = str(golden().needs["need_id"].iloc[0])
    detail = {**CHEAPEST, "row": f"floor|province|{code}|vehicle", "asset": "V-CAR-01", "serves": need}
    line = why("equity", detail)
    assert "for example, V-CAR-01 (car" in line
    assert f" serves {need}" in line
    assert line.endswith(
        f"nothing may be taken there without missing the coverage floor of {name} (vehicle)."
    )
    bare = why("equity", {})
    assert bare.endswith("pinned or keeps other needs at their coverage floor.")


def test_a_pin_is_named_with_what_it_serves() -> None:
    need = str(golden().needs["need_id"].iloc[0])
    line = why("pinned", {**CHEAPEST, "asset": "V-CAR-01", "serves": need})
    assert "taken up by transfers that the scenario has pinned; for example, V-CAR-01" in line
    assert "do kịch bản ấn định" in why("pinned", {}, "vi")


def test_a_reason_without_its_row_is_not_made_up() -> None:
    for reason in ("budget", "cross_province_max"):
        assert "has no words for" in why(reason, {})


@pytest.mark.parametrize("reason", ["pinned", "budget", "cross_province_max", "equity"])
def test_the_codes_of_limits_are_said_in_words(reason: str) -> None:
    detail = {**CHEAPEST, "row": "budget", "left_vnd": 1, "least_spend_vnd": 2, "bound": 3}
    for lang in ("en", "vi"):
        text = told(*short(golden(), reason, detail), lang)
        assert not re.search(r"cross_province_max|_vnd|[{}]|None", text)
        assert re.search(r"What would have to change|Điều cần thay đổi", text)


def test_too_dear_says_so_of_those_that_limits_leave_where_a_cheaper_one_is_blocked() -> None:
    detail = {**CHEAPEST, "dearer_by_vnd": 0}
    text = told(*short(golden(), "too_dear", detail))
    assert "that norms, pins, budgets, caps and floors leave for it, would cost at least as much" in text
    assert "The cheapest for it is V-CAR-01" in text


# what no better plan is said of


def outbid(reason: str, **changed: Any) -> str:  # noqa: ANN401 (values of any key)
    tables, need = short(golden(), reason, CHEAPEST)
    return told(with_scenario(tables, **changed), need)


def test_outbid_speaks_of_the_plans_that_keep_to_the_same_rules() -> None:
    assert "No plan that serves more of this need" in outbid("outbid")
    within = "No plan within the scenario's limits and pins that serves more of this need"
    assert within in outbid("outbid", limits__budget_vnd=0)
    assert within in outbid("outbid", limits__cross_province_max={"vehicle": 1})
    assert within in outbid("outbid", stability__pins=[("A", "N")])
    levels = "as good in what it puts before the cost that serves more of this need"
    first = outbid("outbid", objective="coverage_first")
    assert levels in first
    assert "cost less than leaving" not in first
    assert levels in outbid("outbid", equity__coverage_floor={"vehicle": "max-min"})


def test_an_open_gap_is_that_of_the_plan_where_limits_join_the_categories() -> None:
    own = dataclasses.replace(golden(), gaps={"vehicle": 7})
    joined = dataclasses.replace(golden(), gaps={"vehicle": None}, gap=9)
    assert "the gap of this category is 7 VND" in told(*short(own, "unproven", CHEAPEST))
    assert "the gap of the plan is 9 VND" in told(*short(joined, "unproven", CHEAPEST))


LONGER = "A search that goes on for longer may settle it."
DONE = "The search ended by itself with this gap open: more time would not settle it."


@pytest.mark.parametrize(
    ("ended", "scenario", "line"),
    [
        ({}, {"solver.cost_gap": 1}, LONGER),  # not known
        ({"limits": "time_limit"}, {}, LONGER),
        ({"limits": "stop"}, {"solver.cost_gap": 1}, LONGER),
        ({"limits": "gap"}, {}, DONE),
        ({"vehicle": "gap"}, {"solver.value_gap": 1}, DONE),  # movables by themselves heed no gap
        (
            {"limits": "gap"},
            {"solver.value_gap": 1, "solver.gap_vnd": 1},
            (
                "The search ended by itself; a smaller gap in the scenario (solver.value_gap, "
                "solver.gap_vnd) may settle it."
            ),
        ),
    ],
)
def test_more_time_is_advised_only_where_time_or_work_or_the_user_ended_the_search(
    ended: dict[str, str], scenario: dict[str, int], line: str
) -> None:
    none = {"solver.cost_gap": 0, "solver.value_gap": 0, "solver.gap_vnd": 0}
    tables, need = short(golden(), "unproven", CHEAPEST)
    entries = {**tables.scenario.entries, **none, **scenario}
    tables = dataclasses.replace(tables, scenario=Scenario(entries), ended=ended)
    assert line in told(tables, need).split("\n")
    more_time = "Cho thêm thời gian tìm kiếm thì có thể kết luận được." in told(tables, need, "vi")
    assert more_time == (line == LONGER)


@pytest.mark.parametrize(
    ("search", "words"), [("limit", "longer"), ("gap", "smaller gap"), ("done", "by itself")]
)
def test_what_would_settle_it_is_the_same_in_the_list_of_all(search: str, words: str) -> None:
    take = {"reason": "unproven", "search": search}
    assert words in take_words(take, "en", {})
    assert ("tìm lâu hơn" in take_words(take, "vi", {})) == (search == "limit")


# assets, transfers


@pytest.mark.parametrize(
    ("reason", "en", "vi"),
    [
        ("budget", "take more money than is left of a budget", "số còn lại của một ngân sách"),
        ("cross_province_max", "the cap on units that change province is used up", "đã dùng hết"),
    ],
)
def test_units_that_limits_keep_say_so(reason: str, en: str, vi: str) -> None:
    table = golden().releases.copy()
    table["reason"] = reason
    tables = dataclasses.replace(golden(), releases=table)
    for lang, words in (("en", en), ("vi", vi)):
        lines = asset_lines(*asset_facts(tables, str(table["asset_id"].iloc[0])), lang)
        assert any(words in text for _, text in lines)


def test_pinned_transfers_are_marked_with_the_units_that_are_pinned() -> None:
    moved = golden().transfers
    row = moved[moved["units"] > 1].iloc[0]
    ends = (str(row["asset_id"]), str(row["need_id"]))
    every = with_scenario(golden(), stability__pins=[ends])
    assert "; pinned by the scenario; " in told(every, ends[1])
    one = with_scenario(golden(), stability__pins=[(*ends, 1)])
    assert "; 1 of them pinned by the scenario; " in told(one, ends[1])
    assert "pinned" not in told(golden(), ends[1])


def test_a_province_that_no_commune_has_goes_by_its_code() -> None:
    assert golden().row("budget|province|zz") == {"id": "budget|province|zz", "provinces": {}}


# plans that are solved


@pytest.mark.parametrize(
    ("more", "reason", "line"),
    [
        ("[limits]\nbudget_vnd = 0\n", "budget", "is left of the budget of the whole plan: 0 VND is left"),
        ("[limits]\ncross_province_max = { vehicle = 0 }\n", "cross_province_max", "is used up (0 units)."),
    ],
)
def test_what_a_solved_plan_lacks_for_a_limit_names_that_limit(
    more: str, reason: str, line: str, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(SMALL, tmp_path / "inputs"))
    with (folder / "scenario.toml").open("a", encoding="utf-8") as file:
        file.write(more)
    result = solver.solve(folders.build(folders.read_inputs(folder)))
    short = result.plan.shortfalls
    lacking = short.loc[short["reason"] == reason, "need_id"].tolist()
    assert lacking
    for need in lacking:
        text = solver.explain(result.problem, result, need_id=str(need)).text()
        assert line in text
        assert "has no words for" not in text
