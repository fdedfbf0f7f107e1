"""The register against official counts, its own rules, the package that it comes from and real boundaries."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
import unicodedata
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import geodata
from geodata.register import build, links, points
from geodata.register.read import FOLDER
from geodata.register.source import read_source

VIETNAM = Path(__file__).parents[3] / "shared" / "data" / "vietnam"
SHA256 = {
    "changes": "ae875f2302896705",
    "communes": "a4f31a74dfebf425",
    "corrections": "3ea57f4e957cb2d5",
    "old_communes": "2c7f51ae7cd9ac42",
    "old_districts": "1313e580ad2fe59b",
    "old_provinces": "d23bd348442b94b1",
    "old_to_new": "4b3cb4f08a8888c7",
    "provinces": "38dd21fb8dc09d04",
}
needs_boundaries = pytest.mark.skipif(not VIETNAM.is_dir(), reason="no real boundaries beside the repository")


def package() -> Path | None:
    """The wheel or folder of vietnamadminunits: named by the environment, or installed for development."""
    named = os.environ.get("SURPLAN_VIETNAMADMINUNITS")
    if named:
        return Path(named)
    spec = find_spec("vietnamadminunits")  # finds without importing
    return Path(spec.origin).parents[1] if spec and spec.origin else None


def test_the_counts_are_the_official_ones() -> None:
    communes = geodata.communes()
    assert len(communes) == communes["commune_code"].nunique() == 3321
    assert communes["kind"].value_counts().to_dict() == {"xã": 2621, "phường": 687, "đặc khu": 13}
    assert len(geodata.provinces()) == 34
    assert len(geodata.old_communes()) == 10035
    assert len(geodata.old_districts()) == 696
    assert len(geodata.old_provinces()) == 63


@pytest.mark.parametrize(
    ("date", "kinds", "cities"),
    [
        (dt.date(2026, 4, 29), (2621, 687, 13), 6),
        (dt.date(2026, 4, 30), (2611, 697, 13), 7),
        (dt.date(2026, 9, 1), (2611, 697, 13), 8),
        (dt.date(2026, 9, 20), (2599, 709, 13), 9),
    ],
)
def test_units_carry_a_date(date: dt.date, kinds: tuple[int, int, int], cities: int) -> None:
    counts = geodata.communes(date)["kind"].value_counts()
    assert (counts["xã"], counts["phường"], counts["đặc khu"]) == kinds
    assert (geodata.provinces(date)["kind"] == "thành phố").sum() == cities


def test_a_change_names_the_kind_that_it_replaces() -> None:
    start = {"communes": geodata.communes(), "provinces": geodata.provinces()}
    for change in geodata.changes().to_dict("records"):
        frame = start[change["table"]]
        assert frame.loc[frame.iloc[:, 0] == change["code"], change["field"]].tolist() == [change["old"]]


def test_a_day_before_the_register_is_refused() -> None:
    with pytest.raises(ValueError, match="begins on 2025-07-01"):
        geodata.communes(dt.date(2025, 6, 30))


def test_a_frame_that_is_changed_leaves_the_register_as_it_was() -> None:
    frame = geodata.communes()
    frame["name"] = ""
    assert geodata.communes()["name"].ne("").all()


def test_codes_have_their_length_and_names_are_composed_text_with_new_style_tones() -> None:
    frames = [geodata.communes(), geodata.old_communes(), geodata.old_districts(), geodata.provinces()]
    for frame, length in zip(frames, (5, 5, 3, 2), strict=True):
        assert frame.iloc[:, 0].str.fullmatch(rf"\d{{{length}}}").all()
        names = frame["name"]
        assert names.tolist() == [unicodedata.normalize("NFC", name.strip()) for name in names]
        # Hòa and Thủy, not Hoà and Thuỷ; the q of quý takes the u
        assert not names.str.lower().str.contains(r"o[àáảãạèéẻẽẹ]\b|(?<!q)u[ỳýỷỹỵ]\b").any()


def test_every_commune_has_a_point_and_a_province_and_islands_are_those_without_a_road() -> None:
    communes = geodata.communes()
    assert communes[["lat", "lon"]].notna().all(axis=None)
    assert communes["province_code"].isin(geodata.provinces()["province_code"]).all()
    assert communes["population"].isna().all()
    island = communes.set_index("commune_code")["island"]
    assert (island != "").sum() == 22
    assert island["29410"] == island["29413"] == "Long Hòa - Hòa Minh"
    assert island["06994"] == island["11914"] == ""


def test_old_communes_are_whole_or_in_parts_never_both() -> None:
    changes = geodata.code_changes()
    old = changes.groupby("old_commune_code")["part"]
    assert set(old.groups) == set(geodata.old_communes()["old_commune_code"])
    assert ((old.transform("size") > 1) == (changes["part"] == "part")).all()
    assert set(changes["commune_code"]) <= set(geodata.communes()["commune_code"])
    districts = geodata.old_districts()
    island_districts = districts.loc[districts["commune_code"] != "", "commune_code"]
    # the five special zones that had no communes have no old code
    assert set(geodata.communes()["commune_code"]) - set(changes["commune_code"]) == set(island_districts)
    assert len(island_districts) == 5


def test_every_commune_of_a_province_comes_from_old_provinces_that_merged_into_it() -> None:
    old = geodata.old_communes().set_index("old_commune_code")["old_province_code"]
    merged = geodata.old_provinces().set_index("old_province_code")["province_code"]
    changes = geodata.code_changes()
    province = geodata.communes().set_index("commune_code")["province_code"]
    came_from = changes["old_commune_code"].map(old).map(merged)
    assert (came_from == changes["commune_code"].map(province)).all()


def test_namesakes_that_the_package_mixed_up_are_told_apart() -> None:
    parts = geodata.code_changes().groupby("old_commune_code")["commune_code"].agg(list)
    # Tân Long of Phụng Hiệp (Hậu Giang) and of Ngã Năm (Sóc Trăng), both in Cần Thơ today
    assert parts["31438"] == ["31408"]
    assert parts["31741"] == ["31741"]


def test_hand_corrections_name_their_source_and_are_in_the_register() -> None:
    corrections = pd.read_csv(FOLDER / "corrections.csv", dtype="str", keep_default_na=False)
    assert (corrections != "").all(axis=None)
    frames = {
        "communes": geodata.communes().set_index("commune_code"),
        "old_districts": geodata.old_districts().set_index("old_district_code"),
    }
    for row in corrections.to_dict("records"):
        value = frames[row["table"]].loc[row["code"], row["field"]]
        assert value == (float(row["value"]) if row["field"] in ("lat", "lon") else row["value"])


def test_the_data_files_are_those_that_were_reviewed() -> None:
    found = {path.stem: sha256(path.read_bytes()).hexdigest()[:16] for path in sorted(FOLDER.glob("*.csv"))}
    assert found == SHA256


def test_building_from_the_package_gives_the_same_bytes(tmp_path: Path) -> None:
    path = package()
    if path is None:
        pytest.skip("vietnamadminunits 1.0.4 is not installed and SURPLAN_VIETNAMADMINUNITS is not set")
    built = build.build(read_source(path), build.read_corrections())
    build.write(built, tmp_path)
    for stem in built:
        assert (tmp_path / f"{stem}.csv").read_bytes() == (FOLDER / f"{stem}.csv").read_bytes(), stem


def test_importing_geodata_is_light() -> None:
    code = "import sys, geodata; print(sorted({'pandas', 'numpy'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_point_among_strangers_is_found_and_one_among_its_own_is_not() -> None:
    old = {f"o{i}": (10 + i / 100, 105.0) for i in range(30)}
    pieces = {"first": ["o0", "o1"], "last": ["o28", "o29"], "single": ["o15"]}
    at = {"first": (10.005, 105.0), "last": (10.0, 105.0), "single": (10.082, 105.0)}
    # last: 28 strangers are nearer than o28; single: o2 .. o14 are 13, too few against one piece
    assert points.misplaced(at, pieces, old) == ["last"]
    assert points.misplaced(at | {"single": (10.3, 105.0)}, pieces, old) == ["last"]
    assert points.misplaced(at | {"single": (10.0, 105.0)}, pieces, old) == ["last", "single"]


def test_the_medoid_is_the_point_with_the_least_total_distance() -> None:
    assert points.medoid([(10.0, 105.0), (10.1, 105.0), (11.0, 105.0)]) == (10.1, 105.0)


def test_a_point_that_others_share_is_nobodys_own() -> None:
    at = {"a": (10.0, 105.0), "b": (10.0, 105.0), "c": (11.0, 105.0), "d": (12.0, 105.0)}
    assert points.own_points(at, {(12.0, 105.0)}) == {"c"}


def test_links_of_a_namesake_far_away_are_dropped_and_near_ones_kept() -> None:
    at = {"a": (10.0, 105.0), "b": (10.0, 106.0), "c": (10.05, 105.0), "d": (10.0, 105.05)}
    names = {"a": "xatanlong", "b": "xatanlong", "c": "xaanhoa", "d": "xaanhoa"}
    kept, dropped = links.clean_links([("a", "N"), ("b", "N"), ("c", "N"), ("d", "M"), ("c", "M")], names, at)
    assert dropped == [("b", "N")]
    assert kept == [("a", "N"), ("c", "M"), ("c", "N"), ("d", "M")]


@needs_boundaries
def test_points_lie_in_their_communes_but_for_few_and_little() -> None:
    shapely = pytest.importorskip("shapely")
    import json

    collection = json.loads((VIETNAM / "communes_3321_simplified.geojson").read_text(encoding="utf-8"))
    # Ba Chẽ has a wrong code in that file
    shapes = {
        {"06978": "06970"}.get(
            feature["properties"]["code"], feature["properties"]["code"]
        ): shapely.geometry.shape(feature["geometry"])
        for feature in collection["features"]
    }
    outside = {}
    for row in geodata.communes()[["commune_code", "lat", "lon"]].to_numpy().tolist():
        code, lat, lon = row
        scale = np.array([np.cos(np.radians(lat)), 1.0]) * points.KM_PER_DEGREE
        local = shapely.transform(
            shapes[code], lambda xy, lat=lat, lon=lon, scale=scale: (xy - [lon, lat]) * scale
        )
        away = local.distance(shapely.Point(0, 0))
        if away > 0:
            outside[code] = away
    assert len(outside) <= 17
    # Hoàng Sa is drawn as another island of the group than the point's
    assert {code for code, away in outside.items() if away > 6} == {"20333"}


@needs_boundaries
def test_what_became_of_old_communes_agrees_with_the_government_table_but_for_known_rows() -> None:
    table = pd.read_csv(VIETNAM / "old_to_new_map_gso.csv", dtype="str").dropna(
        subset=["old_code", "new_code"]
    )
    theirs = set(zip(table["old_code"], table["new_code"], strict=True))
    changes = geodata.code_changes()
    ours = set(zip(changes["old_commune_code"], changes["commune_code"], strict=True))
    assert ours - theirs == {
        ("00556", "00562"),
        ("01651", "01648"),
        ("02482", "02494"),
        ("23053", "23041"),
        ("28036", "28087"),
        ("31379", "31582"),
        ("31582", "31378"),
    }
    assert theirs - ours == {("00553", "00562"), ("01615", "01648"), ("02485", "02494"), ("09013", "09817")}
