from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solver.scenario import Scenario, inventory_date, read_scenario
from solver.scenario.pages import scenario_page, scenario_schema, schema_text
from solver.scenario.schema import BY_NAME, KEYS
from solver.scenario.text import parse_scenario_file
from solver.tables.parse import parse_frame

DOCS = Path(__file__).parents[3] / "docs"
DAY = dt.date(2025, 8, 15)
DATED = {"date": DAY}


def read(
    raw: dict[str, Any] | None, *, explicit: bool = False
) -> tuple[Scenario, list[tuple[str | None, str]]]:
    scenario, issues = read_scenario(raw, explicit_matches=explicit, inventory_date=DAY)
    assert all(found.table == "scenario" and found.row is None for found in issues)
    return scenario, [(found.column, found.code) for found in issues if found.code != "date_defaulted"]


def again(scenario: Scenario) -> Scenario:
    raw = json.loads(scenario.to_json(), parse_float=Decimal)
    copy, issues = read_scenario(
        raw, explicit_matches=scenario.explicit_matches, inventory_date=dt.date(1, 1, 1)
    )
    assert issues == []
    return copy


def test_the_page_of_keys_and_the_json_schema_are_current() -> None:
    assert (DOCS / "scenario.md").read_text("utf-8") == scenario_page()
    assert (DOCS / "scenario.schema.json").read_text("utf-8") == schema_text()


def test_every_key_with_a_default_says_where_it_comes_from() -> None:
    for key in KEYS:
        if key.keyed and isinstance(key.source, dict):
            assert "" in key.source or set(key.source) == set(key.default)
            assert set(key.source) - {""} <= set(key.default)
        elif key.type == "number" and key.default:
            assert key.source, key.name


def test_no_scenario_means_every_default_and_a_warning_that_names_the_date() -> None:
    scenario, issues = read_scenario(None, explicit_matches=False, inventory_date=DAY)
    assert [(found.code, found.severity, found.params["date"]) for found in issues] == [
        ("date_defaulted", "warning", "2025-08-15")
    ]
    assert set(scenario.entries) == set(BY_NAME)
    assert scenario.date == DAY
    assert scenario.scope_province is None
    assert [scenario.factor(priority) for priority in range(1, 6)] == [
        4,
        2,
        1,
        Decimal("0.5"),
        Decimal("0.25"),
    ]


@pytest.mark.parametrize("wrong", ["31/02/2025", "2025-13-01", "tomorrow", "", 20250815, ["2025-08-15"]])
def test_of_a_date_that_is_wrong_the_error_alone_is_told(wrong: object) -> None:
    scenario, issues = read_scenario({"date": wrong}, explicit_matches=False, inventory_date=DAY)
    assert [(found.column, found.severity) for found in issues] == [("date", "error")]
    assert scenario.date == DAY


@pytest.mark.parametrize("category", ["vehicle", "equipment", "premises"])
def test_every_category_has_a_price_and_a_reach_by_default(category: str) -> None:
    scenario, _ = read(None)
    for key in ("prices.unmet", "prices.handover", "reach_km"):
        assert scenario.number(key, category) is not None
    assert scenario.rule("rules.cross_province", category) in ("surcharge", "forbidden")


def test_the_most_specific_key_wins_for_prices_and_every_key_applies_for_norms() -> None:
    raw = {
        "prices": {"per_km": {"vehicle": 10, "vehicle/car": Decimal("7.5")}},
        "norms": {"max_per_commune": {"vehicle": 5}},
    }
    scenario, issues = read(raw)
    assert issues == []
    assert scenario.number("prices.per_km", "vehicle", "car") == Decimal("7.5")
    assert scenario.number("prices.per_km", "vehicle", "boat") == 10
    assert scenario.number("prices.per_km", "vehicle", None) == 10
    assert scenario.number("prices.per_km", "premises", "office") is None
    assert scenario.number("reach_km", "premises", "housing", "house") == 10
    assert scenario.applying("norms.max_per_commune", "vehicle", "car") == {"vehicle/car": 2, "vehicle": 5}
    assert scenario.applying("norms.max_per_commune", "vehicle", "boat") == {"vehicle": 5}


def test_a_written_category_drops_the_default_prices_below_it() -> None:
    scenario, _ = read({"prices": {"unmet": {"vehicle": 500}}})
    assert scenario.number("prices.unmet", "vehicle", "car") == 500
    assert scenario.number("prices.unmet", "equipment", "computer") == 20_000_000
    scenario, _ = read({"prices": {"unmet": {"vehicle/car": 500}}})
    assert scenario.number("prices.unmet", "vehicle", "car") == 500
    assert scenario.number("prices.unmet", "vehicle", "boat") == 950_000_000


def test_keys_may_be_labels_and_aliases() -> None:
    scenario, issues = read(
        {"reach_km": {"xe/ô tô": 5, "premises/office": 6, "nhà đất/y tế": 7, "vehicle/xe lu": 8}}
    )
    assert issues == [("reach_km.vehicle/xe lu", "key_kind_unknown")]
    table = scenario["reach_km"]
    assert (table["vehicle/car"], table["premises/office"], table["premises/health"]) == (5, 6, 7)
    assert table["vehicle/other:xe lu"] == 8


@pytest.mark.parametrize(
    ("raw", "column", "code"),
    [
        ({"x": 1}, "x", "key_unknown"),
        ({"prices": {"per_kilometre": 1}}, "prices.per_kilometre", "key_unknown"),
        ({"prices": 3}, "prices", "wrong_type"),
        ({"reach_km": 3}, "reach_km", "wrong_type"),
        ({"reach_km": {"car": 3}}, "reach_km.car", "key_unknown"),
        ({"reach_km": {"vehicle/": 3}}, "reach_km.vehicle/", "key_unknown"),
        ({"reach_km": {"vehicle/printer": 3}}, "reach_km.vehicle/printer", "kind_other_category"),
        ({"reach_km": {"vehicle": "far"}}, "reach_km.vehicle", "wrong_type"),
        ({"reach_km": {"vehicle": True}}, "reach_km.vehicle", "wrong_type"),
        ({"reach_km": {"vehicle": -1}}, "reach_km.vehicle", "negative"),
        ({"reach_km": {"vehicle": Decimal("NaN")}}, "reach_km.vehicle", "not_finite"),
        ({"reach_km": {"vehicle": float("inf")}}, "reach_km.vehicle", "not_finite"),
        ({"reach_km": {"vehicle": 10**4000}}, "reach_km.vehicle", "out_of_range"),
        ({"reach_km": {"vehicle": Decimal("0.1234567890123456")}}, "reach_km.vehicle", "too_many_digits"),
        ({"reach_km": {"vehicle": Decimal("1E-400")}}, "reach_km.vehicle", "too_many_digits"),
        ({"reach_km": {"xe": 1, "vehicle": 2}}, "reach_km.vehicle", "key_duplicate"),
        (
            {"rules": {"min_condition_pct": {"vehicle": 101}}},
            "rules.min_condition_pct.vehicle",
            "out_of_range",
        ),
        ({"rules": {"legal_status": ["clean"]}}, "rules.legal_status[0]", "choice_unknown"),
        (
            {"rules": {"cross_province": {"vehicle": "never"}}},
            "rules.cross_province.vehicle",
            "choice_unknown",
        ),
        (
            {"rules": {"same_use": {"headquarters": ["car"]}}},
            "rules.same_use.headquarters[0]",
            "kind_other_category",
        ),
        (
            {"norms": {"max_per_commune": {"vehicle": Decimal("1.5")}}},
            "norms.max_per_commune.vehicle",
            "not_whole",
        ),
        ({"priority_by_purpose": {"health": 6}}, "priority_by_purpose.health", "out_of_range"),
        ({"priority_by_purpose": {"healt": 1}}, "priority_by_purpose.healt", "key_unknown"),
        ({"prices": {"priority_factor": [1, 2]}}, "prices.priority_factor", "wrong_type"),
        ({"prices": {"count_release_value": 1}}, "prices.count_release_value", "wrong_type"),
        ({"stability": {"bans": [["V-1"]]}}, "stability.bans[0]", "wrong_type"),
        ({"stability": {"bans": [["V-1", 3]]}}, "stability.bans[0]", "wrong_type"),
        ({"scope_province": 38}, "scope_province", "wrong_type"),
        ({"name": "a\ud800"}, "name", "control_character"),
        ({"date": "soon"}, "date", "not_a_date"),
        ({"date": dt.datetime(2025, 1, 1, 5, tzinfo=dt.UTC)}, "date", "not_a_date"),
        ({"solver": {"seed": -1}}, "solver.seed", "negative"),
        ({"objective": "cheapest"}, "objective", "choice_unknown"),
        ({"limits": {"budget_vnd": Decimal("0.5")}}, "limits.budget_vnd", "not_whole"),
        ({"limits": {"budget_vnd": 10**15 + 1}}, "limits.budget_vnd", "out_of_range"),
        (
            {"limits": {"budget_vnd_by_category": {"vehicle/car": 5}}},
            "limits.budget_vnd_by_category.vehicle/car",
            "key_unknown",
        ),
        (
            {"limits": {"budget_vnd_by_province": {"01": -5}}},
            "limits.budget_vnd_by_province.01",
            "negative",
        ),
        (
            {"limits": {"cross_province_max": {"car": 5}}},
            "limits.cross_province_max.car",
            "key_unknown",
        ),
        ({"equity": {"coverage_floor": "max"}}, "equity.coverage_floor", "wrong_type"),
        ({"equity": {"coverage_floor": Decimal("0.5")}}, "equity.coverage_floor", "wrong_type"),
        (
            {"equity": {"coverage_floor": {"vehicle": "half"}}},
            "equity.coverage_floor.vehicle",
            "wrong_type",
        ),
        (
            {"equity": {"coverage_floor": {"vehicle": Decimal("1.01")}}},
            "equity.coverage_floor.vehicle",
            "out_of_range",
        ),
        ({"equity": {"by": "commune"}}, "equity.by", "choice_unknown"),
        ({"stability": {"pins": ["V-1"]}}, "stability.pins[0]", "wrong_type"),
        ({"stability": {"pins": [["V-1"]]}}, "stability.pins[0]", "wrong_type"),
        ({"stability": {"pins": [["V-1", "N-1", 2, 3]]}}, "stability.pins[0]", "wrong_type"),
        ({"stability": {"pins": [["V-1", "N-1", 0]]}}, "stability.pins[0]", "pin_units"),
        ({"stability": {"pins": [["V-1", "N-1", -1]]}}, "stability.pins[0]", "pin_units"),
        ({"stability": {"pins": [["V-1", "N-1", True]]}}, "stability.pins[0]", "pin_units"),
        ({"stability": {"pins": [["V-1", "N-1", Decimal("1.5")]]}}, "stability.pins[0]", "pin_units"),
        ({"stability": {"pins": [["V-1", "N-1", "two"]]}}, "stability.pins[0]", "pin_units"),
        ({"stability": {"pins": [["V-1", "N-1", 10**4000]]}}, "stability.pins[0]", "pin_units"),
        (
            {"stability": {"pins": [["V-1", "N-1"], ["V-1", "N-2"], ["V-1 ", "N-1", 2]]}},
            "stability.pins[2]",
            "pin_twice",
        ),
    ],
)
def test_wrong_keys_and_values_are_named_and_the_default_stays(
    raw: dict[str, Any], column: str, code: str
) -> None:
    scenario, issues = read(raw)
    assert issues == [(column, code)]
    assert scenario.to_json() == again(scenario).to_json()


def test_keys_that_are_not_built_may_hold_their_defaults() -> None:
    raw = {
        "equity": {"by": "province", "coverage_floor": {}, "floor_mode": "attainable"},
        "stability": {"freedom": "free", "change_price_vnd": 10_000_000, "max_changes": None},
    }
    assert read(raw)[1] == []
    strict = {"coverage_floor": {"vehicle": Decimal("0.5")}, "floor_mode": "strict"}
    assert read({"equity": strict})[1] == []


def test_limits_floors_pins_and_the_order_of_aims_are_read_exactly() -> None:
    scenario, issues = read(
        {
            "objective": "coverage_first",
            "limits": {
                "budget_vnd": 0,
                "budget_vnd_by_province": {"01": 20_000_000_000},
                "budget_vnd_by_category": {"xe": 7},
                "cross_province_max": {"vehicle": 200, "xe/ô tô": Decimal("5.0")},
            },
            "equity": {
                "by": "priority",
                "coverage_floor": {"vehicle/car": 0.5, "premises/health": "Max-Min", "equipment": 1},
            },
            "stability": {"pins": [["V-1", "N-1"], [" V-2", "N-1", Decimal("3.0")]]},
        }
    )
    assert issues == []
    assert scenario.coverage_first
    assert scenario["limits.budget_vnd"] == 0
    assert scenario["limits.budget_vnd_by_province"] == {"01": 20_000_000_000}
    assert scenario["limits.budget_vnd_by_category"] == {"vehicle": 7}
    assert scenario["limits.cross_province_max"] == {"vehicle": 200, "vehicle/car": 5}
    assert scenario["equity.by"] == "priority"
    assert scenario.floors == {"vehicle/car": Decimal("0.5"), "premises/health": "max-min", "equipment": 1}
    assert scenario.pins == [("V-1", "N-1", None), ("V-2", "N-1", 3)]
    assert again(scenario).to_json() == scenario.to_json()


def test_no_scenario_has_no_limits_floors_and_pins() -> None:
    scenario, _ = read(None)
    assert (scenario.coverage_first, scenario.floors, scenario.pins) == (False, {}, [])
    assert scenario["limits.budget_vnd"] is None


def test_max_min_alone_means_every_category_and_is_written_as_a_table() -> None:
    scenario, issues = read({"equity": {"coverage_floor": "max-min"}})
    assert issues == []
    assert json.loads(scenario.to_json())["equity"]["coverage_floor"] == {
        "equipment": "max-min",
        "premises": "max-min",
        "vehicle": "max-min",
    }
    assert again(scenario).to_json() == scenario.to_json()


def test_a_key_in_the_wrong_place_is_pointed_to_the_right_one() -> None:
    _, issues = read_scenario(
        {"per_km": 3, "reach_km": {"car": 5}}, explicit_matches=False, inventory_date=DAY
    )
    hints = {found.column: found.params.get("closest") for found in issues}
    assert hints["per_km"] == "prices.per_km"
    assert hints["reach_km.car"] == "vehicle/car"


def test_with_a_matches_table_norms_and_province_rules_have_no_defaults() -> None:
    scenario, _ = read(None, explicit=True)
    assert scenario["norms.max_per_commune"] == {}
    assert scenario["rules.cross_province"] == {}
    assert scenario["prices.open_premises"] == 0
    assert scenario.number("prices.unmet", "vehicle", "car") == 950_000_000
    scenario, _ = read({"norms": {"max_per_commune": {"vehicle/car": 1}}}, explicit=True)
    assert scenario["norms.max_per_commune"] == {"vehicle/car": 1}
    assert again(scenario) == Scenario({**scenario.entries, "commune_codes": "2025"}, explicit_matches=True)


def test_the_priority_comes_from_the_purpose_else_the_kinds_else_the_category() -> None:
    scenario, issues = read({"priority_by_purpose": {"vehicle/car": 2, "vehicle/boat": 1, "vehicle": 4}})
    assert issues == []
    assert scenario.priority("premises", "health") == 2
    assert scenario.priority("premises", "sport") == 3
    assert scenario.priority("vehicle", None, ["car"]) == 2
    assert scenario.priority("vehicle", None, ["car", "boat", "truck"]) == 1
    assert scenario.priority("vehicle", None, []) == 4
    assert scenario.priority("equipment", None, ["computer"]) == 3


def test_numbers_are_written_exactly_and_without_exponents() -> None:
    text = read({"reach_km": {"vehicle": Decimal("1E+2"), "equipment": Decimal("0.10"), "premises": 0.07}})[
        0
    ].to_json()
    assert json.loads(text, parse_float=str)["reach_km"] == {
        "vehicle": 100,
        "equipment": "0.1",
        "premises": "0.07",
    }
    assert '"commune_codes": "2025"' in text
    assert text.endswith("}\n")


NUMBERS = st.one_of(
    st.integers(0, 10**15),
    st.decimals(0, 10**6, places=6),
    st.floats(0, 1e6).map(lambda number: round(number, 4)),
)
KINDS = st.sampled_from(
    ["vehicle", "vehicle/car", "equipment/printer", "premises", "premises/housing", "vehicle/other:x"]
)


@settings(max_examples=60)
@given(
    st.dictionaries(KINDS, NUMBERS),
    st.dictionaries(KINDS, NUMBERS),
    st.dates(dt.date(1950, 1, 1)),
    st.booleans(),
    st.text("ab Ệđ'\"\\{}\u0301", max_size=9),
)
def test_reading_the_written_scenario_gives_the_same_bytes(
    reach: dict[str, Any], unmet: dict[str, Any], day: dt.date, explicit: bool, name: str
) -> None:
    raw = {"reach_km": reach, "prices": {"unmet": unmet}, "date": min(day, dt.date(2200, 1, 1)), "name": name}
    scenario, issues = read(raw, explicit=explicit)
    assert issues == []
    assert again(scenario).to_json() == scenario.to_json()


def test_toml_and_json_say_the_same() -> None:
    toml = 'name = "Xe"\ndate = 2025-08-15\n[prices]\nper_km = { vehicle = 0.07 }\n'
    other = '{"name": "Xe", "date": "2025-08-15", "prices": {"per_km": {"vehicle": 0.07}}}'
    texts = []
    for name, text in (("scenario.toml", toml), ("scenario.json", other)):
        raw, issues = parse_scenario_file(name, text)
        assert issues == []
        scenario, more = read(raw)
        assert more == []
        assert scenario.number("prices.per_km", "vehicle") == Decimal("0.07")
        texts.append(scenario.to_json())
    assert texts[0] == texts[1]


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("scenario.toml", "a = = 1", "scenario_syntax"),
        ("scenario.toml", "a = 1\na = 2", "scenario_syntax"),
        ("scenario.toml", "a = " + "9" * 5000, "scenario_syntax"),
        ("scenario.toml", "a." * 20_000 + "b = 1", "scenario_syntax"),
        ("scenario.toml", "'a' . " * 400_000 + "b = 1", "scenario_syntax"),  # at once, not after minutes
        ("scenario.toml", f"[{'a.' * 40}b]\n{'c.' * 40}d = 1", "scenario_syntax"),
        ("scenario.toml", "a = " + "[" * 70 + "]" * 70, "scenario_syntax"),
        ("scenario.json", '{"a": ' * 900 + "1" + "}" * 900, "scenario_syntax"),
        ("scenario.json", "[1]", "scenario_syntax"),
        ("scenario.json", '{"a": 1', "scenario_syntax"),
        ("scenario.json", '{"a": ' + "[" * 100_000, "scenario_syntax"),
        ("scenario.json", '{"a": ' + "9" * 5000 + "}", "scenario_syntax"),
        ("scenario.json", '{"a": 1, "a": 2}', "key_duplicate"),
    ],
)
def test_files_that_cannot_be_read_are_issues(name: str, text: str, code: str) -> None:
    _, issues = parse_scenario_file(name, text)
    assert [found.code for found in issues] == [code]


def test_a_syntax_error_names_its_line() -> None:
    _, issues = parse_scenario_file("scenario.toml", 'name = "x"\n\nb = = 1\n')
    assert "line 3" in issues[0].message()
    _, issues = parse_scenario_file("scenario.json", '{"a": 1,\n"b" 2}')
    assert "line 2" in issues[0].message()


@pytest.mark.parametrize("literal", ["NaN", "Infinity", "-Infinity"])
def test_literals_that_are_no_numbers_are_named_at_their_key(literal: str) -> None:
    raw, _ = parse_scenario_file("scenario.json", f'{{"reach_km": {{"vehicle": {literal}}}}}')
    assert read(raw)[1] == [("reach_km.vehicle", "not_finite")]


def test_an_empty_file_is_an_empty_scenario() -> None:
    assert parse_scenario_file("scenario.toml", " \n") == ({}, [])
    assert parse_scenario_file("scenario.json", "") == ({}, [])


@pytest.mark.parametrize(
    ("year", "start", "day"),
    [
        ("", "", dt.date(2025, 7, 1)),
        ("2015", "", dt.date(2025, 7, 1)),
        ("2025", "", dt.date(2025, 12, 31)),
        ("2015", "2025-08-15", dt.date(2025, 8, 15)),
        ("2025", "2026-01-02", dt.date(2026, 1, 2)),
    ],
)
def test_the_inventory_dates_itself(year: str, start: str, day: dt.date) -> None:
    frame = pd.DataFrame(
        {"asset_id": ["A", "B"], "category": "vehicle", "year": [year, ""], "available_from": ["", start]},
        dtype="str",
    )
    assets, _ = parse_frame("assets", frame)
    assert inventory_date(assets, None) == day


def test_the_json_schema_knows_every_key_and_no_other() -> None:
    schema = scenario_schema()
    names = set()
    for name, part in schema["properties"].items():
        names |= {f"{name}.{leaf}" for leaf in part.get("properties", {})} or {name}
    assert names == set(BY_NAME)
    assert schema["additionalProperties"] is False
