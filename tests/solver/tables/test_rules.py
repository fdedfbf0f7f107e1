from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, TypeAlias

import pandas as pd

from solver.scenario import read_scenario
from solver.tables.parse import parse_frame
from solver.tables.rules import check_tables

if TYPE_CHECKING:
    from solver.errors import Issue
    from solver.scenario import Scenario

Place: TypeAlias = "tuple[str, int | None, str | None, str]"

ASSETS = {
    "asset_id": ["V-1", "P-1", "E-1"],
    "category": ["vehicle", "premises", "equipment"],
    "area_m2": ["", "100", ""],
    "year": ["2015", "1999", "2020"],
}
NEEDS = {"need_id": ["N-1", "N-2"], "category": ["vehicle", "premises"]}


def typed(table: str, columns: dict[str, list[str]]) -> pd.DataFrame:
    frame, issues = parse_frame(table, pd.DataFrame(columns, dtype="str"), explicit_matches=True)
    assert issues == []
    return frame


def codes(issues: list[Issue]) -> list[Place]:
    return [(found.table, found.row, found.column, found.code) for found in issues]


def check(
    assets: dict[str, list[str]] = ASSETS,
    matches: pd.DataFrame | None = None,
    distances: pd.DataFrame | None = None,
    scenario: Scenario | None = None,
) -> list[Place]:
    tables = (typed("assets", assets), typed("needs", NEEDS))
    return codes(check_tables(*tables, matches=matches, distances=distances, scenario=scenario))


def test_good_tables_have_no_issues() -> None:
    matches = typed(
        "matches",
        {"asset_id": ["V-1", "P-1"], "need_id": ["N-1", "N-2"], "cost_vnd": ["5", "6"], "load": ["", "50"]},
    )
    assert check(matches=matches) == []


def test_an_attachment_must_be_other_premises() -> None:
    attached = {**ASSETS, "attached_to": ["Q", "P-1", "V-1"]}
    assert check(attached) == [
        ("assets", 2, "attached_to", "attached_unknown"),
        ("assets", 3, "attached_to", "attached_not_premises"),
        ("assets", 4, "attached_to", "attached_not_premises"),
    ]
    assert check({**ASSETS, "attached_to": ["", "", "P-1"]}) == []


def test_houses_attached_in_a_circle_and_assets_of_a_house_in_use_are_told() -> None:
    houses = {
        "asset_id": ["P-1", "P-2", "P-3", "P-4", "E-1", "E-2"],
        "category": [*["premises"] * 4, "equipment", "equipment"],
        "commune_code": ["00001"] * 6,
        "area_m2": [*["50"] * 4, "", ""],
        "status": ["surplus", "surplus", "surplus", "in_use", "surplus", "in_use"],
        "attached_to": ["P-2", "P-1", "P-1", "", "P-4", "P-4"],
    }
    assert check(houses) == [
        ("assets", 2, "attached_to", "attached_circular"),
        ("assets", 3, "attached_to", "attached_circular"),
        ("assets", 6, "attached_to", "attached_stays"),
    ]


def test_matches_must_name_rows_of_one_category_once() -> None:
    matches = typed(
        "matches",
        {
            "asset_id": ["V-1", "V-1", "X-1", "E-1", "P-1"],
            "need_id": ["N-1", "N-1", "N-3", "N-1", "N-2"],
            "cost_vnd": ["5"] * 5,
        },
    )
    assert check(matches=matches) == [
        ("matches", 3, "asset_id", "duplicate_match"),
        ("matches", 4, "asset_id", "asset_unknown"),
        ("matches", 4, "need_id", "need_unknown"),
        ("matches", 5, "need_id", "match_category"),
        ("matches", 6, "load", "load_missing"),
    ]


def test_matches_without_rows_are_a_warning() -> None:
    matches = typed("matches", {"asset_id": [], "need_id": [], "cost_vnd": []})
    assert check(matches=matches) == [("matches", None, None, "matches_empty")]


def test_distances_have_one_form_and_no_pair_twice() -> None:
    good = {"from_commune_code": ["1", "1"], "to_commune_code": ["2", "3"], "distance_km": ["5", "6"]}
    assert check(distances=typed("distances", good)) == []
    twice = {**good, "to_commune_code": ["2", "2"]}
    assert check(distances=typed("distances", twice)) == [
        ("distances", 3, "from_commune_code", "duplicate_distance")
    ]
    blank = {**good, "to_commune_code": ["2", ""]}
    assert check(distances=typed("distances", blank)) == [("distances", 3, None, "distances_form")]
    both = {**good, "asset_id": ["V-1", ""], "need_id": ["N-1", ""]}
    assert check(distances=typed("distances", both)) == [("distances", None, None, "distances_form")]


def test_bans_and_years_are_held_against_the_tables() -> None:
    raw = {"date": dt.date(2018, 8, 15), "stability": {"bans": [["V-1", "N-1"], ["V-2", "N-9"]]}}
    scenario, _ = read_scenario(raw, explicit_matches=True, inventory_date=dt.date(2025, 7, 1))
    assert check(scenario=scenario) == [
        ("assets", 4, "year", "year_in_future"),
        ("scenario", None, "stability.bans[1]", "asset_unknown"),
        ("scenario", None, "stability.bans[1]", "need_unknown"),
    ]
