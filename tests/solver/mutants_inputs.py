"""Inputs changed together with their hashes: the plan then belongs to another inventory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.solver.mutants_source import MAKERS, PLANNED, Files, Maker, Row, Source, encode, maker

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random


def input_row(
    name: str,
    change: Callable[[Row, Source, Random], str | None],
    *,
    used: bool,
    of: tuple[str, ...] = PLANNED,
) -> None:
    """Class that changes a row of assets or needs and its hash; `used` = one that stands in a transfer."""

    def make(source: Source, rng: Random) -> tuple[str, Files] | None:
        table, key = ("assets", "asset_id") if name.startswith("asset") else ("needs", "need_id")
        old = source.assets if table == "assets" else source.needs
        rows = [dict(row) for row in old]
        moved = {row[key] for row in source.tables["transfers"]}
        other = {row[key] for row in source.tables["releases" if table == "assets" else "shortfalls"]}
        rows_of = [row for row in rows if row[key] in (moved if used else other) and row["category"] in of]
        if not rows_of:
            return None
        row = rng.choice(rows_of)
        detail = change(row, source, rng)
        if detail == "drop":
            rows.remove(row)
        elif detail == "twice":
            rows.insert(rows.index(row), dict(row))
        content = source.table(rows, old)
        if detail is None or rows == old:
            return None
        return f"{row[key]} {detail}", source.with_input(f"{table}.csv", content)

    MAKERS[f"rehashed_{name}"] = make


def set_cell(column: str, *options: str) -> Callable[[Row, Source, Random], str | None]:
    def change(row: Row, _source: Source, rng: Random) -> str | None:
        if column not in row:
            return None
        row[column] = rng.choice(options)
        return f"{column} = {row[column]}"

    return change


def add_to(column: str, most: int) -> Callable[[Row, Source, Random], str | None]:
    def change(row: Row, _source: Source, rng: Random) -> str | None:
        row[column] = str(int(row[column] or 0) + rng.randint(1, most))
        return f"{column} = {row[column]}"

    return change


def worth_more(row: Row, source: Source, rng: Random) -> str | None:
    """Another price than shortfalls.csv states, whatever the factor (1/4 at the least) makes of it."""
    if not any(float(f) for f in source.json("inputs/scenario.json")["prices"]["priority_factor"]):
        return None
    row["price_vnd"] = str(10**13 + rng.randrange(10**6) * 1000)
    return f"price_vnd = {row['price_vnd']}"


def attach(row: Row, source: Source, rng: Random) -> str | None:
    """Tie an asset to a house; explicit matches do not look at that."""
    if "metres_pairs.csv" not in source.plan["inputs"]:
        return None
    return set_cell("attached_to", "P-01", "x")(row, source, rng)


MOVABLE = ("vehicle", "equipment")
BAD_NUMBERS = ("NaN", "-1", "1.5", "inf", "1e3", "one", "0x1", "9" * 30)
input_row("asset_units", add_to("units", 9), used=False, of=MOVABLE)  # releases.csv lists what is left
input_row("asset_units_damaged", set_cell("units", *BAD_NUMBERS), used=True)
input_row("asset_status", set_cell("status", "in_use", "handled"), used=True)
input_row("asset_hidden", set_cell("status", "handled"), used=False)
input_row("asset_dropped", lambda *_: "drop", used=True)
input_row("asset_dropped_unused", lambda *_: "drop", used=False)
input_row("asset_twice", lambda *_: "twice", used=True)
input_row("asset_official_id", set_cell("official_id", "ZZ-1", "ZZ-2"), used=True)
input_row("asset_commune_unknown", set_cell("commune_code", "zzzzz"), used=True)
input_row("asset_goes_with_a_house", attach, used=True)
input_row("asset_that_stays_goes_with_a_house", attach, used=False)
input_row("asset_release_value", add_to("release_value_vnd", 10**6), used=False)
input_row("asset_becomes_premises", set_cell("category", "premises"), used=True, of=MOVABLE)
input_row("asset_becomes_a_vehicle", set_cell("category", "vehicle"), used=True, of=("premises",))
input_row("asset_of_no_category", set_cell("category", "", "furniture"), used=True)
input_row("need_units", add_to("units", 9), used=False)
input_row("need_units_of_a_served_one", add_to("units", 9), used=True)
input_row("need_price", worth_more, used=False)
input_row("need_price_damaged", set_cell("price_vnd", *BAD_NUMBERS), used=True)
input_row("need_priority_damaged", set_cell("priority", "0", "6", "-1", "high"), used=True)
input_row("need_dropped", lambda *_: "drop", used=True)
input_row("need_dropped_unmet", lambda *_: "drop", used=False)
input_row("need_twice", lambda *_: "twice", used=True)
input_row("need_recipient", set_cell("recipient", "Công an tỉnh", "ai đó"), used=True)
input_row("need_until", set_cell("until", "2031-01-01", "2032-02-02"), used=True)
input_row("need_date_damaged", set_cell("deadline", "2025-02-30", "soon", "15/08/2025"), used=True)


def priced(make: Maker) -> None:
    """Class that needs costs made of parts: with explicit matches the scenario's prices do not count."""

    def only(source: Source, rng: Random) -> tuple[str, Files] | None:
        parts = "metres_pairs.csv" in source.plan["inputs"] and source.tables["transfers"]
        return make(source, rng) if parts else None

    MAKERS[f"rehashed_{make.__name__}"] = only


@priced
def asset_repair(source: Source, rng: Random) -> tuple[str, Files] | None:
    rows = [dict(row) for row in source.assets]
    moved = {row["asset_id"] for row in source.tables["transfers"]}
    row = rng.choice([row for row in rows if row["asset_id"] in moved and row["category"] in MOVABLE])
    row["repair_vnd"] = str(int(row["repair_vnd"] or 0) + rng.randint(1, 10**6))
    return f"{row['asset_id']} {row['repair_vnd']}", source.with_input("assets.csv", source.table(rows, rows))


@priced
def need_out_of_reach(source: Source, rng: Random) -> tuple[str, Files] | None:
    """The reach of a served need just below the distance of its transfer."""
    far = [row for row in source.tables["transfers"] if float(row["distance_km"]) > 0.001]
    if not far:
        return None
    move = rng.choice(far)
    rows = [dict(row) for row in source.needs]
    row = next(row for row in rows if row["need_id"] == move["need_id"])
    row["reach_km"] = f"{float(move['distance_km']) - 0.001:.3f}"
    return f"{row['need_id']} {row['reach_km']}", source.with_input("needs.csv", source.table(rows, rows))


@priced
def need_condition_beyond_all(source: Source, rng: Random) -> tuple[str, Files] | None:
    rows = [dict(row) for row in source.needs]
    moved = {row["need_id"] for row in source.tables["transfers"]}
    row = rng.choice([row for row in rows if row["need_id"] in moved])
    row["min_condition_pct"] = str(101 + rng.randrange(99))
    return row["need_id"], source.with_input("needs.csv", source.table(rows, rows))


@priced
def asset_leg(source: Source, rng: Random) -> tuple[str, Files] | None:
    """A leg that is longer, under a transfer that crosses communes: its distance is another one."""
    far = [r for r in source.tables["transfers"] if r["from_commune_code"] != r["to_commune_code"]]
    if not far or "metres.csv" not in source.plan["inputs"]:
        return None
    move = rng.choice(far)
    rows = [dict(row) for row in source.assets]
    row = next(row for row in rows if row["asset_id"] == move["asset_id"])
    row["leg_m"] = str(int(row["leg_m"]) + rng.randint(2, 10**5))
    return f"{row['asset_id']} {row['leg_m']}", source.with_input("assets.csv", source.table(rows, rows))


@priced
def prices_per_km(source: Source, rng: Random) -> tuple[str, Files] | None:
    if not any(int(row["transport_vnd"]) > 0 for row in source.tables["transfers"]):
        return None
    value = source.json("inputs/scenario.json")
    step = rng.randint(1000, 9999)  # at least one VND for each metre
    value["prices"]["per_km"] = {key: price + step for key, price in value["prices"]["per_km"].items()}
    return f"+{step}", source.with_input("scenario.json", encode(value)) if value["prices"]["per_km"] else {}


@priced
def prices_handover(source: Source, rng: Random) -> tuple[str, Files] | None:
    value = source.json("inputs/scenario.json")
    step = rng.randint(1, 9999)
    value["prices"]["handover"] = {
        c: price + step for c, price in (dict.fromkeys(PLANNED, 0) | value["prices"]["handover"]).items()
    }
    return f"+{step}", source.with_input("scenario.json", encode(value))


@priced
def legal_status_allowed(source: Source, rng: Random) -> tuple[str, Files] | None:
    value = source.json("inputs/scenario.json")
    value["rules"]["legal_status"] = [f"none of them {rng.randrange(99)}"]
    return "none", source.with_input("scenario.json", encode(value))


@maker
def rehashed_authorities(source: Source, rng: Random) -> tuple[str, Files] | None:
    """Another name for everybody who decides, or nobody."""
    if not any(row["authority"] for row in source.tables["transfers"]):
        return None
    rows = source.rows("inputs/authorities.csv")
    named = [row | {"authority_vi": f"{row['authority_vi']} {rng.randrange(99)}"} for row in rows]
    content = source.table(rng.choice([named, []]), rows)
    return "authorities", source.with_input("authorities.csv", content)


@maker
def rehashed_scenario_name(source: Source, rng: Random) -> tuple[str, Files] | None:
    value = source.json("inputs/scenario.json")
    value["name"] += f" {rng.randrange(10**6)}"
    return value["name"], source.with_input("scenario.json", encode(value))


@maker
def rehashed_ban_on_a_transfer(source: Source, rng: Random) -> tuple[str, Files] | None:
    value = source.json("inputs/scenario.json")
    row = rng.choice(source.tables["transfers"])
    value["stability"]["bans"].append([row["asset_id"], row["need_id"]])
    return f"{row['asset_id']} {row['need_id']}", source.with_input("scenario.json", encode(value))


@maker
def rehashed_norm_below_what_is_received(source: Source, rng: Random) -> tuple[str, Files] | None:
    value = source.json("inputs/scenario.json")
    row = rng.choice(source.tables["transfers"])
    category = source.planned_needs[row["need_id"]]["category"]
    value["norms"]["max_per_commune"][category] = 0
    return category, source.with_input("scenario.json", encode(value))


@maker
def rehashed_limit_that_cannot_be_certified(source: Source, rng: Random) -> tuple[str, Files] | None:
    value = source.json("inputs/scenario.json")
    section, key, new = rng.choice(
        [
            ("limits", "budget_vnd", rng.randrange(10**12)),
            ("equity", "coverage_floor", {"vehicle": 0.5}),
            ("limits", "cross_province_max", {"vehicle": 1}),
            ("stability", "pins", [["a", "b"]]),
        ]
    )
    value[section][key] = new
    wanted = [row for row in source.planned_needs.values() if int(row["units"] or 1)]
    if key == "coverage_floor" and all(row["category"] != "vehicle" for row in wanted):
        return None  # a floor of nothing
    return f"{key} {new}", source.with_input("scenario.json", encode(value))


@maker
def rehashed_commune_in_another_province(source: Source, rng: Random) -> tuple[str, Files] | None:
    """The commune that receives belongs to a province that plan.json has no part for."""
    name = "inputs/communes.csv"
    rows = source.rows(name)
    goals = {row["to_commune_code"] for row in source.tables["transfers"]}
    found = [row for row in rows if row["commune_code"] in goals]
    if not found:
        return None
    row = rng.choice(found)
    row["province_code"] = f"Z{rng.randrange(999)}"
    return row["commune_code"], source.with_input("communes.csv", source.table(rows, rows))


@maker
def rehashed_distance(source: Source, rng: Random) -> tuple[str, Files] | None:
    """One cell of the distances, that of a transfer: its distance_km is another one."""
    pairs = "metres.csv" not in source.plan["inputs"]
    name = "metres_pairs.csv" if pairs else "metres.csv"
    moved = [r for r in source.tables["transfers"] if pairs or r["from_commune_code"] != r["to_commune_code"]]
    if not moved or name not in source.plan["inputs"]:
        return None
    move, rows = rng.choice(moved), source.rows(f"inputs/{name}")
    step = rng.randint(2, 10**4)
    for row in rows:
        column = "metres" if pairs else move["to_commune_code"]
        here = (
            (row["asset_id"], row["need_id"]) == (move["asset_id"], move["need_id"])
            if pairs
            else (row["from_commune_code"] == move["from_commune_code"])
        )
        if here:
            row[column] = str(int(row[column]) + step)
    return f"{move['asset_id']} {move['need_id']} +{step}", source.with_input(name, source.table(rows, rows))


@maker
def rehashed_match_cost(source: Source, rng: Random) -> tuple[str, Files] | None:
    if "matches.csv" not in source.plan["inputs"]:
        return None
    move, rows = rng.choice(source.tables["transfers"]), source.rows("inputs/matches.csv")
    for row in rows:
        if (row["asset_id"], row["need_id"]) == (move["asset_id"], move["need_id"]):
            row["cost_vnd"] = str(int(row["cost_vnd"]) + rng.randint(1, 10**6))
    return f"{move['asset_id']} {move['need_id']}", source.with_input("matches.csv", source.table(rows, rows))


@maker
def rehashed_synthetic(source: Source, rng: Random) -> tuple[str, Files] | None:
    """One row becomes synthetic in a plan that is not, or all rows stop being so in one that is."""
    rows, needs = [dict(row) for row in source.assets], [dict(row) for row in source.needs]
    if source.plan["synthetic"]:
        if any(row["source"] == "synthetic" for row in needs):
            return None
        for row in rows:
            row["source"] = "register"
    else:
        rng.choice(rows)["source"] = "synthetic"
    return "source", source.with_input("assets.csv", source.table(rows, rows))


@maker
def rehashed_provider(source: Source, rng: Random) -> tuple[str, Files] | None:
    value = source.json("inputs/distances.json")
    key = rng.choice(["provider", "version", "form"])
    value[key] += rng.choice(["x", " 2", "detour=9"])
    return f"{key} {value[key]}", source.with_input("distances.json", encode(value))
