from __future__ import annotations

import os
import threading
import time
from functools import partial
from typing import TYPE_CHECKING

import pytest

from app.service.plans import cache
from app.service.plans.cache import Recent, plan_folder, prune
from app.service.plans.turns import Turn
from app.service.refusals import ForbiddenError, TooManyError
from app.service.store.actor import SYSTEM, Actor, Role

if TYPE_CHECKING:
    from pathlib import Path

    from tests.app.service.plans.conftest import Published


def test_a_folder_is_written_once_and_appears_whole(light: Published, tmp_path: Path) -> None:
    with light.database.reading(SYSTEM) as session:
        place = plan_folder(session, light.country, tmp_path)
        stamp = (place / "plan.json").stat().st_mtime_ns
        assert plan_folder(session, light.country, tmp_path) == place
    assert (place / "plan.json").stat().st_mtime_ns == stamp
    assert (place / "transfers.csv").read_bytes() == (light.folders.country / "transfers.csv").read_bytes()
    assert list((tmp_path / "cache" / "stages").iterdir()) == []


def test_several_at_once_share_one_folder(light: Published, tmp_path: Path) -> None:
    found: list[Path] = []
    start = threading.Barrier(4)

    def ask() -> None:
        start.wait(10)
        with light.database.reading(SYSTEM) as session:
            found.append(plan_folder(session, light.country, tmp_path))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(found) == 4
    assert len(set(found)) == 1
    assert list((tmp_path / "cache" / "stages").iterdir()) == []


def test_who_may_not_see_all_of_a_plan_gets_no_folder_though_it_is_there(
    light: Published, tmp_path: Path
) -> None:
    with light.database.reading(SYSTEM) as session:
        plan_folder(session, light.country, tmp_path)
    mine = Actor("key_1", "Lai Châu", Role.PROVINCE_PLANNER, "12")
    with light.database.reading(mine) as session:
        with pytest.raises(ForbiddenError):
            plan_folder(session, light.country, tmp_path)
        assert plan_folder(session, light.province, tmp_path).is_dir()


def test_the_folders_that_were_not_used_for_longest_are_removed(
    light: Published, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache, "MOST_FOLDERS", 2)
    with light.database.reading(SYSTEM) as session:
        old = plan_folder(session, light.country, tmp_path)
        used = plan_folder(session, light.other, tmp_path)
        long_ago = time.time() - 7200
        os.utime(old, (long_ago, long_ago))
        plan_folder(session, light.province, tmp_path)
        assert not old.exists()
        # One that was used a moment ago stays, though there are too many.
        plan_folder(session, light.conflict, tmp_path)
        assert used.exists()
        assert plan_folder(session, light.country, tmp_path).is_dir()


def test_files_that_were_made_long_ago_are_removed_too(tmp_path: Path) -> None:
    for number in range(5):
        path = tmp_path / f"{number}.pdf"
        path.write_bytes(b"x")
        used = time.time() - (7200 - number if number < 4 else 0)
        os.utime(path, (used, used))
    prune(tmp_path, 2)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["3.pdf", "4.pdf"]


def test_the_last_few_things_are_kept_in_memory() -> None:
    loaded: list[str] = []

    def load(name: str) -> str:
        loaded.append(name)
        return name

    recent = Recent(2)
    for name in ("a", "b", "a", "c", "a", "b"):
        assert recent.get(name, partial(load, name)) == name
    assert loaded == ["a", "b", "c", "b"]


def test_who_waits_too_long_for_a_turn_is_asked_to_come_back() -> None:
    turn = Turn(0.01)
    with turn.taken(), pytest.raises(TooManyError) as refused, turn.taken():
        pass
    assert refused.value.headers == {"Retry-After": "10"}
    for lang in ("en", "vi"):
        assert refused.value.document(lang)["remedy"]
    with turn.taken():
        pass
