"""The tables that an explanation is told from: of a result in memory, or of a plan folder read back.

Cells are looked at as the text that the plan folder holds, so that both give the same answer.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeAlias

from solver.explanation.indexed import Indexed
from solver.plan.refusals import reading
from solver.problem.files import cell
from solver.scenario.load import inventory_date, read_scenario

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from solver.plan.folder import StoredPlan
    from solver.plan.result import Result
    from solver.problem.problem import Problem
    from solver.scenario.model import Scenario

#: A row as the plan folder writes it; "" where a cell is empty.
Row = dict[str, str]
#: What explanations are made of: text, whole numbers, truth values, None, lists and dictionaries of them.
Facts = dict[str, Any]

Frame: TypeAlias = Any  # a DataFrame, or an Indexed one where many of its rows are asked for

_BASELINE = "baseline.csv"
_TOGETHER = "limits"  # the search of categories that limits join
_OF_PREMISES = ("solver.value_gap", "solver.gap_vnd")
_OF_LIMITS = ("solver.cost_gap", *_OF_PREMISES)
_TABLES = ("budget_vnd_by_province", "budget_vnd_by_category", "cross_province_max")


@dataclass(frozen=True)
class Tables:
    """What an explanation may look at.

    Attributes
    ----------
    assets, needs, communes : inputs; transfers, shortfalls, releases : the plan; scenario : rules and prices;
    form : "communes", "pairs" or "matches"; gaps : of each category planned [VND], None where it has none of
    its own; authorities : who decides; gap : of the plan [VND]; changes : of a re-plan, None of other plans;
    ended : why the search of each category ended (``ended`` of run.json), empty where that is not known.
    """

    assets: Frame
    needs: Frame
    communes: Frame
    transfers: Frame
    shortfalls: Frame
    releases: Frame
    scenario: Scenario
    form: str
    gaps: dict[str, int | None]
    authorities: pd.DataFrame | None = None
    gap: int = 0
    changes: Frame | None = None
    ended: Mapping[str, str] = field(default_factory=dict)

    def asset(self, asset_id: str) -> Row:
        """Return the row of an asset, all cells empty where there is none."""
        return next(iter(rows(self.assets, asset_id=asset_id)), dict.fromkeys(map(str, self.assets), ""))

    def need(self, need_id: str) -> Row:
        """Return the row of a need, all cells empty where there is none."""
        return next(iter(rows(self.needs, need_id=need_id)), dict.fromkeys(map(str, self.needs), ""))

    def place(self, code: str) -> Facts:
        """Return names of a commune and its province, "" where the register does not know it."""
        found = next(iter(rows(self.communes, commune_code=code)), {}) if code else {}
        return {
            "commune_code": code,
            "commune": found.get("name", ""),
            "commune_kind": found.get("kind", ""),
            "province_code": found.get("province_code", ""),
            "province": found.get("province_name", ""),
        }

    def proof(self, category: str) -> Facts:
        """Return how far the plan is from proven, and what "no better plan" is said of.

        Returns
        -------
        dict
            ``gap_vnd``; ``gap_of`` : "category", or "plan" where limits join the categories; ``among`` : the
            plans that are no better: "" any, "limits" those that keep to limits and pins, "replan" those that
            keep fixed lines too, "levels" those that also do as well in what comes before the cost;
            ``change_vnd`` : price of a change that costs hold, 0 none; ``search`` : "done" where the search
            ended by itself, "gap" where it did so and the scenario asks for no smaller gap, else "limit": a
            limit of time or work or the user ended it, or that is not known; ``gaps`` : keys of the scenario
            that let it.
        """
        scenario, own = self.scenario, self.gaps.get(category, 0)
        limits = [scenario["limits.budget_vnd"], *(scenario[f"limits.{name}"] or None for name in _TABLES)]
        levels = scenario.coverage_first or bool(scenario.floors)
        limited = bool(scenario.pins) or any(limit is not None for limit in limits)
        replan = self.changes is not None
        among = "levels" if levels else "replan" if replan else "limits" if limited else ""
        return {
            "gap_vnd": self.gap if own is None else own,
            "gap_of": "plan" if own is None else "category",
            "among": among,
            "change_vnd": int(scenario["stability.change_price_vnd"] or 0) if replan else 0,
            "search": self._search(category),
            "gaps": self._gaps(category),
        }

    def _search(self, category: str) -> str:
        ended = self.ended.get(category) or self.ended.get(_TOGETHER)
        if ended != "gap":
            return "limit"
        return "gap" if self._gaps(category) else "done"

    def _gaps(self, category: str) -> list[str]:
        """Return the keys that let the search of a category end with a gap; movables alone heed none."""
        alone = _OF_PREMISES if category == "premises" else ()
        keys = alone if category in self.ended else _OF_LIMITS
        return [key for key in keys if self.scenario[key]]

    def row(self, row_id: str) -> Facts:
        """Name a row of docs/limits.md, with the names of the provinces in its id."""
        inside = [one for code in row_id.split("|") for one in rows(self.communes, province_code=code)[:1]]
        names = {one["province_code"]: one["province_name"] for one in inside}
        return {"id": row_id, "provinces": names}

    def authority_en(self, authority: str, place: Facts) -> str:
        """Return the English of a deciding authority; as it stands where the table has none for it.

        Parameters
        ----------
        authority : text of ``transfers.csv``; place : of the commune that gives.
        """
        names = {"{province}": place["province"], "{commune}": place["commune"]}
        for row in [] if self.authorities is None else rows(self.authorities):
            vi, en = row["authority_vi"], row["authority_en"]
            for word, name in names.items():
                vi, en = vi.replace(word, name), en.replace(word, name)
            if en and vi == authority:
                return en
        return authority

    def units_in_use(self, commune: str, key: str) -> int:
        """Count what a norm key counts as in use in a commune."""
        category, _, kind = key.partition("/")
        held = rows(self.assets, commune_code=commune, status="in_use", category=category)
        return sum(int(row["units"] or 1) for row in held if not kind or row["kind"] == kind)

    def norm(self, commune: str, key: str) -> Facts:
        """Return a norm of a commune: its maximum in the scenario (None: no such key) and what is in use."""
        most = (self.scenario["norms.max_per_commune"] or {}).get(key)
        return {
            "key": key,
            "max": None if most is None else plain(most),
            "in_use": self.units_in_use(commune, key),
        }


def rows(frame: Frame, **wanted: str) -> list[Row]:
    """Return the rows whose columns have the wanted values, as text."""
    if isinstance(frame, Indexed):
        return frame.rows(**wanted)
    chosen = frame
    for column, value in wanted.items():
        if column not in chosen:
            return []
        chosen = chosen[(chosen[column] == value).fillna(value=False).to_numpy(bool)]
    names = [str(name) for name in chosen.columns]
    return [
        {name: cell(value) for name, value in zip(names, values, strict=True)}
        for values in zip(*(chosen[name].tolist() for name in names), strict=True)
    ]


def texts(frame: Frame, column: str) -> list[str]:
    """Return a column as text."""
    if isinstance(frame, Indexed):
        return [row[column] for row in frame.rows()]
    return [cell(value) for value in frame[column].tolist()]


def plain(value: Decimal | int) -> str:
    """Write an exact number without exponent and without trailing zeros."""
    return cell(Decimal(value))


def tables_of_result(problem: Problem, result: Result) -> Tables:
    """Take the tables of a result that is still in memory."""
    plan = result.plan
    return Tables(
        problem.assets,
        problem.needs,
        problem.communes,
        plan.transfers,
        plan.shortfalls,
        plan.releases,
        problem.scenario,
        problem.form,
        _gaps(plan.summary),
        problem.authorities,
        int(plan.summary["gap_vnd"] or 0),
        plan.changes,
        result.run.get("ended", {}),
    )


def tables_of_folder(plan: StoredPlan) -> Tables:
    """Take the tables of a plan folder.

    Raises
    ------
    PlanFolderError
        When its scenario or the form of its distances cannot be read.
    """
    files = [plan.folder / "inputs" / name for name in ("scenario.json", "distances.json")]
    found = []
    for file in files:
        with reading(plan.folder, file):
            found.append(json.loads(file.read_text(encoding="utf-8"), parse_float=Decimal))
    raw, distances = found
    with reading(plan.folder, files[1]):
        form = str(distances["form"])
    scenario, _ = read_scenario(raw, explicit_matches=form == "matches", inventory_date=inventory_date())
    return Tables(
        plan.assets,
        plan.needs,
        plan.communes,
        plan.transfers,
        plan.shortfalls,
        plan.releases,
        scenario,
        form,
        _gaps(plan.summary),
        plan.authorities,
        int(plan.summary["gap_vnd"] or 0),
        plan.changes if _BASELINE in plan.summary["inputs"] else None,
        plan.run.get("ended", {}),
    )


def _gaps(summary: Mapping[str, Any]) -> dict[str, int | None]:
    parts = summary["parts"]["category"]
    return {name: None if part["gap_vnd"] is None else int(part["gap_vnd"]) for name, part in parts.items()}
