"""A table is the same table in whichever format it is written."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from app.formats.convert import read_tables
from solver import parse_tables
from solver.tables.columns import by_name
from tests.app.formats.writing import write_csv, write_geojson, write_layer

if TYPE_CHECKING:
    from solver.tables.parse import TypedTables

texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12)
numbers = st.integers(0, 10**12).map(str) | st.decimals(0, 10**6, places=2).map(str)
points = st.none() | st.tuples(st.floats(8.5, 23.3).map(repr), st.floats(102.2, 109.4).map(repr))
CELLS: dict[str, st.SearchStrategy[str]] = {
    "asset_id": texts | st.sampled_from(["0001", "V-1", "1"]),
    "category": st.sampled_from(["vehicle", "Nhà, đất", "equipment", "", "nothing"]),
    "commune_code": st.sampled_from(["00004", "14797", ""]),
    "kind": st.sampled_from(["car", "Máy tính", "Ô tô", "car|boat", "x"]),
    "units": st.sampled_from(["", "1", "12", "1.0", "-1", "0", "abc", "1e3"]),
    "area_m2": numbers | st.just(""),
    "book_value_vnd": numbers | st.just("950.000"),
    "available_from": st.dates().map(str) | st.just("15/08/2025"),
    "note": texts,
    "Cột lạ": texts,
}
_ALWAYS = ("asset_id", "commune_code")


@st.composite
def tables(draw: st.DrawFn) -> list[dict[str, str]]:
    """Return rows of assets, some wrong, under English or Vietnamese headings, points or none in each."""
    # Where no row has a point, no geometry says that there are columns for one: the commune's always is.
    columns = [
        *_ALWAYS,
        *draw(st.lists(st.sampled_from([name for name in CELLS if name not in _ALWAYS]), unique=True)),
    ]
    vietnamese = draw(st.booleans())
    known = by_name("assets")
    rows: list[dict[str, str]] = []
    for _ in range(draw(st.integers(1, 4))):
        row = {
            known[name].vi if vietnamese and name in known else name: draw(CELLS[name]) for name in columns
        }
        lat, lon = draw(points) or ("", "")
        rows.append({**row, "lat": lat, "lon": lon})
    return rows


def typed(folder: Path) -> TypedTables:
    found = parse_tables(read_tables(folder))
    found.assets = found.assets.reindex(sorted(found.assets.columns), axis="columns")
    return found


def issues(found: TypedTables) -> list[tuple[object, ...]]:
    return [(one.row, one.column, one.code, one.value) for one in found.issues if one.table == "assets"]


def native(row: dict[str, str]) -> dict[str, Any]:
    """Return a row with numbers where their text is what JSON would write."""
    made: dict[str, Any] = {}
    for name, text in row.items():
        number = int(text) if text.isascii() and text.isdecimal() else text
        made[name] = number if str(number) == text else text
        if name in ("lat", "lon") and text:
            made[name] = float(text)
    return made


@settings(max_examples=30)
@given(tables())
def test_a_table_reads_the_same_from_every_format(rows: list[dict[str, str]]) -> None:
    with tempfile.TemporaryDirectory() as temporary:
        folders = {name: Path(temporary) / name for name in ("csv", "geojson", "json", "tables", "gpkg")}
        for folder in folders.values():
            folder.mkdir()
        write_csv(folders["csv"] / "assets.csv", rows)
        write_geojson(folders["geojson"] / "Tài sản.geojson", rows)
        (folders["json"] / "assets.json").write_text(json.dumps([native(row) for row in rows]), "utf-8")
        (folders["tables"] / "tables.json").write_text(json.dumps({"assets": rows}), "utf-8")
        write_layer(folders["gpkg"] / "x.gpkg", "assets", rows)
        wanted = typed(folders.pop("csv"))
        for name, folder in folders.items():
            found = typed(folder)
            assert_frame_equal(found.assets, wanted.assets, obj=name)
            assert issues(found) == issues(wanted), name
