"""Laws that hold whatever the optimum is, what the plan must not depend on, and solves that are cut short."""

from __future__ import annotations

import os
from copy import deepcopy
from itertools import pairwise
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import solver
from solver.flow import solve as flow_solve
from solver.flow import start
from tests.solver.problem.instances import FORMS, Instance, random_instance
from tests.solver.problem.naive import plan_of
from tests.solver.problem.premises_instances import premises_instance

if TYPE_CHECKING:
    from pathlib import Path

seeds = st.integers(0, 10**6)
few = settings(max_examples=6, deadline=None)


def draw(seed: int, form: str = "communes", size: int = 8, **more: Any) -> Instance:  # noqa: ANN401 (passed on)
    return random_instance(Random(seed), form, assets=size, needs=size, **{"plain": seed % 2 == 0, **more})


def objective(one: Instance) -> int:
    return solver.solve(one.build()).objective


# --- laws ---


@few
@given(seeds, st.sampled_from(FORMS))
def test_without_an_asset_that_stays_unused_the_plan_is_the_same(seed: int, form: str) -> None:
    one = draw(seed, form)
    before = solver.solve(one.build())
    idle = {a["asset_id"] for a in one.assets if a["status"] != "in_use"} - set(
        before.plan.transfers["asset_id"]
    )
    if form == "matches":  # a table of matches names assets that are there
        one.matches = [match for match in one.matches if match["asset_id"] not in idle]
        if not one.matches:
            return
    one.assets = [a for a in one.assets if a["asset_id"] not in idle]
    one.scenario.pop("stability", None)
    after = solver.solve(one.build())
    if form == "matches" or "stability" not in draw(seed, form).scenario:
        assert after.objective == before.objective
        assert plan_of(after.plan.transfers) == plan_of(before.plan.transfers)
    else:  # the bans went too: not dearer
        assert after.objective <= before.objective


@few
@given(seeds, st.integers(2, 10**5))
def test_with_all_prices_k_times_higher_the_objective_is_k_times_higher(seed: int, k: int) -> None:
    one = draw(seed, "matches")
    for need in one.needs:
        need["price_vnd"] = 2 * int(need["price_vnd"] or 17)
    one.scenario["prices"]["priority_factor"] = [4, 2, 1, 3, 1]
    dearer = deepcopy(one)
    for need in dearer.needs:
        need["price_vnd"] *= k
    for match in dearer.matches:
        match["cost_vnd"] *= k
        match["spend_vnd"] = ""
    first, second = solver.solve(one.build()), solver.solve(dearer.build())
    assert second.objective == k * first.objective
    assert plan_of(second.plan.transfers) == plan_of(first.plan.transfers)


@few
@given(seeds)
def test_an_asset_more_never_costs_more(seed: int) -> None:
    one = draw(seed)
    before = objective(one)
    more = deepcopy(one.assets[0]) | {
        "asset_id": "Z",
        "official_id": "",
        "status": "surplus",
        "commune_code": "98001",
    }
    one.assets.append({key: value for key, value in more.items() if key not in ("lat", "lon")})
    assert objective(one) <= before


@few
@given(seeds)
def test_a_match_fewer_never_costs_less(seed: int) -> None:
    one = draw(seed, "matches")
    before = solver.solve(one.build())
    used = plan_of(before.plan.transfers)
    gone = next(iter(used), None)
    one.matches = [m for m in one.matches if (m["asset_id"], m["need_id"]) != gone]
    if one.matches:
        assert objective(one) >= before.objective


@few
@given(seeds, st.integers(1, 3))
def test_a_higher_cap_never_costs_more(seed: int, more: int) -> None:
    one = draw(seed)
    before = objective(one)
    caps = one.scenario["norms"]["max_per_commune"]
    one.scenario["norms"]["max_per_commune"] = {key: cap + more for key, cap in caps.items()}
    assert objective(one) <= before


@few
@given(seeds)
def test_a_ban_of_every_transfer_of_the_plan_never_costs_less(seed: int) -> None:
    one = draw(seed)
    before = solver.solve(one.build())
    one.scenario["stability"] = {"bans": [list(pair) for pair in plan_of(before.plan.transfers)]}
    after = solver.solve(one.build())
    assert after.objective >= before.objective
    assert not set(plan_of(after.plan.transfers)) & set(plan_of(before.plan.transfers))


# --- laws of premises: bounds are compared too, since not every gap is closed ---


def premises(seed: int, form: str = "communes", size: int = 12) -> Instance:
    return premises_instance(Random(seed), form, assets=size, needs=size)


def not_dearer(after: solver.Result, before: solver.Result) -> bool:
    """Whether nothing contradicts that the best plan after costs at most as much as before."""
    proven = after.status == before.status == solver.Status.OPTIMAL
    return after.bound <= before.objective and (not proven or after.objective <= before.objective)


@few
@given(seeds)
def test_a_building_more_never_costs_more(seed: int) -> None:
    one = premises(seed)
    before = solver.solve(one.build())
    one.assets.append(one.assets[0] | {"asset_id": "Z", "status": "surplus", "area_m2": 10_000})
    assert not_dearer(solver.solve(one.build()), before)


@few
@given(seeds)
def test_larger_buildings_never_cost_more(seed: int) -> None:
    one = premises(seed)
    before = solver.solve(one.build())
    for asset in one.assets:
        asset["area_m2"] = 10_000
    assert not_dearer(solver.solve(one.build()), before)


@few
@given(seeds, st.sampled_from(FORMS))
def test_a_place_more_never_costs_less_and_at_most_its_price(seed: int, form: str) -> None:
    one = premises(seed, form)
    before = solver.solve(one.build())
    wanted = max(int(need["units"]) for need in one.needs)
    need = next(need for need in one.needs if need["units"] == wanted)
    need["units"] = wanted + 1
    after = solver.solve(one.build())
    assert not_dearer(before, after)
    most = max(before.plan.shortfalls["price_vnd"].max() if len(before.plan.shortfalls) else 0, 4 * 10**10)
    assert after.bound <= before.objective + most


@few
@given(seeds)
def test_a_higher_price_of_putting_to_use_never_costs_less(seed: int) -> None:
    one = premises(seed)
    before = solver.solve(one.build())
    one.scenario["prices"]["open_premises"] = 2 * one.scenario["prices"]["open_premises"] + 1
    assert not_dearer(before, solver.solve(one.build()))


# --- what the plan must not depend on ---


def files(result: solver.Result, folder: Path) -> dict[str, bytes]:
    """Every file of the plan folder that is promised to be equal."""
    result.write(folder)
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "run.json"
    }


@pytest.mark.parametrize("form", FORMS)
def test_the_order_of_rows_changes_no_byte(form: str, tmp_path: Path) -> None:
    for seed in range(3):
        one = draw(seed, form, ties=True)
        first = files(solver.solve(one.build()), tmp_path / "first")
        again = files(solver.solve(one.build(order=Random(seed + 1))), tmp_path / "again")
        assert first == again
        assert {"plan.json", "transfers.csv", "certificate.json", "inputs/assets.csv"} <= set(first)


@pytest.mark.parametrize("form", FORMS)
def test_the_order_of_rows_of_premises_changes_no_byte(form: str, tmp_path: Path) -> None:
    for seed in range(3):
        one = premises(seed, form, size=20)
        first = files(solver.solve(one.build()), tmp_path / "first")
        assert files(solver.solve(one.build(order=Random(seed + 1))), tmp_path / "again") == first


def test_the_number_of_processes_changes_no_byte(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("solver.patterns.search._WORTH_A_CREW", 0)
    one = premises(2, size=40)
    one.scenario["solver"] = {"work_limit": 10_000}
    monkeypatch.setattr(os, "cpu_count", lambda: 1)
    first = files(solver.solve(one.build()), tmp_path / "first")
    assert b"\nA-" in first["transfers.csv"]
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    assert files(solver.solve(one.build()), tmp_path / "again") == first


def test_the_number_of_cores_changes_no_byte(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one = draw(2, size=30, ties=True)
    first = files(solver.solve(one.build()), tmp_path / "first")
    for cores in (1, 7):
        monkeypatch.setattr(os, "cpu_count", lambda cores=cores: cores)
        monkeypatch.setattr("solver.flow.jit._PAIRS_PER_PIECE", 1)
        assert files(solver.solve(one.build()), tmp_path / "again") == first


def tables(result: solver.Result) -> tuple[Any, ...]:
    """What a planner acts on; the certificate and the figures behind a reason may be others."""
    plan = result.plan
    return (
        plan.transfers.to_dict("records"),
        plan.shortfalls.drop(columns="detail").to_dict("records"),
        plan.releases.to_dict("records"),
        result.objective,
        result.bound,
    )


@pytest.mark.parametrize("ties", [False, True])
def test_neither_a_coarse_start_nor_the_first_clamp_nor_short_rounds_change_the_plan(
    ties: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    ones = [draw(seed, size=20, ties=ties, units=3, plain=True) for seed in range(3)]
    expected = [tables(solver.solve(one.build())) for one in ones]
    for module, name, value in (
        (start, "WORTH_COARSENING", 1.01),
        (start, "WORTH_COARSENING", 10**9),
        (flow_solve, "_FIRST_CLAMP", 1),
        (flow_solve, "ADDED", 1),
        (flow_solve, "ASKED", 1),
        (start, "NEAREST", 1),
    ):
        with monkeypatch.context() as patch:
            patch.setattr(module, name, value)
            assert [repr(tables(solver.solve(one.build()))) for one in ones] == [repr(e) for e in expected], (
                name
            )


# --- cut short ---


@pytest.fixture
def crawl(monkeypatch: pytest.MonkeyPatch) -> None:
    """Begin with one pair a row and add one a round, so that a solve takes many rounds."""
    for module, name, value in (
        (start, "NEAREST", 1),
        (start, "PER_SHARE", 0),
        (flow_solve, "PER_SHARE", 0),
        (flow_solve, "ADDED", 1),
        (flow_solve, "ASKED", 1),
    ):
        monkeypatch.setattr(module, name, value)


@pytest.mark.usefixtures("crawl")
def test_stopped_after_the_first_round_the_plan_is_feasible_with_a_valid_bound_and_verified(
    tmp_path: Path,
) -> None:
    unproven = 0
    for seed in range(0, 10, 2):
        problem = draw(seed, size=20).build()
        best = solver.solve(problem)
        news: list[solver.Progress] = []
        short = solver.solve(problem, stop=lambda: True, on_progress=news.append)
        assert short.bound <= best.objective <= short.objective
        assert (short.status == solver.Status.OPTIMAL) == (short.bound == short.objective)
        assert max(one.round for one in news) == 1
        short.write(tmp_path / "plan")
        assert solver.verify_folder(tmp_path / "plan").violations == ()
        if short.status == solver.Status.FEASIBLE:
            unproven += 1
            parts = short.plan.summary["parts"]["category"]
            gaps = {name for name, part in parts.items() if part["gap_vnd"]}
            needs = problem.needs.set_index("need_id")["category"]
            assets = problem.assets.set_index("asset_id")["category"]
            short_of = short.plan.shortfalls
            open_needs = short_of[short_of["need_id"].map(needs).isin(gaps)]
            open_assets = short.plan.releases[short.plan.releases["asset_id"].map(assets).isin(gaps)]
            assert "outbid" not in set(open_needs["reason"])
            assert "met" not in set(open_assets["reason"])
    assert unproven > 2


@pytest.mark.usefixtures("crawl")
def test_the_rounds_bring_the_objective_down_and_the_bound_up() -> None:
    news: list[solver.Progress] = []
    solver.solve(draw(24, size=30).build(), on_progress=news.append)
    rounds = [one for one in news if one.objective is not None]
    assert len(rounds) > 2
    for category in ("vehicle", "equipment"):
        own = [one for one in rounds if one.category == category]
        assert [one.round for one in own] == list(range(1, len(own) + 1))
        for before, after in pairwise(own):
            assert after.objective is not None
            assert before.objective is not None
            assert after.objective <= before.objective
            assert (after.bound or 0) >= (before.bound or 0)
        if own:
            assert own[-1].objective == own[-1].bound
            assert own[-1].gap == "0.000000000"


@pytest.mark.usefixtures("crawl")
def test_a_time_limit_of_zero_is_none_and_a_tiny_one_stops_after_a_round() -> None:
    problem = draw(24, size=30).build()
    assert solver.solve(problem, time_limit=0).status == solver.Status.OPTIMAL
    news: list[solver.Progress] = []
    short = solver.solve(problem, time_limit=1e-9, on_progress=news.append)
    assert max(one.round for one in news) == 1
    assert short.status == solver.Status.FEASIBLE


@pytest.mark.usefixtures("crawl")
def test_a_limit_of_work_stops_at_the_same_place_every_time() -> None:
    one = draw(24, size=30)
    full = solver.solve(one.build())
    one.scenario["solver"] = {"work_limit": 1}
    first, again = solver.solve(one.build()), solver.solve(one.build())
    assert first.status == solver.Status.FEASIBLE
    assert first.plan.summary["solver"]["work"] < full.plan.summary["solver"]["work"]
    assert repr(tables(first)) == repr(tables(again))
    assert first.certificate == again.certificate


def test_premises_stopped_at_once_have_a_valid_bound_and_are_verified(tmp_path: Path) -> None:
    for seed in range(6):
        problem = premises(seed, FORMS[seed % 3], size=20).build()
        best = solver.solve(problem)
        news: list[solver.Progress] = []
        short = solver.solve(problem, stop=lambda: True, on_progress=news.append)
        assert short.bound <= best.objective <= short.objective
        assert best.bound <= short.objective
        assert [one.phase for one in news][-1] == "explain"
        short.write(tmp_path / "plan")
        assert solver.verify_folder(tmp_path / "plan").violations == ()


def test_news_of_premises_bring_the_objective_down_and_the_bound_up() -> None:
    news: list[solver.Progress] = []
    result = solver.solve(premises(7, size=24).build(), on_progress=news.append)
    rounds = [one for one in news if one.objective is not None]
    assert {one.category for one in rounds} == {"premises"}
    assert [one.round for one in rounds] == sorted({one.round for one in rounds})
    for before, after in pairwise(rounds):
        assert (after.objective or 0) <= (before.objective or 0)
        assert (after.bound or 0) >= (before.bound or 0)
    assert (rounds[-1].objective, rounds[-1].bound) == (result.objective, result.bound)


def test_movables_and_premises_are_planned_together_and_apart_alike() -> None:
    one, other = draw(5, size=12), premises(5)
    one.scenario = other.scenario | {"prices": one.scenario["prices"] | other.scenario["prices"]}
    one.scenario["prices"]["handover"] = other.scenario["prices"]["handover"] | {"vehicle": 7, "equipment": 3}
    one.scenario["prices"]["unmet"] = other.scenario["prices"]["unmet"] | {
        "vehicle": 10**6,
        "equipment": 10**5,
    }
    one.scenario.pop("stability", None)
    one.scenario["scope_province"] = None
    metres = other.metres
    apart = []
    for assets, needs in ((one.assets, one.needs), (other.assets, other.needs)):
        apart.append(solver.solve(Instance("communes", assets, needs, one.scenario, metres).build()))
    joined = Instance(
        "communes", one.assets + _named(other.assets), one.needs + _named(other.needs), one.scenario, metres
    )
    together = solver.solve(joined.build())
    assert together.objective == sum(result.objective for result in apart)
    assert together.bound == sum(result.bound for result in apart)
    parts = [result.plan.summary["parts"]["category"] for result in apart]
    assert together.plan.summary["parts"]["category"] == parts[0] | parts[1]
    assert len(together.plan.transfers) == sum(len(result.plan.transfers) for result in apart)


def _named(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows under other ids than those of movables."""
    return [
        {key: f"P-{value}" if key in ("asset_id", "need_id") else value for key, value in row.items()}
        for row in rows
    ]
