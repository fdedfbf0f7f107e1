"""The golden plans under limits agree with an enumeration of all plans, and the checker with both."""

from __future__ import annotations

import csv
import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from solver.checker.folder import verify_folder
from tests.solver import verify_cases, verify_conflict, verify_writer
from tests.solver.verify_limits import Limited, Plan, Proof
from tests.solver.verify_naive import Case

FOLDER = Path(__file__).parent
CONFLICT = "conflict"
CASES = sorted({path.parent.name for path in FOLDER.glob("*/expected.json")} - {CONFLICT})
each = pytest.mark.parametrize("name", CASES)


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def expected(name: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((FOLDER / name / "expected.json").read_text(encoding="utf-8"))
    return content


def instance(name: str) -> Limited:
    inputs = FOLDER / name / "inputs"
    written = tomllib.loads((inputs / "scenario.toml").read_text(encoding="utf-8"))
    scenario = verify_cases.scenario(name=written["name"])
    for section in ("limits", "equity", "stability"):
        scenario[section] |= written.get(section, {})
    scenario["norms"]["max_per_commune"] = {}  # with matches only what is written applies
    assets = [verify_cases.asset("", "", "", "") | row for row in table(inputs / "assets.csv")]
    needs = [verify_cases.need("", "", "", "") | row for row in table(inputs / "needs.csv")]
    blank = {"load": "", "spend_vnd": "", "distance_km": ""}
    matches = [blank | row for row in table(inputs / "matches.csv")]
    case = Case(table(inputs / "communes.csv"), assets, needs, scenario, form="matches", matches=matches)
    if name != CONFLICT:
        case.denominator = expected(name)["certificate"]["denominator"]
    return Limited(case)


def plan_of(name: str) -> Plan:
    pairs = [(pair.split(","), units) for pair, units in expected(name)["transfers"].items()]
    return {(asset, need): units for (asset, need), units in pairs}


def proofs_of(name: str) -> list[Proof]:
    found = [{"name": ""} | expected(name)["certificate"], *expected(name)["proofs"]]
    return [Proof(one["name"], one["denominator"], one["need_price"], one["row_price"]) for one in found]


@each
def test_no_other_plan_is_as_good_as_the_expected_one(name: str) -> None:
    s, want = instance(name), expected(name)
    order = sorted(
        s.plans(10_000), key=lambda plan: ([s.worse(level, plan) for level in s.levels], s.objective(plan))
    )
    assert order[0] == plan_of(name)
    assert len(order) == 1 or s.objective(order[0]) < s.objective(order[1]) or any(
        s.worse(level, order[0]) < s.worse(level, order[1]) for level in s.levels
    )  # fmt: skip
    assert s.objective(order[0]) == want["objective_vnd"]


@each
def test_the_prices_give_the_bounds_of_cost_and_levels(name: str) -> None:
    s, plan, (whole, *proofs) = instance(name), plan_of(name), proofs_of(name)
    assert s.proven(plan, whole) == expected(name)["bound_vnd"]
    given = {proof.level: proof for proof in proofs}
    for level in expected(name)["levels"]:
        assert str(s.value(level["name"], plan)) == str(level["value"])
        assert str(s.proven(plan, given[level["name"]])) == str(level["bound"])


@each
def test_a_plan_folder_of_the_expected_plan_is_verified(name: str, tmp_path: Path) -> None:
    s, want, (whole, *proofs) = instance(name), expected(name), proofs_of(name)
    verify_writer.write_plan(tmp_path / "p", s.case, plan_of(name), whole.need, {}, whole.row, proofs)
    found = verify_folder(tmp_path / "p")
    assert found.ok, found.violations
    figures = (found.objective, found.bound, found.status)
    assert figures == (want["objective_vnd"], want["bound_vnd"], want["status"])
    plan = json.loads((tmp_path / "p" / "plan.json").read_text(encoding="utf-8"))
    assert plan["levels"] == want["levels"]
    for file in ("shortfalls", "releases"):
        rows = table(tmp_path / "p" / f"{file}.csv")
        assert {next(iter(row.values())): row["reason"] for row in rows} == want[file]
    assert (tmp_path / "p" / "limits.csv").exists() == bool(want["limits"])
    if want["limits"]:
        lines = [list(row.values())[:5] for row in table(tmp_path / "p" / "limits.csv")]
        assert lines == [[str(cell) for cell in row] for row in want["limits"]]


def conflict_proof() -> Proof:
    one = expected(CONFLICT)["proof"]
    return Proof(one["name"], one["denominator"], one["need_price"], one["row_price"])


def test_rules_in_conflict_leave_no_plan_and_without_any_one_of_them_there_is_one() -> None:
    assert instance(CONFLICT).plans(10_000) == []
    rules = expected(CONFLICT)["conflict"]["rules"]
    dropped = {"budget": instance(CONFLICT)}
    dropped["budget"].case.scenario["limits"]["budget_vnd"] = 700
    for name in ("N-97", "N-98"):  # without its units, its province asks for nothing
        one = instance(CONFLICT)
        one.needs[name]["units"] = "0"
        dropped[f"floor|province|{name[2:]}|vehicle/car"] = one
    assert sorted(dropped) == rules
    assert all(one.plans(10_000) for one in dropped.values())
    s = instance(CONFLICT)
    missed = [sum(s.least_of_share(row) - s.used(row, plan) for row in s.shares) for plan in s.tries(10_000)]
    assert min(missed) == expected(CONFLICT)["conflict"]["missed"]


def test_the_prices_of_the_conflict_give_more_than_nothing_and_a_folder_of_them_is_verified(
    tmp_path: Path,
) -> None:
    s, proof = instance(CONFLICT), conflict_proof()
    assert sum(s.formula({}, proof).values()) == 1  # of 400
    verify_conflict.write_conflict(tmp_path / "p", s, proof)
    assert verify_conflict.rules_of(proof) == expected(CONFLICT)["conflict"]["rules"]
    found = verify_folder(tmp_path / "p")
    assert found.ok, found.violations
    assert (found.status, found.objective, found.bound, found.gap) == ("INFEASIBLE", None, None, None)
