"""Rules that need more than one table, or a table and the scenario."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from solver.errors import issue
from solver.tables.names import closest
from solver.tables.rows import duplicates

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

    from solver.errors import Issue
    from solver.scenario.model import Scenario

# Looking for near names among very many takes long and helps little.
_MOST_NAMES = 2_000
_MOST_HINTS = 20


def check_tables(
    assets: pd.DataFrame,
    needs: pd.DataFrame,
    *,
    matches: pd.DataFrame | None = None,
    distances: pd.DataFrame | None = None,
    scenario: Scenario | None = None,
) -> list[Issue]:
    """Return what is wrong between tables.

    Parameters
    ----------
    assets, needs, matches, distances
        Typed tables.
    scenario
        Checked scenario; without it bans and years are not looked at.

    Returns
    -------
    list of Issue
        Sorted.
    """
    found = _attached(assets)
    if matches is not None:
        found += _matches(assets, needs, matches)
    if distances is not None:
        found += _distances(distances)
    if scenario is not None:
        found += unknown_bans(scenario, assets["asset_id"], needs["need_id"])
        found += _years(assets, scenario)
    return sorted(found)


def _attached(assets: pd.DataFrame) -> list[Issue]:
    given = assets[assets["attached_to"].notna()]
    if given.empty:
        return []
    premises = assets.loc[assets["category"] == "premises", "asset_id"]
    unknown = ~given["attached_to"].isin(assets["asset_id"])
    wrong = ~unknown & (~given["attached_to"].isin(premises) | (given["attached_to"] == given["asset_id"]))
    carried = dict(zip(given["asset_id"], given["attached_to"], strict=True))
    circular = ~unknown & ~wrong & given["asset_id"].map(lambda name: _is_circular(str(name), carried))
    status = given["attached_to"].map(_first(assets, "asset_id", "status"))
    stays = given["status"].isin(["surplus", "handed_idle"]) & status.isin(["in_use", "handled"])
    found = []
    for code, mask in (
        ("attached_unknown", unknown),
        ("attached_not_premises", wrong),
        ("attached_circular", circular),
        ("attached_stays", stays & ~wrong & ~circular),
    ):
        for row, name in given.loc[mask, ["row", "attached_to"]].itertuples(index=False):
            found.append(issue(code, "assets", int(row), "attached_to", name))
    return found


def _is_circular(asset: str, carried: dict[str, str]) -> bool:
    """Tell whether an asset is attached, over others, to itself."""
    seen, at = {asset}, carried.get(asset)
    while at is not None and at not in seen:
        seen.add(at)
        at = carried.get(at)
    return at == asset


def _matches(assets: pd.DataFrame, needs: pd.DataFrame, matches: pd.DataFrame) -> list[Issue]:
    if matches.empty:
        return [issue("matches_empty", "matches")]
    found = _unknown(matches, "asset_id", assets, "asset_unknown") + _unknown(
        matches, "need_id", needs, "need_unknown"
    )
    found += duplicates("matches", matches, ["asset_id", "need_id"], "duplicate_match")
    asset_category = matches["asset_id"].map(_first(assets, "asset_id", "category"))
    need_category = matches["need_id"].map(_first(needs, "need_id", "category"))
    differ = asset_category.notna() & need_category.notna() & (asset_category != need_category)
    found += [
        issue("match_category", "matches", int(row), "need_id", need, asset_category=one, need_category=other)
        for row, need, one, other in zip(
            matches.loc[differ, "row"],
            matches.loc[differ, "need_id"],
            asset_category[differ],
            need_category[differ],
            strict=True,
        )
    ]
    without_area = set(
        needs.loc[(needs["category"] == "premises") & needs["area_m2"].isna(), "need_id"].dropna()
    )
    loadless = matches["load"].isna() & matches["need_id"].isin(without_area)
    if loadless.sum() > 1 and matches["load"].isna().all() and needs["area_m2"].isna().all():
        return [*found, issue("load_missing", "matches", None, "load")]
    found += [issue("load_missing", "matches", int(row), "load") for row in matches.loc[loadless, "row"]]
    return found


def _first(frame: pd.DataFrame, key: str, column: str) -> pd.Series[Any]:
    return frame.dropna(subset=[key]).drop_duplicates(key).set_index(key)[column]


def _unknown(frame: pd.DataFrame, column: str, table: pd.DataFrame, code: str) -> list[Issue]:
    unknown = frame[frame[column].notna() & ~frame[column].isin(table[column])]
    names = list(table[column].dropna()[:_MOST_NAMES])
    return [
        issue(
            code,
            "matches",
            int(row),
            column,
            name,
            closest=closest(name, names) if place < _MOST_HINTS else "",
        )
        for place, (row, name) in enumerate(unknown[["row", column]].itertuples(index=False))
    ]


def _distances(distances: pd.DataFrame) -> list[Issue]:
    forms = (["from_commune_code", "to_commune_code"], ["asset_id", "need_id"])
    used = [key for key in forms if distances[key].notna().any(axis=None)]
    if distances.empty:
        return []
    if len(used) != 1:
        return [issue("distances_form", "distances")]
    key = used[0]
    if distances[key].isna().all().any():  # one column of the form is not there at all
        return [issue("distances_form", "distances")]
    blank = distances[distances[key].isna().any(axis=1)]
    found = [issue("distances_form", "distances", int(row)) for row in blank["row"]]
    return found + duplicates("distances", distances, key, "duplicate_distance")


def unknown_bans(scenario: Scenario, asset_ids: Iterable[object], need_ids: Iterable[object]) -> list[Issue]:
    """Report the bans whose asset or need is not in the tables.

    Parameters
    ----------
    asset_ids, need_ids
        Ids of the tables; of very large ones those that the bans name are enough.
    """
    if not scenario.bans:
        return []
    found: list[Issue] = []
    known = (("asset_unknown", set(asset_ids)), ("need_unknown", set(need_ids)))
    for place, pair in enumerate(scenario.bans):
        for name, (code, names) in zip(pair, known, strict=True):
            if name not in names:
                given = (one for one in names if isinstance(one, str))
                near = closest(name, sorted(given)[:_MOST_NAMES]) if len(found) < _MOST_HINTS else ""
                found.append(issue(code, "scenario", None, f"stability.bans[{place}]", name, closest=near))
    return found


def _years(assets: pd.DataFrame, scenario: Scenario) -> list[Issue]:
    limit = scenario.date.year + 1
    later = assets[(assets["year"] > limit).fillna(value=False).astype(bool)]
    return [
        issue("year_in_future", "assets", int(row), "year", year, limit=limit)
        for row, year in zip(later["row"], later["year"], strict=True)
    ]
