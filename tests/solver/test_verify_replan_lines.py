from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from solver.checker.folder import verify_folder
from tests.solver import verify_writer
from tests.solver.verify_replan import LINE_COLUMNS, Replanned, line
from tests.solver.verify_replan_cases import cars
from tests.solver.verify_replan_folder import change, codes_of, table

if TYPE_CHECKING:
    from pathlib import Path

    from tests.solver.verify_limits import Plan
    from tests.solver.verify_naive import Case, Row


def left_of(case: Case) -> Plan:
    return Replanned(case).left


@pytest.mark.parametrize(
    ("fixed", "plan"),
    [
        (line("X", "M", 2, "signed"), {("X", "M"): 1}),  # one is lacking
        (line("X", "M", 3, "signed"), {("X", "M"): 2}),  # there are two
        (line("Y", "M", 1, "executed"), {}),  # no match
    ],
)
def test_a_line_that_is_signed_or_carried_out_is_in_the_plan(fixed: Row, plan: Plan, tmp_path: Path) -> None:
    verify_writer.write_plan(tmp_path / "p", cars(), plan, {"M": 0, "N": 0}, {}, {}, [])
    verify_writer.write_table(tmp_path / "p" / "inputs" / "baseline.csv", LINE_COLUMNS, [fixed])
    hashed = verify_writer.sha256(tmp_path / "p" / "inputs" / "baseline.csv")
    change(tmp_path / "p" / "plan.json", lambda one: one["inputs"].update({"baseline.csv": hashed}))
    assert "pin" in verify_folder(tmp_path / "p").found


def test_a_fixed_line_and_a_pin_of_one_pair_are_one_of_the_larger_number(tmp_path: Path) -> None:
    for units, pinned in ((1, 2), (2, 1)):
        case = cars(line("X", "M", units, "signed"), pins=[["X", "M", pinned]])
        assert codes_of(tmp_path / f"{units}", case, {("X", "M"): 2}) == {}
        assert codes_of(tmp_path / f"{units}-", case, {("X", "M"): 1}) == {"pin": ["X,M"]}
        assert table(tmp_path / f"{units}" / "transfers.csv")[0]["state"] == "signed"


def test_a_refused_pair_is_banned(tmp_path: Path) -> None:
    case = cars(line("X", "M", 1, "refused"))
    found = codes_of(tmp_path / "p", case, {("Z", "M"): 1})
    assert found == {}
    case.baseline = []
    verify_writer.write_plan(tmp_path / "q", case, {("X", "M"): 1}, {"M": 0, "N": 0}, {}, {}, [])
    shutil.copy(tmp_path / "p" / "inputs" / "baseline.csv", tmp_path / "q" / "inputs" / "baseline.csv")
    found_codes = {violation.code: violation for violation in verify_folder(tmp_path / "q").violations}
    assert found_codes["ineligible"].message == "banned"


def test_a_transfer_as_dear_as_none_may_stay_where_it_was(tmp_path: Path) -> None:
    for lines, code in (((), {"ineligible": ["Z,M"]}), ((line("Z", "M", 1),), {})):
        case = cars(*lines)
        case.matches[3]["cost_vnd"] = "1000"
        assert codes_of(tmp_path / f"{len(lines)}", case, {("Z", "M"): 1}) == code


@pytest.mark.parametrize(
    ("freedom", "bound", "free"),
    [
        ("same_province", line("X", "M", 1, "", "00102"), {"M"}),
        ("same_province", line("X", "M", 1, "executed", "00101", "Trạm"), {"M"}),
        ("same_province", line("X", "OLD", 1, "", "03802"), {"N"}),
        ("same_province", line("X", "M", 1, "", "99999"), set()),
        (
            "same_province",
            line("X", "M", 1, "refused", "00101"),
            {"N"},
        ),  # it binds nothing; the pair is banned
        ("same_province", line("OLD", "M", 1, "", "00101"), {"M", "N"}),
        ("same_recipient", line("X", "M", 1, "", "00101", "Trạm"), {"M"}),
        ("same_recipient", line("X", "M", 1, "", "00101", "trạm"), set()),
        ("same_recipient", line("X", "OLD", 1, "", "03801", "Trạm"), {"N"}),
        ("same_recipient", line("X", "OLD", 1, "", "03802", "Trạm"), set()),
        ("free", line("X", "OLD", 1, "", "03802", "Trạm"), {"M", "N"}),
    ],
)
def test_an_asset_may_go_where_its_lines_lead(
    freedom: str, bound: Row, free: set[str], tmp_path: Path
) -> None:
    assert {n for a, n in Replanned(cars(bound, freedom=freedom)).pairs if a == "X"} == free
    fixed: Plan = {("X", "M"): 1} if bound["state"] == "executed" else {}
    for need in {"M", "N"} - ({"M"} if bound["state"] == "refused" else set()):
        folder, plan = tmp_path / need, fixed | {("X", need): 1}
        verify_writer.write_plan(folder, cars(bound), plan, {"M": 0, "N": 0}, {}, {}, [])
        change(folder / "inputs" / "scenario.json", lambda one: one["stability"].update(freedom=freedom))
        broken = [one.message for one in verify_folder(folder).violations if one.code == "ineligible"]
        assert broken == ([] if need in free else ["freedom"])


def test_what_is_left_saves_most_and_fits_beside_the_pins_the_norms_the_budgets_and_the_caps() -> None:
    lines = [line("X", "M", 2), line("X", "N", 2), line("Y", "N", 2), line("Z", "M", 2), line("Z", "N", 1)]
    assert left_of(cars(*lines)) == {("X", "M"): 2, ("Y", "N"): 2}  # 900 and 800 each; nothing is left then
    assert left_of(cars(*lines, pins=[["X", "M", 1]])) == {("X", "M"): 1, ("Y", "N"): 2}
    assert left_of(cars(*lines, pins=[["X", "N", 1]])) == {("X", "M"): 1, ("Y", "N"): 1, ("Z", "M"): 1}
    case = cars(*lines)
    case.scenario["limits"]["budget_vnd"] = 500  # 200, then 200 of the 300 that are left
    assert left_of(case) == {("X", "M"): 2, ("Y", "N"): 1}
    case.scenario["limits"] |= {"budget_vnd": None, "cross_province_max": {"vehicle": 1}}
    assert left_of(cars(line("X", "N", 2), line("Z", "N", 1))) == {("X", "N"): 2}
    case.baseline = [line("X", "N", 2), line("Z", "N", 1)]
    assert left_of(case) == {("X", "N"): 1}
    case.scenario["norms"]["max_per_commune"] = {"vehicle/car": 1}
    case.baseline = [line("X", "M", 2), line("Y", "N", 2)]
    assert left_of(case) == {("X", "M"): 1, ("Y", "N"): 1}


CHEAPER, AS_DEAR = {"change_price_vnd": 99}, {"change_price_vnd": 100}
BANNED = line("X", "M", 1, "refused")  # so that Z alone may serve M, for 900 of 1,000
ALL_OF_N = {("Y", "N"): 2}


@pytest.mark.parametrize(
    ("stability", "before", "plan", "reason"),
    [
        (CHEAPER, None, {}, "unproven"),
        (AS_DEAR, None, {}, "max_changes"),
        (AS_DEAR, None, {("Z", "N"): 1}, "max_changes"),  # the other one is free
        (AS_DEAR, None, {("Z", "N"): 2}, "unproven"),  # neither is
        (AS_DEAR, line("Z", "M", 1), {}, "unproven"),  # to bring it back is no change
        (AS_DEAR, line("Z", "M", 1), {("Z", "M"): 1}, "max_changes"),
        ({"change_price_vnd": 0, "max_changes": 2}, None, ALL_OF_N, "max_changes"),
        ({"change_price_vnd": 0, "max_changes": 3}, None, ALL_OF_N, "unproven"),
        ({"change_price_vnd": 0, "max_changes": 2}, None, {("Z", "N"): 2}, "unproven"),  # changes already
        ({"change_price_vnd": 0, "max_changes": 1}, line("Z", "M", 1), {}, "unproven"),
    ],
)
def test_a_need_lacks_units_for_the_changes_that_they_would_be(
    stability: dict[str, object], before: Row | None, plan: Plan, reason: str, tmp_path: Path
) -> None:
    case = cars(BANNED, *([before] if before else []), **stability)
    assert codes_of(tmp_path / "p", case, plan) == {}
    short = {row["need_id"]: row["reason"] for row in table(tmp_path / "p" / "shortfalls.csv")}
    assert short["M"] == reason


def test_a_need_that_is_too_dear_without_a_change_is_so_with_one(tmp_path: Path) -> None:
    for stability in (AS_DEAR, {"max_changes": 0}):
        case = cars(BANNED, **stability)
        case.matches[3]["cost_vnd"] = "1000"  # Z for M
        assert codes_of(tmp_path / "p", case, {}) == {}
        short = {row["need_id"]: row["reason"] for row in table(tmp_path / "p" / "shortfalls.csv")}
        assert short["M"] == "too_dear"
        shutil.rmtree(tmp_path / "p")


@pytest.mark.parametrize(
    ("stability", "plan", "reason"),
    [
        (CHEAPER, ALL_OF_N, "unproven"),
        (AS_DEAR, ALL_OF_N, "max_changes"),
        (AS_DEAR, {}, "unproven"),  # at N it would save 600
        ({"change_price_vnd": 600}, {}, "max_changes"),
        ({"change_price_vnd": 0, "max_changes": 2}, ALL_OF_N, "max_changes"),
        (AS_DEAR, {("Y", "N"): 2, ("Z", "M"): 2}, None),  # none stays
    ],
)
def test_a_unit_stays_where_it_would_be_worth_it_but_for_the_change(
    stability: dict[str, object], plan: Plan, reason: str | None, tmp_path: Path
) -> None:
    assert codes_of(tmp_path / "p", cars(BANNED, **stability), plan) == {}
    stays = {row["asset_id"]: row["reason"] for row in table(tmp_path / "p" / "releases.csv")}
    assert stays.get("Z") == reason
