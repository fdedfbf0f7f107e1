"""Read `vietnamadminunits` 1.0.4 as data; the package is never imported.

Used by :mod:`geodata.register.build` only. The package's two tables and its converter are keyed by names
without tone marks, so everything is turned into official codes here and nothing further on sees a name as a
key.
"""

from __future__ import annotations

import contextlib
import io
import json
import sqlite3
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

DATABASE = "vietnamadminunits/data/dataset.db"
CONVERTER = "vietnamadminunits/data/converter_2025.json"


@dataclass(frozen=True)
class Source:
    """The package's rows, and its links from old to new communes: (old code, new code, divided)."""

    communes: tuple[dict[str, Any], ...]
    old_communes: tuple[dict[str, Any], ...]
    links: tuple[tuple[str, str, bool], ...]


def read_source(path: Path) -> Source:
    """Read the wheel, or a folder into which it was unpacked.

    Parameters
    ----------
    path
        `vietnamadminunits-1.0.4-py3-none-any.whl`, or a folder that holds `vietnamadminunits/data/`.

    Raises
    ------
    FileNotFoundError
        When the package's files are not there.
    """
    if path.is_dir():
        database = (path / DATABASE).read_bytes()
        converter = json.loads((path / CONVERTER).read_text(encoding="utf-8"))
    else:
        with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as wheel:
            database = wheel.read(DATABASE)
            converter = json.loads(wheel.read(CONVERTER))
    communes = _rows(database, "admin_units", "wardCode")
    old_communes = _rows(database, "admin_units_legacy", "districtCode, wardCode")
    return Source(communes, old_communes, _links(communes, old_communes, converter))


def _rows(database: bytes, table: str, order: str) -> tuple[dict[str, Any], ...]:
    # A copy on disk: sqlite3.Connection.deserialize is not in every build of Python.
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "dataset.db"
        copy.write_bytes(database)
        with contextlib.closing(sqlite3.connect(copy)) as connection:
            connection.row_factory = sqlite3.Row
            # table and order are constants of this module, never input
            return tuple(dict(row) for row in connection.execute(f"SELECT * FROM {table} ORDER BY {order}"))


def _links(
    communes: tuple[dict[str, Any], ...], old_communes: tuple[dict[str, Any], ...], converter: dict[str, Any]
) -> tuple[tuple[str, str, bool], ...]:
    new_code = {(c["provinceKey"], c["wardKey"]): c["wardCode"] for c in communes}
    old_code = {
        f"{c['provinceKey']}_{c['districtKey']}_{c['wardKey'] or ''}": c["wardCode"] for c in old_communes
    }
    links = []
    for province, wards in converter["DICT_PROVINCE_WARD_NO_DIVIDED"].items():
        for ward, olds in wards.items():
            links += [(old_code[old], new_code[province, ward], False) for old in olds]
    for province, olds in converter["DICT_PROVINCE_WARD_DIVIDED"].items():
        for old, parts in olds.items():
            links += [(old_code[old], new_code[province, part["newWardKey"]], True) for part in parts]
    # Island districts had no communes: their link has no old commune code and is kept with the district.
    return tuple(sorted(link for link in links if link[0]))
