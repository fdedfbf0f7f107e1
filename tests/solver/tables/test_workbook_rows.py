from __future__ import annotations

from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from solver.tables.header import find_header
from solver.tables.parse import parse_tables
from solver.tables.read import RawTables, read_tables
from solver.tables.sheet_table import read_sheet_table
from solver.tables.sheets import Sheet

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

Row = tuple[Any, ...]
HEAD: Row = ("STT", "Mã tài sản", "Tên tài sản", "Loại tài sản", "Mã xã", "Số lượng", "Đơn vị quản lý")
CAR: Row = (1, "V-1", "Xe", "phương tiện", "00004", 1, "Sở Y tế")


def read(path: Path, rows: Sequence[Row], merge: Sequence[str] = (), name: str = "Tài sản") -> RawTables:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = name
    for at, row in enumerate(rows, start=1):
        for place, value in enumerate(row, start=1):
            sheet.cell(at, place, value)
    for cells in merge:
        sheet.merge_cells(cells)
    book.save(path / "a.xlsx")
    return read_tables(path)


def own(raw: RawTables, table: str = "assets") -> list[tuple[int | None, str | None, str]]:
    return [(one.row, one.column, one.code) for one in raw.issues if one.table == table]


def left_out(raw: RawTables) -> str:
    return next((one.params["rows"] for one in raw.issues if one.code == "rows_left_out"), "")


def test_a_total_below_merged_cells_is_no_asset(tmp_path: Path) -> None:
    rows = [
        HEAD,
        CAR,
        (2, "V-2", "Xe", None, None, 1, "Sở Y tế"),
        (None, "Tổng cộng", None, None, None, 2),
    ]
    raw = read(tmp_path, rows, ["D2:D4", "E2:E4", "G2:G4"])
    assert list(raw.assets["asset_id"]) == ["V-1", "V-2"]
    assert list(raw.assets["category"]) == ["phương tiện"] * 2
    assert left_out(raw) == "4"


@pytest.mark.parametrize(
    "total",
    [
        (None, "Tổng", None, "xe", "00004", 2),
        ("Tổng", None, None, "xe", "00004", 2),
        (None, "Cộng xe", None, "xe", "00004", 2),
        (None, None, "Tổng cộng: 02 xe", None, None, 2),
        (None, "TỔNG SỐ XE", None, "xe", "00004", 2),
    ],
)
def test_a_total_with_all_that_a_record_has_is_a_total_still(tmp_path: Path, total: Row) -> None:
    raw = read(tmp_path, [HEAD, CAR, total, (2, *CAR[1:])])
    assert list(raw.assets["row"]) == [2, 4]
    assert left_out(raw) == "3"


def test_names_that_begin_like_a_total_are_records(tmp_path: Path) -> None:
    names = ["Tổng cục Thuế", "Tổng công ty Điện", "Công an", "V-4"]
    rows = [(at, name, "Tổng", "xe", "00004", 1) for at, name in enumerate(names)]
    raw = read(tmp_path, [HEAD, *rows])
    assert list(raw.assets["asset_id"]) == names
    assert own(raw) == []


@pytest.mark.parametrize(
    ("column", "head"),
    [("F", "units"), ("H", "book_value_vnd"), ("I", "area_m2"), ("J", "release_value_vnd")],
)
def test_an_amount_merged_over_several_rows_is_an_error(tmp_path: Path, column: str, head: str) -> None:
    heads = (*HEAD, "Nguyên giá", "Diện tích", "Giá trị thu hồi")
    rows = [heads, (*CAR, 30, 30, 30), (2, "V-2", *CAR[2:], 5, 5, 5), (3, "V-3", *CAR[2:], 5, 5, 5)]
    raw = read(tmp_path, rows, [f"{column}2:{column}4"])
    assert own(raw) == [(2, head, "amount_merged")]
    assert f"{column}2:{column}4" in raw.issues[0].message("vi")


def test_a_merged_amount_beside_no_other_row_is_one_amount(tmp_path: Path) -> None:
    raw = read(tmp_path, [HEAD, CAR], ["F2:F4"])
    assert own(raw) == []
    assert list(raw.assets["units"]) == ["1"]


@pytest.mark.parametrize(
    ("last", "codes"),
    [
        ((2, "V-2", "Xe", None, None, 1, "Chủ tịch UBND xã A"), ["category"]),
        ((2, "V-2", "Ghi chú: xe hỏng"), ["category"]),
        ((2, None, "Người lập biểu", "phương tiện", "00004", 1), ["asset_id"]),
        ((2, "V 2"), ["category"]),
        ((None, "Xe 7"), ["category"]),
        ((2, None, "Xe Toyota 7 chỗ"), ["asset_id", "category"]),
        ((None, None, None, "phương tiện"), ["asset_id"]),
        ((None, None, None, None, None, 3), ["asset_id", "category"]),
    ],
)
def test_what_somebody_began_is_a_row_and_its_gaps_are_errors(
    tmp_path: Path, last: Row, codes: list[str]
) -> None:
    raw = read(tmp_path, [HEAD, CAR, last, (3, None, *CAR[2:])])
    assert list(raw.assets["row"]) == [2, 3, 4]
    assert left_out(raw) == ""
    found = [one.column for one in parse_tables(raw).issues if one.row == 3 and one.code == "value_missing"]
    assert found == codes


def test_sections_and_what_stands_below_a_table_are_left_out_in_the_column_of_identifiers_too(
    tmp_path: Path,
) -> None:
    rows: list[Row] = [
        HEAD,
        (None, "I. Khối Đảng"),
        ("I", "Công an tỉnh"),
        (None, "Văn phòng Ủy ban nhân dân tỉnh"),
        CAR,
        (None, "Thanh Hóa, ngày 15 tháng 8 năm 2025"),
        (None, "NGƯỜI LẬP BIỂU", None, None, "THỦ TRƯỞNG"),
        (None, "Nguyễn Văn A", None, None, "Trần Thị B"),
    ]
    raw = read(tmp_path, rows)
    assert list(raw.assets["row"]) == [5]
    assert left_out(raw) == "2, 3, 4, 6, 7, 8"


def test_a_commune_may_be_a_name_and_nothing_else(tmp_path: Path) -> None:
    rows = [
        ("STT", "Tên xã", "Dân số", "Tên tỉnh", "Số lãnh đạo"),
        (1, "Hạc Thành"),
        (2, "Bỉm Sơn", None, None, 3),
        (3, "Cộng Hòa"),
        (None, "Tổng cộng", None, None, 3),
    ]
    raw = read(tmp_path, rows, name="Xã")
    assert raw.communes is not None
    assert list(raw.communes["name"]) == ["Hạc Thành", "Bỉm Sơn", "Cộng Hòa"]
    assert left_out(raw) == "5"


class Counted(dict[tuple[int, int], str]):
    """A dictionary that counts how often it is gone through."""

    times = 0

    def __iter__(self) -> Iterator[tuple[int, int]]:
        self.times += 1
        return super().__iter__()


def test_cells_in_error_are_gone_through_a_few_times_and_not_for_every_row() -> None:
    wrong = Counted({(row, 6): "#N/A" for row in range(2, 200)})
    cells = [list(HEAD), list(CAR), *([""] * len(HEAD) for _ in range(2, 200))]
    sheet = Sheet("Tài sản", hidden=False, rows=cells, wrong=wrong)
    header = find_header("assets", sheet)
    assert header is not None
    frame, _, found = read_sheet_table("assets", "a.xlsx", sheet, header)
    assert [one.code for one in found] == ["cell_error"] * 198
    assert len(frame) == 1
    assert wrong.times < 5


def test_headings_repeated_on_every_page_are_left_out(tmp_path: Path) -> None:
    upper: Row = ("STT", "Mã tài sản", "Loại tài sản", "Mã xã", "Diện tích", None)
    lower: Row = (None, None, None, None, "Đất", "Sàn")
    numbers: Row = ("(1)", "(2)", "(3)", "(4)", "(5)", "(6)")
    first, second = (1, "P-1", "nhà, đất", "00004", 2, 1), (2, "P-2", "nhà, đất", "00004", 2, 1)
    raw = read(tmp_path, [upper, lower, numbers, first, upper, lower, numbers, second], ["E1:F1", "E5:F5"])
    assert list(raw.assets["asset_id"]) == ["P-1", "P-2"]
    assert left_out(raw).startswith("5, ")
    assert left_out(raw).endswith("7")


def test_column_numbers_that_excel_took_for_negative_ones_are_no_row(tmp_path: Path) -> None:
    raw = read(tmp_path, [HEAD, (-1, -2, -3, -4, -5, -6, -7), CAR])
    assert list(raw.assets["row"]) == [3]
    assert own(raw) == []


@pytest.mark.parametrize("name", ["Kịch bản 2025", "kich ban - phương án 1", "Trang 1", "Định mức 2025"])
def test_a_scenario_is_known_by_its_keys_under_another_name(tmp_path: Path, name: str) -> None:
    head = ("Khóa", "Giá trị", "Đơn vị tính")
    raw = read(tmp_path, [head, ("name", "x"), ("reach_km.vehicle", 40, "km")], name=name)
    assert raw.scenario == {"name": "x", "reach_km": {"vehicle": 40}}
    assert raw.norms is None
    assert own(raw, "scenario") == [(None, None, "sheet_guessed")]


def test_norms_are_known_by_their_keys_under_another_name(tmp_path: Path) -> None:
    head = ("Khóa", "Giá trị", "Đơn vị tính")
    raw = read(tmp_path, [head, ("cars/target", 1, "cars"), ("cars/norm", 2, "cars")], name="Kịch bản 2025")
    assert raw.scenario is None
    assert raw.norms is not None
    assert list(raw.norms["key"]) == ["cars/target", "cars/norm"]


@pytest.mark.parametrize("name", ["Tài sản 2025", "Tài sản(2)", "TAI SAN2", "Danh mục tài sản dôi dư"])
def test_a_name_that_begins_like_a_tables_is_that_tables(tmp_path: Path, name: str) -> None:
    raw = read(tmp_path, [("Mã tài sản", "Xã"), ("V-1", "A")], name=name)
    assert list(raw.assets["asset_id"]) == ["V-1"]


@pytest.mark.parametrize(("name", "rows"), [("Xã Hạc Thành", [HEAD, CAR]), ("Nhu cầu xe", [HEAD, CAR])])
def test_headings_outweigh_a_name_that_only_begins_like_a_tables(
    tmp_path: Path, name: str, rows: list[Row]
) -> None:
    assert list(read(tmp_path, rows, name=name).assets["asset_id"]) == ["V-1"]


def test_a_summary_named_like_a_table_is_not_taken_for_it(tmp_path: Path) -> None:
    raw = read(tmp_path, [("Loại tài sản", "Số lượng"), ("xe", 3)], name="Tài sản theo xã")
    assert [one.code for one in raw.issues if one.severity == "warning"] == ["sheet_unknown"]
