from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.formats.cells import MOST_CHARACTERS, text_of
from app.formats.convert import read_tables
from app.formats.json_tables import parse_json, rows_of_json, scenario_text
from solver import parse_tables

if TYPE_CHECKING:
    from pathlib import Path


def told(content: str | bytes) -> list[tuple[str, int | None, str | None, str]]:
    """Return the places and codes of what is wrong with a document."""
    body = content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content
    return [(one.table, one.row, one.column, one.code) for one in rows_of_json(body)[1]]


def cell(literal: str) -> tuple[str, list[tuple[str, int | None, str | None, str]]]:
    """Return what a cell of the second row becomes, and what is told of it."""
    body = f'{{"assets": [{{}}, {{"year": {literal}}}]}}'
    tables, _ = rows_of_json(body.encode())
    return tables["assets"][1]["year"], told(body)


def test_tables_are_read_by_english_and_vietnamese_names_and_a_table_that_is_null_is_left_out() -> None:
    tables, found = rows_of_json(
        {"Assets": [{"Mã tài sản": "V-1"}], "nhu cầu": [], "norms": None, "scenario": {"name": 1}}
    )
    assert tables == {"assets": [{"Mã tài sản": "V-1"}], "needs": []}
    assert found == []


@pytest.mark.parametrize(
    ("literal", "text"),
    [
        ("1e3", "1000"),
        ("1.50", "1.50"),
        ("0.1", "0.1"),
        ("21.03333333333333333333", "21.03333333333333333333"),
        ("9007199254740993", "9007199254740993"),
        ("-0", "0"),
        ("true", "true"),
        ("null", ""),
        ('"00004"', "00004"),
        ('" Vi\\u0065\\u0323\\u0302t "', "Việt"),
    ],
)
def test_values_keep_their_exact_text(literal: str, text: str) -> None:
    assert cell(literal) == (text, [])


@pytest.mark.parametrize(
    ("literal", "code"),
    [
        ("NaN", "not_finite"),
        ("-Infinity", "not_finite"),
        ("1e999", "number_too_long"),
        ("1e-999", "number_too_long"),
        ("1e99999999999999999999", "number_too_long"),
        ("9" * 5000, "number_too_long"),
        ("[1]", "cell_nested"),
        ('{"a": 1}', "cell_nested"),
        ('"\\ud800"', "control_character"),
        ('"a\\u0000"', "control_character"),
        (f'"{"x" * (MOST_CHARACTERS + 1)}"', "cell_too_long"),
    ],
)
def test_a_value_that_no_cell_can_hold_is_refused_in_its_place(literal: str, code: str) -> None:
    assert cell(literal) == ("", [("assets", 3, "year", code)])


def test_python_values_are_held_to_the_same_rules() -> None:
    row = {"a": float("nan"), "b": float("inf"), "c": 10**5000, "d": Decimal("NaN"), "e": (1,), "f": 0.1}
    tables, found = rows_of_json({"assets": [row]})
    assert tables["assets"] == [{"a": "", "b": "", "c": "", "d": "", "e": "", "f": "0.1"}]
    assert [one.code for one in found] == [
        "not_finite", "not_finite", "number_too_long", "not_finite", "cell_nested",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"\xff\xfe{\x00}\x00", [("folder", None, None, "encoding_not_utf8")]),
        (b'{"assets": "\xff"}', [("folder", None, None, "encoding_not_utf8")]),
        ("", [("folder", None, None, "json_broken")]),
        ("{", [("folder", None, None, "json_broken")]),
        ("[" * 200_000, [("folder", None, None, "json_broken")]),
        ('{"a":' * 200_000, [("folder", None, None, "json_broken")]),
        ("[]", [("folder", None, None, "json_not_tables")]),
        ("NaN", [("folder", None, None, "json_not_tables")]),
        ('{"cars": []}', [("folder", None, None, "table_unknown")]),
        ('{"assets": {}}', [("assets", None, None, "json_not_rows")]),
        ('{"assets": [[]]}', [("assets", 2, None, "row_not_object")]),
        ('{"assets": [null]}', [("assets", 2, None, "row_not_object")]),
        ('{"assets": [], "assets": []}', [("assets", None, "assets", "key_duplicate")]),
        ('{"assets": [], "Tài sản": []}', [("assets", None, None, "table_twice")]),
        ('{"assets": [{"year": 1, "year": 2}]}', [("assets", 2, "year", "key_duplicate")]),
        ('{"assets": [{"year": 1, " year": 2}]}', [("assets", 2, "year", "key_duplicate")]),
        ('{"assets": [{"\\udfff": 1}]}', [("assets", 2, None, "control_character")]),
        ('{"\\udfff": 1}', [("folder", None, None, "table_unknown")]),
    ],
)
def test_a_document_that_is_wrong_is_refused_in_words(
    content: str | bytes, expected: list[tuple[str, int | None, str | None, str]]
) -> None:
    assert told(content) == expected
    body = content if isinstance(content, bytes) else content.encode()
    for one in rows_of_json(body)[1]:
        for lang in ("en", "vi"):
            words = one.message(lang) + one.remedy(lang)
            assert words.encode("utf-8")
            assert "{" not in words.replace(one.value, "").replace("“{”", "")


def test_a_table_with_too_many_rows_is_refused_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.formats.json_tables.MOST_ROWS", 2)
    tables, found = rows_of_json({"assets": [{}] * 3, "needs": [{"need_id": "N"}] * 2})
    assert tables["assets"] == []
    assert len(tables["needs"]) == 2
    assert [(one.table, one.code) for one in found] == [("assets", "rows_too_many")]


def test_a_byte_order_mark_is_taken_off() -> None:
    assert told(b'\xef\xbb\xbf{"assets": []}') == []


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()) | st.decimals(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
)


@given(st.dictionaries(st.sampled_from(["assets", "needs", "scenario", "x"]), json_values) | json_values)
def test_no_value_raises(value: object) -> None:
    tables, found = rows_of_json(value)
    scenario_text(value)
    for one in found:
        assert one.message("vi")
    for rows in tables.values():
        for row in rows:
            assert "".join(row.values()).encode("utf-8") is not None  # which a half character could not be


@given(st.binary(max_size=60) | st.text(alphabet='{}[]":,\\ude0123456789asets', max_size=60).map(str.encode))
def test_no_bytes_raise(content: bytes) -> None:
    value, found = parse_json("assets", "assets.json", content)
    assert (value is None) or not found


@given(st.decimals(allow_nan=False, allow_infinity=False, places=6) | st.integers(-(10**15), 10**15))
def test_numbers_are_exact(number: Decimal | int) -> None:
    text = text_of(number)
    assert isinstance(text, str)
    assert Decimal(text) == number
    assert "E" not in text


def write(folder: Path, name: str, content: str) -> Path:
    (folder / name).write_text(content, encoding="utf-8")
    return folder


NEEDS = "need_id,category,commune_code\nN-1,vehicle,00008\n"


def test_a_refused_cell_is_reported_once_and_by_its_file_and_row(tmp_path: Path) -> None:
    write(tmp_path, "needs.csv", NEEDS)
    first = '{"asset_id": "V-1", "category": "vehicle", "commune_code": "00004", "year": 2015}'
    second = first.replace('"V-1"', "[1]").replace("2015", "NaN")
    write(tmp_path, "assets.json", f"[{first}, {second}]")
    raw = read_tables(tmp_path)
    assert raw.places["assets"].file == "assets.json"
    errors = [one for one in parse_tables(raw).issues if one.severity == "error"]
    assert [(one.row, one.column, one.code) for one in errors] == [
        (3, "asset_id", "cell_nested"),
        (3, "year", "not_finite"),
    ]


def test_a_scenario_keeps_its_digits_and_is_told_by_its_file(tmp_path: Path) -> None:
    scenario = '{"prices": {"handover": {"vehicle": 12345678901234.123456789}}, "name": "Thử"}'
    path = tmp_path / "tỉnh.json"
    path.write_text(f'{{"assets": [], "scenario": {scenario}}}', encoding="utf-8")
    raw = read_tables(path)
    assert raw.scenario == {
        "prices": {"handover": {"vehicle": Decimal("12345678901234.123456789")}},
        "name": "Thử",
    }
    assert raw.places["scenario"].file == "tỉnh.json"
    assert set(raw.sources) == {"tỉnh.json"}
    assert [(one.table, one.code) for one in parse_tables(raw).issues] == [
        ("assets", "table_empty"),
        ("needs", "table_missing"),
    ]


@pytest.mark.parametrize(
    ("scenario", "code"),
    [
        ('{"name": "a", "name": "b"}', "key_duplicate"),
        ("[1]", "scenario_syntax"),
        ("[" * 60 + "]" * 60, "scenario_syntax"),
    ],
)
def test_a_wrong_scenario_is_an_issue(tmp_path: Path, scenario: str, code: str) -> None:
    write(tmp_path, "tables.json", f'{{"scenario": {scenario}}}')
    raw = read_tables(tmp_path)
    assert [one.code for one in raw.issues if one.table == "scenario"] == [code]


def test_a_number_of_a_scenario_that_is_none_is_left_to_its_key(tmp_path: Path) -> None:
    write(tmp_path, "tables.json", '{"scenario": {"seed": NaN, "date": 1e3}}')
    scenario = read_tables(tmp_path).scenario
    assert scenario is not None
    assert scenario["seed"].is_nan()
    assert scenario["date"] == 1000


def test_a_scenario_of_python_values_is_written_exactly_or_refused() -> None:
    text, found = scenario_text({"scenario": {"a": Decimal("1.10"), "b": [True, None, "é"], "c": 2}})
    assert (text, found) == ('{"a": 1.10, "b": [true, null, "\\u00e9"], "c": 2}', [])
    assert json.loads(text or "") == {"a": 1.1, "b": [True, None, "é"], "c": 2}
    text, found = scenario_text({"scenario": {"a": 10**5000}})
    assert (text, [one.code for one in found]) == (None, ["scenario_syntax"])
    assert scenario_text({"assets": []}) == (None, [])


def test_a_value_with_an_empty_key_is_an_issue_and_an_empty_value_with_one_is_nothing() -> None:
    tables, found = rows_of_json({"assets": [{"asset_id": "A", "": "x"}, {"asset_id": "B", " ": None}]})
    assert tables == {"assets": [{"asset_id": "A"}, {"asset_id": "B"}]}
    assert [(one.table, one.row, one.code, one.value) for one in found] == [("assets", 2, "key_empty", "x")]


def test_a_long_text_that_cannot_be_shown_is_shown_in_ascii() -> None:
    (found,) = rows_of_json({"assets": [{"name": "\ud800" + "x" * 200_000}]})[1]
    assert (found.code, found.column) == ("control_character", "name")
    assert found.value.isascii()


def test_a_key_that_is_given_twice_outside_of_tables_names_its_file() -> None:
    (found, *_) = rows_of_json(b'{"x": 1, "x": 2}', "của tôi.json")[1]
    assert (found.code, found.params["file"]) == ("key_duplicate", "của tôi.json")
