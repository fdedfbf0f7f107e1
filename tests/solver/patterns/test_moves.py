"""Moves keep every rule, count the change of cost exactly, and can be taken back."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

import numpy as np
import pytest

from solver.patterns import polish
from solver.patterns.local import fill_host, improve
from solver.patterns.moves import back_to, cost_of, empty_state, expanded, facts_of, open_rows, put, take
from solver.patterns.part import components, part_of
from solver.patterns.polish import construct, fitting, scratch_of, shaken
from solver.patterns.shake import shake
from tests.solver.patterns.estates import CLASSES, draw, estate_of

if TYPE_CHECKING:
    from solver.patterns.moves import Facts, State
    from solver.patterns.part import Part

SEEDS = range(400)


def parts_of(seed: int, size: int = 5) -> list[Part]:
    """The parts of a random estate, hosts single."""
    estate = draw(Random(seed), CLASSES[seed % len(CLASSES)], size=size)
    return [expanded(part_of(estate, one, 1))[0] for one in components(estate)]


def never() -> bool:
    return False


def assert_sound(part: Part, state: State) -> None:
    """Every count of a state is what its places say, and no rule is broken."""
    host = np.repeat(np.arange(part.n_hosts), np.diff(part.first))
    assert (state.x >= 0).all()
    used, room = np.zeros(part.n_hosts, np.int64), part.capacity.copy()
    np.add.at(used, host, state.x)
    np.subtract.at(room, host, state.x * part.load)
    unmet, free = part.demand.copy(), part.cap.copy()
    np.subtract.at(unmet, part.guest, state.x)
    for e, places in enumerate(state.x.tolist()):
        row = int(part.row[part.guest[e]])
        while row >= 0:
            free[row] -= places
            row = int(part.parent[row])
    for counted, kept in ((used, state.used), (room, state.room), (unmet, state.unmet), (free, state.free)):
        assert counted.tolist() == kept.tolist()
        assert (counted >= 0).all()


def fill_at_random(facts: Facts, state: State, rng: Random, steps: int) -> int:
    """Put and take places at random within the rules; return the change of cost."""
    total = 0
    for _ in range(steps):
        e = rng.randrange(len(state.x))
        g, h = facts.guest[e], facts.host[e]
        if state.x[e] > 0 and rng.random() < 0.4:
            total += take(facts, state, e)
        elif state.unmet[g] > 0 and facts.load[e] <= state.room[h] and open_rows(facts, state, g):
            total += put(facts, state, e)
    return total


def test_putting_and_taking_count_exactly_and_are_undone_to_any_mark() -> None:
    for seed in SEEDS:
        rng = Random(seed)
        for part in parts_of(seed):
            facts, state = facts_of(part), empty_state(part)
            before = cost_of(part, state.x)
            change = fill_at_random(facts, state, rng, 15)
            assert cost_of(part, state.x) == before + change
            assert_sound(part, state)
            kept, mark = [array.copy() for array in state[:5]], int(state.at[0])
            fill_at_random(facts, state, rng, 25)
            assert_sound(part, state)
            back_to(facts, state, mark)
            assert state.at[0] == mark
            assert all((now == then).all() for now, then in zip(state[:5], kept, strict=True))


def test_local_search_never_breaks_a_rule_and_returns_the_exact_change() -> None:
    for seed in SEEDS:
        for part in parts_of(seed):
            facts, state = facts_of(part), empty_state(part)
            fill_at_random(facts, state, Random(seed), 20)
            state.at[0] = 0
            before = cost_of(part, state.x)
            change = improve(facts, state, np.arange(part.n_hosts), scratch_of(part), 50)
            assert change <= 0, seed
            assert cost_of(part, state.x) == before + change, seed
            assert_sound(part, state)


class Clock:
    """A stop at the n-th look (0: never)."""

    def __init__(self, last: int) -> None:
        self.last, self.looks = last, 0

    def __call__(self) -> bool:
        self.looks += 1
        return self.looks == self.last


def test_moves_hear_a_stop_every_few_hosts_and_come_to_the_same_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(polish, "_PAIRS_A_LOOK", 3)
    most = 0
    for seed in SEEDS:
        for part in parts_of(seed):
            facts, state, hosts = facts_of(part), empty_state(part), np.arange(part.n_hosts)
            passes = 1
            while improve(facts, state, hosts, scratch_of(part), 1):
                passes += 1
            patient = Clock(0)
            assert (construct(part, patient) == state.x).all(), seed
            widest = int(np.diff(part.first).max())
            assert patient.looks >= passes * (part.n_pairs // (3 + widest)), seed
            most = max(most, patient.looks // passes)
            for last in (1, 2, patient.looks):
                clock = Clock(last)
                x = construct(part, clock)
                assert clock.looks == min(last, patient.looks)
                assert cost_of(part, x) <= cost_of(part, np.zeros_like(x))
    assert most > 2


def test_shaking_never_breaks_a_rule_and_returns_the_exact_change() -> None:
    for seed in SEEDS:
        for part in parts_of(seed):
            facts, state = facts_of(part), empty_state(part)
            fill_at_random(facts, state, Random(seed), 20)
            best, before = state.x.copy(), cost_of(part, state.x)
            near, touched = np.zeros(part.n_hosts, np.int64), np.zeros(part.n_hosts, np.uint8)
            dice = np.array([2 * seed + 1], np.uint64)
            change = shake(facts, state, best, dice, 20, part.n_hosts, scratch_of(part), near, touched)
            assert change <= 0
            assert cost_of(part, best) == cost_of(part, state.x) == before + change, seed
            assert_sound(part, state)


def test_a_single_place_moves_out_of_a_building_not_worth_opening_into_none_that_is_not_worth_it() -> None:
    # Both openings cost more than the place spares: whatever it leaves for, it must end unmet.
    estate = estate_of(
        [(10, 100, 1), (10, 90, 1)],
        [(1, 60, -1), (1, 50, -1)],
        [],
        [(0, 0, 1, 5), (1, 0, 1, 5), (0, 1, 1, 6)],
    )
    part = part_of(estate, components(estate)[0], 1)
    facts, state = facts_of(part), empty_state(part)
    assert put(facts, state, 0) == 1 + 100 - 60
    change = improve(facts, state, np.arange(2), scratch_of(part), 5)
    assert change == -41
    assert state.x.tolist() == [0, 0, 0]
    assert_sound(part, state)


def test_filling_a_building_with_thousands_of_places_is_given_up_without_a_trace() -> None:
    # The other building's opening looks shared, but 500 places stay there: moving 2,500 costs one dong each.
    estate = estate_of(
        [(3_000, 6_000, 1), (2_500, 0, 1)], [(3_000, 100, -1)], [], [(0, 0, 10, 1), (1, 0, 11, 1)]
    )
    part = part_of(estate, components(estate)[0], 1)
    facts, state = facts_of(part), empty_state(part)
    for _ in range(3_000):
        put(facts, state, 0)
    state.at[0] = 0
    before = cost_of(part, state.x)
    change = fill_host(facts, state, 1, scratch_of(part))
    assert change <= 0
    assert cost_of(part, state.x) == before + change
    assert_sound(part, state)


@pytest.mark.parametrize("seed", range(12))
def test_thousands_of_equal_places_outgrow_no_journal(seed: int) -> None:
    rng = Random(seed)
    hosts = [(rng.randint(3_000, 6_000), rng.choice([0, 20_000]), 1) for _ in range(3)]
    guests = [(rng.randint(2_000, 4_000), rng.randint(10, 30), -1) for _ in range(3)]
    pairs = [(h, g, rng.randint(0, 15), rng.randint(0, 2)) for h in range(3) for g in range(3)]
    estate = estate_of(hosts, guests, [], pairs)
    for one in components(estate):
        part = part_of(estate, one, 1)
        facts, state = facts_of(part), empty_state(part)
        before = cost_of(part, state.x)
        change = improve(facts, state, np.arange(part.n_hosts), scratch_of(part), 6)
        assert cost_of(part, state.x) == before + change
        assert_sound(part, state)


def test_as_much_of_a_plan_as_fits_is_kept_and_shaking_makes_no_plan_worse() -> None:
    for seed in SEEDS:
        rng = Random(seed)
        for part in parts_of(seed):
            wish = np.array([rng.randint(0, 3) for _ in range(part.n_pairs)], np.int64)
            kept = fitting(part, wish)
            assert (kept <= wish).all()
            made, better = construct(part, never), shaken(part, kept, 10, seed, never)
            assert (fitting(part, made) == made).all()
            assert (fitting(part, better) == better).all()
            assert cost_of(part, better) <= cost_of(part, kept)
            assert shaken(part, kept, 10, seed, never).tolist() == better.tolist()


def test_every_copy_of_a_building_gets_an_entry_of_its_own() -> None:
    estate = estate_of([(9, 4, 2), (5, 1, 3)], [(3, 40, -1)], [], [(0, 0, 7, 4), (1, 0, 8, 5)])
    single, number = expanded(part_of(estate, components(estate)[0], 1))
    assert number.tolist() == [0, 0, 1, 1, 1]
    assert single.capacity.tolist() == [9, 9, 5, 5, 5]
    assert single.opening.tolist() == [4, 4, 1, 1, 1]
    assert single.cost.tolist() == [7, 7, 8, 8, 8]
    assert single.load.tolist() == [4, 4, 5, 5, 5]
    assert single.first.tolist() == [0, 1, 2, 3, 4, 5]
    assert single.copies.tolist() == [1] * 5
