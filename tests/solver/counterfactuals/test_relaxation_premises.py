"""The relaxation test of premises: lift what each reason names, and at last the need is met."""

from __future__ import annotations

import os
from collections import Counter
from random import Random

import pytest

import solver
from tests.solver.counterfactuals.national import National, Trial, national
from tests.solver.counterfactuals.relaxing import (
    STAGES,
    alone,
    check_first,
    check_walk,
    copied,
    relaxed,
    rows,
    sample,
)
from tests.solver.problem.instances import FORMS, Instance, Row
from tests.solver.problem.premises_instances import premises_instance

COUNT = int(os.environ.get("SURPLAN_TORTURE_COUNT", "6"))
#: Provinces next to each other, with every reason of the national plan of premises; their searches end soon.
PROVINCES = ("12", "14", "15")


def drawn(seed: int, form: str) -> Instance:
    return premises_instance(Random(seed), form, assets=6, needs=6)


def solved(one: Instance) -> solver.Result:
    return solver.solve(one.build(), time_limit=0)


@pytest.mark.parametrize("form", FORMS)
def test_lifting_reason_after_reason_meets_the_need_and_lifting_later_ones_alone_does_nothing(
    form: str,
) -> None:
    seen: Counter[str] = Counter()
    for seed in range(COUNT):
        one = drawn(seed, form)
        for short in rows(solved(one).plan):
            if short["reason"] in STAGES:
                check_first(one, short, solved)
            seen.update(check_walk(one, short, solved))
    wanted = {"no_asset", "too_small", "norm", "too_dear", "outbid"}
    assert wanted | (set() if form == "matches" else {"reach", "within_commune"}) <= set(seen)


@pytest.mark.parametrize("form", FORMS)
def test_a_stage_that_is_not_the_reason_does_not_pass(form: str) -> None:
    rng, wrong = Random(1), 0
    stages = ("no_asset", "too_small", "banned") if form == "matches" else STAGES
    for seed in range(COUNT):
        one = drawn(seed, form)
        for short in rows(solved(one).plan):
            if short["reason"] in STAGES:
                stage = rng.choice([stage for stage in stages if stage != short["reason"]])
                with pytest.raises(AssertionError):
                    check_both(one, {**short, "reason": stage})
                wrong += 1
    assert wrong > COUNT


def check_both(one: Instance, short: Row) -> None:
    check_first(one, short, solved)
    check_walk(one, short, solved)


@pytest.mark.parametrize("form", FORMS)
def test_a_purpose_of_its_own_changes_nothing(form: str) -> None:
    rng = Random(1)
    for seed in range(COUNT):
        one = drawn(seed, form)
        result, other = solved(one), copied(one)
        alone(other, rng.choice(other.needs))
        again = solved(other)
        assert again.objective == result.objective, seed
        assert again.plan.transfers.equals(result.plan.transfers), seed
        assert again.plan.shortfalls.equals(result.plan.shortfalls), seed


@pytest.fixture(scope="module")
def country() -> National:
    return national(["premises"], PROVINCES)


@pytest.fixture(scope="module")
def trial(country: National) -> Trial:
    return Trial(country)


@pytest.fixture(scope="module")
def plan(trial: Trial) -> solver.Plan:
    return solved(trial.one).plan


def test_the_plan_of_a_country_is_that_of_its_provinces(trial: Trial, plan: solver.Plan) -> None:
    parts = [trial.base(province).plan for province in PROVINCES]
    for name, key in (("transfers", ["asset_id", "need_id"]), ("shortfalls", ["need_id"])):
        whole = getattr(plan, name).sort_values(key).to_dict("records")
        pieces = [row for part in parts for row in getattr(part, name).to_dict("records")]
        assert sorted(pieces, key=lambda row: [row[k] for k in key]) == whole, name


def test_premises_are_planned_as_if_there_were_no_movables() -> None:
    apart, every = (
        rows(solved(national(categories, PROVINCES[:1])).plan)
        for categories in (["premises"], ["vehicle", "equipment", "premises"])
    )
    ids = {row["need_id"] for row in apart}
    assert [row for row in every if row["need_id"] in ids] == apart
    assert len(apart) < len(every)


def test_what_a_need_that_may_cross_a_border_has_to_do_with_is_planned_as_in_the_country(
    trial: Trial, plan: solver.Plan
) -> None:
    short = next(row for row in rows(plan) if row["reason"] == "province_rule")
    other = relaxed(trial.one, short)
    assert isinstance(other, National)
    part = other.part(str(short["need_id"]))
    names = {part.home(row) for row in part.needs}
    assert len(names) == len(PROVINCES) - 1
    rest = [trial.base(province).objective for province in PROVINCES if province not in names]
    assert solved(other).objective == solved(part).objective + sum(rest)


def test_each_reason_of_the_plan_of_some_provinces_stands_its_trial(trial: Trial, plan: solver.Plan) -> None:
    chosen = sample(rows(plan), Random(1), 40)
    found = {str(short["reason"]): trial.check(plan, short) for short in chosen}
    assert set(found) == {"within_commune", "reach", "province_rule", "too_dear", "outbid"}
    assert trial.proven >= 2
