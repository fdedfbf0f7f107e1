"""Hand-made figures."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.fixture
def data() -> dict[str, Any]:
    """Return what a run of two methods and three sizes wrote; every figure is easy to check by hand."""

    def record(method: str, family: str, cars: int, seconds: float, **more: object) -> dict[str, Any]:
        plain = {"method": method, "family": family, "cars": cars, "seconds": seconds, "status": "finished"}
        plain |= {"runs": 1, "peak_bytes": 500_000_000, "objective": 1_000, "bound": 1_000}
        return {**plain, "laps": {"distances": 0.25, "build": 0.25, "solve": seconds - 0.5}, **more}

    return {
        "date": "2026-01-02",
        "complete": True,
        "machine": {
            "processor": "Abacus", "cores": 2, "memory_bytes": 16e9, "load": 0.0, "python": "3.11.9",
            "libraries": {"numpy": "2.0.0"},
        },
        "settings": {
            "sizes": [4000, 40000], "families": ["scarce", "surplus"], "methods": ["surplan", "lsa"],
            "limits": {"seconds": 300.0, "memory": 12e9},
        },
        "records": [
            record("surplan", "scarce", 4000, 2.0),
            record("surplan", "scarce", 40000, 20.0, facts={"rounds": 3}),
            record("lsa", "scarce", 4000, 8.0, peak_bytes=1_500_000_000),
            record("lsa", "scarce", 40000, 1.0, status="memory", objective=None, bound=None, runs=0),
            record("lsa", "scarce", 20000, 90.0),
            record("surplan", "surplus", 4000, 4.0),
            record("lsa", "surplus", 4000, 1.0),
        ],
    }  # fmt: skip
