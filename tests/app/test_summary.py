from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from app.figures import communes_without_car, of_premises, transfers_vnd, unmet_vnd, worst_served
from app.settings import LANGS, Lang
from app.summary import MOST_LINES, summarise, where

if TYPE_CHECKING:
    from app.plans import PlanView

GOLDEN = Path(__file__).parent / "golden"


@pytest.mark.parametrize("lang", LANGS)
def test_the_summary_of_the_hand_made_plan_is_the_golden_one(plan: PlanView, lang: Lang) -> None:
    lines = summarise(plan, lang) + where(Path("demo"), ["plan.json", "plan.xlsx"], Path("demo/inputs"), lang)
    text = "\n".join(lines).replace("\\", "/") + "\n"
    assert text == (GOLDEN / f"summary.{lang}.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("lang", LANGS)
def test_summary_and_verify_line_fit_in_25_lines(plan: PlanView, lang: Lang) -> None:
    lines = summarise(plan, lang) + where(Path("demo"), ["plan.json"], Path("demo/inputs"), lang)
    assert len(lines) + 1 <= MOST_LINES
    assert not any("\n" in line for line in lines)


def test_the_objective_is_split_into_transfers_and_units_left_unmet(plan: PlanView) -> None:
    # 16,843,920 + 58,915,000 + 5,000,000 + 2 x 257,000,000 + 294,144,424 + 382,000,000
    # 950 million + 950 million + 3 x 20 million + 1,200 m2 x 9 million
    assert (transfers_vnd(plan), unmet_vnd(plan)) == (1_270_903_344, 12_760_000_000)
    openings = plan.summary["kpis"]["openings_vnd"]
    assert openings == 2 * 100_000_000
    assert transfers_vnd(plan) + openings + unmet_vnd(plan) == plan.summary["objective_vnd"]
    line = summarise(plan, "en")[4]
    assert line.startswith(
        "The objective is 1,270,903,344 VND for transfers, 200,000,000 VND for putting premises to use "
        "and 12,760,000,000 VND for units left unmet"
    )


def without_premises(plan: PlanView) -> PlanView:
    """Return the plan of movables alone."""
    parts = plan.summary["parts"]
    kept = {name: part for name, part in parts["category"].items() if name != "premises"}
    kpis = {**plan.summary["kpis"], "openings_vnd": 0, "premises_in_use": 0}
    return dataclasses.replace(
        plan,
        transfers=plan.transfers[~of_premises(plan, plan.transfers)],
        releases=plan.releases[~of_premises(plan, plan.releases)],
        summary={**plan.summary, "parts": {**parts, "category": kept}, "kpis": kpis},
    )


def test_premises_in_use_and_released_are_told_apart_from_movables(plan: PlanView) -> None:
    lines = summarise(plan, "en")
    assert "Units without a recipient: liquidate 1; reserve 1" in lines
    assert lines[-1] == (
        "Premises put to use: 2 (840 m² for 3 places). "
        "Without a recipient: housing body 1; land-fund centre 1"
    )


def test_without_premises_nothing_is_said_of_them(plan: PlanView) -> None:
    text = "\n".join(summarise(without_premises(plan), "en"))
    assert "remises" not in text
    assert "VND for transfers plus" in text


def test_the_gap_of_each_category_is_named_where_one_is_left(plan: PlanView) -> None:
    gaps = [line for line in summarise(plan, "en") if line.startswith("Gap by category")]
    assert gaps == ["Gap by category: vehicles 1,500,000 VND (0.0400 % of the most that any plan could save)"]
    parts = plan.summary["parts"]
    proven = {name: {**part, "gap_vnd": 0} for name, part in parts["category"].items()}
    best = dataclasses.replace(plan, summary={**plan.summary, "parts": {**parts, "category": proven}})
    assert not any("Gap by category" in line for line in summarise(best, "en"))


def test_one_unit_is_written_in_the_singular(plan: PlanView) -> None:
    kpis = {**plan.summary["kpis"], "cross_province_transfers": 1}
    one = dataclasses.replace(plan, transfers=plan.transfers[5:], summary={**plan.summary, "kpis": kpis})
    assert any(
        line.startswith("Units moved or housed: 1 in 1 transfer, 1 unit to another province;")
        for line in summarise(one, "en")
    )


@pytest.mark.parametrize("lang", LANGS)
def test_one_province_alone_is_never_called_the_worst_served(plan: PlanView, lang: Lang) -> None:
    parts = plan.summary["parts"]
    alone = {
        code: part for code, part in parts["province"].items() if code in ("01", "38")
    }  # 01 needs nothing
    scoped = dataclasses.replace(plan, summary={**plan.summary, "parts": {**parts, "province": alone}})
    words = {"en": "Worst", "vi": "thấp nhất"}[lang]
    assert any(words in line for line in summarise(plan, lang))
    assert not any(words in line for line in summarise(scoped, lang))


def test_cars_count_by_commune_that_wants_one(plan: PlanView) -> None:
    # Hạc Thành and Cô Tô want a car and have none; Bỉm Sơn has one. The plan serves Hạc Thành.
    assert communes_without_car(plan) == (2, 1)


def test_cars_count_in_the_planned_province_only(plan: PlanView) -> None:
    scoped = dataclasses.replace(plan, scenario={**plan.scenario, "scope_province": "38"})
    assert communes_without_car(scoped) == (1, 0)


def test_a_need_of_any_kind_wants_a_car_and_a_boat_is_none(plan: PlanView) -> None:
    needs = plan.needs.copy()
    needs.loc[needs["need_id"] == "N-CAR-2", "kinds"] = pd.NA
    assert communes_without_car(dataclasses.replace(plan, needs=needs)) == (2, 1)
    needs.loc[needs["need_id"] == "N-CAR-2", "kinds"] = "boat"
    assert communes_without_car(dataclasses.replace(plan, needs=needs)) == (1, 0)


def test_worst_served_provinces_come_by_share_and_then_by_unmet_units(plan: PlanView) -> None:
    assert worst_served(plan) == [("Quảng Ninh", 0, 2), ("Điện Biên", 5, 8), ("Thanh Hóa", 9, 10)]
    parts = plan.summary["parts"] | {
        "province": {
            "01": {"met": 1, "needed": 2},
            "11": {"met": 5, "needed": 10},
            "22": {"met": 0, "needed": 0},
            "38": {"met": 9, "needed": 9},
        }
    }
    same_share = dataclasses.replace(plan, summary={**plan.summary, "parts": parts})
    assert worst_served(same_share) == [("Điện Biên", 5, 10), ("Hà Nội", 1, 2)]


def test_a_real_inventory_carries_no_synthetic_notice(plan: PlanView) -> None:
    real = dataclasses.replace(plan, summary={**plan.summary, "synthetic": False})
    assert "SYNTHETIC" in "\n".join(summarise(plan, "en"))
    assert "SYNTHETIC" not in "\n".join(summarise(real, "en"))


def test_a_hostile_scenario_name_cannot_break_the_lines(plan: PlanView) -> None:
    name = "\x1b[2J\n\u202egnp" + "x" * 500
    lines = summarise(dataclasses.replace(plan, summary={**plan.summary, "scenario": name}), "en")
    assert lines[0].startswith("Surplan: \\x1b[2J\\n\\u202egnpx")
    assert len(lines[0]) < 120
