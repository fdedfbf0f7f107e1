"""With explicit matches the plan shows the distances as they were given, and the checker agrees."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING

import pytest

import solver
from tests.solver.problem.instances import Instance

if TYPE_CHECKING:
    from pathlib import Path


def instance(*distances: str) -> Instance:
    """One car for one need at each of the distances, and three units of each."""
    assets = [
        {"asset_id": f"A{k}", "category": "vehicle", "kind": "car", "units": 3} for k in range(len(distances))
    ]
    needs = [
        {"need_id": f"N{k}", "category": "vehicle", "kinds": "car", "units": 3, "price_vnd": 100}
        for k in range(len(distances))
    ]
    matches = [
        {"asset_id": f"A{k}", "need_id": f"N{k}", "cost_vnd": 1, "distance_km": km}
        for k, km in enumerate(distances)
    ]
    return Instance("matches", assets, needs, {"date": "2025-08-15"}, matches=matches)


@pytest.mark.parametrize(
    ("given", "total", "mean", "greatest"),
    [
        (("12.3456789",), "37.0370367", "12.346", "12.3456789"),
        (("0.0004", "12.5"), "37.5012", "6.25", "12.5"),
        (("", "7,25"), "21.75", "7.25", "7.25"),
        (("",), "0", None, None),
        (("0.123456789012345678901234", "3"), "9.370370367037037036703702", "1.562", "3"),
    ],
)
def test_a_given_distance_is_shown_as_given_and_summed_exactly(
    given: tuple[str, ...], total: str, mean: str | None, greatest: str | None, tmp_path: Path
) -> None:
    result = solver.solve(instance(*given).build())
    result.write(tmp_path / "plan")
    assert solver.verify_folder(tmp_path / "plan").violations == ()
    with (tmp_path / "plan" / "transfers.csv").open(encoding="utf-8", newline="") as file:
        assert [row["distance_km"] for row in csv.DictReader(file)] == [km.replace(",", ".") for km in given]
    summary = json.loads((tmp_path / "plan" / "plan.json").read_text(encoding="utf-8"))
    assert summary["kpis"]["distance_km"] == {"total": total, "mean": mean, "max": greatest}
