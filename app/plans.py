"""A plan as summaries and exports look at it: tables with empty cells as missing, and the scenario."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

import solver
from app.conflict import is_infeasible, no_plan_words
from app.settings import LANGS
from solver.plan.refusals import reading

if TYPE_CHECKING:
    from collections.abc import Mapping

_TEXTS = ("limit", "unit")
#: The columns of ``limits.csv``, which only plans with limits have.
NO_LIMITS = pd.DataFrame(
    {
        name: pd.Series([], dtype="str")
        for name in (
            *(*_TEXTS, "used", "bound", "slack"),
            *("worth_step", "worth_vnd", "worth_least_vnd", "worth_most_vnd"),
        )
    }
)


#: The columns of ``changes.csv``, which only re-plans have.
NO_CHANGES = pd.DataFrame(
    {
        name: pd.Series([], dtype="str")
        for name in ("asset_id", "need_id", "units_before", "units_after", "reason", "group", "saves_vnd")
    }
)
#: The columns of ``inputs/baseline.csv`` that are looked at, which only re-plans have.
NO_LINES = pd.DataFrame(
    {name: pd.Series([], dtype="str") for name in ("asset_id", "need_id", "units", "state")}
)
_CHANGE_TEXTS = ("asset_id", "need_id", "reason")


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
    limits
        ``limits.csv``: id and unit as text, the rest integers; without rows where the plan has no limits.
    changes
        ``changes.csv``: ids and reason as text, the rest integers; without rows where nothing changed, or the
        plan is no re-plan.
    before
        ``inputs/baseline.csv``, as text: the lines of the plan before; without rows where there is none.
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
    limits: pd.DataFrame = field(default_factory=NO_LIMITS.copy)
    changes: pd.DataFrame = field(default_factory=NO_CHANGES.copy)
    before: pd.DataFrame = field(default_factory=NO_LINES.copy)

    @property
    def replan(self) -> bool:
        """Whether it was made beside a plan before."""
        return "baseline.csv" in (self.summary.get("inputs") or {})

    @property
    def change_price(self) -> int:
        """What a changed unit costs in the objective [VND]; 0 where it is no re-plan."""
        stability = self.scenario.get("stability") or {}
        return int(stability.get("change_price_vnd") or 0) if self.replan else 0

    @cached_property
    def province_names(self) -> dict[str, str]:
        """Name by province code."""
        return dict(zip(self.communes["province_code"], self.communes["province_name"], strict=True))

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


def view_plan(folder: Path, *, missing: bool = False) -> PlanView:
    """Read a plan folder; ``missing``: one that proves that there is no plan is read as well.

    Raises
    ------
    solver.PlanFolderError
        When it can't be read.
    """
    stored = solver.read_plan(folder)
    file = folder / "inputs" / "scenario.json"
    with reading(folder, file):
        scenario = json.loads(file.read_text(encoding="utf-8"), parse_float=Decimal)
    with reading(folder, folder / "limits.csv"):
        limits = _whole(stored.limits, NO_LIMITS, _TEXTS)
    with reading(folder, folder / "changes.csv"):
        changes = _whole(stored.changes, NO_CHANGES, _CHANGE_TEXTS)
    view = PlanView(
        stored.summary,
        scenario,
        _with_missing(stored.transfers),
        _with_missing(stored.shortfalls),
        _with_missing(stored.releases),
        _with_missing(stored.assets),
        _with_missing(stored.needs),
        _named(_with_missing(stored.communes)),
        _with_missing(stored.authorities),
        limits,
        changes,
        _lines_before(folder),
    )
    if not missing and is_infeasible(view):
        raise no_plan(folder, view.summary, view.province_names)
    return view


def no_plan(folder: Path, summary: dict[str, Any], names: Mapping[str, str]) -> solver.PlanFolderError:
    """Return the error of a folder that proves that there is no plan; ``names``: of provinces, by code."""
    return solver.PlanFolderError(str(folder), *(no_plan_words(summary, names, lang) for lang in LANGS))


def _lines_before(folder: Path) -> pd.DataFrame:
    """Read the lines of the plan before; none where the folder is no re-plan."""
    file = folder / "inputs" / "baseline.csv"
    if not file.exists():
        return NO_LINES.copy()
    with reading(folder, file):
        return pd.read_csv(file, dtype="str", keep_default_na=False)[list(NO_LINES)]


def _whole(table: pd.DataFrame, like: pd.DataFrame, texts: tuple[str, ...]) -> pd.DataFrame:
    """Return a table with whole numbers, missing where a cell is empty; ``texts``: columns that are none."""
    return pd.DataFrame(
        {
            name: table[name]
            if name in texts
            else pd.Series([int(cell) if cell else None for cell in table[name]], dtype=object)
            for name in like
        }
    )


def _named(communes: pd.DataFrame) -> pd.DataFrame:
    """Let a commune or province without a name go by its code."""
    names = {"name": "commune_code", "province_name": "province_code"}
    return communes.assign(**{name: communes[name].fillna(communes[code]) for name, code in names.items()})


def _with_missing(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table with its empty texts as missing."""
    texts = {name: column.mask(column == "") for name, column in table.items() if column.dtype == "str"}
    return table.assign(**{str(name): column for name, column in texts.items()})
