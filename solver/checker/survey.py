"""What else the pass over all pairs shows: ranks, alternatives, and reasons of what stays and what lacks."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from solver.checker.inputs import HOUSED
from solver.checker.proof import ELIGIBLE, STAGES, opened
from solver.checker.rooms import pays

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from solver.checker.block import Pairs
    from solver.checker.inputs import Inputs, Need
    from solver.checker.transfers import Transfer

KEPT: Final = ("no_need", "too_dear", "norm", "met")  # why a unit stays where it is


class Survey:
    """Facts about all eligible pairs, gathered block by block.

    Attributes
    ----------
    reached : need -> farthest stage of any asset; kept : asset -> why a unit of it stays; best : need that
    is served -> cost and id of its two cheapest assets; crossed : provinces that an eligible pair enters or
    leaves; pairs : how many are eligible. Ranks are written into the transfers.
    """

    def __init__(self, inputs: Inputs, transfers: list[Transfer], exhausted: set[tuple[str, str]]) -> None:
        self.inputs, self.exhausted = inputs, exhausted
        self.opened = {asset.id for asset in opened(transfers)}
        self.reached = dict.fromkeys(inputs.needs, 0)
        self.kept: dict[str, str] = {}
        self.crossed: set[str] = set()
        self.pairs = 0
        self.best: dict[str, list[tuple[int, str]]] = defaultdict(list)
        self.serving: dict[str, list[Transfer]] = defaultdict(list)  # by need
        for transfer in transfers:
            self.serving[transfer.need.id].append(transfer)

    def add(self, group: list[Pairs]) -> None:
        """Look at all pairs of some more assets."""
        assets, housed = group[0].block.assets, group[0].block.rules.category == HOUSED
        found = [self._look(pairs) for pairs in group]
        kept = np.any([(pairs.stage == ELIGIBLE).any(axis=1) for pairs in group], axis=0).astype(int)
        useful = _useful(group, [worth for worth, _ in found], housed=housed)
        kept += useful
        if any(worth is not free for worth, free in found):
            useful = _useful(group, [free for _, free in found], housed=housed)
        kept += useful
        self.kept |= {asset.id: KEPT[n] for asset, n in zip(assets, kept.tolist(), strict=True)}

    def _look(self, pairs: Pairs) -> tuple[NDArray[Any], NDArray[Any]]:
        """Return what each place or unit is worth where it can go: to all needs, and to those with room.

        Where no norm is exhausted, both are one.
        """
        block, norms, money = pairs.block, pairs.block.rules.norms, pairs.cost.dtype.type
        full = block.of_need(lambda n: any((n.commune, key) in self.exhausted for key in norms), bool)
        eligible = pairs.stage == ELIGIBLE
        worth = np.where(eligible, block.of_need(lambda n: n.weighted, money) - pairs.cost, 0)
        free = np.where(full, 0, worth) if full.any() else worth
        first = block.of_asset(lambda a: 0 if a.id in self.opened else a.opening, money)
        self._reach(block.needs, (pairs.stage + (eligible & ~full) + (free > first)).max(axis=0))
        crossing = eligible & pairs.cross
        self.crossed |= {block.assets[i].province for i in np.flatnonzero(crossing.any(axis=1)).tolist()}
        self.crossed |= {block.needs[j].province for j in np.flatnonzero(crossing.any(axis=0)).tolist()}
        self.pairs += int(eligible.sum())
        self._rank(pairs)
        if block.rules.category == HOUSED:  # nothing stays in a building that is in use
            shut = block.of_asset(lambda a: a.id not in self.opened, bool)
            same, worth, free = free is worth, np.where(shut, worth, 0), np.where(shut, free, 0)
            return worth, worth if same else free
        return worth, free

    def behind(self) -> list[Need]:
        """List the needs that an asset beyond a closed border may bring farther in the funnel."""
        local = self.inputs.scenario["rules"]["within_commune"]
        most = STAGES.index("province_rule"), STAGES.index("within_commune")  # it comes no farther than this
        needs = [] if self.inputs.form == "matches" else self.inputs.needs.values()
        return [need for need in needs if self.reached[need.id] < most[need.purpose in local]]

    def look_abroad(self, group: list[Pairs]) -> None:
        """See how far pairs beyond closed borders come in the funnel; none of them is eligible."""
        for pairs in group:
            self._reach(pairs.block.needs, pairs.stage.max(axis=0))

    def _reach(self, needs: Sequence[Need], stages: NDArray[Any]) -> None:
        for need, reached in zip(needs, stages.tolist(), strict=True):
            self.reached[need.id] = max(self.reached[need.id], reached)

    def reason(self, need_id: str) -> str:
        """Tell why a unit of a need stays unmet."""
        return STAGES[self.reached[need_id]]

    def _rank(self, pairs: Pairs) -> None:
        block, eligible = pairs.block, pairs.stage == ELIGIBLE
        served = [j for j, need in enumerate(block.needs) if need.id in self.serving]
        if not served:
            return
        moves = [(j, move) for j in served for move in self.serving[block.needs[j].id]]
        columns = [j for j, _ in moves]
        paid = np.array([move.cost for _, move in moves], pairs.cost.dtype)
        cheaper = (eligible[:, columns] & (pairs.cost[:, columns] < paid)).sum(axis=0)
        for (_, move), count in zip(moves, cheaper.tolist(), strict=True):
            move.rank += count
        nobody = pairs.cost.max() + 1
        cost = np.where(eligible, pairs.cost, nobody)[:, served]
        across = np.arange(len(served))
        for _ in range(2):
            first = cost.argmin(axis=0)  # the smallest id among equals
            for j, i, price in zip(served, first.tolist(), cost[first, across].tolist(), strict=True):
                if price < nobody:
                    self.best[block.needs[j].id].append((price, block.assets[i].id))
            cost[first, across] = nobody
        for j in served:
            self.best[block.needs[j].id] = sorted(self.best[block.needs[j].id])[:2]


def _useful(group: list[Pairs], worths: list[NDArray[Any]], *, housed: bool) -> NDArray[np.bool_]:
    """Tell which assets are worth something somewhere: premises more than it costs to open them."""
    if housed:
        return np.array(pays(group, worths, [a.opening for a in group[0].block.assets]), np.bool_)
    return np.asarray(np.any([(worth > 0).any(axis=1) for worth in worths], axis=0))
