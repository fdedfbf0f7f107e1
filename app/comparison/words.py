"""What a comparison is said with: figures, changes, reasons and limits as words."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from app.comparison.figures import LEVEL
from app.comparison.variant import NO_ROW
from app.console import visible
from app.export.words import kinds_in_words
from app.texts import number, percent, say
from solver.explanation.row_words import row_words
from solver.tables.kinds import PURPOSES, label

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.comparison.figures import Value
    from app.settings import Lang


def figure_label(name: str, lang: Lang) -> str:
    """Return the name of a key figure in words."""
    if name.startswith(LEVEL):
        kind, _, key = name.removeprefix(LEVEL).partition("|")
        named = _key_words(key, lang) if kind == "max_min" else key
        return say(lang, f"compare.level.{kind}", default=name, name=named)
    group, _, rest = name.partition(".")
    if group in ("category", "priority"):
        key, _, figure = rest.rpartition(".")
        named = say(lang, f"category.{key}", default=key) if group == "category" else key
        return say(lang, f"compare.{group}", name=named, figure=say(lang, f"summary.{figure}"))
    return say(lang, f"compare.figures.{name}", default=name)


def shown(name: str, value: Value, lang: Lang, *, signed: bool = False) -> str:
    """Return the value of a key figure: shares in percent, kilometres with one digit; "-" for none."""
    if value is None:
        return "-"
    if name == "gap":
        text = percent(lang, Decimal(value), 4)  # type: ignore[arg-type]  # a gap is a decimal
    elif isinstance(value, Fraction):
        text = share(value, lang)
    else:
        text = number(lang, value, 1 if isinstance(value, Decimal) else 0)
    return f"+{text}" if signed and value > 0 else text


def share(value: Fraction | None, lang: Lang, *, signed: bool = False) -> str:
    """Return a share in percent with one digit; "-" for none."""
    if value is None:
        return "-"
    text = percent(lang, Decimal(value.numerator) / value.denominator)
    return f"+{text}" if signed and value > 0 else text


def amount(value: int | None, lang: Lang, *, signed: bool = False) -> str:
    """Return a whole number, with its sign where it is a change; "-" for none."""
    if value is None:
        return "-"
    return f"+{number(lang, value)}" if signed and value > 0 else number(lang, value)


def change_label(line: Mapping[str, Any], lang: Lang) -> str:
    """Return the change of a line in words; of other terms which they are."""
    columns = ", ".join(
        say(lang, f"column.{name}", default=name).partition(" (")[0].lower()
        for name in line.get("columns", ())
    )
    return say(lang, f"compare.change.{line['change']}", columns=columns)


def reason(line: Mapping[str, Any], when: str, lang: Lang) -> str:
    """Return why a need lacks units, or an asset is unused, `when` (before, after); "" where nobody says."""
    code = line[f"reason_{when}"]
    if code == NO_ROW:
        return say(lang, "compare.no_row")
    prefix = "release_reason" if line["subject"] == "asset" else "reason"
    return say(lang, f"{prefix}.{code}", default=code) if code else ""


def place(code: str, name: str) -> str:
    """Return a province by code and name; "-" for none."""
    return visible(" ".join(filter(None, [code, name if name != code else ""]))) or "-"


def limit_label(identifier: str, names: Mapping[str, str], lang: Lang) -> str:
    """Return a limit of ``limits.csv`` in words.

    Parameters
    ----------
    identifier
        As in docs/limits.md: ``budget|province|01``.
    names
        Name by province code.
    lang
        Language.
    """
    text = row_words(identifier, lang, names)
    return visible(text[:1].upper() + text[1:])


def _key_words(key: str, lang: Lang) -> str:
    """Return ``category`` or ``category/kind`` (of premises: a purpose, or a kind) in words."""
    category, _, kind = key.partition("/")
    head = say(lang, f"category.{category}", default=category)
    if not kind:
        return head
    purpose = label(PURPOSES, kind, lang)
    return f"{head} ({purpose if purpose != kind else kinds_in_words(kind, lang)})"
