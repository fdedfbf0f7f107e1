"""Scenarios as JSON whose numbers are those that were written, and as the solver reads a scenario file."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from app.service.http.strict_json import StrictJsonError, strict_json
from solver.scenario.text import parse_scenario_file

if TYPE_CHECKING:
    from solver import Issue


def read_json_body(body: bytes) -> Any:  # noqa: ANN401  # any JSON value
    """Return the value of a body as the command line reads ``scenario.json``: exact numbers, clean texts.

    Raises
    ------
    StrictJsonError
        When it is no JSON, or holds what cannot be stored.
    """
    strict_json(body)
    text = body.decode("utf-8-sig")
    # One more level, so that the reader, which wants an object, gives any value back.
    found, issues = parse_scenario_file("scenario.json", f'{{"body": {text}}}')
    if issues:  # what one reader of JSON takes and the other does not: exponents of a million digits
        raise StrictJsonError("number")
    return found["body"]


def read_toml(text: str) -> tuple[dict[str, Any], list[Issue]]:
    """Return a scenario of TOML as the command line reads ``scenario.toml``, and what is wrong with it."""
    return parse_scenario_file("scenario.toml", text)


def storable(value: object) -> Any:  # noqa: ANN401  # any JSON value
    """Return a checked scenario as plain JSON.

    A number of a scenario has 15 significant digits at most (`solver.scenario.values.MAX_DIGITS`), so a float
    holds it, and is written with the same digits again.
    """
    if isinstance(value, dict):
        return {str(name): storable(member) for name, member in value.items()}
    if isinstance(value, list | tuple):
        return [storable(member) for member in value]
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    return value


def laid_over(below: object, above: object) -> Any:  # noqa: ANN401  # any JSON value
    """Return one JSON value with another laid over it, key by key; null takes a key away (RFC 7396)."""
    if not isinstance(above, dict):
        return above
    found = dict(below) if isinstance(below, dict) else {}
    for name, value in above.items():
        if value is None:
            found.pop(name, None)
        else:
            found[name] = laid_over(found.get(name), value)
    return found


def scenario_json(resolved: object) -> str:
    """Return the text of ``scenario.json`` for a resolved scenario: readable, and the same for equal ones."""
    return json.dumps(resolved, ensure_ascii=False, sort_keys=True, indent=2, allow_nan=False) + "\n"
