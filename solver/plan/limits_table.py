"""limits.csv: what a plan uses of each side row, and what loosening it is worth (docs/limits.md)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from solver.limits.rows import SideRows

LIMIT_COLUMNS = (
    "limit",
    "unit",
    "used",
    "bound",
    "slack",
    "worth_step",
    "worth_vnd",
    "worth_least_vnd",
    "worth_most_vnd",
)


class Worth(NamedTuple):
    """What the best plan's cost falls by when a row is loosened by a step: between two solves, and proven."""

    step: int
    vnd: int
    least: int
    most: int


def limits_table(rows: SideRows, received: Sequence[int], worth: Mapping[str, Worth]) -> pd.DataFrame:
    """Write one line per side row."""
    lines = []
    for row, used in zip(rows.rows, received, strict=True):
        slack = used - row.limit if row.floor else row.limit - used
        own: tuple[int | None, ...] = worth.get(row.id, (None,) * 4)
        lines.append((row.id, "VND" if row.money else "units", used, row.limit, slack, *own))
    frame = pd.DataFrame(lines, columns=list(LIMIT_COLUMNS))
    for name in LIMIT_COLUMNS[2:]:
        frame[name] = pd.array(frame[name].tolist(), "Int64")
    return frame
