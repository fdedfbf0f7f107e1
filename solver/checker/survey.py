"""What else the pass over all pairs shows: ranks, alternatives, and reasons of what stays and what lacks."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

import numpy as np

from solver.checker.proof import ELIGIBLE, STAGES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from solver.checker.block import Pairs
    from solver.checker.inputs import Inputs
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
        self.exhausted = exhausted
        self.reached = dict.fromkeys(inputs.needs, 0)
        self.kept: dict[str, str] = {}
        self.crossed: set[str] = set()
        self.pairs = 0
        self.best: dict[str, list[tuple[int, str]]] = defaultdict(list)
        self.serving: dict[str, list[Transfer]] = defaultdict(list)  # by need
        for transfer in transfers:
            self.serving[transfer.need.id].append(transfer)

    def add(self, pairs: Pairs) -> None:
        """Look at one more block."""
        block, norms = pairs.block, pairs.block.rules.norms
        full = block.of_need(lambda n: any((n.commune, key) in self.exhausted for key in norms), bool)
        eligible = pairs.stage == ELIGIBLE
        gains = eligible & (pairs.cost < block.of_need(lambda n: n.weighted, pairs.cost.dtype.type))
        free = gains & ~full
        stage = (pairs.stage + (eligible & ~full) + free).max(axis=0)
        for need, reached in zip(block.needs, stage.tolist(), strict=True):
            self.reached[need.id] = max(self.reached[need.id], reached)
        kept = sum(test.any(axis=1).astype(int) for test in (eligible, gains, free))
        self.kept |= {asset.id: KEPT[n] for asset, n in zip(block.assets, kept.tolist(), strict=True)}
        crossing = eligible & pairs.cross
        self.crossed |= {block.assets[i].province for i in np.flatnonzero(crossing.any(axis=1)).tolist()}
        self.crossed |= {block.needs[j].province for j in np.flatnonzero(crossing.any(axis=0)).tolist()}
        self.pairs += int(eligible.sum())
        self._rank(pairs, eligible)

    def reason(self, need_id: str) -> str:
        """Tell why a unit of a need stays unmet."""
        return STAGES[self.reached[need_id]]

    def _rank(self, pairs: Pairs, eligible: NDArray[np.bool_]) -> None:
        block = pairs.block
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
