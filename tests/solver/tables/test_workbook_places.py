"""Where a cell stands is what calamine takes it for: else a small file would ask for all memory."""

from __future__ import annotations

import io
import subprocess
import sys
from typing import TYPE_CHECKING

import openpyxl
import pytest
import xlsxwriter

from solver.tables import sheet_xml, sheets
from solver.tables.packages import opened_package
from solver.tables.sheet_scan import _reach, look
from solver.tables.sheet_xml import parsed
from tests.solver.tables.test_workbook_bombs import FIRST, book

if TYPE_CHECKING:
    from pathlib import Path

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
V = "<v>1</v></c>"


def sheet(data: str, start: str = "") -> str:
    names = f'xmlns="{_MAIN}" xmlns:a-b="{_MAIN}" xmlns:é="{_MAIN}" xmlns:x="x"'
    return f"{start}<worksheet {names}><sheetData>{data}</sheetData></worksheet>"


NEAR = f'<row r="1"><c r="A1">{V}</row>'
#: As calamine takes them, the cell stands in J90: 900 cells.
FAR = {
    "as everybody": f'<row r="90"><c r="J90">{V}</row>',
    "a row without a number": f'<row><c r="J90">{V}</row>',
    "a prefix with a dash": '<row r="90"><a-b:c r="J90"><v>1</v></a-b:c></row>',
    "a prefix of another alphabet": '<row r="90"><é:c r="J90"><v>1</v></é:c></row>',
    "a name of another kind before": f'<row r="90"><c x:r="A1" r="J90">{V}</row>',
    "no row": f'<c r="J90">{V}',
    "an empty text": '<row r="90"><c r="J90" t="str"><v></v></c></row>',
    "an empty text, unusually": "<row r='90'><c r='J90' t='str'><v></v></c></row>",
    "cells without names": f'<row r="90">{"<c></c>" * 9}<c>{V}</row>',
    "cells without names in a row without a number": f'<row r="89"/><row>{"<c></c>" * 9}<c>{V}</row>',
    "a name in another row than the next": f'<row r="89"/><row><c r="I2">{V}<c>{V}</row>',
}


@pytest.mark.parametrize("data", FAR.values(), ids=FAR)
def test_a_cell_far_away_is_found_where_calamine_puts_it(data: str) -> None:
    xml = sheet(NEAR + data).encode()
    assert look(xml, most=899).far == "J90"
    assert look(xml, most=900).far == ""
    assert parsed(xml, (), 899).far == "J90"


#: Names that calamine understands and nobody writes.
REFUSED = {
    "a name of another row": f'<row r="2"><c r="J90">{V}</row>',
    "a name of another row, unusually": f"<row r='2'><c r='J90'>{V}</row>",
    "small letters": f'<row r="90"><c r="j90">{V}</row>',
    "zeros before": f'<row r="90"><c r="J090">{V}</row>',
    "eight digits": f'<row r="90"><c r="J00000090">{V}</row>',
    "no number": f'<row r="90"><c r="J">{V}</row>',
    "no name": f'<row r="90"><c r="">{V}</row>',
    "digits of others": f'<row r="90"><c r="J٩0">{V}</row>',
    "two names": f'<row r="90"><c r="j90" r="A90">{V}</row>',
    "a row with a letter": f'<row r="A90"><c>{V}</row>',
    "a row with a zero before": f'<row r="090"><c>{V}</row>',
    "a row below 1": f'<row r="-90"><c>{V}</row>',
    "a row in figures of Python": f'<row r="9_0"><c>{V}</row>',
}


@pytest.mark.parametrize("data", REFUSED.values(), ids=REFUSED)
def test_a_name_that_nobody_writes_is_refused(tmp_path: Path, data: str) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(book({FIRST: (sheet(NEAR + data), 0)}))
    found, (error,) = sheets.read_sheets(path, path.read_bytes())
    assert (found, error.code) == ([], "workbook_broken")


def test_a_sheet_that_shows_a_parser_another_is_refused() -> None:
    inner = f'<sheetData><row r="1"><c r="A1">{V}</row></sheetData>'
    wide = "<worksheet>".encode("utf-16-le") + (inner + " " * (len(inner) % 2)).encode()
    wide = b"\xff\xfe" + wide + "</worksheet>".encode("utf-16-le")
    typed = sheet(NEAR, '<!DOCTYPE worksheet [<!ATTLIST c r CDATA "A1">]>').encode()
    for xml in (wide, typed):
        parsed(xml, ())  # a parser sees nothing wrong
        with pytest.raises(ValueError, match="UTF-8"):
            look(xml)


@pytest.mark.parametrize("writer", ["openpyxl", "openpyxl, as it goes", "xlsxwriter"])
def test_what_writers_write_needs_no_parser(writer: str) -> None:
    out = io.BytesIO()
    rows = [[1, "x", None, 2.5], [], ["y", None, None, True]]
    if writer == "xlsxwriter":
        with xlsxwriter.Workbook(out) as made:
            page = made.add_worksheet()
            for number, row in enumerate(rows):
                page.write_row(number, 0, row)
    else:
        other = openpyxl.Workbook(write_only=writer != "openpyxl")
        page = other.create_sheet() if other.write_only else other.worksheets[0]
        for row in rows:
            page.append(row)
        other.save(out)
    with opened_package(out.getvalue()) as package:
        xml = package.read(FIRST)
    assert _reach(xml) == 12


def many(corners: list[str]) -> bytes:
    """Return a file with a sheet for each corner, filled there and in A1."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as made:
        for corner in corners:
            page = made.add_worksheet()
            page.write("A1", 1)
            page.write(corner, 1)
    return out.getvalue()


def test_all_sheets_together_hold_no_more_than_one_may(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sheets, "MOST_CELLS", 1000)
    path = tmp_path / "a.xlsx"
    path.write_bytes(many(["J60", "J30", "J20", "J10", "A1"]))
    found, issues = sheets.read_sheets(path, path.read_bytes())
    assert [one.name for one in found] == ["Sheet1", "Sheet2", "Sheet4"]
    told = [(one.code, one.value, one.params["cell"]) for one in issues]
    assert told == [("sheet_too_large", "Sheet3", "J20"), ("sheet_too_large", "Sheet5", "A1")]


def test_two_sheets_are_no_one_part(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(book({FIRST: (sheet(NEAR), 0)}, more='<sheet name="b" sheetId="2" r:id="rId1"/>'))
    found, (error,) = sheets.read_sheets(path, path.read_bytes())
    assert (found, error.params["reason"]) == ([], "two sheets of one part")
    assert "hai trang tính" in error.message("vi")


_CHILD = """
import resource, sys
from pathlib import Path
from solver.tables.sheets import read_sheets
resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
resource.setrlimit(resource.RLIMIT_AS, (400 << 20, 400 << 20))
for path in map(Path, sys.argv[1:]):
    print(*[one.code for one in read_sheets(path, path.read_bytes())[1]])
"""


@pytest.mark.skipif(sys.platform != "linux", reason="memory is limited on Linux alone")
def test_a_file_of_a_kilobyte_ends_no_process(tmp_path: Path) -> None:
    far = {"XFD1048576": "workbook_broken", "xfd1048576": "workbook_broken", "XFD01048576": "workbook_broken"}
    paths = []
    for at, name in enumerate([*far, "last"]):
        cell = f'<row r="2"><c r="{name}">{V}</row>'
        last = f'<row><c r="XFD1048576">{V}</row>'
        paths.append(tmp_path / f"{at}.xlsx")
        paths[-1].write_bytes(book({FIRST: (sheet(NEAR + (last if name == "last" else cell)), 0)}))
        assert paths[-1].stat().st_size < 2000
    done = subprocess.run(
        [sys.executable, "-c", _CHILD, *paths], capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.returncode, done.stdout.split()) == (0, [*far.values(), "sheet_too_large"]), done.stderr


def test_a_sheet_of_the_largest_size_is_told_by_one_number() -> None:
    assert look(sheet(NEAR + f'<row r="1048576"><c r="E1048576">{V}</row>').encode()).far == ""
    assert look(sheet(NEAR + f'<row r="1048576"><c r="F1048576">{V}</row>').encode()).far == "F1048576"
    assert sheet_xml.MOST_CELLS == 6_000_000
