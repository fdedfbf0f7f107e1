"""Issues in the words of HTTP: a remedy says what the sender of a request can do.

`solver` and `geodata` word their issues for people with a command line, or with Python. Where one of these
texts means nothing to the sender of a request, the catalogues have another: ``sent_issue.<code>`` for an
issue of the solver's, ``sent_place.<code>`` for one of geodata, which comes with ready texts (some codes are
in both). Whoever lists issues in an answer calls `as_sent` first.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from app.settings import LANGS
from app.texts import catalogue, say

if TYPE_CHECKING:
    from solver import Issue

_PARTS = ("message", "remedy")


def as_sent(found: Issue) -> Issue:
    """Return an issue as it is worded in an answer, in both languages; itself where its words will do."""
    section = "sent_place" if found.texts else "sent_issue"
    parts = _worded(f"{section}.{found.code}")
    if not parts:
        return found
    texts = dict(found.texts)
    for lang in LANGS:
        words = {**found.params, "table": found.table, "column": found.column or "", "value": found.value}
        words |= {"message": found.message(lang), "remedy": found.remedy(lang)}
        texts |= {f"{part}_{lang}": say(lang, f"{section}.{found.code}.{part}", **words) for part in parts}
    return replace(found, texts=texts)


@cache
def _worded(key: str) -> tuple[str, ...]:
    """Return which texts of an issue the catalogues have; both languages have the same."""
    return tuple(part for part in _PARTS if f"{key}.{part}" in catalogue("en"))
