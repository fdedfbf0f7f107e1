from __future__ import annotations

import dataclasses
import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from app.comparing import MOST_SHOWN, _change_lines, changes_of, compare, figures_of
from app.errors import UsageError
from app.plan_changes import changed_files, changed_keys, changed_lines, gains_and_losses
from app.settings import LANGS, Lang
from app.talk import Talk

if TYPE_CHECKING:
    from app.plans import PlanView

PLAN = Path(__file__).parent / "plan"


def talk(lang: Lang = "en", *, as_json: bool = False) -> Talk:
    return Talk(lang, quiet=True, as_json=as_json)


def changed(plan: PlanView) -> PlanView:
    """Without V-0002 -> N-CAR-1; 4 + 5 computers become 1 + 8; V-0003 goes to N-CAR-2."""
    rows = plan.transfers[plan.transfers["asset_id"] != "V-0002"].copy()
    rows.loc[rows["need_id"] == "N-PC-1", ["units", "cost_vnd"]] = [1, 4_000_000]
    rows.loc[rows["need_id"] == "N-PC-2", ["units", "cost_vnd"]] = [8, 94_000_000]
    new = rows[rows["asset_id"] == "V-0001"].assign(
        asset_id="V-0003", need_id="N-CAR-2", to_commune_code="07192", cost_vnd=300_000_000
    )
    return dataclasses.replace(plan, transfers=pd.concat([rows, new], ignore_index=True))


def test_changed_lines_are_those_with_other_units_the_dearest_first(plan: PlanView) -> None:
    lines = changed_lines(plan, changed(plan))
    assert [(one["change"], one["asset_id"], one["need_id"]) for one in lines] == [
        ("removed", "V-0002", "N-CAR-1"),
        ("added", "V-0003", "N-CAR-2"),
        ("other_units", "E-0001", "N-PC-2"),
        ("other_units", "E-0001", "N-PC-1"),
    ]
    assert lines[2] == {
        "change": "other_units",
        "asset_id": "E-0001",
        "need_id": "N-PC-2",
        "units_before": 5,
        "units_after": 8,
        "cost_before_vnd": 58_915_000,
        "cost_after_vnd": 94_000_000,
        "columns": [],
    }
    changes = changes_of(plan, changed(plan))
    assert changes["lines"] == {"added": 1, "removed": 1, "other_units": 2, "other_terms": 0}
    assert changes["units"] == {"added": 1, "removed": 1, "other_units": 6, "other_terms": 0}


def test_transfers_that_change_in_anything_but_units_are_told_with_what_changed(plan: PlanView) -> None:
    rows = plan.transfers.copy()
    car = rows["asset_id"] == "V-0001"
    rows.loc[car, ["recipient", "authority"]] = ["Đảng ủy phường Hạc Thành", "Bộ Tài chính"]
    rows.loc[rows["asset_id"] == "E-0001", "rank"] = 9  # which follows from other rows
    changes = changes_of(plan, dataclasses.replace(plan, transfers=rows))
    assert changes["lines"] == {"added": 0, "removed": 0, "other_units": 0, "other_terms": 1}
    assert changes["units"]["other_terms"] == 1
    (line,) = changes["transfers"]
    assert (line["asset_id"], line["columns"]) == ("V-0001", ["recipient", "authority"])
    said = "\n".join(_change_lines(changes, "en"))
    assert "other terms: receiving body, deciding authority" in said


def test_comparing_the_other_way_round_turns_every_change_round(plan: PlanView) -> None:
    there, back = changes_of(plan, changed(plan)), changes_of(changed(plan), plan)
    for count in ("lines", "units"):
        assert there[count]["added"] == back[count]["removed"]
        assert there[count]["removed"] == back[count]["added"]
        assert there[count]["other_units"] == back[count]["other_units"]
    for one, other in zip(there["provinces"], back["provinces"], strict=True):
        assert (one["needs_gained"], one["units_gained"]) == (other["needs_lost"], other["units_lost"])


def test_needs_that_gain_or_lose_are_counted_in_their_province(plan: PlanView) -> None:
    # 38: N-CAR-1 loses one car, N-PC-1 three computers; 11: N-PC-2 gains three; 22: N-CAR-2 gains a car.
    found = {
        one["province_code"]: (one["needs_gained"], one["units_gained"], one["needs_lost"], one["units_lost"])
        for one in gains_and_losses(plan, changed(plan))
    }
    assert found == {"38": (0, 0, 2, 4), "11": (1, 3, 0, 0), "22": (1, 1, 0, 0)}


def test_a_need_that_changes_its_asset_alone_neither_gains_nor_loses(plan: PlanView) -> None:
    rows = plan.transfers.copy()
    rows.loc[rows["asset_id"] == "V-0002", "asset_id"] = "V-0003"
    other = dataclasses.replace(plan, transfers=rows)
    assert [one["change"] for one in changed_lines(plan, other)] == ["removed", "added"]
    assert gains_and_losses(plan, other) == []


def test_inputs_and_scenario_keys_that_differ_are_named(plan: PlanView) -> None:
    assert (changed_files(plan, plan), changed_keys(plan, plan)) == ([], [])
    hashes = {**plan.summary["inputs"], "needs.csv": "other", "scenario.json": "other", "matches.csv": "new"}
    scenario = {**plan.scenario, "date": "2026-01-01", "prices": {"per_km": {"vehicle": 1}}}
    other = dataclasses.replace(plan, summary={**plan.summary, "inputs": hashes}, scenario=scenario)
    assert changed_files(plan, other) == ["matches.csv", "needs.csv"]
    assert changed_keys(plan, other) == ["date", "prices.per_km.vehicle"]


def test_figures_are_those_of_the_plan(plan: PlanView) -> None:
    figures = figures_of(plan)
    assert figures["objective_vnd"] == 14_230_903_344
    assert (figures["transfers_vnd"], figures["openings_vnd"]) == (1_270_903_344, 200_000_000)
    assert [figures[f"{key}.equipment"] for key in ("needed", "met", "unmet")] == [12, 9, 3]
    assert (figures["communes_without_car"], figures["releases"]) == (1, 4)
    assert str(figures["distance_km"]) == "2338.522"


@pytest.fixture
def other(tmp_path: Path) -> Path:
    """Return a plan folder with one transfer less, another objective and another scenario."""
    folder = Path(shutil.copytree(PLAN, tmp_path / "other"))
    table = folder / "transfers.csv"
    lines = table.read_text(encoding="utf-8").splitlines(keepends=True)
    table.write_text("".join(line for line in lines if "V-0002,N-CAR-1" not in line), encoding="utf-8")
    for name, old, new in (
        ("plan.json", '"objective_vnd": 14230903344', '"objective_vnd": 14230904344'),
        ("plan.json", "ef7aa27f", "ffffffff"),
        ("inputs/scenario.json", "2025-08-15", "2025-08-16"),
    ):
        path = folder / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return folder


@pytest.mark.parametrize("lang", LANGS)
def test_two_plans_are_printed_side_by_side_with_what_changed(
    other: Path, lang: Lang, capsys: pytest.CaptureFixture[str]
) -> None:
    assert compare([PLAN, other], talk(lang)) == 0
    out, err = capsys.readouterr()
    first, second, plus = {
        "en": ("14,230,903,344", "14,230,904,344", "+1,000"),
        "vi": ("14.230.903.344", "14.230.904.344", "+1.000"),
    }[lang]
    (line,) = [line for line in out.split("\n") if second in line]
    assert line.split()[-3:] == [first, second, plus]
    assert "V-0002" in out
    assert "38 Thanh Hóa" in out
    assert "assets.csv" in err
    assert "date" in err
    assert "{" not in out + err


def test_equal_plans_have_no_changes_and_no_warning(capsys: pytest.CaptureFixture[str]) -> None:
    assert compare([PLAN, PLAN], talk()) == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert "Transfers added: 0, 0 units" in out
    assert "dearest" not in out
    assert "+" not in out


def test_three_plans_have_a_column_and_a_difference_each_and_no_list(
    other: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert compare([PLAN, other, PLAN], talk()) == 0
    out = capsys.readouterr().out
    (line,) = [line for line in out.split("\n") if line.startswith("Objective")]
    assert line.split()[-5:] == ["14,230,903,344", "14,230,904,344", "+1,000", "14,230,903,344", "0"]
    assert "Transfers added" not in out


def test_json_holds_every_figure_and_every_line(other: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert compare([PLAN, other], talk(as_json=True)) == 0
    out, err = capsys.readouterr()
    found = json.loads(out)
    assert err == ""
    assert [one["objective_vnd"] for one in found["plans"]] == [14230903344, 14230904344]
    (difference,) = found["differences"]
    assert difference["figures"]["objective_vnd"] == 1000
    assert (difference["files"], difference["scenario_keys"]) == (["assets.csv"], ["date"])
    assert [one["asset_id"] for one in found["changes"]["transfers"]] == ["V-0002"]


def test_one_plan_is_nothing_to_compare() -> None:
    with pytest.raises(UsageError) as one:
        compare([PLAN], talk())
    assert "surplan compare PLAN PLAN" in one.value.text("vi")


def test_the_list_of_changes_ends_after_twenty(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = Path(shutil.copytree(PLAN, tmp_path / "many"))
    table = folder / "transfers.csv"
    head, *_, last = table.read_text(encoding="utf-8").splitlines()
    rows = [last.replace("V-0002,", f"V-{place:04},", 1) for place in range(100, 130)]
    table.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    assert compare([PLAN, folder], talk()) == 0
    out = capsys.readouterr().out
    assert "The 20 dearest of 36 changed transfers" in out
    lines = [line for line in out.split("\n") if line.startswith(("added", "removed"))]
    assert len(lines) == MOST_SHOWN
