r"""Plans of all categories under side rows: prices that tie them together, then plans at these prices.

With Phi(mu) = sum_b bound_b(mu) - sum_r e_r mu_r L_r no plan that keeps to the rows has a lower value

    value(x) = cost(x) + W missed(x) + sum_k W_k unmet_k(x)

for any prices mu >= 0 (at most S W of a floor). ``solver.limits.prices`` looks for good ones. Plans that
keep to the rows come from ``solver.limits.plans``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from solver.limits.movables import MovableBlock
from solver.limits.plans import ENDLESS as ENDLESS
from solver.limits.plans import Plans
from solver.limits.prices import PriceProgramme

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from solver.limits.block import Answer, Block, Weights
    from solver.limits.rows import SideRows
    from solver.limits.setting import Setting
    from solver.limits.watch import Watch

#: Rounds of prices at most.
_ROUNDS = 60
#: First greatest prices: VND per VND of spend, VND per unit; they grow as they bind.
_FIRST_MOST = (4.0, 1e8)
_GROWTH = 8.0
_LARGEST = (1 << 14, 1 << 44)
#: The same of spend on premises alone: a budget of nothing rules out pairs that spend a few VND. Pairs of
#: movables are priced in 64 bits, those of premises as far as they are worth it (``DenseLister``).
_LARGEST_OF_PREMISES = 1 << 36
#: Where more plans are asked for once the prices are known, as factors of the prices: small exchanges.
_AROUND = (1.002, 0.998, 1.01, 0.99, 1.04, 0.96, 1.1, 0.9, 1.25, 0.8)
#: Prices have converged when the programme promises no more than this share of the cost.
_CONVERGED = 1e-7


@dataclass(frozen=True)
class Coordinated:
    """Plans of all blocks that keep to the rows, and what proves how good they are.

    Attributes
    ----------
    plans : answer of each block; value, bound : VND; prices : of the rows [VND / S]; proofs : answer of
    each block at these prices; claimed : whether an integer programme believes that no plan is better;
    weights : that the bound is proven with: where floors are missed, a missed unit has a lower one.
    """

    plans: Mapping[str, Answer]
    value: int
    bound: int
    prices: tuple[int, ...]
    proofs: Mapping[str, Answer]
    claimed: bool
    weights: Weights


class Coordination(Plans):
    """The search; made once, run once."""

    def __init__(
        self,
        blocks: Mapping[str, Block],
        rows: SideRows,
        setting: Setting,
        watch: Watch,
        *,
        toll: Mapping[int, int] | None = None,
        start: Sequence[int] | None = None,
    ) -> None:
        """Take the blocks.

        Parameters
        ----------
        setting : weights and scale; toll : what use of some rows costs whatever is left of them [VND per
        VND or unit]; start : prices of a like problem, to begin at [VND / S].
        """
        super().__init__(blocks, rows, setting, watch, toll)
        self.dearest = setting.dearest
        self.soon, self.start = watch.soon or watch.stop, list(start or [])
        self.improved = False  # by the last prices asked at

    def run(self) -> Coordinated:
        """Look for prices, then for plans."""
        self._ask(self.start or [0] * len(self.rows.rows))
        if self.priced and not self._settled():
            self._offer({name: block.nothing() for name, block in self.blocks.items()})
            self._offer({name: block.kept() for name, block in self.blocks.items()})
            self._look_for_prices()
            self._look_around()
            self._combine()
            self._fill()
            self._finish()
        if self.best is None or self.proof is None:
            raise AssertionError("what is left of a plan before, or nothing, keeps to every cap")
        self._lighten()
        value, plans = self.best
        bound, prices, proofs = self.proof
        weights = self.weights
        if self.lacking:
            weights = weights._replace(missed=self._dearest(prices))
            bound += self.scale * weights.missed * self.lacking
        return Coordinated(plans, value, -(-bound // self.scale), prices, proofs, self.claimed, weights)

    def _lighten(self) -> None:
        """Prove what the best plan costs among those that miss no more units of floors than it does.

        The penalty W of a missed unit is above any exchange, so that fewer are missed; but no more is proven
        than the missed units allow that parts of units would, each at W. With the plan's own V as a limit,

            cost(x) >= Phi(mu) - W' V       W' = the dearest of the soft floors' prices

        and prices that prove most by that are looked for once more.
        """
        if self.best is None or self.proof is None or self.toll or not self.weights.cost:
            return
        used, rows = self._used(self.best[1]), self.rows.rows
        short = {at: max(0, self.limits[at] - used[at]) for at in self.priced if rows[at].floor}
        missed = sum(units for at, units in short.items() if rows[at].soft)
        own = any(
            rows[at].floor and self.limits[at] > 0 for block in self.blocks.values() for at in block.own
        )
        if own or not missed or missed < sum(short.values()) or self.stop() or self._settled():
            return
        self.lacking = missed
        best = max(self.asked, key=lambda one: self._proven(*one))
        self.proof = self._proven(*best), *best
        self._look_for_prices()

    def _dearest(self, prices: Sequence[int]) -> int:
        """Return the price of the dearest soft floor, rounded up [VND]."""
        soft = [prices[at] for at in self.priced if self.rows.rows[at].soft]
        return -(-max(soft, default=0) // self.scale)

    def _proven(self, prices: Sequence[int], answers: Mapping[str, Answer]) -> int:
        """Return what prices prove of the value, or of the cost if no more units are missed [VND / S]."""
        bound = sum(answer.bound for answer in answers.values())
        bound -= sum(self._sign(row) * prices[row] * self.limits[row] for row in self.priced)
        return bound - (self.scale * self._dearest(prices) * self.lacking if self.lacking else 0)

    # Prices

    def _ask(self, prices: Sequence[int]) -> None:
        """Ask all blocks at prices [VND / S]; keep bound and plan where they are better."""
        prices = [
            min(price, self.scale * self._highest(at)) if row.floor else price
            for at, (row, price) in enumerate(zip(self.rows.rows, prices, strict=True))
        ]
        asked = self._charged(prices)
        answers = {name: block.answer(asked, self.stop) for name, block in self.blocks.items()}
        self.asked.append((tuple(prices), answers))
        bound = self._proven(prices, answers)
        self.improved = self.proof is None or bound > self.proof[0]
        if self.improved:
            self.proof = bound, tuple(prices), answers
        self._offer(answers)
        self._tell()

    def _look_for_prices(self) -> None:
        most = [_FIRST_MOST[not self.rows.rows[row].money] for row in self.priced]
        programme = PriceProgramme(
            list(self.blocks), self.rows.rows, self.limits, self.priced, self._allowed(most), self.lacking
        )
        told = 0
        for _ in range(_ROUNDS):
            for _, answers in self.asked[told:]:
                for name, answer in answers.items():
                    programme.add(name, self._plain(answer), answer.used)
            told = len(self.asked)
            found = programme.solve()
            if found is None or self.proof is None or self.soon() or self._settled():
                return
            prices, promised = found
            wider = False
            for at, row in enumerate(self.priced):
                largest = self._allowed([float(self._largest(row))] * len(self.priced))[at]
                if prices[row] >= most[at] * (1 - 1e-9) and most[at] < largest:
                    most[at] = min(most[at] * _GROWTH, largest)
                    programme.widen(row, most[at])
                    wider = True
            known = self.proof[0] / self.scale
            if not wider and promised - known <= _CONVERGED * max(1.0, self._cost(promised)):
                return
            asked = self._whole(prices) if self.improved or len(self.priced) == 1 else self._near(prices)
            if any(asked == before for before, _ in self.asked):
                asked = self._whole(prices)
                if any(asked == before for before, _ in self.asked):
                    if wider:
                        continue
                    return
            self._ask(asked)

    def _cost(self, promised: float) -> float:
        """Return about what the best plan costs, penalties aside [VND]."""
        plans = {} if self.best is None else self.best[1]
        return sum(abs(plan.cost) for plan in plans.values()) if plans else abs(promised)

    def _largest(self, row: int) -> int:
        """Return the greatest price of a row that is asked for [VND per VND, or per unit]."""
        money = self.rows.rows[row].money
        movables = [name for name, block in self.blocks.items() if isinstance(block, MovableBlock)]
        if money and not any((self.rows.counting[name].spend == row).any() for name in movables):
            return _LARGEST_OF_PREMISES
        return _LARGEST[not money]

    def _highest(self, row: int) -> int:
        """Return the greatest price of a floor [VND]: a missed unit costs no more, so none proves more."""
        del row
        return self.weights.missed

    def _allowed(self, most: list[float]) -> list[float]:
        """Keep prices of floors to the penalty, that of changes to what a unit is worth."""
        changes = self.rows.changes
        return [
            min(one, float(self._highest(row) if self.rows.rows[row].floor else self.dearest))
            if self.rows.rows[row].floor or row == changes
            else one
            for row, one in zip(self.priced, most, strict=True)
        ]

    def _whole(self, prices: Mapping[int, float]) -> tuple[int, ...]:
        out = [0] * len(self.rows.rows)
        for row, price in prices.items():
            out[row] = round(price * self.scale)
        return tuple(out)

    def _near(self, prices: Mapping[int, float]) -> tuple[int, ...]:
        """Ask half way to the best prices known: the programme's own leap about while cuts are few."""
        best = self.proof[1] if self.proof is not None else (0,) * len(self.rows.rows)
        ahead = self._whole(prices)
        return tuple((one + other) // 2 for one, other in zip(best, ahead, strict=True))

    def _look_around(self) -> None:
        """Ask around the best prices."""
        if self.proof is None:
            return
        prices = self.proof[1]
        for factor in _AROUND:
            if self.stop() or self._settled():
                break
            self._ask([round(price * factor) for price in prices])
