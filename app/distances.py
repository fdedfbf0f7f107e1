"""The distances that an ``inputs`` folder of a plan keeps, as what `solver.build` takes."""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

import geodata
import solver
from solver.errors import issue

if TYPE_CHECKING:
    from pathlib import Path

Floats = np.ndarray[Any, np.dtype[np.float64]]
Metres = np.ndarray[Any, np.dtype[np.int64]]

FILE = "distances.json"
_METRES_PER_KM = 1000


@dataclass(frozen=True)
class StoredTable:
    """A table of metres read back: it keeps the name and version of the provider that it was written from.

    The plan holds only the metres that occur, so a version made from them would differ from the first one.
    """

    table: geodata.TableDistances
    name: str
    version: str

    def matrix(self, origins: pd.DataFrame, destinations: pd.DataFrame) -> Metres:
        """Return metres between communes as stored, -1 where there is no distance."""
        return self.table.matrix(origins, destinations)

    def metres(self, lat1: Floats, lon1: Floats, lat2: Floats, lon2: Floats) -> Metres:
        """Return metres between points, for legs and within one commune."""
        return self.table.metres(lat1, lon1, lat2, lon2)


def stored_distances(folder: Path) -> tuple[Any, list[solver.Issue]]:
    """Read ``distances.json`` and the metres beside it.

    Parameters
    ----------
    folder
        Scenario folder; most hold no such file.

    Returns
    -------
    distances
        A provider, or a frame of pairs; the default provider where nothing else is stored.
    issues
        One error when the files can't be read.
    """
    path = folder / FILE
    if not path.is_file():
        return geodata.distances, []
    try:
        about = json.loads(path.read_text(encoding="utf-8"))
        form, provider = about["form"], about["provider"]
        if form == "pairs":
            return _pairs(folder / "metres_pairs.csv"), []
        if form != "communes" or provider == geodata.distances.name:
            return geodata.distances, []
        wide = pd.read_csv(folder / "metres.csv", dtype="str", keep_default_na=False)
        return StoredTable(geodata.from_wide(wide), str(provider), str(about["version"])), []
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        reason = f"{type(error).__name__}: {error}"
        return geodata.distances, [issue("distances_unreadable", "distances", reason=reason)]


def _pairs(path: Path) -> pd.DataFrame:
    """Return metres by asset and need as the pair form of a ``distances`` table."""
    pairs = pd.read_csv(
        path, dtype={"asset_id": "str", "need_id": "str", "metres": "int64"}, keep_default_na=False
    )
    kilometres = [Decimal(int(metres)) / _METRES_PER_KM for metres in pairs["metres"]]
    return pairs.assign(distance_km=pd.Series(kilometres, index=pairs.index, dtype=object)).drop(
        columns="metres"
    )
