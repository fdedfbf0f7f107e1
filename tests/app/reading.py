"""How tests read what was written for people: CSV, DOCX and PDF, as text."""

from __future__ import annotations

import csv
import re
from typing import TYPE_CHECKING

import docx
import pypdfium2

if TYPE_CHECKING:
    from pathlib import Path

Row = dict[str, str]


def rows_of(path: Path) -> list[Row]:
    """Return the rows of a CSV file."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def grouped(value: int) -> str:
    """Return a number as Vietnamese documents write it."""
    return f"{value:,}".replace(",", ".")


def squeezed(text: str) -> str:
    """Return a text without any space, since a page breaks lines where it likes."""
    return re.sub(r"[\s\u00ad\u200b\ufffe]+", "", text)


def tables_of(path: Path) -> list[list[list[str]]]:
    """Return the cells of every table of a DOCX file."""
    return [
        [[cell.text for cell in row.cells] for row in table.rows] for table in docx.Document(str(path)).tables
    ]


def pages_of(path: Path) -> list[str]:
    """Return the text of every page of a PDF file."""
    document = pypdfium2.PdfDocument(path)
    try:
        return [page.get_textpage().get_text_range() for page in document]
    finally:
        document.close()
