"""The rows of the scenario sheet: every key that is built, its default in words, unit and meaning."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from app.texts import say
from solver.scenario.schema import KEYS
from solver.tables.kinds import CATEGORIES, KINDS, LEGAL_STATUSES, PURPOSES, codes, label

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.settings import Lang
    from solver.scenario.schema import Key, Value

JOINER = "|"
_LISTS = ("choices", "kinds")
_A_PROVINCE = ("01",)
_LABELS = {codes(choices): choices for choices in (PURPOSES, LEGAL_STATUSES)}


@dataclass(frozen=True)
class ScenarioRow:
    """One line of the scenario sheet.

    Attributes
    ----------
    key
        Dotted key; of a keyed table with the name in it, such as ``reach_km.vehicle``.
    type
        Type of the value, as of `solver.scenario.schema.Key`.
    default
        What an empty value means, as it would be typed: a number, or text.
    unit, meaning
        In the language; "" for a bare number.
    choices
        Values allowed, or none.
    """

    key: str
    type: str
    default: str | int | float
    unit: str
    meaning: str
    choices: tuple[str, ...]


def scenario_rows(lang: Lang) -> Iterator[ScenarioRow]:
    """Yield a row for every key that is built, and for keyed tables one for each of `names_of`."""
    for key in KEYS:
        if not key.built:
            continue
        if key.keyed:
            for name in names_of(key):
                yield _row(key, f"{key.name}.{name}", key.default.get(name), lang, _name_in_words(name, lang))
        else:
            yield _row(key, key.name, key.default, lang)


def names_of(key: Key) -> tuple[str, ...]:
    """Return the names of a keyed table that are shown: those with a default, else some to go by."""
    return tuple(key.default) or (_A_PROVINCE if key.keyed == "province" else codes(CATEGORIES))


def _row(key: Key, path: str, default: Value, lang: Lang, name: str = "") -> ScenarioRow:
    if default is not None and key.type in _LISTS:
        default = [_label(key, code, lang) for code in default]
    unit = say(lang, f"template_unit.{key.unit}", default=key.unit)
    meaning = say(lang, f"scenario_key.{key.name}") + (f": {name}" if name else "")
    # The choices of a list may be joined, so a drop-down of single ones would refuse what is right.
    choices = tuple(code for code in key.choices if key.type == "choice")
    return ScenarioRow(path, key.type, as_typed(default, lang), unit, meaning, choices)


def _label(key: Key, code: str, lang: Lang) -> str:
    return label(KINDS["premises"] if key.type == "kinds" else _LABELS.get(key.choices, ()), code, lang)


def _name_in_words(name: str, lang: Lang) -> str:
    """Return a name of a keyed table in words: "premises/housing" is "premises / housing"."""
    if name in codes(PURPOSES):
        return label(PURPOSES, name, lang)
    category, _, below = name.partition("/")
    if category not in KINDS:
        return name
    words = [label(CATEGORIES, category, lang)]
    if below:
        kinds = KINDS[category] if below in codes(KINDS[category]) else PURPOSES
        words.append(label(kinds, below, lang))
    return " / ".join(words)


def as_typed(value: Value, lang: Lang) -> str | int | float:
    """Return a value of the scenario as a person types it into one cell."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return say(lang, "template.yes" if value else "template.no")
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, (list, tuple)):
        return JOINER.join(str(as_typed(member, lang)) for member in value)
    if isinstance(value, datetime.date):
        return value.isoformat()
    return value if isinstance(value, (int, float)) else str(value)
