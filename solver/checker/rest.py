"""What pins leave of everything that is limited, and what they leave of the plan before a re-plan.

With s_a, d_n, k_a, f_a, k_r, L_r, q_an, c_an, p_n as in `proof.py`:

    s', d', k', L'   what is left beside the units that are pinned                         `left`
    f'_a             cost of using premises a; 0 where a place in it is pinned             `opening`
    b_an             what is left of the baseline. Of an open line whose pair is eligible
                     the most units, at most its own less those pinned of the pair, for
                     which, beside all pins and the b of the lines before it, there is
                     supply or room, demand, and what is left of every norm row, budget
                     and cap. Lines that save most come first (p_n - c_an; then by ids)    `_keep`
    x'_an            units of a transfer beside the pins
    changes          sum over pairs of |x'_an - b_an|                                      `changed`

So the b fit together beside the pins: sum_n b_an <= s'_a (premises: sum_n w_an b_an <= k'_a), and
sum_a b_an <= d'_n. Where there is no baseline, b is 0 and nothing is a change.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from solver.checker.exact import plain
from solver.checker.inputs import HOUSED
from solver.checker.limits import CHANGES
from solver.checker.pairs import ELIGIBLE, STAGES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from solver.checker.baseline import Pair
    from solver.checker.inputs import Asset, Inputs
    from solver.checker.limits import Limits
    from solver.checker.prices import Prices
    from solver.checker.report import Log
    from solver.checker.transfers import Transfer

    Used = Counter[tuple[str, ...]]  # ("asset" | "room" | "need", id), ("norm", commune, key), ("row", id)


def usage(moves: Iterable[Transfer], inputs: Inputs, limits: Limits) -> Used:
    """Add up what transfers, or pins, take of everything that is limited, but for changes."""
    used: Used = Counter()
    for move in moves:
        asset, need, units = move.asset, move.need, move.units
        if asset.category == HOUSED:
            used["room", asset.id] += units * move.load
        else:
            used["asset", asset.id] += units
        used["need", need.id] += units
        for key in inputs.norm_keys(asset.category, asset.kind):
            used["norm", need.commune, key] += units
        for name in limits.budgets_of(need):
            used["row", name] += units * move.spend
        for name in limits.caps_of(asset.category, asset.kind) if asset.province != need.province else ():
            used["row", name] += units
        for name in limits.floors_of.get(need.id, ()):
            used["row", name] += units
    return used


def most_of(name: tuple[str, ...], inputs: Inputs, limits: Limits) -> int | None:
    """Return how much there is of what `usage` counts, or of changes; None of a floor."""
    match name:
        case ("asset", asset):
            return inputs.assets[asset].units
        case ("room", asset):
            return inputs.area_of(inputs.assets[asset])
        case ("need", need):
            return inputs.needs[need].units
        case ("norm", commune, key):
            return inputs.cap(commune, key)
        case _:
            return limits.rows[name[1]].most


def check_limits(used: Used, inputs: Inputs, limits: Limits, log: Log, pins: str = "") -> None:
    """Check supply, room, demand, norms, budgets, caps and changes, of the plan or of what is pinned.

    Of the plan also floors that may not be missed.
    """
    for row in () if pins else limits.floors:
        received, least = used["row", row.id], row.share or 0
        if row.hard and received < least:
            text = f"{received} units, at least {least}"
            log.add("limit_exceeded", "transfers.csv", row.id, text, str(received), str(least))
    for name, amount in used.items():
        most = most_of(name, inputs, limits)
        if most is not None and amount > most:
            per, what = (inputs.unit, "m2") if name[0] == "room" else (1, "units")
            what = limits.rows[name[1]].unit if name[0] == "row" else what
            given, limit = (plain(Fraction(value, per)) for value in (amount, most))
            code = pins or ("limit_exceeded" if name[0] == "row" else f"{name[0]}_exceeded")
            file = "inputs/scenario.json" if pins else "transfers.csv"
            log.add(
                code,
                file,
                "|".join(name if pins and name[0] != "row" else name[1:]),
                f"{given} {what}, at most {limit}",
                given,
                limit,
            )


def opened(transfers: Iterable[Transfer]) -> list[Asset]:
    """List the premises in use: those that receive a place."""
    return [a for a in {move.asset.id: move.asset for move in transfers}.values() if a.category == HOUSED]


class Rest:
    """What pins leave: the problem that the bound is about. Pins that break a limit leave nothing of it.

    Attributes
    ----------
    pins, lines : what is pinned, each pair once, and open lines of the baseline, with their costs;
    pinned : what the pins take; units : those of each pin; kept : b where it is above 0; price : kappa.
    """

    def __init__(self, pins: list[Transfer], lines: list[Transfer], inputs: Inputs, limits: Limits) -> None:
        self.pins, self.lines, self.inputs, self.limits = pins, lines, inputs, limits
        self.pinned = usage(pins, inputs, limits)
        self.units = {pin.pair: pin.units for pin in pins}
        self.opened = {asset.id for asset in opened(pins)}
        self.price = inputs.baseline.price
        self.kept = self._keep()

    def _keep(self) -> dict[Pair, int]:
        """Go through the open lines, and keep of each what fits."""
        used, kept = self.pinned.copy(), dict[tuple[str, str], int]()
        fit = [line for line in self.lines if STAGES.index(line.stage) >= ELIGIBLE]
        for line in sorted(fit, key=lambda line: (line.cost - line.need.weighted, line.pair)):
            units = line.units - self.units.get(line.pair, 0)
            of_one = usage([replace(line, units=1)], self.inputs, self.limits)
            for name, amount in of_one.items():
                most = most_of(name, self.inputs, self.limits)
                if most is not None and amount > 0:
                    units = min(units, (most - used[name]) // amount)
            if units > 0:
                kept[line.pair] = units
                for name, amount in of_one.items():
                    used[name] += units * amount
        return kept

    def left(self, *name: str) -> int:
        """Return what is left of what `usage` counts: s', d', k', or of a norm row, budget or cap."""
        return max(0, (most_of(name, self.inputs, self.limits) or 0) - self.pinned[name])

    def opening(self, asset: Asset) -> int:
        """Return f': premises with a pinned place are open."""
        return 0 if asset.id in self.opened else asset.opening

    def per_change(self, prices: Prices) -> int:
        """Return T: what a change costs, with the price of the row that limits changes."""
        return prices.money * self.price + prices.row.get(CHANGES, 0)

    def changed(self, transfers: Iterable[Transfer]) -> dict[Pair, int]:
        """Return x' - b of a plan where it is not 0; where there was no plan before, nothing changes."""
        if not self.inputs.baseline.replan:
            return {}
        moved: Counter[tuple[str, str]] = Counter()
        for move in transfers:
            moved[move.pair] += move.units
        beside = {pair: max(0, units - self.units.get(pair, 0)) for pair, units in moved.items()}
        changed = {pair: beside.get(pair, 0) - self.kept.get(pair, 0) for pair in {**self.kept, **beside}}
        return {pair: units for pair, units in changed.items() if units}
