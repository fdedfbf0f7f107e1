"""Issues on the terminal: a table for people, one JSON object for programs."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

from app.console import emit, visible
from app.texts import number, say

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from app.settings import Lang
    from solver import Issue

MOST_SHOWN = 200
_SUFFIXES = (".csv", ".toml", ".json")


def print_issues(issues: Sequence[Issue], folder: Path, lang: Lang, *, as_json: bool = False) -> None:
    """Print all issues as JSON, or the first `MOST_SHOWN` as a table and the rest as counts by code."""
    if as_json:
        emit(json.dumps(as_dict(issues, folder, lang), ensure_ascii=False, indent=1))
        return
    for line in issue_lines(issues, folder, lang):
        emit(line)


def as_dict(issues: Sequence[Issue], folder: Path, lang: Lang) -> dict[str, Any]:
    """Return counts and all issues, each with file, row, column, code, severity, value, message, remedy."""
    errors = sum(issue.severity == "error" for issue in issues)
    files = _Files(folder)
    return {
        "errors": errors,
        "warnings": len(issues) - errors,
        "issues": [
            {
                "file": files.name(issue.table),
                "row": issue.row,
                "column": issue.column,
                "code": issue.code,
                "severity": issue.severity,
                "value": issue.value,
                "message": issue.message(lang),
                "remedy": issue.remedy(lang),
            }
            for issue in issues
        ],
    }


def issue_lines(issues: Sequence[Issue], folder: Path, lang: Lang) -> Iterator[str]:
    """Yield the table's lines; errors come before warnings, so that a flood of warnings hides no error."""
    if not issues:
        return
    ordered = sorted(issues, key=lambda issue: issue.severity != "error")
    shown, rest = ordered[:MOST_SHOWN], ordered[MOST_SHOWN:]
    files = _Files(folder)
    rows = [[say(lang, f"check.{key}") for key in ("file", "row", "column", "code", "message")]]
    remedies = [""]
    for issue in shown:
        row = "-" if issue.row is None else str(issue.row)
        severity = "" if issue.severity == "error" else f"{say(lang, 'check.warning')}: "
        place = [files.name(issue.table), row, issue.column or "-", issue.code]
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
    """File names by table: an issue names the table, a person looks for the file."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._names: dict[str, str] = {}

    def name(self, table: str) -> str:
        if table not in self._names:
            names = [table + suffix for suffix in _SUFFIXES if (self._folder / (table + suffix)).is_file()]
            self._names[table] = names[0] if names else table
        return self._names[table]
