"""Components whose pairs are not held: the same optimum and proof, and never more pairs than a slice."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING

import numpy as np
import pytest

import solver
from solver.flow.market import Rows
from solver.patterns import grow, search
from solver.patterns.core import chosen, joined, keys_of, some_of
from solver.patterns.estate import Estate, Pairs
from solver.patterns.lazy import Limits, begin_lazily, sweep
from solver.patterns.part import components, part_of
from solver.patterns.search import house
from tests.solver.patterns.estates import (
    CLASSES,
    best_by_enumeration,
    best_by_highs,
    check,
    cost_of_use,
    draw,
    proven_by_prices,
)
from tests.solver.patterns.test_house import after_asking, as_bytes, many, stubborn
from tests.solver.problem.premises_instances import premises_instance

if TYPE_CHECKING:
    from pathlib import Path

    from solver.flow.market import Ints

MUCH = 10**6


def limits(rng: Random, left: int = MUCH) -> Limits:
    """Limits so low that every component is listed, and that cores lack what plans need."""
    slices, few = rng.choice([1, 3, MUCH]), rng.choice([0, 1, 2])
    return Limits(0, slices, few, rng.choice([0, 1]), rng.choice([0, 1, 6]), left)


@pytest.mark.parametrize("kind", CLASSES)
def test_what_is_not_held_is_solved_and_proven_like_what_is(kind: str) -> None:
    for seed in range(20):
        rng = Random(seed)
        estate = draw(rng, kind, size=4 + seed % 2)
        check(estate, house(estate, seed=seed, limits=limits(rng)), best_by_enumeration(estate))


def test_pieces_of_what_is_not_held_are_closed_by_trees() -> None:
    closed = 0
    for seed in range(6):
        estate = stubborn(seed, 8)
        housing = house(estate, limits=Limits(0, 40, 3, 1, 3, MUCH))
        assert cost_of_use(estate, housing) == housing.objective == housing.bound == best_by_highs(estate)
        closed += len(housing.trees)
    assert closed >= 3


def test_where_too_much_is_left_to_be_held_the_bound_is_that_of_the_prices_over_all_pairs() -> None:
    wider = 0
    for seed in range(100):
        rng = Random(seed)
        estate = draw(rng, CLASSES[seed % len(CLASSES)])
        housing = house(estate, seed=seed, limits=limits(rng, left=0))
        assert not housing.trees
        assert cost_of_use(estate, housing) == housing.objective >= best_by_enumeration(estate)
        assert housing.bound == proven_by_prices(estate, housing) <= best_by_enumeration(estate)
        wider += housing.bound < housing.objective
    assert wider < 30


def test_parts_of_national_size_are_priced_without_any_programme(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grow, "_LARGE", 0)
    closed = 0
    for seed in range(104):
        rng = Random(seed)
        estate = draw(rng, CLASSES[seed % len(CLASSES)])
        housing, optimum = house(estate, seed=seed, limits=limits(rng)), best_by_enumeration(estate)
        assert cost_of_use(estate, housing) == housing.objective >= optimum >= housing.bound
        closed += housing.bound == housing.objective
    assert closed >= 90


def test_a_stop_at_any_time_leaves_a_plan_and_a_bound_that_hold() -> None:
    estate = stubborn(1, 7)
    optimum = best_by_highs(estate)
    for times in range(0, 120, 3):
        housing = house(estate, stop=after_asking(times), limits=Limits(0, 20, 2, 1, 3, MUCH))
        assert cost_of_use(estate, housing) == housing.objective >= optimum
        assert housing.bound <= optimum


def test_the_number_of_processes_changes_no_byte(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "_WORTH_A_CREW", 0)
    estate = many(2)
    sizes = sorted(one.n_pairs for one in components(estate))
    low = Limits(sizes[1], 60, 3, 1, 3, MUCH)  # two are held, two are not
    for limit in (1, 12_000, 0):
        alone = as_bytes(house(estate, work_limit=limit, limits=low))
        assert as_bytes(house(estate, work_limit=limit, limits=low, processes=2)) == alone


@dataclass(frozen=True)
class Plane:
    """Everybody knows everybody: a place costs what its area does in a building, and the way there."""

    where: Ints
    whither: Ints
    rate: Ints
    area: Ints
    room: Ints
    asked: list[int] = field(default_factory=list)

    def pairs(self, hosts: Ints, ceiling: Ints) -> Pairs:
        away = np.abs(self.where[hosts][:, None] - self.whither[None, :]).sum(axis=2)
        cost = 1_000 + (self.rate[hosts][:, None] + away) * self.area[None, :]
        good = (cost < ceiling[None, :]) & (self.area[None, :] <= self.room[hosts][:, None])
        at, guest = np.nonzero(good)
        self.asked.append(len(guest))
        first = np.searchsorted(at, np.arange(len(hosts) + 1)).astype(np.int64)
        return Pairs(first, guest.astype(np.int32), cost[good], self.area[guest])


def plane(size: int, seed: int) -> Estate:
    """A made country of so many buildings and needs, every pair eligible."""
    rng = np.random.default_rng(seed)
    room, area = rng.integers(40, 120, size), rng.integers(10, 40, size)
    lister = Plane(
        rng.integers(0, 1_000, (size, 2)), rng.integers(0, 1_000, (size, 2)), rng.integers(0, 200, size),
        area, room,
    )  # fmt: skip
    none = Rows(np.zeros(0, np.int64), np.zeros(0, np.int32))
    return Estate(
        room, np.full(size, 3_000), np.ones(size, np.int64), np.ones(size, np.int64), area * 3_000,
        np.full(size, -1, np.int32), none, lister,
    )  # fmt: skip


def asked_of(estate: Estate) -> list[int]:
    assert isinstance(estate.lister, Plane)
    return estate.lister.asked


def test_a_country_in_one_component_is_never_held_and_priced_as_if_it_were() -> None:
    estate = plane(120, 5)
    whole = house(estate)
    assert max(asked_of(estate)) == 120 * 120
    assert len(components(estate)) == 1
    low = Limits(held=1_000, at_once=2_000, of_guest=8, of_host=2, of_plan=4, left=5_000)
    asked_of(estate).clear()
    housing = house(estate, limits=low)
    assert housing.objective == whole.objective
    assert housing.bound == whole.bound
    # The components themselves are found with the usual slice.
    assert max(asked_of(estate)[1:]) <= 2_000


def test_of_many_pairs_few_are_held() -> None:
    # 400 x 400 = 160,000 pairs: the core is 8 of each guest and 2 of each host, and what best patterns lack.
    estate = plane(400, 6)
    one = components(estate)[0]
    low = Limits(held=1_000, at_once=10_000, of_guest=8, of_host=2, of_plan=4)
    lazy = begin_lazily(estate, one, 1, low)
    assert one.n_pairs == 160_000
    assert lazy.core.n_pairs <= 400 * (8 + 2)
    assert lazy.part.n_pairs <= 400 * (4 + 2 + 1)
    assert lazy.standing.cost >= lazy.standing.bound
    asked = asked_of(estate)
    assert max(asked[1:]) <= 10_000
    # A sweep at the first prices lists only what bids leave open, and proves what the least costs sum up to.
    swept = sweep(lazy.whole, lazy.standing.start.price, lazy.standing.start.row_price, lambda: False)
    assert swept is not None
    assert swept.bound == int(lazy.standing.start.price.sum())
    assert swept.listed < 160_000 // 10


def test_a_core_is_the_cheapest_of_each_and_joins_with_more() -> None:
    estate = plane(20, 7)
    part = part_of(estate, components(estate)[0], 1)
    bare = part_of(estate, components(estate)[0], 1, bare=True)
    assert bare.n_pairs == 0
    rate = np.arange(20) / 7
    core, unit, least = chosen(bare, [(0, part)], rate, 3, 0)
    host = np.repeat(np.arange(20), np.diff(part.first))
    for g in range(20):
        mine = part.guest == g
        dear = sorted((part.cost + rate[host] * part.load)[mine].tolist())
        kept = np.flatnonzero(core.guest == g)
        owner = np.searchsorted(core.first, kept, side="right") - 1
        assert sorted((core.cost[kept] + rate[owner] * core.load[kept]).tolist()) == dear[:3]
        assert least[g] == dear[0]
    assert unit == np.gcd.reduce(np.concatenate([part.cost, part.price, part.opening]))
    again = joined(core, some_of(part, np.arange(part.n_pairs)))
    assert keys_of(again).tolist() == keys_of(part).tolist()
    assert again.cost.tolist() == part.cost.tolist()
    assert again.first.tolist() == part.first.tolist()


@pytest.mark.parametrize("form", ["communes", "pairs", "matches"])
def test_the_independent_checker_accepts_proofs_of_what_was_not_held(
    form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trees = 0
    for seed in range(25):
        rng = Random(seed)
        monkeypatch.setattr(search, "LIMITS", limits(rng))
        problem = premises_instance(rng, form, assets=8, needs=12).build()
        result = solver.solve(problem)
        result.write(tmp_path / f"{seed}")
        found = solver.verify_folder(tmp_path / f"{seed}")
        assert found.ok, (seed, found.violations)
        assert result.objective == result.bound == found.bound
        trees += result.certificate["tree"] is not None
    assert trees > 0
