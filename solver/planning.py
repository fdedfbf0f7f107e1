"""Solve a problem: each category to proven optimality, then tie-break, reasons, figures and certificate."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from solver.errors import CertificateError
from solver.flow.market import pick
from solver.flow.solve import Round, Solution, solve_market
from solver.flow.survey import survey
from solver.flow.ties import break_ties
from solver.plan.certificate import certificate_of
from solver.plan.expand import deal
from solver.plan.reasons import exhausted, releases_of, shortfalls_of
from solver.plan.result import Plan, Result, Status, run_record, versions
from solver.plan.summary import Figures, add, by_province, gap_ratio, kpis, not_planned, part
from solver.plan.tables import RELEASE_COLUMNS, SHORTFALL_COLUMNS, TRANSFER_COLUMNS, transfers_of
from solver.problem.classes import first_rows

if TYPE_CHECKING:
    from collections.abc import Callable

    from solver.problem.problem import Category, Problem


@dataclass(frozen=True)
class Progress:
    """News of a running solve.

    Attributes
    ----------
    phase : "solve", "tie_break" or "explain"; category; elapsed_s; round : number of the round, 0 outside
    of solving; objective, bound : of the category so far [VND], None before the first; gap : relative to
    the objective.
    """

    phase: str
    category: str
    elapsed_s: float
    round: int
    objective: int | None
    bound: int | None
    gap: str | None


@dataclass(frozen=True)
class _Solved:
    category: Category
    solution: Solution
    transfers: pd.DataFrame
    shortfalls: pd.DataFrame
    releases: pd.DataFrame
    figures: Figures


def solve(
    problem: Problem,
    *,
    time_limit: float | None = None,
    seed: int | None = None,
    on_progress: Callable[[Progress], None] | None = None,
    stop: Callable[[], bool] | None = None,
) -> Result:
    """Plan every category of movables.

    Parameters
    ----------
    problem : from ``solver.build``. time_limit : seconds; default the scenario's. The best plan so far is
    kept, with its proven gap. seed : recorded; the movable core makes no random choice. on_progress :
    called with news after each step. stop : asked after each round of solving; True keeps the best plan so
    far.
    """
    started = time.monotonic()
    limit = float(problem.scenario["solver.time_limit_s"] or 0) if time_limit is None else time_limit
    seed = int(problem.scenario["solver.seed"] or 0) if seed is None else seed
    work_limit = int(problem.scenario["solver.work_limit"] or 0)
    phases: dict[str, float] = {}
    work = spent = 0  # of the categories done; with the one under way
    solved = []
    for name, category in problem.categories.items():

        def tell(phase: str, news: Round | None = None, name: str = name) -> None:
            if on_progress is not None:
                objective, bound = (news.objective, news.bound) if news else (None, None)
                gap = (
                    None
                    if objective is None or bound is None
                    else gap_ratio(objective - bound, abs(objective))
                )
                elapsed = time.monotonic() - started
                on_progress(Progress(phase, name, elapsed, news.number if news else 0, objective, bound, gap))

        def on_round(news: Round, before: int = work, tell: Callable[..., None] = tell) -> None:
            nonlocal spent
            spent = before + news.work
            tell("solve", news)

        def halt() -> bool:
            over = limit > 0 and time.monotonic() - started >= limit
            return over or (stop is not None and stop()) or (work_limit > 0 and spent >= work_limit)

        begun = time.monotonic()
        tell("solve")
        solution = solve_market(category.classes.market, on_round=on_round, stop=halt)
        work += solution.pairs_priced
        tell("tie_break")
        if solution.optimal:
            solution = break_ties(category.classes.market, solution, first_rows(category.classes))
        phases[f"solve {name}"] = time.monotonic() - begun
        begun = time.monotonic()
        tell("explain")
        solved.append(_explain(problem, category, solution))
        phases[f"explain {name}"] = time.monotonic() - begun
    plan = _assemble(problem, solved, seed, work)
    certificate = certificate_of([(one.category, one.solution.prices) for one in solved])
    return Result(problem, plan, certificate, run_record(started, phases))


def _explain(problem: Problem, category: Category, solution: Solution) -> _Solved:
    """Turn the flow of a category into rows with their reasons."""
    classes = category.classes
    carries = solution.flow.units > 0
    used = pick(solution.arcs, carries)
    moves = deal(category, used, solution.flow.units[carries])
    members = np.bincount(classes.offer_of[classes.offer_of >= 0], minlength=classes.market.n_offers).astype(
        np.int64
    )
    closed = exhausted(category, solution.flow)
    seen = survey(classes.market, solution.prices.offer, closed, members, _first_two(category), used)
    transfers = transfers_of(problem, category, moves, seen)
    figures = Figures(problem, category, moves, transfers)
    if figures.sums()["objective"] != solution.objective:
        raise CertificateError(
            [f"{category.name}: the rows cost {figures.sums()['objective']}, the flow {solution.objective}"]
        )
    return _Solved(
        category,
        solution,
        transfers.assign(_price=category.needs.base[moves.need]),
        shortfalls_of(problem, category, moves, seen, solution.flow),
        releases_of(problem, category, moves, seen),
        figures,
    )


def _first_two(category: Category) -> np.ndarray:
    """Positions of the first two assets of each class, -1 where there are fewer."""
    offer_of = category.classes.offer_of
    order = np.argsort(offer_of, kind="stable")
    order = order[offer_of[order] >= 0]
    n_offers = category.classes.market.n_offers
    first = np.searchsorted(offer_of[order], np.arange(n_offers + 1))
    size = np.diff(first)
    two = np.full((n_offers, 2), -1, np.int64)
    for column in range(2):
        has = size > column
        two[has, column] = order[first[:-1][has] + column]
    return two


def _joined(frames: list[pd.DataFrame], columns: tuple[str, ...], keys: list[str]) -> pd.DataFrame:
    filled = [frame for frame in frames if len(frame)]
    if not filled:
        return pd.DataFrame({name: [] for name in columns})
    return pd.concat(filled, ignore_index=True).sort_values(keys, kind="stable", ignore_index=True)


def _assemble(problem: Problem, solved: list[_Solved], seed: int, work: int) -> Plan:
    """Join the categories and write the summary."""
    transfers = _joined(
        [one.transfers for one in solved], (*TRANSFER_COLUMNS, "_price"), ["asset_id", "need_id"]
    )
    shortfalls = _joined([one.shortfalls for one in solved], SHORTFALL_COLUMNS, ["need_id"])
    releases = _joined([one.releases for one in solved], RELEASE_COLUMNS, ["asset_id"])
    parts, whole, bound = {}, dict[str, int](), 0
    for one in solved:
        sums = one.figures.sums()
        parts[one.category.name] = part(sums, one.solution.bound)
        whole, bound = add(whole, sums), bound + one.solution.bound
    whole = whole or dict.fromkeys(("cost", "objective", "empty", "cash", "needed", "met", "unmet"), 0)
    total = part(whole, bound)
    if total["gap_vnd"]:  # these reasons rest on the plan being best
        shortfalls["reason"] = shortfalls["reason"].replace("outbid", "unproven")
        releases["reason"] = releases["reason"].replace("met", "unproven")
    figures = {one.category.name: one.figures for one in solved}
    summary = {
        "format_version": 1,
        "scenario": problem.scenario.name,
        "status": str(Status.OPTIMAL if total["gap_vnd"] == 0 else Status.FEASIBLE),
        "claimed": {"bound_vnd": bound, "value_gap": total["value_gap"]},
        **{key: total[key] for key in ("objective_vnd", "bound_vnd", "gap_vnd")},
        "gap": gap_ratio(total["gap_vnd"], abs(total["objective_vnd"])),
        **{key: total[key] for key in ("cost_gap", "value_gap", "cash_vnd")},
        "parts": {"category": parts, "province": by_province(list(figures.values()))},
        "levels": [],
        "kpis": kpis(figures, transfers, releases, explicit=problem.form == "matches"),
        "distances": {"provider": problem.provider, "version": problem.version},
        "solver": {"versions": versions(), "seed": seed, "work": work},
        "not_planned": not_planned(problem),
        "synthetic": problem.synthetic,
    }
    return Plan(transfers.drop(columns="_price"), shortfalls, releases, summary)
