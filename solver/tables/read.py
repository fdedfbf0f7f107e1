"""A scenario folder to raw tables. Bad input becomes issues, never a traceback."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from solver.errors import issue
from solver.messages import OR_A_PLACE
from solver.scenario.text import parse_scenario_file
from solver.tables.columns import TABLES
from solver.tables.delimited import decode, read_frame
from solver.tables.names import closest

if TYPE_CHECKING:
    from os import PathLike

    from solver.errors import Issue

REQUIRED_TABLES = ("assets", "needs")
_SCENARIOS = ("scenario.toml", "scenario.json")
# Other files of a plan's inputs folder, read by others.
_DERIVED_FILES = ("distances.json", "metres.csv", "metres_pairs.csv")
_LATER_FORMATS = (".xlsx", ".xls", ".xlsm", ".ods", ".gpkg", ".geojson", ".parquet")
_CSV_HINT = {
    "hint_en": " Today each table is read from a CSV file of its own, in UTF-8.",
    "hint_vi": " Hiện nay mỗi bảng được đọc từ một tệp CSV riêng (UTF-8).",
}


@dataclass(slots=True)
class RawTables:
    """Tables of a folder as they stand there.

    Attributes
    ----------
    assets, needs
        Frames of strings under the names of `solver.tables.columns`, with column ``row`` (the spreadsheet's
        row, int64); empty cells are "". Empty frames where the file is missing.
    communes, matches, distances
        The same, or None where the folder has no such file.
    scenario
        What the scenario file says (numbers int or Decimal), or None where there is no such file.
    sources
        File name -> sha256 of its bytes, of every file that was read.
    issues
        Everything found wrong.
    """

    assets: pd.DataFrame
    needs: pd.DataFrame
    communes: pd.DataFrame | None = None
    matches: pd.DataFrame | None = None
    distances: pd.DataFrame | None = None
    scenario: dict[str, Any] | None = None
    sources: dict[str, str] = field(default_factory=dict)
    issues: list[Issue] = field(default_factory=list)


def read_tables(folder: str | PathLike[str]) -> RawTables:
    """Read the tables and the scenario of a folder.

    Parameters
    ----------
    folder
        Folder with assets.csv, needs.csv and optionally communes.csv, matches.csv, distances.csv,
        scenario.toml or scenario.json.

    Returns
    -------
    RawTables
        Frames of strings, with every issue found; wrong input does not raise.
    """
    raw = RawTables(assets=_empty("assets"), needs=_empty("needs"))
    path = Path(folder)
    try:
        files = {entry.name: entry for entry in sorted(path.iterdir()) if not entry.is_dir()}
    except OSError as error:
        raw.issues.append(
            issue("folder_unreadable", "folder", value=path.name, reason=error.strerror or str(error))
        )
        return raw
    raw.issues += _unknown_files(files)
    has_matches = "matches.csv" in files
    for table in TABLES:
        entry = files.get(f"{table}.csv")
        if entry is not None:
            setattr(raw, table, _read_table(table, entry, raw, has_matches=has_matches))
        elif table in REQUIRED_TABLES:
            near = closest(f"{table}.csv", [name for name in files if name not in _known_files()])
            raw.issues.append(issue("file_missing", table, value=f"{table}.csv", closest=near))
    _read_scenario(files, raw)
    raw.issues.sort()
    return raw


def _empty(table: str) -> pd.DataFrame:
    frame = pd.DataFrame(
        {column.name: pd.Series(dtype="str") for column in TABLES[table] if not column.derived}
    )
    return frame.assign(row=pd.Series(dtype="int64"))


def _known_files() -> frozenset[str]:
    return frozenset({*(f"{table}.csv" for table in TABLES), *_SCENARIOS, *_DERIVED_FILES})


def _unknown_files(files: dict[str, Path]) -> list[Issue]:
    found: list[Issue] = []
    for name, entry in files.items():
        if name in _known_files() or name.startswith((".", "~")) or name == "Thumbs.db":
            continue
        if entry.suffix.lower() in _LATER_FORMATS:
            found.append(
                issue(
                    "not_supported_yet", "folder", value=name, feature=entry.suffix.lower(), words=_CSV_HINT
                )
            )
        else:
            near = closest(name, _known_files())
            found.append(issue("file_unknown", "folder", value=name, closest=near))
    return found


def _read_bytes(table: str, entry: Path, raw: RawTables) -> bytes | None:
    try:
        content = entry.read_bytes()
    except OSError as error:
        reason = error.strerror or str(error)
        raw.issues.append(issue("file_unreadable", table, value=entry.name, reason=reason))
        return None
    raw.sources[entry.name] = hashlib.sha256(content).hexdigest()
    return content


def _read_table(table: str, entry: Path, raw: RawTables, *, has_matches: bool) -> pd.DataFrame:
    content = _read_bytes(table, entry, raw)
    if content is None:
        return _empty(table)
    text, found = decode(table, entry.name, content)
    if text is None:
        raw.issues += found
        return _empty(table)
    frame, found = read_frame(table, entry.name, text)
    raw.issues += found
    place = {"commune_code", "commune_name", "lat", "lon"}
    if frame is not None and table in REQUIRED_TABLES and not has_matches and not place & set(frame.columns):
        raw.issues.append(issue("column_missing", table, column="commune_code", words=OR_A_PLACE))
    return _empty(table) if frame is None else frame


def _read_scenario(files: dict[str, Path], raw: RawTables) -> None:
    present = [files[name] for name in _SCENARIOS if name in files]
    if len(present) > 1:
        raw.issues.append(
            issue("scenario_twice", "scenario", value=", ".join(entry.name for entry in present))
        )
    for entry in present[:1]:
        content = _read_bytes("scenario", entry, raw)
        if content is None:
            continue
        text, found = decode("scenario", entry.name, content)
        raw.issues += found
        raw.scenario = {}
        if text is not None:
            raw.scenario, found = parse_scenario_file(entry.name, text)
            raw.issues += found
