"""The scenario sheet of a workbook (a key and a value in each row) to what scenario.toml would say."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from solver.errors import issue
from solver.scenario.schema import BY_NAME
from solver.tables.cell_texts import column_texts
from solver.tables.names import clean, fold
from solver.tables.percent import is_share, shown_percent
from solver.tables.places import SheetPlace
from solver.tables.sheet_xml import letters

if TYPE_CHECKING:
    from collections.abc import Sequence

    from solver.errors import Issue
    from solver.scenario.schema import Key, KeyType, Value
    from solver.tables.sheet_xml import Place
    from solver.tables.sheets import Cell, Sheet

_KEY_HEADINGS = frozenset({"khoa", "thamso", "key", "parameter"})
_VALUE_HEADINGS = frozenset({"giatri", "value"})
_DEPTH = 40
#: Units whose cells may be formatted as percentages: a share is kept as it is stored.
_SHOWN_AS_PERCENT = ("%", "share")
_TABLE = "scenario"
_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)?")
# 1.125 may be 1125: left as text, which the check of the scenario refuses.
_GROUPED = re.compile(r"[+-]?[1-9]\d{0,2}[.,]\d{3}")
_FLAGS = {"true": True, "dung": True, "co": True, "yes": True}
_FLAGS |= {"false": False, "sai": False, "khong": False, "no": False}
_LISTS: dict[KeyType, KeyType] = {"choices": "text", "kinds": "text", "factors": "number"}


def read_scenario_sheet(file: str, sheet: Sheet) -> tuple[dict[str, Any] | None, SheetPlace, list[Issue]]:
    """Read the keys and values of a sheet.

    Parameters
    ----------
    file
        Name of the workbook.
    sheet
        Sheet with a column of keys (Khóa, Tham số) and a column of values (Giá trị); others say nothing.

    Returns
    -------
    dict or None
        Nested as `solver.scenario.read_scenario` takes it; None where no key has a value.
    SheetPlace
        With the row of every key that was read.
    issues
        Keys given twice; headings that are missing; error cells.
    """
    found: list[Issue] = []
    head = _header(sheet)
    if head is None:
        if any(cell != "" for row in sheet.rows for cell in row):
            found.append(issue("headings_unknown", _TABLE, value=sheet.name))
        return None, SheetPlace(file, sheet.name, sheet.top + 1), found
    at, key_place, value_place = head
    raw: dict[str, Any] = {}
    rows: dict[str, int] = {}
    written: set[tuple[str, ...]] = set()
    merged = _merged_values(sheet, sheet.left + value_place)
    for number, row in enumerate(sheet.rows[at + 1 :], start=sheet.top + at + 2):
        (name,) = column_texts([row[key_place]])
        cell = row[value_place]
        at_cell = (number - 1, sheet.left + value_place)
        wrong = sheet.wrong.get(at_cell)
        if wrong is None and isinstance(cell, str) and not cell.strip():
            if name:  # an issue about the default shows where to write another value
                dotted = ".".join(_path(name)[0])
                rows.setdefault(dotted, number)
                found += [
                    issue("formula_unreckoned", _TABLE, column=dotted)
                    for place in sheet.unreckoned
                    if place == at_cell
                ]
                if at_cell in merged:
                    found.append(issue("amount_merged", _TABLE, column=dotted, cells=merged[at_cell]))
            continue
        if not name:
            found.append(issue("key_missing", _TABLE, value=column_texts([cell])[0], sheet_row=number))
            continue
        path, key = _path(name)
        dotted = ".".join(path)
        if path in written:
            found.append(issue("key_duplicate", _TABLE, column=dotted))
            continue
        written.add(path)
        for length in range(len(path), 0, -1):
            rows.setdefault(".".join(path[:length]), number)
        if wrong is not None:
            found.append(issue("cell_error", _TABLE, column=dotted, value=wrong))
            continue
        shown = at_cell in sheet.percent
        found += _percent_issues(key, dotted, cell, shown=shown)
        if shown and key is not None and key.unit == "%":
            cell = shown_percent(cell)
        value = read_cell(key, cell)
        if isinstance(value, list):
            rows |= {f"{dotted}[{place}]": number for place in range(len(value))}
        if not _put(raw, path, value):
            found.append(issue("key_duplicate", _TABLE, column=dotted))
    value_letters = letters(sheet.left + value_place)
    place = SheetPlace(file, sheet.name, sheet.top + at + 1, keys=rows, value_letters=value_letters)
    return (raw if written else None), place, found


def read_cell(key: Key | None, cell: Cell) -> Value:
    """Return a cell as the value that the type of its key asks for; what does not fit stays a text.

    Parameters
    ----------
    key
        None for a key that is not known.
    cell
        Cell of a sheet. Members of a list are joined by ``|``; pairs stand one a line, or joined by ``;``.
    """
    (text,) = column_texts([cell])
    if key is None:
        return cell if isinstance(cell, bool) else text
    if key.unit == "%" and text.endswith("%"):
        cell = text = text[:-1].rstrip()
    if key.type in ("pairs", "pins"):
        return [_pair(part) for part in re.split(r"[;\n]", text) if part.strip()]
    if key.type in _LISTS:
        return [
            _single(_LISTS[key.type], clean(part), clean(part)) for part in text.split("|") if part.strip()
        ]
    return _single(key.type, cell, text)


def known_keys(sheet: Sheet) -> float | None:
    """Return how large a share of a sheet's keys are those of a scenario; None where it has none."""
    head = _header(sheet)
    if head is None:
        return None
    at, key_place, _ = head
    names = [name for name in column_texts([row[key_place] for row in sheet.rows[at + 1 :]]) if name]
    return sum(_path(name)[1] is not None for name in names) / len(names) if names else None


def _percent_issues(key: Key | None, dotted: str, cell: Cell, *, shown: bool) -> list[Issue]:
    (text,) = column_texts([cell])
    if key is None:
        return []
    if key.unit == "%" and not shown and is_share(text):
        return [issue("percent_as_share", _TABLE, column=dotted, value=text)]
    if shown and key.unit not in _SHOWN_AS_PERCENT:
        return [issue("percent_misplaced", _TABLE, column=dotted, value=f"{shown_percent(cell)} %")]
    return []


def _merged_values(sheet: Sheet, column: int) -> dict[Place, str]:
    """Return the cells below the first of cells merged in the column of values -> the merged range."""
    return {
        (row, column): f"{letters(left)}{top + 1}:{letters(right)}{bottom + 1}"
        for (top, left), (bottom, right) in sheet.merges
        if sheet.left <= left <= column <= right and 0 <= top - sheet.top < len(sheet.rows)
        if sheet.rows[top - sheet.top][left - sheet.left] != ""
        for row in range(top + 1, min(bottom, sheet.top + len(sheet.rows)) + 1)
    }


def _single(kind: KeyType, cell: Cell, text: str) -> Value:
    if kind == "flag":
        return cell if isinstance(cell, bool) else _FLAGS.get(fold(text), text)
    if kind == "date":
        return (
            cell.date()
            if isinstance(cell, dt.datetime) and text == cell.date().isoformat()
            else (cell if type(cell) is dt.date else text)
        )
    if kind in ("integer", "number", "floor") and not isinstance(cell, bool):
        typed = isinstance(cell, str)
        if _NUMBER.fullmatch(text) and not (typed and _GROUPED.fullmatch(text)):
            return int(text) if text.lstrip("+-").isdigit() else Decimal(text.replace(",", "."))
    return cell if isinstance(cell, bool) else text


def _pair(text: str) -> list[Value]:
    names: list[Value] = [clean(part) for part in text.split("|")]
    return [*names[:2], *(int(part) if part.isdecimal() else part for part in names[2:])]


def _path(name: str) -> tuple[tuple[str, ...], Key | None]:
    """Return the parts of a dotted key; a name in a keyed table may hold points and quotation marks."""
    known = name
    while known and known not in BY_NAME:
        known = known.rpartition(".")[0]
    if not known:
        return tuple(_bare(part) for part in name.split(".")), None
    rest = name[len(known) + 1 :]
    key = BY_NAME[known]
    parts = tuple(known.split("."))
    fits = bool(rest) == bool(key.keyed) or key.type == "floor"  # of all keys, or of one
    return ((*parts, _bare(rest)) if rest else parts), key if fits else None


def _bare(text: str) -> str:
    return clean(text.strip().strip("\"'“”‘’"))


def _put(raw: dict[str, Any], path: Sequence[str], value: Value) -> bool:
    """Put a value where its key says; False where a single value and a table of values stand there."""
    node = raw
    for part in path[:-1]:
        node = node.setdefault(part, {})
        if not isinstance(node, dict):
            return False
    if path[-1] in node:
        return False
    node[path[-1]] = value
    return True


def _header(sheet: Sheet) -> tuple[int, int, int] | None:
    for at, row in enumerate(sheet.rows[:_DEPTH]):
        folded = [fold(text.partition("(")[0]) for text in column_texts(row)]
        keys = [place for place, text in enumerate(folded) if text in _KEY_HEADINGS]
        values = [place for place, text in enumerate(folded) if text in _VALUE_HEADINGS]
        if keys and values:
            return at, keys[0], values[0]
    return None
