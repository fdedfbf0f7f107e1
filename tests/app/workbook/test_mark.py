from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

import openpyxl
import pytest
import python_calamine
import xlsxwriter
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from openpyxl.worksheet.cell_range import CellRange

import solver
from app.errors import InputError
from app.workbook import mark
from app.workbook.mark import mark_workbook
from solver import Issue
from solver.tables.places import SheetPlace

if TYPE_CHECKING:
    from pathlib import Path

    from openpyxl import Workbook

RED, AMBER = "FFFF9999", "FFFFE699"
HEAD = ["Mã tài sản", "Loại tài sản", "Chủng loại", "Mã xã", "Số lượng", "Diện tích sàn (m2)", "Tên tài sản"]
ROWS: list[list[str | int]] = [
    ["TS-1", "nhà, đất", "trụ sở làm việc", "14845", 1, 500, "Trụ sở"],
    ["TS-2", "phương tiện", "xe lạ", "14845", -3, "", "=1+1"],
    ["TS-3", "phương tiện", "xe ô tô", "14845", "hai", "", "_x0041_"],
    ["", "máy bay", "xe ô tô", "14845", 1, "", "@SUM(A1)"],
]
FIRST = 5


def make(path: Path) -> Workbook:
    """Write a small workbook with titles above the headings and return it."""
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.title = "Tài sản"
    sheet["A1"] = "DANH SÁCH TÀI SẢN"
    for column, heading in enumerate(HEAD, start=1):
        sheet.cell(FIRST - 1, column, heading)
    for row, values in enumerate(ROWS, start=FIRST):
        for column, value in enumerate(values, start=1):
            if value != "":
                cell = sheet.cell(row, column)
                cell.value = str(value).replace("_x0041_", "_x005F_x0041_") if column != 5 else value
                if isinstance(value, str):
                    cell.data_type = "s"
    sheet.column_dimensions["A"].number_format = "@"
    needs = workbook.create_sheet("Nhu cầu")
    for column, heading in enumerate(["Mã nhu cầu", "Loại tài sản", "Mã xã", "Chủng loại cần"], start=1):
        needs.cell(1, column, heading)
    for column, text in enumerate(["NC-1", "phương tiện", "14845", "xe ô tô"], start=1):
        needs.cell(2, column, text)
    workbook.save(path)
    return workbook


def issues_of(path: Path) -> tuple[list[Issue], dict[str, SheetPlace]]:
    raw = solver.read_tables(path)
    return solver.parse_tables(raw).issues, raw.places


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "tỉnh.xlsx"
    make(path)
    return path


@pytest.fixture
def marked(source: Path) -> Workbook:
    out = source.with_name("marked.xlsx")
    issues, places = issues_of(source)
    mark_workbook(source, out, issues, places, "vi")
    return openpyxl.load_workbook(out)


def test_cells_of_errors_are_red_and_of_warnings_amber_with_message_and_remedy(marked: Workbook) -> None:
    sheet = marked["Tài sản"]
    colours = {
        cell.coordinate: cell.fill.start_color.rgb
        for row in sheet.iter_rows()
        for cell in row
        if cell.fill.fill_type == "solid"
    }
    assert {cell: colours.get(cell) for cell in ("E6", "E7", "A8", "B8", "C6")} == {
        "E6": RED,
        "E7": RED,
        "A8": RED,
        "B8": RED,
        "C6": AMBER,
    }
    assert not colours.keys() & {"A5", "B5", "E5", "A6", "G6"}
    comment = sheet["E7"].comment.text
    assert comment.startswith("Lỗi: ")
    assert "Cách sửa: " in comment
    assert sheet["C6"].comment.text.startswith("Cảnh báo: ")


def test_every_issue_is_listed_first_with_a_link_to_its_cell(source: Path, marked: Workbook) -> None:
    issues, places = issues_of(source)
    assert len(issues) >= 5
    assert marked.sheetnames == ["Lỗi (Surplan)", "Tài sản", "Nhu cầu"]
    assert marked.active.title == "Lỗi (Surplan)"
    assert [sheet.sheet_view.tabSelected for sheet in marked.worksheets] == [True, False, False]
    rows = list(marked.worksheets[0].iter_rows(min_row=5))
    assert len(rows) == len(issues)
    for number, (row, issue) in enumerate(zip(rows, issues, strict=True), start=1):
        place = places[issue.table]
        words = ["Lỗi" if issue.severity == "error" else "Cảnh báo", issue.message("vi"), issue.remedy("vi")]
        assert [cell.value for cell in row[:6]] == [
            number,
            place.sheet,
            place.cell(issue.row, issue.column),
            *words,
        ]
        assert (row[6].value or "") == issue.value
        assert row[2].hyperlink.location == f"'{place.sheet}'!{row[2].value}"
    errors = sum(issue.severity == "error" for issue in issues)
    assert f"{errors} lỗi, {len(issues) - errors} cảnh báo" in marked.worksheets[0]["A1"].value


@pytest.mark.usefixtures("marked")
def test_the_marked_copy_reads_back_with_the_same_issues_and_values(source: Path) -> None:
    out = source.with_name("marked.xlsx")
    before, after = solver.read_tables(source), solver.read_tables(out)
    assert issues_of(out)[0] == issues_of(source)[0]
    assert after.assets.equals(before.assets)
    assert list(after.assets["name"]) == ["Trụ sở", "=1+1", "_x0041_", "@SUM(A1)"]
    assert after.needs.equals(before.needs)


def test_escapes_of_the_file_mean_the_same_in_the_copy(tmp_path: Path) -> None:
    # A carriage return stands in the file as _x000D_, the text "_x000D_" as _x005F_x000D_.
    source, out = tmp_path / "s.xlsx", tmp_path / "out.xlsx"
    texts = ["a\r\nb", "_x000D_", "_x005F_", "plain"]
    with xlsxwriter.Workbook(str(source)) as workbook:
        sheet = workbook.add_worksheet("Tài sản")
        for row, text in enumerate(texts):
            sheet.write_string(row, 0, text)
        sheet.write_rich_string(4, 0, "_x0041_", workbook.add_format({"bold": True}), "_x0042_")
    mark_workbook(source, out, [], {}, "en")
    before, after = (
        python_calamine.CalamineWorkbook.from_path(str(path)).get_sheet_by_name("Tài sản").to_python()
        for path in (source, out)
    )
    assert after == before
    assert [row[0] for row in after[:4]] == texts


def hostile_issue(value: str, row: int) -> Issue:
    texts = {f"{part}_{lang}": value for part in ("message", "remedy") for lang in ("en", "vi")}
    return Issue("assets", row, "asset_id", "any", value=value, texts=texts)


def test_hostile_values_stay_texts_in_the_list_and_the_comments(source: Path, hostile: list[str]) -> None:
    out = source.with_name("out.xlsx")
    issues = [hostile_issue(value, FIRST + row) for row, value in enumerate([*hostile, "+cmd|'/c calc'!A1"])]
    mark_workbook(source, out, issues, issues_of(source)[1], "en")
    rows = python_calamine.CalamineWorkbook.from_path(str(out)).get_sheet_by_index(0).to_python()
    assert [row[6] for row in rows[4:]] == [issue.value for issue in issues]
    assert [row[4] for row in rows[4:]] == [issue.message("en") for issue in issues]
    with zipfile.ZipFile(out) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")
    sheet = openpyxl.load_workbook(out).worksheets[0]
    for row in sheet.iter_rows(min_row=5):
        assert {cell.data_type for cell in row[1:]} == {"s"}
        assert row[6].number_format == "@"


def test_what_xml_cannot_hold_is_replaced(source: Path) -> None:
    out = source.with_name("out.xlsx")
    mark_workbook(source, out, [hostile_issue("a\x00b\x1b\ud800", FIRST)], issues_of(source)[1], "en")
    workbook = openpyxl.load_workbook(out)
    assert workbook.worksheets[0]["G5"].value == "a\ufffdb\ufffd\ufffd"
    assert "a\ufffdb" in workbook["Tài sản"][f"A{FIRST}"].comment.text


def test_issues_of_other_files_are_listed_without_a_link(source: Path) -> None:
    out = source.with_name("out.xlsx")
    places = issues_of(source)[1] | {"communes": SheetPlace("other.xlsx", "Xã", 1)}
    texts = {"message_en": "text"}
    issues = [
        Issue("communes", 7, "asset_id", "any", texts=texts),
        Issue("distances", 3, "asset_id", "any", texts=texts),
        Issue("folder", None, None, "any", texts=texts),
    ]
    mark_workbook(source, out, issues, places, "en")
    sheet = openpyxl.load_workbook(out).worksheets[0]
    rows = [(row[1].value, row[2].value or "", row[2].hyperlink) for row in sheet.iter_rows(min_row=5)]
    assert rows == [
        ("other.xlsx: Xã", "7, asset_id", None),
        ("distances", "3, asset_id", None),
        ("folder", "", None),
    ]


def test_an_issue_of_a_whole_column_or_table_marks_the_headings(source: Path) -> None:
    out = source.with_name("out.xlsx")
    issues = [
        Issue("assets", None, "units", "any", "warning", texts={"message_en": "column"}),
        Issue("assets", None, None, "any", texts={"message_en": "table"}),
    ]
    mark_workbook(source, out, issues, issues_of(source)[1], "en")
    sheet = openpyxl.load_workbook(out)["Tài sản"]
    assert (sheet["E4"].fill.start_color.rgb, sheet["E4"].comment.text) == (AMBER, "Warning: column")
    assert (sheet["A4"].fill.start_color.rgb, sheet["A4"].comment.text) == (RED, "Error: table")


def test_an_issue_of_a_scenario_key_marks_its_value(tmp_path: Path) -> None:
    source, out = tmp_path / "s.xlsx", tmp_path / "out.xlsx"
    workbook = make(source)
    sheet = workbook.create_sheet("Kịch bản")
    for row, values in enumerate([["Khóa", "Giá trị"], ["name", "x"], ["reach_km.vehicle", "xa"]], start=1):
        for column, value in enumerate(values, start=1):
            sheet.cell(row, column, value)
    workbook.save(source)
    issue = Issue("scenario", None, "reach_km.vehicle", "any", texts={"message_en": "wrong"})
    mark_workbook(source, out, [issue], issues_of(source)[1], "en")
    marked = openpyxl.load_workbook(out)
    assert marked["Kịch bản"]["B3"].comment.text == "Error: wrong"
    assert marked.worksheets[0]["C5"].value == "B3"


def test_what_the_workbook_held_is_kept(tmp_path: Path) -> None:
    source, out = tmp_path / "s.xlsx", tmp_path / "out.xlsx"
    workbook = make(source)
    sheet = workbook["Tài sản"]
    sheet["E6"].comment = Comment("mine", "Lan")
    sheet["E6"].font = Font(bold=True)
    sheet["H5"] = "=E5*2"
    sheet["A1"].fill = PatternFill("solid", start_color="FF00FF00")
    sheet.freeze_panes = "B5"
    workbook.create_sheet("Riêng")["A1"] = "của tôi"
    workbook.save(source)
    issues, places = issues_of(source)
    mark_workbook(source, out, issues, places, "en")
    copy = openpyxl.load_workbook(out)
    assert copy["Riêng"]["A1"].value == "của tôi"
    sheet = copy["Tài sản"]
    assert sheet["H5"].value == "=E5*2"
    assert sheet.freeze_panes == "B5"
    assert sheet["A1"].fill.start_color.rgb == "FF00FF00"
    assert sheet["E6"].font.bold
    assert sheet["E6"].comment.text.startswith("mine\n\nError: ")
    assert sheet["E6"].comment.author == "Lan"


def test_merged_cells_are_looked_for_once_and_not_for_every_issue(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workbook = make(tmp_path / "a.xlsx")
    for row in range(20, 40, 2):
        workbook["Tài sản"].merge_cells(f"A{row}:A{row + 1}")
    workbook.save(tmp_path / "a.xlsx")
    searched: list[object] = []
    search = CellRange.__contains__

    def count(cells: CellRange, cell: object) -> bool:
        searched.append(cell)
        return bool(search(cells, cell))

    monkeypatch.setattr(CellRange, "__contains__", count)
    place = SheetPlace("a.xlsx", "Tài sản", 4, {"asset_id": "A"})
    issues = [solver.errors.issue("value_missing", "assets", row, "asset_id") for row in range(21, 41, 2)]
    mark_workbook(tmp_path / "a.xlsx", tmp_path / "b.xlsx", issues, {"assets": place}, "en")
    sheet = openpyxl.load_workbook(tmp_path / "b.xlsx")["Tài sản"]
    assert [sheet[f"A{row}"].comment is not None for row in range(20, 40, 2)] == [True] * 10
    assert searched == []


def test_a_merged_cell_is_marked_where_it_shows(tmp_path: Path) -> None:
    source, out = tmp_path / "s.xlsx", tmp_path / "out.xlsx"
    workbook = make(source)
    workbook["Tài sản"].merge_cells("A3:A4")
    workbook["Tài sản"]["A3"] = "Mã tài sản"
    workbook.save(source)
    place = SheetPlace(source.name, "Tài sản", 4, {"asset_id": "A"})
    issue = Issue("assets", None, "asset_id", "any", texts={"message_en": "here"})
    mark_workbook(source, out, [issue], {"assets": place}, "en")
    copy = openpyxl.load_workbook(out)
    assert copy["Tài sản"]["A3"].comment.text == "Error: here"
    assert copy.worksheets[0]["C5"].value == "A3"


def test_a_missing_code_is_still_text_when_it_is_typed_into_the_marked_cell(marked: Workbook) -> None:
    assert marked["Tài sản"]["A8"].value is None
    assert marked["Tài sản"]["A8"].number_format == "@"


def test_marking_a_marked_copy_says_nothing_twice_and_finds_a_free_name(
    source: Path, marked: Workbook
) -> None:
    first, second = source.with_name("marked.xlsx"), source.with_name("second.xlsx")
    issues, places = issues_of(first)
    mark_workbook(first, second, issues, places, "vi")
    again = openpyxl.load_workbook(second)
    assert again.sheetnames == ["Lỗi 2 (Surplan)", "Lỗi (Surplan)", "Tài sản", "Nhu cầu"]
    for row in marked["Tài sản"].iter_rows():
        for cell in row:
            other = again["Tài sản"][cell.coordinate].comment
            assert (other and other.text) == (cell.comment and cell.comment.text)


def test_beyond_the_greatest_number_of_comments_cells_are_only_filled_and_errors_go_first(
    source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mark, "MOST_COMMENTS", 2)
    out = source.with_name("out.xlsx")
    texts = {"message_en": "x"}
    issues = [
        Issue("assets", row, "asset_id", "any", "error" if row in (6, 8) else "warning", texts=texts)
        for row in range(5, 9)
    ]
    mark_workbook(source, out, issues, issues_of(source)[1], "en")
    workbook = openpyxl.load_workbook(out)
    cells = [workbook["Tài sản"][f"A{row}"] for row in range(5, 9)]
    assert [cell.comment is not None for cell in cells] == [False, True, False, True]
    assert [cell.fill.start_color.rgb for cell in cells] == [AMBER, RED, AMBER, RED]
    assert len(list(workbook.worksheets[0].iter_rows(min_row=5))) == 4


@pytest.mark.parametrize("name", ["a.xls", "a.ods", "a.csv"])
def test_other_formats_are_refused_with_the_way_out(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match=r"save it as \.xlsx"):
        mark_workbook(tmp_path / name, tmp_path / "out.xlsx", [], {}, "en")


def test_a_copy_onto_itself_or_an_existing_file_or_of_another_format_is_refused(source: Path) -> None:
    before = source.read_bytes()
    with pytest.raises(InputError, match="itself"):
        mark_workbook(source, source.parent / "." / source.name, [], {}, "en")
    other = source.with_name("other.xlsx")
    other.write_bytes(b"mine")
    with pytest.raises(InputError, match="exists already"):
        mark_workbook(source, other, [], {}, "en")
    with pytest.raises(InputError, match=r"must end in \.xlsx"):
        mark_workbook(source, source.with_name("out.xlsm"), [], {}, "en")
    assert (source.read_bytes(), other.read_bytes()) == (before, b"mine")
    assert sorted(source.parent.iterdir()) == sorted([source, other])


@pytest.mark.parametrize("content", [b"", b"not a zip", b"PK\x05\x06" + bytes(18)])
def test_a_file_that_is_no_workbook_is_said(tmp_path: Path, content: bytes) -> None:
    source = tmp_path / "a.xlsx"
    source.write_bytes(content)
    with pytest.raises(InputError, match="cannot be opened for marking"):
        mark_workbook(source, tmp_path / "out.xlsx", [], {}, "en")
    assert list(tmp_path.iterdir()) == [source]


def test_macros_are_kept(tmp_path: Path) -> None:
    plain, source, out = tmp_path / "plain.xlsx", tmp_path / "s.xlsm", tmp_path / "out.xlsm"
    make(plain)
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(source, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
        new.writestr("xl/vbaProject.bin", b"macros")
    mark_workbook(source, out, *issues_of(source), "en")
    with zipfile.ZipFile(out) as archive:
        assert archive.read("xl/vbaProject.bin") == b"macros"
        assert b"macroEnabled" in archive.read("[Content_Types].xml")
