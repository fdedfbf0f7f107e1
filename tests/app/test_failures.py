from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import typer

from app.errors import InputError, SettingsError, UsageError
from app.failures import command

if TYPE_CHECKING:
    from pathlib import Path


def exit_code(error: BaseException) -> int:
    @command
    def fail() -> int:
        raise error

    with pytest.raises(typer.Exit) as caught:
        fail()
    return int(caught.value.exit_code)


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (InputError("no_folder", folder="nowhere"), 1),
        (SettingsError("lang", source="SURPLAN_LANG", value="fr"), 2),
        (UsageError("positive", option="--scale", value="nan"), 2),
        (KeyboardInterrupt(), 130),
    ],
)
def test_an_expected_end_is_one_line_and_its_code(
    error: BaseException, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert exit_code(error) == code
    captured = capsys.readouterr()
    assert captured.out == ""
    assert len(captured.err.splitlines()) == 1
    assert str(error) in captured.err


def test_an_error_is_said_in_the_language_of_the_option_and_then_of_the_setting(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    @command
    def fail(lang: str | None = None) -> int:
        raise InputError("no_folder", folder=str(lang))

    monkeypatch.setenv("SURPLAN_LANG", "vi")
    for lang in (None, "en", "fr"):
        with pytest.raises(typer.Exit):
            fail(lang=lang)
    shown = capsys.readouterr().err.splitlines()
    assert [line.split(":")[0] for line in shown] == ["Lỗi", "Error", "Lỗi"]


def test_an_internal_error_saves_its_traceback_and_shows_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SURPLAN_HOME", str(tmp_path))
    assert exit_code(ZeroDivisionError("division by zero\nand more")) == 4
    shown = capsys.readouterr().err
    assert "Traceback" not in shown
    assert shown.startswith("Internal error: ZeroDivisionError: division by zero\n")
    (log,) = (tmp_path / "logs").iterdir()
    assert str(log) in shown
    text = log.read_text(encoding="utf-8")
    assert "Traceback (most recent call last)" in text
    assert "division by zero\nand more" in text
    assert "+07:00" in text.splitlines()[0]


def test_an_internal_error_is_saved_elsewhere_where_home_cannot_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    monkeypatch.setenv("SURPLAN_HOME", str(blocked / "home"))
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(tmp_path / "temporary"))
    assert exit_code(RuntimeError("broken")) == 4
    (log,) = (tmp_path / "temporary" / "surplan" / "logs").iterdir()
    assert str(log) in capsys.readouterr().err


def test_a_message_cannot_steer_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    exit_code(InputError("no_folder", folder="\x1b[2Jgone"))
    assert capsys.readouterr().err.startswith("Error: \\x1b[2Jgone is no folder")


def test_a_command_keeps_its_result_as_exit_code() -> None:
    with pytest.raises(typer.Exit) as caught:
        command(lambda: 3)()
    assert caught.value.exit_code == 3
