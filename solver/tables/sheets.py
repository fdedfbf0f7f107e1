"""A workbook's file to its sheets: cells as they stand, merged ranges, and what the reader would pass over.

python-calamine reads every format, but an error cell (``#REF!``) and a formula without a result come back
empty, and one cell in a far corner makes it ask for more memory than there is, which ends the process. So the
XML of .xlsx and .xlsm is looked through first.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias
from xml.etree import ElementTree

from solver.errors import issue
from solver.tables.sheet_scan import SPANNED, look, ods_cells
from solver.tables.sheet_xml import MOST_CELLS, Seen
from solver.tables.styles import percent_styles

if TYPE_CHECKING:
    from pathlib import Path

    from python_calamine import CalamineWorkbook

    from solver.errors import Issue
    from solver.tables.sheet_xml import Place

SUFFIXES = (".xlsx", ".xlsm", ".xls", ".ods")
#: Size of one part of the file when unpacked.
MOST_BYTES = 400_000_000
_ZIP = b"PK"
_OLE = b"\xd0\xcf\x11\xe0"

Cell: TypeAlias = Any  # what a cell holds: str, float, bool, date, datetime, time, timedelta; "" when empty


@dataclass(frozen=True, slots=True)
class Sheet:
    """The filled part of one sheet.

    Attributes
    ----------
    name
        As it stands in the file.
    hidden
        Whether Excel hides it.
    rows
        Rows of cells, all equally long; empty cells are "".
    top, left
        Row and column of the first cell of `rows`, from 0.
    merges
        Merged ranges: first and last cell, rows and columns of the sheet from 0.
    wrong
        Cells that show an error -> its text.
    unreckoned
        Cells with a formula whose result is not in the file.
    percent
        Cells that hold a number and show it as a percentage; only .xlsx and .xlsm say so.
    """

    name: str
    hidden: bool
    rows: list[list[Cell]]
    top: int = 0
    left: int = 0
    merges: tuple[tuple[Place, Place], ...] = ()
    wrong: dict[Place, str] = field(default_factory=dict)
    unreckoned: tuple[Place, ...] = ()
    percent: frozenset[Place] = frozenset()


def is_workbook(path: Path) -> bool:
    """Tell by its name whether a file is a workbook, and none of Excel's or LibreOffice's lock files."""
    return path.suffix.lower() in SUFFIXES and not path.name.startswith(("~", "."))


def read_sheets(path: Path, content: bytes) -> tuple[list[Sheet], list[Issue]]:
    """Read a workbook.

    Parameters
    ----------
    path
        Where it lies.
    content
        The file's bytes; they, and not the ending of the name, say the format.

    Returns
    -------
    sheets
        Every sheet of cells, in order; empty where the file cannot be read.
    issues
        What is wrong with the file or a sheet, under table ``folder``.
    """
    # Importing calamine takes a while, and a folder of CSV files needs none.
    from python_calamine import PasswordError, SheetTypeEnum, SheetVisibleEnum

    name = path.name
    try:
        package = _package(content)
        found = _limits(name, content, package)  # first: calamine reads an .ods file whole when it opens it
        with _opened(path, content) as book:
            parts = {} if package is None else _parts(package)
            styles = percent_styles(package) if parts and package is not None else frozenset()
            sheets: list[Sheet] = []
            for about in book.sheets_metadata:
                if about.typ != SheetTypeEnum.WorkSheet:
                    continue
                part = parts.get(about.name)
                seen = Seen() if package is None or part is None else look(package.read(part), styles)
                if seen.far:
                    found.append(issue("sheet_too_large", "folder", value=about.name, cell=seen.far))
                    continue
                cells = book.get_sheet_by_name(about.name)
                sheets.append(
                    Sheet(
                        about.name,
                        about.visible != SheetVisibleEnum.Visible,
                        cells.to_python(),
                        *(cells.start or (0, 0)),
                        merges=tuple(cells.merged_cell_ranges or ()),
                        wrong=seen.wrong,
                        unreckoned=seen.unreckoned,
                        percent=seen.percent,
                    )
                )
            return sheets, found
    except PasswordError:
        return [], [issue("workbook_locked", "folder", value=name)]
    except _TooLargeError as error:
        return [], [issue("sheet_too_large", "folder", value=name, cell=str(error))]
    except (KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except BaseException as error:  # a panic of the Rust library is no Exception
        return [], [issue("workbook_broken", "folder", value=name, reason=_reason(content, error))]


def _opened(path: Path, content: bytes) -> CalamineWorkbook:
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        return CalamineWorkbook.from_filelike(io.BytesIO(content))
    except CalamineError:
        return CalamineWorkbook.from_path(path)  # which tells a password from a broken file


class _TooLargeError(Exception):
    """A part of the file is larger than `MOST_BYTES`."""


def _package(content: bytes) -> zipfile.ZipFile | None:
    if not content.startswith(_ZIP):
        return None
    package = zipfile.ZipFile(io.BytesIO(content))
    for part in package.infolist():
        if part.file_size > MOST_BYTES and part.filename.endswith((".xml", ".rels")):
            raise _TooLargeError(part.filename)
    return package


def _reason(content: bytes, error: BaseException) -> str:
    start = content[:400].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if not start:
        return "empty file"
    if start.startswith((b"<html", b"<!doctype", b"<table", b"<?xml", b"<meta")):
        return "HTML or XML under the name of a workbook"
    if not content.startswith((_ZIP, _OLE)) and b"\x00" not in content[:400]:
        return "text (CSV) under the name of a workbook"
    return " ".join(str(error).split())[:120] or type(error).__name__


def _limits(name: str, content: bytes, package: zipfile.ZipFile | None) -> list[Issue]:
    """Return what cannot be seen in a format other than .xlsx."""
    if content.startswith(_OLE):
        return [issue("workbook_old", "folder", value=name)]
    if package is not None and "xl/workbook.bin" in package.namelist():
        # calamine reads it, but its errors and formats cannot be seen.
        raise ValueError("binary workbook (.xlsb) under the name of another")
    if package is None or "content.xml" not in package.namelist():
        return []
    xml = package.read("content.xml")
    if ods_cells(xml) > MOST_CELLS:
        raise _TooLargeError("content.xml")
    return [issue("merges_unseen", "folder", value=name)] if SPANNED.search(xml) else []


def _parts(package: zipfile.ZipFile) -> dict[str, str]:
    """Return sheet name -> part of an .xlsx file; empty for another format."""
    names = set(package.namelist())
    if not {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= names:
        return {}
    targets = {
        node.get("Id"): node.get("Target", "")
        for node in ElementTree.fromstring(package.read("xl/_rels/workbook.xml.rels"))
    }
    spelt = {name.lower(): name for name in names}  # calamine asks for no more
    found: dict[str, str] = {}
    for node in ElementTree.fromstring(package.read("xl/workbook.xml")).iter():
        if node.tag.rpartition("}")[2] != "sheet":
            continue
        relation = next((value for key, value in node.items() if key.endswith("}id")), None)
        target = targets.get(relation, "")
        part = posixpath.normpath(posixpath.join("/xl", target)).lstrip("/")
        part = spelt.get(part.lower(), "")
        if target and part:
            found[node.get("name", "")] = part
    return found
