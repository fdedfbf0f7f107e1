"""Units that headings, groups of headings and lines above a table state, where they multiply our own.

A number in millions that is read as đồng is wrong by a million, so every word of a heading is looked at. A
commune called Triệu Sơn, a price in a title ("trên 500 triệu đồng") and "Công ty" state no unit.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

from solver.tables.names import fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_DONG = r"(?:đồng|dong|đ|vnđ|vnd|d)\b"
_METRES = r"(?:m2|m\^2|mét\s+vuông|met\s+vuong|km2|km|người|cái|chiếc)(?!\w)"
_LEFT = r"(?<![^\W\d_])"  # a digit may stand before: x1000đ, 10triệu
_WORDS = (
    rf"{_LEFT}(?P<word>triệu|nghìn|ngàn|(?:tỷ|tỉ)(?!\s*(?:lệ|trọng|suất|số))"
    r"|trieu|nghin|ngan|(?<!cong )t[yi](?!\s*(?:le|trong|suat|so)\b)"
    r"|thousands?|millions?|billions?|mil|mn|mio|bn|tr\.?|ng\.?|k(?=\s*(?:đ|vn)))"
    rf"(?:\s*(?P<base>{_DONG}|{_METRES})|(?!\w))"
)
_NUMBERS = (
    r"(?P<number>(?<![\d.,])1(?:[., ]?000){1,3}(?!\d)|['’‘`]?(?<![\d.,])000(?!\d)|10\s*\^\s*[369]"
    r"|10[369](?=\s*(?:đ|d|vn|m2)))"
    rf"(?:\s*(?P<unit>{_DONG}|{_METRES}))?"
)
_MULTIPLE = re.compile(f"{_WORDS}|{_NUMBERS}", re.IGNORECASE)
#: Words that are their letters only in unmarked text, or only beside a currency.
_SHORT = frozenset({"k", "ng", "ng.", "mil", "ty", "ti", "ngan", "tr"})
_PARTS = re.compile(r"[()\[\]（）/:;]|,(?!\d)")
_PIECE = {
    "m2": re.compile(
        r"ha|sào.*|mẫu(?:\s+(?:bắc|nam|trung|ta|tây).*)?|công(?:\s+đất)?|thước|a|are|ar|cm2|dm2|acres?|ft2|sq\.?\s?ft",
        re.IGNORECASE,
    ),
    "km": re.compile(r"m|mét|met|metres?|meters?|dặm|miles?|hải lý", re.IGNORECASE),
    "min": re.compile(r"giờ|h|hours?|giây|s|seconds?|ngày|days?", re.IGNORECASE),
    "units": re.compile(r"chục|tá|dozens?", re.IGNORECASE),
    "km2": re.compile(r"ha|m2", re.IGNORECASE),
}
_TOKEN = {
    "VND": re.compile(
        r"\b(?:usd|us\$|eur|euros?|đô\s?la|dollars?)(?!\w)|[$€]|/\s*(?:m2|ha|tháng|năm|km|month|year)(?!\w)",
        re.IGNORECASE,
    ),
    "m2": re.compile(
        r"\bh[eéè]c?[-\s]?ta(?:res?)?(?!\w)|\bhectares?\b|\bkm2(?!\w)|\bsào(?!\w)|(?<!\w)(?-i:ha(?!\w)|HA(?=\s*(?:$|[^\w\s])))"
        r"|(?<![\w.,])(?!1\s*m2)\d[\d.,]*\s*m2(?!\w)",
        re.IGNORECASE,
    ),
    "km": re.compile(r"(?<!\w)(?:mét|met|metres?|meters?|dặm|miles?)(?!\w)|\(\s*m\s*\)", re.IGNORECASE),
    "km2": re.compile(
        r"\bh[eéè]c?[-\s]?ta(?:res?)?(?!\w)|(?<!\w)(?-i:ha(?!\w)|HA(?=\s*(?:$|[^\w\s])))|(?<!\w)m2(?!\w)",
        re.IGNORECASE,
    ),
}
#: Part of a heading after "/" that says our unit, folded; another one is not dropped unseen.
_OWN = {
    "VND": frozenset(
        {"dong", "d", "vnd", "vietnamdong", "dongvietnam", "dongvn", "chiec", "cai", "bo", "xe", "donvi"}
    ),
    "m2": frozenset({"m2", "metvuong", "mvuong"}),
    "km": frozenset({"km", "kilomet", "kilometres", "kilometers"}),
    "%": frozenset({"", "phantram", "percent"}),
    "km2": frozenset({"km2", "kilometvuong"}),
}
_MULTIPLIED = frozenset({"VND", "m2", "km", "km2", "units", "persons"})
_OTHER_BASES = ("m2", "met vuong", "mét vuông", "km2", "km", "người", "cái", "chiếc")
_LABEL = re.compile(
    r"(?:đơn\s*vị\s*tính|đơn\s*vị\s*tiền|đ\.?\s?v\.?\s?t\b|don\s*vi\s*tinh|dvt\b|tính\s*(?:bằng|theo)|tinh\s*bang|\bunits?\b)\W*",
    re.IGNORECASE,
)
_LOOSE_LABEL = re.compile(r"^\W*(?:đơn\s*vị|don\s*vi)\s*:", re.IGNORECASE)
_ENDS = re.compile(r"đơn\s*vị(?!\s*tính)|don\s*vi(?!\s*tinh)|\n", re.IGNORECASE)
_AMOUNT = re.compile(r"(?<!\w)\d+(?:[.,]\d+)*\s*$")
_MOST_WORDS = 5  # of a line that is nothing but a unit


def _plain(text: str) -> str:
    text = unicodedata.normalize("NFC", text)
    return text.replace("²", "2").replace("³", "^3" if "10³" in text else "3").replace("⁶", "^6")


@lru_cache(maxsize=4096)
def other_unit(unit: str, text: str, *, heading: bool = True) -> str:
    """Return the unit that a text states where it is not a column's own, else "".

    Parameters
    ----------
    unit
        The column's own: VND, m2, km ...
    text
        A heading, or what stands for a unit elsewhere.
    heading
        Whether every word counts; else an amount ("500 triệu đồng") states no unit.
    """
    text = _plain(text)
    if unit in _MULTIPLIED:
        for hit in _multiples(text, heading=heading):
            base = (hit["base"] or hit["unit"] or "").lower()
            if not base or (base in _OTHER_BASES) == (unit != "VND"):
                return hit[0].strip()
    if unit in _TOKEN and (found := _TOKEN[unit].search(text)):
        return found[0].strip(" /()")
    if unit in _PIECE:
        for piece in map(str.strip, _PARTS.split(text)[0 if not heading else 1 :]):
            if _PIECE[unit].fullmatch(piece):
                return piece
    return ""


def _multiples(text: str, *, heading: bool) -> Iterator[re.Match[str]]:
    for hit in _MULTIPLE.finditer(text):
        word = hit["word"]
        if word is None:
            # 1.000 in a group of headings or a title is one of its numbers, unless it is all that is said.
            if heading or hit["unit"] or fold(hit[0]) == fold(text):
                yield hit
            continue
        if not heading and _AMOUNT.search(text[: hit.start()]):
            continue
        rest = text[hit.end() :]
        ends = not rest or re.match(r"\s*(?:$|[^\w\s]|việt\s+nam|viet\s+nam)", rest, re.IGNORECASE)
        alone = ends and re.search(r"(?:^|[^\w\s]|\b(?:tính|bằng|theo|vị|đvt|dvt))\s*$", text[: hit.start()])
        no_name = ends or (word.islower() and not word.isascii())  # "Triệu Sơn" is one
        if hit["base"] or alone or (word.lower() not in _SHORT and no_name):
            yield hit


def stated_above(unit: str, texts: Sequence[str]) -> str:
    """Return the other unit that a line such as "Đơn vị tính: triệu đồng" states, or "".

    Parameters
    ----------
    unit
        The columns' own.
    texts
        Filled cells of one row.
    """
    for place, text in enumerate(texts):
        for said in _statements(text, texts[place + 1 : place + 2]):
            if found := other_unit(unit, said, heading=False):
                return found
    return ""


def _statements(text: str, following: Sequence[str]) -> Iterator[str]:
    """Yield what a cell says of units: after a label, or as all that it says."""
    labels = list(_LABEL.finditer(text))
    for label in labels:
        said = _ENDS.split(text[label.end() :])[0]
        yield said if said.strip(" .:()") else " ".join(following)
    if labels:
        return
    if loose := _LOOSE_LABEL.match(text):
        said = text[loose.end() :] or " ".join(following)
        yield from (piece for piece in _PARTS.split(said) if _is_unit(piece))
    elif len(text.split()) <= _MOST_WORDS and all(
        _is_unit(piece) for piece in _PARTS.split(text) if piece.strip(" .")
    ):
        yield text


@lru_cache(maxsize=4096)
def _is_unit(text: str) -> bool:
    """Tell whether a text is the name of a unit, ours or another, and nothing else."""
    text = _plain(text).strip(" .*()[]")
    if fold(text) in _SIMPLE:
        return True
    hit = _MULTIPLE.fullmatch(text)
    if hit is not None:
        return True
    return any(
        _PIECE[unit].fullmatch(text) or _TOKEN.get(unit, _PIECE[unit]).fullmatch(text) for unit in _PIECE
    )


_SIMPLE = frozenset().union(*_OWN.values()) - {""} | {
    "cai",
    "chiec",
    "bo",
    "nguoi",
    "nam",
    "phut",
    "do",
    "thang",
    "usd",
}


def is_row_of_units(texts: Sequence[str], units: Sequence[str]) -> bool:
    """Tell whether a row below the headings holds their units: "(triệu đồng)", "m2".

    Parameters
    ----------
    texts
        Cells of the row.
    units
        Unit of each column; "" for columns without.
    """
    told = False
    for text, unit in zip(texts, units, strict=True):
        if not text.strip(" .-_*"):
            continue
        bracketed = text.startswith(("(", "[")) and text.endswith((")", "]"))
        if text == "%" or (not text.strip("()[] ").replace(".", "").isdigit() and _is_unit(text)):
            told = told or bool(unit)
        elif unit or not bracketed:
            return False
    return told


def foreign_part(unit: str, parts: Sequence[str]) -> str:
    """Return what a heading says after "/" where it is not the column's own unit, or ""."""
    own = _OWN.get(unit)
    if own is None:
        return ""
    return next((part for part in parts if fold(part) not in own), "")
