"""The solver's reading of docs/cost.md gives the golden table and plan, to the VND."""

from __future__ import annotations

import csv
import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import solver
from app import folders
from solver.flow.pricing import measure, pairs_at_most
from solver.problem.pairs import ELIGIBLE, STAGES, parts_of, stage_of

GOLDEN = Path(__file__).parents[1] / "golden"
EXPECTED: dict[str, Any] = json.loads((GOLDEN / "expected.json").read_text(encoding="utf-8"))
PARTS = ("transport", "handover", "repair", "renewal", "surcharge", "cost", "spend")
Table = dict[tuple[str, str], dict[str, str]]


@cache
def problem() -> solver.Problem:
    return folders.build(folders.read_inputs(GOLDEN / "inputs"))


@cache
def result() -> solver.Result:
    return solver.solve(problem())


@cache
def golden() -> Table:
    with (GOLDEN / "matches.csv").open(encoding="utf-8", newline="") as file:
        return {(row["asset_id"], row["need_id"]): row for row in csv.DictReader(file)}


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


def test_every_pair_of_assets_that_may_move_has_the_stage_metres_parts_and_price_of_the_table() -> None:
    got = table_of(problem())
    assert len(got) > 200
    wrong = {
        pair: (row, golden()[pair])
        for pair, row in got.items()
        if row != {name: golden()[pair][name] for name in row}
    }
    assert not wrong


def test_a_pair_that_the_solver_leaves_out_is_no_match_by_status_or_category() -> None:
    left_out = set(golden()) - set(table_of(problem()))
    assert left_out
    assert {golden()[pair]["stage"] for pair in left_out} == {"no_asset"}


def test_the_objective_is_that_of_the_table_and_proven() -> None:
    assert result().status == EXPECTED["status"]
    assert (result().objective, result().bound) == (EXPECTED["objective_vnd"], EXPECTED["bound_vnd"])
    parts = result().plan.summary["parts"]["category"]
    assert {name: part["objective_vnd"] for name, part in parts.items()} == EXPECTED["objective_by_category"]


def records(frame: pd.DataFrame, names: list[str]) -> list[dict[str, Any]]:
    """Rows as the JSON has them: empty and missing are None."""

    def plain(cell: Any) -> Any:  # noqa: ANN401 (any cell)
        return None if cell is pd.NA or cell == "" else cell.item() if isinstance(cell, np.integer) else cell

    columns = [[plain(cell) for cell in frame[name]] for name in names]
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


@pytest.mark.parametrize("table", ["transfers", "shortfalls", "releases"])
def test_transfers_shortfalls_and_releases_are_those_worked_by_hand(table: str) -> None:
    expected = EXPECTED[table]
    assert records(getattr(result().plan, table), list(expected[0])) == expected


def test_the_key_figures_are_those_worked_by_hand() -> None:
    summary = result().plan.summary
    kpis = summary["kpis"]
    for name in ("needed", "met", "unmet"):
        assert {"total": kpis[name]["total"], **kpis[name]["category"]} == EXPECTED[name]
    parts = {name.removesuffix("_vnd"): value for name, value in kpis["cost_parts"].items() if value}
    assert parts == EXPECTED["cost_parts"]
    assert kpis["spend_vnd"] == EXPECTED["spend_vnd"]
    assert kpis["purchases_avoided_vnd"] == EXPECTED["purchases_avoided_vnd"]
    assert kpis["cross_province_transfers"] == EXPECTED["cross_province_transfers"]
    assert kpis["distance_km"]["total"] == f"{EXPECTED['unit_metres'] / 1000:.3f}"
    assert summary["cash_vnd"] == EXPECTED["cash_vnd"]
    assert summary["not_planned"] == EXPECTED["not_planned"]
    assert sum(result().plan.transfers["cost_vnd"]) == EXPECTED["cost_vnd"]


def test_the_compiled_loops_price_every_eligible_pair_as_the_rows_do() -> None:
    listed = 0
    for category in problem().categories.values():
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
        for row in golden().values()
    )
    assert listed == dear  # no two rows of the golden table are equal: each is a class of its own


def test_the_plan_folder_of_the_golden_inventory_is_verified(tmp_path: Path) -> None:
    result().write(tmp_path / "plan")
    checked = solver.verify_folder(tmp_path / "plan")
    assert checked.violations == ()
    assert checked.ok
    assert checked.bound == EXPECTED["bound_vnd"]
