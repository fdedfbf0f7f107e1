"""The plan before a re-plan, line by line: what is fixed, refused, or may stay (docs/replan.md)."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from solver.errors import issue
from solver.problem.pins import Pins
from solver.problem.positions import positions

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from solver.errors import Issue
    from solver.flow.market import Ints

#: Columns of ``inputs/baseline.csv``.
COLUMNS = ("asset_id", "need_id", "units", "state", "to_commune_code", "recipient")
PLANNED, FIXED, REFUSED = "planned", ("signed", "executed"), "refused"
STATES = (PLANNED, *FIXED, REFUSED)
_TABLE = "baseline"
_MOST = 1 << 62
#: Entry of a detail: assets left after each stage.
_COUNTS = "left"
_SHORT = ("need_id", "units", "price_vnd", "reason")
_TEXT = ("asset_id", "need_id", "state", "to_commune_code", "recipient")


@dataclass(frozen=True)
class Baseline:
    """The transfers of the plan before.

    Attributes
    ----------
    lines : ``COLUMNS``, sorted by asset and need, each pair once; text, but for units [int]; certificate : of
    the plan before, whose prices are good to begin with; inputs : reads the files that it was made from;
    shortfalls : its table. None where only its transfers are known. row : of each pair where it was read, as
    a spreadsheet counts; lacks : columns that were not there.
    """

    lines: pd.DataFrame
    certificate: dict[str, Any] | None = None
    inputs: Callable[[], dict[str, bytes]] | None = None
    shortfalls: pd.DataFrame | None = None
    row: dict[tuple[str, str], int] = field(default_factory=dict)
    lacks: frozenset[str] = frozenset()

    def as_told(self, shortfalls: pd.DataFrame, still: set[str]) -> pd.DataFrame:
        """Tell shortfalls of needs that were not planned again with the figures of before.

        What they count of the country's assets is that of the plan before; what they name (an asset, what it
        costs, how near it is) is today's.
        """
        if self.shortfalls is None or not still or shortfalls.empty:
            return shortfalls
        old = self.shortfalls[self.shortfalls["need_id"].isin(still)]
        keys = [zip(*(table[name] for name in _SHORT), strict=True) for table in (old, shortfalls)]
        known = dict(zip(keys[0], old["detail"], strict=True))
        told = zip(keys[1], shortfalls["detail"], strict=True)
        details = [(known.get(key, detail), detail) for key, detail in told]
        return shortfalls.assign(detail=[old if _holds(old, new) else new for old, new in details])

    def prices(self, need_ids: np.ndarray, row_ids: list[str]) -> tuple[np.ndarray, np.ndarray, int] | None:
        """Return the prices that the plan before was proven with, of needs and rows, and their denominator.

        Integers of any size; what it did not know costs 0.
        """
        if self.certificate is None:
            return None
        needs, rows = self.certificate["need_price"], self.certificate["row_price"]
        return (
            np.array([needs.get(name, 0) for name in need_ids.tolist()], object),
            np.array([rows.get(name, 0) for name in row_ids], object),
            int(self.certificate["denominator"]),
        )

    def only(self, states: tuple[str, ...]) -> pd.DataFrame:
        """Return the lines in some states."""
        return self.lines[self.lines["state"].isin(states)]

    def between(self, asset_ids: np.ndarray, need_ids: np.ndarray, states: tuple[str, ...]) -> Pins:
        """Find the lines in some states whose ends both take part in a category, with their units."""
        lines = self.only(states)
        i, j = positions(asset_ids, lines["asset_id"]), positions(need_ids, lines["need_id"])
        known = (i >= 0) & (j >= 0)
        units = lines["units"].to_numpy(np.int64)
        order = np.lexsort((j[known], i[known]))
        return Pins(i[known][order], j[known][order], units[known][order])


def _holds(old: str, new: str) -> bool:
    """Tell whether all that a new detail names stands in the old one, whatever they count."""
    if old == new:
        return True
    before, today = json.loads(old), json.loads(new)
    return all(before.get(key) == value for key, value in today.items() if key != _COUNTS)


def read_baseline(transfers: Any) -> tuple[Baseline, list[Issue]]:  # noqa: ANN401 (a plan or a frame)
    """Read the plan before: a plan, a result, a stored plan, or its table of transfers.

    Columns beyond ``COLUMNS`` are not looked at, but for ``row``: where each line stands in its file. An
    empty state is ``planned``.
    """
    certificate, inputs = getattr(transfers, "certificate", None), _inputs_of(transfers)
    plan = getattr(transfers, "plan", transfers)
    shortfalls = getattr(plan, "shortfalls", None)
    for name in ("plan", "transfers"):
        transfers = getattr(transfers, name, transfers)
    if not isinstance(transfers, pd.DataFrame):
        msg = f"a baseline is a plan or its table of transfers, not {type(transfers).__name__}"
        raise TypeError(msg)
    missing = [name for name in ("asset_id", "need_id", "units") if name not in transfers]
    if missing:
        return _baseline({name: [] for name in COLUMNS}), [
            issue("column_missing", _TABLE, column=name) for name in missing
        ]
    blank = [""] * len(transfers)
    table = {
        name: [_text(value) for value in transfers[name].tolist()] if name in transfers else blank
        for name in _TEXT
    }
    table["state"] = [state or PLANNED for state in table["state"]]
    units = transfers["units"].tolist()
    places = _rows_of(transfers)
    found = []
    seen: dict[tuple[str, str], int] = {}
    for place, asset, need, state, count in zip(
        places, table["asset_id"], table["need_id"], table["state"], units, strict=True
    ):
        if state not in STATES:
            known = ", ".join(STATES)
            found.append(
                issue("choice_unknown", _TABLE, place, "state", state, allowed_en=known, allowed_vi=known)
            )
        if not _is_count(count):
            found.append(issue("out_of_range", _TABLE, place, "units", _text(count), low=1, high=_MOST - 1))
        if (asset, need) in seen:
            first = seen[asset, need]
            found.append(issue("duplicate_match", _TABLE, place, "need_id", f"{asset}, {need}", first=first))
        seen.setdefault((asset, need), place)
    if found:
        return _baseline({name: [] for name in COLUMNS}), found
    baseline = _baseline({**table, "units": [int(count) for count in units]})
    lacks = frozenset(name for name in COLUMNS if name not in transfers)
    return replace(
        baseline, certificate=certificate, inputs=inputs, shortfalls=shortfalls, row=seen, lacks=lacks
    ), []


def _inputs_of(plan: Any) -> Callable[[], dict[str, bytes]] | None:  # noqa: ANN401 (a plan, a result or a frame)
    """Return what reads the files that a plan was made from: of a result, or of a folder; None of others."""
    folder, problem = getattr(plan, "folder", None), getattr(plan, "problem", None)
    if problem is not None:
        return lambda: dict(problem.input_tables)
    if folder is None:
        return None
    return lambda: {path.name: path.read_bytes() for path in sorted((folder / "inputs").iterdir())}


def _baseline(table: dict[str, list[Any]]) -> Baseline:
    lines = pd.DataFrame({name: table[name] for name in COLUMNS})
    lines["units"] = lines["units"].astype("int64")
    return Baseline(lines.sort_values(["asset_id", "need_id"], kind="stable", ignore_index=True))


def _text(value: Any) -> str:  # noqa: ANN401 (a cell)
    return "" if value is None or value is pd.NA or value != value else str(value)


def _rows_of(transfers: pd.DataFrame) -> Sequence[int]:
    """Return the row of each line: as stated, or counted below a heading in row 1."""
    stated = transfers["row"].tolist() if "row" in transfers else []
    if stated and all(type(row) is int for row in stated):
        return stated
    return range(2, len(transfers) + 2)


def _is_count(value: Any) -> bool:  # noqa: ANN401 (a cell)
    text = _text(value)
    return text.isascii() and text.isdigit() and 0 < int(text) < _MOST


def fixed_pins(pins: Pins, fixed: Pins) -> Pins:
    """Pin fixed lines too; of a pair that is pinned as well the larger number counts."""
    units: dict[tuple[int, int], int] = {}
    for side in (pins, fixed):
        for a, n, count in zip(side.asset.tolist(), side.need.tolist(), side.units.tolist(), strict=True):
            units[a, n] = max(units.get((a, n), 0), count)
    rows = np.array([(a, n, count) for (a, n), count in sorted(units.items())], np.int64).reshape(-1, 3)
    return Pins(rows[:, 0].copy(), rows[:, 1].copy(), rows[:, 2].copy())


def refused_keys(baseline: Baseline, asset_ids: np.ndarray, need_ids: np.ndarray) -> Ints:
    """Return the keys (asset x needs + need) of refused pairs, sorted."""
    pairs = baseline.between(asset_ids, need_ids, (REFUSED,))
    return np.unique(pairs.asset * len(need_ids) + pairs.need)
