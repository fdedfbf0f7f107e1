"""Issues of both libraries together: each is documented, and one fault of a folder is said once."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import geodata
import solver
from geodata.code_issues import TEXTS, english
from solver.errors import standing
from solver.messages import CATALOGUE, SCENARIO_DECIDES, issues_page

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "issues.md"
#: Which argument of a call is an issue's code.
CALLS = {"issue": 0, "Fault": 0, "add": 0, "duplicates": 3, "_at": 3, "_unknown": 3}


def test_the_page_of_issues_is_current() -> None:
    assert PAGE.read_text("utf-8") == issues_page(english())


def documented() -> set[str]:
    return set(re.findall(r"^\| `(\w+)` \|", PAGE.read_text("utf-8"), flags=re.MULTILINE))


def constants(node: ast.expr, names: dict[str, list[ast.expr]]) -> Iterator[str]:
    """Yield the texts that an expression may be: a constant, a choice, or a name that was given one."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from constants(node.body, names)
        yield from constants(node.orelse, names)
    elif isinstance(node, ast.Name):
        for value in names.get(node.id, []):
            yield from constants(value, names)


def raised(source: str) -> Iterator[str]:
    """Yield the issue codes that a module raises."""
    tree = ast.parse(source)
    names: dict[str, list[ast.expr]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            names.setdefault(node.targets[0].id, []).append(node.value)
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if called == "Issue":
            codes = [keyword.value for keyword in node.keywords if keyword.arg == "code"]
        else:
            # `add` is also what sets have: an issue's has more arguments
            place = CALLS.get(called, len(node.args))
            codes = node.args[place : place + 1] if called != "add" or len(node.args) > 4 else []
        for code in codes:
            yield from constants(code, names)


def test_every_code_that_a_user_can_see_is_documented() -> None:
    used = {
        code
        for package in ("solver", "geodata", "app")
        for file in (ROOT / package).rglob("*.py")
        for code in raised(file.read_text("utf-8"))
        if "checker" not in file.parts  # its codes are violations of a plan, not issues of an input
    }
    assert {"units", "V-1"}.isdisjoint(used)
    assert {"distances_unreadable", "outside_country", "commune_missing", "duplicate_id"} <= used
    assert len(used) > 70
    assert used - documented() == set()
    assert documented() == {*CATALOGUE, *TEXTS}


def test_codes_that_the_scenario_decides_exist() -> None:
    assert documented() >= SCENARIO_DECIDES


def test_a_code_of_both_libraries_weighs_the_same_in_both() -> None:
    for code in CATALOGUE.keys() & TEXTS.keys():
        assert CATALOGUE[code].severity == TEXTS[code][0], code


SCENARIO = 'date = 2025-12-31\ncommune_codes = "2025"\n'
ASSETS = "asset_id,category,kind,commune_code,units,condition_pct,year\n" + "".join(
    f"V-{k},vehicle,car,00004,1,90,2020\n" for k in range(1, 5)
)
NEEDS = "need_id,category,kinds,commune_code,units\n" + "".join(
    f"N-{k},vehicle,car,00008,1\n" for k in range(1, 4)
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in (("assets.csv", ASSETS), ("needs.csv", NEEDS), ("scenario.toml", SCENARIO)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def change(folder: Path, name: str, old: str, new: str) -> None:
    text = (folder / name).read_text("utf-8")
    assert old in text
    (folder / name).write_text(text.replace(old, new), encoding="utf-8")


def check(folder: Path) -> list[tuple[str, int | None, str | None, str]]:
    """Return the issues of all stages, as the application joins them: each once, without consequences."""
    tables = solver.parse_tables(solver.read_tables(folder))
    scenario: dict[str, Any] = tables.scenario_raw or {}
    mode = scenario.get("commune_codes", "auto")
    located = geodata.read_codes(tables.assets, tables.needs, mode=mode)
    records = ({str(key): value for key, value in one.items()} for one in located.issues.to_dict("records"))
    first = [*tables.issues, *map(solver.Issue.from_record, records)]
    arguments: dict[str, Any] = {"communes": geodata.communes(), "distances": geodata.distances}
    later = solver.check(located.assets, located.needs, scenario=scenario, **arguments)
    wrong = {(one.table, one.column) for one in first if one.severity == "error"}
    later = [one for one in later if (one.table, one.column) not in wrong]
    distinct = {one.sort_key(): one for one in (*first, *later)}
    return [(one.table, one.row, one.column, one.code) for one in standing(distinct.values())]


def test_a_good_folder_has_no_issues(folder: Path) -> None:
    assert check(folder) == []


@pytest.mark.parametrize("heading", ["id", "commune_codes_of_2025"])
def test_a_missing_commune_column_is_one_error_that_says_what_else_would_do(
    folder: Path, heading: str
) -> None:
    change(folder, "assets.csv", "commune_code", heading)
    assert [one for one in check(folder) if one[3] != "column_unknown"] == [
        ("assets", None, "commune_code", "column_missing")
    ]
    (missing,) = [one for one in solver.read_tables(folder).issues if one.code == "column_missing"]
    assert missing.remedy().startswith("Add the column, or commune_name with province_name, or lat and lon.")
    assert "hoặc lat và lon" in missing.remedy("vi")


@pytest.mark.parametrize("column", ["need_id", "category"])
def test_another_missing_column_is_one_error_too(folder: Path, column: str) -> None:
    change(folder, "needs.csv", column, "xyz")
    assert ("needs", None, column, "column_missing") in check(folder)
    assert {code for *_, code in check(folder)} == {"column_missing", "column_unknown"}


def test_half_a_point_in_every_row_is_a_missing_column(folder: Path) -> None:
    change(folder, "assets.csv", "commune_code", "lat")
    change(folder, "assets.csv", ",00004,", ",21.03,")
    assert check(folder) == [("assets", None, "lon", "column_missing")]


def test_areas_that_are_nowhere_are_one_issue(folder: Path) -> None:
    change(folder, "needs.csv", "vehicle,car", "premises,office")
    change(folder, "assets.csv", "vehicle,car", "premises,office")
    assert ("needs", None, "area_m2", "column_missing") in check(folder)
    assert [one for one in check(folder) if one[2] == "area_m2"] == [
        ("assets", None, "area_m2", "capacity_unknown"),
        ("needs", None, "area_m2", "column_missing"),
    ]


@pytest.mark.parametrize("place", ["00008", ""])
@pytest.mark.parametrize("wrong", ["105.83", "abc", "1e2", "200"])
def test_a_wrong_coordinate_is_the_only_issue_of_its_row(folder: Path, wrong: str, place: str) -> None:
    change(folder, "needs.csv", "commune_code,units", "commune_code,units,lat,lon")
    change(folder, "needs.csv", "N-2,vehicle,car,00008,1", f"N-2,vehicle,car,{place},1,{wrong},21.03")
    for row in ("N-1", "N-3"):
        change(folder, "needs.csv", f"{row},vehicle,car,00008,1", f"{row},vehicle,car,00008,1,,")
    codes = {"105.83": "lat_lon_swapped", "abc": "not_a_number", "1e2": "number_scientific"}
    assert check(folder) == [("needs", 3, "lat", codes.get(wrong, "out_of_range"))]


def test_beside_a_broken_scenario_only_the_tables_are_judged(folder: Path) -> None:
    (folder / "scenario.toml").write_text("date == 2025-12-31\n", encoding="utf-8")
    change(folder, "assets.csv", "V-4,vehicle,car,00004,1,90", "V-3,vehicle,car,00004,1,190")
    assert check(folder) == [
        ("assets", 5, "asset_id", "duplicate_id"),
        ("assets", 5, "condition_pct", "out_of_range"),
        ("scenario", None, None, "scenario_syntax"),
    ]


def test_needs_for_premises_alone_are_planned(folder: Path) -> None:
    change(folder, "needs.csv", "commune_code,units", "commune_code,units,area_m2")
    text = (folder / "needs.csv").read_text("utf-8").replace("vehicle,car", "premises,office")
    (folder / "needs.csv").write_text(text.replace(",1\n", ",1,100\n"), encoding="utf-8")
    assert check(folder) == []


def test_a_province_without_needs_gives_a_warning(folder: Path) -> None:
    (folder / "scenario.toml").write_text(SCENARIO + 'scope_province = "96"\n', encoding="utf-8")
    assert check(folder) == [("scenario", None, "scope_province", "nothing_needed")]
