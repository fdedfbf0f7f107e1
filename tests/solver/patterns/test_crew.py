"""Workers do what the caller would have done; one that dies is replaced, and a stop ends them all."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Generator
from typing import TYPE_CHECKING

import numpy as np
import pytest

from solver.errors import BackendError
from solver.patterns.crew import Crew
from solver.patterns.part import components, part_of
from solver.patterns.tasks import begin
from tests.solver.patterns.estates import estate_of

if TYPE_CHECKING:
    from solver.patterns.part import Part
    from solver.patterns.tasks import Standing


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


def tasks(count: int) -> list[tuple[str, tuple[Part, Standing, int]]]:
    return [("root", (one, begin(one, never), k)) for k, one in enumerate(map(part, range(count)))]


def key(standing: Standing) -> tuple[object, ...]:
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
        found = dict(crew.run([("root", (big, begin(big, never), 0))] * 2))
        assert key(found[0]) == key(found[1])
        assert crew.members[0] is not first[0]


def test_what_goes_wrong_in_a_worker_is_told() -> None:
    crew = Crew(2, never)
    with crew, pytest.raises(BackendError, match="KeyError: 'nonsense'"):
        list(crew.run([("nonsense", ())]))
    assert all(member.poll() is not None for member in crew.members)


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
    assert all(standing.bound <= standing.cost <= one.cost for standing in found.values())
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
            [("root", (part(1), begin(part(1), never), 0)), ("search", (big, begin(big, never), 0, 1 << 60))]
        )
        next(running)
        assert isinstance(running, Generator)
        running.close()
    assert crew.members == started  # nobody was started anew
    assert all(member.poll() is not None for member in started)
    assert not any(thread.is_alive() for thread in crew.threads)
