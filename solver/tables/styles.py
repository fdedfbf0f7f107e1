"""Styles of the cells of an .xlsx file that show a number as a percentage."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree

if TYPE_CHECKING:
    import zipfile

_PART = "xl/styles.xml"
_BUILT_IN = frozenset({9, 10})
#: Texts in quotation marks, escaped and repeated characters, colours and conditions: their percent signs are
#: only shown.
_LITERAL = re.compile(r'"[^"]*"?|[\\_*].|\[[^\]]*\]')


def percent_styles(package: zipfile.ZipFile) -> frozenset[int]:
    """Return the numbers of the styles (``cellXfs``) that multiply by 100 and show a percent sign.

    Raises
    ------
    xml.etree.ElementTree.ParseError
        When the part of styles is no XML.
    """
    part = next((name for name in package.namelist() if name.lower() == _PART), None)
    if part is None:
        return frozenset()
    root = ElementTree.fromstring(package.read(part))
    formats = set(_BUILT_IN)
    styles: set[int] = set()
    for node in root.iter():
        name = node.tag.rpartition("}")[2]
        if name == "numFmt" and is_percent(node.get("formatCode", "")):
            formats.add(int(node.get("numFmtId", "0")))
    for group in root:
        if group.tag.rpartition("}")[2] == "cellXfs":
            styles = {
                place for place, style in enumerate(group) if int(style.get("numFmtId", "0")) in formats
            }
    return frozenset(styles)


def is_percent(code: str) -> bool:
    r"""Tell whether a format shows a percentage.

    Examples
    --------
    >>> is_percent("0.0%"), is_percent('0" %"'), is_percent("0\\%")
    (True, False, False)
    """
    return "%" in _LITERAL.sub("", code)
