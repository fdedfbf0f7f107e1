r"""The last step: an integer programme over the pairs that a better plan can use.

At prices with bound L (x S) a plan that uses a pair of reduced cost r costs at least (L + r) / S. Pairs with
L + r >= S value of the plan at hand are in no better plan; what is left is solved as it stands
(``solver.limits.programme``). Where too much is left, pairs of less reduced cost alone are, and then the
needs of some communes at a time: what the plan has for all others stays.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from random import Random
from typing import TYPE_CHECKING, NamedTuple, cast

import numpy as np

from solver.limits.movables import MovableBlock
from solver.limits.programme import Programme
from solver.limits.programme_movables import MovablesPart
from solver.problem.classes import first_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from solver.flow.market import Arcs, Ints, Small
    from solver.limits.block import Answer, Block
    from solver.limits.premises import PremisesBlock
    from solver.limits.premises_left import Left
    from solver.limits.programme import Frame
    from solver.limits.programme_premises import PremisesPart

    Free = Mapping[str, np.ndarray]

#: Pairs of one programme; of all from which neighbourhoods are made; of one of these.
MOST_PAIRS, _WIDE, _NEAR = 6_000, 60_000, 1_500
#: Share of a limit that is left unused, try by try, where the programme oversteps it in integers.
_MARGINS = (0.0, 1e-9, 2e-6)
#: So often the slack is halved until few enough pairs are left.
_HALVINGS = 40
#: A gap of one in so many of the transfers' cost is left, unless all pairs that matter are few.
_FINE = 10_000
#: Neighbourhoods that are looked at; so many without a better plan end the search.
_TRIES, _VAIN = 24, 8


class Remains(NamedTuple):
    """Pairs that prices leave, by category; ``whole`` : all that a better plan can use."""

    arcs: dict[str, Arcs]
    places: dict[str, Left]
    whole: bool

    @property
    def size(self) -> int:
        """How many."""
        return sum(len(arcs.offer) for arcs in self.arcs.values()) + sum(
            len(left.host) for left in self.places.values()
        )


class Proof(NamedTuple):
    """Prices of the rows that blocks were asked at, their answers, and what they prove; all [VND / S]."""

    prices: Sequence[int]
    answers: Mapping[str, Answer]
    bound: int


class Finish:
    """The step; made for prices, run once.

    Attributes
    ----------
    claimed : whether the programme believes that no plan is better than the best that was offered.
    """

    def __init__(
        self,
        frame: Frame,
        blocks: Mapping[str, Block],
        proof: Proof,
        best: Callable[[], tuple[int, Mapping[str, Answer]]],
        offer: Callable[[Mapping[str, Answer]], tuple[bool, bool]],
        stop: Callable[[], bool],
    ) -> None:
        """Take what is known.

        Parameters
        ----------
        best : value [VND / S] and plans; offer : takes plans where they are better, and tells whether
        they keep to the rows and whether they are; stop : ends the step.
        """
        self._frame, self._blocks, self._proof = frame, blocks, proof
        self._best, self._offer, self._stop = best, offer, stop
        self.claimed = False

    def run(self) -> None:
        """Look for better plans."""
        remains = self._remains(MOST_PAIRS)
        if remains is None or self._stop() or (not remains.whole and self._fine()):
            return
        better = self._solve(remains)
        if self._ended() or not self._frame.weights.cost:  # units alone are few, or a bound is looked for
            return
        if better and not remains.whole:  # a better plan leaves less
            again = self._remains(MOST_PAIRS)
            remains = remains if again is None else again
            if remains.whole:
                self._solve(remains)
                if self._ended():
                    return
        if self._fine():
            return
        wide = remains if remains.whole else self._remains(_WIDE)
        if wide is not None:
            self._around(wide)

    def _ended(self) -> bool:
        return self.claimed or self._stop()

    def _fine(self) -> bool:
        """Tell whether the gap is so small that part of the pairs is not worth looking at."""
        if not self._frame.weights.cost:
            return False
        value, plans = self._best()
        moved = sum(plan.moved for plan in plans.values())
        scale = max(int(getattr(block, "scale", 1)) for block in self._blocks.values())
        return (value - self._proof.bound) * _FINE <= moved * scale

    # What is left

    def _remains(self, most: int) -> Remains | None:
        """List the pairs of least reduced cost, ``most`` at most; None where these are too many."""
        slack = self._best()[0] - self._proof.bound
        for halved in range(_HALVINGS):
            if self._stop():
                return None
            found = self._within(slack >> halved, most, whole=halved == 0)
            if found is not None:
                return found
        return None

    def _within(self, slack: int, most: int, *, whole: bool) -> Remains | None:
        arcs, places = {}, {}
        for name, block in self._blocks.items():
            answer = self._proof.answers[name]
            if isinstance(block, MovableBlock):
                pairs = block.within(answer, slack, most)
                if pairs is None:
                    return None
                arcs[name], most = pairs, most - len(pairs.offer)
            else:
                left = _premises(block).within(answer, self._proof.prices, slack, most)
                if left is None:
                    return None
                places[name], most = left, most - len(left.host)
                whole = whole and left.whole
        return Remains(arcs, places, whole)

    # Programmes

    def _solve(self, remains: Remains, free: Free | None = None) -> bool:
        """Solve what is left; tell whether that gave a better plan."""
        for margin in _MARGINS:
            if self._stop():
                return False
            plans = self._best()[1]
            programme = Programme(self._frame, margin)
            parts = self._parts(programme, remains, plans, free)
            best = programme.solve(self._stop)
            if best is None:
                return False
            told = {name: part.found() for name, part in parts.items()}
            kept = {name: plan for name, plan in told.items() if plan is not None}
            if len(kept) == len(told):
                keeps, better = self._offer(kept)
                if keeps:
                    self.claimed = best and margin == 0 and remains.whole and free is None
                    return better
        return False

    def _parts(
        self, programme: Programme, remains: Remains, plans: Mapping[str, Answer], free: Free | None
    ) -> dict[str, MovablesPart | PremisesPart]:
        """Add all categories to a programme."""
        parts: dict[str, MovablesPart | PremisesPart] = {}
        for name, block in self._blocks.items():
            own = None if free is None else free[name]
            if isinstance(block, MovableBlock):
                parts[name] = MovablesPart(programme, block, remains.arcs[name], plans[name], own)
                continue
            from solver.limits.programme_premises import PremisesPart  # loads the pattern core

            parts[name] = PremisesPart(programme, _premises(block), remains.places[name], plans[name], own)
        return parts

    # Neighbourhoods

    def _around(self, wide: Remains) -> None:
        """Free the needs of some communes at a time, while that helps."""
        communes = self._communes()
        size, near = self._map(wide, communes)
        if not size:
            return
        random, vain = Random(0), 0
        order = sorted(size)
        for tried in range(_TRIES):
            if self._stop() or vain >= _VAIN:
                return
            first = random.choice(order)
            chosen = self._chain(first, size, near) if tried % 2 else self._some(first, order, size, random)
            free = {name: np.isin(place, sorted(chosen)) for name, place in communes.items()}
            vain = 0 if self._solve(wide, free) else vain + 1

    def _communes(self) -> dict[str, Ints]:
        """Return the commune of each need class, by category."""
        out: dict[str, Ints] = {}
        for name, block in self._blocks.items():
            if isinstance(block, MovableBlock):
                _, wants = first_rows(block.category.classes)
                out[name] = block.category.needs.place[wants]
            else:
                out[name] = _premises(block).communes
        return out

    def _map(
        self, wide: Remains, communes: Mapping[str, Ints]
    ) -> tuple[Counter[int], dict[int, Counter[int]]]:
        """Count the pairs of each commune, and the assets that it shares with others."""
        size: Counter[int] = Counter()
        near: dict[int, Counter[int]] = defaultdict(Counter)
        sides: list[tuple[str, Ints | Small, Ints | Small]] = []
        sides += [(name, arcs.offer, arcs.want) for name, arcs in wide.arcs.items()]
        sides += [(name, left.host, left.guest) for name, left in wide.places.items()]
        for name, assets, needs in sides:
            place = communes[name][needs].tolist()
            size.update(place)
            of_asset: dict[int, set[int]] = defaultdict(set)
            for asset, one in zip(assets.tolist(), place, strict=True):
                of_asset[asset].add(one)
            for asset in sorted(of_asset):
                for one in sorted(of_asset[asset]):
                    near[one].update(sorted(of_asset[asset] - {one}))
        return size, near

    def _chain(self, first: int, size: Counter[int], near: Mapping[int, Counter[int]]) -> set[int]:
        """Gather communes that share assets, from one on."""
        chosen, count = {first}, size[first]
        links = Counter(near.get(first, {}))
        while links:
            best = min(links, key=lambda one: (-links[one], one))
            del links[best]
            if best in chosen or count + size[best] > _NEAR:
                continue
            chosen.add(best)
            count += size[best]
            links.update({one: n for one, n in near.get(best, {}).items() if one not in chosen})
        return chosen

    def _some(self, first: int, order: Sequence[int], size: Counter[int], random: Random) -> set[int]:
        """Gather communes anywhere: what one spares of a budget another has."""
        chosen, count = {first}, size[first]
        for one in random.sample(order, len(order)):
            if one not in chosen and count + size[one] <= _NEAR:
                chosen.add(one)
                count += size[one]
        return chosen


def _premises(block: Block) -> PremisesBlock:
    """Tell a block of premises as one, without loading the pattern core."""
    return cast("PremisesBlock", block)
