"""Wrong plans of premises: rooms, areas, openings, forms, dispositions, and the rules that only they have."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from tests.solver.mutants_rows import change_cell, choose
from tests.solver.mutants_source import MAKERS, Files, Maker, Row, Source, encode, maker
from tests.solver.verify_naive import words

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    Change = Callable[[dict[str, Any], list[Row], Source, Random], str | None]

FORMS = ("điều chuyển", "chuyển đổi công năng", "giao", "hoán đổi", "tạm sử dụng")
DISPOSITIONS = words("land_fund housing_body commune_to_handle reserve sell liquidate demolish")


def moves(source: Source) -> list[Row]:
    """Transfers of premises."""
    housed = {row["need_id"] for row in source.needs if row["category"] == "premises"}
    return [dict(row) for row in source.tables["transfers"] if row["need_id"] in housed]


def row_of(rows: list[Row], key: str, name: str) -> Row:
    return next(row for row in rows if row[key] == name)


def opening_of(source: Source) -> int:
    total: int = source.plan["kpis"]["openings_vnd"]
    return total


def with_transfers(source: Source, rows: list[Row]) -> Files:
    rows = sorted(rows, key=lambda row: (row["asset_id"], row["need_id"]))
    return {"transfers.csv": source.table(rows, source.tables["transfers"])}


def replace(source: Source, old: Row, *new: Row) -> Files:
    """Transfers with other rows in the place of one."""
    ids = old["asset_id"], old["need_id"]
    kept = [row for row in source.tables["transfers"] if (row["asset_id"], row["need_id"]) != ids]
    return with_transfers(source, [*kept, *new])


MAKERS["premises_disposition"] = change_cell("releases", "disposition", choose(*DISPOSITIONS))
MAKERS["premises_form"] = change_cell("transfers", "form", choose(*FORMS))
MAKERS["premises_shortfall_reason"] = change_cell(
    "shortfalls", "reason", choose("too_small", "within_commune", "too_dear", "outbid", "norm", "unproven")
)


@maker
def premises_overfull(source: Source, rng: Random) -> tuple[str, Files] | None:
    """Another building takes the places of this one beside its own: whatever it says of their cost."""
    rows = moves(source)
    row = rng.choice(rows)
    other = rng.choice([one for one in rows if one["asset_id"] != row["asset_id"]])
    new = row | {"asset_id": other["asset_id"], "from_commune_code": other["from_commune_code"]}
    return f"{row['asset_id']} -> {other['asset_id']}", replace(source, row, new)


@maker
def premises_more_places_than_room(source: Source, rng: Random) -> tuple[str, Files] | None:
    """Every figure of a row for more places than the need has or the building holds."""
    row = rng.choice(moves(source))
    old, units = int(row["units"]), int(row["units"]) + rng.randint(50, 99)
    new = row | {"units": str(units)}
    new |= {name: str(int(v) // old * units) for name, v in row.items() if v and name.endswith("_vnd")}
    new |= {"alternative_extra_vnd": row["alternative_extra_vnd"]}
    return f"{row['asset_id']} {units}", replace(source, row, new)


@maker
def premises_area(source: Source, rng: Random) -> tuple[str, Files] | None:
    row = rng.choice(moves(source))
    area, units = Fraction(row["area_m2"]), int(row["units"])
    texts = [f"{float(area):.3f}", str(area + 1), f"{row['area_m2']}.0", "", "0", f"{float(area / units):g}"]
    texts += [f"{float(area) * 2:g}", f" {row['area_m2']}", f"{row['area_m2']} m2"]
    new = row | {"area_m2": rng.choice(texts)}
    return None if new == row else (f"{row['area_m2']} -> {new['area_m2']}", replace(source, row, new))


@maker
def premises_place_split(source: Source, rng: Random) -> tuple[str, Files] | None:
    """Half a place here, half a place in another building."""
    rows = moves(source)
    row = rng.choice(rows)
    other = rng.choice([asset for asset in source.assets if asset["category"] == "premises"])
    if other["asset_id"] in {one["asset_id"] for one in rows if one["need_id"] == row["need_id"]}:
        return None
    half = row | {"units": "0.5"}
    return row["need_id"], replace(source, row, half, half | {"asset_id": other["asset_id"]})


@maker
def premises_swapped(source: Source, rng: Random) -> tuple[str, Files] | None:
    """Two needs exchange their buildings, each row with the other's figures."""
    rows = moves(source)
    if len(rows) < 2:
        return None
    one, two = rng.sample(rows, 2)
    if one["asset_id"] == two["asset_id"] or one["need_id"] == two["need_id"]:
        return None
    rest = [r for r in source.tables["transfers"] if r not in (one, two)]
    new = [one | {"need_id": two["need_id"]}, two | {"need_id": one["need_id"]}]
    return f"{one['need_id']} {two['need_id']}", with_transfers(source, [*rest, *new])


@maker
def premises_alternative_with_its_opening(source: Source, rng: Random) -> tuple[str, Files] | None:
    row = rng.choice([row for row in moves(source) if row["alternative_extra_vnd"]])
    step = opening_of(source)
    if not step:
        return None
    new = row | {"alternative_extra_vnd": str(int(row["alternative_extra_vnd"]) + rng.choice([-1, 1]) * step)}
    return row["asset_id"], replace(source, row, new)


@maker
def premises_in_use_released(source: Source, rng: Random) -> tuple[str, Files] | None:
    row, rows = rng.choice(moves(source)), [dict(row) for row in source.tables["releases"]]
    asset = row_of(source.assets, "asset_id", row["asset_id"])
    own = {
        "asset_id": row["asset_id"], "units": "1", "value_vnd": asset["release_value_vnd"],
        "disposition": rng.choice(DISPOSITIONS), "reason": rng.choice(["met", "no_need", "too_dear"]),
    }  # fmt: skip
    rows = sorted([*rows, own], key=lambda r: r["asset_id"])
    return row["asset_id"], {"releases.csv": source.table(rows, rows)}


def claimed(change: Callable[[dict[str, Any], int, Random], str | None]) -> Maker:
    """Class that changes what plan.json says of openings; needs a plan that pays some."""

    def make(source: Source, rng: Random) -> tuple[str, Files] | None:
        plan, total = json.loads(json.dumps(source.plan)), opening_of(source)
        detail = change(plan, total, rng) if total else None
        return None if detail is None else (detail, {"plan.json": encode(plan)})

    MAKERS[f"premises_{change.__name__}"] = make
    return make


@claimed
def opening_forgotten_in_the_objective(plan: dict[str, Any], total: int, _rng: Random) -> str | None:
    plan["objective_vnd"] -= total
    plan["gap_vnd"] -= total
    return f"-{total}"


@claimed
def opening_forgotten_everywhere(plan: dict[str, Any], total: int, rng: Random) -> str | None:
    part, keys = plan["parts"]["category"]["premises"], ["objective_vnd", "bound_vnd"]
    for key in keys + ["cash_vnd"] * (rng.random() < 0.5):
        plan[key] -= total
        if part[key] is not None:
            part[key] -= total
    plan["kpis"]["openings_vnd"] = 0
    return f"-{total}"


@claimed
def opening_paid_per_place(plan: dict[str, Any], total: int, rng: Random) -> str | None:
    more = total // plan["kpis"]["premises_in_use"] * rng.randint(1, 9)
    for figures in (plan, plan["parts"]["category"]["premises"]):
        for key in ("objective_vnd", "gap_vnd", "cash_vnd"):
            figures[key] = None if figures[key] is None else figures[key] + more
    plan["kpis"]["openings_vnd"] += more
    return f"+{more}"


@claimed
def opening_booked_as_spend(plan: dict[str, Any], total: int, _rng: Random) -> str | None:
    plan["kpis"]["spend_vnd"] += total
    return f"+{total}"


@claimed
def opening_booked_as_a_cost_part(plan: dict[str, Any], total: int, rng: Random) -> str | None:
    parts = plan["kpis"]["cost_parts"]
    name: str = rng.choice(sorted(parts) or ["openings_vnd"])
    parts[name] = parts.get(name, 0) + total
    return name


@claimed
def opening_without_cash(plan: dict[str, Any], total: int, rng: Random) -> str | None:
    figures = rng.choice([plan, plan["parts"]["category"]["premises"]])
    figures["cash_vnd"] -= total
    return f"-{total}"


@claimed
def opening_in_another_province(plan: dict[str, Any], total: int, rng: Random) -> str | None:
    parts = plan["parts"]["province"]
    if len(parts) < 2:
        return None
    one, two = rng.sample(sorted(parts), 2)
    for key in ("objective_vnd", "cash_vnd"):
        parts[one][key] -= total
        parts[two][key] += total
    return f"{one} -> {two}"


@claimed
def opening_in_another_category(plan: dict[str, Any], total: int, rng: Random) -> str | None:
    parts = plan["parts"]["category"]
    two: str = rng.choice([name for name in sorted(parts) if name != "premises"])
    parts["premises"]["objective_vnd"] -= total
    parts[two]["objective_vnd"] += total
    return two


@claimed
def buildings_counted_as_places(plan: dict[str, Any], _total: int, rng: Random) -> str | None:
    plan["kpis"]["premises_in_use"] += rng.choice([-1, 1, 2, 3])
    return str(plan["kpis"]["premises_in_use"])


@maker
def premises_not_planned(source: Source, rng: Random) -> tuple[str, Files] | None:
    value = {"premises": {"assets": rng.randrange(99), "needs": rng.randrange(99)}}
    return str(value), source.with_plan(("not_planned",), value)


@maker
def premises_tree_that_nobody_can_check(source: Source, rng: Random) -> tuple[str, Files] | None:
    value = source.json("certificate.json")
    no_proofs: tuple[object, ...] = [[]], [], [None], [{"node": None}]
    value["tree"] = rng.choice([{"leaves": []}, {"leaves": [{"in": []}]}, *no_proofs, "tree", False])
    return str(value["tree"]), {"certificate.json": encode(value)}


@maker
def premises_needs_without_prices(source: Source, _rng: Random) -> tuple[str, Files] | None:
    value = source.json("certificate.json")
    housed = [row["need_id"] for row in source.needs if row["category"] == "premises"]
    for name in housed:
        value["need_price"].pop(name, None)
    return f"{len(housed)} needs", {"certificate.json": encode(value)} if housed else {}


def inputs_of(table: str) -> Callable[[Callable[[Row, Row, Source, Random], str | None]], Maker]:
    """Class that changes the row of an asset or need in a transfer of premises, and its hash."""
    key = "asset_id" if table == "assets" else "need_id"

    def register(change: Callable[[Row, Row, Source, Random], str | None]) -> Maker:
        def make(source: Source, rng: Random) -> tuple[str, Files] | None:
            move, old = rng.choice(moves(source)), source.assets if table == "assets" else source.needs
            rows = [dict(row) for row in old]
            row = row_of(rows, key, move[key])
            detail = change(row, move, source, rng)
            if detail is None or rows == old:
                return None
            return f"{row[key]} {detail}", source.with_input(f"{table}.csv", source.table(rows, old))

        MAKERS[f"rehashed_premises_{change.__name__}"] = make
        return make

    return register


@inputs_of("assets")
def shrunk(row: Row, _move: Row, source: Source, rng: Random) -> str | None:
    """A building just smaller than what it holds."""
    held = sum(Fraction(one["area_m2"]) for one in moves(source) if one["asset_id"] == row["asset_id"])
    if held == 0:
        return None
    row["area_m2"] = rng.choice(["", "0", f"{float(held) - rng.choice([0.001, 0.5]):.3f}"])
    return row["area_m2"]


@inputs_of("assets")
def area_damaged(row: Row, _move: Row, _source: Source, rng: Random) -> str | None:
    row["area_m2"] = rng.choice(["NaN", "-1", "1e3", "many", "1,5", "٣"])
    return row["area_m2"]


@inputs_of("assets")
def of_a_kind_that_is_not_asked_for(row: Row, move: Row, source: Source, rng: Random) -> str | None:
    if "matches.csv" in source.plan["inputs"]:
        return None
    kinds = row_of(source.needs, "need_id", move["need_id"])["kinds"].split("|")
    kind = rng.choice(["land", "other:kho lạnh"])
    row["kind"] = "other:nhà kho" if kind in kinds or (kind != "land" and kinds == [""]) else kind
    return row["kind"] if kinds != [""] or row["kind"] == "land" else None


@inputs_of("assets")
def worn_out(row: Row, _move: Row, source: Source, rng: Random) -> str | None:
    """A condition that costs more to repair, of a building in which something is to repair."""
    held = [float(one["area_m2"]) for one in moves(source) if one["asset_id"] == row["asset_id"]]
    if "matches.csv" in source.plan["inputs"] or row["kind"] == "land" or row["condition_pct"] in ("", "0"):
        return None
    row["condition_pct"] = rng.choice(["0", str(int(float(row["condition_pct"])) // 2)])
    return row["condition_pct"] if any(held) else None


@inputs_of("needs")
def place_grown(row: Row, move: Row, source: Source, rng: Random) -> str | None:
    """A place that is larger than the plan's, by little; with matches a load may stand in its stead."""
    if "matches.csv" in source.plan["inputs"]:
        given = source.rows("inputs/matches.csv")
        own = [m for m in given if (m["asset_id"], m["need_id"]) == (move["asset_id"], move["need_id"])]
        if own[0]["load"]:
            return None
    row["area_m2"] = f"{float(row['area_m2'] or 0) + rng.choice([0.001, 1, 17.5]):.3f}"
    return row["area_m2"]


@inputs_of("needs")
def place_without_area(row: Row, _move: Row, _source: Source, rng: Random) -> str | None:
    row["area_m2"] = rng.choice(["-1", "NaN", "1e2", "x", "9" * 30])
    return row["area_m2"]


def of_scenario(change: Change) -> Maker:
    """Class that changes the rules under a plan of premises whose costs are made of parts, and the hash."""

    def make(source: Source, rng: Random) -> tuple[str, Files] | None:
        rows, value = moves(source), source.json("inputs/scenario.json")
        if not rows or "matches.csv" in source.plan["inputs"]:
            return None
        detail = change(value, rows, source, rng)
        if detail is None or value == source.json("inputs/scenario.json"):
            return None
        return detail, source.with_input("scenario.json", encode(value))

    MAKERS[f"rehashed_premises_{change.__name__}"] = make
    return make


@of_scenario
def opening_price(value: dict[str, Any], _rows: list[Row], _source: Source, rng: Random) -> str | None:
    value["prices"]["open_premises"] = (value["prices"]["open_premises"] or 0) + rng.randint(1, 10**8)
    return str(value["prices"]["open_premises"])


@of_scenario
def release_value(value: dict[str, Any], rows: list[Row], source: Source, _rng: Random) -> str | None:
    """Counted or no longer counted, of a building in use that has one."""
    used = {row["asset_id"] for row in rows}
    value["prices"]["count_release_value"] = not value["prices"]["count_release_value"]
    worth = [int(row["release_value_vnd"]) for row in source.assets if row["asset_id"] in used]
    return "flipped" if any(worth) else None


@of_scenario
def rate_per_m2(value: dict[str, Any], rows: list[Row], _source: Source, rng: Random) -> str | None:
    """One rate that some row pays, so that its part changes by more than a VND."""
    rates = words("repair_per_m2 change_of_use_per_m2 build_per_m2")
    paid = [name for name in rates if any(int(row[f"{name[:-7]}_vnd"]) > 0 for row in rows)]
    name = rng.choice(paid)
    value["prices"][name] += rng.randint(10**6, 10**7)
    return name


@of_scenario
def travel_rate(value: dict[str, Any], rows: list[Row], _source: Source, rng: Random) -> str | None:
    if not any(int(row["travel_vnd"]) > 100 for row in rows):
        return None
    value["prices"][rng.choice(["travel_per_km_m2_year", "horizon_years"])] *= rng.randint(2, 9)
    return "more"


@of_scenario
def handover_of_premises(value: dict[str, Any], _rows: list[Row], _source: Source, rng: Random) -> str | None:
    prices, step = value["prices"]["handover"], rng.randint(1, 10**6)
    value["prices"]["handover"] = {"premises": 0} | prices
    for key in value["prices"]["handover"]:
        if key.startswith("premises"):
            value["prices"]["handover"][key] += step
    return f"+{step}"


@of_scenario
def price_per_m2(value: dict[str, Any], _rows: list[Row], source: Source, rng: Random) -> str | None:
    """Needs that are unmet or unserved at the norm price have another one."""
    needs = [row for row in source.needs if row["category"] == "premises" and not row["price_vnd"]]
    known = [row for row in needs if float(row["area_m2"])]
    step = rng.randint(10**6, 10**7)
    unmet = value["prices"]["unmet"]
    value["prices"]["unmet"] = {k: v + step * k.startswith("premises") for k, v in unmet.items()}
    return f"+{step}" if known else None


@of_scenario
def use_that_is_no_longer_the_same(
    value: dict[str, Any], rows: list[Row], source: Source, rng: Random
) -> str | None:
    """Under a building that kept its use: the change is now paid for."""
    needs = {row["need_id"]: row["purpose"] for row in source.needs}
    kept = [
        needs[row["need_id"]]
        for row in rows
        if row["build_vnd"] == row["change_of_use_vnd"] == "0" and float(row["area_m2"]) > 0
    ]
    purpose = rng.choice(kept)
    if not value["rules"]["same_use"].get(purpose):
        return None  # nothing was to be paid for another reason
    value["rules"]["same_use"][purpose] = []
    return purpose


@of_scenario
def use_that_is_now_the_same(
    value: dict[str, Any], rows: list[Row], source: Source, rng: Random
) -> str | None:
    row = rng.choice([row for row in rows if int(row["change_of_use_vnd"]) > 0])
    purpose = row_of(source.needs, "need_id", row["need_id"])["purpose"]
    kind = row_of(source.assets, "asset_id", row["asset_id"])["kind"]
    value["rules"]["same_use"].setdefault(purpose, []).append(kind)
    return f"{purpose} {kind}"


@of_scenario
def purpose_that_stays_in_its_commune(
    value: dict[str, Any], rows: list[Row], source: Source, rng: Random
) -> str | None:
    row = rng.choice([row for row in rows if row["from_commune_code"] != row["to_commune_code"]])
    purpose = row_of(source.needs, "need_id", row["need_id"])["purpose"]
    value["rules"]["within_commune"].append(purpose)
    return purpose


@of_scenario
def border_closed(value: dict[str, Any], rows: list[Row], source: Source, rng: Random) -> str | None:
    row = rng.choice([row for row in rows if row["cross_province"] == "true"])
    purpose = row_of(source.needs, "need_id", row["need_id"])["purpose"]
    kind = row_of(source.assets, "asset_id", row["asset_id"])["kind"]
    value["rules"]["cross_province"][f"premises/{purpose or kind}"] = "forbidden"
    return purpose or kind


@of_scenario
def condition_by_purpose(value: dict[str, Any], rows: list[Row], source: Source, rng: Random) -> str | None:
    row = rng.choice(rows)
    purpose = row_of(source.needs, "need_id", row["need_id"])["purpose"]
    kind = row_of(source.assets, "asset_id", row["asset_id"])["kind"]
    value["rules"]["min_condition_pct"][f"premises/{purpose or kind}"] = 101
    return purpose or kind


@of_scenario
def norm_of_places(value: dict[str, Any], rows: list[Row], source: Source, rng: Random) -> str | None:
    row = rng.choice(rows)
    kind = row_of(source.assets, "asset_id", row["asset_id"])["kind"]
    value["norms"]["max_per_commune"][rng.choice(["premises", f"premises/{kind}"])] = int(row["units"]) - 1
    return kind


@maker
def rehashed_premises_load(source: Source, rng: Random) -> tuple[str, Files] | None:
    """A load that is heavier than the plan's."""
    if "matches.csv" not in source.plan["inputs"]:
        return None
    move, rows = rng.choice(moves(source)), source.rows("inputs/matches.csv")
    load = Fraction(move["area_m2"]) / int(move["units"]) + rng.choice([Fraction(1, 1000), Fraction(10**6)])
    for row in rows:
        if (row["asset_id"], row["need_id"]) == (move["asset_id"], move["need_id"]):
            row["load"] = f"{float(load):.3f}"
    return f"{move['asset_id']} {float(load):.3f}", source.with_input("matches.csv", source.table(rows, rows))
