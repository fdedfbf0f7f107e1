from __future__ import annotations

import json
from typing import TYPE_CHECKING

from app.progress import describe, progress
from solver import Progress

if TYPE_CHECKING:
    import pytest


def report(round_: int, phase: str = "flow", objective: int | None = None) -> Progress:
    return Progress(
        phase=phase,
        category="vehicle",
        elapsed_s=1.25,
        round=round_,
        objective=objective,
        bound=None if objective is None else objective - 1000,
        gap=None if objective is None else "0.000500000",
    )


def test_a_report_is_one_line_in_each_language() -> None:
    assert describe(report(3, objective=2_000_000), "en") == (
        "flow · vehicles · round 3, 1 s · plan 2,000,000 VND · bound 1,999,000 VND · gap 0.0500 %"
    )
    assert describe(report(3, objective=2_000_000), "vi") == (
        "flow · phương tiện · vòng 3, 1 s · phương án 2.000.000 đ · cận 1.999.000 đ · chênh lệch 0,0500 %"
    )
    assert describe(report(1), "en") == "flow · vehicles · round 1, 1 s"


def test_json_lines_hold_every_report_in_full(capsys: pytest.CaptureFixture[str]) -> None:
    with progress("vi", as_json=True) as listen:
        for round_ in range(3):
            listen(report(round_, objective=7))
    captured = capsys.readouterr()
    assert captured.out == ""
    lines = [json.loads(line) for line in captured.err.splitlines()]
    assert [line["round"] for line in lines] == [0, 1, 2]
    assert lines[0] == {
        "phase": "flow",
        "category": "vehicle",
        "elapsed_s": 1.25,
        "round": 0,
        "objective": 7,
        "bound": -993,
        "gap": "0.000500000",
    }


def test_plain_lines_come_at_every_phase_and_else_every_few_seconds(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = iter([0.0, 0.1, 2.9, 3.1, 3.2])
    monkeypatch.setattr("time.monotonic", lambda: next(clock))
    with progress("en") as listen:
        for round_, phase in enumerate(["a", "a", "a", "a", "b"]):
            listen(report(round_, phase))
    shown = [
        line.split(" · ")[0] + line.split("round ")[1][0] for line in capsys.readouterr().err.splitlines()
    ]
    assert shown == ["a0", "a3", "b4"]


def test_quiet_shows_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    with progress("en", quiet=True) as listen:
        listen(report(1))
    captured = capsys.readouterr()
    assert captured.out + captured.err == ""


def test_a_terminal_gets_a_bar(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.progress.is_terminal", lambda _stream: True)
    with progress("en") as listen:
        listen(report(1))
    assert capsys.readouterr().out == ""
