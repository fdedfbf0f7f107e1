"""Documents as PDF, set by typst from one fixed template; the texts are handed over as data."""

from __future__ import annotations

import datetime
import json
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from functools import cache
from importlib import resources
from typing import Any

from app.documents.content import (
    Block,
    Document,
    Heading,
    Letterhead,
    Lines,
    Paragraph,
    Row,
    Signatures,
    Table,
    with_bonds,
)
from app.documents.legible import legible, printable

# Widths of the type area [mm], and how wide a letter of the two sizes is at most, on the average [mm].
_PORTRAIT, _LANDSCAPE = 180, 267
_LETTER, _SMALL_LETTER = 2.4, 1.8
_PADDING = 2.2
# A row of more lines than this may be broken across pages: it could be longer than a page.
_LONG_ROW = 30  # lines

# Tags tell a screen reader what is a heading or a table; with more rows they are ten times the rest.
_TAGGED_ROWS = 500

_BREAK = "\u200b"  # a place where a line may end; one that is in the data is escaped


def to_pdf(documents: Sequence[Document]) -> bytes:
    """Set documents as one PDF, each from page 1; equal documents give equal bytes.

    Parameters
    ----------
    documents
        At least one. The first one's title, language and date are those of the file. Tagged for screen
        readers up to `_TAGGED_ROWS` rows of tables.
    """
    import typst  # 20 ms that other commands need not pay for

    data = json.dumps([_encoded(document) for document in documents], ensure_ascii=False)
    midnight = datetime.datetime.combine(documents[0].date, datetime.time(), datetime.UTC)
    pdf = typst.compile(
        _template(),
        format="pdf",
        sys_inputs={"documents": data},
        ignore_system_fonts=True,
        timestamp=int(midnight.timestamp()),
        pdf_tags=_rows(documents) <= _TAGGED_ROWS,
    )
    if not isinstance(pdf, bytes):
        raise TypeError("typst returned pages where one PDF was asked for")
    return pdf


def _rows(documents: Sequence[Document]) -> int:
    tables = (block for each in documents for block in each.blocks if isinstance(block, Table))
    return sum(len(table.rows) for table in tables)


@cache
def _template() -> bytes:
    return resources.files("app.documents").joinpath("page.typ").read_bytes()


def _encoded(document: Document) -> dict[str, Any]:
    width = _LANDSCAPE if document.landscape else _PORTRAIT
    date = document.date
    return {
        "title": printable(legible(document.title)),
        "language": document.language,
        "date": [date.year, date.month, date.day],
        "notice": _text(document.notice, width / _SMALL_LETTER),
        "landscape": document.landscape,
        "blocks": [
            {"type": type(block).__name__, "bound": bound, **_block(block, width)}
            for block, bound in with_bonds(document)
        ],
    }


def _block(block: Block, width: float) -> dict[str, Any]:
    """Return a block for the template: its texts encoded, everything else as it is."""
    letters = width / _LETTER
    match block:
        case Table():
            return _table(block, width)
        case Heading() | Paragraph():
            return asdict(block) | {"text": _text(block.text, letters / 1.3)}
        case Letterhead():
            sides = {"left": block.left, "right": block.right}
            return {name: [_marked(line, letters / 2.6) for line in lines] for name, lines in sides.items()}
        case Signatures():
            limit = letters / len(block.parties)
            return {"parties": [_texts(lines, limit) for lines in block.parties]}


def _table(table: Table, width: float) -> dict[str, Any]:
    letter = _SMALL_LETTER if table.small else _LETTER
    limits = [(share * width / sum(table.widths) - _PADDING) / letter for share in table.widths]
    rows = [_row(row, limits) for row in table.rows]
    return {
        "headings": [_text(text, limit) for text, limit in zip(table.headings, limits, strict=False)],
        "rows": rows,
        "alignments": table.alignments,
        "widths": table.widths,
        "small": table.small,
        "together": table.together and all(row["breakable"] is False for row in rows),
    }


def _row(row: Row, limits: Sequence[float]) -> dict[str, Any]:
    if row.role == "group":
        limits = [sum(limits)]
    cells = zip(row.cells, limits, strict=True)
    longest = max(sum(_lines(line, limit) for line in lines) for lines, limit in cells)
    return {
        "cells": [_texts(lines, limit) for lines, limit in zip(row.cells, limits, strict=True)],
        "role": row.role,
        "breakable": longest > _LONG_ROW,
    }


def _lines(text: str, limit: float) -> int:
    """Return how many lines a text needs at most, roughly."""
    return sum(1 + int(1.3 * len(part) / limit) for part in text.split("\n"))


def _marked(line: str, limit: float) -> dict[str, Any]:
    return {"text": _text(line, limit), "marked": line.startswith("[")}


def _texts(lines: Lines, limit: float) -> list[str]:
    return [_text(line, limit) for line in lines]


def _text(text: str, limit: float) -> str:
    """Encode a text; words that don't fit into `limit` letters get places where the line may be broken."""
    text = printable(legible(text))
    if len(text) <= limit or max(map(len, text.split()), default=0) <= limit:
        return text
    return "".join(
        _BREAK.join(_clusters(word)) if len(word) > limit else word for word in re.findall(r"\s+|\S+", text)
    )


def _clusters(word: str) -> Iterator[str]:
    """Yield the letters of a word, each with its marks: a mark never stands on a new line."""
    start = 0
    for i in range(1, len(word) + 1):
        if i == len(word) or not unicodedata.category(word[i]).startswith("M"):
            yield word[start:i]
            start = i
