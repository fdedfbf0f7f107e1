"""The tables of norms and of authorities: ours, and a planner's over ours."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from geodata.code_issues import Issues
from geodata.register import read

if TYPE_CHECKING:
    import datetime as dt

FOLDER = Path(__file__).parent
NORM_COLUMNS = ("key", "value", "unit", "source", "assumption")

# Posts are dealt one by one, so their number is kept in bounds.
_MOST = {"VND": 10**15, "posts": 10**4}
_MOST_OTHERS = 10**9
_DECIMAL = re.compile(r"\d{1,16}(?:[.,]\d{1,6})?")
_GROUPED = re.compile(r"\d{1,3}(?:\.\d{3}){2,}|\d{1,3}(?:,\d{3}){2,}")
#: 1.500 may be one and a half or fifteen hundred.
_TWO_WAYS = re.compile(r"[1-9]\d{0,2}[.,]\d{3}")
_WHOLE = frozenset({"posts", "cars", "years", "VND"})
_ITEM = {
    "kinds": re.compile(r"[a-z][a-z_]*"),
    "province codes": re.compile(r"\d{2}"),
    "commune codes": re.compile(r"\d{5}"),
}
_NOTHING = "-"
_FORMS = {
    "kinds": ("kinds joined by |", "các chủng loại nối bằng dấu |"),
    "province codes": ("two-digit codes joined by |, or -", "các mã hai chữ số nối bằng dấu |, hoặc -"),
    "commune codes": ("five-digit codes joined by |, or -", "các mã năm chữ số nối bằng dấu |, hoặc -"),
    "whole": ("a whole number, 0 or more", "số nguyên không âm"),
    "decimal": ("a number, 0 or more", "số không âm"),
    "percentage": ("a percentage: 0, or above 1, such as 60", "tỷ lệ phần trăm: 0 hoặc trên 1, ví dụ 60"),
}


@dataclass(frozen=True)
class GivenNorms:
    """What :func:`read_norms` returns.

    Attributes
    ----------
    norms
        `key, value, unit, source, assumption`: every key of the defaults, with the given values over theirs.
    issues
        One row per issue, with the columns of the issues of :func:`geodata.read_codes`.
    """

    norms: pd.DataFrame
    issues: pd.DataFrame


@dataclass(frozen=True)
class Norms:
    """The values of a table of norms, by key."""

    values: dict[str, str]

    def number(self, key: str) -> Decimal:
        """Return a decimal value, exactly."""
        return Decimal(_plain(self.values[key]))

    def count(self, key: str) -> int:
        """Return a whole value."""
        return int(self.number(key))

    def items(self, key: str) -> tuple[str, ...]:
        """Return the kinds or codes of a list, in its order."""
        text = self.values[key]
        return () if text == _NOTHING else tuple(item.strip() for item in text.split("|"))


def norms() -> pd.DataFrame:
    """Return the default norms.

    Returns
    -------
    pandas.DataFrame
        `key`, `value` (text: a number, or kinds or codes joined by |), `unit`, `source`, `assumption`
        (bool: an assumption rather than a published norm).
    """
    frame = _read("norms").copy()
    frame["assumption"] = frame["assumption"] == "true"
    return frame


def authorities(date: dt.date | None = None) -> pd.DataFrame:
    """Return who decides a transfer.

    Parameters
    ----------
    date
        The day whose cities count; default 1 July 2025, the first day of the register.

    Returns
    -------
    pandas.DataFrame
        Texts: `province_code` (of the giving side), `holder_level` (central | province | commune),
        `category`, `cross_province` (true | false); empty = any; `authority_vi`, `authority_en` (may hold
        {province} and {commune} of the giving side), `source`.

    Raises
    ------
    ValueError
        For a day before 1 July 2025.
    """
    provinces = read.provinces(date)
    cities = provinces.loc[provinces["kind"] == "thành phố", "province_code"]
    frame = _read("authorities")
    return frame[frame["province_code"].isin(["", *cities])].reset_index(drop=True)


def read_norms(frame: pd.DataFrame | None) -> GivenNorms:
    """Put a planner's norms over the defaults, key by key.

    Parameters
    ----------
    frame
        `key`, `value`, and optionally `unit` (shown only), `source`, `assumption` and `row` (of the
        spreadsheet); None for the defaults alone.

    Returns
    -------
    GivenNorms
        Unknown and repeated keys and values that are none are issues; their rows are left out.
    """
    merged = norms().set_index("key")
    issues, seen = Issues(), dict[str, int]()
    if frame is not None:
        count = len(frame)
        rows = frame["row"].tolist() if "row" in frame else list(range(2, count + 2))
        columns = [
            _texts(frame[name]) if name in frame else [""] * count for name in ("key", "value", "source")
        ]
        marks = _texts(frame["assumption"]) if "assumption" in frame else [""] * count
        for row, key, value, source, mark in zip(rows, *columns, marks, strict=True):
            if key in seen:
                issues.add("norm_twice", "norms", int(row), "key", key, first=str(seen[key]))
            elif key not in merged.index:
                issues.add("norm_unknown", "norms", int(row), "key", key)
            elif (form := _wanted_form(value, str(merged.loc[key, "unit"]))) is not None:
                words = {"key": key, "form_en": _FORMS[form][0], "form_vi": _FORMS[form][1]}
                issues.add("norm_value", "norms", int(row), "value", value, **words)
            else:
                merged.loc[key, ["value", "source"]] = [_plain(value), source]
                merged.loc[key, "assumption"] = mark.casefold() == "true"
            seen.setdefault(key, int(row))
    return GivenNorms(merged.reset_index()[list(NORM_COLUMNS)], issues.frame())


def as_norms(frame: pd.DataFrame | None) -> Norms:
    """Return the values of a planner's norms over the defaults.

    Raises
    ------
    ValueError
        Naming everything that is wrong with them.
    """
    given = read_norms(frame)
    if len(given.issues):
        said = [
            f"row {row}: {text}"
            for row, text in zip(given.issues["row"], given.issues["message_en"], strict=True)
        ]
        raise ValueError("norms: " + "; ".join(said))
    table = given.norms
    return Norms(dict(zip(table["key"], table["value"], strict=True)))


def _wanted_form(value: str, unit: str) -> str | None:
    """Return the form that a value should have, or None when it has it."""
    if unit in _ITEM:
        items = [item.strip() for item in value.split("|")]
        fine = all(_ITEM[unit].fullmatch(item) for item in items)
        return None if fine or (value == _NOTHING and unit != "kinds") else unit
    form = "whole" if unit in _WHOLE else "percentage" if unit == "%" else "decimal"
    text = _unspaced(value)
    if unit == "%":
        text = text.removesuffix("%")
    if _TWO_WAYS.fullmatch(text) or not (_DECIMAL.fullmatch(text) or _GROUPED.fullmatch(text)):
        return form
    number = Decimal(_plain(text))
    if unit == "%" and text == _unspaced(value) and 0 < number <= 1:  # 60 % is often stored as 0.6
        return form
    if number > _MOST.get(unit, _MOST_OTHERS) or (form == "whole" and number != int(number)):
        return form
    return None


def _plain(value: str) -> str:
    """Return a number without separators of thousands and with a decimal point; a list as it stands."""
    text = _unspaced(value)
    number = text.removesuffix("%")
    if _GROUPED.fullmatch(number):
        return number.replace(".", "").replace(",", "")
    return number.replace(",", ".") if _DECIMAL.fullmatch(number) else value


def _unspaced(value: str) -> str:
    return value.replace(" ", "").replace("\u00a0", "")


def _texts(column: pd.Series[Any]) -> list[str]:
    return ["" if pd.isna(cell) else str(cell).strip() for cell in column.tolist()]


@cache
def _read(stem: str) -> pd.DataFrame:
    return pd.read_csv(FOLDER / f"{stem}.csv", dtype="str", keep_default_na=False)
