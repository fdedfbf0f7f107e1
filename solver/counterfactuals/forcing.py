r"""A category of a re-plan with a pair forced or banned: as a problem of whole rows (docs/counterfactual.md).

f      units that the pair gets beside the pins: they leave supply (room), demand and every row, like a pin
b_an   units of each pair that the plan before keeps, those of the re-plan: a force does not change them
ahead  changes that the force makes, whatever else a plan does

Of the pair itself max(0, f - b) units are changes, and max(0, b - f) more may stay. A banned pair keeps none:
b changes. What has no room any more in premises for a place of a line is changed as well. Where the kept
units of an asset are more than it has left beside the force (of premises: the kept places of a need more than
it wants), some of them have to go. Which ones is a choice, each a case of its own; in each the number of
changes so far is the same.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from solver.counterfactuals.altered import Blocked, more_pins, norms_beside, with_pins
from solver.problem.pins import Pins
from solver.problem.premises import Premises, left_by_pins, load_of, parts_of_premises

if TYPE_CHECKING:
    from collections.abc import Iterator

    from solver.flow.market import Ints
    from solver.problem.problem import Category

#: Cases that are looked at at most.
CASES = 64


class Forced(NamedTuple):
    """A category with a pair forced or banned.

    Attributes
    ----------
    part : in whole rows; ahead : changes made so far; given : VND that a plan of it costs more than one of
    the question asked at most, 0 but where the case is no more than a bound.
    """

    part: Category | Premises
    ahead: int
    given: int = 0


class Cases(NamedTuple):
    """What a force comes to.

    Attributes
    ----------
    cases : one of them holds the best plan, unless there are ``more``; bound : no plan of any case costs
    less than the best of this one, which is no plan itself; None where there is one case.
    """

    cases: list[Forced]
    more: bool
    bound: Forced | None


def banned(part: Category | Premises, i: int, j: int) -> Forced:
    """Return the category without a pair that is not pinned."""
    key = i * part.metres.n_needs + j
    metres = replace(part.metres, ban_keys=np.union1d(part.metres.ban_keys, np.array([key], np.int64)))
    own = (part.kept.asset == i) & (part.kept.need == j)
    ahead = int(part.kept.units[own].sum())
    return Forced(_keeping(replace(part, metres=metres), part.kept.units * ~own), ahead)


def forced(part: Category | Premises, i: int, j: int, units: int) -> Cases | Blocked:
    """Return the category with so many units of a pair beside the pins, or what they exceed."""
    held = _pinned_places(part, i, j, units) if isinstance(part, Premises) else _pinned(part, i, j, units)
    if isinstance(held, Blocked):
        return held
    kept = held.kept
    own = (kept.asset == i) & (kept.need == j)
    stays = np.where(own, np.maximum(kept.units - units, 0), kept.units)
    ahead = max(0, units - int(kept.units[own].sum()))
    if isinstance(held, Premises):
        room = _room(held, i, np.where(kept.asset == i, stays, 0))
        ahead += int((stays - room)[kept.asset == i].sum())
        stays = np.where(kept.asset == i, room, stays)
    lot, left = _left(held, i, j)
    excess = int(stays[lot].sum()) - left
    if excess <= 0:
        return Cases([Forced(_keeping(held, stays), ahead)], more=False, bound=None)
    order = _least_worth(held, np.flatnonzero(lot))
    ways = list(islice(_ways(stays[order].tolist(), excess), CASES + 1))
    cases = []
    for way in ways[:CASES]:
        less = stays.copy()
        less[order] -= way
        cases.append(Forced(_keeping(held, less), ahead + excess))
    bound = None if len(ways) == 1 else _wider(_keeping(held, stays), i, j, excess, ahead)
    return Cases(cases, more=len(ways) > CASES, bound=bound)


def _keeping(part: Category | Premises, units: Ints) -> Category | Premises:
    """Return the category with so many units of its kept lines."""
    some = units > 0
    kept = Pins(part.kept.asset[some], part.kept.need[some], units[some])
    return replace(part, kept=kept)


def _pinned(category: Category, i: int, j: int, units: int) -> Category | Blocked:
    return with_pins(category, *(np.array([one]) for one in (i, j, units)))


def _pinned_places(premises: Premises, i: int, j: int, places: int) -> Premises | Blocked:
    asset, need, units = (np.array([one]) for one in (i, j, places))
    load = int(load_of(premises, asset, need)[0])
    room = int(left_by_pins(premises)[0].capacity[i])
    if load * places > room:
        return Blocked("room", room // load)
    norms = norms_beside(premises, j, places)
    if isinstance(norms, Blocked):
        return norms
    return replace(premises, norms=norms, pins=more_pins(premises.pins, asset, need, units))


def _room(premises: Premises, i: int, places: Ints) -> Ints:
    """Return how many of the kept places of each line there is room for in the building, by themselves."""
    load = load_of(premises, premises.kept.asset, premises.kept.need)
    room: Ints = np.minimum(places, left_by_pins(premises)[0].capacity[i] // np.maximum(load, 1))
    return np.where(load > 0, room, places)


def _left(part: Category | Premises, i: int, j: int) -> tuple[np.ndarray, int]:
    """Tell which kept lines share the units of the asset (premises: of the need), and what it has left."""
    if isinstance(part, Premises):
        return part.kept.need == j, int(part.needs.units[j] - part.pins.got(len(part.needs.ids))[j])
    return part.kept.asset == i, int(part.assets.units[i] - part.pins.sent(len(part.assets.ids))[i])


def _least_worth(part: Category | Premises, lines: Ints) -> Ints:
    """Order kept lines by what a unit saves, the least first."""
    i, j = part.kept.asset[lines], part.kept.need[lines]
    cost = parts_of_premises(part, i, j).cost if isinstance(part, Premises) else part.unit_cost(i, j)
    order: Ints = lines[np.lexsort((lines, part.needs.price[j] - cost))]
    return order


def _ways(units: list[int], count: int) -> Iterator[list[int]]:
    """Yield the ways to take so many units from lines, the first lines first."""
    if not units:
        if count == 0:
            yield []
        return
    for here in range(min(units[0], count), -1, -1):
        if count - here <= sum(units[1:]):
            yield from ([here, *rest] for rest in _ways(units[1:], count - here))


def _wider(part: Category | Premises, i: int, j: int, excess: int, ahead: int) -> Forced:
    """Return the category with so much more of the asset (premises: of the need) that all lines may stay."""
    if isinstance(part, Premises):
        units = part.needs.units.copy()
        units[j] += excess
        # These places are unmet in every plan.
        return Forced(
            replace(part, needs=replace(part.needs, units=units)), ahead, excess * int(part.needs.price[j])
        )
    supply = part.assets.units.copy()
    supply[i] += excess
    return Forced(replace(part, assets=replace(part.assets, units=supply)), ahead)
