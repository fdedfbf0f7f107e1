"""Which runs are made, and what counts as wrong."""

from __future__ import annotations

from typing import Any

import pytest

from benchmarks import schedule
from benchmarks.child import Limits, Report, Task
from benchmarks.outcome import Outcome
from benchmarks.schedule import Settings, disagreements, records


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str, int]]:
    """Let every peer finish up to 1,500 cars, us always; return what was run."""
    tasks: list[tuple[str, str, int]] = []

    def run(task: Task, _limits: Limits) -> Report:
        tasks.append((task.method, task.family, task.cars))
        if task.method != "surplan" and task.cars > 1500:
            return Report("memory", [], 12, 1, 1.0)
        return Report("finished", [Outcome(7, 7, {"solve": 1.0})], 12, 1, 0.0)

    monkeypatch.setattr(schedule, "run", run)
    return tasks


def test_larger_sizes_are_for_growth_and_not_for_peers_that_failed(ran: list[tuple[str, str, int]]) -> None:
    settings = Settings((1000, 10_000, 100_000), ("scarce", "ties"), ("surplan", "lsa"), halve=())
    said: list[str] = []
    found = list(records(settings, said.append))
    assert ran == [
        ("surplan", "scarce", 1000), ("surplan", "scarce", 10_000), ("surplan", "scarce", 100_000),
        ("lsa", "scarce", 1000), ("lsa", "scarce", 10_000),
        ("surplan", "ties", 1000), ("lsa", "ties", 1000),
    ]  # fmt: skip
    assert len(said) == len(found) == len(ran)


def test_a_peer_that_failed_is_halved_until_it_finishes_or_is_known_to(
    ran: list[tuple[str, str, int]],
) -> None:
    list(records(Settings((10_000,), ("scarce",), ("lsa",)), print))
    assert [cars for *_, cars in ran] == [10_000, 5000, 2500, 1250]
    ran.clear()
    list(records(Settings((1000, 3500), ("scarce",), ("lsa",)), print))
    assert [cars for *_, cars in ran] == [1000, 3500, 1750]


def record(**more: object) -> dict[str, Any]:
    plain = {
        "method": "lsa",
        "family": "scarce",
        "cars": 10,
        "status": "finished",
        "objective": 7,
        "bound": 7,
    }
    return {**plain, **more}


def test_equal_optima_and_unfinished_peers_are_no_disagreement() -> None:
    late = record(method="cpsat", status="time", objective=9, bound=5)
    dead = record(method="highs", status="memory", objective=None, bound=None)
    assert (
        disagreements([record(method="surplan"), record(), late, dead, record(cars=20, objective=1, bound=1)])
        == []
    )


@pytest.mark.parametrize(
    "wrong",
    [
        record(objective=8, bound=8),
        record(objective=6, bound=6),
        record(method="cpsat", status="time", objective=9, bound=8),
        record(status="error", objective=None, note="a fault"),
        record(method="surplan", family="ties", status="time", bound=5),
    ],
    ids=["a dearer optimum", "a cheaper one", "a bound above a plan", "an error", "ours without a proof"],
)
def test_what_must_not_be_is_named(wrong: dict[str, Any]) -> None:
    assert disagreements([record(method="surplan"), wrong])
