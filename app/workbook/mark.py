"""A copy of a person's workbook in which every issue is marked in place, with a list of them all in front.

Reading ignores the list, so the copy can be corrected and checked again.
"""

from __future__ import annotations

import gc
import warnings
import zipfile
from collections import defaultdict
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from app.errors import InputError
from app.texts import say
from app.workbook.escapes import restore_escapes, without_escapes
from app.workbook.issue_list import Spot, add_list, plain
from app.workbook.styles import Marker
from app.workbook.writing import refuse_existing, write_new

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from openpyxl import Workbook
    from openpyxl.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

    from app.settings import Lang
    from solver import Issue
    from solver.tables.places import SheetPlace

_Firsts: TypeAlias = dict[str, str]

SUFFIXES = (".xlsx", ".xlsm")
MOST_COMMENTS = 2_000  # each one is a drawing of its own
_FILLS = {"error": "FFFF9999", "warning": "FFFFE699"}
_AUTHOR = "Surplan"
_COMMENT_WIDTH, _LINE_HEIGHT, _LINE_CHARACTERS = 360, 18, 52


def mark_workbook(
    source: Path, out: Path, issues: Sequence[Issue], places: Mapping[str, SheetPlace], lang: Lang
) -> None:
    """Write a copy of a workbook in which every issue's cell is filled and commented, and all are listed.

    Parameters
    ----------
    source
        The workbook that was read, .xlsx or .xlsm (macros are kept).
    out
        File to make, with the same ending.
    issues
        All issues, also of other files; those are listed without a link.
    places
        Where each table stands in the workbook; tables of other files may be there too.
    lang
        Language of the list and of the comments.

    Raises
    ------
    InputError
        When `source` is of another format or cannot be opened, or `out` is `source`, exists, ends
        otherwise or cannot be written.
    """
    _check_names(source, out)
    with _no_collection():
        workbook = _load(source)
        firsts: dict[str, _Firsts] = {}
        spots = [_spot(issue, places, source.name, workbook, firsts) for issue in issues]
        _mark_cells(workbook, issues, spots, lang)
        add_list(workbook, issues, spots, places, lang)
        write_new(out, workbook.save)


@contextmanager
def _no_collection() -> Iterator[None]:
    """Keep Python from looking through all cells for garbage that isn't there: a quarter of the time."""
    before = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if before:
            gc.enable()


def _check_names(source: Path, out: Path) -> None:
    suffix = source.suffix.lower()
    if suffix not in SUFFIXES:
        raise InputError("mark_format", file=str(source))
    if out.resolve() == source.resolve():
        raise InputError("mark_itself", file=str(out))
    if out.suffix.lower() != suffix:
        raise InputError("mark_suffix", source=source.name, suffix=suffix, file=str(out))
    refuse_existing(out)


def _load(source: Path) -> Workbook:
    import openpyxl

    try:
        with warnings.catch_warnings():
            # About what openpyxl does not keep, such as validations of newer versions: in programmers' words.
            warnings.simplefilter("ignore", UserWarning)
            macros = source.suffix.lower() == ".xlsm"
            copy = without_escapes(source)
            workbook: Workbook = openpyxl.load_workbook(copy or source, keep_vba=macros, rich_text=True)
    except (
        OSError,
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        SyntaxError,
        zipfile.BadZipFile,
    ) as error:
        raise InputError("mark_unreadable", file=str(source), reason=str(error)) from error
    if copy is not None:
        restore_escapes(workbook)
    return workbook


def _spot(
    issue: Issue, places: Mapping[str, SheetPlace], file: str, workbook: Workbook, firsts: dict[str, _Firsts]
) -> Spot | None:
    """Return the sheet and cell of an issue, or None where it is not in this workbook."""
    place = places.get(issue.table)
    if place is None or place.file != file or place.sheet not in workbook.sheetnames:
        return None
    if place.sheet not in firsts:
        firsts[place.sheet] = _firsts(workbook[place.sheet])
    cell = place.cell(issue.row, issue.column)
    return place.sheet, firsts[place.sheet].get(cell, cell)


def _firsts(sheet: Worksheet) -> _Firsts:
    """Return merged cells -> the first of their range, which shows what is written in any of them."""
    from openpyxl.utils import get_column_letter

    # openpyxl has made a cell for each of them already.
    return {
        f"{get_column_letter(column)}{row}": str(merged.start_cell.coordinate)
        for merged in sheet.merged_cells.ranges
        for row, column in merged.cells
    }


def _mark_cells(
    workbook: Workbook, issues: Sequence[Issue], spots: Sequence[Spot | None], lang: Lang
) -> None:
    from openpyxl.styles import PatternFill

    by_spot: dict[Spot, list[Issue]] = defaultdict(list)
    for issue, spot in zip(issues, spots, strict=True):
        if spot is not None:
            by_spot[spot].append(issue)
    fills = {
        severity: PatternFill("solid", start_color=colour, end_color=colour)
        for severity, colour in _FILLS.items()
    }
    marker = Marker(fills)
    # Errors first: where there are too many for a comment each, warnings go without.
    ordered = sorted(by_spot.items(), key=lambda entry: _severity(entry[1]) != "error")
    for count, ((sheet, place), found) in enumerate(ordered):
        cell = workbook[sheet][place]
        marker.fill(workbook[sheet], cell, _severity(found))
        if count < MOST_COMMENTS:
            _comment(cell, [_said(issue, lang) for issue in found])


def _severity(issues: Iterable[Issue]) -> str:
    return "error" if any(issue.severity == "error" for issue in issues) else "warning"


def _said(issue: Issue, lang: Lang) -> str:
    severity = say(lang, f"mark.{issue.severity}")
    lines = [say(lang, "mark.comment", severity=severity, message=issue.message(lang))]
    if issue.remedy(lang):
        lines.append(say(lang, "mark.comment_remedy", remedy=issue.remedy(lang)))
    return "\n".join(lines)


def _comment(cell: Cell, texts: Iterable[str]) -> None:
    from openpyxl.comments import Comment

    before = cell.comment.text if cell.comment is not None else ""
    author = cell.comment.author if cell.comment is not None else _AUTHOR
    # A copy that is marked again says the same only once.
    added = [text for text in map(plain, dict.fromkeys(texts)) if text not in before]
    whole = "\n\n".join([before, *added] if before else added)
    lines = sum(1 + len(line) // _LINE_CHARACTERS for line in whole.split("\n"))
    cell.comment = Comment(whole, author, height=20 + _LINE_HEIGHT * min(lines, 24), width=_COMMENT_WIDTH)
