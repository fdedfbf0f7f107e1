from __future__ import annotations

import hashlib
import random
from typing import TYPE_CHECKING

import pytest

from solver.scenario import inventory_date, read_scenario
from solver.tables.parse import parse_tables
from solver.tables.read import RawTables, read_tables
from solver.tables.rules import check_tables

if TYPE_CHECKING:
    from pathlib import Path

ASSETS = (
    "asset_id,category,kind,commune_code,units\nV-1,vehicle,car,00004,1\nE-1,equipment,computer,00008,5\n"
)
NEEDS = "need_id,category,kinds,commune_code\nN-1,vehicle,car,00004\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "assets.csv").write_text(ASSETS, encoding="utf-8")
    (tmp_path / "needs.csv").write_text(NEEDS, encoding="utf-8")
    return tmp_path


def found(raw: RawTables) -> list[tuple[str, int | None, str | None, str]]:
    return [(one.table, one.row, one.column, one.code) for one in raw.issues]


def with_assets(folder: Path, content: str | bytes) -> RawTables:
    data = content if isinstance(content, bytes) else content.encode("utf-8")
    (folder / "assets.csv").write_bytes(data)
    return read_tables(folder)


def test_a_good_folder_has_no_issues(folder: Path) -> None:
    raw = read_tables(folder)
    assert raw.issues == []
    assert list(raw.assets["asset_id"]) == ["V-1", "E-1"]
    assert list(raw.assets["row"]) == [2, 3]
    assert raw.matches is None
    assert raw.communes is None
    assert raw.distances is None
    assert raw.scenario is None
    assert raw.sources["assets.csv"] == hashlib.sha256(ASSETS.encode()).hexdigest()


def test_rows_far_shorter_than_very_many_headings_are_not_padded(folder: Path) -> None:
    wide = ASSETS.splitlines()[0] + "".join(f",x{number}" for number in range(95))
    for content in (wide + "\nA" * 200_001, wide + ",y" * 3_000 + "\nA"):
        raw = with_assets(folder, content)
        assert [(one.table, one.code) for one in raw.issues] == [("assets", "cells_too_many")]
        assert raw.assets.empty
    blank = with_assets(folder, wide + "," * 20_000 + "\n" * 300_000)
    assert "cells_too_many" not in {one.code for one in blank.issues}


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_separator_bom_and_line_ends_do_not_matter(
    folder: Path, separator: str, bom: bytes, end: str
) -> None:
    content = bom + ASSETS.replace(",", separator).replace("\n", end).encode()
    raw = with_assets(folder, content)
    assert raw.issues == []
    assert raw.assets.equals(read_tables_of(ASSETS, folder).assets)


def read_tables_of(content: str, folder: Path) -> RawTables:
    return with_assets(folder, content)


@pytest.mark.parametrize(
    "headings",
    [
        "Mã tài sản;Loại tài sản;Chủng loại;Mã xã;Số lượng",
        "ma tai san;loai tai san;chung loai;ma xa;so luong",
        "MÃ_TÀI_SẢN;LOẠI TÀI SẢN;chủngloại;Ma Xa;SO LUONG",
        "Asset ID;CATEGORY;Kind;communecode;Units",
    ],
)
def test_headings_may_be_vietnamese_or_english_with_or_without_marks(folder: Path, headings: str) -> None:
    raw = with_assets(folder, headings + "\nV-1;vehicle;car;00004;1\n")
    assert raw.issues == []
    assert list(raw.assets.columns) == ["asset_id", "category", "kind", "commune_code", "units", "row"]


def test_cells_are_stripped_and_composed_and_keep_inner_spaces(folder: Path) -> None:
    decomposed = "Ho\u0302\u0300 Gu\u031bo\u031bm"
    raw = with_assets(folder, f"asset_id,category,commune_code,note\n  V  1 , vehicle,00004,{decomposed}\n")
    assert list(raw.assets.loc[0, ["asset_id", "category", "note"]]) == ["V  1", "vehicle", "Hồ Gươm"]


def test_rows_are_counted_as_a_spreadsheet_counts_them(folder: Path) -> None:
    content = (
        'asset_id,category,commune_code,note\nA,vehicle,1,"two\nlines, ""quoted"""\n\nB,vehicle,2,\n,,,\n\n\n'
    )
    raw = with_assets(folder, content)
    assert raw.issues == []
    assert list(raw.assets["row"]) == [2, 4]
    assert raw.assets.loc[0, "note"] == 'two\nlines, "quoted"'


def test_ragged_rows_are_named(folder: Path) -> None:
    raw = with_assets(folder, "asset_id,category,commune_code\nA,vehicle\nB,vehicle,1,,\nC,vehicle,1,x\n")
    assert found(raw) == [("assets", 2, None, "row_ragged"), ("assets", 4, None, "row_ragged")]


def test_a_quotation_mark_that_is_never_closed_is_not_swallowed(folder: Path) -> None:
    raw = with_assets(folder, 'asset_id,category,commune_code\nA,vehicle,"1\nB,vehicle,2\n')
    assert found(raw) == [("assets", None, None, "csv_broken")]


@pytest.mark.parametrize(
    "content",
    [
        ASSETS.encode("utf-16"),
        ASSETS.encode("utf-16-le"),
        "asset_id,category\nHôm,vehicle\n".encode("cp1258"),
    ],
)
def test_another_encoding_is_reported_once_with_the_way_to_save(folder: Path, content: bytes) -> None:
    raw = with_assets(folder, content)
    assert found(raw) == [("assets", None, None, "encoding_not_utf8")]
    assert "CSV UTF-8" in raw.issues[0].remedy()
    parsed = parse_tables(raw).issues
    assert [one.code for one in parsed if one.table == "assets"] == ["encoding_not_utf8"]


def test_wrong_headings_are_all_reported(folder: Path) -> None:
    raw = with_assets(folder, "asset_idd,unitss,Số lượng,units,,row\nA,1,1,1,x,9\n")
    assert set(found(raw)) == {
        ("assets", None, "asset_idd", "column_unknown"),
        ("assets", None, "unitss", "column_unknown"),
        ("assets", None, "row", "column_unknown"),  # kept as given_row
        ("assets", None, "units", "column_duplicate"),
        ("assets", None, "column_5", "column_unnamed"),
        ("assets", None, "asset_id", "column_missing"),
        ("assets", None, "category", "column_missing"),
        ("assets", None, "commune_code", "column_missing"),
    }
    hints = {one.column: one.params.get("closest") for one in raw.issues if one.code.startswith("column_")}
    assert hints["asset_idd"] == "asset_id"
    assert hints["asset_id"] == "asset_idd"
    assert list(raw.assets.loc[0, ["asset_idd", "column_5", "given_row", "row"]]) == ["A", "x", "9", 2]


def test_missing_and_empty_files_are_errors(tmp_path: Path) -> None:
    (tmp_path / "assets.csv").write_text("", encoding="utf-8")
    (tmp_path / "need.csv").write_text(NEEDS, encoding="utf-8")
    raw = read_tables(tmp_path)
    assert found(raw) == [
        ("assets", None, None, "file_empty"),
        ("folder", None, None, "file_unknown"),
        ("needs", None, None, "file_missing"),
    ]
    assert raw.issues[2].params["closest"] == "need.csv"


def test_a_folder_that_is_not_there_is_an_issue(tmp_path: Path) -> None:
    assert found(read_tables(tmp_path / "nowhere")) == [("folder", None, None, "folder_unreadable")]


@pytest.mark.parametrize("name", ["needs.parquet", "A.PARQUET"])
def test_formats_that_are_not_built_are_never_ignored(folder: Path, name: str) -> None:
    (folder / name).write_bytes(b"PK")
    assert found(read_tables(folder)) == [("folder", None, None, "not_supported_yet")]


def test_files_of_a_plans_inputs_are_known_and_others_are_named(folder: Path) -> None:
    for name in ("distances.json", "metres.csv", "metres_pairs.csv", ".hidden", "~$assets.xlsx"):
        (folder / name).write_text("x", encoding="utf-8")
    (folder / "old").mkdir()
    assert read_tables(folder).issues == []
    (folder / "note.txt").write_text("x", encoding="utf-8")
    assert found(read_tables(folder)) == [("folder", None, None, "file_unknown")]
    assert read_tables(folder).issues[0].severity == "warning"


def test_two_scenarios_are_an_error(folder: Path) -> None:
    (folder / "scenario.toml").write_text("", encoding="utf-8")
    (folder / "scenario.json").write_text("{}", encoding="utf-8")
    assert found(read_tables(folder)) == [("scenario", None, None, "scenario_twice")]


def test_control_characters_are_named(folder: Path) -> None:
    raw = with_assets(folder, "asset_id,category,commune_code,note\nA,vehicle,1,a\x07b\n")
    assert found(raw) == [("assets", 2, "note", "control_character")]


def test_with_a_matches_table_no_place_is_needed(folder: Path) -> None:
    (folder / "matches.csv").write_text("asset_id,need_id,cost_vnd\nA,N,5\n", encoding="utf-8")
    raw = with_assets(folder, "asset_id,category\nA,vehicle\n")
    assert raw.issues == []


def read_everything(folder: Path) -> None:
    tables = parse_tables(read_tables(folder))
    day = inventory_date(tables.assets, tables.needs)
    explicit = tables.matches is not None
    scenario, issues = read_scenario(tables.scenario_raw, explicit_matches=explicit, inventory_date=day)
    more = check_tables(
        tables.assets, tables.needs, matches=tables.matches, distances=tables.distances, scenario=scenario
    )
    for one in [*tables.issues, *issues, *more]:
        assert one.message("en")
        assert one.remedy("vi")
    assert scenario.to_json()


GOOD = {
    "assets.csv": (
        "asset_id,category,kind,commune_code,lat,lon,status,units,area_m2,"
        "condition_pct,year,available_from,attached_to\n"
        'V-1,vehicle,"ô tô",00004,21.03,105.83,surplus,1,,85.5,2015,2025-08-15,\n'
        "P-1,premises,office,00004,,,in_use,1,1200.5,,1999,15/08/2025,\n"
        "E-1,equipment,máy in,00008,,,,40,,,,,P-1\n"
    ).encode(),
    "needs.csv": (
        b"need_id,category,kinds,commune_code,units,price_vnd\nN-1,vehicle,car|pickup,00004,2,950.000.000\n"
    ),
    "matches.csv": b"asset_id,need_id,cost_vnd,load\nV-1,N-1,5000000,\n",
    "distances.csv": b"from_commune_code,to_commune_code,distance_km\n00004,00008,12.5\n",
    "communes.csv": b"commune_code,name,province_code,lat,lon\n00004,x,01,21.0,105.8\n",
    "scenario.json": b'{"name": "x", "reach_km": {"vehicle": 40.5}, "stability": {"bans": [["V-1", "N-1"]]}}',
}
TOML = b"""name = "x"
date = 2025-08-15
[prices]
unmet = { "vehicle/car" = 950000000 }
priority_factor = [4.0, 2, 1, 0.5, 0.25]
"""
SPLICES = [
    b"",
    b"\x00",
    b'"',
    b"\xff\xfe",
    b",",
    b"\n",
    b"nan",
    b"1e999",
    b"-1",
    "ệ".encode(),
    b"[",
    b"9" * 5000,
    b"null",
    b"{}",
]


@pytest.mark.parametrize("seed", range(60))
def test_a_mutated_folder_gives_issues_and_never_a_traceback(tmp_path: Path, seed: int) -> None:
    draw = random.Random(seed)
    files = dict(GOOD)
    if seed % 2:
        del files["scenario.json"]
        files["scenario.toml"] = TOML
    for name, content in files.items():
        data = bytearray(content)
        for _ in range(draw.randrange(4)):
            place = draw.randrange(len(data) + 1)
            data[place : place + draw.randrange(4)] = draw.choice([*SPLICES, bytes([draw.randrange(256)])])
        (tmp_path / name).write_bytes(bytes(data))
    read_everything(tmp_path)


@pytest.mark.parametrize("seed", range(10))
def test_random_bytes_give_issues_and_never_a_traceback(tmp_path: Path, seed: int) -> None:
    draw = random.Random(seed)
    for name in GOOD:
        (tmp_path / name).write_bytes(draw.randbytes(draw.randrange(300)))
    read_everything(tmp_path)


def test_a_table_without_a_column_that_decides_says_so(folder: Path) -> None:
    issues = parse_tables(read_tables(folder)).issues
    absent = {(one.table, one.column, one.severity) for one in issues if one.code == "column_absent"}
    assert absent == {
        ("assets", "condition_pct", "warning"),
        ("assets", "year", "warning"),
        ("needs", "units", "warning"),
    }
    (folder / "matches.csv").write_text("asset_id,need_id,cost_vnd\nV-1,N-1,5\n", encoding="utf-8")
    explicit = parse_tables(read_tables(folder)).issues
    assert not [one for one in explicit if one.code == "column_absent"]  # there they decide nothing
