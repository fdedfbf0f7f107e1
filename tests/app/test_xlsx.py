from __future__ import annotations

import dataclasses
import datetime
import time
import zipfile
from typing import TYPE_CHECKING, Any

import openpyxl
import pandas as pd
import pytest
import python_calamine

from app.export.cells import plain
from app.export.xlsx import write_xlsx
from app.settings import LANGS, Lang
from app.texts import catalogue

if TYPE_CHECKING:
    from pathlib import Path

    from app.plans import PlanView

SHEETS = {"Transfers": "transfers", "Shortfalls": "shortfalls", "Releases": "releases"}
# Columns that hold codes in the CSV files and words in the workbook.
ENGLISH = {"en": {"car", "reserve"}, "vi": set[str]()}  # codes that are words of the language too
WORDS = {"cross_province", "form", "state", "reason", "detail", "disposition"}


def sheet(path: Path, name: str) -> list[list[Any]]:
    rows: list[list[Any]] = (
        python_calamine.CalamineWorkbook.from_path(str(path)).get_sheet_by_name(name).to_python()
    )
    return rows


def test_the_tables_read_back_equal_the_frames(plan: PlanView, tmp_path: Path) -> None:
    path = write_xlsx(plan, tmp_path, "en")
    for name, table in SHEETS.items():
        frame: pd.DataFrame = getattr(plan, table)
        rows = sheet(path, name)[2:-1]
        assert len(rows) == len(frame)
        for position, column in enumerate(frame.columns):
            wanted = [plain(value, str(column)) for value in frame[column]]
            found = [row[position] if row[position] != "" else None for row in rows]
            if column not in WORDS:
                assert found == wanted, column


def column_of(path: Path, name: str, heading: str) -> list[Any]:
    _, headings, *rows, _ = sheet(path, name)
    return [row[headings.index(heading)] for row in rows]


def test_codes_of_the_tables_are_words_of_the_language(plan: PlanView, tmp_path: Path) -> None:
    path = write_xlsx(plan, tmp_path, "vi")
    assert column_of(path, "Điều chuyển", "Ngoài tỉnh") == ["không", "có", "không", "không", "có", "không"]
    assert column_of(path, "Điều chuyển", "Hình thức") == [
        *["điều chuyển"] * 3,
        "chuyển đổi công năng",
        *["điều chuyển"] * 2,
    ]
    assert column_of(path, "Điều chuyển", "Trạng thái") == ["dự kiến"] * 6
    assert column_of(path, "Điều chuyển", "Loại") == [
        *["máy vi tính"] * 2,
        "trụ sở làm việc",
        "trường học",
        *["xe ô tô"] * 2,
    ]
    assert column_of(path, "Còn thiếu", "Lý do") == [
        "ngoài bán kính tối đa",
        "đã đủ định mức",
        "nhường cho nhu cầu khác",
        "diện tích quá nhỏ",
    ]
    assert column_of(path, "Còn thiếu", "Loại cần") == [
        "xe ô tô, xe bán tải",
        "xe ô tô",
        "máy vi tính",
        "",
    ]
    assert column_of(path, "Còn thiếu", "Mục đích") == ["", "", "", "văn hóa"]
    assert column_of(path, "Còn thiếu", "Diện tích (m²)") == ["", "", "", 1200]
    assert column_of(path, "Chưa có nơi nhận", "Hướng xử lý") == [
        "dự phòng",
        "tổ chức quản lý, kinh doanh nhà",
        "trung tâm phát triển quỹ đất",
        "thanh lý",
    ]
    assert column_of(path, "Chưa có nơi nhận", "Lý do") == [
        *["nhu cầu đã được đáp ứng"] * 2,
        *["không có nhu cầu phù hợp"] * 2,
    ]
    path = write_xlsx(plan, tmp_path, "en")
    assert column_of(path, "Transfers", "Form") == [*["transfer"] * 3, "change of use", *["transfer"] * 2]
    assert column_of(path, "Transfers", "Cross-province") == ["no", "yes", "no", "no", "yes", "no"]
    assert column_of(path, "Shortfalls", "Wanted kinds") == ["car, pickup", "car", "computer", ""]


def test_the_figures_behind_a_reason_are_a_sentence_and_no_json(plan: PlanView, tmp_path: Path) -> None:
    assert column_of(write_xlsx(plan, tmp_path, "vi"), "Còn thiếu", "Chi tiết") == [
        "số tài sản còn lại sau mỗi bước: đúng loại 2, trong bán kính tối đa 0; gần nhất cách 441,2 km",
        (
            "định mức: xe ô tô, Bỉm Sơn, Thanh Hóa; được nhận 0; "
            "tài sản rẻ nhất V-0002; chi phí một đơn vị 384.500.000 đ"
        ),
        "",
        "số tài sản còn lại sau mỗi bước: đúng loại 3, đủ diện tích 0; lớn nhất 850 m²",
    ]
    assert column_of(write_xlsx(plan, tmp_path, "en"), "Shortfalls", "Detail")[0] == (
        "assets left by each test: of a wanted kind 2, within reach 0; nearest at 441.2 km"
    )


def test_the_summary_sheet_holds_labels_and_numbers(plan: PlanView, tmp_path: Path) -> None:
    rows = {row[0]: row[1:] for row in sheet(write_xlsx(plan, tmp_path, "en"), "Summary")}
    assert rows["Objective (VND)"][0] == 14_230_903_344
    assert rows["of which transfers"][0] == 1_270_903_344
    assert rows["change of use"][0] == 360_000_000
    assert rows["of which putting premises to use"][0] == 200_000_000
    assert rows["renewal, not paid now"][0] == 701_000_000
    assert rows["of which units left unmet (price of a new one x priority)"][0] == 12_760_000_000
    assert rows["Gap as a share of the cost of transfers and of putting premises to use"][0] == 0.001019781
    assert rows["all"][:4] == [20, 14, 6, 0.7]
    assert rows["Premises put to use"][0] == 2
    assert rows["Area of the places in them (m²)"][0] == 840
    assert rows["worst served: Điện Biên"][:4] == [8, 5, 3, 0.625]
    assert rows["Longest distance (km)"][0] == 430.5
    assert rows["outbid by other needs"][0] == 3
    assert rows["liquidate"][0] == 1
    assert (rows["housing body"][0], rows["land-fund centre"][0]) == (1, 1)
    labels = list(rows)
    assert labels.index("Units without a recipient") < labels.index("liquidate")
    assert (
        labels.index("liquidate")
        < labels.index("Premises without a recipient")
        < labels.index("land-fund centre")
    )
    assert rows["Date"][0] == "2025-08-15"
    assert not any("  " in str(cell) for row in rows.values() for cell in row)


@pytest.mark.parametrize("lang", LANGS)
def test_no_cell_of_the_tables_is_a_bare_code_or_json(plan: PlanView, tmp_path: Path, lang: Lang) -> None:
    workbook = python_calamine.CalamineWorkbook.from_path(str(write_xlsx(plan, tmp_path, lang)))
    cells = {
        str(cell)
        for name in workbook.sheet_names[1:5]
        for row in workbook.get_sheet_by_name(name).to_python()[2:]
        for cell in row
    }
    assert not {"no_need", "outbid", "met", "true", "false", "car", "reserve"} & (cells - ENGLISH[lang])
    assert not any("{" in cell or "_" in cell for cell in cells)


def test_every_code_that_a_plan_can_hold_has_a_word() -> None:
    from solver.problem import pairs, premises

    assert set(pairs.STAGES) < set(premises.STAGES)
    for lang in LANGS:
        known = catalogue(lang).keys()
        assert {
            f"disposition.{code}"
            for code in ("reserve", "liquidate", "commune_to_handle", "demolish", "housing_body", "land_fund")
        } <= known
        assert {f"stage.{stage}" for stage in premises.STAGES} <= known
        assert {
            f"reason.{reason}" for reason in (*premises.STAGES, "norm", "too_dear", "outbid", "unproven")
        } <= known


def test_totals_are_the_sums_and_formulas_that_follow_the_filter(plan: PlanView, tmp_path: Path) -> None:
    path = write_xlsx(plan, tmp_path, "en")
    headings, total = sheet(path, "Transfers")[1], sheet(path, "Transfers")[-1]
    assert total[0] == "Total"
    assert total[headings.index("Units")] == 14
    assert total[headings.index("Cost (VND)")] == 1_270_903_344
    assert total[headings.index("To be spent (VND)")] == 539_903_344
    assert total[headings.index("Distance (km)")] == ""
    cell = openpyxl.load_workbook(path)["Transfers"].cell(9, headings.index("Units") + 1)
    assert cell.value == "=SUBTOTAL(109,C3:C8)"


def test_provinces_are_listed_with_their_totals(plan: PlanView, tmp_path: Path) -> None:
    rows = sheet(write_xlsx(plan, tmp_path, "vi"), "Theo tỉnh")
    assert [row[:5] for row in rows[2:]] == [
        ["01", "Hà Nội", 0, 0, 0],
        ["11", "Điện Biên", 8, 5, 3],
        ["22", "Quảng Ninh", 2, 0, 2],
        ["38", "Thanh Hóa", 10, 9, 1],
        ["Tổng cộng", "", 20, 14, 6],
    ]


def test_headings_are_frozen_and_filtered_and_codes_are_text(plan: PlanView, tmp_path: Path) -> None:
    worksheet = openpyxl.load_workbook(write_xlsx(plan, tmp_path, "en"))["Transfers"]
    headings = [cell.value for cell in worksheet[2]]
    assert worksheet.freeze_panes == "B3"
    assert worksheet.auto_filter.ref == "A2:AE8"
    code = worksheet.cell(4, headings.index("To commune") + 1)
    assert (code.value, code.data_type, code.number_format) == ("03127", "s", "@")
    assert worksheet.cell(4, headings.index("Cost (VND)") + 1).number_format == "#,##0;[Red]-#,##0"


def test_two_writes_are_equal_to_the_byte_and_dated_by_the_scenario(plan: PlanView, tmp_path: Path) -> None:
    first = write_xlsx(plan, tmp_path, "vi").read_bytes()
    time.sleep(2.1)  # a zip file counts in steps of two seconds
    path = write_xlsx(plan, tmp_path, "vi")
    assert path.read_bytes() == first
    assert openpyxl.load_workbook(path).properties.created == datetime.datetime(2025, 8, 15)  # noqa: DTZ001  # as read
    with zipfile.ZipFile(path) as archive:
        assert {entry.date_time[0] for entry in archive.infolist()} == {1980}


@pytest.mark.parametrize("lang", LANGS)
def test_the_notice_of_synthetic_data_stands_on_every_sheet(
    plan: PlanView, tmp_path: Path, lang: Lang
) -> None:
    words = {"en": "SYNTHETIC DATA", "vi": "DỮ LIỆU GIẢ LẬP"}[lang]
    workbook = python_calamine.CalamineWorkbook.from_path(str(write_xlsx(plan, tmp_path, lang)))
    assert len(workbook.sheet_names) == 12
    for name in workbook.sheet_names:
        assert any(
            words in str(cell) for row in workbook.get_sheet_by_name(name).to_python()[:2] for cell in row
        )


def test_texts_come_through_unchanged_and_are_never_formulas(
    plan: PlanView, hostile: list[str], tmp_path: Path
) -> None:
    needs = [f"N{number}" for number in range(len(hostile))]
    shortfalls = pd.DataFrame(
        {"need_id": needs, "units": 1, "price_vnd": 1, "reason": "outbid", "detail": hostile}
    )
    path = write_xlsx(dataclasses.replace(plan, shortfalls=shortfalls), tmp_path, "en")
    assert [row[4] for row in sheet(path, "Shortfalls")[2:-1]] == hostile
    worksheet = openpyxl.load_workbook(path)["Shortfalls"]
    cells = [worksheet.cell(row, 5) for row in range(3, 3 + len(hostile))]
    assert {cell.data_type for cell in cells} <= {"s", "inlineStr"}
    assert all(cell.hyperlink is None for cell in cells)


def test_a_hostile_scenario_name_reaches_the_titles_unchanged(plan: PlanView, tmp_path: Path) -> None:
    named = dataclasses.replace(plan, summary={**plan.summary, "scenario": "</t><r>=1+1"})
    assert "</t><r>=1+1" in sheet(write_xlsx(named, tmp_path, "en"), "Transfers")[0][0]


def test_a_text_longer_than_a_cell_is_cut_with_an_ellipsis(plan: PlanView, tmp_path: Path) -> None:
    releases = plan.releases.assign(reason=["x" * 40_000, "é" * 32_767, "", ""])
    rows = sheet(write_xlsx(dataclasses.replace(plan, releases=releases), tmp_path, "en"), "Releases")
    assert rows[2][4] == "x" * 32_766 + "…"
    assert rows[3][4] == "é" * 32_767


def test_an_amount_that_a_spreadsheet_would_round_is_written_as_text(plan: PlanView, tmp_path: Path) -> None:
    releases = plan.releases.assign(value_vnd=[10**15 - 1, 1234567890123456789, 0, 0])
    rows = sheet(write_xlsx(dataclasses.replace(plan, releases=releases), tmp_path, "en"), "Releases")
    assert [row[3] for row in rows[2:]] == [
        10**15 - 1,
        "1234567890123456789",
        0,
        0,
        str(10**15 - 1 + 1234567890123456789),
    ]


def test_an_empty_plan_has_sheets_with_headings_and_a_total_of_zero(plan: PlanView, tmp_path: Path) -> None:
    empty = dataclasses.replace(plan, transfers=plan.transfers[:0])
    rows = sheet(write_xlsx(empty, tmp_path, "en"), "Transfers")
    assert rows[1][:3] == ["Asset", "Need", "Units"]
    assert rows[2][:3] == ["Total", "", 0]
