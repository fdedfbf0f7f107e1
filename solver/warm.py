"""Compile the cores once: ``python -m solver.warm`` fills numba's cache, so that no plan has to wait.

Solves toy problems of movables and of premises, with distances between communes and with explicit matches;
equal offers leave a tie, and places compete for buildings, so that the compiled functions are reached.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from solver.planning import solve
from solver.problem.build import build


class _Flat:
    """Everything is ten kilometres from everything else."""

    name = "warm"
    version = "warm"

    def matrix(self, origins: pd.DataFrame, destinations: pd.DataFrame) -> np.ndarray:
        """Return metres between communes."""
        return np.full((len(origins), len(destinations)), 10_000, np.int64)

    def metres(self, lat: object, *_: object) -> np.ndarray:
        """Return metres between points."""
        return np.zeros(np.asarray(lat).size, np.int64)


def warm() -> None:
    """Solve the toys."""
    communes = pd.DataFrame(
        {
            "commune_code": ["00001", "00002", "00003"],
            "name": ["A", "B", "C"],
            "kind": "xã",
            "province_code": "01",
            "province_name": "P",
            "lat": 21.0,
            "lon": 105.0,
        }
    )
    for assets, needs in (_movables(), _premises()):
        solve(build(assets, needs, communes=communes, distances=_Flat()))
        pairs = pd.MultiIndex.from_product([assets["asset_id"], needs["need_id"]]).to_frame(index=False)
        pairs.columns = ["asset_id", "need_id"]
        solve(build(assets, needs, matches=pairs.assign(cost_vnd=1)))


def _movables() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return three cars and three needs."""
    assets = pd.DataFrame(
        {
            "asset_id": ["a", "b", "c"],
            "category": "vehicle",
            "kind": "car",
            "commune_code": ["00001", "00001", "00002"],
            "condition_pct": ["80", "80", "60"],
            "year": "2020",
            "available_from": ["2025-01-01", "2025-01-02", ""],
        }
    )
    needs = pd.DataFrame(
        {
            "need_id": ["m", "n", "o"],
            "category": "vehicle",
            "kinds": "car",
            "commune_code": ["00002", "00003", "00003"],
            "deadline": ["2026-01-01", "2026-01-02", "2026-01-03"],
        }
    )
    return assets, needs


def _premises() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return more places than three buildings hold."""
    assets = pd.DataFrame(
        {
            "asset_id": ["a", "b", "c"],
            "category": "premises",
            "kind": ["school", "school", "house"],
            "commune_code": ["00001", "00001", "00002"],
            "area_m2": ["100", "100", "70"],
            "condition_pct": ["80", "80", "60"],
        }
    )
    needs = pd.DataFrame(
        {
            "need_id": ["m", "n", "o", "p"],
            "category": "premises",
            "purpose": ["education", "culture", "culture", "other"],
            "commune_code": ["00002", "00003", "00003", "00001"],
            "units": ["2", "1", "1", "3"],
            "area_m2": ["40", "60", "50", "30"],
        }
    )
    return assets, needs


if __name__ == "__main__":
    warm()
