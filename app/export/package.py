"""Puts the many rows of a workbook's tables into the file that XlsxWriter made without them.

XlsxWriter writes all of the workbook but the rows of the tables and the sums of their groups: of these it
writes one each, empty cells in the formats of their columns. That is the pattern that tells the styles. What
is relied on is the file format, not XlsxWriter's inside.
"""

from __future__ import annotations

import heapq
import os
import re
import zipfile
from dataclasses import dataclass
from operator import itemgetter
from typing import TYPE_CHECKING

from app.export.rows import Pattern, rows_as_xml, sums_as_xml

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path
    from typing import IO

    import pandas as pd

    from app.export.rows import Memo, Sums

_ROW = re.compile(r'<row r="(\d+)"([^>]*?)(?:/>|>(.*?)</row>)', re.DOTALL)
_CELL = re.compile(r'<c r="([A-Z]+)\d+" s="(\d+)"/>')
_BATCH = 1000  # rows that are compressed at once
_QUICK = 4  # of zlib's levels: a third of the time of level 6, a tenth more to store


@dataclass(frozen=True)
class Rows:
    """The rows that a worksheet still lacks.

    Attributes
    ----------
    table
        The rows.
    columns
        Which of its columns, in order.
    numbers
        Number of each row on the sheet, from 1, ascending; the first is the pattern's.
    sums
        The sums of the groups, if there are groups; the first is the pattern's.
    widths
        Of each column [characters], where texts are wrapped; none: they are not.
    """

    table: pd.DataFrame
    columns: Sequence[str]
    numbers: Sequence[int]
    sums: Sequence[Sums]
    widths: Sequence[int]


def write_package(frame: IO[bytes], rows: Mapping[str, Rows], path: Path) -> None:
    """Write the workbook with its rows to `path`, in one rename; equal workbooks are equal to the byte.

    Parameters
    ----------
    frame
        The workbook as XlsxWriter wrote it.
    rows
        What is to be put in, by the worksheet's name in the package (``xl/worksheets/sheet2.xml``).
    path
        Where to; an existing file is replaced.
    """
    staged = path.with_name(f".{path.name}.{os.getpid()}")
    memo: Memo = {}
    try:
        with zipfile.ZipFile(frame) as source, zipfile.ZipFile(staged, "w", compresslevel=_QUICK) as target:
            for name in source.namelist():
                content = source.read(name)
                with target.open(_undated(name), "w") as part:
                    if name not in rows:
                        part.write(content)
                        continue
                    for text in _filled(content.decode("utf-8"), rows[name], memo):
                        part.write(text.encode("utf-8"))
        staged.replace(path)
    finally:
        staged.unlink(missing_ok=True)


def _filled(sheet: str, rows: Rows, memo: Memo) -> Iterator[str]:
    """Yield the XML of a worksheet with the rows in their places, in pieces."""
    head, _, rest = sheet.partition("<sheetData>")
    body, _, tail = rest.partition("</sheetData>")
    written = {int(found[1]): found for found in _ROW.finditer(body)}
    pattern = _pattern(written.pop(rows.numbers[0]), rows.widths)
    streams = [rows_as_xml(rows.table, rows.columns, rows.numbers, pattern, memo)]
    if rows.sums:
        look = _pattern(written[rows.sums[0].number], rows.widths)
        streams.append(sums_as_xml(rows.sums, rows.columns, look))
    for sums in rows.sums:
        written.pop(sums.number, None)
    streams.append((number, found[0]) for number, found in sorted(written.items()))
    yield f"{head}<sheetData>"
    batch = []
    for _, row in heapq.merge(*streams, key=itemgetter(0)):
        batch.append(row)
        if len(batch) == _BATCH:
            yield "".join(batch)
            batch = []
    yield f"{''.join(batch)}</sheetData>{tail}"


def _pattern(row: re.Match[str], widths: Sequence[int]) -> Pattern:
    return Pattern(re.sub(r' spans="[^"]*"', "", row[2]), _CELL.findall(row[3]), widths)


def _undated(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)  # 1 January 1980, as a zip file says "no date"
    info.compress_type = zipfile.ZIP_DEFLATED
    return info
