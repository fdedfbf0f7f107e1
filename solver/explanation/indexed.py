"""A table as text, with an index by each column that is asked for: for explaining many rows of a plan."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from solver.problem.files import cell

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd


class Indexed:
    """The rows of a frame as the plan folder writes them, looked up without a walk over the frame."""

    def __init__(self, frame: pd.DataFrame) -> None:
        """Take a frame; it is read when first asked for."""
        self._frame = frame
        self._by: dict[str, dict[str, list[dict[str, str]]]] = {}

    def __iter__(self) -> Iterator[str]:
        """Iterate over the names of the columns, as a frame does."""
        return iter([str(name) for name in self._frame.columns])

    @cached_property
    def _rows(self) -> list[dict[str, str]]:
        names = list(self)
        columns = ([cell(value) for value in self._frame[name].tolist()] for name in names)
        return [dict(zip(names, values, strict=True)) for values in zip(*columns, strict=True)]

    def rows(self, **wanted: str) -> list[dict[str, str]]:
        """Return the rows whose columns have the wanted values."""
        if any(column not in list(self) for column in wanted):
            return []
        found = self._rows
        for at, (column, value) in enumerate(wanted.items()):
            if at == 0:
                if column not in self._by:
                    index: dict[str, list[dict[str, str]]] = {}
                    for row in self._rows:
                        index.setdefault(row[column], []).append(row)
                    self._by[column] = index
                found = self._by[column].get(value, [])
            else:
                found = [row for row in found if row[column] == value]
        return found
