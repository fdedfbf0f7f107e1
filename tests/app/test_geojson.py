from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING, Any

import pandas as pd
from shapely.geometry import shape

from app.export.geojson import write_geojson

if TYPE_CHECKING:
    from pathlib import Path

    from app.plans import PlanView


def read_back(plan: PlanView, folder: Path) -> dict[str, Any]:
    text = write_geojson(plan, folder).read_text(encoding="utf-8")
    collection: dict[str, Any] = json.loads(text)
    return collection


def test_every_row_is_one_valid_feature(plan: PlanView, tmp_path: Path) -> None:
    collection = read_back(plan, tmp_path)
    assert list(collection) == ["type", "synthetic", "features"]
    assert collection["synthetic"] is True
    kinds = [feature["properties"]["feature"] for feature in collection["features"]]
    assert kinds == ["transfer"] * 6 + ["shortfall"] * 4 + ["release"] * 4
    for feature in collection["features"]:
        assert list(feature) == ["type", "geometry", "properties"]
        geometry = shape(feature["geometry"])
        assert geometry.is_valid
        west, south, east, north = geometry.bounds
        assert 102 < west <= east < 118  # longitude first
        assert 6 < south <= north < 24


def test_a_transfer_is_a_line_from_asset_to_need_or_a_point_where_they_coincide(
    plan: PlanView, tmp_path: Path
) -> None:
    geometries = [feature["geometry"] for feature in read_back(plan, tmp_path)["features"]]
    assert geometries[2] == {"type": "Point", "coordinates": [105.789, 19.8028]}
    assert geometries[4] == {"type": "LineString", "coordinates": [[105.838, 21.0386], [105.789, 19.8028]]}
    assert geometries[5] == {"type": "Point", "coordinates": [105.789, 19.8028]}
    assert geometries[6] == {"type": "Point", "coordinates": [107.764, 20.973]}


def test_properties_are_the_columns_of_the_tables(plan: PlanView, tmp_path: Path) -> None:
    properties = [feature["properties"] for feature in read_back(plan, tmp_path)["features"]]
    assert list(properties[0]) == ["feature", *plan.transfers.columns]
    assert list(properties[6]) == ["feature", *plan.shortfalls.columns]
    assert list(properties[10]) == ["feature", *plan.releases.columns]
    assert properties[1]["cost_vnd"] == 58915000
    assert properties[1]["distance_km"] == 430.5
    assert properties[1]["cross_province"] is True
    assert properties[1]["to_commune_code"] == "03127"
    assert properties[1]["alternative_asset_id"] is None
    assert properties[5]["alternative_extra_vnd"] == -87855576


def test_premises_carry_area_form_and_disposition(plan: PlanView, tmp_path: Path) -> None:
    properties = [feature["properties"] for feature in read_back(plan, tmp_path)["features"]]
    assert (properties[1]["area_m2"], properties[3]["area_m2"]) == (None, 240)
    assert properties[3]["form"] == "chuyển đổi công năng"
    assert [one.get("disposition") for one in properties[10:]] == [
        "reserve",
        "housing_body",
        "land_fund",
        "liquidate",
    ]


def test_texts_come_through_unchanged(plan: PlanView, hostile: list[str], tmp_path: Path) -> None:
    column = [hostile[row % len(hostile)] for row in range(len(plan.transfers))]
    for start in range(0, len(hostile), len(plan.transfers)):
        column = [hostile[(start + row) % len(hostile)] for row in range(len(plan.transfers))]
        transfers = plan.transfers.assign(
            recipient=pd.Series(column, index=plan.transfers.index, dtype="str")
        )
        collection = read_back(dataclasses.replace(plan, transfers=transfers), tmp_path)
        assert [feature["properties"]["recipient"] for feature in collection["features"][:6]] == column


def test_coordinates_have_at_most_six_decimals(plan: PlanView, tmp_path: Path) -> None:
    assets = plan.assets.assign(lat=21.03861234567, lon=105.83849999999)
    collection = read_back(dataclasses.replace(plan, assets=assets), tmp_path)
    assert collection["features"][-1]["geometry"]["coordinates"] == [105.8385, 21.038612]


def test_without_coordinates_a_feature_has_no_geometry(plan: PlanView, tmp_path: Path) -> None:
    assets = plan.assets.assign(lat=None, lon=None)
    features = read_back(dataclasses.replace(plan, assets=assets), tmp_path)["features"]
    assert [feature["geometry"] for feature in features[:6]] == [None] * 6
    assert features[6]["geometry"]["type"] == "Point"
    assert features[-1]["geometry"] is None


def test_an_empty_plan_is_an_empty_collection(plan: PlanView, tmp_path: Path) -> None:
    empty = dataclasses.replace(
        plan, transfers=plan.transfers[:0], shortfalls=plan.shortfalls[:0], releases=plan.releases[:0]
    )
    assert read_back(empty, tmp_path) == {"type": "FeatureCollection", "synthetic": True, "features": []}
