"""A folder or file with GeoJSON, GeoPackage or JSON to a folder of CSV files, and back to the user's places.

`solver.read_tables` reads the new folder; `Converted.named` gives what it found the names of the user's files
and their hashes, so that checks, plans and ``verify`` speak of these. Rows keep their numbers: the first
feature, record or row of a layer is row 2, as if there were a row of headings.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import solver
from app.formats.cells import SCENARIO, table_named
from app.formats.geopackage import BESIDE, SUFFIX
from app.formats.json_tables import FOLDER
from app.formats.work import Work, beside
from solver.errors import issue
from solver.tables.read import sources_of as sources_of_tables

if TYPE_CHECKING:
    from collections.abc import Mapping

    from solver import Issue
    from solver.tables.places import SheetPlace
    from solver.tables.read import RawTables

ALL_TABLES = "tables.json"
_GEOJSON, _JSON = ".geojson", ".json"
#: JSON that is read elsewhere: a scenario, and what a plan's inputs say of their distances.
_OTHERS = ("scenario.json", "distances.json")


@dataclass(frozen=True)
class Converted:
    """A folder that `solver.read_tables` reads, and what to tell of the files that it was made from.

    Attributes
    ----------
    folder
        The source itself where nothing had to be converted; else a folder below ``scratch``.
    issues
        Everything wrong with the files themselves.
    places
        Table -> the user's file, for tables that were converted, those included that could not be read. The
        ``sheet`` is empty: rows of these tables have numbers and no cells.
    sources
        SHA-256 of each file that was converted, by name.
    made
        Name of each file of `folder` that was written and not copied -> the user's file.
    lone
        Name of the source where it is one file.
    """

    folder: Path
    issues: tuple[Issue, ...] = ()
    places: Mapping[str, SheetPlace] = field(default_factory=dict)
    sources: Mapping[str, str] = field(default_factory=dict)
    made: Mapping[str, str] = field(default_factory=dict)
    lone: str = ""

    def named(self, raw: RawTables) -> RawTables:
        """Return what `solver.read_tables` found in `folder`, under the names of the user's files."""
        copied = {name: digest for name, digest in raw.sources.items() if name not in self.made}
        named = (self._named(one) for one in raw.issues)
        issues = [*self.issues, *(one for one in named if one is not None)]
        places = {**self.places, **raw.places}
        return replace(raw, sources=copied | dict(self.sources), issues=sorted(issues), places=places)

    def _named(self, one: Issue) -> Issue | None:
        """Return an issue about a file of the user's; None for a lack that another issue explains."""
        if one.code == "file_missing":
            told = {FOLDER, one.table} & {own.table for own in self.issues if own.severity == "error"}
            if told or one.table in self.places:
                return None
            return issue("table_missing", one.table, value=self.lone) if self.lone else one
        whole = one.row is None and one.column is None
        return replace(one, value=self.made[one.value]) if whole and one.value in self.made else one


def is_source(path: Path) -> bool:
    """Tell whether a single file can be read in place of a folder."""
    return path.is_file() and _reader(path, lone=True) is not None


def as_folder(source: Path, scratch: Path) -> Converted:
    """Make a folder that `solver.read_tables` reads.

    Parameters
    ----------
    source
        Folder or single file as the user gave it.
    scratch
        An empty folder for copies; it must stay until the tables are read.

    Returns
    -------
    Converted
        With the source itself where it holds none of these formats.
    """
    files = _files_of(source)
    lone = source.is_file()
    if not any(_reader(file, lone=lone) for file in files):
        return Converted(source)
    work = Work(scratch, frozenset(file.name for file in files))
    for file in files:
        reader = _reader(file, lone=lone)
        try:
            if reader is not None:
                reader(work, file)
            elif not file.name.lower().endswith(_SIDECARS):
                work.copy(file)
        except OSError as error:
            table = table_named(file.stem) or FOLDER
            reason = error.strerror or str(error)
            work.issues.append(issue("file_unreadable", table, value=file.name, reason=reason))
    lone_name = source.name if lone else ""
    return Converted(work.folder, tuple(work.issues), work.places, work.sources, work.made, lone_name)


def document_as_folder(value: object, scratch: Path, name: str) -> Converted:
    """Make such a folder of a JSON document, as `app.formats.json_tables.parse_json` or any parser made it.

    Parameters
    ----------
    value
        Table -> list of rows, and ``scenario``.
    scratch
        An empty folder; it must stay until the tables are read.
    name
        What issues call the document.
    """
    work = Work(scratch, frozenset())
    work.document(value, name)
    return Converted(work.folder, tuple(work.issues), work.places, work.sources, work.made, name)


def read_tables(source: Path) -> RawTables:
    """Read a folder or single file as `solver.read_tables` does, GeoJSON, GeoPackage and JSON included."""
    lone = source.is_file()
    if not any(_reader(file, lone=lone) for file in _files_of(source)):
        return solver.read_tables(source)
    with tempfile.TemporaryDirectory(prefix="surplan-") as scratch:
        converted = as_folder(source, Path(scratch))
        return converted.named(solver.read_tables(converted.folder))


def sources_of(source: Path) -> dict[str, str]:
    """Return the SHA-256 of each file that `read_tables` may read: where they are equal, so are the tables.

    Raises
    ------
    OSError
        When one cannot be read.
    """
    found = sources_of_tables(source)
    for file in _files_of(source):
        if _reader(file, lone=source.is_file()) is not None:
            for part in (file, *beside(file)):
                found[part.name] = hashlib.sha256(part.read_bytes()).hexdigest()
    return found


def _files_of(source: Path) -> list[Path]:
    """Return the files of a folder, or the file itself; none where it can't be looked into."""
    if source.is_file():
        return [source]
    try:
        return sorted(entry for entry in source.iterdir() if not entry.is_dir())
    except OSError:
        return []  # which whoever reads the folder reports


_SIDECARS = tuple(SUFFIX + ending for ending in (*BESIDE, "-shm"))
_Reader: TypeAlias = Callable[[Work, Path], None]


def _reader(file: Path, *, lone: bool) -> _Reader | None:
    """Return what reads a file, by its name; None for a file of another format."""
    name, suffix = file.name.lower(), file.suffix.lower()
    if name.startswith((".", "~")):
        return None
    if suffix == SUFFIX:
        return Work.geopackage
    table = table_named(file.stem)
    is_table = table is not None and table != SCENARIO
    if suffix == _GEOJSON:
        return Work.geojson if is_table else None
    if suffix != _JSON or name in _OTHERS:
        return None
    if name == ALL_TABLES or (lone and not is_table):
        return Work.all_json
    return Work.json if is_table else None
