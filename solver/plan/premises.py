"""Premises as rows: transfers, shortfalls and releases of the patterns in use, with their reasons."""

from __future__ import annotations

from decimal import Decimal, localcontext
from typing import TYPE_CHECKING, Any

import numpy as np

from solver.errors import CertificateError
from solver.flow.rows import NOTHING
from solver.plan.certificate import Proof
from solver.plan.figures import Figures, Planned
from solver.plan.funnel import Funnel
from solver.plan.limited import nobody
from solver.plan.lodge import lodge
from solver.plan.lodgings import look
from solver.plan.moves import exhausted, full_rows, got_by_need, left_of_assets
from solver.plan.tables import Lines, releases_of, shortfalls_of, transfers_of
from solver.plan.trees import trees_of
from solver.plan.worth import outbid_by, pays
from solver.problem.premises import load_of, parts_of_premises

if TYPE_CHECKING:
    import pandas as pd

    from solver.flow.market import Ints
    from solver.patterns.estate import Housing
    from solver.plan.limited import Held
    from solver.plan.lodgings import Seen
    from solver.plan.moves import Moves
    from solver.plan.tables import Reason
    from solver.problem.premises import Premises, PremisesParts
    from solver.problem.problem import Problem

_DIGITS = 60  # of an area: those of any cell times any number of places


def explain_premises(problem: Problem, premises: Premises, housing: Housing) -> Planned:
    """Turn the patterns in use into rows with their reasons.

    Raises
    ------
    CertificateError
        When the rows do not cost what the patterns do.
    """
    needs = premises.needs
    moves = lodge(premises, housing.use)
    parts = parts_of_premises(premises, moves.asset, moves.need)
    got = got_by_need(premises, moves)
    closed = exhausted(premises.norms, needs.units, got)
    seen = look(premises, moves, parts.cost, closed)
    transfers = transfers_of(problem, premises, moves, lines_of(premises, moves, parts, seen))
    figures = Figures(problem, premises, moves, transfers, premises.assets.opening)
    if figures.sums()["objective"] != housing.objective:
        raise CertificateError(
            [f"premises: the rows cost {figures.sums()['objective']}, the patterns {housing.objective}"]
        )
    shut = np.zeros(premises.estate.n_guests, bool)
    shut[premises.guest_of] = closed
    return Planned(
        premises.name,
        transfers,
        shortfalls_of(premises, got, premises.guest_of, _reasons(problem, premises, housing, moves, seen)),
        releases(problem, premises, moves, worth_of_rooms(premises, seen, shut)),
        figures,
        bound=housing.bound,
        proof=Proof(
            needs.ids,
            housing.guest_price[premises.guest_of],
            premises.norms.ids,
            housing.row_price,
            housing.denominator,
            trees_of(premises, housing.trees),
        ),
    )


def lines_of(premises: Premises, moves: Moves, parts: PremisesParts, seen: Seen) -> Lines:
    """Say of each transfer what it costs and what comes next."""
    i, j = moves.asset, moves.need
    guest = premises.guest_of[j]
    second = (seen.best_asset[guest, 0] == i).astype(np.int64)
    return Lines(
        cost=parts.cost,
        spend=parts.spend,
        parts=None
        if premises.match_cost is not None
        else {
            "handover_vnd": parts.handover,
            "repair_vnd": parts.repair,
            "change_of_use_vnd": parts.change_of_use,
            "build_vnd": parts.build,
            "travel_vnd": parts.travel,
            "surcharge_vnd": parts.surcharge,
        },
        area=_areas(load_of(premises, i, j), moves.units, premises.area_unit),
        rank=seen.rank,
        other=seen.best_asset[guest, second],
        extra=seen.best_cost[guest, second] - parts.cost,
    )


def _areas(load: Ints, places: Ints, unit: int) -> list[str]:
    """Square metres of each row, exact and without trailing zeros."""
    with localcontext(prec=_DIGITS):
        areas = [
            Decimal(one * count) / unit for one, count in zip(load.tolist(), places.tolist(), strict=True)
        ]
        return [format(area.normalize(), "f") for area in areas]


def _reasons(problem: Problem, premises: Premises, housing: Housing, moves: Moves, seen: Seen) -> Reason:
    assets, needs, norms, estate = premises.assets, premises.needs, premises.norms, premises.estate
    funnel = Funnel(problem, premises)
    in_use = np.zeros(len(assets.ids), bool)
    in_use[moves.asset] = True
    got = got_by_need(premises, moves)
    full = full_rows(norms, got)
    wanting = premises.guest_of[(got < needs.units) & (full < 0)]
    wishes = np.unique(wanting[seen.entry[wanting] < estate.price[wanting]])
    behind = np.zeros(estate.n_guests, np.int64)
    behind[wishes] = outbid_by(estate, housing, wishes, seen.entry_host[wishes])

    def reason(n: int) -> tuple[str, dict[str, Any]]:
        guest, price = int(premises.guest_of[n]), int(needs.price[n])
        entry = int(seen.entry[guest])
        if entry == NOTHING:
            return funnel.first_empty(n)
        members = np.flatnonzero(premises.host_of == seen.entry_host[guest])
        asset = int(members[np.argmax(in_use[members])])  # one in use where there is one, else the first
        opening = 0 if in_use[asset] else int(assets.opening[asset])
        detail: dict[str, Any] = {
            "cheapest_asset": str(assets.ids[asset]),
            "cheapest_cost_vnd": entry - opening,
            **({"opening_vnd": opening} if opening else {}),
        }
        if full[n] >= 0:
            row = {"norm_row": norms.ids[full[n]], "may_receive": int(norms.cap[full[n]])}
            return "norm", row | detail
        if entry >= price:
            return "too_dear", {"dearer_by_vnd": entry - price, **detail}
        inside = needs.ids[moves.need[moves.asset == asset]]
        return "outbid", {"outbid_by_vnd": int(behind[guest]), "houses": inside.tolist(), **detail}

    return reason


def worth_of_rooms(premises: Premises, seen: Seen, shut: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Tell of each asset whether a need may use it, and whether places are worth its opening.

    The latter in two columns: all needs, and those under no exhausted norm row.

    Parameters
    ----------
    shut : per guest class, whether an exhausted norm row is above it.
    """
    some = np.append(seen.some, 0)[premises.host_of] > 0  # class -1: fit for no need at all
    worth = np.zeros((premises.estate.n_hosts + 1, 2), bool)
    classes = np.unique(premises.host_of[some])
    worth[classes] = pays(premises.estate, seen, shut, classes)
    return some, worth[premises.host_of]


def releases(
    problem: Problem,
    premises: Premises,
    moves: Moves,
    rooms: tuple[np.ndarray, np.ndarray],
    held: Held | None = None,
) -> pd.DataFrame:
    """Write what stays and why; ``rooms`` : of ``worth_of_rooms``; ``held`` : what stays for limits."""
    left = left_of_assets(premises, moves)
    left[moves.asset] = 0  # premises in use stay whole
    kept = np.flatnonzero(left > 0)
    held = held or nobody(len(left))
    some, worth = (one[kept] for one in rooms)
    reason = np.select(
        [~some, ~worth[:, 0], ~worth[:, 1], *(one[kept] for one in held)],
        ["no_need", "too_dear", "norm", "budget", "cross_province_max", "max_changes"],
        "met",
    )
    disposition = _dispositions(problem, premises)[kept]
    return releases_of(problem, premises, kept, left[kept], disposition, reason)


def _dispositions(problem: Problem, premises: Premises) -> np.ndarray:
    """Say who handles premises that nobody takes, by the rules of the scenario alone."""
    table = problem.assets.iloc[premises.assets.rows]
    kind = table["kind"].fillna("").astype("str").to_numpy(object)
    least = {
        name: problem.scenario.number("rules.min_condition_pct", premises.name, name or None)
        for name in set(kind.tolist())
    }
    poor = [
        condition is not None and least[name] is not None and condition < least[name]
        for condition, name in zip(table["condition_pct"].tolist(), kind.tolist(), strict=True)
    ]
    return np.select(
        [
            ~table["legal_status"].isin(problem.scenario["rules.legal_status"]).to_numpy(bool),
            np.array(poor, bool),
            kind == "house",
        ],
        ["commune_to_handle", "demolish", "housing_body"],
        "land_fund",
    )
