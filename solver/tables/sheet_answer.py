"""What the process that reads a workbook answers: lines of JSON, for it has read what anybody may have sent.

A line for each sheet, with how many rows it has; then a line for each row. Or one line: why there is none.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import IO, TYPE_CHECKING, Any

from solver.tables.sheet_xml import MOST_CELLS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from solver.tables.sheet_xml import Place

_KINDS = frozenset({str, float, int, bool, date, datetime, time, timedelta})
_CORNER = re.compile(r"[A-Z]{1,9}[0-9]{1,19}")


@dataclass(frozen=True, slots=True)
class PlainSheet:
    """A sheet of cells as python-calamine reads it.

    Attributes
    ----------
    name, hidden, rows, start, merges
        See `solver.tables.sheets.Sheet`; `start` is its first cell.
    far
        The far corner of a sheet that is too large to be held and has no rows here, or "".
    """

    name: str
    hidden: bool
    rows: list[list[Any]]
    start: Place = (0, 0)
    merges: tuple[tuple[Place, Place], ...] = ()
    far: str = ""


@dataclass(frozen=True, slots=True)
class NoSheets:
    """Why a workbook was not read: `locked` by a password, or what its reader says."""

    reason: str
    locked: bool = False


def write_answer(stream: IO[str], answer: Sequence[PlainSheet] | NoSheets) -> None:
    """Write the answer."""
    if isinstance(answer, NoSheets):
        _line(stream, {"reason": answer.reason, "locked": answer.locked})
        return
    for sheet in answer:
        about = {"name": sheet.name, "hidden": sheet.hidden, "start": sheet.start, "merges": sheet.merges}
        _line(stream, {**about, "far": sheet.far, "rows": len(sheet.rows)})
        for row in sheet.rows:
            _line(stream, row)


def _line(stream: IO[str], value: object) -> None:
    stream.write(json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=_told) + "\n")


def _told(cell: object) -> dict[str, Any]:
    if isinstance(cell, timedelta):
        return {"timedelta": [cell.days, cell.seconds, cell.microseconds]}
    if isinstance(cell, (datetime, date, time)):
        return {type(cell).__name__: cell.isoformat()}
    raise TypeError(f"a cell of the type {type(cell).__name__}")


def read_answer(stream: IO[str], most: int = MOST_CELLS) -> list[PlainSheet] | NoSheets:
    """Read the answer.

    Raises
    ------
    ValueError
        When it is none, or has more cells than `most`.
    """
    sheets: list[PlainSheet] = []
    try:
        while line := stream.readline():
            about = json.loads(line)
            if "reason" in about:
                return NoSheets(str(about["reason"]), about["locked"] is True)
            start, far = _place(about["start"]), str(about["far"])
            if far and not _CORNER.fullmatch(far):
                raise ValueError("no corner of a sheet")
            merges = tuple((_place(first), _place(last)) for first, last in about["merges"])
            rows: list[list[Any]] = []
            for _ in range(int(about["rows"])):
                rows.append(_row(stream.readline()))
                most -= len(rows[-1])
                if most < 0 or len(rows[-1]) != len(rows[0]):
                    raise ValueError("more cells than there may be, or rows of several lengths")
            sheets.append(PlainSheet(str(about["name"]), about["hidden"] is True, rows, start, merges, far))
    except (KeyError, TypeError, AttributeError, RecursionError, OverflowError) as error:
        raise ValueError(f"no answer: {type(error).__name__}") from None
    return sheets


def _row(line: str) -> list[Any]:
    row = json.loads(line, object_hook=_cell)
    if not isinstance(row, list) or not {type(cell) for cell in row} <= _KINDS:
        raise ValueError("no row of cells")
    return row


def _cell(value: dict[str, Any]) -> date | time | timedelta:
    ((kind, told),) = value.items()
    if kind == "timedelta":
        days, seconds, microseconds = told
        return timedelta(days, seconds, microseconds)
    kinds: dict[str, type[date] | type[time]] = {"datetime": datetime, "date": date, "time": time}
    return kinds[kind].fromisoformat(told)


def _place(value: list[int]) -> Place:
    row, column = value
    if type(row) is not int or type(column) is not int or min(row, column) < 0:
        raise ValueError("no place of a cell")
    return row, column
