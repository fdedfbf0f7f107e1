"""Levels: what comes before the cost, what the plan attains of it, and what is proven of it."""

from __future__ import annotations

from collections import Counter, defaultdict
from fractions import Fraction
from typing import TYPE_CHECKING

from solver.checker.limits import SHORTFALL, UNMET, WORST

if TYPE_CHECKING:
    from collections.abc import Mapping

    from solver.checker.inputs import Inputs
    from solver.checker.limits import Limits, Side
    from solver.checker.report import Log
    from solver.checker.rest import Used


class Attained:
    """What a plan makes of the levels.

    Attributes
    ----------
    units : level counted in units -> category -> units missed or unmet; worst : key -> smallest share met.
    """

    def __init__(self, used: Used, inputs: Inputs, limits: Limits) -> None:
        self.units: dict[str, Counter[str]] = defaultdict(Counter)
        self.worst: dict[str, Fraction] = {}
        for row in limits.floors:
            received = used["row", row.id]
            if row.soft:
                self.units[SHORTFALL][row.category] += max(0, (row.share or 0) - received)
            if row.fair:
                share = Fraction(received, row.demand)
                self.worst[row.key] = min(share, self.worst.get(row.key, share))
        for need in inputs.needs.values():
            self.units[f"{UNMET}{need.priority}"][need.category] += max(0, need.units - used["need", need.id])

    def value(self, level: str) -> int | Fraction:
        """Return what the plan attains: units, or a share."""
        if level.startswith(WORST):
            return self.worst[level.removeprefix(WORST)]
        return self.units[level].total()

    def asked(self, row: Side, level: str = "") -> int:
        """Units that a fair floor asks for; where its own level is being proven, those of a larger share."""
        whole, rest = divmod(self.worst[row.key].numerator * row.demand, self.worst[row.key].denominator)
        return whole + 1 if level == f"{WORST}{row.key}" else whole + (rest > 0)

    def limit(self, row: Side) -> int:
        """Limit of a row, as in `limits.csv`."""
        if row.most is not None:
            return row.most
        return max(row.share or 0, self.asked(row) if row.fair else 0)


def proven(level: str, attained: Attained, proof: int) -> int | Fraction:
    """Return what is proven of a level, from what the formula gives for its prices: no units are below 0."""
    if level.startswith(WORST):
        return attained.value(level) if proof > 0 else Fraction(1)
    return max(0, proof)


def check_levels(
    given: object, limits: Limits, attained: Attained, bounds: Mapping[str, int], log: Log
) -> bool:
    """Compare `levels` of plan.json; tell whether all of them are proven."""
    closed, rows = True, given if isinstance(given, list) else [given]
    wants = list[tuple[str, dict[str, str | int]]]()
    for level in limits.levels:
        value, bound = attained.value(level), proven(level, attained, bounds[level])
        closed = closed and value == bound
        shown = [str(one) if isinstance(one, Fraction) else one for one in (value, bound)]
        wants.append((level, {"name": level, "value": shown[0], "bound": shown[1]}))
    if len(rows) != len(wants) or not isinstance(given, list):
        log.add("levels", "plan.json", "levels", f"is {given!r:.80}, should be {limits.levels!r:.200}")
    for (level, want), row in zip(wants, rows, strict=False):
        if not isinstance(row, dict) or set(row) != set(want):
            log.add("levels", "plan.json", level, f"is {row!r:.80}, should be {want!r:.120}")
            continue
        for key, cell in want.items():
            log.same("levels", "plan.json", f"levels.{level}.{key}", cell, row[key])
    return closed
