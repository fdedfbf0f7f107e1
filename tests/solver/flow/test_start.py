"""First pairs: every need that a coarse class serves is followed by some of its members."""

from __future__ import annotations

import numpy as np

from benchmarks.costs import distances
from benchmarks.instances import make
from benchmarks.ours import market_of
from solver.flow.market import Arcs
from solver.flow.solve import solve_market
from solver.flow.start import coarsen, guided_pairs


def test_the_members_of_a_group_share_out_all_the_needs_that_the_group_serves() -> None:
    instance = make("clustered", 1_200, communes=300)
    market = market_of(instance, distances(instance))
    coarse = coarsen(market)
    assert coarse is not None
    groups = coarse[0].n_offers
    # Each group is said to serve every need: far more than one member follows.
    offer, want = (side.ravel().astype(np.int32) for side in np.indices((groups, market.n_wants)))
    blank = np.zeros(len(offer), np.int64)
    nothing = np.full((market.n_offers, 4), -1, np.int32)
    arcs = guided_pairs(market, nothing, coarse[1], Arcs(offer, want, blank, blank))
    each = np.bincount(arcs.offer, minlength=market.n_offers)
    assert each.max() <= 24
    for group in range(groups):
        members = np.flatnonzero(coarse[1] == group)
        followed = np.unique(arcs.want[np.isin(arcs.offer, members)])
        assert len(followed) == min(market.n_wants, 24 * len(members))


def test_clustered_assets_and_few_large_classes_are_proven_in_few_rounds() -> None:
    # Without sharing out and without more pairs for large classes: 4 and 18 rounds.
    for family, most in (("clustered", 3), ("lots", 6)):
        instance = make(family, 4_000)
        found = solve_market(market_of(instance, distances(instance)))
        assert found.optimal
        assert found.rounds <= most
