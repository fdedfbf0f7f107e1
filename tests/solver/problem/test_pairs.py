"""Stages, metres and prices of random pairs equal a naive reading of docs/cost.md and the compiled loops."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from random import Random
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import geodata
import solver
from solver.flow.pricing import best_offers, best_wants, cheapest_pairs, measure, pairs_at_most
from solver.problem.numbers import half_up
from solver.problem.pairs import ELIGIBLE, STAGES, parts_of, stage_of
from tests.solver.problem.instances import Instance, random_instance
from tests.solver.problem.naive import Naive

if TYPE_CHECKING:
    from collections.abc import Iterable

    from solver.problem.problem import Category

MONEY = (1, 10**3, 10**6, 10**12)
FAR = 1 << 61


def draw(seed: int, form: str, **more: Any) -> Instance:  # noqa: ANN401 (passed on)
    rng = Random(seed)
    return random_instance(
        rng, form, assets=14, needs=14, plain=seed % 2 == 0, money=rng.choice(MONEY), **more
    )


@cache
def drawn(seed: int, *, ties: bool) -> Iterable[Category]:
    """Return what several tests look at, and none changes."""
    return draw(seed, "communes", ties=ties).build().categories.values()


@pytest.mark.parametrize("form", ["communes", "pairs"])
def test_every_pair_has_the_stage_metres_parts_and_price_of_the_naive_reading(form: str) -> None:
    seen = set()
    for seed in range(24):
        naive = Naive(draw(seed, form))
        for category in naive.one.build().categories.values():
            assets, needs = category.assets, category.needs
            i, j = (part.ravel() for part in np.indices((len(assets.ids), len(needs.ids))))
            stage = stage_of(assets, needs, category.metres, i, j)
            far = category.metres.of(assets, needs, i, j)
            part = parts_of(assets, needs, category.metres, i, j)
            for k in range(len(i)):
                match = naive.all[str(assets.ids[i[k]]), str(needs.ids[j[k]])]
                name = "" if stage[k] == ELIGIBLE else STAGES[stage[k]]
                seen.add(name)
                assert name == match.stage, (seed, assets.ids[i[k]], needs.ids[j[k]])
                assert far[k] == (-1 if match.metres is None else match.metres)
                if not match.stage:
                    assert {key: getattr(part, key)[k] for key in match.parts} == match.parts
                    assert (part.cost[k], part.spend[k]) == (match.cost, match.spend)
            assert needs.base.tolist() == [naive.price(naive.needs[n]) for n in needs.ids]
            assert needs.price.tolist() == [naive.weighted(naive.needs[n]) for n in needs.ids]
            assert needs.priority.tolist() == [naive.priority(naive.needs[n]) for n in needs.ids]
    assert seen == {"", *STAGES} - {"freedom"}  # that of re-plans alone


@pytest.mark.parametrize("ties", [False, True])
def test_the_compiled_loops_find_and_price_exactly_the_eligible_pairs_that_pay(ties: bool) -> None:
    listed = 0
    for seed in range(24):
        for category in drawn(seed, ties=ties):
            market, classes = category.classes.market, category.classes
            everywhere = np.full(market.n_offers, FAR, np.int64)
            offer, want = pairs_at_most(market, np.zeros(market.n_wants, np.int64), everywhere)
            cost, metres = measure(market, offer, want)
            found = {
                (int(i), int(j)): (int(c), int(m))
                for i, j, c, m in zip(offer, want, cost, metres, strict=True)
            }
            expected: dict[tuple[int, int], tuple[int, int]] = {}
            for a, i in enumerate(classes.offer_of.tolist()):
                for n, j in enumerate(classes.want_of.tolist()):
                    row, column = np.array([a]), np.array([n])
                    stage = stage_of(category.assets, category.needs, category.metres, row, column)[0]
                    unit = parts_of(category.assets, category.needs, category.metres, row, column).cost[0]
                    if stage == ELIGIBLE and unit < category.needs.price[n]:
                        far = category.metres.of(category.assets, category.needs, row, column)[0]
                        assert expected.setdefault((i, j), (int(unit), int(far))) == (
                            unit,
                            far,
                        )  # equal rows, equal pairs
            assert found == expected
            listed += len(found)
    assert listed > 50


def test_the_best_needs_and_assets_are_those_of_a_sort_over_all_pairs() -> None:
    rng = np.random.default_rng(7)
    for seed in range(12):
        for category in drawn(seed, ties=seed % 2 == 0):
            market = category.classes.market
            everywhere = np.full(market.n_offers, FAR, np.int64)
            offer, want = pairs_at_most(market, np.zeros(market.n_wants, np.int64), everywhere)
            cost, _ = measure(market, offer, want)
            prices = rng.integers(0, 10**6, market.n_wants)
            values = rng.integers(0, 10**6, market.n_offers)
            limits = rng.integers(-(10**6), 10**6, market.n_offers)
            keys, found = best_wants(market, prices, limits, 3)
            for i in range(market.n_offers):
                all_keys = sorted(cost[e] - prices[want[e]] for e in np.flatnonzero(offer == i))
                wanted = [key for key in all_keys if key <= limits[i]][:3]
                assert keys[i, : len(wanted)].tolist() == wanted
                assert (found[i, len(wanted) :] == -1).all()
            asked = np.arange(0, market.n_wants, 2, dtype=np.int32)
            above = rng.integers(0, 2 * 10**6, len(asked))
            keys, found = best_offers(market, values, asked, above, 2)
            for at, j in enumerate(asked):
                all_keys = sorted(cost[e] + values[offer[e]] for e in np.flatnonzero(want == j))
                wanted = [key for key in all_keys if key < above[at]][:2]
                assert keys[at, : len(wanted)].tolist() == wanted
                assert (found[at, len(wanted) :] == -1).all()


def test_the_cheapest_pairs_of_both_sides_are_those_of_a_sort_over_all_pairs() -> None:
    listed = 0
    for seed in range(12):
        for category in drawn(seed, ties=seed % 2 == 0):
            market = category.classes.market
            everywhere = np.full(market.n_offers, FAR, np.int64)
            offer, want = pairs_at_most(market, np.zeros(market.n_wants, np.int64), everywhere)
            cost, _ = measure(market, offer, want)
            price_of = {(int(i), int(j)): int(c) for i, j, c in zip(offer, want, cost, strict=True)}
            found, near = cheapest_pairs(market, 3, 2)
            for i in range(market.n_offers):
                prices = [price_of[i, j] for j in found[i].tolist() if j >= 0]
                assert prices == sorted(price for (a, _), price in price_of.items() if a == i)[:3]
            for j in range(market.n_wants):
                prices = [price_of[i, j] for i in near[j].tolist() if i >= 0]
                assert prices == sorted(price for (_, n), price in price_of.items() if n == j)[:2]
                listed += len(prices)
    assert listed > 20


@given(st.fractions(min_value=0))
def test_half_up_is_the_integer_within_a_half_and_halves_go_up(value: Any) -> None:  # noqa: ANN401 (a fraction)
    assert -1 <= 2 * (value - half_up(value)) < 1


def one_pair(**more: Any) -> Instance:  # noqa: ANN401 (columns of the asset, or the scenario)
    scenario = {
        "date": "2025-08-15",
        "rules": {"min_condition_pct": {"equipment": 0}},
        **more.pop("scenario", {}),
    }
    asset = {
        "asset_id": "A",
        "category": "equipment",
        "kind": "computer",
        "commune_code": "97001",
        "units": 1,
        "condition_pct": "100",
        "status": "surplus",
        **more,
    }
    need = {
        "need_id": "N",
        "category": "equipment",
        "kinds": "computer",
        "commune_code": "97001",
        "units": 1,
        "price_vnd": 10**9,
        "lat": 10.01,
        "lon": 105.02,
    }
    return Instance("communes", [asset], [need], scenario)


def test_a_row_without_a_point_stands_at_the_point_of_its_commune() -> None:
    bare = solver.solve(one_pair().build()).plan.transfers
    given_point = solver.solve(one_pair(lat=10.0, lon=105.0).build()).plan.transfers
    assert bare["distance_km"].tolist() == given_point["distance_km"].tolist() == ["3.21"]


def test_assets_a_hair_off_the_communes_point_are_measured_from_where_they_stand() -> None:
    # A leg of 0.4 m is 0 m; the way to a need in the commune may round to another metre all the same.
    one = one_pair()
    one.assets = [
        {**one.assets[0], "asset_id": f"A{k}", "lat": 10 + k / 10**6, "lon": 105.0} for k in range(4)
    ]
    expected: list[int] = []
    for step in range(100):
        lat = 10.01 + step / 10**6
        expected = [int(geodata.distances.metres(row["lat"], 105.0, lat, 105.0)) for row in one.assets]
        one.needs[0].update(units=4, lat=lat, lon=105.0)
        if len(set(expected)) > 1:
            break
    result = solver.solve(one.build(distances=geodata.distances))
    assert len(set(expected)) > 1
    assert list(result.plan.transfers["distance_km"]) == [f"{metres / 1000}" for metres in expected]
    assert result.bound == result.objective


@pytest.mark.parametrize(
    ("rule", "condition", "moves"), [("29.995", "30", 1), ("29.995", "29.99", 0), ("30", "30", 1)]
)
def test_a_rule_between_two_hundredths_of_a_percent_is_not_rounded_down(
    rule: str, condition: str, moves: int
) -> None:
    rules = {"rules": {"min_condition_pct": {"equipment": Decimal(rule)}}}
    result = solver.solve(one_pair(condition_pct=condition, scenario=rules).build())
    assert len(result.plan.transfers) == moves
    assert list(result.plan.shortfalls["reason"]) == ["condition"] * (1 - moves)


@pytest.mark.parametrize("form", ["communes", "pairs"])
def test_a_rate_that_64_bits_cannot_multiply_by_metres_is_an_issue(form: str) -> None:
    one = one_pair(scenario={"prices": {"per_km": {"equipment": 10**15}}})
    one.form, one.metres = form, {("A", "N"): 20_000_000}
    with pytest.raises(solver.InvalidProblemError) as caught:
        one.build()
    assert [found.code for found in caught.value.issues if found.severity == "error"] == ["money_range"]


def test_matches_need_no_communes_and_rows_without_one_have_no_province() -> None:
    asset = {"asset_id": "A", "category": "vehicle", "units": 1}
    need = {"need_id": "N", "category": "vehicle", "units": 1, "price_vnd": 100, "priority": 3}
    one = Instance("matches", [asset], [need], {"date": "2025-08-15"})
    one.matches = [{"asset_id": "A", "need_id": "N", "cost_vnd": 7}]
    for where in ("97001", "99001", ""):
        need["commune_code"] = where
        result = solver.solve(one.build())
        assert result.objective == 7
        assert list(result.plan.transfers["cross_province"]) == [where != ""]
        assert result.plan.summary["parts"]["province"].keys() == ({where[:2]} if where else set())


def test_a_match_whose_asset_counts_in_another_norm_than_its_need_is_an_issue() -> None:
    asset = {"asset_id": "A", "category": "vehicle", "kind": "pickup", "units": 1}
    need = {
        "need_id": "N",
        "category": "vehicle",
        "kinds": "car",
        "units": 1,
        "price_vnd": 100,
        "commune_code": "97001",
    }
    one = Instance(
        "matches", [asset], [need], {"date": "2025-08-15", "norms": {"max_per_commune": {"vehicle/car": 1}}}
    )
    one.matches = [{"asset_id": "A", "need_id": "N", "cost_vnd": 7}]
    with pytest.raises(solver.InvalidProblemError) as caught:
        one.build()
    assert [(f.table, f.row, f.code) for f in caught.value.issues] == [("matches", 2, "norm_mixed_kinds")]
    asset["kind"] = "car"
    assert solver.solve(one.build()).objective == 7


def test_equal_rows_are_one_class_and_a_ban_parts_them() -> None:
    one = one_pair()
    one.assets = [{**one.assets[0], "asset_id": f"A{k}"} for k in range(4)]
    one.needs = [{**one.needs[0], "need_id": f"N{k}"} for k in range(3)]
    classes = one.build().categories["equipment"].classes
    assert (classes.market.n_offers, classes.market.n_wants) == (1, 1)
    assert (classes.market.offers.supply.tolist(), classes.market.wants.demand.tolist()) == ([4], [3])
    one.scenario["stability"] = {"bans": [["A1", "N2"]]}
    classes = one.build().categories["equipment"].classes
    assert (classes.market.n_offers, classes.market.n_wants) == (2, 2)
    assert len(set(classes.offer_of[[0, 2, 3]])) == 1
    assert len(set(classes.want_of[[0, 1]])) == 1
