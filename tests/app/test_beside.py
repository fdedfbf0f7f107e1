"""What runs beside brings the result that it would bring by itself, whatever becomes of its process."""

from __future__ import annotations

import os
import signal

import pytest

from app.beside import beside
from app.errors import UsageError


def process() -> int:
    return os.getpid()


def die_elsewhere(home: int) -> str:
    if os.getpid() != home:
        os.kill(os.getpid(), signal.SIGKILL)
    return "done here"


def refuse() -> None:
    raise UsageError("province", value="99", known="01")


def test_a_second_process_is_used_where_it_is_worth_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    with beside(True, process) as found:
        assert found() != os.getpid()
    with beside(False, process) as found:
        assert found() == os.getpid()
    monkeypatch.setattr(os, "cpu_count", lambda: 1)
    with beside(True, process) as found:
        assert found() == os.getpid()


def test_a_process_that_is_killed_costs_nothing_but_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    with beside(True, die_elsewhere, os.getpid()) as found:
        assert found() == "done here"


@pytest.mark.parametrize("worth", [True, False])
def test_its_errors_are_those_of_the_call(monkeypatch: pytest.MonkeyPatch, worth: bool) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    with beside(worth, refuse) as found, pytest.raises(UsageError):
        found()
