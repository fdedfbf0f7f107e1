"""Exact numbers and plain files: no binary fraction, nothing guessed, nothing skipped."""

from __future__ import annotations

import csv
import io
import json
import re
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

Value = TypeVar("Value")
Row = dict[str, str]

HEADINGS: Final = {  # of the plan's tables exactly, of the inputs' at least
    "transfers.csv": "asset_id need_id units area_m2 distance_km cost_vnd transport_vnd handover_vnd "
    "repair_vnd change_of_use_vnd build_vnd renewal_vnd travel_vnd surcharge_vnd spend_vnd from_commune_code "
    "to_commune_code cross_province recipient official_id form authority until state rank "
    "alternative_asset_id alternative_extra_vnd",
    "shortfalls.csv": "need_id units price_vnd reason detail",
    "releases.csv": "asset_id units disposition value_vnd reason",
    "limits.csv": "limit unit used bound slack worth_step worth_vnd worth_least_vnd worth_most_vnd",
    "changes.csv": "asset_id need_id units_before units_after reason group saves_vnd",
    "assets.csv": "asset_id category kind commune_code lat lon status units area_m2 condition_pct year "
    "legal_status available_from available_until repair_vnd release_value_vnd official_id attached_to "
    "holder_level source leg_m",
    "needs.csv": "need_id category kinds purpose recipient commune_code lat lon units area_m2 "
    "min_condition_pct priority price_vnd reach_km deadline until source leg_m",
    "baseline.csv": "asset_id need_id units state to_commune_code recipient",
    "communes.csv": "commune_code name province_code province_name lat lon island",
    "authorities.csv": "province_code holder_level category cross_province authority_vi",
    "metres_pairs.csv": "asset_id need_id metres",
    "matches.csv": "asset_id need_id cost_vnd load spend_vnd distance_km",
}


class UnreadableError(Exception):
    """Something without which the rest cannot be checked is missing or damaged."""


@lru_cache(maxsize=1 << 16)  # tables repeat their numbers
def number(text: str) -> Fraction | None:
    """Read a plain decimal; None for anything else (NaN, infinity, exponents, a thousand digits)."""
    return Fraction(text) if re.fullmatch(r"-?[0-9]{1,24}(\.[0-9]{1,24})?", text) else None


def non_negative(value: object, name: str) -> Fraction | None:
    """Read a number of a cell or of the scenario that may not be negative, None when empty."""
    if value is None or value == "":
        return None
    found = None if isinstance(value, bool) else number(str(value))
    if found is None or found.numerator < 0:
        raise ValueError(f"{name} is {value!r:.60}")
    return found


def whole(row: Row, column: str, default: int = 0) -> int:
    """Read a whole number that may not be negative; an empty cell is the default."""
    text = row[column]
    if text.isascii() and text.isdigit() and len(text) <= 24:
        return int(text)
    value = non_negative(text, column)
    if value is None:
        return default
    if value.denominator != 1:
        raise ValueError(f"{column} is {row[column]!r:.60}")
    return value.numerator


def half_up(value: Fraction) -> int:
    """Round to an integer, halves up."""
    return (2 * value.numerator + value.denominator) // (2 * value.denominator)


def product(one: Fraction, other: Fraction) -> int:
    """Multiply, and round to an integer, halves up."""
    whole_part, of = one.numerator * other.numerator, one.denominator * other.denominator
    return (2 * whole_part + of) // (2 * of)


def plain(value: Fraction) -> str:
    """Write a decimal without trailing zeros, exactly."""
    whole_part, rest = divmod(value.numerator * 10**48 // value.denominator, 10**48)
    return f"{whole_part}.{rest:048d}".rstrip("0").removesuffix(".")


def keyed(table: Mapping[str, Value], category: str, *names: str) -> Value | None:
    """Value of the most specific key: that of the first name that has one, else the category's."""
    keys = (key for name in names if name and (key := f"{category}/{name}") in table)
    return table.get(next(keys, category))


def read_bytes(path: Path) -> bytes:
    """Read a file whole."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise UnreadableError(f"{path.name}: {error.strerror or type(error).__name__}") from error


def read_lines(path: Path) -> Iterator[bytes]:
    """Read a file line by line."""
    try:
        with path.open("rb") as file:
            for line in file:
                yield line.rstrip(b"\r\n")
    except OSError as error:
        raise UnreadableError(f"{path.name}: {error.strerror or type(error).__name__}") from error


def read_text(path: Path) -> str:
    """Read UTF-8."""
    try:
        return read_bytes(path).decode("utf-8")
    except UnicodeDecodeError as error:
        raise UnreadableError(f"{path.name}: no UTF-8 text") from error


def parse_json(text: str, name: str) -> dict[str, Any]:
    """Read a JSON object with exact decimals, each key once."""

    def exact(digits: str) -> Decimal:
        if number(digits) is None:
            raise ValueError(f"number {digits:.40}")
        return Decimal(digits)

    def integer(digits: str) -> int:
        if len(digits.lstrip("-")) > 24:
            raise ValueError(f"number {digits:.40}")
        return int(digits)

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len(dict(pairs)) < len(pairs):
            raise ValueError("a key stands twice")
        return dict(pairs)

    try:
        value = json.loads(
            text, object_pairs_hook=unique, parse_float=exact, parse_int=integer, parse_constant=exact
        )
    except (ValueError, RecursionError) as error:
        raise UnreadableError(f"{name}: {error}") from error
    if not isinstance(value, dict):
        raise UnreadableError(f"{name}: no JSON object")
    return value


def read_json(path: Path) -> dict[str, Any]:
    """Read a JSON object."""
    return parse_json(read_text(path), path.name)


def read_table(path: Path, *, exactly: bool = False) -> list[Row]:
    """Read a CSV file with the headings of `HEADINGS`; `exactly` those, or more."""
    try:
        head, *rows = list(csv.reader(io.StringIO(read_text(path), newline=""), strict=True)) or [[]]
    except csv.Error as error:
        raise UnreadableError(f"{path.name}: {error}") from error
    want = HEADINGS[path.name].split()
    if not set(want) <= set(head) or (exactly and head != want):
        raise UnreadableError(f"{path.name}: its headings are not those of docs/plan-folder.md")
    if len(set(head)) < len(head) or any(len(row) != len(head) for row in rows):
        raise UnreadableError(f"{path.name}: a heading twice, or rows of unequal length")
    cells = itemgetter(*(head.index(name) for name in want))
    return [dict(zip(want, cells(row), strict=True)) for row in rows]
