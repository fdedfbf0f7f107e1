"""Premises: stages, parts and loads of random pairs equal a naive reading of docs/cost.md, and the lister."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from functools import cache
from random import Random
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import solver
from solver.patterns.estate import at_stake
from solver.problem.numbers import half_up
from solver.problem.premises import ELIGIBLE, STAGES, load_of, parts_of_premises, stage_of_premises
from solver.problem.premises_sides import area_unit, split, times
from tests.solver.problem.instances import FORMS, Instance
from tests.solver.problem.naive_premises import NaivePremises
from tests.solver.problem.premises_instances import premises_instance

if TYPE_CHECKING:
    from solver.problem.premises import Premises

SEEDS = range(80)
FAR = 1 << 61


@cache
def worked_out(seed: int, form: str) -> tuple[NaivePremises, Premises | None]:
    naive = NaivePremises(premises_instance(Random(seed), form))
    return naive, naive.one.build().premises


def everything(premises: Premises) -> tuple[np.ndarray, np.ndarray]:
    i, j = np.indices((len(premises.assets.ids), len(premises.needs.ids)))
    return i.ravel(), j.ravel()


@pytest.mark.parametrize("form", FORMS)
def test_every_pair_has_the_stage_metres_parts_and_load_of_the_naive_reading(form: str) -> None:
    seen = set()
    for seed in SEEDS:
        naive, premises = worked_out(seed, form)
        if premises is None:
            assert not naive.assets
            assert not naive.needs
            continue
        assets, needs = premises.assets, premises.needs
        i, j = everything(premises)
        stage, part = stage_of_premises(premises, i, j), parts_of_premises(premises, i, j)
        load, far = load_of(premises, i, j), premises.metres.of(assets, needs, i, j)
        for k in range(len(i)):
            a, n = str(assets.ids[i[k]]), str(needs.ids[j[k]])
            match = naive.all[a, n]
            name = "" if stage[k] == ELIGIBLE else STAGES[stage[k]]
            seen.add(name)
            assert name == match.stage, (seed, a, n)
            assert load[k] == naive.load(naive.assets[a], naive.needs[n]) * premises.area_unit
            if form != "matches":
                assert far[k] == (-1 if match.metres is None else match.metres)
                assert {key: getattr(part, key)[k] for key in match.parts} == match.parts, (seed, a, n)
            if match.metres is not None or (form == "matches" and match.stage != "no_asset"):
                assert (part.cost[k], part.spend[k]) == (match.cost, match.spend), (seed, a, n)
        assert needs.base.tolist() == [naive.price(naive.needs[n]) for n in needs.ids]
        assert needs.price.tolist() == [naive.weighted(naive.needs[n]) for n in needs.ids]
        assert needs.priority.tolist() == [naive.priority(naive.needs[n]) for n in needs.ids]
        assert assets.opening.tolist() == [naive.opening(naive.assets[a]) for a in assets.ids]
    planned = set(STAGES) - {"freedom"}  # that is a stage of re-plans alone
    every = {"no_asset", "too_small", "banned"} if form == "matches" else planned
    assert seen == {"", *every}


@pytest.mark.parametrize("form", FORMS)
def test_the_estate_lists_exactly_the_eligible_pairs_of_the_naive_reading(form: str) -> None:
    listed = merged = 0
    for seed in SEEDS:
        naive, premises = worked_out(seed, form)
        if premises is None:
            continue
        estate, host_of, guest_of = premises.estate, premises.host_of, premises.guest_of
        pairs = estate.lister.pairs(np.arange(estate.n_hosts), np.full(estate.n_guests, FAR))
        found = {}
        for h in range(estate.n_hosts):
            span = slice(pairs.first[h], pairs.first[h + 1])
            assert (np.diff(pairs.guest[span]) > 0).all()
            for g, cost, load in zip(pairs.guest[span], pairs.cost[span], pairs.load[span], strict=True):
                assert load <= estate.capacity[h]
                found[h, int(g)] = (int(cost), int(load))
        expected: dict[tuple[int, int], tuple[int, int]] = {}
        counted = 0
        for a, h in zip(premises.assets.ids, host_of.tolist(), strict=True):
            for n, g in zip(premises.needs.ids, guest_of.tolist(), strict=True):
                match = naive.all[str(a), str(n)]
                # Rows of one class have equal pairs, rows without a class none.
                assert match.stage or h >= 0
                assert h < 0 or (match.stage == "") == ((h, g) in found), (seed, a, n)
                if not match.stage:
                    load = naive.load(naive.assets[str(a)], naive.needs[str(n)]) * premises.area_unit
                    assert expected.setdefault((h, g), (match.cost, int(load))) == (match.cost, int(load))
                    counted += 1
        assert found == expected
        listed, merged = listed + len(found), merged + counted - len(found)
    assert listed > 400
    assert merged > 100 or form != "communes"


@pytest.mark.parametrize("form", FORMS)
def test_classes_carry_the_sums_and_the_values_of_their_rows(form: str) -> None:
    rows = 0
    for seed in SEEDS:
        naive, premises = worked_out(seed, form)
        if premises is None:
            continue
        estate, unit = premises.estate, premises.area_unit
        assert estate.copies.tolist() == [(premises.host_of == h).sum() for h in range(estate.n_hosts)]
        demand = np.zeros(estate.n_guests, np.int64)
        for a, h in zip(premises.assets.ids, premises.host_of.tolist(), strict=True):
            row = naive.assets[str(a)]
            if h >= 0:
                assert estate.capacity[h] == Fraction(str(row["area_m2"] or 0)) * unit
                assert estate.opening[h] == naive.opening(row)
        for n, g in zip(premises.needs.ids, premises.guest_of.tolist(), strict=True):
            need = naive.needs[str(n)]
            demand[g] += need["units"]
            assert estate.price[g] == naive.weighted(need)
            at = int(estate.row[g])
            while at >= 0:
                _, code, key = premises.norms.ids[at].split("|")
                used = [
                    a
                    for a in naive.one.assets
                    if a["status"] == "in_use" and a["commune_code"] == code
                    and key in ("premises", f"premises/{a['kind']}")
                ]  # fmt: skip
                most = naive.rules["norms"]["max_per_commune"][key]
                assert (code, estate.rows.cap[at]) == (need["commune_code"], max(0, most - len(used)))
                at = int(estate.rows.parent[at])
                rows += 1
        assert estate.demand.tolist() == demand.tolist()
    assert rows > 50


@pytest.mark.parametrize("form", FORMS)
def test_some_hosts_and_ceilings_give_that_part_of_the_list(form: str) -> None:
    kept = 0
    for seed in SEEDS:
        _, premises = worked_out(seed, form)
        if premises is None or not premises.estate.n_hosts:
            continue
        estate, rng = premises.estate, np.random.default_rng(seed)
        whole = estate.lister.pairs(np.arange(estate.n_hosts), np.full(estate.n_guests, FAR))
        ceiling = (
            rng.choice(whole.cost, estate.n_guests) if len(whole.cost) else np.zeros(estate.n_guests, int)
        )
        asked = rng.integers(0, estate.n_hosts, rng.integers(0, 9))
        part = estate.lister.pairs(asked, ceiling)
        assert len(part.first) == len(asked) + 1
        for at, h in enumerate(asked):
            here = np.arange(whole.first[h], whole.first[h + 1])
            here = here[whole.cost[here] < ceiling[whole.guest[here]]]
            span = slice(part.first[at], part.first[at + 1])
            for name in ("guest", "cost", "load"):
                assert getattr(part, name)[span].tolist() == getattr(whole, name)[here].tolist()
            kept += len(here)
    assert kept > 80


def one_pair(asset: dict[str, Any], need: dict[str, Any], scenario: dict[str, Any]) -> Instance:
    return Instance(
        "communes",
        [{"asset_id": "A", "category": "premises", "commune_code": "97001", "area_m2": 300, **asset}],
        [{"need_id": "N", "category": "premises", "commune_code": "97001", "area_m2": 300, **need}],
        {"date": "2025-08-15", **scenario},
    )


@pytest.mark.parametrize(
    ("asset", "need", "part", "vnd"),
    [
        ({"kind": "office", "condition_pct": 60}, {}, "repair", 360_000_000),
        ({"kind": "warehouse"}, {"purpose": "education"}, "change_of_use", 450_000_000),
        ({"kind": "land"}, {"kinds": "land"}, "build", 2_700_000_000),
        ({"kind": "office", "commune_code": "97002"}, {}, "travel", 2_700_000),
        ({"kind": "land"}, {"kinds": "land"}, "repair", 0),
        ({"kind": "land"}, {"kinds": "land"}, "change_of_use", 0),
        ({"kind": "office"}, {}, "repair", 900_000_000),  # unknown condition counts 0 %
        ({"kind": "school", "condition_pct": 100}, {"purpose": "education"}, "change_of_use", 0),
        ({"kind": "office", "condition_pct": 100}, {"purpose": "sport"}, "change_of_use", 450_000_000),
        ({"kind": "office", "condition_pct": 100}, {}, "change_of_use", 450_000_000),
        ({"kind": "office", "condition_pct": 100}, {}, "handover", 5_000_000),
    ],
)
def test_parts_are_those_of_the_worked_examples(
    asset: dict[str, Any], need: dict[str, Any], part: str, vnd: int
) -> None:
    one = one_pair(asset, need, {})
    one.metres = {("97002", "97001"): 4_500}
    premises = one.build().premises
    assert premises is not None
    zero = np.array([0])
    assert stage_of_premises(premises, zero, zero).tolist() == [ELIGIBLE]
    assert getattr(parts_of_premises(premises, zero, zero), part).tolist() == [vnd]


def test_equal_rows_are_one_class_and_a_ban_or_a_release_value_that_counts_parts_them() -> None:
    one = one_pair({"kind": "office"}, {}, {})
    one.assets = [{**one.assets[0], "asset_id": f"A{k}", "release_value_vnd": k % 2} for k in range(4)]
    one.needs = [{**one.needs[0], "need_id": f"N{k}"} for k in range(3)]

    def sizes() -> tuple[list[int], list[int]]:
        premises = one.build().premises
        assert premises is not None
        return sorted(premises.estate.copies.tolist()), sorted(premises.estate.demand.tolist())

    assert sizes() == ([4], [3])
    one.scenario["prices"] = {"count_release_value": True}
    assert sizes() == ([2, 2], [3])
    one.scenario["stability"] = {"bans": [["A1", "N2"]]}
    assert sizes() == ([1, 1, 2], [1, 2])


def issues_of(one: Instance) -> list[tuple[str, str | None, str]]:
    with pytest.raises(solver.InvalidProblemError) as caught:
        one.build()
    return [(i.table, i.column, i.code) for i in caught.value.issues if i.severity == "error"]


@pytest.mark.parametrize(
    "key", ["repair_per_m2", "change_of_use_per_m2", "build_per_m2", "travel_per_km_m2_year"]
)
def test_a_price_per_m2_that_64_bits_cannot_multiply_is_an_issue(key: str) -> None:
    one = one_pair({"kind": "office", "commune_code": "97002"}, {}, {"prices": {key: 10**15}})
    one.metres = {("97002", "97001"): 4_500}
    assert issues_of(one) == [("scenario", f"prices.{key}", "money_range")]


@pytest.mark.parametrize("key", ["repair_per_m2", "travel_per_km_m2_year"])
def test_so_is_one_with_too_many_digits_for_large_areas(key: str) -> None:
    area = {"area_m2": "900000000.01"}
    one = one_pair(
        {"kind": "office", "commune_code": "97002", **area}, area, {"prices": {key: Decimal("0.123456789")}}
    )
    one.scenario["prices"].update(dict.fromkeys(("change_of_use_per_m2", "build_per_m2"), 0))
    one.scenario["prices"]["unmet"] = {"premises": 1}
    one.metres = {("97002", "97001"): 20_000_000}
    assert issues_of(one) == [("scenario", f"prices.{key}", "money_range")]


def amounts(form: str, needs: list[tuple[int, int]], values: list[int], base: int = 0) -> Instance:
    """Make needs of (price, units) in one commune with buildings of some release values."""
    one = one_pair({}, {}, {"prices": {"open_premises": base, "count_release_value": True}})
    one.form = form
    asset, need = one.assets[0], one.needs[0]
    one.assets = [
        {**asset, "asset_id": f"A{k}", "kind": "office", "release_value_vnd": v} for k, v in enumerate(values)
    ]
    one.needs = [
        {**need, "need_id": f"N{k}", "area_m2": 1, "price_vnd": vnd, "units": units, "priority": 3}
        for k, (vnd, units) in enumerate(needs)
    ]
    one.matches = [
        {"asset_id": a["asset_id"], "need_id": n["need_id"], "cost_vnd": 1 + k, "load": 1}
        for k, a in enumerate(one.assets)
        for n in one.needs
    ]
    one.metres = {(str(a["asset_id"]), str(n["need_id"])): 1_000 for a in one.assets for n in one.needs}
    if form == "communes":
        one.metres = {}
    return one


BILLIARD = 10**15
LIMIT = 1 << 60


@pytest.mark.parametrize("form", FORMS)
def test_amounts_that_together_leave_64_bits_are_an_issue_at_the_largest(form: str) -> None:
    whole, rest = divmod(LIMIT - 1, BILLIARD)
    fits = [(BILLIARD, whole), (rest, 1)]
    premises = amounts(form, fits, [0]).build().premises
    assert premises is not None
    assert at_stake(premises.estate) == LIMIT - 1
    places, release = ("needs", "price_vnd", "money_range"), ("assets", "release_value_vnd", "money_range")
    opening = ("scenario", "prices.open_premises", "money_range")
    for needs, values, base, expected in (
        ([*fits, (1, 1)], [0], 0, places),
        (fits, [0, 1], 0, places),
        (fits, [0, 0], 1, places),
        ([(1, 1)], [BILLIARD] * 1_153, 0, release),
        ([(1, 1)], [0] * 1_153, BILLIARD, opening),
        ([(BILLIARD, 10**9)], [0], 0, places),
    ):
        assert issues_of(amounts(form, needs, values, base)) == [expected]


def test_amounts_just_below_are_planned_explained_and_verified() -> None:
    whole, rest = divmod(LIMIT - 1, BILLIARD)
    problem = amounts("matches", [(BILLIARD, whole), (rest, 1)], [0]).build()
    result = solver.solve(problem, time_limit=20)
    # 300 places of 1 m2 cost 1 each; the others, and the need with the lesser price, are left out.
    assert (result.objective, result.bound) == (300 + (whole - 300) * BILLIARD + rest,) * 2
    assert solver.verify(problem, result.plan, result.certificate).ok


def test_a_place_of_more_than_a_thousand_square_kilometres_is_an_issue() -> None:
    assert issues_of(one_pair({}, {"area_m2": 10**9 + 1, "price_vnd": 1}, {})) == [
        ("needs", "area_m2", "area_range")
    ]
    one = one_pair({}, {}, {})
    one.form, one.matches = "matches", [{"asset_id": "A", "need_id": "N", "cost_vnd": 1, "load": 10**9 + 1}]
    assert issues_of(one) == [("matches", "load", "area_range")]


def test_a_match_may_state_the_load_of_a_need_without_area_but_then_the_need_states_its_price() -> None:
    one = one_pair({}, {"area_m2": ""}, {})
    one.form, one.matches = "matches", [{"asset_id": "A", "need_id": "N", "cost_vnd": 1, "load": "0.5"}]
    assert issues_of(one) == [("needs", "area_m2", "area_missing")]
    one.needs[0]["price_vnd"] = 7
    premises = one.build().premises
    assert premises is not None
    assert (premises.area_unit, premises.estate.opening.tolist()) == (2, [0])


def test_the_price_of_a_purpose_comes_before_those_of_the_kinds_which_must_agree() -> None:
    unmet = {"prices": {"unmet": {"premises": 5, "premises/house": 7, "premises/health": 3}}}
    for need, vnd in (
        ({"kinds": "house|office", "purpose": "health"}, 900),
        ({"kinds": "house", "purpose": "sport"}, 2_100),
        ({"kinds": "office|school"}, 1_500),
        ({"area_m2": "0.5", "kinds": "house"}, 4),
    ):
        premises = one_pair({}, need, unmet).build().premises
        assert premises is not None
        assert premises.needs.base.tolist() == [vnd]
    assert issues_of(one_pair({}, {"kinds": "house|office"}, unmet)) == [
        ("needs", "price_vnd", "price_mixed_kinds")
    ]


def test_empty_kinds_take_any_but_land_so_that_a_norm_of_land_or_a_purpose_mixes_nothing() -> None:
    for key, fine in (("premises/land", True), ("premises/health", True), ("premises/house", False)):
        one = one_pair({}, {}, {"norms": {"max_per_commune": {key: 1}}})
        if fine:
            assert one.build().premises is not None
        else:
            assert issues_of(one) == [("needs", "kinds", "norm_mixed_kinds")]


def test_inputs_hold_the_metres_of_premises() -> None:
    one = one_pair({"lat": 10.01, "lon": 105.02}, {}, {})
    one.assets.append({**one.assets[0], "asset_id": "B", "commune_code": "98001", "lat": "", "lon": ""})
    one.metres = {("98001", "97001"): 123}
    files = one.build().input_files()
    assert files["metres.csv"] == b"from_commune_code,97001\n97001,0\n98001,123\n"
    assert files["metres_pairs.csv"] == b"asset_id,need_id,metres\nA,N,3210\n"


RATES = st.fractions(min_value=0, max_value=10**6, max_denominator=10**6)


@given(st.lists(RATES, min_size=1), st.integers(0, 10**9))
def test_a_split_rate_times_a_number_is_the_product_rounded_half_up(
    rates: list[Fraction], factor: int
) -> None:
    product = times(*split(rates), np.full(len(rates), factor))
    assert product.tolist() == [half_up(rate * factor) for rate in rates]


AREA = st.decimals(0, 10**6, places=2)


@given(st.lists(AREA), st.lists(AREA))
def test_the_unit_of_area_is_the_least_that_makes_every_area_whole(
    needed: list[Decimal], offered: list[Decimal]
) -> None:
    unit = area_unit([None, *needed], [*offered, None])
    every = [Fraction(area) for area in (*needed, *offered)]
    assert all((area * unit).denominator == 1 for area in every)
    assert not any(all((area * less).denominator == 1 for area in every) for less in range(1, unit))


def test_digits_of_areas_offered_are_given_up_where_64_bits_would_not_hold_them() -> None:
    assert area_unit([Decimal("0.5")], [Decimal("70368744177663.75")]) == 4
    assert area_unit([Decimal("0.5")], [Decimal("70368744177664.25")]) == 2
