from __future__ import annotations

import itertools

from hypothesis import given, settings
from hypothesis import strategies as st

from solver.checker.knapsack import beats, fill_up, most, singles
from solver.checker.pieces import Host
from solver.checker.tree import Prices, best_of, penalties

Place = tuple[int, int, int]

PLACES = st.lists(st.tuples(st.integers(1, 40), st.integers(0, 12), st.integers(1, 4)), max_size=6)
MANY = st.lists(st.tuples(st.integers(1, 10**13), st.integers(1, 400), st.just(1)), min_size=12, max_size=40)


def choices(room: int, places: list[Place]) -> list[tuple[int, tuple[int, ...]]]:
    """List the worth of every set that fits, with how many of each place it has."""
    every = itertools.product(*(range(copies + 1) for _, _, copies in places))
    return [
        (sum(n * worth for n, (worth, _, _) in zip(counts, places, strict=True)), counts)
        for counts in every
        if sum(n * load for n, (_, load, _) in zip(counts, places, strict=True)) <= room
    ]


def table(room: int, places: list[Place]) -> int:
    """Fill a table over the room: another way to the best worth, for more places than can be listed."""
    best = [0] * (room + 1)
    for worth, load, _ in places:
        for left in range(room, load - 1, -1):
            best[left] = max(best[left], best[left - load] + worth)
    return best[room]


@settings(deadline=None)
@given(PLACES, st.integers(0, 40), st.integers(-5, 200))
def test_the_best_set_is_that_of_all_sets(places: list[Place], room: int, floor: int) -> None:
    every = choices(room, places)
    best = max(worth for worth, _ in every)
    assert most(room, tuple(places), floor) == max(best, floor)
    assert beats(room, singles(room, places), floor) is (best > floor)
    filled, _ = fill_up(room, tuple(places))
    assert filled.worth == best
    taken = {
        j for j, (worth, load, _) in enumerate(places) if filled.taken >> j & 1 and load <= room and worth
    }
    like_it = [counts for worth, counts in every if worth == best]
    loads = [sum(n * places[j][1] for j, n in enumerate(counts)) for counts in like_it]
    assert any(
        {j for j, n in enumerate(counts) if n} == taken and load == filled.load
        for counts, load in zip(like_it, loads, strict=True)
    )


@settings(deadline=None)
@given(MANY, st.integers(0, 2_000), st.integers(-1, 1))
def test_many_places_are_filled_as_by_a_table(places: list[Place], room: int, off: int) -> None:
    best = table(room, places)
    assert most(room, tuple(places), 0) == best
    assert beats(room, singles(room, places), best + off) is (off < 0)


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.integers(1, 9), st.integers(-3, 3)), min_size=2, max_size=7),
    st.integers(1, 30),
    st.integers(-2, 1),
)
def test_rates_that_no_float_tells_apart_do_no_harm(
    loads: list[tuple[int, int]], room: int, off: int
) -> None:
    places = [(load * (1 << 70) + more, load, 1) for load, more in loads]
    best = table(room, places)
    assert most(room, tuple(places), 0) == best
    assert beats(room, singles(room, places), best + off) is (off < 0)


@settings(deadline=None)
@given(PLACES, st.integers(0, 40), st.integers(0, 120))
def test_no_set_is_worth_more_than_the_bound_of_its_rate(places: list[Place], room: int, at: int) -> None:
    filled, _ = fill_up(room, tuple(places))
    every = choices(room, places)
    worth, counts = every[at % len(every)]
    margins = [filled.per * worth - filled.top * load for worth, load, _ in places]
    against = sum(
        max(0, margin) * (copies - n) - min(0, margin) * n
        for margin, n, (_, load, copies) in zip(margins, counts, places, strict=True)
        for copies in [min(copies, room // load) if load else copies]  # more never fit
    )
    assert filled.per * worth <= filled.bound - against


@settings(deadline=None, max_examples=300)
@given(
    st.lists(st.tuples(st.integers(-15, 40), st.integers(0, 12), st.integers(0, 3)), min_size=1, max_size=5),
    st.integers(0, 30),
    st.integers(0, 80),
    st.integers(1, 120),
)
def test_what_is_certain_of_a_host_is_what_all_sets_within_the_gap_share(
    guests: list[Place], room: int, opening: int, gap: int
) -> None:
    # A pair's gain is its bid; its cost is 0. A set x changes the bound by opening - worth(x) - base.
    bid = {g: gain for g, (gain, _, _) in enumerate(guests)}
    demand = {g: copies for g, (_, _, copies) in enumerate(guests)}
    host = Host(0, room, opening, [(g, 0, load) for g, (_, load, _) in enumerate(guests)])
    every = [(opening - worth, counts) for worth, counts in choices(room, guests) if any(counts)]
    base = min([0, *(change for change, _ in every)])
    best = best_of(host, bid, demand)
    assert best.base == base
    verdict = penalties(host, best, Prices(bid, bid, {}), demand, gap)
    within = [counts for change, counts in [(0, (0,) * len(guests)), *every] if change - base < gap]
    assert verdict.opened is all(any(counts) for counts in within)
    assert verdict.drop == [not any(counts[g] for counts in within) for g in range(len(guests))]
    certain = [all(counts[g] for counts in within) for g in range(len(guests))]
    assert [bool(times) for times in verdict.put] == certain
