r"""A re-plan's problem with the units of the plan before by themselves: so that changes cost by the pair.

A unit that stays costs c - kappa and any other c + kappa, so that the cost of a pair bends at b_an. Units of
an asset are interchangeable, as are places of a need. So the b_an units of a lot that serve need n are made
an asset of their own, to which n alone costs less; the best plan uses them first, and the cost of the whole
is that of the bent one. The sum of b over a lot is at most its units. Of premises the places of needs are
split in the same way, since a building is one.

Positions of whole rows stay what they are; parts follow behind them, with the same ids.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from solver.limits.rows import side_rows
from solver.plan.moves import Moves
from solver.problem.classes import Free, dense_classes, listed_classes
from solver.problem.floors import Known, apart_of
from solver.problem.premises import ELIGIBLE, left_by_pins, load_of, parts_of_premises, stage_of_premises
from solver.problem.premises_classes import dense_estate, listed_estate
from solver.problem.untouched import untouched, update_of

if TYPE_CHECKING:
    from solver.flow.market import Ints
    from solver.problem.metres import DistanceProvider, Metres
    from solver.problem.premises import Premises
    from solver.problem.premises_sides import PremisesNeeds
    from solver.problem.problem import Category, Problem
    from solver.problem.sides import AssetSide, NeedSide
    from solver.problem.untouched import Update

#: What is split: the assets of movables, the needs of premises.
Side = TypeVar("Side", "AssetSide", "PremisesNeeds")


def split(problem: Problem) -> Problem:
    """Return the problem that the solver takes; a problem that is no re-plan is left as it is."""
    if problem.baseline is None:
        return problem
    update = None
    if not side_rows(problem, {}).rows and not problem.scenario.coverage_first:
        update = update_of(problem)  # rows tie all components together
    categories = {name: _movables(problem, part, update) for name, part in problem.categories.items()}
    premises = problem.premises
    if premises is not None:
        premises = _premises(problem, premises, update)
    return replace(problem, categories=categories, premises=premises)


def folded(part: Category | Premises, moves: Moves) -> Moves:
    """Write transfers of parts as transfers of whole rows; ``part`` : the category before it was split."""
    of_asset = _base(len(part.assets.ids), moves.asset, part.kept.asset)
    of_need = _base(len(part.needs.ids), moves.need, part.kept.need)
    return _summed(of_asset, of_need, moves.units)


def _base(size: int, rows: Ints, parts: Ints) -> Ints:
    return np.where(rows < size, rows, np.append(parts, 0)[np.maximum(rows - size, 0).clip(max=len(parts))])


def _summed(asset: Ints, need: Ints, units: Ints) -> Moves:
    if len(units) == 0:
        return Moves(asset, need, units)
    pairs, at = np.unique(np.stack([asset, need]), axis=1, return_inverse=True)
    total = np.zeros(pairs.shape[1], np.int64)
    np.add.at(total, at, units)
    return Moves(pairs[0], pairs[1], total)


def _movables(problem: Problem, part: Category, update: Update | None) -> Category:
    kept, n_assets = part.kept, len(part.assets.ids)
    rows = np.concatenate([np.arange(n_assets), kept.asset])
    units = np.concatenate([part.assets.units - kept.sent(n_assets), kept.units])
    assets, needs = _taken(part.assets, rows, units), part.needs
    metres, take = _of_assets(part.metres, rows)
    pins = part.pins
    keeps = np.concatenate([np.full(n_assets, -1, np.int64), kept.need])
    free = Free(
        units - pins.sent(len(units)),
        needs.units - pins.got(len(needs.ids)),
        part.tree,
        apart_of(problem, part.groups, part.needs),
        keeps,
    )
    cost = None if part.match_cost is None else part.match_cost[take]
    spend = None if part.match_spend is None else part.match_spend[take]
    if metres.only_pairs:
        classes = listed_classes(assets, needs, metres, free, cost)
    else:
        classes = dense_classes(assets, needs, metres, free, _provider(problem, assets, needs, metres))
    still = None if update is None else untouched(problem, part, update)
    if still is not None:
        still = replace(still, assets=still.assets[rows])
    return replace(
        part, assets=assets, metres=metres, classes=classes, match_cost=cost, match_spend=spend,
        keeps=keeps, still=still,
    )  # fmt: skip


def _premises(problem: Problem, premises: Premises, update: Update | None) -> Premises:
    kept, n_needs = premises.kept, len(premises.needs.ids)
    rows = np.concatenate([np.arange(n_needs), kept.need])
    units = np.concatenate([premises.needs.units - kept.got(n_needs), kept.units])
    needs = _taken(premises.needs, rows, units)
    metres, take = _of_needs(premises.metres, rows, n_needs)
    norms = replace(premises.norms, row_of=premises.norms.row_of[rows], brim=premises.norms.brim[rows])
    groups = replace(premises.groups, of=premises.groups.of[rows])
    keeps = np.concatenate([np.full(n_needs, -1, np.int64), kept.asset])
    twin = np.where(np.isin(rows, kept.need), rows, -1)
    given: dict[str, Any] = {
        name: None if column is None else column[take]
        for name, column in (
            ("match_cost", premises.match_cost),
            ("match_spend", premises.match_spend),
            ("match_load", premises.match_load),
        )
    }
    whole = replace(
        premises, needs=needs, metres=metres, norms=norms, groups=groups, keeps=keeps, whole=None, **given
    )
    assets, places = left_by_pins(whole)
    if metres.only_pairs:
        i, j = np.divmod(metres.pair_keys, max(metres.n_needs, 1))
        keep = stage_of_premises(whole, i, j) == ELIGIBLE
        keep &= load_of(whole, i, j) <= assets.capacity[i]
        i, j = i[keep], j[keep]
        cost = parts_of_premises(whole, i, j).cost
        estate, host_of, guest_of = listed_estate(assets, places, norms, i, j, cost, load_of(whole, i, j))
        estate = replace(estate, twin=twin)
    else:
        estate, host_of, guest_of = dense_estate(
            assets, places, premises.rules, metres, norms, apart_of(problem, groups, places),
            _provider(problem, assets, places, metres), keeps, twin,
        )  # fmt: skip
    still = None if update is None else untouched(problem, premises, update)
    if still is not None:
        still = replace(still, needs=still.needs[rows])
    return replace(whole, estate=estate, host_of=host_of, guest_of=guest_of, still=still)


def _provider(problem: Problem, assets: AssetSide, needs: NeedSide, metres: Metres) -> DistanceProvider:
    given: DistanceProvider | None = problem.distances if hasattr(problem.distances, "metres") else None
    return given or Known(assets, needs, metres)


def _taken(side: Side, rows: Ints, units: Ints) -> Side:
    """Repeat rows of a side: every column that has one entry a row."""
    size = len(side.ids)
    columns: dict[str, Any] = {
        name: value[rows]
        for name, value in vars(side).items()
        if isinstance(value, np.ndarray) and len(value) == size
    }
    return replace(side, **{**columns, "units": units})


def _of_assets(metres: Metres, rows: Ints) -> tuple[Metres, Ints]:
    """Repeat the pairs of assets; return where each comes from as well."""
    n = max(metres.n_needs, 1)

    def repeated(keys: Ints) -> tuple[Ints, Ints]:
        first, last = (np.searchsorted(keys, bound) for bound in (rows * n, (rows + 1) * n))
        width = last - first
        take = np.arange(int(width.sum())) - np.repeat(np.cumsum(width) - width, width)
        take += np.repeat(first, width)
        return np.repeat(np.arange(len(rows)), width) * n + keys[take] % n, take

    keys, take = repeated(metres.pair_keys)
    bans, _ = repeated(metres.ban_keys)
    scope = metres.scope
    if scope is not None:
        owner, place = np.divmod(scope.allowed, scope.places)
        first, last = (np.searchsorted(owner, rows, side) for side in ("left", "right"))
        width = last - first
        at = np.arange(int(width.sum())) - np.repeat(np.cumsum(width) - width, width)
        at += np.repeat(first, width)
        allowed = np.repeat(np.arange(len(rows)), width) * scope.places + place[at]
        scope = replace(scope, bound=scope.bound[rows], allowed=allowed)
    far = metres.pair_metres[take]
    return replace(metres, pair_keys=keys, pair_metres=far, ban_keys=bans, scope=scope), take


def _of_needs(metres: Metres, rows: Ints, n_needs: int) -> tuple[Metres, Ints]:
    """Repeat the pairs of needs; return where each comes from as well."""
    order = np.argsort(rows, kind="stable")
    first = np.searchsorted(rows[order], np.arange(n_needs + 1))

    def repeated(keys: Ints) -> tuple[Ints, Ints]:
        i, j = np.divmod(keys, max(n_needs, 1))
        width = first[j + 1] - first[j]
        take = np.repeat(np.arange(len(keys)), width)
        step = np.arange(len(take)) - np.repeat(np.cumsum(width) - width, width)
        out = i[take] * len(rows) + order[first[j[take]] + step]
        sort = np.argsort(out, kind="stable")
        return out[sort], take[sort]

    keys, take = repeated(metres.pair_keys)
    bans, _ = repeated(metres.ban_keys)
    scope = metres.scope
    if scope is not None:
        scope = replace(scope, place=scope.place[rows])
    far = metres.pair_metres[take]
    changed = replace(metres, pair_keys=keys, pair_metres=far, ban_keys=bans, n_needs=len(rows), scope=scope)
    return changed, take
