"""Distances that were given."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd
import pytest

import geodata

COMMUNES = pd.DataFrame(
    {
        "commune_code": ["00004", "00008", "00025"],
        "lat": [21.04, 21.04, 21.03],
        "lon": [105.84, 105.82, 105.81],
    }
).assign(island="")


def table(*rows: tuple[str, str, str | None]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["from_commune_code", "to_commune_code", "distance_km"])
    kilometres = [None if km is None else Decimal(km) for *_, km in rows]
    return frame.assign(distance_km=pd.Series(kilometres, dtype="object"))


def test_only_the_given_direction_has_a_distance() -> None:
    provider = geodata.table_distances(
        table(("00004", "00008", "2.5"), ("00025", "00004", "3"), ("00008", "00025", None))
    )
    assert provider.matrix(COMMUNES, COMMUNES).tolist() == [[0, 2500, -1], [-1, 0, -1], [3000, -1, 0]]


def test_kilometres_are_exact_decimals_rounded_half_up_to_metres() -> None:
    provider = geodata.table_distances(
        table(("00004", "00008", "0.0005"), ("00004", "00025", "1.0004999999999999999"))
    )
    assert provider.matrix(COMMUNES, COMMUNES)[0].tolist() == [0, 1, 1000]


def test_a_commune_is_at_nought_from_itself_whatever_the_table_says() -> None:
    provider = geodata.table_distances(table(("00004", "00004", "7")))
    assert provider.matrix(COMMUNES, COMMUNES)[0, 0] == 0


def test_legs_come_from_the_base_provider() -> None:
    provider = geodata.table_distances(table(("00004", "00008", "2.5")))
    assert provider.metres(10, 105, 11, 105) == geodata.distances.metres(10, 105, 11, 105)
    assert geodata.distances.version in provider.version


def test_the_version_depends_on_the_content_and_not_on_the_order_of_rows() -> None:
    rows = [("00004", "00008", "2.5"), ("00008", "00025", "4")]
    version = geodata.table_distances(table(*rows)).version
    assert version == geodata.table_distances(table(*reversed(rows))).version
    assert version != geodata.table_distances(table(rows[0])).version


def test_a_pair_given_twice_alike_is_one_pair_and_differently_is_refused() -> None:
    twice = ("00004", "00008", "2.5")
    assert geodata.table_distances(table(twice, twice)).matrix(COMMUNES, COMMUNES)[0, 1] == 2500
    with pytest.raises(ValueError, match="from 00004 to 00008 is given twice"):
        geodata.table_distances(table(twice, ("00004", "00008", "2.6")))


def test_negative_distances_are_refused() -> None:
    with pytest.raises(ValueError, match="from 00004 to 00008 is negative"):
        geodata.table_distances(table(("00004", "00008", "-1")))


@pytest.mark.parametrize("empty", [None, ""])
def test_the_wide_table_of_a_plan_folder_gives_the_same_metres(empty: str | None) -> None:
    wide = pd.DataFrame(
        {"from_commune_code": ["00004", "00025"], "00008": ["2500", empty], "00025": [empty, "0"]}
    )
    provider = geodata.from_wide(wide)
    assert provider.matrix(COMMUNES, COMMUNES).tolist() == [[0, 2500, -1], [-1, 0, -1], [-1, -1, 0]]


def test_a_wide_table_of_fractions_is_refused() -> None:
    with pytest.raises(ValueError, match=r"2\.5"):
        geodata.from_wide(pd.DataFrame({"from_commune_code": ["00004"], "00008": [2.5]}))


def test_an_empty_table_leaves_every_pair_without_a_distance() -> None:
    matrix = geodata.table_distances(table()).matrix(COMMUNES, COMMUNES)
    assert matrix.tolist() == [[0, -1, -1], [-1, 0, -1], [-1, -1, 0]]
