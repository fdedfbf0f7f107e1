"""Metres of pairs and the bans on them, for the rows of one category."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

if TYPE_CHECKING:
    from typing import TypeAlias

    import pandas as pd
    from numpy.typing import NDArray

    from solver.flow.market import Ints, Small
    from solver.problem.freedom import Scope
    from solver.problem.sides import AssetSide, NeedSide

    Reals: TypeAlias = NDArray[np.float64]


class DistanceProvider(Protocol):
    """Measures metres (docs/architecture.md); ``geodata.distances`` is one."""

    @property
    def name(self) -> str:
        """Name of the provider."""

    @property
    def version(self) -> str:
        """Version and parameters, in words."""

    def matrix(self, origins: pd.DataFrame, destinations: pd.DataFrame) -> Ints:
        """Metres between communes, [origins, destinations]; -1 where there is no distance."""

    def metres(self, lat1: Reals, lon1: Reals, lat2: Reals, lon2: Reals, /) -> Ints:
        """Metres between points, elementwise."""


@dataclass(frozen=True)
class Metres:
    """Where the metres of a pair come from.

    Attributes
    ----------
    between : metres between communes [origins, dests], -1 none; origin, dest : row and column of each
    commune, -1 none; pair_keys, pair_metres : pairs with their own metres (key = asset x needs + need,
    sorted); only_pairs : no other pair has a distance; ban_keys : forbidden pairs, sorted; n_needs : needs
    on the other side; scope : to whom a re-plan binds assets, None to nobody.
    """

    between: Small
    origin: Ints
    dest: Ints
    pair_keys: Ints
    pair_metres: Ints
    only_pairs: bool
    ban_keys: Ints
    n_needs: int
    scope: Scope | None = None

    def of(self, assets: AssetSide, needs: NeedSide, i: Ints, j: Ints) -> Ints:
        """Metres of pairs of rows (``docs/cost.md``, Distance), -1 where there is none."""
        keys = i.astype(np.int64) * self.n_needs + j
        if self.only_pairs:
            far = np.full(keys.shape, -1, np.int64)
        else:
            home = assets.place[i] == needs.place[j]
            apart = self.between[self.origin[assets.place[i]], self.dest[needs.place[j]]].astype(np.int64)
            far = np.where(apart >= 0, apart + assets.leg[i] + needs.leg[j], -1)
            far[home] = 0
        at, found = _find(self.pair_keys, keys)
        far[found] = self.pair_metres[at[found]]
        return far

    def listed(self, i: Ints, j: Ints) -> tuple[Ints, np.ndarray]:
        """Find pairs among ``pair_keys``: (position, whether it is there)."""
        return _find(self.pair_keys, i.astype(np.int64) * self.n_needs + j)

    def banned(self, i: Ints, j: Ints) -> np.ndarray:
        """Whether the scenario bans the pair."""
        return _find(self.ban_keys, i.astype(np.int64) * self.n_needs + j)[1]

    def outside(self, i: Ints, j: Ints) -> np.ndarray:
        """Whether the freedom of a re-plan rules the pair out."""
        if self.scope is None:
            return np.zeros(np.broadcast_shapes(i.shape, j.shape), bool)
        return self.scope.outside(i, j)


def _find(sorted_keys: Ints, keys: Ints) -> tuple[Ints, np.ndarray]:
    if len(sorted_keys) == 0:
        return np.zeros(keys.shape, np.int64), np.zeros(keys.shape, bool)
    at = np.minimum(np.searchsorted(sorted_keys, keys), len(sorted_keys) - 1)
    return at, sorted_keys[at] == keys


def blocks_within(assets: AssetSide, needs: NeedSide) -> tuple[Ints, Ints]:
    """List the pairs (asset, need) of one commune that are not both at its point, sorted."""
    order = np.argsort(needs.place, kind="stable")
    first, last = (np.searchsorted(needs.place[order], assets.place, side) for side in ("left", "right"))
    width = (last - first).astype(np.int64)
    i = np.repeat(np.arange(len(width)), width)
    step = np.arange(int(width.sum())) - np.repeat(np.cumsum(width) - width, width)
    j = order[np.repeat(first, width) + step].astype(np.int64)
    away = (assets.leg[i] > 0) | (needs.leg[j] > 0)
    return i[away], j[away]


@dataclass(frozen=True)
class Between:
    """Metres between the communes that occur, one matrix for all categories; as in ``Metres``."""

    metres: Small
    origin: Ints
    dest: Ints


def between_communes(
    provider: DistanceProvider, communes: pd.DataFrame, asset_places: Ints, need_places: Ints
) -> Between:
    """Ask a provider for the metres between communes with movable assets and those with movable needs."""
    froms, tos = np.unique(asset_places), np.unique(need_places)
    origin = np.full(len(communes), -1, np.int64)
    dest = np.full(len(communes), -1, np.int64)
    origin[froms] = np.arange(len(froms))
    dest[tos] = np.arange(len(tos))
    between = np.zeros((max(len(froms), 1), max(len(tos), 1)), np.int32)
    if len(froms) and len(tos):
        between = provider.matrix(communes.iloc[froms], communes.iloc[tos]).astype(np.int32)
    return Between(between, origin, dest)


def commune_metres(
    provider: DistanceProvider, between: Between, assets: AssetSide, needs: NeedSide, ban_keys: Ints
) -> Metres:
    """Add the metres within each commune of one category to those between communes."""
    i, j = blocks_within(assets, needs)
    near = (
        provider.metres(assets.lat[i], assets.lon[i], needs.lat[j], needs.lon[j])
        if len(i)
        else np.zeros(0, np.int64)
    )
    keys = i * len(needs.ids) + j
    return Metres(
        between.metres,
        between.origin,
        between.dest,
        keys,
        near.astype(np.int64),
        False,
        ban_keys,
        len(needs.ids),
    )


def listed_metres(
    asset: Ints, need: Ints, far: Ints, n_communes: int, n_needs: int, ban_keys: Ints
) -> Metres:
    """Take metres by pair as given; no other pair has a distance."""
    keys = asset * n_needs + need
    order = np.argsort(keys)
    nowhere = np.zeros(n_communes, np.int64)
    between = np.full((1, 1), -1, np.int32)
    return Metres(between, nowhere, nowhere, keys[order], far[order], True, ban_keys, n_needs)
