"""The process that reads a workbook for `solver.tables.apart`: it limits itself before it sees the file."""

from __future__ import annotations

import errno
import io
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from solver.tables.apart import NO_MEMORY
from solver.tables.sheet_answer import NoSheets, PlainSheet, write_answer
from solver.tables.sheet_xml import MOST_CELLS, far_corner

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook

#: Size of the answer [bytes].
_MOST_ANSWER = 400_000_000
_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG
_KILL = 9


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
    left = MOST_CELLS
    for about in book.sheets_metadata:
        if about.typ != SheetTypeEnum.WorkSheet:
            continue
        hidden = about.visible != SheetVisibleEnum.Visible
        cells = book.get_sheet_by_name(about.name)
        if cells.height * cells.width > left:
            far = far_corner([cells.start or (0, 0), cells.end or (0, 0)], left)
            sheets.append(PlainSheet(about.name, hidden, [], far=far))
            continue
        left -= cells.height * cells.width
        merges = tuple(cells.merged_cell_ranges or ())
        sheets.append(PlainSheet(about.name, hidden, cells.to_python(), cells.start or (0, 0), merges))
    return sheets


def answer_of(path: Path, content: bytes) -> list[PlainSheet] | NoSheets:
    """Return the sheets, or why there are none: what the process answers."""
    from python_calamine import PasswordError

    try:
        with opened_book(path, content) as book:
            return _sheets(book)
    except PasswordError as error:
        return NoSheets(str(error), locked=True)
    except MemoryError:
        raise
    except BaseException as error:  # a panic of the Rust library is no Exception
        return NoSheets(" ".join(str(error).split()) or type(error).__name__)


def _bound_to(parent: int) -> None:
    """End with the process that asks, also where that is killed."""
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(_DEATH_SIGNAL, _KILL)
        if os.getppid() != parent:  # it ended before
            sys.exit(1)


def _limited(memory: int, seconds: int) -> None:
    """Limit what this process may use; Windows does not, there the system's own limits count."""
    with suppress(ImportError):
        import resource

        for what, most in (
            (resource.RLIMIT_CORE, 0),
            (resource.RLIMIT_FSIZE, _MOST_ANSWER),
            (resource.RLIMIT_CPU, seconds),
            (resource.RLIMIT_AS, memory),
        ):
            _, hard = resource.getrlimit(what)
            least = most if hard == resource.RLIM_INFINITY else min(most, hard)
            # The signal that says why comes at the soft limit of the time; at the hard one it is killed.
            late = 5 if what == resource.RLIMIT_CPU and hard == resource.RLIM_INFINITY else 0
            with suppress(ValueError, OSError):  # macOS refuses some limits
                resource.setrlimit(what, (least, least + late))


def main(memory: str, seconds: str, parent: str, path: str) -> None:
    """Read from the standard input, within limits, and answer on the standard output."""
    _bound_to(int(parent))
    _limited(int(memory), int(seconds))
    out = io.TextIOWrapper(sys.stdout.buffer, "utf-8", newline="\n", write_through=False)
    try:
        write_answer(out, answer_of(Path(path), sys.stdin.buffer.read()))
        out.flush()
    except MemoryError:
        os._exit(NO_MEMORY)
    except OSError as error:
        if error.errno != errno.EFBIG:
            raise
        os._exit(NO_MEMORY)


if __name__ == "__main__":
    main(*sys.argv[1:])
