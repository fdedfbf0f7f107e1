"""The knapsack finds what trying every set finds, on both of its routes and at both ends of its ranges."""

from __future__ import annotations

from itertools import product
from random import Random
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solver.patterns import knapsack
from solver.patterns.knapsack import _better as better
from solver.patterns.knapsack import _search as searched  # the two routes, each by itself
from solver.patterns.knapsack import _table as table

if TYPE_CHECKING:
    from collections.abc import Callable

Items = list[tuple[int, int, int]]  # value, load, most


def fitted(items: Items, capacity: int) -> tuple[int, list[int]]:
    value, load, most = (np.array(column, np.int64) for column in zip(*items, strict=True))
    order, x, take = (np.full(len(items), -7, np.int64) for _ in range(3))
    worth = knapsack.fit(len(items), value, load, most, capacity, order, x, take)
    return int(worth), take.tolist()


def tabled(items: Items, capacity: int) -> tuple[int, list[int]]:
    value, load, most = (np.array(column, np.int64) for column in zip(*items, strict=True))
    take = np.full(len(items), -7, np.int64)
    return int(table(len(items), value, load, most, capacity, take)), take.tolist()


def best(items: Items, capacity: int) -> int:
    """Try every set."""
    return max(
        sum(x * value for x, (value, _, _) in zip(taken, items, strict=True))
        for taken in product(*(range(most + 1) for _, _, most in items))
        if sum(x * load for x, (_, load, _) in zip(taken, items, strict=True)) <= capacity
    )


def assert_exact(
    items: Items, capacity: int, by: Callable[[Items, int], tuple[int, list[int]]] = fitted
) -> None:
    worth, take = by(items, capacity)
    assert all(0 <= x <= most for x, (_, _, most) in zip(take, items, strict=True)), (items, capacity)
    assert sum(x * load for x, (_, load, _) in zip(take, items, strict=True)) <= capacity, (items, capacity)
    assert sum(x * value for x, (value, _, _) in zip(take, items, strict=True)) == worth, (items, capacity)
    assert worth == best(items, capacity), (items, capacity)


def drawn(rng: Random, kind: str) -> tuple[Items, int]:
    """Draw items and a capacity of a class."""
    if kind == "near":
        return near(rng)
    count = rng.randint(1, 7)
    large = {"dear": 10**13, "huge": 10**13}.get(kind, 20)
    wide = 10 ** rng.randint(8, 13) if kind == "huge" else 10
    items = []
    for _ in range(count):
        load = rng.randint(0 if kind == "weightless" else 1, wide)
        value = 7 * load + 1 if kind == "equal" else rng.randint(1, large)
        items.append((max(value, 1), load, rng.randint(1, 3) if kind == "copies" else 1))
    total = sum(load * most for _, load, most in items)
    capacity = rng.choice([total // 2, rng.randint(0, total + 1), items[0][1], 0, total, max(total - 1, 0)])
    return items, capacity


def near(rng: Random) -> tuple[Items, int]:
    """Draw items of nearly equal efficiency with gains that floating point does not hold."""
    rate, unit = rng.randint(5 * 10**13, 10**14), rng.choice([1, 1, 1 << 30])
    loads = [rng.choice([500, 750, 1_000]) for _ in range(rng.randint(4, 7))]
    items = [(rate * load + rng.choice([0, 0, 1]), load * unit, rng.choice([1, 1, 1, 2])) for load in loads]
    return items, (sum(rng.sample(loads, rng.randint(2, len(loads) - 1))) + rng.choice([0, 0, 1])) * unit


@pytest.mark.parametrize("kind", ["plain", "weightless", "equal", "copies", "dear", "huge", "near"])
def test_every_set_tried_gives_the_same_worth(kind: str) -> None:
    rng = Random(kind)
    for _ in range(1_200):
        assert_exact(*drawn(rng, kind))


@pytest.mark.parametrize("kind", ["plain", "weightless", "equal", "copies", "dear"])
def test_the_table_finds_the_same_worth(kind: str) -> None:
    rng = Random(kind)
    for _ in range(300):
        assert_exact(*drawn(rng, kind), by=tabled)


def test_gains_that_floating_point_does_not_hold_are_told_apart() -> None:
    # The quotients of any two differ by less than a float shows; taken out of order, Dantzig's bound is none.
    loads = [1242, 1118, 1073, 1287, 949, 1098]
    values = [
        8289068896632023, 7461496800671982, 7161168217460677, 8589397479843329, 6333596121500636,
        7328017430350847,
    ]  # fmt: skip
    items = [(value, load, 1) for value, load in zip(values, loads, strict=True)]
    assert_exact(items, 2_360)
    assert_exact([(value, load << 32, 1) for value, load, _ in items], 2_360 << 32)


ORDERED = st.tuples(st.integers(1, 1 << 60), st.integers(0, 1 << 60))


@settings(deadline=None)
@given(ORDERED, ORDERED, st.integers(1, 1 << 30), st.integers(-1, 1))
def test_efficiencies_are_compared_exactly(
    one: tuple[int, int], other: tuple[int, int], times: int, more: int
) -> None:
    small = (other[0] >> 30, other[1] >> 30)
    near = (max(small[0] * times + more, 1), small[1] * times)
    for a, b in ((one, other), (one, one), (near, (max(small[0], 1), small[1]))):
        for (worth, load), (much, size) in ((a, b), (b, a)):
            assert better(worth, load, much, size) == (worth * size > much * load)


def test_loads_whose_sum_leaves_64_bits_do_not_all_fit() -> None:
    big = (1 << 62) - 1
    assert fitted([(5, big, 1), (7, big, 1), (6, big, 1), (4, 1, 1)], big) == (7, [0, 1, 0, 0])
    assert fitted([(5, big, 1), (7, big - 1, 1), (6, big, 1), (4, 1, 1)], big) == (11, [0, 1, 0, 1])


def test_no_table_is_made_whose_cells_leave_64_bits() -> None:
    # Patience runs out; 20 rows of nearly 2^62 cells would count as less than none.
    big = (1 << 62) // 1_000
    items = [(2 * k, 2 * k * big, 1) for k in range(40, 60)]
    assert fitted(items, 991 * big)[0] == 990


def test_a_load_equal_to_the_capacity_fits_and_one_unit_more_does_not() -> None:
    assert fitted([(5, 10, 1), (4, 3, 1)], 10) == (5, [1, 0])
    assert fitted([(5, 11, 1), (4, 3, 1)], 10) == (4, [0, 1])
    assert fitted([(5, 10, 9)], 99) == (45, [9])
    assert fitted([(5, 10, 9)], 89) == (40, [8])


def test_what_weighs_nothing_is_always_taken() -> None:
    assert fitted([(5, 4, 2), (1, 0, 3), (6, 5, 1)], 0) == (3, [0, 3, 0])
    assert fitted([(5, 4, 2), (1, 0, 3), (6, 5, 1)], 8) == (13, [2, 3, 0])


def test_equal_efficiencies_send_the_search_to_the_table_and_the_worth_is_exact() -> None:
    # Even loads and an odd capacity: the bound never closes, so that patience runs out.
    items = [(2 * k, 2 * k, 1) for k in range(40, 65)]
    value, load, most = (np.array(column, np.int64) for column in zip(*items, strict=True))
    capacity = 1_001
    scratch = [np.zeros(len(items), np.int64) for _ in range(3)]
    order = np.arange(len(items))
    steps = searched(
        len(items), value, load, most, capacity, order, scratch[0], scratch[1], knapsack.PATIENCE
    )
    assert steps == -1
    assert fitted(items, capacity)[0] == 1_000
    taken = fitted(items, capacity)[1]
    assert sum(x * load for x, (_, load, _) in zip(taken, items, strict=True)) == 1_000


@pytest.mark.parametrize("big", [10**8, 6 * 10**14])  # with the larger the number of cells leaves 64 bits
def test_where_no_table_is_small_enough_the_search_goes_on_to_the_end(big: int) -> None:
    rng = Random(5)
    items = [((load := rng.randrange(30, 60)) * 1_000 + rng.randint(0, 9), load * big, 1) for _ in range(30)]
    capacity = 600 * big + 7
    assert sum(most for _, _, most in items) * (capacity + 1) > knapsack.TABLE
    small = [(value, load // big, most) for value, load, most in items]
    assert fitted(items, capacity)[0] == tabled(small, 600)[0]
    assert fitted(small, 600)[0] == tabled(small, 600)[0]
