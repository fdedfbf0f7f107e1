"""The funnel of ``docs/cost.md`` for needs of premises: who is eligible, or which stage leaves nobody.

The stages before ``within_commune`` do not ask where anything is: they are worked out once for all needs
that ask for the same, and only what is left is looked at for each need.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from solver.plan.tables import kilometres
from solver.problem.files import cell
from solver.problem.premises import ELIGIBLE, STAGES, first_stage, stage_of_premises, unfit, untimely

if TYPE_CHECKING:
    from solver.flow.market import Ints
    from solver.problem.premises import Premises
    from solver.problem.problem import Problem

_LOCAL = STAGES.index("within_commune")


class Funnel:
    """Finds the eligible premises of needs, and the first empty stage of those that have none."""

    def __init__(self, problem: Problem, premises: Premises) -> None:
        """Take the premises of a problem."""
        self._premises = premises
        self._area = problem.assets["area_m2"].iloc[premises.assets.rows].tolist()
        self._all = np.arange(len(self._area))
        self._unfit: dict[tuple[int, ...], dict[str, np.ndarray]] = {}
        self._told: dict[int, tuple[str, dict[str, Any]]] = {}
        order = np.argsort(premises.assets.place, kind="stable")
        self._order, self._places = order, premises.assets.place[order]

    def eligible(self, n: int) -> Ints:
        """Return the eligible premises of a need, ascending."""
        stage = self._stages(n)
        found = np.flatnonzero(stage == ELIGIBLE)
        if not len(found):
            self._told[n] = self._tell(n, stage)
        return found

    def first_empty(self, n: int) -> tuple[str, dict[str, Any]]:
        """Return the first stage that leaves no candidate, and how many were left after each until there."""
        return self._told.pop(n, None) or self._tell(n, self._stages(n))

    def _tell(self, n: int, stage: Ints) -> tuple[str, dict[str, Any]]:
        premises = self._premises
        last = int(stage.max(initial=0))
        counts = np.bincount(stage, minlength=last + 1)
        gone = np.cumsum(counts)
        detail: dict[str, Any] = {
            "left": {name: len(stage) - int(gone[number]) for number, name in enumerate(STAGES[: last + 1])}
        }
        at_last = np.flatnonzero(stage == last)
        if STAGES[last] == "too_small":
            areas = [area for area in (self._area[a] for a in at_last) if area is not None]
            detail["largest_m2"] = cell(max(areas, default=None))
        elif STAGES[last] == "reach":
            far = premises.metres.of(premises.assets, premises.needs, at_last, np.array(n))
            detail["nearest_km"] = kilometres(int(far.min()))
        return STAGES[last], detail

    def _stages(self, n: int) -> Ints:
        """Stage that each asset fails for a need."""
        premises, needs = self._premises, self._premises.needs
        if premises.match_load is not None:
            return stage_of_premises(premises, self._all, np.array(n))
        key = tuple(int(column[n]) for column in (needs.wanted, needs.purpose, needs.condition))
        if key not in self._unfit:
            self._unfit[key] = unfit(premises.assets, needs, premises.rules, self._all, np.array(n))
        fails = self._unfit[key] | untimely(premises.assets, needs, self._all, np.array(n))
        stage = np.minimum(first_stage(fails, len(self._all)), _LOCAL)
        if premises.rules.within[needs.purpose[n]]:
            head, tail = np.searchsorted(self._places, [needs.place[n], needs.place[n] + 1])
            near = self._order[head:tail]
        else:
            near = self._all
        near = near[stage[near] == _LOCAL]
        if len(near):
            stage[near] = stage_of_premises(premises, near, np.array(n))
        return stage
