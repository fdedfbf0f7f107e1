"""The closed lists of the template: labels in the language, each under a name that drop-downs refer to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.texts import say
from solver.tables.kinds import CATEGORIES, CHOICES, KINDS

if TYPE_CHECKING:
    from app.settings import Lang
    from solver.tables.kinds import Choice

#: The lists of choice columns that the template has.
_CHOICES = ("category", "status", "legal_status", "holder_level", "purpose")
KINDS_LIST, PROVINCES_LIST = "kinds", "provinces"


@dataclass(frozen=True)
class ValueList:
    """One column of the sheet of lists.

    Attributes
    ----------
    name
        Name in the workbook that drop-downs refer to; "" where none does.
    title
        Heading.
    values
        Entries from the top.
    """

    name: str
    title: str
    values: tuple[str, ...]


def list_name(key: str) -> str:
    """Return the name in the workbook of the list of a choice column, of the kinds or of the provinces."""
    return f"surplan_{key}"


def value_lists(lang: Lang) -> list[ValueList]:
    """Return every closed list, with the provinces from the register."""
    import geodata

    found = [_list(key, tuple(_label(choice, lang) for choice in CHOICES[key]), lang) for key in _CHOICES]
    kinds = [(category, kind) for category in CATEGORIES for kind in KINDS[category.code]]
    found.append(_list(KINDS_LIST, tuple(_label(kind, lang) for _, kind in kinds), lang))
    owners = tuple(_label(category, lang) for category, _ in kinds)
    found.append(ValueList("", say(lang, "template_list.kinds_of"), owners))
    found.append(_list(PROVINCES_LIST, tuple(str(name) for name in geodata.provinces()["name"]), lang))
    return found


def _list(key: str, values: tuple[str, ...], lang: Lang) -> ValueList:
    return ValueList(list_name(key), say(lang, f"template_list.{key}"), values)


def _label(choice: Choice, lang: Lang) -> str:
    return choice.vi if lang == "vi" else choice.en
