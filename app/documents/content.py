"""What stands in a document, whatever file it becomes: one content, two renderers.

Every text is data. A renderer may neither read markup in it nor let its direction reach its neighbours, so
each line of a cell and each paragraph is a paragraph of its own in the file.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Literal

from app.settings import Lang

Align = Literal["left", "centre", "right"]
Lines = tuple[str, ...]

_SHORT_TABLE = 15  # rows


@dataclass(frozen=True)
class Heading:
    """A heading; `level` 0 is the title of the document, centred."""

    text: str
    level: Literal[0, 1, 2] = 1


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of text.

    Attributes
    ----------
    align
        Where it stands.
    italic
        For remarks.
    marked
        A placeholder that a person must replace: shown on yellow, between square brackets.
    """

    text: str
    align: Align = "left"
    italic: bool = False
    marked: bool = False


@dataclass(frozen=True)
class Row:
    """One row of a table: the lines of each cell, or one text across all columns.

    Attributes
    ----------
    cells
        As many as the table has columns; of a "group" exactly one.
    role
        "item"; "group": a heading within the table; "total": sums of the rows above.
    """

    cells: tuple[Lines, ...]
    role: Literal["item", "group", "total"] = "item"


@dataclass(frozen=True)
class Table:
    """A table.

    Attributes
    ----------
    headings
        Repeated on every page; none = a table without a heading row.
    rows
        In order. No row is broken across pages unless it is longer than a page.
    alignments
        By column.
    widths
        By column, relative to each other.
    small
        With the small type of wide tables.
    """

    headings: Lines
    rows: tuple[Row, ...]
    alignments: tuple[Align, ...]
    widths: tuple[int, ...]
    small: bool = False

    @property
    def together(self) -> bool:
        """Whether the table stays on one page: it is short, and what it holds belongs together."""
        return not self.small and len(self.rows) <= _SHORT_TABLE


@dataclass(frozen=True)
class Letterhead:
    """The two columns at the top: the body that issues it, and the state with its motto.

    The first line of each column is normal, the second bold; lines of `left` between square brackets are
    placeholders.
    """

    left: Lines
    right: Lines


@dataclass(frozen=True)
class Signatures:
    """Places to sign, side by side: for each the lines above the signature, the first one bold."""

    parties: tuple[Lines, ...]


Block = Heading | Paragraph | Table | Letterhead | Signatures


@dataclass(frozen=True)
class Document:
    """A document.

    Attributes
    ----------
    title
        For the properties of the file.
    language
        Of the texts that are ours.
    date
        Of the scenario: the file is dated by it and not by the clock.
    notice
        Stands at the top of every page; empty = none.
    blocks
        In order.
    landscape
        Lie the pages on their side.
    """

    title: str
    language: Lang
    date: datetime.date
    notice: str
    blocks: tuple[Block, ...] = field(repr=False)
    landscape: bool = False


def with_bonds(document: Document) -> Iterator[tuple[Block, bool]]:
    """Yield each block, and whether it must stand on the page of the next one."""
    for block, following in zip_longest(document.blocks, document.blocks[1:]):
        yield block, isinstance(block, Paragraph) and isinstance(following, Table | Signatures)
