from __future__ import annotations

import dataclasses
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pandas as pd

from app.replacing import cars_to_replace

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.plans import PlanView


def with_cars(
    plan: PlanView, *rows: Mapping[str, str | None], life: dict[str, Any] | None = None, **scenario: str
) -> PlanView:
    """Return the plan with these cars in use instead of its own, in Hạc Thành where no commune is named."""
    car = plan.assets[plan.assets["asset_id"] == "U-0001"].to_dict("records")[0]
    assets = pd.DataFrame([{**car, "commune_code": "14797", **row} for row in rows])
    norms = {"life_years": {"vehicle": 20, "vehicle/car": 15} if life is None else life}
    return dataclasses.replace(
        plan,
        assets=assets.astype("str"),
        scenario={**plan.scenario, "date": "2025-08-15", "norms": norms, **scenario},
    )


def cells(plan: PlanView, *columns: str) -> list[list[Any]]:
    table = cars_to_replace(plan)[list(columns)].astype(object)
    rows: list[list[Any]] = table.where(table.notna(), None).to_numpy().tolist()
    return rows


def test_second_and_over_age_cars_are_to_be_replaced_in_a_year(plan: PlanView) -> None:
    used = with_cars(
        plan,
        {"asset_id": "C-1", "year": "2012"},
        {"asset_id": "C-2", "year": "2020", "name": "Toyota Vios", "official_id": "36A-1"},
        {"asset_id": "C-3", "year": "2022"},  # the newest of its commune, 3 years old: stays
        {"asset_id": "C-4", "year": "2010", "commune_code": "14812"},  # 15 years: has reached its life
        {"asset_id": "C-5", "year": "2011", "commune_code": "03127"},  # 14 years, the only one: stays
    )
    columns = ("asset_id", "commune_code", "year", "age", "number", "life_years", "replace_year", "over_age")
    assert cells(used, *columns) == [
        ["C-2", "14797", 2020, 5, 2, 15, 2035, False],
        ["C-1", "14797", 2012, 13, 3, 15, 2027, False],
        ["C-4", "14812", 2010, 15, 1, 15, 2025, True],
    ]
    assert cells(used, "kind", "name", "official_id")[0] == ["car", "Toyota Vios", "36A-1"]


def test_a_life_that_ended_years_ago_means_this_year(plan: PlanView) -> None:
    assert cells(with_cars(plan, {"asset_id": "C-1", "year": "1998"}), "age", "replace_year") == [[27, 2025]]


def test_each_unit_of_a_lot_is_a_car(plan: PlanView) -> None:
    lot = with_cars(plan, {"asset_id": "C-1", "year": "2020", "units": "3"})
    assert cells(lot, "asset_id", "number") == [["C-1", 2], ["C-1", 3]]
    old = with_cars(plan, {"asset_id": "C-1", "year": "2000", "units": "2"})
    assert cells(old, "asset_id", "number") == [["C-1", 1], ["C-1", 2]]


def test_a_car_of_unknown_year_comes_last_and_has_no_year_of_replacement(plan: PlanView) -> None:
    used = with_cars(plan, {"asset_id": "C-1", "year": None}, {"asset_id": "C-2", "year": "2001"})
    assert cells(used, "asset_id", "number", "age", "replace_year", "over_age") == [
        ["C-2", 1, 24, 2025, True],
        ["C-1", 2, None, None, False],
    ]


def test_cars_of_one_year_are_numbered_by_id_and_a_year_to_come_is_age_zero(plan: PlanView) -> None:
    used = with_cars(plan, {"asset_id": "C-2", "year": "2026"}, {"asset_id": "C-1", "year": "2026"})
    assert cells(used, "asset_id", "number", "age", "replace_year") == [["C-2", 2, 0, 2041]]


def test_the_life_of_cars_goes_before_that_of_vehicles_and_is_rounded_up(plan: PlanView) -> None:
    car = {"asset_id": "C-1", "year": "2010"}
    assert cells(with_cars(plan, car, life={"vehicle": 15}), "life_years") == [[15]]
    assert cells(with_cars(plan, car, life={"vehicle": 15, "vehicle/car": 16}), "life_years") == []
    assert cells(with_cars(plan, car, life={"vehicle/car": Decimal("14.5")}), "life_years") == [[15]]


def test_without_a_life_only_second_cars_are_listed(plan: PlanView) -> None:
    rows = ({"asset_id": "C-1", "year": "1990"}, {"asset_id": "C-2", "year": "1991"})
    for life in ({}, {"vehicle/car": 0}):
        used = with_cars(plan, *rows, life=life)
        assert cells(used, "asset_id", "life_years", "replace_year", "over_age") == [
            ["C-1", None, None, False]
        ]


def test_only_cars_in_use_in_a_commune_of_the_scope_count(plan: PlanView) -> None:
    old = {"year": "1999"}
    rows = (
        {"asset_id": "C-1", **old},
        {"asset_id": "C-2", **old, "kind": "pickup"},
        {"asset_id": "C-3", **old, "status": "surplus"},
        {"asset_id": "C-4", **old, "commune_code": "03127"},
        {"asset_id": "C-5", **old, "commune_code": None},
    )
    assert cells(with_cars(plan, *rows), "asset_id") == [["C-4"], ["C-1"]]
    assert cells(with_cars(plan, *rows, scope_province="38"), "asset_id") == [["C-1"]]


def test_a_plan_without_cars_gives_an_empty_typed_table(plan: PlanView) -> None:
    table = cars_to_replace(with_cars(plan, {"asset_id": "C-1", "year": "2020"}))
    assert table.empty
    types = table.dtypes.astype(str).to_dict()
    assert {types[name] for name in ("year", "age", "number", "life_years", "replace_year")} == {"Int64"}
    assert types["over_age"] == "bool"
