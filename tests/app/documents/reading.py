"""Reading documents back: what a person sees in the file, as text."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

import docx
import pypdfium2

if TYPE_CHECKING:
    from collections.abc import Iterable


def docx_tables(content: bytes) -> list[list[list[str]]]:
    """Return the cells of each table, by row."""
    package = docx.Document(io.BytesIO(content))
    return [[[cell.text for cell in row.cells] for row in table.rows] for table in package.tables]


def docx_paragraphs(content: bytes) -> list[str]:
    """Return every paragraph, those in tables too."""
    package = docx.Document(io.BytesIO(content))
    cells = (cell for table in package.tables for row in table.rows for cell in row.cells)
    return [
        *(paragraph.text for paragraph in package.paragraphs),
        *(paragraph.text for cell in cells for paragraph in cell.paragraphs),
    ]


def pdf_pages(content: bytes) -> list[str]:
    """Return the text of each page as it can be copied out."""
    with pypdfium2.PdfDocument(content) as pdf:
        return [page.get_textpage().get_text_range() for page in pdf]


def bare(texts: str | Iterable[str]) -> str:
    """Return text without white space and without the places where a line may be broken."""
    whole = texts if isinstance(texts, str) else "".join(texts)
    return re.sub(r"[\s\u200b\xa0]+", "", whole)
