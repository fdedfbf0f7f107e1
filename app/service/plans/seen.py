"""What an actor sees of a plan that is not wholly its own: a province (a commune) of a plan of the country.

Rows are limited by the query layer already. Here is what stands beside them: figures of others, and ids of
others in cells of own rows.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import pandas as pd

    from app.service.plans.schemas import Row
    from app.service.store.actor import Actor
    from app.service.store.models import Plan

#: Shares alone: an amount of the gap beside its share gives the cost of all.
_HEAD = ("format_version", "status", "synthetic", "gap", "cost_gap", "value_gap")
_COUNTS = ("needed", "met", "unmet")
#: Cells of transfers that name an asset of whoever has it.
_ELSEWHERE = ("alternative_asset_id", "alternative_extra_vnd")
#: Of explanations: what may name a row of others, and its price, which says as much.
_PRICED = {"alternative": "alternative_extra_vnd"}
#: Parts of a shortfall's detail that are figures; others may name assets and needs.
_FIGURES = ("left", "nearest_km", "largest_m2", "dearer_by_vnd", "outbid_by_vnd")


def own_progress(report: Mapping[str, Any]) -> dict[str, Any]:
    """Return a report of progress without the amounts of all: what `own_summary` leaves out of the plan."""
    return {name: value for name, value in report.items() if not name.endswith("_vnd")}


def own_summary(plan: Plan, province: str) -> dict[str, Any]:
    """Return the parts of ``plan.json`` that are a province's."""
    summary: Mapping[str, Any] = plan.summary
    counts = {name: _of(summary.get("kpis", {}).get(name, {}), province) for name in _COUNTS}
    return {
        **{name: summary[name] for name in _HEAD if name in summary},
        "kpis": counts,
        "parts": _of(summary.get("parts", {}), province),
    }


def _of(table: Mapping[str, Any], province: str) -> dict[str, Any]:
    """Return the province's entry of a table that has a level of provinces."""
    mine = table.get("province", {})
    return {"province": {province: mine[province]} if province in mine else {}}


def row_of(cells: Mapping[str, str], *, whole: bool) -> Row:
    """Return a row of a plan's table by column: numbers, truth values, texts, null for empty cells."""
    from app.export.cells import plain  # pandas, which the first page need not wait for

    shown = cells if whole else own_cells(cells)
    return {name: plain(text, name) if text else None for name, text in shown.items()}


def own_cells(cells: Mapping[str, str]) -> dict[str, str]:
    """Return the cells of a row without what may name rows of others."""
    found = {name: "" if name in _ELSEWHERE else text for name, text in cells.items()}
    if found.get("detail"):
        detail = json.loads(found["detail"])
        kept = {name: detail[name] for name in _FIGURES if name in detail}
        found["detail"] = json.dumps(kept, ensure_ascii=False, sort_keys=True)
    return found


@dataclass(frozen=True)
class Sight:
    """Which rows of a plan's inputs an actor may read of.

    Attributes
    ----------
    assets, needs
        Ids of the actor's own rows.
    foreign
        Ids of rows that are neither its own nor at the other end of a transfer of its own.
    """

    assets: frozenset[str]
    needs: frozenset[str]
    foreign: frozenset[str]

    def pruned(self, value: object) -> Any:  # noqa: ANN401  # any JSON value
        """Return JSON without objects and list members that name a foreign row; null in their place."""
        if isinstance(value, dict):
            if any(isinstance(one, str) and one in self.foreign for one in value.values()):
                return None
            kept = {name: self.pruned(one) for name, one in value.items() if str(name) not in self.foreign}
            for named, price in _PRICED.items():
                if value.get(named) is not None and kept[named] is None:
                    kept[price] = None
            return kept
        if isinstance(value, list | tuple):
            members = [one for one in value if not (isinstance(one, str) and one in self.foreign)]
            # What was null before stays; what became null named a foreign row.
            return [new for old in members if (new := self.pruned(old)) is not None or old is None]
        return value

    def named(self, value: object) -> set[str]:
        """Return the foreign ids in JSON."""
        if isinstance(value, dict):
            return set().union(*(self.named(one) for one in [*value.values(), *map(str, value)]))
        if isinstance(value, list | tuple):
            return set().union(*(self.named(one) for one in value))
        return {value} if isinstance(value, str) and value in self.foreign else set()


def sight_of(
    actor: Actor,
    assets: pd.DataFrame,
    needs: pd.DataFrame,
    communes: pd.DataFrame,
    partners: Iterable[tuple[str, str]],
) -> Sight:
    """Return what an actor of a province may read of in a plan.

    Parameters
    ----------
    assets, needs, communes
        Inputs of the plan.
    partners
        Asset and need of each transfer that the actor sees.
    """
    if actor.commune_code is not None:
        here = {actor.commune_code}
    else:
        mine = communes["province_code"] == actor.province_code
        here = set(communes.loc[mine, "commune_code"])
    own = [
        frozenset(table.loc[table["commune_code"].isin(here), key])
        for table, key in ((assets, "asset_id"), (needs, "need_id"))
    ]
    every = {*assets["asset_id"], *needs["need_id"]}
    known = {one for pair in partners for one in pair}
    return Sight(own[0], own[1], frozenset(every - own[0] - own[1] - known))
