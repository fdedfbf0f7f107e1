r"""Coverage first where weights alone do not do it: premises, budgets, caps, floors of a share.

A building takes one need or thirty, a budget pays for one car or for three: what one unit of priority 1 is
worth in units of priority 2 has no bound that weights could be sure to exceed within 64 bits. So plans are
looked for level by level. What the levels before attain stands as rows (``solver.limits.level_rows``), of
which the plan at hand is proof that they can be kept to:

    counts     one search with weights as steep as 64 bits go gives a first plan
    units      level by level: fewer units, and the proof that there are no fewer
    shares     the largest smallest share of each key, by bisection, and its proof
    cost       the least cost of the plans that attain all of that

Where a search meets a plan that is better in a level before, all that comes after is done again.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from solver.limits.block import PRIORITIES
from solver.limits.conflict import find_conflict
from solver.limits.coordinate import Coordination
from solver.limits.coverage_runs import Found, Runs, never
from solver.limits.level_rows import merged, priority_of, proven_with_levels
from solver.limits.levels import (
    Level,
    holds,
    missed_softly,
    received,
    shares_of_key,
    smallest_share,
    unmet,
)
from solver.limits.limited import Limited, UnmetError, bounds_of
from solver.limits.proof import SHORTFALL
from solver.limits.rows import members, side_rows
from solver.limits.setting import blocks_of
from solver.limits.steep import ordered_cost, ordered_counts, ordered_level

if TYPE_CHECKING:
    from collections.abc import Mapping

    from solver.limits.block import Answer
    from solver.limits.proof import Proven

#: Shares of the time limit by which the stages end: counts, units, shares; the rest is for the cost.
_COUNTS, _UNITS, _SHARES, _PRICES = 0.2, 0.5, 0.7, 0.85
_ENDLESS = 2.0
#: So often all is done again where a better plan was met on the way.
_AGAIN = 6


class Coverage(Runs):
    """The search; made once, run once."""

    def search(self) -> Limited:
        """Find a plan.

        Raises
        ------
        UnmetError
            When no plan that meets the strict floors is found.
        """
        self._first()
        return self._settle()

    def beside(self, plans: Mapping[str, Answer] | None) -> Limited:
        """Find the plan of least net cost among those that miss no more units of floors than plans at hand.

        Where floors are missed, weights steep enough for them tell little of what the rest costs.

        Parameters
        ----------
        plans : at hand, None where none was found that meets the strict floors.

        Raises
        ------
        UnmetError
            When no plan that meets the strict floors is found.
        """
        self.demand = {}
        if plans is None:
            self._first()
        else:
            setting = ordered_level(self.problem, self.rows, 1)
            self.blocks = blocks_of(self.problem, self.rows, setting)
            self.plans = {name: block.again(plans[name]) for name, block in self.blocks.items()}
        return self._settle()

    def _settle(self) -> Limited:
        """Settle one level after another, then the cost; begin anew with a plan that is better in one."""
        for tried in range(_AGAIN + 1):
            self.levels, self.smallest = [], {}
            self.last = tried == _AGAIN
            better = self._units() or self._shares()
            if better is None:
                found = self._cost()
                if found.better is None:
                    return self._limited(found)
                better = found.better
            self.plans = better
        raise AssertionError("the last round takes no other plan")

    def _first(self) -> None:
        """Look for a first plan with weights as steep as they may be."""
        watch = self._watch(_COUNTS, never)
        for setting in (
            ordered_counts(self.problem, self.rows),
            ordered_level(self.problem, self.rows, 1),  # strict floors that weights did not meet
        ):
            self.blocks = blocks_of(self.problem, self.rows, setting, self.blocks)
            found = Coordination(self.blocks, self.rows, setting, watch).run()
            if holds(self.rows, found.plans):
                self.plans = found.plans
                return
        raise UnmetError(find_conflict(self.problem, self.rows, self.blocks, self.watch.stop))

    def _units(self) -> Mapping[str, Answer] | None:
        """Settle the levels that count units; return a plan that is better in a level before."""
        names = [(SHORTFALL, 0)] * self.soft + [(f"unmet|{k}", k) for k in self.demand]
        for at, (name, k) in enumerate(names):
            better = self._counted(name, k, self._until(_UNITS, len(names) - at))
            if better is not None:
                return better
        return None

    def _counted(self, name: str, k: int, until: float) -> Mapping[str, Answer] | None:
        """Settle a level: fewer units, and a proof that there are no fewer."""
        missed, left = self._rank(self.plans)
        value = left[k - 1] if k else missed
        if value == 0 or self.watch.stop():
            self.levels.append(Level(name, value, 0))
            return None
        many = 2 * (sum(self.demand.values()) + 1)  # no unit of a floor goes for all the others
        heavy = [1] if not k else [many, 2, 0] if missed else [many]
        settings = [ordered_level(self.problem, self.rows, one, k) for one in heavy]

        def units_of(plans: Mapping[str, Answer]) -> int:
            return unmet(plans)[k - 1] if k else self._rank(plans)[0]

        found = self._run_best(self.rows, settings, self._watch(until, never), k - 1, frozenset(), units_of)
        if found.better is not None:
            return found.better
        if self._rank(found.best.plans) < (missed, left) and self._holds(self.rows, found.best.plans):
            self.plans = found.best.plans
        bound = self._bound(found) if k else -(-found.best.bound // found.setting.unit)
        self.levels.append(Level(name, units_of(self.plans), max(0, bound), self._proven(found, name)))
        return None

    def _shares(self) -> Mapping[str, Answer] | None:
        """Settle the smallest shares, key by key; return a plan that is better in a level before."""
        for at, key in enumerate(self.contested):
            better = self._raise(key, self._until(_SHARES, len(self.contested) - at))
            if better is not None:
                return better
        return None

    def _raise(self, key: str, until: float) -> Mapping[str, Answer] | None:
        """Raise the smallest share of a key as far as it goes, and prove that it goes no further."""
        shares = shares_of_key(self.problem, key)
        missed, reached = self._rank(self.plans)[0], self._share_of(key)
        standing, name = frozenset(self.smallest), f"max_min|{key}"
        high, step = len(shares), 1  # shares before low are reached, those from high on are not
        proof: tuple[int, Proven] | None = None  # of the share that is not reached, by its place
        watch = self._watch(until, never)
        low = bisect_right(shares, reached)
        while low < high and not watch.stop():
            at = min(low + step - 1, (low + high) // 2)
            rows = side_rows(self.problem, self.smallest | {key: shares[at]})
            setting = ordered_level(self.problem, rows, 1)
            allowed = missed * setting.weights.missed

            def decided(value: int, bound: int, _moved: int, allowed: int = allowed) -> bool:
                return value <= allowed or bound > allowed

            found = self._run(rows, setting, watch._replace(enough=decided), PRIORITIES, standing)
            if found.better is not None:
                return found.better
            if found.best.value <= allowed and self._holds(rows, found.best.plans):
                self.plans, step = found.best.plans, 2 * step
                reached = self._share_of(key)
                low = bisect_right(shares, reached)
                continue
            high, step = at, 1
            if found.best.bound > allowed:
                proof = at, self._proven(found, name)
        self.smallest[key] = reached
        shown = proof[1] if proof is not None and proof[0] == low else None
        self.levels.append(Level(name, reached, Fraction(1) if shown is None else reached, shown))
        return None

    def _proven(self, found: Found, name: str) -> Proven:
        return proven_with_levels(self.problem, found.blocks, found.best, found.rows, found.setting, name)

    def _share_of(self, key: str) -> Fraction:
        return smallest_share(self.problem, key, self.rows, self._own(self.plans))

    def _cost(self) -> Found:
        """Look for the least cost of the plans that attain the levels."""
        rows = side_rows(self.problem, self.smallest)
        missed = self._rank(self.plans)[0]
        settings = [ordered_cost(self.problem, rows, gentle) for gentle in ((0, 1, 2) if missed else (0,))]
        watch = self._watch(_ENDLESS, self.watch.enough, _PRICES)

        def cost_of(plans: Mapping[str, Answer]) -> int:
            return sum(plan.cost for plan in plans.values())

        return self._run_best(rows, settings, watch, PRIORITIES, frozenset(self.contested), cost_of)

    def _limited(self, found: Found) -> Limited:
        """Tell the plan by the side rows as they stand in tables."""
        unmerged, best, weights = side_rows(self.problem, self.smallest), found.best, found.setting.weights
        n = len(unmerged.rows)
        own = self._own(best.plans)
        more = {
            part.name: sum(
                price * (int(part.needs.units[mine].sum() - part.pins.got(len(mine))[mine].sum()))
                - price * own[part.name].unmet[priority_of(row) - 1]
                for row, price in zip(found.rows.rows[n:], best.prices[n:], strict=True)
                for mine in [part.needs.priority == priority_of(row)]
            )
            for part in members(self.problem)
        }
        alone = replace(best, prices=best.prices[:n])
        bounds = bounds_of(self.problem, unmerged, found.setting, found.blocks, alone, own, more)
        proof = proven_with_levels(self.problem, found.blocks, best, found.rows, found.setting)
        rows = merged(unmerged)
        blocks = blocks_of(self.problem, rows, found.setting, found.blocks)
        plans = {name: block.again(best.plans[name]) for name, block in blocks.items()}
        return Limited(
            rows,
            received(rows, plans),
            plans,
            best.bound - best.weights.missed * missed_softly(unmerged, own),
            bounds,
            self.levels,
            proof,
            blocks,
            best.claimed,
            False,
            weights.missed // 2 or best.value + 1,
            (0,) * len(rows.rows),  # a row has no worth where levels come first
        )
