"""Runs in their own process: limits, deaths and what is recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from benchmarks.child import Limits, Report, Task, as_record, cause_of_death, run
from benchmarks.outcome import Outcome

if TYPE_CHECKING:
    from pathlib import Path

TINY = Task("lsa", "scarce", 40, communes=20)


def test_a_short_run_is_repeated_and_its_median_recorded() -> None:
    record = as_record(TINY, run(TINY, Limits(runs=3)))
    assert (record["status"], record["runs"]) == ("finished", 3)
    assert record["objective"] == record["bound"]
    assert 0 < record["base_bytes"] <= record["peak_bytes"]
    assert record["seconds"] == pytest.approx(sum(record["laps"].values()), abs=0.001)


def test_a_run_beyond_its_time_did_not_finish() -> None:
    report = run(TINY, Limits(seconds=1e-6))
    assert report.status == "time"


def test_a_process_beyond_its_memory_is_ended() -> None:
    report = run(TINY, Limits(memory=30_000_000))
    assert (report.status, report.outcomes) == ("memory", [])
    assert report.peak > 30_000_000


def test_an_error_is_told_with_its_cause() -> None:
    report = run(Task("lsa", "scarce", -1, communes=20), Limits())
    assert report.status == "error"
    assert "Traceback" in report.note


@pytest.mark.parametrize(
    ("code", "said", "status"),
    [
        (-6, "what():  std::bad_alloc", "memory"),
        (-9, "", "memory"),
        (-11, "segment", "error"),
        (1, "", "error"),
    ],
)
def test_a_silent_death_is_judged(tmp_path: Path, code: int, said: str, status: str) -> None:
    (tmp_path / "stderr").write_text(said, encoding="utf-8")
    assert cause_of_death(code, tmp_path / "stderr")[0] == status


def test_the_run_of_median_time_stands_for_all() -> None:
    outcomes = [Outcome(5, 5, {"solve": seconds}) for seconds in (3.0, 1.0, 2.0)]
    record = as_record(TINY, Report("finished", outcomes, 10, 5, 0.0))
    assert (record["seconds"], record["spread"]) == (2.0, [1.0, 3.0])


def test_what_did_not_finish_is_recorded_with_the_time_it_took() -> None:
    record = as_record(TINY, Report("time", [], 10, 5, 320.0, "why"))
    assert (record["seconds"], record["note"], record["runs"]) == (320.0, "why", 0)
