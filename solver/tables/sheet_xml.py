"""Cells of a sheet by their place, and what an XML parser finds in a sheet that is written unusually."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias
from xml.etree import ElementTree

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

#: Sheets are held whole in memory: so many cells of a file, empty ones between filled ones included.
MOST_CELLS = 6_000_000

Place: TypeAlias = tuple[int, int]  # row and column of a sheet, from 0

#: Parts of a cell: value, formula, text and what other programs add.
_MOST_IN_A_CELL = 100

#: As every writer names cells and rows that it names. Readers differ over other names: calamine takes
#: ``xfd01048576`` for XFD1048576, and the number from the name, whatever the row around it says.
_NAME = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_ROW = re.compile(r"[1-9][0-9]{0,6}")


@dataclass(frozen=True, slots=True)
class Seen:
    """What the XML of a sheet says beside the values of its cells.

    Attributes
    ----------
    far
        The far corner of a sheet that is too large to be held, or "".
    wrong
        Cells that show an error -> its text.
    unreckoned
        Cells with a formula whose result is not in the file.
    percent
        Cells that hold a number and show it as a percentage.
    """

    far: str = ""
    wrong: dict[Place, str] = field(default_factory=dict)
    unreckoned: tuple[Place, ...] = ()
    percent: frozenset[Place] = frozenset()


def letters(column: int) -> str:
    """Return the letters of a column, counted from 0: ``A``, ``Z``, ``AA``."""
    name = ""
    column += 1
    while column:
        column, place = divmod(column - 1, 26)
        name = chr(ord("A") + place) + name
    return name


def place_of(name: bytes, row: bytes) -> Place:
    """Return the place of a cell, from the letters of its column and the number of its row."""
    column = 0
    for letter in name:
        column = column * 26 + letter - ord("A") + 1
    return int(row) - 1, column - 1


def far_corner(filled: Sequence[Place], most: int = MOST_CELLS) -> str:
    """Return the far corner of filled cells that reach over more than so many cells, or ""."""
    if not filled:
        return ""
    rows, columns = zip(*filled, strict=True)
    if (max(rows) - min(rows) + 1) * (max(columns) - min(columns) + 1) <= most:
        return ""
    return f"{letters(max(columns))}{max(rows) + 1}"


def parsed(xml: bytes, percent_styles: Collection[int], most: int = MOST_CELLS) -> Seen:
    """Look through a sheet with an XML parser; cells without a name follow the one before.

    Raises
    ------
    xml.etree.ElementTree.ParseError
        When it is no XML.
    ValueError
        When a cell has more parts than cells have, or a cell or row has a name that nobody writes.
    """
    wrong: dict[Place, str] = {}
    unreckoned: list[Place] = []
    percent: list[Place] = []
    filled: list[Place] = []
    for place, cell in _cells(xml):
        parts = {_local(part): part.text or "" for part in cell}
        kind = cell.get("t", "n")
        if parts:  # an empty value of a text fills its cell
            filled.append(place)
        if kind == "e" and "v" in parts:
            wrong[place] = parts["v"].strip()
        if "f" in parts and kind != "str" and not parts.get("v"):
            unreckoned.append(place)
        if kind == "n" and parts.get("v") and int(cell.get("s", "0")) in percent_styles:
            percent.append(place)
    return Seen(far_corner(filled, most), wrong, tuple(unreckoned), frozenset(percent))


def _cells(xml: bytes) -> Iterator[tuple[Place, ElementTree.Element]]:
    """Yield cells; what was passed is forgotten, since elements take thirty times the bytes of their tags."""
    row, column, numbered = 0, -1, False
    above: list[ElementTree.Element] = []
    for event, element in ElementTree.iterparse(io.BytesIO(xml), events=("start", "end")):
        name = _local(element)
        if event == "start":
            above.append(element)
            if name == "row":
                given = element.get("r")
                if given is not None and not _ROW.fullmatch(given):
                    raise ValueError(f"a row of the number {given[:20]}")
                column, numbered = -1, given is not None
                row = row if given is None else int(given) - 1
            continue
        above.pop()
        if name == "row":
            row, numbered = row + 1, False
        elif name == "c":
            place = _place(element, row, column, numbered)
            column = place[1]
            yield place, element
        if above and _local(above[-1]) != "c":
            above[-1].clear()
        elif above and len(above[-1]) > _MOST_IN_A_CELL:
            raise ValueError(f"a cell of row {row + 1} has more parts than a cell has")


def _place(cell: ElementTree.Element, row: int, column: int, numbered: bool) -> Place:
    """Return where a cell stands that follows `column` in a row: by its name, as calamine takes it."""
    given = cell.get("r")
    if given is None:
        return row, column + 1
    match = _NAME.fullmatch(given)
    if match is None:
        raise ValueError(f"a cell of the name {given[:20]}")
    place = place_of(match[1].encode(), match[2].encode())
    if numbered and place[0] != row:
        raise ValueError(f"a cell of the name {given} in row {row + 1}")
    return place


def _local(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]
