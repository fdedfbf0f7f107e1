"""Makes ``examples/lai-chau/lai-chau.xlsx``: a province's list of assets, made to look like a real one.

``python -m examples.make_workbook [OUT]``. The list is made up; its title, its rows and its notes say so.
Equal versions of the libraries give an equal file.
"""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import xlsxwriter

from examples.mistakes import MISTAKES
from examples.province_list import PROVINCE_NAME, assets, communes

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

OUT = Path(__file__).parent / "lai-chau" / "lai-chau.xlsx"
ASSETS_SHEET, COMMUNES_SHEET = "Tài sản", "Xã"
SYNTHETIC = "(Dữ liệu mô phỏng để minh họa, không phải tài sản có thật)"
#: Column of ours -> heading of the list and its width [characters].
COLUMNS = {
    "asset_id": ("Mã tài\nsản", 14),
    "category": ("Loại tài sản", 16),
    "kind": ("Chủng loại", 18),
    "name": ("Tên tài sản", 38),
    "commune_name": ("Tên xã,\nphường", 18),
    "province_name": ("Tỉnh", 10),
    "address": ("Địa chỉ", 40),
    "units": ("Số lượng", 8),
    "area_m2": ("Diện tích sàn\n(m2)", 11),
    "land_area_m2": ("Diện tích đất\n(m2)", 11),
    "year": ("Năm\nsử dụng", 8),
    "condition_pct": ("Tỷ lệ chất lượng\ncòn lại (%)", 12),
    "book_value_vnd": ("Nguyên giá\n(đồng)", 16),
    "residual_value_vnd": ("Giá trị còn lại\n(đồng)", 16),
    "official_id": ("Biển kiểm soát /\nSố đăng ký", 14),
    "mileage_km": ("Số km\nđã đi", 9),
    "status": ("Tình trạng\nsử dụng", 24),
    "legal_status": ("Tình trạng\npháp lý", 20),
    "available_from": ("Bàn giao\ntừ ngày", 12),
    "available_until": ("Bàn giao\nđến ngày", 12),
    "repair_vnd": ("Chi phí sửa chữa\n(đồng)", 15),
    "release_value_vnd": ("Giá trị thu hồi\n(đồng)", 16),
    "holder": ("Đơn vị đang quản lý", 36),
    "holder_level": ("Cấp\nquản lý", 10),
    "attached_to": ("Gắn liền với", 14),
    "source": ("Nguồn\ndữ liệu", 11),
    "note": ("Ghi chú", 34),
}
_SECTIONS = {"premises": "I. NHÀ, ĐẤT", "vehicle": "II. PHƯƠNG TIỆN", "equipment": "III. MÁY MÓC, THIẾT BỊ"}
_MONEY = ("book_value_vnd", "residual_value_vnd", "repair_vnd", "release_value_vnd")
_NUMBERS = ("units", "area_m2", "land_area_m2", "mileage_km")
_DATES = ("available_from", "available_until")
_SUMMED = ("book_value_vnd", "residual_value_vnd")
_CREATED = dt.datetime.combine(dt.date(2025, 8, 15), dt.time.min)
_HEADINGS_ROW = 8  # counted from 0, as xlsxwriter does


def make_workbook(out: Path = OUT) -> Path:
    """Write the workbook to `out`, whose folder exists, and return `out`."""
    with xlsxwriter.Workbook(str(out)) as book:
        book.set_properties({"title": "Lai Châu", "comments": SYNTHETIC, "created": _CREATED})
        formats = _formats(book)
        _write_assets(book.add_worksheet(ASSETS_SHEET), formats)
        _write_communes(book.add_worksheet(COMMUNES_SHEET), formats)
    return out


def _formats(book: xlsxwriter.Workbook) -> dict[str, Format]:
    font = {"font_name": "Times New Roman", "font_size": 11}
    cell = {**font, "border": 1, "valign": "top"}
    return {
        "bold": book.add_format({**font, "bold": True, "align": "center"}),
        "title": book.add_format({**font, "bold": True, "font_size": 14, "align": "center"}),
        "italic": book.add_format({**font, "italic": True, "align": "center"}),
        "plain": book.add_format(font),
        "heading": book.add_format(
            {**cell, "bold": True, "align": "center", "valign": "vcenter", "text_wrap": True}
        ),
        "counted": book.add_format({**cell, "italic": True, "align": "center"}),
        "section": book.add_format({**cell, "bold": True}),
        "text": book.add_format({**cell, "text_wrap": True}),
        "number": book.add_format({**cell, "num_format": "#,##0"}),
        "year": book.add_format({**cell, "num_format": "0"}),
        "date": book.add_format({**cell, "num_format": "dd/mm/yyyy"}),
        "sum": book.add_format({**cell, "bold": True, "num_format": "#,##0"}),
    }


def _write_assets(sheet: Worksheet, formats: dict[str, Format]) -> None:
    last = len(COLUMNS)
    sheet.write(0, 1, "UBND TỈNH LAI CHÂU", formats["bold"])
    sheet.write(1, 1, "SỞ TÀI CHÍNH", formats["bold"])
    title = "BẢNG TỔNG HỢP NHÀ, ĐẤT, XE Ô TÔ, MÁY MÓC, THIẾT BỊ SAU SẮP XẾP"
    sheet.merge_range(3, 0, 3, last, title, formats["title"])
    sheet.merge_range(4, 0, 4, last, "(Tính đến ngày 15 tháng 8 năm 2025)", formats["italic"])
    sheet.merge_range(5, 0, 5, last, SYNTHETIC, formats["italic"])
    sheet.write(7, last - 1, "Đơn vị tính: đồng", formats["italic"])
    row = _HEADINGS_ROW
    sheet.set_row(row, 48)
    sheet.set_column(0, 0, 5)
    sheet.write(row, 0, "TT", formats["heading"])
    sheet.write(row + 1, 0, "(1)", formats["counted"])
    for at, (heading, width) in enumerate(COLUMNS.values(), start=1):
        sheet.set_column(at, at, width)
        sheet.write(row, at, heading, formats["heading"])
        sheet.write(row + 1, at, f"({at + 1})", formats["counted"])
    sheet.freeze_panes(row + 2, 2)
    row += 2
    first, sums = row, dict.fromkeys(_SUMMED, 0)
    for category, rows in _with_mistakes(assets()).items():
        sheet.write(row, 0, _SECTIONS[category].partition(".")[0], formats["section"])
        sheet.write(row, 1, _SECTIONS[category], formats["section"])
        row += 1
        for number, cells in enumerate(rows, start=1):
            sheet.write_number(row, 0, number, formats["year"])
            for at, name in enumerate(COLUMNS, start=1):
                _write_cell(sheet, row, at, name, cells.get(name), formats)
            for name in _SUMMED:
                sums[name] += cells[name] if isinstance(cells.get(name), int) else 0
            row += 1
    _write_total(sheet, row, first, sums, formats)
    sheet.write(row + 2, last - 4, "Lai Châu, ngày 15 tháng 8 năm 2025", formats["italic"])
    sheet.write(row + 3, 3, "NGƯỜI LẬP BIỂU", formats["bold"])
    sheet.write(row + 3, last - 4, "KT. GIÁM ĐỐC", formats["bold"])
    sheet.write(row + 4, last - 4, "PHÓ GIÁM ĐỐC", formats["bold"])


def _with_mistakes(lists: dict[str, list[dict[str, Any]]]) -> dict[str, list[dict[str, Any]]]:
    rows = {row["asset_id"]: row for found in lists.values() for row in found}
    for mistake in MISTAKES:
        rows[mistake.asset_id][mistake.column] = mistake.wrong
    return lists


def _write_cell(
    sheet: Worksheet, row: int, at: int, name: str, value: object, formats: dict[str, Format]
) -> None:
    if isinstance(value, dt.date):
        sheet.write_datetime(row, at, dt.datetime.combine(value, dt.time.min), formats["date"])
    elif isinstance(value, int):
        sheet.write_number(row, at, value, formats["number" if name in (*_MONEY, *_NUMBERS) else "year"])
    elif value is None or value == "":
        sheet.write_blank(row, at, None, formats["text"])
    else:
        sheet.write_string(row, at, str(value), formats["text"])


def _write_total(
    sheet: Worksheet, row: int, first: int, sums: dict[str, int], formats: dict[str, Format]
) -> None:
    sheet.write(row, 1, "TỔNG CỘNG", formats["section"])
    for at, name in enumerate(COLUMNS, start=1):
        if name in sums:
            cells = xlsxwriter.utility.xl_range(first, at, row - 1, at)
            sheet.write_formula(row, at, f"=SUM({cells})", formats["sum"], sums[name])


def _write_communes(sheet: Worksheet, formats: dict[str, Format]) -> None:
    headings = ("TT", "Tên xã", "Tên tỉnh", "Số lãnh đạo", "Số trưởng phòng", "Số chuyên viên")
    sheet.merge_range(0, 0, 0, 6, "BIÊN CHẾ CÁC XÃ, PHƯỜNG", formats["title"])
    sheet.merge_range(1, 0, 1, 6, SYNTHETIC, formats["italic"])
    sheet.set_column(1, 5, 18)
    sheet.set_column(6, 6, 30)
    for at, heading in enumerate((*headings, "Ghi chú")):
        sheet.write(3, at, heading, formats["heading"])
    for number, commune in enumerate(communes(), start=1):
        row = 3 + number
        kind = str(commune["kind"])
        sheet.write_number(row, 0, number, formats["year"])
        sheet.write_string(row, 1, f"{kind[0].upper()}{kind[1:]} {commune['name']}", formats["text"])
        sheet.write_string(row, 2, PROVINCE_NAME, formats["text"])
        for at, count in enumerate(commune["staff"] or (None, None, None), start=3):
            _write_cell(sheet, row, at, "units", count, formats)
        _write_cell(sheet, row, 6, "note", None if commune["staff"] else "Chưa có báo cáo", formats)


def main() -> None:
    """Make the workbook where the first argument says, or in its place."""
    print(make_workbook(Path(sys.argv[1]) if len(sys.argv) > 1 else OUT))


if __name__ == "__main__":
    main()
