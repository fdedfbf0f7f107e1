r"""Rules that cannot all hold: a proof, a smallest set that conflicts, and what would lift the conflict.

No plan meets the strict floors when the least number of units by which they must be missed, without any
regard to cost, has a bound above zero (``solver.limits.levels`` proves it by prices). Rules without a
price in that proof take no part. Of the others, in an order that puts the heaviest first, the shortest
list that still conflicts is kept; then each is left out in turn: where the rest still cannot hold, for
good. What remains is a smallest set in the sense that without any one of its rules the others can all hold.

What is given stays given: supply, needs, eligibility, bans, pins and the norms of premises.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from solver.limits.block import PRIORITIES
from solver.limits.coordinate import ENDLESS, Coordination
from solver.limits.levels import received
from solver.limits.proof import Proven, proven
from solver.limits.rows import SideRows
from solver.limits.setting import Setting, blocks_of, level, net_cost
from solver.limits.watch import Watch, quiet
from solver.plan.missing import PROOF

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from solver.limits.block import Block
    from solver.limits.coordinate import Coordinated
    from solver.problem.problem import Problem

_NOTHING = (0,) * PRIORITIES
#: What a missed unit weighs against a VND that a budget needs more.
_HEAVY = 1 << 36


@dataclass(frozen=True)
class Relaxation:
    """One way out: a rule, what it asks for, and what would do.

    Attributes
    ----------
    rule : id; limit : as it stands; enough : VND or units that would do, ``least`` what is proven to be
    needed; alone : whether changing this rule alone is enough (a limit), or all floors of the kind
    together (floors).
    """

    rule: str
    limit: int
    enough: int
    least: int
    alone: bool

    def record(self) -> dict[str, Any]:
        """Write an entry of plan.json."""
        return {
            "rule": self.rule,
            "limit": self.limit,
            "enough": self.enough,
            "least": self.least,
            "alone": self.alone,
        }


@dataclass(frozen=True)
class Conflict:
    """Why there is no plan.

    Attributes
    ----------
    rules : ids of side rows, and ``norm|<key>``, which cannot all hold; checked : whether without any one
    of them the others can, each shown by a plan; missed : units by which strict floors are missed at
    least; proof : prices, of these rules alone; relaxations.
    """

    rules: tuple[str, ...]
    checked: bool
    missed: int
    proof: Proven
    relaxations: tuple[Relaxation, ...]


def find_conflict(
    problem: Problem, rows: SideRows, before: Mapping[str, Block], stop: Callable[[], bool]
) -> Conflict | None:
    """Prove that the strict floors cannot all be met, and find out why; None where no proof is found."""
    trial = _Trial(problem, rows, before, stop)
    whole = trial.of(trial.rules, fully=True)
    if whole.found.bound <= 0:
        return None
    priced = trial.priced(whole)
    rules = sorted((rule for rule in trial.rules if rule in priced), key=trial.weight)
    rules = rules[: _shortest(len(rules), lambda count: trial.of(rules[:count]).found.bound > 0)]
    smallest, checked = trial.of(rules), True
    for rule in reversed(rules):
        fewer = [other for other in rules if other != rule]
        tried = trial.of(fewer)
        if tried.found.bound > 0:
            rules, smallest = fewer, tried
        elif tried.found.value > 0:
            checked = False  # neither a plan nor a proof in the time
    missed = -(-whole.found.bound // whole.unit)
    proof = proven(smallest.blocks, smallest.found, smallest.rows, smallest.setting, PROOF)
    ways = (*trial.lowered(), *(way for rule in rules if (way := trial.loosened(rule)) is not None))
    return Conflict(tuple(rules), checked, missed, proof, ways)


def _shortest(count: int, conflicts: Callable[[int], bool]) -> int:
    """Return how many of the first rules conflict at least; all of them do."""
    low, high = 0, count  # the first low do not conflict, the first high do
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if conflicts(middle) else (middle, high)
    return high


@dataclass(frozen=True)
class _Tried:
    """A search for a plan that misses as little as can be under some of the rules."""

    rows: SideRows
    blocks: Mapping[str, Block]
    setting: Setting
    found: Coordinated

    @property
    def unit(self) -> int:
        return self.setting.unit


class _Trial:
    """Searches under parts of the rules."""

    def __init__(
        self, problem: Problem, rows: SideRows, before: Mapping[str, Block], stop: Callable[[], bool]
    ) -> None:
        self.problem, self.rows, self.before, self.stop = problem, rows, before, stop
        norms = {name.split("|", 2)[2] for part in problem.categories.values() for name in part.norms.ids}
        self.rules = [f"norm|{key}" for key in sorted(norms)]
        self.rules += [row.id for row in rows.rows if not row.floor or row.limit > 0]

    def weight(self, rule: str) -> tuple[bool, int, str]:
        """Order rules for the shortest list: budgets, caps and norms, then the floors that ask for most."""
        floors = {row.id: row.limit for row in self.rows.rows if row.floor}
        return rule in floors, -floors.get(rule, 0), rule

    def of(self, rules: list[str], *, fully: bool = False) -> _Tried:
        """Search under these rules alone, by units, until it is decided, or ``fully``."""
        rows = self._with(rules)
        setting = level(self.problem, rows, 1, _NOTHING)
        blocks = blocks_of(self.problem, rows, setting, self.before, loose=self._loose(rules))

        def decided(value: int, bound: int, _moved: int) -> bool:
            return (
                value <= 0 or (bound > 0 and not fully) or -(-bound // setting.unit) * setting.unit >= value
            )

        run = Coordination(blocks, rows, setting, Watch(self.stop, quiet, decided))
        return _Tried(rows, blocks, setting, run.run())

    def priced(self, tried: _Tried) -> set[str]:
        """Return the rules that have a price in a proof."""
        prices = proven(tried.blocks, tried.found, tried.rows, tried.setting, PROOF).row_price
        return {
            f"norm|{name.split('|', 2)[2]}" if name.startswith("norm|") else name
            for name, price in prices.items()
            if price
        }

    def _loose(self, rules: list[str]) -> frozenset[str]:
        return frozenset(
            rule.removeprefix("norm|")
            for rule in self.rules
            if rule.startswith("norm|") and rule not in rules
        )

    def _with(self, rules: list[str]) -> SideRows:
        """Let the rows that are no rules here ask for nothing."""
        kept = set(rules)
        rows = [
            row if row.id in kept else row._replace(limit=0 if row.floor else ENDLESS)
            for row in self.rows.rows
        ]
        return SideRows(tuple(rows), self.rows.counting, self.rows.pinned)

    def lowered(self) -> list[Relaxation]:
        """Return the floors that the cheapest plan misses, of those that miss as few units as can be."""
        setting = net_cost(self.problem, self.rows)
        blocks = blocks_of(self.problem, self.rows, setting, self.before)
        found = self._run(blocks, self.rows, setting)
        pairs = zip(self.rows.rows, received(self.rows, found.plans), strict=True)
        return [
            Relaxation(row.id, row.limit, got, got, alone=False)
            for row, got in pairs
            if row.floor and got < row.limit
        ]

    def loosened(self, rule: str) -> Relaxation | None:
        """Return the least limit of a budget or cap under which all others can hold; None for other rules."""
        at = next((at for at, row in enumerate(self.rows.rows) if row.id == rule and not row.floor), None)
        if at is None:
            return None
        limit = self.rows.rows[at].limit
        rows = self._with([other for other in self.rules if other != rule])
        setting = level(self.problem, rows, 1, _NOTHING)
        heavy = setting.weights._replace(missed=_HEAVY)
        setting = Setting(heavy, setting.scale, dearest=setting.dearest * _HEAVY)
        blocks = blocks_of(self.problem, rows, setting, self.before)
        run = Coordination(blocks, rows, setting, Watch(self.stop, quiet, _never), toll={at: 1})
        found = run.run()
        used = received(rows, found.plans)
        if any(row.floor and got < row.limit for row, got in zip(rows.rows, used, strict=True)):
            return None  # without the rule the others cannot hold either
        least = found.bound + self.rows.pinned[at]
        return Relaxation(rule, limit, used[at], max(limit + 1, min(least, used[at])), alone=True)

    def _run(self, blocks: Mapping[str, Block], rows: SideRows, setting: Setting) -> Coordinated:
        return Coordination(blocks, rows, setting, Watch(self.stop, quiet, _never)).run()


def _never(_value: int, _bound: int, _moved: int) -> bool:
    return False
