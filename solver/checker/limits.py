"""Side rows and levels that the scenario asks for (`docs/limits.md`): limits, and what counts in them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from typing import TYPE_CHECKING, Final

from solver.checker.baseline import FIXED
from solver.checker.exact import non_negative
from solver.checker.inputs import HOUSED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from solver.checker.inputs import Inputs, Need

BUDGET: Final = "budget"
CHANGES: Final = "changes"  # of a re-plan, what differs from what is left of the baseline
SHORTFALL: Final = "floor_shortfall"  # the names of levels
UNMET: Final = "unmet|"
WORST: Final = "max_min|"
BEST: Final = "max-min"  # in place of a share
STRICT: Final = "strict"  # floors that have a share are met, or there is no plan
COUNTRY: Final = "VN"  # the one group of floors of the whole country


@dataclass(frozen=True)
class Side:
    """A side row, named as in `limits.csv`.

    `most` is what a budget or cap allows, None of a floor. A floor asks for `share` units, its share of the
    demand (None: no share), which may be missed unless it is `hard`; where it is `fair`, the level
    `max_min|key` counts it, and it asks for what the smallest share of that key makes of its demand. It may
    be both.
    """

    id: str
    category: str  # "" where it names none
    key: str
    most: int | None = None
    demand: int = 0
    share: int | None = None
    fair: bool = False
    hard: bool = False

    @property
    def unit(self) -> str:
        """Unit of what it counts."""
        return "VND" if self.id.startswith(BUDGET) else "units"

    @property
    def soft(self) -> bool:
        """Whether units that its share asks for may be missed."""
        return self.share is not None and not self.hard


class Limits:
    """All side rows, sorted by id, and all levels, in their order.

    `mixed` tells whether a row counts in several planned categories; `only` is the one planned category, if
    there is but one; `bent`, whether the plan is not one of least cost alone: rows, levels or pins.
    """

    def __init__(self, inputs: Inputs) -> None:
        scenario = inputs.scenario
        self.coverage = scenario["objective"] == "coverage_first"
        self.floors_of: dict[str, list[str]] = defaultdict(list)  # need -> floors of its groups
        found = {row.id: row for row in _caps(inputs)} | {row.id: row for row in self._floors(inputs)}
        self.rows = dict(sorted(found.items()))
        self.floors = [row for row in self.rows.values() if row.most is None]
        planned = {need.category for need in inputs.needs.values() if need.units}
        self.only = next(iter(planned)) if len(planned) == 1 else ""
        self.mixed = len(planned) > 1 and any(row.category == "" for row in self.rows.values())
        self.levels = [SHORTFALL] * any(row.soft for row in self.floors)
        if self.coverage:
            urgent = {need.priority for need in inputs.needs.values() if need.units}
            self.levels += [f"{UNMET}{priority}" for priority in sorted(urgent)]
        self.levels += [f"{WORST}{key}" for key in sorted({row.key for row in self.floors if row.fair})]
        pinned = scenario["stability"]["pins"] or inputs.baseline.of(FIXED)
        self.bent = bool(self.rows or self.levels or pinned)

    def _floors(self, inputs: Inputs) -> Iterator[Side]:
        """Yield the floors; coverage first asks for the best smallest share of provinces in each category."""
        equity = inputs.scenario["equity"]
        wanted = {(equity["by"], key): [share] for key, share in equity["coverage_floor"].items()}
        for category in sorted({need.category for need in inputs.needs.values()} if self.coverage else ()):
            wanted.setdefault(("province", category), []).append(BEST)
        for (by, key), asked in wanted.items():
            groups: dict[str, list[Need]] = defaultdict(list)
            for need in inputs.needs.values():
                group = {"province": need.province, "priority": str(need.priority)}.get(by, COUNTRY)
                if group and key in keys_of(need):
                    groups[group].append(need)
            share = next((non_negative(one, key) or Fraction(0) for one in asked if one != BEST), None)
            for group, needs in groups.items():
                demand = sum(need.units for need in needs)
                if demand:
                    units = None if share is None else ceil(share * demand)
                    row = f"floor|{by}|{group}|{key}"
                    hard = units is not None and equity["floor_mode"] == STRICT
                    yield Side(row, key.split("/")[0], key, None, demand, units, BEST in asked, hard)
                    for need in needs:
                        self.floors_of[need.id].append(row)

    def caps_of(self, category: str, kind: str) -> list[str]:
        """List the caps on what changes province in which assets of a kind count."""
        return [row for key in (category, f"{category}/{kind}") if (row := f"cross|{key}") in self.rows]

    def budgets_of(self, need: Need) -> list[str]:
        """List the budgets in which what is spent for a need counts."""
        names = (BUDGET, f"{BUDGET}|province|{need.province}", f"{BUDGET}|category|{need.category}")
        return [name for name in names if name in self.rows]


def keys_of(need: Need) -> tuple[str, ...]:
    """Keys of floors that a need is in: its category, and with its purpose (premises) or its only kind."""
    kind = need.kinds[0] if len(need.kinds) == 1 else ""
    names = (need.purpose, kind) if need.category == HOUSED else (kind,)
    return (need.category, *dict.fromkeys(f"{need.category}/{name}" for name in names if name))


def _caps(inputs: Inputs) -> Iterator[Side]:
    limits = inputs.scenario["limits"]
    if inputs.baseline.most is not None:
        yield Side(CHANGES, "", "", inputs.baseline.most)
    if limits["budget_vnd"] is not None:
        yield Side(BUDGET, "", "", _whole(limits["budget_vnd"]))
    for name, amount in limits["budget_vnd_by_province"].items():
        yield Side(f"{BUDGET}|province|{name}", "", name, _whole(amount))
    for name, amount in limits["budget_vnd_by_category"].items():
        yield Side(f"{BUDGET}|category|{name}", name, name, _whole(amount))
    for key, amount in limits["cross_province_max"].items():
        yield Side(f"cross|{key}", key.split("/")[0], key, _whole(amount))


def _whole(amount: object) -> int:
    return int(non_negative(amount, "a limit") or 0)
