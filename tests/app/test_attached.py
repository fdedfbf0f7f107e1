from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from app.attached import attached_items

if TYPE_CHECKING:
    from app.plans import PlanView


def with_assets(plan: PlanView, *rows: dict[str, str]) -> PlanView:
    """Add assets to the plan; cells that are not named are those of a lot of computers."""
    lot = plan.assets[plan.assets["asset_id"] == "E-0001"].to_dict("records")[0]
    added = pd.DataFrame([lot | {"units": "1"} | row for row in rows]).astype("str")
    return dataclasses.replace(plan, assets=pd.concat([plan.assets, added], ignore_index=True))


@pytest.mark.parametrize(
    ("house", "outcome", "needs"),
    [
        ("P-0001", "transfer", "N-HQ-1"),
        ("P-0003", "housing_body", None),
        ("P-0004", "land_fund", None),
        ("U-0001", "stays", None),
        ("nowhere", "stays", None),
    ],
)
def test_an_attached_asset_goes_the_way_of_its_house(
    plan: PlanView, house: str, outcome: str, needs: str | None
) -> None:
    items = attached_items(with_assets(plan, {"asset_id": "D-1", "attached_to": house, "units": "7"}))
    assert items.astype(object).where(items.notna(), None).to_numpy().tolist() == [
        ["D-1", house, 7, outcome, needs]
    ]


def test_a_house_with_several_needs_names_them_all_in_order(plan: PlanView) -> None:
    shared = plan.transfers.assign(asset_id=plan.transfers["asset_id"].replace("P-0002", "P-0001"))
    moved = dataclasses.replace(plan, transfers=shared[::-1])
    items = attached_items(with_assets(moved, {"asset_id": "D-1", "attached_to": "P-0001"}))
    assert items["need_id"].tolist() == ["N-HQ-1|N-VH-1"]


def test_only_idle_assets_are_attached_and_they_are_sorted(plan: PlanView) -> None:
    rows = [
        {"asset_id": "D-2", "attached_to": "P-0001"},
        {"asset_id": "D-1", "attached_to": "P-0001", "status": "handed_idle"},
        {"asset_id": "D-0", "attached_to": "P-0001", "status": "in_use"},
        {"asset_id": "D-3", "attached_to": "P-0001", "status": "handled"},
    ]
    assert attached_items(with_assets(plan, *rows))["asset_id"].tolist() == ["D-1", "D-2"]


def test_assets_outside_the_province_planned_are_not_listed(plan: PlanView) -> None:
    rows = [
        {"asset_id": "D-1", "attached_to": "P-0001"},
        {"asset_id": "D-2", "attached_to": "P-0001", "commune_code": "03127"},
    ]
    scoped = dataclasses.replace(plan, scenario={**plan.scenario, "scope_province": "38"})
    assert attached_items(with_assets(scoped, *rows))["asset_id"].tolist() == ["D-1"]


def test_what_the_plan_moves_by_itself_goes_with_no_house(plan: PlanView) -> None:
    # Explicit matches do not look at attached_to.
    moved = plan.assets.assign(
        attached_to=plan.assets["attached_to"].mask(plan.assets["asset_id"] == "E-0001", "P-0001")
    )
    assert attached_items(dataclasses.replace(plan, assets=moved)).empty


def test_what_hangs_on_an_attached_asset_goes_with_the_outermost_house(plan: PlanView) -> None:
    rows = [
        {"asset_id": "D-1", "attached_to": "D-2"},
        {"asset_id": "D-2", "attached_to": "P-0004"},
        {"asset_id": "D-3", "attached_to": "D-4"},  # two that are attached to each other
        {"asset_id": "D-4", "attached_to": "D-3"},
        {"asset_id": "D-5", "attached_to": "D-5"},
    ]
    outcomes = attached_items(with_assets(plan, *rows))["outcome"].tolist()
    assert outcomes == ["land_fund", "land_fund", "stays", "stays", "stays"]


def test_a_plan_that_moves_and_releases_nothing_leaves_everything_in_place(plan: PlanView) -> None:
    still = dataclasses.replace(plan, transfers=plan.transfers[:0], releases=plan.releases[:0])
    items = attached_items(with_assets(still, {"asset_id": "D-1", "attached_to": "P-0001"}))
    assert items["outcome"].tolist() == ["stays"]
    assert items["need_id"].isna().all()


def test_without_attached_assets_the_table_is_empty_but_typed(plan: PlanView) -> None:
    items = attached_items(plan)
    assert items.empty
    assert items.dtypes.astype(str).to_dict() == {
        "asset_id": "str",
        "attached_to": "str",
        "units": "Int64",
        "outcome": "str",
        "need_id": "str",
    }
