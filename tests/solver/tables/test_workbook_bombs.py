"""Small files that stand for gigabytes: none takes much memory, and none ends the process."""

from __future__ import annotations

import io
import struct
import sys
import tracemalloc
import zipfile
import zlib
from typing import TYPE_CHECKING

import pytest

from solver.tables import apart_process, packages
from solver.tables.read import read_tables
from solver.tables.sheet_xml import parsed
from solver.tables.sheets import read_sheets
from tests.solver.tables.test_workbook_robust import HEAD, write_ods

if TYPE_CHECKING:
    from pathlib import Path

    from solver.errors import Issue

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_DOCUMENT = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_MEBIBYTE = 1 << 20


def book(parts: dict[str, tuple[str, int]], target: str = "worksheets/sheet1.xml", more: str = "") -> bytes:
    """Return an .xlsx file of one sheet; parts are a text and how many MiB of spaces follow it."""
    fixed = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="xml" ContentType="application/xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}"><Relationship Id="rId1" '
        f'Type="{_DOCUMENT}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_DOCUMENT}"><sheets>'
        f'<sheet name="assets" sheetId="1" r:id="rId1"/>{more}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}"><Relationship Id="rId1" '
        f'Type="{_DOCUMENT}/worksheet" Target="{target}"/><Relationship Id="rId2" '
        f'Type="{_DOCUMENT}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in fixed.items():
            if name not in parts:
                package.writestr(name, text)
        for name, (text, size) in parts.items():
            with package.open(name, "w", force_zip64=True) as part:
                part.write(text.encode())
                for _ in range(size):
                    part.write(b" " * _MEBIBYTE)
    return out.getvalue()


def lying(content: bytes, name: str, size: int = 1000) -> bytes:
    """Return the file with another size of a part in its directory."""
    data = bytearray(content)
    at = -1
    while (at := data.find(b"PK\x01\x02", at + 1)) >= 0:
        (length,) = struct.unpack_from("<H", data, at + 28)
        if data[at + 46 : at + 46 + length] == name.encode():
            struct.pack_into("<I", data, at + 24, size)
    return bytes(data)


SHEET = (
    f'<worksheet xmlns="{_MAIN}"><sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData></worksheet>'
)
TEXTS = f'<sst xmlns="{_MAIN}"></sst>'
FIRST = "xl/worksheets/sheet1.xml"


def memory_now() -> int:
    with open("/proc/self/statm", encoding="ascii") as stream:  # noqa: PTH123  # no file
        return int(stream.read().split()[0]) * 4096


def found(tmp_path: Path, content: bytes, name: str = "a.xlsx", apart: int = 600 * _MEBIBYTE) -> list[Issue]:
    """Read a file with 80 MiB of memory and no more (`apart`: that of a process apart); say what is wrong."""
    resource = pytest.importorskip("resource")
    if sys.platform != "linux":
        pytest.skip("memory is limited on Linux alone")
    path = tmp_path / name
    path.write_bytes(content)
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (memory_now() + 80 * _MEBIBYTE, hard))
    try:
        sheets, issues = read_sheets(path, content, apart)
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
    assert sheets == []
    return [one for one in issues if one.severity == "error"]


@pytest.fixture
def smaller(monkeypatch: pytest.MonkeyPatch) -> None:
    """Parts of 100 MiB at most: files are made sooner than with the real limit."""
    monkeypatch.setattr(packages, "MOST_BYTES", 100 * _MEBIBYTE)


def test_the_limits_leave_room_for_a_country() -> None:
    assert packages.MOST_OF_A_TREE < 300_000_000 <= packages.MOST_BYTES <= packages.MOST_TOGETHER / 2


@pytest.mark.usefixtures("smaller")
@pytest.mark.parametrize(
    ("name", "target"),
    [
        (FIRST, "worksheets/sheet1.xml"),
        ("xl/worksheets/sheet1.XML", "worksheets/sheet1.XML"),
        ("xl/worksheets/s.dat", "worksheets/s.dat"),
        ("xl/sharedStrings.xml", "worksheets/sheet1.xml"),
        ("xl/media/image1.png", "worksheets/sheet1.xml"),
    ],
)
def test_no_part_is_larger_than_it_may_be_whatever_its_name(tmp_path: Path, name: str, target: str) -> None:
    parts = {f"xl/{target}": (SHEET, 0), "xl/sharedStrings.xml": (TEXTS, 0)}
    content = book({**parts, name: (parts.get(name, ("", 0))[0], 101)}, target)
    assert len(content) < _MEBIBYTE
    (error,) = found(tmp_path, content)
    assert (error.code, error.params["cell"]) == ("sheet_too_large", name)


@pytest.mark.usefixtures("smaller")
@pytest.mark.parametrize("name", [FIRST, "xl/sharedStrings.xml", "xl/worksheets/s.dat"])
@pytest.mark.parametrize(("size", "code"), [(99, "workbook_broken"), (101, "sheet_too_large")])
def test_what_the_file_says_of_a_size_is_not_believed(
    tmp_path: Path, name: str, size: int, code: str
) -> None:
    content = lying(book({FIRST: (SHEET, 0), "xl/sharedStrings.xml": (TEXTS, 0), name: (TEXTS, size)}), name)
    assert [one.code for one in found(tmp_path, content)] == [code]


def test_a_size_that_is_too_small_is_a_lie_though_its_check_sum_fits(tmp_path: Path) -> None:
    content = book({FIRST: (SHEET, 1)})
    honest = zlib.crc32(SHEET.encode() + b" " * _MEBIBYTE)
    short = struct.pack("<I", zlib.crc32(SHEET.encode()))
    spoilt = lying(content.replace(struct.pack("<I", honest), short), FIRST, len(SHEET))
    with zipfile.ZipFile(io.BytesIO(spoilt)) as package:
        assert package.read(FIRST) == SHEET.encode()  # who believes it sees nothing wrong
    assert [one.code for one in found(tmp_path, spoilt)] == ["workbook_broken"]


def test_many_parts_together_are_no_larger_than_they_may_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packages, "MOST_TOGETHER", 10 * _MEBIBYTE)
    content = book({FIRST: (SHEET, 4), **{f"xl/media/{at}.png": ("", 4) for at in range(2)}})
    (error,) = found(tmp_path, content)
    assert (error.code, error.params["cell"]) == ("sheet_too_large", "xl/media/1.png")


@pytest.mark.parametrize("name", ["xl/workbook.xml", "xl/styles.xml", "xl/_rels/workbook.xml.rels"])
def test_parts_that_become_trees_are_small(tmp_path: Path, name: str) -> None:
    content = book({FIRST: (SHEET, 0), name: ("<a>" + "<b/>" * 5_000_000, 0)})
    (error,) = found(tmp_path, content)
    assert (error.code, error.params["cell"]) == ("sheet_too_large", name)


def test_a_sheet_that_is_written_unusually_does_not_become_a_tree() -> None:
    xml = SHEET.replace("</sheetData>", "<!-- --></sheetData>" + "<b/>" * 300_000).encode()
    tracemalloc.start()
    try:
        parsed(xml, ())
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 5_000_000  # the tree takes 24 MB
    with pytest.raises(ValueError, match="more parts"):
        parsed(b'<s><row r="1"><c r="A1">' + b"<v/>" * 1000 + b"</c></row></s>", ())


def test_a_sheet_that_was_not_looked_through_is_not_read(tmp_path: Path) -> None:
    far = SHEET.replace("</row>", '</row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')
    twice = book(
        {FIRST: (far, 0), "xl/worksheets/sheet2.xml": (SHEET, 0)},
        more='<sheet name="assets" sheetId="2" r:id="rId2"/>',
    )
    assert [one.code for one in found(tmp_path, twice)] == ["workbook_broken"]
    nested = book({FIRST: (far, 0), "xl/xl/worksheets/sheet1.xml": (SHEET, 0)}, "xl/worksheets/sheet1.xml")
    assert [one.code for one in found(tmp_path, nested)] == ["sheet_too_large"]
    names = book({FIRST: (SHEET, 0), FIRST.upper(): (far, 0)})
    assert [one.code for one in found(tmp_path, names)] == ["workbook_broken"]


def old_book(row: int, column: int) -> bytes:
    """Return an .xls file with a number in A1 and one in another cell."""

    def record(kind: int, content: bytes) -> bytes:
        return struct.pack("<HH", kind, len(content)) + content

    def start(kind: int) -> bytes:
        return record(0x809, struct.pack("<HHHHII", 0x600, kind, 0x0DBB, 0x07CC, 0, 6))

    def globals_at(place: int) -> bytes:
        sheet = struct.pack("<IBB", place, 0, 0) + bytes([6, 0]) + b"assets"
        return start(5) + record(0x42, struct.pack("<H", 1200)) + record(0x85, sheet) + record(0x0A, b"")

    stream = globals_at(len(globals_at(0))) + start(0x10)
    for at in ((0, 0), (row, column)):
        stream += record(0x203, struct.pack("<HHHd", *at, 0, 1.0))
    stream = (stream + record(0x0A, b"")).ljust(4096, b"\0")
    sectors = len(stream) // 512
    table = [0xFFFFFFFD, 0xFFFFFFFE, *range(3, sectors + 2), 0xFFFFFFFE]
    table += [0xFFFFFFFF] * (128 - len(table))
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16 + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
    head += b"\0" * 6 + struct.pack("<10I", 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0, 0)
    head += b"\xff" * 432

    def entry(name: str, kind: int, child: int, first: int, size: int) -> bytes:
        text = name.encode("utf-16-le")
        about = struct.pack("<HBBIII", len(text) + 2, kind, 1, 0xFFFFFFFF, 0xFFFFFFFF, child)
        return text.ljust(64, b"\0") + about + b"\0" * 36 + struct.pack("<IQ", first, size)

    entries = entry("Root Entry", 5, 1, 0xFFFFFFFE, 0) + entry("Workbook", 2, 0xFFFFFFFF, 2, len(stream))
    return head + struct.pack("<128I", *table) + entries.ljust(512, b"\0") + stream


def test_an_old_workbook_is_read_and_one_that_reaches_far_ends_no_process(tmp_path: Path) -> None:
    path = tmp_path / "a.xls"
    path.write_bytes(old_book(2, 1))
    ((sheet,), issues) = read_sheets(path, path.read_bytes())
    assert sheet.rows == [[1.0, ""], ["", ""], ["", 1.0]]
    assert [one.code for one in issues] == ["workbook_old"]
    (error,) = found(tmp_path, old_book(65_535, 99), "b.xls")
    assert (error.code, error.params["cell"]) == ("sheet_too_large", "CV65536")
    (error,) = found(tmp_path, old_book(65_535, 65_535), "c.xls", 300 * _MEBIBYTE)
    assert (error.code, error.params["reason"]) == ("workbook_broken", "reading it takes too much memory")


def repeated(times: int) -> str:
    """Return a row of an .ods file, written as none of our patterns knows it."""
    value = f"<table:table-cell table:number-columns-repeated='{times}' office:value-type='float' "
    return f"<table:table-row>{value}office:value='1'><text:p>1</text:p></table:table-cell></table:table-row>"


def test_an_ods_file_that_repeats_without_end_ends_no_process_however_it_is_written(tmp_path: Path) -> None:
    path = write_ods(tmp_path / "b.ods", repeated(16_384) * 400)
    (error,) = found(tmp_path, path.read_bytes(), "b.ods", 300 * _MEBIBYTE)
    assert (error.code, error.params["reason"]) == ("workbook_broken", "reading it takes too much memory")
    assert error.message("vi").endswith(": cần quá nhiều bộ nhớ để đọc tệp.")


def test_all_sheets_of_an_ods_file_together_hold_no_more_than_one_may(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = repeated(25) * 40
    path = write_ods(tmp_path / "a.ods", f'{rows}</table:table><table:table table:name="b">{rows}')
    for most, corners in ((2000, ["", ""]), (1999, ["", "Y40"]), (999, ["Y40", "Y40"])):
        monkeypatch.setattr(apart_process, "MOST_CELLS", most)
        answer = apart_process.answer_of(path, path.read_bytes())
        assert isinstance(answer, list)
        assert [one.far for one in answer] == corners
        assert [len(one.rows) for one in answer] == [0 if corner else 40 for corner in corners]


def test_a_workbook_of_a_hundred_thousand_rows_is_read(tmp_path: Path) -> None:
    path = tmp_path / "large.xlsx"
    head = "".join(
        f'<c r="{at}1" t="inlineStr"><is><t>{text}</t></is></c>' for at, text in zip("ABC", HEAD, strict=True)
    )
    cells = "".join(
        f'<row r="{row}"><c r="A{row}" t="str"><v>V-{row - 1}</v></c><c r="B{row}" t="str"><v>vehicle</v></c>'
        f'<c r="C{row}" t="str"><v>00004</v></c></row>'
        for row in range(2, 100_002)
    )
    xml = f'<worksheet xmlns="{_MAIN}"><sheetData><row r="1">{head}</row>{cells}</sheetData></worksheet>'
    path.write_bytes(book({FIRST: (xml, 0)}))
    raw = read_tables(path)
    assert [one.code for one in raw.issues] == ["sheet_missing"]
    assert raw.assets.shape == (100_000, 4)
    assert raw.assets["asset_id"].iloc[-1] == "V-100000"
