"""JSON that can be stored and sent again: what Python's reader lets through and later fails is refused here.

NaN, infinities (1e999 too), lone surrogates, NUL (PostgreSQL has none in texts), integers beyond 64 bits,
keys twice, nesting deeper than `DEEPEST`, text that is no UTF-8.
"""

from __future__ import annotations

import json
import math
import unicodedata
from typing import Any, NoReturn

DEEPEST = 64
_LEAST, _MOST = -(2**63), 2**63 - 1


class StrictJsonError(ValueError):
    """JSON that is refused.

    Parameters
    ----------
    key
        Text below ``problem.json.`` that says why.
    """

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


def strict_json(content: bytes) -> Any:  # noqa: ANN401  # any JSON value
    """Return the value of a JSON text in UTF-8.

    Raises
    ------
    StrictJsonError
        When it is none, or holds what cannot be stored.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise StrictJsonError("utf8") from error
    try:
        value = json.loads(
            text,
            parse_constant=_refuse_constant,
            parse_float=_finite,
            parse_int=_small,
            object_pairs_hook=_distinct,
        )
    except StrictJsonError:
        raise
    except RecursionError as error:
        raise StrictJsonError("deep") from error
    except ValueError as error:
        raise StrictJsonError("syntax") from error
    _check_texts(value)
    return value


def in_nfc(value: Any) -> Any:  # noqa: ANN401  # any JSON value
    """Return a value that `strict_json` read with all its texts in NFC, as everything is stored.

    Raises
    ------
    StrictJsonError
        When two keys of an object are then one.
    """
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, list):
        return [in_nfc(one) for one in value]
    if isinstance(value, dict):
        return _distinct([(in_nfc(name), in_nfc(one)) for name, one in value.items()])
    return value


def _refuse_constant(_text: str) -> NoReturn:
    raise StrictJsonError("number")


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise StrictJsonError("number")
    return value


def _small(text: str) -> int:
    if len(text) > 20:
        raise StrictJsonError("integer")
    value = int(text)
    if not _LEAST <= value <= _MOST:
        raise StrictJsonError("integer")
    return value


def _distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise StrictJsonError("twice")
    return found


def _check_texts(value: object) -> None:
    level, depth = [value], 0
    while level:
        if depth >= DEEPEST and any(isinstance(one, dict | list) for one in level):
            raise StrictJsonError("deep")
        below: list[object] = []
        for one in level:
            if isinstance(one, str):
                check_text(one)
            elif isinstance(one, dict):
                below += [*one.keys(), *one.values()]
            elif isinstance(one, list):
                below += one
        level, depth = below, depth + 1


def check_text(text: str) -> None:
    """Refuse text that no database takes.

    Raises
    ------
    StrictJsonError
        For NUL and lone surrogates.
    """
    if "\0" in text:
        raise StrictJsonError("nul")
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise StrictJsonError("surrogate") from error
