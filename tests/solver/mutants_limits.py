"""Wrong limits.csv, levels, prices of rows and levels, pins, and limits that the plan was not made for."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tests.solver.mutants_claims import certificate
from tests.solver.mutants_rows import change_cell, change_rows, nudge
from tests.solver.mutants_source import MAKERS, Files, Maker, Source, encode, maker

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

for column in ("used", "bound", "slack"):
    MAKERS[f"limits_{column}_off_by_one"] = change_cell("limits", column, nudge)
MAKERS["limits_unit_changed"] = change_cell(
    "limits", "unit", lambda text, _: {"VND": "units"}.get(text, "VND")
)
MAKERS["limits_row_renamed"] = change_cell("limits", "limit", lambda text, _: f"{text}x")
for kind in ("drop", "repeat", "order", "heading", "cut", "garbage", "none", "more"):
    MAKERS[f"limits_{kind}"] = change_rows("limits", kind)


@maker
def limits_row_invented(source: Source, rng: Random) -> tuple[str, Files] | None:
    rows = [dict(row) for row in source.tables["limits"]]
    rows.append(
        rng.choice(rows) | {"limit": rng.choice(["budget|province|99", "cross|boat", "level|unmet|1"])}
    )
    rows.sort(key=lambda row: row["limit"])
    return rows[-1]["limit"], {"limits.csv": source.table(rows, rows)}


def level(change: Callable[[list[dict[str, Any]], Random], object]) -> Maker:
    def make(source: Source, rng: Random) -> tuple[str, Files] | None:
        levels = json.loads(json.dumps(source.plan["levels"]))
        if not levels:
            return None
        detail = change(levels, rng)
        same = levels == source.plan["levels"]
        return None if same else (f"{detail}", source.with_plan(("levels",), levels))

    MAKERS[f"level_{change.__name__}"] = make
    return make


def _other(value: object) -> object:
    return value + 1 if isinstance(value, int) else "1/1000003"


@level
def value_changed(levels: list[dict[str, Any]], rng: Random) -> object:
    one = rng.choice(levels)
    one["value"] = _other(one["value"])
    return one


@level
def bound_changed(levels: list[dict[str, Any]], rng: Random) -> object:
    one = rng.choice(levels)
    one["bound"] = _other(one["bound"])
    return one


@level
def value_of_another_type(levels: list[dict[str, Any]], rng: Random) -> object:
    one, key = rng.choice(levels), rng.choice(["value", "bound", "name"])
    one[key] = rng.choice([None, True, 0.5, [one[key]], f"{one[key]}.0"])
    return one


@level
def left_out(levels: list[dict[str, Any]], rng: Random) -> object:
    return levels.pop(rng.randrange(len(levels)))


@level
def repeated(levels: list[dict[str, Any]], rng: Random) -> object:
    levels.append(rng.choice(levels))
    return levels[-1]


@level
def in_another_order(levels: list[dict[str, Any]], rng: Random) -> object:
    at = rng.randrange(1, len(levels)) if len(levels) > 1 else 0
    levels[at - 1], levels[at] = levels[at], levels[at - 1]
    return at


@level
def key_missing(levels: list[dict[str, Any]], rng: Random) -> object:
    return rng.choice(levels).pop(rng.choice(["name", "value", "bound"]))


def _proofs(value: dict[str, Any], rng: Random) -> dict[str, Any]:
    """Choose where prices stand: those of the cost, or of a level."""
    found: dict[str, Any] = rng.choice([value, *value.get("levels", [])])
    return found


@certificate
def side_row_negative(value: dict[str, Any], source: Source, rng: Random) -> str | None:
    name: str = rng.choice(source.tables["limits"])["limit"]
    _proofs(value, rng)["row_price"][name] = -rng.randint(1, 10**9)
    return name


@certificate
def side_row_no_integer(value: dict[str, Any], source: Source, rng: Random) -> str | None:
    name: str = rng.choice(source.tables["limits"])["limit"]
    _proofs(value, rng)["row_price"][name] = rng.choice([0.5, "12", None, True, [], float("inf")])
    return name


@certificate
def side_row_of_no_limit(value: dict[str, Any], _source: Source, rng: Random) -> str | None:
    names = ["budget|province|ZZ", "budget|category|furniture", "cross|boat", "floor|province|ZZ|vehicle"]
    name = rng.choice([*names, "level|unmet|9", "level|max_min|vehicle", "level|cost", "level|"])
    _proofs(value, rng)["row_price"][name] = rng.randint(1, 10**6)
    return name


@certificate
def floor_above_what_missing_it_costs(value: dict[str, Any], source: Source, rng: Random) -> str | None:
    fair = {entry["name"].removeprefix("max_min|") for entry in source.plan["levels"]}
    names = [row["limit"] for row in source.tables["limits"] if row["limit"].startswith("floor")]
    name = rng.choice([name for name in names if name.split("|")[3] not in fair])
    value["row_price"][name] = value["row_price"].get("level|floor_shortfall", 0) + rng.randint(1, 10**6)
    return name


@certificate
def level_prices_itself(value: dict[str, Any], _source: Source, rng: Random) -> str | None:
    one = rng.choice([one for one in value.get("levels", []) if not one["name"].startswith("max_min")])
    one["row_price"][f"level|{one['name']}"] = rng.randint(1, 10**6)
    return str(one["name"])


@certificate
def level_unknown(value: dict[str, Any], _source: Source, rng: Random) -> str | None:
    one = rng.choice(value.get("levels", []))
    one["name"] = rng.choice(["unmet|9", "cost", "", "max_min|boat"])
    return str(one["name"])


@certificate
def level_twice(value: dict[str, Any], _source: Source, rng: Random) -> str | None:
    value["levels"] = [*value.get("levels", []), rng.choice(value.get("levels", []))]
    return str(value.get("levels", [])[-1]["name"])


@certificate
def level_price_too_high(value: dict[str, Any], source: Source, rng: Random) -> str | None:
    one, name = rng.choice(value.get("levels", [])), rng.choice(sorted(source.planned_needs))
    one["need_price"][name] = 10**17
    return f"{one['name']} {name}"


@certificate
def level_price_of_an_unknown_need(value: dict[str, Any], _source: Source, rng: Random) -> str | None:
    one = rng.choice(value.get("levels", []))
    one["need_price"]["nobody"] = 0
    return str(one["name"])


@certificate
def level_denominator_wrong(value: dict[str, Any], _source: Source, rng: Random) -> str | None:
    one = rng.choice(value.get("levels", []))
    one["denominator"] = rng.choice([0, -1, 1.5, "1", (1 << 50) + 1, True])
    return str(one["name"])


@certificate
def level_proofs_gone(value: dict[str, Any], source: Source, _rng: Random) -> str | None:
    proven = [entry for entry in source.plan["levels"] if entry["bound"] not in (0, "1")]
    if not proven:
        return None
    del value["levels"]
    return f"{proven}"


@certificate
def tree_beside_side_rows(value: dict[str, Any], _source: Source, _rng: Random) -> str | None:
    value["tree"] = [{"assets": [], "needs": [], "rows": [], "node": {}}]
    return "tree"


def asked(change: Callable[[dict[str, Any], Source, Random], object]) -> Maker:
    """Class that changes what the scenario asks for, and its hash; the plan was not made for it."""

    def make(source: Source, rng: Random) -> tuple[str, Files] | None:
        scenario = source.json("inputs/scenario.json")
        if not source.tables["limits"]:
            return None
        detail = change(scenario, source, rng)
        return None if detail is None else (f"{detail}", source.with_input("scenario.json", encode(scenario)))

    MAKERS[f"asked_{change.__name__}"] = make
    return make


def _moved(source: Source, rng: Random) -> dict[str, str]:
    return rng.choice(source.tables["transfers"])


@asked
def pin_of_more_units(scenario: dict[str, Any], source: Source, rng: Random) -> object:
    row = _moved(source, rng)
    scenario["stability"]["pins"] = [[row["asset_id"], row["need_id"], int(row["units"]) + rng.randint(1, 9)]]
    return row["asset_id"]


@asked
def pin_that_is_not_moved(scenario: dict[str, Any], source: Source, rng: Random) -> object:
    need = rng.choice(source.tables["shortfalls"])["need_id"]
    asset = rng.choice(source.tables["releases"])["asset_id"]
    scenario["stability"]["pins"] = [[asset, need]]
    return asset, need


@asked
def pin_of_nothing_known(scenario: dict[str, Any], source: Source, rng: Random) -> object:
    row = _moved(source, rng)
    pin = rng.choice([["nothing", row["need_id"]], [row["asset_id"], "nobody"]])
    scenario["stability"]["pins"].append(pin)
    return pin


@asked
def pin_of_odd_units(scenario: dict[str, Any], source: Source, rng: Random) -> object:
    row = _moved(source, rng)
    scenario["stability"]["pins"] = [
        [row["asset_id"], row["need_id"], rng.choice([0, -1, 1.5, "1", None, True])]
    ]
    return row["asset_id"]


@asked
def less_to_spend(scenario: dict[str, Any], source: Source, rng: Random) -> object:
    row = rng.choice([row for row in source.tables["limits"] if row["unit"] == "VND" and int(row["used"])])
    name, limits = row["limit"].split("|"), scenario["limits"]
    where, key = (limits, "budget_vnd") if len(name) == 1 else (limits[f"budget_vnd_by_{name[1]}"], name[2])
    where[key] = int(row["used"]) - 1
    return row["limit"]


@asked
def fewer_across(scenario: dict[str, Any], source: Source, rng: Random) -> object:
    rows = [row for row in source.tables["limits"] if row["limit"].startswith("cross") and int(row["used"])]
    row = rng.choice(rows)
    scenario["limits"]["cross_province_max"][row["limit"].partition("|")[2]] = int(row["used"]) - 1
    return row["limit"]


@asked
def another_share(scenario: dict[str, Any], _source: Source, rng: Random) -> object:
    floors = scenario["equity"]["coverage_floor"]
    key = rng.choice(sorted(floors))
    floors[key] = "max-min" if floors[key] != "max-min" else 0.001
    return key


@asked
def other_groups(scenario: dict[str, Any], _source: Source, _rng: Random) -> object:
    equity = scenario["equity"]
    equity["by"] = "priority" if equity["by"] == "province" else "province"
    return equity["by"] if equity["coverage_floor"] else None


@asked
def what_is_not_built(scenario: dict[str, Any], _source: Source, rng: Random) -> object:
    section, key, value = rng.choice(
        [
            ("equity", "floor_mode", "sometimes"),
            ("equity", "by", "commune"),
            ("equity", "floor_mode", ""),
            ("equity", "by", "category"),
        ]
    )
    scenario[section][key] = value
    return key if scenario["equity"]["coverage_floor"] else None


@asked
def strict_floors(scenario: dict[str, Any], source: Source, _rng: Random) -> object:
    if source.plan["levels"][0]["name"] != "floor_shortfall":
        return None  # no share is asked for
    scenario["equity"]["floor_mode"] = "strict"
    return source.plan["levels"][0]


@asked
def another_objective(scenario: dict[str, Any], _source: Source, rng: Random) -> object:
    was = scenario["objective"]
    options = {"net_cost", "coverage_first", "coverage", "", None} - {was}
    scenario["objective"] = rng.choice(sorted(options, key=str))
    return f"objective {scenario['objective']}"


@maker
def conflict_of_a_plan(source: Source, rng: Random) -> tuple[str, Files] | None:
    rules = [row["limit"] for row in source.tables["limits"] if not row["limit"].startswith("floor")]
    told = {"rules": [rng.choice(rules)], "checked": True, "missed": 1, "relaxations": []}
    return f"{told}", source.with_plan(("conflict",), told)


@maker
def conflict_instead_of_a_plan(source: Source, _rng: Random) -> tuple[str, Files] | None:
    return "status", source.with_plan(("status",), "INFEASIBLE")
