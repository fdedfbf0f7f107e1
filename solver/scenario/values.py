"""One value of a scenario to its exact form, or to issues."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from solver.errors import issue
from solver.scenario.schema import MAX_MIN, PRIORITIES
from solver.tables.cells import Fault, cell_text, parse_date, parse_kind
from solver.tables.columns import ASSETS, MAX_UNITS
from solver.tables.kinds import CATEGORIES, KINDS, LEGAL_STATUSES, PURPOSES, codes, lookup
from solver.tables.names import clean, closest, fold

if TYPE_CHECKING:
    from collections.abc import Callable

    from solver.errors import Issue
    from solver.scenario.schema import Key, Value

MAX_DIGITS = 15
_PLACE = "scenario"
_DATE_COLUMN = next(column for column in ASSETS if column.type == "date")
_LABELS = {codes(PURPOSES): PURPOSES, codes(LEGAL_STATUSES): LEGAL_STATUSES}


def read_value(key: Key, value: Value) -> tuple[Any, list[Issue]]:
    """Return the exact form of the value of ``key``; None and issues where it is wrong."""
    if not key.keyed:
        return _single(key, key.name, value)
    if key.type == "floor" and isinstance(value, str):
        word, wrong = _floor(key, key.name, value)
        return (None, wrong) if wrong else (dict.fromkeys(codes(CATEGORIES), word), [])
    if not isinstance(value, dict):
        return None, [_wrong(key.name, value, "table")]
    found: list[Issue] = []
    table: dict[str, Any] = {}
    for given, member in value.items():
        path = f"{key.name}.{given}"
        name, issues = read_name(key, str(given))
        found += issues
        kept, issues = _single(key, path, member)
        found += issues
        if name is None:
            continue
        if name in table:
            found.append(issue("key_duplicate", _PLACE, column=path))
        table[name] = kept
    return table, found


def _single(key: Key, path: str, value: Value) -> tuple[Any, list[Issue]]:
    return _READERS[key.type](key, path, value)


def read_number(path: str, value: Value, low: int, high: int) -> tuple[int | Decimal | None, list[Issue]]:
    """Return an exact number: an int where it is whole, else a Decimal without trailing zeros."""
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):
        return None, [_wrong(path, value, "number")]
    number = value if isinstance(value, (int, Decimal)) else Decimal(repr(value))
    if isinstance(number, Decimal) and not number.is_finite():
        return None, [issue("not_finite", _PLACE, column=path, value=number)]
    if number < 0:
        return None, [issue("negative", _PLACE, column=path, value=_shown(number))]
    if not low <= number <= high:
        return None, [issue("out_of_range", _PLACE, column=path, value=_shown(number), low=low, high=high)]
    if isinstance(number, int):
        return number, []
    _, digits, exponent = number.as_tuple()
    text = "".join(str(digit) for digit in digits)
    significant = text.strip("0")
    places = -int(exponent) - (len(text) - len(text.rstrip("0")))
    if significant and (len(significant) > MAX_DIGITS or places > MAX_DIGITS):
        return None, [issue("too_many_digits", _PLACE, column=path, value=_shown(number))]
    if not significant:
        return 0, []
    return (int(number), []) if places <= 0 else (number.normalize(), [])


def _number(key: Key, path: str, value: Value) -> tuple[int | Decimal | None, list[Issue]]:
    return read_number(path, value, key.low, key.high)


def _integer(key: Key, path: str, value: Value) -> tuple[int | None, list[Issue]]:
    number, found = read_number(path, value, key.low, key.high)
    if isinstance(number, Decimal):
        return None, [issue("not_whole", _PLACE, column=path, value=number)]
    return number, found


def _floor(key: Key, path: str, value: Value) -> tuple[int | Decimal | str | None, list[Issue]]:
    if not isinstance(value, str):
        return read_number(path, value, key.low, key.high)
    if fold(value) == fold(MAX_MIN):
        return MAX_MIN, []
    return None, [_wrong(path, value, "share")]


def _text(_key: Key, path: str, value: Value) -> tuple[str | None, list[Issue]]:
    if not isinstance(value, str):
        return None, [_wrong(path, value, "text")]
    return _plain(path, value)


def _plain(path: str, value: str) -> tuple[str | None, list[Issue]]:
    text = clean(value)
    if any(ord(letter) < 32 or 0xD800 <= ord(letter) < 0xE000 for letter in text):
        return None, [issue("control_character", _PLACE, column=path, value=ascii(text))]
    return text, []


def _choice(key: Key, path: str, value: Value) -> tuple[str | None, list[Issue]]:
    if not isinstance(value, str):
        return None, [_wrong(path, value, "text")]
    names = (
        lookup(_LABELS[key.choices]) if key.choices in _LABELS else {fold(code): code for code in key.choices}
    )
    code = names.get(fold(value))
    if code is None:
        near = closest(value, key.choices)
        return None, [
            issue("choice_unknown", _PLACE, column=path, value=value, closest=near, words=_allowed(key))
        ]
    return code, []


def _allowed(key: Key) -> dict[str, str]:
    """Return what a key allows: codes, in Vietnamese with their labels."""
    labels = _LABELS.get(key.choices, ())
    vietnamese = [f"{one.code} ({one.vi})" for one in labels] or list(key.choices)
    return {"allowed_en": ", ".join(key.choices), "allowed_vi": ", ".join(vietnamese)}


def _date(_key: Key, path: str, value: Value) -> tuple[dt.date | None, list[Issue]]:
    if isinstance(value, (str, dt.date)):
        day = parse_date(cell_text(value), _DATE_COLUMN)
        if not isinstance(day, Fault):
            return day, []
    return None, [issue("not_a_date", _PLACE, column=path, value=_shown(value))]


def _flag(_key: Key, path: str, value: Value) -> tuple[bool | None, list[Issue]]:
    return (value, []) if isinstance(value, bool) else (None, [_wrong(path, value, "flag")])


def _list(
    path: str,
    value: Value,
    read: Callable[[str, Any], tuple[Any, list[Issue]]],
) -> tuple[list[Any] | None, list[Issue]]:
    if not isinstance(value, (list, tuple)):
        return None, [_wrong(path, value, "list")]
    kept: list[Any] = []
    found: list[Issue] = []
    for place, member in enumerate(value):
        one, issues = read(f"{path}[{place}]", member)
        found += issues
        if not issues or one is not None:
            kept.append(one)
    return kept, found


def _choices(key: Key, path: str, value: Value) -> tuple[list[str] | None, list[Issue]]:
    kept, found = _list(path, value, lambda at, member: _choice(key, at, member))
    return None if kept is None else list(dict.fromkeys(kept)), found


def _kinds(_key: Key, path: str, value: Value) -> tuple[list[str] | None, list[Issue]]:
    def read(at: str, member: Value) -> tuple[str | None, list[Issue]]:
        if not isinstance(member, str):
            return None, [_wrong(at, member, "text")]
        kind = parse_kind(clean(member), "premises")
        if not isinstance(kind, Fault):
            return kind, []
        return kind.value, [issue(kind.code, _PLACE, column=at, value=member, words=kind.params, rows=1)]

    kept, found = _list(path, value, read)
    return None if kept is None else list(dict.fromkeys(kept)), found


def _factors(_key: Key, path: str, value: Value) -> tuple[list[int | Decimal] | None, list[Issue]]:
    if not isinstance(value, (list, tuple)) or len(value) != PRIORITIES:
        return None, [_wrong(path, value, "factors")]
    return _list(path, value, lambda at, member: read_number(at, member, 0, 10**6))


def _pair(at: str, member: Value) -> tuple[tuple[Any, ...] | None, list[Issue]]:
    if not isinstance(member, (list, tuple)) or len(member) != 2 or not _are_names(member):
        return None, [_wrong(at, member, "pair")]
    return tuple(clean(name) for name in member), []


def _pairs(_key: Key, path: str, value: Value) -> tuple[list[tuple[Any, ...]] | None, list[Issue]]:
    return _list(path, value, _pair)


def _pin(at: str, member: Value) -> tuple[tuple[Any, ...] | None, list[Issue]]:
    if not isinstance(member, (list, tuple)) or len(member) not in (2, 3) or not _are_names(member[:2]):
        return None, [_wrong(at, member, "pin")]
    names = (clean(member[0]), clean(member[1]))
    if len(member) == 2:
        return names, []
    units, found = read_number(at, member[2], 0, MAX_UNITS)
    if found or not units or isinstance(units, Decimal):
        return None, [issue("pin_units", _PLACE, column=at, value=_shown(member[2]), high=MAX_UNITS)]
    return (*names, units), []


def _pins(_key: Key, path: str, value: Value) -> tuple[list[tuple[Any, ...]] | None, list[Issue]]:
    first: dict[tuple[Any, ...], str] = {}

    def read(at: str, member: Value) -> tuple[tuple[Any, ...] | None, list[Issue]]:
        pin, found = _pin(at, member)
        before = first.setdefault(pin[:2], at) if pin else at
        if pin and before != at:
            return None, [issue("pin_twice", _PLACE, column=at, value=", ".join(pin[:2]), first=before)]
        return pin, found

    return _list(path, value, read)


def _are_names(members: Value) -> bool:
    return all(isinstance(name, str) for name in members)


def read_name(key: Key, given: str) -> tuple[str | None, list[Issue]]:
    """Return the canonical name of a key of a keyed table, such as ``vehicle/car`` for "xe/ô tô"."""
    path = f"{key.name}.{given}"
    if key.keyed == "province":
        return _plain(path, given)
    purposes = lookup(PURPOSES) if key.keyed in ("purpose", "purpose_or_kind") else {}
    if fold(given) in purposes:
        return purposes[fold(given)], []
    names = list(codes(PURPOSES)) if purposes else []
    if key.keyed != "purpose":
        names += codes(CATEGORIES)
        head, slash, tail = given.partition("/")
        category = lookup(CATEGORIES).get(fold(head))
        if category is not None and not slash:
            return category, []
        if category is not None and key.keyed != "category":
            return _below(path, given, category, clean(tail))
        if key.keyed != "category":
            for one, kinds in KINDS.items():
                if fold(given) in lookup(kinds):  # "car" alone
                    near = f"{one}/{lookup(kinds)[fold(given)]}"
                    return None, [issue("key_unknown", _PLACE, column=path, closest=near)]
                names += [f"{one}/{kind.code}" for kind in kinds]
    return None, [issue("key_unknown", _PLACE, column=path, closest=closest(given, names))]


def _below(path: str, given: str, category: str, name: str) -> tuple[str | None, list[Issue]]:
    if category == "premises":
        # A code is meant as it stands: "office" is a kind although it is also a word for headquarters.
        if name in codes(KINDS[category]):
            return f"{category}/{name}", []
        purpose = lookup(PURPOSES).get(fold(name))
        if purpose is not None:
            return f"{category}/{purpose}", []
    kind = parse_kind(name, category) if name else Fault("key_unknown")
    if not isinstance(kind, Fault):
        return f"{category}/{kind}", []
    if kind.code == "kind_unknown":
        kept = f"{category}/{kind.value}"
        near = kind.params["closest"] and f"{category}/{kind.params['closest']}"
        return kept, [issue("key_kind_unknown", _PLACE, column=path, kept=kept, closest=near)]
    code = kind.code if kind.code == "kind_other_category" else "key_unknown"
    return None, [issue(code, _PLACE, column=path, value=given, words=kind.params)]


def _wrong(path: str, value: object, wanted: str) -> Issue:
    """Return an issue; ``wanted`` : of ``solver.messages.WANTED``."""
    return issue("wrong_type", _PLACE, column=path, value=_shown(value), wanted=wanted)


def _shown(value: object) -> str:
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) > 10**80:
        return "a very long number"
    return str(value)[:200]


_READERS: dict[str, Callable[[Key, str, Any], tuple[Any, list[Issue]]]] = {
    "text": _text,
    "choice": _choice,
    "date": _date,
    "flag": _flag,
    "integer": _integer,
    "number": _number,
    "floor": _floor,
    "factors": _factors,
    "choices": _choices,
    "kinds": _kinds,
    "pairs": _pairs,
    "pins": _pins,
}
