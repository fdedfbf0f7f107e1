"""Random re-plans: an inventory today, the plan of what it was before, and what became of its lines."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, replace
from random import Random
from typing import Any

import solver
from tests.solver.limits.premises_cases import small_instance
from tests.solver.problem.instances import COMMUNES, Instance, random_instance
from tests.solver.problem.premises_instances import premises_instance
from tests.solver.replan.naive_replan import FIXED, Line, Replan
from tests.solver.replan.seen import COLUMNS, table

WHAT = ("movables", "premises", "both")
RECIPIENTS = ("UBND xã", "Trạm y tế", "")
STATES = ["planned"] * 8 + ["", "signed", "executed", "refused"]


@dataclass
class Case:
    """Today's instance with its scenario, and the baseline."""

    one: Instance
    lines: list[Line]

    def replan(self, order: Random | None = None) -> solver.Result:
        """Plan again; rows of all tables in the order given, or shuffled."""
        lines = list(self.lines)
        if order is not None:
            order.shuffle(lines)
        return solver.replan(self.one.build(order), baseline=table(*lines), time_limit=0)

    def naive(self) -> Replan:
        return Replan(self.one, self.lines)

    def under(self, **changes: Any) -> Case:  # noqa: ANN401 (values of a scenario)
        """The case with more in the sections of its scenario."""
        merged = {key: {**self.one.scenario.get(key, {}), **more} for key, more in changes.items()}
        return Case(replace(self.one, scenario={**self.one.scenario, **merged}), self.lines)


def lines_of(result: solver.Result) -> list[Line]:
    """The lines of a plan as they stand in a baseline."""
    rows = result.plan.transfers[list(COLUMNS)].fillna("").itertuples(index=False)
    return [{**dict(zip(COLUMNS, row, strict=True)), "units": int(row[2])} for row in rows]


def drawn(seed: int, form: str, what: str, *, limits: bool = True) -> Case:
    """Draw a case that may be planned.

    Parameters
    ----------
    limits : side rows, levels, pins and a limit of changes among the scenario; else only freedom and kappa.
    """
    rng = Random(f"{seed} {form} {what}")
    one = inventory(rng, form, what)
    lines = lines_of(solver.solve(earlier(rng, one).build(), time_limit=0))
    if rng.random() < 0.4:
        lines += odd_lines(rng, one, {(line["asset_id"], line["need_id"]) for line in lines})
    for line in lines:
        line["state"] = rng.choice(STATES)
    naive = Replan(one, lines)
    saved = sorted(abs(naive.found[p].cost - naive.price(p[1])) for p in naive.pairs) or [0]
    unit = saved[len(saved) // 2]
    rules: dict[str, Any] = {
        "freedom": rng.choice(["free", "free", "same_province", "same_recipient"]),
        "change_price_vnd": rng.choice([0, 0, 1, unit // 20, unit // 20, unit // 3, 10 * unit]),
    }
    case = Case(one, lines).under(stability=rules)
    return limited(rng, case) if limits else case


def odd_lines(rng: Random, one: Instance, known: set[tuple[str, str]]) -> list[Line]:
    """Draw lines of no best plan: not all of them may stay, some lead elsewhere or join two categories."""
    out = []
    for _ in range(4):
        a = rng.choice(one.assets)
        n = rng.choice([n for n in one.needs if n["category"] == a["category"]] * 5 + one.needs)
        pair = a["asset_id"], n["need_id"]
        if pair not in known:
            known.add(pair)
            code = rng.choice([n["commune_code"], rng.choice([*COMMUNES, "", "12345"])])
            cells = (*pair, rng.randint(1, 3), "", code, rng.choice([n["recipient"], *RECIPIENTS]))
            out.append(dict(zip(COLUMNS, cells, strict=True)))
    return out


def settled(case: Case) -> Case:
    """The case with pins and fixed lines that may be: where they may not, lines are planned and pins gone."""
    if not case.naive().faults():
        return case
    lines = [{**line, "state": "planned"} if line["state"] in FIXED else line for line in case.lines]
    case = Case(case.one, lines)
    return case.under(stability={"pins": []}) if case.naive().faults() else case


def inventory(rng: Random, form: str, what: str) -> Instance:
    """Draw today's inventory."""
    if what == "premises":
        one = (
            small_instance(rng, form)
            if rng.random() < 0.7
            else premises_instance(rng, form, assets=5, needs=3)
        )
    else:
        one = random_instance(
            rng,
            form,
            assets=6 if what == "movables" else 3,
            needs=5 if what == "movables" else 3,
            units=4,
            plain=rng.random() < 0.5,
            ties=rng.random() < 0.4,
            money=rng.choice([10, 10**3, 10**6]) if what == "movables" else 10**8,
        )
    if what == "both":
        other = small_instance(rng, form)
        one = Instance(
            form,
            one.assets + other.assets,
            one.needs + other.needs,
            merged(other.scenario, one.scenario),
            {**other.metres, **one.metres},
            one.matches + other.matches,
        )
    for need in one.needs:
        need["recipient"] = rng.choice(RECIPIENTS)
    return one


def merged(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    """Two scenarios in one: tables are joined, lists are those of both, of other values the second's."""
    out = dict(one)
    for key, value in other.items():
        if isinstance(value, dict):
            out[key] = merged(out.get(key, {}), value)
        else:
            out[key] = out[key] + value if key == "bans" and key in out else value
    return out


def earlier(rng: Random, one: Instance) -> Instance:
    """Draw what an inventory was before: other rows, units, conditions, places and prices."""
    was = deepcopy(one)
    for row in was.assets + was.needs:
        if row["category"] != "premises" or "need_id" in row:
            row["units"] = rng.choice([row["units"]] * 2 + [rng.randint(1, 4)])
    for row in was.assets:
        if rng.random() < 0.3:
            row |= {"condition_pct": "100", "status": "surplus"}
    for row in was.needs:
        if rng.random() < 0.7 and row["price_vnd"] != "":
            row["price_vnd"] = int(row["price_vnd"]) * rng.randint(0, 6) // 2
        if rng.random() < 0.15:
            row["commune_code"], row["recipient"] = rng.choice(list(COMMUNES)), rng.choice(RECIPIENTS)
    for rows, key in ((was.assets, "asset_id"), (was.needs, "need_id")):
        if len(rows) > 1 and rng.random() < 0.5:
            rows.pop(rng.randrange(len(rows)))
        if rng.random() < 0.4:
            old = rng.choice(rows)
            rows.append({**old, key: f"Z{old[key]}", "official_id": ""})
            _copy_pairs(was, key, old[key], f"Z{old[key]}")
    was.metres = {ends: rng.choice([far, rng.randint(0, 60_000)]) for ends, far in was.metres.items()}
    for match in was.matches:
        match["cost_vnd"] = match["cost_vnd"] * rng.choice([0, 2, 2, 3]) // 2
    was.scenario.pop("stability", None)
    if one.form == "matches":
        _only_matches(was)
    return was if one.form != "matches" or was.matches else deepcopy(one)


def _copy_pairs(one: Instance, key: str, old: str, new: str) -> None:
    place = ("asset_id", "need_id").index(key)
    if one.form == "pairs":
        for pair, metres in list(one.metres.items()):
            if pair[place] == old:
                one.metres[(new, pair[1]) if place == 0 else (pair[0], new)] = metres
    one.matches += [{**match, key: new} for match in one.matches if match[key] == old]


def _only_matches(one: Instance) -> None:
    ids = {row["asset_id"] for row in one.assets} | {row["need_id"] for row in one.needs}
    one.matches = [x for x in one.matches if x["asset_id"] in ids and x["need_id"] in ids]


def without(case: Case, asset_id: str) -> Case:
    """The case without an asset."""
    one = replace(case.one, assets=[row for row in case.one.assets if row["asset_id"] != asset_id])
    one.matches = [match for match in one.matches if match["asset_id"] != asset_id]
    stability = dict(one.scenario.get("stability", {}))
    stability["bans"] = [ban for ban in stability.get("bans", []) if ban[0] != asset_id]
    one.scenario = {**one.scenario, "stability": stability}
    return Case(one, case.lines)


def limited(rng: Random, case: Case) -> Case:
    """Draw budgets, caps, floors, pins, coverage first and a limit of changes."""
    naive = case.naive()
    categories = sorted({row["category"] for row in case.one.needs})
    if rng.random() < 0.15 and "premises" not in categories:
        case.one.scenario["objective"] = "coverage_first"
    else:
        case = case.under(limits=_limits(rng, naive, categories))
        share = rng.choice([None, None, 0.5, 0.3, 1, "max-min"])
        if share is not None:
            by = rng.choice(["province", "priority", "country"])
            keys = {"vehicle": "vehicle/car", "equipment": "equipment", "premises": "premises/education"}
            key = rng.choice(categories)
            floors = {rng.choice([key, keys[key]]): share}
            case = case.under(equity={"by": by, "coverage_floor": floors})
    most = rng.choice([None, None, None, 0, rng.randint(1, 3), rng.randint(2, 8)])
    rules: dict[str, Any] = {} if most is None else {"max_changes": most}
    if naive.pairs and rng.random() < 0.25:
        pair = rng.choice(naive.pairs)
        rules["pins"] = [rng.choice([[*pair, 1], [*pair, rng.randint(1, 3)], [*pair]])]
    return case.under(stability=rules)


def _limits(rng: Random, naive: Replan, categories: list[str]) -> dict[str, Any]:
    kept = naive.kept
    spent = sum(naive.found[pair].spend * units for pair, units in kept.items())
    total = spent + sum(sorted(naive.found[pair].spend for pair in naive.pairs)[:3]) + 1
    out: dict[str, Any] = {}
    if rng.random() < 0.3:
        out["budget_vnd"] = rng.randrange(total)
    if rng.random() < 0.2:
        out["budget_vnd_by_province"] = {c: rng.randrange(total) for c in rng.sample(["97", "98", "99"], 2)}
    if rng.random() < 0.2:
        out["budget_vnd_by_category"] = {rng.choice(categories): rng.randrange(total)}
    if rng.random() < 0.3:
        out["cross_province_max"] = {rng.choice([*categories, "vehicle/car"]): rng.randrange(4)}
    return out
