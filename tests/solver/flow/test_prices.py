"""Exact prices prove a flow, bounds hold for any prices, ties are broken as documented: random markets."""

from __future__ import annotations

from itertools import product
from random import Random

import numpy as np
import pytest

from solver.flow.market import Arcs, Kinds, Market, Offers, Places, Rows, Wants, no_bans, pick
from solver.flow.prices import exact_prices, values_of
from solver.flow.solve import bound_of, objective_of, solve_market, total
from solver.flow.state import Flow, Prices, totals
from solver.flow.ties import break_ties

SEEDS = range(150)


def listed(
    supply: list[int],
    demand: list[int],
    price: list[int],
    row: list[int],
    rows: list[tuple[int, int]],
    pairs: list[tuple[int, int, int, int]],
) -> Market:
    """Make a market of pairs (offer, want, cost, metres) and rows (cap, parent)."""
    zeros, small = np.zeros(len(supply), np.int64), np.zeros(len(supply), np.int32)
    blank, blank_small = np.zeros(len(demand), np.int64), np.zeros(len(demand), np.int32)
    empty, none = np.zeros(0, np.int64), np.zeros(0, np.int32)
    columns = np.array(pairs, np.int64).reshape(-1, 4)
    caps = np.array(rows, np.int64).reshape(-1, 2)
    return Market(
        Offers(np.array(supply, np.int64), small, zeros, small, zeros, zeros, *[small] * 5),
        Kinds(empty, empty, empty, empty, np.zeros((1, 1), np.uint8)),
        Wants(
            np.array(demand, np.int64),
            blank_small,
            blank,
            blank_small,
            blank,
            np.array(price, np.int64),
            blank_small,
            blank,
            blank_small,
            blank_small,
            np.array(row, np.int32),
            np.ones(len(demand), np.int64),
            np.array(price, np.int64),
        ),
        Rows(caps[:, 0], caps[:, 1].astype(np.int32)),
        Places(np.zeros((1, 1), np.int32), none, empty, empty, empty),
        no_bans(len(supply)),
        Arcs(columns[:, 0].astype(np.int32), columns[:, 1].astype(np.int32), columns[:, 2], columns[:, 3]),
    )


def draw(seed: int) -> Market:
    """Three offers, three wants, few distinct costs, and nested rows in two thirds of the seeds."""
    rng = Random(seed)
    rows = [(rng.randint(0, 3), 2), (rng.randint(0, 2), 2), (rng.randint(0, 4), -1)] if seed % 3 else []
    pairs = [
        (i, j, rng.randint(0, 5), rng.randint(0, 2)) for i in range(3) for j in range(3) if rng.random() < 0.8
    ]
    return listed(
        [rng.randint(1, 2) for _ in range(3)],
        [rng.randint(1, 2) for _ in range(3)],
        [rng.randint(0, 6) for _ in range(3)],
        [rng.choice([-1, 0, 1, 2]) if rows else -1 for _ in range(3)],
        rows,
        pairs,
    )


def arcs_of(market: Market) -> Arcs:
    """The pairs that cost less than leaving their need unmet."""
    pairs = market.listed
    assert pairs is not None
    keep = pairs.cost < market.wants.price[pairs.want]
    return pick(pairs, keep)


def feasible(market: Market, arcs: Arcs) -> list[Flow]:
    """Every flow on the pairs."""
    most = np.minimum(market.offers.supply[arcs.offer], market.wants.demand[arcs.want])
    flows = []
    for units in product(*(range(m + 1) for m in most.tolist())):
        flow = totals(market, arcs, np.array(units, np.int64))
        if (
            (flow.used <= market.offers.supply).all()
            and (flow.got <= market.wants.demand).all()
            and (flow.through <= market.rows.cap).all()
        ):
            flows.append(flow)
    return flows


def is_proof(market: Market, arcs: Arcs, flow: Flow, prices: Prices) -> bool:
    return bound_of(market, prices, values_of(market, arcs, prices.want)) == objective_of(market, arcs, flow)


def test_exact_prices_exist_for_optimal_flows_alone_and_prove_them() -> None:
    for seed in SEEDS:
        market = draw(seed)
        arcs = arcs_of(market)
        flows = feasible(market, arcs)
        least = min(objective_of(market, arcs, flow) for flow in flows)
        found = []
        for flow in flows:
            prices = exact_prices(market, arcs, flow)
            assert (prices is not None) == (objective_of(market, arcs, flow) == least), seed
            if prices is not None:
                assert is_proof(market, arcs, flow, prices), seed
                assert (prices.offer >= 0).all()
                assert (prices.row <= 0).all()
                found.append(prices)
        for prices in found:  # the same for every optimal flow
            assert prices.want.tolist() == found[0].want.tolist()
            assert prices.row.tolist() == found[0].row.tolist()
            assert prices.offer.tolist() == found[0].offer.tolist()


def test_exact_prices_are_the_largest_that_prove_the_flow() -> None:
    for seed in range(0, 60, 3):  # no rows: prices of needs alone
        market = draw(seed)
        arcs = arcs_of(market)
        solution = solve_market(market)
        largest = exact_prices(market, arcs, solution.flow)
        assert largest is not None
        for want in product(*(range(int(p) + 1) for p in market.wants.price)):
            y = np.array(want, np.int64)
            prices = Prices(y, largest.row, values_of(market, arcs, y))
            if is_proof(market, arcs, solution.flow, prices):
                assert (y <= largest.want).all(), seed


def test_the_bound_of_any_prices_is_at_most_the_optimum() -> None:
    rng = np.random.default_rng(1)
    close = 0
    for seed in SEEDS:
        market = draw(seed)
        arcs = arcs_of(market)
        best = solve_market(market)
        assert best.optimal
        for _ in range(20):
            row = np.zeros(len(market.rows.cap), np.int64)
            for r in range(len(row) - 1, -1, -1):  # mu falls from the root inwards
                parent = market.rows.parent[r]
                row[r] = (row[parent] if parent >= 0 else 0) - rng.integers(0, 3)
            above = np.append(row, 0)[market.wants.row]
            want = market.wants.price + above - rng.integers(0, 4, market.n_wants)
            bound = bound_of(market, Prices(want, row, np.zeros(0, np.int64)), values_of(market, arcs, want))
            assert bound <= best.objective
            close += bound == best.objective
    assert close > 15


def test_ties_fall_to_the_least_metres_then_to_the_first_pairs() -> None:
    choices = 0
    for seed in SEEDS:
        market = draw(seed)
        arcs = arcs_of(market)
        flows = feasible(market, arcs)
        key = {
            id(flow): (objective_of(market, arcs, flow), int((flow.units * arcs.metres).sum()))
            for flow in flows
        }
        least = min(key.values())
        expected = max(flow.units.tolist() for flow in flows if key[id(flow)] == least)
        solution = break_ties(market, solve_market(market))
        got = dict(
            zip(zip(solution.arcs.offer, solution.arcs.want, strict=True), solution.flow.units, strict=True)
        )
        assert [got.get(pair, 0) for pair in zip(arcs.offer, arcs.want, strict=True)] == expected, seed
        assert sum(got.values()) == sum(expected)
        assert objective_of(market, solution.arcs, solution.flow) == least[0]
        choices += sum(cost == least[0] for cost, _ in key.values()) > 1
    assert choices > 30


def test_breaking_ties_twice_changes_nothing() -> None:
    market = draw(4)
    once = break_ties(market, solve_market(market))
    twice = break_ties(market, once)
    assert twice.flow.units.tolist() == once.flow.units.tolist()


@pytest.mark.parametrize(
    ("units", "each"), [([], []), ([3], [4]), ([1 << 40, 5], [1 << 40, -(1 << 57)]), ([1] * 9, [1 << 61] * 9)]
)
def test_totals_are_exact_beyond_64_bits(units: list[int], each: list[int]) -> None:
    expected = sum(u * e for u, e in zip(units, each, strict=True))
    assert total(np.array(units, np.int64), np.array(each, np.int64)) == expected
