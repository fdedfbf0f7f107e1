r"""Of what changes from a re-plan to another plan, only what a pair changes or what saves something.

The way between two plans falls into pieces of which any choice gives a plan (``solver.limits.block.Piece``):
cycles of movables, sets of premises. Those that have nothing to do with the pair, save nothing and are not
needed to keep to a row are not gone.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from solver.counterfactuals.movables import held_of, pinned_by_class
from solver.counterfactuals.moved import dealt, held_by
from solver.counterfactuals.reckoned import as_lines, beside, joined
from solver.counterfactuals.settled import patterns_of, settled
from solver.counterfactuals.split_lines import gathered, rows_of, spread
from solver.flow.market import Arcs
from solver.flow.solve import Solution
from solver.flow.state import Prices, totals
from solver.limits.movables import MovableBlock
from solver.limits.rows import side_rows
from solver.limits.setting import blocks_of, net_cost
from solver.problem.problem import Category
from solver.problem.split import split

if TYPE_CHECKING:
    from collections.abc import Callable

    from solver.counterfactuals.moved import Lines
    from solver.counterfactuals.reckoned import Plan
    from solver.limits.block import Answer, Block, Piece
    from solver.limits.rows import SideRows
    from solver.problem.premises import Premises
    from solver.problem.problem import Problem


class Ends(NamedTuple):
    """The pair: name of its category, positions, and whether it is forced, not banned."""

    name: str
    asset: int
    need: int
    forced: bool


class _Side(NamedTuple):
    """A category on the way: in whole rows, as it is solved, what tells its plans, both of them."""

    whole: Category | Premises
    parts: Category | Premises
    block: Block
    before: Answer
    after: Answer


def needful(problem: Problem, before: Plan, after: Plan, ends: Ends) -> Plan:
    """Return the plan that goes only what has to be gone from one plan to another.

    Parameters
    ----------
    problem : the re-plan's, in whole rows, with the categories of both plans; before, after : pins with them.
    """
    parts = split(problem)
    rows = side_rows(parts, {})
    setting = replace(net_cost(parts, rows), scale=1)
    blocks = blocks_of(parts, rows, setting)
    sides = [
        _side(problem, parts, name, blocks[name], before[name], after[name])
        for name in blocks
        if name in after
    ]
    pieces = [
        (at, piece) for at, side in enumerate(sides) for piece in side.block.pieces(side.before, side.after)
    ]
    gone = _gone(rows, sides, pieces, ends, counted=problem.scenario["objective"] == "coverage_first")
    out: Plan = {}
    for at, side in enumerate(sides):
        own = [(piece, piece.most) for owner, piece in gone if owner == at]
        plan = side.block.changed(side.before, own)
        name = side.whole.name
        found = _dealt(side, plan, before[name], after[name], ends if ends.name == name else None)
        out[name] = after[name] if found is None else found
    return out


def _side(problem: Problem, parts: Problem, name: str, block: Block, before: Lines, after: Lines) -> _Side:
    if isinstance(block, MovableBlock):
        category, part = problem.categories[name], parts.categories[name]
        block.last = _solution(block, {})
        told = [
            block.holding(block.nothing(), held_by(part, spread(category, beside(category.pins, lines))))
            for lines in (before, after)
        ]
        return _Side(category, part, block, told[0], told[1])
    if problem.premises is None or parts.premises is None:
        raise TypeError("a problem without premises")
    from solver.limits.premises_tally import use_of  # loads the pattern core

    whole, lodged = problem.premises, parts.premises
    nothing = block.nothing()
    uses = [
        use_of(patterns_of(lodged, spread(whole, beside(whole.pins, lines)))) for lines in (before, after)
    ]
    told = [block.again(replace(nothing, plan=use)) for use in uses]
    return _Side(whole, lodged, block, told[0], told[1])


def _solution(block: MovableBlock, held: dict[tuple[int, int], int]) -> Solution:
    """Hold a flow as a solution that proves nothing."""
    market = block.category.classes.market
    pairs = sorted(held)
    offer, want = (np.array([pair[side] for pair in pairs], np.int32) for side in (0, 1))
    none = np.zeros(len(pairs), np.int64)
    units = np.array([held[pair] for pair in pairs], np.int64)
    arcs = Arcs(offer, want, none, none)
    prices = Prices(*(np.zeros(n, np.int64) for n in (market.n_wants, len(market.rows.cap), market.n_offers)))
    return Solution(arcs, totals(market, arcs, units), prices, 0, 0, 0, 0)


def _gone(
    rows: SideRows, sides: list[_Side], pieces: list[tuple[int, Piece]], ends: Ends, *, counted: bool
) -> list[tuple[int, Piece]]:
    """Choose the pieces of the way that are gone; ``counted`` : units unmet come before the cost."""
    used = [sum(side.after.used[row] for side in sides) for row in range(len(rows.rows))]
    touches = [_touching(side, ends) if side.whole.name == ends.name else None for side in sides]
    stay = []
    # What is dearest to go is the first that is not gone: it may leave room for others.
    for at, piece in sorted(pieces, key=lambda one: -one[1].cost):
        touch = touches[at]
        level = piece.missed != 0 or (counted and any(piece.unmet))
        level = level or any(piece.used[k] for k, row in enumerate(rows.rows) if row.floor)
        back = [now - piece.most * own for now, own in zip(used, piece.used, strict=True)]
        room = all(
            row.floor or own >= 0 or then <= left
            for row, own, then, left in zip(rows.rows, piece.used, back, rows.left, strict=True)
        )
        if piece.cost < 0 or level or not room or (touch is not None and touch(piece)):
            stay.append((at, piece))
        else:
            used = back
    return stay


def _touching(side: _Side, ends: Ends) -> Callable[[Piece], bool]:
    """Return what tells whether a piece has to do with the pair."""
    if isinstance(side.parts, Category) and isinstance(side.whole, Category):
        classes = side.parts.classes
        offers = {int(classes.offer_of[row]) for row in rows_of(side.whole, ends.asset)}
        want = int(classes.want_of[ends.need])

        def cycle(piece: Piece) -> bool:
            pairs = zip(piece.change.offer.tolist(), piece.change.want.tolist(), strict=True)
            return any(i in offers and j == want for i, j in pairs)

        return cycle
    host = -1 if isinstance(side.parts, Category) else int(side.parts.host_of[ends.asset])
    return lambda piece: any(pattern[0] == host for pattern in (*piece.change.gone, *piece.change.come))


def _dealt(side: _Side, plan: Answer, before: Lines, after: Lines, ends: Ends | None) -> Lines | None:
    """Deal a plan out to rows, keeping the lines of the plan before; None where that cannot be done so."""
    whole, parts = side.whole, side.parts
    was, then = (spread(whole, beside(whole.pins, lines)) for lines in (before, after))
    pins = as_lines(whole.pins)
    mine = {} if ends is None or not ends.forced else _of_pair(whole, then, ends)
    if isinstance(whole, Category) and isinstance(parts, Category):
        held = pinned_by_class(parts)
        for pair, units in held_of(plan.plan).items():
            held[pair] = held.get(pair, 0) + units
        banned = (
            [] if ends is None or ends.forced else [(row, ends.need) for row in rows_of(whole, ends.asset)]
        )
        found = dealt(parts, _sum(was, pins), held, _sum(mine, pins), banned)
        if sum(found.values()) != sum(held.values()):
            return None
        lines = gathered(whole, found)
    elif not isinstance(whole, Category) and not isinstance(parts, Category):
        from solver.limits.premises_tally import patterns_in  # loads the pattern core

        barred = [] if ends is None or ends.forced else rows_of(whole, ends.need)
        building = 0 if ends is None else ends.asset
        seats = {row: units for (_, row), units in mine.items()}
        patterns = patterns_in(plan.plan)
        free = settled(parts, was, patterns, building, seats, barred)
        places = sum(units * times for (_, inside), times in patterns.items() for _, units in inside)
        if free is None or sum(free.values()) != places:
            return None
        lines = joined(whole.pins, gathered(whole, free))
    else:
        raise TypeError(side.whole.name)
    if ends is None:
        return lines
    got = lines.get((ends.asset, ends.need), 0)
    fits = got >= after.get((ends.asset, ends.need), 0) if ends.forced else got == 0
    return lines if fits else None


def _of_pair(whole: Category | Premises, lines: Lines, ends: Ends) -> Lines:
    return {
        pair: units
        for pair, units in lines.items()
        if gathered(whole, {pair: units}) == {(ends.asset, ends.need): units}
    }


def _sum(one: Lines, other: Lines) -> Lines:
    return {pair: one.get(pair, 0) + other.get(pair, 0) for pair in {*one, *other}}
