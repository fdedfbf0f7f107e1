"""The catalogue of sentences: both languages say the same, and what is filled in stays as it is."""

from __future__ import annotations

import re
import unicodedata

import pytest

from solver.explanation.catalogue import CATALOGUE
from solver.explanation.words import day, form_word, key_word, money, number, say
from solver.plan.tables import PART_COLUMNS
from solver.problem.pairs import STAGES
from solver.problem.premises import STAGES as PREMISES_STAGES

_PLURAL = re.compile(r"{\w+\?[^{}]*}")


def places(text: str) -> set[str]:
    return set(re.findall(r"{(\w+)}", _PLURAL.sub("", text)))


def test_both_languages_ask_for_the_same_words() -> None:
    for key, text in CATALOGUE.items():
        # Vietnamese has no plural: what English counts with may be named there alone.
        assert places(text.en) == places(text.vi), key


def test_sentences_are_composed_unicode_and_not_empty() -> None:
    for key, text in CATALOGUE.items():
        for one in text:
            assert one.strip(), key
            assert unicodedata.is_normalized("NFC", one), key


def test_every_stage_and_every_part_of_the_cost_has_its_words() -> None:
    for stage in {*STAGES, *PREMISES_STAGES}:
        assert {stage, f"stage.{stage}", f"change.{stage}"} <= CATALOGUE.keys(), stage
    assert {f"part.{name}" for name in PART_COLUMNS} <= CATALOGUE.keys()


def test_a_word_with_braces_is_not_filled_in_again() -> None:
    assert say("en", "place", commune="{province}", province="{commune}") == "{province}, {commune}"


def test_a_missing_word_is_an_error_not_a_hole() -> None:
    with pytest.raises(KeyError):
        say("en", "place", commune="x")


def test_english_chooses_singular_or_plural() -> None:
    assert say("en", "asked.units", units="1") == "1 unit"
    assert say("en", "asked.units", units="1,001") == "1,001 units"
    assert say("vi", "asked.units", units="2") == "2 đơn vị"


def test_numbers_money_and_days_are_written_as_each_country_does() -> None:
    assert (number("en", "1234.50"), number("vi", "1234.5")) == ("1,234.50", "1.234,5")
    assert (money("en", 10**15), money("vi", 0)) == ("1,000,000,000,000,000 VND", "0 đ")
    assert (day("en", "2025-08-05"), day("vi", "2025-08-05")) == ("2025-08-05", "05/08/2025")


def test_forms_and_keys_have_words_and_unknown_ones_stand_as_they_are() -> None:
    assert [form_word("en", form) for form in ("điều chuyển", "giao", "tạm sử dụng", "mượn")] == [
        "transfer",
        "allotment",
        "temporary use",
        "mượn",
    ]
    assert key_word("en", "vehicle/car") == "car"
    assert key_word("vi", "premises/health") == "nhà, đất: y tế"
    assert key_word("en", "premises/culture_house") == "culture house"
    assert key_word("vi", "equipment/other:máy khoan") == "máy khoan"
    assert key_word("en", "equipment") == "equipment"
