"""What else the pass over all pairs shows: ranks, alternatives, and reasons of what stays and what lacks."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from solver.checker.inputs import HOUSED
from solver.checker.pairs import ELIGIBLE, STAGES
from solver.checker.rooms import pays

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from solver.checker.block import Columns, Pairs, Table
    from solver.checker.funnel import Funnel
    from solver.checker.inputs import Need
    from solver.checker.transfers import Transfer

KEPT: Final = (  # why a unit stays
    "no_need", "too_dear", "norm", "met", "budget", "cross_province_max", "max_changes",
)  # fmt: skip


class Survey:
    """Facts about all eligible pairs, gathered block by block.

    Attributes
    ----------
    reached : farthest stage of any asset, by the number of the need; kept : asset -> why a unit of it stays;
    best : need that is served -> cost and id of its two cheapest assets; crossed : provinces that an eligible
    pair enters or leaves; pairs : how many are eligible. Ranks are written into the transfers.
    """

    def __init__(self, columns: Columns, transfers: list[Transfer], funnel: Funnel) -> None:
        self.columns, self.funnel = columns, funnel
        self.reached = np.zeros(len(columns.needs), np.int64)
        self.kept: dict[str, str] = {}
        self.crossed: set[str] = set()
        self.pairs = 0
        self.best: dict[str, list[tuple[int, str]]] = defaultdict(list)
        self.serving: dict[str, list[Transfer]] = defaultdict(list)  # by need
        for transfer in transfers:
            self.serving[transfer.need.id].append(transfer)

    def add(self, pairs: Pairs) -> None:
        """Look at all pairs of some more assets."""
        columns, row, need = self.columns, pairs.row, pairs.need
        assets = [columns.assets[i] for i in pairs.assets.tolist()]
        worth = columns.weighted[need] - pairs.cost
        shut = np.array([asset.id not in self.funnel.opened for asset in assets], bool)
        tests = self.funnel.tests(pairs, worth, shut)
        self.look_abroad(pairs)
        alive, stage = np.ones(len(row), np.bool_), np.full(len(row), ELIGIBLE)
        for name in STAGES[ELIGIBLE:-1]:
            alive = alive & tests[name] if name in tests else alive
            stage += alive
        np.maximum.at(self.reached, need, stage)
        for ends in (columns.province[0][pairs.assets[row]], columns.province[1][need]):
            self.crossed |= {columns.provinces[code] for code in np.unique(ends[pairs.cross]).tolist()}
        self.pairs += len(row)
        self._rank(pairs)
        free = np.where(tests["norm"], worth, 0) if "norm" in tests else worth
        kept = np.zeros(len(assets), np.int64)
        kept[row] = 1
        if pairs.category == HOUSED:  # premises are worth more than it costs to open them; none if in use
            floors = [asset.opening for asset in assets]
            rooms, copies = columns.area[0][pairs.assets].tolist(), [need.units for need in columns.needs]
            useful = pays(pairs, np.where(shut[row], worth, 0), floors, rooms, copies)
            kept += useful
            if free is not worth:
                useful = pays(pairs, np.where(shut[row], free, 0), floors, rooms, copies)
            kept += useful
        else:
            for values in (worth, free):
                kept += np.bincount(row[values > 0], minlength=len(assets)) > 0
        self._limit(kept, pairs, free, tests)
        self.kept |= {asset.id: KEPT[n] for asset, n in zip(assets, kept.tolist(), strict=True)}

    def _limit(
        self, kept: NDArray[np.int64], pairs: Pairs, worth: NDArray[Any], tests: dict[str, Table]
    ) -> None:
        """Where units would stay as `met`: look whether limits keep them from every need that lacks some."""
        wanted = (worth > 0) & self.funnel.lacking()[pairs.need]

        def some(those: Table) -> Table:
            return np.bincount(pairs.row[those], minlength=len(kept)) > 0

        passed = wanted
        stages = ("budget", tests.get("budget")), ("cross_province_max", tests.get("cross_province_max"))
        for name, those in (*stages, ("max_changes", self.funnel.may_change(pairs, worth))):
            if those is not None:
                passed = passed & those
                kept[(kept == KEPT.index("met")) & some(wanted) & ~some(passed)] = KEPT.index(name)

    def behind(self) -> list[Need]:
        """List the needs that an asset beyond a closed border may bring farther in the funnel."""
        inputs = self.columns.inputs
        local = inputs.scenario["rules"]["within_commune"]
        most = STAGES.index("province_rule"), STAGES.index("within_commune")  # it comes no farther than this
        needs = [] if inputs.form == "matches" else self.columns.needs
        return [
            need
            for need, reached in zip(needs, self.reached.tolist(), strict=False)
            if reached < most[need.purpose in local]
        ]

    def look_abroad(self, pairs: Pairs) -> None:
        """See how far pairs come in the funnel; of those beyond closed borders none is eligible."""
        for needs, stages in pairs.reached:
            self.reached[needs] = np.maximum(self.reached[needs], stages)

    def reason(self, need_id: str) -> str:
        """Tell why a unit of a need stays unmet."""
        return STAGES[self.reached[self.columns.need_of[need_id]]]

    def _rank(self, pairs: Pairs) -> None:
        """Count for each transfer the assets that cost its need less; keep the two cheapest of the need."""
        columns = self.columns
        order = np.lexsort((pairs.cost, pairs.need))  # the smallest id first among equals
        row, need, cost = pairs.row[order], pairs.need[order], pairs.cost[order]
        starts = np.flatnonzero(np.diff(need, prepend=-1))
        stops = [*starts.tolist(), len(need)][1:]
        for j, start, stop in zip(need[starts].tolist(), starts.tolist(), stops, strict=True):
            name = columns.needs[j].id
            if name not in self.serving:
                continue
            own = cost[start:stop]
            for move in self.serving[name]:
                move.rank += int(np.searchsorted(own, move.cost))
            first = zip(own[:2].tolist(), pairs.assets[row[start : start + 2]].tolist(), strict=False)
            self.best[name] += [(price, columns.assets[i].id) for price, i in first]
            self.best[name] = sorted(self.best[name])[:2]
