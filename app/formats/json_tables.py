"""JSON to rows of texts: ``{"assets": [{column: value}, ...], "scenario": {...}}``, or a list of one table.

The reader is strict, and whatever it is given becomes issues: a key given twice, ``NaN``, a number that no
cell can hold, values in values, a document nested without end, bytes that are no UTF-8.
"""

from __future__ import annotations

import json
from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from app.formats.cells import MOST_DIGITS, MOST_ROWS, SCENARIO, Refused, Row, read_row, table_named
from solver.errors import issue
from solver.scenario.syntax import in_vietnamese
from solver.tables.delimited import decode

if TYPE_CHECKING:
    from solver.errors import Issue

FOLDER = "folder"
#: Row of the first record: rows count as in CSV, where the headings are row 1.
FIRST_ROW = 2
_BODY = "JSON"
_DEEPEST = 50
_TOO_DEEP = "nested too deeply"


class Doubled(dict[str, Any]):
    """An object in which keys are given twice; the last one counts, and `twice` names them."""

    twice: tuple[str, ...] = ()


def parse_json(table: str, name: str, content: bytes) -> tuple[Any, list[Issue]]:
    """Parse a document.

    Parameters
    ----------
    table, name
        Where issues are reported: the table and the file.
    content
        The file's bytes: UTF-8, with or without BOM.

    Returns
    -------
    value
        Numbers int or Decimal; `Refused` for what is no number of JSON or is longer than a cell may be;
        `Doubled` for an object with a key given twice.
    issues
        Empty where it could be read; else `value` is None.
    """
    text, found = decode(table, name, content)
    if text is None:
        return None, found
    try:
        return json.loads(
            text,
            parse_float=_decimal,
            parse_int=_integer,
            parse_constant=lambda literal: Refused("not_finite", literal),
            object_pairs_hook=_object,
        ), []
    except RecursionError:
        reason = _TOO_DEEP
    except ValueError as error:
        reason = str(error)
    return None, [issue("json_broken", table, value=name, reason=reason, reason_vi=in_vietnamese(reason))]


def _integer(text: str) -> int | Refused:
    return int(text) if len(text.lstrip("-")) <= MOST_DIGITS else _too_long(text)


def _decimal(text: str) -> Decimal | Refused:
    try:
        return Decimal(text)
    except ArithmeticError:  # the exponent is beyond all bounds
        return _too_long(text)


def _too_long(text: str) -> Refused:
    return Refused("number_too_long", text, {"limit": str(MOST_DIGITS)})


def _object(members: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(members)
    if len(made) == len(members):
        return made
    doubled = Doubled(made)
    doubled.twice = tuple(key for key, times in Counter(key for key, _ in members).items() if times > 1)
    return doubled


def rows_of_json(value: object, name: str = _BODY) -> tuple[dict[str, list[Row]], list[Issue]]:
    """Return the tables of a document as rows of texts, with everything that is wrong.

    Parameters
    ----------
    value
        The document: bytes, or what a parser made of it. A key ``scenario`` is left to `scenario_text`.
    name
        What issues call the document.

    Returns
    -------
    tables
        Table -> rows; each maps headings (English or Vietnamese, as given) to texts in NFC. A table that is
        null is left out.
    issues
        Rows count from 2, as in CSV.
    """
    if isinstance(value, bytes):
        value, broken = parse_json(FOLDER, name, value)
        if broken:
            return {}, broken
    if not isinstance(value, dict):
        return {}, [issue("json_not_tables", FOLDER, value=_kind(value), file=name)]
    found = keys_twice(FOLDER, None, value, name)
    tables: dict[str, list[Row]] = {}
    names: dict[str, str] = {}
    for key, member in value.items():
        table = table_named(key) if isinstance(key, str) else None
        if table is None:
            found.append(issue("table_unknown", FOLDER, value=_shown(key), file=name))
        elif table in names:
            found.append(issue("table_twice", table, value=f"“{key}”", file=f"“{names[table]}”"))
        else:
            names[table] = key
            if table != SCENARIO and member is not None:
                tables[table], wrong = rows_of_list(table, member)
                found += wrong
    return tables, found


def _shown(key: object) -> str:
    """Return a key as it is printed; half a character can't be."""
    return key if isinstance(key, str) and key.isprintable() else ascii(key)


def rows_of_list(table: str, value: object) -> tuple[list[Row], list[Issue]]:
    """Return the rows of one table from a list of objects, with everything that is wrong."""
    if not isinstance(value, list):
        return [], [issue("json_not_rows", table, value=_kind(value))]
    if len(value) > MOST_ROWS:
        return [], [issue("rows_too_many", table, value=len(value), limit=MOST_ROWS)]
    rows: list[Row] = []
    found: list[Issue] = []
    for number, record in enumerate(value, start=FIRST_ROW):
        if isinstance(record, dict):
            found += keys_twice(table, number, record)
            rows.append(read_row(table, number, record.items(), found))
        else:
            found.append(issue("row_not_object", table, number, value=_kind(record)))
            rows.append({})
    return rows, found


def keys_twice(table: str, row: int | None, value: object, file: str = "") -> list[Issue]:
    """Return an issue for every key that an object has twice; `file`: where no table tells it."""
    keys = value.twice if isinstance(value, Doubled) else ()
    tables = {key: table_named(key) or table if table == FOLDER else table for key in keys}
    return [issue("key_duplicate", of, row, _shown(key), file=file) for key, of in tables.items()]


def _kind(value: object) -> str:
    """Return what a value is, in JSON's words; the value itself may be endless."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float, Decimal, Refused)):
        return "number"
    kinds = ((str, "string"), (list, "array"), (dict, "object"))
    return next((name for kind, name in kinds if isinstance(value, kind)), type(value).__name__)


def scenario_text(value: object) -> tuple[str | None, list[Issue]]:
    """Return the scenario of a document as the text of scenario.json; None where there is none.

    Numbers keep their digits; what is wrong with a key is found by whoever reads the scenario.
    """
    members = value.items() if isinstance(value, dict) else ()
    for key, member in members:
        if not isinstance(key, str) or table_named(key) != SCENARIO or member is None:
            continue
        found: list[Issue] = []
        try:
            return _dumped(member, 0, found), found
        except ValueError as error:
            reason = str(error)
            broken = issue(
                "scenario_syntax", SCENARIO, value=key, reason=reason, reason_vi=in_vietnamese(reason)
            )
            return None, [*found, broken]
    return None, []


def _dumped(value: object, depth: int, found: list[Issue]) -> str:
    """Write JSON with every number as it stands, which `json.dumps` can't."""
    if depth > _DEEPEST:
        raise ValueError(_TOO_DEEP)
    if isinstance(value, dict):
        found += keys_twice(SCENARIO, None, value)
        members = (
            f"{json.dumps(str(key))}: {_dumped(member, depth + 1, found)}" for key, member in value.items()
        )
        return "{" + ", ".join(members) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(_dumped(member, depth + 1, found) for member in value) + "]"
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, Refused):
        return value.value  # the literal, at which the reader of the scenario stops
    if value is None or isinstance(value, (str, bool, int, float)):
        return json.dumps(value)
    raise ValueError(type(value).__name__)
