"""Pins of premises: what they leave of rooms, places, norms and money, and what no plan could hold."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import solver
from solver.limits.rows import side_rows
from solver.patterns.search import house
from solver.plan.lodge import lodge
from solver.problem.premises import left_by_pins
from tests.solver.limits.premises_cases import Case, small_instance, with_pins
from tests.solver.problem.instances import FORMS, Instance
from tests.solver.problem.naive_premises import NaivePremises

if TYPE_CHECKING:
    from solver.problem.premises import Premises

FAR = 1 << 61


def one_building(area: float | str, wanted: int, *, form: str = "communes", **scenario: object) -> Instance:
    """Make a building and a need for places of 80 m2, one commune."""
    asset = {"asset_id": "A", "category": "premises", "commune_code": "97001", "kind": "office"}
    need = {"need_id": "N", "category": "premises", "commune_code": "97001", "purpose": "education"}
    one = Instance(
        form,
        [{**asset, "area_m2": area, "condition_pct": 100}],
        [{**need, "area_m2": 80, "units": wanted, "priority": 3, "price_vnd": 10**9}],
        {"date": "2025-08-15", **scenario},
    )
    if form == "pairs":
        one.metres = {("A", "N"): 1_000}
    if form == "matches":
        one.matches = [{"asset_id": "A", "need_id": "N", "cost_vnd": 7, "load": "80.5", "spend_vnd": 5}]
    return one


def pinned(one: Instance, *pins: list[Any]) -> Premises:
    one.scenario["stability"] = {**one.scenario.get("stability", {}), "pins": list(pins)}
    premises = one.build().premises
    assert premises is not None
    return premises


def errors_of(one: Instance, *pins: list[Any]) -> list[tuple[str, str | None, str, dict[str, str]]]:
    with pytest.raises(solver.InvalidProblemError) as caught:
        pinned(one, *pins)
    found = [issue for issue in caught.value.issues if issue.severity == "error"]
    return [(issue.code, issue.column, issue.value, dict(issue.params)) for issue in found]


@pytest.mark.parametrize("form", FORMS)
def test_a_pin_takes_its_room_and_its_places_and_opens_its_building(form: str) -> None:
    one = one_building("250.5", 4, form=form, prices={"open_premises": 10**8})
    premises = pinned(one, ["A", "N", 2])
    load = 80.5 if form == "matches" else 80
    estate = premises.estate
    assert premises.pins.units.tolist() == [2]
    assert estate.capacity.tolist() == [(250.5 - 2 * load) * premises.area_unit]
    assert (estate.opening.tolist(), premises.assets.opening.tolist()) == ([0], [10**8])
    assert (estate.demand.tolist(), premises.needs.units.tolist()) == ([2], [4])
    assert house(estate).use.places.tolist() == [1]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(("area", "wanted", "places"), [("250", 4, 3), ("1000", 4, 4), ("80.5", 4, 1)])
def test_a_pin_without_units_takes_what_fits_and_is_wanted(
    form: str, area: str, wanted: int, places: int
) -> None:
    assert pinned(one_building(area, wanted, form=form), ["A", "N"]).pins.units.tolist() == [places]


def test_a_place_without_load_fits_any_number_of_times() -> None:
    one = one_building(1, 5, form="matches")
    one.matches[0]["load"] = 0
    assert pinned(one, ["A", "N"]).pins.units.tolist() == [5]


@pytest.mark.parametrize("form", FORMS)
def test_a_full_building_and_a_met_need_leave_nothing_to_plan(form: str) -> None:
    premises = pinned(one_building("80.5", 1, form=form), ["A", "N"])
    housing = house(premises.estate)
    assert (housing.objective, housing.bound, len(housing.use.host)) == (0, 0, 0)
    estate = premises.estate
    assert estate.lister.pairs(np.arange(estate.n_hosts), estate.price).guest.tolist() == []


@pytest.mark.parametrize("form", FORMS)
def test_a_pin_that_no_plan_can_hold_is_an_issue(form: str) -> None:
    asked = {"what": "need", "asked": "3", "available": "2"}
    one = one_building(1_000, 2, form=form)
    assert errors_of(one, ["A", "N", 3]) == [("pin_exceeds", "stability.pins[0]", "A, N", asked)]
    one = one_building(200, 9, form=form)
    load = "241.5" if form == "matches" else "240"
    room = {"what": "room", "asked": load, "available": "200"}
    assert errors_of(one, ["A", "N", 3]) == [("pin_exceeds", "stability.pins[0]", "A, N", room)]
    one = one_building(79, 2, form=form)
    (found,) = errors_of(one, ["A", "N"])
    assert found[0] == "pin_ineligible"
    assert found[3]["stage"] == "too_small"
    one = one_building(1_000, 2, form=form, stability={"bans": [["A", "N"]]})
    (found,) = errors_of(one, ["A", "N"])
    assert (found[0], found[3]["stage"]) == ("pin_ineligible", "banned")


def test_pins_count_in_norms_and_may_not_exceed_them() -> None:
    one = one_building(1_000, 4, norms={"max_per_commune": {"premises": 3}})
    assert pinned(one, ["A", "N", 2]).norms.cap.tolist() == [1]
    (found,) = errors_of(one, ["A", "N", 4])
    assert found[0] == "pin_exceeds"
    assert found[3]["what"] == "norm|97001|premises"


def test_amounts_of_pins_that_leave_64_bits_are_an_issue() -> None:
    one = one_building(1_000_000, 12_000, form="matches")
    one.matches[0].update(cost_vnd=10**15, load=1)
    assert errors_of(one, ["A", "N", 1_153])[0][:2] == ("money_range", "stability.pins[0]")
    assert len(pinned(one, ["A", "N", 1_100]).pins) == 1


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 10**6), st.sampled_from(FORMS))
def test_pins_and_a_plan_beside_them_never_exceed_room_demand_or_norms(seed: int, form: str) -> None:
    rng = Random(seed)
    one = small_instance(rng, form)
    problem = with_pins(rng, one)
    assume(problem is not None)
    assert problem is not None
    premises = problem.premises
    assert premises is not None
    case, naive = Case(problem, premises, side_rows(problem, {})), NaivePremises(one)
    estate = premises.estate
    for a, h in enumerate(premises.host_of.tolist()):
        assert h < 0 or estate.capacity[h] == case.room[a]
        assert h < 0 or estate.opening[h] == case.opening[a]
    demand = np.zeros(estate.n_guests, np.int64)
    np.add.at(demand, premises.guest_of, case.wanted)
    assert estate.demand.tolist() == demand.tolist()
    pairs = estate.lister.pairs(np.arange(estate.n_hosts), np.full(estate.n_guests, FAR))
    owner = np.repeat(np.arange(estate.n_hosts), np.diff(pairs.first))
    listed = set(zip(owner.tolist(), pairs.guest.tolist(), strict=True))
    for a, n in case.eligible:
        there = (int(premises.host_of[a]), int(premises.guest_of[n])) in listed
        assert there == (case.load[a, n] <= case.room[a])
    assets, needs = left_by_pins(premises)
    moves = lodge(replace(premises, assets=assets, needs=needs), house(estate).use)
    plan = dict(case.pinned)
    for a, n, units in zip(moves.asset.tolist(), moves.need.tolist(), moves.units.tolist(), strict=True):
        plan[a, n] = plan.get((a, n), 0) + units
    rows: dict[tuple[str, str], int] = {}
    for a, name in enumerate(premises.assets.ids):
        taken = [
            k * naive.load(naive.assets[str(name)], naive.needs[str(premises.needs.ids[n])])
            for (b, n), k in plan.items()
            if b == a
        ]
        assert sum(taken) <= float(naive.assets[str(name)]["area_m2"])
    for (_, n), units in plan.items():
        need = naive.needs[str(premises.needs.ids[n])]
        for key in naive.rules["norms"]["max_per_commune"]:
            if key in ("premises", f"premises/{need['kinds']}"):
                place = (str(need["commune_code"]), key)
                rows[place] = rows.get(place, 0) + units
    assert all(got <= naive.rules["norms"]["max_per_commune"][key] for (_, key), got in rows.items())
    met = [sum(k for (_, m), k in plan.items() if m == n) for n in range(len(case.wanted))]
    assert all(got <= want for got, want in zip(met, premises.needs.units.tolist(), strict=True))
