"""The instances are what the documentation says."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

import geodata
from benchmarks.costs import distances
from benchmarks.instances import FAMILIES, make, old_province_towns


@pytest.mark.parametrize("family", FAMILIES)
def test_equal_arguments_give_equal_instances_and_another_seed_another(family: str) -> None:
    one, same, other = (make(family, 100, communes=30, seed=seed) for seed in (1, 1, 2))
    for field in dataclasses.fields(one):
        first, second = getattr(one, field.name), getattr(same, field.name)
        if field.name != "communes":
            assert np.array_equal(first, second)
    assert not np.array_equal(one.place, other.place)


@pytest.mark.parametrize("family", FAMILIES)
def test_cars_are_n_and_every_commune_of_the_register_takes_part(family: str) -> None:
    instance = make(family, 997)
    assert instance.cars == 997
    assert len(instance.communes) == 3321
    assert (np.diff(instance.seat) >= 0).all()


@pytest.mark.parametrize("family", [family for family in FAMILIES if family != "ties"])
def test_points_are_distinct_and_near_their_commune(family: str) -> None:
    instance = make(family, 3000, communes=63)
    points = np.stack([instance.lat, instance.lon], axis=1)
    assert len(np.unique(points, axis=0)) == len(points)
    assert distances(instance).leg.max() < 15_000  # 0.07 degrees each way, x 1.3


@pytest.mark.parametrize(("cars", "each"), [(100, 2), (4000, 2), (40_000, 20)])
def test_scarce_wants_a_two_thousandth_of_the_cars_in_each_commune(cars: int, each: int) -> None:
    instance = make("scarce", cars)
    assert instance.demand.tolist() == [each] * 3321
    assert instance.empty == 3321 * each * 950_000_000


def test_surplus_wants_five_sixths_of_the_cars_at_five_prices() -> None:
    instance = make("surplus", 4000)
    assert instance.demand.sum() == 3320
    assert sorted(set(instance.price.tolist())) == [
        237_500_000, 475_000_000, 950_000_000, 1_900_000_000, 3_800_000_000,
    ]  # fmt: skip


def test_clustered_cars_stand_in_the_towns_of_the_63_old_provinces() -> None:
    instance = make("clustered", 4000)
    towns = old_province_towns(geodata.communes())
    assert len(towns) == 63
    assert set(instance.place.tolist()) == set(towns.tolist())


def test_surcharged_cars_are_30_to_100_percent_good() -> None:
    instance = make("surcharged", 4000)
    assert (instance.loss.min(), instance.loss.max()) == (0, 7000)
    assert instance.surcharge == 5_000_000


def test_ties_have_no_legs_and_distances_in_steps_of_ten_kilometres() -> None:
    metres = distances(make("ties", 500, communes=100))
    assert not metres.leg.any()
    assert not (metres.between % 10_000).any()


def test_the_nonmetric_table_lacks_pairs_and_breaks_the_triangle() -> None:
    table = make("nonmetric", 100, communes=100).table
    assert table is not None
    assert 0.05 < (table < 0).mean() < 0.15
    assert not np.diag(table).any()
    through = np.where(table[:, :1] >= 0, table[:, :1], 10**7) + np.where(table[0] >= 0, table[0], 10**7)
    assert (through < table).any()


def test_lots_hold_2_to_40_cars_and_caps_half_of_what_two_needs_want() -> None:
    instance = make("lots", 4000)
    assert 2 <= instance.units[:-1].min() <= instance.units.max() <= 40
    wanted = np.bincount(instance.row, weights=instance.demand)
    assert instance.cap.tolist() == [(units + 1) // 2 for units in wanted.astype(int).tolist()]
    first, second = instance.price[instance.row == 0]
    assert first != second
