r"""The exact sparse flow: optimal over all eligible pairs, holding only a few of them.

Repeat: (1) solve the flow on the pairs held; (2) compute its exact prices; (3) price all pairs; (4) add
those that would lower the cost. When step 3 finds none the flow is optimal over all pairs, and the prices
prove it: with pi_j = y_j - mu_row(j) and lambda_r = mu_parent(r) - mu_r,

    bound = sum_j d_j pi_j - sum_r lambda_r k_r + sum_i s_i min(0, min_j (c_ij - y_j))  =  objective,

lambda_r k_r becoming -mu l_r where lambda_r = -mu < 0: the price mu of the row's floor.

For prices of any round the same sum is a valid lower bound (Lagrangian duality), so the gap is known from
the first round on.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from solver.errors import BackendError
from solver.flow.market import Arcs, Market, pick
from solver.flow.network import solve_network, widest_clamp
from solver.flow.prices import exact_prices, values_of
from solver.flow.pricing import best_offers, best_wants
from solver.flow.rows import NOTHING
from solver.flow.start import (
    NEAREST_PRICED,
    PER_SHARE,
    coarsen,
    guided_pairs,
    merge_pairs,
    nearest_pairs,
    pairs_of_offers,
    pairs_of_wants,
)
from solver.flow.state import Flow, Prices, floors_of, missed

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from solver.flow.market import Ints, Small

#: Cheapest pairs added per asset class and round; per unmet need and round.
ADDED = 6
ASKED = 32
#: A coarse market needs prices, not proof: stop when this share of its classes still has a better pair.
_COARSE_ENOUGH = 0.01
#: First clamp of reduced costs [VND]; multiplied until the exact prices agree.
_FIRST_CLAMP = 1 << 24
_CLAMP_STEP = 1 << 10


@dataclass(frozen=True)
class Round:
    """What is known after a round.

    The best plan so far and the best bound so far [VND]; ``bound`` None = none yet; ``work`` = pairs looked
    at.
    """

    number: int
    objective: int
    bound: int | None
    pairs: int
    work: int


@dataclass(frozen=True)
class Solution:
    """The flow found, the prices of the best bound, and whether the two meet.

    Attributes
    ----------
    arcs, flow : the pairs held and their units; prices : of the best bound; objective, bound : VND; rounds
    : solved; pairs_priced : pairs looked at (the measure of work, in pairs); still : need classes whose plan
    was known and proven without being solved, None for none.
    """

    arcs: Arcs
    flow: Flow
    prices: Prices
    objective: int
    bound: int
    rounds: int
    pairs_priced: int
    still: NDArray[np.bool_] | None = None

    @property
    def optimal(self) -> bool:
        """Whether the bound equals the objective."""
        return self.bound == self.objective


def total(units: Ints, each: Ints) -> int:
    """Sum units x each exactly, in Python integers where int64 might overflow."""
    if len(units) == 0:
        return 0
    peak = int(np.abs(units).max()) * int(np.abs(each).max())
    if peak * len(units) < 1 << 62:
        return int((units * each).sum())
    return sum(int(u) * int(e) for u, e in zip(units.tolist(), each.tolist(), strict=True) if u)


def objective_of(market: Market, arcs: Arcs, flow: Flow) -> int:
    """Cost of the pairs used, the price of what stays unmet and the penalty of floors missed [VND / S]."""
    cost = total(flow.units, arcs.cost) + total(market.wants.demand - flow.got, market.wants.price)
    return cost + market.penalty * int(missed(market, flow).sum())


def bound_of(market: Market, prices: Prices, offer_values: Ints) -> int:
    """Lagrangian bound of prices whose asset values hold over all pairs [VND / S]."""
    wants, rows = market.wants, market.rows
    row_price = prices.row
    above = np.zeros_like(prices.want)
    if len(rows.cap):
        above = np.where(wants.row >= 0, row_price[wants.row], 0)
    parent = np.where(rows.parent >= 0, row_price[rows.parent], 0) if len(rows.cap) else row_price
    price = parent - row_price
    return (
        total(wants.demand, prices.want - above)
        - total(rows.cap, np.maximum(price, 0))
        + total(floors_of(market)[0], np.maximum(-price, 0))
        - total(market.offers.supply, offer_values)
    )


def empty_prices(market: Market) -> Prices:
    """Prices at which everything is left unmet."""
    return Prices(
        market.wants.price.copy(),
        np.zeros(len(market.rows.cap), np.int64),
        np.zeros(market.n_offers, np.int64),
    )


def proven_flow(market: Market, arcs: Arcs, prices: Prices, *, guess: bool = False) -> tuple[Flow, Prices]:
    """Solve on the pairs held and prove it there, widening the clamp until exact prices exist.

    Prices that are a mere ``guess`` make no costs small: then the clamp is wide at once.
    """
    widest = widest_clamp(market)
    clamp = widest if guess else min(_FIRST_CLAMP, widest)
    while True:
        flow = solve_network(market, arcs, prices, clamp)
        exact = exact_prices(market, arcs, flow)
        if exact is not None:
            return flow, exact
        if clamp >= widest:
            raise BackendError("SimpleMinCostFlow", "an OPTIMAL flow has no prices that prove it")
        clamp = min(clamp * _CLAMP_STEP, widest)


def _ask_for_unmet(
    market: Market, arcs: Arcs, flow: Flow, prices: Prices, found: Small
) -> tuple[Arcs, Prices] | None:
    """Let the needs left unmet call the cheapest assets, if assets would run to them; return calmer prices.

    The price of such a need is that of leaving it unmet, at which every asset of the country would run to
    it; the price of the last asset called is nearer the truth, and any price is valid in the bound.
    """
    unmet = (flow.got < market.wants.demand) & (market.wants.row < 0)
    if not unmet[found[found >= 0]].any():
        return None
    asked = np.flatnonzero(unmet).astype(np.int32)
    keys, near = best_offers(market, prices.offer, asked, prices.want[asked], ASKED)
    arcs = merge_pairs(market, arcs, *pairs_of_offers(asked, near))
    calmer = prices.want.copy()
    calmer[asked] = np.minimum(calmer[asked], keys[:, -1])
    return arcs, Prices(calmer, prices.row, values_of(market, arcs, calmer))


def _start(market: Market) -> tuple[Arcs, Prices, bool]:
    """Find first pairs and first prices, and whether the prices are a mere guess."""
    coarse = coarsen(market)
    if coarse is None:
        arcs = nearest_pairs(market)
        unmet = empty_prices(market)
        return arcs, Prices(unmet.want, unmet.row, values_of(market, arcs, unmet.want)), True
    rough = solve_market(coarse[0], enough=_COARSE_ENOUGH)
    no_limit = np.full(market.n_offers, NOTHING - 1, np.int64)
    keys, found = best_wants(market, rough.prices.want, no_limit, NEAREST_PRICED)
    arcs = guided_pairs(market, found, coarse[1], pick(rough.arcs, rough.flow.units > 0))
    return arcs, Prices(rough.prices.want, rough.prices.row, np.maximum(0, -keys[:, 0])), False


def _resume(market: Market, start: Solution) -> tuple[Arcs, Prices, bool]:
    """Begin with the pairs and prices of another solution of the same classes."""
    arcs = merge_pairs(market, None, start.arcs.offer, start.arcs.want)
    prices = start.prices
    return arcs, Prices(prices.want, prices.row, values_of(market, arcs, prices.want)), False


def solve_market(
    market: Market,
    *,
    start: Solution | None = None,
    enough: float = 0.0,
    on_round: Callable[[Round], None] | None = None,
    stop: Callable[[], bool] | None = None,
) -> Solution:
    """Solve one category to proven optimality, or as far as ``stop`` allows.

    Parameters
    ----------
    start : of a market of the same classes, with other prices, rates or floors: fewer rounds are left.
    enough : stop early when at most this share of the asset classes still has a better pair (coarse markets
    only). on_round : called after every round; stop : asked after every round, True keeps the best plan so
    far.
    """
    if market.listed is not None:
        return _solve_listed(market, market.listed, on_round)
    arcs, prices, guess = _start(market) if start is None else _resume(market, start)
    everything = market.n_offers * market.n_wants
    added = ADDED + PER_SHARE * (market.n_wants // max(1, market.n_offers))
    best: Solution | None = None
    rounds, priced = 0, everything
    while True:
        rounds += 1
        flow, exact = proven_flow(market, arcs, prices, guess=guess and rounds == 1)
        cost = objective_of(market, arcs, flow)
        held, prices = arcs, exact
        keys, found = best_wants(market, prices.want, -prices.offer - 1, added)
        priced += everything
        calmed = _ask_for_unmet(market, arcs, flow, prices, found)
        if calmed is not None:
            arcs, prices = calmed
            keys, found = best_wants(market, prices.want, -prices.offer - 1, added)
            priced += 2 * everything
        values = np.maximum(prices.offer, -keys[:, 0])
        bound = bound_of(market, prices, values)
        proof = Prices(prices.want, prices.row, values)
        if best is not None and best.bound >= bound:
            bound, proof = best.bound, best.prices
        best = Solution(held, flow, proof, cost, bound, rounds, priced)
        if on_round is not None:
            on_round(Round(rounds, cost, bound, len(arcs.offer), priced))
        better = int((keys[:, 0] < NOTHING).sum())
        if (
            best.optimal
            or (calmed is None and better <= enough * market.n_offers)
            or (stop is not None and stop())
        ):
            return best
        arcs = merge_pairs(market, arcs, *pairs_of_wants(found))
        if market.change:
            # What is kept leaves prices room: the highest call assets from far. Let the needs called answer.
            asked = np.unique(found[found >= 0]).astype(np.int32)
            _, near = best_offers(market, prices.offer, asked, prices.want[asked], ASKED)
            arcs = merge_pairs(market, arcs, *pairs_of_offers(asked, near))
        prices = Prices(prices.want, prices.row, values)


def _solve_listed(market: Market, listed: Arcs, on_round: Callable[[Round], None] | None) -> Solution:
    """Solve a market whose pairs are all given: one exact round."""
    keep = listed.cost < market.wants.ceiling[listed.want]
    arcs = pick(listed, keep)
    guess = market.wants.price.copy()
    np.minimum.at(guess, arcs.want, arcs.cost)
    start = Prices(guess, np.zeros(len(market.rows.cap), np.int64), values_of(market, arcs, guess))
    flow, prices = proven_flow(market, arcs, start, guess=True)
    cost = objective_of(market, arcs, flow)
    bound = bound_of(market, prices, prices.offer)
    if on_round is not None:
        on_round(Round(1, cost, bound, len(arcs.offer), len(listed.offer)))
    return Solution(arcs, flow, prices, cost, bound, 1, len(listed.offer))
