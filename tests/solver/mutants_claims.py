"""Wrong certificates, wrong claims of plan.json, wrong hashes and damaged files."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tests.solver.mutants_source import MAKERS, Files, Maker, Source, encode, maker
from tests.solver.verify_naive import words

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random


def certificate(change: Callable[[dict[str, Any], Source, Random], str | None]) -> Maker:
    def make(source: Source, rng: Random) -> tuple[str, Files] | None:
        value = source.json("certificate.json")
        detail = change(value, source, rng)
        return None if detail is None else (detail, {"certificate.json": encode(value)})

    MAKERS[f"certificate_{change.__name__}"] = make
    return make


@certificate
def price_above_the_unmet_price(value: dict[str, Any], source: Source, rng: Random) -> str | None:
    rows = source.tables["shortfalls"]
    if not rows:
        return None
    row = rng.choice(rows)
    value["need_price"][row["need_id"]] = int(row["price_vnd"]) * value["denominator"] + rng.randint(1, 10**6)
    return f"{row['need_id']}"


@certificate
def price_far_too_high(value: dict[str, Any], source: Source, rng: Random) -> str | None:
    name = rng.choice(sorted(source.planned_needs))
    value["need_price"][name] = 10**17 + rng.randrange(10**6)  # no price of a need comes near
    return name


@certificate
def price_far_too_low(value: dict[str, Any], source: Source, rng: Random) -> str | None:
    # It takes more from the bound than all assets together can give back, at most what the needs are worth.
    # Where a tree proves a component, or all is pinned, the prices of its needs do not count.
    proven = {n for proof in value["tree"] or () for group in proof["needs"] for n in group}
    proven |= {pin[1] for pin in source.json("inputs/scenario.json")["stability"]["pins"]}
    proven |= {row["need_id"] for row in source.tables["transfers"] if row["state"] != "planned"}
    names = sorted(set(source.planned_needs) - proven)
    if not names:
        return None
    worth = sum(int(n["units"] or 1) * abs(value["need_price"][k]) for k, n in source.planned_needs.items())
    worth += (
        sum(value["row_price"].values()) * 10**6 + abs(source.plan["objective_vnd"]) * value["denominator"]
    )
    name = rng.choice(names)
    if int(source.planned_needs[name]["units"] or 1) == 0:
        return None
    value["need_price"][name] -= 2 * worth + rng.randint(1, 10**6)
    return name


@certificate
def price_missing(value: dict[str, Any], source: Source, rng: Random) -> str | None:
    name = rng.choice(sorted(source.planned_needs))
    del value["need_price"][name]
    return name


@certificate
def price_of_an_unknown_need(value: dict[str, Any], _source: Source, rng: Random) -> str | None:
    name = f"nobody-{rng.randrange(10**6)}"
    value["need_price"][name] = 0
    return name


@certificate
def price_no_integer(value: dict[str, Any], source: Source, rng: Random) -> str | None:
    name = rng.choice(sorted(source.planned_needs))
    value["need_price"][name] = rng.choice([0.5, "12", None, True, [], float("nan"), float("inf")])
    return f"{name} {value['need_price'][name]}"


@certificate
def row_negative(value: dict[str, Any], _source: Source, rng: Random) -> str | None:
    name: str = rng.choice([*sorted(value["row_price"]), "norm|x|vehicle/car"])
    value["row_price"][name] = -rng.randint(1, 10**9)
    return name


@certificate
def row_unknown(value: dict[str, Any], _source: Source, rng: Random) -> str | None:
    name = rng.choice(["norm|00000|vehicle/car", "budget", "norm||", "norm|x", "cap|1|2"]) + str(
        rng.randrange(99)
    )
    value["row_price"][name] = rng.randint(1, 10**6)
    return name


@certificate
def header_wrong(value: dict[str, Any], _source: Source, rng: Random) -> str | None:
    key, new = rng.choice(
        [
            ("denominator", 0),
            ("denominator", -1),
            ("denominator", (1 << 20) + 1),
            ("denominator", 1.5),
            ("denominator", "1"),
            ("denominator", True),
            ("tree", {}),
            ("tree", []),
            ("tree", 0),
            ("need_price", []),
            ("need_price", {}),
            ("row_price", None),
            ("row_price", [1]),
            ("need_price", None),
        ]
    )
    value[key] = new
    return f"{key} {new}"


@certificate
def key_missing(value: dict[str, Any], _source: Source, rng: Random) -> str | None:
    name = rng.choice(["denominator", "need_price", "row_price", "tree"])
    del value[name]
    return name


def plan_leaf(name: str, *prefix: str) -> None:
    """Classes that change a claim of plan.json: a number off by some, of another type, missing."""

    def chosen(source: Source, rng: Random) -> tuple[tuple[str, ...], Any]:
        leaves = [
            (path, value) for path, value in source.leaves(source.plan) if path[: len(prefix)] == prefix
        ]
        return rng.choice(leaves)

    def off(source: Source, rng: Random) -> tuple[str, Files] | None:
        path, value = chosen(source, rng)
        if path == ("claimed", "bound_vnd") and source.plan["gap_vnd"]:
            return None  # inside an open gap a solver may believe anything
        if isinstance(value, bool | list) or value is None or value == {}:
            new: Any = ["wrong"] if isinstance(value, list | dict) else (not value)
        elif isinstance(value, int):
            new = value + rng.choice([-1, 1, -1, 1, rng.randint(2, 10**9)])
        elif isinstance(value, float):
            new = value + 1
        elif value.replace(".", "", 1).isdigit():
            digits = value[:-1] + str((int(value[-1]) + rng.randint(1, 9)) % 10)
            new = digits
        else:
            new = value + "x"
        return f"{'.'.join(path)}: {value} -> {new}", source.with_plan(path, new)

    def kind(source: Source, rng: Random) -> tuple[str, Files] | None:
        path, value = chosen(source, rng)
        options: list[Any] = ["NaN", float("nan"), [], True, {"a": 1}, "wrong"]
        new = rng.choice([option for option in options if option != value])
        if path == ("claimed", "bound_vnd") and new is None:
            return None
        return f"{'.'.join(path)}: {value} -> {new}", source.with_plan(path, new)

    def gone(source: Source, rng: Random) -> tuple[str, Files] | None:
        path, value = chosen(source, rng)
        counted = path[0] == "kpis" and len(path) == 4 and value == 0  # zero entries may be left out
        return None if counted else (".".join(path), source.with_plan(path, ...))

    MAKERS[f"{name}_off"], MAKERS[f"{name}_wrong_type"], MAKERS[f"{name}_missing"] = off, kind, gone


for key in words(
    "format_version scenario status objective_vnd bound_vnd gap_vnd gap cost_gap value_gap "
    "cash_vnd levels synthetic claimed not_planned distances"
):
    plan_leaf(key, key)
plan_leaf("parts_category", "parts", "category")
plan_leaf("parts_province", "parts", "province")
for key in words(
    "needed met unmet distance_km cost_parts purchases_avoided_vnd spend_vnd "
    "cross_province_transfers releases changes openings_vnd premises_in_use"
):
    plan_leaf(f"kpis_{key}", "kpis", key)


@maker
def bound_raised_with_its_gap(source: Source, rng: Random) -> tuple[str, Files] | None:
    plan = json.loads(json.dumps(source.plan))
    step = rng.randint(1, 10**6)
    plan["bound_vnd"] += step
    plan["gap_vnd"] -= step
    plan["claimed"]["bound_vnd"] = plan["bound_vnd"]
    return f"+{step}", {"plan.json": encode(plan)}


@maker
def objective_lowered_with_its_bound(source: Source, rng: Random) -> tuple[str, Files] | None:
    plan = json.loads(json.dumps(source.plan))
    step = rng.randint(1, 10**6)
    for key in ("objective_vnd", "bound_vnd", "cash_vnd"):
        plan[key] -= step
    return f"-{step}", {"plan.json": encode(plan)}


@maker
def province_parts_swapped(source: Source, rng: Random) -> tuple[str, Files] | None:
    parts = source.plan["parts"]["province"]
    if len(parts) < 2:
        return None
    one, two = rng.sample(sorted(parts), 2)
    if parts[one] == parts[two]:
        return None
    files = source.with_plan(("parts", "province"), parts | {one: parts[two], two: parts[one]})
    return f"{one} {two}", files


@maker
def part_invented(source: Source, rng: Random) -> tuple[str, Files] | None:
    scope = rng.choice(["category", "province"])
    part = next(iter(source.plan["parts"][scope].values()))
    return scope, source.with_plan(("parts", scope, rng.choice(["furniture", "ZZ", ""])), part)


@maker
def json_damaged(source: Source, rng: Random) -> tuple[str, Files] | None:
    name = rng.choice(["plan.json", "certificate.json"])
    text = (source.folder / name).read_bytes()
    cut = rng.randrange(1, len(text) - 2)
    new = rng.choice(
        [
            text[:cut],
            b"",
            b"[]",
            b"null",
            text + b"{}",
            b"\xff" + text,
            b"[" * 100_000,
            text[:-2] + b', "levels": 1e999999999}',
            text.replace(b"{", b'{"format_version": 2, "tree": 2,', 1),
            b"1" * 100_000,
        ]
    )
    return f"{name} {cut}", {name: new}


@maker
def file_missing(source: Source, rng: Random) -> tuple[str, Files] | None:
    name = rng.choice(
        ["plan.json", "certificate.json", *(f"inputs/{name}" for name in source.plan["inputs"])]
    )
    return name, {name: None}


@maker
def hash_changed(source: Source, rng: Random) -> tuple[str, Files] | None:
    name = rng.choice(sorted(source.plan["inputs"]))
    new = rng.choice([rng.randbytes(32).hex(), "", None, ..., source.plan["inputs"][name].upper()])
    if new == source.plan["inputs"][name]:
        return None
    return f"{name} {new}", source.with_plan(("inputs", name), new)


@maker
def file_claimed_that_is_not_there(source: Source, rng: Random) -> tuple[str, Files] | None:
    name = rng.choice(["more.csv", "../plan.json", "/etc/hosts", "limits.csv"]) + str(rng.randrange(99))
    return name, source.with_plan(("inputs", name), "0" * 64)


@maker
def file_added_to_the_inputs(_source: Source, rng: Random) -> tuple[str, Files] | None:
    return "more.csv", {f"inputs/more{rng.randrange(10**6)}.csv": rng.randbytes(8)}


@maker
def inputs_changed_without_the_hash(source: Source, rng: Random) -> tuple[str, Files] | None:
    name = rng.choice(sorted(set(source.plan["inputs"]) - {"metres.csv"}))
    text = bytearray((source.folder / "inputs" / name).read_bytes())
    place = rng.randrange(len(text))
    text[place] ^= 1
    return f"{name} byte {place}", source.with_input(name, bytes(text), honest=False)
