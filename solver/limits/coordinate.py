r"""Plans of all categories under side rows: prices that tie them together, then a choice among their plans.

With Phi(mu) = sum_b bound_b(mu) - sum_r e_r mu_r L_r no plan that keeps to the rows has a lower value

    value(x) = cost(x) + W missed(x) + sum_k W_k unmet_k(x)

for any prices mu >= 0 (at most S W of a floor). ``solver.limits.prices`` looks for good ones. Plans that
keep to the rows are made of pieces of the ways between the answers (``solver.limits.choose``): near the best
prices these are many small exchanges, so that what is left of a budget is little.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from solver.limits.choose import choose
from solver.limits.finish import MARGINS, finish
from solver.limits.movables import MovableBlock
from solver.limits.prices import PriceProgramme
from solver.limits.watch import Standing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from solver.limits.block import Answer, Block, Piece
    from solver.limits.rows import SideRows
    from solver.limits.setting import Setting
    from solver.limits.watch import Watch

#: A limit that no plan reaches.
ENDLESS = 1 << 60
#: Rounds of prices at most.
_ROUNDS = 60
#: First greatest prices: VND per VND of spend, VND per unit; they grow as they bind.
_FIRST_MOST = (4.0, 1e8)
_GROWTH = 8.0
_LARGEST = (1 << 14, 1 << 44)
#: Where more plans are asked for once the prices are known, as factors of the prices: small exchanges.
_AROUND = (1.002, 0.998, 1.01, 0.99, 1.04, 0.96, 1.1, 0.9, 1.25, 0.8)
#: Answers whose ways are looked at for a better plan.
_NEAREST = 12
_BASES = 4
#: Prices have converged when the programme promises no more than this share of the value.
_CONVERGED = 1e-7


@dataclass(frozen=True)
class Coordinated:
    """Plans of all blocks that keep to the rows, and what proves how good they are.

    Attributes
    ----------
    plans : answer of each block; value, bound : VND; prices : of the rows [VND / S]; proofs : answer of
    each block at these prices; claimed : whether an integer programme believes that no plan is better.
    """

    plans: Mapping[str, Answer]
    value: int
    bound: int
    prices: tuple[int, ...]
    proofs: Mapping[str, Answer]
    claimed: bool


class Coordination:
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
        self.blocks, self.rows, self.weights, self.scale = blocks, rows, setting.weights, setting.scale
        self.dearest = setting.dearest
        self.stop, self.heard, self.enough = watch.stop, watch.heard, watch.enough
        self.soon, self.toll, self.start = watch.soon or watch.stop, dict(toll or {}), list(start or [])
        own = set.union(*(block.own for block in blocks.values())) if blocks else set()
        self.limits = rows.left
        #: Rows that need a price: those that ask for something, and that no block sees to itself.
        self.priced = [
            at
            for at, (row, left) in enumerate(zip(rows.rows, self.limits, strict=True))
            if at not in own and (left > 0 if row.floor else left < ENDLESS)
        ]
        self.asked: list[tuple[tuple[int, ...], dict[str, Answer]]] = []
        self.best: tuple[int, dict[str, Answer]] | None = None  # value, plans
        self.claimed = False
        self.improved = False  # by the last prices asked at
        self.proof: tuple[int, tuple[int, ...], dict[str, Answer]] | None = None  # bound x S, prices, answers

    def run(self) -> Coordinated:
        """Look for prices, then for plans."""
        self._ask(self.start or [0] * len(self.rows.rows))
        if self.priced and not self._settled():
            self._offer({name: block.nothing() for name, block in self.blocks.items()})
            self._offer({name: block.kept() for name, block in self.blocks.items()})
            self._look_for_prices()
            self._look_for_plans()
            self._fill()
            self._finish()
        if self.best is None or self.proof is None:
            raise AssertionError("what is left of a plan before, or nothing, keeps to every cap")
        value, plans = self.best
        bound, prices, proofs = self.proof
        return Coordinated(plans, value, -(-bound // self.scale), prices, proofs, self.claimed)

    # Prices

    def _ask(self, prices: Sequence[int]) -> None:
        """Ask all blocks at prices [VND / S]; keep bound and plan where they are better."""
        highest = (
            self.scale * self.weights.missed
        )  # a missed unit costs no more, so no price of a floor proves more
        prices = [
            min(price, highest) if row.floor else price
            for row, price in zip(self.rows.rows, prices, strict=True)
        ]
        asked = [price + self.scale * self.toll.get(at, 0) for at, price in enumerate(prices)]
        answers = {name: block.answer(asked, self.stop) for name, block in self.blocks.items()}
        self.asked.append((tuple(prices), answers))
        bound = sum(answer.bound for answer in answers.values())
        bound -= sum(self._sign(row) * prices[row] * self.limits[row] for row in self.priced)
        self.improved = self.proof is None or bound > self.proof[0]
        if self.improved:
            self.proof = bound, tuple(prices), answers
        self._offer(answers)
        self._tell()

    def _tell(self) -> None:
        cost = bound = None
        if self.best is not None and self.proof is not None:
            cost = sum(plan.cost for plan in self.best[1].values())
            bound = -(-self.proof[0] // self.scale) - (self.best[0] - cost)
        self.heard(Standing(len(self.asked), cost, bound, len(self.asked)))

    def _sign(self, row: int) -> int:
        return -1 if self.rows.rows[row].floor else 1

    def _settled(self) -> bool:
        if self.best is None or self.proof is None:
            return False
        value, bound = self.best[0], -(-self.proof[0] // self.scale)
        moved = sum(answer.moved for answer in self.best[1].values())
        return value <= bound or self.enough(value, bound, moved)

    def _look_for_prices(self) -> None:
        most = [_FIRST_MOST[not self.rows.rows[row].money] for row in self.priced]
        programme = PriceProgramme(
            list(self.blocks), self.rows.rows, self.limits, self.priced, self._allowed(most)
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
                largest = self._allowed([_LARGEST[not self.rows.rows[row].money]] * len(self.priced))[at]
                if prices[row] >= most[at] * (1 - 1e-9) and most[at] < largest:
                    most[at] = min(most[at] * _GROWTH, largest)
                    programme.widen(row, most[at])
                    wider = True
            known = self.proof[0] / self.scale
            if not wider and promised - known <= _CONVERGED * max(1.0, abs(promised)):
                return
            asked = self._whole(prices) if self.improved or len(self.priced) == 1 else self._near(prices)
            if any(asked == before for before, _ in self.asked):
                asked = self._whole(prices)
                if any(asked == before for before, _ in self.asked):
                    return
            self._ask(asked)

    def _allowed(self, most: list[float]) -> list[float]:
        """Keep prices of floors to the penalty, that of changes to what a unit is worth."""
        changes = self.rows.changes
        return [
            min(one, float(self.weights.missed if self.rows.rows[row].floor else self.dearest))
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

    # Plans

    def _plain(self, answer: Answer) -> int:
        weights = self.weights
        unmet = sum(weight * count for weight, count in zip(weights.unmet, answer.unmet, strict=True))
        tolls = sum(price * answer.used[row] for row, price in self.toll.items())
        return weights.cost * answer.cost + weights.missed * answer.missed + unmet + tolls

    def _used(self, plans: Mapping[str, Answer]) -> list[int]:
        return [sum(plan.used[row] for plan in plans.values()) for row in range(len(self.rows.rows))]

    def _value(self, plans: Mapping[str, Answer]) -> int | None:
        """Return the value of plans [VND]; None where they break a row."""
        used = self._used(plans)
        short = 0
        for row in self.priced:
            if not self.rows.rows[row].floor:
                if used[row] > self.limits[row]:
                    return None
            else:
                short += max(0, self.limits[row] - used[row])
        return sum(self._plain(plan) for plan in plans.values()) + self.weights.missed * short

    def _offer(self, plans: Mapping[str, Answer]) -> bool:
        value = self._value(plans)
        if value is None or (self.best is not None and value >= self.best[0]):
            return False
        self.best = value, dict(plans)
        return True

    def _look_for_plans(self) -> None:
        """Ask around the best prices, then exchange pieces with the nearest answers while that helps."""
        if self.proof is None:
            return
        prices = self.proof[1]
        for factor in _AROUND:
            if self.stop() or self._settled():
                break
            self._ask([round(price * factor) for price in prices])
        order = sorted(range(len(self.asked)), key=lambda at: (self._regret(self.asked[at][1], prices), at))
        nearest = [self.asked[at][1] for at in order[:_NEAREST]]
        # Ways from plans that break a row to plans that keep to it, then from the best to all others.
        for base in nearest[:_BASES]:
            for other in nearest:
                if other is not base and not self.stop() and not self._settled():
                    self._exchange(base, other)
        better = True
        while better and self.best is not None:
            better = False
            for other in nearest:
                if self.stop() or self._settled():
                    return
                better |= self._exchange(self.best[1], other)

    def _fill(self) -> None:
        """Let each block add what there is room for."""
        for name, block in self.blocks.items():
            if self.best is None or self.stop() or self._settled():
                return
            plans = self.best[1]
            left = [limit - used for limit, used in zip(self.limits, self._used(plans), strict=True)]
            self._offer({**plans, name: block.fill(plans[name], left)})

    def _finish(self) -> None:
        """Solve what the prices leave, where it is little."""
        blocks = {name: block for name, block in self.blocks.items() if isinstance(block, MovableBlock)}
        if len(blocks) < len(self.blocks) or self.best is None or self.proof is None:
            return
        for margin in MARGINS:
            if self.stop() or self._settled():
                return
            slack = self.scale * self.best[0] - self.proof[0]
            found = finish(
                blocks, self.proof[2], slack, self.rows.rows, self.limits, self.priced, self.weights, margin
            )
            if found is None:
                return
            plans = {
                name: block.holding(self.best[1][name], found.held[name]) for name, block in blocks.items()
            }
            value = self._value(plans)
            if value is not None:
                self._offer(plans)
                self.claimed = found.claimed and margin == 0
                return

    def _regret(self, answers: Mapping[str, Answer], prices: Sequence[int]) -> int:
        used = self._used(answers)
        priced = sum(self._sign(row) * prices[row] * used[row] for row in self.priced)
        return self.scale * sum(self._plain(answer) for answer in answers.values()) + priced

    def _exchange(self, plans: Mapping[str, Answer], others: Mapping[str, Answer]) -> bool:
        """Change plans by pieces of the ways to others; tell whether that is the best so far."""
        pieces: list[Piece] = []
        owner: dict[int, str] = {}
        for name, block in self.blocks.items():
            first = max((piece.choice for piece in pieces), default=-1) + 1
            own = [
                piece._replace(choice=first + piece.choice)
                for piece in block.pieces(plans[name], others[name])
            ]
            owner |= dict.fromkeys(range(len(pieces), len(pieces) + len(own)), name)
            pieces += own
        chosen = choose(pieces, self._used(plans), self.rows.rows, self.limits, self.priced, self.weights)
        if not chosen:
            return False
        changed = {
            name: block.changed(plans[name], [(pieces[k], times) for k, times in chosen if owner[k] == name])
            for name, block in self.blocks.items()
        }
        better = self._offer(changed)
        if better:
            self._tell()
        return better
