"""Tables to a problem: every issue at once, or arrays that cannot be wrong."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import pandas as pd

from solver.errors import InvalidProblemError, Issue, errors_of, issue
from solver.limits.rows import side_rows
from solver.messages import OR_A_PLACE
from solver.problem.baseline import read_baseline
from solver.problem.categories import build_category
from solver.problem.kept import with_kept
from solver.problem.limit_checks import pin_issues, unknown_provinces
from solver.problem.lines import line_issues, refused_named, with_places
from solver.problem.metres import between_communes
from solver.problem.positions import positions
from solver.problem.premises_build import build_premises
from solver.problem.prices import need_prices
from solver.problem.problem import MOVABLES, PLANNED, PREMISES, Problem
from solver.problem.sides import may_move
from solver.scenario import Scenario, inventory_date, read_scenario
from solver.tables.parse import parse_frame
from solver.tables.rows import duplicates
from solver.tables.rules import check_tables

if TYPE_CHECKING:
    from collections.abc import Mapping

    from solver.flow.market import Ints
    from solver.plan.folder import StoredPlan
    from solver.plan.result import Plan, Result
    from solver.problem.metres import DistanceProvider

    #: The plan before.
    Before: TypeAlias = Plan | Result | StoredPlan | pd.DataFrame

Provider: TypeAlias = Any  # a DistanceProvider, a frame of pairs, or None

_COMMUNE_COLUMNS = ("commune_code", "name", "kind", "province_code", "province_name", "lat", "lon")


def build(
    assets: pd.DataFrame,
    needs: pd.DataFrame,
    *,
    scenario: Scenario | Mapping[str, Any] | None = None,
    communes: pd.DataFrame | None = None,
    distances: DistanceProvider | pd.DataFrame | None = None,
    matches: pd.DataFrame | None = None,
    authorities: pd.DataFrame | None = None,
    baseline: Before | None = None,
) -> Problem:
    """Check tables and scenario and make the problem.

    Parameters
    ----------
    assets, needs : the contract's tables, typed or as strings; commune codes are today's
    (``geodata.read_codes``). scenario : as read from TOML or JSON, or checked; None for the defaults.
    communes : the register (``geodata.communes()``); not needed with ``matches``. distances : a provider
    (``geodata.distances``), or a table of metres by pair (asset_id, need_id, distance_km). matches :
    explicit matches: then these and no others are the eligible pairs. authorities : who decides a transfer
    (``geodata.authorities()``); None leaves the plan's column of authorities empty. baseline : the plan
    before, to make a re-plan of it (docs/replan.md): as solved, as read back, or its table of transfers.

    Raises
    ------
    InvalidProblemError
        With every issue, when any is an error.
    """
    problem, issues = _build(assets, needs, scenario, communes, distances, matches, authorities, baseline)
    if problem is None or errors_of(issues):
        raise InvalidProblemError(issues)
    return replace(problem, warnings=tuple(sorted(issues)))


def check(
    assets: pd.DataFrame,
    needs: pd.DataFrame,
    *,
    scenario: Scenario | Mapping[str, Any] | None = None,
    communes: pd.DataFrame | None = None,
    distances: DistanceProvider | pd.DataFrame | None = None,
    matches: pd.DataFrame | None = None,
    authorities: pd.DataFrame | None = None,
    baseline: Before | None = None,
) -> list[Issue]:
    """Return every issue that ``build`` would raise, and its warnings.

    Sorted. Never raises for wrong data.
    """
    return sorted(_build(assets, needs, scenario, communes, distances, matches, authorities, baseline)[1])


def _typed(table: str, frame: pd.DataFrame, key: str, found: list[Issue], *, explicit: bool) -> pd.DataFrame:
    typed, issues = parse_frame(table, frame, explicit_matches=explicit)
    found += issues
    return typed.sort_values(key, kind="stable", ignore_index=True)


def _build(
    assets: pd.DataFrame,
    needs: pd.DataFrame,
    scenario: Scenario | Mapping[str, Any] | None,
    communes: pd.DataFrame | None,
    distances: DistanceProvider | pd.DataFrame | None,
    matches: pd.DataFrame | None,
    authorities: pd.DataFrame | None,
    before: Before | None,
) -> tuple[Problem | None, list[Issue]]:
    found: list[Issue] = []
    baseline = None
    if before is not None:
        baseline, found = read_baseline(before)
    explicit = matches is not None
    assets = _typed("assets", assets, "asset_id", found, explicit=explicit)
    needs = _typed("needs", needs, "need_id", found, explicit=explicit)
    if matches is not None:
        matches, issues = parse_frame("matches", matches)
        found += issues
    if authorities is not None:
        authorities, issues = parse_frame("authorities", authorities)
        found += issues
    if not isinstance(scenario, Scenario):
        scenario, issues = read_scenario(
            scenario, explicit_matches=explicit, inventory_date=inventory_date(assets, needs)
        )
        found += issues
    pairs = None
    if isinstance(distances, pd.DataFrame):
        pairs, issues = parse_frame("distances", distances)
        found += issues
        if pairs["asset_id"].isna().any():
            found.append(issue("distances_provider", "distances"))
    found += check_tables(assets, needs, matches=matches, distances=pairs, scenario=scenario)
    form = "matches" if matches is not None else "pairs" if pairs is not None else "communes"
    if form == "communes" and distances is None:
        found.append(issue("distances_missing", "distances"))
    if communes is None:
        if form != "matches":
            found.append(issue("communes_missing", "communes"))
        communes = pd.DataFrame({name: pd.Series([], dtype="str") for name in _COMMUNE_COLUMNS})
    numbered = communes if "row" in communes else communes.assign(row=range(2, len(communes) + 2))
    found += duplicates("communes", numbered, ["commune_code"], "duplicate_id")
    communes = communes.drop_duplicates("commune_code").sort_values("commune_code", ignore_index=True)
    codes = communes["commune_code"].astype("str")
    place = {
        table: positions(codes, frame["commune_code"].fillna(""))
        for table, frame in (("assets", assets), ("needs", needs))
    }
    if form != "matches":
        found += _unknown_communes("assets", assets, place["assets"])
        found += _unknown_communes("needs", needs, place["needs"])
    found += _unknown_scope(scenario, communes)
    if form != "matches":
        found += unknown_provinces(scenario, set(communes["province_code"]))
    for name in PLANNED:
        found += need_prices(needs, np.flatnonzero(needs["category"] == name), name, scenario)[1]
    if errors_of(found):
        return None, found
    for table, frame in (("assets", assets), ("needs", needs)):
        if "leg_m" not in frame:
            frame["leg_m"] = pd.Series(pd.array(_legs(frame, communes, place[table], distances), "Int64"))
    if baseline is not None:
        baseline = with_places(baseline, needs)
    provider = getattr(distances, "name", "table" if form == "pairs" else "none")
    version = str(getattr(distances, "version", ""))
    problem = Problem(
        assets,
        needs,
        communes,
        matches,
        scenario,
        form,
        provider,
        version,
        authorities=authorities,
        baseline=baseline,
        distances=distances,
    )
    rows = {name: _taking_part(problem, name, place) for name in PLANNED}
    found += line_issues(problem, rows, _inside(problem, place))
    between = None
    if form == "communes" and distances is not None and not isinstance(distances, pd.DataFrame):
        froms, tos = (np.concatenate([chosen[side] for chosen in rows.values()]) for side in (0, 1))
        between = between_communes(distances, communes, place["assets"][froms], place["needs"][tos])
    for name in MOVABLES:
        category, issues = build_category(problem, name, rows[name], place, pairs, distances, between)
        found += issues
        if category is not None:
            problem.categories[name] = category
    premises, issues = build_premises(problem, rows[PREMISES], place, pairs, distances, between)
    found += issues
    if not any(len(chosen[1]) for chosen in rows.values()):
        found.append(_nothing_needed(scenario))
    problem = replace(problem, premises=premises)
    if not errors_of(found):
        found += pin_issues(problem)
    if baseline is not None:
        found = refused_named(found, baseline, scenario)
        if not errors_of(found):
            problem = with_kept(problem, side_rows(problem, {}))
    return problem, found


def _nothing_needed(scenario: Scenario) -> Issue:
    scope = scenario.scope_province
    if scope is None:
        return issue("nothing_needed", "needs")
    words = {
        "scope_en": f" in province {scope}, or plan without scope_province = {scope}",
        "scope_vi": f" ở tỉnh {scope}, hoặc bỏ giới hạn scope_province = {scope}",
    }
    return issue("nothing_needed", "scenario", None, "scope_province", scope, words)


def _unknown_communes(table: str, frame: pd.DataFrame, place: Ints) -> list[Issue]:
    wrong = frame[place < 0]
    if len(wrong) > 1 and frame["commune_code"].isna().all():
        return [issue("column_missing", table, column="commune_code", words=OR_A_PLACE)]
    return [
        issue("commune_unknown", table, int(row), "commune_code", "" if pd.isna(code) else code)
        for row, code in zip(wrong["row"], wrong["commune_code"], strict=True)
    ]


def _unknown_scope(scenario: Scenario, communes: pd.DataFrame) -> list[Issue]:
    scope = scenario.scope_province
    if scope is None or (communes["province_code"] == scope).any():
        return []
    return [issue("province_unknown", "scenario", None, "scope_province", scope)]


def _legs(frame: pd.DataFrame, communes: pd.DataFrame, place: Ints, provider: Provider) -> Ints:
    """Metres from each row's own point to its commune's point; 0 without a point."""
    legs = np.zeros(len(frame), np.int64)
    if isinstance(provider, pd.DataFrame) or provider is None:
        return legs
    own = (frame["lat"].notna() & frame["lon"].notna()).to_numpy(bool)
    at = place[own]
    seats = communes[["lat", "lon"]].to_numpy(np.float64)
    points = frame.loc[own, ["lat", "lon"]].to_numpy(np.float64)
    if own.any():
        legs[own] = provider.metres(points[:, 0], points[:, 1], seats[at, 0], seats[at, 1])
    return legs


def _in_scope(mask: pd.Series, place: Ints, communes: pd.DataFrame, scope: str | None) -> Ints:
    keep = mask.to_numpy(bool)
    if scope is not None:
        province = communes["province_code"].to_numpy(object)
        keep = keep & (place >= 0) & (province[place] == scope)
    return np.flatnonzero(keep)


def _inside(problem: Problem, place: dict[str, Ints]) -> tuple[Ints, Ints]:
    """Positions of the assets and needs that lie in the scope."""
    scope = problem.scenario.scope_province
    return (
        _in_scope(problem.assets["asset_id"].notna(), place["assets"], problem.communes, scope),
        _in_scope(problem.needs["need_id"].notna(), place["needs"], problem.communes, scope),
    )


def _taking_part(problem: Problem, name: str, place: dict[str, Ints]) -> tuple[Ints, Ints]:
    """Positions of the assets that may move and of the needs of a category, within the scope."""
    assets, needs, scope = problem.assets, problem.needs, problem.scenario.scope_province
    supply = (assets["category"] == name) & may_move(assets, explicit=problem.form == "matches")
    return (
        _in_scope(supply, place["assets"], problem.communes, scope),
        _in_scope(needs["category"] == name, place["needs"], problem.communes, scope),
    )
