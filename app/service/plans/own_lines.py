"""What a province, or a commune, reads of two plans side by side: lines of its own rows.

A row may be somebody else's in one of two plans: it moved to another commune, or its id was given away. So
what is whose is decided for each plan, and a plan is compared as if it held the actor's rows alone.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from app.comparison.provinces import changed_provinces
from app.comparison.variant import NO_ROW
from app.plan_changes import changed_assets, changed_needs, changed_transfers, counts
from app.service.plans.seen import sight_of

if TYPE_CHECKING:
    import pandas as pd

    from app.comparison.variant import Variant
    from app.service.plans.seen import Sight
    from app.service.store.actor import Actor


def own_difference(actor: Actor, before: Variant, after: Variant) -> dict[str, Any]:
    """Return the lines of an actor's own rows, and its province's figures.

    A line has no figures of a plan in which its row is not the actor's: 0 units, and the reason ``no_row``.
    Why the need of somebody else lacks units is not said.
    """
    plans = (before, after)
    sights = [sight_of(actor, one.view.assets, one.view.needs, one.view.communes, ()) for one in plans]
    assets = changed_assets(*_each(plans, sights, needs=False))
    needs = changed_needs(*_each(plans, sights, assets=False))
    transfers = changed_transfers(*_each(plans, sights))
    for line in transfers:
        mine = [line["need_id"] in sight.needs for sight in sights]
        for name, own in zip(("reason_before", "reason_after"), mine, strict=True):
            if not own:
                line[name] = NO_ROW if any(mine) else ""
    provinces, _ = changed_provinces(before, after)
    own_province = [row for row in provinces if row["province_code"] == actor.province_code]
    lines = {"transfers": transfers, "needs": needs, "assets": assets}
    return {
        "plans": [{"plan": one.name, "status": one.view.summary.get("status")} for one in plans],
        "differences": [
            {
                "plan": after.name,
                **lines,
                "counts": counts([line for some in lines.values() for line in some]),
                "provinces": own_province if actor.commune_code is None else [],
            }
        ],
    }


def _each(
    plans: tuple[Variant, Variant], sights: list[Sight], *, assets: bool = True, needs: bool = True
) -> tuple[Variant, Variant]:
    before, after = (
        _limited(plan, sight, assets=assets, needs=needs) for plan, sight in zip(plans, sights, strict=True)
    )
    return before, after


def _limited(plan: Variant, sight: Sight, *, assets: bool, needs: bool) -> Variant:
    """Return a plan with the transfers of own assets, or of own needs, or of either.

    Beside the own rows it has those at the other end of these transfers only where both are asked for: a line
    of a transfer says where it goes.
    """
    view = plan.view
    here = view.transfers["asset_id"].isin(sight.assets if assets else ())
    here |= view.transfers["need_id"].isin(sight.needs if needs else ())
    transfers = view.transfers[here]
    both = assets and needs
    shown = {
        "assets": sight.assets | set(transfers["asset_id"] if both else ()),
        "needs": sight.needs | set(transfers["need_id"] if both else ()),
    }
    return replace(
        plan,
        view=replace(
            view,
            transfers=transfers,
            assets=_of(view.assets, "asset_id", shown["assets"]),
            needs=_of(view.needs, "need_id", shown["needs"]),
            shortfalls=_of(view.shortfalls, "need_id", sight.needs),
            releases=_of(view.releases, "asset_id", sight.assets),
        ),
    )


def _of(table: pd.DataFrame, key: str, ids: frozenset[str]) -> pd.DataFrame:
    return table[table[key].isin(ids)]
