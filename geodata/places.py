"""What the modules that read places share: the words of the contract, and a row as they see it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    import pandas as pd

Mode = Literal["auto", "2025", "pre-2025"]
Vintage = Literal["2025", "pre-2025"]


class Place(NamedTuple):
    """One row of a table, as far as its place goes; `label` is its label in the frame of all rows."""

    label: int
    table: str
    row: int
    code: str
    name: str
    province: str
    lat: float
    lon: float


def places(rows: pd.DataFrame) -> list[Place]:
    """Return the rows one by one; for the few that need more than a column operation."""
    columns = ("table", "row", "commune_code", "commune_name", "province_name", "lat", "lon")
    return [Place(*values) for values in zip(rows.index, *(rows[c].tolist() for c in columns), strict=True)]
