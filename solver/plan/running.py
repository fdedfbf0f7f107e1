"""A solve under way: its clock and limits, and the news it tells."""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from solver.plan.figures import gap_ratio

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@dataclass(frozen=True)
class Progress:
    """News of a running solve.

    Attributes
    ----------
    phase : "solve", "tie_break" or "explain"; category; elapsed_s; round : number of the round, 0 outside
    of solving; objective, bound : of the category so far [VND], None before the first; gap : relative to
    the objective.
    """

    phase: str
    category: str
    elapsed_s: float
    round: int
    objective: int | None
    bound: int | None
    gap: str | None


class News(Protocol):
    """What a core tells after a round; money in VND, None before the first plan and bound."""

    @property
    def number(self) -> int:
        """Number of the round, from 1."""

    @property
    def objective(self) -> int | None:
        """Cost of the best plan so far."""

    @property
    def bound(self) -> int | None:
        """Best bound so far."""

    @property
    def work(self) -> int:
        """Units of work so far, of this category."""


@dataclass
class Run:
    """One solve: every category asks it whether to go on, and tells it what is new.

    Attributes
    ----------
    time_limit : seconds, 0 none; work_limit : units, 0 none; stop : of the caller; on_progress : listener;
    work : of the categories done; phases : seconds of each; failures : what cores gave up, by category;
    ended : why the search of a category ended (``ends``).
    """

    time_limit: float
    work_limit: int
    stop: Callable[[], bool] | None
    on_progress: Callable[[Progress], None] | None
    work: int = 0
    phases: dict[str, float] = field(default_factory=dict)
    failures: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    ended: dict[str, str] = field(default_factory=dict)
    started: float = field(default_factory=time.monotonic)
    _under_way: int = 0
    _halted: str = ""

    def halt(self) -> bool:
        """Whether the caller or the clock asks to stop and keep the best plan so far."""
        if self.time_limit > 0 and time.monotonic() - self.started >= self.time_limit:
            self._halted = self._halted or "time_limit"
        elif self.stop is not None and self.stop():
            self._halted = self._halted or "stop"
        return self._halted != ""

    def spent(self) -> bool:
        """Whether the work told of so far reaches its limit."""
        return 0 < self.work_limit <= self.work + self._under_way

    def ends(self, category: str, *, optimal: bool) -> None:
        """Note why a search ended, before its work is counted as done.

        "optimal"; "time_limit", "stop" (of the caller, or Ctrl-C) or "work_limit"; else "gap": the plan is
        as near to the bound as the scenario asks, or nothing more was to be tried.
        """
        limit = self._halted or ("work_limit" if self.spent() else "gap")
        self.ended[category] = "optimal" if optimal else limit

    def work_left(self) -> int:
        """Units of work that the limit leaves, at least 1; 0 without a limit."""
        return max(1, self.work_limit - self.work) if self.work_limit > 0 else 0

    def done(self, work: int) -> None:
        """Count the work of a category that is solved."""
        self.work, self._under_way = self.work + work, 0

    def tell(self, phase: str, category: str, news: News | None = None) -> None:
        """Report a phase, or a round of solving."""
        self._under_way = news.work if news else self._under_way
        if self.on_progress is None:
            return
        objective, bound = (news.objective, news.bound) if news else (None, None)
        gap = None
        if objective is not None and bound is not None:
            gap = gap_ratio(objective - bound, abs(objective))
        elapsed = time.monotonic() - self.started
        self.on_progress(
            Progress(phase, category, elapsed, news.number if news else 0, objective, bound, gap)
        )

    @contextmanager
    def phase(self, phase: str, category: str) -> Iterator[None]:
        """Announce a phase of a category and take its time."""
        begun = time.monotonic()
        self.tell(phase, category)
        yield
        self.phases[f"{phase} {category}"] = time.monotonic() - begun
