"""Vehicles and equipment as rows: transfers, shortfalls and releases of the flow, with their reasons.

The funnel of ``docs/cost.md``, from the data and the prices.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from solver.errors import CertificateError
from solver.flow.market import pick
from solver.flow.rows import NOTHING
from solver.flow.survey import ELIGIBLE as SOME_ELIGIBLE
from solver.flow.survey import GAINS, GAINS_UNDER_OPEN_ROW, survey
from solver.plan.certificate import Proof
from solver.plan.expand import deal
from solver.plan.figures import Figures, Planned
from solver.plan.limited import nobody
from solver.plan.moves import exhausted, first_two, full_rows, got_by_need, left_of_assets
from solver.plan.tables import Lines, kilometres, releases_of, shortfalls_of, transfers_of
from solver.problem.categories import given_stages
from solver.problem.pairs import STAGES, parts_of, stage_of

if TYPE_CHECKING:
    import pandas as pd

    from solver.flow.market import Bits, Ints
    from solver.flow.solve import Solution
    from solver.flow.state import Prices
    from solver.flow.survey import Survey
    from solver.plan.limited import Held
    from solver.plan.moves import Moves
    from solver.plan.tables import Reason
    from solver.problem.problem import Category, Problem


def explain_movables(problem: Problem, category: Category, solution: Solution) -> Planned:
    """Turn the flow of a category into rows with their reasons.

    Raises
    ------
    CertificateError
        When the rows do not cost what the flow does.
    """
    classes, needs = category.classes, category.needs
    offer_of, n_offers = classes.offer_of, classes.market.n_offers
    carries = solution.flow.units > 0
    used = pick(solution.arcs, carries)
    moves, pair = deal(category, used, solution.flow.units[carries])
    got = got_by_need(category, moves)
    closed = exhausted(category.norms, needs.units, got)
    closed_want = np.zeros(classes.market.n_wants, bool)
    closed_want[classes.want_of] = closed
    members = np.bincount(offer_of[offer_of >= 0], minlength=n_offers).astype(np.int64)
    seen = survey(
        classes.market, solution.prices.offer, closed_want, members, first_two(offer_of, n_offers), used
    )
    transfers = transfers_of(problem, category, moves, lines_of(category, moves, seen, seen.rank[pair]))
    figures = Figures(problem, category, moves, transfers)
    if figures.sums()["objective"] != solution.objective:
        raise CertificateError(
            [f"{category.name}: the rows cost {figures.sums()['objective']}, the flow {solution.objective}"]
        )
    reason = _reasons(problem, category, seen, full_rows(category.norms, got), moves)
    return Planned(
        category.name,
        transfers,
        shortfalls_of(category, got, classes.want_of, reason),
        releases(problem, category, moves, bits_of(category, seen)),
        figures,
        bound=solution.bound,
        proof=_proof(category, solution.prices),
    )


def lines_of(category: Category, moves: Moves, seen: Survey, rank: Ints) -> Lines:
    """Say of each transfer what it costs and what comes next; ``rank`` : of each."""
    i, j = moves.asset, moves.need
    if category.match_cost is None or category.match_spend is None:
        part = parts_of(category.assets, category.needs, category.metres, i, j)
        cost, spend = part.cost, part.spend
        parts = {
            "transport_vnd": part.transport,
            "handover_vnd": part.handover,
            "repair_vnd": part.repair,
            "renewal_vnd": part.renewal,
            "surcharge_vnd": part.surcharge,
        }
    else:
        at = np.searchsorted(category.metres.pair_keys, i * category.metres.n_needs + j)
        cost, spend, parts = category.match_cost[at], category.match_spend[at], None
    want = category.classes.want_of[j]
    second = (seen.best_asset[want, 0] == i).astype(np.int64)
    other, extra = seen.best_asset[want, second], seen.best_cost[want, second] - cost
    return Lines(cost, spend, parts, [""] * len(i), rank, other, extra)


def _proof(category: Category, prices: Prices) -> Proof:
    # With the effective prices y and row sums mu of `solver.flow.prices`:
    # pi_n = y - mu(row of n) and lambda_r = mu(parent of r) - mu(r).
    rows = category.norms
    above = np.append(prices.row, 0)  # index -1: the root
    price = (prices.want - above[category.classes.market.wants.row])[category.classes.want_of]
    own = above[rows.parent] - prices.row if len(prices.row) else prices.row
    return Proof(category.needs.ids, price, rows.ids, own)


def _reasons(problem: Problem, category: Category, seen: Survey, full: Ints, moves: Moves) -> Reason:
    classes, needs, ids = category.classes, category.needs, category.assets.ids

    def reason(n: int) -> tuple[str, dict[str, Any]]:
        want, price = int(classes.want_of[n]), int(needs.price[n])
        if seen.least[want] == NOTHING:
            return first_empty_stage(problem, category, n)
        cheapest = int(seen.least[want])
        detail: dict[str, Any] = {
            "cheapest_asset": str(ids[seen.best_asset[want, 0]]),
            "cheapest_cost_vnd": cheapest,
        }
        if full[n] >= 0:
            row = {
                "norm_row": category.norms.ids[full[n]],
                "may_receive": int(category.norms.cap[full[n]]),
            }
            return "norm", row | detail
        if cheapest >= price:
            return "too_dear", {"dearer_by_vnd": cheapest - price, **detail}
        return "outbid", outbid_by(category, seen, moves, n) | detail

    return reason


def outbid_by(
    category: Category, seen: Survey, moves: Moves, n: int, most: int | None = None
) -> dict[str, Any]:
    """Say by how much a need is outbid, for which asset, and where that goes.

    Parameters
    ----------
    most : amounts as large are no price that anybody pays, but what keeps a floor; then they are not said.
    """
    classes = category.classes
    want = int(classes.want_of[n])
    holders = np.flatnonzero(classes.offer_of == int(seen.margin_offer[want]))
    winners = moves.need[np.isin(moves.asset, holders)]
    by = max(0, int(seen.margin[want]) - int(category.needs.price[n]))
    return {
        **({} if most is not None and by >= most else {"outbid_by_vnd": by}),
        "asset": str(category.assets.ids[holders[0]]),
        "goes_to": str(category.needs.ids[winners[0]]) if len(winners) else "",
    }


def first_empty_stage(problem: Problem, category: Category, n: int) -> tuple[str, dict[str, Any]]:
    """Find the first stage that leaves no candidate, and how many were left after each before it."""
    assets, needs, metres = category.assets, category.needs, category.metres
    everything = np.arange(len(assets.ids))
    if problem.form == "matches":
        asked = metres.pair_keys[metres.pair_keys % metres.n_needs == n] // metres.n_needs
        stages = set(given_stages(metres, asked, np.full(len(asked), n)).tolist())
        last = max(stages, key=("banned", "freedom").index, default="no_asset")
        return last, {"left": {"no_asset": len(asked)}}
    stage = stage_of(assets, needs, metres, everything, np.array(n)) if len(everything) else everything
    last = int(stage.max(initial=0))
    detail: dict[str, Any] = {
        "left": {name: int((stage > number).sum()) for number, name in enumerate(STAGES[: last + 1])}
    }
    if STAGES[last] == "reach":
        far = metres.of(assets, needs, everything, np.array(n))[stage == last]
        detail["nearest_km"] = kilometres(int(far.min()))
    return STAGES[last], detail


def bits_of(category: Category, seen: Survey) -> Bits:
    """Return what a survey shows of each asset; nothing of one that is fit for no need at all."""
    bits: Bits = np.append(seen.offers, 0)[category.classes.offer_of]  # class -1
    return bits


def releases(
    problem: Problem,
    category: Category,
    moves: Moves,
    bits: Bits,
    held: Held | None = None,
) -> pd.DataFrame:
    """Write what stays and why; ``bits`` : of each asset, as of ``Survey.offers``; ``held`` : by limits."""
    left = left_of_assets(category, moves)
    kept = np.flatnonzero(left > 0)
    bits = bits[kept]
    held = held or nobody(len(left))
    reason = np.select(
        [
            bits & SOME_ELIGIBLE == 0,
            bits & GAINS == 0,
            bits & GAINS_UNDER_OPEN_ROW == 0,
            *(some[kept] for some in held),
        ],
        ["no_need", "too_dear", "norm", "budget", "cross_province_max", "max_changes"],
        "met",
    )
    disposition = np.where(_worn_out(problem, category)[kept], "liquidate", "reserve")
    return releases_of(problem, category, kept, left[kept], disposition, reason)


def _worn_out(problem: Problem, category: Category) -> np.ndarray:
    """Whether a known condition or a known age breaks the scenario's rule."""
    assets = category.assets
    kinds, kind = assets.kinds, assets.kind
    poor = (assets.condition >= 0) & (assets.condition < kinds.min_condition[kind])
    known = problem.assets["year"].iloc[assets.rows].notna().to_numpy(bool)
    worn: np.ndarray = poor | (known & ~assets.aged)
    return worn
