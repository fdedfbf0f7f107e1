"""The integer programme at the end: what exchanges miss it finds; it keeps to every rule and to the stop."""

from __future__ import annotations

import os
from collections import Counter
from fractions import Fraction
from random import Random
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import solver
from solver.limits import finish, programme
from solver.limits.block import Weights
from solver.limits.plans import Plans
from solver.limits.premises import PremisesBlock
from solver.limits.programme import Frame, Programme
from solver.limits.rows import Counting, SideRows
from tests.solver.limits.cases import asset, match, moves, need, problem
from tests.solver.limits.naive_limits_premises import PremisesLimits
from tests.solver.limits.test_limits_premises import limited
from tests.solver.limits.test_premises_block import COST, NEVER, drawn, forms, never, priced, scales, seeds
from tests.solver.problem.instances import FORMS
from tests.solver.problem.premises_instances import premises_instance

if TYPE_CHECKING:
    from pathlib import Path

    from solver.limits.premises_tally import Pattern

M = 1_000_000


def place(name: str, spend: int, gain: int, **more: Any) -> tuple[dict[str, Any], dict[str, Any]]:  # noqa: ANN401 (cells)
    """A need of one place that takes 10 m2 of building B, and its match; what is not spent is gained."""
    of = more.pop("of", "B")
    row = need(name, (spend + gain) * M, category="premises", kinds="office", area_m2=10, **more)
    return row, match(of, name, spend * M)


def building(name: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401 (cells)
    return asset(name, category="premises", kind="office", area_m2=100, **more)


def knapsack(**more: Any) -> solver.Problem:  # noqa: ANN401 (values of a scenario)
    """One building for four needs under a budget of 9 million.

    Saved by a million spent: A 11 (spends 10), B 10 (spends 6), C and D 9 (spend 4 and 5). At any prices the
    building holds nobody, A, A and B, or all: none but nobody is within the budget. Filled up, the plan has B
    (saves 60); the best has C and D (saves 81).
    """
    rows = [place("A", 10, 110), place("B", 6, 60), place("C", 4, 36), place("D", 5, 45)]
    return problem(
        [building("B", release_value_vnd=0)],
        [row for row, _ in rows],
        [pair for _, pair in rows],
        limits={"budget_vnd": 9 * M},
        prices={"open_premises": 0},
        **more,
    )


#: What the needs of ``knapsack`` cost unmet, and met.
UNMET = (120 + 66 + 40 + 50) * M
FILLED, BEST = UNMET - 60 * M, UNMET - 81 * M


def test_exchanges_alone_miss_what_the_last_step_finds(monkeypatch: pytest.MonkeyPatch) -> None:
    result = solver.solve(knapsack())
    assert moves(result) == {("B", "C"): 1, ("B", "D"): 1}
    assert result.objective == BEST
    assert result.plan.summary["claimed"]["bound_vnd"] == BEST
    assert result.bound == UNMET - 99 * M  # nine tenths of A: the best that prices prove
    monkeypatch.setattr(Plans, "_finish", lambda _: None)
    without = solver.solve(knapsack())
    assert moves(without) == {("B", "B"): 1}
    assert without.objective == FILLED


def test_where_too_many_pairs_are_left_a_commune_at_a_time_is_freed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finish, "MOST_PAIRS", 1)
    result = solver.solve(knapsack())
    assert moves(result) == {("B", "C"): 1, ("B", "D"): 1}
    assert result.plan.summary["claimed"]["bound_vnd"] == result.bound  # others might do better
    monkeypatch.setattr(finish, "_TRIES", 0)
    assert solver.solve(knapsack()).objective == FILLED


def test_what_is_not_freed_stays_and_takes_its_room_and_its_share_of_the_budget(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # E, in another commune of the building, spends 1 and saves 20; with it 9 of 10 million are left as above.
    rows = [place("A", 10, 110), place("B", 6, 60), place("C", 4, 36), place("D", 5, 45)]
    rows.append(place("E", 1, 20, commune="00401"))
    one = problem(
        [building("B", release_value_vnd=0)],
        [row for row, _ in rows],
        [pair for _, pair in rows],
        limits={"budget_vnd": 10 * M},
        prices={"open_premises": 0},
        rules={"cross_province": {"premises": "allowed"}},
    )
    assert moves(solver.solve(one)) == {("B", "A"): 1}  # the best: spends 10, saves 110
    monkeypatch.setattr(finish, "MOST_PAIRS", 1)
    monkeypatch.setattr(finish, "_NEAR", 4)  # pairs of one commune alone
    result = solver.solve(one)
    assert moves(result) == {("B", "C"): 1, ("B", "D"): 1, ("B", "E"): 1}  # saves 101


def test_equal_buildings_and_openings_count_one_by_one() -> None:
    # Two equal buildings of 20 m2, each opens for 5 million and holds two of four needs; budget for three
    # places of 3 million. Three places save 20 each: 60 - 2 openings; two save 40 - 1 opening.
    rows = [place(name, 3, 20, of="B1") for name in "PQRS"]
    pairs = [match(one, name, 3 * M) for one in ("B1", "B2") for name in "PQRS"]
    for opening, expected in ((5, 60 - 10), (25, 40 - 25)):
        result = solver.solve(
            problem(
                [{**building(name, release_value_vnd=0), "area_m2": 20} for name in ("B1", "B2")],
                [row for row, _ in rows],
                pairs,
                limits={"budget_vnd": 11 * M},
                prices={"open_premises": opening * M},
            )
        )
        assert result.objective == 4 * 23 * M - expected * M


def test_vehicles_and_premises_share_a_budget_in_the_last_step() -> None:
    # As ``knapsack``, D being a car: the budget of 9 holds C and the car (81), or B (60), or A (none).
    rows = [place("A", 10, 110), place("B", 6, 60), place("C", 4, 36)]
    result = solver.solve(
        problem(
            [building("B", release_value_vnd=0), asset("V")],
            [*(row for row, _ in rows), need("D", 50 * M)],
            [*(pair for _, pair in rows), match("V", "D", 5 * M)],
            limits={"budget_vnd": 9 * M},
            prices={"open_premises": 0},
        )
    )
    assert moves(result) == {("B", "C"): 1, ("V", "D"): 1}
    assert result.objective == BEST
    assert result.plan.summary["claimed"]["bound_vnd"] == BEST


def test_what_plans_cost_that_miss_a_floor_is_proven_beside_the_penalty(tmp_path: Path) -> None:
    # A spends 10 of a budget of 5: the floor is missed by its unit. Half of A saves 55 of its 120.
    row, pair = place("A", 10, 110)
    result = solver.solve(
        problem(
            [building("B", release_value_vnd=0)],
            [row],
            [pair],
            limits={"budget_vnd": 5 * M},
            equity={"coverage_floor": {"premises": 1}},
            prices={"open_premises": 0},
        )
    )
    level = {"name": "floor_shortfall", "value": 1, "bound": 1}
    assert (result.objective, result.bound) == (120 * M, 65 * M)
    assert result.plan.summary["levels"] == [level]
    result.write(tmp_path / "plan")
    assert solver.verify_folder(tmp_path / "plan").ok


def check(seed: int, form: str, folder: Path) -> solver.Result:
    """Solve premises under limits; compare levels, cost and claim with HiGHS; verify the plan."""
    rng = Random(seed)
    one = premises_instance(rng, form, assets=5, needs=3)
    one = limited(one, rng, solver.solve(one.build(), time_limit=0))
    levels, cost = PremisesLimits(one).best()
    result = solver.solve(one.build(), time_limit=0)
    told = [(level["name"], level["value"]) for level in result.plan.summary["levels"]]
    expected = [(name, str(value) if isinstance(value, Fraction) else value) for name, value in levels]
    assert told == expected, seed
    assert result.objective == cost, seed
    assert result.bound <= result.plan.summary["claimed"]["bound_vnd"] <= cost, seed
    result.write(folder / f"{form}{seed}")
    checked = solver.verify_folder(folder / f"{form}{seed}")
    assert checked.ok, (seed, checked.violations[:4])
    return result


@pytest.mark.parametrize("form", FORMS)
def test_plans_of_small_premises_under_limits_are_those_of_an_integer_programme_of_the_whole(
    form: str, tmp_path: Path
) -> None:
    for seed in (*range(8), 34, 52):  # "matches": exchanges alone miss the best of the last two
        check(seed, form, tmp_path)


@pytest.mark.torture
@pytest.mark.parametrize("form", FORMS)
def test_a_long_random_search_over_premises_under_limits_finds_no_difference(
    form: str, tmp_path: Path
) -> None:
    first = int(os.environ.get("SURPLAN_TORTURE_SEED", "0"))
    for seed in range(first, first + int(os.environ.get("SURPLAN_TORTURE_COUNT", "300"))):
        check(seed, form, tmp_path)


@settings(deadline=None, max_examples=25)
@given(seeds, forms, scales, st.integers(0, 12))
def test_a_pair_that_prices_rule_out_is_in_no_plan_below_the_slack(
    seed: int, form: str, scale: int, digits: int
) -> None:
    rng, case = drawn(seed, form)
    block, prices = PremisesBlock(case.premises, case.rows, COST, scale), priced(rng, case, scale)
    answer = block.answer(prices, never)
    slack = scale * rng.randint(1, 10**digits)
    left = block.within(answer, prices, slack, 10**6)
    assert left is not None
    listed = set(zip(left.host.tolist(), left.guest.tolist(), strict=True))
    assume(len(listed) < len(case.eligible))
    host_of, guest_of = case.premises.host_of, case.premises.guest_of
    for a, n in sorted(case.eligible):
        if (int(host_of[a]), int(guest_of[n])) not in listed and left.whole:
            least = case.least_using((a, n), scale, prices, 1, NEVER)
            assert least is None or least >= answer.bound + slack
    if listed:
        assert block.within(answer, prices, slack, len(listed) - 1) is None


def test_a_plan_that_breaks_a_rule_in_integers_is_not_taken() -> None:
    # Three places of 30 m2 for two needs: one building of 50 m2, one of 100 m2; at most two in the commune.
    rows = [{**place("P", 1, 9)[0], "area_m2": 30, "units": 2}, {**place("Q", 1, 9)[0], "area_m2": 30}]
    one = problem(
        [{**building("S"), "area_m2": 50}, {**building("T"), "area_m2": 100}],
        rows,
        [match(a, n, M) for a in "ST" for n in "PQ"],
        norms={"max_per_commune": {"premises": 2}},
    ).premises
    assert one is not None
    block = PremisesBlock(
        one,
        SideRows(
            (),
            {
                "premises": Counting(
                    *(np.full((len(ids), 2), -1) for ids in (one.needs.ids, one.assets.ids, one.needs.ids))
                )
            },
            (),
        ),
        COST,
    )
    p, q = (int(one.guest_of[one.needs.ids.tolist().index(name)]) for name in "PQ")
    small, large = (int(one.host_of[one.assets.ids.tolist().index(name)]) for name in "ST")

    def held(**inside: dict[int, int]) -> bool:
        of = {"small": small, "large": large}
        patterns: Counter[Pattern] = Counter(
            {(of[name], tuple(sorted(what.items()))): 1 for name, what in inside.items()}
        )
        return block.holding(block.nothing(), patterns) is not None

    assert held(small={p: 1}, large={q: 1})
    assert held(large={p: 2})
    assert not held(small={p: 2})  # 60 m2
    assert not held(large={p: 2, q: 1})  # three places in the commune
    assert not held(large={q: 2})  # Q wants one
    twice: Counter[Pattern] = Counter({(small, ((p, 1),)): 2})
    assert block.holding(block.nothing(), twice) is None  # there is one S


def test_a_stop_ends_the_programme(monkeypatch: pytest.MonkeyPatch) -> None:
    # Equalities over large random numbers: SCIP is at it for hours.
    monkeypatch.setattr(programme, "_NODES", 10**9)
    monkeypatch.setattr(programme, "_SECONDS", 300.0)
    rng, hard = Random(1), Programme(Frame([], [], [], Weights(1, 0, NEVER)))
    numbers = [hard.whole(1, 0, 0) for _ in range(60)]
    for _ in range(6):
        amounts = {number: rng.randint(1, 100) for number in numbers}
        half = sum(amounts.values()) // 2
        hard.row(half, amounts)
        hard.row(-half, {number: -amount for number, amount in amounts.items()})
    asked: list[int] = []

    def stop() -> bool:
        asked.append(1)
        return len(asked) > 3

    assert hard.solve(stop) is None
    assert len(asked) < 1000  # twenty a second
