from __future__ import annotations

import dataclasses
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest

from app.comparison.basis import Basis, Key, basis_of, proven, value_text, verdict
from app.comparison.variant import Variant, levels_of, read_variant

if TYPE_CHECKING:
    from pathlib import Path

    from app.plans import PlanView


def costing(
    plan: PlanView, bound: int | None, cost: int | None, levels: dict[str, Any] | None = None
) -> Variant:
    named = [{"name": name, "value": value, "bound": value} for name, value in (levels or {}).items()]
    summary = {**plan.summary, "bound_vnd": bound, "objective_vnd": cost, "levels": named}
    return Variant("plan", dataclasses.replace(plan, summary=summary), {}, levels_of(summary))


def differing(*keys: str, files: tuple[str, ...] = ()) -> Basis:
    return Basis(files, {}, tuple(Key(key, 1, 2) for key in keys))


def test_a_plan_rests_on_what_it_rests_on(plan: PlanView) -> None:
    one = Variant("plan", plan)
    assert basis_of(one, one) == Basis((), {}, ())
    assert basis_of(one, one).comparable == "same"


def test_files_and_keys_that_differ_are_named_with_both_values(plan: PlanView) -> None:
    hashes = {**plan.summary["inputs"], "needs.csv": "other", "scenario.json": "other", "matches.csv": "new"}
    scenario = {**plan.scenario, "date": "2026-01-01", "prices": {"per_km": {"vehicle": Decimal("1.5")}}}
    other = dataclasses.replace(plan, summary={**plan.summary, "inputs": hashes}, scenario=scenario)
    basis = basis_of(Variant("one", plan), Variant("other", other))
    assert basis.files == ("matches.csv", "needs.csv")
    assert basis.keys == (
        Key("date", "2025-08-15", "2026-01-01"),
        Key("prices.per_km.vehicle", None, Decimal("1.5")),
    )
    assert basis.rows == {"needs": {"only_before": 0, "only_after": 0, "changed": 0}}


def test_rows_of_tables_that_differ_are_counted(variants: dict[str, Path]) -> None:
    one, other = read_variant(variants["base"]), read_variant(variants["fewer"])
    assert basis_of(one, other).rows == {"needs": {"only_before": 1, "only_after": 0, "changed": 0}}
    assert basis_of(other, one).rows == {"needs": {"only_before": 0, "only_after": 1, "changed": 0}}
    view = dataclasses.replace(one.view, needs=one.view.needs.assign(note="x"))
    summary = {**view.summary, "inputs": {**view.summary["inputs"], "needs.csv": "other"}}
    noted = Variant("noted", dataclasses.replace(view, summary=summary))
    assert basis_of(one, noted).rows == {"needs": {"only_before": 0, "only_after": 0, "changed": 4}}


def test_plans_of_other_categories_do_not_plan_the_same(plan: PlanView) -> None:
    cars = {"category": {"vehicle": plan.summary["parts"]["category"]["vehicle"]}, "province": {}}
    other = dataclasses.replace(plan, summary={**plan.summary, "parts": cars})
    assert basis_of(Variant("one", plan), Variant("other", other)).comparable == "other_tables"


def test_an_empty_table_of_keys_is_as_good_as_none(plan: PlanView) -> None:
    other = dataclasses.replace(plan, scenario={**plan.scenario, "limits": {}})
    assert basis_of(Variant("one", plan), Variant("other", other)).keys == ()


@pytest.mark.parametrize(
    ("keys", "comparable"),
    [
        (["name", "solver.seed", "solver.time_limit_s"], "same"),
        (["limits.budget_vnd"], "other_rules"),
        (["reach_km.vehicle", "stability.bans", "norms.max_per_commune.vehicle"], "other_rules"),
        (["objective"], "other_rules"),
        (["prices.per_km.vehicle"], "other_prices"),
        (["norms.life_years.vehicle"], "other_prices"),
        (["priority_by_purpose.health", "limits.budget_vnd"], "other_prices"),
        (["scope_province", "prices.per_km.vehicle"], "other_tables"),
    ],
)
def test_what_a_key_changes_decides_how_costs_compare(keys: list[str], comparable: str) -> None:
    assert differing(*keys).comparable == comparable


def test_a_border_that_opens_is_a_rule_and_a_surcharge_that_falls_is_a_price() -> None:
    key = "rules.cross_province.vehicle"
    assert Basis((), {}, (Key(key, "forbidden", "surcharge"),)).comparable == "other_rules"
    assert Basis((), {}, (Key(key, "surcharge", "allowed"),)).comparable == "other_prices"


def test_who_decides_changes_no_cost() -> None:
    assert differing(files=("authorities.csv",)).comparable == "same"
    assert differing(files=("authorities.csv", "assets.csv")).comparable == "other_tables"


@pytest.mark.parametrize(
    ("first", "other", "found", "between"),
    [
        ((90, 100), (101, 110), "proven_dearer", (1, 20)),
        ((90, 100), (100, 110), "within_gaps", (0, 20)),
        ((90, 100), (70, 89), "proven_cheaper", (-30, -1)),
        ((90, 100), (70, 90), "within_gaps", (-30, 0)),
        ((100, 100), (100, 100), "proven_equal", (0, 0)),
        ((99, 100), (100, 100), "within_gaps", (0, 1)),
    ],
)
def test_a_difference_of_rules_is_proven_where_the_intervals_are_disjoint(
    plan: PlanView, first: tuple[int, int], other: tuple[int, int], found: str, between: tuple[int, int]
) -> None:
    one, two, basis = costing(plan, *first), costing(plan, *other), differing("limits.budget_vnd")
    assert verdict(one, two, basis) == found
    assert proven(one, two, basis) == between
    mirrored = proven(two, one, basis)
    assert mirrored is not None
    assert (-mirrored[1], -mirrored[0]) == between


@pytest.mark.parametrize(
    ("first", "other", "found"),
    [
        ((90, 100), (80, 99), "cheaper"),
        ((90, 100), (99, 101), "dearer"),
        ((90, 100), (80, 100), "same_cost"),
        ((90, 100), (101, 110), "contradiction"),
        ((90, 100), (70, 89), "contradiction"),
    ],
)
def test_of_the_same_question_the_cheaper_plan_is_the_better_one(
    plan: PlanView, first: tuple[int, int], other: tuple[int, int], found: str
) -> None:
    assert verdict(costing(plan, *first), costing(plan, *other), differing("solver.seed")) == found


def test_the_first_level_that_differs_comes_before_the_cost(plan: PlanView) -> None:
    one = costing(plan, 90, 100, {"floor_shortfall": 3, "unmet|1": 5, "max_min|vehicle": "3/7"})
    assert one.levels == {"floor_shortfall": 3, "unmet|1": 5, "max_min|vehicle": Fraction(3, 7)}
    for level, value, found in (
        ("floor_shortfall", 2, "better_levels"),
        ("unmet|1", 6, "worse_levels"),
        ("max_min|vehicle", "1/2", "better_levels"),
        ("max_min|vehicle", "2/7", "worse_levels"),
    ):
        levels = {"floor_shortfall": 3, "unmet|1": 5, "max_min|vehicle": "3/7", level: value}
        assert verdict(one, costing(plan, 200, 300, levels), differing()) == found


def test_costs_that_are_not_measured_alike_prove_nothing(plan: PlanView) -> None:
    one, other = costing(plan, 1, 2), costing(plan, 3, 4)
    for basis, found in (
        (differing(files=("needs.csv",)), "other_tables"),
        (differing("prices.horizon_years"), "other_prices"),
    ):
        assert verdict(one, other, basis) == found
        assert proven(one, other, basis) is None
    assert verdict(one, costing(plan, None, None), differing()) == "no_cost"
    assert proven(one, costing(plan, None, None), differing()) is None


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "-"),
        (Decimal("0.5"), "0.5"),
        (Decimal("0.100"), '"0.100"'),
        ([["V-1", "Nhà"]], '[["V-1", "Nhà"]]'),
        (True, "true"),
    ],
)
def test_values_of_a_scenario_are_shown_as_json_writes_them(value: object, text: str) -> None:
    assert value_text(value) == text
