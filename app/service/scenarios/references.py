"""What a scenario names of its inventory: pins and bans of assets and needs, budgets of provinces.

A run refuses what is not there (`solver.problem.pins.unknown_pins`, `solver.tables.rules.unknown_bans`,
`solver.problem.limit_checks.unknown_provinces`), perhaps an hour later. So the same is asked when a
scenario is made, of the newest version and of the rows that it names alone. A scenario outlives versions:
what is gone from a later one is for the run to say.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import sqlalchemy as sa

from app.service.inventories.plan_ids import slices
from app.service.scenarios.place import provinces_of
from app.service.store.models import AssetRow, NeedRow
from app.service.store.models.inventories import stands

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy as np
    from sqlalchemy.orm import Session

    from app.service.store.models import Inventory
    from solver import Issue, Scenario

    Rows = type[AssetRow] | type[NeedRow]

_PINS, _BUDGETS = "stability.pins", "limits.budget_vnd_by_province"
#: Ids before and behind an unknown one that may be the one meant; ids are mistyped at their ends.
_NEIGHBOURS = 50
#: Unknown ids whose neighbours are looked at, as many as get a hint.
_MOST_HINTS = 20


def reference_issues(session: Session, inventory: Inventory, scenario: Scenario) -> list[Issue]:
    """Return an issue for each pin, ban and budget of what the newest version does not have.

    Only what a run of the scenario reads counts: of a scenario of one province the rows of that province. Of
    rows that the session's actor may not see it is said that they are not there.

    Parameters
    ----------
    scenario
        Checked, with every default.
    """
    from solver.problem.limit_checks import unknown_provinces
    from solver.problem.pins import unknown_pins
    from solver.problem.problem import PLANNED
    from solver.problem.sides import may_move
    from solver.tables.rules import unknown_bans

    found: list[Issue] = []
    if scenario[_BUDGETS] and not scenario.explicit_matches:  # which may do without communes
        found += unknown_provinces(scenario, set(provinces_of(session, inventory)))
    pins, bans = list(scenario[_PINS]), scenario.bans
    if not pins and not bans:
        return found
    pairs = [*pins, *bans]
    assets = _rows(session, inventory, scenario, AssetRow, {pair[0] for pair in pairs})
    needs = _rows(session, inventory, scenario, NeedRow, {pair[1] for pair in pairs})
    moving = assets[may_move(assets, explicit=scenario.explicit_matches)]
    found += unknown_pins(scenario, [(_ids(moving, name), _ids(needs, name)) for name in PLANNED])
    known_assets, known_needs = set(assets["id"]), set(needs["id"])
    banned = {pair[0] for pair in bans} - known_assets, {pair[1] for pair in bans} - known_needs
    known_assets |= _neighbours(session, inventory, scenario, AssetRow, banned[0])
    known_needs |= _neighbours(session, inventory, scenario, NeedRow, banned[1])
    return [*found, *unknown_bans(scenario, known_assets, known_needs)]


def _ids(side: pd.DataFrame, category: str) -> np.ndarray:
    return side.loc[side["category"] == category, "id"].to_numpy(object)


def _rows(
    session: Session, inventory: Inventory, scenario: Scenario, table: Rows, names: Iterable[str]
) -> pd.DataFrame:
    """Return the rows of these plan ids, with what decides whether they take part."""
    status = table.status if table is AssetRow else sa.null()
    query = sa.select(table.plan_id, table.category, status, table.cells)
    query = query.where(*_of_run(inventory, scenario, table))
    rows = [
        (plan_id, category, state, cells.get("attached_to"))
        for some in slices(sorted(names))
        for plan_id, category, state, cells in session.execute(query.where(table.plan_id.in_(some)))
    ]
    return pd.DataFrame(rows, columns=["id", "category", "status", "attached_to"], dtype=object)


def _neighbours(
    session: Session, inventory: Inventory, scenario: Scenario, table: Rows, unknown: Iterable[str]
) -> set[str]:
    """Return ids that stand beside unknown ones in the order of ids, for the hint of what was meant."""
    query = sa.select(table.plan_id).where(*_of_run(inventory, scenario, table)).limit(_NEIGHBOURS)
    found: set[str] = set()
    for name in sorted(unknown)[:_MOST_HINTS]:
        found.update(session.scalars(query.where(table.plan_id > name).order_by(table.plan_id)))
        found.update(session.scalars(query.where(table.plan_id < name).order_by(table.plan_id.desc())))
    return found


def _of_run(inventory: Inventory, scenario: Scenario, table: Rows) -> list[sa.ColumnElement[bool]]:
    """Return the criteria of the rows that a run on the newest version reads."""
    province = scenario.scope_province
    of_scope = [] if province is None else [table.province_code == province]
    return [table.inventory_id == inventory.id, stands(table, inventory.head), *of_scope]
