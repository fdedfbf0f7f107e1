"""Tables before and after an update: the rows that are in one of them alone, however cells are quoted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from solver.problem.files import csv_bytes
from solver.problem.untouched import _differences

if TYPE_CHECKING:
    from collections.abc import Mapping

HEAD = ("asset_id", "category", "commune_code", "status", "note")
CELL = st.text('a",\n\r é', max_size=4)
TABLE = st.dictionaries(st.text("ab", min_size=1, max_size=2), st.tuples(CELL, CELL, CELL, CELL), max_size=5)


def written(rows: Mapping[str, tuple[str, ...]], head: tuple[str, ...] = HEAD) -> str:
    frame = pd.DataFrame([(name, *cells) for name, cells in rows.items()], columns=list(head), dtype=object)
    return csv_bytes(frame, head).decode()


@given(TABLE, TABLE)
def test_rows_differ_where_any_cell_does_and_no_others(
    old: dict[str, tuple[str, ...]], new: dict[str, tuple[str, ...]]
) -> None:
    lost, came = _differences(written(old), written(new), "asset_id")
    assert {name: row.cells[1:] for name, row in lost.items()} == {
        name: cells for name, cells in old.items() if new.get(name) != cells
    }
    assert {name: row.cells[1:] for name, row in came.items()} == {
        name: cells for name, cells in new.items() if old.get(name) != cells
    }
    for rows in (lost, came):
        assert all(row.cells[2:4] == (row.commune, row.status) for row in rows.values())


def test_where_headings_differ_every_row_does() -> None:
    rows = {"a": ("vehicle", "1", "handed_idle", ""), "b": ("vehicle", "1", "in_use", "x")}
    lost, came = _differences(written(rows), written(rows, (*HEAD[:-1], "remark")), "asset_id")
    assert sorted(lost) == sorted(came) == ["a", "b"]
