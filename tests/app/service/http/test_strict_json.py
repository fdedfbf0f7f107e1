from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.service.http.strict_json import DEEPEST, StrictJsonError, strict_json

REFUSED = {
    "nan": (b'{"a": NaN}', "number"),
    "infinity": (b'{"a": Infinity}', "number"),
    "minus infinity": (b"[-Infinity]", "number"),
    "beyond a double": (b'{"a": 1e999}', "number"),
    "beyond 64 bits": (b'{"a": 9223372036854775808}', "integer"),
    "thousands of digits": (b'{"a": ' + b"9" * 100_000 + b"}", "integer"),
    "a lone high surrogate": (b'{"a": "\\ud800"}', "surrogate"),
    "a lone low surrogate as a key": (b'{"\\udfff": 1}', "surrogate"),
    "NUL": (b'{"a": "\\u0000"}', "nul"),
    "no UTF-8": (b'{"a": "\xff"}', "utf8"),
    "UTF-16": ('{"a": 1}'.encode("utf-16"), "utf8"),
    "a key twice": (b'{"a": 1, "a": 2}', "twice"),
    "deep nesting": (b"[" * 100_000 + b"]" * 100_000, "deep"),
    "one level too many": (b"[" * (DEEPEST + 1) + b"]" * (DEEPEST + 1), "deep"),
    "nothing": (b"", "syntax"),
    "a text cut off": (b'{"a": "b', "syntax"),
    "single quotes": (b"{'a': 1}", "syntax"),
    "more behind the end": (b"{} {}", "syntax"),
    "a raw line break in a text": (b'"a\nb"', "syntax"),
}


@pytest.mark.parametrize(("content", "key"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_stored_is_refused_with_its_reason(content: bytes, key: str) -> None:
    with pytest.raises(StrictJsonError) as refused:
        strict_json(content)
    assert refused.value.key == key


def test_the_ends_of_what_is_allowed_are_read() -> None:
    assert strict_json(b"[9223372036854775807, -9223372036854775808]") == [2**63 - 1, -(2**63)]
    assert strict_json(b"[" * DEEPEST + b"]" * DEEPEST)
    assert strict_json(b'\xef\xbb\xbf{"t\xe1\xbb\x89nh": "\\ud83c\\uddfb"}') == {"tỉnh": "🇻"}


def storable(value: object) -> bool:
    if isinstance(value, str):
        return "\0" not in value and all(not 0xD800 <= ord(sign) <= 0xDFFF for sign in value)
    if isinstance(value, dict):
        return all(storable(key) and storable(one) for key, one in value.items())
    return all(map(storable, value)) if isinstance(value, list) else True


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(codec=None)),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=20,
)


@given(VALUES, st.booleans())
def test_it_reads_what_python_reads_and_refuses_only_what_cannot_be_stored(
    value: object, escaped: bool
) -> None:
    text = json.dumps(value, ensure_ascii=escaped)
    try:
        content = text.encode()
    except UnicodeEncodeError:
        content = json.dumps(value).encode()
    if storable(value):
        assert strict_json(content) == value
    else:
        with pytest.raises(StrictJsonError):
            strict_json(content)


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    try:
        value = strict_json(content)
    except StrictJsonError:
        return
    assert json.loads(content.decode("utf-8-sig")) == value
