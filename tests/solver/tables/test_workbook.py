from __future__ import annotations

import datetime as dt
import hashlib
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from solver.tables.parse import parse_tables
from solver.tables.read import RawTables, read_tables

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from openpyxl.worksheet.worksheet import Worksheet

Row = tuple[Any, ...]
DAY = dt.datetime(2025, 8, 15)  # noqa: DTZ001  # as openpyxl takes it
ASSETS: list[Row] = [
    ("Mã tài sản", "Loại tài sản", "Chủng loại", "Mã xã", "Số lượng"),
    ("V-1", "phương tiện", "xe ô tô", "00004", 1),
    ("E-1", "thiết bị", "máy vi tính", "00008", 5),
]
NEEDS: list[Row] = [
    ("Mã nhu cầu", "Loại tài sản", "Chủng loại", "Mã xã"),
    ("N-1", "phương tiện", "xe ô tô", "00004"),
]


def fill(sheet: Worksheet, rows: Sequence[Row]) -> None:
    for at, row in enumerate(rows, start=1):
        for place, value in enumerate(row, start=1):
            if value is not None:
                sheet.cell(at, place, value)


def write(path: Path, merge: dict[str, Sequence[str]] | None = None, **sheets: Sequence[Row]) -> Path:
    """Write sheets named by the keywords (``_`` for a space); ``merge`` holds ranges by sheet."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name.replace("_", " "))
        fill(sheet, rows)
        for cells in (merge or {}).get(name, ()):
            sheet.merge_cells(cells)
    book.save(path)
    return path


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "thanh-hoa.xlsx"


def found(raw: RawTables) -> list[tuple[str, int | None, str | None, str]]:
    return [(one.table, one.row, one.column, one.code) for one in raw.issues]


def read_assets(file: Path, rows: Sequence[Row], merge: Sequence[str] = ()) -> RawTables:
    return read_tables(write(file, {"Tài_sản": merge}, Tài_sản=rows, Nhu_cầu=NEEDS))


def test_a_workbook_is_read_as_the_tables_of_a_folder(file: Path) -> None:
    raw = read_assets(file, ASSETS)
    assert raw.issues == []
    assert list(raw.assets.columns) == ["asset_id", "category", "kind", "commune_code", "units", "row"]
    assert raw.assets.to_numpy().tolist() == [
        ["V-1", "phương tiện", "xe ô tô", "00004", "1", 2],
        ["E-1", "thiết bị", "máy vi tính", "00008", "5", 3],
    ]
    assert list(raw.needs["need_id"]) == ["N-1"]
    assert raw.matches is None
    assert raw.sources == {"thanh-hoa.xlsx": hashlib.sha256(file.read_bytes()).hexdigest()}
    place = raw.places["assets"]
    assert (place.file, place.sheet, place.heading_row) == ("thanh-hoa.xlsx", "Tài sản", 1)
    assert place.cell(3, "commune_code") == "D3"
    assert place.cell(None, "Số lượng") == "E1"
    assert parse_tables(raw).places == raw.places


def test_a_folder_may_hold_a_workbook_beside_csv_files(tmp_path: Path) -> None:
    write(tmp_path / "a.xlsx", Assets=ASSETS)
    (tmp_path / "~$a.xlsx").write_bytes(b"lock")
    (tmp_path / "needs.csv").write_text(
        "need_id,category,kinds,commune_code\nN-1,vehicle,car,00004\n", "utf-8"
    )
    raw = read_tables(tmp_path)
    assert raw.issues == []
    assert set(raw.places) == {"assets"}
    assert set(raw.sources) == {"a.xlsx", "needs.csv"}
    assert list(raw.needs["need_id"]) == ["N-1"]


def test_two_workbooks_in_a_folder_are_an_error_that_names_them(tmp_path: Path) -> None:
    for name in ("a.xlsx", "b.xlsx"):
        write(tmp_path / name, assets=ASSETS, needs=NEEDS)
    raw = read_tables(tmp_path)
    assert [(one.code, one.value) for one in raw.issues] == [("workbooks_several", "a.xlsx, b.xlsx")]


def test_a_table_given_by_sheet_and_by_csv_is_an_error(tmp_path: Path) -> None:
    write(tmp_path / "a.xlsx", assets=ASSETS, needs=NEEDS)
    (tmp_path / "needs.csv").write_text("need_id,category\n", "utf-8")
    assert found(read_tables(tmp_path)) == [("needs", None, None, "table_twice")]


def test_a_sheet_of_headings_alone_counts_as_absent(tmp_path: Path) -> None:
    write(
        tmp_path / "a.xlsx",
        assets=ASSETS,
        needs=NEEDS[:1],
        matches=[("asset_id", "need_id", "cost_vnd")],
        scenario=[("Khóa", "Giá trị"), ("name", None)],
    )
    (tmp_path / "needs.csv").write_text("need_id,category,commune_code\nN-9,vehicle,00004\n", "utf-8")
    (tmp_path / "scenario.toml").write_text('name = "x"\n', "utf-8")
    raw = read_tables(tmp_path)
    assert raw.issues == []
    assert raw.matches is None
    assert raw.scenario == {"name": "x"}
    assert list(raw.needs["need_id"]) == ["N-9"]
    assert set(raw.places) == {"assets"}


def test_needs_without_rows_are_an_empty_table_in_their_sheet(file: Path) -> None:
    raw = read_tables(write(file, assets=ASSETS, needs=NEEDS[:1]))
    assert found(raw) == []
    assert [(one.table, one.code) for one in parse_tables(raw).issues if one.severity == "error"] == [
        ("needs", "table_empty")
    ]
    assert raw.places["needs"].sheet == "needs"


def test_a_workbook_without_needs_says_which_sheet_is_missing(file: Path) -> None:
    tables = parse_tables(read_tables(write(file, assets=ASSETS)))
    assert [(one.table, one.code) for one in tables.issues if one.severity == "error"] == [
        ("needs", "sheet_missing")
    ]


def test_several_sheets_of_one_table_are_an_error(file: Path) -> None:
    raw = read_tables(write(file, assets=ASSETS, Danh_mục_tài_sản=ASSETS, needs=NEEDS))
    assert [(one.code, one.value) for one in raw.issues] == [
        ("sheets_several", "“assets”, “Danh mục tài sản”")
    ]


@pytest.mark.parametrize("name", ["assets", "TAI SAN", "Tài sản", "danh mục tài sản", "Danh_muc_tai_san"])
def test_sheet_names_are_known_with_or_without_marks_and_case(tmp_path: Path, name: str) -> None:
    book = openpyxl.Workbook()
    fill(book.worksheets[0], ASSETS)
    book.worksheets[0].title = name
    fill(book.create_sheet("NHU CẦU"), NEEDS)
    book.save(tmp_path / "a.xlsx")
    assert read_tables(tmp_path).issues == []


def test_help_sheets_and_empty_ones_are_passed_over(file: Path) -> None:
    raw = read_tables(
        write(
            file,
            Hướng_dẫn=[("Cách điền",)],
            Lists=ASSETS,
            Ví_dụ=ASSETS,
            Sheet1=[],
            assets=ASSETS,
            needs=NEEDS,
        )
    )
    assert raw.issues == []


def test_a_sheet_of_another_name_is_known_by_its_headings_with_a_warning(file: Path) -> None:
    raw = read_tables(write(file, Sheet1=ASSETS, needs=NEEDS, Tổng_hợp=[("Chỉ tiêu", "Năm nay"), ("Xe", 3)]))
    assert [(one.table, one.code, one.severity, one.value) for one in raw.issues] == [
        ("assets", "sheet_guessed", "warning", "Sheet1"),
        ("folder", "sheet_unknown", "warning", "Tổng hợp"),
    ]
    assert "Sheet1" in raw.issues[0].message("vi")
    assert list(raw.assets["asset_id"]) == ["V-1", "E-1"]


def test_a_hidden_sheet_is_read_only_by_its_name(file: Path) -> None:
    write(file, assets=ASSETS, needs=NEEDS, Sheet1=ASSETS)
    book = openpyxl.load_workbook(file)
    book["Sheet1"].sheet_state = "hidden"
    book.save(file)
    assert read_tables(file).issues == []


def test_a_workbook_without_any_table_says_how_to_begin(file: Path) -> None:
    raw = read_tables(write(file, Sheet1=[("a", "b"), (1, 2)]))
    assert [one.code for one in raw.issues if one.severity == "error"] == ["workbook_no_tables"]
    assert "surplan template" in raw.issues[-1].remedy("en")
    assert [one.code for one in parse_tables(raw).issues if one.severity == "error"] == ["workbook_no_tables"]


def test_titles_above_units_stars_and_line_breaks_in_headings_are_understood(file: Path) -> None:
    raw = read_assets(
        file,
        [
            ("UBND TỈNH THANH HÓA", None, None, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
            ("DANH MỤC TÀI SẢN DÔI DƯ",),
            (None, None, None, None, None, "Đơn vị tính: đồng"),
            (),
            (
                "STT",
                "Mã tài sản *",
                "Loại\ntài sản (*)",
                "Mã xã (5 chữ số)",
                "Nguyên giá (VNĐ)",
                "Diện tích (m²)",
            ),
            ("(1)", "(2)", "(3)", "(4)", "(5)", "(6)=(4)x2"),
            (1, "V-1", "phương tiện", "00004", 720000000, None),
        ],
        merge=["A2:F2"],
    )
    assert raw.issues == []
    assert list(raw.assets.columns) == [
        "asset_id",
        "category",
        "commune_code",
        "book_value_vnd",
        "area_m2",
        "row",
    ]
    assert raw.assets.to_numpy().tolist() == [["V-1", "phương tiện", "00004", "720000000", "", 7]]
    assert raw.places["assets"].cell(7, "book_value_vnd") == "E7"
    assert raw.places["assets"].heading_row == 5


@pytest.mark.parametrize("merged", [True, False])
def test_headings_of_two_rows_are_joined(file: Path, merged: bool) -> None:
    raw = read_assets(
        file,
        [
            ("DANH MỤC TÀI SẢN",),
            ("STT", "Mã tài sản", "Loại tài sản", "Diện tích (m2)", None, "Đơn vị", None, "Mã xã"),
            (None, None, None, "Đất", "Sàn", "Tên", "Cấp quản lý", None),
            (None, "A", "B", 1, 2, 3, 4, 5),
            (1, "P-1", "nhà, đất", 500, 200.5, "Sở Y tế", "cấp tỉnh", "00004"),
        ],
        merge=["A2:A3", "B2:B3", "C2:C3", "D2:E2", "F2:G2", "H2:H3", "A1:H1"] if merged else [],
    )
    assert [(one.code, one.column) for one in raw.issues if one.code != "column_unknown"] == []
    assert raw.assets[["asset_id", "land_area_m2", "area_m2", "holder_level", "row"]].to_numpy().tolist() == [
        ["P-1", "500", "200.5", "cấp tỉnh", 5]
    ]
    assert raw.places["assets"].heading_row == 3


def test_a_lower_heading_that_another_column_has_already_is_no_second_one(file: Path) -> None:
    raw = read_assets(
        file,
        [
            ("Mã tài sản", "Tên tài sản", "Loại tài sản", "Bên nhận", None, "Mã xã"),
            (None, None, None, "Tên", "Nơi nhận", None),
            ("V-1", "Xe", "phương tiện", "Công an", "Huyện", "00004"),
        ],
        merge=["D1:E1"],
    )
    assert list(raw.assets["name"]) == ["Xe"]
    assert list(raw.assets["Bên nhận Tên"]) == ["Công an"]
    assert [one.code for one in raw.issues] == ["column_unknown", "column_unknown"]


def test_totals_sections_and_signatures_are_left_out_with_one_warning(file: Path) -> None:
    raw = read_assets(
        file,
        [
            ("STT", "Mã tài sản", "Loại tài sản", "Mã xã", "Tên tài sản", "Số lượng"),
            ("I", "Văn phòng Ủy ban nhân dân tỉnh"),
            (1, "V-1", "phương tiện", "00004", "Tổng", 1),
            ("II. Công an tỉnh",),
            (2, "V-2", "phương tiện", "00004", "Xe", 2),
            (None, "Tổng cộng (I+II)", None, None, None, 3),
            ("Cộng", None, None, None, None, 3),
            (),
            (None, "NGƯỜI LẬP BIỂU", None, None, "THỦ TRƯỞNG ĐƠN VỊ"),
            (None, "(Ký, ghi rõ họ tên)", None, None, "(Ký tên, đóng dấu)"),
            (None, "Nguyễn Văn A", None, None, "Trần Thị B"),
        ],
    )
    assert list(raw.assets["asset_id"]) == ["V-1", "V-2"]
    (one,) = raw.issues
    assert (one.code, one.severity) == ("rows_left_out", "warning")
    assert one.params["rows"] == "2, 4, 6, 7, 9, 10, 11"


def test_an_unfinished_row_is_not_taken_for_a_section(file: Path) -> None:
    raw = read_assets(file, [*ASSETS, ("V-2",), (None, "phương tiện", "xe ô tô"), ("Công", "phương tiện")])
    assert raw.issues == []
    assert list(raw.assets["row"]) == [2, 3, 4, 5, 6]


def test_rows_with_an_ordinal_only_are_no_rows(file: Path) -> None:
    rows = [("TT", *ASSETS[0]), (1, *ASSETS[1]), (2,), (3,)]
    raw = read_assets(file, rows)
    assert raw.issues == []
    assert list(raw.assets["row"]) == [2]


def test_a_merged_cell_counts_for_every_row_of_the_merge(file: Path) -> None:
    raw = read_assets(
        file,
        [
            ("Mã tài sản", "Loại tài sản", "Mã xã", "Đơn vị quản lý"),
            ("V-1", "phương tiện", "00004", "Sở Y tế"),
            ("V-2", "phương tiện"),
            ("V-3", "phương tiện"),
            (),
        ],
        merge=["C2:C5", "D2:D4"],
    )
    assert raw.assets["holder"].tolist() == ["Sở Y tế"] * 3
    assert raw.assets["commune_code"].tolist() == ["00004"] * 3
    (one,) = raw.issues
    assert (one.code, one.severity, one.params["cells"]) == ("cells_merged", "warning", "C2:C5, D2:D4")


def test_cells_become_the_texts_that_a_person_would_type(file: Path) -> None:
    raw = read_assets(
        file,
        [
            (
                "asset_id",
                "category",
                "commune_code",
                "year",
                "lat",
                "book_value_vnd",
                "available_from",
                "note",
                "name",
            ),
            (
                " V\u00adé 1 ",
                "vehicle",
                1234,
                2015.0,
                0.1 + 0.2,
                950000000.0,
                dt.date(2025, 8, 15),
                True,
                "Ho\u0300a",
            ),
            ("V-2", "vehicle", "01234", 2015, 1e-7, 1e14, DAY, 1.5, "x\ny"),
        ],
    )
    assert raw.issues == []
    assert raw.assets.to_numpy().tolist() == [
        ["V\u00adé 1", "vehicle", "1234", "2015", "0.3", "950000000", "2025-08-15", "true", "Hòa", 2],
        ["V-2", "vehicle", "01234", "2015", "0.0000001", "100000000000000", "2025-08-15", "1.5", "x\ny", 3],
    ]


def test_a_number_too_long_for_a_spreadsheet_is_an_error(file: Path) -> None:
    rows = [(*ASSETS[0], "Số đăng ký"), (*ASSETS[1], 1234567890123456)]
    assert found(read_assets(file, rows)) == [("assets", 2, "official_id", "digits_lost")]


def test_error_cells_are_issues_of_their_cell_and_nothing_else(file: Path) -> None:
    write(file, assets=ASSETS, needs=NEEDS)
    book = openpyxl.load_workbook(file)
    sheet = book["assets"]
    for cell, text in (("A2", "#REF!"), ("E3", "#N/A"), ("C3", "#DIV/0!")):
        sheet[cell] = text
        sheet[cell].data_type = "e"
    sheet["D2"] = "#VALUE!"
    sheet["D2"].data_type = "s"  # pasted as a value
    book.save(file)
    raw = read_tables(file)
    wanted = [
        ("assets", 2, "asset_id", "cell_error"),
        ("assets", 2, "commune_code", "cell_error"),
        ("assets", 3, "kind", "cell_error"),
        ("assets", 3, "units", "cell_error"),
    ]
    assert found(raw) == wanted
    assert [one.value for one in raw.issues] == ["#REF!", "#VALUE!", "#DIV/0!", "#N/A"]
    assert [
        (one.table, one.row, one.column, one.code)
        for one in parse_tables(raw).issues
        if one.severity == "error"
    ] == wanted


def test_a_formula_without_its_result_is_an_error(file: Path) -> None:
    rows = [ASSETS[0], (*ASSETS[1][:4], "=1+1"), ("V-2", "vehicle", "car", '=""&"00004"', 1)]
    assert found(read_assets(file, rows)) == [
        ("assets", 2, "units", "formula_unreckoned"),
        ("assets", 3, "commune_code", "formula_unreckoned"),
    ]


def test_a_percent_column_stored_as_shares_is_an_error_with_a_remedy(file: Path) -> None:
    head = ("asset_id", "category", "commune_code", "condition_pct")
    shares = [
        head,
        ("V-1", "vehicle", "00004", 0.8),
        ("V-2", "vehicle", "00004", 1),
        ("V-3", "vehicle", "00004"),
    ]
    raw = read_assets(file, shares)
    assert found(raw) == [("assets", None, "condition_pct", "percent_as_share")]
    assert "100" in raw.issues[0].remedy("vi")
    for good in ([0, 0], [1.5, 40], ["0.5%", 1.5], [None, None]):
        rows = [head, *(("V-" + str(at), "vehicle", "00004", value) for at, value in enumerate(good))]
        assert read_assets(file, rows).issues == []


@pytest.mark.parametrize(
    ("above", "heading", "unit"),
    [
        ("Đơn vị tính: đồng", "Nguyên giá (triệu đồng)", "triệu đồng"),
        ("ĐVT: nghìn đồng", "Nguyên giá", "nghìn đồng"),
        ("Đvt: Tỷ đồng; diện tích: m2", "Nguyên giá", "Tỷ đồng"),
        ("Đơn vị tính: 1.000 đồng", "Nguyên giá (đồng)", "1.000 đồng"),
    ],
)
def test_a_multiple_of_the_wanted_unit_is_an_error(file: Path, above: str, heading: str, unit: str) -> None:
    raw = read_assets(file, [(above,), (*ASSETS[0], heading), (*ASSETS[1], 720)])
    assert found(raw) == [("assets", None, "book_value_vnd", "unit_other")]
    assert unit in raw.issues[0].message("vi")


@pytest.mark.parametrize("above", ["Đơn vị: UBND xã Ngân Sơn", "Đơn vị tính: đồng", "Đơn vị tính: m2, đồng"])
def test_a_line_above_the_table_that_states_no_multiple_does_no_harm(file: Path, above: str) -> None:
    assert read_assets(file, [(above,), (*ASSETS[0], "Nguyên giá"), (*ASSETS[1], 720)]).issues == []


def test_hectares_are_not_square_metres(file: Path) -> None:
    rows = [(*ASSETS[0], "Diện tích đất (ha)"), (*ASSETS[1], 2)]
    assert found(read_assets(file, rows)) == [("assets", None, "land_area_m2", "unit_other")]


def test_headings_are_judged_as_in_csv(file: Path) -> None:
    rows = [
        ("Mã tài sản", "asset id", "Biển hiệu", None, "Mã xã"),
        ("V-1", "V-1", "x", "y", "00004"),
    ]
    assert found(read_assets(file, rows)) == [
        ("assets", None, "Biển hiệu", "column_unknown"),
        ("assets", None, "asset_id", "column_duplicate"),
        ("assets", None, "category", "column_missing"),
        ("assets", None, "column_4", "column_unnamed"),
    ]


def test_a_named_sheet_without_headings_is_an_error(file: Path) -> None:
    assert found(read_assets(file, [("a", "b"), (1, 2)])) == [("assets", None, None, "headings_unknown")]


def test_a_table_that_starts_at_another_cell_keeps_its_places(file: Path) -> None:
    rows: list[Row] = [(), (), *((None, None, *row) for row in ASSETS)]
    raw = read_assets(file, rows)
    assert raw.issues == []
    assert raw.assets["row"].tolist() == [4, 5]
    assert raw.places["assets"].cell(4, "asset_id") == "C4"


def test_decimals_are_those_of_the_cell(file: Path) -> None:
    rows = [(*ASSETS[0], "area_m2"), (*ASSETS[1], 12.3), (*ASSETS[2], 4.1 * 3)]
    tables = parse_tables(read_assets(file, rows))
    assert tables.assets["area_m2"].tolist() == [Decimal("12.3"), Decimal("12.3")]
