"""A re-plan beside the plan before, a fresh plan, and other re-plans."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import solver
from app.comparison.figures import PLAIN, figures_of, names_of
from app.comparison.result import compared
from app.comparison.screen import lines_of
from app.comparison.variant import Variant, read_variant
from tests.app.comparison.conftest import ASSETS, COMMUNES, KILOMETRES, NEEDS, PRICES

if TYPE_CHECKING:
    from pathlib import Path


def replanned(folder: Path, before: Path, **stability: int) -> Variant:
    """Plan the small country again beside a plan; changes have no price unless they are given one."""
    rules = {"bans": [], "change_price_vnd": 0, **stability}
    problem = solver.build(
        ASSETS,
        NEEDS,
        scenario={"date": "2025-08-15", "prices": PRICES, "stability": rules},
        communes=COMMUNES,
        distances=KILOMETRES,
    )
    solver.replan(problem, baseline=solver.read_plan(before)).write(folder)
    return read_variant(folder)


@pytest.mark.parametrize(
    ("stability", "comparable", "verdict"),
    [
        # Before: V-1 to N-1 (100), V-2 to N-2 (250); the best plan takes four changes and saves 30.
        ({"max_changes": 0}, "other_rules", "proven_dearer"),
        ({"max_changes": 4}, "other_rules", "proven_equal"),
        ({"change_price_vnd": 5}, "other_prices", "other_prices"),
    ],
)
def test_a_plan_before_is_a_rule_and_with_a_price_of_changes_another_measure(
    variants: dict[str, Path], tmp_path: Path, stability: dict[str, int], comparable: str, verdict: str
) -> None:
    one, other = read_variant(variants["base"]), replanned(tmp_path / "new", variants["swapped"], **stability)
    (found,) = compared([one, other]).differences
    assert (found.basis.comparable, found.verdict) == (comparable, verdict)
    assert (found.basis.baseline, found.basis.tables) == (True, False)
    if verdict == "proven_dearer":
        assert found.proven_vnd == (30, 30)
    lines = lines_of(compared([one, other]), "en")
    assert "have other plans before them, or one of them has none." in "\n".join(lines)
    assert "authorities" not in "\n".join(lines)


def test_re_plans_beside_one_plan_answer_one_question(variants: dict[str, Path], tmp_path: Path) -> None:
    first = replanned(tmp_path / "one", variants["swapped"], change_price_vnd=5)
    (found,) = compared(
        [first, replanned(tmp_path / "two", variants["swapped"], change_price_vnd=5)]
    ).differences
    assert (found.basis.comparable, found.verdict) == ("same", "same_cost")
    (found,) = compared(
        [first, replanned(tmp_path / "three", variants["cut"], change_price_vnd=5)]
    ).differences
    assert found.basis.comparable == "other_prices"


def test_the_cost_without_the_price_of_changes_is_told_where_it_differs(
    variants: dict[str, Path], tmp_path: Path
) -> None:
    base = figures_of(read_variant(variants["base"]))
    priced = figures_of(replanned(tmp_path / "priced", variants["swapped"], change_price_vnd=5))
    assert (priced["objective_vnd"], priced[PLAIN], priced["changes"]) == (475 + 4 * 5, 475, 4)
    assert PLAIN in names_of([base, priced])
    free = figures_of(replanned(tmp_path / "free", variants["swapped"]))
    assert PLAIN not in names_of([base, free])
