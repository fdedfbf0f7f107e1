"""Why a need is not met and why an asset stays.

The funnel of ``docs/cost.md``, from the data and the prices.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from solver.flow.rows import NOTHING
from solver.flow.survey import ELIGIBLE as SOME_ELIGIBLE
from solver.flow.survey import GAINS, GAINS_UNDER_OPEN_ROW
from solver.plan.tables import RELEASE_COLUMNS, SHORTFALL_COLUMNS, kilometres, release_values, times
from solver.problem.pairs import STAGES, stage_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from solver.flow.state import Flow
    from solver.flow.survey import Survey
    from solver.plan.expand import Moves
    from solver.problem.problem import Category, Problem

#: Stages that an explicit matches table knows.
_LISTED_STAGES = ("no_asset", "banned")


def exhausted(category: Category, flow: Flow) -> NDArray[np.bool_]:
    """Whether a norm row above each need class has received all that its cap allows."""
    rows = category.norms
    full = flow.through >= rows.cap
    for row in range(len(rows.cap) - 1, -1, -1):  # parents come later: from the outermost inwards
        if rows.parent[row] >= 0:
            full[row] |= full[rows.parent[row]]
    market = category.classes.market
    closed: NDArray[np.bool_] = np.append(full, False)[market.wants.row]
    brim = np.full(market.n_wants, -1, np.int64)
    brim[category.classes.want_of] = rows.brim
    open_brims = brim[flow.got < market.wants.demand]
    return closed | ((brim >= 0) & ~np.isin(brim, open_brims))


def shortfalls_of(
    problem: Problem, category: Category, moves: Moves, survey: Survey, flow: Flow
) -> pd.DataFrame:
    """Write one row per need with unmet units, with its reason and the figures behind it."""
    needs, want_of = category.needs, category.classes.want_of
    got = np.zeros(len(needs.ids), np.int64)
    np.add.at(got, moves.need, moves.units)
    short = np.flatnonzero(got < needs.units)
    closed = exhausted(category, flow)
    told: dict[int, tuple[str, str]] = {}
    rows = []
    for n in short.tolist():
        want = int(want_of[n])
        if want not in told:
            reason, detail = _reason(problem, category, survey, n, want, bool(closed[want]), moves)
            told[want] = (reason, json.dumps(detail, ensure_ascii=False, sort_keys=True))
        rows.append((str(needs.ids[n]), int(needs.units[n] - got[n]), int(needs.price[n]), *told[want]))
    return pd.DataFrame(rows, columns=list(SHORTFALL_COLUMNS))


def _reason(
    problem: Problem,
    category: Category,
    survey: Survey,
    n: int,
    want: int,
    closed: bool,
    moves: Moves,
) -> tuple[str, dict[str, Any]]:
    price = int(category.needs.price[n])
    if survey.least[want] == NOTHING:
        return _first_empty_stage(problem, category, n)
    cheapest = int(survey.least[want])
    first_asset = str(category.assets.ids[survey.best_asset[want, 0]])
    detail: dict[str, Any] = {"cheapest_asset": first_asset, "cheapest_cost_vnd": cheapest}
    if closed:
        row = int(category.classes.market.wants.row[want])
        rows = category.norms
        return "norm", {"norm_row": rows.ids[row], "may_receive": int(rows.cap[row]), **detail}
    if cheapest >= price:
        return "too_dear", {"dearer_by_vnd": cheapest - price, **detail}
    offer = int(survey.margin_offer[want])
    holders = np.flatnonzero(category.classes.offer_of == offer)
    winners = moves.need[np.isin(moves.asset, holders)]
    detail["outbid_by_vnd"] = max(0, int(survey.margin[want]) - price)
    detail["asset"] = str(category.assets.ids[holders[0]])
    detail["goes_to"] = str(category.needs.ids[winners[0]]) if len(winners) else ""
    return "outbid", detail


def _first_empty_stage(problem: Problem, category: Category, n: int) -> tuple[str, dict[str, Any]]:
    """Find the first stage that leaves no candidate, and how many were left after each before it."""
    assets, needs, metres = category.assets, category.needs, category.metres
    everything = np.arange(len(assets.ids))
    if problem.form == "matches":
        asked = metres.pair_keys[metres.pair_keys % metres.n_needs == n] // metres.n_needs
        return ("banned" if len(asked) else "no_asset"), {"left": {"no_asset": len(asked)}}
    stage = stage_of(assets, needs, metres, everything, np.array(n)) if len(everything) else everything
    last = int(stage.max(initial=0))
    left = {name: int((stage > number).sum()) for number, name in enumerate(STAGES[: last + 1])}
    detail: dict[str, Any] = {"left": left}
    if STAGES[last] == "reach":
        far = metres.of(assets, needs, everything, np.array(n))[stage == last]
        detail["nearest_km"] = kilometres(int(far.min()))
    return STAGES[last], detail


def releases_of(problem: Problem, category: Category, moves: Moves, survey: Survey) -> pd.DataFrame:
    """Write one row per asset with units left over: where it goes and why no need took it."""
    assets, offer_of = category.assets, category.classes.offer_of
    gone = np.zeros(len(assets.ids), np.int64)
    np.add.at(gone, moves.asset, moves.units)
    kept = np.flatnonzero(gone < assets.units)
    bits = np.append(survey.offers, 0)[offer_of[kept]]  # class -1: fit for no need at all
    reason = np.select(
        [bits & SOME_ELIGIBLE == 0, bits & GAINS == 0, bits & GAINS_UNDER_OPEN_ROW == 0],
        ["no_need", "too_dear", "norm"],
        "met",
    )
    left = assets.units[kept] - gone[kept]
    return pd.DataFrame(
        {
            "asset_id": assets.ids[kept],
            "units": left,
            "disposition": np.where(_worn_out(problem, category)[kept], "liquidate", "reserve"),
            "value_vnd": times(release_values(problem, category)[kept], left),
            "reason": reason,
        },
        columns=list(RELEASE_COLUMNS),
    )


def _worn_out(problem: Problem, category: Category) -> NDArray[np.bool_]:
    """Whether a known condition or a known age breaks the scenario's rule."""
    assets = category.assets
    kinds, kind = assets.kinds, assets.kind
    poor = (assets.condition >= 0) & (assets.condition < kinds.min_condition[kind])
    known = problem.assets["year"].iloc[assets.rows].notna().to_numpy(bool)
    worn: NDArray[np.bool_] = poor | (known & ~assets.aged)
    return worn
