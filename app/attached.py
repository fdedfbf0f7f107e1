"""What is attached to a house goes the way of its house: which assets, and which way."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from app.plans import PlanView

COLUMNS = ("asset_id", "attached_to", "units", "outcome", "need_id")
# Statuses of an asset that a plan may move; an attached one is left to its house.
_IDLE = ("surplus", "handed_idle")


def attached_items(plan: PlanView) -> pd.DataFrame:
    """Return the assets that are attached to a house and not in use, with the outcome of their house.

    Parameters
    ----------
    plan
        Stored plan. An asset takes part when `attached_to` is filled, its status is surplus or handed_idle,
        and it lies in the scenario's province where that names one. What a plan moves or releases by itself
        (an explicit match may name it) takes no part.

    Returns
    -------
    pd.DataFrame
        One row per asset, sorted by asset_id. `asset_id`, `attached_to` (as given), `units` (Int64);
        `outcome`: "transfer" where the house receives places in the plan, else the disposition of the house
        in ``releases.csv``, else "stays" (a house in use, handled or unknown); `need_id`: the needs that the
        house serves, joined by ``|``, missing unless the outcome is "transfer". An asset attached to an
        attached one goes with the outermost house.
    """
    idle = plan.assets[plan.assets["status"].isin(_IDLE) & plan.assets["attached_to"].notna()]
    scope = plan.scenario.get("scope_province")
    if scope:
        inside = plan.communes.loc[plan.communes["province_code"] == scope, "commune_code"]
        idle = idle[idle["commune_code"].isin(set(inside))]
    alone = {*plan.transfers["asset_id"], *plan.releases["asset_id"]}
    idle = idle[~idle["asset_id"].isin(alone)].sort_values("asset_id")
    carried = dict(zip(idle["asset_id"], idle["attached_to"], strict=True))
    house = idle["attached_to"].map(lambda name: _outermost(str(name), carried))
    served = plan.transfers.groupby("asset_id")["need_id"].agg(lambda needs: "|".join(sorted(set(needs))))
    needs = house.map(served).astype("str")
    released = house.map(dict(zip(plan.releases["asset_id"], plan.releases["disposition"], strict=True)))
    outcome = released.astype("str").fillna("stays").mask(needs.notna(), "transfer")
    columns = {
        "asset_id": idle["asset_id"].astype("str"),
        "attached_to": idle["attached_to"].astype("str"),
        "units": idle["units"].fillna("1").astype("Int64"),
        "outcome": outcome,
        "need_id": needs,
    }
    return pd.DataFrame(columns, columns=list(COLUMNS)).reset_index(drop=True)


def _outermost(house: str, carried: dict[str, str]) -> str:
    """Follow what is itself attached up to what is not; assets attached in a circle end where they began."""
    seen = {house}
    while house in carried and carried[house] not in seen:
        house = carried[house]
        seen.add(house)
    return house
