"""A problem with other floors, or of one category, made from a problem without reading tables again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from solver.problem.categories import groups_of_needs
from solver.problem.classes import Free, dense_classes, listed_classes
from solver.problem.groups import MAX_MIN
from solver.problem.metres import blocks_within
from solver.problem.premises import Premises, left_by_pins
from solver.problem.premises_classes import dense_estate
from solver.problem.tree import tree_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    import pandas as pd

    from solver.flow.market import Ints
    from solver.problem.groups import Groups
    from solver.problem.metres import Metres
    from solver.problem.problem import Category, Problem
    from solver.problem.sides import AssetSide, NeedSide

_BY, _FLOORS, _MODE = "equity.by", "equity.coverage_floor", "equity.floor_mode"


def with_floors(problem: Problem, by: str, floors: Mapping[str, int | Decimal | str]) -> Problem:
    """Return the problem that ``solver.build`` makes with these floors, attainable ones, in place of its own.

    Parameters
    ----------
    by : ``equity.by``; floors : ``equity.coverage_floor``, as in a checked scenario: a share or "max-min" by
    key. Where groups stay the same, so do the classes.
    """
    before = problem.scenario
    entries = {**before.entries, _BY: by, _FLOORS: dict(floors), _MODE: "attainable"}
    problem = replace(problem, scenario=replace(before, entries=entries))
    if before[_BY] == by and set(before[_FLOORS]) == set(floors):
        return _with_shares(problem, floors)
    categories = {name: _regrouped(problem, part) for name, part in problem.categories.items()}
    premises = problem.premises
    if premises is not None:
        premises = _regrouped_premises(problem, premises)
    return replace(problem, categories=categories, premises=premises)


def _with_shares(problem: Problem, floors: Mapping[str, int | Decimal | str]) -> Problem:
    """Change what groups ask for, and nothing else."""
    share = {key: None if value == MAX_MIN else Fraction(value) for key, value in floors.items()}

    def changed(groups: Groups) -> Groups:
        return replace(groups, share=[share[key] for key in groups.key])

    categories = {
        name: replace(part, groups=changed(part.groups)) for name, part in problem.categories.items()
    }
    premises = problem.premises
    if premises is not None:
        premises = replace(premises, groups=changed(premises.groups))
    return replace(problem, categories=categories, premises=premises)


def _regrouped(problem: Problem, part: Category) -> Category:
    """Make a category's groups, their tree with the norm rows, and classes that mix none of them."""
    left, right, pins = part.assets, part.needs, part.pins
    groups = groups_of_needs(problem, part.name, right)
    supply, demand = left.units - pins.sent(len(left.ids)), right.units - pins.got(len(right.ids))
    free = Free(supply, demand, tree_of(part.norms, groups, demand), apart_of(problem, groups, right))
    if part.metres.only_pairs:
        classes = listed_classes(left, right, part.metres, free, part.match_cost)
    else:
        classes = dense_classes(left, right, part.metres, free, Known(left, right, part.metres))
    return replace(part, groups=groups, tree=free.tree, classes=classes)


def _regrouped_premises(problem: Problem, premises: Premises) -> Premises:
    groups = groups_of_needs(problem, premises.name, premises.needs)
    premises = replace(premises, groups=groups)
    if premises.metres.only_pairs:
        return premises  # every need is a class of its own
    assets, needs = left_by_pins(premises)
    rules, metres, apart = premises.rules, premises.metres, apart_of(problem, groups, needs)
    known = Known(assets, needs, metres)
    estate, host_of, guest_of = dense_estate(assets, needs, rules, metres, premises.norms, apart, known)
    return replace(premises, estate=estate, host_of=host_of, guest_of=guest_of)


def apart_of(problem: Problem, groups: Groups, needs: NeedSide) -> list[Ints]:
    """Return the columns by need that classes may not mix (``solver.problem.classes.Free``)."""
    apart = [*groups.of.T] if groups.ids else []
    return [*apart, needs.priority] if problem.scenario.coverage_first else apart


@dataclass(frozen=True)
class Known:
    """The distances within communes that a problem holds, as a provider (``solver.problem.metres``)."""

    assets: AssetSide
    needs: NeedSide
    held: Metres
    name: str = "known"
    version: str = ""

    def matrix(self, _origins: pd.DataFrame, _destinations: pd.DataFrame) -> Ints:
        """Not asked: distances between communes are held."""
        raise TypeError("distances between communes are held as a matrix")

    def metres(self, *ends: np.ndarray) -> Ints:
        """Metres between points of an asset and a need of one commune, elementwise."""
        i, j = blocks_within(self.assets, self.needs)
        known = _points(self.assets.lat[i], self.assets.lon[i], self.needs.lat[j], self.needs.lon[j])
        metres = dict(zip(known, self.held.of(self.assets, self.needs, i, j).tolist(), strict=True))
        return np.array([metres[point] for point in _points(*ends)], np.int64)


def _points(*ends: np.ndarray) -> list[tuple[float, ...]]:
    return list(zip(*(end.tolist() for end in ends), strict=True))


def only(problem: Problem, name: str) -> Problem:
    """Return the problem with one category alone: its rows, its pins, its distances.

    Limits that count all categories are then its own. The category must be planned.
    """
    keep = {
        table: (frame["category"] == name).to_numpy(bool)
        for table, frame in (("assets", problem.assets), ("needs", problem.needs))
    }
    at = {table: np.cumsum(mask) - 1 for table, mask in keep.items()}
    part: Any = problem.premises if problem.premises and name == problem.premises.name else None
    part = part or problem.categories[name]
    assets = problem.assets[keep["assets"]].reset_index(drop=True)
    needs = problem.needs[keep["needs"]].reset_index(drop=True)
    known = set(assets["asset_id"]), set(needs["need_id"])
    entries = dict(problem.scenario.entries)
    for key in ("stability.pins", "stability.bans"):
        entries[key] = [pair for pair in entries[key] if pair[0] in known[0] and pair[1] in known[1]]
    matches = problem.matches
    if matches is not None:
        own = matches["asset_id"].isin(known[0]) & matches["need_id"].isin(known[1])
        matches = matches[own].reset_index(drop=True)
    part = replace(
        part,
        assets=replace(part.assets, rows=at["assets"][part.assets.rows]),
        needs=replace(part.needs, rows=at["needs"][part.needs.rows]),
        metres=_own_metres(part),
    )
    alone = replace(
        problem,
        assets=assets,
        needs=needs,
        matches=matches,
        scenario=replace(problem.scenario, entries=entries),
        categories={},
        premises=None,
    )
    if isinstance(part, Premises):
        return replace(alone, premises=_regrouped_premises(alone, part))
    return replace(alone, categories={name: _regrouped(alone, part)})


def _own_metres(part: Category | Premises) -> Metres:
    """Keep the communes in which the category has something."""
    metres = part.metres
    if metres.only_pairs:
        return metres
    froms, tos = np.unique(part.assets.place), np.unique(part.needs.place)
    origin, dest = np.full(len(metres.origin), -1, np.int64), np.full(len(metres.dest), -1, np.int64)
    origin[froms], dest[tos] = np.arange(len(froms)), np.arange(len(tos))
    between = np.zeros((max(len(froms), 1), max(len(tos), 1)), metres.between.dtype)
    if len(froms) and len(tos):
        between = metres.between[np.ix_(metres.origin[froms], metres.dest[tos])]
    return replace(metres, between=between, origin=origin, dest=dest)
