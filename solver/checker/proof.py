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
    b_an       of a re-plan: what is left of the plan before it (`docs/replan.md`), else 0 `rest.Rest`
    kappa, K   of a re-plan: price of a change, most changes; else 0, and no such row      `Baseline`

A plan moves x_an units and leaves u_n = d_n - sum_a x_an unmet; x'_an is what it moves beside the pins (of
a re-plan also what is signed or carried out), changes = sum of |x'_an - b_an|. It is valid when

    x_an > 0 whole, only on pairs of E; c_an < p_n, unless the pair is pinned, b_an > 0,
    the need in a group of a floor, or coverage comes first                                `judge_transfers`
    sum_a x_an <= d_n,    sum of x_an over the pairs of norm row r <= k_r                  `check_limits`
    movables: sum_n x_an <= s_a;    premises: sum_n w_an x_an <= k_a                       `check_limits`
    budgets and caps: sum q_an x_an <= L_r;    changes <= K                                `check_limits`
    every pin: x_an >= its units                                                           `check_pins`
    objective = sum c_an x_an + sum p_n u_n + sum of f_a over premises in use (any x > 0)
              + kappa changes                                                              `objective_terms`

Floors ask for sum q_an x_an >= L_r. Strict ones are met (`check_limits`); where one may be missed, the
missed units are a level; so are units unmet of a priority, and smallest shares (`levels.py`). V_t is what
this plan attains of level t. The certificate gives prices (`prices.py`) pi_n <= P_n for needs, lambda_r >= 0
for rows, W_t >= 0 for levels counted in units, and nothing else. P_n is p_n + W of the units unmet of n's
priority; lambda of a floor that may be missed is at most W of missing it. What is pinned is taken out
(`Rest`): s', d', k', L' are what it leaves, a pinned building is open (f' = 0), and C is what pins cost.
T = kappa + lambda of the row `changes`, of which L' = K. With

    v_an = c_an + sum of lambda_r q_an over norm rows, budgets and caps - the same sum over floors - pi_n

an asset changes the cost by at least (`least`)

    movables: g_a = min of sum_n (v_an x_n + T |x_n - b_an|) over whole x >= 0 on E with sum_n x_n <= s'_a
    premises: g_a = min of (f'_a if any x_n > 0) + sum_n (v_an x_n + T |x_n - b_an|)
                    over whole x >= 0 on E with sum_n w_an x_n <= k'_a, x_n <= d'_n

    bound = C + sum d'_n pi_n - sum of lambda_r L'_r over norm rows, budgets, caps and changes
              + sum of lambda_r L'_r over floors - sum W_t V_t + sum g_a                   `bound_terms`

No valid plan that attains the levels costs less. To the cost of one add what is not positive: lambda_r
(used_r - L_r) for each cap, lambda (changes - K), lambda_r (L_r - received_r - missed_r) for each floor, W_t
(its value - V_t) for each level, (pi_n - P_n) u_n for each need. The units missed and unmet then count
(W - lambda) missed >= 0 and nothing, and with u = d - sum x what is left is C + sum d' pi -+ sum lambda L' -
sum W V + sum v x' + T changes + sum f'. Changes are a sum over assets, too. A movable moves at most s'_a
beside the pins; what goes into a building fits in it, with at most d'_n places of need n, and then f'_a is
paid. So asset a adds at least g_a. Where the prices come from does not matter. They are integers over one
denominator: the bound is rounded up. Of premises it may be raised by trees (`components.py`, `tree.py`),
where there are no side rows and no levels.

How g_a is found. The first b_an units of a pair cost v - T each and every further one v + T, and T b_an in
any case. No unit of a movable is worth more elsewhere than m = min(0, least of v + T), without limit; since
sum_n b_an <= s'_a, each unit of b_an has its own place or earns m:

    g_a = s'_a m + sum_n b_an min(T, v_an - m),    without a baseline  s'_a min(0, least of v)

Of premises it is a knapsack (`knapsack.py`), exact, of b_an places worth T - v and d'_n - b_an worth -v - T.

A level is proven by prices of its own in the same way: money does not count there (c = f = C = kappa = 0),
p_n is 1 where it counts n's units unmet, lambda of floors that may be missed goes up to 1 where it counts
those, and only levels before it stand. For a smallest share, its floors ask for what any larger share would:
where the formula is above 0, no plan has one. That there is no plan at all is proven like that, too
(`conflict.py`).
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np

from solver.checker.inputs import HOUSED
from solver.checker.rest import opened
from solver.checker.rooms import fill

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from solver.checker.baseline import Pair
    from solver.checker.block import Columns, Pairs
    from solver.checker.inputs import Inputs, Need
    from solver.checker.levels import Attained
    from solver.checker.prices import Prices
    from solver.checker.rest import Rest
    from solver.checker.transfers import Transfer

    Term = tuple[tuple[str, str, str], int]  # amount of a category, province, priority


def objective_terms(transfers: list[Transfer], inputs: Inputs, rest: Rest) -> Iterator[Term]:
    """Yield what the plan costs: transfers, units left unmet, premises in use, changes."""
    unmet = Counter({need.id: need.units for need in inputs.needs.values()})
    for move in transfers:
        unmet[move.need.id] -= move.units
    for need in inputs.needs.values():
        yield need.book, max(0, unmet[need.id]) * need.weighted
    yield from cost_terms(transfers)
    yield from change_terms(rest.changed(transfers), rest)


def cost_terms(moves: list[Transfer]) -> Iterator[Term]:
    """Yield what transfers, or pins, cost, and the premises in use."""
    for move in moves:
        yield move.need.book, move.units * move.cost
    for asset in opened(moves):
        yield (asset.category, asset.province, ""), asset.opening


def change_terms(changed: Mapping[Pair, int], rest: Rest) -> Iterator[Term]:
    """Yield what changes cost: `changed` has x' - b of pairs."""
    for (_, need), units in changed.items():
        yield rest.inputs.needs[need].book, rest.price * abs(units)


def least(pairs: Pairs, prices: Prices, columns: Columns, rest: Rest) -> dict[str, int]:
    """Return g of each asset over its needs, times the denominator; `pairs` holds all pairs of its assets."""
    assets, money, limits = [columns.assets[i] for i in pairs.assets.tolist()], columns.money, rest.limits

    def net(need: Need) -> int:
        return (
            prices.norms(need, pairs.norms)
            - prices.of(limits.floors_of.get(need.id, ()))
            - prices.need[need.id]
        )

    values = (
        prices.money * pairs.cost
        + columns.of_needs(("net", prices.level, *pairs.norms), net, money)[pairs.need]
    )
    toll = prices.of(limits.caps_of(pairs.category, pairs.kind))
    if toll:
        values += pairs.cross.astype(money) * toll
    if columns.inputs.budgets:
        dear = columns.of_needs(("dear", prices.level), lambda n: prices.of(limits.budgets_of(n)), money)
        values += pairs.spend * dear[pairs.need]
    turn, at = rest.per_change(prices), np.flatnonzero(pairs.kept)  # T; pairs that have something of b
    cells = [column[at].tolist() for column in (pairs.row, pairs.kept, values)]
    if pairs.category != HOUSED:
        least_of: NDArray[Any] = np.zeros(len(assets), money)
        np.minimum.at(least_of, pairs.row, values + turn if turn else values)
        elsewhere = least_of.tolist()  # m
        found = [rest.left("asset", a.id) * one for a, one in zip(assets, elsewhere, strict=True)]
        for i, units, value in zip(*cells, strict=True):
            found[i] += units * min(turn, value - elsewhere[i])
    else:
        floors = [prices.money * rest.opening(asset) for asset in assets]
        rooms = [rest.left("room", asset.id) for asset in assets]
        copies = columns.of_needs(("copies",), lambda n: rest.left("need", n.id), object).tolist()
        saved = fill(pairs, -values - turn, floors, rooms, copies, more=2 * turn)
        found = [floor - best for floor, best in zip(floors, saved, strict=True)]
        for i, units, _ in zip(*cells, strict=True):
            found[i] += turn * units
    return {asset.id: one for asset, one in zip(assets, found, strict=True)}


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
