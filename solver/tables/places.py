"""Where the tables of a workbook stand: from an issue's row and column to a sheet's cell."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class SheetPlace:
    """One table's place in a workbook.

    Attributes
    ----------
    file
        Name of the workbook's file.
    sheet
        Name of the sheet, as it stands there.
    heading_row
        Row of the headings as the spreadsheet counts; the lower one where headings take two rows.
    letters
        Column as issues name it (English heading, or the heading as given) -> letters, such as ``"AB"``.
    keys
        Only for the scenario: dotted key -> row.
    value_letters
        Only for the scenario: letters of the column of values.
    """

    file: str
    sheet: str
    heading_row: int
    letters: Mapping[str, str] = field(default_factory=dict)
    keys: Mapping[str, int] = field(default_factory=dict)
    value_letters: str = ""

    def cell(self, row: int | None, column: str | None) -> str:
        """Return the cell of an issue such as ``"C12"``; without a known column the row's first, ``"A12"``.

        Parameters
        ----------
        row
            Row as the spreadsheet counts; None for the heading.
        column
            Column of the table, or dotted key of the scenario; None for the whole row.
        """
        if column is not None and column in self.keys:
            return f"{self.value_letters}{self.keys[column]}"
        letters = self.letters.get(column or "", "A")
        return f"{letters}{self.heading_row if row is None else row}"
