"""Distances: read from the folder, complete, and computed again from the points where that can be."""

from __future__ import annotations

import re
from collections import defaultdict
from math import lcm
from typing import TYPE_CHECKING, Any

import numpy as np

from solver.checker.exact import UnreadableError, non_negative, read_bytes, read_table, whole
from solver.checker.inputs import FAR, HOUSED

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from solver.checker.exact import Row
    from solver.checker.inputs import Asset, Inputs, Need
    from solver.checker.report import Log

    Points = tuple[NDArray[Any], NDArray[Any]]  # unit vectors from the earth's centre, numbers of islands


def read_distances(folder: Path, inputs: Inputs, log: Log) -> None:
    """Read the metres of all pairs (form "matches": their cost and load) into `inputs`, and check them."""
    if inputs.form == "communes":
        _read_matrix(folder / "metres.csv", inputs)
    _read_pairs(folder, inputs, log)
    places: list[Asset | Need] = [*inputs.assets.values(), *inputs.needs.values()]
    legs = 2 * max((place.leg for place in places), default=0)
    far = [] if inputs.form == "matches" else [max(own.values()) for own in inputs.pairs.values()]
    inputs.widest = max([int(inputs.matrix.max(initial=0)) + legs, *far])
    if inputs.widest >= FAR:
        raise UnreadableError(f"inputs: a distance of {inputs.widest} metres")
    if inputs.form == "communes":
        within = _pairs_within(inputs)
        _check_complete(inputs, within, log)
        _check_great_circle(inputs, places, within, log)


def _read_matrix(path: Path, inputs: Inputs) -> None:
    """Read metres.csv: a heading, then plain lines of a code and whole numbers, empty for no distance."""
    head, *lines = read_bytes(path).splitlines() or [b""]
    width = head.count(b",")
    inputs.destinations = {code.decode(): i for i, code in enumerate(head.split(b",")[1:])}
    inputs.matrix = np.zeros((len(lines), width), np.int64)
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
        inputs.matrix[i] = np.fromstring(cells, np.int64, sep=",")
    absent = {asset.commune for asset in inputs.assets.values()} - set(inputs.origins)
    absent |= {need.commune for need in inputs.needs.values()} - set(inputs.destinations)
    if absent or len(inputs.origins) < len(lines):
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
        file: str, names: list[str], here: Points, there: Points, got: NDArray[np.int64], first: str = ""
    ) -> None:
        (from_point, e), (to_point, f) = here, there
        x, y, z = to_point - from_point  # half of the chord is the sine of half of the angle
        sine = np.sqrt(np.minimum((x * x + y * y + z * z) / 4, 1))
        crossings = (e != f) * ((e > 0).astype(int) + (f > 0))
        want = 2 * radius * np.arcsin(sine) * detour + crossings * ferry * 1000
        want = np.where(np.isnan(want), -1, want)  # a point is missing: no distance
        for i in np.flatnonzero(~(np.abs(want - got) <= 1)).tolist():
            text = f"is {got[i]}, the great circle gives {want[i]:.1f} metres"
            log.add("distance", file, first + names[i], text, f"{got[i]} m", f"{want[i]:.1f} m")

    communes = inputs.communes
    number = {name: i for i, name in enumerate(sorted({""} | {row["island"] for row in communes.values()}))}
    if default:
        ends = list(inputs.destinations)
        goals = _points([communes[code] for code in ends], number)
        points, islands = _points([communes[code] for code in inputs.origins], number)
        for i, (code, row) in enumerate(zip(inputs.origins, inputs.matrix, strict=True)):
            start = points[:, i : i + 1], islands[i : i + 1]
            check("metres.csv", ends, start, goals, row, first=f"{code},")
    seats = _points([communes[place.commune] for place in places])
    legs = np.array([place.leg for place in places], np.int64)
    check("leg_m", [place.id for place in places], _points([place.row for place in places]), seats, legs)
    metres = np.array([inputs.pairs[a.id].get(n.id, -9) for a, n in within], np.int64)
    here, there = _points([a.row for a, _ in within]), _points([n.row for _, n in within])
    check("metres_pairs.csv", [f"{a.id},{n.id}" for a, n in within], here, there, metres)


def _points(rows: list[Row], islands: dict[str, int] | None = None) -> Points:
    """Coordinates; islands only between communes: no ferry on the way to one's own."""
    lat, lon = (np.radians([float(row[column] or "nan") for row in rows]) for column in ("lat", "lon"))
    point = np.array([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])
    return point, np.array([islands[row["island"]] if islands else 0 for row in rows], np.int64)
