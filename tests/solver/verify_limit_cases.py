"""Random tiny instances with limits, floors, pins and levels, and random prices for certificates."""

from __future__ import annotations

import math
from random import Random
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import linprog

from tests.solver import verify_cases as cases
from tests.solver.verify_limits import Limited, Plan, Proof
from tests.solver.verify_writer import write_plan

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from tests.solver.verify_naive import Case

PRICES = (0, 0, 1, 7, 1000, 10**6)  # of rows, in whole VND, of which a budget counts every VND
SHARES = (0.25, 0.333, 0.5, 0.75, 1, 0, "max-min", "max-min")


def limited_case(seed: int, form: str, premises: int = 0) -> Case:
    """Add random limits to a random instance; its pins keep to every limit."""
    rng = Random(seed)
    case = cases.random_case(seed, form=form, size=4 - premises, premises=premises)
    if not premises:
        case.denominator = rng.choice([1, 1, 2, 6, 1 << 20])
    if rng.random() < 0.7:
        _open_up(case, rng)
    plain = Limited(case)
    scenario, spends = case.scenario, [match.spend for match in plain.pairs.values()] or [1]
    keys = [
        "vehicle",
        "vehicle/car",
        "equipment",
        "premises",
        "premises/other",
        "equipment/printer",
        "premises/office",
    ]
    if rng.random() < 0.5:
        scenario["equity"] = {
            "by": rng.choice(["province", "priority", "country"]),
            "coverage_floor": {key: rng.choice(SHARES) for key in rng.sample(keys, rng.randint(1, 4))},
            "floor_mode": rng.choice(["attainable", "attainable", "strict"]),
        }
    scenario["objective"] = rng.choice(["net_cost", "net_cost", "coverage_first"])
    if rng.random() < 0.5 and plain.pairs:
        pins: Plan = {}
        for pair in rng.sample(sorted(plain.pairs), min(2, len(plain.pairs))):
            more = pins | {pair: rng.randint(1, int(plain.needs[pair[1]]["units"]))}
            pins = more if plain.feasible(more) else pins
        listed: list[list[object]] = [[a, n, units] for (a, n), units in sorted(pins.items())]
        if len(listed) == 1:
            alone: list[object] = listed[0][:2]
            scenario["stability"]["pins"] = [alone]
            listed = [alone] if plain.feasible(Limited(case).pins) else listed
        scenario["stability"]["pins"] = listed
    spent = sum(plain.pairs[pair].spend * units for pair, units in Limited(case).pins.items())

    def budget() -> int:
        return spent + rng.choice([0, rng.choice(spends), 3 * max(spends), rng.randint(0, 5 * max(spends))])

    moved = sum(Limited(case).pins.values())
    limits: dict[str, object] = {"budget_vnd": budget() if rng.random() < 0.3 else None}
    for scope, names in (
        ("province", ["01", "38", "91"]),
        ("category", ["vehicle", "equipment", "premises"]),
    ):
        limits[f"budget_vnd_by_{scope}"] = {name: budget() for name in names if rng.random() < 0.15}
    caps = {key: moved + rng.randint(0, 1) for key in rng.sample(keys[:4], 2) if rng.random() < 0.4}
    scenario["limits"] = limits | {"cross_province_max": caps}
    return case


def _open_up(case: Case, rng: Random) -> None:
    """Make most pairs eligible, and kinds fewer."""
    kinds = {"vehicle": "car", "equipment": rng.choice(["computer", "printer"])}
    for row in (*case.assets, *case.needs):
        if row["category"] != "premises":
            row["kind" if "asset_id" in row else "kinds"] = kinds[row["category"]]
    for row in case.assets:
        row |= {"status": "surplus", "condition_pct": "77.7", "year": "2018", "legal_status": "clear"}
    for row in case.needs:
        row |= {"reach_km": "", "min_condition_pct": ""}
    rules, border = case.scenario["rules"], rng.choice(["surcharge", "allowed"])
    rules |= {"max_age_years": {}, "min_condition_pct": {}, "within_commune": []}
    rules["cross_province"] = dict.fromkeys(("vehicle", "equipment", "premises"), border)
    case.scenario["reach_km"] = {}


def random_proof(s: Limited, level: str, rng: Random) -> Proof:
    """Any prices that are allowed: often 0, often as high as can be."""
    proof = Proof(level, s.case.denominator if not level else rng.choice([1, 1, 2, 3, 1 << 50]))
    scale = proof.denominator
    most = 4 if level else 10**9
    before = s.before(level)
    for name in before:
        if not name.startswith("max_min"):
            proof.row[f"level|{name}"] = rng.choice([0, 1, most, rng.randint(0, most)]) * scale
    for row in s.rows:
        price = rng.choice([0, scale, rng.randint(0, most * scale)])
        if row.startswith("budget"):
            price = rng.choice([0, 1, scale, rng.randint(0, 2 * scale)])
        elif row.startswith("floor"):
            price = min(s.ceiling(proof), rng.choice([0, 1, scale, most * scale]))
            if any(
                row in s.worst[name.partition("|")[2]] for name in (*before, level) if name[:7] == "max_min"
            ):
                price = rng.choice([0, price, scale, rng.randint(0, most * scale)])
            elif s.strict and row in s.shares:
                price = rng.choice([0, scale, rng.randint(0, most * scale)])
            elif row not in s.shares:
                price = 0
        proof.row[row] = price
    for pair in s.pairs:
        for commune, key in s.rows_of(pair):
            proof.row[f"norm|{commune}|{key}"] = rng.choice([0, 0, rng.randint(0, most * scale)])
    for need in s.needs:
        highest = s.highest(need, proof)
        costs = [scale * match.cost for pair, match in s.pairs.items() if pair[1] == need and not level]
        below = [value for value in costs if value <= highest]
        proof.need[need] = rng.choice([highest, highest, rng.randint(-highest, highest), *below])
    return proof


def strong_proof(s: Limited, plan: Plan, level: str, scale: int = 1 << 20) -> tuple[Proof, float]:
    """Prices of the linear programme of a question about movables, rounded; and what they give at least."""
    value = {k: s.value(k, plan) for k in s.levels}
    before = s.before(level)
    moved = [pair for pair in s.pairs if s.assets[pair[0]]["category"] != "premises"]
    needs = [k for k, n in s.needs.items() if n["category"] != "premises"]
    once = [row for row in s.shares if s.strict or not any(row in rows for rows in s.worst.values())]
    columns = {name: i for i, name in enumerate([*moved, *needs, *s.rows])}  # moved, unmet, missed
    cost, fixed = np.zeros(len(columns)), 0
    for pair in () if level else moved:
        cost[columns[pair]] = s.pairs[pair].cost
        fixed += s.pairs[pair].cost * s.pins.get(pair, 0)
    for k in needs:
        n = s.needs[k]
        cost[columns[k]] = level == f"unmet|{s.priority(n)}" if level else s.weighted(n)
    names, limits, lines = list[str](), list[float](), list[dict[object, int]]()

    def line(name: str, limit: float, cells: dict[object, int], *, least: bool = False) -> None:
        """At most `limit` of the cells beside the pins; with `least` at least."""
        pinned = sum(count * s.pins.get(pair, 0) for pair, count in cells.items() if isinstance(pair, tuple))
        names.append(name)
        limits.append((limit - pinned) * (-1 if least else 1))
        lines.append({cell: -count if least else count for cell, count in cells.items()})

    for a, row in s.assets.items():
        line("", int(row["units"]), {pair: 1 for pair in moved if pair[0] == a})
    for norm in {norm for pair in moved for norm in s.rows_of(pair)}:
        line(f"norm|{norm[0]}|{norm[1]}", s.cap(norm), {pair: 1 for pair in moved if norm in s.rows_of(pair)})
    for name in s.rows:
        cells: dict[object, int] = {pair: s.counts(name, pair) for pair in moved if s.counts(name, pair)}
        most = s.most(name)
        if s.category(name) == "premises":
            continue
        if most is not None:
            line(name, most, cells)
        for worst in (f"max_min|{key}" for key, rows in s.worst.items() if name in rows):
            if worst == level:
                cost[columns[name]] = 1
                line(name, math.floor(value[worst] * s.demand(name)) + 1, cells | {name: 1}, least=True)
            elif worst in before:
                line(name, math.ceil(value[worst] * s.demand(name)), cells, least=True)
        if name in once and s.strict and level != "infeasible":
            line(name, s.least_of_share(name), cells, least=True)
        elif name in once:
            cost[columns[name]] = level in ("floor_shortfall", "infeasible")
            line(name, s.least_of_share(name), cells | {name: 1}, least=True)
    for name in before:
        if name.startswith("unmet"):
            own = [k for k in needs if name == f"unmet|{s.priority(s.needs[k])}"]
        elif name == "floor_shortfall":
            own = [row for row in once if s.category(row) != "premises"]
        else:
            continue
        line(f"level|{name}", int(s.value(name, plan)) - _housed(s, plan, name), dict.fromkeys(own, 1))

    def table(cells: list[dict[object, int]]) -> NDArray[np.float64]:
        matrix = np.zeros((len(cells), len(columns)))
        for i, one in enumerate(cells):
            for name, count in one.items():
                matrix[i, columns[name]] += count  # type: ignore[index]  # a pair or a name
        return matrix

    size = max(1.0, cost.max(initial=0))
    demand: list[dict[object, int]] = [{k: 1} | {pair: 1 for pair in moved if pair[1] == k} for k in needs]
    left = [int(s.needs[k]["units"]) - sum(u for p, u in s.pins.items() if p[1] == k) for k in needs]
    found = linprog(
        cost / size, A_ub=table(lines), b_ub=limits, A_eq=table(demand) if needs else None,
        b_eq=left if needs else None, method="highs-ds",
    )  # fmt: skip
    assert found.success, found.message
    proof = Proof(level, scale)
    for name, dual in zip(names, found.ineqlin.marginals, strict=True):
        if name:
            proof.row[name] = proof.row.get(name, 0) + max(0, round(-dual * size * scale))
    ceiling = s.ceiling(proof)
    for name in () if s.strict else once:
        if name in proof.row:
            proof.row[name] = min(proof.row[name], ceiling)
    proof.need = dict.fromkeys(s.needs, 0)
    for k, dual in zip(needs, found.eqlin.marginals if needs else (), strict=True):
        proof.need[k] = min(s.highest(k, proof), round(dual * size * scale))
    return proof, found.fun * size + fixed - 1 - size / 10**6


def _housed(s: Limited, plan: Plan, level: str) -> int:
    return int(s.value(level, plan, "premises"))


def limited_mixed(objective: str) -> tuple[Limited, Plan]:
    """The mixed case with rows of every kind, levels and pins, and a plan that keeps to all of them."""
    case = cases.mixed_case()
    plan = Limited(case).optimum()[0]
    case.scenario["objective"] = objective
    case.scenario["limits"] = {
        "budget_vnd": 320_000_000,
        "budget_vnd_by_province": {"01": 400_000_000, "91": 2_100_728},
        "budget_vnd_by_category": {"vehicle": 12_478_892},
        "cross_province_max": {"vehicle": 2, "equipment": 0},
    }
    case.scenario["equity"] |= {
        "coverage_floor": {"vehicle": 0.5, "equipment": "max-min", "vehicle/car": 0.25}
    }
    case.scenario["stability"] |= {"pins": [["V-09", "N-05"], ["E-01", "N-11", 1]]}
    s = Limited(case)
    assert s.keeps(plan)
    return s, plan


def write_strong(folder: Path, s: Limited, plan: Plan) -> None:
    """Write a plan with the prices of linear programmes."""
    s.case.denominator = 1 << 20
    whole, _ = strong_proof(s, plan, "")
    norms = {name: price for name, price in whole.row.items() if name.startswith("norm|")}
    pairs = {(name.split("|")[1], name.split("|")[2]): price for name, price in norms.items()}
    side = {name: price for name, price in whole.row.items() if name not in norms}
    proofs = [strong_proof(s, plan, level, 1 << 50)[0] for level in s.levels]
    write_plan(folder, s.case, plan, whole.need, pairs, side, proofs)
