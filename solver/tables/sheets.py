"""A workbook's file to its sheets: cells as they stand, merged ranges, and what the reader would pass over.

python-calamine reads every format, but an error cell (``#REF!``) and a formula without a result come back
empty, and one cell in a far corner makes it ask for more memory than there is, which ends the process. So the
XML of .xlsx and .xlsm is looked through first, and other formats are read in a process of its own.
"""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias
from xml.etree import ElementTree

from solver.errors import issue
from solver.tables.apart import MOST_MEMORY, ReaderFaultError, read_apart
from solver.tables.apart_process import opened_book
from solver.tables.packages import TooLargeError, opened_package
from solver.tables.reasons import workbook_reason
from solver.tables.shared_texts import MOST_TEXT, text_named, text_sizes
from solver.tables.sheet_scan import SPANNED, look, ods_cells
from solver.tables.sheet_xml import MOST_CELLS
from solver.tables.styles import percent_styles

if TYPE_CHECKING:
    import zipfile
    from pathlib import Path

    from solver.errors import Issue
    from solver.tables.sheet_xml import Place

SUFFIXES = (".xlsx", ".xlsm", ".xls", ".ods")
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


def read_sheets(path: Path, content: bytes, memory: int = MOST_MEMORY) -> tuple[list[Sheet], list[Issue]]:
    """Read a workbook.

    Parameters
    ----------
    path
        Where it lies.
    content
        The file's bytes; they, and not the ending of the name, say the format.
    memory
        What reading an .xls or .ods file may use [bytes].

    Returns
    -------
    sheets
        Every sheet of cells, in order; empty where the file cannot be read.
    issues
        What is wrong with the file or a sheet, under table ``folder``.

    Raises
    ------
    ReaderFaultError
        When the process that reads .xls and .ods files fails in a way that no file explains.
    """
    # Importing calamine takes a while, and a folder of CSV files needs none.
    from python_calamine import PasswordError

    name = path.name
    try:
        package = opened_package(content) if content.startswith(_ZIP) else None
        found = _limits(name, content, package)
        if package is None or "content.xml" in package.namelist():
            sheets = _plain(path, content, memory, found)
        else:
            sheets = _looked_through(path, content, package, found)
        return sheets, found
    except PasswordError:
        return [], [issue("workbook_locked", "folder", value=name)]
    except TooLargeError as error:
        return [], [issue("sheet_too_large", "folder", value=name, cell=str(error))]
    except (KeyboardInterrupt, SystemExit, GeneratorExit, ReaderFaultError):
        raise
    except BaseException as error:  # a panic of the Rust library is no Exception
        reason = _reason(content, error)
        broken = {"reason": reason.rstrip("."), "reason_vi": workbook_reason(reason)}
        return [], [issue("workbook_broken", "folder", value=name, words=broken)]


def _plain(path: Path, content: bytes, memory: int, found: list[Issue]) -> list[Sheet]:
    """Return the sheets of another format than .xlsx; what is wrong with one goes to `found`."""
    sheets: list[Sheet] = []
    for one in read_apart(path, content, memory):
        if one.far:
            found.append(issue("sheet_too_large", "folder", value=one.name, cell=one.far))
        else:
            sheets.append(Sheet(one.name, one.hidden, one.rows, *one.start, merges=one.merges))
    return sheets


def _looked_through(path: Path, content: bytes, package: zipfile.ZipFile, found: list[Issue]) -> list[Sheet]:
    """Return the sheets of an .xlsx file; what is wrong with one goes to `found`."""
    from python_calamine import SheetTypeEnum, SheetVisibleEnum

    parts = _parts(package)
    styles = percent_styles(package)
    sheets: list[Sheet] = []
    sizes, text_left = text_sizes(package), MOST_TEXT
    left = MOST_CELLS  # of all sheets: many that are almost too large are as bad as one that is
    with opened_book(path, content) as book:
        for about in book.sheets_metadata:
            if about.typ != SheetTypeEnum.WorkSheet:
                continue
            if about.name not in parts:  # calamine would read what was not looked through
                raise ValueError(f"no part of the file for the sheet {about.name}")
            xml = package.read(parts[about.name])
            text_left -= text_named(xml, sizes)
            if text_left < 0:
                raise TooLargeError("sharedStrings.xml")
            seen = look(xml, styles, left)
            if seen.far:
                found.append(issue("sheet_too_large", "folder", value=about.name, cell=seen.far))
                continue
            cells = book.get_sheet_by_name(about.name)
            left -= cells.height * cells.width
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
    return sheets


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
        raise TooLargeError("content.xml")
    return [issue("merges_unseen", "folder", value=name)] if SPANNED.search(xml) else []


def _parts(package: zipfile.ZipFile) -> dict[str, str]:
    """Return sheet name -> part of an .xlsx file.

    Raises
    ------
    ValueError
        When two sheets have one name: one of them would be looked through, and the other be read. When two
        are the same part: a small file would have any number of large sheets.
    """
    spelt = {name.lower(): name for name in package.namelist()}  # calamine asks for no more
    about = [spelt.get(name) for name in ("xl/workbook.xml", "xl/_rels/workbook.xml.rels")]
    if about[0] is None or about[1] is None:
        return {}
    targets = {
        node.get("Id"): node.get("Target", "") for node in ElementTree.fromstring(package.read(about[1]))
    }
    found: dict[str, str] = {}
    used: set[str] = set()
    for node in ElementTree.fromstring(package.read(about[0])).iter():
        if node.tag.rpartition("}")[2] != "sheet":
            continue
        name = node.get("name", "")
        if name in found:
            raise ValueError(f"two sheets of the name {name}")
        relation = next((value for key, value in node.items() if key.endswith("}id")), None)
        target = targets.get(relation, "")
        # Some programs write xl/worksheets/... where the part lies in xl already; calamine knows that.
        part = target if target.startswith("xl/") else posixpath.join("/xl", target)
        part = spelt.get(posixpath.normpath(part).lstrip("/").lower(), "")
        if target and part:
            if part in used:
                raise ValueError("two sheets of one part")
            used.add(part)
            found[name] = part
    return found
