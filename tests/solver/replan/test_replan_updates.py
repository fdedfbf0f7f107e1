"""Small updates of a plan that is at hand with its proof: what stays is not solved again, and is right."""

from __future__ import annotations

import os
from copy import deepcopy
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

import solver
from tests.solver.limits.cases import asset, match, moves, need, problem
from tests.solver.problem.instances import FORMS
from tests.solver.problem.naive import plan_of
from tests.solver.replan.check import best_of_levels
from tests.solver.replan.drawn import WHAT, Case, inventory, lines_of
from tests.solver.replan.naive_changes import changes_of
from tests.solver.replan.seen import accepted, changes

if TYPE_CHECKING:
    from pathlib import Path

    from tests.solver.problem.instances import Instance

FREEDOMS = ("free", "same_province", "same_recipient")
SEEDS = range(900, 904)
#: Parts of a scenario under which everything hangs together.
LIMITS = ("limits", "equity", "stability", "objective")


def updated(rng: Random, one: Instance) -> Instance:
    """Change one or two rows, or none."""
    now = deepcopy(one)
    for _ in range(rng.randint(0, 2)):
        change = rng.randrange(4)
        if change == 0 and len(now.assets) > 1:
            gone = now.assets.pop(rng.randrange(len(now.assets)))["asset_id"]
            now.matches = [match for match in now.matches if match["asset_id"] != gone]
        elif change == 1:
            rng.choice(now.assets)["condition_pct"] = str(rng.choice([100, 70, 40]))
        elif change == 2:
            need = rng.choice(now.needs)
            need["units"] = int(need["units"] or 1) + 1
        elif len(now.needs) > 1:
            gone = now.needs.pop(rng.randrange(len(now.needs)))["need_id"]
            now.matches = [match for match in now.matches if match["need_id"] != gone]
    return now


def check(seed: int, form: str, what: str, folder: Path) -> None:
    """Plan, change little, plan again, and compare with an integer programme."""
    rng = Random(f"update {seed} {form} {what}")
    one = inventory(rng, form, what)
    one.scenario = {key: rules for key, rules in one.scenario.items() if key not in LIMITS}
    before = solver.solve(one.build(), time_limit=0)
    now = updated(rng, one)
    if now.form == "matches" and not now.matches:
        return
    rules = {"freedom": rng.choice(FREEDOMS), "change_price_vnd": rng.choice([0, 1, 1_000_000, 10**9])}
    case = Case(now, lines_of(before)).under(stability=rules)
    naive = case.naive()
    result = solver.replan(case.one.build(), baseline=before, time_limit=0)
    plan = plan_of(result.plan.transfers)
    assert naive.broken(plan) == []
    assert result.objective == naive.objective(plan)
    best_of_levels(naive, result, exact=True)
    assert changes(result) == changes_of(naive, plan)
    assert accepted(result, folder / f"{form}{what}{seed}") == []


@pytest.mark.parametrize("what", WHAT)
@pytest.mark.parametrize("form", FORMS)
def test_a_small_update_is_planned_as_an_integer_programme_says(form: str, what: str, tmp_path: Path) -> None:
    for seed in SEEDS:
        check(seed, form, what, tmp_path)


def ring(**rules: object) -> solver.Problem:
    """Three buildings with room for two of three needs each, whose openings prices see by halves only."""
    own: dict[str, Any] = {"category": "premises"}
    inside = {"A": "12", "B": "23", "C": "13"}
    return problem(
        [asset(name, area_m2=20, **own) for name in inside],
        [need(name, 1000, area_m2=10, recipient=f"R{name}", **own) for name in "123"],
        [match(name, one, 1) for name, needs in inside.items() for one in needs],
        prices={"open_premises": 101},
        stability=rules,
    )


@pytest.mark.parametrize("freedom", FREEDOMS)
def test_a_tree_of_what_is_untouched_holds_where_freedom_leaves_its_pairs(
    freedom: str, tmp_path: Path
) -> None:
    # Two openings and three places: 205. Prices prove half openings, 154.5.
    before = solver.solve(ring())
    assert (before.objective, before.bound, len(before.certificate["tree"])) == (205, 205, 1)
    result = solver.replan(ring(freedom=freedom, change_price_vnd=3), baseline=before)
    assert (result.objective, result.bound) == (205, 205)
    assert moves(result) == moves(before)
    trees = [tree["plain"] for tree in result.certificate["tree"] or []]
    # With the same recipients, the second need has A alone: whole openings, by prices.
    assert trees == {"free": [True], "same_province": [False], "same_recipient": []}[freedom]
    assert accepted(result, tmp_path / "plan") == []


@pytest.mark.torture
@pytest.mark.parametrize("what", WHAT)
@pytest.mark.parametrize("form", FORMS)
def test_a_long_random_search_over_updates_finds_no_difference(form: str, what: str, tmp_path: Path) -> None:
    first = int(os.environ.get("SURPLAN_TORTURE_SEED", "0"))
    for seed in range(first, first + int(os.environ.get("SURPLAN_TORTURE_COUNT", "300"))):
        check(seed, form, what, tmp_path)
