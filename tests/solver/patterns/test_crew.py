"""Workers do what the caller would have done; one that dies is replaced, and a stop ends them all."""

from __future__ import annotations

import io
import os
import pickle
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Generator
from typing import TYPE_CHECKING

import numpy as np
import pytest

from solver.patterns import crew as crew_module
from solver.patterns.crew import Crew, Failed, reserve
from solver.patterns.part import components, part_of
from solver.patterns.tasks import Standing, begin
from solver.patterns.worker import serve
from tests.solver.patterns.estates import estate_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from solver.patterns.part import Part


def never() -> bool:
    return False


def part(seed: int, size: int = 6) -> Part:
    """One component with several buildings."""
    dice = np.random.default_rng(seed)
    hosts = [(int(dice.integers(8, 20)), int(dice.integers(0, 30)), 1) for _ in range(size)]
    guests = [(1, int(dice.integers(20, 60)), -1) for _ in range(2 * size)]
    pairs = [
        (h, g, int(dice.integers(1, 20)), int(dice.integers(2, 8)))
        for h in range(size)
        for g in range(2 * size)
    ]
    estate = estate_of(hosts, guests, [], pairs)
    return part_of(estate, components(estate)[0], 1)


def tasks(count: int) -> list[tuple[str, tuple[Part, Standing, int, int]]]:
    return [("root", (one, begin(one, never), k, 0)) for k, one in enumerate(map(part, range(count)))]


def key(standing: Standing | Failed) -> tuple[object, ...]:
    assert isinstance(standing, Standing)
    return standing.x.tolist(), standing.cost, standing.price.tolist(), standing.bound, standing.work


def test_one_process_and_two_give_the_same_results() -> None:
    with Crew(1, never) as alone, Crew(2, never) as crew:
        expected = dict(alone.run(tasks(5)))
        for _ in range(2):  # a crew does more than one round
            found = dict(crew.run(tasks(5)))
            assert sorted(found) == list(range(5))
            assert all(key(found[k]) == key(expected[k]) for k in found)
        assert list(crew.run([])) == []
        assert all(member.poll() is None for member in crew.members)
    assert all(member.poll() is not None for member in crew.members)


def test_a_worker_that_died_is_replaced_and_its_task_done() -> None:
    with Crew(1, never) as alone, Crew(2, never) as crew:
        expected = {number: key(one) for number, one in alone.run(tasks(4))}
        first = list(crew.members)
        first[0].kill()
        first[0].wait()
        assert {number: key(one) for number, one in crew.run(tasks(4))} == expected
        assert crew.members[1] is first[1]
        assert crew.members[0] is not first[0]
    assert all(member.poll() is not None for member in [*first, *crew.members])


def test_a_worker_that_dies_over_its_task_is_replaced_too() -> None:
    big = part(1, 60)
    with Crew(2, never) as crew:
        first = list(crew.members)
        list(crew.run(tasks(2)))  # both have begun to listen
        threading.Timer(0.05, os.kill, (first[0].pid, signal.SIGKILL)).start()
        found = dict(crew.run([("root", (big, begin(big, never), 0, 0))] * 2))
        assert key(found[0]) == key(found[1])
        assert crew.members[0] is not first[0]


@pytest.mark.parametrize("size", [1, 2])
def test_what_goes_wrong_over_a_task_is_told_and_the_others_are_done(size: int) -> None:
    with Crew(1, never) as alone, Crew(size, never) as crew:
        found = dict(crew.run([("nonsense", ()), *tasks(3)]))
        failed = found.pop(0)
        assert isinstance(failed, Failed)
        assert "KeyError: 'nonsense'" in failed.reason
        expected = dict(alone.run([("nonsense", ()), *tasks(3)]))
        assert sorted(found) == [1, 2, 3]
        assert all(key(found[k]) == key(expected[k]) for k in found)


def deadly(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Have every worker killed that is given a task of this name."""
    send = crew_module.send

    def kill(member: subprocess.Popen[bytes], message: tuple[str, object] | None) -> None:
        send(member, message)
        if message is not None and message[0] == name:
            member.kill()

    monkeypatch.setattr(crew_module, "send", kill)


def test_a_task_that_kills_two_workers_is_given_up_and_the_others_are_done(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    deadly(monkeypatch, "search")
    one = part(3)
    with Crew(2, never) as crew:
        found = dict(crew.run([("search", (one, begin(one, never), 0, 1)), *tasks(4)]))
        failed = found.pop(0)
        assert isinstance(failed, Failed)
        assert "died twice" in failed.reason
        assert sorted(found) == [1, 2, 3, 4]
        assert not any(isinstance(result, Failed) for result in found.values())


def within(seconds: float, body: Callable[[], None]) -> None:
    """Run something that might hang; raise what it raises."""
    raised: list[BaseException] = []

    def run() -> None:
        try:
            body()
        except BaseException as error:
            raised.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(seconds)
    assert not thread.is_alive(), "it hangs"
    if raised:
        raise raised[0]


@pytest.mark.parametrize("error", [BlockingIOError(11, "no processes"), MemoryError(), ValueError("odd")])
def test_where_a_worker_cannot_be_replaced_the_others_do_what_is_left(
    monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def body() -> None:
        with Crew(2, never) as crew:
            crew.members[0].kill()
            crew.members[0].wait()
            start = crew_module.start_worker

            def none() -> None:
                raise error

            monkeypatch.setattr(crew_module, "start_worker", none)
            found = dict(crew.run(tasks(4)))
            failed = [result for result in found.values() if isinstance(result, Failed)]
            assert sorted(found) == [0, 1, 2, 3]
            assert len(failed) == 1
            assert repr(error) in failed[0].reason
            monkeypatch.setattr(crew_module, "start_worker", start)
            again = dict(crew.run(tasks(4)))  # there is room again
            assert not any(isinstance(result, Failed) for result in again.values())

    within(60, body)


def test_where_no_worker_is_left_every_task_is_told_to_have_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    def body() -> None:
        with Crew(2, never) as crew:
            for member in crew.members:
                member.kill()
                member.wait()
            monkeypatch.setattr(crew_module, "start_worker", lambda: 1 // 0)
            found = dict(crew.run(tasks(5)))
            assert sorted(found) == list(range(5))
            assert all(isinstance(result, Failed) for result in found.values())

    within(60, body)


@pytest.mark.parametrize("answer", [b"\x80\x05cnowhere\nnothing\n.", b"\x80\x05K\x01.", b"\xff", b""])
def test_an_answer_that_is_none_replaces_the_worker(monkeypatch: pytest.MonkeyPatch, answer: bytes) -> None:
    def body() -> None:
        code = f"import sys; sys.stdout.buffer.write({answer!r}); sys.stdout.flush(); sys.stdin.buffer.read()"
        started = [0]

        def babbling() -> subprocess.Popen[bytes]:
            started[0] += 1
            return subprocess.Popen(
                [sys.executable, "-c", code if answer else "raise SystemExit"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
            )

        monkeypatch.setattr(crew_module, "start_worker", babbling)
        with Crew(2, never) as crew:
            (number, failed), *more = crew.run(tasks(1))
            assert (number, more) == (0, [])
            assert isinstance(failed, Failed)
            assert "died twice" in failed.reason
            assert started[0] == 4

    within(60, body)


def test_where_no_process_can_be_started_the_caller_does_the_tasks(monkeypatch: pytest.MonkeyPatch) -> None:
    def none() -> None:
        raise BlockingIOError(11, "no processes")

    monkeypatch.setattr(crew_module, "start_worker", none)
    with Crew(1, never) as alone, Crew(2, never) as crew:
        expected = {number: key(one) for number, one in alone.run(tasks(3))}
        assert {number: key(one) for number, one in crew.run(tasks(3))} == expected


def test_a_worker_ends_over_a_task_that_it_cannot_read() -> None:
    heard: list[str] = []
    message = pickle.dumps(("one", ()))
    sink = io.BytesIO()

    def perform(name: str, *_: object) -> str:
        heard.append(name)
        return name

    within(60, lambda: serve(io.BytesIO(message + b"\xff" + message), sink, perform))
    assert heard == ["one"]
    assert pickle.loads(sink.getvalue()) == (True, "one")


def test_a_stop_ends_tasks_under_way_and_leaves_out_the_others() -> None:
    big = part(3, 90)
    one = begin(big, never)
    asked = time.monotonic()
    stopping = threading.Event()
    with Crew(2, stopping.is_set) as crew:
        list(crew.run(tasks(2)))
        threading.Timer(0.2, stopping.set).start()
        endless = ("search", (big, one, 0, 1 << 60))
        found = dict(crew.run([endless] * 9))
    assert sorted(found) == [0, 1]
    for standing in found.values():
        assert isinstance(standing, Standing)
        assert standing.bound <= standing.cost <= one.cost
    assert time.monotonic() - asked < 60
    assert all(member.poll() is not None for member in crew.members)


def test_without_workers_a_stop_leaves_out_what_is_not_begun() -> None:
    asked = [0]

    def third() -> bool:
        asked[0] += 1
        return asked[0] > 2

    with Crew(1, third) as crew:
        assert len(list(crew.run(tasks(5)))) <= 2


def test_who_stops_listening_leaves_no_worker_behind() -> None:
    crew = Crew(2, never)
    big = part(3, 90)
    started = [*crew.members]
    with crew:
        started = list(crew.members)
        running = crew.run(
            [
                ("root", (part(1), begin(part(1), never), 0, 0)),
                ("search", (big, begin(big, never), 0, 1 << 60)),
            ]
        )
        next(running)
        assert isinstance(running, Generator)
        running.close()
    assert crew.members == started  # nobody was started anew
    assert all(member.poll() is not None for member in started)
    assert not any(thread.is_alive() for thread in crew.threads)


def test_workers_of_a_reserve_come_before_they_are_asked_for_and_serve_one_crew_after_another() -> None:
    with Crew(1, never) as alone:
        expected = dict(alone.run(tasks(3)))
    with reserve(2):
        crews = []
        for _ in range(2):
            with Crew(2, never) as crew:
                found = dict(crew.run(tasks(3)))
            crews.append(crew)
            assert {number: key(one) for number, one in found.items()} == {
                number: key(one) for number, one in expected.items()
            }
            assert all(member.poll() is None for member in crew.members)
        assert set(crews[0].members) == set(crews[1].members)
        with reserve(5), Crew(3, never) as larger:  # a reserve within another starts nobody
            assert set(crews[0].members) < set(larger.members)
            assert len(larger.members) == 3
    assert all(member.poll() is not None for member in larger.members)


def test_a_reserve_does_not_keep_workers_whose_task_was_left_or_who_died() -> None:
    big = part(3, 90)
    endless = ("search", (big, begin(big, never), 0, 1 << 60))
    stopping = threading.Event()
    with reserve(2):
        with Crew(2, stopping.is_set) as stopped:
            threading.Timer(0.2, stopping.set).start()
            list(stopped.run([endless] * 2))
        assert all(member.poll() is not None for member in stopped.members)
        with Crew(2, never) as crew:
            list(crew.run(tasks(2)))
            crew.members[0].kill()
            crew.members[0].wait()
        with Crew(2, never) as after:
            assert crew.members[0] not in after.members
            assert crew.members[1] in after.members
            assert len(list(after.run(tasks(2)))) == 2
    assert all(member.poll() is not None for member in [*crew.members, *after.members])


def test_a_reserve_of_one_starts_nobody() -> None:
    with reserve(1), Crew(1, never) as crew:
        assert crew.members == []
        assert len(list(crew.run(tasks(1)))) == 1
