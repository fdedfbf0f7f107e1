from __future__ import annotations

import ast
import csv
import json
import os
import shutil
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import geodata
import solver
from solver.checker import exact, knapsack, pairs, proof
from solver.checker.block import Columns
from solver.checker.claims import CODES
from solver.checker.distances import check_distances, read_distances
from solver.checker.exact import HEADINGS
from solver.checker.folder import verify_folder
from solver.checker.prices import Prices
from solver.checker.reading import read_inputs
from solver.checker.report import LISTED, Log
from solver.checker.rules import rules_of
from solver.checker.sizes import money_type
from tests.solver import mutants, verify_limit_cases, verify_naive, verify_replan_cases, verify_writer
from tests.solver import verify_cases as cases
from tests.solver.verify_reject import reject

if TYPE_CHECKING:
    from collections.abc import Callable

GOLDEN = Path(__file__).parents[1] / "golden"
GOLDEN_PREMISES = Path(__file__).parents[1] / "golden_premises"
PART_COLUMNS = [f"{part}_vnd" for part in verify_naive.PARTS]
FORMS = ("communes", "pairs", "matches")


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def codes(folder: Path) -> set[str]:
    return set(verify_folder(folder).found)


def change(path: Path, edit: Callable[[dict[str, Any]], object]) -> None:
    value = json.loads(path.read_text(encoding="utf-8"))
    edit(value)
    verify_writer.write_json(path, value)


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("mixed") / "plan"
    verify_writer.write_plan(folder, cases.mixed_case())
    return folder


@pytest.fixture(scope="module")
def explicit(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("explicit") / "plan"
    verify_writer.write_plan(folder, cases.random_case(7, form="matches", size=12))
    return folder


@pytest.fixture(scope="module")
def housed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("housed") / "plan"
    verify_writer.write_plan(folder, cases.premises_case())
    return folder


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Premises with explicit matches, whose loads differ from building to building."""
    folder = tmp_path_factory.mktemp("loaded") / "plan"
    verify_writer.write_plan(folder, cases.random_case(23, form="matches", size=2, premises=9))
    return folder


def two_cars() -> verify_naive.Case:
    """One need of one car, one car there and one in the next province; worked by hand in the test."""
    return verify_naive.Case(
        cases.communes(),
        [
            cases.asset("A-NEAR", "vehicle", "car", "00101", condition_pct="40", year="2020"),
            cases.asset("B-FAR", "vehicle", "car", "03801", condition_pct="90", year="2020"),
        ],
        [cases.need("N", "vehicle", "car", "00101", price_vnd="100000000", priority="2")],
        cases.scenario(),
        provider="table",
        table={("03801", "00101"): 150_000},
    )


def test_a_plan_worked_by_hand_is_verified_with_its_bound(tmp_path: Path) -> None:
    # A-NEAR: 0 km, handover 2,000,000, renewal 60 % of 100,000,000: 62,000,000.
    # B-FAR: 150 km x 12,000 = 1,800,000, handover 2,000,000, renewal 10,000,000, surcharge 5,000,000:
    # 18,800,000.
    # Unmet costs 2 x 100,000,000. With pi = 62,000,000 B-FAR is worth 43,200,000: 62 - 43.2 = 18.8 million.
    verify_writer.write_plan(tmp_path / "p", two_cars(), {("B-FAR", "N"): 1}, {"N": 62_000_000}, {})
    found = verify_folder(tmp_path / "p")
    assert found.ok, found.violations
    assert (found.status, found.objective, found.bound, found.gap) == ("OPTIMAL", 18_800_000, 18_800_000, 0)
    row = table(tmp_path / "p" / "transfers.csv")[0]
    assert (row["cost_vnd"], row["spend_vnd"], row["rank"]) == ("18800000", "3800000", "1")
    assert (row["alternative_asset_id"], row["alternative_extra_vnd"]) == ("A-NEAR", "43200000")


def test_a_worse_plan_is_verified_with_the_gap_that_its_prices_leave(tmp_path: Path) -> None:
    # The near car serves: 62,000,000. Prices at the unmet price prove 200 - 138 - 181.2 million, no more.
    verify_writer.write_plan(tmp_path / "p", two_cars(), {("A-NEAR", "N"): 1}, {"N": 200_000_000}, {})
    found = verify_folder(tmp_path / "p")
    assert found.ok, found.violations
    assert (found.status, found.objective, found.bound) == ("FEASIBLE", 62_000_000, -119_200_000)
    assert found.cost_gap == "2.922580645"  # 181.2 / 62
    assert found.value_gap == "0.567669173"  # 181.2 / (200 + 119.2)
    assert {row["reason"] for row in table(tmp_path / "p" / "releases.csv")} == {"unproven"}


def test_a_fractional_price_gives_a_bound_that_is_rounded_up(tmp_path: Path) -> None:
    # Prices in halves: pi = 37,599,999 / 2 is below what B-FAR costs: the bound is 18,799,999.5, rounded up.
    verify_writer.write_plan(tmp_path / "p", two_cars(), {("B-FAR", "N"): 1})
    change(
        tmp_path / "p" / "certificate.json", lambda c: c.update(denominator=2, need_price={"N": 37_599_999})
    )
    found = verify_folder(tmp_path / "p")
    assert found.ok, found.violations
    assert found.bound == 18_800_000


def test_every_reason_of_the_funnel_stands_in_the_mixed_plan(mixed: Path) -> None:
    found = verify_folder(mixed)
    assert found.ok, found.violations
    reasons = {row["reason"] for row in table(mixed / "shortfalls.csv")}
    assert reasons >= {
        "no_asset",
        "condition",
        "date",
        "reach",
        "province_rule",
        "banned",
        "norm",
        "too_dear",
        "outbid",
    }


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("seed", range(12))
def test_the_bound_of_a_small_best_plan_is_the_least_of_all_plans(
    form: str, seed: int, tmp_path: Path
) -> None:
    solved = verify_writer.write_plan(tmp_path / "p", cases.random_case(seed, form=form, size=4))
    found = verify_folder(tmp_path / "p")
    assert found.ok, found.violations
    assert found.objective == found.bound == solved.brute_force()


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("seed", range(100, 112))
def test_larger_random_plans_are_verified_with_their_bound(form: str, seed: int, tmp_path: Path) -> None:
    verify_writer.write_plan(tmp_path / "p", cases.random_case(seed, form=form, size=14))
    found = verify_folder(tmp_path / "p")
    assert found.ok, found.violations
    assert found.status == "OPTIMAL"


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("seed", range(40))
def test_small_plans_of_premises_are_verified_and_their_bound_is_below_all_plans(
    form: str, seed: int, tmp_path: Path
) -> None:
    premises = 3 if form == "matches" else 4  # where there are many more pairs
    case = cases.random_case(seed, form=form, size=2, premises=premises)
    solved = verify_writer.write_plan(tmp_path / "p", case)
    found = verify_folder(tmp_path / "p")
    assert found.ok, found.violations
    assert found.bound is not None
    assert found.objective is not None
    assert found.bound <= solved.brute_force() <= found.objective
    assert (found.status == "OPTIMAL") == (found.bound == found.objective)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("seed", range(100, 110))
def test_larger_random_plans_of_premises_are_verified(form: str, seed: int, tmp_path: Path) -> None:
    premises = 8 if form == "matches" else 11
    verify_writer.write_plan(tmp_path / "p", cases.random_case(seed, form=form, size=3, premises=premises))
    found = verify_folder(tmp_path / "p")
    assert found.ok, found.violations


@settings(deadline=None, max_examples=300)
@given(
    places=st.lists(
        st.tuples(
            st.one_of(st.integers(1, 40), st.integers(1, 10**30)), st.integers(0, 30), st.integers(1, 5)
        ),
        max_size=7,
    ),
    room=st.integers(0, 90),
    floor=st.integers(-5, 100),
)
def test_the_knapsack_is_that_of_a_table_over_every_room(
    places: list[tuple[int, int, int]], room: int, floor: int
) -> None:
    best = [0] * (room + 1)  # best[r]: most that fits in r
    for worth, load, copies in places:
        for _ in range(copies):
            best = [max(v, best[r - load] + worth) if r >= load else v for r, v in enumerate(best)]
    assert knapsack.most(room, tuple(places), floor) == max(floor, best[room])


def shared_office() -> verify_naive.Case:
    """An office that two needs share and one that none should open; worked by hand in the test."""
    return verify_naive.Case(
        cases.communes(),
        [
            cases.asset("A", "premises", "office", "00101", condition_pct="80", area_m2="300.5"),
            cases.asset("B", "premises", "house", "00101", condition_pct="90", area_m2="300"),
        ],
        [
            cases.need("X", "premises", "", "00101", area_m2="200.5", purpose="headquarters"),
            cases.need("Y", "premises", "", "00101", area_m2="50", units="2", price_vnd="190000000"),
            cases.need("Z", "premises", "house", "00101", area_m2="10", price_vnd="120000000"),
        ],
        cases.scenario(),
    )


def test_shared_premises_worked_by_hand_are_verified_with_their_bound(tmp_path: Path) -> None:
    # X in A: handover 5, repair 200.5 x 0.6 = 120.3, the office's own use: 125.3 million. Its price is
    # 200.5 x 9 x factor 4 = 7,218 million. Y in A: 5 + 50 x 0.6 + change of use 50 x 1.5 = 110 million.
    # In B a place of Y costs 5 + 50 x 0.3 + 75 = 95 million: two save 190, B costs 100 to open. But A is open
    # and takes all three: 300.5 m2. Y there: 110 each, 30 million more in all, less than 100 for the opening.
    # Z in B: 5 + 3 + 15 = 23, with the opening 123 > 120: too dear. A and both needs: 125.3 + 220 + 100.
    # pi_X = 225.3, pi_Y = 110: A then saves 100 with X, no more with Y; B saves 30 with two of Y, and with
    # pi_Z = 93 another 70: 100, what it costs. 225.3 + 220 + 93, and Z unmet costs 120: 27 million are open.
    plan = {("A", "X"): 1, ("A", "Y"): 2}
    prices = {"X": 225_300_000, "Y": 110_000_000, "Z": 93_000_000}
    verify_writer.write_plan(tmp_path / "p", shared_office(), plan, prices, {})
    found = verify_folder(tmp_path / "p")
    assert found.ok, found.violations
    assert (found.objective, found.bound) == (565_300_000, 538_300_000)
    assert found.cost_gap == "0.060633281"  # 27 / 445.3
    rows = table(tmp_path / "p" / "transfers.csv")
    assert [row["area_m2"] for row in rows] == ["200.5", "100"]
    assert [row["form"] for row in rows] == ["điều chuyển", "chuyển đổi công năng"]
    assert [row["cost_vnd"] for row in rows] == ["125300000", "220000000"]
    assert [row["alternative_asset_id"] for row in rows] == ["B", "B"]
    assert [row["reason"] for row in table(tmp_path / "p" / "shortfalls.csv")] == ["too_dear"]
    written = json.loads((tmp_path / "p" / "plan.json").read_text(encoding="utf-8"))
    assert (written["kpis"]["openings_vnd"], written["kpis"]["premises_in_use"]) == (100_000_000, 1)
    assert written["cash_vnd"] == 125_300_000 + 220_000_000 + 100_000_000 + 120_000_000


def test_a_building_that_holds_more_than_its_area_is_found(tmp_path: Path) -> None:
    case = shared_office()
    case.needs[0]["area_m2"] = "200.501"
    plan = {("A", "X"): 1, ("A", "Y"): 2}
    verify_writer.write_plan(tmp_path / "p", case, plan, dict.fromkeys("XYZ", 0), {})
    found = verify_folder(tmp_path / "p")
    assert set(found.found) == {"room_exceeded"}
    assert (found.violations[0].given, found.violations[0].wanted) == ("300.501", "300.5")


def test_a_price_that_one_open_place_exceeds_is_no_part_of_a_plan(tmp_path: Path) -> None:
    case = shared_office()
    case.needs[1]["price_vnd"] = "110000000"  # what a place of Y costs
    verify_writer.write_plan(
        tmp_path / "p", case, {("A", "X"): 1, ("A", "Y"): 2}, dict.fromkeys("XYZ", 0), {}
    )
    found = verify_folder(tmp_path / "p")
    assert set(found.found) == {"ineligible"}
    assert found.violations[0].message == "too_dear"


def test_every_reason_and_disposition_of_premises_stands_in_their_plan(housed: Path) -> None:
    found = verify_folder(housed)
    assert found.ok, found.violations
    assert found.status == "OPTIMAL"
    stages = set(pairs.STAGES) - {"no_distance"}  # the great circle gives every pair one
    stages -= {"pinned", "budget", "cross_province_max", "equity"}  # nothing is limited
    stages -= {"freedom", "max_changes"}  # there was no plan before
    assert {row["reason"] for row in table(housed / "shortfalls.csv")} == stages
    releases = table(housed / "releases.csv")
    assert {row["reason"] for row in releases} == {"no_need", "too_dear", "norm", "met"}
    assert {row["disposition"] for row in releases} == {
        "land_fund",
        "housing_body",
        "demolish",
        "commune_to_handle",
    }


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 5), form=st.sampled_from(FORMS), premises=st.sampled_from((0, 3)), data=st.data())
def test_no_valid_prices_prove_more_than_the_least_of_all_plans(
    seed: int, form: str, premises: int, data: st.DataObject, tmp_path: Path
) -> None:
    case = cases.random_case(seed, form=form, size=4 - premises // 2, premises=premises)
    solved, scale = verify_naive.Solved(case), case.denominator
    prices = {
        k: data.draw(st.integers(-(10**6), solved.weighted(n) * scale), k) for k, n in solved.needs.items()
    }
    norms = sorted({row for pair in solved.pairs for row in solved.rows_of(pair)})
    rows = {row: data.draw(st.integers(0, 10**9 * scale), str(row)) for row in norms}
    shutil.rmtree(tmp_path / "p", ignore_errors=True)
    verify_writer.write_plan(tmp_path / "p", case, solved.optimum()[0], prices, rows)
    found = verify_folder(tmp_path / "p")
    assert found.ok, found.violations
    assert found.bound is not None
    assert found.bound == solved.bound(prices, rows) <= solved.brute_force()


@pytest.mark.parametrize("big", [10**3, 10**6, 10**8])
def test_sums_beyond_64_bits_are_exact(big: int, tmp_path: Path) -> None:
    case = cases.random_case(3, form="matches", size=5, big=big * 10**6)
    case.needs = [row | {"price_vnd": str(10**9 * big * 10**4)} for row in case.needs]
    solved = verify_naive.Solved(case)
    prices = {k: solved.weighted(n) - 1 for k, n in solved.needs.items()}
    verify_writer.write_plan(tmp_path / "p", case, {}, prices, {})
    found = verify_folder(tmp_path / "p")
    assert found.ok, found.violations
    assert found.bound == solved.bound(prices, {})


def test_areas_and_prices_of_premises_beyond_64_bits_are_exact(tmp_path: Path) -> None:
    case = cases.premises_case()
    for row in (*case.assets, *case.needs):
        more = ("" if "." in row["area_m2"] else ".") + "0" * 9 + "7"
        row["area_m2"] += more if row["area_m2"] else ""
    case.scenario["prices"] |= {"repair_per_m2": 10**12 + 0.5, "build_per_m2": 10**13}
    case.scenario["prices"]["unmet"] = {"premises": 10**13}
    case.denominator = 1 << 20
    verify_writer.write_plan(tmp_path / "p", case)
    found = verify_folder(tmp_path / "p")
    assert found.ok, found.violations
    assert found.bound is not None
    assert found.bound * case.denominator > 1 << 63


def test_one_province_is_planned_with_its_rows_alone(tmp_path: Path) -> None:
    case = cases.mixed_case()
    case.scenario["scope_province"] = "38"
    solved = verify_writer.write_plan(tmp_path / "p", case)
    found = verify_folder(tmp_path / "p")
    assert found.ok, found.violations
    assert found.counts["needs"] == len(solved.needs) == 4
    assert found.objective == solved.brute_force()


def test_a_province_that_no_match_leaves_may_state_its_own_bound(tmp_path: Path) -> None:
    case = cases.mixed_case()
    case.scenario["rules"]["cross_province"] = dict.fromkeys(("vehicle", "equipment"), "forbidden")
    verify_writer.write_plan(tmp_path / "p", case)
    parts = json.loads((tmp_path / "p" / "plan.json").read_text(encoding="utf-8"))["parts"]["province"]
    assert all(part["bound_vnd"] == part["objective_vnd"] for part in parts.values())
    assert verify_folder(tmp_path / "p").ok
    change(tmp_path / "p" / "plan.json", lambda plan: plan["parts"]["province"]["01"].update(bound_vnd=1))
    assert codes(tmp_path / "p") == {"parts"}


@pytest.mark.parametrize(("golden", "least"), [(GOLDEN, 500), (GOLDEN_PREMISES, 300)])
def test_eligibility_and_cost_are_those_of_the_golden_table(golden: Path, least: int) -> None:
    log = Log()
    data = read_inputs(golden / "plan" / "inputs", log)
    read_distances(golden / "plan" / "inputs", data, log)
    check_distances(data, log)
    assert not log.found, log.listed
    columns = Columns(data, money_type(data, [Prices(1, dict.fromkeys(data.needs, 0), {})]))
    rows = table(golden / "matches.csv")
    assert len(rows) > least
    for row in rows:
        need = data.needs[row["need_id"]]
        assert (str(need.price), str(need.weighted)) == (row["price_vnd"], row["price_with_factor"]), row
        asset = data.assets.get(row["asset_id"])
        if asset is None or asset.category != need.category:
            assert row["stage"] == "no_asset", row
            continue
        rules = rules_of(data, asset.category, asset.kind, need.purpose)
        pair = np.array([columns.asset_of[asset.id]]), np.array([columns.need_of[need.id]])
        (stage,), metres, (load,), _ = pairs.compare(rules, *pair, columns)
        name = "eligible" if stage == pairs.ELIGIBLE else pairs.STAGES[stage]
        assert name == row["stage"], row
        if name == "eligible":
            (cost,), parts = pairs.cost_of(rules, *pair, metres, columns)
            unit = {f"{part}_vnd": str(value) for part, (value,) in parts.items()}
            assert {part: unit.get(part, "0") for part in PART_COLUMNS if part in row}.items() <= row.items()
            assert exact.plain(Fraction(int(load), data.unit)) == row.get("load_m2", "0"), row
            assert (str(cost), str(metres[0])) == (row["cost_vnd"], row["metres"]), row


@pytest.mark.parametrize("golden", [GOLDEN, GOLDEN_PREMISES])
def test_the_golden_plan_is_verified_with_its_objective(golden: Path, tmp_path: Path) -> None:
    inputs = golden / "plan" / "inputs"
    metres = {
        (row["from_commune_code"], code): int(cell)
        for row in table(inputs / "metres.csv")
        for code, cell in row.items()
        if code != "from_commune_code" and cell
    }
    scenario = json.loads((inputs / "scenario.json").read_text(encoding="utf-8"))
    assets, needs = table(inputs / "assets.csv"), table(inputs / "needs.csv")
    if golden == GOLDEN:  # the table of movables was made before premises were planned
        assets, needs = ([row for row in rows if row["category"] != "premises"] for rows in (assets, needs))
    blank = [
        dict.fromkeys(columns, "") for columns in (verify_naive.ASSET_COLUMNS, verify_naive.NEED_COLUMNS)
    ]
    case = verify_naive.Case(
        table(inputs / "communes.csv"),
        [blank[0] | row for row in assets],
        [blank[1] | row for row in needs],
        scenario,
        provider="table",
        table=metres,
        authorities=table(inputs / "authorities.csv"),
    )
    plan = {
        (row["asset_id"], row["need_id"]): int(row["units"])
        for row in table(golden / "plan" / "transfers.csv")
    }
    claims = json.loads((golden / "plan" / "certificate.json").read_text(encoding="utf-8"))
    rows = {(name.split("|")[1], name.split("|")[2]): price for name, price in claims["row_price"].items()}
    verify_writer.write_plan(tmp_path / "p", case, plan, claims["need_price"], rows)
    shutil.copy(
        golden / "plan" / "transfers.csv", tmp_path / "p" / "transfers.csv"
    )  # the cells worked by hand
    found = verify_folder(tmp_path / "p")
    assert found.ok, found.violations
    expected = json.loads((golden / "expected.json").read_text(encoding="utf-8"))
    assert found.objective == found.bound == expected["objective_vnd"]
    written = json.loads((tmp_path / "p" / "plan.json").read_text(encoding="utf-8"))
    assert written["cash_vnd"] == expected["cash_vnd"]
    assert written["kpis"]["purchases_avoided_vnd"] == expected["purchases_avoided_vnd"]
    for name in ("shortfalls", "releases"):
        for row, want in zip(table(tmp_path / "p" / f"{name}.csv"), expected[name], strict=True):
            assert {key: str(value) for key, value in want.items()}.items() <= row.items()


def test_a_plan_of_nothing_is_verified(tmp_path: Path) -> None:
    verify_writer.write_plan(tmp_path / "p", verify_naive.Case(cases.communes(), [], [], cases.scenario()))
    found = verify_folder(tmp_path / "p")
    assert found.ok, found.violations
    assert (found.objective, found.bound, found.cost_gap) == (0, 0, "0.000000000")


def test_a_folder_that_is_not_there_or_is_a_file_is_a_violation(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    for folder in (tmp_path / "nothing", tmp_path / "file", tmp_path):
        found = verify_folder(folder)
        assert not found.ok
        assert [violation.code for violation in found.violations] == ["unreadable"]
        assert found.objective is None


def test_all_violations_are_found_at_once_and_the_list_of_a_code_is_capped(
    tmp_path: Path, mixed: Path
) -> None:
    shutil.copytree(mixed, tmp_path / "p")
    (tmp_path / "p" / "transfers.csv").write_text(
        ",".join(verify_naive.TRANSFER_COLUMNS) + "\n", encoding="utf-8"
    )
    verify_writer.write_table(
        tmp_path / "p" / "releases.csv",
        HEADINGS["releases.csv"].split(),
        [
            {
                "asset_id": f"X-{i:03}",
                "units": "1",
                "disposition": "reserve",
                "value_vnd": "0",
                "reason": "met",
            }
            for i in range(50)
        ],
    )
    found = verify_folder(tmp_path / "p")
    assert {"shortfall", "release", "objective", "kpis", "parts", "cash"} <= set(found.found)
    assert found.found["release"] > 50
    assert sum(violation.code == "release" for violation in found.violations) == LISTED


def test_a_false_great_circle_is_found_though_its_hash_is_right(tmp_path: Path, mixed: Path) -> None:
    for name, old, new in (
        ("metres.csv", "\n00101,0", "\n00101,2"),
        ("assets.csv", "register,,,,0", "register,,,,7"),
    ):
        shutil.rmtree(tmp_path / "p", ignore_errors=True)
        shutil.copytree(mixed, tmp_path / "p")
        path = tmp_path / "p" / "inputs" / name
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1
        path.write_text(text.replace(old, new), encoding="utf-8")
        hashed = verify_writer.sha256(path)
        plan = json.loads((tmp_path / "p" / "plan.json").read_text(encoding="utf-8"))
        plan["inputs"][name] = hashed
        verify_writer.write_json(tmp_path / "p" / "plan.json", plan)
        assert "distance" in codes(tmp_path / "p")


def test_a_sample_of_every_class_of_mutants_is_rejected(
    mixed: Path, explicit: Path, housed: Path, loaded: Path, tmp_path: Path
) -> None:
    tried = reject(mixed, tmp_path, 20250815, len(mutants.MAKERS))
    tried += reject(explicit, tmp_path, 1, 40, sorted(set(mutants.MAKERS) - set(tried)))
    premises = sorted(name for name in mutants.MAKERS if "premises" in name)
    assert len(premises) > 40
    for folder in (housed, loaded):
        tried += reject(folder, tmp_path, 2, 2 * len(premises), premises)
    tried += reject(housed, tmp_path, 3, 40, sorted(set(mutants.MAKERS) - set(tried)))
    verify_limit_cases.write_strong(tmp_path / "limited", *verify_limit_cases.limited_mixed("coverage_first"))
    missing = sorted(set(mutants.MAKERS) - set(tried))
    tried += reject(tmp_path / "limited", tmp_path, 4, len(missing), missing)
    verify_replan_cases.write_replanned(tmp_path / "replanned")
    missing = sorted(set(mutants.MAKERS) - set(tried))
    tried += reject(tmp_path / "replanned", tmp_path, 5, len(missing), missing)
    assert set(tried) == set(mutants.MAKERS)


@pytest.mark.torture
def test_thousands_of_distinct_mutants_are_rejected(tmp_path: Path) -> None:
    seed = int(os.environ.get("SURPLAN_TORTURE_SEED", "0"))  # dev.py torture prints it
    count = int(os.environ.get("SURPLAN_TORTURE_COUNT", "1000"))
    plans = [cases.mixed_case(), cases.premises_case()]
    plans += [cases.random_case(seed + i, form=form, size=14) for i, form in enumerate(FORMS)]
    plans += [cases.random_case(seed + i, form=form, size=2, premises=9) for i, form in enumerate(FORMS)]
    for number, case in enumerate(plans):
        verify_writer.write_plan(tmp_path / f"plan{number}", case)
        tried = reject(tmp_path / f"plan{number}", tmp_path / "mutants", seed + number, count)
        assert tried.total() == count
    verify_replan_cases.write_replanned(tmp_path / "replanned")
    assert reject(tmp_path / "replanned", tmp_path / "mutants", seed, count).total() == count


@pytest.mark.torture
def test_a_thousand_mutants_of_the_reference_plan_of_a_province_are_rejected(tmp_path: Path) -> None:
    seed = int(os.environ.get("SURPLAN_TORTURE_SEED", "0"))
    count = int(os.environ.get("SURPLAN_TORTURE_COUNT", "1000"))
    inventory = geodata.reference(seed=1, province="38")
    located = geodata.read_codes(inventory.assets, inventory.needs)
    problem = solver.build(
        located.assets,
        located.needs,
        scenario=inventory.scenario,
        communes=geodata.communes(),
        distances=geodata.distances,
    )
    solver.solve(problem).write(tmp_path / "plan")
    assert reject(tmp_path / "plan", tmp_path / "mutants", seed, count).total() == count


def test_every_violation_code_is_described_in_the_documentation() -> None:
    sources = sorted(Path(proof.__file__).parent.glob("*.py"))
    used = {
        node.args[0].value
        for source in sources
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ("add", "same")
        and node.args
        and isinstance(node.args[0], ast.Constant)
        and isinstance(node.args[0].value, str)
    } | set(CODES.values())
    used |= {
        "order",
        "duplicate",
        "inputs_extra",
        "inputs_missing",
        "plan",
        "cost",
        "rank",
        "transfer",
        "reason",
    }
    used |= {"shortfall", "release", "asset_exceeded", "room_exceeded", "need_exceeded", "norm_exceeded"}
    text = (Path(__file__).parents[2] / "docs" / "certificate.md").read_text(encoding="utf-8")
    assert used - {code for code in used if f"| `{code}` |" in text} == set()
