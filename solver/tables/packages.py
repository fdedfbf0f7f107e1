"""A workbook's file as a package of parts: opened only when no part is larger than it may be.

A few kilobytes of zip stand for gigabytes. What the directory of the file says of a part's size is a claim:
each part is unpacked in pieces and measured, whatever its name, before anything reads one whole.
"""

from __future__ import annotations

import copy
import io
import zipfile

#: Size of one part when unpacked, and of all together [bytes].
MOST_BYTES = 400_000_000
MOST_TOGETHER = 1_000_000_000
#: Of the parts that become trees (`_TREES`), which take twenty times their size.
MOST_OF_A_TREE = 16_000_000
_TREES = ("xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml")
_PIECE = 1 << 20


class TooLargeError(Exception):
    """A part of the file, or the file, is larger than what is read."""


def opened_package(content: bytes) -> zipfile.ZipFile:
    """Open the file of a workbook, of which every part may then be read whole.

    Raises
    ------
    TooLargeError
        When a part, or all parts together, are larger than what is read; it names the part.
    zipfile.BadZipFile
        When it is no zip file, a part is damaged or of another size than the file says, two have one name, or
        one is packed in a way that workbooks do not know.
    """
    package = zipfile.ZipFile(io.BytesIO(content))
    parts = package.infolist()
    # Readers take one of two parts with one name, not all the same one; and they do not mind letters' case.
    if len({part.filename.lower() for part in parts}) < len(parts):
        raise zipfile.BadZipFile("two parts with one name")
    left = MOST_TOGETHER
    for part in parts:
        most = MOST_OF_A_TREE if part.filename.lower() in _TREES else MOST_BYTES
        if part.file_size > min(most, left):  # what it says itself, before anything is unpacked
            raise TooLargeError(part.filename)
        left -= _measured(package, part, min(most, left))
    return package


def _measured(package: zipfile.ZipFile, part: zipfile.ZipInfo, most: int) -> int:
    """Return the size of a part, which is what the file says."""
    if part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise zipfile.BadZipFile(f"{part.filename} is packed in an unknown way")
    # Python stops at the size that the file says; other readers go on, so one out of reach is said here.
    asked = copy.copy(part)
    asked.file_size = most + 2 * _PIECE
    size = 0
    with package.open(asked) as stream:
        while piece := stream.read(_PIECE):
            size += len(piece)
            if size > most:
                raise TooLargeError(part.filename)
    if size != part.file_size:
        raise zipfile.BadZipFile(f"{part.filename} has another size than the file says")
    return size
