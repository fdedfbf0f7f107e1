"""How much text the cells of a sheet name: a text stands once in the file, and once for each cell when read.

So a file of three kilobytes can be gigabytes of text. What is said here is never less than the reader takes.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import zipfile

#: Text that the cells of a workbook may name together [bytes].
MOST_TEXT = 1_000_000_000
_PART = "xl/sharedstrings.xml"
_TEXT = re.compile(rb"<(?:[^\s<>/:]+:)?si[\s/>]")
#: What stands in a value: a number, which may be that of a text; what may hide one; anything else is none.
_VALUE = re.compile(rb"<(?:[^\s<>/:]+:)?v(?:\s[^>]*)?>\s*(?:(\d+)|([<&+]))")
#: What a sheet may take without a closer look [bytes].
_LITTLE = 10_000_000


def text_sizes(package: zipfile.ZipFile) -> list[int]:
    """Return the size of each shared text of a workbook, with its markup [bytes]."""
    named = [name for name in package.namelist() if name.lower() == _PART]
    if not named:
        return []
    xml = package.read(named[0])
    begins = [match.start() for match in _TEXT.finditer(xml)]
    return [end - begin for begin, end in zip(begins, [*begins[1:], len(xml)], strict=True)]


def text_named(xml: bytes, sizes: list[int]) -> int:
    """Return the most bytes of shared text that a sheet's cells may name.

    Parameters
    ----------
    xml
        The sheet.
    sizes
        As of `text_sizes`.
    """
    longest = max(sizes, default=0)
    at_most = xml.count(b"v>") * longest
    if at_most <= _LITTLE:
        return at_most
    total = 0
    for match in _VALUE.finditer(xml):
        if match[2]:
            total += longest
        elif len(match[1]) < 10 and int(match[1]) < len(sizes):
            total += sizes[int(match[1])]
    return total
