"""What an update of the inventory does not touch: rows that are what they were for the plan before.

A row is touched when its line in the inputs is new or another one, when a line of the plan before that ends
at it is not kept as it was, when units in use of its commune changed, or when a proof of a re-plan is about
it (such a proof counts the changes against a plan that is past). Where anything changed that is said of all
rows alike - rules, prices, the register, distances - everything is touched.
"""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from solver.patterns.part import components
from solver.problem.baseline import PLANNED
from solver.problem.premises import Premises

if TYPE_CHECKING:
    from solver.problem.problem import Category, Problem

#: Settings that say how to look for a plan, or what a re-plan may do, not what a plan is.
_FREE = (("stability", "freedom"), ("stability", "change_price_vnd"), ("stability", "max_changes"))
_SAME = ("communes.csv", "distances.json", "matches.csv")
_PAIRS = "metres_pairs.csv"
_IN_USE = "in_use"


@dataclass(frozen=True)
class Update:
    """What is the same as it was for the plan before.

    Attributes
    ----------
    assets, needs : ids of rows that are what they were; in_use : communes whose units in use are not.
    """

    assets: set[str]
    needs: set[str]
    in_use: set[str]


@dataclass(frozen=True)
class Untouched:
    """What an update does not touch of a category.

    Attributes
    ----------
    assets, needs : whether each is what it was; trees : proofs that still hold.
    """

    assets: np.ndarray
    needs: np.ndarray
    trees: list[dict[str, Any]]


def update_of(problem: Problem) -> Update | None:
    """Compare the inputs with those of the plan before; None where everything is touched or nothing known."""
    baseline = problem.baseline
    if baseline is None or baseline.inputs is None or baseline.certificate is None:
        return None
    before, today = baseline.inputs(), problem.input_tables
    same = [*_SAME, *([_PAIRS] if problem.form == "pairs" else [])]
    if _rules(before) != _rules(today) or any(before.get(name) != today.get(name) for name in same):
        return None
    (lost, came), (_, asked) = (
        _differences(before[f"{name}s.csv"].decode(), today[f"{name}s.csv"].decode(), f"{name}_id")
        for name in ("asset", "need")
    )
    used = [{(name, *row) for name, row in table.items() if row.status == _IN_USE} for table in (lost, came)]
    return Update(
        set(problem.assets["asset_id"].tolist()) - came.keys(),
        set(problem.needs["need_id"].tolist()) - asked.keys(),
        {row[2] for row in used[0] ^ used[1]},
    )


def untouched(problem: Problem, part: Category | Premises, update: Update) -> Untouched:
    """Find what an update does not touch of a category."""
    baseline = problem.baseline
    assert baseline is not None
    assert baseline.certificate is not None  # or there were no update
    asset_ids, need_ids = part.assets.ids.astype(str), part.needs.ids.astype(str)
    codes = np.append(problem.communes["commune_code"].astype("str").to_numpy(object), "")
    moves = zip(part.kept.asset.tolist(), part.kept.need.tolist(), part.kept.units.tolist(), strict=True)
    kept = {(str(asset_ids[a]), str(need_ids[n])): units for a, n, units in moves}
    lost = [
        (asset, need)
        for asset, need, units, state, *_ in baseline.lines.itertuples(index=False)
        if state != PLANNED or kept.get((asset, need), 0) != units
    ]
    lost += [(str(asset_ids[a]), str(need_ids[n])) for a, n in _dear(part)]
    trees = baseline.certificate.get("tree") or []
    # Freedom takes pairs away: a component falls into others than its tree speaks of.
    tied = part.metres.scope is not None
    again = [tree for tree in trees if tied or tree.get("plain") is False or "bound" not in tree]
    bad_assets = {a for a, _ in lost} | {name for tree in again for name in tree["assets"]}
    bad_needs = {n for _, n in lost} | {n for tree in again for group in tree["needs"] for n in group}
    assets = np.array([name in update.assets and name not in bad_assets for name in asset_ids.tolist()], bool)
    needs = np.array([name in update.needs and name not in bad_needs for name in need_ids.tolist()], bool)
    needs &= ~np.isin(codes[part.needs.place].astype(str), sorted(update.in_use))
    proofs = [tree for tree in trees if tree not in again]
    if isinstance(part, Premises):
        proofs = _whole(part, assets, needs, proofs)
    return Untouched(assets, needs, proofs)


def _whole(
    premises: Premises, assets: np.ndarray, needs: np.ndarray, trees: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Choose the trees of components that are what they were: the same rows, none of them touched."""
    asset_ids, need_ids = premises.assets.ids.astype(str), premises.needs.ids.astype(str)
    found = set()
    for one in components(premises.estate) if trees else ():
        inside = np.isin(premises.host_of, one.hosts), np.isin(premises.guest_of, one.guests)
        if assets[inside[0]].all() and needs[inside[1]].all():
            found.add((frozenset(asset_ids[inside[0]]), frozenset(need_ids[inside[1]])))
    return [
        tree
        for tree in trees
        if (frozenset(tree["assets"]), frozenset(n for group in tree["needs"] for n in group)) in found
    ]


def _dear(part: Category | Premises) -> list[tuple[int, int]]:
    """List kept pairs that cost what leaving their need unmet does: no component has them."""
    i, j = part.kept.asset, part.kept.need
    dear = part.unit_cost(i, j) >= part.needs.price[j]
    return list(zip(i[dear].tolist(), j[dear].tolist(), strict=True))


def _rules(files: dict[str, bytes]) -> dict[str, Any]:
    """Read what a scenario says of plans."""
    entries: dict[str, Any] = json.loads(files["scenario.json"])
    for section, key in _FREE:
        entries.get(section, {}).pop(key, None)
    return {key: value for key, value in entries.items() if key not in ("solver", "name")}


class _Row(NamedTuple):
    """What a row of a table says that matters beyond itself; its cells."""

    status: str
    commune: str
    cells: tuple[str, ...]


def _differences(old: str, new: str, key: str) -> tuple[dict[str, _Row], dict[str, _Row]]:
    """Return the rows by id that are in one of two tables alone, as they stand there."""
    (head, *before), (heading, *after) = _records(old), _records(new)
    if head == heading:  # else cells do not say the same
        before, after = list(set(before) - set(after)), list(set(after) - set(before))
    return _rows(head, before, key), _rows(heading, after, key)


def _records(text: str) -> list[str]:
    """Split a table into its rows: a quoted cell may break the line."""
    lines = text.removesuffix("\n").split("\n")
    if '"' not in text:
        return lines
    rows, begun = [], ""
    for line in lines:
        row = f"{begun}\n{line}" if begun else line
        begun = row if row.count('"') % 2 else ""
        if not begun:
            rows.append(row)
    return rows


def _rows(head: str, records: list[str], key: str) -> dict[str, _Row]:
    """Read rows by id."""
    names = next(csv.reader([head]))
    at, *facts = (names.index(name) if name in names else -1 for name in (key, "status", "commune_code"))
    found = {}
    for row in csv.reader(io.StringIO("\n".join(records))):
        status, commune = ("" if fact < 0 else row[fact] for fact in facts)
        found[row[at]] = _Row(status, commune, tuple(row))
    return found
