from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import pytest

import solver
from app import verification
from app.commands import solve
from app.errors import InputError
from app.explaining import explain
from app.folders import SOURCES, Inputs, read_inputs
from app.talk import Talk

if TYPE_CHECKING:
    from app.settings import Lang

PLAN = Path(__file__).parent / "plan"
OWN = PLAN / "inputs"


def talk(lang: Lang = "en", *, as_json: bool = False) -> Talk:
    return Talk(lang, quiet=True, as_json=as_json)


@pytest.mark.parametrize(
    ("identifier", "lang", "first"),
    [
        ("N-CAR-2", "en", "Need N-CAR-2 is not met: 0 of 1."),
        ("N-CAR-2", "vi", "Nhu cầu N-CAR-2 chưa được đáp ứng: 0/1."),
        ("V-0001", "en", "Asset V-0001 has a recipient in the plan."),
        ("V-0001", "vi", "Tài sản V-0001 có nơi nhận trong phương án."),
    ],
)
def test_a_need_or_an_asset_is_explained_in_the_language_asked_for(
    identifier: str, lang: Lang, first: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert explain(OWN, PLAN, identifier, talk(lang)) == 0
    out, err = capsys.readouterr()
    assert out.startswith(first)
    assert err == ""


def test_an_unknown_id_names_near_ones() -> None:
    with pytest.raises(InputError) as one:
        explain(OWN, PLAN, "N-CAR-22", talk())
    assert one.value.text("en").endswith(
        "no need and no asset with the id N-CAR-22. Near ones: N-CAR-2, N-CAR-3, N-CAR-1."
    )
    assert "Mã gần giống: N-CAR-2" in one.value.text("vi")
    with pytest.raises(InputError) as one:
        explain(OWN, PLAN, "?", talk())
    assert one.value.text("en").endswith("with the id ?.")


def test_an_id_of_both_shows_both(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plan = shutil.copytree(PLAN, tmp_path / "plan")
    for path in [*plan.glob("*.csv"), plan / "inputs" / "needs.csv"]:
        path.write_text(path.read_text(encoding="utf-8").replace("N-CAR-3", "V-0003"), encoding="utf-8")
    assert explain(plan / "inputs", plan, "V-0003", talk()) == 0
    out = capsys.readouterr().out
    assert "Need V-0003 is not met" in out
    assert "\n\nAsset V-0003 has no recipient" in out


def test_other_inputs_are_a_warning_and_the_plan_is_explained_all_the_same(
    scenario: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert explain(scenario, PLAN, "N-CAR-2", talk()) == 0
    out, err = capsys.readouterr()
    assert out.startswith("Need N-CAR-2")
    assert "Warning: needs.csv differs from the plan's inputs." in err
    assert explain(scenario, PLAN, "N-CAR-2", talk(as_json=True)) == 0
    out, err = capsys.readouterr()
    assert any("needs.csv differs" in text for text in json.loads(out)["warnings"])
    assert err == ""


def test_a_plan_knows_its_files_so_that_unchanged_tables_are_not_read_again(
    scenario: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    plan = tmp_path / "plan"
    assert solve(scenario, plan, None, talk(), time_limit=None, seed=None) == 0
    need = solver.read_plan(plan).needs["need_id"].iloc[0]
    read: list[Path] = []

    def reading(folder: Path, province: str | None = None) -> Inputs:
        read.append(folder)
        return read_inputs(folder, province)

    def warnings() -> list[str]:
        assert explain(scenario, plan, need, talk(as_json=True)) == 0
        found: list[str] = json.loads(capsys.readouterr().out.splitlines()[-1])["warnings"]
        return found

    monkeypatch.setattr(verification, "read_inputs", reading)
    assert warnings() == []
    assert read == []
    run = json.loads((plan / "run.json").read_text(encoding="utf-8"))
    (plan / "run.json").write_text(json.dumps({**run, SOURCES: {}}), encoding="utf-8")
    assert warnings() == []  # nothing is known of the files: the tables are compared
    assert read == [scenario]
    (plan / "run.json").write_text(json.dumps(run), encoding="utf-8")
    rows = pd.read_csv(scenario / "needs.csv", dtype="str", keep_default_na=False)
    rows.assign(note="changed").to_csv(scenario / "needs.csv", index=False)
    assert warnings() == ["needs.csv differs from the plan's inputs"]
    (scenario / "needs.csv").unlink()
    assert len(warnings()) == 1
    shutil.rmtree(scenario)
    assert len(warnings()) == 1


def test_json_holds_outcome_figures_and_text(capsys: pytest.CaptureFixture[str]) -> None:
    assert explain(OWN, PLAN, "N-CAR-2", talk("vi", as_json=True)) == 0
    (one,) = json.loads(capsys.readouterr().out)["explanations"]
    assert (one["subject"], one["id"], one["outcome"]) == ("need", "N-CAR-2", "unmet")
    assert one["facts"]["shortfall"]["detail"]["nearest_km"] == "441.2"
    assert one["text"].startswith("Nhu cầu N-CAR-2")


def test_no_plan_is_an_error_of_the_plan_folder(tmp_path: Path) -> None:
    with pytest.raises(solver.PlanFolderError):
        explain(OWN, tmp_path, "N-CAR-2", talk())


def test_hostile_names_cannot_steer_the_terminal(
    tmp_path: Path, hostile: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    plan = shutil.copytree(PLAN, tmp_path / "plan")
    path = plan / "inputs" / "assets.csv"
    assets = pd.read_csv(path, dtype="str", keep_default_na=False)
    for name in [*hostile, "\x1b[2J"]:
        assets["name"] = name
        assets.to_csv(path, index=False)
        assert explain(plan / "inputs", plan, "V-0001", talk()) == 0
        out = capsys.readouterr().out
        assert out.startswith("Asset V-0001 has a recipient")
        assert len(out.splitlines()) == 4, name
        assert all(line.isprintable() for line in out.split("\n"))


def test_a_warning_ends_with_one_stop_and_names_the_file_that_is_there(
    scenario: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plan = tmp_path / "plan"
    assert solve(scenario, plan, None, talk(), time_limit=None, seed=None) == 0
    need = solver.read_plan(plan).needs["need_id"].iloc[0]
    capsys.readouterr()
    assert explain(tmp_path / "nowhere", plan, need, talk()) == 0
    err = capsys.readouterr().err
    assert "can't be compared with anything. The plan is explained as it was made" in err
    assert ".." not in err
    (scenario / "scenario.toml").write_text('name = "another"\ndate = 2025-08-15\n', encoding="utf-8")
    assert explain(scenario, plan, need, talk()) == 0
    err = capsys.readouterr().err
    assert "scenario.toml differs from the plan's inputs" in err
    assert "scenario.json" not in err
