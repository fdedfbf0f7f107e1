"""What is asked of the system about processes."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time

import pytest

from app.service.runs import processes
from app.service.runs.processes import has_ended, mark_of, may_live


@pytest.mark.skipif(not processes._here(), reason="the system does not say where ids are from")  # noqa: SLF001  # as the code asks
def test_ids_of_processes_count_where_they_were_given_out(monkeypatch: pytest.MonkeyPatch) -> None:
    pid, born, here = mark_of(os.getpid()).split("-")
    assert may_live(f"{pid}-{born}-{here}")
    assert may_live(f"{pid}-{born}")  # of a version that did not say
    assert not may_live(f"{pid}-{int(born) - 3600}-{here}")
    assert may_live(f"{pid}-{int(born) - 3600}-{'0' * 8}")
    monkeypatch.setattr(processes, "_here", lambda: "0" * 8)
    assert may_live(f"{2**22 + 1}-1-{here}")


def test_a_system_that_does_not_say_where_ids_are_from_is_taken_by_the_ids(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(processes, "_here", lambda: "")
    mark = mark_of(os.getpid())
    assert re.fullmatch(r"\d+-\d+", mark)
    assert may_live(mark)
    assert not may_live("4194305-1")


@pytest.mark.skipif(
    sys.platform == "win32", reason="Windows keeps the id of a process that somebody has open"
)
@pytest.mark.parametrize("with_waitid", [True, False])
def test_a_process_that_ended_keeps_its_id_until_it_is_waited_for(
    monkeypatch: pytest.MonkeyPatch, *, with_waitid: bool
) -> None:
    if not with_waitid:  # macOS before Python 3.13
        monkeypatch.delattr(os, "waitid", raising=False)
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        assert not has_ended(process)
        assert process.stdin is not None
        process.stdin.write(b"\n")
        process.stdin.close()
        patience = time.monotonic() + 30
        while not has_ended(process):
            assert time.monotonic() < patience
            time.sleep(0.01)
        assert process.returncode is None
        os.kill(process.pid, 0)  # nobody else has its id
        assert process.wait() == 0
        assert has_ended(process)
