"""The process that reads .xls and .ods files: what it is told, what it may use, what it answers."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import time as clock
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import pytest

from solver.tables import apart
from solver.tables.reasons import MEMORY, SLOW
from solver.tables.sheet_answer import NoSheets, PlainSheet, read_answer, write_answer
from solver.tables.sheets import read_sheets
from tests.solver.tables.test_workbook_bombs import old_book

if TYPE_CHECKING:
    from collections.abc import Callable

Answer = TypeVar("Answer")

_ROWS: list[list[object]] = [
    [1, 1.0, 0.1 + 0.2, -0.0],
    [1e308, 5e-324, float("inf"), 2**53 + 1],
    [True, False, "", "Xã Sìn Hồ\n\u2028\x0b"],
    [date(2026, 2, 28), datetime.fromisoformat("2026-02-28T23:59:59.999999"), time(1, 2, 3, 4), time()],
    [
        datetime.fromisoformat("1899-12-31"),
        timedelta(days=-1, seconds=5, microseconds=7),
        timedelta(0),
        "null",
    ],
]


def answered(answer: list[PlainSheet] | NoSheets) -> str:
    stream = io.StringIO(newline="\n")
    write_answer(stream, answer)
    return stream.getvalue()


def test_cells_come_back_with_their_types_and_to_the_last_digit() -> None:
    sheets = [
        PlainSheet("Tài sản", True, _ROWS, (3, 1), (((3, 1), (4, 1)),)),
        PlainSheet("a", False, [], far="XFD1048576"),
        PlainSheet("b", False, [["x"], [2]]),
    ]
    back = read_answer(io.StringIO(answered(sheets), newline="\n"))
    assert back == sheets
    assert isinstance(back, list)
    assert [repr(row) for row in back[0].rows] == [repr(row) for row in _ROWS]
    for one in (NoSheets("x\ny"), NoSheets("", locked=True)):
        assert read_answer(io.StringIO(answered(one), newline="\n")) == one


HEAD = {"name": "a", "hidden": False, "start": [0, 0], "merges": [], "far": "", "rows": 1}


@pytest.mark.parametrize(
    "lines",
    [
        ["cos\nsystem"],
        [HEAD],
        [HEAD, {"date": "2026-01-01"}],
        [HEAD, [[1]]],
        [HEAD, [{"date": "2026-13-01"}]],
        [HEAD, [{"date": "2026-01-01", "time": "00:00"}]],
        [HEAD, [{"timedelta": [10**30, 0, 0]}]],
        [HEAD, [{"eval": "1"}]],
        [HEAD, [None]],
        [HEAD | {"rows": 2}, [1, 2], [1]],
        [HEAD | {"start": [0]}, [1]],
        [HEAD | {"start": ["0", 0]}, [1]],
        [HEAD | {"far": "far away"}, [1]],
        [HEAD | {"merges": [1]}, [1]],
        [HEAD | {"rows": "x"}, [1]],
        [[]],
        [{}],
        [1],
    ],
)
def test_an_answer_of_another_form_is_none(lines: list[object]) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_answer(io.StringIO("".join(json.dumps(line) + "\n" for line in lines), newline="\n"))


def test_all_sheets_of_an_answer_together_have_no_more_cells_than_there_may_be() -> None:
    text = answered([PlainSheet(name, False, [[1, 2], [3, 4]]) for name in "ab"])
    assert len(read_answer(io.StringIO(text, newline="\n"), most=8)) == 2  # type: ignore[arg-type]  # sheets
    with pytest.raises(ValueError, match="more cells"):
        read_answer(io.StringIO(text, newline="\n"), most=7)


def test_the_process_is_told_no_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SURPLAN_DATABASE", "postgresql://user:password@host")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "x")
    told = apart.environment()
    assert set(told) <= {"PATH", "SYSTEMROOT", "TEMP", "TMP", "TMPDIR", "LANG", "LD_LIBRARY_PATH"} | {
        "PYTHONPATH",
        "PYTHONUTF8",
    }
    assert {"PATH", "PYTHONPATH"} <= set(told)


def test_what_a_file_takes_is_told_and_what_else_goes_wrong_is_raised(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for code in (apart.NO_MEMORY, -6, -9, 0xC0000409):
        assert str(apart.fault(code, "")) == MEMORY
        assert type(apart.fault(code, "")) is ValueError
    if sys.platform == "linux":
        assert str(apart.fault(-signal.SIGXCPU, "")) == SLOW
    assert isinstance(apart.fault(1, "x"), apart.ReaderFaultError)
    path = tmp_path / "a.xls"
    path.write_bytes(old_book(2, 1))
    with pytest.raises(ValueError, match=SLOW):
        apart.read_apart(path, path.read_bytes(), seconds=0.01)
    monkeypatch.setattr(apart, "_MODULE", "solver.tables.nowhere")
    with pytest.raises(apart.ReaderFaultError, match=r"ended with 1: .*nowhere"):
        read_sheets(path, path.read_bytes())
    monkeypatch.setattr(apart, "_MODULE", "this")  # answers something else
    with pytest.raises(apart.ReaderFaultError, match="answered otherwise"):
        read_sheets(path, path.read_bytes())


_PARENT = """
import subprocess, sys, time
from pathlib import Path
from solver.tables import apart
one = subprocess.Popen(apart.command(Path("a.xls"), 500 << 20, 7.0), stdin=0, env=apart.environment())
print(one.pid, flush=True)
time.sleep(60)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="Linux alone tells a process that its parent is gone")
def test_the_process_is_limited_and_ends_with_the_one_that_asks() -> None:
    reading, writing = os.pipe()  # we hold its end: the process waits for a file that never comes
    environment = {**os.environ, "PYTHONPATH": str(Path(apart.__file__).parents[2])}
    with subprocess.Popen(
        [sys.executable, "-c", _PARENT], stdin=reading, stdout=subprocess.PIPE, env=environment
    ) as parent:
        try:
            assert parent.stdout is not None
            about = Path("/proc", parent.stdout.readline().decode().strip())
            limits = awaited(
                lambda: limits_of(about), lambda found: found.get("address space") == "524288000"
            )
            assert (limits["core file size"], limits["cpu time"]) == ("0", "7")
        finally:
            parent.kill()
            os.close(reading)
    awaited(lambda: state_of(about), lambda state: state in ("", "Z"))
    os.close(writing)


def awaited(ask: Callable[[], Answer], enough: Callable[[Answer], bool]) -> Answer:
    until = clock.monotonic() + 20
    while not enough(answer := ask()):
        assert clock.monotonic() < until, answer
        clock.sleep(0.02)
    return answer


def limits_of(about: Path) -> dict[str, str]:
    lines = (about / "limits").read_text().splitlines()[1:]
    return {line[4:26].strip(): line[26:47].strip() for line in lines}


def state_of(about: Path) -> str:
    try:
        return (about / "stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return ""
