from __future__ import annotations

import re
import zipfile
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import geodata
from solver.tables.parse import parse_tables
from solver.tables.percent import shown_percent
from solver.tables.read import RawTables, read_tables
from solver.tables.sheet_scan import look
from solver.tables.sheet_xml import parsed
from solver.tables.styles import is_percent

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

Row = tuple[Any, ...]
HEAD: Row = ("asset_id", "category", "commune_code", "condition_pct")


def write(path: Path, name: str, rows: Sequence[Row], formats: dict[str, str] | None = None) -> Path:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = name
    for at, row in enumerate(rows, start=1):
        for place, value in enumerate(row, start=1):
            sheet.cell(at, place, value)
    for cell, code in (formats or {}).items():
        sheet[cell].number_format = code
    book.save(path / "a.xlsx")
    return path / "a.xlsx"


def assets(path: Path, values: Sequence[Any], formats: dict[str, str] | None = None) -> RawTables:
    rows = [HEAD, *((f"V-{at}", "vehicle", "00004", value) for at, value in enumerate(values))]
    return read_tables(write(path, "assets", rows, formats))


def own(raw: RawTables, table: str = "assets") -> list[tuple[int | None, str | None, str]]:
    return [(one.row, one.column, one.code) for one in raw.issues if one.table == table]


@pytest.mark.parametrize("code", ["0%", "0.00%", '0.0" "%', "[Red]0%;-0%"])
def test_a_cell_counts_as_the_percentage_that_it_shows(tmp_path: Path, code: str) -> None:
    raw = assets(tmp_path, [0.8, 1, 0.285, 80, None], {f"D{row}": code for row in (2, 3, 4)})
    assert own(raw) == []
    assert parse_tables(raw).assets["condition_pct"].tolist() == [80, 100, Decimal("28.5"), 80, None]


@pytest.mark.parametrize("code", ["0.0", '0.0" %"', "0\\%", "@"])
def test_a_percent_sign_that_multiplies_nothing_is_no_percentage(tmp_path: Path, code: str) -> None:
    raw = assets(tmp_path, [0.8, 80], {"D2": code})
    assert own(raw) == [(2, "condition_pct", "percent_as_share")]
    assert not is_percent(code)


@pytest.mark.parametrize(
    ("values", "wanted"),
    [
        ([0.8, 80], [2]),
        ([80, 1, 0.5, "0,7"], [3, 4, 5]),
        ([1, 1], [None]),
        ([0, 0.8], [None]),
        ([0, 0], []),
        (["0.8%", 80, "80 %", 1.5], []),
        (["80%", 0.8], [3]),
    ],
)
def test_a_number_of_at_most_one_without_a_percent_sign_is_refused(
    tmp_path: Path, values: list[Any], wanted: list[int | None]
) -> None:
    assert own(assets(tmp_path, values)) == [(row, "condition_pct", "percent_as_share") for row in wanted]


def test_a_percentage_in_a_column_of_other_numbers_is_an_error(tmp_path: Path) -> None:
    head = ("asset_id", "category", "commune_code", "units", "book_value_vnd", "area_m2", "year", "name")
    rows = [head, ("V-1", "vehicle", "00004", 1, 900, 0.5, 2018, 0.5)]
    raw = read_tables(write(tmp_path, "assets", rows, {f"{letter}2": "0%" for letter in "DEFGH"}))
    columns = ("area_m2", "book_value_vnd", "units", "year")
    assert own(raw) == [(2, name, "percent_misplaced") for name in columns]
    assert "50 %" in raw.issues[0].message("vi")


def test_norms_that_are_percentages_are_read_as_shown(tmp_path: Path) -> None:
    rows = [("Khóa", "Giá trị"), ("headquarters/common_share", 0.6), ("cars/target", 0.5)]
    raw = read_tables(write(tmp_path, "Định mức", rows, {"B2": "0%", "B3": "0%"}))
    given_norms = geodata.read_norms(parse_tables(raw).norms)
    values = given_norms.norms.set_index("key")["value"]
    assert values["headquarters/common_share"] == "60"
    assert given_norms.issues[["row", "code"]].to_numpy().tolist() == [[3, "norm_value"]]


def test_a_norm_stored_as_a_share_is_refused(tmp_path: Path) -> None:
    rows = [("Khóa", "Giá trị", "Đơn vị tính"), ("headquarters/common_share", 0.6, "%")]
    assert own(read_tables(write(tmp_path, "Định mức", rows)), "norms") == [(2, "value", "percent_as_share")]
    without_unit = parse_tables(read_tables(write(tmp_path, "Định mức", [row[:2] for row in rows])))
    assert geodata.read_norms(without_unit.norms).issues["code"].tolist() == ["norm_value"]


def test_keys_of_the_scenario_are_read_as_shown(tmp_path: Path) -> None:
    rows = [
        ("Khóa", "Giá trị"),
        ("rules.min_condition_pct.vehicle", 0.5),
        ("rules.min_condition_pct.premises", "12.5%"),
        ("solver.cost_gap", 0.05),
    ]
    raw = read_tables(write(tmp_path, "Kịch bản", rows, {"B2": "0%", "B4": "0%"}))
    assert own(raw, "scenario") == []
    assert raw.scenario == {
        "rules": {"min_condition_pct": {"vehicle": 50, "premises": Decimal("12.5")}},
        "solver": {"cost_gap": Decimal("0.05")},
    }


def test_shares_and_stray_percentages_in_a_scenario_are_errors(tmp_path: Path) -> None:
    rows = [
        ("Khóa", "Giá trị"),
        ("rules.min_condition_pct.vehicle", 0.5),
        ("reach_km.vehicle", 400),
        ("prices.per_km.vehicle", 12000),
        ("prices.per_km.equipment", None),
        ("solver.seed", "=1+1"),
    ]
    path = write(tmp_path, "Kịch bản", rows, {"B3": "0%"})
    book = openpyxl.load_workbook(path)
    book.worksheets[0].merge_cells("B4:B5")
    book.save(path)
    assert own(read_tables(path), "scenario") == [
        (None, "prices.per_km.equipment", "amount_merged"),
        (None, "reach_km.vehicle", "percent_misplaced"),
        (None, "rules.min_condition_pct.vehicle", "percent_as_share"),
        (None, "solver.seed", "formula_unreckoned"),
    ]


def test_a_cell_with_a_number_is_never_readable_in_two_ways(tmp_path: Path) -> None:
    raw = assets(tmp_path, [80.125, 80.25, "1.125"])
    found = [(one.row, one.code) for one in parse_tables(raw).issues if one.column == "condition_pct"]
    assert found == [(2, "too_many_decimals"), (4, "number_grouped")]
    norms = [("Khóa", "Giá trị"), ("office/heads", 18.125), ("office/leaders", "18.125")]
    typed = parse_tables(read_tables(write(tmp_path, "Định mức", norms))).norms
    assert geodata.read_norms(typed).issues["row"].tolist() == [3]


@given(st.decimals(0, 1000, places=4))
def test_percentages_are_exact(share: Decimal) -> None:
    assert Decimal(shown_percent(float(share))) == share * 100


def respelt(path: Path, change: Callable[[bytes], bytes]) -> Path:
    """Write a sheet's XML in another way."""
    again = path.with_name("b.xlsx")
    with zipfile.ZipFile(path) as package, zipfile.ZipFile(again, "w") as copy:
        for name in package.namelist():
            part = package.read(name)
            copy.writestr(name, change(part) if name.startswith("xl/worksheets/") else part)
    path.unlink()
    return again


SPELLINGS: dict[str, Callable[[bytes], bytes]] = {
    "as Excel": lambda xml: xml,
    "without names of cells": lambda xml: re.sub(rb'<c r="[A-Z]+\d+"', b"<c", xml),
    "without names of rows and cells": lambda xml: re.sub(rb'<(c|row) r="[A-Z]*\d+"', rb"<\1", xml),
    "single quotes": lambda xml: xml.replace(b'"', b"'"),
    "spaces about the sign": lambda xml: xml.replace(b't="e"', b't = "e"').replace(b's="1"', b's = "1"'),
    "comments": lambda xml: xml.replace(b"<v>", b"<!-- x --><v>"),
    "line breaks": lambda xml: xml.replace(b"<c ", b"<c\n"),
}


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_errors_formulas_and_percentages_are_seen_however_the_file_is_written(
    tmp_path: Path, spelling: str
) -> None:
    head = (*HEAD, "units", "year")
    path = write(tmp_path, "assets", [head, ("V-1", "vehicle", "00004", 0.8, "#REF!", "=1+1")], {"D2": "0%"})
    raw = read_tables(respelt(path, SPELLINGS[spelling]))
    assert own(raw) == [(2, "units", "cell_error"), (2, "year", "formula_unreckoned")]
    assert list(raw.assets["condition_pct"]) == ["80"]


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_the_quick_look_and_the_parser_see_the_same(tmp_path: Path, spelling: str) -> None:
    rows = [HEAD, ("V-1", "#N/A", "=1+1", 0.8), ("x", "y", "#REF!", 1)]
    path = write(tmp_path, "assets", rows, {"D2": "0%", "D3": "0%"})
    with zipfile.ZipFile(path) as package:
        xml = package.read("xl/worksheets/sheet1.xml")
    seen = look(SPELLINGS[spelling](xml), {1})
    assert seen == parsed(xml, {1})
    assert seen.wrong == {(1, 1): "#N/A", (2, 2): "#REF!"}
    assert seen.unreckoned == ((1, 2),)
    assert seen.percent == {(1, 3), (2, 3)}


@pytest.mark.parametrize("spelling", ["as Excel", "single quotes", "line breaks"])
def test_a_cell_far_away_is_found_however_the_file_is_written(spelling: str) -> None:
    near = '<row r="1"><c r="A1"><v>1</v></c></row>'
    far = '<row r="1048576"><c r="A1048576"/><c r="XFD1048576"><v>1</v></c></row>'
    xml = f"<worksheet><sheetData>{near}{far}</sheetData></worksheet>".encode()
    assert look(SPELLINGS[spelling](xml)).far == "XFD1048576"
