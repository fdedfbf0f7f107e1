"""The file of ``surplan compare --out``: a CSV of all changed lines, or a workbook with everything.

The CSV is for programs and holds codes; the workbook is for people and holds words.
"""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import TYPE_CHECKING

from app.comparison.provinces import FIGURES, WHEN, column
from app.errors import UsageError
from app.workbook.writing import refuse_existing, write_new

if TYPE_CHECKING:
    from app.comparison.result import Comparison
    from app.settings import Lang

SUFFIXES = (".csv", ".xlsx")
_AMOUNTS = (("units", ""), ("unmet", ""), ("unmet", "_vnd"), ("cost", "_vnd"))
_PLACES = tuple(f"{end}_province_{part}" for end in ("from", "to") for part in ("code", "name"))
#: Columns of the changed lines, in order; a line leaves empty what its subject does not have.
LINE_COLUMNS = (
    *("plan", "subject", "change", "asset_id", "need_id", "category"),
    *_PLACES,
    *(f"{stem}_{when}{unit}" for stem, unit in _AMOUNTS for when in WHEN),
    *("reason_before", "reason_after", "assets_before", "assets_after", "columns"),
)
#: Columns of the provinces, in order.
PROVINCE_COLUMNS = (
    *("plan", "province_code", "province_name", "outcome"),
    *(column(figure, when) for figure in FIGURES for when in WHEN),
)


def require_place(out: Path) -> None:
    """Refuse a file that can't be made, before any plan is read.

    Raises
    ------
    UsageError
        When its ending is neither ``.csv`` nor ``.xlsx``.
    InputError
        When it exists, or its folder does not.
    """
    if out.suffix.lower() not in SUFFIXES:
        raise UsageError("out_suffix", file=str(out), known=", ".join(SUFFIXES))
    refuse_existing(out)


def write_comparison(comparison: Comparison, out: Path, lang: Lang) -> None:
    """Write the file, whole or not at all.

    Raises
    ------
    InputError
        When it exists or can't be written.
    """
    if out.suffix.lower() == ".csv":
        write_new(out, lambda path: _write_bytes(path, as_csv(comparison)))
        return
    from app.comparison.book import write_book  # xlsxwriter takes long to import

    write_new(out, lambda path: write_book(comparison, path, lang))


def as_csv(comparison: Comparison) -> bytes:
    """Return all changed lines: UTF-8 with BOM, ``,`` and LF, so that a spreadsheet opens it."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(LINE_COLUMNS)
    for one in comparison.differences:
        for line in one.lines:
            cells = {"plan": one.other.name, **line}
            writer.writerow([as_text(cells.get(name, "")) for name in LINE_COLUMNS])
    return out.getvalue().encode("utf-8-sig")


def as_text(value: object) -> str:
    """Return a cell of the CSV: lists joined by ``|``."""
    if isinstance(value, list):
        return "|".join(map(str, value))
    return str(value)


def _write_bytes(path: Path, content: bytes) -> None:
    path.write_bytes(content)
