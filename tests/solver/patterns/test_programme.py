"""Both ways to solve the master agree with HiGHS, round after round, and patterns are kept once."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

import numpy as np
import pytest
from scipy.optimize import linprog

from solver.patterns import master as master_module
from solver.patterns import simplex
from solver.patterns.bound import first_prices, tighten
from solver.patterns.columns import Columns, Patterns, no_patterns
from solver.patterns.inherit import inherited
from solver.patterns.lazy import LIMITS
from solver.patterns.master import Master
from solver.patterns.part import components, dot, part_of
from solver.patterns.programme import Entries, Sparse
from solver.patterns.search import house
from solver.patterns.simplex import Dense
from tests.solver.patterns.estates import (
    CLASSES,
    best_by_enumeration,
    check,
    cost_of_use,
    draw,
    estate_of,
    proven_by_prices,
)

if TYPE_CHECKING:
    from solver.flow.market import Ints
    from solver.patterns.estate import Estate
    from solver.patterns.part import Part
    from solver.patterns.programme import Reals


def by_highs(top: Reals, price: Reals, entries: Entries) -> float:
    rows, columns = len(top), len(entries.cost)
    matrix = np.zeros((rows, columns + rows))
    for k in range(columns):
        mine = slice(entries.first[k], entries.first[k + 1])
        matrix[entries.row[mine], k] = entries.value[mine]
    matrix[:, columns:] = np.eye(rows)
    costs = np.concatenate([entries.cost, price, np.zeros(rows - len(price))])
    return float(linprog(costs, A_eq=matrix, b_eq=top, method="highs").fun)


def growing(rng: Random, guests: int, hosts: int) -> tuple[Reals, Reals, list[Entries]]:
    """A programme with more and more columns; many rows tie."""
    top = np.array([rng.choice([1, 1, 2, 3]) for _ in range(guests)] + [1] * hosts, float)
    price = np.array([rng.choice([50, 90]) for _ in range(guests)], float)
    cost: list[float] = []
    first, row, value, found = [0], [], [], []
    for _ in range(4):
        for _ in range(2 * hosts):
            served = rng.sample(range(guests), rng.randint(1, min(4, guests)))
            row += [guests + rng.randrange(hosts), *served]
            value += [1.0] + [float(rng.randint(1, int(top[g]))) for g in served]
            cost.append(float(rng.randint(0, 30 * len(served))))
            first.append(len(row))
        found.append(Entries(np.array(cost), np.array(first), np.array(row), np.array(value)))
    return top, price, found


@pytest.mark.parametrize("kind", [Dense, Sparse])
def test_programmes_that_grow_are_solved_to_the_optimum(kind: type[Dense | Sparse]) -> None:
    for seed in range(40):
        rng = Random(seed)
        top, price, found = growing(rng, rng.randint(1, 12), rng.randint(1, 8))
        programme = kind(top, price)
        for entries in found:
            solution = programme.solve(entries)
            assert solution is not None
            best = by_highs(top, price, entries)
            assert solution.value == pytest.approx(best, abs=1e-4)
            paid = entries.cost @ solution.weight + price @ solution.unmet
            assert paid == pytest.approx(best, abs=1e-3)
            owner = np.repeat(np.arange(len(entries.cost)), np.diff(entries.first))
            used = np.zeros(len(top))
            np.add.at(used, entries.row, entries.value * solution.weight[owner])
            assert np.abs(used[: len(price)] + solution.unmet - top[: len(price)]).max() < 1e-5
            assert (used[len(price) :] <= top[len(price) :] + 1e-5).all()
            # the duals prove the value: no column is worth more than it costs
            worth = np.zeros(len(entries.cost))
            np.add.at(worth, owner, entries.value * solution.dual[entries.row])
            assert (worth <= entries.cost + 1e-5).all()
            assert (solution.dual[: len(price)] <= price + 1e-5).all()
            assert (solution.dual[len(price) :] <= 1e-5).all()


def test_prices_that_rise_between_two_solutions_count() -> None:
    entries = Entries(np.array([70.0]), np.array([0, 2]), np.array([1, 0]), np.array([1.0, 1.0]))
    for kind in (Dense, Sparse):
        programme = kind(np.array([1.0, 1.0]), np.array([50.0]))
        cheap = programme.solve(entries)
        programme.price = np.array([200.0])
        dear = programme.solve(entries)
        assert cheap is not None
        assert dear is not None
        assert cheap.value == pytest.approx(50)
        assert dear.value == pytest.approx(70)
        assert dear.weight.tolist() == pytest.approx([1.0])


def test_the_inverse_is_computed_anew_where_pivots_run_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(simplex, "_FRESH", 2)
    for seed in range(20):
        top, price, found = growing(Random(seed), 8, 5)
        solution = Dense(top, price).solve(found[-1])
        assert solution is not None
        assert solution.value == pytest.approx(by_highs(top, price, found[-1]), abs=1e-4)


def test_the_value_is_summed_in_the_order_of_the_rows_on_every_processor() -> None:
    """BLAS adds in an order of its own, by the processor at hand."""
    for seed in range(40):
        rng = Random(seed)
        top, price, found = growing(rng, 60, 30)
        solution = Dense(top, price).solve(found[-1]._replace(cost=found[-1].cost * rng.random()))
        assert solution is not None
        total = 0.0
        for one, many in zip(solution.dual.tolist(), top.tolist(), strict=True):
            total += one * many
        assert solution.value == total


def dear(seed: int) -> Estate:
    """One building, needs whose prices are up to 10^15 times what serving them costs."""
    rng = Random(seed)
    load = [rng.randint(750, 1500) for _ in range(rng.randint(5, 7))]
    rate = rng.randint(5 * 10**14, 10**15)
    guests = [(1, rate * one // 1500 + rng.choice([0, 0, 1]), -1) for one in load]
    room = sum(rng.sample(load, rng.randint(2, len(load) - 1))) + rng.choice([0, 0, 1])
    return estate_of([(room, 0, 1)], guests, [], [(0, g, 1, one) for g, one in enumerate(load)])


def test_where_prices_lie_too_far_apart_for_the_digits_the_programme_is_scaled_down() -> None:
    failed = 0
    for seed in range(30):
        estate = dear(seed)
        part = part_of(estate, components(estate)[0], 1)
        columns = Columns(part)
        rng = np.random.default_rng(seed)
        for _ in range(12):
            x, room = np.zeros(part.n_pairs, np.int64), int(part.capacity[0])
            for g in rng.permutation(part.n_guests).tolist():
                if int(part.load[g]) <= room:
                    x[g], room = 1, room - int(part.load[g])
            columns.add_taken(x)
        master = Master(part, columns)
        master.ceiling = part.price
        failed += Sparse(master.programme.top, master.programme.price).solve(master.entries()) is None
        value = master.solve()
        assert value is not None
        master.scale = 1e15
        exact = by_highs(master.programme.top, part.price / 1e15, master.entries()) * 1e15
        assert value == pytest.approx(exact, rel=1e-9)
    assert failed > 20


def test_prices_far_above_every_cost_leave_a_plan_and_its_proof() -> None:
    for seed in range(4, 16):
        estate = dear(seed)
        housing = house(estate)
        check(estate, housing, best_by_enumeration(estate))


@pytest.mark.parametrize("held", [True, False])
def test_where_no_programme_can_be_solved_plan_and_bound_hold(
    monkeypatch: pytest.MonkeyPatch, *, held: bool
) -> None:
    given_up = [0]

    def nothing(*_: object) -> None:
        given_up[0] += 1

    monkeypatch.setattr(Dense, "solve", nothing)
    monkeypatch.setattr(Sparse, "solve", nothing)
    better = 0
    for seed in range(52):
        estate = draw(Random(seed), CLASSES[seed % len(CLASSES)])
        limits = LIMITS if held else LIMITS._replace(held=0)
        housing, optimum = house(estate, work_limit=20_000, limits=limits), best_by_enumeration(estate)
        assert cost_of_use(estate, housing) == housing.objective >= optimum >= housing.bound
        assert housing.trees or proven_by_prices(estate, housing) == housing.bound
        better += housing.bound == optimum
    assert given_up[0] > 50
    assert better > 40


def test_what_a_later_programme_fails_at_leaves_the_weights_of_the_one_before() -> None:
    part = part_of_three()
    columns = Columns(part)
    columns.add_taken(np.array([1, 0, 0, 0, 0, 0]))
    master = Master(part, columns)
    assert master.solve() is not None
    assert master.shares.tolist() == pytest.approx([1.0])
    columns.add_taken(np.array([0, 0, 0, 1, 1, 0]))
    master.programme = Dense(np.full(8, np.nan), np.full(3, np.nan))
    assert master.solve() is None
    assert master.shares.tolist() == pytest.approx([1.0, 0.0])


def dual_bounds(part: Part) -> int:
    columns = Columns(part)
    return tighten(
        part, columns, Master(part, columns), first_prices(part), close=lambda _: 0, stop=lambda: False
    ).bound


def test_bounds_are_the_same_whoever_solves_the_master(monkeypatch: pytest.MonkeyPatch) -> None:
    parts = []
    for seed in range(60):
        estate = draw(Random(seed), CLASSES[seed % len(CLASSES)], size=5)
        parts += [part_of(estate, one, 1 << 10) for one in components(estate)]
    own = [dual_bounds(part) for part in parts]
    monkeypatch.setattr(simplex, "_PATIENCE", 0)  # given up at once: GLOP steps in
    stepped_in = [dual_bounds(part) for part in parts]
    monkeypatch.setattr(master_module, "_FEW_ROWS", 0)
    theirs = [dual_bounds(part) for part in parts]
    assert stepped_in == theirs
    for part, one, other in zip(parts, own, theirs, strict=True):
        places = int(part.demand.sum() + part.cap.sum()) + part.n_hosts
        assert abs(one - other) <= 1e-6 * abs(other) + places


def part_of_three() -> Part:
    """One building and a second, three needs that both serve."""
    pairs = [(h, g, 10 * (h + 1) + g, 1) for h in (0, 1) for g in range(3)]
    estate = estate_of([(9, 5, 1), (9, 7, 1)], [(2, 90, -1)] * 3, [], pairs)
    return part_of(estate, components(estate)[0], 1)


def test_patterns_are_kept_once_with_their_cost_however_many_come() -> None:
    part, rng = part_of_three(), Random(5)
    columns = Columns(part)
    seen: dict[tuple[int, tuple[int, ...]], int] = {}
    for _ in range(400):
        x = np.array([rng.choice([0, 0, 1, 2]) if e != 1 else rng.randrange(500) for e in range(6)])
        fresh = {}
        for h in (0, 1):
            mine = tuple(x[3 * h : 3 * h + 3].tolist())
            cost = (5, 7)[h] + sum(n * (10 * (h + 1) + g) for g, n in enumerate(mine))
            if any(mine) and (h, mine) not in seen:
                fresh[h, mine] = cost
        assert columns.add_taken(x) == len(fresh)
        seen |= fresh
    known = columns.patterns
    assert len(columns) == len(seen) > 400
    for k, ((h, mine), cost) in enumerate(seen.items()):
        entries = slice(known.first[k], known.first[k + 1])
        assert (known.host[k], columns.cost[k]) == (h, cost)
        assert known.pairs[entries].tolist() == [3 * h + g for g, n in enumerate(mine) if n]
        assert known.places[entries].tolist() == [n for n in mine if n]
    assert columns.add(known) == columns.add(no_patterns()) == 0


def test_a_piece_inherits_what_decisions_leave_and_prices_allow() -> None:
    part = part_of_three()
    columns = Columns(part)
    for x in (
        [1, 0, 0, 0, 0, 0],
        [1, 1, 0, 0, 0, 0],
        [0, 2, 0, 0, 0, 0],
        [0, 1, 1, 0, 0, 0],
        [0, 0, 0, 1, 0, 0],
    ):
        columns.add_taken(np.array(x))
    put, host_at = np.array([1, 0, 0, 0, 0, 0]), np.array([4, -1])
    pair_at = np.array([-1, 8, -1, -1, -1, -1])
    bid, allowed = np.zeros(3, np.int64), np.array([27, 10**6])

    ones = np.ones(9, np.int64)
    roomy = part._replace(capacity=9 * ones, guest=np.zeros(9, np.int32), load=ones, demand=2 * ones[:1])

    def rest(allowed: Ints, into: Part = roomy) -> Patterns:
        known = columns.patterns
        return inherited(known, columns.cost, part.guest, bid, allowed, put, host_at, pair_at, into)

    # Of [1, 0, 0] the put place leaves nothing; [0, 1, 1] uses a dropped pair; the last is elsewhere.
    assert [one.tolist() for one in rest(np.array([10**6, 10**6]))] == [[4, 4], [0, 1, 2], [8, 8], [1, 2]]
    assert columns.cost[1] == 26  # 5 + 10 + 11, and [0, 2, 0] costs 27
    assert [one.tolist() for one in rest(allowed)] == [[4], [0, 1], [8], [1]]
    # What was put elsewhere leaves room, or demand, for one place only: two of them are no pattern any more.
    for full in (roomy._replace(capacity=ones), roomy._replace(demand=ones[:1])):
        assert [one.tolist() for one in rest(np.array([10**6, 10**6]), full)] == [[4], [0, 1], [8], [1]]


def test_scalar_products_are_exact_whatever_their_size() -> None:
    rng = Random(2)
    for bits in (10, 30, 31, 40, 62):
        one = [rng.randint(-(1 << bits), 1 << bits) for _ in range(9)]
        other = [rng.randint(-(1 << bits), 1 << bits) for _ in range(9)]
        assert dot(np.array(one), np.array(other)) == sum(a * b for a, b in zip(one, other, strict=True))
