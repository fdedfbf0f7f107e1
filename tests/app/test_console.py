from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.console import visible


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Đắk Lắk, 100 %", "Đắk Lắk, 100 %"),
        ("\x1b[31mred", "\\x1b[31mred"),
        ("a\nb\tc", "a\\nb\\tc"),
        ("\u202eUBND", "\\u202eUBND"),
        ("zero\u200bwidth", "zero\\u200bwidth"),
        ("\ud800", "\\ud800"),
        ("no\u00a0break", "no\u00a0break"),
    ],
)
def test_control_and_direction_characters_are_shown_and_not_sent(text: str, shown: str) -> None:
    assert visible(text) == shown


@given(st.text())
def test_nothing_that_is_visible_can_move_the_cursor(text: str) -> None:
    shown = visible(text)
    assert not any(ord(char) < 32 or 127 <= ord(char) < 160 for char in shown)
    shown.encode("utf-8")


def test_output_is_utf8_whatever_the_platform_says() -> None:
    script = "from app.console import emit, use_utf8; use_utf8(); emit('Đà Nẵng \\ud800')"
    # cp1252 is what a pipe has on a Western Windows; it holds no Đ
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, check=True, env={"PYTHONIOENCODING": "cp1252"}
    )
    assert done.stdout.decode("utf-8").splitlines() == ["Đà Nẵng \\ud800"]


def test_a_reader_that_went_away_is_no_error_and_the_work_goes_on() -> None:
    script = (
        "import sys; from app.console import emit, note\n"
        "for _ in range(20000): emit('x' * 100)\n"
        "note('finished')\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read().decode().split() == ["finished"]
        assert process.wait() == 0
