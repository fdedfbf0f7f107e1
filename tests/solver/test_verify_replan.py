from __future__ import annotations

import json
import shutil
from random import Random
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from solver.checker.folder import verify_folder
from tests.golden_replan.test_golden_replan_self import expected as golden
from tests.golden_replan.test_golden_replan_self import instance, proof_of, units_of
from tests.solver import mutants, verify_conflict, verify_replan_cases, verify_writer
from tests.solver.verify_limit_cases import random_proof
from tests.solver.verify_limits import Plan, Proof
from tests.solver.verify_reject import reject
from tests.solver.verify_replan import CHANGE_COLUMNS, Replanned, line
from tests.solver.verify_replan_cases import cars
from tests.solver.verify_replan_folder import change, codes_of, table

if TYPE_CHECKING:
    from pathlib import Path

FORMS = ("communes", "pairs", "matches")
random_folders = settings(
    deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def write_random(folder: Path, s: Replanned, plan: Plan, rng: Random) -> tuple[Proof, list[Proof]]:
    """Write a plan with random prices of the cost and of each level."""
    shutil.rmtree(folder, ignore_errors=True)
    whole, proofs = random_proof(s, "", rng), [random_proof(s, level, rng) for level in s.levels]
    verify_writer.write_plan(folder, s.case, plan, whole.need, {}, whole.row, proofs)
    return whole, proofs


@random_folders
@given(seed=st.integers(0, 10**6), form=st.sampled_from(FORMS), premises=st.integers(0, 2))
def test_no_valid_prices_prove_more_of_a_re_plan_than_the_best_of_all_plans(
    seed: int, form: str, premises: int, tmp_path: Path
) -> None:
    s, rng = Replanned(verify_replan_cases.replanned_case(seed, form, premises)), Random(seed)
    plans = s.plans(1500)
    assume(plans)
    plan = rng.choice(plans)
    whole, proofs = write_random(tmp_path / "p", s, plan, rng)
    found = verify_folder(tmp_path / "p")
    assert found.ok, found.violations

    def rivals(levels: list[str]) -> list[Plan]:
        return [o for o in plans if all(s.worse(level, o) <= s.worse(level, plan) for level in levels)]

    assert found.objective == s.objective(plan)
    assert found.bound == s.proven(plan, whole) <= min(map(s.objective, rivals(s.levels)))
    for proof in proofs:
        best = min(s.worse(proof.level, o) for o in rivals(s.levels[: s.levels.index(proof.level)]))
        proven = s.proven(plan, proof)
        assert (-proven if proof.level.startswith("max_min") else proven) <= best


@pytest.mark.parametrize("seed", range(20))
def test_prices_of_changes_beyond_64_bits_are_exact(seed: int, tmp_path: Path) -> None:
    case = verify_replan_cases.replanned_case(seed, FORMS[seed % 3], seed % 2)
    case.scenario["stability"] |= {"change_price_vnd": 10**15 + seed, "max_changes": 10}
    case.scenario["equity"]["floor_mode"] = "attainable"
    case.denominator = 1 << 20
    s, rng = Replanned(case), Random(seed)
    proof = random_proof(s, "", rng)
    proof.row["changes"] = 10**20 + seed
    plan = s.beside(s.left)
    verify_writer.write_plan(tmp_path / "p", case, plan, proof.need, {}, proof.row, [])
    found = verify_folder(tmp_path / "p")
    assert found.ok, found.violations
    assert found.bound == s.proven(plan, proof)


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("mixed") / "plan"
    verify_replan_cases.write_replanned(folder)
    return folder


def test_every_reason_of_a_change_stands_in_plans_that_are_verified(mixed: Path) -> None:
    found = verify_folder(mixed)
    assert found.ok, found.violations
    reasons = {row["reason"] for row in table(mixed / "changes.csv")}
    reasons |= {row[4] for name in ("moved", "forced") for row in golden(name)["lines"]}
    stages = {"legal_status", "banned", "no_asset"}
    others = "asset_gone need_gone refused fewer pinned moved replaced new"  # `dropped` stands below
    assert reasons - stages == {*others.split()}


def test_a_sample_of_every_class_of_mutants_of_re_plans_is_rejected(mixed: Path, tmp_path: Path) -> None:
    names = sorted(name for name in mutants.MAKERS if name.startswith("replan"))
    tried = reject(mixed, tmp_path, 6, 2 * len(names), names)
    assert set(names) - set(tried) == {"replan_of_a_plan_that_is_none"}
    others = sorted(set(mutants.MAKERS) - set(names))
    reject(mixed, tmp_path, 7, 60, others)


@pytest.mark.parametrize(
    "stability", [{"freedom": "none"}, {"max_changes": 0}, {"change_price_vnd": "much"}, {"freedom": None}]
)
def test_without_a_plan_before_what_the_scenario_says_of_changes_does_nothing(
    stability: dict[str, object], tmp_path: Path
) -> None:
    case = cars(**stability)
    case.baseline = None
    assert codes_of(tmp_path / "p", case, {("X", "M"): 1}) == {}
    plan = json.loads((tmp_path / "p" / "plan.json").read_text(encoding="utf-8"))
    assert (plan["objective_vnd"], plan["kpis"]["changes"]) == (3100, 0)
    verify_writer.write_table(tmp_path / "p" / "changes.csv", CHANGE_COLUMNS, [])
    assert set(verify_folder(tmp_path / "p").found) == {"changes"}


def test_an_empty_plan_before_makes_a_re_plan_in_which_every_unit_is_a_change(tmp_path: Path) -> None:
    assert codes_of(tmp_path / "p", cars(), {("X", "M"): 2}) == {}
    plan = json.loads((tmp_path / "p" / "plan.json").read_text(encoding="utf-8"))
    assert (plan["objective_vnd"], plan["kpis"]["changes"]) == (2 * 100 + 2 * 1000 + 2 * 10, 2)
    assert plan["cash_vnd"] == 2200
    parts = plan["parts"]
    assert parts["category"]["vehicle"]["objective_vnd"] == 2220
    assert parts["province"]["01"]["objective_vnd"] == 220
    (tmp_path / "p" / "changes.csv").unlink()
    assert set(verify_folder(tmp_path / "p").found) == {"changes"}


def test_a_unit_that_another_asset_brings_counts_twice_and_more_changes_than_allowed_are_found(
    tmp_path: Path,
) -> None:
    case = cars(line("X", "M", 1), max_changes=2)
    assert codes_of(tmp_path / "two", case, {("Z", "M"): 1}) == {}
    assert codes_of(tmp_path / "four", case, {("Z", "M"): 1, ("Y", "N"): 2}) == {
        "limit_exceeded": ["changes"]
    }
    (row,) = table(tmp_path / "two" / "limits.csv")
    assert list(row.values())[:5] == ["changes", "units", "2", "2", "0"]


def test_a_line_that_was_dropped_is_told_from_one_that_is_moved_or_replaced(tmp_path: Path) -> None:
    case = cars(line("X", "M", 2), line("Z", "N", 2))
    assert codes_of(tmp_path / "p", case, {("X", "M"): 1, ("X", "N"): 1, ("Z", "N"): 1}) == {}
    rows = [[row["need_id"], row["reason"], row["group"]] for row in table(tmp_path / "p" / "changes.csv")]
    assert rows == [["M", "moved", "1"], ["N", "new", "1"], ["N", "replaced", "1"]]
    assert codes_of(tmp_path / "q", case, {("Z", "N"): 2}) == {}
    (row,) = table(tmp_path / "q" / "changes.csv")
    assert (row["reason"], row["saves_vnd"]) == ("dropped", str(2 * 100 - 2 * 1000))


def test_a_change_back_to_all_units_of_a_line_stands_in_no_line_but_in_what_its_group_saves(
    tmp_path: Path,
) -> None:
    # X has two cars: M keeps them (900 each), N none. Z serves M now (100), so that N has both of X (700).
    case = cars(line("X", "M", 2), line("X", "N", 2))
    assert codes_of(tmp_path / "p", case, {("X", "N"): 2, ("Z", "M"): 2}) == {}
    rows = [[*row.values()] for row in table(tmp_path / "p" / "changes.csv")]
    saved = str(2 * (100 + 700 - 900))
    assert rows == [["X", "M", "2", "0", "moved", "1", saved], ["Z", "M", "0", "2", "new", "1", saved]]
    assert json.loads((tmp_path / "p" / "plan.json").read_text(encoding="utf-8"))["kpis"]["changes"] == 6


@pytest.mark.parametrize("name", ["moved", "premises"])
def test_a_province_that_no_pair_crosses_may_state_its_bound(name: str, tmp_path: Path) -> None:
    s, want, proof = instance(name), golden(name), proof_of(name)
    verify_writer.write_plan(tmp_path / "p", s.case, units_of(want["transfers"]), proof.need, {}, proof.row)
    whole = json.loads((tmp_path / "p" / "plan.json").read_text(encoding="utf-8"))
    own = {key: whole[key] for key in verify_writer.BOUNDS}
    assert whole["parts"]["province"]["97"]["objective_vnd"] == whole["objective_vnd"]
    change(tmp_path / "p" / "plan.json", lambda plan: plan["parts"]["province"]["97"].update(own))
    assert verify_folder(tmp_path / "p").ok
    wrong = {"bound_vnd": whole["bound_vnd"] - 1}
    change(tmp_path / "p" / "plan.json", lambda plan: plan["parts"]["province"]["97"].update(wrong))
    assert set(verify_folder(tmp_path / "p").found) == {"parts"}


def stuck() -> tuple[Replanned, Proof]:
    """Nothing may change, and N must have a unit that it did not have."""
    case = cars(line("X", "M", 2), max_changes=0)
    case.scenario["equity"] = {"by": "province", "coverage_floor": {"vehicle": 0.5}, "floor_mode": "strict"}
    row = {"changes": 1, "floor|province|38|vehicle": 1}
    return Replanned(case), Proof("infeasible", 1, {}, row)


def test_a_limit_of_changes_is_a_rule_that_others_may_conflict_with(tmp_path: Path) -> None:
    # The floor asks for one unit of N. X, Y and Z bring one for v = -1, T = 1: 0. What X has at M may stay
    # for nothing. So the formula is 1 - 0 + 0: there is no plan.
    s, proof = stuck()
    assert s.plans(5000) == []
    verify_conflict.write_conflict(tmp_path / "p", s, proof)
    found = verify_folder(tmp_path / "p")
    assert found.ok, found.violations
    assert found.status == "INFEASIBLE"
    verify_writer.write_table(tmp_path / "p" / "changes.csv", CHANGE_COLUMNS, [])
    assert set(verify_folder(tmp_path / "p").found) == {"changes"}
    proof.row["floor|province|38|vehicle"] = 2  # now each of them gains by it: 2 - 3 x 2
    verify_conflict.write_conflict(tmp_path / "q", s, proof)
    assert "status" in verify_folder(tmp_path / "q").found


def test_a_proof_of_a_conflict_needs_the_price_of_changes(tmp_path: Path) -> None:
    s, proof = stuck()
    del proof.row["changes"]
    verify_conflict.write_conflict(tmp_path / "p", s, proof)
    assert "status" in verify_folder(tmp_path / "p").found
