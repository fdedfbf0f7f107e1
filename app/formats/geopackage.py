"""GeoPackage to rows of texts: its layers are the tables, with a geometry or without.

A GeoPackage is an SQLite database in which any cell may hold a value of any type. GDAL reads by the type that
a column declares: of ``12 xe`` in a column of integers it makes 12, of ``x`` 0, in silence. So cells are read
from the database as they stand, and only geometries and their reference systems need libraries.

Such a file may come from anyone. Views and reckoned columns are programs that could run for ever: they are
refused, and nothing else of the schema runs when a table is read from its first row to its last.
"""

from __future__ import annotations

import math
import re
import sqlite3
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from struct import error as struct_error
from struct import unpack_from
from typing import TYPE_CHECKING, Any

import numpy as np

from app.formats.cells import MOST_ROWS, SCENARIO, Refused, Row, read_row, table_named
from app.formats.json_tables import FIRST_ROW, FOLDER
from app.formats.points import add_places, unused
from app.formats.references import GeometryError, Place, Reference, UnknownReferenceError, library
from solver.errors import issue
from solver.tables.cell_texts import number_text
from solver.tables.columns import headings
from solver.tables.names import fold

if TYPE_CHECKING:
    from pathlib import Path

    from solver.errors import Issue

SUFFIX = ".gpkg"
#: What SQLite writes beside a file that is open: changes that are part of it.
BESIDE = ("-wal", "-journal")
#: Bytes of one cell; a geometry may need many.
_MOST_BYTES = 50_000_000
#: Tables of QGIS.
_STYLES = frozenset({"layer_styles", "qgis_projects"})
_OWN = re.compile(r"(?:gpkg|sqlite|rtree|ogr)_", re.IGNORECASE)
_VIRTUAL = re.compile(r"\s*CREATE\s+VIRTUAL", re.IGNORECASE)
_MIDNIGHT = re.compile(r"(\d{4}-\d\d-\d\d)[T ]00:00(?::00(?:\.0*)?)?(?:Z|[+-]\d\d:?\d\d)?")
_ENVELOPES = (0, 32, 48, 48, 64)
_UNDEFINED = (-1, 0)
#: Tables that say what the others are.
_CATALOGUE = ("gpkg_contents", "gpkg_geometry_columns", "gpkg_spatial_ref_sys")
_PROGRAM = "its list of layers is a program"
_MORE = "a table holds more than the file does"
#: What SQLite, or we, say most of a file that cannot be read.
_VIETNAMESE = {
    "file is not a database": "tệp không phải là cơ sở dữ liệu SQLite",
    "database disk image is malformed": "tệp bị hỏng hoặc bị cắt cụt",
    "no such table: gpkg_contents": "thiếu bảng gpkg_contents",
    _PROGRAM: "danh sách các lớp là một chương trình",
    _MORE: "một bảng chứa nhiều dữ liệu hơn cả tệp",
}
_POINT = "lat"  # issues of a geometry are those of the point that it gives


@dataclass(slots=True)
class Layers:
    """What a GeoPackage says.

    Attributes
    ----------
    tables
        Table -> rows as texts by heading.
    names
        Table -> name of its layer, also of one that could not be read.
    issues
        Everything found wrong.
    """

    tables: dict[str, list[Row]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    issues: list[Issue] = field(default_factory=list)


def read_geopackage(name: str, path: Path) -> Layers:
    """Read all layers that are tables.

    Parameters
    ----------
    name
        The file's name, for issues.
    path
        A copy of it that nobody else writes to; SQLite may change it, when a writer left changes beside it.

    Raises
    ------
    MissingLibraryError
        When a geometry needs a library that is not installed.
    """
    layers = Layers()
    try:
        with closing(sqlite3.connect(path)) as base:
            base.text_factory = _text
            base.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _MOST_BYTES)
            base.execute("PRAGMA trusted_schema = OFF")
            _read(base, layers, name, _size(path))
    except (sqlite3.Error, OverflowError, ValueError) as error:
        reason = str(error)
        vietnamese = _VIETNAMESE.get(reason, reason)
        layers.issues.append(
            issue("geopackage_broken", FOLDER, value=name, reason=reason, reason_vi=vietnamese)
        )
    return layers


def _size(path: Path) -> int:
    """Return how many bytes there are: no table can hold more."""
    files = [path, *(path.with_name(path.name + ending) for ending in BESIDE)]
    return sum(file.stat().st_size for file in files if file.exists())


def _text(content: bytes) -> str | Refused:
    try:
        return content.decode()
    except UnicodeDecodeError:
        return Refused("control_character", ascii(content[:60]))


def _read(base: sqlite3.Connection, layers: Layers, name: str, size: int) -> None:
    if any(_is_reckoned(base, own) for own in _CATALOGUE):
        raise sqlite3.DatabaseError(_PROGRAM)
    contents = {str(listed) for (listed,) in base.execute("SELECT table_name FROM gpkg_contents")}
    for kind, layer in base.execute("SELECT type, name FROM sqlite_master").fetchall():
        table = table_named(layer) if isinstance(layer, str) else None
        if kind not in ("table", "view") or not isinstance(layer, str) or _OWN.match(layer):
            continue
        if table is None or table == SCENARIO:
            if layer in contents and layer not in _STYLES:
                layers.issues.append(issue("layer_unknown", FOLDER, value=layer, file=name))
            continue
        if table in layers.names:
            first = layers.names[table]
            layers.issues.append(issue("table_twice", table, value=f"“{layer}”", file=f"“{first}”"))
            continue
        layers.names[table] = layer
        if _is_reckoned(base, layer):
            layers.issues.append(issue("layer_reckoned", table, value=layer))
            continue
        rows, found = _read_layer(base, table, layer, size)
        layers.issues += found
        layers.tables[table] = rows


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _is_reckoned(base: sqlite3.Connection, table: str) -> bool:
    """Tell whether reading a table runs anything: a view, a module, a column that is reckoned."""
    stored = base.execute(
        "SELECT type, sql FROM sqlite_master WHERE type IN ('table', 'view') AND lower(name) = lower(?)",
        (table,),
    ).fetchall()
    if any(kind != "table" or _VIRTUAL.match(str(sql)) for kind, sql in stored):
        return True
    return any(column[6] for column in base.execute(f"PRAGMA table_xinfo({_quoted(table)})"))


def _read_layer(base: sqlite3.Connection, table: str, layer: str, size: int) -> tuple[list[Row], list[Issue]]:
    about = base.execute(f"PRAGMA table_xinfo({_quoted(layer)})").fetchall()
    shape = base.execute(
        "SELECT column_name, srs_id FROM gpkg_geometry_columns WHERE lower(table_name) = lower(?)", (layer,)
    ).fetchone() if _has(base, "gpkg_geometry_columns") else None  # fmt: skip
    columns: list[tuple[str, bool]] = []
    for _, name, declared, _, _, key, _ in about:
        if not isinstance(name, str) or (shape is not None and fold(name) == fold(str(shape[0]))):
            continue
        # The number that a GeoPackage gives every row is none of the table's columns, unless it is called so.
        if not (key and str(declared).upper() == "INTEGER") or fold(name) in headings(table):
            columns.append((name, str(declared).upper().startswith("BOOL")))
    wanted = [_quoted(name) for name, _ in columns]
    wanted.append(_quoted(str(shape[0])) if shape is not None else "NULL")
    query = f"SELECT {', '.join(wanted)} FROM {_quoted(layer)} LIMIT {MOST_ROWS + 1}"
    room = size
    found: list[Issue] = []
    rows: list[Row] = []
    shapes: list[object] = []
    for number, record in enumerate(base.execute(query), start=FIRST_ROW):
        if len(rows) == MOST_ROWS:
            return [], [issue("rows_too_many", table, value=f"> {MOST_ROWS}", limit=MOST_ROWS)]
        room -= sum(len(value) for value in record if isinstance(value, (str, bytes)))
        if room < 0:  # rows that share their pages, as no program writes them
            raise sqlite3.DatabaseError(_MORE)
        cells = (
            (name, _value(value, is_flag=flag)) for (name, flag), value in zip(columns, record, strict=False)
        )
        rows.append(read_row(table, number, cells, found))
        shapes.append(record[-1])
    told = unused(table, shapes)
    if told is None and shape is not None and any(one is not None for one in shapes):
        reference = _reference(base, table, layer, shape[1], found)
        place_of = None if reference is None else partial(_place, reference=reference)
        told = add_places(table, rows, FIRST_ROW, shapes, place_of)
    found += told or []
    return rows, found


def _has(base: sqlite3.Connection, table: str) -> bool:
    return base.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (table,)).fetchone() is not None


def _value(value: object, *, is_flag: bool) -> object:
    """Return what a cell of the database is for a person who types it."""
    if isinstance(value, float) and math.isfinite(value):
        return number_text(value)
    if is_flag and isinstance(value, int) and value in (0, 1):
        return bool(value)
    if isinstance(value, str) and (match := _MIDNIGHT.fullmatch(value)):
        return match[1]
    return value


def _reference(
    base: sqlite3.Connection, table: str, layer: str, number: object, found: list[Issue]
) -> Reference | None:
    row = base.execute(
        "SELECT organization, organization_coordsys_id, definition"
        " FROM gpkg_spatial_ref_sys WHERE srs_id = ?",
        (number,),
    ).fetchone()
    if row is None or number in _UNDEFINED or str(row[2]).strip().lower() in ("", "undefined"):
        found.append(issue("layer_without_crs", table, column=_POINT, value=layer))
        return None
    try:
        return Reference(f"EPSG:{row[1]}" if str(row[0]).upper() == "EPSG" else str(row[2]))
    except UnknownReferenceError as error:
        found.append(issue("crs_unknown", table, column=_POINT, value=error))
        return None


def _place(blob: object, reference: Reference) -> Place | None:
    """Return the place of a geometry: a header of GeoPackage, then WKB."""
    if blob is None:
        return None
    if not isinstance(blob, bytes) or blob[:2] != b"GP" or len(blob) < 8:
        raise GeometryError("not_geopackage")
    envelope = blob[3] >> 1 & 7
    if blob[3] & 0x20 or envelope >= len(_ENVELOPES):
        raise GeometryError("extension")
    if blob[3] & 0x10:  # empty
        return None
    wkb = blob[8 + _ENVELOPES[envelope] :]
    try:
        order = "<" if wkb[:1] == b"\x01" else ">"
        (kind,) = unpack_from(f"{order}I", wkb, 1)
        if kind % 1000 == 1 and kind < 4000:
            x, y = unpack_from(f"{order}2d", wkb, 5)
            return None if math.isnan(x) and math.isnan(y) else reference.point(x, y)
    except struct_error as error:
        raise GeometryError("breaks_off") from error
    shapely = library("shapely")
    try:
        with np.errstate(invalid="ignore"):  # a coordinate that is no number makes the geometry invalid
            shape: Any = shapely.from_wkb(wkb)
    except shapely.errors.ShapelyError as error:
        raise GeometryError("not_geopackage") from error
    return reference.inside(shape)
