from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pytest

import solver

if TYPE_CHECKING:
    from pathlib import Path

COMMUNES = pd.DataFrame(
    {
        "commune_code": ["C-01", "C-11", "C-38", "C-40"],
        "name": ["Ba Đình", "Điện Biên Phủ", "Hạc Thành", "Vinh"],
        "kind": "phường",
        "province_code": ["01", "11", "38", "40"],
        "province_name": ["Hà Nội", "Điện Biên", "Thanh Hóa", "Nghệ An"],
        "lat": [21.0, 21.4, 19.8, 18.7],
        "lon": [105.8, 103.0, 105.8, 105.7],
        "island": "",
    }
)
ASSETS = pd.DataFrame(
    {
        "asset_id": ["V-1", "V-2", "V-3"],
        "category": "vehicle",
        "kind": "car",
        "commune_code": ["C-01", "C-38", "C-40"],
        "condition_pct": 100,
        "year": 2025,
    }
)
NEEDS = pd.DataFrame(
    {
        "need_id": ["N-1", "N-2", "N-3", "N-4"],
        "category": "vehicle",
        "kinds": "car",
        "commune_code": ["C-38", "C-11", "C-01", "C-40"],
        "price_vnd": [1000, 1000, 150, 500],
    }
)
KILOMETRES = pd.DataFrame(
    [
        ("V-1", "N-1", 100),
        ("V-1", "N-2", 300),
        ("V-1", "N-3", 10),
        ("V-2", "N-1", 20),
        ("V-2", "N-2", 250),
        ("V-3", "N-4", 5),
    ],
    columns=["asset_id", "need_id", "distance_km"],
)
PRICES = {"per_km": {"vehicle": 1}, "handover": {"vehicle": 0}, "cross_province": 0}


def solved(
    folder: Path,
    *,
    bans: list[list[str]] | None = None,
    needs: pd.DataFrame = NEEDS,
    **scenario: object,
) -> Path:
    """Plan the small country, a unit costing its kilometres, and write the plan into `folder`."""
    keys = {"date": "2025-08-15", "prices": PRICES, "stability": {"bans": bans or []}, **scenario}
    problem = solver.build(ASSETS, needs, scenario=keys, communes=COMMUNES, distances=KILOMETRES)
    solver.solve(problem).write(folder)
    return folder


@pytest.fixture(scope="session")
def variants(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Return solved plans of the small country.

    base
        V-1 to N-2 (300), V-2 to N-1 (20), V-3 to N-4 (5), N-3 unmet (150): 475.
    swapped
        V-2 may not go to N-1: V-1 to N-1 (100), V-2 to N-2 (250): 505.
    cut
        V-2 may go nowhere: V-1 to N-1 (100), N-2 unmet (1,000): 1,255.
    dear
        A kilometre costs 2: the transfers of `base`: 650 + 150 = 800.
    fewer
        Without N-1: V-1 to N-3 (10), V-2 to N-2 (250), V-3 to N-4 (5): 265.
    matches
        Another inventory, by matches alone, without any place.
    """
    home = tmp_path_factory.mktemp("variants")
    matches = pd.DataFrame({"asset_id": ["E-1"], "need_id": ["M-1"], "cost_vnd": [3]})
    asset = pd.DataFrame({"asset_id": ["E-1"], "category": ["equipment"], "units": [2]})
    need = pd.DataFrame(
        {"need_id": ["M-1"], "category": ["equipment"], "units": [5], "price_vnd": [10], "priority": [3]}
    )
    solver.solve(solver.build(asset, need, matches=matches)).write(home / "matches")
    cut = [["V-2", "N-1"], ["V-2", "N-2"]]
    return {
        "base": solved(home / "base"),
        "swapped": solved(home / "swapped", bans=cut[:1]),
        "cut": solved(home / "cut", bans=cut),
        "dear": solved(home / "dear", prices=PRICES | {"per_km": {"vehicle": 2}}),
        "fewer": solved(home / "fewer", needs=NEEDS[1:]),
        "matches": home / "matches",
    }
