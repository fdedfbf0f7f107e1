"""What a sheet of the workbook is, before anything is written: headings, a table, groups and totals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.texts import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import pandas as pd

    from app.settings import Lang

LONGEST_TITLE = 31
_NOT_IN_TITLES = str.maketrans(dict.fromkeys("[]:*?/\\", " "))


@dataclass(frozen=True)
class Group:
    """Rows of a table that stand together and are summed below.

    Attributes
    ----------
    rows
        Their number.
    labels
        Words on the row of the sum, by column.
    """

    rows: int
    labels: Mapping[str, str]


@dataclass(frozen=True)
class Foot:
    """A line below the table, outside its filter: a label and an amount.

    Attributes
    ----------
    label
        Words in the first column.
    value
        The amount [VND].
    sum_of
        Number of the group and the column whose sum the amount is; None: an amount of its own.
    lines
        How many lines above this one it adds up; 0: none.
    """

    label: str
    value: int
    sum_of: tuple[int, str] | None = None
    lines: int = 0


@dataclass(frozen=True)
class Sheet:
    """One table of the workbook.

    Attributes
    ----------
    title
        Name of the sheet, at most 31 characters.
    headings
        Heading by column, in order.
    table
        Rows; it has the columns of the headings, perhaps more.
    totals
        Columns that are summed.
    groups
        The groups that the rows stand in, in order; none: only the whole is summed.
    total
        Whether the whole is summed.
    foot
        Lines below; their amounts stand in the column `cost_vnd`.
    printed
        Whether the sheet is made to be printed: texts are wrapped.
    """

    title: str
    headings: Mapping[str, str]
    table: pd.DataFrame
    totals: frozenset[str]
    groups: tuple[Group, ...] = ()
    total: bool = True
    foot: tuple[Foot, ...] = ()
    printed: bool = False


def headings(columns: Iterable[str], lang: Lang) -> dict[str, str]:
    """Return the heading of each column; a column that nobody knows is its own heading."""
    return {
        column: say(lang, f"export.column.{column}", default=say(lang, f"column.{column}", default=column))
        for column in columns
    }


def sheet_title(wanted: str, taken: Iterable[str]) -> str:
    r"""Return a name that a spreadsheet accepts and that differs from those taken, much like `wanted`.

    At most 31 UTF-16 units, none of ``[]:*?/\`` and no control character, no apostrophe at an end, not
    empty, not "History", different from the others also when case is ignored.
    """
    used = {title.casefold() for title in taken} | {"history"}
    shown = "".join(letter if letter.isprintable() else " " for letter in wanted.translate(_NOT_IN_TITLES))
    name = " ".join(shown.split())
    number = 1
    while True:
        suffix = f" ({number})" if number > 1 else ""
        title = (_cut(name, LONGEST_TITLE - len(suffix)).strip("' ") or "-") + suffix
        if title.casefold() not in used:
            return title
        number += 1


def _cut(text: str, units: int) -> str:
    return text.encode("utf-16-le", "replace")[: 2 * units].decode("utf-16-le", "ignore")
