"""Equal buildings do not make the proof slow: the certificate's tree counts them as one."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pandas as pd
import pytest

import solver

if TYPE_CHECKING:
    from pathlib import Path

OPENING, COST, UNMET = 10, 1, 1_000


@pytest.mark.parametrize("buildings", [6, 40])
def test_a_plan_of_equal_buildings_is_proven_and_verified(buildings: int, tmp_path: Path) -> None:
    # Room for 10 each. A place of 6 shares with no other; of the three places of 5 two share: five buildings.
    # Prices alone prove four and a half.
    loads = [6, 6, 6, 5, 5, 5]
    hosts, places = [f"A{k:02}" for k in range(buildings)], [f"N{k}" for k in range(len(loads))]
    problem = solver.build(
        pd.DataFrame({"asset_id": hosts, "category": "premises", "kind": "office", "area_m2": 10}),
        pd.DataFrame(
            {"need_id": places, "category": "premises", "area_m2": 1, "price_vnd": UNMET, "priority": 3}
        ),
        matches=pd.DataFrame(
            [(a, n, COST, load) for a in hosts for n, load in zip(places, loads, strict=True)],
            columns=["asset_id", "need_id", "cost_vnd", "load"],
        ),
        scenario={"date": "2025-08-15", "prices": {"open_premises": OPENING}},
    )
    result = solver.solve(problem, time_limit=20)
    assert result.objective == 5 * OPENING + len(loads) * COST
    assert (result.bound, result.status) == (result.objective, solver.Status.OPTIMAL)
    result.write(tmp_path / "plan")
    assert solver.verify_folder(tmp_path / "plan").violations == ()
    certificate = json.loads((tmp_path / "plan" / "certificate.json").read_text(encoding="utf-8"))
    assert "b" in str(certificate["tree"])
