"""Distances: read from the folder, complete, and computed again from the points where that can be."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import partial
from math import lcm
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from solver.checker.exact import UnreadableError, non_negative, read_lines, read_table, whole
from solver.checker.inputs import FAR, HOUSED

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray

    from solver.checker.exact import Row
    from solver.checker.inputs import Asset, Inputs, Need
    from solver.checker.report import Log


MOST: Final = (1 << 31) - 1  # metres in the matrix: fifty times around the earth


def read_distances(folder: Path, inputs: Inputs, log: Log) -> None:
    """Read the metres of all pairs (form "matches": their cost and load) into `inputs`."""
    if inputs.form == "communes":
        _read_matrix(folder / "metres.csv", inputs)
    _read_pairs(folder, inputs, log)
    legs = 2 * max((place.leg for place in _places(inputs)), default=0)
    far = [] if inputs.form == "matches" else [max(own.values()) for own in inputs.pairs.values()]
    inputs.widest = max([int(inputs.matrix.max(initial=0)) + legs, *far])
    if inputs.widest >= FAR:
        raise UnreadableError(f"inputs: a distance of {inputs.widest} metres")


def check_distances(inputs: Inputs, log: Log) -> None:
    """Check that no distance is missing, and compute all again that can be."""
    if inputs.form == "communes":
        within = _pairs_within(inputs)
        _check_complete(inputs, within, log)
        _check_great_circle(inputs, _places(inputs), within, log)


def _places(inputs: Inputs) -> list[Asset | Need]:
    return [*inputs.assets.values(), *inputs.needs.values()]


def _read_matrix(path: Path, inputs: Inputs) -> None:
    """Read metres.csv: a heading, then plain lines of a code and whole numbers, empty for no distance."""
    lines, rows = read_lines(path), list[Any]()
    head = next(lines, b"")
    width = head.count(b",")
    inputs.destinations = {code.decode(): i for i, code in enumerate(head.split(b",")[1:])}
    for i, line in enumerate(lines):
        code, comma, cells = line.partition(b",")
        if cells.translate(None, b"0123456789,") or line.count(b",") != width:
            raise UnreadableError("metres.csv: no whole number of metres, or rows of unequal length")
        inputs.origins[code.decode()] = i
        if b",," in line or line.endswith(b","):
            between = comma + cells + comma
            for _ in range(2):  # a second time, since neighbours share a comma
                between = between.replace(b",,", b",-1,")
            cells = between.strip(b",")
        metres = np.fromstring(cells, np.int64, sep=",")
        if metres.max(initial=0) > MOST:
            raise UnreadableError(f"metres.csv: a distance of {metres.max()} metres")
        rows.append(metres.astype(np.int32))
    if rows:
        inputs.matrix = np.array(rows)
    absent = {asset.commune for asset in inputs.assets.values()} - set(inputs.origins)
    absent |= {need.commune for need in inputs.needs.values()} - set(inputs.destinations)
    if absent or len(inputs.origins) < len(rows):
        raise UnreadableError(f"metres.csv: a row twice, or no row or column for {sorted(absent)[:9]}")


def _read_pairs(folder: Path, inputs: Inputs, log: Log) -> None:
    matches = inputs.form == "matches"
    file, column = ("matches.csv", "cost_vnd") if matches else ("metres_pairs.csv", "metres")
    for row in read_table(folder / file):
        ids = row["asset_id"], row["need_id"]
        try:
            known = ("assets.csv", ids[0]) in inputs.ids and ("needs.csv", ids[1]) in inputs.ids
            if ids in inputs.given or not known or row[column] == "":
                raise ValueError(f"a pair twice, an unknown id, or no {column}")
            inputs.given[ids] = row
            asset, need = inputs.assets.get(ids[0]), inputs.needs.get(ids[1])
            if asset and need and asset.category == need.category:
                if inputs.form == "communes" and not _within(asset, need):
                    raise ValueError("this pair belongs into metres.csv")
                inputs.pairs[asset.id][need.id] = whole(row, column)
                if matches and need.category == HOUSED:
                    load = non_negative(row["load"] or need.row["area_m2"], "load")
                    if load is None:
                        raise ValueError("a match without load to a place without area_m2")
                    inputs.finest = lcm(inputs.finest, load.denominator)
        except ValueError as error:
            log.add("input_value", file, ",".join(ids), str(error))


def _within(asset: Asset, need: Need) -> bool:
    """Tell whether both lie in one commune, not both at its point: a row of its own has their metres."""
    return asset.commune == need.commune and asset.leg + need.leg > 0


def _pairs_within(inputs: Inputs) -> list[tuple[Asset, Need]]:
    near: dict[tuple[str, str], list[Need]] = defaultdict(list)
    for need in inputs.needs.values():
        near[need.commune, need.category].append(need)
    assets = inputs.assets.values()
    return [(a, n) for a in assets for n in near[a.commune, a.category] if _within(a, n)]


def _check_complete(inputs: Inputs, within: list[tuple[Asset, Need]], log: Log) -> None:
    for asset, need in within:
        if need.id not in inputs.pairs[asset.id]:
            name = f"{asset.id},{need.id}"
            log.add("distance", "metres_pairs.csv", name, "a pair within a commune is missing")


def _check_great_circle(
    inputs: Inputs, places: list[Asset | Need], within: list[tuple[Asset, Need]], log: Log
) -> None:
    """Compute legs and pairs within a commune again, of the default provider the matrix too, to the metre."""
    said = dict(re.findall(r"(\w+)=([0-9.]+)", inputs.distances["version"]))
    default = inputs.distances["provider"] == "great_circle"
    if not default and not {"detour", "ferry_km", "radius_m"} <= set(said):
        return  # a table that does not say where its legs come from
    detour, ferry, radius = (float(said[name]) for name in ("detour", "ferry_km", "radius_m"))

    def check(
        file: str, name: Callable[..., str], angles: NDArray[Any], more: NDArray[Any] | float,
        got: NDArray[Any],
    ) -> None:  # fmt: skip
        want = angles * (radius * detour) + more
        if np.isnan(want).any():  # a point is missing: no distance
            want[np.isnan(want)] = -1
        right = np.abs(want - got) <= 1
        for at in [] if right.all() else map(tuple, np.argwhere(~right).tolist()):
            text = f"is {got[at]}, the great circle gives {want[at]:.1f} metres"
            log.add("distance", file, name(*at), text, f"{got[at]} m", f"{want[at]:.1f} m")

    communes = inputs.communes
    if default:
        codes = origins, ends = list(inputs.origins), list(inputs.destinations)
        start, goal = (_points([communes[code] for code in some]) for some in codes)
        number = {
            name: i for i, name in enumerate(sorted({"", *(row["island"] for row in communes.values())}))
        }
        here, there = (np.array([number[communes[code]["island"]] for code in some], int) for some in codes)
        island = np.arange(len(number))[:, None]
        ferries = (island != there) * (1.0 * (island > 0) + (there > 0)) * ferry * 1000
        for i in range(0, len(origins), 16):  # few rows at a time stay in the processor's cache
            angles = np.arccos(np.clip(start[:, i : i + 16].T @ goal, -1, 1))
            name = partial(lambda i, row, column: f"{origins[i + row]},{ends[column]}", i)
            check("metres.csv", name, angles, ferries[here[i : i + 16]], inputs.matrix[i : i + 16])
    own, seats = _points([place.row for place in places]), _points([communes[p.commune] for p in places])
    legs = np.array([place.leg for place in places], np.int64)
    check("leg_m", lambda at: places[at].id, _angles(own, seats), 0.0, legs)
    asset_of, need_of = ({name: i for i, name in enumerate(table)} for table in (inputs.assets, inputs.needs))
    from_point = own[:, [asset_of[asset.id] for asset, _ in within]]
    to_point = own[:, [len(asset_of) + need_of[need.id] for _, need in within]]
    metres = np.array([inputs.pairs[a.id].get(n.id, -9) for a, n in within], np.int64)
    ids = [f"{asset.id},{need.id}" for asset, need in within]
    check("metres_pairs.csv", lambda at: ids[at], _angles(from_point, to_point), 0.0, metres)


def _points(rows: list[Row]) -> NDArray[Any]:
    """Return unit vectors from the earth's centre."""
    lat, lon = (np.radians([float(row[column] or "nan") for row in rows]) for column in ("lat", "lon"))
    return np.array([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])


def _angles(here: NDArray[Any], there: NDArray[Any]) -> NDArray[Any]:
    """Half of the chord is the sine of half of the angle: exact also where points are near."""
    x, y, z = there - here
    return np.asarray(2 * np.arcsin(np.sqrt(np.minimum((x * x + y * y + z * z) / 4, 1))))
