from __future__ import annotations

import datetime
import re
import unicodedata
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.settings import LANGS, Lang
from app.texts import catalogue, day, money, number, percent, say

ROOT = Path(__file__).parents[2]


def test_both_languages_have_the_same_keys_and_words() -> None:
    def words(text: str) -> list[str]:
        return sorted(re.findall(r"{(\w+)}", text))

    english, vietnamese = catalogue("en"), catalogue("vi")
    assert list(english) == list(vietnamese)
    for key, text in english.items():
        assert words(text) == words(vietnamese[key]), key


def test_texts_are_composed_unicode_and_not_empty() -> None:
    for lang in LANGS:
        for key, text in catalogue(lang).items():
            assert text.strip(), key
            assert unicodedata.is_normalized("NFC", text), key


def test_money_is_written_as_each_country_does() -> None:
    assert money("vi", 1234567) == "1.234.567 đ"
    assert money("en", 1234567) == "1,234,567 VND"
    assert money("vi", -950000000) == "-950.000.000 đ"
    assert money("en", 10**15) == "1,000,000,000,000,000 VND"


@pytest.mark.parametrize(
    ("lang", "value", "digits", "text"),
    [
        ("en", "1234.5", 0, "1,235"),
        ("vi", "1234.5", 1, "1.234,5"),
        ("en", "0.25", 1, "0.3"),
        ("vi", "0.35", 1, "0,4"),
        ("en", "-0.04", 1, "0.0"),
    ],
)
def test_numbers_are_rounded_half_up(lang: Lang, value: str, digits: int, text: str) -> None:
    assert number(lang, Decimal(value), digits) == text


def test_shares_are_percent() -> None:
    assert percent("vi", "0.500000000") == "50,0 %"
    assert percent("en", "0.001995000", digits=4) == "0.1995 %"


def test_days_are_written_as_each_country_does() -> None:
    date = datetime.date(2025, 8, 5)
    assert (day("vi", date), day("en", date)) == ("05/08/2025", "2025-08-05")


@given(st.integers(-(10**18), 10**18), st.sampled_from(LANGS))
def test_a_number_reads_back_whatever_the_language(value: int, lang: Lang) -> None:
    assert int(re.sub(r"[.,]", "", number(lang, value))) == value


def test_an_unknown_key_is_an_error_unless_there_is_a_default() -> None:
    assert say("en", "phase.of_the_future", default="future") == "future"
    with pytest.raises(KeyError):
        say("en", "phase.of_the_future")


def test_english_counts_choose_singular_or_plural() -> None:
    assert say("en", "verify.failed", count="1") == "NOT VERIFIED: 1 violation"
    assert say("en", "verify.failed", count="21") == "NOT VERIFIED: 21 violations"
    assert say("vi", "verify.failed", count="1") == "NOT VERIFIED (không đạt): 1 vi phạm"


def test_every_violation_of_the_certificate_page_has_a_sentence() -> None:
    page = (ROOT / "docs" / "certificate.md").read_text(encoding="utf-8")
    codes = re.findall(r"^\| `(\w+)` \|", page, re.M)
    assert len(codes) > 30
    assert codes == [
        key.removeprefix("violation.") for key in catalogue("vi") if key.startswith("violation.")
    ]


def test_a_word_with_braces_is_not_filled_in_again() -> None:
    # A folder may be called {files}: what users name is data, not a template.
    text = say("en", "summary.files", folder="{files}", files="{folder}")
    assert "{files} ({folder})" in text
