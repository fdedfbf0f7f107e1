"""The draws, the exact shares and the places under the reference inventory."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

import geodata
from geodata.inventory.dice import Dice
from geodata.inventory.ground import ground
from geodata.inventory.shares import exact_scale, multiplied, split


def test_a_draw_is_the_first_64_bits_of_sha_256_of_seed_and_key() -> None:
    # printf '1/a/2' | sha256sum
    assert Dice(1).bits("a", 2) == 0xC80FEB77D4267930


def test_a_draw_depends_on_nothing_but_seed_and_key() -> None:
    dice = Dice(7)
    first = dice.bits("x", "00004")
    dice.bits("y", "00004")
    assert dice.bits("x", "00004") == first
    assert Dice(8).bits("x", "00004") != first


def test_weights_decide_how_often_a_value_is_picked() -> None:
    dice = Dice(1)
    picked = [dice.pick((("often", 9), ("never", 0), ("rarely", 1)), i) for i in range(2_000)]
    assert 1_700 < picked.count("often") < 1_900
    assert "never" not in picked


def test_choosing_fewer_items_keeps_those_that_are_left() -> None:
    items = [f"{i:03}" for i in range(100)]
    dice = Dice(1)
    ten = dice.choose(items, 10, "stream")
    assert len(ten) == 10
    assert set(ten) <= set(dice.choose(items, 20, "stream"))
    assert set(dice.choose(items, 11, "stream")) > set(ten)
    left = [item for item in items if item in ten or item > "050"]
    assert dice.choose(left, 10, "stream") == ten


def test_more_items_than_there_are_cannot_be_chosen() -> None:
    with pytest.raises(ValueError, match="3 of 2 items"):
        Dice(1).choose(["a", "b"], 3)


def test_a_total_is_split_by_largest_remainders() -> None:
    # shares 3.33, 3.33, 3.33: the left one goes to the first key; then 0.5, 1.5: both remainders are equal
    assert split(10, {"b": 1, "a": 1, "c": 1}) == {"a": 4, "b": 3, "c": 3}
    assert split(2, {"a": 1, "b": 3}) == {"a": 1, "b": 1}
    assert split(7, {"a": 0, "b": 1}) == {"a": 0, "b": 7}


@given(
    st.integers(0, 10**6),
    st.dictionaries(st.text("abc", min_size=1), st.integers(0, 10**4), min_size=1).filter(
        lambda weights: any(weights.values())
    ),
)
def test_shares_add_up_and_are_within_one_of_proportion(total: int, weights: dict[str, int]) -> None:
    shares = split(total, weights)
    assert sum(shares.values()) == total
    whole = sum(weights.values())
    assert all(abs(Fraction(total * weights[key], whole) - share) < 1 for key, share in shares.items())


@given(st.lists(st.integers(0, 50)), st.lists(st.integers(0, 50)), st.fractions(Fraction(1, 100), 20))
def test_parts_multiplied_apart_are_the_whole_multiplied(
    first: list[int], second: list[int], scale: Fraction
) -> None:
    apart = [*multiplied(first, scale), *multiplied(second, scale, before=sum(first))]
    assert apart == list(multiplied(first + second, scale))
    assert abs(sum(apart) - sum(first + second) * scale) <= Fraction(1, 2)


def test_a_scale_is_read_exactly() -> None:
    assert exact_scale("0.1") == Fraction(1, 10)
    assert exact_scale(3) == 3


def test_29_provinces_lost_their_seat_and_it_is_a_city_of_theirs() -> None:
    land = ground()
    assert len(land.lost_seats) == 29
    districts = geodata.old_districts().set_index("old_district_code")
    spots = {unit.spot: code for code, unit in land.districts.items()}
    for code, unit in land.lost_seats.items():
        seat = districts.loc[spots[unit.spot]]
        assert (seat["old_province_code"], seat["kind"]) == (code, "thành phố")


def test_a_district_seat_is_its_township_where_it_has_one() -> None:
    land = ground()
    # Mù Căng Chải (137) had one township, 04456; Quận Ba Đình (001) had wards only, its first 00001
    assert land.districts["137"].spot == land.old_communes["04456"].spot
    assert land.districts["001"].spot == land.old_communes["00001"].spot


def test_the_office_of_hoang_sa_is_in_son_tra() -> None:
    assert ground().districts["498"].spot.commune == "20263"


def test_every_old_unit_stands_in_the_province_that_it_became_part_of() -> None:
    land = ground()
    became = geodata.old_provinces().set_index("old_province_code")["province_code"]
    old = geodata.old_communes()
    expected = dict(zip(old["old_commune_code"], old["old_province_code"].map(became), strict=True))
    assert {code: unit.province for code, unit in land.old_communes.items()} == expected
    assert len(land.districts) == 696
