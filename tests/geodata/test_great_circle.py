"""The default distance provider against other formulations of the same distance."""

from __future__ import annotations

import math
from hashlib import sha256

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import geodata
from geodata.great_circle import EARTH_RADIUS_M, GreatCircle, chord_to_metres, unit_vectors

LAT = st.floats(8.0, 23.4)
LON = st.floats(102.1, 117.8)
POINT = st.tuples(LAT, LON)
ANYWHERE = st.tuples(st.floats(-90, 90), st.floats(-180, 180))

STRAIGHT = GreatCircle(detour="1")


def haversine(one: tuple[float, float], other: tuple[float, float]) -> float:
    lat1, lon1, lat2, lon2 = (math.radians(x) for x in (*one, *other))
    half = (
        math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    )
    return 2 * EARTH_RADIUS_M * math.asin(min(1.0, math.sqrt(half)))


def metres(one: tuple[float, float], other: tuple[float, float], provider: GreatCircle = STRAIGHT) -> int:
    return int(provider.metres(*one, *other))


def communes(*rows: tuple[str, float, float, str]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["commune_code", "lat", "lon", "island"])


def test_a_degree_of_the_equator_and_of_a_meridian_has_its_known_length() -> None:
    # 2 pi 6,371,008.8 / 360 = 111,195.08
    assert metres((0, 0), (0, 1)) == 111195
    assert metres((10, 105), (11, 105)) == 111195


def test_poles_and_antipodes_are_half_a_circle_apart() -> None:
    half = math.floor(math.pi * EARTH_RADIUS_M + 0.5)
    assert metres((90, 0), (-90, 77)) == half
    assert metres((0, 0), (0, 180)) == half
    assert metres((12, 30), (-12, -150)) == half


@given(POINT, POINT)
def test_it_agrees_with_the_haversine_formula_within_the_rounding(
    one: tuple[float, float], other: tuple[float, float]
) -> None:
    assert abs(metres(one, other) - haversine(one, other)) <= 0.5 + 1e-6


@given(ANYWHERE, ANYWHERE)
def test_it_agrees_with_the_haversine_formula_all_over_the_globe(
    one: tuple[float, float], other: tuple[float, float]
) -> None:
    # near antipodes the haversine itself loses digits
    assert abs(metres(one, other) - haversine(one, other)) <= 1.0


@given(st.floats(-90, 90), st.floats(-180, 180))
def test_unit_vectors_are_within_one_bit_of_the_mathematical_library(lat: float, lon: float) -> None:
    x, y, z = unit_vectors(np.array(lat), np.array(lon))
    at = math.radians(lat), math.radians(lon)
    # the library's own angle is rounded: 2e-16 of an angle up to pi
    assert float(x) == pytest.approx(math.cos(at[0]) * math.cos(at[1]), abs=7e-16)
    assert float(y) == pytest.approx(math.cos(at[0]) * math.sin(at[1]), abs=7e-16)
    assert float(z) == pytest.approx(math.sin(at[0]), abs=7e-16)


@given(st.floats(0, 1))
def test_the_arc_sine_is_within_a_billionth_of_a_metre_of_the_mathematical_library(half_chord: float) -> None:
    start = (np.array(half_chord), np.array(0.0), np.array(0.0))
    end = (np.array(-half_chord), np.array(0.0), np.array(0.0))
    exact = 2 * EARTH_RADIUS_M * math.asin(half_chord)
    # close to 1 the arc sine turns the last bit of its argument into 1e-8 m; communes are never so far apart
    slack = 1e-9 + 1e-15 * exact / math.sqrt(max(1 - half_chord**2, 1e-12))
    assert float(chord_to_metres(start, end)) == pytest.approx(exact, abs=slack)


@given(POINT, POINT)
def test_distance_is_symmetric_and_zero_only_at_the_place_itself(
    one: tuple[float, float], other: tuple[float, float]
) -> None:
    assert metres(one, other) == metres(other, one)
    assert metres(one, one) == 0


@given(POINT, POINT, POINT)
def test_a_way_round_is_never_shorter_but_by_rounding(
    one: tuple[float, float], via: tuple[float, float], other: tuple[float, float]
) -> None:
    provider = GreatCircle()
    assert metres(one, other, provider) <= metres(one, via, provider) + metres(via, other, provider) + 1


def test_the_detour_multiplies_and_halves_are_rounded_up() -> None:
    assert metres((10, 105), (11, 105), GreatCircle(detour="1.3")) == 144554  # 144,553.6
    assert GreatCircle(detour="2", ferry_km="0.0005").matrix(
        communes(("a", 10, 105, "Here")), communes(("b", 10, 105, ""))
    ).tolist() == [[1]]


def test_each_end_on_an_island_of_its_own_is_a_crossing() -> None:
    frame = communes(
        ("m", 10, 105, ""),
        ("n", 10, 105, ""),
        ("a", 10, 105, "An"),
        ("b", 10, 105, "An"),
        ("c", 10, 105, "Cô"),
    )
    ferry = 50_000
    assert geodata.distances.matrix(frame, frame).tolist() == [
        [0, 0, ferry, ferry, ferry],
        [0, 0, ferry, ferry, ferry],
        [ferry, ferry, 0, 0, 2 * ferry],
        [ferry, ferry, 0, 0, 2 * ferry],
        [ferry, ferry, 2 * ferry, 2 * ferry, 0],
    ]


def test_missing_islands_and_empty_ones_are_both_the_mainland() -> None:
    frame = communes(("m", 10, 105, ""), ("n", 10, 105, ""))
    frame["island"] = pd.Series([None, ""], dtype="str")
    assert geodata.distances.matrix(frame, frame).tolist() == [[0, 0], [0, 0]]


def test_a_missing_point_has_no_distance_but_to_its_own_commune() -> None:
    frame = communes(("m", math.nan, 105, "An"), ("n", 10, 105, ""))
    assert geodata.distances.matrix(frame, frame).tolist() == [[0, -1], [-1, 0]]
    assert geodata.distances.metres(pd.Series([None, 10.0], dtype="Float64"), 105, 10, 105).tolist() == [
        -1,
        0,
    ]


def test_a_matrix_is_the_same_whether_it_is_made_at_once_or_in_pieces() -> None:
    frame = geodata.communes()
    few = frame.iloc[::400]
    whole = geodata.distances.matrix(frame, few)
    pieces = [geodata.distances.matrix(frame.iloc[i : i + 700], few) for i in range(0, len(frame), 700)]
    assert np.array_equal(whole, np.vstack(pieces))
    assert np.array_equal(whole, geodata.distances.matrix(few, frame).T)


def test_the_national_matrix_has_the_same_bytes_on_every_machine() -> None:
    frame = geodata.communes().iloc[::10]
    content = geodata.distances.matrix(frame, frame).astype("<i8").tobytes()
    assert sha256(content).hexdigest() == "b66952f6878f56dc7fefb5b2904509a1fe40512b4a8588b9e2d95fe9c89c9ffb"


def test_the_version_states_the_parameters() -> None:
    assert geodata.distances.name == "great_circle"
    version = GreatCircle(detour="1.25", ferry_km="30").version
    assert version == "great-circle-1 detour=1.25 ferry_km=30 radius_m=6371008.8"


@pytest.mark.parametrize(("detour", "ferry_km"), [("0.9", "50"), ("1.3", "-1")])
def test_parameters_that_shorten_the_way_are_refused(detour: str, ferry_km: str) -> None:
    with pytest.raises(ValueError, match=r"is at least 1|are not negative"):
        GreatCircle(detour=detour, ferry_km=ferry_km)
