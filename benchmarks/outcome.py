"""What a method hands back, and the watch that times it."""

from __future__ import annotations

import time
from dataclasses import dataclass, field


class Stopwatch:
    """Time the parts of one run.

    Attributes
    ----------
    laps : seconds by part: ``distances``, ``build``, ``solve``.
    """

    def __init__(self) -> None:
        self.laps: dict[str, float] = {}
        self._start = self._last = time.perf_counter()

    def lap(self, name: str) -> None:
        """End a part."""
        now = time.perf_counter()
        self.laps[name] = now - self._last
        self._last = now

    def total(self) -> float:
        """Seconds since the start."""
        return time.perf_counter() - self._start


@dataclass(frozen=True)
class Outcome:
    """One run of one method.

    Attributes
    ----------
    objective : VND of the plan found, None without one; bound : proven lower bound [VND], None where the
    method gives none and has not finished; laps : seconds by part; facts : sizes and counts worth keeping.
    """

    objective: int | None
    bound: int | None
    laps: dict[str, float]
    facts: dict[str, int] = field(default_factory=dict)

    @property
    def proven(self) -> bool:
        """Whether the plan is proven optimal."""
        return self.objective is not None and self.objective == self.bound
