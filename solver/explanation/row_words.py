"""The side rows of docs/limits.md, and the norm rows beside them, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from solver.explanation.words import key_word, say, tidy

if TYPE_CHECKING:
    from collections.abc import Mapping

#: The parts of an id after its name, by its name.
_PARTS = {
    ("budget",): (),
    ("budget", "province"): ("province",),
    ("budget", "category"): ("key",),
    ("cross",): ("key",),
    ("floor", "province"): ("province", "key"),
    ("floor", "priority"): ("priority", "key"),
    ("floor", "country"): ("country", "key"),
    ("norm",): ("commune", "key"),
    ("changes",): (),
}


def row_words(row_id: str, lang: str, provinces: Mapping[str, str]) -> str:
    """Return what a row is called, as a part of a sentence; an id of no known form stands as it is.

    Parameters
    ----------
    row_id
        Such as ``budget|province|40``, ``cross|vehicle/car``, ``floor|priority|1|premises/health``.
    lang
        "en" or "vi".
    provinces
        Name by code; a code without a name stands as it is.
    """
    found = _read(row_id)
    if found is None:
        return tidy(row_id)
    name, parts = found
    words = {part: tidy(value) for part, value in parts.items()}
    if "key" in parts:
        words["key"] = key_word(lang, parts["key"])
    if "province" in parts:
        words["province"] = tidy(provinces.get(parts["province"]) or parts["province"])
    return say(lang, f"row.{name}", **words)


def _read(row_id: str) -> tuple[str, dict[str, str]] | None:
    """Return the name of a row and its parts; a key may hold any letter, and stands last."""
    for name, parts in _PARTS.items():
        cells = row_id.split("|", len(name) + len(parts) - 1)
        if tuple(cells[: len(name)]) == name and len(cells) == len(name) + len(parts):
            values = cells[len(name) :]
            if "|" not in "".join(values[:-1]) and all(values):
                return ".".join(name), dict(zip(parts, values, strict=True))
    return None
