"""Workbooks of the formats .xls and .ods, read in a process of its own that may use so much memory.

python-calamine reads them whole when it opens them. A cell in a far corner, or a value that is repeated
without end, makes it ask for more memory than there is, which ends the process: it must not be that of the
service. Patterns over the bytes, as for .xlsx (`solver.tables.sheet_scan`), cannot promise it: who means harm
writes his file otherwise.
"""

from __future__ import annotations

import io
import os
import pickle
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from solver.tables.sheet_xml import MOST_CELLS, far_corner

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook

    from solver.tables.sheet_xml import Place

#: What the process may use [bytes]; a full sheet of an .xls file takes a third.
MOST_MEMORY = 3 * 2**30
_MODULE = "solver.tables.apart"


@dataclass(frozen=True, slots=True)
class PlainSheet:
    """A sheet of cells as python-calamine reads it.

    Attributes
    ----------
    name, hidden, rows, start, merges
        See `solver.tables.sheets.Sheet`; `start` is its first cell.
    far
        The far corner of a sheet that is too large to be held and has no rows here, or "".
    """

    name: str
    hidden: bool
    rows: list[list[Any]]
    start: Place = (0, 0)
    merges: tuple[tuple[Place, Place], ...] = ()
    far: str = ""


def read_apart(path: Path, content: bytes) -> list[PlainSheet]:
    """Return the sheets of cells of a workbook of any format.

    Parameters
    ----------
    path
        Where it lies.
    content
        The file's bytes.

    Raises
    ------
    python_calamine.PasswordError
        When it is protected by a password.
    ValueError
        When it cannot be read, or not with `MOST_MEMORY`.
    """
    home = str(Path(__file__).resolve().parents[2])
    search = os.pathsep.join(part for part in (home, os.environ.get("PYTHONPATH", "")) if part)
    done = subprocess.run(
        [sys.executable, "-P", "-m", _MODULE, str(path.absolute())],  # -P: nothing of the folder we are in
        input=content,
        capture_output=True,
        check=False,
        env={**os.environ, "PYTHONPATH": search},
    )
    if done.returncode:
        raise ValueError("reading it takes too much memory")
    answer: list[PlainSheet] | Exception = pickle.loads(done.stdout)
    if isinstance(answer, Exception):
        raise answer
    return answer


def opened_book(path: Path, content: bytes) -> CalamineWorkbook:
    """Open a workbook.

    Raises
    ------
    python_calamine.CalamineError
        When it cannot be read; of its kinds, PasswordError for a file with a password.
    """
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        return CalamineWorkbook.from_filelike(io.BytesIO(content))
    except CalamineError:
        return CalamineWorkbook.from_path(path)  # which tells a password from a broken file


def _sheets(book: CalamineWorkbook) -> list[PlainSheet]:
    from python_calamine import SheetTypeEnum, SheetVisibleEnum

    sheets = []
    for about in book.sheets_metadata:
        if about.typ != SheetTypeEnum.WorkSheet:
            continue
        hidden = about.visible != SheetVisibleEnum.Visible
        cells = book.get_sheet_by_name(about.name)
        if cells.height * cells.width > MOST_CELLS:
            far = far_corner([cells.start or (0, 0), cells.end or (0, 0)])
            sheets.append(PlainSheet(about.name, hidden, [], far=far))
            continue
        merges = tuple(cells.merged_cell_ranges or ())
        sheets.append(PlainSheet(about.name, hidden, cells.to_python(), cells.start or (0, 0), merges))
    return sheets


def answer_of(path: Path, content: bytes) -> list[PlainSheet] | Exception:
    """Return the sheets, or why there are none: what the process answers."""
    from python_calamine import PasswordError

    try:
        with opened_book(path, content) as book:
            return _sheets(book)
    except PasswordError as error:
        return error
    except MemoryError:
        raise
    except BaseException as error:  # a panic of the Rust library is no Exception
        return ValueError(" ".join(str(error).split()) or type(error).__name__)


def main() -> None:
    """Read from the standard input, within the memory that there is, and answer on the standard output."""
    with suppress(ImportError):  # Windows does not limit memory; there the system's own limit counts
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        most = MOST_MEMORY if hard == resource.RLIM_INFINITY else min(MOST_MEMORY, hard)
        with suppress(ValueError, OSError):  # macOS refuses some limits
            resource.setrlimit(resource.RLIMIT_AS, (most, hard))
    answer = answer_of(Path(sys.argv[1]), sys.stdin.buffer.read())
    sys.stdout.buffer.write(pickle.dumps(answer, pickle.HIGHEST_PROTOCOL))


if __name__ == "__main__":
    # Under its own name, so that what it pickles is known to who reads it.
    from solver.tables import apart

    apart.main()
