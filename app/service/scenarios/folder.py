"""``scenario.json`` of a scenario folder, for the solver."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.service.scenarios.exact import scenario_json

if TYPE_CHECKING:
    from pathlib import Path

    from app.service.store.models import Scenario


def write_scenario(scenario: Scenario, folder: Path) -> None:
    """Write ``scenario.json`` into a folder that exists.

    It holds every key, so that a later Surplan with other defaults plans the same. Its `commune_codes` is
    "2025", since rows are kept with today's codes.
    """
    (folder / "scenario.json").write_text(scenario_json(scenario.resolved), encoding="utf-8", newline="\n")
