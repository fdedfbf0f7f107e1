"""What `dev.py` does before anything is installed, and how it passes on what its commands say."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import dev

ROOT = Path(__file__).resolve().parents[1]
posix_only = pytest.mark.skipif(os.name != "posix", reason="shell scripts stand in for interpreters")


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a checkout in a folder with spaces and tone marks, and let dev.py take it for its own."""
    root = tmp_path / "bản sao tài sản"
    (root / ".venv").mkdir(parents=True)
    for name in ("pyproject.toml", "requirements.lock", "requirements-dev.lock"):
        (root / name).write_text(name, encoding="utf-8")
    for name, value in {
        "ROOT": root,
        "VENV": root / ".venv",
        "STAMP": root / ".venv" / "stamp",
        "INCOMPLETE": root / ".venv" / "incomplete",
        "PYTHON": Path(sys.executable),
    }.items():
        monkeypatch.setattr(dev, name, value)
    return root


def finish(level: str) -> None:
    """Write the stamp of a finished set-up."""
    dev.STAMP.write_text(
        json.dumps({**dev.stamp(level), "python": ascii(dev.venv_version())}), encoding="utf-8"
    )


def run(code: str) -> subprocess.CompletedProcess[str]:
    """Run Python code in a child in the project's folder."""
    return subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False, encoding="utf-8"
    )


def note_pip(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """Let dev.py call a pip that only notes its arguments; return the notes."""
    notes: list[tuple[str, ...]] = []

    def note(python: Path, *arguments: str) -> None:
        assert python == dev.PYTHON
        notes.append(arguments)

    monkeypatch.setattr(dev, "pip", note)
    return notes


def test_an_old_python_can_read_the_file() -> None:
    ast.parse((ROOT / "dev.py").read_text(encoding="utf-8"), feature_version=(3, 7))


def test_an_unknown_command_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert dev.main(["deploy"]) == 2
    assert "python3 dev.py COMMAND" in capsys.readouterr().out
    assert dev.main([]) == 0


def test_an_empty_folder_is_not_ready(checkout: Path) -> None:
    assert checkout.exists()
    assert not dev.is_ready("run")


def test_a_finished_set_up_is_ready_and_the_full_one_serves_both_levels(checkout: Path) -> None:
    finish("run")
    assert dev.is_ready("run")
    assert not dev.is_ready("dev")
    finish("dev")
    assert dev.is_ready("run")
    assert dev.is_ready("dev")
    # The run-time commands do not look at the other lock.
    (checkout / "requirements-dev.lock").write_text("newer", encoding="utf-8")
    assert dev.is_ready("run")
    assert not dev.is_ready("dev")


@pytest.mark.parametrize("name", ["pyproject.toml", "requirements.lock"])
def test_a_changed_file_asks_for_a_new_set_up(checkout: Path, name: str) -> None:
    finish("run")
    (checkout / name).write_text("changed", encoding="utf-8")
    assert not dev.is_ready("run")


def test_line_ends_of_the_checkout_do_not_matter(checkout: Path) -> None:
    (checkout / "requirements.lock").write_bytes(b"a\nb\n")
    finish("run")
    (checkout / "requirements.lock").write_bytes(b"a\r\nb\r\n")
    assert dev.is_ready("run")


def test_a_moved_checkout_asks_for_a_new_set_up(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    finish("run")
    moved = checkout.rename(checkout.with_name("elsewhere"))
    for name in ("ROOT", "STAMP", "INCOMPLETE"):
        monkeypatch.setattr(dev, name, moved / getattr(dev, name).relative_to(checkout))
    assert dev.STAMP.exists()
    assert not dev.is_ready("run")


def test_a_half_made_environment_is_made_anew(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    finish("run")
    dev.INCOMPLETE.touch()
    (checkout / ".venv" / "half").touch()
    assert not dev.is_ready("run")
    made: list[str] = []
    piped = note_pip(monkeypatch)
    monkeypatch.setattr(dev, "make_venv", lambda: made.append("made"))
    dev.set_up("run")
    assert made == ["made"]
    assert "--require-hashes" in piped[0]
    assert "--editable" in piped[1]
    assert dev.is_ready("run")


def test_the_full_libraries_are_added_to_a_run_time_environment(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    finish("run")
    piped = note_pip(monkeypatch)
    monkeypatch.setattr(dev, "make_venv", lambda: pytest.fail("the environment was whole"))
    dev.set_up("dev")
    assert str(checkout / "requirements-dev.lock") in piped[0]
    piped.clear()
    (checkout / "pyproject.toml").write_text("another script", encoding="utf-8")
    dev.set_up("run")
    assert [arguments[-2] for arguments in piped] == ["--editable"]
    assert dev.is_ready("dev")


def test_an_interrupted_installation_stays_marked(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(python: Path, *arguments: str) -> None:
        raise KeyboardInterrupt(python, arguments)

    monkeypatch.setattr(dev, "pip", interrupt)
    with pytest.raises(KeyboardInterrupt):
        dev.set_up("run")
    assert dev.INCOMPLETE.exists()
    assert not dev.is_ready("run")
    assert checkout.exists()


def test_a_project_that_does_not_build_costs_no_library(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(python: Path, *arguments: str) -> None:
        if "--editable" in arguments:
            raise dev.SetupError(f"{python} {checkout}")

    monkeypatch.setattr(dev, "make_venv", lambda: pytest.fail("the environment was whole"))
    monkeypatch.setattr(dev, "pip", fail)
    with pytest.raises(dev.SetupError):
        dev.set_up("run")
    assert not dev.is_ready("run")
    piped = note_pip(monkeypatch)
    dev.set_up("run")
    assert ["--editable" in arguments for arguments in piped] == [True]
    assert dev.is_ready("run")


def test_a_missing_lock_is_named(checkout: Path) -> None:
    (checkout / "requirements.lock").unlink()
    with pytest.raises(dev.SetupError, match=r"requirements\.lock is missing"):
        dev.stamp("run")


@pytest.mark.usefixtures("checkout")
def test_missing_ensurepip_names_the_package_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ensurepip", None)
    with pytest.raises(dev.SetupError, match=r"apt-get install python3\.\d+-venv"):
        dev.make_venv()


@pytest.mark.usefixtures("checkout")
def test_a_failed_installation_says_what_pip_said() -> None:
    with pytest.raises(dev.SetupError, match="no-such-library-at-all"):
        dev.pip(Path(sys.executable), "install", "--no-index", "no-such-library-at-all")


def test_the_project_is_found_from_a_folder_with_tone_marks_in_any_locale(checkout: Path) -> None:
    path = checkout / ".venv" / "lib" / "_surplan.pth"
    path.parent.mkdir()
    path.write_text(str(checkout), encoding="utf-8")
    dev.write_ascii_path()
    assert path.read_bytes().isascii()
    found = run(f"import site, sys; site.addsitedir({str(path.parent)!a}); print(ascii(sys.path[-1]))")
    assert found.stdout.strip() == ascii(str(checkout))


@posix_only
def test_set_ups_of_one_checkout_wait_for_each_other(checkout: Path) -> None:
    import fcntl

    with dev.only_one(), (checkout / ".venv.lock").open("a") as other, pytest.raises(BlockingIOError):
        fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
    with (checkout / ".venv.lock").open("a") as other:
        fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)


@posix_only
def test_empty_shims_are_passed_over_and_a_newer_python_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, body in {"python3.11": "exit 127", "python3.12": f'exec "{sys.executable}" "$@"'}.items():
        script = tmp_path / name
        script.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
        script.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert dev.find_python() == ["python3.12"]
    (tmp_path / "python3.12").unlink()
    assert dev.find_python() is None


def test_a_python_that_is_too_old_is_told_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(dev, "OLDEST", (99, 0))
    monkeypatch.setattr(dev, "find_python", lambda: None)
    assert dev.start() == 2
    assert "needs Python 3.11 or newer" in capsys.readouterr().err


def test_an_interruption_is_told_without_a_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupt(arguments: list[str]) -> int:
        raise KeyboardInterrupt(arguments)

    monkeypatch.setattr(dev, "main", interrupt)
    assert dev.start() == 130
    assert capsys.readouterr().err.startswith("Interrupted.")


def test_the_exit_code_of_a_command_is_passed_on() -> None:
    command = [sys.executable, "-c", "raise SystemExit(3)"]
    done = run(f"import dev, os, sys; sys.exit(dev.replace_process({command!r}, dict(os.environ)))")
    assert done.returncode == 3
