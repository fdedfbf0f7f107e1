"""Text of scenario.toml or scenario.json to a dictionary with exact numbers."""

from __future__ import annotations

import json
import re
import tomllib
from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from solver.errors import issue
from solver.scenario.syntax import in_vietnamese
from solver.tables.names import clean

if TYPE_CHECKING:
    from solver.errors import Issue
    from solver.scenario.schema import Value

#: Levels of a scenario file; its keys have four.
DEEPEST = 64
_PART = r"""(?:[A-Za-z0-9_-]{1,80}|"(?:\\.|[^"\\\n]){0,80}"|'[^'\n]{0,80}')"""
#: A dotted key of too many parts, looked for before TOML is read: its reader takes time with their square.
_DOTTED = re.compile(rf"(?:{_PART}[ \t]{{0,80}}\.[ \t]{{0,80}}){{{DEEPEST}}}")
_DEEP = "nested too deeply"


def parse_scenario_file(name: str, text: str) -> tuple[dict[str, Any], list[Issue]]:
    """Read the text of a scenario file; floats become exact Decimals.

    Parameters
    ----------
    name
        File name; its ending decides between TOML and JSON.
    text
        The file's text.

    Returns
    -------
    dict
        What the file says; empty where it cannot be read.
    issues
        Syntax errors with their line, duplicate keys, NaN and Infinity literals.
    """
    if not text.strip():
        return {}, []
    found: list[Issue] = []
    try:
        value = _json(text, found) if name.endswith(".json") else _toml(text)
    except (ValueError, ArithmeticError, RecursionError) as error:
        return {}, [_broken(name, _reason(error))]
    if not isinstance(value, dict):
        return {}, [_broken(name, "the outermost value must be an object")]
    if _is_deep(value):
        return {}, [_broken(name, _DEEP)]
    return _cleaned(value), found


def _broken(name: str, reason: str) -> Issue:
    return issue("scenario_syntax", "scenario", value=name, reason=reason, reason_vi=in_vietnamese(reason))


def _json(text: str, found: list[Issue]) -> Value:
    def constant(literal: str) -> Decimal:
        # Kept, so that the check of its key names the place: not_finite.
        return Decimal(literal)

    def pairs(members: list[tuple[str, Any]]) -> dict[str, Any]:
        times = Counter(key for key, _ in members)
        found.extend(
            issue("key_duplicate", "scenario", column=key) for key, many in times.items() if many > 1
        )
        return dict(members)

    return json.loads(text, parse_float=Decimal, parse_constant=constant, object_pairs_hook=pairs)


def _toml(text: str) -> dict[str, Any]:
    if _DOTTED.search(text):
        raise RecursionError
    return tomllib.loads(text, parse_float=Decimal)


def _is_deep(value: Value) -> bool:
    """Tell whether a value has more levels than what reads it may have calls within calls."""
    level = [value]
    for _ in range(DEEPEST + 2):  # one more for the service, which reads a body as a member of an object
        level = [
            below
            for one in level
            if isinstance(one, dict | list)
            for below in (one.values() if isinstance(one, dict) else one)
        ]
    return bool(level)


def _reason(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return _DEEP
    if isinstance(error, ArithmeticError) or "digits" in str(error):
        return "a number is too long"
    return str(error)


def _cleaned(value: Value) -> Value:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, dict):
        return {clean(str(key)): _cleaned(member) for key, member in value.items()}
    if isinstance(value, list):
        return [_cleaned(member) for member in value]
    return value
