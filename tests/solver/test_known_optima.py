"""Published assignment instances: rows are assets, columns are needs, and no need is worth leaving unmet."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import solver

FOLDER = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "published-optima" / "assign"


@pytest.mark.parametrize(("size", "optimum"), [(100, 305), (200, 475), (400, 804)])
def test_the_optimum_of_the_or_library_is_found_and_proven(size: int, optimum: int) -> None:
    path = FOLDER / f"assign{size}.txt"
    if not path.is_file():
        pytest.skip(f"{path} is not here")
    count, *costs = map(int, path.read_text(encoding="ascii").split())
    assert (count, len(costs)) == (size, size * size)
    ids = [f"{k:03}" for k in range(size)]
    i, j = (part.ravel() for part in np.indices((size, size)))
    names = np.array(ids, object)
    problem = solver.build(
        pd.DataFrame({"asset_id": ids, "category": "vehicle"}),
        pd.DataFrame({"need_id": ids, "category": "vehicle", "price_vnd": 10**6, "priority": 3}),
        matches=pd.DataFrame({"asset_id": names[i], "need_id": names[j], "cost_vnd": costs}),
        scenario={"date": "2025-08-15"},
    )
    result = solver.solve(problem)
    assert (result.objective, result.bound, result.status) == (optimum, optimum, solver.Status.OPTIMAL)
    assert sorted(result.plan.transfers["need_id"]) == ids
    assert sorted(result.plan.transfers["asset_id"]) == ids
