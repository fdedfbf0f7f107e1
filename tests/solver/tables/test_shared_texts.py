"""One text that many cells name is copied for each of them: a small file must not become gigabytes."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path
from random import Random
from xml.sax.saxutils import escape

import pytest

from solver.tables import sheets
from solver.tables.shared_texts import text_named, text_sizes
from solver.tables.sheets import read_sheets
from tests.solver.tables.test_workbook_bombs import book

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def column(texts: list[str], values: list[str], kind: str = "s", prefix: str = "") -> bytes:
    """Return a workbook of one column, whose cells hold these values."""
    items = "".join(f"<si><t>{escape(text)}</t></si>" for text in texts)
    rows = "".join(
        f'<row r="{row}"><c r="A{row}" t="{kind}"><v>{value}</v></c></row>'
        for row, value in enumerate(values, 1)
    )
    sheet = f"<worksheet><sheetData>{rows}</sheetData></worksheet>"
    sheet = re.sub(r"<(/?)(?=[a-zA-Z])", rf"<\1{prefix}", sheet)
    space = f"xmlns:{prefix[:-1]}" if prefix else "xmlns"
    return book(
        {
            "xl/sharedStrings.xml": (f'<sst xmlns="{_MAIN}">{items}</sst>', 0),
            "xl/worksheets/sheet1.xml": (sheet.replace("worksheet>", f'worksheet {space}="{_MAIN}">', 1), 0),
        }
    )


def named(content: bytes) -> int:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return text_named(package.read("xl/worksheets/sheet1.xml"), text_sizes(package))


def codes(content: bytes) -> list[str]:
    return [one.code for one in read_sheets(Path("a.xlsx"), content)[1]]


LONG = ["a" * 200_000, "b"]


@pytest.mark.parametrize("value", ["0", " 0", "00", "&#48;", "<![CDATA[0]]>", "<!-- -->0", "+0"])
@pytest.mark.parametrize("prefix", ["", "x:"])
def test_a_text_that_many_cells_name_counts_for_each_however_it_is_named(value: str, prefix: str) -> None:
    content = column(LONG, [value] * 300, prefix=prefix)
    assert len(content) < 20_000
    assert named(content) >= 300 * len(LONG[0])


def test_a_file_whose_cells_name_too_much_text_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert codes(column(LONG, ["0"] * 300)) == []
    monkeypatch.setattr(sheets, "MOST_TEXT", 50_000_000)
    assert codes(column(LONG, ["0"] * 300)) == ["sheet_too_large"]
    assert codes(column(LONG, ["0"] * 100 + ["1"] * 3000)) == []  # a long text that is named seldom is none


def test_numbers_are_no_texts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "MOST_TEXT", 50_000_000)
    assert codes(column(LONG, ["950000000", "-1", "2.5"] * 200, kind="n")) == []


@pytest.mark.parametrize("seed", range(20))
def test_what_is_named_is_never_less_than_what_is_read(seed: int) -> None:
    dice = Random(seed)
    texts = ["ậ&<" * dice.choice([0, 1, 10, 40_000]) for _ in range(dice.randint(1, 6))]
    values = [str(dice.randrange(len(texts))) for _ in range(dice.randint(1, 300))]
    content = column(texts, values)
    found, issues = read_sheets(Path("a.xlsx"), content)
    assert issues == []
    read = sum(len(str(cell).encode()) for row in found[0].rows for cell in row)
    assert read == sum(len(texts[int(value)].encode()) for value in values)
    assert named(content) >= read
