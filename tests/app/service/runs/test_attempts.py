"""What becomes of a run whose process crashes, grows, hears nothing, or is cancelled."""

from __future__ import annotations

import csv
import filecmp
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from app.cli import application
from app.service.runs.children import Child
from app.service.runs.processes import end_group, mark_of, may_live, signal_name
from app.service.runs.shown import run_document
from app.service.store.actor import SYSTEM
from app.service.store.models import Run
from app.settings import LANGS
from tests.app.service.runs.stage import ROOT, exists
from tests.app.service.runs.worker_process import SCENARIO

if TYPE_CHECKING:
    from tests.app.service.runs.stage import Stage

CASES = [
    ("segfault", "crashed", {"signal": "SIGSEGV"}),
    ("abort", "crashed", {"signal": "SIGABRT"}),
    ("exit", "crashed", {"exit_code": 3}),
    ("memory_error", "out_of_memory", None),
    ("grow", "out_of_memory", {"limit_mb": 500}),
]


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
@pytest.mark.parametrize(("act", "reason", "detail"), CASES)
def test_a_process_that_dies_ends_one_run_with_a_clear_state(
    sqlite_stage: Stage, act: str, reason: str, detail: dict[str, Any] | None
) -> None:
    stage = sqlite_stage
    worker = stage.start("one", act=act, bounds={"memory_mb": 500})
    (run,) = stage.queue()
    child = stage.until_reached()
    found = stage.until_run(run, "FAILED", "SUCCEEDED")
    assert (found.state, found.reason, found.detail, found.attempts) == ("FAILED", reason, detail, 1)
    assert worker.poll() is None
    assert not exists(child)
    assert not stage.plans()
    for lang in LANGS:
        with stage.database.reading(SYSTEM) as session:
            document = run_document(session.get_one(Run, run), lang)
        assert document.message
        assert document.remedy
        assert "{" not in document.message + document.remedy


def test_a_run_that_goes_on_long_after_its_limit_is_ended(sqlite_stage: Stage) -> None:
    stage = sqlite_stage
    stage.start("one", act="deaf", bounds={"grace_s": 0.5})
    (run,) = stage.queue(time_limit_s=1.0)
    child = stage.until_reached()
    found = stage.until_run(run, "FAILED", "SUCCEEDED")
    assert (found.state, found.reason) == ("FAILED", "too_slow")
    assert not exists(child)


def test_a_cancelled_run_keeps_its_best_plan(stage: Stage) -> None:
    stage.start("one", act="wait")  # it waits until it is told to stop, and then solves
    (run,) = stage.queue()
    stage.until_reached()
    begun = time.monotonic()
    answer = stage.cancel(run)
    assert time.monotonic() - begun < 1
    assert (answer.state, answer.reason, answer.finished_at) == ("CANCELLED", "cancelled", None)
    asked = stage.run(run).cancel_requested_at
    assert stage.cancel(run).cancel_requested_at == asked
    found = stage.until_settled(run)
    assert (found.state, found.reason) == ("CANCELLED", "cancelled")
    assert stage.plans() == {run: found.plan_id}
    assert stage.states(run) == ["QUEUED", "RUNNING", "CANCELLED"]
    assert stage.events(run)[-1] == ("plan", {"plan_id": found.plan_id})


def test_a_cancelled_run_that_does_not_stop_is_ended(sqlite_stage: Stage) -> None:
    stage = sqlite_stage
    stage.start("one", act="deaf", bounds={"stop_s": 0.5})
    (run,) = stage.queue()
    child = stage.until_reached()
    stage.cancel(run)
    found = stage.until_settled(run)
    assert (found.state, found.reason, found.plan_id) == ("CANCELLED", "cancelled_no_plan", None)
    assert not exists(child)


def test_a_run_that_was_cancelled_while_it_waited_never_begins(sqlite_stage: Stage) -> None:
    stage = sqlite_stage
    first, second = stage.queue(2)
    found = stage.cancel(first)
    assert (found.state, found.reason, found.finished_at is None) == ("CANCELLED", "cancelled_waiting", False)
    stage.start("one")
    stage.until_run(second, "SUCCEEDED")
    assert stage.states(first) == ["QUEUED", "CANCELLED"]
    assert set(stage.plans()) == {second}


def test_progress_is_told_as_the_solver_tells_it(sqlite_stage: Stage) -> None:
    stage = sqlite_stage
    stage.start("one", act="chatter")
    (run,) = stage.queue()
    stage.until_run(run, "SUCCEEDED")
    told = [data for kind, data in stage.events(run) if kind == "progress"]
    assert told[0] == {
        "phase": "solve",
        "category": "office",
        "elapsed_s": 0.5,
        "round": 1,
        "objective_vnd": 1000,
        "bound_vnd": 900,
        "gap": "0.1",
    }
    rounds = [one["round"] for one in told[1:] if "category" not in one]
    assert rounds == sorted(set(rounds))
    assert rounds[0] == 0
    assert rounds[-1] == 7
    assert stage.run(run).progress == told[-1]


@pytest.mark.parametrize("lang", LANGS)
def test_the_process_writes_the_plan_folder_that_surplan_solve_writes(tmp_path: Path, lang: str) -> None:
    theirs, ours = tmp_path / "cli", tmp_path / "run"
    scenario = Path(shutil.copytree(SCENARIO, tmp_path / "inputs"))
    arguments = ["solve", str(scenario), "--out", str(theirs), "--quiet", "--lang", lang]
    with pytest.raises(SystemExit) as ended:
        application(arguments)
    assert ended.value.code == 0
    said = told_by_child(folder=str(scenario), out=str(ours), lang=lang)
    assert said[-1] == {"done": {"stopped": False}}
    names = sorted(path.relative_to(theirs).as_posix() for path in theirs.rglob("*") if path.is_file())
    assert names == sorted(path.relative_to(ours).as_posix() for path in ours.rglob("*") if path.is_file())
    assert "plan.xlsx" in names
    assert "plan.geojson" in names
    _, different, failed = filecmp.cmpfiles(theirs, ours, names, shallow=False)
    assert (different, failed) == (["run.json"], []) or (different, failed) == ([], [])
    again = told_by_child(folder=str(scenario), out=str(tmp_path / "2"), baseline=str(ours), lang=lang)
    assert again[-1] == {"done": {"stopped": False}}
    assert (tmp_path / "2" / "changes.csv").is_file()


def told_by_child(**given: str) -> list[dict[str, Any]]:
    """Return all that a process says while it solves."""
    child = Child()
    try:
        child.send({"solve": given})
        said = list(iter(child.said.get, None))
        assert child.exit() == {"exit_code": 0}, child.last_words()
        return said
    finally:
        child.end()


def test_wrong_tables_are_told_with_every_issue_in_both_languages(tmp_path: Path) -> None:
    scenario = Path(shutil.copytree(SCENARIO, tmp_path / "inputs"))
    lines = (scenario / "needs.csv").read_text(encoding="utf-8").splitlines()
    spoiled = [lines[0], *(line.replace(line.split(",")[1], "no such category") for line in lines[1:])]
    (scenario / "needs.csv").write_text("\n".join(spoiled), encoding="utf-8")
    said = told_by_child(folder=str(scenario), out=str(tmp_path / "plan"), lang="en")[-1]
    assert said["failed"] == "wrong_input"
    named = {(one["file"], one["row"]): one["id"] for one in said["detail"]["issues"]["vi"] if one["row"]}
    tables = {f"{side}.csv": key for side, key in (("assets", "asset_id"), ("needs", "need_id"))}
    for (file, row), name in named.items():  # the file is nobody's but the worker's: its rows are named
        with (scenario / file).open(encoding="utf-8-sig", newline="") as table:
            assert list(csv.DictReader(table))[row - 2][tables[file]] == name
    assert named
    issues = said["detail"]["issues"]
    assert said["detail"]["errors"] >= len(lines) - 1
    assert [one["code"] for one in issues["en"]] == [one["code"] for one in issues["vi"]]
    assert issues["en"][0]["message"] != issues["vi"][0]["message"]
    assert not (tmp_path / "plan").exists()


def test_a_process_ends_when_whoever_started_it_is_gone() -> None:
    command = [sys.executable, "-m", "app.service.runs.child"]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
    ) as child:
        assert child.stdout is not None
        assert child.stdin is not None
        assert child.stdout.readline() == b'{"ready":true}\n'
        assert (os.getpgid(child.pid), os.getpriority(os.PRIO_PROCESS, child.pid)) == (child.pid, 10)
        child.stdin.close()
        assert child.wait(60) == -signal.SIGKILL


def test_processes_are_known_by_more_than_their_number() -> None:
    mine = mark_of(os.getpid())
    assert may_live(mine)
    pid, born, *_ = mine.split("-")
    assert not may_live(f"{pid}-{int(born) - 3600}")
    assert not may_live("")
    assert not may_live("1")
    assert mark_of(2**22 + 1) == ""
    assert (signal_name(-11), signal_name(3), signal_name(-250)) == ("SIGSEGV", None, "250")
    end_group(2**22 + 1)  # nobody
