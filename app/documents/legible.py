r"""Texts of tables as a document may hold them: composed, and without characters that no paper can show.

Escapes are those of Python: ``\x07``, ``\u202e``, ``\U0001f600``.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

_BREAKS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
# XML has no way to write these: C0 controls but tab and line feed, surrogates, the two non-characters.
_NOT_XML = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
# What the fonts within typst have between them: Latin, Greek, Cyrillic, Armenian, Hebrew, Arabic, Georgian,
# signs of money and mathematics, arrows, symbols. A test sets and reads back every one of them.
_IN_FONTS = re.compile(
    "[\n -\u04ff\u0531-\u060c\u0621-\u063a\u0640-\u0655\u0660-\u066d\u06f0-\u06f9\u10d0-\u10ff"
    "\u1d00-\u2027\u2029-\u2040\u2044-\u2052\u2054-\u211e\u2122\u2124\u2126-\u2151\u2153-\u2184\u2190-\u23ff\u2460-\u262f]"
)


def legible(text: str) -> str:
    """Return `text` composed (NFC), line feeds as its only line breaks, control characters escaped."""
    return _NOT_XML.sub(_escape, _BREAKS.sub("\n", unicodedata.normalize("NFC", text)))


def printable(text: str) -> str:
    """Return a legible text with what a PDF would not show, or not give back, escaped.

    Direction marks and zero-width characters steer the type without being seen, so a plate number could be
    printed backwards. A character that no font has would be an empty box, and may be lost when the text is
    copied out. A tab becomes a space.
    """
    if text.isascii() and "\t" not in text:
        return text
    return "".join(map(_shown, text))


@cache
def _shown(char: str) -> str:
    if char == "\t":
        return " "
    if _IN_FONTS.fullmatch(char) and unicodedata.category(char) not in {"Cf", "Cn"}:
        return char
    return _escaped(char)


def _escape(found: re.Match[str]) -> str:
    return _escaped(found[0])


def _escaped(char: str) -> str:
    code = ord(char)
    if code > 0xFFFF:
        return f"\\U{code:08x}"
    return f"\\u{code:04x}" if code > 0xFF else f"\\x{code:02x}"
