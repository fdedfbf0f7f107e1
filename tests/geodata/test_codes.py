"""Where rows are: codes of today and of before, names, points, and everything that can be wrong with them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import geodata
from geodata.code_issues import COLUMNS, TEXTS

if TYPE_CHECKING:
    from geodata.places import Mode

BA_DINH, BA_DINH_POINT = "00004", (21.0386, 105.838)
# Quán Thánh passed wholly into Ba Đình; its code is no code of today
QUAN_THANH, QUAN_THANH_POINT = "00013", (21.038943, 105.839304)


def table(*rows: dict[str, Any]) -> pd.DataFrame:
    frame = pd.DataFrame(list(rows)).reset_index(drop=True)
    for column in ("commune_code", "commune_name", "province_name", "old_commune_code", "location_source"):
        frame[column] = pd.Series([row.get(column) for row in rows], dtype="str")
    for column in ("lat", "lon"):
        frame[column] = pd.Series([row.get(column) for row in rows], dtype="Float64")
    frame["row"] = range(2, len(frame) + 2)
    return frame


NONE = table()


def read(*rows: dict[str, Any], mode: str = "auto", communes: pd.DataFrame | None = None) -> geodata.Located:
    return geodata.read_codes(table(*rows), NONE, communes=communes, mode=cast("Mode", mode))


def codes(located: geodata.Located) -> list[str | None]:
    return [None if pd.isna(code) else code for code in located.assets["commune_code"]]


def issues(located: geodata.Located) -> list[tuple[str, int | None, str]]:
    frame = located.issues
    rows = [None if pd.isna(row) else int(row) for row in frame["row"]]
    return list(zip(frame["table"], rows, frame["code"], strict=True))


def split_code(*, today: bool) -> tuple[str, list[str]]:
    """A divided old commune whose code is (or is not) a code of today, and its parts."""
    changes = geodata.code_changes()
    parts = changes[changes["part"] == "part"].groupby("old_commune_code")["commune_code"].agg(list)
    known = set(geodata.communes()["commune_code"])
    return next((str(code), sorted(new)) for code, new in parts.items() if (code in known) is today)


def seat(code: str) -> tuple[float, float]:
    frame = geodata.communes().set_index("commune_code")
    return float(frame["lat"][code]), float(frame["lon"][code])


def test_a_code_of_today_gets_the_point_of_its_commune() -> None:
    located = read({"commune_code": BA_DINH})
    row = located.assets.iloc[0]
    assert (row["commune_code"], row["lat"], row["lon"]) == (BA_DINH, *BA_DINH_POINT)
    assert (row["location_source"], row["leg_m"]) == ("commune", 0)
    assert pd.isna(row["old_commune_code"])
    assert located.vintage == "2025"


def test_one_old_code_makes_every_code_of_both_tables_an_old_one() -> None:
    located = geodata.read_codes(table({"commune_code": BA_DINH}), table({"commune_code": QUAN_THANH}))
    assert located.vintage == "pre-2025"
    assert located.assets["old_commune_code"].tolist() == [BA_DINH]
    row = located.needs.iloc[0]
    assert (row["commune_code"], row["old_commune_code"]) == (BA_DINH, QUAN_THANH)
    assert (row["lat"], row["lon"], row["location_source"]) == (*QUAN_THANH_POINT, "old_commune")
    assert row["leg_m"] == geodata.distances.metres(*QUAN_THANH_POINT, *BA_DINH_POINT) > 0
    assert issues(located) == [("folder", None, "codes_translated")]
    assert "2 rows" in located.issues["message_en"][0]


def test_a_given_point_is_kept_and_measured() -> None:
    row = read({"commune_code": BA_DINH, "lat": 21.05, "lon": 105.83}).assets.iloc[0]
    assert (row["lat"], row["lon"], row["location_source"]) == (21.05, 105.83, "given")
    assert row["leg_m"] == geodata.distances.metres(21.05, 105.83, *BA_DINH_POINT)


def test_a_divided_old_commune_goes_where_its_point_is_and_asks_without_one() -> None:
    old, parts = split_code(today=False)
    for part in parts:
        lat, lon = seat(part)
        assert codes(read({"commune_code": old, "lat": lat, "lon": lon})) == [part]
    located = read({"commune_code": old})
    assert codes(located) == [None]
    assert (("assets", 2, "code_split")) in issues(located)
    message = located.issues.set_index("code").loc["code_split", "message_en"]
    assert all(part in str(message) for part in parts)


def test_a_code_that_would_mean_another_place_if_it_were_old_gives_one_warning() -> None:
    code, _ = split_code(today=True)
    located = geodata.read_codes(
        table({"commune_code": code}, {"commune_code": code}), table({"commune_code": code})
    )
    assert issues(located) == [("folder", None, "codes_maybe_old")]
    assert "3 rows" in located.issues["message_en"][0]
    assert codes(located) == [code, code]
    assert issues(read({"commune_code": code}, mode="2025")) == []


def test_a_scenario_that_says_how_to_read_codes_is_obeyed() -> None:
    assert issues(read({"commune_code": QUAN_THANH}, mode="2025")) == [("assets", 2, "code_old")]
    located = read({"commune_code": BA_DINH}, mode="pre-2025")
    assert located.assets["old_commune_code"].tolist() == [BA_DINH]
    assert issues(located) == []
    with pytest.raises(ValueError, match="mode"):
        read(mode="old")


def test_special_zones_without_an_old_code_are_themselves_in_an_old_folder() -> None:
    assert codes(read({"commune_code": "11948"}, {"commune_code": QUAN_THANH})) == ["11948", BA_DINH]


@pytest.mark.parametrize(
    ("given", "likely"), [("4", "00004"), ("00004.0", "00004"), ("1927", "01927"), ("13", "00013")]
)
def test_codes_that_lost_their_zeros_are_never_repaired_in_silence(given: str, likely: str) -> None:
    located = read({"commune_code": given})
    assert codes(located) == [None]
    assert issues(located) == [("assets", 2, "code_lost_zeros")]
    assert likely in located.issues["remedy_en"][0]
    assert likely in located.issues["remedy_vi"][0]


@pytest.mark.parametrize(
    ("given", "code", "words"),
    [
        ("001", "code_of_district", "Ba Đình"),
        ("318", "code_of_district", "11948"),
        ("01", "code_of_province", "Hà Nội"),
        ("99999", "commune_unknown", "99999"),
        ("HN-01", "commune_unknown", "HN-01"),
    ],
)
def test_what_is_no_commune_code_is_said_to_be_what_it_is(given: str, code: str, words: str) -> None:
    located = read({"commune_code": given})
    assert issues(located) == [("assets", 2, code)]
    assert words in located.issues["message_en"][0] + located.issues["remedy_en"][0]


@pytest.mark.parametrize(
    ("name", "province"),
    [
        ("Ba Đình", "Hà Nội"),
        ("phường ba đình", "Thành phố Hà Nội"),
        ("P. Ba Dinh", "TP Ha Noi"),
        ("BA ĐÌNH", "hà nội"),
    ],
)
def test_a_commune_is_found_by_its_name(name: str, province: str) -> None:
    located = read({"commune_name": name, "province_name": province})
    assert codes(located) == [BA_DINH]
    assert issues(located) == []


def test_a_code_wins_over_a_name_and_a_contradiction_is_an_error_that_names_both() -> None:
    located = read({"commune_code": BA_DINH, "commune_name": "Hoàn Kiếm", "province_name": "Hà Nội"})
    assert codes(located) == [BA_DINH]
    assert issues(located) == [("assets", 2, "code_and_name_differ")]
    assert located.issues["column"].tolist() == ["commune_name"]
    for lang in ("en", "vi"):
        assert "Ba Đình (Hà Nội, 00004)" in located.issues[f"message_{lang}"][0]
        assert "Hoàn Kiếm (Hà Nội, 00070)" in located.issues[f"message_{lang}"][0]


@pytest.mark.parametrize(
    ("name", "province"),
    [
        ("Ba Đình", "Hà Nội"),
        ("ba dinh", ""),
        ("xã Ba Đình", "TP Hà Nội"),  # its kind is not held against it
        ("phường Quán Thánh", "Hà Nội"),  # an old commune that is part of it
        ("Ba Đình", "Atlantis"),
        ("UBND phường số 1", "Hà Nội"),  # no commune has this name: it says nothing
        ("", "Hà Nội"),
    ],
)
def test_a_name_that_may_mean_the_commune_of_the_code_is_no_contradiction(name: str, province: str) -> None:
    for code in (BA_DINH, QUAN_THANH):
        located = read({"commune_code": code, "commune_name": name, "province_name": province})
        assert set(located.issues["code"]) <= {"codes_translated"}


def test_no_commune_of_today_or_of_before_contradicts_its_own_name() -> None:
    today = geodata.communes()[["commune_code", "name", "kind", "province_name"]]
    plain = today.rename(columns={"name": "commune_name"})
    full = plain.assign(commune_name=today["kind"] + " " + today["name"])
    located = geodata.read_codes(plain, full, mode="2025")
    assert issues(located) == []
    old = geodata.old_communes().rename(
        columns={
            "old_commune_code": "commune_code",
            "name": "commune_name",
            "old_province_name": "province_name",
        }
    )
    columns = ["commune_code", "commune_name", "province_name", "lat", "lon"]
    located = geodata.read_codes(old[columns], NONE, mode="pre-2025")
    assert set(located.issues["code"]) <= {"outside_province"}
    again = geodata.read_codes(located.assets, NONE, mode="2025")
    assert set(again.issues["code"]) <= {"outside_province"}


def test_a_name_in_place_of_a_code_is_told_its_code_where_only_one_commune_has_it() -> None:
    located = read(
        {"commune_code": "Phường Ba Đình", "province_name": "Hà Nội"},
        {"commune_code": "Quán Thánh", "province_name": "Hà Nội"},
        {"commune_code": "Tân Lập"},
    )
    assert issues(located) == [("assets", row, "commune_unknown") for row in (2, 3, 4)]
    remedies = located.issues["remedy_en"].tolist()
    hint = "Correct it: Ba Đình (Hà Nội, 00004)?; a name belongs into commune_name, with province_name."
    assert remedies[:2] == [hint, hint]
    assert remedies[2] == "Correct it; a name belongs into commune_name, with province_name."


def test_the_name_of_an_old_commune_is_taken_to_that_of_today_with_a_warning() -> None:
    located = read({"commune_name": "phường Quán Thánh", "province_name": "Hà Nội"})
    assert codes(located) == [BA_DINH]
    assert located.assets["old_commune_code"].tolist() == [QUAN_THANH]
    assert issues(located) == [("folder", None, "names_translated")]
    strict = read({"commune_name": "phường Quán Thánh", "province_name": "Hà Nội"}, mode="2025")
    assert issues(strict) == [("assets", 2, "commune_unknown")]


def test_an_ambiguous_name_lists_the_candidates_with_their_codes() -> None:
    country = square(("A1", "1", 0, 0), ("A2", "1", 0, 0.1)).assign(name="An Bình", kind=["xã", "phường"])
    located = read({"commune_name": "An Bình", "province_name": "P1"}, communes=country, mode="2025")
    assert issues(located) == [("assets", 2, "commune_ambiguous")]
    assert all(code in located.issues["message_en"][0] for code in ("A1", "A2"))
    assert codes(read({"commune_name": "phường An Bình", "province_name": "P1"}, communes=country)) == ["A2"]


def test_an_old_name_that_several_districts_had_is_ambiguous() -> None:
    old, today = geodata.old_communes(), geodata.communes()
    namesakes = old[
        old.duplicated(["name", "old_province_name"], keep=False) & ~old["name"].isin(today["name"])
    ]
    first = namesakes.iloc[0]
    located = read({"commune_name": first["name"], "province_name": first["old_province_name"]})
    assert issues(located) == [("assets", 2, "commune_ambiguous")]
    assert first["old_commune_code"] in located.issues["message_en"][0]
    assert first["old_district_name"] in located.issues["message_en"][0]


def test_unknown_names_get_near_ones_and_unknown_provinces_are_named() -> None:
    located = read({"commune_name": "Ba Đìn", "province_name": "Hà Nội"})
    assert issues(located) == [("assets", 2, "commune_unknown")]
    assert BA_DINH in located.issues["remedy_en"][0]
    located = read({"commune_name": "Ba Đình", "province_name": "Atlantis"})
    assert issues(located) == [("assets", 2, "province_unknown")]
    assert located.issues["column"][0] == "province_name"


def test_a_point_alone_belongs_to_the_nearest_commune_point() -> None:
    located = read({"lat": BA_DINH_POINT[0] + 1e-4, "lon": BA_DINH_POINT[1]})
    assert codes(located) == [BA_DINH]
    assert located.assets["location_source"].tolist() == ["nearest_commune"]
    assert issues(located) == [("assets", None, "commune_by_point")]


def test_a_row_without_any_place_is_an_error() -> None:
    assert issues(read({"commune_code": None})) == [("assets", 2, "commune_missing")]


def test_a_table_in_which_no_row_has_a_place_is_one_error() -> None:
    nowhere = table({"commune_code": None}, {"commune_code": None})
    located = geodata.read_codes(nowhere, table({"commune_code": BA_DINH}, {"commune_code": None}))
    assert issues(located) == [("assets", None, "column_missing"), ("needs", 3, "commune_missing")]


def test_half_a_point_is_an_error() -> None:
    located = read({"commune_code": BA_DINH, "lat": 21.0}, {"lon": 105.8})
    assert ("assets", 2, "point_incomplete") in issues(located)
    assert located.issues["column"].tolist()[0] == "lon"
    assert located.assets["leg_m"].isna().all()


def test_swapped_and_foreign_points_are_told_apart() -> None:
    swapped = {"commune_code": BA_DINH, "lat": BA_DINH_POINT[1], "lon": BA_DINH_POINT[0]}
    foreign = {"commune_code": BA_DINH, "lat": 48.85, "lon": 2.35}
    assert issues(read(swapped, foreign)) == [
        ("assets", 2, "lat_lon_swapped"),
        ("assets", 3, "outside_country"),
    ]


def square(*points: tuple[str, str, float, float]) -> pd.DataFrame:
    """A small country on the equator, where 0.1 degree of longitude is 11.12 km."""
    frame = pd.DataFrame(points, columns=["commune_code", "province_code", "lat", "lon"])
    return frame.assign(
        name=frame["commune_code"], kind="xã", province_name="P" + frame["province_code"], island=""
    )


@pytest.mark.parametrize(
    ("lon", "outside"),
    [
        (0.10, False),  # its own commune is the nearest
        (0.36, False),  # 40.0 km against 26.7 km: 13.3 km farther
        (0.37, True),  # 41.1 km against 25.6 km: 15.6 km farther
        (0.60, True),
    ],
)
def test_outside_its_province_is_more_than_fifteen_kilometres_farther_than_another(
    lon: float, outside: bool
) -> None:
    country = square(("A", "1", 0, 0), ("B", "2", 0, 0.6))
    located = read({"commune_code": "A", "lat": 0.0, "lon": lon}, communes=country)
    assert [code for *_, code in issues(located)] == (["outside_province"] if outside else [])


def test_a_far_point_is_fine_where_no_other_province_is_nearer() -> None:
    country = square(("A", "1", 0, 0), ("C", "1", 0, 0.5), ("B", "2", 0, 1.6))
    assert issues(read({"commune_code": "A", "lat": 0.0, "lon": 0.9}, communes=country)) == []


def test_codes_of_own_communes_are_read_from_them_and_old_ones_still_recognised() -> None:
    country = square((BA_DINH, "1", *BA_DINH_POINT), ("X1", "1", 21.0, 105.8))
    located = read({"commune_code": "X1"}, {"commune_code": QUAN_THANH}, communes=country)
    assert codes(located) == ["X1", BA_DINH]
    assert issues(read({"commune_code": "00008"}, communes=country)) == [("assets", 2, "commune_unknown")]


def test_all_issues_come_in_one_pass_sorted_and_in_both_languages() -> None:
    rows: list[dict[str, Any]] = [
        {"commune_code": "99999"},
        {"commune_code": "4"},
        {"commune_code": BA_DINH, "lat": 1.0, "lon": 1.0},
    ]
    located = geodata.read_codes(table(*rows), table(*rows[:1]))
    assert issues(located) == [
        ("assets", 2, "commune_unknown"),
        ("assets", 3, "code_lost_zeros"),
        ("assets", 4, "outside_country"),
        ("needs", 2, "commune_unknown"),
    ]
    assert tuple(located.issues.columns) == COLUMNS
    assert (located.issues[[c for c in COLUMNS if c.startswith(("message", "remedy"))]] != "").all(axis=None)


@pytest.mark.parametrize("code", sorted(TEXTS))
def test_texts_say_the_same_in_both_languages(code: str) -> None:
    severity, message_en, message_vi, remedy_en, remedy_vi = TEXTS[code]
    assert severity in ("error", "warning")

    def words(*texts: str) -> set[str]:
        return {
            part.split("}")[0].removesuffix("_en").removesuffix("_vi")
            for t in texts
            for part in t.split("{")[1:]
        }

    assert words(message_en, remedy_en) == words(message_vi, remedy_vi)


CODES = sorted(set(geodata.old_communes()["old_commune_code"]) | set(geodata.communes()["commune_code"]))
ROW = st.fixed_dictionaries(
    {"commune_code": st.one_of(st.none(), st.sampled_from(CODES))},
    optional={"lat": st.floats(8, 23), "lon": st.floats(102, 110)},
)


@given(st.lists(ROW, min_size=1, max_size=8), st.sampled_from(["auto", "pre-2025"]))
@settings(max_examples=25, deadline=None)
def test_reading_a_second_time_changes_nothing(rows: list[dict[str, Any]], mode: str) -> None:
    first = read(*rows, mode=mode)
    good = first.assets[first.assets["leg_m"].notna()].reset_index(drop=True)
    again = geodata.read_codes(good, NONE, mode="2025")
    pd.testing.assert_frame_equal(again.assets, good)
    assert set(again.issues["code"]) <= {"outside_province"}
    pd.testing.assert_frame_equal(geodata.read_codes(good, NONE).assets, good)


def test_every_old_commune_is_translated_to_a_commune_that_it_is_part_of() -> None:
    old = geodata.old_communes()
    given = old.rename(columns={"old_commune_code": "commune_code"})[["commune_code", "lat", "lon"]]
    located = geodata.read_codes(given, NONE)
    assert issues(located) == [("folder", None, "codes_translated")]
    pairs = pd.MultiIndex.from_frame(located.assets[["old_commune_code", "commune_code"]])
    assert pairs.isin(
        pd.MultiIndex.from_frame(geodata.code_changes()[["old_commune_code", "commune_code"]])
    ).all()


def test_other_columns_and_the_index_are_left_as_they_are() -> None:
    frame = table({"commune_code": BA_DINH}).assign(asset_id="V-1")
    frame.index = pd.Index([7])
    located = geodata.read_codes(frame, NONE)
    assert located.assets.index.tolist() == [7]
    assert located.assets["asset_id"].tolist() == ["V-1"]
    assert "old_commune_code" in located.needs
    assert str(located.assets["leg_m"].dtype) == "Int64"
    assert np.array_equal(frame["commune_code"].to_numpy(), [BA_DINH])
