"""Compile the core once: ``python -m solver.warm`` fills numba's cache, so that the first plan does not wait.

Solves two toy problems, one whose distances lie between communes and one of explicit matches; equal offers
leave a tie, so that every compiled function is reached.
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
    solve(build(assets, needs, communes=communes, distances=_Flat()))
    matches = pd.DataFrame({"asset_id": list("abc"), "need_id": list("mno"), "cost_vnd": 1})
    solve(build(assets, needs, matches=matches))


if __name__ == "__main__":
    warm()
