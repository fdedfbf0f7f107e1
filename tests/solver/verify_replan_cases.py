"""Random tiny re-plans: lines of every role, with and without limits."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

from tests.solver import verify_cases as cases
from tests.solver.verify_limit_cases import limited_case
from tests.solver.verify_naive import Case
from tests.solver.verify_replan import Replanned, line
from tests.solver.verify_writer import write_plan

if TYPE_CHECKING:
    from pathlib import Path

    from tests.solver.verify_limits import Plan
    from tests.solver.verify_naive import Row

HOMES = {"X": "00101", "Y": "03801", "Z": "00101"}
COSTS = {("X", "M"): 100, ("X", "N"): 300, ("Y", "N"): 200, ("Z", "M"): 900, ("Z", "N"): 400}
STATES = ("", "planned", "planned", "planned", "signed", "executed", "refused")


def replanned_case(seed: int, form: str, premises: int = 0, *, limited: bool = True) -> Case:
    """Add a plan before to a random instance; what it fixes keeps to every limit."""
    rng = Random(seed + 3 * 10**6)
    case = (
        limited_case(seed, form, premises)
        if limited
        else cases.random_case(seed, form=form, size=3 - premises // 2, premises=premises)
    )
    case.scenario["stability"] |= {
        "freedom": rng.choice(["free", "free", "same_province", "same_recipient"]),
        "change_price_vnd": rng.choice([0, 1, 1000, 10**7, 10**9, 10**9 + 0.5]),
        "max_changes": rng.choice([None, None, 0, 1, 2, 5]) if limited else None,
    }
    for row in case.needs:
        row["recipient"] = rng.choice(["Trường A", "Trạm B", ""])
    case.baseline = sorted(_lines(case, rng), key=lambda row: (row["asset_id"], row["need_id"]))
    _settle(case)
    return case


def _lines(case: Case, rng: Random) -> list[Row]:
    """Lines of pairs, most of them eligible."""
    case.baseline = []
    plain = Replanned(case)
    pairs = sorted(plain.pairs)
    wanted = set(rng.sample(pairs, min(len(pairs), rng.randint(0, 4))))
    for _ in range(rng.choice([0, 0, 1, 2])):
        ids = [row["asset_id"] for row in case.assets], [row["need_id"] for row in case.needs]
        wanted.add((rng.choice([*ids[0], "A-OLD"]), rng.choice([*ids[1], "N-OLD"])))
    codes = [row["commune_code"] for row in case.communes]
    lines = []
    for asset, need in sorted(wanted):
        n = plain.needs.get(need, {"commune_code": rng.choice(codes), "recipient": "Trạm B"})
        to, recipient = n["commune_code"], n["recipient"]
        if rng.random() < 0.2:
            to, recipient = rng.choice([*codes, "99999"]), rng.choice([recipient, "Trạm C"])
        lines.append(line(asset, need, rng.randint(1, 3), rng.choice(STATES), to, recipient))
    return lines


def _settle(case: Case) -> None:
    """Leave out what can't be kept: fixed lines, then pins; those that remain keep to every limit."""
    settle_lost(case)
    stability = case.scenario["stability"]
    pins, stability["pins"] = stability["pins"], []
    eligible = Replanned(case).pairs
    stability["pins"] = pins = [pin for pin in pins if (pin[0], pin[1]) in eligible]
    while True:
        s = Replanned(case)
        if _kept(s, s.pins):
            return
        fixed = [row for pair, row in s.lines.items() if s.role(pair) == "fixed"]
        if fixed:
            fixed[-1]["state"] = "planned"
        else:
            pins.pop()


def settle_lost(case: Case) -> None:
    """Let lines be planned that could not be fixed beside these tables."""
    s = Replanned(case)
    for pair in filter(s.contradicts, s.lines):
        s.lines[pair]["state"] = "planned"


def _kept(s: Replanned, pins: Plan) -> bool:
    return all(pair in s.pairs for pair in pins) and s.keeps(pins)


def crowded_case(seed: int) -> Case:
    """Three buildings with too little room for three needs, and a plan before that is not the best."""
    rng, million = Random(seed), 10**6
    assets = [cases.asset(name, "premises", "office", "00101", area_m2=rng.choice("234")) for name in "ABC"]
    needs = []
    for name, units in (("X", "2"), ("Y", rng.choice("12")), ("Z", "1")):
        need = cases.need(name, "premises", "", "00101", area_m2="1", units=units, purpose="other")
        needs.append(need | {"priority": "3", "price_vnd": str(rng.choice([5, 9, 9, 14]) * million)})
    prices = {"open_premises": rng.choice([0, 4, 6]) * million}
    case = Case(cases.communes(), assets, needs, cases.scenario(prices=prices), form="matches")
    case.matches = [
        {"asset_id": a, "need_id": n, "cost_vnd": str(rng.choice([1, 1, 2, 4, 8]) * million),
         "load": rng.choice(["1", "1", "2"]), "spend_vnd": "", "distance_km": ""}
        for a in "ABC" for n in "XYZ" if rng.random() < 0.9
    ]  # fmt: skip
    pairs = sorted((row["asset_id"], row["need_id"]) for row in case.matches)
    lines = sorted(rng.sample(pairs, min(len(pairs), rng.randint(2, 5))))
    case.baseline = [
        line(a, n, rng.randint(1, 2), rng.choice(["", "", "", "", "signed"]), "00101") for a, n in lines
    ]
    case.scenario["stability"] |= {"change_price_vnd": rng.choice([0, 1, 2, 3]) * million}
    case.scenario["norms"]["max_per_commune"] = rng.choice([{}, {}, {"premises": 3}])
    case.denominator = rng.choice([1, 3])
    _settle(case)
    return case


def cars(*lines: Row, **stability: object) -> Case:
    """Three cars by hand, two of each: X for M or N, Y for N, Z for M or N; a unit left unmet costs 1,000."""
    assets = [cases.asset(name, "vehicle", "car", code, units="2") for name, code in HOMES.items()]
    needs = [
        cases.need(name, "vehicle", "car", code, units="2", price_vnd="1000", priority="3", recipient="Trạm")
        for name, code in (("M", "00101"), ("N", "03801"))
    ]
    matches = [
        {"asset_id": a, "need_id": n, "cost_vnd": str(cost), "load": "", "spend_vnd": "", "distance_km": ""}
        for (a, n), cost in COSTS.items()
    ]
    scenario = cases.scenario(stability={"change_price_vnd": 10} | stability)
    scenario["norms"]["max_per_commune"] = {}
    case = Case(cases.communes(), assets, needs, scenario, form="matches", matches=matches)
    case.baseline = list(lines)
    return case


def replanned_mixed() -> tuple[Case, Plan]:
    """The mixed case after a plan of which something is kept, moved, replaced, more, fixed and gone."""
    case = cases.mixed_case()
    case.baseline = [
        line("E-01", "N-11", 3, "planned", "00102"),
        line("E-02", "N-12", 1, "", "03802"),  # dearer than none; kept, since to drop it would be a change
        line("E-03", "N-14", 2, "planned", "09102"),  # banned
        line("P-01", "P-01", 1, "planned", "00101"),
        line("V-01", "N-01", 1, "planned", "00101"),
        line("V-01", "N-99", 2, "planned", "00102"),
        line("V-02", "N-01", 1, "refused", "00101"),
        line("V-02", "N-02", 1, "planned", "00102"),
        line("V-03", "N-01", 1, "signed", "00101"),
        line("V-03", "N-03", 3, "planned", "00103"),  # one is left: the other is signed for N-01
        line("V-05", "N-04", 1, "planned", "03802"),  # disputed
        line("V-07", "N-02", 1, "executed", "00102"),  # in use now
        line("V-09", "N-05", 1, "executed", "09101"),
    ]
    case.scenario["stability"]["max_changes"] = 4
    plan = {
        ("E-01", "N-11"): 4, ("E-02", "N-12"): 1, ("P-01", "P-01"): 1, ("V-01", "N-01"): 1,
        ("V-03", "N-01"): 1, ("V-03", "N-02"): 1, ("V-09", "N-05"): 1,
    }  # fmt: skip
    s = Replanned(case)
    assert s.keeps(plan)
    assert s.changes(plan) == 4
    return case, plan


def write_replanned(folder: Path) -> None:
    """Write the mixed re-plan; each unmet unit is worth what it costs, and so is a change."""
    case, plan = replanned_mixed()
    prices = {name: Replanned(case).weighted(need) // 2 for name, need in Replanned(case).needs.items()}
    write_plan(folder, case, plan, prices, {}, {"changes": 10**8})
