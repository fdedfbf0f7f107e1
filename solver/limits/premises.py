r"""Premises as a block: their search at prices of side rows, and the ways between its plans.

The certificate of an answer: its ``proof`` holds pi_g, at most S (p_g + W) x denominator, and the prices of
norm rows, both in VND / (S x denominator); prices of side rows are those asked for, times the denominator.
With them, d, the caps and min(0, r_h) over all pairs the bound is, to the unit,

    ceil((sum d pi - sum cap lambda + sum m min(0, r)) / denominator)    [VND / S]

where r_h takes pairs at S c + mu q of budgets and caps - mu q of floors.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from solver.limits.block import PRIORITIES, Answer, Piece, PricePart
from solver.limits.premises_fill import filled
from solver.limits.premises_left import fits, left_by_prices, places_of
from solver.limits.premises_rates import one_price, priced_estate, proven, reward, stake, unmet_prices
from solver.limits.premises_still import still_classes, with_trees
from solver.limits.premises_tally import Tally, patterns_in, use_of
from solver.limits.premises_ways import parts_between
from solver.patterns.estate import MONEY_RANGE, Housing
from solver.patterns.resume import Known
from solver.patterns.search import house

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from solver.flow.market import Ints
    from solver.limits.block import Weights
    from solver.limits.premises_left import Left, Places
    from solver.limits.premises_tally import Pattern
    from solver.limits.rows import SideRows
    from solver.patterns.estate import Use
    from solver.problem.baseline import Baseline
    from solver.problem.premises import Premises

#: Largest denominator of a certificate.
FINEST = 1 << 20
#: Prices of floors may add so much to what is at stake before they are cut.
_HEADROOM = 4


class Search(NamedTuple):
    """How each answer is searched for, as ``solver.patterns.search.house`` takes it; gap_vnd : VND / S."""

    processes: int = 1
    work_limit: int = 0
    seed: int = 0
    value_gap: Fraction = Fraction(0)
    gap_vnd: int = 0


EXHAUSTIVE = Search()


class Change(NamedTuple):
    """Patterns that go and that come."""

    gone: dict[Pattern, int]
    come: dict[Pattern, int]


@dataclass
class PremisesBlock:
    """Premises beside their pins; a ``solver.limits.block.Block``. Plans are ``solver.patterns.estate.Use``.

    Attributes
    ----------
    rows : side rows; weights : those of priorities need classes of one priority (coverage first); scale : S,
    at most ``scale_limit``; search : of each answer; before : the plan
    before, to begin with; own : none, premises have no tree of floors.
    """

    premises: Premises
    rows: SideRows
    weights: Weights
    scale: int = 1
    search: Search = EXHAUSTIVE
    before: Baseline | None = None
    own: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Look up what does not depend on prices."""
        rows, change = self.rows, self.weights.change
        self._tally = Tally(
            self.premises, rows.counting[self.premises.name], len(rows.rows), change, rows.changes
        )

    @property
    def communes(self) -> Ints:
        """Commune of each guest, an index; -1 none."""
        return self.premises.needs.place[self._tally.need]

    @property
    def scale_limit(self) -> int:
        """Largest power of two, ``scale`` at most, that leaves prices of floors room within 64 bits."""
        most, size = stake(self._tally, self.weights) + 1, 1
        while 2 * size <= self.scale and 2 * size * most * _HEADROOM < MONEY_RANGE:
            size *= 2
        return size

    def answer(self, prices: Sequence[int], stop: Callable[[], bool]) -> Answer:
        """Return a plan and a bound at prices of the rows [VND / S]; the proof is a ``Housing``.

        Raises
        ------
        ValueError
            When the scale is above ``scale_limit`` by far.
        """
        estate = priced_estate(self._tally, self.weights, self.scale, prices, self._change(prices))
        known = self._known(prices)
        search = self._search(prices)
        housing = house(
            estate, stop=stop, finest=max(1, FINEST // self.scale), known=known, **search._asdict()
        )
        housing = one_price(estate, housing)
        before = self.scale * self.weights.change * self._tally.before
        change = self._change(prices)
        shift = change * int(estate.demand.sum())
        if not self.rows.rows:
            if known is not None:
                housing = with_trees(self.premises, estate, housing, known.denominator, change)
            price = housing.guest_price - change * housing.denominator
            told = self._told(housing.use, replace(housing, guest_price=price))
            return replace(told, bound=housing.bound - shift + before)
        earned = reward(self._tally, prices)
        received = sum(map(int, earned * estate.demand))
        # Trees are no part of a proof under side rows: what prices prove by themselves.
        bound = -(-proven(estate, housing) // housing.denominator) - received - shift + before
        lowered = housing.guest_price.astype(object) - (earned + change) * housing.denominator
        fits = all(abs(int(one)) < MONEY_RANGE for one in lowered)
        price = lowered.astype(np.int64 if fits else object)
        return self._told(housing.use, replace(housing, bound=bound, guest_price=price, trees=()))

    def nothing(self) -> Answer:
        """Return the plan that houses nobody but whom pins do; it proves nothing."""
        estate = self._tally.estate
        guests, rows = np.zeros(estate.n_guests, np.int64), np.zeros(len(estate.rows.cap), np.int64)
        return self._told(use_of({}), Housing(use_of({}), 0, 0, guests, rows, 1, (), 0))

    def kept(self) -> Answer:
        """Return the plan that is left of the one before; it proves nothing."""
        return self._with(self.nothing(), patterns_in(self._patterns()))

    def _patterns(self) -> Use:
        """Return the patterns that are left of the plan before."""
        tally, estate = self._tally, self._tally.estate
        inside: dict[int, list[tuple[int, int]]] = {}
        for guest in np.flatnonzero((tally.keeps >= 0) & (estate.demand > 0)).tolist():
            inside.setdefault(int(tally.keeps[guest]), []).append((guest, int(estate.demand[guest])))
        return use_of(Counter((host, tuple(sorted(places))) for host, places in inside.items()))

    def _known(self, prices: Sequence[int]) -> Known | None:
        """Return the plan before with its prices, at prices of the rows; None where they are not known."""
        premises, tally = self.premises, self._tally
        if self.before is None or not self.weights.cost:
            return None
        found = self.before.prices(premises.needs.ids, premises.norms.ids)
        if found is None:
            return None
        need, row, scale = found
        price = np.zeros(tally.estate.n_guests, object)
        price[premises.guest_of] = need * self.scale
        price += (reward(tally, prices) + self._change(prices)) * scale
        return Known(self._patterns(), price, row * self.scale, scale, still_classes(premises))

    def _search(self, prices: Sequence[int]) -> Search:
        """Return how to search: where changes cost, a gap is a share of what plans are worth without that."""
        if not self._change(prices) or not self.weights.cost:
            return self.search
        tally = self._tally
        empty = sum(map(int, tally.estate.demand * unmet_prices(tally, self.weights)))
        worth = max(0, empty + self.weights.change * tally.before - self.kept().cost)
        gap = max(self.search.gap_vnd, int(self.search.value_gap * worth * self.scale))
        return self.search._replace(value_gap=Fraction(0), gap_vnd=gap)

    def _change(self, prices: Sequence[int]) -> int:
        """Return T, what a change costs at prices of the rows [VND / S]."""
        row = self.rows.changes
        return self.scale * self.weights.change + (prices[row] if row >= 0 else 0)

    def prices(self, proof: Answer) -> PricePart:
        """Return the prices that prove an answer's bound."""
        housing, premises = proof.proof, self.premises
        ids, owns = premises.needs.ids.tolist(), housing.guest_price[premises.guest_of].tolist()
        price = dict(zip(ids, owns, strict=True))
        # Parts with places speak for their need: they have one price.
        price |= {ids[at]: owns[at] for at in np.flatnonzero(self._tally.units > 0).tolist()}
        rows = zip(premises.norms.ids, housing.row_price.tolist(), strict=True)
        return PricePart(self.scale * housing.denominator, price, dict(rows))

    def pieces(self, base: Answer, other: Answer) -> list[Piece]:
        """Split the way from one plan to another into parts of which any choice gives a plan."""
        way, part_of = parts_between(self._tally.estate, base.plan, other.plan)
        n, width = len(set(part_of.values())), len(self.rows.rows)
        changes = [Change({}, {}) for _ in range(n)]
        total = np.zeros((n, 1 + width + PRIORITIES), object)
        for side, sign in ((0, -1), (1, 1)):
            use = use_of(way[side])
            label = np.array([part_of[host] for host in use.host.tolist()], np.int64)
            total += sign * self._tally.totals(use, label, n)
            for pattern, times in way[side].items():
                changes[part_of[pattern[0]]][side][pattern] = times
        return [
            Piece(part, 1, cost, tuple(rest[:width]), 0, tuple(rest[width:]), change)
            for part, ((cost, *rest), change) in enumerate(zip(total.tolist(), changes, strict=True))
        ]

    def changed(self, base: Answer, pieces: Sequence[tuple[Piece, int]]) -> Answer:
        """Make changes, each as often as asked (0 or 1); bound and proof stay those of ``base``."""
        patterns = patterns_in(base.plan)
        for piece, times in pieces:
            if times:
                patterns.subtract(piece.change.gone)
                patterns.update(piece.change.come)
        return self._with(base, patterns)

    def fill(self, answer: Answer, left: Sequence[int]) -> Answer:
        """Add places left unmet where they pay, as far as rooms, norms and rows go.

        Parameters
        ----------
        left : what the plans of all blocks leave of each row; of a floor, what it still lacks.
        """
        floors = [row.floor for row in self.rows.rows]
        return self._with(answer, filled(self._tally, self.weights, floors, answer.plan, left))

    def within(self, proof: Answer, prices: Sequence[int], slack: int, most: int) -> Left | None:
        """List the pairs that add less than ``slack`` [VND / S] to a proof; None where they are too many.

        Parameters
        ----------
        prices : that the proof was asked for at [VND / S]; most : pairs.
        """
        housing: Housing = proof.proof
        change = self._change(prices)
        estate = priced_estate(self._tally, self.weights, self.scale, prices, change)
        # The certificate's prices leave out what floors pay and what a change costs.
        price = housing.guest_price.astype(object)
        price += (reward(self._tally, prices) + change) * housing.denominator
        return left_by_prices(estate, price, housing.row_price, housing.denominator, slack, most)

    def measured(self, left: Left) -> Places:
        """Return what a place of each pair adds."""
        return places_of(self._tally, self.weights, left)

    def holding(self, base: Answer, patterns: Counter[Pattern]) -> Answer | None:
        """Return the plan with these patterns, None where they break a rule; bound and proof of ``base``."""
        return self._with(base, patterns) if fits(self._tally, patterns) else None

    def again(self, plan: Answer) -> Answer:
        """Tell a plan of a like block, made with other weights, as this block tells its own."""
        return self._with(plan, patterns_in(plan.plan))

    def _with(self, base: Answer, patterns: Counter[Pattern]) -> Answer:
        return replace(self._told(use_of(patterns), base.proof), bound=base.bound)

    def _told(self, use: Use, proof: Housing) -> Answer:
        cost, used, unmet = self._tally.measured(use)
        return Answer(cost, used, 0, unmet, proof.bound, use, proof)
