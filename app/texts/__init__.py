"""Words and numbers for people, in English and Vietnamese.

``en.toml`` and ``vi.toml``, and for one part of the application ``PART.en.toml`` and ``PART.vi.toml``, hold
the sentences under the same keys (a test compares them); the functions here write numbers as each language
does: 1,234,567 VND and 12.5 %, or 1.234.567 đ and 12,5 %.
"""

from __future__ import annotations

import re
import tomllib
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime
    from collections.abc import Mapping

    from app.settings import Lang

# {name} is a word; {name?one|many} chooses by whether that word is "1".
_PLACE = re.compile(r"{(\w+)(?:\?([^|{}]*)\|([^|{}]*))?}")
_SWAPPED = str.maketrans(",.", ".,")


@cache
def catalogue(lang: Lang) -> dict[str, str]:
    """Return all texts of a language, by dotted key.

    Raises
    ------
    ValueError
        When two files say the same key.
    """
    files = [file for file in resources.files("app.texts").iterdir() if file.name.endswith(f"{lang}.toml")]
    pairs: list[tuple[str, str]] = []
    for file in sorted(files, key=lambda file: (file.name != f"{lang}.toml", file.name)):
        pairs += _flat(tomllib.loads(file.read_text(encoding="utf-8")), "")
    texts = dict(pairs)
    if len(texts) < len(pairs):
        raise ValueError(f"texts of {lang}: a key stands in two files")
    return texts


def say(lang: Lang, key: str, *, default: str | None = None, **words: str) -> str:
    """Return the text of `key` with its ``{words}`` filled in and its ``{count?one|many}`` chosen.

    Raises
    ------
    KeyError
        When the key is unknown and there is no `default`.
    """
    text = catalogue(lang).get(key, default)
    if text is None:
        raise KeyError(key)
    return _PLACE.sub(lambda place: _filled(place, words), text)


def _filled(place: re.Match[str], words: Mapping[str, str]) -> str:
    name, one, many = place.groups()
    if many is None:
        return words.get(name, place[0])
    return str(one if words.get(name) == "1" else many)


def number(lang: Lang, value: float | Decimal, digits: int = 0) -> str:
    """Return `value` with thousands grouped and `digits` digits after the point, rounded half up."""
    step = Decimal(1).scaleb(-digits)
    rounded = Decimal(str(value)).quantize(step, rounding=ROUND_HALF_UP) if digits else Decimal(value)
    if not digits:
        rounded = rounded.to_integral_value(rounding=ROUND_HALF_UP)
    text = f"{rounded + 0:,.{digits}f}"
    return text.translate(_SWAPPED) if lang == "vi" else text


def money(lang: Lang, value: int) -> str:
    """Return an amount of VND."""
    return f"{number(lang, value)} đ" if lang == "vi" else f"{number(lang, value)} VND"


def percent(lang: Lang, share: str | Decimal, digits: int = 1) -> str:
    """Return a share (1 = everything) in percent."""
    return f"{number(lang, Decimal(share) * 100, digits)} %"


def day(lang: Lang, date: datetime.date) -> str:
    """Return a calendar day: dd/mm/yyyy in Vietnamese, ISO in English."""
    return f"{date:%d/%m/%Y}" if lang == "vi" else date.isoformat()


def _flat(node: dict[str, object], prefix: str) -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    for key, value in node.items():
        if isinstance(value, dict):
            pairs += _flat(value, f"{prefix}{key}.")
        else:
            pairs.append((f"{prefix}{key}", str(value)))
    return pairs
