"""A plan as summaries and exports look at it: tables with empty cells as missing, and the scenario."""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import solver

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class PlanView:
    """The content of a plan folder.

    Attributes
    ----------
    summary
        ``plan.json``.
    scenario
        ``inputs/scenario.json``, with every default filled in.
    transfers, shortfalls, releases
        The plan's tables: counts and money Int64, the rest text.
    assets, needs, communes
        The inputs, as text.
    """

    summary: dict[str, Any]
    scenario: dict[str, Any]
    transfers: pd.DataFrame
    shortfalls: pd.DataFrame
    releases: pd.DataFrame
    assets: pd.DataFrame
    needs: pd.DataFrame
    communes: pd.DataFrame


def view_plan(folder: Path) -> PlanView:
    """Read a plan folder.

    Raises
    ------
    solver.PlanFolderError
        When it can't be read.
    """
    stored = solver.read_plan(folder)
    try:
        text = (folder / "inputs" / "scenario.json").read_text(encoding="utf-8")
        scenario = json.loads(text, parse_float=Decimal)
    except (OSError, ValueError) as error:
        raise solver.PlanFolderError(str(folder), f"No plan can be read here: {error}.") from error
    return PlanView(
        stored.summary,
        scenario,
        *map(_with_missing, (stored.transfers, stored.shortfalls, stored.releases)),
        *map(_with_missing, (stored.assets, stored.needs, stored.communes)),
    )


def _with_missing(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table with its empty texts as missing."""
    texts = {name: column.mask(column == "") for name, column in table.items() if column.dtype == "str"}
    return table.assign(**{str(name): column for name, column in texts.items()})
