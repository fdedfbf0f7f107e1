"""Rows of a sheet that are no rows of its table: totals, sections and signatures."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from solver.tables.names import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

_TAIL = r"[\s:.,]*(?:\(.*\)|(?:mục|muc|phần|phan|nhóm|nhom)\b.*|[ivx\d\s+.]+)?"
#: With marks where marks are written: "Công ..." is no total.
_TOTAL = re.compile(rf"(?:tổng cộng|tổng số|tổng|cộng|total|subtotal|grand total){_TAIL}", re.IGNORECASE)
_TOTAL_PLAIN = re.compile(rf"(?:tong cong|tong so|tong|cong){_TAIL}", re.IGNORECASE)
_SIGNATURES = (
    "nguoilap",
    "thutruong",
    "ketoantruong",
    "kyghiro",
    "kyten",
    "noinhan",
    "ghichu",
    "chutich",
    "tmuyban",
    "tmubnd",
)
_FEWEST_COLUMNS = 3


def is_total(texts: Sequence[str]) -> bool:
    """Tell whether the first text of a row is that of a sum: "Tổng cộng", "Cộng (I+II)", "Total"."""
    first = next((text for text in texts if text and not text.replace(".", "").isdigit()), "")
    return bool(_TOTAL.fullmatch(first) or (first.isascii() and _TOTAL_PLAIN.fullmatch(first)))


def is_section(texts: Sequence[str], ordinals: frozenset[int], identifier: int | None) -> bool:
    """Tell whether a row holds one text only, beside its ordinal: "I. Văn phòng Ủy ban nhân dân".

    Parameters
    ----------
    texts
        Cells of the row.
    ordinals
        Places of columns that number the rows.
    identifier
        Place of the identifier: one word alone there is a row that somebody began.
    """
    if len(texts) - len(ordinals) < _FEWEST_COLUMNS:
        return False
    filled = [place for place, text in enumerate(texts) if text and place not in ordinals]
    if not filled:  # "I. Văn phòng ..." in the column of ordinals
        return any(" " in text for text in texts)
    if len(filled) > 1 or _is_number(texts[filled[0]]):
        return False
    return filled[0] != identifier or " " in texts[filled[0]]


def is_signature(texts: Sequence[str]) -> bool:
    """Tell whether a row begins what stands below a table: who made it, who signs."""
    return any(fold(text).startswith(_SIGNATURES) for text in texts if text)


def _is_number(text: str) -> bool:
    return text.replace(".", "").replace(",", "").lstrip("-").isdigit()
