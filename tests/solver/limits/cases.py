"""Small scenarios with explicit matches in two provinces: every figure can be worked out on paper."""

from __future__ import annotations

from typing import Any

import pandas as pd

import solver

#: Province 01 has commune 00101, province 04 has commune 00401.
COMMUNES = pd.DataFrame(
    [
        {
            "commune_code": f"0{province}01",
            "name": f"Xã {province}",
            "kind": "xã",
            "province_code": province,
            "province_name": f"Tỉnh {province}",
            "lat": 20.0,
            "lon": 105.0,
            "area_km2": 1.0,
            "population": 1000,
            "island": "",
        }
        for province in ("01", "04")
    ]
)
HERE, THERE = "00101", "00401"


def asset(
    name: str,
    units: int = 1,
    commune: str = HERE,
    category: str = "vehicle",
    **more: Any,  # noqa: ANN401 (cells, values of a scenario)
) -> dict[str, Any]:
    """A lot of movables, or premises with ``area_m2``."""
    return {"asset_id": name, "category": category, "units": units, "commune_code": commune, **more}


def need(
    name: str,
    price: int,
    units: int = 1,
    commune: str = HERE,
    category: str = "vehicle",
    **more: Any,  # noqa: ANN401 (cells, values of a scenario)
) -> dict[str, Any]:
    """A need with the price of a unit left unmet; priority 3, whose factor is 1."""
    row = {"need_id": name, "category": category, "units": units, "commune_code": commune, "price_vnd": price}
    return {"priority": 3, **row, **more}


def match(asset_id: str, need_id: str, cost: int, **more: Any) -> dict[str, Any]:  # noqa: ANN401 (cells, values of a scenario)
    """A pair with the whole cost of a unit, all of which is spent unless ``spend_vnd`` says otherwise."""
    return {"asset_id": asset_id, "need_id": need_id, "cost_vnd": cost, **more}


def problem(
    assets: list[dict[str, Any]],
    needs: list[dict[str, Any]],
    matches: list[dict[str, Any]],
    **scenario: Any,  # noqa: ANN401 (cells, values of a scenario)
) -> solver.Problem:
    """The problem of these rows under a scenario."""
    frames = [pd.DataFrame(rows).astype(object) for rows in (assets, needs, matches)]
    return solver.build(frames[0], frames[1], matches=frames[2], communes=COMMUNES, scenario=scenario)


def moves(result: solver.Result) -> dict[tuple[str, str], int]:
    """Units by asset and need."""
    rows = result.plan.transfers[["asset_id", "need_id", "units"]].to_numpy().tolist()
    return {(a, n): int(units) for a, n, units in rows}


def reasons(result: solver.Result) -> dict[str, str]:
    """Reason of each shortfall."""
    return dict(zip(result.plan.shortfalls["need_id"], result.plan.shortfalls["reason"], strict=True))
