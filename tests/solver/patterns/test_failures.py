"""A part of the estate that fails costs its own proof: the plan of the whole stays and says what happened."""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

import solver
from solver.patterns import board, crew, search, tasks
from solver.patterns.lazy import Limits
from solver.patterns.part import components
from solver.patterns.search import house
from tests.solver.patterns.estates import all_pairs, best_by_highs, cost_of_use
from tests.solver.patterns.test_house import many

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable
    from pathlib import Path

    from solver.patterns.estate import Estate, Housing
    from solver.patterns.lazy import Lazy
    from solver.patterns.part import Part
    from solver.patterns.search import News
    from solver.patterns.tasks import Standing

#: Everything listed, nothing held; everything held.
LISTED = Limits(0, 60, 3, 1, 3, 1 << 40)
MUCH = Limits()


def largest(estate: Estate) -> int:
    """Number of needs of the component that fails."""
    return max(len(one.guests) for one in components(estate))


def failing(
    monkeypatch: pytest.MonkeyPatch, name: str, guests: int, error: Exception
) -> list[tuple[str, int]]:
    """Have tasks of a name fail for parts with as many needs; return which were begun."""
    perform, begun = tasks.perform, []

    def fail(task: str, arguments: tuple[Any, ...], stop: Callable[[], bool]) -> Standing:
        part: Part = arguments[0]
        begun.append((task, part.n_guests))
        if task == name and part.n_guests == guests:
            raise error
        return perform(task, arguments, stop)

    monkeypatch.setattr(crew, "perform", fail)
    return begun


def holds(estate: Estate, housing: Housing, task: str, guests: int, said: str) -> None:
    """The plan is one, its bound holds; one part failed, whose gap is all that is left."""
    optimum = best_by_highs(estate)
    assert cost_of_use(estate, housing) == housing.objective >= optimum >= housing.bound
    (failure,) = housing.failures
    assert (failure.task, failure.guests) == (task, guests)
    assert said in failure.reason


def proofs(housing: Housing, guests: int) -> list[tuple[list[int], int]]:
    """Return needs and bound of the trees of components with fewer needs."""
    return [(tree.guests.tolist(), tree.bound) for tree in housing.trees if len(tree.guests) < guests]


@pytest.mark.parametrize("task", ["root", "search"])
@pytest.mark.parametrize("error", [MemoryError(), IndexError("ours")])
def test_a_component_whose_task_fails_keeps_its_plan_and_the_others_close(
    monkeypatch: pytest.MonkeyPatch, task: str, error: Exception
) -> None:
    estate = many(3)
    guests, whole = largest(estate), house(estate)
    begun = failing(monkeypatch, task, guests, error)
    news: list[News] = []
    with pytest.warns(RuntimeWarning, match=f"gave up .* {guests} needs .*{task}: {type(error).__name__}"):
        housing = house(estate, on_news=news.append)
    holds(estate, housing, task, guests, "Traceback")
    assert begun.count((task, guests)) == 1
    assert begun.count(("search", guests)) == (task == "search")
    assert (news[-1].objective, news[-1].bound) == (housing.objective, housing.bound)
    assert housing.bound < housing.objective
    assert proofs(housing, guests) == proofs(whole, guests) != []


def test_a_worker_killed_over_a_task_each_time_loses_that_task_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "_WORTH_A_CREW", 0)
    send, estate = crew.send, many(3)
    guests, whole = largest(estate), house(estate)

    def kill(member: subprocess.Popen[bytes], message: tuple[str, tuple[Part, ...]] | None) -> None:
        send(member, message)
        if message is not None and message[0] == "search" and message[1][0].n_guests == guests:
            member.kill()

    monkeypatch.setattr(crew, "send", kill)
    with pytest.warns(RuntimeWarning, match="died twice"):
        housing = house(estate, processes=2)
    holds(estate, housing, "search", guests, "died twice")
    assert proofs(housing, guests) == proofs(whole, guests) != []


@pytest.mark.parametrize("name", ["rounds", "settle"])
def test_a_component_that_is_not_held_and_fails_keeps_its_plan_and_the_others_close(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    estate = many(3)
    guests, real, whole = largest(estate), getattr(board, name), house(estate, limits=LISTED)

    def fail(lazy: Lazy, *rest: object) -> object:
        if lazy.whole.bare.n_guests == guests:
            raise MemoryError("no room")
        return real(lazy, *rest)

    monkeypatch.setattr(board, name, fail)
    with pytest.warns(RuntimeWarning, match=f"{name}: MemoryError"):
        housing = house(estate, limits=LISTED)
    holds(estate, housing, name, guests, "no room")
    assert proofs(housing, guests) == proofs(whole, guests) != []


def test_an_error_of_ours_is_raised_where_warnings_are_errors(monkeypatch: pytest.MonkeyPatch) -> None:
    estate = many(3)
    failing(monkeypatch, "search", largest(estate), IndexError("ours"))
    with pytest.raises(RuntimeWarning, match="IndexError: ours"):
        house(estate)


def test_what_a_listener_raises_is_not_taken_for_a_failure_of_the_search() -> None:
    def listen(one: News) -> None:
        if one.number:
            raise KeyError("the caller's")

    for limits in (LISTED, MUCH):
        with pytest.raises(KeyError, match="the caller's"):
            house(many(3), on_news=listen, limits=limits)


def test_failures_survive_the_way_between_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    estate = many(3)
    failing(monkeypatch, "search", largest(estate), IndexError("ours"))
    with pytest.warns(RuntimeWarning):
        housing = house(estate)
    assert pickle.loads(pickle.dumps(housing)).failures == housing.failures


def test_the_result_says_what_was_given_up_and_its_plan_is_verified(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    estate = many(3)
    loads = {g: load for _, g, _, load in all_pairs(estate)}
    guests = np.array(sorted(loads))
    problem = solver.build(
        pd.DataFrame(
            {
                "asset_id": [f"A{h}" for h in range(estate.n_hosts)], "category": "premises",
                "kind": "office", "area_m2": [str(one) for one in estate.capacity.tolist()],
            }
        ),
        pd.DataFrame(
            {
                "need_id": [f"N{g}" for g in guests], "category": "premises", "priority": 3,
                "area_m2": [str(loads[g]) for g in guests], "units": estate.demand[guests],
                "price_vnd": estate.price[guests],
            }
        ),
        matches=pd.DataFrame(
            [(f"A{h}", f"N{g}", cost, str(load)) for h, g, cost, load in all_pairs(estate)],
            columns=["asset_id", "need_id", "cost_vnd", "load"],
        ),
        scenario={"date": "2025-08-15", "prices": {"open_premises": 10}, "solver": {"processes": 1}},
    )  # fmt: skip
    whole = solver.solve(problem)
    assert whole.run["failures"] == {"premises": []}
    assert problem.premises is not None
    most = largest(problem.premises.estate)
    failing(monkeypatch, "root", most, MemoryError())
    with pytest.warns(RuntimeWarning, match="gave up"):
        result = solver.solve(problem)
    (failure,) = result.run["failures"]["premises"]
    assert (failure["task"], failure["guests"]) == ("root", most)
    assert "MemoryError" in failure["reason"]
    assert result.bound < result.objective
    result.write(tmp_path / "plan")
    assert solver.verify_folder(tmp_path / "plan").ok
