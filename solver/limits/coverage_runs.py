"""Searches of coverage first: each with what comes before as rows, and told in one way."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from solver.limits.level_rows import priority_of, twins, with_levels
from solver.limits.levels import holds, missed_softly, unmet
from solver.limits.ordered import Ordered
from solver.limits.rows import SideRows, members, side_rows
from solver.limits.setting import blocks_of
from solver.limits.steep import demand_of, steep_prices
from solver.limits.watch import Watch, quiet

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from solver.limits.block import Answer, Block
    from solver.limits.coordinate import Coordinated
    from solver.limits.levels import Level
    from solver.limits.setting import Setting
    from solver.problem.problem import Problem


class Found(NamedTuple):
    """What a search found; ``better`` : a plan that is better in a level before, None where none was met."""

    rows: SideRows
    blocks: Mapping[str, Block]
    setting: Setting
    best: Coordinated
    better: Mapping[str, Answer] | None


class Runs:
    """The searches, and where they stand."""

    def __init__(self, problem: Problem, watch: Watch) -> None:
        """Take the problem, as ``solver.problem.split`` leaves it."""
        self.problem, self.watch = problem, watch
        #: Keys whose smallest share is a level, by the id of a floor.
        self.fair = {
            name: key
            for part in members(problem)
            for name, key, share in zip(part.groups.ids, part.groups.key, part.groups.share, strict=True)
            if share is None
        }
        self.contested = sorted(set(self.fair.values()))
        self.smallest: dict[str, Fraction] = {}
        self.rows = side_rows(problem, {})
        self.demand = demand_of(problem)
        self.soft = any(row.soft for row in self.rows.rows)
        self.blocks: Mapping[str, Block] = {}
        self.plans: Mapping[str, Answer] = {}
        self.last = False  # whether a plan that is better in a level before is left aside
        self.levels: list[Level] = []
        #: Prices of rows that proved a level, in units of what it counts.
        self.prices: dict[str, Fraction] = {}

    # What plans attain

    def _own(self, plans: Mapping[str, Answer]) -> dict[str, Answer]:
        """Tell what plans use of the side rows alone."""
        n = len(self.rows.rows)
        return {name: replace(plan, used=plan.used[:n]) for name, plan in plans.items()}

    def _rank(self, plans: Mapping[str, Answer]) -> tuple[int, tuple[int, ...]]:
        """Return units by which floors are missed, and those unmet by priority where they count."""
        return missed_softly(self.rows, self._own(plans)), unmet(plans) if self.demand else ()

    def _holds(self, rows: SideRows, plans: Mapping[str, Answer]) -> bool:
        own = SideRows(rows.rows[: len(self.rows.rows)], self.rows.counting, self.rows.pinned)
        return holds(own, self._own(plans))

    # Searches

    def _watch(self, until: float, enough: Callable[[int, int, int], bool], prices: float = 0.0) -> Watch:
        """Return who is asked while a stage lasts, to a share of the time limit."""
        watch = self.watch
        passed = watch.passed or (lambda: 0.0)

        def stop() -> bool:
            return watch.stop() or passed() > until

        def soon() -> bool:
            return stop() or passed() > prices

        return Watch(stop, watch.heard if prices else quiet, enough, soon if prices else stop)

    def _until(self, end: float, levels: int) -> float:
        """Return the share of the time limit by which a level ends: half of what is left to ``end``, or all.

        Parameters
        ----------
        levels : that are still to come by then, this one included.
        """
        passed = self.watch.passed() if self.watch.passed is not None else 0.0
        return end if levels == 1 else passed + (end - passed) / 2

    def _run(
        self,
        rows: SideRows,
        setting: Setting,
        watch: Watch,
        before: int,
        standing: frozenset[str] = frozenset(),
        known: Mapping[str, Answer] | None = None,
    ) -> Found:
        """Look for a plan that is no worse in the levels before.

        Parameters
        ----------
        before : priorities up to this one are levels before; standing : keys of ``"max-min"`` whose floors
        stand; known : a plan to begin with, the one at hand where it is None.
        """
        missed, left = self._rank(self.plans)
        levels = {k: left[k - 1] for k in self.demand if k <= before}
        rows = with_levels(self.problem, rows, levels)
        hard = {
            at
            for at, row in enumerate(rows.rows)
            if row.floor and not row.soft and (row.id not in self.fair or self.fair[row.id] in standing)
        }
        starts = self._starts(rows, setting)
        blocks = blocks_of(self.problem, rows, setting, self.blocks)
        self.blocks = blocks
        allowed = None if before < 0 else missed
        run = Ordered(
            blocks, rows, setting, watch,
            known=known or self.plans, hard=hard, twins=twins(rows), missed=allowed, starts=starts,
        )  # fmt: skip
        best = run.run()
        if not setting.weights.cost:
            unit = setting.scale * setting.unit
            self.prices |= {
                row.id: Fraction(price, unit) for row, price in zip(rows.rows, best.prices, strict=True)
            }
        better = None if self.last else run.better
        return Found(rows, blocks, setting, best, better)

    def _run_best(
        self,
        rows: SideRows,
        settings: Sequence[Setting],
        watch: Watch,
        before: int,
        standing: frozenset[str],
        worth: Callable[[Mapping[str, Answer]], int],
    ) -> Found:
        """Look with one weight of missed floors after another, until what is proven is attained.

        Steep ones prove least where floors are missed, gentle ones lead to no plan that keeps to floors.

        Parameters
        ----------
        worth : of plans that are no worse in the levels before, in units or VND.
        """
        known, best = self.plans, None
        for setting in settings:
            if best is not None and (watch.stop() or worth(known) <= self._bound(best)):
                break
            if not setting.weights.cost:
                watch = watch._replace(enough=in_units(setting.unit))
            found = self._run(rows, setting, watch, before, standing, known)
            if found.better is not None:
                return found
            if worth(found.best.plans) < worth(known):
                known = found.best.plans
            if best is None or self._bound(found) > self._bound(best):
                best = found
        if best is None:
            raise ValueError("no setting to look with")
        plans = {name: block.again(known[name]) for name, block in best.blocks.items()}
        return best._replace(best=replace(best.best, plans=plans))

    def _bound(self, found: Found) -> int:
        """Return what is proven beside the missed floors, in units or VND."""
        missed = found.best.weights.missed * self._rank(self.plans)[0]
        return -(-(found.best.bound - missed) // found.setting.unit)

    def _starts(self, rows: SideRows, setting: Setting) -> list[list[int]]:
        """Return prices to begin with [VND / S]: of a level those of the level before, and steep ones."""
        known, start = [0] * len(rows.rows), [0] * len(rows.rows)
        steep, unit = steep_prices(self.problem, setting), setting.scale * setting.unit
        for at, (row, left) in enumerate(zip(rows.rows, rows.left, strict=True)):
            if left <= 0 and row.floor:
                continue
            known[at] = round(self.prices.get(row.id, 0) * unit)
            if priority_of(row):
                start[at] = setting.scale * min(steep[priority_of(row) - 1], setting.dearest)
        return [start] if setting.weights.cost or not any(known) else [known, start]


def never(_value: int, _bound: int, _moved: int) -> bool:
    """Tell that nothing short of the best will do."""
    return False


def in_units(unit: int) -> Callable[[int, int, int], bool]:
    """Return what tells that no whole unit is left between value and bound."""

    def enough(value: int, bound: int, _moved: int) -> bool:
        return -(-value // unit) <= -(-bound // unit)

    return enough
