"""Wrong changes.csv, and a plan before that the plan was not made from."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from tests.solver.mutants_rows import change_cell, change_rows, nudge, other_text
from tests.solver.mutants_source import MAKERS, Files, Maker, Row, Source, encode, maker
from tests.solver.verify_naive import words

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

BASELINE = "inputs/baseline.csv"
GONE = ("asset_gone", "need_gone")
WHY = words("asset_gone need_gone refused banned fewer pinned moved replaced dropped new none")

for column in ("units_before", "units_after", "group", "saves_vnd"):
    MAKERS[f"replan_{column}_off_by_one"] = change_cell("changes", column, nudge)
for column in ("asset_id", "need_id"):
    MAKERS[f"replan_{column}_changed"] = change_cell("changes", column, other_text)
MAKERS["replan_reason_changed"] = change_cell("changes", "reason", lambda _, rng: rng.choice(WHY))
for kind in ("drop", "repeat", "order", "swap", "heading", "cut", "garbage", "none", "more"):
    MAKERS[f"replan_changes_{kind}"] = change_rows("changes", kind)


@maker
def replan_of_a_plan_that_is_none(source: Source, rng: Random) -> tuple[str, Files] | None:
    """A table of changes, or a plan before, where there was none."""
    if source.replan:
        return None
    table = b"asset_id,need_id,units_before,units_after,reason,group,saves_vnd\n"
    lines = b"asset_id,need_id,units,state,to_commune_code,recipient\n"
    files: list[Files] = [{"changes.csv": table}, with_lines(source, lines)]
    return "a plan before", rng.choice(files)


@maker
def replan_without_the_plan_before(source: Source, _rng: Random) -> tuple[str, Files] | None:
    if not source.replan:
        return None
    plan = json.loads(json.dumps(source.plan))
    del plan["inputs"]["baseline.csv"]
    return "no baseline.csv", {BASELINE: None, "plan.json": encode(plan)}


def with_lines(source: Source, content: bytes) -> Files:
    plan = json.loads(json.dumps(source.plan))
    plan["inputs"]["baseline.csv"] = hashlib.sha256(content).hexdigest()
    return {BASELINE: content, "plan.json": encode(plan)}


def before(change: Callable[[list[Row], Row, Source, Random], object]) -> Maker:
    """Class that changes the plan before, and its hash; the row is a line that is not gone."""

    def make(source: Source, rng: Random) -> tuple[str, Files] | None:
        if not source.replan:
            return None
        rows = source.rows(BASELINE)
        gone = {
            (row["asset_id"], row["need_id"]) for row in source.tables["changes"] if row["reason"] in GONE
        }
        row = rng.choice([row for row in rows if (row["asset_id"], row["need_id"]) not in gone])
        old = json.dumps(rows)
        detail = change(rows, row, source, rng)
        same = detail is None or json.dumps(rows) == old
        return None if same else (f"{detail}", with_lines(source, source.table(rows, rows)))

    MAKERS[f"replan_line_{change.__name__}"] = make
    return make


@before
def of_other_units(_rows: list[Row], row: Row, _source: Source, rng: Random) -> object:
    row["units"] = nudge(row["units"], rng)
    return row


@before
def of_damaged_units(_rows: list[Row], row: Row, _source: Source, rng: Random) -> object:
    row["units"] = rng.choice(["", "-1", "1.5", "many", "NaN", "9" * 30])
    return row


@before
def of_another_state(_rows: list[Row], row: Row, _source: Source, rng: Random) -> object:
    state = row["state"] or "planned"
    row["state"] = rng.choice([other for other in words("planned signed executed refused") if other != state])
    return row


@before
def of_no_state(_rows: list[Row], row: Row, _source: Source, rng: Random) -> object:
    row["state"] = rng.choice(["done", "Signed", "fixed", "open", " "])
    return row


@before
def left_out(rows: list[Row], row: Row, _source: Source, _rng: Random) -> object:
    rows.remove(row)
    return row


@before
def twice(rows: list[Row], row: Row, _source: Source, _rng: Random) -> object:
    rows.insert(rows.index(row), dict(row))
    return row


@before
def out_of_order(rows: list[Row], row: Row, _source: Source, _rng: Random) -> object:
    rows.remove(row)
    rows.insert(0, row)
    return row


@before
def invented(rows: list[Row], _row: Row, source: Source, rng: Random) -> object:
    """A transfer that the plan before is now said to have had."""
    known = {(row["asset_id"], row["need_id"]) for row in rows}
    moves = source.tables["transfers"]
    pairs = [("A-NONE", "N-NONE"), *((row["asset_id"], row["need_id"]) for row in moves)]
    asset, need = rng.choice([pair for pair in pairs if pair not in known])
    rows.append(dict.fromkeys(rows[0], "") | {"asset_id": asset, "need_id": need, "units": "1"})
    rows.sort(key=lambda row: (row["asset_id"], row["need_id"]))
    return asset, need


def asked(change: Callable[[dict[str, Any], Source, Random], object]) -> Maker:
    """Class that changes what the scenario says of changes, and its hash."""

    def make(source: Source, rng: Random) -> tuple[str, Files] | None:
        scenario = source.json("inputs/scenario.json")
        detail = change(scenario["stability"], source, rng) if source.replan else None
        return None if detail is None else (f"{detail}", source.with_input("scenario.json", encode(scenario)))

    MAKERS[f"replan_asked_{change.__name__}"] = make
    return make


@asked
def fewer_changes(stability: dict[str, Any], source: Source, rng: Random) -> object:
    made = source.plan["kpis"]["changes"]
    stability["max_changes"] = rng.randrange(made) if made else None
    return stability["max_changes"]


@asked
def more_or_any_changes(stability: dict[str, Any], _source: Source, rng: Random) -> object:
    """The limit of limits.csv is another one, or there is none."""
    if stability["max_changes"] is not None:
        stability["max_changes"] = rng.choice([None, stability["max_changes"] + rng.randint(1, 9)])
        return f"max_changes {stability['max_changes']}"
    return None


@asked
def another_price(stability: dict[str, Any], source: Source, rng: Random) -> object:
    stability["change_price_vnd"] += rng.randint(1, 10**6)
    return stability["change_price_vnd"] if source.plan["kpis"]["changes"] else None


@asked
def unknown_freedom(stability: dict[str, Any], _source: Source, rng: Random) -> object:
    stability["freedom"] = rng.choice(["none", "", None, "same_commune", "FREE"])
    return f"freedom {stability['freedom']}"


@asked
def freedom_that_the_plan_takes(stability: dict[str, Any], source: Source, _rng: Random) -> object:
    """Assets of open lines that go to others than before, or that led nowhere that is known."""
    stability["freedom"] = "same_recipient"
    turned = {row["asset_id"] for row in source.tables["changes"] if row["reason"] == "moved"}
    return sorted(turned) or None


def claimed(change: Callable[[dict[str, Any], int], None]) -> Maker:
    """Class that changes what plan.json says of the price of changes."""

    def make(source: Source, _rng: Random) -> tuple[str, Files] | None:
        if not source.replan:
            return None
        price = source.json("inputs/scenario.json")["stability"]["change_price_vnd"]
        paid, plan = int(price * source.plan["kpis"]["changes"]), json.loads(json.dumps(source.plan))
        change(plan, paid)
        return (f"{paid}", {"plan.json": encode(plan)}) if paid else None

    MAKERS[f"replan_{change.__name__}"] = make
    return make


@claimed
def changes_not_paid_for(plan: dict[str, Any], paid: int) -> None:
    plan["objective_vnd"] -= paid
    plan["gap_vnd"] -= paid


@claimed
def changes_paid_in_cash(plan: dict[str, Any], paid: int) -> None:
    plan["cash_vnd"] += paid


@claimed
def changes_not_counted(plan: dict[str, Any], _paid: int) -> None:
    plan["kpis"]["changes"] = 0
