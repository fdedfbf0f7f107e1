r"""Plans of all categories that keep to the side rows, and how they are made better.

They are made of pieces of the ways between the answers to prices (``solver.limits.choose``), which near the
best prices are many small exchanges; each block adds what there is room for; and an integer programme looks
at what prices leave (``solver.limits.finish``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from solver.limits.choose import choose
from solver.limits.finish import Finish, Proof
from solver.limits.programme import Frame
from solver.limits.watch import Standing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from solver.limits.block import Answer, Block, Piece
    from solver.limits.rows import SideRows
    from solver.limits.setting import Setting
    from solver.limits.watch import Watch

#: A limit that no plan reaches.
ENDLESS = 1 << 60
#: Answers whose ways are looked at for a better plan.
_NEAREST = 12
_BASES = 4


class Plans:
    """Answers to prices, the best bound, and the best plan that keeps to the rows.

    Attributes
    ----------
    asked : prices [VND / S] and answers; best : value [VND] and plans; proof : bound x S, prices, answers;
    claimed : whether an integer programme believes that no plan is better.
    """

    def __init__(
        self,
        blocks: Mapping[str, Block],
        rows: SideRows,
        setting: Setting,
        watch: Watch,
        toll: Mapping[int, int] | None = None,
    ) -> None:
        """Take the blocks.

        Parameters
        ----------
        setting : weights and scale; toll : what use of some rows costs whatever is left of them [VND per
        VND or unit].
        """
        self.blocks, self.rows, self.weights, self.scale = blocks, rows, setting.weights, setting.scale
        self.stop, self.heard, self.enough = watch.stop, watch.heard, watch.enough
        self.toll = dict(toll or {})
        own = set.union(*(block.own for block in blocks.values())) if blocks else set()
        self.limits = rows.left
        #: Rows that need a price: those that ask for something, and that no block sees to itself.
        self.priced = [
            at
            for at, (row, left) in enumerate(zip(rows.rows, self.limits, strict=True))
            if at not in own and (left > 0 if row.floor else left < ENDLESS)
        ]
        #: Rows of ``priced`` that plans at hand keep to and that no exchange may break, floors among them.
        self.hard: frozenset[int] = frozenset()
        self.asked: list[tuple[tuple[int, ...], dict[str, Answer]]] = []
        self.best: tuple[int, dict[str, Answer]] | None = None
        self.claimed = False
        #: Units by which floors are missed where the proof is of the cost beside them alone.
        self.lacking = 0
        self.proof: tuple[int, tuple[int, ...], dict[str, Answer]] | None = None

    def _tell(self) -> None:
        cost = bound = None
        if self.best is not None and self.proof is not None:
            cost = sum(plan.cost for plan in self.best[1].values())
            bound = -(-self.proof[0] // self.scale) - (
                self.best[0] - cost - self.weights.missed * self.lacking
            )
        self.heard(Standing(len(self.asked), cost, bound, len(self.asked)))

    def _sign(self, row: int) -> int:
        return -1 if self.rows.rows[row].floor else 1

    def _settled(self) -> bool:
        if self.best is None or self.proof is None:
            return False
        value, bound = self.best[0], -(-self.proof[0] // self.scale)
        value -= self.weights.missed * self.lacking
        moved = sum(answer.moved for answer in self.best[1].values())
        return value <= bound or self.enough(value, bound, moved)

    def _charged(self, prices: Sequence[int]) -> list[int]:
        """Return what blocks are asked at: prices with the tolls [VND / S]."""
        return [price + self.scale * self.toll.get(at, 0) for at, price in enumerate(prices)]

    # What plans are worth

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

    # Better ones

    def _combine(self) -> None:
        """Exchange pieces with the answers nearest to the best prices while that helps."""
        if self.proof is None:
            return
        prices = self.proof[1]
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
        """Solve what the prices leave."""
        if self.best is None or self.proof is None or self.stop() or self._settled():
            return
        bound, prices, answers = self.proof
        frame = Frame(self.rows.rows, self.limits, self.priced, self.weights, self.hard, self.toll)
        step = Finish(
            frame,
            self.blocks,
            Proof(self._charged(prices), answers, bound),
            self._at_hand,
            self._taken,
            lambda: self.stop() or self._settled(),
        )
        step.run()
        self.claimed = step.claimed

    def _at_hand(self) -> tuple[int, Mapping[str, Answer]]:
        """Return the best value [VND / S] and plans."""
        if self.best is None:
            raise AssertionError("asked before any plan")
        return self.scale * self.best[0], self.best[1]

    def _taken(self, plans: Mapping[str, Answer]) -> tuple[bool, bool]:
        """Take plans if they are better; tell whether they keep to the rows, and whether they are."""
        if self._value(plans) is None:
            return False, False
        better = self._offer(plans)
        if better:
            self._tell()
        return True, better

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
        chosen = choose(
            pieces, self._used(plans), self.rows.rows, self.limits, self.priced, self.weights, self.hard
        )
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
