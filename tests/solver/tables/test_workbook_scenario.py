from __future__ import annotations

import datetime as dt
import tomllib
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from solver.scenario import read_scenario
from solver.tables.read import RawTables, read_tables

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def read(
    path: Path, rows: Sequence[tuple[Any, ...]], head: tuple[str, ...] = ("Khóa", "Giá trị")
) -> RawTables:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Kịch bản"
    sheet.append(("KỊCH BẢN",))
    sheet.append(head)
    for row in rows:
        sheet.append(row)
    book.save(path / "a.xlsx")
    return read_tables(path)


def own(raw: RawTables) -> list[tuple[str | None, str]]:
    return [(one.column, one.code) for one in raw.issues if one.table == "scenario"]


def test_a_sheet_says_what_scenario_toml_says(tmp_path: Path) -> None:
    raw = read(
        tmp_path,
        [
            ("name", "Xe cho xã"),
            ("date", dt.date(2025, 8, 15)),
            ("scope_province", 38),
            ("reach_km.vehicle", 400),
            ('reach_km."premises/housing"', 10.5),
            ("prices.unmet.vehicle/car", 950000000.0),
            ("prices.priority_factor", "4|2|1|0.5|0,25"),
            ("prices.count_release_value", "đúng"),
            ("rules.within_commune", "headquarters | health"),
            ("rules.legal_status", "clear"),
            ("rules.same_use.headquarters", "office|house"),
            ("priority_by_purpose.headquarters", "1"),
            ("stability.bans", "V-1|N-1; V-2|N-2"),
            ("limits.budget_vnd", 500_000_000_000.0),
            ("limits.budget_vnd_by_province.01", "20000000000"),
            ("limits.budget_vnd_by_category.premises", 300_000_000_000),
            ("limits.cross_province_max.vehicle/car", 200),
            ("equity.by", "priority"),
            ("equity.coverage_floor.vehicle", "0,5"),
            ("equity.coverage_floor.premises/health", "max-min"),
            ("stability.pins", "V-3|N-3\nV-4|N-4|2"),
            ("objective", "coverage_first"),
            ("solver.cost_gap", 0.01),
            ("solver.time_limit_s", None),
            ("solver.seed", "   "),
        ],
    )
    assert own(raw) == []
    assert raw.scenario == tomllib.loads(
        """
        name = "Xe cho xã"
        date = 2025-08-15
        objective = "coverage_first"
        scope_province = "38"
        reach_km = { vehicle = 400, "premises/housing" = 10.5 }
        priority_by_purpose = { headquarters = 1 }
        [prices]
        unmet = { "vehicle/car" = 950000000 }
        priority_factor = [4, 2, 1, 0.5, 0.25]
        count_release_value = true
        [rules]
        within_commune = ["headquarters", "health"]
        legal_status = ["clear"]
        same_use = { headquarters = ["office", "house"] }
        [stability]
        bans = [["V-1", "N-1"], ["V-2", "N-2"]]
        pins = [["V-3", "N-3"], ["V-4", "N-4", 2]]
        [limits]
        budget_vnd = 500000000000
        budget_vnd_by_province = { "01" = 20000000000 }
        budget_vnd_by_category = { premises = 300000000000 }
        cross_province_max = { "vehicle/car" = 200 }
        [equity]
        by = "priority"
        coverage_floor = { vehicle = 0.5, "premises/health" = "max-min" }
        [solver]
        cost_gap = 0.01
        """,
        parse_float=Decimal,
    )
    day = dt.date(2025, 1, 1)
    _, issues = read_scenario(raw.scenario, explicit_matches=False, inventory_date=day)
    assert issues == []
    assert raw.places["scenario"].cell(None, "prices.unmet.vehicle/car") == "B8"
    assert raw.places["scenario"].cell(None, "rules.within_commune[1]") == "B11"
    assert raw.places["scenario"].cell(None, "stability.pins[1]") == "B23"
    assert raw.places["scenario"].cell(None, "solver.time_limit_s") == "B26"


def test_a_floor_may_be_a_cell_in_percent(tmp_path: Path) -> None:
    read(tmp_path, [("equity.coverage_floor.vehicle", 0.5)])
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    book.worksheets[0]["B3"].number_format = "0%"
    book.save(tmp_path / "a.xlsx")
    raw = read_tables(tmp_path)
    assert own(raw) == []
    assert raw.scenario == {"equity": {"coverage_floor": {"vehicle": Decimal("0.5")}}}


def test_max_min_may_stand_at_the_bare_key(tmp_path: Path) -> None:
    raw = read(tmp_path, [("equity.coverage_floor", "max-min")])
    assert own(raw) == []
    assert raw.scenario == {"equity": {"coverage_floor": "max-min"}}


@pytest.mark.parametrize(
    ("cell", "flag"), [(True, True), ("sai", False), ("Có", True), ("không", False), ("TRUE", True)]
)
def test_flags_may_be_vietnamese(tmp_path: Path, cell: object, flag: bool) -> None:
    raw = read(tmp_path, [("prices.count_release_value", cell)])
    assert raw.scenario == {"prices": {"count_release_value": flag}}


def test_unknown_keys_and_wrong_values_are_found_by_the_check_of_the_scenario_in_their_row(
    tmp_path: Path,
) -> None:
    raw = read(tmp_path, [("reach.vehicle", 4), ("reach_km", 5), ("solver.seed", "1.125"), ("date", "soon")])
    assert own(raw) == []
    _, issues = read_scenario(raw.scenario, explicit_matches=False, inventory_date=dt.date(2025, 1, 1))
    place = raw.places["scenario"]
    assert {(one.column, one.code, place.cell(one.row, one.column)) for one in issues} >= {
        ("reach", "key_unknown", "B3"),
        ("reach_km", "wrong_type", "B4"),
        ("solver.seed", "wrong_type", "B5"),
        ("date", "not_a_date", "B6"),
    }


def test_a_key_given_twice_and_a_value_without_a_key_are_errors(tmp_path: Path) -> None:
    raw = read(
        tmp_path,
        [("name", "a"), ("name", "b"), (None, 3), ("reach_km", 1), ("reach_km.vehicle", 2)],
    )
    assert own(raw) == [
        (None, "key_missing"),
        ("name", "key_duplicate"),
        ("reach_km.vehicle", "key_duplicate"),
    ]


def test_other_columns_say_nothing(tmp_path: Path) -> None:
    raw = read(tmp_path, [("Tên", "name", "m", "x")], head=("Ý nghĩa", "Tham số", "Đơn vị", "Giá trị (VND)"))
    assert own(raw) == []
    assert raw.scenario == {"name": "x"}


def test_a_scenario_in_sheet_and_file_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "scenario.toml").write_text('name = "a"\n', "utf-8")
    assert own(read(tmp_path, [("name", "b")])) == [(None, "table_twice")]


def test_an_error_cell_is_an_issue_of_its_key(tmp_path: Path) -> None:
    read(tmp_path, [("solver.seed", 1)])
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    book.worksheets[0]["B3"] = "#REF!"
    book.worksheets[0]["B3"].data_type = "e"
    book.save(tmp_path / "a.xlsx")
    raw = read_tables(tmp_path)
    assert own(raw) == [("solver.seed", "cell_error")]
    assert raw.places["scenario"].cell(None, "solver.seed") == "B3"


def test_a_sheet_without_the_two_columns_is_an_error(tmp_path: Path) -> None:
    assert own(read(tmp_path, [("name", "a")], head=("a", "b"))) == [(None, "headings_unknown")]
