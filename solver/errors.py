"""What can go wrong, and how it is said.

::

    SurplanError                 everything this library raises on purpose
    ├── InvalidProblemError      wrong tables or scenario: `.issues`, all of them (also a ValueError)
    ├── NoPlanError              a plan was asked for where none was found: `.status`, `.reason`
    ├── PlanFolderError          a plan folder cannot be read or written: `.folder`, `.reason`
    ├── CertificateError         a plan failed its own check, which is a bug here: `.violations`
    └── BackendError             a foreign solver answered something unexpected: `.backend`, `.reason`

An outcome (infeasible, out of time) is never an exception; it is the status of a result. Every exception
keeps its arguments and survives pickling, since solves may run in child processes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from solver.messages import CATALOGUE, SCENARIO_DECIDES, text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Severity = Literal["error", "warning"]

_VALUE_LENGTH = 80
_SHOWN_ISSUES = 10
_POINT = ("lat", "lon")
_CONSEQUENCES = ("commune_missing", "point_incomplete")
_NO_PLACE = ("column_missing", "commune_code")
_PLACES = ("commune_code", "commune_name", "province_name")
_TEXT_KEYS = ("message_en", "message_vi", "remedy_en", "remedy_vi")


@dataclass(frozen=True, slots=True)
class Issue:
    """One broken rule, with its place and its remedy. Sorts by table, row, column and code.

    Parameters
    ----------
    table
        File stem: assets, needs, communes, matches, distances, scenario, or "folder" for the folder itself.
    row
        Row as a spreadsheet counts (heading 1, first data row 2); None for a whole table and for the
        scenario.
    column
        Heading of the column, or dotted key of the scenario; None where no one column is at fault.
    code
        Key of the catalogue in `solver.messages` (or, for issues of other packages, of their own).
    severity
        "error" stops a build; "warning" does not.
    value
        What was given, cut to 80 characters.
    params
        Words for the texts, such as ``closest``.
    texts
        Ready texts that replace the catalogue's: keys message_en, message_vi, remedy_en, remedy_vi.
    """

    table: str
    row: int | None
    column: str | None
    code: str
    severity: Severity = "error"
    value: str = ""
    params: Mapping[str, str] = field(default_factory=dict, hash=False)
    texts: Mapping[str, str] = field(default_factory=dict, hash=False, repr=False)

    def __post_init__(self) -> None:
        if self.severity not in ("error", "warning"):
            msg = f"Severity {self.severity!r} not understood."
            raise ValueError(msg)
        if len(self.value) > _VALUE_LENGTH:
            object.__setattr__(self, "value", self.value[: _VALUE_LENGTH - 1] + "…")

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Issue:
        """Make an issue from one row of an issues frame of another package.

        Parameters
        ----------
        record
            Keys table, row, column, code, severity, value, message_en, message_vi, remedy_en, remedy_vi;
            missing values may be None, NaN or pandas' NA.
        """

        def given(key: str) -> str:
            value = record.get(key)
            return "" if _is_null(value) else str(value)

        row = record.get("row")
        return cls(
            table=given("table"),
            row=None if _is_null(row) else int(row),  # type: ignore[arg-type]  # a frame's cell is Any
            column=given("column") or None,
            code=given("code"),
            severity="warning" if given("severity") == "warning" else "error",
            value=given("value"),
            texts={key: given(key) for key in _TEXT_KEYS if given(key)},
        )

    def message(self, lang: str = "en") -> str:
        """Return what is wrong, in "en" or "vi"."""
        return self._text("message", lang)

    def remedy(self, lang: str = "en") -> str:
        """Return what to do about it, in "en" or "vi"."""
        return self._text("remedy", lang)

    def _text(self, part: str, lang: str) -> str:
        ready = self.texts.get(f"{part}_{lang}")
        if ready is not None:
            return ready
        column = _named(self.table, self.column or "") if lang == "vi" else self.column or ""
        words = {"table": self.table, "column": column, "value": self.value, **self.params}
        return text(self.code, part, lang, words)

    def place(self) -> str:
        """Return the place as ``assets, row 5, units``."""
        row = "" if self.row is None else f", row {self.row}"
        column = "" if self.column is None else f", {self.column}"
        return f"{self.table}{row}{column}"

    def sort_key(self) -> tuple[str, int, str, str, str]:
        """Return the key that issues sort by."""
        return (self.table, self.row or 0, self.column or "", self.code, self.value)

    def __lt__(self, other: Issue) -> bool:
        return self.sort_key() < other.sort_key()

    def __str__(self) -> str:
        value = f" ({self.value})" if self.value else ""
        return f"{self.place()}: {self.code}{value}: {self.message('en')}"


def _named(table: str, column: str) -> str:
    """Put the Vietnamese heading before a column's name, which is all that a clerk's workbook shows."""
    from solver.tables.columns import TABLES, by_name  # errors are imported for less than tables

    known = by_name(table).get(column) if table in TABLES else None
    return column if known is None else f"“{known.vi}” ({column})"


def _is_null(value: object) -> bool:
    # Works for None, NaN, NaT and pandas.NA without importing pandas: only nulls differ from themselves, and
    # NA's comparison is NA, whose truth value is an error.
    if value is None:
        return True
    try:
        return bool(value != value)  # true for NaN only
    except TypeError:
        return True


def issue(
    code: str,
    table: str,
    row: int | None = None,
    column: str | None = None,
    value: object = "",
    words: Mapping[str, str] | None = None,
    **params: object,
) -> Issue:
    """Make an issue of the catalogue; the catalogue gives its severity.

    Parameters
    ----------
    code, table, row, column, value
        As of `Issue`.
    words, params
        Words for the texts; ``params`` as keywords.
    """
    return Issue(
        table=table,
        row=row,
        column=column,
        code=code,
        severity=CATALOGUE[code].severity,
        value=str(value),
        params={**(words or {}), **{key: str(word) for key, word in params.items()}},
    )


def errors_of(issues: Iterable[Issue]) -> list[Issue]:
    """Return the issues that are errors, sorted."""
    return sorted(found for found in issues if found.severity == "error")


def standing(issues: Iterable[Issue]) -> list[Issue]:
    """Return issues without those that only follow from another of them, sorted.

    Parameters
    ----------
    issues
        Of all stages, geodata's included.

    Returns
    -------
    list of Issue
        Without what the scenario decides, where the scenario itself cannot be read; without a missing or half
        point or a missing commune, where a coordinate of the row (or of the whole table) is already at fault,
        or its table has no column that says where rows are; and without that, where a row says it wrongly.
    """
    given = sorted(issues)
    errors = errors_of(given)
    unread = any(found.table == "scenario" and found.column is None for found in errors)
    # Codes that are all wrong leave the column empty.
    misplaced = {
        found.table
        for found in errors
        if found.row is not None and found.column in _PLACES and found.code not in _CONSEQUENCES
    }
    unplaced = {found.table for found in errors if (found.code, found.column) == _NO_PLACE} - misplaced
    wrong = {
        (found.table, found.row)
        for found in errors
        if found.column in _POINT and found.code not in _CONSEQUENCES
    }

    def follows(found: Issue) -> bool:
        if unread and found.code in SCENARIO_DECIDES:
            return True
        pointless = not wrong.isdisjoint({(found.table, found.row), (found.table, None)})
        if (found.code, found.column) == _NO_PLACE:
            return pointless or found.table in misplaced
        if found.code == "commune_missing":
            return pointless or found.table in unplaced
        return found.code == "point_incomplete" and pointless

    return [found for found in given if not follows(found)]


class SurplanError(Exception):
    """Everything this library raises on purpose."""


class InvalidProblemError(SurplanError, ValueError):
    """Wrong tables or a wrong scenario.

    Parameters
    ----------
    issues
        All issues found, warnings included; kept sorted as `.issues`.
    """

    def __init__(self, issues: Iterable[Issue]) -> None:
        self.issues = sorted(issues)
        super().__init__(self.issues)

    def __str__(self) -> str:
        errors = errors_of(self.issues)
        lines = [f"{len(errors)} error{'' if len(errors) == 1 else 's'} in the input"]
        lines += [f"  {found}" for found in errors[:_SHOWN_ISSUES]]
        if len(errors) > _SHOWN_ISSUES:
            lines.append(f"  and {len(errors) - _SHOWN_ISSUES} more")
        return "\n".join(lines)


class NoPlanError(SurplanError):
    """A plan was asked for where none was found.

    Parameters
    ----------
    status
        The result's status, such as NO_SOLUTION_FOUND.
    reason
        Why, in a sentence.
    """

    def __init__(self, status: str, reason: str = "") -> None:
        self.status = status
        self.reason = reason
        super().__init__(status, reason)

    def __str__(self) -> str:
        return f"No plan: {self.status}." + (f" {self.reason}" if self.reason else "")


class PlanFolderError(SurplanError):
    """A plan folder cannot be read or written.

    Parameters
    ----------
    folder
        The folder, as text.
    reason, reason_vi
        Why, in a sentence; in Vietnamese.
    """

    def __init__(self, folder: str, reason: str, reason_vi: str = "") -> None:
        self.folder = str(folder)
        self.reason = reason
        self.reason_vi = reason_vi or reason
        super().__init__(self.folder, reason, reason_vi)

    def text(self, lang: str = "en") -> str:
        """Return what is wrong, in "en" or "vi"."""
        return f"{self.folder}: {self.reason_vi if lang == 'vi' else self.reason}"

    def __str__(self) -> str:
        return self.text()


class CertificateError(SurplanError):
    """A plan failed its own check before it was handed out: a bug of this library.

    Parameters
    ----------
    violations
        What does not hold, one sentence each.
    """

    def __init__(self, violations: Iterable[str]) -> None:
        self.violations = list(violations)
        super().__init__(self.violations)

    def __str__(self) -> str:
        return "The plan fails its check: " + "; ".join(self.violations[:_SHOWN_ISSUES])


class BackendError(SurplanError):
    """A foreign solver answered something unexpected.

    Parameters
    ----------
    backend
        Name of the solver, such as "SimpleMinCostFlow".
    reason
        Its status or message.
    """

    def __init__(self, backend: str, reason: str) -> None:
        self.backend = backend
        self.reason = reason
        super().__init__(backend, reason)

    def __str__(self) -> str:
        return f"{self.backend}: {self.reason}"
