"""A sentence of explanations in both languages."""

from __future__ import annotations

from typing import NamedTuple


class Sentence(NamedTuple):
    """One sentence in both languages."""

    en: str
    vi: str
