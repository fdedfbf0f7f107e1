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

from solver.problem.metres import blocks_within
from solver.tables.columns import TABLES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from solver.problem.problem import Category, Problem

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


def _cells(column: pd.Series) -> list[str]:
    kind = column.dtype.kind
    if kind in "iu" and column.hasnans is False:
        return [str(value) for value in column.tolist()]
    return [cell(value) for value in column.tolist()]


def csv_bytes(frame: pd.DataFrame, columns: Iterable[str]) -> bytes:
    """Write a frame as CSV: UTF-8, comma, LF, no BOM, minimal quoting; missing columns stay empty."""
    names = list(columns)
    blank = [""] * len(frame)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(names)
    writer.writerows(zip(*(_cells(frame[name]) if name in frame else blank for name in names), strict=True))
    return out.getvalue().encode()


def json_bytes(value: dict[str, Any]) -> bytes:
    """Write JSON with sorted keys."""
    return (json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True) + "\n").encode()


def _columns(table: str, frame: pd.DataFrame) -> list[str]:
    known = [column.name for column in TABLES[table] if not column.derived]
    extra = [str(name) for name in frame.columns if name not in known and name not in (*_DERIVED, "row")]
    return [*known, *_DERIVED, *extra]


def _wide(problem: Problem) -> bytes:
    """Metres between communes: rows where a movable asset is, columns where a movable need is."""
    codes = problem.communes["commune_code"].astype("str").to_numpy(object)
    lines = [["from_commune_code"]]
    for category in list(problem.categories.values())[:1]:  # the matrix is the same for all categories
        table = category.metres
        froms, tos = np.flatnonzero(table.origin >= 0), np.flatnonzero(table.dest >= 0)
        lines[0] += codes[tos].tolist()
        for code, row in zip(codes[froms], table.between[: len(froms), : len(tos)].tolist(), strict=True):
            lines.append([code, *("" if value < 0 else str(value) for value in row)])
    return ("\n".join(map(",".join, lines)) + "\n").encode()


def _pairs(category: Category, form: str) -> pd.DataFrame:
    metres = category.metres
    if form == "communes":
        i, j = blocks_within(category.assets, category.needs)
        far = metres.pair_metres
    else:
        i, j = metres.pair_keys // metres.n_needs, metres.pair_keys % metres.n_needs
        far = metres.pair_metres
    return pd.DataFrame({"asset_id": category.assets.ids[i], "need_id": category.needs.ids[j], "metres": far})


def input_files(problem: Problem) -> dict[str, bytes]:
    """Return name to content of every file of ``inputs``."""
    about = {"provider": problem.provider, "version": problem.version, "form": problem.form}
    files = {
        "assets.csv": csv_bytes(problem.assets, _columns("assets", problem.assets)),
        "needs.csv": csv_bytes(problem.needs, _columns("needs", problem.needs)),
        "communes.csv": csv_bytes(problem.communes, _COMMUNES),
        "scenario.json": problem.scenario.to_json().encode(),
        "distances.json": json_bytes(about),
    }
    if problem.form == "matches" and problem.matches is not None:
        given = problem.matches.sort_values(["asset_id", "need_id"], ignore_index=True)
        files["matches.csv"] = csv_bytes(given, _MATCHES)
        return files
    frames = [_pairs(category, problem.form) for category in problem.categories.values()]
    empty = pd.DataFrame({"asset_id": [], "need_id": [], "metres": []})
    pairs = pd.concat(frames or [empty], ignore_index=True).sort_values(
        ["asset_id", "need_id"], ignore_index=True
    )
    files["metres_pairs.csv"] = csv_bytes(pairs, ("asset_id", "need_id", "metres"))
    if problem.form == "communes":
        files["metres.csv"] = _wide(problem)
    return files
