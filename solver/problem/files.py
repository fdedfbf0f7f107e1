"""The files of a plan folder's ``inputs``.

All that the checker needs, as exact text (docs/plan-folder.md).
"""

from __future__ import annotations

import csv
import io
import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import pandas as pd

from solver.flow.jit import compiled
from solver.problem.authorities import COLUMNS as AUTHORITIES
from solver.problem.baseline import COLUMNS as BASELINE
from solver.tables.columns import TABLES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from solver.flow.market import Bits, Small
    from solver.problem.premises import Premises
    from solver.problem.problem import Category, Problem

#: ``csv`` quotes what holds a character of it.
_END = "\r\n"

Cell: TypeAlias = Any  # any cell of a typed frame

_DERIVED = ("old_commune_code", "location_source", "leg_m")
_COMMUNES = (
    "commune_code",
    "name",
    "kind",
    "province_code",
    "province_name",
    "lat",
    "lon",
    "area_km2",
    "population",
    "island",
)
_MATCHES = ("asset_id", "need_id", "cost_vnd", "load", "spend_vnd", "distance_km")


def cell(value: Cell) -> str:
    """Write one cell: empty for nothing, decimals plain, dates ISO, booleans true or false."""
    if value is None or value is pd.NA or value != value:
        return ""
    if isinstance(value, (bool, np.bool_)):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, (float, np.floating)):
        return repr(float(value)).removesuffix(".0")
    return str(value)


def cells_of(column: pd.Series) -> list[str]:
    """Write the cells of a column, each as `cell` does."""
    kind = column.dtype.kind
    if kind in "iu" and column.hasnans is False:
        return [str(value) for value in column.tolist()]
    return [value if type(value) is str else cell(value) for value in column.tolist()]  # most are text


def csv_bytes(frame: pd.DataFrame, columns: Iterable[str]) -> bytes:
    """Write a frame as CSV: UTF-8, comma, LF, no BOM, minimal quoting; missing columns stay empty."""
    names = list(columns)
    blank = [""] * len(frame)
    out = _Lines()
    writer = csv.writer(out, lineterminator=_END)
    writer.writerow(names)
    writer.writerows(zip(*(cells_of(frame[name]) if name in frame else blank for name in names), strict=True))
    return "".join(out.lines).encode()


class _Lines:
    """Rows as they are written: they end with LF, but cells that hold a CR alone are quoted too."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def write(self, row: str) -> None:
        """Take a row."""
        self.lines.append(row.removesuffix(_END) + "\n")


def json_bytes(value: dict[str, Any]) -> bytes:
    """Write JSON with sorted keys."""
    return (json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True) + "\n").encode()


def input_columns(table: str, frame: pd.DataFrame) -> list[str]:
    """Return the columns of assets or needs in ``inputs``: the contract's, ours, then those unknown."""
    known = [column.name for column in TABLES[table] if not column.derived]
    extra = [str(name) for name in frame.columns if name not in known and name not in (*_DERIVED, "row")]
    return [*known, *_DERIVED, *extra]


def _sides(problem: Problem) -> list[Category | Premises]:
    """Return every category that is planned; the matrix of communes is the same for all."""
    return [*problem.categories.values(), *([problem.premises] if problem.premises else [])]


@compiled
def _write_cells(values: Small, out: Bits) -> int:
    """Write a comma and the digits of each value, nothing for a negative one; return how many bytes."""
    at = 0
    for value in values:
        out[at] = 44  # a comma
        at += 1
        if value < 0:
            continue
        rest, width = value, 1
        while rest > 9:
            rest //= 10
            width += 1
        rest = value
        for place in range(at + width - 1, at - 1, -1):
            out[place] = 48 + rest % 10  # digits follow 0
            rest //= 10
        at += width
    return at


def _wide(problem: Problem) -> bytes:
    """Metres between communes: rows where a planned asset is, columns where a planned need is."""
    codes = problem.communes["commune_code"].astype("str").to_numpy(object)
    for category in _sides(problem)[:1]:
        table = category.metres
        froms, tos = np.flatnonzero(table.origin >= 0), np.flatnonzero(table.dest >= 0)
        row = np.empty(12 * len(tos), np.uint8)
        lines = [",".join(["from_commune_code", *codes[tos]]).encode()]
        for at, code in enumerate(codes[froms]):
            length = _write_cells(table.between[at, : len(tos)], row)
            lines.append(code.encode() + row[:length].tobytes())
        return b"\n".join(lines) + b"\n"
    return b"from_commune_code\n"


def _pairs(problem: Problem) -> bytes:
    """Metres by pair; tables are in the order of their ids, so that rows need no sorting as text."""
    empty = np.zeros(0, np.int64)
    asset, need, far = [empty], [empty], [empty]
    for category in _sides(problem):
        metres = category.metres
        asset.append(category.assets.rows[metres.pair_keys // max(metres.n_needs, 1)])
        need.append(category.needs.rows[metres.pair_keys % max(metres.n_needs, 1)])
        far.append(metres.pair_metres)
    i, j = np.concatenate(asset), np.concatenate(need)
    order = np.lexsort((j, i))
    ids = [problem.assets["asset_id"].to_numpy(object)[i], problem.needs["need_id"].to_numpy(object)[j]]
    columns = [column[order].tolist() for column in (*ids, np.concatenate(far))]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("asset_id", "need_id", "metres"))
    writer.writerows(zip(*columns, strict=True))
    return out.getvalue().encode()


def input_tables(problem: Problem) -> dict[str, bytes]:
    """Return name to content of the files of ``inputs`` but for the distances."""
    about = {"provider": problem.provider, "version": problem.version, "form": problem.form}
    files = {
        "assets.csv": csv_bytes(problem.assets, input_columns("assets", problem.assets)),
        "needs.csv": csv_bytes(problem.needs, input_columns("needs", problem.needs)),
        "communes.csv": csv_bytes(problem.communes, _COMMUNES),
        "scenario.json": problem.scenario.to_json().encode(),
        "distances.json": json_bytes(about),
    }
    if problem.authorities is not None:
        files["authorities.csv"] = csv_bytes(problem.authorities, AUTHORITIES)
    if problem.baseline is not None:
        files["baseline.csv"] = csv_bytes(problem.baseline.lines, BASELINE)
    if problem.form == "matches" and problem.matches is not None:
        given = problem.matches.sort_values(["asset_id", "need_id"], ignore_index=True)
        files["matches.csv"] = csv_bytes(given, _MATCHES)
    if problem.form == "pairs":
        files["metres_pairs.csv"] = _pairs(problem)
    return files


def input_files(problem: Problem) -> dict[str, bytes]:
    """Return name to content of every file of ``inputs``."""
    files = dict(problem.input_tables)
    if problem.form == "communes":
        files["metres_pairs.csv"] = _pairs(problem)
        files["metres.csv"] = _wide(problem)
    return files
