"""Issues on the terminal: a table for people, one JSON object for programs."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

from app.console import emit, visible
from app.texts import number, say

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from app.settings import Lang
    from solver import Issue
    from solver.tables.places import SheetPlace

MOST_SHOWN = 200
_SUFFIXES = (".csv", ".toml", ".json")
_WANTED = ("assets", "needs")


def print_issues(
    issues: Sequence[Issue],
    folder: Path,
    lang: Lang,
    places: Mapping[str, SheetPlace] | None = None,
    *,
    as_json: bool = False,
) -> None:
    """Print all issues as JSON, or the first `MOST_SHOWN` as a table and the rest as counts by code."""
    if as_json:
        emit(json.dumps(as_dict(issues, folder, lang, places), ensure_ascii=False, indent=1))
        return
    for line in issue_lines(issues, folder, lang, places):
        emit(line)


def as_dict(
    issues: Sequence[Issue], folder: Path, lang: Lang, places: Mapping[str, SheetPlace] | None = None
) -> dict[str, Any]:
    """Return counts and all issues, each with its place, code, severity, value, message and remedy.

    Parameters
    ----------
    issues, lang
        What to say, and in which language.
    folder
        Scenario folder or workbook, for the names of files.
    places
        Table -> where it stands in a workbook, or in another file (then without a sheet); ``sheet`` and
        ``cell`` are null for tables that are no sheets.
    """
    errors = sum(issue.severity == "error" for issue in issues)
    files = _Files(folder, places or {})
    return {
        "errors": errors,
        "warnings": len(issues) - errors,
        "issues": [
            {
                "file": files.name(issue.table),
                "row": issue.row,
                "column": issue.column,
                "sheet": files.sheet(issue),
                "cell": files.cell(issue),
                "code": issue.code,
                "severity": issue.severity,
                "value": issue.value,
                "message": issue.message(lang),
                "remedy": issue.remedy(lang),
            }
            for issue in issues
        ],
    }


def issue_lines(
    issues: Sequence[Issue], folder: Path, lang: Lang, places: Mapping[str, SheetPlace] | None = None
) -> Iterator[str]:
    """Yield the table's lines; errors come before warnings, so that a flood of warnings hides no error."""
    if not issues:
        return
    ordered = sorted(issues, key=lambda issue: issue.severity != "error")
    shown, rest = ordered[:MOST_SHOWN], ordered[MOST_SHOWN:]
    files = _Files(folder, places or {})
    where = "cell" if any(files.sheet(issue) for issue in shown) else "row"
    rows = [[say(lang, f"check.{key}") for key in ("file", where, "column", "code", "message")]]
    remedies = [""]
    for issue in shown:
        severity = "" if issue.severity == "error" else f"{say(lang, 'check.warning')}: "
        place = [files.name(issue.table), files.where(issue), issue.column or "-", issue.code]
        rows.append([*map(visible, place), severity + visible(issue.message(lang))])
        remedies.append(visible(issue.remedy(lang)))
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)][:-1]
    for row_cells, remedy in zip(rows, remedies, strict=True):
        yield "  ".join([*map(str.ljust, row_cells, widths), row_cells[-1]]).rstrip()
        if remedy:
            yield " " * 6 + say(lang, "check.remedy", remedy=remedy)
    if rest:
        yield say(lang, "check.more", count=number(lang, len(rest)))
        for code, count in sorted(Counter(issue.code for issue in rest).items()):
            yield f"  {code}: {number(lang, count)}"


def count_line(issues: Sequence[Issue], lang: Lang) -> str:
    """Return how many errors and warnings there are."""
    errors = sum(issue.severity == "error" for issue in issues)
    return say(lang, "check.count", errors=number(lang, errors), warnings=number(lang, len(issues) - errors))


class _Files:
    """Files, sheets and cells of issues: an issue names the table, a person looks for the file."""

    def __init__(self, folder: Path, places: Mapping[str, SheetPlace]) -> None:
        self._folder = folder
        self._places = places
        self._names: dict[str, str] = {}

    def name(self, table: str) -> str:
        """Return the file of a table; the table's own name where it has none."""
        if table not in self._names:
            place = self._places.get(table)
            names = [table + suffix for suffix in _SUFFIXES if (self._folder / (table + suffix)).is_file()]
            other = self._folder.name if self._folder.is_file() else table
            sheets = [place.file for place in self._places.values() if place.sheet]
            if table in _WANTED and sheets:  # a workbook without that sheet
                other = sheets[0]
            self._names[table] = place.file if place is not None else names[0] if names else other
        return self._names[table]

    def sheet(self, issue: Issue) -> str | None:
        """Return the sheet of an issue; None for a table that is no sheet."""
        place = self._places.get(issue.table)
        return (place.sheet or None) if place is not None else None

    def cell(self, issue: Issue) -> str | None:
        """Return the cell of an issue; None where it is about no one row or column."""
        place = self._places.get(issue.table)
        if place is None or not place.sheet:
            return None
        column = issue.column
        known = column is not None and (column in place.letters or column in place.keys)
        return place.cell(issue.row, column) if known or issue.row is not None else None

    def where(self, issue: Issue) -> str:
        """Return the place within the file: ``Tài sản!C12``, or the row of a CSV file."""
        sheet, cell = self.sheet(issue), self.cell(issue)
        if sheet is not None:
            return sheet if cell is None else f"{sheet}!{cell}"
        return "-" if issue.row is None else str(issue.row)
