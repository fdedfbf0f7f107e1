"""How far eligible pairs come, given what the plan uses: the stages from `norm` on (`docs/limits.md`)."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

import numpy as np

from solver.checker.inputs import HOUSED
from solver.checker.limits import CHANGES
from solver.checker.rest import most_of, opened
from solver.checker.sizes import SAFE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from solver.checker.block import Columns, Pairs
    from solver.checker.inputs import Asset, Need
    from solver.checker.levels import Attained
    from solver.checker.rest import Rest, Used
    from solver.checker.transfers import Transfer

    Table = NDArray[np.bool_]


class Funnel:
    """What is exhausted, pinned or held by floors under a plan; `used` is what it takes of everything."""

    def __init__(
        self, columns: Columns, transfers: list[Transfer], used: Used, rest: Rest, attained: Attained
    ) -> None:
        self.columns, self.used, self.rest, self.limits = columns, used, rest, rest.limits
        inputs = columns.inputs
        self.opened = {asset.id for asset in opened(transfers)}
        keys = inputs.scenario["norms"]["max_per_commune"]
        rows = {("norm", need.commune, key) for need in inputs.needs.values() for key in keys}
        self.exhausted = {row for row in rows if used[row] >= inputs.cap(*row[1:])}
        asked = {row.id: attained.limit(row) for row in self.limits.floors}
        self.below = {row for row, units in asked.items() if used["row", row] < units}
        self.tight = {
            row for row, units in asked.items() if used["row", row] <= units
        }  # nothing to give away
        self.sent: dict[str, list[Transfer]] = defaultdict(list)  # by asset
        for transfer in transfers:
            self.sent[transfer.asset.id].append(transfer)
        changed = rest.changed(transfers)
        self.fewer = {pair for pair, units in changed.items() if units < 0}  # x' < b
        self.turned = {asset for (asset, _), units in changed.items() if units > 0}
        self.settled = CHANGES in self.limits.rows and rest.left("row", CHANGES) <= used["row", CHANGES]
        self.held = {need.id: self._held(need) for need in columns.needs} if self.tight else {}
        kinds = list(dict.fromkeys(self.held.values()))
        self.code = {kind: k for k, kind in enumerate(kinds)}  # sets of tight floors that needs are in
        self.within = {kind: np.array([kind <= other for other in kinds], bool) for kind in kinds}

    def tests(self, pairs: Pairs, worth: NDArray[Any], shut: Table) -> dict[str, Table]:
        """Tell which pairs pass each stage; a stage left out, all pass. `shut` are premises not in use."""
        columns, row, need, limits = self.columns, pairs.row, pairs.need, self.limits
        tests: dict[str, Table] = {}
        full = columns.of_needs(("full", *pairs.norms), lambda n: self._is_full(n, pairs.norms), bool)[need]
        if full.any():
            tests["norm"] = ~full
        assets = [columns.assets[i] for i in pairs.assets.tolist()]
        if self.rest.units and pairs.category == HOUSED:
            rooms: NDArray[Any] = np.array(
                [self.rest.left("room", asset.id) for asset in assets], columns.money
            )
            tests["pinned"] = pairs.load <= rooms[row]
        elif self.rest.units:
            tests["pinned"] = ~np.array([self._all_pinned(asset) for asset in assets], bool)[row]
        if columns.inputs.budgets:
            tests["budget"] = pairs.spend <= columns.of_needs(("left",), self._left, columns.money)[need]
        caps = [("row", name) for name in limits.caps_of(pairs.category, pairs.kind)]
        if any(self.used[cap] >= (limits.rows[cap[1]].most or 0) for cap in caps):
            tests["cross_province_max"] = ~pairs.cross
        if self.tight:
            tests["equity"] = self._taken(pairs, assets)
        floor = np.where(shut, columns.opening[pairs.assets], 0)[row]
        gains = saves = worth > floor
        if limits.coverage:
            gains = np.ones(len(row), np.bool_)
        elif self.below:
            below = columns.of_needs(
                ("below",), lambda n: not self.below.isdisjoint(limits.floors_of[n.id]), bool
            )
            gains = saves | below[need]
        tests["too_dear"] = gains
        may = self.may_change(pairs, worth, floor)
        return tests if may is None else tests | {"max_changes": may | ~saves}

    def may_change(
        self, pairs: Pairs, worth: NDArray[Any], floor: NDArray[Any] | None = None
    ) -> Table | None:
        """Tell which pairs may have one more unit as far as changes go; None: all.

        With `floor`, what it costs to open the premises of each pair, only what has something free must be
        worth the change; without it all is free, and nothing is opened.
        """
        if not self.settled and not self.rest.price:
            return None
        columns = self.columns
        assets = [columns.assets[i] for i in pairs.assets.tolist()]
        may = np.ones(len(pairs.row), np.bool_)
        if self.settled:
            may = np.array([asset.id in self.turned for asset in assets], bool)[pairs.row]
        if self.rest.price:
            pays = worth - self.rest.price > (0 if floor is None else floor)
            if floor is not None:
                size = pairs.load if pairs.category == HOUSED else 1
                pays |= self._free(assets)[pairs.row] < size
            may &= pays
        at = np.flatnonzero(pairs.kept)  # one more of what is below the baseline undoes a change
        ends = pairs.assets[pairs.row[at]].tolist(), pairs.need[at].tolist()
        for e, i, j in zip(at.tolist(), *ends, strict=True):
            may[e] |= (columns.assets[i].id, columns.needs[j].id) in self.fewer
        return may

    def lacking(self) -> Table:
        """Tell which needs lack units."""
        return self.columns.of_needs(("lacks",), lambda n: self.used["need", n.id] < n.units, bool)

    def _is_full(self, need: Need, norms: tuple[str, ...]) -> bool:
        return any(("norm", need.commune, key) in self.exhausted for key in norms)

    def _all_pinned(self, asset: Asset) -> bool:
        return 0 < asset.units <= self.rest.pinned["asset", asset.id]

    def _left(self, need: Need) -> int:
        """Return the least that is left of the budgets in which a need counts."""
        names = self.limits.budgets_of(need)
        left = min([(self.limits.rows[name].most or 0) - self.used["row", name] for name in names] or [SAFE])
        return left if self.columns.money is object else min(left, SAFE)

    def _held(self, need: Need) -> frozenset[str]:
        return frozenset(self.tight.intersection(self.limits.floors_of.get(need.id, ())))

    def _free(self, assets: list[Asset]) -> NDArray[Any]:
        """Return what each asset has free: units that stay, or room."""
        names = [("room" if asset.category == HOUSED else "asset", asset.id) for asset in assets]
        most = [most_of(name, self.columns.inputs, self.limits) or 0 for name in names]
        free = [max(0, units - self.used[name]) for units, name in zip(most, names, strict=True)]
        return np.array(free, self.columns.money)

    def _taken(self, pairs: Pairs, assets: list[Asset]) -> Table:
        """Tell where a has something for n: free, or sent to another need that holds it by no floor."""
        columns, inputs = self.columns, self.columns.inputs
        housed = pairs.category == HOUSED
        there = np.repeat(self._free(assets)[:, None], len(self.code), axis=1)
        for i, asset in enumerate(assets):
            name = ("room" if housed else "asset", asset.id)
            most = most_of(name, inputs, self.limits) or 0
            for move in self.sent[asset.id]:
                units = move.units - self.rest.units.get(move.pair, 0)
                amount = min(most, max(0, units) * (move.load if housed else 1))
                there[i, self.within[self.held[move.need.id]]] += amount
                there[i] = np.minimum(there[i], most)
        kind = columns.of_needs(("held",), lambda n: self.code[self.held[n.id]], np.int64)[pairs.need]
        return np.asarray(there[pairs.row, kind] >= (pairs.load if housed else 1), bool)
