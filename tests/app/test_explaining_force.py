from __future__ import annotations

import json
from random import Random
from typing import TYPE_CHECKING

import pandas as pd
import pytest

import solver
from app.errors import InputError, UsageError
from app.explaining import WhatIf, asked_if, explain, explain_all
from app.talk import Talk
from tests.solver.problem.instances import random_instance

if TYPE_CHECKING:
    from pathlib import Path

TALK = Talk("en", quiet=True)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, solver.Problem, solver.Result]:
    """A plan of explicit matches with transfers and shortfalls."""
    problem = random_instance(Random(3), "matches", assets=6, needs=8, units=2, plain=True).build()
    result = solver.solve(problem)
    folder = tmp_path_factory.mktemp("made") / "plan"
    result.write(folder)
    return folder, problem, result


def test_a_forced_pair_is_priced_from_the_plan_folder_as_from_the_result(
    made: tuple[Path, solver.Problem, solver.Result], capsys: pytest.CaptureFixture[str]
) -> None:
    folder, problem, result = made
    need = str(result.plan.transfers["need_id"].iloc[0])
    for asset in problem.assets["asset_id"].astype("str"):
        assert explain(folder / "inputs", folder, need, Talk("vi", quiet=True), WhatIf(asset)) == 0
        expected = solver.counterfactual(problem, result, asset, need).text("vi")
        assert capsys.readouterr().out.rstrip("\n").endswith(expected)


def test_json_holds_the_counterfactuals(
    made: tuple[Path, solver.Problem, solver.Result], capsys: pytest.CaptureFixture[str]
) -> None:
    folder, problem, result = made
    row = result.plan.transfers.iloc[0]
    ends = str(row["asset_id"]), str(row["need_id"])
    mine = result.plan.transfers[result.plan.transfers["asset_id"] == ends[0]]
    talk = Talk("en", quiet=True, as_json=True)
    assert explain(folder / "inputs", folder, ends[0], talk, WhatIf("none")) == 0
    told = json.loads(capsys.readouterr().out)["counterfactuals"]
    assert [one["need_id"] for one in told] == mine["need_id"].tolist()
    assert told[0]["change_vnd"] == solver.without(problem, result, *ends).change_vnd
    assert explain(folder / "inputs", folder, ends[1], talk, WhatIf("best")) == 0
    best = solver.best_way(problem, result, need_id=ends[1]).found
    told = json.loads(capsys.readouterr().out)["counterfactuals"]
    assert [one["asset_id"] for one in told] == ([] if best is None else [best.asset_id])


def test_all_shortfalls_and_unused_assets_are_written_once_and_nothing_is_overwritten(
    made: tuple[Path, solver.Problem, solver.Result], tmp_path: Path
) -> None:
    folder, _, result = made
    out = tmp_path / "all.csv"
    assert explain_all(folder / "inputs", folder, (None, None, True), out, TALK) == 0
    table = pd.read_csv(out, dtype="str", keep_default_na=False)
    plan = result.plan
    assert table["id"].tolist() == [*plan.shortfalls["need_id"], *plan.releases["asset_id"]]
    assert table["reason"].tolist() == [*plan.shortfalls["reason"], *plan.releases["reason"]]
    assert (table[table["subject"] == "need"]["what_it_would_take"] != "").all()
    with pytest.raises(InputError):
        explain_all(folder / "inputs", folder, (None, None, True), out, TALK)


def test_an_unknown_other_end_is_an_error_that_names_near_ones(
    made: tuple[Path, solver.Problem, solver.Result],
) -> None:
    folder, _, result = made
    need = str(result.plan.transfers["need_id"].iloc[0])
    with pytest.raises(InputError) as one:
        explain(folder / "inputs", folder, need, TALK, WhatIf("A-00"))
    assert "Near ones: A-00" in one.value.text("en")


def test_units_that_nothing_would_heed_are_refused_by_name() -> None:
    for force, units, seconds, words in (
        ("best", 2, None, "--units goes with --force ID2, not with --force best."),
        ("none", 2, None, "--units goes with --force ID2, not with --force none."),
        (None, 2, None, "--units goes with --force: without it nothing is solved again."),
        (None, None, 5.0, "--time-limit goes with --force: without it nothing is solved again."),
    ):
        with pytest.raises(UsageError) as one:
            asked_if(force, units, seconds)
        assert one.value.text("en") == words
        assert "đi cùng --force" in one.value.text("vi")
    assert asked_if("A", 2, 5.0) == WhatIf("A", 2, 5.0)
    assert asked_if("best", None, 5.0) == WhatIf("best", None, 5.0)
    assert asked_if(None, None, None) is None
