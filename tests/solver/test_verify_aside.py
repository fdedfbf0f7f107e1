from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from solver.checker import aside
from solver.checker.aside import Aside, Task, prove
from solver.checker.pieces import Host, Part
from solver.checker.tree import Tree

if TYPE_CHECKING:
    from collections.abc import Iterator


def task(price: int, node: object) -> Task:
    """One building, one place that saves its price less 1; opening costs 5."""
    return Tree(["A"], ["X"], [price], [[]], {}, 1), Part([Host(0, 4, 5, [(0, 1, 2)])], {0: 1}, {}), node


# With the whole price as the place's own, L = price + min(0, 5 - (price - 1)): at most 6, and no more than k.
TASKS = [task(price, {"k": 100, "p": [price]}) for price in (2, 4, 6, 8, 50)]
PROVEN = [2, 4, 6, 6, 6]
WRONG = task(3, {"k": 9, "p": [4]})


@pytest.fixture
def second(monkeypatch: pytest.MonkeyPatch) -> Iterator[Aside]:
    monkeypatch.setattr(aside, "MANY", 0)
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    found = Aside([])
    yield found
    found.close()


def test_a_second_process_proves_what_this_one_proves(second: Aside, monkeypatch: pytest.MonkeyPatch) -> None:
    tasks = [WRONG, *TASKS]
    here = [prove(one) for one in tasks]
    assert here == ["a price above that of leaving a need unmet, or a negative one of a row", *PROVEN]
    second.give(tasks)
    assert 0 < second.given < len(tasks)
    done: list[Task] = []

    def count(one: Task) -> int | str:
        done.append(one)
        return prove(one)

    monkeypatch.setattr(aside, "prove", count)
    assert second.prove(tasks) == here
    assert done == tasks[second.given :]


def test_what_a_process_that_died_was_given_is_proven_here(second: Aside) -> None:
    second.give(TASKS)
    assert second.process is not None
    second.process.kill()
    second.process.wait()
    assert second.prove(TASKS) == PROVEN


@pytest.mark.parametrize(
    "text", ["raise SystemExit", "import pickle, sys; pickle.dump([1], sys.stdout.buffer)"]
)
def test_an_answer_that_does_not_fit_is_not_used(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    start = subprocess.Popen

    def other(_: list[str], **options: Any) -> subprocess.Popen[bytes]:  # noqa: ANN401 (as it is given)
        return start([sys.executable, "-c", text], **options)

    monkeypatch.setattr(aside, "MANY", 0)
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    monkeypatch.setattr(subprocess, "Popen", other)
    found = Aside([])
    found.give(TASKS)
    assert found.prove(TASKS) == PROVEN
    found.close()


def test_a_tree_too_deep_to_be_sent_is_looked_at_here(second: Aside) -> None:
    node: dict[str, Any] = {"k": 100, "p": [8]}
    for _ in range(sys.getrecursionlimit()):
        node = {"k": 100, "p": [8], "s": [node]}
    tasks = [*TASKS, task(8, node)]
    second.give(tasks)
    *others, deep = second.prove(tasks)
    assert others == PROVEN
    assert isinstance(deep, str) or deep == 6


def test_a_small_tree_starts_no_process() -> None:
    found = Aside([{"k": 1}])
    assert found.process is None
    assert found.prove(TASKS) == PROVEN
    found.close()
