"""The way from one plan of premises to another: every choice of its parts is a plan."""

from __future__ import annotations

from collections import Counter
from random import Random
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from solver.limits.premises_tally import patterns_in, use_of
from solver.limits.premises_ways import parts_between
from tests.solver.patterns.estates import all_pairs, allowed, draw, estate_of

if TYPE_CHECKING:
    from solver.limits.premises_tally import Pattern
    from solver.patterns.estate import Estate, Use

KINDS = ("places", "copies_and_places", "own_loads_and_places", "norms", "nested_norms", "many_copies")


def random_plan(rng: Random, estate: Estate) -> Use:
    """Put places where they fit, in any order."""
    pairs = all_pairs(estate)
    single = [h for h in range(estate.n_hosts) for _ in range(int(estate.copies[h]))]
    inside: list[Counter[int]] = [Counter() for _ in single]
    free = [int(estate.capacity[h]) for h in single]
    met = [0] * estate.n_guests
    for _ in range(12):
        at = rng.randrange(len(single))
        choices = [(g, load) for h, g, _, load in pairs if h == single[at] and load <= free[at]]
        if not choices:
            continue
        g, load = rng.choice(choices)
        met[g] += 1
        if met[g] > estate.demand[g] or not allowed(estate, tuple(met)):
            met[g] -= 1
            continue
        inside[at][g] += 1
        free[at] -= load
    return use_of(Counter((h, tuple(sorted(c.items()))) for h, c in zip(single, inside, strict=True) if c))


def assert_plan(estate: Estate, patterns: Counter[Pattern]) -> None:
    loads = {(h, g): load for h, g, _, load in all_pairs(estate)}
    met, copies = [0] * estate.n_guests, Counter[int]()
    for (h, inside), times in patterns.items():
        assert times >= 0
        copies[h] += times
        assert sum(k * loads[h, g] for g, k in inside) <= estate.capacity[h]
        for g, k in inside:
            met[g] += k * times
    assert all(copies[h] <= estate.copies[h] for h in copies)
    assert all(got <= want for got, want in zip(met, estate.demand.tolist(), strict=True))
    assert allowed(estate, tuple(met))


@settings(deadline=None, max_examples=300)
@given(st.integers(0, 10**6), st.sampled_from(KINDS))
def test_any_choice_of_parts_is_a_plan_and_all_of_them_are_the_other_plan(seed: int, kind: str) -> None:
    rng = Random(seed)
    estate = draw(rng, kind, size=7)
    base, other = random_plan(rng, estate), random_plan(rng, estate)
    way, part_of = parts_between(estate, base, other)
    old = patterns_in(base)
    assert set(part_of.values()) == set(range(len(set(part_of.values()))))
    assert set(part_of) == {host for patterns in way for host, _ in patterns}
    assert {**(old - way.gone + way.come)} == {**patterns_in(other)}
    for _ in range(6):
        taken = {part for part in part_of.values() if rng.random() < 0.5}
        mixed = old.copy()
        mixed.subtract({one: k for one, k in way.gone.items() if part_of[one[0]] in taken})
        mixed.update({one: k for one, k in way.come.items() if part_of[one[0]] in taken})
        assert_plan(estate, mixed)


def two_plans(demand: int, cap: int) -> int:
    """Count the parts between a plan with one place in the first building and one with it in the second."""
    estate = estate_of([(10, 0, 1), (10, 0, 1)], [(demand, 5, 0)], [(cap, -1)], [(0, 0, 1, 3), (1, 0, 2, 3)])
    plans: list[dict[Pattern, int]] = [{(host, ((0, 1),)): 1} for host in (0, 1)]
    return len(set(parts_between(estate, use_of(plans[0]), use_of(plans[1]))[1].values()))


def test_a_place_that_moves_ties_its_buildings_unless_demand_and_norm_leave_room_for_both() -> None:
    assert two_plans(demand=1, cap=2) == 1
    assert two_plans(demand=2, cap=1) == 1
    assert two_plans(demand=2, cap=2) == 2


def test_equal_plans_have_no_way_between_them() -> None:
    estate = estate_of([(10, 0, 2)], [(2, 5, -1)], [], [(0, 0, 1, 3)])
    use = use_of({(0, ((0, 1),)): 2})
    way, part_of = parts_between(estate, use, use)
    assert (way.gone, way.come, part_of) == (Counter(), Counter(), {})
