"""Whose folders are removed: those of processes that have ended, however they did."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from app.service.runs.scratch import Scratch

ROOT = Path(__file__).parents[4]
_OTHER = """
import sys
from pathlib import Path
from app.service.runs.scratch import Scratch
(Scratch(Path(sys.argv[1]), "other").folder / "run_a.0").mkdir()
print("ready", flush=True)
sys.stdin.read()
"""


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_the_folder_of_a_process_is_left_alone_until_it_is_killed(tmp_path: Path) -> None:
    (tmp_path / "of a version before").mkdir()
    with subprocess.Popen(
        [sys.executable, "-c", _OTHER, str(tmp_path)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "ready\n"
        own = Scratch(tmp_path, "own")
        own.tidy()
        assert names(tmp_path) == ["other", "other.lock", "own", "own.lock"]
        assert (tmp_path / "other" / "run_a.0").exists()
        other.kill()
        other.wait()
    own.tidy()
    assert names(tmp_path) == ["own", "own.lock"]
    own.close()
    own.close()
    assert names(tmp_path) == []


def test_those_who_start_and_tidy_up_at_once_keep_their_folders(tmp_path: Path) -> None:
    begin = threading.Barrier(8)
    made: list[Scratch] = []

    def start(number: int) -> None:
        begin.wait()
        for turn in range(10):
            found = Scratch(tmp_path, f"{number}.{turn}")
            (found.folder / "run_a.0").mkdir()
            found.tidy()
            made.append(found)

    threads = [threading.Thread(target=start, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 80
    assert all((one.folder / "run_a.0").exists() for one in made)
    for one in made:
        one.close()
    assert names(tmp_path) == []


@pytest.mark.skipif(sys.platform == "win32", reason="the call is another")
@pytest.mark.parametrize("number", [errno.ENOLCK, errno.EPERM, errno.EACCES])
def test_where_there_are_no_locks_nothing_of_others_is_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def no_locks(_file: int, _what: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr("fcntl.flock", no_locks)
    one, two = Scratch(tmp_path, "one"), Scratch(tmp_path, "two")
    two.tidy()
    assert one.folder.exists()
    for each in (one, two):
        each.close()
    assert names(tmp_path) == []


@pytest.mark.skipif(sys.platform == "win32", reason="the call is another")
def test_a_lock_that_another_keeps_holds_nobody_up_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def kept(_file: int, _what: int) -> None:
        raise BlockingIOError(errno.EWOULDBLOCK, os.strerror(errno.EWOULDBLOCK))

    monkeypatch.setattr("fcntl.flock", kept)
    monkeypatch.setattr("app.service.runs.scratch._PATIENCE_S", 0.1)
    one = Scratch(tmp_path, "one")
    assert one.folder.is_dir()
    one.close()
    assert names(tmp_path) == []
