"""What is wrong with a scenario is said in Vietnamese without English left in it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from solver.scenario.load import read_scenario
from solver.scenario.text import parse_scenario_file

#: A value that each kind of key refuses, what it wants, and that in Vietnamese.
WRONG = [
    ({"limits": {"budget_vnd": "x"}}, "a number", "một số"),
    ({"prices": "x"}, "a table", "một bảng các khóa"),
    ({"prices": {"unmet": 3}}, "a table", "một bảng các khóa"),
    (
        {"equity": {"coverage_floor": "much"}},
        'a number from 0 to 1, or "max-min"',
        'một số từ 0 đến 1, hoặc "max-min"',
    ),
    ({"name": 3}, "a text in quotation marks", "chữ đặt trong ngoặc kép"),
    (
        {"prices": {"count_release_value": "x"}},
        "true or false",
        "true (có) hoặc false (không)",
    ),
    ({"rules": {"legal_status": "clear"}}, "a list", "một danh sách trong ngoặc vuông"),
    ({"prices": {"priority_factor": [1]}}, "a list of 5 numbers", "danh sách 5 số"),
    (
        {"stability": {"bans": ["A"]}},
        "a pair of identifiers: [asset_id, need_id]",
        "một cặp mã: [asset_id, need_id]",
    ),
    (
        {"stability": {"pins": ["A"]}},
        "[asset_id, need_id] or [asset_id, need_id, units]",
        "[asset_id, need_id] hoặc [asset_id, need_id, units]",
    ),
]

#: A text that cannot be read: how it is told, with its place. "tomllib" and "json" say it in English.
BROKEN = [
    ("toml", "a = ", "giá trị không hợp lệ hoặc chưa ghi (ở cuối tệp)"),
    ("toml", "a = 1\nb = tru", "giá trị không hợp lệ hoặc chưa ghi (dòng 2, vị trí 5)"),
    ("toml", "a = [1", "danh sách chưa đóng ngoặc vuông, hoặc thiếu dấu phẩy (ở cuối tệp)"),
    ("toml", "a = {b=1", "bảng chưa đóng ngoặc nhọn, hoặc thiếu dấu phẩy (ở cuối tệp)"),
    ("toml", 'a = "x', "chữ chưa đóng ngoặc kép (ở cuối tệp)"),
    ("toml", "[a.b]\n[a.b]", "mục “a.b” được ghi hai lần (dòng 2, vị trí 5)"),
    ("toml", "a = {b=1, b=2}", "khóa “b” được ghi hai lần (dòng 1, vị trí 14)"),
    ("toml", "a = {b=1}\na.c = 2", "không thể thêm vào “a”, đã ghi trọn bằng ngoặc nhọn (ở cuối tệp)"),
    ("toml", "a b", "thiếu dấu = sau khóa (dòng 1, vị trí 3)"),
    ("toml", "a = 1 2", "thừa nội dung sau giá trị, hoặc giá trị sai (dòng 1, vị trí 7)"),
    ("toml", "[a", "thiếu dấu ] ở cuối tên mục (ở cuối tệp)"),
    ("toml", "[[a]", "thiếu dấu ]] ở cuối tên mục (dòng 1, vị trí 4)"),
    ("toml", "= 1", "dòng không có dạng khóa = giá trị (dòng 1, vị trí 1)"),
    ("toml", 'a = "\\q"', "dấu \\ trong chữ phải viết thành \\\\ (dòng 1, vị trí 8)"),
    ("toml", 'a = "\\u12"', "mã ký tự không hợp lệ (dòng 1, vị trí 8)"),
    ("toml", "a = 'x\ny'", "có ký tự không được dùng: “\\n” (dòng 1, vị trí 7)"),
    ("json", "{a: 1}", "cần tên khóa đặt trong ngoặc kép (dòng 1, vị trí 2)"),
    ("json", '{"a": }', "thiếu giá trị, hoặc giá trị sai (dòng 1, vị trí 7)"),
    ("json", '{"a" 1}', "thiếu dấu “:” (dòng 1, vị trí 6)"),
    ("json", '{"a": 1} x', "thừa nội dung ở cuối (dòng 1, vị trí 10)"),
    ("json", "[1]", "nội dung ngoài cùng phải là một bảng các khóa {...}"),
    ("json", '{"a": ' + "9" * 5000 + "}", "một số quá dài"),
]


def issues_of(raw: dict[str, Any]) -> dict[str, tuple[str, str]]:
    _, found = read_scenario(raw, explicit_matches=False, inventory_date=dt.date(2025, 7, 1))
    return {one.code: (one.message("en"), one.message("vi")) for one in found}


@pytest.mark.parametrize(("raw", "english", "vietnamese"), WRONG)
def test_what_a_value_has_to_be_is_said_in_both_languages(
    raw: dict[str, Any], english: str, vietnamese: str
) -> None:
    said = issues_of(raw)["wrong_type"]
    assert said[0].endswith(f"must be {english}.")
    assert said[1].endswith(f"không đúng kiểu; cần: {vietnamese}.")


@pytest.mark.parametrize(("ending", "text", "vietnamese"), BROKEN)
def test_why_a_scenario_cannot_be_read_is_said_in_vietnamese_with_its_place(
    ending: str, text: str, vietnamese: str
) -> None:
    _, (found,) = parse_scenario_file(f"scenario.{ending}", text)
    assert found.message("vi") == f"Không đọc được tệp kịch bản: {vietnamese}."


def test_a_choice_that_is_not_known_names_those_that_are() -> None:
    for raw, allowed in (
        ({"equity": {"by": "district"}}, "province, priority, country"),
        ({"equity": {"floor_mode": "hard"}}, "attainable, strict"),
        ({"stability": {"freedom": "frei"}}, "same_recipient, same_province, free"),
    ):
        english, vietnamese = issues_of(raw)["choice_unknown"]
        assert english.endswith(f"does not know this value; allowed: {allowed}.")
        assert vietnamese.endswith(f"các giá trị được dùng: {allowed}.")
    english, vietnamese = issues_of({"rules": {"legal_status": ["dubious"]}})["choice_unknown"]
    assert "allowed: clear, " in english
    assert "các giá trị được dùng: clear (" in vietnamese
