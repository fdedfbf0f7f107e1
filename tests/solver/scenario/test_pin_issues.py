"""What is wrong with pins is said in words, in both languages."""

from __future__ import annotations

import pytest

from solver.errors import issue
from solver.problem.pairs import STAGES
from solver.problem.premises import STAGES as PREMISES_STAGES

PLACE = ("scenario", None, "stability.pins[0]")


@pytest.mark.parametrize("stage", sorted({*STAGES, *PREMISES_STAGES}))
@pytest.mark.parametrize("lang", ["en", "vi"])
def test_a_pin_that_is_not_eligible_is_told_why_and_never_by_a_code(stage: str, lang: str) -> None:
    found = issue("pin_ineligible", *PLACE, asset="V-1", need="N-2", stage=stage)
    said = found.message(lang)
    assert "V-1" in said
    assert "N-2" in said
    assert "_" not in said
    assert not said.endswith((" since .", " vì ."))
    assert stage == "reach" or f" {stage}." not in said
    assert found.remedy(lang)


def test_the_reason_is_that_of_the_stage() -> None:
    found = issue("pin_ineligible", *PLACE, asset="V-1", need="N-2", stage="reach")
    assert found.message().endswith("asset V-1 may not serve need N-2, since it lies beyond reach.")
    assert found.message("vi").endswith("vì tài sản nằm ngoài bán kính tối đa.")


@pytest.mark.parametrize(
    ("what", "asked", "available", "en", "vi"),
    [
        (
            *("asset", 3, 2),
            "Pins exceed the units that the asset has: 3 asked for, 2 available.",
            "số đơn vị của tài sản: yêu cầu 3, chỉ có 2.",
        ),
        (*("need", 1001, 2), "the units that the need asks for: 1,001 asked for", "yêu cầu 1.001"),
        (*("room", "120.5", 100), "the area of the premises [m2]: 120.5 asked for", "yêu cầu 120,5"),
        (
            *("budget|province|40", 3 * 10**9, 2 * 10**9),
            "the budget of the receiving province 40: 3,000,000,000 VND asked for, 2,000,000,000 VND",
            "yêu cầu 3.000.000.000 đ, chỉ có 2.000.000.000 đ.",
        ),
        (*("cross|vehicle", 2, 1), "the cap on units that change province (vehicle): 2", "(phương tiện)"),
        (*("norm|00001|vehicle/car", 3, 2), "the norm for car in commune 00001: 3", "định mức xe ô tô"),
        (*("something new", "many", ""), "something new: many asked for,  available", "something new"),
    ],
)
def test_what_pins_exceed_is_named_with_its_figures(
    what: str, asked: object, available: object, en: str, vi: str
) -> None:
    found = issue("pin_exceeds", *PLACE, "V-1, N-2", what=what, asked=asked, available=available)
    assert " ".join(en.split()) in found.message()
    assert vi in found.message("vi")


def test_a_feature_that_is_not_built_is_named_in_both_languages() -> None:
    found = issue("not_supported_yet", "scenario", None, "x", feature="stability.max_changes")
    assert found.message() == "This is not built yet: stability.max_changes."
    assert "stability.max_changes" in found.message("vi")


def test_pins_that_no_plan_knows_say_who_takes_part() -> None:
    found = issue("pin_unknown", *PLACE, "V-1, N-2")
    assert found.severity == "error"
    assert "takes no part" in found.message()
    assert "scope_province" in found.remedy("vi")
