"""The golden re-plans agree with an enumeration of all plans, and the checker with both."""

from __future__ import annotations

import csv
import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from solver.checker.folder import verify_folder
from tests.solver import verify_cases, verify_writer
from tests.solver.verify_limits import Plan, Proof
from tests.solver.verify_naive import Case
from tests.solver.verify_replan import Replanned

FOLDER = Path(__file__).parent
CASES = sorted(path.parent.name for path in FOLDER.glob("*/expected.json"))
each = pytest.mark.parametrize("name", CASES)


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def expected(name: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((FOLDER / name / "expected.json").read_text(encoding="utf-8"))
    return content


def instance(name: str) -> Replanned:
    inputs = FOLDER / name / "inputs"
    written = tomllib.loads((inputs / "scenario.toml").read_text(encoding="utf-8"))
    scenario = verify_cases.scenario(name=written["name"])
    scenario["stability"] |= written["stability"]
    scenario["prices"] |= {"open_premises": None} | written.get("prices", {})
    scenario["norms"]["max_per_commune"] = {}  # with matches only what is written applies
    assets = [verify_cases.asset("", "", "", "") | row for row in table(inputs / "assets.csv")]
    needs = [verify_cases.need("", "", "", "") | row for row in table(inputs / "needs.csv")]
    blank = {"load": "", "spend_vnd": "", "distance_km": ""}
    matches = [blank | row for row in table(inputs / "matches.csv")]
    case = Case(table(inputs / "communes.csv"), assets, needs, scenario, form="matches", matches=matches)
    case.baseline = table(inputs / "baseline.csv")
    return Replanned(case)


def units_of(given: dict[str, int]) -> Plan:
    pairs = [(pair.split(","), units) for pair, units in given.items()]
    return {(asset, need): units for (asset, need), units in pairs}


def proof_of(name: str) -> Proof:
    one = expected(name)["certificate"]
    return Proof("", one["denominator"], one["need_price"], one["row_price"])


@each
def test_as_much_is_left_of_the_plan_before_as_expected(name: str) -> None:
    assert instance(name).left == units_of(expected(name)["left"])


@each
def test_no_other_plan_is_as_good_as_the_expected_one(name: str) -> None:
    s, want = instance(name), expected(name)
    order = sorted(s.plans(10_000), key=s.objective)
    assert order[0] == units_of(want["transfers"])
    assert len(order) == 1 or s.objective(order[0]) < s.objective(order[1])
    assert (s.objective(order[0]), s.changes(order[0])) == (want["objective_vnd"], want["changes"])


@each
def test_the_prices_give_the_bound(name: str) -> None:
    plan = units_of(expected(name)["transfers"])
    assert instance(name).proven(plan, proof_of(name)) == expected(name)["bound_vnd"]


@each
def test_a_plan_folder_of_the_expected_plan_is_verified(name: str, tmp_path: Path) -> None:
    s, want, proof = instance(name), expected(name), proof_of(name)
    verify_writer.write_plan(tmp_path / "p", s.case, units_of(want["transfers"]), proof.need, {}, proof.row)
    found = verify_folder(tmp_path / "p")
    assert found.ok, found.violations
    figures = (found.objective, found.bound, found.status)
    assert figures == (want["objective_vnd"], want["bound_vnd"], want["status"])
    for file in ("shortfalls", "releases"):
        rows = table(tmp_path / "p" / f"{file}.csv")
        assert {next(iter(row.values())): row["reason"] for row in rows} == want[file]
    lines = [list(row.values()) for row in table(tmp_path / "p" / "changes.csv")]
    assert lines == [[str(cell) for cell in row] for row in want["lines"]]
    states = {
        f"{row['asset_id']},{row['need_id']}": row["state"] for row in table(tmp_path / "p" / "transfers.csv")
    }
    assert states == dict.fromkeys(states, "planned") | want.get("states", {})
    assert (tmp_path / "p" / "limits.csv").exists() == bool(want["limits"])
    if want["limits"]:
        used = [list(row.values())[:5] for row in table(tmp_path / "p" / "limits.csv")]
        assert used == [[str(cell) for cell in row] for row in want["limits"]]
