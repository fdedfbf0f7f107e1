"""Distances that were given: a `distances` table, or the wide table of metres that a plan folder keeps."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from hashlib import sha256
from typing import TYPE_CHECKING, Protocol

import numpy as np
import pandas as pd

from geodata.great_circle import DEFAULT

if TYPE_CHECKING:
    from geodata.great_circle import Degrees, Integers


class Provider(Protocol):
    """What measures distances between communes, and from points to them."""

    @property
    def name(self) -> str:
        """A short fixed word."""
        ...

    @property
    def version(self) -> str:
        """States the parameters or the content."""
        ...

    def matrix(self, origins: pd.DataFrame, destinations: pd.DataFrame) -> Integers:
        """Return metres between communes (`commune_code, lat, lon, island`); -1 = no distance."""
        ...

    def metres(self, lat1: Degrees, lon1: Degrees, lat2: Degrees, lon2: Degrees) -> Integers:
        """Measure between points, element by element: for legs and within one commune."""
        ...


@dataclass(frozen=True, eq=False)
class TableDistances:
    """Distances between communes from a table; legs from another provider.

    Directed: only the pairs that are given have a distance, and the way back is another pair. A commune is
    at 0 from itself whatever the table says.
    """

    metres_of: pd.Series[int]
    """int64 metres by (from_commune_code, to_commune_code), sorted."""
    base: Provider = DEFAULT
    name: str = field(default="table", init=False)
    version: str = field(default="", init=False)

    def __post_init__(self) -> None:
        pairs = zip(self.metres_of.index.tolist(), self.metres_of.tolist(), strict=True)
        lines = (f"{one},{other},{metres}\n" for (one, other), metres in pairs)
        content = sha256("".join(lines).encode()).hexdigest()[:16]
        object.__setattr__(self, "version", f"sha256 {content}; legs {self.base.name}: {self.base.version}")

    def matrix(self, origins: pd.DataFrame, destinations: pd.DataFrame) -> Integers:
        """Return metres between communes as given, -1 for pairs that are not, 0 from a commune to itself."""
        start, end = origins["commune_code"].astype("str"), destinations["commune_code"].astype("str")
        result = np.full((len(start), len(end)), -1, dtype=np.int64)
        row_of = pd.Series(np.arange(len(start)), index=start).groupby(level=0).agg(list)
        column_of = pd.Series(np.arange(len(end)), index=end).groupby(level=0).agg(list)
        given = self.metres_of
        known = given[
            given.index.get_level_values(0).isin(row_of.index)
            & given.index.get_level_values(1).isin(column_of.index)
        ]
        for pair, metres in zip(known.index.tolist(), known.tolist(), strict=True):
            result[np.ix_(row_of[pair[0]], column_of[pair[1]])] = metres
        result[start.to_numpy()[:, None] == end.to_numpy()] = 0
        return result

    def metres(self, lat1: Degrees, lon1: Degrees, lat2: Degrees, lon2: Degrees) -> Integers:
        """Measure between points, by the base provider."""
        return self.base.metres(lat1, lon1, lat2, lon2)


def table_distances(frame: pd.DataFrame, base: Provider = DEFAULT) -> TableDistances:
    """Wrap a `distances` table in its commune form.

    Parameters
    ----------
    frame
        `from_commune_code, to_commune_code, distance_km` (Decimal, int or decimal text; exact). Other
        columns are not looked at. Rows without a distance mean the same as no row.
    base
        Measures the legs from points to their communes.

    Raises
    ------
    ValueError
        When a distance is negative or a pair is given twice with different distances.
    """
    given = frame[frame["distance_km"].notna()]
    metres = [
        int((Decimal(str(km)) * 1000).to_integral_value(ROUND_HALF_UP))
        for km in given["distance_km"].tolist()
    ]
    index = pd.MultiIndex.from_arrays(
        [given["from_commune_code"].astype("str"), given["to_commune_code"].astype("str")],
        names=["from", "to"],
    )
    return TableDistances(_checked(pd.Series(metres, index=index, dtype="int64")), base)


def from_wide(frame: pd.DataFrame, base: Provider = DEFAULT) -> TableDistances:
    """Wrap the wide table of a plan folder (`metres.csv`).

    Parameters
    ----------
    frame
        `from_commune_code`, then one column of whole metres per commune; empty or missing = no distance.
    base
        Measures the legs from points to their communes.

    Raises
    ------
    ValueError
        When a distance is negative or not whole.
    """
    wide = frame.set_index(frame["from_commune_code"].astype("str")).drop(columns="from_commune_code")
    cells = wide.to_numpy(dtype=object).ravel().tolist()
    index = pd.MultiIndex.from_product([wide.index, wide.columns.astype("str")], names=["from", "to"])
    # text or numbers alike; int() of a number would cut a fraction off in silence
    given = [i for i, cell in enumerate(cells) if not pd.isna(cell) and str(cell) != ""]
    metres = [int(str(cells[i]).removesuffix(".0")) for i in given]
    return TableDistances(_checked(pd.Series(metres, index=index[given], dtype="int64")), base)


def _checked(metres: pd.Series[int]) -> pd.Series[int]:
    if (metres < 0).any():
        one, other = metres[metres < 0].index[0]
        raise ValueError(f"the distance from {one} to {other} is negative")
    unique = metres[~pd.MultiIndex.duplicated(metres.index)].sort_index()
    if len(unique) < len(metres):
        differs = metres.to_numpy() != unique.reindex(metres.index).to_numpy()
        if differs.any():
            one, other = metres.index[differs.argmax()]
            raise ValueError(f"the distance from {one} to {other} is given twice and differs")
    return unique
