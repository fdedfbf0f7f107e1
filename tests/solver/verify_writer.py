"""Plan folders written from the naive instances, as `docs/plan-folder.md` describes them."""

from __future__ import annotations

import csv
import hashlib
import json
import math
from collections import Counter
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from tests.solver.verify_limits import FUNNEL, Limited, Proof
from tests.solver.verify_naive import (
    ASSET_COLUMNS,
    AUTHORITY_COLUMNS,
    COMMUNE_COLUMNS,
    NEED_COLUMNS,
    PARTS,
    PLANNED,
    STAGES,
    TRANSFER_COLUMNS,
    Case,
    Pair,
    Row,
    Solved,
    authority_of,
    exact,
    form_of,
    half_up,
    specific,
    words,
)
from tests.solver.verify_replan import CHANGE_COLUMNS, LINE_COLUMNS, Replanned

if TYPE_CHECKING:
    from pathlib import Path


BOUNDS = ("bound_vnd", "gap_vnd", "cost_gap", "value_gap")
LIMIT_COLUMNS = words("limit unit used bound slack worth_step worth_vnd worth_least_vnd worth_most_vnd")


def ratio(gap: int, whole: int) -> str | None:
    if gap == 0:
        return "0.000000000"
    if whole <= 0:
        return None
    return format((Decimal(gap) / Decimal(whole)).quantize(Decimal("0.000000001"), ROUND_HALF_UP), "f")


def decimals(metres: int) -> str:
    return format((Decimal(metres) / 1000).normalize(), "f")


def decimal_text(value: Fraction) -> str:
    """Decimal without trailing zeros, by long division."""
    digits, rest = f"{value.numerator // value.denominator}.", value.numerator % value.denominator
    while rest:
        rest *= 10
        digits, rest = digits + str(rest // value.denominator), rest % value.denominator
    return digits.removesuffix(".")


def write_table(path: Path, columns: list[str], rows: list[Row]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, columns, lineterminator="\n", extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)


def write_json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def write_inputs(folder: Path, solved: Solved) -> None:
    case = solved.case
    folder.mkdir(parents=True)
    write_table(folder / "assets.csv", ASSET_COLUMNS, sorted(case.assets, key=lambda row: row["asset_id"]))
    write_table(folder / "needs.csv", NEED_COLUMNS, sorted(case.needs, key=lambda row: row["need_id"]))
    write_table(folder / "communes.csv", COMMUNE_COLUMNS, case.communes)
    write_json(folder / "scenario.json", case.scenario)
    if case.baseline is not None:
        write_table(folder / "baseline.csv", LINE_COLUMNS, case.baseline)
    if case.authorities:
        write_table(folder / "authorities.csv", AUTHORITY_COLUMNS, case.authorities)
    version = (
        "great-circle-1 detour=1.3 ferry_km=50 radius_m=6371008.8"
        if case.provider == "great_circle"
        else "table"
    )
    write_json(folder / "distances.json", {"provider": case.provider, "version": version, "form": case.form})
    if case.form == "matches":
        columns = words("asset_id need_id cost_vnd load spend_vnd distance_km")
        write_table(folder / "matches.csv", columns, case.matches)
        return
    pairs = [
        {"asset_id": a, "need_id": n, "metres": str(metres)}
        for a, one in solved.assets.items()
        for n, two in solved.needs.items()
        if case.form == "pairs"
        or (one["commune_code"] == two["commune_code"] and int(one["leg_m"]) + int(two["leg_m"]) > 0)
        for metres in [solved.metres(one, two)]
        if metres is not None
    ]
    write_table(folder / "metres_pairs.csv", ["asset_id", "need_id", "metres"], pairs)
    if case.form == "communes":
        origins = sorted({row["commune_code"] for row in solved.assets.values()})
        destinations = sorted({row["commune_code"] for row in solved.needs.values()})
        rows = [
            {"from_commune_code": o}
            | {d: "" if (m := solved.between(o, d)) is None else str(m) for d in destinations}
            for o in origins
        ]
        write_table(folder / "metres.csv", ["from_commune_code", *destinations], rows)


def write_plan(
    folder: Path,
    case: Case,
    plan: dict[Pair, int] | None = None,
    prices: dict[str, int] | None = None,
    rows: dict[Pair, int] | None = None,
    side: dict[str, int] | None = None,
    proofs: list[Proof] | None = None,
) -> Limited:
    """Write the best plan with its certificate, or the plan and prices given.

    With limits all is given: `side` has the prices of side rows and levels, `proofs` those of each level.
    """
    s = Limited(case) if case.baseline is None else Replanned(case)
    if plan is None or prices is None or rows is None:
        best, best_prices, best_rows = s.optimum()
        plan = best if plan is None else plan
        prices = best_prices if prices is None else prices
        rows = best_rows if rows is None else rows
    write_inputs(folder / "inputs", s)
    used, met, received = Counter[str](), Counter[str](), Counter[Pair]()
    for pair, units in plan.items():
        used[pair[0]] += units
        met[pair[1]] += units
        for row in s.rows_of(pair):
            received[row] += units
    exhausted = {row for pair in s.pairs for row in s.rows_of(pair) if received[row] >= s.cap(row)}
    priced = {f"norm|{row[0]}|{row[1]}": v for row, v in rows.items()} | (side or {})
    proof = Proof("", case.denominator, prices, priced)
    figures = summary(folder, s, plan, rows, proof, proofs or [])
    parts = figures["parts"]["category"].items()
    proven = {name: (figures if part["gap_vnd"] is None else part)["gap_vnd"] == 0 for name, part in parts}

    def blocked(pair: Pair) -> bool:
        return any(row in exhausted for row in s.rows_of(pair))

    transfers = []
    for pair, units in sorted(plan.items()):
        a, n, m = s.assets[pair[0]], s.needs[pair[1]], s.pairs[pair]
        others = sorted(
            (other.cost, k[0]) for k, other in s.pairs.items() if k[1] == pair[1] and k[0] != pair[0]
        )
        crosses = s.province(a) != s.province(n)
        money = {
            f"{part}_vnd": "" if case.form == "matches" else str(v * units)
            for part, v in (m.parts or dict.fromkeys(PARTS, 0)).items()
        }
        given = [row["distance_km"] for row in case.matches if (row["asset_id"], row["need_id"]) == pair]
        transfers.append(
            money
            | {
                "asset_id": pair[0],
                "need_id": pair[1],
                "units": str(units),
                "area_m2": decimal_text(m.load * units) if a["category"] == "premises" else "",
                "cost_vnd": str(m.cost * units),
                "distance_km": given[0] if given else decimals(m.metres or 0),
                "spend_vnd": str(m.spend * units),
                "from_commune_code": a["commune_code"],
                "to_commune_code": n["commune_code"],
                "cross_province": "true" if crosses else "false",
                "recipient": n["recipient"],
                "official_id": a["official_id"],
                "form": form_of(a, n, crosses=crosses, changes=bool(m.parts.get("change_of_use"))),
                "authority": authority_of(case, a, crosses=crosses),
                "until": n["until"],
                "state": s.state(pair),
                "rank": str(1 + sum(cost < m.cost for cost, _ in others)),
                "alternative_asset_id": others[0][1] if others else "",
                "alternative_extra_vnd": str(others[0][0] - m.cost) if others else "",
            }
        )
    write_table(folder / "transfers.csv", TRANSFER_COLUMNS, transfers)

    shortfalls = []
    for k, n in sorted(s.needs.items()):
        if met[k] == int(n["units"]):
            continue
        stages = [match.stage for pair, match in s.all.items() if pair[1] == k]
        candidates = [pair for pair in s.pairs if pair[1] == k]
        if not candidates:
            reason = max(["no_asset", *stages], key=STAGES.index)
        else:
            reason = max((s.stage(plan, pair) for pair in candidates), key=FUNNEL.index)
            reason = "unproven" if reason == "outbid" and not proven[n["category"]] else reason
        shortfalls.append(
            {
                "need_id": k,
                "units": str(int(n["units"]) - met[k]),
                "price_vnd": str(s.weighted(n)),
                "reason": reason,
                "detail": json.dumps({"candidates": len(candidates)}),
            }
        )
    write_table(folder / "shortfalls.csv", ["need_id", "units", "price_vnd", "reason", "detail"], shortfalls)

    releases = []
    for k, a in sorted(s.assets.items()):
        housed = a["category"] == "premises"
        if used[k] == int(a["units"]) or (housed and used[k]):
            continue
        candidates = [pair for pair in s.pairs if pair[0] == k]
        gaining = [pair for pair in candidates if s.pairs[pair].cost < s.weighted(s.needs[pair[1]])]
        least = specific(s.rules["rules"]["min_condition_pct"], a["category"], a["kind"])
        oldest, age = specific(s.rules["rules"]["max_age_years"], a["category"], a["kind"]), s.age(a)
        worn = a["condition_pct"] and least is not None and exact(a["condition_pct"]) < least
        reason = "met" if proven[a["category"]] else "unproven"
        worth = {pair: s.weighted(s.needs[pair[1]]) - s.pairs[pair].cost for pair in gaining}
        free = {pair: value for pair, value in worth.items() if not blocked(pair)}
        if not candidates:
            reason = "no_need"
        elif not gaining or (housed and s.fullest(worth) <= s.opening(a)):
            reason = "too_dear"
        elif not free or (housed and s.fullest(free) <= s.opening(a)):
            reason = "norm"
        elif (kept := s.kept(plan, k)) != "met":
            reason = kept
        disposition = "reserve"
        if housed:
            disposition = "housing_body" if a["kind"] == "house" else "land_fund"
            disposition = "demolish" if worn else disposition
            if a["legal_status"] not in s.rules["rules"]["legal_status"]:
                disposition = "commune_to_handle"
        elif worn or (oldest is not None and age is not None and age > oldest):
            disposition = "liquidate"
        left = int(a["units"]) - used[k]
        releases.append(
            {
                "asset_id": k,
                "units": str(left),
                "value_vnd": str(left * int(a["release_value_vnd"])),
                "reason": reason,
                "disposition": disposition,
            }
        )
    write_table(
        folder / "releases.csv", ["asset_id", "units", "disposition", "value_vnd", "reason"], releases
    )
    write_json(
        folder / "certificate.json",
        proof.written() | ({"levels": [one.written() for one in proofs]} if proofs else {}),
    )
    if s.rows:
        write_limits(folder / "limits.csv", s, plan)
    if isinstance(s, Replanned):
        write_table(folder / "changes.csv", CHANGE_COLUMNS, s.lines_of_changes(plan))
    write_json(folder / "plan.json", figures)
    return s


def write_limits(path: Path, s: Limited, plan: dict[Pair, int]) -> None:
    lines = []
    for row in s.rows:
        taken, bound = s.used(row, plan), s.asks(row, plan)
        slack = taken - bound if row.startswith("floor") else bound - taken
        unit = "VND" if row.startswith("budget") else "units"
        line = {"limit": row, "unit": unit, "used": taken, "bound": bound, "slack": slack}
        lines.append({name: str(cell) for name, cell in line.items()})
    write_table(path, LIMIT_COLUMNS, lines)


def summary(
    folder: Path, s: Limited, plan: dict[Pair, int], rows: dict[Pair, int], proof: Proof, proofs: list[Proof]
) -> dict[str, Any]:
    prices, formula = proof.need, s.formula(plan, proof)
    case, inputs = s.case, folder / "inputs"
    everything = (*case.assets, *case.needs)

    def part(assets: list[str], needs: list[str], amount: int) -> dict[str, Any]:
        moved = {pair: units for pair, units in plan.items() if pair[1] in needs}
        met = Counter[str]()
        for pair, units in moved.items():
            met[pair[1]] += units
        wanted = {k: int(s.needs[k]["units"]) for k in needs}
        opening = sum(s.opening(s.assets[k]) for k in assets if k in {pair[0] for pair in plan})
        cost = opening + sum(s.pairs[pair].cost * units for pair, units in moved.items())
        spend = opening + sum(s.pairs[pair].spend * units for pair, units in moved.items())
        objective = cost + sum((wanted[k] - met[k]) * s.weighted(s.needs[k]) for k in needs)
        objective += s.change_cost(plan, needs)
        bound = math.ceil(Fraction(amount, proof.denominator))
        empty = sum(wanted[k] * s.weighted(s.needs[k]) for k in needs)
        empty += sum(
            (s.pairs[p].cost - s.weighted(s.needs[p[1]])) * u for p, u in s.pins.items() if p[1] in needs
        )
        empty += sum(s.opening(s.assets[k]) for k in assets if k in {pair[0] for pair in s.pins})
        empty += s.change_cost(s.pins, needs)
        return {
            "objective_vnd": objective,
            "bound_vnd": bound,
            "gap_vnd": objective - bound,
            "cost_gap": ratio(objective - bound, cost),
            "value_gap": ratio(objective - bound, empty - bound),
            "cash_vnd": spend + sum((wanted[k] - met[k]) * s.price(s.needs[k]) for k in needs),
            "needed": sum(wanted.values()),
            "met": met.total(),
            "unmet": sum(wanted.values()) - met.total(),
        }

    whole = part(list(s.assets), list(s.needs), sum(formula.values()))
    categories = {
        c: part(
            [k for k, a in s.assets.items() if a["category"] == c],
            [k for k, n in s.needs.items() if n["category"] == c],
            formula.get(c, 0),
        )
        | (dict.fromkeys(BOUNDS) if s.mixed else {})
        for c in sorted(PLANNED)
    }
    provinces = {}
    for p in sorted({s.province(n) for n in s.needs.values()} - {""}):
        homes = [k for k, a in s.assets.items() if s.province(a) == p]
        here = [k for k, n in s.needs.items() if s.province(n) == p]
        lines = {row: v for row, v in rows.items() if s.at[row[0]]["province_code"] == p}
        provinces[p] = part(homes, here, s.amount_of(homes, here, prices, lines))
        ends = [(s.province(s.assets[a]), s.province(s.needs[n])) for a, n in s.pairs]
        if s.bent or case.baseline is not None or any(p in two and two[0] != two[1] for two in ends):
            provinces[p] |= dict.fromkeys(BOUNDS)
    kpis: dict[str, Any] = {}
    for name in ("needed", "met", "unmet"):
        book: dict[str, Any] = {
            "total": whole[name],
            "category": Counter(),
            "priority": Counter(),
            "province": Counter(),
        }
        for k, n in s.needs.items():
            met = sum(units for pair, units in plan.items() if pair[1] == k)
            units = {"needed": int(n["units"]), "met": met, "unmet": int(n["units"]) - met}[name]
            book["category"][n["category"]] += units
            book["priority"][str(s.priority(n))] += units
            if s.province(n):
                book["province"][s.province(n)] += units
        kpis[name] = book
    far = (
        [(units, s.pairs[pair].metres or 0) for pair, units in plan.items()]
        if case.form != "matches"
        else [
            (units, int(exact(row["distance_km"]) * 1000))
            for pair, units in plan.items()
            for row in case.matches
            if (row["asset_id"], row["need_id"]) == pair and row["distance_km"]
        ]
    )
    moved = sum(units for units, _ in far)
    total = sum(units * metres for units, metres in far)
    kpis |= {
        "distance_km": {
            "total": decimals(total),
            "mean": decimals(half_up(Fraction(total, moved))) if moved else None,
            "max": decimals(max(metres for _, metres in far)) if far else None,
        },
        "cost_parts": {}
        if case.form == "matches"
        else {
            f"{name}_vnd": sum(s.pairs[pair].parts[name] * units for pair, units in plan.items())
            for name in PARTS
        },
        "purchases_avoided_vnd": sum(
            (s.price(s.needs[pair[1]]) - s.pairs[pair].parts.get("renewal", 0)) * units
            for pair, units in plan.items()
        ),
        "spend_vnd": sum(s.pairs[pair].spend * units for pair, units in plan.items()),
        "cross_province_transfers": sum(
            units for (a, n), units in plan.items() if s.province(s.assets[a]) != s.province(s.needs[n])
        ),
        "releases": sum(
            int(a["units"]) if a["category"] != "premises" else not any(pair[0] == k for pair in plan)
            for k, a in s.assets.items()
        )
        - sum(units for pair, units in plan.items() if s.assets[pair[0]]["category"] != "premises"),
        "openings_vnd": sum(s.opening(s.assets[k]) for k in {pair[0] for pair in plan}),
        "premises_in_use": sum(s.assets[k]["category"] == "premises" for k in {pair[0] for pair in plan}),
        "changes": sum(abs(units) for units in s.changed(plan).values()),
    }
    main = {"communes": "metres.csv", "pairs": "metres_pairs.csv", "matches": "matches.csv"}[case.form]
    provider = json.loads((inputs / "distances.json").read_text(encoding="utf-8"))
    objective, bound = whole["objective_vnd"], whole["bound_vnd"]
    given = {one.level: one for one in proofs}
    levels, closed = [], True
    for name in s.levels:
        value, best = s.value(name, plan), s.proven(plan, given.get(name, Proof(name)))
        closed = closed and value == best
        cells = [str(one) if name.startswith("max_min") else int(one) for one in (value, best)]
        levels.append({"name": name, "value": cells[0], "bound": cells[1]})
    return {
        "format_version": 1,
        "scenario": case.scenario["name"],
        "inputs": {path.name: sha256(path) for path in sorted(inputs.iterdir())},
        "status": "OPTIMAL" if objective == bound and closed else "FEASIBLE",
        "claimed": {"bound_vnd": bound, "value_gap": whole["value_gap"]},
        "objective_vnd": objective,
        "bound_vnd": bound,
        "gap_vnd": objective - bound,
        "gap": ratio(objective - bound, abs(objective)),
        "cost_gap": whole["cost_gap"],
        "value_gap": whole["value_gap"],
        "cash_vnd": whole["cash_vnd"],
        "parts": {"category": categories, "province": provinces},
        "levels": levels,
        "kpis": kpis,
        "distances": {
            "provider": provider["provider"],
            "version": provider["version"],
            "sha256": sha256(inputs / main),
        },
        "solver": {"versions": {}, "seed": 0, "work": 0},
        "not_planned": {},
        "synthetic": any(row["source"] == "synthetic" for row in everything),
    }
