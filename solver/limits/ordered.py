r"""A coordination whose plans must not be worse in what comes before: floors that stand, and missed units.

A plan at hand attains what comes before (``solver.limits.level_rows``). Any plan that is worse in that has a
value far above all others; one that is better is put aside: then all that comes after is to be done again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from solver.limits.coordinate import Coordinated, Coordination
from solver.limits.level_rows import priority_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from solver.limits.block import Answer, Block
    from solver.limits.rows import SideRows
    from solver.limits.setting import Setting
    from solver.limits.watch import Watch

#: What a unit is worth by which a plan is worse in what comes before: any sum of money is less.
_FAR = 1 << 90


class Ordered(Coordination):
    """The search; ``better`` : a plan that is better in what comes before, None where none was met."""

    def __init__(
        self,
        blocks: Mapping[str, Block],
        rows: SideRows,
        setting: Setting,
        watch: Watch,
        *,
        known: Mapping[str, Answer],
        hard: Collection[int],
        twins: Sequence[tuple[int, int]] = (),
        missed: int | None = None,
        starts: Sequence[Sequence[int]] = (),
    ) -> None:
        """Take the blocks.

        Parameters
        ----------
        known : a plan that keeps to all that is hard; hard : floors that stand; twins : floors that stand
        twice (``solver.limits.level_rows``); missed : units by which the others may be missed at most, None
        where that is what is looked for; starts : prices to ask at first, one after another.
        """
        super().__init__(blocks, rows, setting, watch, start=starts[0] if starts else None)
        self.hard = frozenset(hard)
        self.known, self.twins, self.missed, self.others = known, twins, missed, starts[1:]
        self.better: dict[str, Answer] | None = None
        self._levels = [at for at, row in enumerate(rows.rows) if priority_of(row)]
        self._soft = [at for at, row in enumerate(rows.rows) if row.soft]

    def run(self) -> Coordinated:
        """Look for prices, then for plans, beginning with the one at hand."""
        self._offer({name: block.again(self.known[name]) for name, block in self.blocks.items()})
        return super().run()

    def _look_for_prices(self) -> None:
        """Ask at all prices that are worth a try, then look for better ones."""
        for prices in self.others:
            if not self._settled() and not self.soon():
                self._ask(prices)
        super()._look_for_prices()

    def _ask(self, prices: Sequence[int]) -> None:
        """Ask at prices; floors that stand twice share theirs as it proves most."""
        prices = list(prices)
        for one, other in self.twins:
            if one in self.priced or other in self.priced:
                both, most = prices[one] + prices[other], self.scale * self._highest(one)
                high = one in self.priced and self.limits[one] > max(self.limits[other], 0)
                prices[one] = min(both, most) if high else 0
                prices[other] = both - prices[one] if other in self.priced else 0
        super()._ask(prices)

    def _highest(self, row: int) -> int:
        """Return the greatest price of a floor [VND]: of those that stand, what is of use at most."""
        return self.dearest if row in self.hard else self.weights.missed

    def _value(self, plans: Mapping[str, Answer]) -> int | None:
        """Return the value of plans [VND]; None where they break a row, or are better in what comes first."""
        value = super()._value(plans)
        if value is None:
            return None
        used = self._used(plans)
        worse = sum(max(0, self.limits[at] - used[at]) for at in self.hard)
        fewer = sum(max(0, used[at] - self.limits[at]) for at in self._levels)
        if self.missed is not None:
            missed = sum(max(0, self.limits[at] - used[at]) for at in self._soft)
            worse += max(0, missed - self.missed)
            fewer += max(0, self.missed - missed)
        if fewer and not worse:
            self.better = dict(plans)
            return None
        return value + worse * _FAR
