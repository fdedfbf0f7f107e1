"""Premises under limits as rows: pinned places and the patterns beside them, with their reasons."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from solver.errors import CertificateError
from solver.plan.certificate import Proof
from solver.plan.figures import Figures, Planned
from solver.plan.funnel import Funnel
from solver.plan.limited import Eligible, Reasons
from solver.plan.limited_movables import joined
from solver.plan.lodge import lodge
from solver.plan.lodgings import look
from solver.plan.moves import Moves, exhausted, got_by_need
from solver.plan.premises import lines_of, releases, worth_of_rooms
from solver.plan.tables import shortfalls_of, transfers_of
from solver.problem.premises import left_by_pins, load_of, parts_of_premises
from solver.problem.split import folded

if TYPE_CHECKING:
    from solver.flow.market import Ints
    from solver.limits.block import Answer
    from solver.plan.changed import Changed
    from solver.plan.limited import State
    from solver.problem.premises import Premises
    from solver.problem.problem import Problem


def explain_limited_premises(
    problem: Problem,
    premises: Premises,
    parts: Premises,
    changed: Changed,
    answer: Answer,
    state: State,
    bound: int | None,
) -> Planned:
    """Turn the patterns in use and the pins into rows with their reasons.

    Parameters
    ----------
    parts : the premises as they were solved (``solver.problem.split``); answer : of them; changed : the
    transfers beside the pins, as ``moves_of_premises`` makes them of the answer.

    Raises
    ------
    CertificateError
        When the rows do not cost what the patterns and the pins do.
    """
    pins, whole = premises.pins, premises.bare
    needs = left_by_pins(premises)[1]
    free = changed.free
    moves = joined(free, Moves(pins.asset, pins.need, pins.units))
    costs = parts_of_premises(premises, moves.asset, moves.need)
    got, beside = got_by_need(premises, moves), got_by_need(premises, free)
    closed = exhausted(premises.norms, needs.units, beside)
    seen = look(whole, moves, costs.cost, closed)
    transfers = transfers_of(problem, premises, moves, lines_of(whole, moves, costs, seen))
    figures = Figures(problem, premises, moves, transfers, premises.assets.opening, changed)
    pinned = _pinned_cost(premises)
    if not figures.agree(answer.cost + pinned):
        raise CertificateError(
            [f"premises: the rows cost {figures.sums()['objective']}, the patterns {answer.cost + pinned}"]
        )
    funnel = Funnel(problem, premises)
    reasons = Reasons(premises, premises.norms, changed, moves, state, _Rooms(premises, free, moves, funnel))

    def reason(n: int) -> tuple[str, dict[str, Any]]:
        return reasons.told.get(n) or funnel.first_empty(n)

    shut = np.zeros(whole.estate.n_guests, bool)
    shut[whole.guest_of] = closed
    rooms = worth_of_rooms(whole, seen, shut)
    price = premises.needs.price[pins.need]
    none = np.zeros(0, np.int64)
    return Planned(
        premises.name,
        transfers,
        shortfalls_of(premises, got, np.arange(len(needs.ids)), reason),
        releases(problem, whole, moves, rooms, reasons.kept()),
        figures,
        bound=None if bound is None else bound + pinned,
        proof=Proof(needs.ids[:0], none, [], none),
        fixed=pinned,
        spared=sum(u * p for u, p in zip(pins.units.tolist(), price.tolist(), strict=True)),
        changed=changed,
        still=_still(parts, answer),
    )


def moves_of_premises(premises: Premises, parts: Premises, answer: Answer) -> Moves:
    """Write the patterns of a plan as transfers; ``parts`` : the premises as they were solved."""
    assets, places = left_by_pins(parts)
    return folded(premises, lodge(replace(parts, assets=assets, needs=places), answer.plan))


def _still(parts: Premises, answer: Answer) -> frozenset[str]:
    """List the needs of components that were not solved again."""
    guests = answer.proof.still
    if guests is None:
        return frozenset()
    return frozenset(parts.needs.ids[np.isin(parts.guest_of, guests)].tolist())


def _pinned_cost(premises: Premises) -> int:
    """Cost of the pinned places and of opening their buildings [VND]."""
    pins = premises.pins
    cost = parts_of_premises(premises, pins.asset, pins.need).cost
    places = sum(u * c for u, c in zip(pins.units.tolist(), cost.tolist(), strict=True))
    return int(places + sum(premises.assets.opening[np.unique(pins.asset)].tolist()))


class _Rooms:
    """What the funnel asks of premises."""

    def __init__(self, premises: Premises, free: Moves, moves: Moves, funnel: Funnel) -> None:
        self._premises, self._free, self._funnel = premises, free, funnel
        self._load = load_of(premises, free.asset, free.need) * free.units
        self._room = left_by_pins(premises)[0].capacity
        self._left = self._room.copy()
        np.subtract.at(self._left, free.asset, self._load)
        self._opening = premises.assets.opening.copy()
        self._opening[moves.asset] = 0

    def of(self, n: int) -> Eligible:
        """Return the eligible premises of a need."""
        premises = self._premises
        assets = self._funnel.eligible(n)
        to = np.full(len(assets), n)
        parts, load = parts_of_premises(premises, assets, to), load_of(premises, assets, to)
        crosses = premises.assets.province[assets] != premises.needs.province[n]
        return Eligible(
            assets,
            parts.cost,
            self._opening[assets],
            parts.spend,
            crosses,
            self._room[assets] < load,
            self._left[assets] >= load,
        )

    def takeable(self, n: int, assets: Ints, may: np.ndarray) -> np.ndarray:
        """Tell where the free room and what may be taken are enough for a place."""
        room = self._left.copy()
        np.add.at(room, self._free.asset[may], self._load[may])
        enough: np.ndarray = room[assets] >= load_of(self._premises, assets, np.full(len(assets), n))
        return enough

    def outbid(self, n: int) -> dict[str, Any]:
        """Say who outbids a need: those that the cheapest building houses are named with it elsewhere."""
        del n
        return {}
