"""A new file in one step: it is written under another name beside its own, and then renamed."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from app.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable


def refuse_existing(out: Path) -> None:
    """Raise `InputError` where a file `out` cannot be made: it exists, or its folder does not."""
    if os.path.lexists(out):
        raise InputError("workbook_exists", file=str(out))
    if not out.parent.is_dir():
        raise InputError("workbook_folder", folder=str(out.parent))


def write_new(out: Path, write: Callable[[Path], None]) -> None:
    """Let `write` make a file under a temporary name in the folder of `out`, then rename it to `out`.

    Raises
    ------
    InputError
        When `out` exists, or its folder is missing or cannot be written. Nothing is left behind.
    """
    refuse_existing(out)
    temporary = out.with_name(f".{os.getpid()}.{out.name}")
    try:
        write(temporary)
        refuse_existing(out)  # somebody else may have been faster
        temporary.replace(out)
    except OSError as error:
        raise InputError("workbook_unwritable", file=str(out), reason=error.strerror or str(error)) from error
    finally:
        temporary.unlink(missing_ok=True)
