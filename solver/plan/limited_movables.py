"""Vehicles and equipment under limits as rows: pins and the flow beside them, with their reasons."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from solver.errors import CertificateError
from solver.flow.market import Arcs, pick
from solver.flow.survey import survey
from solver.plan.certificate import Proof
from solver.plan.expand import deal
from solver.plan.figures import Figures, Planned
from solver.plan.limited import Eligible, Reasons
from solver.plan.movables import bits_of, first_empty_stage, lines_of, outbid_by, releases
from solver.plan.moves import Moves, exhausted, first_two, got_by_need
from solver.plan.tables import shortfalls_of, transfers_of
from solver.problem.pairs import ELIGIBLE, stage_of
from solver.problem.sides import allowed_kinds
from solver.problem.split import folded

if TYPE_CHECKING:
    from solver.flow.market import Ints
    from solver.flow.survey import Survey
    from solver.limits.block import Answer
    from solver.plan.changed import Changed
    from solver.plan.limited import State
    from solver.problem.problem import Category, Problem


def explain_limited_movables(
    problem: Problem,
    category: Category,
    parts: Category,
    changed: Changed,
    answer: Answer,
    state: State,
    bound: int | None,
) -> Planned:
    """Turn the flow of a category and its pins into rows with their reasons.

    Parameters
    ----------
    parts : the category as it was solved (``solver.problem.split``); answer : of it; changed : the transfers
    beside the pins, as ``moves_of_movables`` makes them of the answer.

    Raises
    ------
    CertificateError
        When the rows do not cost what the flow and the pins do.
    """
    classes, pins = category.classes, category.pins
    free = changed.free
    moves = joined(free, Moves(pins.asset, pins.need, pins.units))
    got = got_by_need(category, moves)
    beside = got_by_need(category, free)
    closed = exhausted(category.norms, category.needs.units - pins.got(len(got)), beside)
    closed_want = np.zeros(classes.market.n_wants, bool)
    closed_want[classes.want_of] = closed
    used, pair = _class_pairs(category, moves)
    n_offers = classes.market.n_offers
    members = np.bincount(classes.offer_of[classes.offer_of >= 0], minlength=n_offers).astype(np.int64)
    two = first_two(classes.offer_of, n_offers)
    values = answer.plan.prices.offer if state.plain else np.zeros(n_offers, np.int64)
    seen = survey(classes.market, values, closed_want, members, two, used)
    transfers = transfers_of(problem, category, moves, lines_of(category, moves, seen, seen.rank[pair]))
    figures = Figures(problem, category, moves, transfers, changed=changed)
    pinned = _cost(category, pins.asset, pins.need, pins.units)
    if not figures.agree(answer.cost + pinned):
        raise CertificateError(
            [f"{category.name}: the rows cost {figures.sums()['objective']}, the flow {answer.cost + pinned}"]
        )
    reasons = Reasons(
        category,
        category.norms,
        changed,
        moves,
        state,
        _Movables(problem, category, free, moves, seen, state),
    )

    def reason(n: int) -> tuple[str, dict[str, Any]]:
        return reasons.told.get(n) or first_empty_stage(problem, category, n)

    each = np.arange(len(category.needs.ids))  # needs of one class may differ by what their province has left
    return Planned(
        category.name,
        transfers,
        shortfalls_of(category, got, each, reason),
        releases(problem, category, moves, bits_of(category, seen), reasons.kept()),
        figures,
        bound=None if bound is None else bound + pinned,
        proof=Proof(category.needs.ids[:0], np.zeros(0, np.int64), [], np.zeros(0, np.int64)),
        fixed=pinned,
        spared=_spared(category),
        changed=changed,
        still=_still(parts, answer),
    )


def _still(parts: Category, answer: Answer) -> frozenset[str]:
    """Return the needs whose plan before was proven once more, without being solved."""
    wants = answer.plan.still
    if wants is None:
        return frozenset()
    class_of = parts.classes.want_of
    return frozenset(parts.needs.ids[(class_of >= 0) & wants[class_of]].tolist())


def moves_of_movables(category: Category, parts: Category, answer: Answer) -> Moves:
    """Write the flow of a category as transfers; ``parts`` : the category as it was solved."""
    solution = answer.plan
    carries = solution.flow.units > 0
    return folded(category, deal(parts, pick(solution.arcs, carries), solution.flow.units[carries])[0])


def joined(free: Moves, pinned: Moves) -> Moves:
    """Add pinned transfers to others; a pair stands once."""
    pairs = np.stack([np.concatenate([free.asset, pinned.asset]), np.concatenate([free.need, pinned.need])])
    if pairs.shape[1] == 0:
        return free
    once, at = np.unique(pairs, axis=1, return_inverse=True)
    units = np.zeros(once.shape[1], np.int64)
    np.add.at(units, at, np.concatenate([free.units, pinned.units]))
    return Moves(once[0], once[1], units)


def _class_pairs(category: Category, moves: Moves) -> tuple[Arcs, Ints]:
    """Return the pairs of classes that transfers go between, and which of them each transfer is."""
    offer, want = category.classes.offer_of[moves.asset], category.classes.want_of[moves.need]
    keys, first, at = np.unique(
        offer * category.classes.market.n_wants + want, return_index=True, return_inverse=True
    )
    cost = category.unit_cost(moves.asset[first], moves.need[first])
    return Arcs(
        offer[first].astype(np.int32), want[first].astype(np.int32), cost, np.zeros(len(keys), np.int64)
    ), at


def _cost(category: Category, i: Ints, j: Ints, units: Ints) -> int:
    return sum(u * c for u, c in zip(units.tolist(), category.unit_cost(i, j).tolist(), strict=True))


def _spared(category: Category) -> int:
    """Price of the needs that pins serve, were they not served [VND]."""
    pins = category.pins
    price = category.needs.price[pins.need]
    return sum(u * p for u, p in zip(pins.units.tolist(), price.tolist(), strict=True))


class _Movables:
    """What the funnel asks of movables."""

    def __init__(
        self, problem: Problem, category: Category, free: Moves, moves: Moves, seen: Survey, state: State
    ) -> None:
        self._category, self._free, self._moves, self._seen, self._state = category, free, moves, seen, state
        self._explicit = problem.form == "matches"
        n_assets = len(category.assets.ids)
        gone = np.zeros(n_assets, np.int64)
        np.add.at(gone, moves.asset, moves.units)
        self._spare = gone < category.assets.units
        self._pinned = category.pins.sent(n_assets) >= category.assets.units
        self._all = np.arange(n_assets)
        self._eligible: dict[int, Ints] = {}
        self._of_kinds: dict[int, Ints] = {}

    def of(self, n: int) -> Eligible:
        """Return the eligible assets of a need."""
        category = self._category
        need = np.array(n)
        if self._explicit:
            i = category.classes.market.listed
            if i is None:
                raise TypeError("explicit matches without their pairs")
            assets = i.offer[i.want == n].astype(np.int64)
        else:
            want = int(category.classes.want_of[n])
            if want not in self._eligible:  # those of one class have the same
                some = self._wanted(int(category.needs.wanted[n]))
                stage = stage_of(category.assets, category.needs, category.metres, some, need)
                self._eligible[want] = some[stage == ELIGIBLE]
            assets = self._eligible[want]
        to = np.full(len(assets), n)
        crosses = category.assets.province[assets] != category.needs.province[n]
        return Eligible(
            assets,
            category.unit_cost(assets, to),
            np.zeros(len(assets), np.int64),
            category.unit_spend(assets, to),
            crosses,
            self._pinned[assets],
            self._spare[assets],
        )

    def _wanted(self, kinds: int) -> Ints:
        """Return the assets of kinds that needs take which want these kinds."""
        if kinds not in self._of_kinds:
            assets, needs = self._category.assets, self._category.needs
            allowed = allowed_kinds(assets.kinds, needs.sets)[:, kinds]
            self._of_kinds[kinds] = np.flatnonzero(allowed[assets.kind])
        return self._of_kinds[kinds]

    def outbid(self, n: int) -> dict[str, Any]:
        """Say who outbids a need: where rows have prices, these do not tell by how much."""
        if not self._state.plain:
            return {}
        return outbid_by(self._category, self._seen, self._moves, n, most=self._state.penalty)

    def takeable(self, n: int, assets: Ints, may: np.ndarray) -> np.ndarray:
        """Tell from which assets a unit may be taken."""
        del n  # a unit is a unit, whoever wants it
        some = np.zeros(len(self._all), bool)
        some[self._free.asset[may]] = True
        return some[assets]
