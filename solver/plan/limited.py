"""Reasons under limits: the rest of the funnel (docs/limits.md), over eligible pairs of needs left unmet.

A pair is asked whether one more unit could go this way in the plan as it is: is there room in its norm rows,
its budgets and caps, and is its asset free, or could it be taken from where it serves.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import numpy as np

from solver.limits.rows import CHANGES
from solver.plan.moves import full_rows, got_by_need

if TYPE_CHECKING:
    from solver.flow.market import Ints
    from solver.limits.rows import Member, SideRows
    from solver.plan.changed import Changed
    from solver.plan.moves import Moves
    from solver.problem.norms import NormRows


class Eligible(NamedTuple):
    """Eligible assets of a need, and of each what the rest of the funnel asks.

    Attributes
    ----------
    asset : positions; cost : of a unit [VND]; opening : what it costs to use the asset at all, 0 where it
    is in use [VND]; spend : of a unit [VND]; crosses : whether the provinces differ; pinned : whether pins
    take all of it; spare : whether it has something free.
    """

    asset: Ints
    cost: Ints
    opening: Ints
    spend: Ints
    crosses: np.ndarray
    pinned: np.ndarray
    spare: np.ndarray


class Held(NamedTuple):
    """Assets that stay, though they are worth it to a need: for want of money, for a cap, or for changes."""

    broke: np.ndarray
    capped: np.ndarray
    steady: np.ndarray


def nobody(n_assets: int) -> Held:
    """Return what limits hold back where there are none."""
    return Held(*(np.zeros(n_assets, bool) for _ in range(3)))


class Candidates(Protocol):
    """What the funnel asks of a category."""

    def outbid(self, n: int) -> dict[str, Any]:
        """Say who outbids a need that could be served, as far as prices tell."""

    def of(self, n: int) -> Eligible:
        """Return the eligible assets of a need."""

    def takeable(self, n: int, assets: Ints, may: np.ndarray) -> np.ndarray:
        """Tell in which assets there is enough with what may be taken, given which transfers may be."""


@dataclass(frozen=True)
class State:
    """Where the plan stands.

    Attributes
    ----------
    rows; slack : what is left of each cap and budget; at_floor, below : floors whose group has no more than
    it asks for, and those that have less; coverage : whether coverage comes first; plain : whether the prices
    of assets are plain money, no side row having one; penalty : of a missed floor [VND].
    """

    rows: SideRows
    slack: list[int]
    at_floor: np.ndarray
    below: np.ndarray
    coverage: bool
    plain: bool
    penalty: int


def state_of(rows: SideRows, received: list[int], *, coverage: bool, plain: bool, penalty: int) -> State:
    """Take what a plan uses of the rows, pinned transfers with it."""
    slack = [row.limit - used for row, used in zip(rows.rows, received, strict=True)]
    floor = np.array([row.floor for row in rows.rows], bool)
    left = np.array(slack, object)
    return State(rows, slack, floor & (left >= 0), floor & (left > 0), coverage, plain, penalty)


class Reasons:
    """Reasons of a category under limits.

    Attributes
    ----------
    told : reason and detail of each need left unmet, by position, for needs that have an eligible asset;
    some, spends, goes, turns : of each asset, whether it is worth its cost to a need that lacks units under
    no exhausted norm row; whether one of these has the money; whether one has the money and may cross;
    whether one of those may change.
    """

    def __init__(
        self,
        member: Member,
        norms: NormRows,
        changed: Changed,
        moves: Moves,
        state: State,
        candidates: Candidates,
    ) -> None:
        """Look at every need left unmet; ``changed`` : the transfers beside the pins, ``moves`` : all."""
        self.member, self.state, self.candidates, self.changed = member, state, candidates, changed
        free = changed.free
        self.counting = state.rows.counting[member.name]
        n_assets = len(member.assets.ids)
        self.some, self.spends, self.goes, self.turns = (np.zeros(n_assets, bool) for _ in range(4))
        self.told: dict[int, tuple[str, dict[str, Any]]] = {}
        self.free = free
        rows = len(state.rows.rows)
        groups = self.counting.floor[free.need]
        at_floor = np.append(state.at_floor, False)
        #: Floors that a transfer holds up, by transfer; ``rows`` where it holds up none.
        self.holds_up = np.where(at_floor[groups], groups, rows)
        self.full = full_rows(norms, got_by_need(member, free))
        self.norms = norms
        got = got_by_need(member, moves)
        for n in np.flatnonzero(got < member.needs.units).tolist():
            reason = self._look(n)
            if reason is not None:
                self.told[n] = reason

    def _look(self, n: int) -> tuple[str, dict[str, Any]] | None:
        member, state = self.member, self.state
        assets, cost, opening, spend, crosses, pinned, spare = self.candidates.of(n)
        if len(assets) == 0:
            return None
        entry = cost + opening
        price, ids = int(member.needs.price[n]), member.assets.ids
        first = int(np.lexsort((assets, entry))[0])
        detail: dict[str, Any] = {
            "cheapest_asset": str(ids[assets[first]]),
            "cheapest_cost_vnd": int(cost[first]),
            **({"opening_vnd": int(opening[first])} if opening[first] else {}),
        }
        if self.full[n] >= 0:
            row = {"norm_row": self.norms.ids[self.full[n]], "may_receive": int(self.norms.cap[self.full[n]])}
            return "norm", row | detail
        budgets = [row for row in self.counting.spend[n].tolist() if row >= 0]
        most = min((state.slack[row] for row in budgets), default=None)
        affords = np.ones(len(assets), bool) if most is None else spend <= most
        caps = self.counting.cross[assets]
        shut = np.append([slack <= 0 for slack in state.slack], False).astype(bool)
        passes = ~crosses | ~((caps >= 0) & shut[caps]).any(axis=1)
        gains = cost < price
        steady = self._may_change(n, assets)
        worth = steady & ~self._costly(n, assets, cost, price)
        self.some[assets[gains]] = True
        self.spends[assets[gains & affords]] = True
        self.goes[assets[gains & affords & passes]] = True
        self.turns[assets[gains & affords & passes & worth]] = True
        left = ~pinned
        if not left.any():
            return "pinned", {
                "asset": str(ids[assets[first]]),
                "serves": self._serves(int(assets[first])),
                **detail,
            }
        left &= affords
        if not left.any():
            row_at = min(budgets, key=lambda row: (state.slack[row], row))
            least = int(spend[~pinned].min())
            row = {
                "row": state.rows.rows[row_at].id,
                "left_vnd": state.slack[row_at],
                "least_spend_vnd": least,
            }
            return "budget", row | detail
        last = int(assets[left][0])
        left &= passes
        if not left.any():
            row_at = next(row for row in self.counting.cross[last].tolist() if row >= 0 and shut[row])
            row = {"row": state.rows.rows[row_at].id, "bound": state.rows.rows[row_at].limit}
            return "cross_province_max", row | detail
        some = int(assets[left][0])
        left &= spare | self.candidates.takeable(n, assets, self._may_leave(n))
        if not left.any():
            return "equity", self._equity(some) | detail
        groups = self.counting.floor[n]
        below = np.append(state.below, False)[groups].any()
        if not state.coverage and not below:
            if not (entry[left] < price).any():
                return "too_dear", {"dearer_by_vnd": int(entry[left].min()) - price, **detail}
            left &= entry < price
        left &= (entry >= price) | (steady & ~(spare & self._costly(n, assets, entry, price)))
        if not left.any():
            return "max_changes", self._limit_of_changes() | detail
        return "outbid", self.candidates.outbid(n) | detail

    def _may_change(self, n: int, assets: Ints) -> np.ndarray:
        """Tell which assets may serve a need with the changes that are left."""
        row = self.state.rows.changes
        if row < 0 or self.state.slack[row] >= 1:
            return np.ones(len(assets), bool)
        may: np.ndarray = self.changed.below(n, assets) | self.changed.moving[assets]
        return may

    def _costly(self, n: int, assets: Ints, cost: Ints, price: int) -> np.ndarray:
        """Tell which assets would be worth it to a need, but not as the change that they are."""
        toll = self.changed.toll(n, assets)
        costly: np.ndarray = (cost < price) & (cost + toll >= price)
        return costly

    def _limit_of_changes(self) -> dict[str, Any]:
        row = self.state.rows.changes
        most = {} if row < 0 else {"row": CHANGES, "bound": self.state.rows.rows[row].limit}
        return {"change_price_vnd": self.changed.price, **most}

    def _may_leave(self, n: int) -> np.ndarray:
        """Tell which transfers may be taken away for a need without harm to a floor that is held up."""
        own = self.counting.floor[n]
        rows = len(self.state.rows.rows)
        harmed = (self.holds_up < rows) & ~np.isin(self.holds_up, own[own >= 0])
        free: np.ndarray = ~harmed.any(axis=1) | (self.free.need == n)
        return free

    def _serves(self, asset: int) -> str:
        pins = self.member.pins
        needs = pins.need[pins.asset == asset]
        return str(self.member.needs.ids[needs[0]]) if len(needs) else ""

    def _equity(self, asset: int) -> dict[str, Any]:
        at = np.flatnonzero(self.free.asset == asset)
        rows = len(self.state.rows.rows)
        held = [int(row) for row in self.holds_up[at].ravel() if row < rows]
        return {
            "row": self.state.rows.rows[held[0]].id if held else "",
            "asset": str(self.member.assets.ids[asset]),
            "serves": str(self.member.needs.ids[self.free.need[at[0]]]) if len(at) else self._serves(asset),
        }

    def kept(self) -> Held:
        """Tell which assets stay for want of money, which for caps, which for changes."""
        return Held(
            self.some & ~self.spends,
            self.some & self.spends & ~self.goes,
            self.some & self.goes & ~self.turns,
        )
