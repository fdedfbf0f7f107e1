from __future__ import annotations

from pathlib import Path

import pytest

from solver.tables.columns import TABLES, headings, required
from solver.tables.kinds import CHOICES, KINDS, Choice, kinds_elsewhere, label, lookup, other_kind
from solver.tables.names import closest, fold
from solver.tables.pages import columns_page

DOCS = Path(__file__).parents[3] / "docs"
LISTS = {**CHOICES, **KINDS}


def test_the_page_of_columns_is_current() -> None:
    assert (DOCS / "columns.md").read_text("utf-8") == columns_page()


@pytest.mark.parametrize("table", TABLES)
def test_no_heading_means_two_columns(table: str) -> None:
    meaning: dict[str, str] = {}
    for column in TABLES[table]:
        for heading in (column.name, column.vi, *column.aliases):
            assert meaning.setdefault(fold(heading), column.name) == column.name, heading
    assert headings(table) == meaning


@pytest.mark.parametrize("name", LISTS)
def test_no_word_means_two_entries_of_a_list(name: str) -> None:
    meaning: dict[str, str] = {}
    for choice in LISTS[name]:
        for word in (choice.code, choice.en, choice.vi, *choice.aliases):
            assert meaning.setdefault(fold(word), choice.code) == choice.code, word


def test_no_word_is_a_kind_of_two_categories() -> None:
    for category, kinds in KINDS.items():
        assert not set(lookup(kinds)) & set(kinds_elsewhere(category))


def test_the_required_columns_are_those_of_the_contract() -> None:
    assert required("assets") == ("asset_id", "category")
    assert required("needs") == ("need_id", "category")
    assert required("matches") == ("asset_id", "need_id", "cost_vnd")


@pytest.mark.parametrize(
    ("word", "folded"),
    [
        ("Tình trạng pháp lý", "tinhtrangphaply"),
        ("ĐƠN_VỊ", "donvi"),
        ("asset_id", "assetid"),
        ("Mã xã", "maxa"),
    ],
)
def test_marks_case_spaces_and_underscores_are_optional(word: str, folded: str) -> None:
    assert fold(word) == folded


def test_a_near_name_is_found_and_a_far_one_is_not() -> None:
    assert closest("asset_idd", ["asset_id", "need_id"]) == "asset_id"
    assert closest("qqqq", ["asset_id", "need_id"]) == ""


@pytest.mark.parametrize("text", ["other:Xe  lu", "khác: xe lu", "XE LU"])
def test_another_kind_is_kept_under_one_spelling(text: str) -> None:
    assert other_kind(text) == "other:xe lu"


def test_labels_come_in_two_languages() -> None:
    kinds: tuple[Choice, ...] = KINDS["vehicle"]
    assert (label(kinds, "car"), label(kinds, "car", "vi")) == ("car", "xe ô tô")
    assert label(kinds, "other:xe lu", "vi") == "xe lu"
