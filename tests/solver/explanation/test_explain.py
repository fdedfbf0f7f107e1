"""Explanations say what the tables say: every outcome, reason and figure, in memory and from a folder."""

from __future__ import annotations

import json
import pickle
import re
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import pandas as pd
import pytest

import solver
from app import folders
from solver.explanation.limits import limits_of
from solver.explanation.tables import Tables, rows, tables_of_folder, tables_of_result
from solver.problem.numbers import half_up
from tests.solver.problem.instances import FORMS, random_instance
from tests.solver.problem.premises_instances import premises_instance

TESTS = Path(__file__).parents[2]
LANGS = ("en", "vi")
#: Codes that must be said in words.
CODES = re.compile(
    r"\b(no_asset|too_small|legal_status|within_commune|no_distance|province_rule|too_dear|no_need|"
    r"land_fund|housing_body|commune_to_handle|handed_idle|in_use|None|nan|NaN|null|true|false)\b|<NA>|[{}]"
)


@cache
def golden(name: str) -> solver.Result:
    return solver.solve(folders.build(folders.read_inputs(TESTS / name / "inputs")))


def need(name: str, need_id: str) -> solver.Explanation:
    result = golden(name)
    return solver.explain(result.problem, result, need_id=need_id)


def asset(name: str, asset_id: str) -> solver.Explanation:
    result = golden(name)
    return solver.explain(result.problem, result, asset_id=asset_id)


def everything(source: Any, tables: Tables) -> list[solver.Explanation]:  # noqa: ANN401 (arguments of explain)
    return [
        *(solver.explain(*source, need_id=str(one)) for one in tables.needs["need_id"]),
        *(solver.explain(*source, asset_id=str(one)) for one in tables.assets["asset_id"]),
    ]


def drawn(seed: int, form: str) -> solver.Result:
    rng = Random(seed)
    if seed % 2:
        return solver.solve(premises_instance(rng, form).build(), time_limit=0)
    return solver.solve(random_instance(rng, form, assets=14, needs=14, plain=seed % 4 == 0).build())


# figures


def numbers_of(tables: Tables) -> set[Decimal]:
    """Every number in any cell, in the figures behind the reasons, and in the scenario."""
    found: set[Decimal] = set()

    def take(value: object) -> None:
        if isinstance(value, dict):
            for key, one in value.items():
                take(key)
                take(one)
        elif isinstance(value, (list, tuple)):
            for one in value:
                take(one)
        elif isinstance(value, str) and value.startswith("{"):
            take(json.loads(value))
        else:
            found.update(Decimal(text) for text in re.findall(r"\d+(?:\.\d+)?", str(value)))

    frames = (
        tables.assets,
        tables.needs,
        tables.communes,
        tables.transfers,
        tables.shortfalls,
        tables.releases,
    )
    for frame in frames:
        take([list(row.values()) for row in rows(frame)])
    take(dict(tables.scenario.entries))
    take(list(tables.gaps.values()))
    return found


def derived_of(facts: dict[str, Any]) -> set[Decimal]:
    """Figures that are sums, differences or counts of figures of the tables."""
    found = {Decimal(facts.get(key) or 0) for key in ("met", "unmet", "moved")}
    for one in facts["transfers"]:
        if one["rank"]:
            found.add(Decimal(one["rank"] - 1))
    rooms = [facts.get("room"), ((facts.get("shortfall") or {}).get("cheapest") or {}).get("room")]
    for room in filter(None, rooms):
        found |= {Decimal(value) for value in room.values()}
    norms = [*facts.get("norms", []), (facts.get("shortfall") or {}).get("norm")]
    return found | {Decimal(norm["in_use"]) for norm in norms if norm}


def said(explanation: solver.Explanation, names: list[str]) -> set[Decimal]:
    """Every number in the English text, but those in ids, names, plates and places; days digit by digit."""
    text = explanation.text("en")
    for name in sorted(filter(None, names), key=len, reverse=True):
        text = re.sub(rf"(?<![\w-]){re.escape(name)}(?![\w-])", "", text)
    text = text.replace("m²", "")
    return {Decimal(number.replace(",", "")) for number in re.findall(r"\d[\d,]*(?:\.\d+)?", text)}


def check(explanations: list[solver.Explanation], tables: Tables) -> None:
    known = numbers_of(tables)
    names = [
        *(str(name) for name in tables.assets["asset_id"]),
        *(str(name) for name in tables.needs["need_id"]),
        *(str(name) for column in ("name", "official_id") for name in tables.assets.get(column, [])),
        *(str(name) for column in ("name", "province_name") for name in tables.communes[column]),
        *(str(name) for name in tables.needs["recipient"]),
    ]
    for one in explanations:
        json.dumps(one.facts)
        for lang in LANGS:
            text = one.text(lang)
            plain = text
            for name in sorted(filter(None, names), key=len, reverse=True):
                plain = plain.replace(name, "")
            assert not CODES.search(plain), text
            assert all(line.strip() for line in text.split("\n")), text
        strange = said(one, names) - known - derived_of(one.facts)
        assert not strange, (strange, one.text())


def check_reasons(explanations: list[solver.Explanation], tables: Tables) -> set[str]:
    """Outcomes and reasons are those of the tables; prices multiply to what the table says."""
    seen = set()
    short = {row["need_id"]: row for row in rows(tables.shortfalls)}
    left = {row["asset_id"]: row for row in rows(tables.releases)}
    moved = [(row["asset_id"], row["need_id"]) for row in rows(tables.transfers)]
    for one in explanations:
        facts = one.facts
        seen.add(f"{one.subject} {one.outcome}")
        ends = [(t["asset"]["asset_id"], t["need"]["need_id"]) for t in facts["transfers"]]
        assert ends == [pair for pair in moved if pair[one.subject == "need"] == one.identifier]
        if one.subject == "asset":
            row = left.get(one.identifier)
            assert (facts["release"] is None) == (row is None)
            if row:
                seen.add(f"stays {row['reason']}")
                assert (facts["release"]["reason"], facts["release"]["units"]) == (
                    row["reason"],
                    int(row["units"]),
                )
                assert facts["moved"] + int(row["units"]) == facts["units"]
            continue
        row = short.get(one.identifier)
        assert (facts["shortfall"] is None) == (row is None)
        if row is None:
            assert facts["met"] in (0, facts["units"])
            continue
        seen.add(f"short {row['reason']}")
        assert facts["shortfall"]["reason"] == row["reason"]
        assert facts["met"] + facts["unmet"] == facts["units"]
        price = facts["price"]
        unit = Fraction(price["vnd"])
        if price["source"] == "scenario" and facts["category"] == "premises":
            unit *= Fraction(facts["area_m2"])
        assert half_up(Fraction(half_up(unit)) * Fraction(price["factor"])) == int(row["price_vnd"])
        check_limits(facts["shortfall"])
        check_condition(facts, tables)
    return seen


def check_limits(short: dict[str, Any]) -> None:
    """The limit that is named is one that the nearest or largest asset misses, or the cheapest costs."""
    detail, limits = short["detail"], short["limits"]
    if "reach_km" in limits:
        assert Decimal(detail["nearest_km"]) > Decimal(limits["reach_km"])
    if "area_m2" in limits and detail["largest_m2"]:
        assert Decimal(detail["largest_m2"]) < Decimal(limits["area_m2"])
    if short["reason"] == "too_dear":
        entry = detail["cheapest_cost_vnd"] + detail.get("opening_vnd", 0)
        assert entry - detail["dearer_by_vnd"] == short["price_vnd"]
    if short["reason"] == "norm" and short["norm"]["max"] is not None:
        most = int(Decimal(short["norm"]["max"]))
        assert max(0, most - short["norm"]["in_use"]) == detail["may_receive"]


def check_condition(facts: dict[str, Any], tables: Tables) -> None:
    """No asset of a wanted kind that is free, and large enough, is known to be as good as the limit says."""
    least = facts["shortfall"]["limits"].get("min_condition_pct")
    if least is None:
        return
    kinds = facts["kinds"]
    for row in rows(tables.assets, category=facts["category"]):
        place = tables.place(row["commune_code"])
        free = row["status"] in ("surplus", "handed_idle")
        inside = facts["scope_province"] in ("", place["province_code"])
        wanted = row["kind"] in kinds if kinds else row["kind"] != "land"
        large = not facts["area_m2"] or Decimal(row["area_m2"] or -1) >= Decimal(facts["area_m2"])
        if free and inside and wanted and large:
            assert Decimal(row["condition_pct"] or -1) < Decimal(least), row


# plans


@pytest.mark.parametrize("name", ["golden", "golden_premises"])
def test_every_row_of_the_golden_plans_is_explained_in_both_languages(name: str, tmp_path: Path) -> None:
    result = golden(name)
    tables = tables_of_result(result.problem, result)
    found = everything((result.problem, result), tables)
    check(found, tables)
    assert {one.text("en") for one in found}.isdisjoint(one.text("vi") for one in found)
    check_reasons(found, tables)
    result.write(tmp_path / "plan")
    stored = solver.read_plan(tmp_path / "plan")
    assert everything((stored,), tables_of_folder(stored)) == found


def test_every_row_of_the_hand_made_plan_is_explained() -> None:
    stored = solver.read_plan(TESTS / "app" / "plan")
    tables = tables_of_folder(stored)
    check(everything((stored,), tables), tables)


@pytest.mark.parametrize("form", FORMS)
def test_every_row_of_random_plans_is_explained_the_same_from_memory_and_from_the_folder(
    form: str, tmp_path: Path
) -> None:
    seen: set[str] = set()
    for seed in range(8):
        result = drawn(seed, form)
        tables = tables_of_result(result.problem, result)
        found = everything((result.problem, result), tables)
        check(found, tables)
        seen |= check_reasons(found, tables)
        result.write(tmp_path / "plan")
        stored = solver.read_plan(tmp_path / "plan")
        assert everything((stored,), tables_of_folder(stored)) == found, seed
    assert {"need met", "need unmet", "asset moved", "asset released", "short no_asset"} <= seen


def test_without_a_proof_the_plan_is_not_called_best() -> None:
    result = golden("golden")
    parts = {name: dict(part) for name, part in result.plan.summary["parts"]["category"].items()}
    parts["vehicle"]["gap_vnd"] = 7_000_000
    shortfalls, releases = result.plan.shortfalls.copy(), result.plan.releases.copy()
    shortfalls["reason"] = shortfalls["reason"].replace("outbid", "unproven")
    releases["reason"] = releases["reason"].replace("met", "unproven")
    summary = {**result.plan.summary, "parts": {**result.plan.summary["parts"], "category": parts}}
    plan = solver.Plan(result.plan.transfers, shortfalls, releases, summary)
    open_ended = solver.Result(result.problem, plan, result.certificate)
    explained = solver.explain(result.problem, open_ended, need_id="N-CAR-F")
    assert "Whether a better plan would serve more of it is not proven" in explained.text()
    assert "the gap of this category is 7,000,000 VND" in explained.text()
    assert "No plan" not in explained.text()
    assert "Không phương án nào" not in explained.text("vi")


# single cases, worked by hand in docs/cost.md


def test_a_need_beyond_its_own_reach_names_the_nearest_asset() -> None:
    text = need("golden_premises", "N-OTH-C").text()
    assert "lies within reach (15.0005 km); the nearest is 15.001 km away." in text


def test_a_norm_that_is_used_up_names_maximum_use_and_room() -> None:
    text = need("golden", "N-CAR-B").text()
    assert "(at most 2; 1 in use): it may receive 1, and it does." in text
    none = need("golden", "N-CAR-C").text()
    assert "under the norm for car the commune may receive nothing more (at most 2; 2 in use)." in none


def test_too_dear_names_the_opening_and_the_difference() -> None:
    text = need("golden_premises", "N-HOU-D").text()
    assert "would cost 27,500,750 VND and 100,000,000 VND to put the premises to use: 1 VND more." in text
    assert "would cost exactly that: 40,200,000 VND." in need("golden", "N-ANY").text()


def test_outbid_names_where_the_premises_stand_full() -> None:
    explained = need("golden_premises", "N-SVC-A")
    assert explained.outcome == "unmet"
    text = explained.text()
    assert "(it houses N-CUL-A, N-HQ-A)" in text
    assert "These premises have 500 m²; the plan uses 500 m² of them and leaves 0 m²." in text
    assert "(đã bố trí cho N-CUL-A, N-HQ-A)" in explained.text("vi")


@pytest.mark.parametrize(
    ("need_id", "words"),
    [
        ("N-EDU-X", "none of the premises of a wanted kind that are free is known to have 377.06 m²"),
        ("N-EDU-X", "the largest known area is 377.05 m²"),
        ("N-EDU-L", "the remaining quality asked for (at least 50 %)"),
        ("N-POL-H", "greatest age (40 years)"),
        ("N-EDU-D", "on the day that counts (2025-09-30)"),
        ("N-HQ-C", "inside its own commune"),
        ("N-POL-E", "known distance"),
        ("N-POL-D", "lie in other provinces"),
        ("N-MIL-A", "excluded for this need by the scenario"),
        ("N-POL-D", "7,654,321 VND per m² x 100.5 m² (the scenario's price for premises: police)"),
        ("N-POL-D", "x factor 0.5 (priority 4, stated for this need), which makes 384,629,631 VND"),
    ],
)
def test_each_stage_has_its_sentence_and_its_figures(need_id: str, words: str) -> None:
    assert words in need("golden_premises", need_id).text()


def test_an_asset_in_use_is_counted_by_its_norms() -> None:
    explained = asset("golden", "V-BUS-01")
    assert (explained.outcome, explained.facts["transfers"]) == ("in_use", [])
    cars = [
        one
        for one in rows(golden("golden").problem.assets, status="in_use", kind="car")
        if one["commune_code"] == "97003"
    ]
    text = asset("golden", cars[0]["asset_id"]).text()
    assert "It counts towards the norm for car: at most 2 in the commune, 2 in use." in text


def test_premises_that_stay_say_why_and_who_takes_over() -> None:
    disputed = asset("golden_premises", "P-OFF-D").text()
    assert "Proposed: the commune settles its legal status first" in disputed
    idle = asset("golden_premises", "P-HOU-D").text()
    assert "no set of eligible places that fits into it saves more than putting it to use costs." in idle
    assert "Proposed: hand over to the housing body." in idle
    used = asset("golden_premises", "P-OFF-A").text()
    assert "It takes in 2 places with 500 m² of its 500 m² and has 0 m² left." in used


@pytest.mark.parametrize(
    ("purpose", "kinds", "reach"),
    [
        ("housing", "", {"reach_km": "10"}),  # the purpose comes before every kind
        ("", "house", {"reach_km": "25"}),
        ("", "office", {"reach_km": "20"}),
        ("", "house|office", {}),  # no one figure holds for both
        ("", "", {}),
    ],
)
def test_a_limit_is_named_where_it_is_one_for_every_asset(
    purpose: str, kinds: str, reach: dict[str, str]
) -> None:
    result = golden("golden_premises")
    tables = tables_of_result(result.problem, result)
    row = {**tables.need("N-ANY-D"), "purpose": purpose, "kinds": kinds, "reach_km": ""}
    assert limits_of(tables, row, "reach") == reach
    assert limits_of(tables, {**row, "reach_km": "3.5"}, "reach") == {"reach_km": "3.5"}


def small(scope: str | None = None) -> solver.Result:
    """Two cars in two provinces, a house with what belongs to it; explicit matches."""
    assets = pd.DataFrame(
        {
            "asset_id": ["H", "V", "X", "D", "Z"],
            "category": ["premises", "vehicle", "vehicle", "equipment", "vehicle"],
            "kind": ["house", "car", "car", "desk_set", "car"],
            "status": ["surplus", "surplus", "handled", "in_use", "surplus"],
            "area_m2": [9, None, None, None, None],
            "attached_to": [None, None, None, "H", None],
            "commune_code": ["97001", "97001", "97001", "97001", "98001"],
        }
    )
    needs = pd.DataFrame(
        {
            "need_id": ["N", "M"],
            "category": "vehicle",
            "price_vnd": 900,
            "priority": 3,
            "commune_code": ["97001", "98001"],
        }
    )
    matches = pd.DataFrame({"asset_id": ["V", "H"], "need_id": ["N", "N"], "cost_vnd": [100, 1]})[:1]
    communes = pd.DataFrame(
        {
            "commune_code": ["97001", "98001"],
            "name": ["Một", "Hai"],
            "kind": ["xã", "phường"],
            "province_code": ["97", "98"],
            "province_name": ["Bắc", "Nam"],
            "lat": [1.0, 2.0],
            "lon": [3.0, 4.0],
        }
    )
    scenario = {"date": "2025-08-15", "scope_province": scope}
    return solver.solve(solver.build(assets, needs, matches=matches, communes=communes, scenario=scenario))


def test_out_of_scope_handled_and_attached_are_told_apart() -> None:
    result = small("97")

    def outcome(**one: str) -> str:
        return solver.explain(result.problem, result, **one).outcome

    assert outcome(need_id="N") == "met"
    assert (outcome(need_id="M"), outcome(asset_id="Z")) == ("out_of_scope", "out_of_scope")
    assert (outcome(asset_id="X"), outcome(asset_id="V")) == ("handled", "moved")
    house = solver.explain(result.problem, result, asset_id="H")
    assert [one["asset_id"] for one in house.facts["attached"]] == ["D"]
    assert "  - 1 unit: D (desk set) (in use)" in house.text()
    desk = solver.explain(result.problem, result, asset_id="D").text()
    assert "It is attached to premises H (house); proposed: hand over to the housing body." in desk
    assert "in xã Một, Bắc" in desk
    tables = tables_of_result(result.problem, result)
    check(everything((result.problem, result), tables), tables)


# asking


def test_an_unknown_id_names_its_neighbours_and_survives_pickling() -> None:
    result = golden("golden")
    with pytest.raises(
        solver.UnknownIdError, match=r"No need has the id 'N-CAR-BB'\. Did you mean N-CAR-B"
    ) as one:
        solver.explain(result.problem, result, need_id="N-CAR-BB")
    assert pickle.loads(pickle.dumps(one.value)).near == one.value.near
    with pytest.raises(solver.UnknownIdError, match=r"No asset has the id '\?'\.$"):
        solver.explain(result.problem, result, asset_id="?")


def test_exactly_one_id_is_asked_about() -> None:
    result = golden("golden")
    with pytest.raises(ValueError, match="need_id or asset_id"):
        solver.explain(result.problem, result)
    with pytest.raises(ValueError, match="need_id or asset_id"):
        solver.explain(result.problem, result, need_id="N-CAR-B", asset_id="V-CAR-01")
    with pytest.raises(ValueError, match="the result is missing"):
        solver.explain(result.problem, need_id="N-CAR-B")


def test_a_need_that_has_all_there_is_is_not_told_that_another_was_preferred() -> None:
    # One car and two wanted: nobody else gets anything, and no equally good plan could serve the second.
    problem = solver.build(
        pd.DataFrame({"asset_id": ["A"], "category": ["vehicle"], "units": ["1"]}),
        pd.DataFrame({"need_id": ["N"], "category": ["vehicle"], "units": ["2"], "price_vnd": ["100"]}),
        matches=pd.DataFrame({"asset_id": ["A"], "need_id": ["N"], "cost_vnd": ["5"]}),
    )
    result = solver.solve(problem)
    assert result.plan.shortfalls["reason"].tolist() == ["outbid"]
    text = solver.explain(problem, result, need_id="N").text("en")
    assert "have no units left" in text
    assert "equally good plans" not in text
    assert "stands level" not in text
