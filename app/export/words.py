"""Codes of the plan tables as words: what the workbook shows where the CSV files hold codes."""

from __future__ import annotations

import json
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from app.texts import catalogue, money, number, say
from solver.explanation.row_words import row_words
from solver.tables.kinds import KINDS, label

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from app.settings import Lang

_LAWFUL_FORMS = {
    "điều chuyển": "transfer",
    "giao": "allot",
    "chuyển đổi công năng": "change_of_use",
    "hoán đổi": "swap",
    "tạm sử dụng": "temporary_use",
}

_FIGURES = ("_vnd", "_km", "_m2")


def word(prefix: str, code: str, lang: Lang) -> str:
    """Return the text ``<prefix>.<code>``; a code without a text stands for itself."""
    return say(lang, f"{prefix}.{_LAWFUL_FORMS.get(code, code)}", default=code)


def kinds_in_words(kinds: str, lang: Lang) -> str:
    """Return the labels of kinds that are separated by ``|``, separated by commas."""
    every = tuple(choice for choices in KINDS.values() for choice in choices)
    return ", ".join(label(every, code, lang) for code in kinds.split("|"))


def detail_in_words(detail: str, places: Mapping[str, str], provinces: Mapping[str, str], lang: Lang) -> str:
    """Return the figures behind a reason as a sentence; a text that is no JSON object stays as it is.

    Parameters
    ----------
    detail
        Cell of shortfalls.csv.
    places
        Name by commune code.
    provinces
        Name by province code.
    lang
        Language of the words.
    """
    try:
        figures = json.loads(detail)
    except (ValueError, RecursionError):
        return detail
    if not isinstance(figures, dict):
        return detail
    parts = []
    for key in _in_order("detail", figures, lang):
        shown = _shown(key, figures[key], provinces if key == "row" else places, lang)
        parts.append(say(lang, f"detail.{key}", default=f"{key}: {{value}}", value=shown))
    return "; ".join(parts)


def _in_order(prefix: str, keys: Iterable[str], lang: Lang) -> list[str]:
    """Sort keys as their texts stand in the catalogue, which for stages is the order of the funnel."""
    place = {key: number for number, key in enumerate(catalogue(lang))}
    return sorted(keys, key=lambda key: place.get(f"{prefix}.{key}", len(place)))


def _shown(key: str, value: object, places: Mapping[str, str], lang: Lang) -> str:
    if isinstance(value, dict):
        stages = _in_order("stage", value, lang)
        return ", ".join(f"{word('stage', stage, lang)} {value[stage]}" for stage in stages)
    if isinstance(value, list):
        return ", ".join(map(str, value)) or say(lang, "summary.none")
    if key == "norm_row":
        return _norm_row(str(value), places, lang)
    if key == "row":
        return row_words(str(value), lang, places)
    try:
        figure = Decimal(str(value)) if key.endswith(_FIGURES) or isinstance(value, int) else None
    except InvalidOperation:
        figure = None
    if figure is None or not figure.is_finite():
        return str(value)
    if key.endswith("_vnd"):
        return money(lang, int(figure))
    return number(lang, figure, max(0, -int(figure.as_tuple().exponent)))


def _norm_row(row: str, places: Mapping[str, str], lang: Lang) -> str:
    """Return ``norm|<commune>|<category or category/kind>`` as the words for kind and commune."""
    _, _, rest = row.partition("|")
    commune, _, key = rest.partition("|")
    category, _, kind = key.partition("/")
    named = kinds_in_words(kind, lang) if kind else word("category", category, lang)
    return f"{named}, {places.get(commune, commune)}"
