"""Changes of a re-plan against cost: every figure is worked out on paper."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

import solver
from tests.solver.limits.cases import asset, match, need, problem

if TYPE_CHECKING:
    from pathlib import Path

#: What another asset saves each need.
SAVES = (10, 20, 40)


def swaps(category: str = "vehicle", **scenario: Any) -> solver.Problem:  # noqa: ANN401 (values of a scenario)
    """Three needs served at 50 each, for which another asset that is free now costs 40, 30 and 10."""
    assets = [asset(f"{which}{k}", category=category) for k in range(3) for which in "AB"]
    needs = [need(f"N{k}", 100, category=category) for k in range(3)]
    matches = [match(f"A{k}", f"N{k}", 50) for k in range(3)]
    matches += [match(f"B{k}", f"N{k}", 50 - save) for k, save in enumerate(SAVES)]
    return problem(assets, needs, matches, **scenario)


def before(*states: str) -> pd.DataFrame:
    lines = [(f"A{k}", f"N{k}", 1, state) for k, state in enumerate(states or ("planned",) * 3)]
    return pd.DataFrame(lines, columns=["asset_id", "need_id", "units", "state"])


def replanning(one: solver.Problem, baseline: pd.DataFrame) -> solver.Problem:
    return solver.build(
        one.assets,
        one.needs,
        matches=one.matches,
        communes=one.communes,
        scenario=one.scenario,
        baseline=baseline,
    )


def curve(found: solver.Frontier) -> list[tuple[int, int]]:
    return list(zip(found.points["changes"].tolist(), found.points["objective_vnd"].tolist(), strict=True))


def test_every_number_of_changes_that_saves_something_is_a_point_when_enough_are_asked_for() -> None:
    # To serve a need from another asset is two changes; 40 are saved first, then 20, then 10.
    found = solver.frontier(replanning(swaps(), before()), axis="changes", points=1000)
    assert curve(found) == [(6, 80), (4, 90), (2, 110), (0, 150)]
    assert (found.complete, found.proven, found.axis) == (True, True, "changes")
    assert found.points["extra_vnd"].tolist() == [0, 10, 30, 70]
    assert found.points["status"].iloc[[0, -1]].tolist() == ["OPTIMAL", "OPTIMAL"]


def test_the_price_and_the_limit_of_changes_of_the_scenario_do_not_count() -> None:
    one = swaps(stability={"change_price_vnd": 1000, "max_changes": 2})
    assert curve(solver.frontier(replanning(one, before()), axis="changes", points=1000))[0] == (6, 80)


def test_few_points_are_the_two_ends_and_some_between_spread_evenly() -> None:
    one = replanning(swaps(), before())
    assert curve(solver.frontier(one, axis="changes", points=2)) == [(6, 80), (0, 150)]
    # Half of the way is 3 changes, of which a plan can use 2.
    three = solver.frontier(one, axis="changes", points=3)
    assert curve(three) == [(6, 80), (2, 110), (0, 150)]
    assert three.points["asked"].tolist() == ["", "3", "0"]


def test_what_is_signed_stays_in_every_point() -> None:
    one = replanning(swaps(), before("planned", "planned", "signed"))
    found = solver.frontier(one, axis="changes", points=1000)
    assert curve(found) == [(4, 120), (2, 130), (0, 150)]
    for result in found.results:
        rows = result.plan.transfers.set_index("asset_id")
        assert rows.loc["A2", "state"] == "signed"


def test_changes_that_save_nothing_are_no_part_of_the_curve() -> None:
    # Without a price of changes these two are as good as those before; a plan of least cost may use any.
    assets = [asset(name) for name in ("A", "B", "C", "D")]
    matches = [match(a, n, 50) for a in ("A", "B", "C", "D") for n in ("M", "N")]
    one = problem(assets, [need("M", 100), need("N", 100)], matches)
    table = pd.DataFrame([("A", "M", 1), ("B", "N", 1)], columns=["asset_id", "need_id", "units"])
    found = solver.frontier(replanning(one, table), axis="changes")
    assert curve(found) == [(0, 100)]
    assert found.proven


def test_a_plan_before_that_is_best_leaves_one_point() -> None:
    one = problem([asset("A")], [need("N", 100)], [match("A", "N", 50)])
    table = pd.DataFrame([("A", "N", 1)], columns=["asset_id", "need_id", "units"])
    found = solver.frontier(replanning(one, table), axis="changes")
    assert (curve(found), found.proven, len(found)) == ([(0, 50)], True, 1)


def test_each_point_is_written_as_a_plan_that_the_checker_verifies(tmp_path: Path) -> None:
    found = solver.frontier(replanning(swaps(), before()), axis="changes")
    found.write(tmp_path / "out")
    for number, (changes, cost) in enumerate(curve(found), start=1):
        folder = tmp_path / "out" / f"point-{number:02}"
        check = solver.verify_folder(folder)
        assert check.ok, check.violations[:3]
        assert check.objective == cost
        assert solver.read_plan(folder).summary["kpis"]["changes"] == changes


def both_categories() -> solver.Problem:
    """Cars and computers alike, with one budget that has no room for all that both had."""
    one = swaps(limits={"budget_vnd": 250})
    other = swaps(category="equipment")
    assert other.matches is not None
    renamed = [
        table.assign(**{key: "E" + table[key].astype("str") for key in keys})
        for table, keys in (
            (other.assets, ["asset_id"]),
            (other.needs, ["need_id"]),
            (other.matches, ["asset_id", "need_id"]),
        )
    ]
    assert one.matches is not None
    tables = [
        pd.concat([first, second], ignore_index=True).drop(columns="row")
        for first, second in zip((one.assets, one.needs, one.matches), renamed, strict=True)
    ]
    whole = solver.build(
        tables[0], tables[1], matches=tables[2], communes=one.communes, scenario=one.scenario
    )
    lines = [before(), before().assign(asset_id=["EA0", "EA1", "EA2"], need_id=["EN0", "EN1", "EN2"])]
    return replanning(whole, pd.concat(lines, ignore_index=True))


def test_one_category_alone_has_its_own_lines_and_limits(tmp_path: Path) -> None:
    one = both_categories()
    kept = sum(int(part.kept.units.sum()) for part in one.categories.values())
    assert kept == 5  # 6 x 50 are more than 250
    for name in ("vehicle", "equipment"):
        found = solver.frontier(one, axis="changes", category=name, points=1000)
        assert curve(found) == [(6, 80), (4, 90), (2, 110), (0, 150)]
        found.results[-1].write(tmp_path / name)
        assert solver.verify_folder(tmp_path / name).ok


def test_stopping_keeps_the_points_found_before() -> None:
    told: list[int] = []

    def heard(news: solver.Progress) -> None:
        if news.phase == "point":
            told.append(news.round)

    one = replanning(swaps(), before())
    found = solver.frontier(one, axis="changes", points=1000, on_progress=heard, stop=lambda: len(told) >= 2)
    assert curve(found) == [(6, 80), (0, 150)]
    assert not found.complete


def test_it_shows_itself_in_a_console() -> None:
    found = solver.frontier(replanning(swaps(), before()), axis="changes")
    assert repr(found) == "<Frontier changes of all categories: 4 points, 6 to 0>"
    assert found.csv().decode().split("\n")[0].startswith("point,asked,changes,met_units,needed_units,")


@pytest.mark.parametrize(
    ("axis", "baseline", "scenario", "code"),
    [
        ("changes", False, {}, "no_baseline"),
        ("coverage", True, {}, "baseline"),
        ("worst_province", True, {}, "baseline"),
        ("changes", True, {"equity": {"coverage_floor": {"vehicle": 0.5}}}, "floors"),
        ("changes", True, {"objective": "coverage_first"}, "objective"),
    ],
)
def test_what_cannot_be_asked_for_is_refused(
    axis: str, baseline: bool, scenario: dict[str, Any], code: str
) -> None:
    one = swaps(**scenario)
    one = replanning(one, before()) if baseline else replace(one)
    with pytest.raises(solver.FrontierError) as caught:
        solver.frontier(one, axis=axis)
    assert caught.value.code == code
