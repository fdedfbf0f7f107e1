"""A reason is right when its relaxation helps: the need gets a candidate at a later stage, or is served."""

from __future__ import annotations

import json
from copy import deepcopy
from functools import cache
from random import Random
from typing import Any

import pytest

import solver
from solver.problem.pairs import STAGES
from tests.solver.problem.instances import COMMUNES, FORMS, Instance, random_instance
from tests.solver.problem.naive import Naive, plan_of

ORDER = [*STAGES, "norm", "too_dear", "outbid", "served"]
SEEDS = range(10)


def draw(seed: int, form: str) -> Instance:
    return random_instance(Random(seed), form, assets=14, needs=14, plain=seed % 3 == 0, ties=seed % 4 == 0)


@cache
def solved(seed: int, form: str) -> solver.Result:
    """Return what several tests look at, and none changes."""
    return solver.solve(draw(seed, form).build())


def reasons(one: Instance) -> dict[str, tuple[str, dict[str, Any]]]:
    rows = solver.solve(one.build()).plan.shortfalls
    return {
        str(n): (str(reason), json.loads(detail))
        for n, reason, detail in zip(rows["need_id"], rows["reason"], rows["detail"], strict=True)
    }


def relaxed(one: Instance, reason: str, need_id: str, detail: dict[str, Any]) -> Instance:
    """The instance without what the reason names."""
    free = deepcopy(one)
    need = next(n for n in free.needs if n["need_id"] == need_id)
    for asset in free.assets:
        if reason == "condition":
            asset["condition_pct"] = "100"
        elif reason == "age":
            asset["year"] = 2024
        elif reason == "legal_status":
            asset["legal_status"] = "clear"
        elif reason == "date":
            asset["available_from"] = asset["available_until"] = ""
    if reason == "no_asset":
        kind = {"vehicle": "pickup", "equipment": "printer"}[need["category"]]
        kind = need["kinds"].split("|")[0] or kind
        free.assets.append(
            {
                "asset_id": "Z",
                "category": need["category"],
                "kind": kind,
                "commune_code": need["commune_code"],
                "units": 9,
                "status": "surplus",
                "condition_pct": "0",
                "year": "",
                "legal_status": "disputed",
                "repair_vnd": 0,
            }
        )
    elif reason == "no_distance" and one.form == "communes":
        free.metres = {(a, b): one.metres.get((a, b), 10**6) for a in COMMUNES for b in COMMUNES}
    elif reason == "no_distance":
        free.metres |= {
            (a["asset_id"], need_id): one.metres.get((a["asset_id"], need_id), 10**6) for a in one.assets
        }
    elif reason == "reach":
        need["reach_km"] = 20_000
    elif reason == "province_rule":
        free.scenario["rules"]["cross_province"] = {"vehicle": "allowed", "equipment": "allowed"}
    elif reason == "banned":
        del free.scenario["stability"]
    elif reason == "norm":
        free.scenario["norms"]["max_per_commune"] = dict.fromkeys(
            one.scenario["norms"]["max_per_commune"], 10**9
        )
    elif reason == "too_dear":
        # By the factor: the cost itself grows with the price.
        need.update(price_vnd=max(1000, Naive(one).price(need)), priority=3)
        free.scenario["prices"]["priority_factor"][2] = 10**6
    elif reason == "outbid":
        winner = next(a for a in free.assets if a["asset_id"] == detail["cheapest_asset"])
        winner["units"] += 1000
    return free


@pytest.mark.parametrize("form", ["communes", "pairs"])
def test_without_what_the_reason_names_the_need_gets_further_or_is_served(form: str) -> None:
    seen = set()
    for seed in SEEDS:
        one = draw(seed, form)
        tried = set()
        for need_id, (reason, detail) in reasons(one).items():
            if reason in tried or (reason in seen and reason != "norm"):
                continue
            tried.add(reason)
            after = reasons(relaxed(one, reason, need_id, detail)).get(need_id, ("served", {}))[0]
            if reason == "outbid":
                assert after in ("served", "norm"), (seed, need_id)
            else:
                assert ORDER.index(after) > ORDER.index(reason) or (reason, after) == ("too_dear", "norm"), (
                    seed,
                    need_id,
                )
        seen |= tried
    assert seen >= {"no_asset", "condition", "age", "norm", "too_dear", "outbid"}


@pytest.mark.parametrize("form", FORMS)
def test_reasons_are_those_of_the_definitions_worked_out_naively(form: str) -> None:
    seen = set()
    for seed in SEEDS:
        naive, result = Naive(draw(seed, form)), solved(seed, form)
        plan = plan_of(result.plan.transfers)
        full = {
            row
            for row, cap in naive.caps.items()
            if sum(u for p, u in plan.items() if row in naive.norm_rows(p)) >= cap
        }

        def shut(pair: tuple[str, str], naive: Naive = naive, full: set[tuple[str, str]] = full) -> bool:
            return any(row in full for row in naive.norm_rows(pair))

        for need_id, reason in zip(
            result.plan.shortfalls["need_id"], result.plan.shortfalls["reason"], strict=True
        ):
            pairs = [pair for pair in naive.pairs if pair[1] == need_id]
            stages = [match.stage for pair, match in naive.all.items() if pair[1] == need_id]
            if not pairs:
                expected = max(["no_asset", *stages], key=ORDER.index)
            elif all(shut(pair) for pair in pairs):
                expected = "norm"
            else:
                expected = "too_dear" if all(naive.gain(pair) >= 0 for pair in pairs) else "outbid"
            assert reason == expected, (seed, need_id)
            seen.add(reason)
        for asset_id, reason in zip(
            result.plan.releases["asset_id"], result.plan.releases["reason"], strict=True
        ):
            pairs = [pair for pair in naive.pairs if pair[0] == asset_id]
            gains = [pair for pair in pairs if naive.gain(pair) < 0]
            expected = (
                "no_need"
                if not pairs
                else "too_dear"
                if not gains
                else "norm"
                if all(map(shut, gains))
                else "met"
            )
            assert reason == expected, (seed, asset_id)
            seen.add(f"release {reason}")
    assert {"no_asset", "norm", "too_dear", "outbid"} <= seen
    assert {"release no_need", "release too_dear", "release norm", "release met"} <= seen


def test_rank_and_alternative_are_those_of_a_sort_of_all_eligible_assets() -> None:
    rows = 0
    for seed in SEEDS:
        form = FORMS[seed % 3]
        naive, transfers = Naive(draw(seed, form)), solved(seed, form).plan.transfers
        for row in transfers.to_dict("records"):
            pair = (row["asset_id"], row["need_id"])
            cost = naive.pairs[pair].cost
            others = sorted((m.cost, a) for (a, n), m in naive.pairs.items() if n == pair[1] and a != pair[0])
            assert row["rank"] == 1 + sum(other < cost for other, _ in others)
            assert row["alternative_asset_id"] == (others[0][1] if others else "")
            if others:
                assert row["alternative_extra_vnd"] == others[0][0] - cost
            rows += 1
    assert rows > 20


@pytest.mark.parametrize("form", FORMS)
def test_key_figures_and_parts_add_up(form: str) -> None:
    for seed in SEEDS:
        result = solved(seed, form)
        summary, plan = result.plan.summary, result.plan
        kpis = summary["kpis"]
        for name in ("needed", "met", "unmet"):
            for by in ("category", "priority"):
                assert sum(kpis[name][by].values()) == kpis[name]["total"]
            for by in ("category", "province"):
                assert sum(part[name] for part in summary["parts"][by].values()) == kpis[name]["total"]
        assert kpis["needed"]["total"] == kpis["met"]["total"] + kpis["unmet"]["total"]
        assert kpis["met"]["total"] == sum(plan.transfers["units"])
        assert kpis["unmet"]["total"] == sum(plan.shortfalls["units"])
        assert kpis["releases"] == sum(plan.releases["units"])
        for key in ("objective_vnd", "cash_vnd"):
            for by in ("category", "province"):
                assert sum(part[key] for part in summary["parts"][by].values()) == summary[key]
        cost = sum(plan.transfers["cost_vnd"])
        unmet = sum(
            u * p for u, p in zip(plan.shortfalls["units"], plan.shortfalls["price_vnd"], strict=True)
        )
        assert cost + unmet == summary["objective_vnd"]
        if form != "matches":
            assert sum(kpis["cost_parts"].values()) == cost
