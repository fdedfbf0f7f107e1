"""Words and numbers of explanations: sentences filled in, labels of codes, money and days."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from solver.explanation.catalogue import CATALOGUE
from solver.tables.kinds import CATEGORIES, KINDS, LEGAL_STATUSES, PURPOSES, label

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_PLACE = re.compile(r"{(\w+)(?:\?([^|{}]*)\|([^|{}]*))?}")
_SWAPPED = str.maketrans(",.", ".,")

_FORMS = {text.vi: key for key, text in CATALOGUE.items() if key.startswith("form.")}


def say(lang: str, key: str, /, **words: str) -> str:
    """Return a sentence with its words filled in.

    Raises
    ------
    KeyError
        When the key is unknown.
    """

    def filled(place: re.Match[str]) -> str:
        name, one, many = place.groups()
        return words[name] if many is None else str(one if words[name] == "1" else many)

    return _PLACE.sub(filled, CATALOGUE[key].vi if lang == "vi" else CATALOGUE[key].en)


def number(lang: str, value: int | str) -> str:
    """Write an exact number with its thousands grouped."""
    text = f"{Decimal(value):,f}"
    return text.translate(_SWAPPED) if lang == "vi" else text


def money(lang: str, value: int | str) -> str:
    """Write an amount of VND."""
    return say(lang, "vnd", value=number(lang, value))


def day(lang: str, iso: str) -> str:
    """Write a calendar day: dd/mm/yyyy in Vietnamese, ISO in English."""
    return "/".join(reversed(iso.split("-"))) if lang == "vi" else iso


def tidy(text: str) -> str:
    """Return a cell's text on one line."""
    return " ".join(text.split())


def form_word(lang: str, form: str) -> str:
    """Return the word of a form of handling; one that we do not know stands as it is."""
    return say(lang, _FORMS[form]) if form in _FORMS else tidy(form)


def kind_word(lang: str, category: str, kind: str) -> str:
    """Return the label of a kind, or of its category where there is none."""
    return tidy(label(KINDS.get(category, ()), kind, lang)) if kind else label(CATEGORIES, category, lang)


def key_word(lang: str, key: str) -> str:
    """Return the words of a scenario's key such as ``vehicle/car`` or ``premises/health``."""
    category, _, below = key.partition("/")
    purpose = next((choice for choice in PURPOSES if choice.code == below), None)
    if category == "premises" and purpose is not None:
        return f"{label(CATEGORIES, category, lang)}: {label(PURPOSES, below, lang)}"
    return kind_word(lang, category, below)


def legal_words(lang: str, statuses: Iterable[str]) -> str:
    """Return the labels of legal statuses, joined."""
    return ", ".join(label(LEGAL_STATUSES, status, lang) for status in statuses)


def place_words(lang: str, facts: Mapping[str, str]) -> str:
    """Return commune and province of a row; the code where the register has no name, "" without either."""
    if not facts["commune"]:
        return tidy(facts["commune_code"])
    name, kind = tidy(facts["commune"]), tidy(facts["commune_kind"])
    if kind and not name.casefold().startswith(kind.casefold()):
        name = say(lang, "commune", kind=kind, name=name)
    return say(lang, "place", commune=name, province=tidy(facts["province"]))
