"""Bounds hold for any prices, what prices rule out is in no better plan, the master finds the best bound."""

from __future__ import annotations

from itertools import product
from random import Random
from typing import TYPE_CHECKING

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from solver.patterns.bound import first_prices, priced, tighten
from solver.patterns.columns import Columns
from solver.patterns.estate import MONEY_RANGE
from solver.patterns.master import Master
from solver.patterns.moves import cost_of, expanded
from solver.patterns.part import components, dot, part_of
from solver.patterns.pricing import bids, dual_value, every_host, gains, widest
from solver.patterns.reduce import decide, penalties
from solver.patterns.tasks import unit_of
from tests.solver.patterns.estates import (
    CLASSES,
    all_pairs,
    best_by_enumeration,
    draw,
    estate_of,
    patterns_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from solver.flow.market import Ints
    from solver.patterns.estate import Estate
    from solver.patterns.part import Part

SEEDS = range(260)


def estate_at(seed: int, size: int = 4) -> Estate:
    return draw(Random(seed), CLASSES[seed % len(CLASSES)], size=size)


def parts_of(estate: Estate) -> list[Part]:
    return [part_of(estate, one, 1) for one in components(estate)]


def plans_of(part: Part) -> list[Ints]:
    """Every plan of a part with single hosts."""
    host = np.repeat(np.arange(part.n_hosts), np.diff(part.first))
    plans = []
    for places in product(*(range(d + 1) for d in part.demand[part.guest].tolist())):
        x = np.array(places, np.int64)
        room, unmet, free = part.capacity.copy(), part.demand.copy(), part.cap.copy()
        np.subtract.at(room, host, x * part.load)
        np.subtract.at(unmet, part.guest, x)
        for e in np.flatnonzero(x).tolist():
            row = int(part.row[part.guest[e]])
            while row >= 0:
                free[row] -= x[e]
                row = int(part.parent[row])
        if min(room.min(), unmet.min(), free.min(initial=0)) >= 0:
            plans.append(x)
    return plans


def small_parts(most: int = 8) -> Iterator[tuple[int, Part]]:
    """Parts with single hosts and few plans."""
    for seed in SEEDS:
        for part in parts_of(estate_at(seed, 3)):
            single, _ = expanded(part)
            if single.n_pairs <= most:
                yield seed, single


def random_prices(rng: Random, part: Part) -> tuple[Ints, Ints]:
    price = np.array([rng.randint(-p // 4, p) for p in part.price.tolist()], np.int64)
    typical = int(np.median(part.price)) + 1
    return price, np.array([rng.choice([0, rng.randint(0, typical)]) for _ in part.cap], np.int64)


def test_components_share_no_pair_and_hold_every_pair_worth_its_cost() -> None:
    for seed in SEEDS:
        estate = estate_at(seed, 6)
        found = components(estate)
        worth = {(h, g) for h, g, cost, _ in all_pairs(estate) if cost < estate.price[g]}
        home_h = {h: k for k, one in enumerate(found) for h in one.hosts.tolist()}
        home_g = {g: k for k, one in enumerate(found) for g in one.guests.tolist()}
        assert sum(len(one.hosts) for one in found) == len(home_h)
        assert sum(len(one.guests) for one in found) == len(home_g)
        assert all(home_h[h] == home_g[g] for h, g in worth)
        assert set(home_h) == {h for h, _ in worth}
        assert set(home_g) == {g for _, g in worth}
        of_row: dict[int, set[int]] = {}
        for g, k in home_g.items():
            row = int(estate.row[g])
            while row >= 0:
                of_row.setdefault(row, set()).add(k)
                row = int(estate.rows.parent[row])
        for row, homes in of_row.items():
            assert [k for k, one in enumerate(found) if row in one.rows] == sorted(homes)
            assert len(homes) == 1


def test_parts_that_nothing_joins_are_not_one() -> None:
    pairs = [(0, 0, 5, 1), (1, 0, 5, 1), (2, 1, 5, 1), (3, 2, 50, 1)]  # the last is too dear
    estate = estate_of([(9, 0, 1)] * 4, [(1, 20, -1)] * 3, [], pairs)
    assert [(one.hosts.tolist(), one.guests.tolist()) for one in components(estate)] == [
        ([0, 1], [0]),
        ([2], [1]),
    ]
    joined = estate_of(
        [(9, 0, 1)] * 4, [(1, 20, 0), (1, 20, 1), (1, 20, -1)], [(1, 2), (2, 2), (2, -1)], pairs
    )
    assert [one.rows.tolist() for one in components(joined)] == [[0, 1, 2]]


def test_a_part_holds_what_the_estate_says_times_the_denominator() -> None:
    estate = estate_of(
        [(9, 3, 1), (8, 4, 2), (7, 5, 1)], [(1, 20, -1), (2, 30, 1)], [(4, -1), (3, -1)],
        [(0, 0, 5, 1), (1, 1, 6, 2), (2, 1, 7, 3), (2, 1, 7, 3)][:3],
    )  # fmt: skip
    part = parts_of(estate)[0]
    assert (part.capacity.tolist(), part.opening.tolist(), part.copies.tolist()) == ([8, 7], [4, 5], [2, 1])
    big = part_of(estate, components(estate)[0], 8)
    assert (big.opening.tolist(), big.cost.tolist(), big.price.tolist()) == ([32, 40], [48, 56], [240])
    assert (big.load.tolist(), big.demand.tolist(), big.cap.tolist(), big.row.tolist()) == (
        [2, 3],
        [2],
        [3],
        [0],
    )


def test_a_guest_bids_its_price_less_those_of_all_rows_above_it() -> None:
    estate = estate_of(
        [(9, 0, 1)], [(1, 90, 0), (1, 90, 1), (1, 90, 2), (1, 90, -1)], [(1, 1), (1, 2), (1, -1)],
        [(0, g, 5, 1) for g in range(4)],
    )  # fmt: skip
    part = parts_of(estate)[0]
    assert bids(part, np.array([50, 40, 30, 20]), np.array([1, 10, 7])).tolist() == [32, 23, 23, 20]


@given(st.integers(0, 10**6), st.integers(0, 10**6))
@settings(deadline=None, max_examples=300)
def test_no_prices_prove_more_than_the_optimum(seed: int, other: int) -> None:
    estate, rng = estate_at(seed, 3), Random(other)
    total = 0
    served: set[int] = set()
    for one, part in zip(components(estate), parts_of(estate), strict=True):
        price, row_price = random_prices(rng, part)
        reduced, taken = every_host(part, bids(part, price, row_price), *widest(part))
        total += dual_value(part, price, row_price, reduced)
        owner = np.repeat(np.arange(part.n_hosts), np.diff(part.first))
        room = part.capacity.copy()
        np.subtract.at(room, owner, taken * part.load)
        assert (room >= 0).all()
        served |= set(one.guests.tolist())
    rest = [g for g in range(estate.n_guests) if g not in served]
    total += sum(int(estate.price[g]) * int(estate.demand[g]) for g in rest)
    assert total <= best_by_enumeration(estate)


def test_what_a_building_gains_is_its_best_set() -> None:
    for seed in SEEDS:
        estate, rng = estate_at(seed), Random(seed)
        bid = np.array([rng.randint(0, p) for p in estate.price.tolist()], np.int64)
        expected = [
            min(cost - sum(int(bid[g]) * n for g, n in taken) for taken, cost in patterns_of(estate, h))
            for h in range(estate.n_hosts)
        ]
        assert gains(estate, bid).tolist() == [min(0, gain) for gain in expected]


def test_sums_of_equal_buildings_leave_64_bits_unharmed() -> None:
    estate = estate_of([(10, 0, 40)], [(1, 1 << 59, -1)], [], [(0, 0, 0, 1)])
    part = parts_of(estate)[0]
    reduced, _ = every_host(part, part.price, *widest(part))
    assert dual_value(part, part.price, np.zeros(0, np.int64), reduced) == (1 << 59) - 40 * (1 << 59)


def test_prices_that_add_up_beyond_64_bits_leave_no_bid() -> None:
    huge = (1 << 63) - 1
    rows = [(1, 1), (1, 2), (1, -1)]
    guests = [(1, 9, 0), (1, 9, 2), (1, 9, -1)]
    estate = estate_of([(10, 0, 1)], guests, rows, [(0, g, 0, 1) for g in range(3)])
    part = parts_of(estate)[0]
    order = [int(np.flatnonzero(part.row == row)[0]) for row in (0, 2, -1)]
    price = np.full(3, 9)
    for row_price, expected in (
        ([huge, huge, huge], [9 - MONEY_RANGE, 9 - MONEY_RANGE, 9]),
        ([huge, huge, 4], [9 - MONEY_RANGE, 5, 9]),
        ([1, 2, 4], [2, 5, 9]),
    ):
        assert bids(part, price, np.array(row_price))[order].tolist() == expected
    price[order[2]] = -huge
    bid = bids(part, price, np.array([huge, 0, 0]))
    assert bid[order].tolist() == [9 - MONEY_RANGE, 9, -MONEY_RANGE]
    assert every_host(part, bid, *widest(part))[0].tolist() == [-9]


def ruled_at(part: Part, rng: Random) -> tuple[int, Ints, Ints, Ints]:
    """L, what putting and leaving out each pair adds to it, and r_h, at random prices."""
    price, row_price = random_prices(rng, part)
    bid = bids(part, price, row_price)
    reduced, taken = every_host(part, bid, *widest(part))
    within, without = np.full((2, part.n_pairs), -7, np.int64)
    penalties(
        part.capacity, part.opening, part.first, part.guest, part.cost, part.load, bid, part.demand, reduced,
        taken, within, without,
    )  # fmt: skip
    return dual_value(part, price, row_price, reduced), within, without, reduced


def test_penalties_are_what_pricing_again_with_the_pair_in_or_out_gives() -> None:
    for seed, part in small_parts():
        rng = Random(seed)
        price, row_price = random_prices(rng, part)
        bid = bids(part, price, row_price)
        reduced, taken = every_host(part, bid, *widest(part))
        within, without = np.full((2, part.n_pairs), -7, np.int64)
        penalties(
            part.capacity, part.opening, part.first, part.guest, part.cost, part.load, bid, part.demand,
            reduced, taken, within, without,
        )  # fmt: skip
        owner = np.repeat(np.arange(part.n_hosts), np.diff(part.first))
        for e, h in enumerate(owner.tolist()):
            low, high = widest(part)
            low[e] = 1
            forced, _ = every_host(part, bid, low, high)
            assert within[e] == forced[h] - min(0, reduced[h]), seed
            high[e] = low[e] = 0
            barred, _ = every_host(part, bid, low, high)
            assert without[e] == min(0, barred[h]) - min(0, reduced[h]), seed


def test_no_plan_below_the_cutoff_goes_against_what_prices_rule() -> None:
    for seed, part in small_parts(7):
        bound, within, without, reduced = ruled_at(part, Random(seed))
        owner = np.repeat(np.arange(part.n_hosts), np.diff(part.first))
        for x in plans_of(part):
            cost = cost_of(part, x)
            used = np.bincount(owner, weights=x, minlength=part.n_hosts) > 0
            assert cost >= bound
            assert all(cost >= bound + w for w in within[x > 0].tolist()), seed
            assert all(cost >= bound + w for w in without[x == 0].tolist()), seed
            assert all(cost >= bound - min(0, r) for r in reduced[~used].tolist()), seed


def test_a_plan_that_keeps_to_decisions_costs_what_is_fixed_and_its_pieces() -> None:
    tried = 0
    for seed, part in small_parts(7):
        rng = Random(seed)
        drop = np.array([rng.random() < 0.2 for _ in range(part.n_pairs)], bool)
        put = np.array([int(rng.random() < 0.2) for _ in range(part.n_pairs)], np.int64)
        opened = np.array([rng.random() < 0.2 for _ in range(part.n_hosts)], bool)
        rest = decide(part, drop, put, opened)
        owner = np.repeat(np.arange(part.n_hosts), np.diff(part.first))
        kept = [x for x in plans_of(part) if (x[drop] == 0).all() and (x >= put).all()]
        assert (rest is None) == (not kept), seed
        if rest is None:
            continue
        assert [p.part.n_pairs for p in rest.pieces] == sorted(p.part.n_pairs for p in rest.pieces)
        inside = np.zeros(part.n_pairs, bool)
        for piece in rest.pieces:
            assert not inside[piece.pairs].any()
            inside[piece.pairs] = True
        for x in kept:
            if (x[~inside] != put[~inside]).any():
                continue  # a pair that has become too dear or too large is not worth a place
            used = np.bincount(owner, weights=x, minlength=part.n_hosts) > 0
            idle = sum(part.opening[opened & ~used].tolist())
            pieces = sum(cost_of(piece.part, (x - put)[piece.pairs]) for piece in rest.pieces)
            assert cost_of(part, x) + idle == rest.fixed + pieces, seed
            tried += 1
        best = min(cost_of(part, x) + _idle(part, x, opened) for x in kept)
        assert best == rest.fixed + sum(
            min(cost_of(piece.part, y) for y in plans_of(piece.part)) for piece in rest.pieces
        ), seed
    assert tried > 500


def _idle(part: Part, x: Ints, opened: np.ndarray) -> int:
    owner = np.repeat(np.arange(part.n_hosts), np.diff(part.first))
    used = np.bincount(owner, weights=x, minlength=part.n_hosts) > 0
    return int(part.opening[opened & ~used].sum())


def test_the_unit_divides_the_cost_of_every_plan() -> None:
    units = set()
    for seed, part in small_parts(6):
        unit = unit_of(part)
        units.add(unit)
        assert all(cost_of(part, x) % unit == 0 for x in plans_of(part)), seed
    assert len(units) > 3


def test_the_unit_of_several_places_divides_the_price_of_one() -> None:
    estate = estate_of([(5, 6, 1)], [(2, 9, -1)], [], [(0, 0, 6, 5)])
    part = parts_of(estate)[0]
    assert unit_of(part) == 3  # costs: 18 with both unmet, 21 with one placed


def best_linear(part: Part, estate: Estate, hosts: Ints, guests: Ints) -> float:
    """The linear programme over every pattern, by HiGHS."""
    at = {g: k for k, g in enumerate(guests.tolist())}
    columns, costs = [], []
    for k, h in enumerate(hosts.tolist()):
        for taken, cost in patterns_of(estate, h):
            if not all(g in at for g, _ in taken):
                continue
            column = np.zeros(part.n_guests + part.n_hosts + len(part.cap))
            column[part.n_guests + k] = 1
            for g, n in taken:
                column[at[g]] += n
                row = int(part.row[at[g]])
                while row >= 0:
                    column[part.n_guests + part.n_hosts + row] += n
                    row = int(part.parent[row])
            columns.append(column)
            costs.append(cost - sum(n * int(estate.price[g]) for g, n in taken))
    top = np.concatenate([part.demand, part.copies, part.cap]).astype(float)
    found = linprog(costs, A_ub=np.array(columns).T, b_ub=top, bounds=(0, None), method="highs")
    return float(found.fun) + float((part.price * part.demand).sum())


def test_column_generation_reaches_the_best_bound_over_every_pattern() -> None:
    for seed in SEEDS:
        estate = estate_at(seed)
        for one in components(estate):
            scale = 1 << 10 if estate.price.max() < 10**6 else 1
            part = part_of(estate, one, scale)
            columns = Columns(part)
            master = Master(part, columns)
            dual = tighten(
                part, columns, master, first_prices(part), close=lambda _bound: 0, stop=lambda: False
            )
            exact = best_linear(part_of(estate, one, 1), estate, one.hosts, one.guests)
            places = int(part.demand.sum() + part.cap.sum()) + part.n_hosts
            assert dual.bound / scale <= exact * (1 + 1e-9) + 1e-6
            assert dual.bound / scale >= exact * (1 - 1e-6) - places / scale, seed
            assert (dual.price <= part.price).all()
            assert (dual.row_price >= 0).all()


def test_prices_that_share_the_openings_prove_what_they_come_to() -> None:
    positive = 0
    for seed in SEEDS:
        estate = estate_at(seed)
        for one in components(estate):
            part = part_of(estate, one, 1)
            dual = priced(part, first_prices(part))
            assert (dual.reduced >= 0).all()
            assert dual.bound == dot(part.demand, dual.price)
            exact = best_linear(part, estate, one.hosts, one.guests)
            assert 0 <= dual.bound <= exact * (1 + 1e-9) + 1e-6
            positive += dual.bound > 0.3 * exact
    assert positive > len(SEEDS) / 2


def test_a_place_pays_its_share_of_the_cheaper_building() -> None:
    # 5 + 30 * 4 / 12 = 15 against 9 + 10 * 4 / 5 = 17, and 1 + 30 * 6 / 12 = 16 against 2 + 10 * 4 / 5 = 10.
    pairs = [(0, 0, 5, 4), (1, 0, 9, 4), (0, 1, 1, 6), (1, 1, 2, 4)]
    estate = estate_of([(12, 30, 1), (5, 10, 1)], [(1, 90, -1), (2, 11, -1)], [], pairs)
    price, _ = first_prices(parts_of(estate)[0])
    assert price.tolist() == [15, 10]


def test_where_prices_of_unmet_places_are_enormous_and_some_stay_unmet_the_bound_is_still_the_best() -> None:
    # One building with room for one of two needs: the dearer is served, whatever the ceilings begin with.
    estate = estate_of([(5, 3, 1)], [(1, 10**9, -1), (1, 10**9 + 7, -1)], [], [(0, 0, 4, 5), (0, 1, 6, 5)])
    part = parts_of(estate)[0]
    columns = Columns(part)
    master = Master(part, columns)
    dual = tighten(part, columns, master, first_prices(part), close=lambda _bound: 0, stop=lambda: False)
    assert dual.bound == 10**9 + 6 + 3
    assert master.ceiling.max() == part.price.max()
