"""The folder of CSV files in the making: one method for each format of the user's files."""

from __future__ import annotations

import csv
import hashlib
import shutil
from typing import TYPE_CHECKING

from app.formats.cells import MOST_CELLS, SCENARIO, table_named
from app.formats.geojson import rows_of_geojson
from app.formats.geopackage import BESIDE, SUFFIX, read_geopackage
from app.formats.json_tables import FOLDER, parse_json, rows_of_json, rows_of_list, scenario_text
from app.formats.references import MissingLibraryError
from solver.errors import issue
from solver.tables.columns import required
from solver.tables.places import SheetPlace
from solver.tables.read import REQUIRED_TABLES
from solver.tables.sheets import SUFFIXES

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from app.formats.cells import Row
    from solver import Issue

#: Bytes of one file.
MOST_BYTES = 400_000_000
#: What `solver.read_tables` opens; of any other file it needs the name alone.
OPENED = (".csv", ".toml", ".json", *SUFFIXES)
_SCENARIOS = ("scenario.json", "scenario.toml")
_COPY = "copy.gpkg"


class Work:
    """The folder in the making."""

    def __init__(self, scratch: Path, names: frozenset[str]) -> None:
        self.folder = scratch / "tables"
        self.folder.mkdir(parents=True)
        self.issues: list[Issue] = []
        self.places: dict[str, SheetPlace] = {}
        self.sources: dict[str, str] = {}
        self.made: dict[str, str] = {}
        self._scratch = scratch
        self._names = names

    def copy(self, file: Path) -> None:
        """Copy a file that is read as it is; of a file that is not read, its name."""
        target = self.folder / file.name
        if file.suffix.lower() in OPENED:
            shutil.copyfile(file, target)
        else:
            target.touch()

    def geojson(self, file: Path) -> None:
        """Read one table of GeoJSON."""
        table = self._begun(file)
        content = self._opened(file, table) if table else None
        if content is not None:
            try:
                self._write(table, *rows_of_geojson(table, file.name, content))
            except MissingLibraryError as error:
                self.issues.append(issue("geo_missing", table, value=file.name, library=error))

    def json(self, file: Path) -> None:
        """Read one table of JSON."""
        table = self._begun(file)
        content = self._opened(file, table) if table else None
        if content is not None:
            value, found = parse_json(table, file.name, content)
            self._write(table, *(([], found) if found else rows_of_list(table, value)))

    def all_json(self, file: Path) -> None:
        """Read all tables of one JSON document, and its scenario."""
        content = self._opened(file, FOLDER)
        if content is None:
            return
        value, found = parse_json(FOLDER, file.name, content)
        if found:
            self.issues += found
        else:
            self.document(value, file.name)

    def document(self, value: object, name: str) -> None:
        """Take all tables of a JSON document that is parsed already, and its scenario; `name`: for issues."""
        tables, found = rows_of_json(value, name)
        self.issues += [one for one in found if one.table not in tables]
        for table, rows in tables.items():
            if self._is_new(table, f"{name} ({table})"):
                self._write(table, rows, [one for one in found if one.table == table])
        text, found = scenario_text(value)
        if (text is not None or found) and self._is_new(SCENARIO, name):
            self.issues += found
            (self.folder / _SCENARIOS[0]).write_text(text or "{}", encoding="utf-8")
            self.made[_SCENARIOS[0]] = name

    def geopackage(self, file: Path) -> None:
        """Read the layers of a GeoPackage, from a copy: SQLite writes beside what it reads."""
        if not self._fits(file, FOLDER):
            return
        copies = self._scratch / f"geopackage-{len(self.sources)}"
        copies.mkdir()
        for part in (file, *beside(file)):
            copy = copies / (_COPY + part.name.removeprefix(file.name))
            shutil.copyfile(part, copy)
            self.sources[part.name] = hashlib.sha256(copy.read_bytes()).hexdigest()
        try:
            layers = read_geopackage(file.name, copies / _COPY)
        except MissingLibraryError as error:
            self.issues.append(issue("geo_missing", FOLDER, value=file.name, library=error))
            return
        self.issues += [one for one in layers.issues if one.table not in layers.names]
        for table, layer in layers.names.items():
            if self._is_new(table, f"{file.name} ({layer})"):
                found = [one for one in layers.issues if one.table == table]
                self._write(table, layers.tables.get(table, []), found)

    def _fits(self, file: Path, table: str) -> bool:
        if file.stat().st_size <= MOST_BYTES:
            return True
        limit = f"{MOST_BYTES // 1_000_000} MB"
        self.issues.append(issue("file_too_large", table, value=file.name, limit=limit))
        return False

    def _opened(self, file: Path, table: str) -> bytes | None:
        if not self._fits(file, table):
            return None
        content = file.read_bytes()
        self.sources[file.name] = hashlib.sha256(content).hexdigest()
        return content

    def _begun(self, file: Path) -> str:
        """Return the table of a file by its name; "" where it is given elsewhere, which is reported."""
        table = table_named(file.stem) or ""
        return table if self._is_new(table, file.name) else ""

    def _is_new(self, table: str, label: str) -> bool:
        """Tell whether a table is given here alone; else report it, and what was there first stays."""
        plain = _SCENARIOS if table == SCENARIO else (f"{table}.csv",)
        others = [name for name in plain if name in self._names]
        if table in self.places:
            others = [self.places[table].file]
        self.issues += [issue("table_twice", table, value=label, file=other) for other in others[:1]]
        if not others:
            self.places[table] = SheetPlace(label, "", 1)
        return not others

    def _write(self, table: str, rows: Sequence[Row], found: Sequence[Issue]) -> None:
        """Write a table as CSV; one without rows is there only if a plan needs it."""
        self.issues += found
        headings = list(dict.fromkeys(heading for row in rows for heading in row))
        if not headings:
            rows = []
            if any(one.severity == "error" for one in found):
                return
            if table not in REQUIRED_TABLES:
                del self.places[table]
                return
            headings = [*required(table), "commune_code"]
        if len(headings) * len(rows) > MOST_CELLS:
            self.issues.append(issue("cells_too_many", table, value=len(headings), rows=len(rows)))
            return
        name = f"{table}.csv"
        self.made[name] = self.places[table].file
        with (self.folder / name).open("w", encoding="utf-8", newline="") as file:
            # All in quotation marks: no heading can be mistaken for several, whatever the separator.
            writer = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\n")
            writer.writerow(headings)
            writer.writerows([row.get(heading, "") for heading in headings] for row in rows)


def beside(file: Path) -> list[Path]:
    """Return the files that SQLite keeps beside a GeoPackage and that hold a part of it."""
    if file.suffix.lower() != SUFFIX:
        return []
    files = (file.with_name(file.name + ending) for ending in BESIDE)
    return [part for part in files if part.is_file() and part.stat().st_size]
