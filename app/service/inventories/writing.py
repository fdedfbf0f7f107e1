"""A province's part as it is downloaded: CSV of one table, or a workbook of both, which can be sent back."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from itertools import islice
from typing import TYPE_CHECKING

from app.service.inventories.folder import columns_of
from app.service.inventories.problems import MOST_LISTED
from app.service.inventories.rows import KEY, SIDES
from app.service.refusals import ConflictError
from app.settings import LANGS
from app.texts import number, say
from solver.tables.columns import by_name
from solver.tables.left_out import is_total
from solver.tables.percent import is_share
from solver.tables.sheet_table import ERROR_TEXTS
from solver.tables.workbook import SHEET_NAMES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from app.service.inventories.rows import Side
    from app.settings import Lang

Table = list[dict[str, str]]
#: Of one cell of a workbook, in UTF-16 units.
_MOST_CHARACTERS = 32_767
#: What XML cannot hold. Other controls are in no row: they are refused when it is sent.
_NO_SIGN = re.compile("[\ufffe\uffff]")
_SHOWN = 80  # signs of a text in an issue
#: Equal rows are equal bytes, whenever they are asked for: they have one ETag.
_MADE = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)


def csv_of(side: Side, rows: Table, unknown: Sequence[str]) -> bytes:
    """Return rows as CSV in UTF-8 with BOM, with English headings."""
    out = io.StringIO(newline="")
    columns = columns_of(side, list(unknown))
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([row.get(name, "") for name in columns] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def xlsx_of(tables: Mapping[str, Table], unknown: Mapping[str, Sequence[str]], lang: Lang) -> bytes:
    """Return rows as a workbook, all cells text, with names of sheets and headings in a language.

    Raises
    ------
    ConflictError
        When a workbook cannot hold a cell, or would be read otherwise when it is sent back; each is named.
    """
    _require_fit(tables, unknown)
    import xlsxwriter  # takes a while to import

    out = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties({"created": _MADE})
        for side in SIDES:
            sheet = book.add_worksheet(SHEET_NAMES[side][0] if lang == "vi" else side)
            columns = columns_of(side, list(unknown[side]))
            known = by_name(side)
            shares = {name for name in columns if name in known and known[name].unit == "%"}
            for place, name in enumerate(columns):
                sheet.write_string(0, place, known[name].vi if lang == "vi" and name in known else name)
            for at, row in enumerate(tables[side], start=1):
                for place, name in enumerate(columns):
                    if text := row.get(name, ""):
                        # Of a sheet, 0.5 may mean 50 % and is refused; 0.5% is read as it stands.
                        sign = "%" if name in shares and is_share(text) else ""
                        sheet.write_string(at, place, text + sign)
            sheet.freeze_panes(1, 1)
    return out.getvalue()


def _require_fit(tables: Mapping[str, Table], unknown: Mapping[str, Sequence[str]]) -> None:
    found = [
        (place, name, text, code)
        for side in SIDES
        for place, name, text, code in _unfit(side, tables[side], unknown[side])
    ]
    if found:
        issues = {
            lang: [
                {
                    "file": place,
                    "column": name,
                    "code": code,
                    "value": text[:_SHOWN],
                    "message": say(
                        lang, f"inventory_issue.{code}.message", limit=number(lang, _MOST_CHARACTERS)
                    ),
                    "remedy": say(lang, f"inventory_issue.{code}.remedy"),
                }
                for place, name, text, code in islice(found, MOST_LISTED)
            ]
            for lang in LANGS
        }
        raise ConflictError("part_workbook", issues=issues, cells=str(len(found)))


def _unfit(side: Side, rows: Table, unknown: Sequence[str]) -> Iterator[tuple[str, str, str, str]]:
    """Yield what a workbook does not give back: place, column, text and the code of the reason."""
    for name in unknown:
        if code := _reason(name):
            yield side, name, name, code
    for row in rows:
        given = row.get(KEY[side], "")
        for name, text in row.items():
            code = _reason(text) or ("sheet_error_text" if text in ERROR_TEXTS else "")
            if not code and name == KEY[side] and is_total(text):
                code = "sheet_total"
            if code:
                yield f"{side}[{given}]", name, text, code


def _reason(text: str) -> str:
    if len(text) > _MOST_CHARACTERS // 2 and len(text.encode("utf-16-le")) // 2 > _MOST_CHARACTERS:
        return "sheet_cell_too_long"
    return "sheet_sign" if _NO_SIGN.search(text) else ""
