"""The solver's reading of docs/cost.md gives the golden tables and plans, to the VND."""

from __future__ import annotations

import csv
import json
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import solver
from app import folders
from solver.flow.pricing import measure, pairs_at_most
from solver.problem.files import input_files
from solver.problem.pairs import ELIGIBLE, STAGES, parts_of, stage_of
from solver.problem.premises import STAGES as PREMISES_STAGES
from solver.problem.premises import Premises, load_of, parts_of_premises, stage_of_premises

TESTS = Path(__file__).parents[1]
MOVABLES, PREMISES = "golden", "golden_premises"
PARTS = ("transport", "handover", "repair", "renewal", "surcharge", "cost", "spend")
PREMISES_PARTS = (
    *("handover", "repair", "change_of_use", "build", "travel", "surcharge"),
    *("cost", "spend"),
)
Table = dict[tuple[str, str], dict[str, str]]

both = pytest.mark.parametrize("name", [MOVABLES, PREMISES])


@cache
def problem(name: str) -> solver.Problem:
    return folders.build(folders.read_inputs(TESTS / name / "inputs"))


@cache
def result(name: str) -> solver.Result:
    return solver.solve(problem(name))


@cache
def golden(name: str) -> Table:
    with (TESTS / name / "matches.csv").open(encoding="utf-8", newline="") as file:
        return {(row["asset_id"], row["need_id"]): row for row in csv.DictReader(file)}


@cache
def expected(name: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((TESTS / name / "expected.json").read_text(encoding="utf-8"))
    return content


def estate() -> Premises:
    premises = problem(PREMISES).premises
    assert premises is not None
    return premises


def table_of(one: solver.Problem) -> Table:
    """Write the solver's own pair table as the golden one is written."""
    rows: Table = {}
    for category in one.categories.values():
        assets, needs = category.assets, category.needs
        i, j = (part.ravel() for part in np.indices((len(assets.ids), len(needs.ids))))
        stage = stage_of(assets, needs, category.metres, i, j)
        far = category.metres.of(assets, needs, i, j)
        part = parts_of(assets, needs, category.metres, i, j)
        for k in range(len(i)):
            row = {"stage": (*STAGES, "eligible")[stage[k]], "metres": ""}
            row |= dict.fromkeys((f"{name}_vnd" for name in PARTS), "")
            if stage[k] == ELIGIBLE:
                row["metres"] = str(far[k])
                row |= {f"{name}_vnd": str(getattr(part, name)[k]) for name in PARTS}
            row["price_vnd"], row["price_with_factor"] = str(needs.base[j[k]]), str(needs.price[j[k]])
            rows[str(assets.ids[i[k]]), str(needs.ids[j[k]])] = row
    return rows


def table_of_premises(premises: Premises) -> Table:
    """Write the solver's own pair table as the golden one is written."""
    assets, needs, prices = premises.assets, premises.needs, premises.prices
    i, j = (part.ravel() for part in np.indices((len(assets.ids), len(needs.ids))))
    stage = stage_of_premises(premises, i, j)
    far = premises.metres.of(assets, needs, i, j)
    part, load = parts_of_premises(premises, i, j), load_of(premises, i, j)
    rows: Table = {}
    for k in range(len(i)):
        row = {"stage": (*PREMISES_STAGES, "eligible")[stage[k]], "metres": "", "load_m2": ""}
        row |= dict.fromkeys((f"{name}_vnd" for name in PREMISES_PARTS), "")
        if stage[k] == len(PREMISES_STAGES):
            row["metres"] = str(far[k])
            row["load_m2"] = format(Decimal(int(load[k])) / premises.area_unit, "f")
            row |= {f"{name}_vnd": str(getattr(part, name)[k]) for name in PREMISES_PARTS}
        row["price_vnd"], row["price_with_factor"] = str(prices.base[j[k]]), str(prices.price[j[k]])
        rows[str(assets.ids[i[k]]), str(needs.ids[j[k]])] = row
    return rows


def tables(name: str) -> Table:
    return table_of(problem(name)) if name == MOVABLES else table_of_premises(estate())


@both
def test_every_pair_that_takes_part_has_the_stage_metres_parts_and_price_of_the_table(name: str) -> None:
    got, want = tables(name), golden(name)
    assert len(got) > 200
    wrong = {
        pair: (row, want[pair]) for pair, row in got.items() if row != {key: want[pair][key] for key in row}
    }
    assert not wrong


@both
def test_a_pair_that_the_solver_leaves_out_is_no_match_by_status_or_category(name: str) -> None:
    left_out = set(golden(name)) - set(tables(name))
    assert left_out
    assert {golden(name)[pair]["stage"] for pair in left_out} == {"no_asset"}


def test_the_inputs_that_a_plan_keeps_hold_the_metres_of_every_planned_category() -> None:
    files = input_files(problem(PREMISES))
    for file in ("metres.csv", "metres_pairs.csv"):
        assert files[file] == (TESTS / PREMISES / "plan" / "inputs" / file).read_bytes()


@both
def test_the_objective_is_that_of_the_table_and_proven(name: str) -> None:
    solved, want = result(name), expected(name)
    assert (solved.objective, solved.bound) == (want["objective_vnd"], want["bound_vnd"])
    assert solved.status == want["status"]
    parts = solved.plan.summary["parts"]
    objective = {category: part["objective_vnd"] for category, part in parts["category"].items()}
    assert objective == want["objective_by_category"]


def test_costs_stand_in_the_receiving_province_and_openings_in_that_of_the_premises() -> None:
    parts = result(PREMISES).plan.summary["parts"]["province"]
    objective = {province: part["objective_vnd"] for province, part in parts.items()}
    assert objective == expected(PREMISES)["objective_by_province"]


def records(frame: pd.DataFrame, names: list[str]) -> list[dict[str, Any]]:
    """Rows as the JSON has them: empty and missing are None."""

    def plain(cell: Any) -> Any:  # noqa: ANN401 (any cell)
        return None if cell is pd.NA or cell == "" else cell.item() if isinstance(cell, np.integer) else cell

    columns = [[plain(cell) for cell in frame[name]] for name in names]
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


@both
@pytest.mark.parametrize("table", ["transfers", "shortfalls", "releases"])
def test_transfers_shortfalls_and_releases_are_those_worked_by_hand(name: str, table: str) -> None:
    want = expected(name)[table]
    assert records(getattr(result(name).plan, table), list(want[0])) == want


@both
def test_the_transfers_are_written_as_by_hand(name: str, tmp_path: Path) -> None:
    result(name).write(tmp_path / "plan")
    by_hand = TESTS / name / "plan" / "transfers.csv"
    assert (tmp_path / "plan" / "transfers.csv").read_text(encoding="utf-8") == by_hand.read_text(
        encoding="utf-8"
    )


@both
def test_the_key_figures_are_those_worked_by_hand(name: str) -> None:
    summary, want = result(name).plan.summary, expected(name)
    kpis = summary["kpis"]
    for figure in ("needed", "met", "unmet"):
        by_category = {key: value for key, value in kpis[figure]["category"].items() if value}
        assert {"total": kpis[figure]["total"], **by_category} == want[figure]
    parts = {part.removesuffix("_vnd"): value for part, value in kpis["cost_parts"].items() if value}
    assert parts == want["cost_parts"]
    figures = ("spend_vnd", "openings_vnd", "premises_in_use", "purchases_avoided_vnd")
    for figure in (*figures, "cross_province_transfers"):
        assert kpis[figure] == want[figure], figure
    assert Fraction(kpis["distance_km"]["total"]) * 1000 == want["unit_metres"]
    assert summary["cash_vnd"] == want["cash_vnd"]
    assert summary["not_planned"] == want["not_planned"]
    assert sum(result(name).plan.transfers["cost_vnd"]) == want["cost_vnd"]


def test_the_compiled_loops_price_every_eligible_pair_as_the_rows_do() -> None:
    listed = 0
    for category in problem(MOVABLES).categories.values():
        market, classes = category.classes.market, category.classes
        everywhere = np.full(market.n_offers, 1 << 61, np.int64)
        offer, want = pairs_at_most(market, np.zeros(market.n_wants, np.int64), everywhere)
        cost, metres = measure(market, offer, want)
        assert market.n_offers == len(set(classes.offer_of.tolist()) - {-1})
        for e in range(len(offer)):
            i, j = (
                np.flatnonzero(classes.offer_of == offer[e])[:1],
                np.flatnonzero(classes.want_of == want[e])[:1],
            )
            assert stage_of(category.assets, category.needs, category.metres, i, j) == [ELIGIBLE]
            assert parts_of(category.assets, category.needs, category.metres, i, j).cost == [cost[e]]
            assert category.metres.of(category.assets, category.needs, i, j) == [metres[e]]
        listed += len(offer)
    dear = sum(
        row["stage"] == "eligible" and int(row["cost_vnd"]) < int(row["price_with_factor"])
        for row in golden(MOVABLES).values()
    )
    assert listed == dear  # no two rows of the golden table are equal: each is a class of its own


@both
def test_the_plan_folder_of_the_golden_inventory_is_verified(name: str, tmp_path: Path) -> None:
    result(name).write(tmp_path / "plan")
    checked = solver.verify_folder(tmp_path / "plan")
    assert checked.violations == ()
    assert checked.ok
    assert checked.bound == expected(name)["bound_vnd"]
