"""Escapes of a workbook's texts, kept through openpyxl.

In the file ``_x000D_`` is a carriage return and ``_x005F_x000D_`` the text "_x000D_". openpyxl drops the
``x005F_`` when it reads and writes what is left, so both would become a carriage return. Therefore the mark
of an escape is another one while openpyxl holds the workbook.
"""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from openpyxl import Workbook
    from openpyxl.cell import Cell

_ESCAPE = "x005F_"
_KEPT = "\ue05f\uf05e"  # of the private use area
_PARTS = ("xl/sharedStrings.xml", "xl/worksheets/")


def without_escapes(source: Path) -> io.BytesIO | None:
    """Return a copy of a workbook's file for openpyxl, or None where the file itself will do.

    Raises
    ------
    zipfile.BadZipFile, OSError
        When the file is no package or cannot be read.
    """
    escape, kept = _ESCAPE.encode(), _KEPT.encode()
    with zipfile.ZipFile(source) as package:
        contents = {entry: package.read(entry) for entry in package.infolist()}
    changed = [
        entry for entry, data in contents.items() if entry.filename.startswith(_PARTS) and escape in data
    ]
    if not changed:
        return None
    copy = io.BytesIO()
    with zipfile.ZipFile(copy, "w") as package:
        for entry, data in contents.items():
            package.writestr(entry, data.replace(escape, kept) if entry in changed else data)
    copy.seek(0)
    return copy


def restore_escapes(workbook: Workbook) -> None:
    """Put the escapes back into all cells, before the workbook is written."""
    for sheet in workbook.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                _restore(cell)


def _restore(cell: Cell) -> None:
    from openpyxl.cell.rich_text import CellRichText, TextBlock

    value, kind = cell.value, cell.data_type
    if isinstance(value, str) and _KEPT in value:
        cell.value = value.replace(_KEPT, _ESCAPE)
        cell.data_type = kind
    elif isinstance(value, CellRichText):
        for place, part in enumerate(value):
            if isinstance(part, TextBlock):
                part.text = part.text.replace(_KEPT, _ESCAPE)
            else:
                value[place] = part.replace(_KEPT, _ESCAPE)
