"""What a plan must obey, and what its prices prove: the part of the checker that an auditor must read.

Integers from the folder's inputs (`inputs.py`, `distances.py`; `docs/cost.md` in words):

    s_a, d_n   units of asset a, units or places that need n asks for
    k_a, f_a   room of premises a, cost of using it at all                                 `Asset.opening`
    E          eligible pairs (a, n): those that pass every stage of the funnel            `pairs.compare`
    c_an       cost of a unit or place: the sum of its parts, each rounded                 `pairs.cost_of`
    w_an       room that a place takes: its area, or the load of an explicit match         `pairs.compare`
    p_n        price x priority factor: cost of a unit left unmet                          `Need.weighted`
    k_r        cap of a norm row r = (commune, key): max(0, allowed - in use)              `Inputs.cap`
    L_r, q_an  limit of a side row r (`docs/limits.md`), what a unit counts in it          `Limits`, `usage`

A plan moves x_an units and leaves u_n = d_n - sum_a x_an unmet. It is valid when

    x_an > 0 whole, only on pairs of E; c_an < p_n, unless the pair is pinned, the need
    in a group of a floor, or coverage comes first                                         `judge_transfers`
    sum_a x_an <= d_n,    sum of x_an over the pairs of norm row r <= k_r                  `check_limits`
    movables: sum_n x_an <= s_a;    premises: sum_n w_an x_an <= k_a                       `check_limits`
    budgets and caps: sum q_an x_an <= L_r;    every pin: x_an >= its units                `check_pins`
    objective = sum c_an x_an + sum p_n u_n + sum of f_a over premises in use (any x > 0)  `objective_terms`

Floors ask for sum q_an x_an >= L_r. Strict ones are met (`check_limits`); where one may be missed, the
missed units are a level; so are units unmet of a priority, and smallest shares (`levels.py`). V_t is what
this plan attains of level t. The certificate gives prices (`prices.py`) pi_n <= P_n for needs, lambda_r >= 0
for rows, W_t >= 0 for levels counted in units, and nothing else. P_n is p_n + W of the units unmet of n's
priority; lambda of a floor that may be missed is at most W of missing it. What is pinned is taken out
(`Rest`): s', d', k', L' are what it leaves, a pinned building is open (f' = 0), and C is what pins cost. With

    v_an = c_an + sum of lambda_r q_an over norm rows, budgets and caps - the same sum over floors - pi_n

an asset changes the cost by at least (`least`; for premises an exact knapsack of the worths -v_an,
`knapsack.py`)

    movables: g_a = s'_a min(0, min of v_an over all (a, n) in E)
    premises: g_a = min(0, f'_a + min of sum_n v_an x_n over x on E with sum_n w_an x_n <= k'_a, x_n <= d'_n)

    bound = C + sum d'_n pi_n - sum of lambda_r L'_r over norm rows, budgets and caps
              + sum of lambda_r L'_r over floors - sum W_t V_t + sum g_a                   `bound_terms`

No valid plan that attains the levels costs less. To the cost of one add what is not positive: lambda_r
(used_r - L_r) for each cap, lambda_r (L_r - received_r - missed_r) for each floor, W_t (its value - V_t)
for each level, (pi_n - P_n) u_n for each need. The units missed and unmet then count (W - lambda) missed >=
0 and nothing, and with u = d - sum x what is left is C + sum d' pi -+ sum lambda L' - sum W V + sum v x +
sum f', x being what is moved beyond the pins. A movable moves at most s'_a of it, none for less than the
minimum; what goes into a building fits in it, and then f'_a is paid. So asset a adds at least g_a. Where
the prices come from does not matter. They are integers over one denominator: the bound is rounded up. Of
premises it may be raised by trees (`components.py`, `tree.py`), where there are no side rows and no levels.

A level is proven by prices of its own in the same way: money does not count there (c = f = C = 0), p_n is 1
where it counts n's units unmet, lambda of floors that may be missed goes up to 1 where it counts those, and
only levels before it stand. For a smallest share, its floors ask for what any larger share would: where the
formula is above 0, no plan has one. That there is no plan at all is proven like that, too (`conflict.py`).
"""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from solver.checker.exact import plain
from solver.checker.inputs import HOUSED
from solver.checker.rooms import fill

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

    from solver.checker.block import Columns, Pairs
    from solver.checker.inputs import Asset, Inputs, Need
    from solver.checker.levels import Attained
    from solver.checker.limits import Limits
    from solver.checker.prices import Prices
    from solver.checker.report import Log
    from solver.checker.transfers import Transfer

    Term = tuple[tuple[str, str, str], int]  # amount of a category, province, priority
    Used = Counter[tuple[str, ...]]  # ("asset" | "room" | "need", id), ("norm", commune, key), ("row", id)


def usage(moves: Iterable[Transfer], inputs: Inputs, limits: Limits) -> Used:
    """Add up what transfers, or pins, take of everything that is limited."""
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
    """Return how much there is of what `usage` counts; None of a floor."""
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
    """Check supply, room, demand, norms, budgets and caps, of the plan or of what is pinned.

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


class Rest:
    """What pins leave: the problem that the bound is about. Pins that break a limit leave nothing of it."""

    def __init__(self, pins: list[Transfer], inputs: Inputs, limits: Limits) -> None:
        self.pins, self.inputs, self.limits = pins, inputs, limits
        self.pinned = usage(pins, inputs, limits)
        self.opened = {asset.id for asset in opened(pins)}

    def left(self, *name: str) -> int:
        """Return what is left of what `usage` counts: s', d', k', or of a norm row, budget or cap."""
        return max(0, (most_of(name, self.inputs, self.limits) or 0) - self.pinned[name])

    def opening(self, asset: Asset) -> int:
        """Return f': premises with a pinned place are open."""
        return 0 if asset.id in self.opened else asset.opening


def objective_terms(transfers: list[Transfer], inputs: Inputs) -> Iterator[Term]:
    """Yield what the plan costs: transfers, units left unmet, premises in use."""
    unmet = Counter({need.id: need.units for need in inputs.needs.values()})
    for move in transfers:
        unmet[move.need.id] -= move.units
    for need in inputs.needs.values():
        yield need.book, max(0, unmet[need.id]) * need.weighted
    yield from cost_terms(transfers)


def cost_terms(moves: list[Transfer]) -> Iterator[Term]:
    """Yield what transfers, or pins, cost, and the premises in use."""
    for move in moves:
        yield move.need.book, move.units * move.cost
    for asset in opened(moves):
        yield (asset.category, asset.province, ""), asset.opening


def opened(transfers: Iterable[Transfer]) -> list[Asset]:
    """List the premises in use: those that receive a place."""
    return [a for a in {move.asset.id: move.asset for move in transfers}.values() if a.category == HOUSED]


def least(pairs: Pairs, prices: Prices, columns: Columns, rest: Rest) -> dict[str, int]:
    """Return g of each asset over its needs, times the denominator; `pairs` holds all pairs of its assets."""
    assets, money, limits = [columns.assets[i] for i in pairs.assets.tolist()], columns.money, rest.limits

    def net(need: Need) -> int:
        return (
            prices.norms(need, pairs.norms)
            - prices.of(limits.floors_of.get(need.id, ()))
            - prices.need[need.id]
        )

    changes = (
        prices.money * pairs.cost
        + columns.of_needs(("net", prices.level, *pairs.norms), net, money)[pairs.need]
    )
    toll = prices.of(limits.caps_of(pairs.category, pairs.kind))
    if toll:
        changes += pairs.cross.astype(money) * toll
    if columns.inputs.budgets:
        dear = columns.of_needs(("dear", prices.level), lambda n: prices.of(limits.budgets_of(n)), money)
        changes += pairs.spend * dear[pairs.need]
    if pairs.category != HOUSED:
        least_of: NDArray[Any] = np.zeros(len(assets), money)
        np.minimum.at(least_of, pairs.row, changes)
        return {
            a.id: rest.left("asset", a.id) * one for a, one in zip(assets, least_of.tolist(), strict=True)
        }
    floors = [prices.money * rest.opening(asset) for asset in assets]
    rooms = [rest.left("room", asset.id) for asset in assets]
    copies = columns.of_needs(("copies",), lambda n: rest.left("need", n.id), object).tolist()
    saved = fill(pairs, -changes, floors, rooms, copies)
    return {a.id: floor - best for a, floor, best in zip(assets, floors, saved, strict=True)}


def bound_terms(
    inputs: Inputs, prices: Prices, gains: dict[str, int], rest: Rest, attained: Attained
) -> Iterator[Term]:
    """Yield the terms of the bound, times the denominator; `gains` has g of each asset."""
    limits = rest.limits
    for shelf, amount in cost_terms(rest.pins):
        yield shelf, prices.money * amount
    for need in inputs.needs.values():
        yield need.book, rest.left("need", need.id) * prices.need[need.id]
    for name, price in prices.row.items():
        kind, _, tail = name.partition("|")
        if kind == "norm":
            commune, key = tail.split("|", 1)
            province = inputs.communes.get(commune, {}).get("province_code", "")
            yield (key.split("/")[0], province, ""), -price * rest.left("norm", commune, key)
        elif kind == "level":
            for category, units in attained.units[tail].items():
                yield (category, "", ""), -price * units
        elif limits.rows[name].most is not None:
            yield (limits.rows[name].category or limits.only, "", ""), -price * rest.left("row", name)
        else:
            worth = prices.worth(limits.rows[name], attained, rest.pinned["row", name])
            yield (limits.rows[name].category, "", ""), worth
    for asset in inputs.assets.values():
        yield (asset.category, asset.province, ""), gains[asset.id]


def bound_of(inputs: Inputs, prices: Prices, gains: dict[str, int], rest: Rest, attained: Attained) -> int:
    """Return the bound, rounded up."""
    return -(-sum(amount for _, amount in bound_terms(inputs, prices, gains, rest, attained)) // prices.scale)
