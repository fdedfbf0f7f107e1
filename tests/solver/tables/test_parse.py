from __future__ import annotations

import datetime as dt
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solver.tables.columns import TABLES
from solver.tables.parse import parse_frame, parse_tables
from solver.tables.read import RawTables


def one(table: str, column: str, cell: object, **others: object) -> tuple[object, list[str]]:
    """Return the typed cell and the codes reported at that column, for one row that is right otherwise."""
    row = {
        "assets": {"asset_id": "A"},
        "needs": {"need_id": "N"},
        "matches": {"asset_id": "A", "need_id": "N"},
    }
    cells = {**row.get(table, {}), "category": "vehicle", "cost_vnd": "1", **others, column: cell}
    frame, issues = parse_frame(
        table, pd.DataFrame({name: [value] for name, value in cells.items()}, dtype=object)
    )
    return frame.loc[0, column], [found.code for found in issues if found.column == column]


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("1", 1),
        ("007", 7),
        ("+3", 3),
        ("5.0", 5),
        ("5,00", 5),
        ("1.234.567", 1_234_567),
        ("1,234,567", 1_234_567),
        ("1 000", 1000),
        ("1000000000", 10**9),
    ],
)
def test_whole_numbers_are_read(text: str, units: int) -> None:
    assert one("assets", "units", text) == (units, [])


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("0", "out_of_range"),
        ("1000000001", "out_of_range"),
        ("-1", "negative"),
        ("-0.5", "negative"),
        ("1.5", "not_whole"),
        ("1.234", "number_grouped"),
        ("1,234", "number_grouped"),
        ("nan", "not_finite"),
        ("-inf", "not_finite"),
        ("Infinity", "not_finite"),
        ("9.5E+08", "number_scientific"),
        ("two", "not_a_number"),
        ("1..2", "not_a_number"),
        ("#N/A", "not_a_number"),
        ("1.234,567", "not_a_number"),
        ("12a", "not_a_number"),
    ],
)
def test_wrong_units_are_named(text: str, code: str) -> None:
    value, codes = one("assets", "units", text)
    assert (value, codes) == (1, [code])  # 1 is the default


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "value_missing"),
        ("950.000", "number_grouped"),
        ("1e9", "number_scientific"),
        ("1000000000000001", "out_of_range"),
    ],
)
def test_a_price_of_a_match_is_there_plain_and_below_a_limit(text: str, code: str) -> None:
    assert one("matches", "cost_vnd", text)[1] == [code]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("85", "85"),
        ("85%", "85"),
        ("85,5 %", "85.5"),
        ("85.50", "85.5"),
        ("0", "0"),
        ("100", "100"),
        ("99.99", "99.99"),
    ],
)
def test_conditions_are_exact_decimals_with_or_without_a_percent_sign(text: str, value: str) -> None:
    read, codes = one("assets", "condition_pct", text)
    assert (str(read), codes) == (value, [])


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("100.01", "out_of_range"),
        ("-1", "negative"),
        ("1.234", "number_grouped"),
        ("0.123", "too_many_decimals"),
        ("good", "not_a_number"),
    ],
)
def test_wrong_conditions_are_named(text: str, code: str) -> None:
    assert one("assets", "condition_pct", text)[1] == [code]


def test_a_distance_may_have_three_decimals_after_a_point_but_not_after_a_comma() -> None:
    assert one("matches", "distance_km", "12.345") == (Decimal("12.345"), [])
    assert one("matches", "distance_km", "12,345")[1] == ["number_grouped"]


@pytest.mark.parametrize(
    ("text", "day"),
    [("2025-08-15", (2025, 8, 15)), ("15/08/2025", (2025, 8, 15)), ("1/2/2024", (2024, 2, 1))],
)
def test_dates_are_iso_or_local(text: str, day: tuple[int, int, int]) -> None:
    assert one("assets", "available_from", text) == (dt.date(*day), [])


@pytest.mark.parametrize(
    "text", ["15.08.2025", "2025-02-30", "31/11/2025", "08/15/2025", "20250815", "45884", "1/1/25"]
)
def test_other_dates_are_refused(text: str) -> None:
    assert one("assets", "available_from", text)[1] == ["not_a_date"]


@pytest.mark.parametrize(
    ("lat", "code"),
    [
        ("105.83", "lat_lon_swapped"),
        ("-91", "out_of_range"),
        ("200", "out_of_range"),
        ("nan", "not_finite"),
        ("21°", "not_a_number"),
    ],
)
def test_wrong_latitudes_are_named(lat: str, code: str) -> None:
    assert one("assets", "lat", lat, lon="21.03")[1] == [code]


def test_a_point_needs_both_coordinates() -> None:
    assert one("assets", "lat", "", lon="105.8")[1] == ["point_incomplete"]
    assert one("assets", "lon", "", lat="21,034")[1] == ["point_incomplete"]
    assert one("assets", "lat", "21,034", lon="105.8") == (21.034, [])


@pytest.mark.parametrize(
    ("column", "text", "code"),
    [
        ("status", "Dôi dư", "surplus"),
        ("status", "doi du", "surplus"),
        ("status", "In use", "in_use"),
        ("category", "xe", "vehicle"),
        ("legal_status", "đang tranh chấp", "disputed"),
        ("holder_level", "tỉnh", "province"),
        ("kind", "Xe ô tô", "car"),
        ("kind", "o to", "car"),
        ("kind", "other:Xe lu", "other:xe lu"),
    ],
)
def test_closed_lists_know_labels_and_aliases(column: str, text: str, code: str) -> None:
    assert one("assets", column, text) == (code, [])


def test_a_word_outside_a_closed_list_is_an_error_with_the_nearest() -> None:
    frame = pd.DataFrame({"asset_id": ["A"], "category": ["vehicel"], "status": ["surpluss"]})
    typed, issues = parse_frame("assets", frame)
    assert [(found.column, found.code, found.params["closest"]) for found in sorted(issues)] == [
        ("category", "choice_unknown", "vehicle"),
        ("status", "choice_unknown", "surplus"),
    ]
    assert typed["category"].isna().all()


def test_an_unknown_kind_is_kept_with_one_warning_for_all_its_rows() -> None:
    frame = pd.DataFrame({"asset_id": ["A", "B"], "category": "vehicle", "kind": "Xe lu"})
    typed, issues = parse_frame("assets", frame)
    assert list(typed["kind"]) == ["other:xe lu"] * 2
    assert [(found.code, found.row, found.severity, found.params["rows"]) for found in issues] == [
        ("kind_unknown", 2, "warning", "2")
    ]


def test_the_same_word_is_judged_by_the_category_of_its_row() -> None:
    frame = pd.DataFrame({"asset_id": ["A", "B"], "category": ["equipment", "vehicle"], "kind": "máy in"})
    typed, issues = parse_frame("assets", frame)
    assert typed.loc[0, "kind"] == "printer"
    assert [(found.row, found.code) for found in issues] == [(3, "kind_other_category")]


@pytest.mark.parametrize(
    ("text", "kinds", "codes"),
    [
        ("car|pickup", "car|pickup", []),
        ("xe con | bán tải |ô tô", "car|pickup", []),
        ("car|xe lu", "car|other:xe lu", ["kind_unknown"]),
        ("car|printer", None, ["kind_other_category"]),
        ("xe lu|printer|xe cẩu", None, ["kind_other_category"]),
    ],
)
def test_kinds_of_a_need_are_joined_by_a_bar(text: str, kinds: str | None, codes: list[str]) -> None:
    value, found = one("needs", "kinds", text)
    assert found == codes
    assert value == kinds if kinds else pd.isna(value)  # type: ignore[call-overload]  # a scalar


def test_duplicates_name_the_row_that_has_the_id() -> None:
    frame = pd.DataFrame(
        {"asset_id": ["A", "B", "A", "A"], "category": "vehicle", "official_id": ["p", "q", "", "q"]}
    )
    _, issues = parse_frame("assets", frame)
    assert [(found.row, found.code, found.params["first"]) for found in sorted(issues)] == [
        (4, "duplicate_id", "2"),
        (5, "duplicate_id", "2"),
        (5, "duplicate_official_id", "3"),
    ]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("", "value_missing"),
        ("x" * 101, "id_too_long"),
        ("a\nb", "control_character"),
        ("a\u200bb", "control_character"),
    ],
)
def test_wrong_ids_are_named(name: str, code: str) -> None:
    assert one("assets", "asset_id", name)[1] == [code]


def test_premises_have_one_unit_and_their_needs_an_area() -> None:
    assert one("assets", "units", "2", category="premises", area_m2="10")[1] == ["premises_units"]
    assert one("needs", "area_m2", "", category="premises")[1] == ["area_missing"]
    assert one("needs", "area_m2", "0", category="premises")[1] == ["area_missing"]
    assert one("needs", "area_m2", "x", category="premises")[1] == ["not_a_number"]
    assert one("assets", "area_m2", "", category="premises")[1] == ["capacity_unknown"]
    assert one("assets", "area_m2", "", category="premises", status="in_use")[1] == []
    needs = pd.DataFrame({"need_id": ["N"], "category": ["premises"]})
    assert parse_frame("needs", needs, explicit_matches=True)[1] == []


def test_dates_in_the_wrong_order_are_named() -> None:
    assert one("assets", "available_until", "2025-08-01", available_from="2025-08-02")[1] == [
        "dates_reversed"
    ]
    assert one("assets", "available_until", "2025-08-02", available_from="2025-08-02")[1] == []


def test_codes_stay_as_they_are_given() -> None:
    assert one("assets", "commune_code", "00004") == ("00004", [])
    assert one("assets", "commune_code", 4.0) == ("4.0", [])
    assert one("assets", "commune_code", 4) == ("4", [])


def test_typed_frames_of_a_notebook_are_read_as_they_are() -> None:
    frame = pd.DataFrame(
        {
            "asset_id": ["A", "B", "C"],
            "category": ["vehicle"] * 3,
            "units": [1.0, 2.0, np.nan],
            "condition_pct": [85.5, np.nan, 30],
            "year": pd.array([2015, None, 2020], dtype="Int64"),
            "available_from": [pd.Timestamp(2025, 8, 15), pd.NaT, pd.Timestamp(2025, 8, 16)],
            "repair_vnd": [10, 0, 5],
            "name": ["x", None, np.nan],
        }
    )
    typed, issues = parse_frame("assets", frame)
    assert issues == []
    assert typed["units"].tolist() == [1, 2, 1]
    assert typed["condition_pct"].tolist() == [Decimal("85.5"), None, Decimal(30)]
    assert typed["year"].isna().tolist() == [False, True, False]
    assert typed["available_from"].tolist() == [dt.date(2025, 8, 15), None, dt.date(2025, 8, 16)]
    assert typed["name"].isna().tolist() == [False, True, True]


@pytest.mark.parametrize(
    ("value", "code"), [(1.125, "number_grouped"), (float("inf"), "not_finite"), (-1, "negative")]
)
def test_typed_numbers_are_checked_likewise(value: float, code: str) -> None:
    assert one("assets", "units", value)[1] == [code]


CELLS = st.sampled_from(
    ["", "1", "2", "85.5", "1.234.567", "-3", "x", "2025-08-15", "15/08/2025", "car", "xe lu", "%"]
)


@settings(max_examples=40)
@given(st.sampled_from(sorted(TABLES)), st.data())
def test_parsing_a_typed_frame_again_changes_nothing(table: str, data: st.DataObject) -> None:
    names = [column.name for column in TABLES[table]]
    rows = data.draw(st.lists(st.lists(CELLS, min_size=len(names), max_size=len(names)), max_size=4))
    typed, _ = parse_frame(table, pd.DataFrame(rows, columns=names, dtype="str"))
    again, _ = parse_frame(table, typed)
    pd.testing.assert_frame_equal(again, typed)


def test_an_empty_frame_has_every_column_with_its_type() -> None:
    typed, issues = parse_frame("assets", pd.DataFrame({"asset_id": [], "category": []}, dtype="str"))
    assert issues == []
    assert [column.name for column in TABLES["assets"] if not column.derived] == list(typed.columns)[:-1]
    assert str(typed["units"].dtype) == "Int64"
    assert str(typed["lat"].dtype) == "Float64"
    assert str(typed["name"].dtype) == "str"
    assert str(typed["area_m2"].dtype) == "object"


def test_a_missing_column_is_one_issue_and_not_one_for_every_row() -> None:
    _, issues = parse_frame("assets", pd.DataFrame({"asset_id": ["A", "B"]}))
    assert [(found.row, found.column, found.code) for found in issues] == [
        (None, "category", "column_missing")
    ]


def test_unknown_columns_are_kept_as_strings() -> None:
    frame = pd.DataFrame({"asset_id": ["A"], "category": ["vehicle"], "colour": [" red "], "leg_m": ["12"]})
    typed, _ = parse_frame("assets", frame)
    assert typed.loc[0, "colour"] == "red"
    assert typed.loc[0, "leg_m"] == 12


def test_empty_tables_are_errors() -> None:
    raw = RawTables(
        assets=pd.DataFrame({"asset_id": [], "category": []}, dtype="str"),
        needs=pd.DataFrame({"need_id": [], "category": []}, dtype="str"),
    )
    assert [(found.table, found.code) for found in parse_tables(raw).issues] == [
        ("assets", "table_empty"),
        ("needs", "table_empty"),
    ]


@pytest.mark.parametrize("text", ["chưa sử dụng", "không sử dụng", "chưa xử lý"])
def test_no_suggestion_turns_a_no_into_a_yes(text: str) -> None:
    _, issues = parse_frame(
        "assets",
        pd.DataFrame(
            {"asset_id": ["A"], "category": ["vehicle"], "commune_code": ["00004"], "status": [text]}
        ),
    )
    (found,) = [one for one in issues if one.code == "choice_unknown"]
    assert found.params["closest"] in ("", "đã bàn giao, chưa sử dụng", "bàn giao chưa sử dụng")
    assert "dôi dư" in found.message("vi")
    assert "surplus" in found.message("en")
