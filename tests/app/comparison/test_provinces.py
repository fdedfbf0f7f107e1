from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from app.comparison.provinces import changed_provinces, column, country
from app.comparison.variant import Variant, read_variant
from tests.app.comparison.drawing import sums_of, views

if TYPE_CHECKING:
    from pathlib import Path

    from app.plans import PlanView

FIGURES = ("needed", "met", "unmet_vnd", "cost_vnd", "spend_vnd", "given", "given_away")


def test_a_province_loses_what_its_needs_no_longer_get(variants: dict[str, Path]) -> None:
    # N-2 in 11 loses its car (300, worth 1,000); N-1 in 38 gets V-1 (100) for V-2 (20), which stays in 38.
    rows, unchanged = changed_provinces(read_variant(variants["base"]), read_variant(variants["cut"]))
    assert [(row["province_code"], row["province_name"], row["outcome"]) for row in rows] == [
        ("11", "Điện Biên", "loses"),
        ("38", "Thanh Hóa", "other"),
    ]
    assert unchanged == 2
    changes = [[row[column(name, "change")] for name in FIGURES] for row in rows]
    assert changes == [[0, -1, 1000, -300, -300, 0, 0], [0, 0, 0, 80, 80, -1, 0]]
    assert [rows[0][f"share_{when}"] for when in ("before", "after", "change")] == [1, 0, -1]
    assert [rows[1][f"given_{when}"] for when in ("before", "after")] == [1, 0]


def test_units_given_to_another_province_are_told_apart(variants: dict[str, Path]) -> None:
    # V-2 of 38 serves N-1 in 38 in the one plan, N-2 in 11 in the other.
    rows, _ = changed_provinces(read_variant(variants["base"]), read_variant(variants["swapped"]))
    (thanh_hoa,) = [row for row in rows if row["province_code"] == "38"]
    assert (thanh_hoa["given_change"], thanh_hoa["given_away_change"]) == (0, 1)


def test_who_loses_most_comes_first(variants: dict[str, Path]) -> None:
    # Without N-1: 38 has one unit met less, 01 gets N-3 (worth 150), 11 saves 50.
    rows, unchanged = changed_provinces(read_variant(variants["base"]), read_variant(variants["fewer"]))
    assert [(row["province_code"], row["outcome"]) for row in rows] == [
        ("38", "loses"),
        ("11", "other"),
        ("01", "gains"),
    ]
    assert unchanged == 1
    assert (rows[0]["share_before"], rows[0]["share_after"], rows[0]["share_change"]) == (1, None, None)
    assert rows[2]["share_change"] == Fraction(1)


def test_rows_without_a_place_stand_in_no_province(variants: dict[str, Path]) -> None:
    rows, _ = changed_provinces(read_variant(variants["base"]), read_variant(variants["matches"]))
    (nowhere,) = [row for row in rows if not row["province_code"]]
    assert (nowhere["province_name"], nowhere["met_after"], nowhere["unmet_after_vnd"]) == ("", 2, 30)
    assert nowhere["given_away_change"] == 0


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_changes_of_the_provinces_add_up_to_those_of_the_country_and_turn_round(data: st.DataObject) -> None:
    one, other = (Variant(name, data.draw(views())) for name in ("one", "other"))
    rows, unchanged = changed_provinces(one, other)
    before, after = sums_of(one.view), sums_of(other.view)
    sums = country(rows)
    for name, total in before.items():
        assert sums[column(name, "change")] == after[name] - total
    back, same = changed_provinces(other, one)
    assert same == unchanged
    there = {row["province_code"]: row for row in rows}
    assert there.keys() == {row["province_code"] for row in back}
    turned = {"loses": "gains", "gains": "loses", "other": "other"}
    for row in back:
        own = there[row["province_code"]]
        assert turned[row["outcome"]] == own["outcome"]
        for name in FIGURES:
            assert row[column(name, "change")] == -own[column(name, "change")]
            assert row[column(name, "before")] == own[column(name, "after")]


@settings(deadline=None, max_examples=20)
@given(views())
def test_no_province_differs_from_itself(view: PlanView) -> None:
    rows, _ = changed_provinces(Variant("one", view), Variant("other", view))
    assert rows == []
