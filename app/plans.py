"""A plan as summaries and exports look at it: tables with empty cells as missing, and the scenario."""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

import solver


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
    assets, needs, communes, authorities
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
    authorities: pd.DataFrame

    @cached_property
    def authorities_en(self) -> dict[str, str]:
        """English by Vietnamese text, of all who may decide over an asset of this plan.

        A Vietnamese text that stands for several in English has none.
        """
        places = self.communes[self.communes["commune_code"].isin(self.assets["commune_code"])]
        communes = places[["province_name", "name"]].fillna("").drop_duplicates()
        provinces = communes[["province_name"]].drop_duplicates().assign(name="{commune}")
        english: dict[str, set[str]] = {}
        for vi, en in zip(self.authorities["authority_vi"], self.authorities["authority_en"], strict=True):
            if pd.isna(vi) or pd.isna(en):
                continue
            both = vi + en
            names = communes if "{commune}" in both else provinces if "{" in both else provinces[:1]
            for province, commune in names.itertuples(index=False, name=None):
                text, own = (
                    one.replace("{province}", province).replace("{commune}", commune) for one in (vi, en)
                )
                english.setdefault(text, set()).add(own)
        return {text: owns.pop() for text, owns in english.items() if len(owns) == 1}


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
        _with_missing(stored.transfers),
        _with_missing(stored.shortfalls),
        _with_missing(stored.releases),
        _with_missing(stored.assets),
        _with_missing(stored.needs),
        _named(_with_missing(stored.communes)),
        _with_missing(stored.authorities),
    )


def _named(communes: pd.DataFrame) -> pd.DataFrame:
    """Let a commune or province without a name go by its code."""
    names = {"name": "commune_code", "province_name": "province_code"}
    return communes.assign(**{name: communes[name].fillna(communes[code]) for name, code in names.items()})


def _with_missing(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table with its empty texts as missing."""
    texts = {name: column.mask(column == "") for name, column in table.items() if column.dtype == "str"}
    return table.assign(**{str(name): column for name, column in texts.items()})
