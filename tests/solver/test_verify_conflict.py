from __future__ import annotations

import json
import shutil
from copy import deepcopy
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from solver.checker.folder import verify_folder
from tests.solver import verify_cases as cases
from tests.solver import verify_writer
from tests.solver.verify_conflict import allowed, proves, write_conflict
from tests.solver.verify_limit_cases import limited_case, random_proof, strong_proof
from tests.solver.verify_limits import Limited, Plan, Proof
from tests.solver.verify_naive import Case

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

FORMS = ("communes", "pairs", "matches")
SHARES = (0.25, 0.5, 0.75, 1, "max-min")
random_folders = settings(
    deadline=None, max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def strict_case(seed: int, form: str, premises: int = 0) -> Limited:
    """A random instance with strict floors; many have no plan."""
    case, rng = limited_case(seed, form, premises), Random(seed)
    keys = ["vehicle", "equipment", "premises", "vehicle/car", "equipment/printer"]
    floors = {key: rng.choice(SHARES) for key in rng.sample(keys, rng.randint(1, 4))}
    by = rng.choice(["province", "priority", "country"])
    case.scenario["equity"] = {"by": by, "coverage_floor": floors, "floor_mode": "strict"}
    return Limited(case)


def proof_of(s: Limited, rng: Random) -> Proof:
    proof = random_proof(s, "infeasible", rng)
    for name in list(proof.row):
        if rng.random() < 0.5:
            del proof.row[name]
    allowed(s, proof)
    return proof


@random_folders
@given(seed=st.integers(0, 10**6), form=st.sampled_from(FORMS), premises=st.integers(0, 2))
def test_no_prices_show_that_there_is_no_plan_where_there_is_one(
    seed: int, form: str, premises: int, tmp_path: Path
) -> None:
    s, rng = strict_case(seed, form, premises), Random(seed)
    assume(s.tries(3000))
    for proof in [proof_of(s, rng) for _ in range(3)]:
        write_conflict(tmp_path / "p", s, proof)
        found = verify_folder(tmp_path / "p")
        assert found.ok == proves(s, proof), found.violations
        assert found.status == ("INFEASIBLE" if found.ok else None)
        assert set(found.found) <= {"status"}
        assert not (found.ok and s.plans(3000))


@pytest.mark.parametrize("form", FORMS)
def test_prices_of_linear_programmes_show_that_there_is_no_plan(form: str, tmp_path: Path) -> None:
    shown, others = 0, 0
    for seed in range(40):
        s = strict_case(seed, form)
        if not s.tries(1500):
            continue  # too many
        proof, _ = strong_proof(s, s.pins, "infeasible", 1 << 50)
        allowed(s, proof)
        write_conflict(tmp_path / "p", s, proof)
        found, plans = verify_folder(tmp_path / "p"), s.plans(1500)
        assert not (found.ok and plans), seed
        assert found.ok == proves(s, proof), found.violations
        shown, others = shown + found.ok, others + bool(plans)
    assert min(shown, others) >= 5


@pytest.mark.parametrize("form", FORMS)
def test_a_proof_of_tighter_rules_shows_nothing_of_rules_that_leave_a_plan(form: str, tmp_path: Path) -> None:
    tried = 0
    for seed in range(40):
        s, rng = strict_case(seed, form), Random(seed)
        if s.plans(1500) or not s.tries(1500):
            continue
        proof, _ = strong_proof(s, s.pins, "infeasible", 1 << 50)
        allowed(s, proof)
        floors = s.case.scenario["equity"]["coverage_floor"]
        for key in rng.sample(sorted(floors), len(floors)):
            floors[key] = 0
            looser = Limited(s.case)
            if looser.plans(1500):
                write_conflict(tmp_path / "p", looser, proof)
                assert not verify_folder(tmp_path / "p").ok
                tried += 1
                break
    assert tried >= 5


def damage(proof: Proof, rng: Random) -> None:
    """Make some prices wrong: of a need above 0, negative, of no number, of rows that are none."""
    for names in (proof.row, proof.need):
        for name in names:
            if rng.random() < 0.4:
                names[name] = rng.choice([-names[name] - 1, 10**15, names[name] * 1000 + 7])
    for name in rng.sample(
        ["level|floor_shortfall", "level|unmet|1", "budget", "floor|country|VN|vehicle"], 2
    ):
        proof.row[name] = 10**12


@random_folders
@given(seed=st.integers(0, 10**6), form=st.sampled_from(FORMS), premises=st.integers(0, 2))
def test_prices_that_are_not_allowed_never_show_that_there_is_no_plan_where_there_is_one(
    seed: int, form: str, premises: int, tmp_path: Path
) -> None:
    s, rng = strict_case(seed, form, premises), Random(seed)
    assume(s.plans(1500))
    proof = random_proof(s, "infeasible", rng)
    damage(proof, rng)
    write_conflict(tmp_path / "p", s, proof)
    found = verify_folder(tmp_path / "p")
    assert not found.ok
    assert found.status is None
    assert {"unreadable"}.isdisjoint(found.found)


@pytest.mark.parametrize("seed", range(20))
def test_attainable_floors_never_leave_no_plan(seed: int, tmp_path: Path) -> None:
    s = strict_case(seed, "matches")
    s.case.scenario["equity"]["floor_mode"] = "attainable"
    strict, proof = Limited(s.case), random_proof(s, "infeasible", Random(seed))
    write_conflict(tmp_path / "p", strict, proof)
    found = verify_folder(tmp_path / "p")
    assert "status" in found.found
    assert not found.ok


# --- one conflict, by hand: tests/golden_limits/README.md


def cars(budget: int = 699, **changes: object) -> Case:
    """Two provinces whose needs can all be met for 700 and no less."""
    homes = {"X": "00101", "Y": "03801", "Z": "00101"}
    assets = [cases.asset(k, "vehicle", "car", code, units="3" if k == "Z" else "1")
              for k, code in homes.items()]  # fmt: skip
    needs = [
        cases.need("M", "vehicle", "car", "00101", price_vnd="1000", priority="3"),
        cases.need("N", "vehicle", "car", "03801", price_vnd="300", priority="3", units="2"),
    ]
    pairs = [("X", "M", 100), ("X", "N", 300), ("Y", "N", 200), ("Z", "M", 1400), ("Z", "N", 400)]
    matches = [
        {"asset_id": a, "need_id": n, "cost_vnd": str(cost), "load": "", "spend_vnd": "", "distance_km": ""}
        for a, n, cost in pairs
    ]
    equity = {"by": "province", "coverage_floor": {"vehicle/car": 1}, "floor_mode": "strict"}
    scenario = cases.scenario(**({"equity": equity, "limits": {"budget_vnd": budget}} | changes))
    return Case(cases.communes(), assets, needs, scenario, form="matches", matches=matches)


FLOORS = ["floor|province|01|vehicle/car", "floor|province|38|vehicle/car"]
PROOF = Proof("infeasible", 400, {}, {"budget": 1} | dict.fromkeys(FLOORS, 400))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_conflict(tmp_path / "p", Limited(cars()), deepcopy(PROOF))
    found = verify_folder(tmp_path / "p")
    assert found.ok, found.violations
    assert (found.status, found.objective, found.bound, found.gap) == ("INFEASIBLE", None, None, None)
    assert found.counts == {"assets": 3, "needs": 2, "pairs": 5, "transfers": 0}
    return tmp_path / "p"


def change(path: Path, edit: Callable[[dict[str, Any]], object]) -> None:
    value = json.loads(path.read_text(encoding="utf-8"))
    edit(value)
    verify_writer.write_json(path, value)


def test_with_one_dong_more_to_spend_the_proof_shows_nothing(tmp_path: Path) -> None:
    s = Limited(cars(700))
    assert s.plans(1000)
    write_conflict(tmp_path / "p", s, deepcopy(PROOF))
    found = verify_folder(tmp_path / "p")
    assert set(found.found) == {"status"}
    assert found.violations[0].given == "0"


def test_what_pins_take_counts_in_the_proof(tmp_path: Path) -> None:
    # X to N for 300 leaves M to Z for 1,400: with Y 1,900. M from X is the only way within 1,899.
    for budget, ok in ((1899, True), (1900, False)):
        s = Limited(cars(budget, stability={"pins": [["X", "N", 1]]}))
        assert bool(s.plans(1000)) != ok
        # 1,400 a unit missed: floors 1,400 x (1 + 1), what is left of the budget, Y 200 - 1,400 = -1,200.
        # N asks for one unit more, from Y (-1,200) or Z (-1,000 each): its price of -1,000 leaves Y -200.
        proof = Proof("infeasible", 1400, {"N": -1000}, {"budget": 1} | dict.fromkeys(FLOORS, 1400))
        write_conflict(tmp_path / "p", s, proof)
        found = verify_folder(tmp_path / "p")
        assert found.ok == ok, found.violations
        assert ok or found.violations[0].given == "0"


def test_pins_that_break_a_budget_are_no_conflict(tmp_path: Path) -> None:
    s = Limited(cars(99, stability={"pins": [["X", "M"]]}))
    write_conflict(tmp_path / "p", s, deepcopy(PROOF))
    assert "pin" in verify_folder(tmp_path / "p").found


def test_a_norm_is_one_rule_in_all_communes(tmp_path: Path) -> None:
    # Two are wanted in a commune that may have one: floor 2 - norm 1 - nothing from supply = 1.
    case = cars(10**6, norms={"max_per_commune": {"vehicle/car": 1}})
    proof = Proof("infeasible", 1, {}, {"norm|03801|vehicle/car": 1, FLOORS[1]: 1})
    write_conflict(tmp_path / "p", Limited(case), proof)
    assert verify_folder(tmp_path / "p").ok
    plan = json.loads((tmp_path / "p" / "plan.json").read_text(encoding="utf-8"))
    assert plan["conflict"]["rules"] == [FLOORS[1], "norm|vehicle/car"]


@pytest.mark.parametrize(("area", "ok"), [("299.99", True), ("300", False)])
def test_what_a_building_holds_counts_in_the_proof(area: str, ok: bool, tmp_path: Path) -> None:
    # Three places of 100 m2 are asked for: 3 - 2 that fit, or 3 - 3.
    house = cases.asset("P", "premises", "house", "00101", area_m2=area, condition_pct="50")
    need = cases.need("H", "premises", "", "00101", area_m2="100", units="3", purpose="other", priority="3")
    equity = {"by": "country", "coverage_floor": {"premises": 1}, "floor_mode": "strict"}
    s = Limited(Case(cases.communes(), [house], [need], cases.scenario(equity=equity)))
    assert bool(s.plans(100)) != ok
    write_conflict(tmp_path / "p", s, Proof("infeasible", 1, {}, {"floor|country|VN|premises": 1}))
    found = verify_folder(tmp_path / "p")
    assert found.ok == ok, found.violations


RULES: list[tuple[str, Callable[[dict[str, Any]], object]]] = [
    ("missing", lambda plan: plan.pop("conflict")),
    ("null", lambda plan: plan.update(conflict=None)),
    ("without an entry", lambda plan: plan["conflict"].pop("missed")),
    ("with another entry", lambda plan: plan["conflict"].update(note="")),
    ("no rules", lambda plan: plan["conflict"].update(rules=[])),
    ("no list", lambda plan: plan["conflict"].update(rules="budget")),
    ("no ids", lambda plan: plan["conflict"].update(rules=[1])),
    ("unsorted", lambda plan: plan["conflict"]["rules"].reverse()),
    ("twice", lambda plan: plan["conflict"]["rules"].insert(0, "budget")),
    ("one missing", lambda plan: plan["conflict"]["rules"].pop()),
    ("no rule", lambda plan: plan["conflict"]["rules"].insert(1, "budget|province|01")),
    ("not in the proof", lambda plan: plan["conflict"]["rules"].append("norm|vehicle/car")),
    ("checked", lambda plan: plan["conflict"].update(checked=1)),
    ("missed", lambda plan: plan["conflict"].update(missed=-1)),
    ("no units", lambda plan: plan["conflict"].update(missed=None)),
    ("relaxations", lambda plan: plan["conflict"].update(relaxations={})),
]


@pytest.mark.parametrize(("what", "edit"), RULES, ids=[what for what, _ in RULES])
def test_a_conflict_of_wrong_rules_is_found(
    what: str, edit: Callable[[dict[str, Any]], object], folder: Path
) -> None:
    change(folder / "plan.json", edit)
    assert set(verify_folder(folder).found) == {"conflict"}, what


CLAIMS: list[tuple[str, object, str]] = [
    ("objective_vnd", 0, "objective"),
    ("bound_vnd", 0, "bound"),
    ("gap_vnd", 0, "gap"),
    ("gap", "0.000000000", "gap"),
    ("cost_gap", "0.000000000", "gap"),
    ("value_gap", "0.000000000", "gap"),
    ("cash_vnd", 0, "cash"),
    ("claimed", {"bound_vnd": None, "value_gap": None}, "claimed"),
    ("parts", {"category": {"vehicle": {}}, "province": {}}, "parts"),
    ("parts", {}, "parts"),
    ("kpis", {"needed": {"total": 3}}, "kpis"),
    ("kpis", None, "kpis"),
    ("levels", [{"name": "infeasible", "value": 0, "bound": 1}], "levels"),
    ("scenario", "another", "plan"),
    ("format_version", 2, "plan"),
    ("not_planned", {"vehicle": 1}, "plan"),
    ("distances", {"provider": "none", "version": "", "sha256": ""}, "plan"),
    ("synthetic", True, "synthetic"),
]


@pytest.mark.parametrize(("key", "value", "code"), CLAIMS)
def test_claims_beside_a_conflict_are_found(key: str, value: object, code: str, folder: Path) -> None:
    change(folder / "plan.json", lambda plan: plan.update({key: value}))
    assert set(verify_folder(folder).found) == {code}
    change(folder / "plan.json", lambda plan: plan.pop(key))
    assert set(verify_folder(folder).found) == {code}


def _proof(value: dict[str, Any]) -> dict[str, Any]:
    one: dict[str, Any] = value["levels"][0]
    return one


PROOFS: list[tuple[Callable[[dict[str, Any]], object], set[str]]] = [
    (lambda value: value.pop("levels"), {"certificate_level", "status", "conflict"}),
    (lambda value: value["levels"].append(_proof(value)), {"certificate_level", "status", "conflict"}),
    (lambda value: _proof(value).update(name="unmet|1"), {"certificate_level", "status", "conflict"}),
    (lambda value: value["need_price"].update(M=0), {"certificate_need"}),
    (lambda value: value["row_price"].update(budget=1), {"certificate_row"}),
    (lambda value: value.update(denominator=400), {"certificate_price"}),
    (lambda value: value.update(denominator=True), {"certificate_price"}),
    (lambda value: value.update(tree=[]), {"certificate_tree"}),
    (lambda value: _proof(value).update(denominator=0), {"unreadable"}),
    (lambda value: _proof(value).update(denominator=(1 << 50) + 1), {"unreadable"}),
    (lambda value: _proof(value)["need_price"].update(M=1), {"certificate_price"}),
    (lambda value: _proof(value)["need_price"].update(V=0), {"certificate_need"}),
    (lambda value: _proof(value)["need_price"].update(N=-1), {"status"}),  # 1 - 2, and nothing gained
    (lambda value: _proof(value)["row_price"].update(budget=2), {"status"}),
    (lambda value: _proof(value)["row_price"].update(budget=-1), {"certificate_row", "conflict", "status"}),
    (lambda value: _proof(value)["row_price"].update({"cross|vehicle": 1}), {"certificate_row"}),
    (lambda value: _proof(value)["row_price"].update({"level|floor_shortfall": 9}), {"certificate_row"}),
    (lambda value: _proof(value)["row_price"].pop("budget"), {"conflict", "status"}),
    # X then gains 299 and the proof still gives 1; of 38, what the floor and Y lose make it 0.
    (lambda value: _proof(value)["row_price"].update({FLOORS[0]: 399}), set()),
    (lambda value: _proof(value)["row_price"].update({FLOORS[1]: 399}), {"status"}),
]


@pytest.mark.parametrize(("edit", "codes"), PROOFS)
def test_a_proof_that_shows_no_conflict_any_more_is_found(
    edit: Callable[[dict[str, Any]], object], codes: set[str], folder: Path
) -> None:
    change(folder / "certificate.json", edit)
    assert set(verify_folder(folder).found) == codes


def test_rows_beside_a_conflict_are_found(folder: Path, tmp_path: Path) -> None:
    plan: Plan = {("X", "M"): 1, ("Y", "N"): 1}
    written = tmp_path / "written"
    verify_writer.write_plan(written, cars(1000), plan, {"M": 0, "N": 0}, {}, {}, [])
    codes = {"transfers": "transfer", "shortfalls": "shortfall", "releases": "release", "limits": "limits"}
    for table, code in codes.items():
        place = tmp_path / table
        shutil.copytree(folder, place)
        shutil.copyfile(written / f"{table}.csv", place / f"{table}.csv")
        assert set(verify_folder(place).found) == {code}


def test_inputs_of_a_conflict_are_checked(folder: Path) -> None:
    change(folder / "inputs" / "scenario.json", lambda scenario: scenario.update(name="Thử "))
    assert set(verify_folder(folder).found) == {"inputs_changed", "plan"}


def test_distances_of_a_conflict_are_checked(tmp_path: Path) -> None:
    case = cases.mixed_case()
    case.scenario["equity"] |= {"coverage_floor": {"vehicle": 2}, "floor_mode": "strict"}  # never
    s = Limited(case)
    row = next(name for name in s.rows if name.startswith("floor"))
    asking = {name: -1 for name, need in s.needs.items() if s.within(row, need)}
    proof = Proof("infeasible", 1, asking, {row: 1})  # nothing gains: 2 D - D > 0
    write_conflict(tmp_path / "p", s, proof)
    found = verify_folder(tmp_path / "p")
    assert found.ok, found.violations
    metres = tmp_path / "p" / "inputs" / "metres.csv"
    lines = metres.read_text(encoding="utf-8").splitlines()
    lines[1] = lines[1] + "9"
    metres.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert "distance" in verify_folder(tmp_path / "p").found


# --- strict floors, where there is a plan


def codes_of(place: Path, case: Case, plan: Plan) -> dict[str, list[str | None]]:
    verify_writer.write_plan(place, case, plan, {"M": 0, "N": 0}, {}, {}, [])
    found = verify_folder(place)
    assert found.status == "FEASIBLE"
    return {code: [one.wanted for one in found.violations if one.code == code] for code in found.found}


def test_a_plan_that_misses_strict_floors_is_told_what_they_ask_for(tmp_path: Path) -> None:
    best: Plan = {("X", "M"): 1, ("Y", "N"): 1, ("Z", "N"): 1}
    assert codes_of(tmp_path / "met", cars(700), best) == {}
    del best["Z", "N"]
    assert codes_of(tmp_path / "one", cars(700), best) == {"limit_exceeded": ["2"]}
    assert codes_of(tmp_path / "all", cars(700), {}) == {"limit_exceeded": ["1", "2"]}
    line = (tmp_path / "one" / "limits.csv").read_text(encoding="utf-8").splitlines()[3]
    assert line.startswith(f"{FLOORS[1]},units,1,2,-1")


def test_a_floor_of_the_whole_country_counts_all_its_provinces(tmp_path: Path) -> None:
    equity = {"by": "country", "coverage_floor": {"vehicle/car": 0.5}, "floor_mode": "strict"}
    case = cars(700, equity=equity)
    assert codes_of(tmp_path / "two", case, {("X", "M"): 1, ("Y", "N"): 1}) == {}
    assert codes_of(tmp_path / "one", case, {("Y", "N"): 1}) == {"limit_exceeded": ["2"]}  # half of 3


def test_strict_floors_beside_the_smallest_share_are_hard(tmp_path: Path) -> None:
    case = cars(700, objective="coverage_first")
    plan: Plan = {("X", "M"): 1, ("Y", "N"): 1, ("Z", "N"): 1}
    assert codes_of(tmp_path / "met", case, plan) == {}
    levels = json.loads((tmp_path / "met" / "plan.json").read_text(encoding="utf-8"))["levels"]
    assert [level["name"] for level in levels] == ["unmet|3", "max_min|vehicle"]


def test_a_strict_floor_may_have_any_price(tmp_path: Path) -> None:
    # The prices of the golden case: 1,000 + 600 + 100 x 2 - 900 - 200 = 700, what the plan costs.
    plan: Plan = {("X", "M"): 1, ("Y", "N"): 1, ("Z", "N"): 1}
    s = Limited(cars(700))
    verify_writer.write_plan(tmp_path / "p", s.case, plan, {"M": 1000, "N": 300}, {}, {FLOORS[1]: 100}, [])
    found = verify_folder(tmp_path / "p")
    assert found.ok, found.violations
    assert (found.status, found.objective, found.bound) == ("OPTIMAL", 700, 700)


def test_a_conflict_told_of_a_plan_is_found(tmp_path: Path) -> None:
    plan: Plan = {("X", "M"): 1, ("Y", "N"): 1, ("Z", "N"): 1}
    verify_writer.write_plan(tmp_path / "p", cars(700), plan, {"M": 0, "N": 0}, {}, {}, [])
    told = {"rules": ["budget"], "checked": True, "missed": 1, "relaxations": []}
    change(tmp_path / "p" / "plan.json", lambda written: written.update(conflict=told))
    assert set(verify_folder(tmp_path / "p").found) == {"conflict"}
    change(tmp_path / "p" / "plan.json", lambda written: written.update(status="INFEASIBLE"))
    assert "status" in verify_folder(tmp_path / "p").found
