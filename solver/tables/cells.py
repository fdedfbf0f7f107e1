"""One cell to its value, or to what is wrong with it. What can be read in two ways is refused."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from pandas import NA

from solver.tables.columns import MAX_ID_LENGTH
from solver.tables.kinds import CHOICES, KINDS, OTHER, kinds_elsewhere, lookup, other_kind
from solver.tables.names import clean, closest, fold

if TYPE_CHECKING:
    from collections.abc import Callable

    from solver.tables.columns import Column
    from solver.tables.kinds import Choice

LATITUDE_LIMIT, LONGITUDE_LIMIT = 90, 180
#: Digits after the point, and in all, where a column sets no limit: so many are kept and checked exactly.
_PLACES, _DIGITS = 24, 28

_NUMBER = re.compile(r"[+-]?(\d+)(?:([.,])(\d*))?")
_ONE_GROUP = re.compile(r"[+-]?[1-9]\d{0,2}[.,]\d{3}")
_GROUPS = re.compile(r"[+-]?[1-9]\d{0,2}(?:(?:\.\d{3}){2,}|(?:,\d{3}){2,}|(?:[ \u00a0\u202f]\d{3})+)")
_SCIENTIFIC = re.compile(r"[+-]?\d+(?:[.,]\d*)?[eE][+-]?\d+")
_NOT_FINITE = re.compile(r"[+-]?(?:nan|inf|infinity|∞)", re.IGNORECASE)
_ISO_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]00:00(?::00(?:\.0+)?)?)?")
_LOCAL_DATE = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
# Invisible characters make two ids that look alike differ.
_INVISIBLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a cell: an issue's code and words; ``value`` is kept in spite of it."""

    code: str
    params: dict[str, str] = field(default_factory=dict)
    value: Any = None


def cell_text(value: object) -> str:
    """Return a cell of a frame as the text that a file would hold; "" for None, NaN, NaT and NA.

    Integral floats keep ``.0``: codes that lost their zeros must stay visible.
    """
    if isinstance(value, str):
        return clean(value)
    if value is None or value is NA or value != value:  # true for NaN only
        return ""
    if isinstance(value, Decimal):
        return format(value, "f") if value.is_finite() else str(value)
    if isinstance(value, dt.datetime) and value.time() == dt.time.min:
        return value.date().isoformat()
    if isinstance(value, (dt.datetime, dt.date)):
        return value.isoformat()
    return clean(str(value))


def parse_decimal(text: str, column: Column) -> Decimal | Fault:
    """Return an exact decimal; a comma is a decimal point unless it may be a thousands separator."""
    if column.unit == "%":
        text = text.removesuffix("%").rstrip()
    match = _NUMBER.fullmatch(text)
    if match is None:
        return _no_number(text)
    # 1,125 may be 1125; 1.125 too where so many digits after a point make no sense.
    grouped = _ONE_GROUP.fullmatch(text) is not None
    if grouped and column.type != "degree" and (match[2] == "," or column.places is not None):
        return Fault("number_grouped", {"plain": text.replace(match[2], "")})
    value = Decimal(text.replace(",", "."))
    if value < column.low:
        low_fault = "negative" if column.low == 0 else "out_of_range"
        return Fault(low_fault, _range(column))
    if value > column.high:
        return Fault("out_of_range", _range(column))
    places = min(_PLACES, _DIGITS - len(match[1].lstrip("0"))) if column.places is None else column.places
    if column.type == "decimal" and len((match[3] or "").rstrip("0")) > places:
        return Fault("too_many_decimals", {"places": str(places)})
    return _trimmed(value)


def parse_integer(text: str, column: Column) -> int | Fault:
    """Return an integer; 1.234.567 is read, 1.234 is refused (it may be 1 or 1234)."""
    if _GROUPS.fullmatch(text):
        text = re.sub(r"[.,\s]", "", text)
    match = _NUMBER.fullmatch(text)
    if match is None:
        return _no_number(text)
    if _ONE_GROUP.fullmatch(text) and column.type != "year":
        return Fault("number_grouped", {"plain": re.sub("[.,]", "", text)})
    value = Decimal(text.replace(",", "."))
    if value < 0:
        return Fault("negative", _range(column))
    if (match[3] or "").strip("0"):
        return Fault("not_whole")
    if not column.low <= value <= column.high:
        return Fault("out_of_range", _range(column))
    return int(value)


def parse_degree(text: str, column: Column) -> float | Fault:
    """Return degrees."""
    value = parse_decimal(text, column)
    if not isinstance(value, Fault):
        return float(value)
    degrees = float(text.replace(",", ".")) if value.code == "out_of_range" else 0.0
    return Fault("lat_lon_swapped") if column.high == LATITUDE_LIMIT < degrees <= LONGITUDE_LIMIT else value


def parse_date(text: str, _column: Column) -> dt.date | Fault:
    """Return a day, from 2025-08-15 or 15/08/2025."""
    if match := _ISO_DATE.fullmatch(text):
        year, month, day = (int(part) for part in match.groups())
    elif match := _LOCAL_DATE.fullmatch(text):
        day, month, year = (int(part) for part in match.groups())
    else:
        return Fault("not_a_date")
    if not 1900 <= year <= 2200:
        return Fault("not_a_date")
    try:
        return dt.date(year, month, day)
    except ValueError:
        return Fault("not_a_date")


def parse_id(text: str, _column: Column) -> str | Fault:
    """Return an identifier or code."""
    if len(text) > MAX_ID_LENGTH:
        return Fault("id_too_long", {"limit": str(MAX_ID_LENGTH)}, text)
    if _INVISIBLE.search(text):
        return Fault("control_character", value=text)
    return text


def parse_text(text: str, _column: Column) -> str | Fault:
    """Return free text as it stands."""
    return text


def _allowed(choices: tuple[Choice, ...]) -> dict[str, str]:
    """Return what a closed list allows: codes in English, labels in Vietnamese."""
    return {
        "allowed_en": ", ".join(choice.code for choice in choices),
        "allowed_vi": "; ".join(choice.vi for choice in choices),
    }


def parse_choice(text: str, column: Column) -> str | Fault:
    """Return the code of a closed list."""
    choices = CHOICES[column.name]
    code = lookup(choices).get(fold(text))
    if code is not None:
        return code
    labels = [name for choice in choices for name in (choice.code, choice.vi, *choice.aliases)]
    near = closest(text, labels)
    return Fault(
        "choice_unknown",
        {"closest": near, **_allowed(choices)},
    )


def parse_kind(text: str, category: str) -> str | Fault:
    """Return the code of a kind of ``category``, or ``other:<text>`` with a warning."""
    if text.startswith(OTHER):
        return other_kind(text)
    kinds = KINDS.get(category)
    if kinds is None:  # the category is wrong, which is reported there
        return other_kind(text)
    code = lookup(kinds).get(fold(text))
    if code is not None:
        return code
    elsewhere = kinds_elsewhere(category).get(fold(text))
    if elsewhere is not None:
        return Fault("kind_other_category", {"category": category, "other": elsewhere})
    kept = other_kind(text)
    if kept == OTHER:
        return Fault("choice_unknown", {"closest": "", **_allowed(kinds)})
    labels = [name for kind in kinds for name in (kind.code, kind.vi, *kind.aliases)]
    return Fault("kind_unknown", {"closest": closest(text, labels), "kept": kept}, kept)


def parse_kinds(text: str, category: str) -> str | Fault:
    """Return kinds joined by ``|``, without repetition, in the order given; the first fault counts."""
    fault: Fault | None = None
    kept: dict[str, None] = {}
    for part in text.split("|"):
        word = part.strip()
        found = parse_kind(word, category) if word else None
        if isinstance(found, Fault):
            fault = fault if fault is not None and fault.value is None else found
            found = found.value
        if found is not None:
            kept[found] = None
    joined = "|".join(kept)
    if fault is None:
        return joined
    return Fault(fault.code, fault.params, joined if fault.value is not None else None)


def _trimmed(value: Decimal) -> Decimal:
    whole = value.to_integral_value()
    return whole.quantize(Decimal(1)) if value == whole else value.normalize()


def _range(column: Column) -> dict[str, str]:
    return {"low": str(column.low), "high": str(column.high), "unit": column.unit}


def _no_number(text: str) -> Fault:
    if _NOT_FINITE.fullmatch(text):
        return Fault("not_finite")
    if _SCIENTIFIC.fullmatch(text):
        return Fault("number_scientific")
    if _GROUPS.fullmatch(text):
        return Fault("number_grouped", {"plain": re.sub(r"[.,\s]", "", text)})
    return Fault("not_a_number")


PARSERS: dict[str, Callable[[str, Column], Any]] = {
    "id": parse_id,
    "code": parse_id,
    "text": parse_text,
    "choice": parse_choice,
    "count": parse_integer,
    "money": parse_integer,
    "year": parse_integer,
    "decimal": parse_decimal,
    "degree": parse_degree,
    "date": parse_date,
}
