"""The reference inventory against the totals that it is calibrated to, and the promises of its generator."""

from __future__ import annotations

import tomllib
import unicodedata
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pandas.testing import assert_frame_equal

import geodata

if TYPE_CHECKING:
    import pandas as pd

ROOT = Path(__file__).resolve().parents[2]
NEITHER = {"20333", "22736"}
# Bytes of seed 1; they change with the register and with every assumption, never with a platform.
SHA256 = {
    "assets.csv": "3f89305eaaa9a4f4",
    "needs.csv": "dca171606fea2c1b",
    "scenario.toml": "cd69bc01dd68a2c1",
}


@pytest.fixture(scope="module")
def national() -> geodata.Inventory:
    return geodata.reference(seed=1)


@pytest.fixture(scope="module", params=[1, 2])
def seeded(request: pytest.FixtureRequest, national: geodata.Inventory) -> geodata.Inventory:
    return national if request.param == 1 else geodata.reference(seed=request.param)


def cars_in_use(inventory: geodata.Inventory) -> pd.DataFrame:
    assets = inventory.assets
    return assets[(assets["kind"] == "car") & (assets["status"] == "in_use")]


def province_of(frame: pd.DataFrame) -> pd.Series[str]:
    communes = geodata.communes().set_index("commune_code")
    return frame["commune_code"].map(communes["province_code"])


def without_car(inventory: geodata.Inventory) -> set[str]:
    return set(geodata.communes()["commune_code"]) - NEITHER - set(cars_in_use(inventory)["commune_code"])


def of(frame: pd.DataFrame, category: str) -> pd.DataFrame:
    return frame[frame["category"] == category]


def test_exactly_354_communes_have_no_car_in_use_and_each_wants_one(seeded: geodata.Inventory) -> None:
    lacking = without_car(seeded)
    assert len(lacking) == 354
    needs = seeded.needs
    assert lacking <= set(needs.loc[needs["kinds"] == "car", "commune_code"])


def test_exactly_601_communes_have_an_equipment_need(seeded: geodata.Inventory) -> None:
    assert of(seeded.needs, "equipment")["commune_code"].nunique() == 601


def test_most_communes_short_of_equipment_have_units_in_use_below_what_they_ask(
    seeded: geodata.Inventory,
) -> None:
    needs, assets = of(seeded.needs, "equipment"), of(seeded.assets, "equipment")
    both = needs.merge(
        assets[assets["status"] == "in_use"],
        left_on=["commune_code", "kinds"],
        right_on=["commune_code", "kind"],
    )
    worn = both[both["condition_pct"] < both["min_condition_pct"]]["commune_code"].nunique()
    assert 601 / 2 < worn < 601


def test_hoang_sa_and_truong_sa_have_neither_vehicle_nor_need(seeded: geodata.Inventory) -> None:
    assert not set(seeded.needs["commune_code"]) & NEITHER
    moving = seeded.assets[seeded.assets["category"] != "premises"]
    assert not set(moving["commune_code"]) & NEITHER


def test_premises_are_16124_of_which_6704_come_from_the_reorganisation(seeded: geodata.Inventory) -> None:
    names = of(seeded.assets, "premises")["asset_id"]
    assert len(names) == 16_124
    from_where = names.str[:3].value_counts()
    assert from_where[["P-P", "P-D", "P-C"]].tolist() == [29, 696, 5_979]
    assert from_where[["P-P", "P-D", "P-C"]].sum() == 6_704


def test_no_free_seat_is_that_of_the_old_commune_with_a_new_communes_code(seeded: geodata.Inventory) -> None:
    names = seeded.assets["asset_id"]
    freed = set(names[names.str.startswith("P-C")].str[3:])
    assert freed <= set(geodata.old_communes()["old_commune_code"])
    assert not freed & set(geodata.communes()["commune_code"])


def test_premises_needs_follow_the_uses_of_those_handled(seeded: geodata.Inventory) -> None:
    needs = of(seeded.needs, "premises")
    counts = needs["purpose"].value_counts()
    assert len(needs) == 9_400
    # 9,400 x 7,952, 4,002, 1,314, 798 and 3,430 / 17,496
    assert counts["headquarters"] + counts["service_centre"] == 4_272
    assert counts["education"] == 2_150
    assert counts["culture"] + counts["sport"] == 706
    assert counts["health"] == 429
    assert counts[["housing", "police", "military", "other"]].sum() == 1_843


def test_service_centres_are_one_a_commune_in_32_provinces(seeded: geodata.Inventory) -> None:
    needs = seeded.needs[seeded.needs["purpose"] == "service_centre"]
    assert len(needs) == 3_139
    assert needs["commune_code"].is_unique
    provinces = set(province_of(needs))
    assert len(provinces) == 32
    assert not provinces & {"01", "22"}


def test_about_3000_vehicles_and_tens_of_thousands_of_equipment_units_are_surplus(
    seeded: geodata.Inventory,
) -> None:
    free = seeded.assets[seeded.assets["status"] == "surplus"]
    assert 2_850 < len(of(free, "vehicle")) < 3_150
    lots = of(free, "equipment")
    assert 20_000 < lots["units"].sum() < 150_000
    assert lots["units"].min() >= 2
    assert lots["units"].max() <= 60


def test_fewer_cars_can_move_than_are_wanted_but_more_than_half(seeded: geodata.Inventory) -> None:
    cars = seeded.assets[(seeded.assets["kind"] == "car") & (seeded.assets["status"] == "surplus")]
    movable = cars[
        (cars["year"] >= 2005)
        & (cars["condition_pct"] >= 30).fillna(False)
        & (cars["legal_status"] == "clear")
        & cars["available_from"].isna()
    ]
    wanted = seeded.needs.loc[seeded.needs["kinds"] == "car", "units"].sum()
    assert wanted / 2 < len(movable) < wanted


def test_some_communes_ask_for_more_cars_than_the_norm_leaves_them(seeded: geodata.Inventory) -> None:
    have = cars_in_use(seeded)["commune_code"].value_counts()
    needs = seeded.needs[seeded.needs["kinds"] == "car"]
    total = needs["commune_code"].map(have).fillna(0) + needs["units"]
    assert (total > 2).sum() > 20
    assert set(have) == {1, 2, 3}


def test_every_row_says_that_it_is_synthetic_and_every_text_is_composed(seeded: geodata.Inventory) -> None:
    for frame in (seeded.assets, seeded.needs):
        assert set(frame["source"]) == {"synthetic"}
        for column in frame.columns[frame.dtypes == "str"]:
            texts = frame[column].dropna().unique()
            assert all(unicodedata.is_normalized("NFC", text) for text in texts), column


def test_plates_and_identifiers_are_unique(seeded: geodata.Inventory) -> None:
    assets = seeded.assets
    assert assets["asset_id"].is_unique
    assert seeded.needs["need_id"].is_unique
    plates = assets.loc[(assets["category"] == "vehicle") & (assets["kind"] != "boat"), "official_id"]
    assert plates.is_unique
    assert plates.str.fullmatch(r"\d{2}Q-\d{3}\.\d{2}").all()


@pytest.mark.parametrize("province", ["01", "22", "33", "38", "48", "86"])
def test_a_province_alone_has_exactly_its_national_rows(national: geodata.Inventory, province: str) -> None:
    alone = geodata.reference(seed=1, province=province)
    for frame, part in ((national.assets, alone.assets), (national.needs, alone.needs)):
        mine = frame[province_of(frame) == province].reset_index(drop=True)
        assert len(mine) > 100
        assert_frame_equal(part, mine)


@pytest.mark.parametrize("scale", ["0.1", "2.5"])
def test_scale_multiplies_assets_and_wanted_units_but_no_commune(
    national: geodata.Inventory, scale: str
) -> None:
    scaled = geodata.reference(seed=1, scale=scale)
    assert without_car(scaled) == without_car(national)
    short = set(of(national.needs, "equipment")["commune_code"])
    assert set(of(scaled.needs, "equipment")["commune_code"]) == short
    factor = float(scale)
    # exact: 1,612.4 and 40,310
    assert len(of(scaled.assets, "premises")) == round(16_124 * factor)
    for name in ("vehicle", "equipment"):
        before, after = of(national.assets, name), of(scaled.assets, name)
        before, after = before[before["status"] == "surplus"], after[after["status"] == "surplus"]
        assert after["units"].sum() == pytest.approx(before["units"].sum() * factor, rel=0.02, abs=20)
    places = of(scaled.needs, "premises")["units"].sum()
    assert places == pytest.approx(of(national.needs, "premises")["units"].sum() * factor, abs=20)
    assert scaled.assets["official_id"].dropna().is_unique


def test_scale_1_is_the_same_however_it_is_written() -> None:
    one = geodata.reference(seed=1, scale=1, province="12")
    for scale in ("1", "1.0"):
        assert_frame_equal(geodata.reference(seed=1, scale=scale, province="12").assets, one.assets)


def test_another_seed_gives_another_inventory() -> None:
    one, other = (geodata.reference(seed=seed, province="12") for seed in (1, 2))
    assert not one.assets["condition_pct"].equals(other.assets["condition_pct"])


@pytest.mark.parametrize("scale", ["0", "-1", "NaN", "Infinity", "two", "", "1/3"])
def test_a_scale_that_is_no_decimal_above_0_is_refused(scale: str) -> None:
    with pytest.raises(ValueError, match="scale is a decimal above 0"):
        geodata.reference(scale=scale)


def test_a_code_that_is_no_provinces_is_refused() -> None:
    with pytest.raises(ValueError, match="province is one of 01, 04"):
        geodata.reference(province="02")


def test_seed_1_is_written_to_these_bytes_on_every_platform(
    national: geodata.Inventory, tmp_path: Path
) -> None:
    geodata.write_reference(national, tmp_path / "new" / "folder")
    written = {path.name: path.read_bytes() for path in (tmp_path / "new" / "folder").iterdir()}
    assert written["assets.csv"].startswith(b"\xef\xbb\xbfasset_id,category,kind,")
    assert b"\r" not in written["assets.csv"] + written["needs.csv"] + written["scenario.toml"]
    assert tomllib.loads(written["scenario.toml"].decode(), parse_float=Decimal) == national.scenario
    assert {name: sha256(content).hexdigest()[:16] for name, content in written.items()} == SHA256


def test_the_document_states_the_counts_of_seed_1(national: geodata.Inventory) -> None:
    assets, needs = national.assets, national.needs
    free = assets[assets["status"] == "surplus"]
    counts = {
        "rows of assets": len(assets),
        "rows of needs": len(needs),
        "cars in use": len(cars_in_use(national)),
        "surplus vehicles": len(of(free, "vehicle")),
        "of them cars": int((free["kind"] == "car").sum()),
        "cars wanted": int(needs.loc[needs["kinds"] == "car", "units"].sum()),
        "surplus equipment, lots": len(of(free, "equipment")),
        "surplus equipment, units": int(of(free, "equipment")["units"].sum()),
        "equipment wanted, units": int(of(needs, "equipment")["units"].sum()),
        "premises wanted, places": int(of(needs, "premises")["units"].sum()),
    }
    page = (ROOT / "docs" / "reference-inventory.md").read_text(encoding="utf-8")
    for what, count in counts.items():
        assert f"| {what} | {count:,} |" in page
