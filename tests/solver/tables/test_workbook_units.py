from __future__ import annotations

from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from solver.tables.columns import TABLES
from solver.tables.read import read_tables
from solver.tables.units import other_unit

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

Row = tuple[Any, ...]
HEAD: Row = ("Mã tài sản", "Loại tài sản", "Mã xã")
ASSET: Row = ("V-1", "phương tiện", "00004")


def codes(path: Path, rows: Sequence[Row], merge: Sequence[str] = ()) -> list[tuple[str | None, str]]:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Tài sản"
    for at, row in enumerate(rows, start=1):
        for place, value in enumerate(row, start=1):
            sheet.cell(at, place, value)
    for cells in merge:
        sheet.merge_cells(cells)
    book.save(path / "a.xlsx")
    return [(one.column, one.code) for one in read_tables(path).issues if one.code != "sheet_missing"]


@pytest.mark.parametrize(
    "heading",
    [
        "Nguyên giá/triệu đồng",
        "Nguyên giá / tr.đ",
        "Nguyên giá (x1000đ)",
        "Nguyên giá (tính bằng triệu đồng)",
        "Nguyên giá (theo sổ, triệu đồng)",
        "Nguyên giá ('000 đồng)",
        "Nguyên giá (x 1.000 đồng)",
        "Nguyên giá (10³ đồng)",
        "Nguyên giá (103 đồng)",
        "Nguyên giá (Triệu VNĐ)",
        "NGUYÊN GIÁ (TRIỆU ĐỒNG)",
        "Nguyên giá [tỷ]",
        "Nguyên giá (đơn vị: triệu)",
        "Nguyên giá (trđ)",
        "Nguyen gia (ngan dong)",
        "Nguyên giá (million VND)",
        "Nguyên giá/USD",
        "Nguyên giá (đồng/m2)",
        "Nguyên giá/quý",
        "Diện tích/ha",
        "Diện tích (1000 m2)",
        "Diện tích (1.000m2)",
        "Diện tích (nghìn m²)",
        "Diện tích (100m2)",
        "Diện tích (sào)",
        "Diện tích (công)",
        "Diện tích (tổng các tầng, ha)",
        "DIỆN TÍCH (HA)",
        "Diện tích (héc-ta)",
    ],
)
def test_another_unit_anywhere_in_a_heading_is_an_error(tmp_path: Path, heading: str) -> None:
    column = "area_m2" if heading.lower().startswith("diện") else "book_value_vnd"
    assert codes(tmp_path, [(*HEAD, heading), (*ASSET, 720)]) == [(column, "unit_other")]


@pytest.mark.parametrize(
    "heading",
    [
        "Nguyên giá (VNĐ)",
        "Nguyên giá/đồng",
        "Nguyên giá (đồng/chiếc)",
        "Nguyên giá (theo sổ của công ty)",
        "Nguyên giá (UBND xã Triệu Sơn lập)",
        "Nguyên giá (theo tỷ lệ)",
        "Diện tích/m2",
        "Diện tích (m²)",
        "Diện tích (nhà công vụ)",
        "Diện tích (theo mẫu 02)",
    ],
)
def test_our_own_unit_and_names_of_places_are_no_other_unit(tmp_path: Path, heading: str) -> None:
    assert codes(tmp_path, [(*HEAD, heading), (*ASSET, 720)]) == []


def test_no_heading_of_ours_states_another_unit() -> None:
    for columns in TABLES.values():
        for column in columns:
            for heading in (column.name, column.vi, *column.aliases):
                if column.name != "area_km2":  # km2 is what it is stated in
                    assert other_unit(column.unit, heading) == ""


BOTH = [("area_m2", "unit_other"), ("book_value_vnd", "unit_other")]


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("Đơn vị tính: m2, nghìn đồng", BOTH[1:]),
        ("ĐVT: Diện tích: m2; Giá trị: triệu đồng", BOTH[1:]),
        ("Đơn vị tính triệu đồng", BOTH[1:]),
        ("Giá trị tính bằng triệu đồng", BOTH[1:]),
        ("(Đơn vị tính: 1.000 đồng)", BOTH[1:]),
        ("Đơn vị: tr.đ", BOTH[1:]),
        ("Triệu đồng", BOTH[1:]),
        ("Đơn vị tính: ha; đồng", BOTH[:1]),
        ("Đơn vị tính: nghìn m2, nghìn đồng", BOTH),
        ("Đơn vị: UBND xã Ngân Sơn", []),
        ("Đơn vị: UBND xã Triệu Sơn", []),
        ("Đơn vị lập: Phòng Tài chính xã Triệu Phong", []),
        ("Đơn vị tính: m2, đồng. Đơn vị lập: UBND xã Triệu Sơn", []),
        ("DANH MỤC TÀI SẢN CÓ NGUYÊN GIÁ TRÊN 500 TRIỆU ĐỒNG", []),
        ("UBND XÃ TRIỆU SƠN", []),
        ("Hà Nội, ngày 5 tháng 3 năm 2025", []),
    ],
)
def test_lines_above_the_table_state_units_after_a_label_or_alone(
    tmp_path: Path, line: str, wanted: list[tuple[str, str]]
) -> None:
    rows: list[Row] = [(None, None, line), (), (*HEAD, "Diện tích", "Nguyên giá"), (*ASSET, 2, 720)]
    assert codes(tmp_path, rows) == wanted


def test_a_unit_in_the_cell_beside_its_label_or_below_the_table_counts(tmp_path: Path) -> None:
    rows = [(*HEAD, "Nguyên giá"), (*ASSET, 720)]
    assert codes(tmp_path, [("Đơn vị tính:", "triệu đồng"), *rows]) == [("book_value_vnd", "unit_other")]
    below = [*rows, (None, "Ghi chú: đơn vị tính: triệu đồng")]
    assert codes(tmp_path, below) == [(None, "rows_left_out"), ("book_value_vnd", "unit_other")]


@pytest.mark.parametrize("merged", [True, False])
def test_the_unit_of_a_group_of_headings_counts_for_all_below_it(tmp_path: Path, merged: bool) -> None:
    rows = [
        ("Thông tin chung", None, None, "Giá trị (triệu đồng)", None, "Khác"),
        (*HEAD, "Nguyên giá", "Giá trị còn lại", "Chi phí sửa chữa"),
        (*ASSET, 900, 300, 5000000),
    ]
    assert codes(tmp_path, rows, ["A1:C1", "D1:E1"] if merged else []) == [
        ("book_value_vnd", "unit_other"),
        ("residual_value_vnd", "unit_other"),
    ]


@pytest.mark.parametrize("unit", ["(triệu đồng)", "triệu đồng", "(1.000 đồng)"])
def test_a_row_of_units_below_the_headings_is_read_as_units(tmp_path: Path, unit: str) -> None:
    head = (*HEAD, "Diện tích", "Nguyên giá")
    rows = [head, (None, None, None, "(m2)", unit), ("(1)", "(2)", "(3)", "(4)", "(5)"), (*ASSET, 2, 720)]
    assert codes(tmp_path, rows) == [("book_value_vnd", "unit_other")]
    rows[1] = (None, None, None, "(m2)", "(đồng)")
    assert codes(tmp_path, rows) == []


def test_units_in_the_third_row_of_headings_are_units(tmp_path: Path) -> None:
    rows = [
        (*HEAD, "Giá trị theo sổ", None),
        (None, None, None, "Nguyên giá", "Giá trị còn lại"),
        (None, None, None, "(triệu đồng)", "(đồng)"),
        (*ASSET, 3, 2),
    ]
    merged = ["A1:A3", "B1:B3", "C1:C3", "D1:E1"]
    assert codes(tmp_path, rows, merged) == [("book_value_vnd", "unit_other")]
