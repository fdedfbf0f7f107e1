from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from app.settings import LANGS, Lang
from app.summary import (
    MOST_LINES,
    communes_without_car,
    summarise,
    transfers_vnd,
    unmet_vnd,
    where,
    worst_served,
)

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
    # 16,843,920 + 58,915,000 + 294,144,424 + 382,000,000; 950 million + 950 million + 3 x 20 million
    assert (transfers_vnd(plan), unmet_vnd(plan)) == (751_903_344, 1_960_000_000)
    assert transfers_vnd(plan) + unmet_vnd(plan) == plan.summary["objective_vnd"]
    line = summarise(plan, "en")[4]
    assert "751,903,344 VND for transfers plus 1,960,000,000 VND for units left unmet" in line


def test_one_unit_is_written_in_the_singular(plan: PlanView) -> None:
    kpis = {**plan.summary["kpis"], "cross_province_transfers": 1}
    one = dataclasses.replace(plan, transfers=plan.transfers[3:], summary={**plan.summary, "kpis": kpis})
    assert any(
        line.startswith("Units moved: 1 in 1 transfer, 1 unit to another province;")
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
    assert worst_served(plan) == [("Quảng Ninh", 0, 1), ("Điện Biên", 5, 8), ("Thanh Hóa", 6, 7)]
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
