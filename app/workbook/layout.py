"""The data sheets of the template: which columns, in which order, with which headings, notes and checks."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

from app.texts import number, say
from app.workbook.lists import KINDS_LIST, PROVINCES_LIST, list_name
from solver.tables.columns import MAX_MONEY, by_name
from solver.tables.kinds import CHOICES, label

if TYPE_CHECKING:
    from app.settings import Lang
    from solver.tables.columns import Column

#: Tables that have a data sheet, with the columns that most clerks fill in; the others follow, folded away.
SHEETS: dict[str, tuple[str, ...]] = {
    "assets": (
        *("asset_id", "name", "category", "kind", "province_name", "commune_name", "commune_code", "address"),
        *("holder", "holder_level", "status", "units", "area_m2", "land_area_m2", "condition_pct", "year"),
        *("legal_status", "official_id", "book_value_vnd", "residual_value_vnd", "note"),
    ),
    "needs": (
        *("need_id", "category", "kinds", "purpose", "recipient"),
        *("province_name", "commune_name", "commune_code"),
        *("units", "area_m2", "priority", "deadline", "note"),
    ),
    "communes": (
        *("province_name", "province_code", "name", "commune_code"),
        *("staff_leaders", "staff_heads", "staff_specialists"),
    ),
}
_TEXTS = frozenset({"id", "code", "text", "choice", "kind", "kinds"})
_WIDE = {"name": 34, "address": 34, "holder": 30, "recipient": 28, "note": 34, "kinds": 26, "kind": 20}
_FORMATS = {"money": "#,##0", "count": "#,##0", "date": "dd/mm/yyyy", "year": "0", "degree": "0.000000"}
_UPPER = {"id": "ID", "vnd": "VND", "m2": "(m2)", "km2": "(km2)", "km": "(km)"}
_FIRST_DAY, _LAST_DAY = datetime.date(1900, 1, 1), datetime.date(2200, 12, 31)


def shown(table: str) -> tuple[list[Column], list[Column]]:
    """Return the columns of a data sheet: those in sight, and those folded away at the right."""
    known = by_name(table)
    first = [known[name] for name in SHEETS[table]]
    rest = [column for column in known.values() if not column.derived and column not in first]
    return first, rest


def heading(column: Column, lang: Lang) -> str:
    """Return the heading in the language, with a star where every row must be filled."""
    words = column.name.split("_")
    english = " ".join([words[0].capitalize(), *(_UPPER.get(word, word) for word in words[1:])])
    return (column.vi if lang == "vi" else english) + (" *" if column.required else "")


def note(column: Column, lang: Lang) -> str:
    """Return what a person must know to fill in a column: meaning, unit, what an empty cell means."""
    vietnamese = lang == "vi"
    lines = [(column.meaning_vi if vietnamese else column.meaning) + "."]
    if column.type in ("choice", "kind", "kinds"):
        key = "choose" if column.type == "choice" else f"choose_{column.type}"
        lines.append(say(lang, f"template.{key}"))
    if column.unit:
        unit = say(lang, f"template_unit.{column.unit}", default=column.unit)
        lines.append(say(lang, "template.unit", unit=unit))
    empty = column.when_empty_vi if vietnamese else column.when_empty
    if column.default:
        empty = label(CHOICES.get(column.name, ()), column.default, lang)
    if column.required:
        lines.append(say(lang, "template.required"))
    elif empty:
        lines.append(say(lang, "template.empty", meaning=empty))
    return "\n".join(lines)


def width(column: Column) -> float:
    """Return the width of a column in characters."""
    return _WIDE.get(column.name, 16 if column.type in _TEXTS or column.type == "money" else 13)


def number_format(column: Column) -> str:
    """Return the number format of a column's cells; ``@`` is text, which keeps leading zeros."""
    if column.type in _TEXTS:
        return "@"
    if column.type == "decimal":
        return "#,##0.00" if column.unit in ("m2", "km2") else "General"
    return _FORMATS[column.type]


def validation(column: Column, lang: Lang) -> dict[str, Any] | None:
    """Return the check of a column's cells as xlsxwriter takes it, or None where anything may be typed."""
    if column.type == "choice":
        return _drop_down(column.name, "stop", "wrong_choice", lang)
    if column.type == "kind":
        return _drop_down(KINDS_LIST, "warning", "unlisted", lang)
    if column.type == "kinds":  # several may be joined, which no list allows: only a help to type one
        return _drop_down(KINDS_LIST, "information", "unlisted", lang) | {"show_error": False}
    if column.name == "province_name":  # names of old provinces are read too
        return _drop_down(PROVINCES_LIST, "warning", "unlisted", lang)
    if column.type == "date":
        return {
            "validate": "date",
            "criteria": "between",
            "minimum": _FIRST_DAY,
            "maximum": _LAST_DAY,
            "error_title": heading(column, lang)[:32],
            "error_message": say(lang, "template.wrong_date"),
        }
    if column.type in _TEXTS:
        return None
    whole = column.type in ("count", "money", "year")
    plain = column.type == "year"
    low, high = (str(end) if plain else number(lang, end) for end in (column.low, column.high))
    return {
        "validate": "integer" if whole else "decimal",
        "criteria": "between",
        "minimum": column.low,
        "maximum": min(column.high, MAX_MONEY),
        "error_title": heading(column, lang)[:32],
        "error_message": say(
            lang, "template.wrong_whole" if whole else "template.wrong_number", low=low, high=high
        ),
    }


def _drop_down(key: str, kind: str, message: str, lang: Lang) -> dict[str, Any]:
    sheet = say(lang, "template_sheet.lists")
    return {
        "validate": "list",
        "source": f"={list_name(key)}",
        "error_type": kind,
        "error_title": say(lang, "template.of_list"),
        "error_message": say(lang, f"template.{message}", sheet=sheet),
    }
