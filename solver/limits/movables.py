r"""A category of movables as a block: the network at prices of side rows, and the ways between its plans.

Two flows of one network differ by cycles. Taken so that each only adds where the other flow has more and
takes where it has less, any choice of them leads to a flow between the two: supply, demand, caps hold for
each arc, so they hold for every choice.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from solver.flow.market import ANY_COST, Arcs, pick
from solver.flow.pricing import measure, pairs_at_most
from solver.flow.solve import Solution, solve_market
from solver.flow.state import floors_of, missed, totals
from solver.limits.block import PRIORITIES, Answer, Piece, PricePart
from solver.limits.cycles import cycles
from solver.limits.movables_still import solve_beside, still_part
from solver.limits.movables_tree import floored, paid
from solver.problem.classes import first_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from solver.flow.market import Ints, Market
    from solver.flow.solve import Round
    from solver.limits.block import Weights
    from solver.limits.movables_still import Still
    from solver.limits.rows import SideRows
    from solver.problem.baseline import Baseline
    from solver.problem.problem import Category


#: Pairs of classes that are looked at one by one at most.
_HELD = 20_000_000


class Deal(NamedTuple):
    """Units that a cycle moves: of pairs of classes (offer, want), one entry each."""

    offer: Ints
    want: Ints
    units: Ints


@dataclass
class MovableBlock:
    """A category of movables that answers to prices.

    Attributes
    ----------
    category; rows : side rows; weights; scale : S; heard : told after each round of solving; loose : keys of
    norms that do not hold; last : solution that the next one starts from; before : the plan before, of a
    re-plan.
    """

    category: Category
    rows: SideRows
    weights: Weights
    scale: int
    heard: Callable[[Round], None] | None = None
    loose: frozenset[str] = frozenset()
    last: Solution | None = None
    before: Baseline | None = None

    def __post_init__(self) -> None:
        """Look up what does not depend on prices."""
        offers, wants = first_rows(self.category.classes)
        self._offers, self._wants = offers, wants
        self.base = floored(self.category, self.rows, self.scale * self.weights.missed, self.loose)
        self.floors, _ = floors_of(self.base)
        self._count = self.rows.counting[self.category.name]
        #: Units that the plan before has in what is planned anew.
        self._before = (
            0
            if self.category.keeps is None
            else int(self.base.offers.supply[self.base.offers.kept >= 0].sum())
        )
        groups = self.category.tree.group
        index = {row.id: at for at, row in enumerate(self.rows.rows)}
        self.own = {
            index[name] for name, at in zip(self.category.groups.ids, groups.tolist(), strict=True) if at >= 0
        }

    def market(self, prices: Sequence[int]) -> Market:
        """Return the market at prices of the rows [VND / S]; those of its own floors are passed over."""
        market, weights = self.base, self.weights
        price = np.array([0 if at in self.own else one for at, one in enumerate(prices)] + [0], np.int64)
        count, lead = self._count, self._wants
        spend, premium = (price[columns[lead]].sum(axis=1) for columns in (count.spend, count.floor))
        cross = price[count.cross].sum(axis=1)
        change = self._change(prices)
        unmet = self._without_floors() + premium + change
        wants = market.wants._replace(
            price=unmet,
            rate=self.scale * weights.cost + spend,
            ceiling=np.where(paid(market), ANY_COST, unmet),
        )
        market = replace(market, wants=wants, scale=self.scale * weights.cost, change=change)
        if market.listed is not None:
            listed = market.listed
            i, j = self._offers[listed.offer], self._wants[listed.want]
            far = self.category.assets.province[i] != self.category.needs.province[j]
            own = self.scale * weights.cost * self.category.unit_cost(i, j)
            cost = own + spend[j] * self.category.unit_spend(i, j) + cross[i] * far
            cost += 2 * change * (self.category.turns(i, j) > 0)
            return replace(market, listed=listed._replace(cost=cost))
        kind = np.zeros(len(market.kinds.surcharge), np.int64)
        kind[self.category.assets.kind] = cross
        charge = market.kinds.surcharge
        crossing = np.where(charge < 0, charge, self.scale * weights.cost * charge + kind)
        return replace(market, kinds=market.kinds._replace(surcharge=crossing))

    def _change(self, prices: Sequence[int]) -> int:
        """Return T, what a change costs at prices of the rows [VND / S]."""
        row = self.rows.changes
        return self.scale * self.weights.change + (prices[row] if row >= 0 else 0)

    def answer(self, prices: Sequence[int], stop: Callable[[], bool]) -> Answer:
        """Return a plan and a bound at prices of the rows [VND / S]."""
        market = self.market(prices)
        still = self._still(market)
        if still is None:
            solution = solve_market(market, start=self.last, on_round=self.heard, stop=stop)
        else:
            solution = solve_beside(market, still, self.heard, stop)
        self.last = solution
        told = self._told(market, solution)
        # The market pays a floor outside its tree for what stays unmet; the rows count what is received.
        # All its prices are a change higher (``solver.flow.market``).
        paid = _dot(market.wants.demand, market.wants.price - self._without_floors())
        dropped = self.scale * self.weights.change * self._before
        return replace(told, bound=told.bound - paid + dropped)

    def _still(self, market: Market) -> Still | None:
        """Return what an update does not touch, where prices of rows and levels do not touch it either."""
        if self.before is None or self.last is not None or self.rows.rows or not self.weights.cost:
            return None
        return still_part(self.category, market, self._wants, self.before)

    def nothing(self) -> Answer:
        """Return the plan that moves nothing but what is pinned; it proves nothing."""
        market = self.market([0] * len(self.rows.rows))
        none = np.zeros(0, np.int64)
        arcs = Arcs(none.astype(np.int32), none.astype(np.int32), none, none)
        prices = self.last.prices if self.last is not None else None
        if prices is None:
            raise TypeError("asked before any answer")
        return self._told(market, Solution(arcs, totals(market, arcs, none), prices, 0, 0, 0, 0))

    def kept(self) -> Answer:
        """Return what is left of the plan before; it proves nothing."""
        offers = self.base.offers
        at = np.flatnonzero(offers.kept >= 0)
        held = dict(
            zip(
                zip(at.tolist(), offers.kept[at].tolist(), strict=True),
                offers.supply[at].tolist(),
                strict=True,
            )
        )
        return self.holding(self.nothing(), held)

    def prices(self, proof: Answer) -> PricePart:
        """Return the prices that prove an answer's bound.

        With the effective prices y and row sums mu of ``solver.flow.prices`` pi_n = y - mu(row of n), less
        what floors outside the tree add, and lambda_r = mu(parent of r) - mu(r), of floors mu(r) -
        mu(parent of r).
        """
        market, prices, category = proof.proof, proof.plan.prices, self.category
        own = np.append(prices.row, 0)  # index -1: the root
        premium = market.wants.price - self._without_floors()
        price = (prices.want - own[market.wants.row] - premium)[category.classes.want_of]
        row_price = (own[market.rows.parent] - prices.row).tolist() if len(prices.row) else []
        names = [*category.norms.ids, *([""] * (len(row_price) - len(category.norms.ids)))]
        for name, row in zip(category.groups.ids, category.tree.group.tolist(), strict=True):
            if row >= 0:
                names[row] = name
                row_price[row] = -row_price[row]
        needs = dict(zip(category.needs.ids.tolist(), price.tolist(), strict=True))
        return PricePart(self.scale, needs, dict(zip(names, row_price, strict=True)))

    def _without_floors(self) -> Ints:
        """Price of a unit left unmet, by need class, before the prices of floors outside the tree."""
        needs, lead = self.category.needs, self._wants
        bonus = np.array(self.weights.unmet, np.int64)[needs.priority[lead] - 1]
        price: Ints = self.scale * (self.weights.cost * needs.price[lead] + bonus)
        return price

    def _told(self, market: Market, solution: Solution) -> Answer:
        flow, needs = solution.flow, self.category.needs
        moved = flow.units > 0
        used = pick(solution.arcs, moved)
        i, j, units = self._offers[used.offer], self._wants[used.want], flow.units[moved]
        short = market.wants.demand - flow.got
        unmet = [0] * PRIORITIES
        for priority, count in zip(needs.priority[self._wants].tolist(), short.tolist(), strict=True):
            unmet[priority - 1] += count
        cost = _dot(units, self.category.unit_cost(i, j))
        changed = self.weights.change * (self._before + _dot(units, self.category.turns(i, j)))
        return Answer(
            cost + _dot(short, needs.price[self._wants]) + changed,
            tuple(self.rows.used(self.category, i, j, units)),
            int(missed(market, flow).sum()),
            tuple(unmet),
            solution.bound,
            solution,
            market,
            cost,
        )

    def fill(self, answer: Answer, left: Sequence[int]) -> Answer:
        """Return the plan as it is: ways between plans and the last programme leave nothing to add."""
        del left
        return answer

    def within(self, proof: Answer, slack: int, most: int) -> Arcs | None:
        """List the pairs of reduced cost below ``slack`` [VND / S] at a proof's prices; None beyond ``most``.

        A pair of reduced cost r costs any plan that uses it r more than the bound.
        """
        market, prices = proof.proof, proof.plan.prices
        # At these prices a pair may cost more than leaving its need unmet, and yet be in the best plan.
        market = replace(market, wants=market.wants._replace(ceiling=np.full(market.n_wants, ANY_COST)))
        if market.n_offers * market.n_wants > _HELD:
            return None
        if market.listed is not None:
            arcs = market.listed
            arcs = pick(arcs, arcs.cost - prices.want[arcs.want] + prices.offer[arcs.offer] < slack)
        else:
            offer, want = pairs_at_most(market, prices.want, slack - 1 - prices.offer)
            arcs = Arcs(offer, want, *measure(market, offer, want))
        return arcs if len(arcs.offer) <= most else None

    def measured(self, arcs: Arcs) -> tuple[Ints, Ints, list[list[int]]]:
        """Return what a unit of each pair costs, what serving its need spares, its use of the rows."""
        i, j = self._offers[arcs.offer], self._wants[arcs.want]
        ones = np.ones(1, np.int64)
        used = [self.rows.used(self.category, i[e : e + 1], j[e : e + 1], ones) for e in range(len(i))]
        weights, needs = self.weights, self.category.needs
        gain = weights.cost * needs.price[j] + np.array(weights.unmet, np.int64)[needs.priority[j] - 1]
        return self._cost(i, j), gain, used

    def pieces(self, base: Answer, other: Answer) -> list[Piece]:
        """Split the way from one plan to another into cycles."""
        market = self.base
        found = []
        for choice, (offer, want, units, most, gained) in enumerate(
            cycles(market, self.floors, _units(base.plan), _units(other.plan))
        ):
            i, j = self._offers[offer], self._wants[want]
            received = np.zeros(market.n_wants, np.int64)
            np.add.at(received, want, units)
            changed = np.flatnonzero(received)
            cost = _dot(units, self._cost(i, j))
            cost -= _dot(received[changed], self.category.needs.price[self._wants[changed]])
            used = tuple(self.rows.used(self.category, i, j, units))
            bonus = self._unmet_of(changed, -received[changed])
            found.append(Piece(choice, most, cost, used, -gained, bonus, Deal(offer, want, units)))
        return found

    def _cost(self, i: Ints, j: Ints) -> Ints:
        """Return what a unit of pairs costs, with the change that it is [VND]."""
        cost: Ints = self.category.unit_cost(i, j) + self.weights.change * self.category.turns(i, j)
        return cost

    def _unmet_of(self, wants: Ints, units: Ints) -> tuple[int, ...]:
        unmet = [0] * PRIORITIES
        for priority, count in zip(
            self.category.needs.priority[self._wants[wants]].tolist(), units.tolist(), strict=True
        ):
            unmet[priority - 1] += count
        return tuple(unmet)

    def changed(self, base: Answer, pieces: Sequence[tuple[Piece, int]]) -> Answer:
        """Make changes, each so many times; bound and proof stay those of ``base``."""
        held = _units(base.plan)
        for piece, times in pieces:
            deal = piece.change
            for offer, want, units in zip(
                deal.offer.tolist(), deal.want.tolist(), deal.units.tolist(), strict=True
            ):
                held[offer, want] = held.get((offer, want), 0) + times * units
        return self.holding(base, held)

    def holding(self, base: Answer, held: dict[tuple[int, int], int]) -> Answer:
        """Return the plan with these units by pair of classes; bound and proof stay those of ``base``."""
        pairs = sorted(pair for pair, count in held.items() if count)
        offer, want = (np.array([pair[side] for pair in pairs], np.int32) for side in (0, 1))
        units = np.array([held[pair] for pair in pairs], np.int64)
        metres = self.category.metres.of(
            self.category.assets, self.category.needs, self._offers[offer], self._wants[want]
        )
        arcs = Arcs(offer, want, self.category.unit_cost(self._offers[offer], self._wants[want]), metres)
        return self.with_plan(base, replace(base.plan, arcs=arcs, flow=totals(self.base, arcs, units)))

    def again(self, plan: Answer) -> Answer:
        """Tell a plan of a like block, made with other weights, as this block tells its own."""
        return self.with_plan(plan, plan.plan)

    def with_plan(self, base: Answer, solution: Solution) -> Answer:
        """Return another plan of this block; bound and proof stay those of ``base``."""
        told = self._told(self.base, solution)
        return replace(told, bound=base.bound, proof=base.proof)


def _units(solution: Solution) -> dict[tuple[int, int], int]:
    moved = np.flatnonzero(solution.flow.units)
    pairs = zip(solution.arcs.offer[moved].tolist(), solution.arcs.want[moved].tolist(), strict=True)
    return dict(zip(pairs, solution.flow.units[moved].tolist(), strict=True))


def _dot(units: Ints, each: Ints) -> int:
    return sum(u * e for u, e in zip(units.tolist(), each.tolist(), strict=True) if u)
