from __future__ import annotations

import dataclasses
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

from app.comparison.basis import Basis, Key
from app.comparison.figures import better, difference, figures_of, names_of, worst_province
from app.comparison.variant import Variant, read_variant
from app.comparison.words import figure_label, shown
from app.settings import LANGS, Lang

if TYPE_CHECKING:
    from pathlib import Path

    from app.plans import PlanView

SAME = Basis((), {}, ())


def test_figures_are_those_of_the_plan(plan: PlanView) -> None:
    figures = figures_of(Variant("plan", plan))
    assert figures["objective_vnd"] == 14_230_903_344
    assert (figures["transfers_vnd"], figures["openings_vnd"]) == (1_270_903_344, 200_000_000)
    # 950 + 950 million, 3 x 20 million, 10,800 million
    assert figures["unmet_vnd"] == 12_760_000_000
    assert [figures[f"category.equipment.{key}"] for key in ("needed", "met", "unmet")] == [12, 9, 3]
    assert (figures["communes_without_car"], figures["releases"], figures["changes"]) == (1, 4, 0)
    assert [figures[f"distance_km.{key}"] for key in ("total", "mean", "max")] == [
        Decimal("2338.522"),
        Decimal("167.037"),
        Decimal("430.5"),
    ]
    assert figures["gap"] == Decimal("0.000105404")


def test_the_worst_province_is_the_one_with_the_smallest_share_met(variants: dict[str, Path]) -> None:
    assert worst_province(read_variant(variants["base"])) == ("01", Fraction(0))
    assert worst_province(read_variant(variants["fewer"])) == ("01", Fraction(1))
    assert worst_province(read_variant(variants["matches"])) == ("", None)


def test_units_are_told_by_priority_where_anything_is_needed(variants: dict[str, Path]) -> None:
    figures = figures_of(read_variant(variants["base"]))
    assert [figures[f"priority.3.{key}"] for key in ("needed", "met", "unmet")] == [4, 3, 1]
    assert figures["priority.1.met"] is None
    assert "priority.1.met" not in names_of([figures])


def test_a_category_that_a_plan_does_not_have_has_no_difference(variants: dict[str, Path]) -> None:
    figures = [figures_of(read_variant(variants[name])) for name in ("base", "matches")]
    assert "category.vehicle.met" in names_of(figures)
    assert figures[1]["category.vehicle.met"] is None
    assert difference("category.vehicle.met", *figures) is None
    assert difference("objective_vnd", *figures) == 36 - 475


def test_levels_come_first_and_are_compared_by_value(plan: PlanView) -> None:
    one = figures_of(Variant("one", plan, {}, {"unmet|1": 4, "max_min|vehicle": Fraction(3, 7)}))
    other = figures_of(Variant("other", plan, {}, {"unmet|1": 6, "max_min|vehicle": Fraction(1, 2)}))
    assert names_of([one, other])[:3] == ["level.unmet|1", "level.max_min|vehicle", "objective_vnd"]
    assert difference("level.unmet|1", one, other) == 2
    assert difference("level.max_min|vehicle", one, other) == Fraction(1, 14)
    assert better("level.unmet|1", [one, other], [SAME]) == [0]
    assert better("level.max_min|vehicle", [one, other], [SAME]) == [1]
    floors = Basis((), {}, (Key("equity.by", "province", "priority"),))
    assert better("level.max_min|vehicle", [one, other], [floors]) == []


@pytest.mark.parametrize(
    ("name", "places"),
    [
        ("objective_vnd", [0]),
        ("cash_vnd", [0]),
        ("unmet_vnd", [0]),
        ("category.vehicle.met", [0]),
        ("priority.3.unmet", [0]),
        ("communes_without_car", [0]),
        ("worst_share", []),  # 0 in both
        ("transfers_vnd", []),
        ("spend_vnd", []),
        ("distance_km.total", []),
        ("releases", []),
        ("bound_vnd", []),
    ],
)
def test_the_better_plan_is_named_where_one_is_better_by_itself(
    variants: dict[str, Path], name: str, places: list[int]
) -> None:
    figures = [figures_of(read_variant(variants[plan])) for plan in ("base", "cut")]
    assert better(name, figures, [SAME]) == places


def test_nothing_is_better_where_plans_do_not_plan_the_same(variants: dict[str, Path]) -> None:
    figures = [figures_of(read_variant(variants[plan])) for plan in ("base", "cut")]
    tables = Basis(("needs.csv",), {}, ())
    prices = Basis((), {}, (Key("prices.per_km.vehicle", 1, 2),))
    names = ("objective_vnd", "priority.3.met", "category.vehicle.met")
    assert [better(name, figures, [tables]) for name in names] == [[], [], []]
    assert [better(name, figures, [prices]) for name in names] == [[], [], [0]]


def test_of_several_plans_all_with_the_best_value_are_better(variants: dict[str, Path]) -> None:
    figures = [figures_of(read_variant(variants[plan])) for plan in ("swapped", "cut", "swapped")]
    assert better("objective_vnd", figures, [SAME, SAME]) == [0, 2]


@pytest.mark.parametrize("lang", LANGS)
def test_every_figure_has_words(plan: PlanView, lang: Lang) -> None:
    levels: dict[str, int | Fraction | None] = {
        "floor_shortfall": 0,
        "unmet|1": 1,
        "max_min|vehicle/car": Fraction(1),
    }
    for name in figures_of(Variant("plan", plan, {}, levels)):
        text = figure_label(name, lang)
        assert text != name
        assert "{" not in text


def test_figures_are_written_by_their_kind() -> None:
    assert shown("worst_share", Fraction(5, 8), "en") == "62.5 %"
    assert shown("worst_share", Fraction(-1, 8), "vi", signed=True) == "-12,5 %"
    assert shown("gap", Decimal("0.000105404"), "en") == "0.0105 %"
    assert shown("distance_km.max", Decimal("430.5"), "vi") == "430,5"
    assert shown("objective_vnd", 1234567, "en", signed=True) == "+1,234,567"
    assert shown("objective_vnd", None, "en") == "-"


def test_a_plan_without_some_figures_is_compared_by_the_others(plan: PlanView) -> None:
    kpis: dict[str, dict[str, int]] = {"distance_km": {}, "needed": {}}
    summary = {**plan.summary, "kpis": kpis, "parts": {}, "gap": None, "objective_vnd": None}
    figures = figures_of(Variant("plan", dataclasses.replace(plan, summary=summary)))
    assert figures["transfers_vnd"] == 1_270_903_344
    absent = ("objective_vnd", "worst_share", "distance_km.mean", "category.vehicle.met", "releases")
    assert [figures[name] for name in absent] == [None] * 5
