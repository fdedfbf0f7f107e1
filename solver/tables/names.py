"""Folding of names: case, spaces, underscores and Vietnamese marks are optional; and "did you mean"."""

from __future__ import annotations

import difflib
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """Return letters and digits of ``text`` only: no marks, no case, ``đ`` as ``d``."""
    plain = unicodedata.normalize("NFKD", text.casefold()).replace("đ", "d")
    return "".join(letter for letter in plain if letter.isalnum())


def clean(text: str) -> str:
    """Return ``text`` as every cell is kept: NFC, without spaces at its ends."""
    return unicodedata.normalize("NFC", text).strip()


#: "Chưa sử dụng" is near "sử dụng" in letters and its contrary in meaning.
_NEGATIONS = frozenset({"chua", "khong", "ko", "not", "no", "un"})


def _negated(text: str) -> bool:
    return not _NEGATIONS.isdisjoint(fold(word) for word in text.replace("_", " ").split())


def closest(text: str, names: Iterable[str]) -> str:
    """Return the name nearest to ``text``, or "" when none is near.

    Parameters
    ----------
    text
        What was given.
    names
        Names to choose from; the answer is one of them, as it stands there.
    """
    by_fold = {fold(name): name for name in names if _negated(name) == _negated(text)}
    found = difflib.get_close_matches(fold(text), by_fold, n=1, cutoff=0.64)
    return by_fold[found[0]] if found else ""
