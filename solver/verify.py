"""Independent checker: is this plan valid, and what does its certificate prove.

It works on the plan folder alone, which holds its inputs, and shares no code with the rest of the project:
eligibility and cost (`docs/cost.md`), columns (`docs/plan-folder.md`) and certificate (`docs/certificate.md`,
with the violation codes) are implemented here a second time, from the text. What `plan.json` and
`certificate.json` say are claims. Nothing is pruned: reasons, ranks and the bound are taken over all pairs.
"""

from __future__ import annotations

import csv
import datetime
import hashlib
import io
import json
import re
from bisect import bisect_right
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final, TypeVar

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    Points = tuple[NDArray[Any], ...]

MOVABLE: Final = ("vehicle", "equipment")
STAGES: Final = (  # of the funnel: a pair stands at the first that it fails
    "no_asset", "condition", "age", "legal_status", "date", "no_distance", "reach", "province_rule", "banned",
    "norm", "too_dear", "outbid",
)  # fmt: skip
ELIGIBLE: Final = STAGES.index("norm")
KEPT: Final = ("no_need", "too_dear", "norm", "met")  # why a unit stays where it is
SPENT: Final = ("transport", "handover", "repair", "change_of_use", "build")
PARTS: Final = (*SPENT, "renewal", "travel", "surcharge")
HEADINGS: Final = {  # of the plan's tables exactly, of the inputs' at least
    "transfers.csv": "asset_id need_id units area_m2 distance_km cost_vnd transport_vnd handover_vnd "
    "repair_vnd change_of_use_vnd build_vnd renewal_vnd travel_vnd surcharge_vnd spend_vnd from_commune_code "
    "to_commune_code cross_province recipient official_id form authority until state rank "
    "alternative_asset_id alternative_extra_vnd",
    "shortfalls.csv": "need_id units price_vnd reason detail",
    "releases.csv": "asset_id units disposition value_vnd reason",
    "assets.csv": "asset_id category kind commune_code lat lon status units condition_pct year legal_status "
    "available_from available_until repair_vnd release_value_vnd official_id source leg_m",
    "needs.csv": "need_id category kinds purpose recipient commune_code lat lon units min_condition_pct "
    "priority price_vnd reach_km deadline until source leg_m",
    "communes.csv": "commune_code province_code lat lon island",
    "metres_pairs.csv": "asset_id need_id metres",
    "matches.csv": "asset_id need_id cost_vnd spend_vnd distance_km",
}
MAIN_FILE: Final = {"communes": "metres.csv", "pairs": "metres_pairs.csv", "matches": "matches.csv"}
CODES: Final = {  # of violations in plan.json, by its first key
    "objective_vnd": "objective", "bound_vnd": "bound", "gap_vnd": "gap", "gap": "gap", "cost_gap": "gap",
    "value_gap": "gap", "cash_vnd": "cash", "status": "status", "synthetic": "synthetic", "parts": "parts",
    "kpis": "kpis", "claimed": "claimed",
}  # fmt: skip
LISTED: Final = 20  # violations listed per code; the others are counted
FAR: Final = 1 << 40  # metres: beyond any reach, and the limit of what is read
SAFE: Final = 1 << 62  # vectors are int64 only where every intermediate value stays below

Value = TypeVar("Value")
Row = dict[str, str]
Books = defaultdict[tuple[str, str], Counter[str]]  # (scope, its key) -> sums


@dataclass(frozen=True)
class Violation:
    """One thing that is wrong: a code of `docs/certificate.md`, the file, the row's id or key, and why."""

    code: str
    file: str
    row: str
    message: str


@dataclass(frozen=True)
class Verification:
    """What the check found; figures are recomputed, in VND, None where the folder is unreadable.

    `violations` lists at most 20 of a code, `found` counts all by code, `counts` says how much was checked.
    """

    ok: bool
    violations: tuple[Violation, ...]
    found: Mapping[str, int]
    status: str | None = None
    objective: int | None = None
    bound: int | None = None
    gap: int | None = None
    cost_gap: str | None = None
    value_gap: str | None = None
    counts: Mapping[str, int] = field(default_factory=dict)


class _UnreadableError(Exception):
    """Something without which the rest cannot be checked is missing or damaged."""


class _Log:
    def __init__(self) -> None:
        self.found: Counter[str] = Counter()
        self.listed: list[Violation] = []

    def add(self, code: str, file: str, row: str, message: str) -> None:
        self.found[code] += 1
        if self.found[code] <= LISTED:
            self.listed.append(Violation(code, file, row, message[:300]))

    def same(self, code: str, file: str, row: str, want: object, got: object) -> None:
        """Report a difference. True is not 1; a Fraction may stand as a number or as a string."""
        if isinstance(want, Fraction) and type(got) in (int, str, Decimal):
            equal = _number(str(got)) == want
        else:
            equal = type(want) is type(got) and want == got
        if not equal:
            self.add(code, file, row, f"is {got!r:.80}, should be {want!s:.80}")


@dataclass(frozen=True)
class _Asset:
    row: Row
    id: str
    category: str
    kind: str
    commune: str
    province: str
    units: int
    leg: int
    condition: Fraction | None
    age: int | None
    repair: int
    release: int


@dataclass(frozen=True)
class _Need:
    row: Row
    id: str
    category: str
    kinds: list[str]
    commune: str
    province: str
    units: int
    leg: int
    condition: Fraction | None
    reach: int
    price: int
    weighted: int
    priority: int


@dataclass
class _Move:
    """A row of transfers.csv; what one unit costs is filled in by the survey."""

    row: Row
    asset: _Asset
    need: _Need
    units: int
    cost: int = 0
    spend: int = 0
    parts: dict[str, int] = field(default_factory=dict)
    km: Fraction | None = None
    rank: int = 1


class _Inputs:
    def __init__(self, scenario: dict[str, Any], distances: dict[str, Any], communes: dict[str, Row]) -> None:
        self.scenario, self.distances, self.communes = scenario, distances, communes
        self.form: str = distances["form"]
        self.assets: dict[str, _Asset] = {}
        self.needs: dict[str, _Need] = {}
        self.ids: set[tuple[str, str]] = set()  # (file, id) of every row
        self.in_use: Counter[tuple[str, str]] = Counter()  # (commune, norm key) -> units
        self.premises: Counter[str] = Counter()  # rows that are not planned, by file
        self.synthetic = False
        self.origins: dict[str, int] = {}
        self.destinations: dict[str, int] = {}
        self.matrix: NDArray[np.int64] = np.zeros((0, 0), np.int64)
        self.pairs: dict[str, dict[str, int]] = defaultdict(dict)  # asset -> need -> metres, or a match's VND
        self.given: dict[tuple[str, str], Row] = {}  # the rows that they come from
        self.widest = 0  # largest metres of any pair


# Reading. Cells are strings until they have been looked at; numbers are exact.


def _number(text: str) -> Fraction | None:
    """Read a plain decimal; None for anything else (NaN, infinity, exponents, a thousand digits)."""
    return Fraction(text) if re.fullmatch(r"-?[0-9]{1,24}(\.[0-9]{1,24})?", text) else None


def _positive(value: object, name: str) -> Fraction | None:
    """Read a number of a cell or of the scenario that may not be negative, None when empty."""
    if value is None or value == "":
        return None
    number = None if isinstance(value, bool) else _number(str(value))
    if number is None or number < 0:
        raise ValueError(f"{name} is {value!r:.60}")
    return number


def _whole(row: Row, column: str, default: int = 0) -> int:
    value = _positive(row[column], column)
    if value is not None and value.denominator != 1:
        raise ValueError(f"{column} is {row[column]!r:.60}")
    return default if value is None else int(value)


def _half_up(value: Fraction) -> int:
    return (2 * value.numerator + value.denominator) // (2 * value.denominator)


def _keyed(table: Mapping[str, Value], category: str, kind: str) -> Value | None:
    """Value of the most specific key."""
    return table.get(f"{category}/{kind}", table.get(category))


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise _UnreadableError(f"{path.name}: {type(error).__name__}") from error


def _json(text: str, name: str) -> dict[str, Any]:
    def number(digits: str) -> Decimal | int:
        if _number(digits) is None:
            raise ValueError(f"number {digits:.40}")
        return Decimal(digits) if "." in digits else int(digits)

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len(dict(pairs)) < len(pairs):
            raise ValueError("a key stands twice")
        return dict(pairs)

    hooks: Any = dict.fromkeys(("parse_float", "parse_int", "parse_constant"), number)
    try:
        value = json.loads(text, object_pairs_hook=unique, **hooks)
    except (ValueError, RecursionError) as error:
        raise _UnreadableError(f"{name}: {error}") from error
    if not isinstance(value, dict):
        raise _UnreadableError(f"{name}: no JSON object")
    return value


def _lines(path: Path) -> list[list[str]]:
    try:
        rows = list(csv.reader(io.StringIO(_text(path), newline=""), strict=True))
    except csv.Error as error:
        raise _UnreadableError(f"{path.name}: {error}") from error
    if not rows or len(set(rows[0])) < len(rows[0]) or any(len(row) != len(rows[0]) for row in rows):
        raise _UnreadableError(f"{path.name}: empty, a heading twice, or rows of unequal length")
    return rows


def _table(path: Path, *, exact: bool = False) -> list[Row]:
    (head, *rows), want = _lines(path), HEADINGS[path.name].split()
    if not set(want) <= set(head) or (exact and head != want):
        raise _UnreadableError(f"{path.name}: its headings are not those of docs/plan-folder.md")
    return [dict(zip(head, row, strict=True)) for row in rows]


def _norm_keys(scenario: dict[str, Any], category: str, kind: str) -> list[str]:
    return [key for key in (category, f"{category}/{kind}") if key in scenario["norms"]["max_per_commune"]]


def _read_asset(row: Row, province: str, scenario: dict[str, Any]) -> _Asset:
    age = int(scenario["date"][:4]) - _whole(row, "year") if row["year"] and scenario["date"] else None
    return _Asset(
        row, row["asset_id"], row["category"], row["kind"], row["commune_code"], province,
        units=_whole(row, "units", 1), leg=_whole(row, "leg_m"), age=None if age is None else max(0, age),
        condition=_positive(row["condition_pct"], "condition_pct"), repair=_whole(row, "repair_vnd"),
        release=_whole(row, "release_value_vnd"),
    )  # fmt: skip


def _read_need(row: Row, province: str, scenario: dict[str, Any]) -> _Need:
    category, kinds = row["category"], row["kinds"].split("|") if row["kinds"] else []
    listed = {_keyed(scenario["prices"]["unmet"], category, kind) for kind in kinds or [""]}
    price = _positive(row["price_vnd"] or (listed.pop() if len(listed) == 1 else None), "price_vnd")
    usual = scenario["priority_by_purpose"]
    keys = [key for key in (f"{category}/{kind}" for kind in kinds) if key in usual]
    default = min((usual[key] for key in keys), default=usual.get(category, 3))
    priority = _whole(row, "priority", usual.get(row["purpose"], default) if row["purpose"] else default)
    if price is None or not 1 <= priority <= 5:
        raise ValueError(f"its price is {price}, its priority {priority}")
    factor = _positive(scenario["prices"]["priority_factor"][priority - 1], "priority_factor") or Fraction(0)
    reach = _positive(row["reach_km"], "reach_km")
    return _Need(
        row, row["need_id"], category, kinds, row["commune_code"], province, units=_whole(row, "units", 1),
        leg=_whole(row, "leg_m"), condition=_positive(row["min_condition_pct"], "min_condition_pct") or None,
        reach=-1 if reach is None else min(FAR, int(reach * 1000)), price=_half_up(price),
        weighted=_half_up(price * factor), priority=priority,
    )  # fmt: skip


def _read(folder: Path, log: _Log) -> _Inputs:
    scenario, distances = (_json(_text(folder / name), name) for name in ("scenario.json", "distances.json"))
    scope, stability = scenario["scope_province"], scenario["stability"]
    limits = [*scenario["limits"].values(), scenario["equity"]["coverage_floor"], stability["pins"]]
    if scenario["objective"] != "net_cost" or any(value not in (None, {}, []) for value in limits):
        raise _UnreadableError(
            "scenario.json: limits, floors, pins and other objectives can't be certified yet"
        )
    communes = {row["commune_code"]: row for row in _table(folder / "communes.csv")}
    if len(communes) < len(_lines(folder / "communes.csv")) - 1:
        raise _UnreadableError("communes.csv: a commune stands twice")
    data = _Inputs(scenario, distances, communes)
    if data.form != "matches" or scenario["date"]:
        datetime.date.fromisoformat(scenario["date"])
    for file, key in (("assets.csv", "asset_id"), ("needs.csv", "need_id")):
        for row in _table(folder / file):
            try:
                _read_row(row, file, row[key], scope, data)
            except ValueError as error:
                log.add("input_value", file, row[key], str(error))
    _read_distances(folder, data, log)
    return data


def _read_row(row: Row, file: str, name: str, scope: str | None, data: _Inputs) -> None:
    if name == "" or (file, name) in data.ids:
        raise ValueError("an empty id, or an id twice")
    data.ids.add((file, name))
    data.synthetic |= row["source"] == "synthetic"
    for column in {"available_from", "available_until", "deadline"} & set(row):
        if row[column]:
            datetime.date.fromisoformat(row[column])  # from here on, ISO dates compare as strings
    category, status, commune = row["category"], row.get("status", "surplus"), row["commune_code"]
    if category in MOVABLE and data.form != "matches" and commune not in data.communes:
        raise ValueError("its commune is not in communes.csv")
    province = data.communes.get(commune, {}).get("province_code", "")
    if status == "in_use":
        for norm in (category, f"{category}/{row['kind']}"):
            data.in_use[commune, norm] += _whole(row, "units", 1)
    if status not in ("surplus", "handed_idle") or (scope and province != scope):
        return
    if category not in MOVABLE:
        data.premises[file] += 1
    elif file == "assets.csv":
        data.assets[name] = _read_asset(row, province, data.scenario)
    else:
        data.needs[name] = _read_need(row, province, data.scenario)


def _read_distances(folder: Path, data: _Inputs, log: _Log) -> None:
    if data.form == "communes":
        head, *rows = _lines(folder / "metres.csv")
        if not all(re.fullmatch("[0-9]*", "".join(row[1:])) for row in rows):
            raise _UnreadableError("metres.csv: a cell is not a whole number of metres")
        data.origins = {row[0]: i for i, row in enumerate(rows)}
        data.destinations = {code: i for i, code in enumerate(head[1:])}
        cells = [[int(cell) if cell else -1 for cell in row[1:]] for row in rows]
        data.matrix = np.array(cells, dtype=np.int64).reshape(len(rows), len(head) - 1)
        absent = {a.commune for a in data.assets.values()} - set(data.origins)
        absent |= {n.commune for n in data.needs.values()} - set(data.destinations)
        if absent or len(data.origins) < len(rows):
            raise _UnreadableError(f"metres.csv: a row twice, or no row or column for {sorted(absent)[:9]}")
    file, column = ("matches.csv", "cost_vnd") if data.form == "matches" else ("metres_pairs.csv", "metres")
    for row in _table(folder / file):
        ids = row["asset_id"], row["need_id"]
        try:
            known = ("assets.csv", ids[0]) in data.ids and ("needs.csv", ids[1]) in data.ids
            if ids in data.given or not known or row[column] == "":
                raise ValueError(f"a pair twice, an unknown id, or no {column}")
            data.given[ids] = row
            asset, need = data.assets.get(ids[0]), data.needs.get(ids[1])
            if asset and need and asset.category == need.category:
                if data.form == "communes" and (asset.commune != need.commune or asset.leg + need.leg == 0):
                    raise ValueError("this pair belongs into metres.csv")
                data.pairs[asset.id][need.id] = _whole(row, column)
        except ValueError as error:
            log.add("input_value", file, ",".join(ids), str(error))
    legs = [a.leg for a in data.assets.values()] + [n.leg for n in data.needs.values()]
    longest = [max(found.values()) for found in data.pairs.values()] if data.form != "matches" else []
    data.widest = max([int(data.matrix.max(initial=0)) + 2 * max(legs, default=0), *longest])
    if data.widest >= FAR:
        raise _UnreadableError(f"inputs: a distance of {data.widest} metres")
    if data.form == "communes":
        _check_distances(data, log)


def _check_distances(data: _Inputs, log: _Log) -> None:
    """Pairs within a commune are complete; distances of the default provider are recomputed, to the metre."""
    near: dict[tuple[str, str], list[_Need]] = defaultdict(list)
    for need in data.needs.values():
        near[need.commune, need.category].append(need)
    within = [(a, n) for a in data.assets.values() for n in near[a.commune, a.category] if a.leg + n.leg]
    for a, n in within:
        if n.id not in data.pairs[a.id]:
            log.add("distance", "metres_pairs.csv", f"{a.id},{n.id}", "a pair within a commune is missing")
    said = dict(re.findall(r"(\w+)=([0-9.]+)", data.distances["version"]))
    default = data.distances["provider"] == "great_circle"
    if not default and not {"detour", "ferry_km", "radius_m"} <= set(said):
        return  # a table that does not say where its legs come from
    detour, ferry, radius = (float(said[name]) for name in ("detour", "ferry_km", "radius_m"))

    def points(rows: list[Row], *, sea: bool = False) -> Points:
        """Coordinates; islands only between communes: no ferry on the way to one's own."""
        lat, lon = (np.radians([float(row[column] or "nan") for row in rows]) for column in ("lat", "lon"))
        return lat, lon, np.array([row["island"] if sea else "" for row in rows], dtype=np.str_)

    def check(file: str, names: list[str], here: Points, there: Points, got: NDArray[np.int64]) -> None:
        (a, b, e), (c, d, f) = here, there
        half = np.sin((c - a) / 2) ** 2 + np.cos(a) * np.cos(c) * np.sin((d - b) / 2) ** 2
        crossings = (e != f) * ((e != "").astype(int) + (f != ""))
        want = 2 * radius * np.arcsin(np.sqrt(np.minimum(half, 1))) * detour + crossings * ferry * 1000
        want = np.where(np.isnan(want), -1, want)  # a point is missing: no distance
        for i in np.flatnonzero(~(np.abs(want - got) <= 1)):
            log.add("distance", file, names[i], f"is {got[i]}, the great circle gives {want[i]:.1f} metres")

    goals = points([data.communes[code] for code in data.destinations], sea=True)
    for code, i in data.origins.items() if default else ():
        names = [f"{code},{other}" for other in data.destinations]
        check("metres.csv", names, points([data.communes[code]], sea=True), goals, data.matrix[i])
    places: list[_Asset | _Need] = [*data.assets.values(), *data.needs.values()]
    legs = np.array([place.leg for place in places], dtype=np.int64)
    seats = points([data.communes[place.commune] for place in places])
    check("leg_m", [place.id for place in places], points([place.row for place in places]), seats, legs)
    metres = np.array([data.pairs[a.id].get(n.id, -9) for a, n in within], dtype=np.int64)
    here, there = points([a.row for a, _ in within]), points([n.row for _, n in within])
    check("metres_pairs.csv", [f"{a.id},{n.id}" for a, n in within], here, there, metres)


# Certificate, rules and costs.


@dataclass(frozen=True)
class _Prices:
    """A certificate that is valid: what was not is reported and replaced."""

    scale: int
    need: dict[str, int]
    row: dict[str, int]


def _read_certificate(raw: dict[str, Any], data: _Inputs, log: _Log) -> _Prices:
    file, scale, needs, rows = "certificate.json", raw["denominator"], raw["need_price"], raw["row_price"]
    if type(scale) is not int or not 1 <= scale <= 1 << 20 or raw["tree"] is not None:
        raise _UnreadableError(f"{file}: the denominator is not 1 to 2^20, or there is a tree")
    keys = data.scenario["norms"]["max_per_commune"]
    real = {f"norm|{n.commune}|{key}" for n in data.needs.values() for key in keys}
    for name in sorted(set(needs) ^ set(data.needs)):
        log.add("certificate_need", file, name, "planned needs and priced needs are not the same")
    bids: dict[str, int] = {}
    for name, need in data.needs.items():
        most, bid = scale * need.weighted, needs.get(name, 0)
        if type(bid) is not int or bid > most:
            log.add("certificate_price", file, name, f"{bid!r:.40} is no integer up to {most}")
        bids[name] = min(bid, most) if type(bid) is int else 0
    good = {name: price for name, price in rows.items() if name in real and type(price) is int and price >= 0}
    for name in sorted(set(rows) - set(good)):
        log.add("certificate_row", file, name, f"no norm row of this plan, or no price: {rows[name]!r:.40}")
    return _Prices(scale, bids, good)


def _cap(data: _Inputs, commune: str, key: str) -> int:
    most = _positive(data.scenario["norms"]["max_per_commune"][key], key) or 0
    return max(0, int(most) - data.in_use[commune, key])


def _money_type(data: _Inputs, prices: _Prices) -> type:
    """Choose int64 if it holds every intermediate value of costs and reduced costs, else Python integers."""
    charges = data.scenario["prices"]
    rates = [*charges["per_km"].values(), *charges["handover"].values(), charges["cross_province"], 1]
    exact = [rate for value in rates if (rate := _positive(value, "price")) is not None]
    size = max(rate.numerator + rate.denominator for rate in exact)
    shares = max((a.condition.denominator for a in data.assets.values() if a.condition), default=1)
    price = max((n.price + n.weighted for n in data.needs.values()), default=0)
    repair = max((a.repair for a in data.assets.values()), default=0)
    given = max((v for found in data.pairs.values() for v in found.values()), default=0)
    cost = 4000 * size * (data.widest + 1) + 400 * shares * (price + 1) + repair + given
    duals = max((abs(v) for v in prices.need.values()), default=0) + sum(prices.row.values())
    return np.int64 if 2 * cost * prices.scale + duals < SAFE else object


class _Sheet:
    """The needs of one category as columns, and what the survey finds out about each."""

    def __init__(
        self, needs: list[_Need], data: _Inputs, prices: _Prices, full: set[tuple[str, str]]
    ) -> None:
        def column(values: list[Any], kind: type) -> NDArray[Any]:
            return np.array(values, dtype=kind)

        self.needs, self.index = needs, {need.id: i for i, need in enumerate(needs)}
        self.money = money = _money_type(data, prices)
        self.minima = sorted({need.condition for need in needs if need.condition is not None})
        marks = [-1 if need.condition is None else self.minima.index(need.condition) for need in needs]
        self.minimum = column(marks, np.int64)
        self.leg = column([need.leg for need in needs], np.int64)
        self.reach = column([need.reach for need in needs], np.int64)
        self.column = column([data.destinations.get(need.commune, 0) for need in needs], np.int64)
        self.deadline = column(
            [need.row["deadline"] or data.scenario["date"] or "" for need in needs], np.str_
        )
        self.commune = column([need.commune for need in needs], np.str_)
        self.province = column([need.province for need in needs], np.str_)
        self.price = column([need.price for need in needs], money)
        self.weighted = column([need.weighted for need in needs], money)
        self.pi = column([prices.need[need.id] for need in needs], money)
        self.rows: dict[tuple[str, str], tuple[NDArray[Any], ...]] = {}
        for key in {
            (a.category, a.kind) for a in data.assets.values()
        }:  # asked for; its rows' price, exhausted
            norms = _norm_keys(data.scenario, *key)
            asked = [not need.kinds or key[1] in need.kinds for need in needs]
            price = [sum(prices.row.get(f"norm|{n.commune}|{norm}", 0) for norm in norms) for n in needs]
            spent = [any((n.commune, norm) in full for norm in norms) for n in needs]
            self.rows[key] = column(asked, np.bool_), column(price, money), column(spent, np.bool_)
        self.reached = column([0] * len(needs), np.int8)  # the farthest stage of any asset
        nobody = SAFE if money is np.int64 else 1 << 400
        self.best = [  # cost and place of the two cheapest eligible assets
            (column([nobody] * len(needs), money), column([-1] * len(needs), np.int64)) for _ in range(2)
        ]


def _share(vector: NDArray[Any], factor: Fraction) -> NDArray[Any]:
    """Multiply and round half up."""
    product = (2 * factor.numerator * vector + factor.denominator) // (2 * factor.denominator)
    return np.asarray(product)


def _match(asset: _Asset, sheet: _Sheet, data: _Inputs) -> tuple[NDArray[np.int8], Any, dict[str, Any], Any]:
    """One asset against all needs of its category: stage of the funnel, unit cost, its parts, metres."""
    scenario, size, key = data.scenario, len(sheet.needs), (asset.category, asset.kind)
    pairs, bans = data.pairs.get(asset.id, {}), scenario["stability"]["bans"]
    at, values = [sheet.index[need] for need in pairs], list(pairs.values())
    banned = [sheet.index[pair[1]] for pair in bans if pair[0] == asset.id and pair[1] in sheet.index]
    metres, cost = np.full(size, -1, dtype=np.int64), 0 * sheet.price
    if data.form == "matches":
        stage = np.zeros(size, dtype=np.int8)
        stage[at], cost[at] = ELIGIBLE, values
        stage[banned] = np.minimum(stage[banned], STAGES.index("banned"))
        return stage, cost, {}, metres

    def setting(*path: str) -> Fraction | None:
        table = scenario[path[0]][path[1]] if len(path) > 1 else scenario[path[0]]
        return _positive(_keyed(table, *key), path[-1])

    if data.form == "communes":
        between = data.matrix[data.origins[asset.commune]][sheet.column]
        metres = np.where(between < 0, -1, between + asset.leg + sheet.leg)
        metres[sheet.commune == asset.commune] = 0
    metres[at] = values
    rules, reach, until = scenario["rules"], setting("reach_km"), asset.row["available_until"]
    cross, border = sheet.province != asset.province, _keyed(rules["cross_province"], *key)
    least, oldest = setting("rules", "min_condition_pct"), setting("rules", "max_age_years")
    met = 0 if asset.condition is None else bisect_right(sheet.minima, asset.condition)  # unknown meets none
    fails = (  # in the order of the funnel
        ~sheet.rows[key][0],
        (sheet.minimum >= met) | bool(least and (asset.condition is None or asset.condition < least)),
        np.full(size, oldest is not None and (asset.age is None or asset.age > oldest)),
        np.full(size, asset.row["legal_status"] not in rules["legal_status"]),
        (sheet.deadline < asset.row["available_from"]) | ((sheet.deadline > until) & (until != "")),
        metres < 0,
        metres
        > np.where(sheet.reach >= 0, sheet.reach, FAR if reach is None else min(FAR, int(reach * 1000))),
        cross & (border == "forbidden"),
    )
    stage = np.full(size, ELIGIBLE, dtype=np.int8)
    stage[banned] = STAGES.index("banned")
    for number in reversed(range(len(fails))):
        stage[fails[number]] = number
    condition = asset.condition
    if condition is None:  # for the cost only
        life = setting("norms", "life_years")
        condition = Fraction(max(0, 100 - 100 * asset.age // life) if life and asset.age is not None else 0)
    surcharge = _half_up(_positive(scenario["prices"]["cross_province"], "cross_province") or Fraction(0))
    parts = {
        "transport": _share(
            metres.astype(sheet.money), (setting("prices", "per_km") or 0) * Fraction(1, 1000)
        ),
        "handover": _half_up(setting("prices", "handover") or Fraction(0)),
        "repair": asset.repair,
        "renewal": _share(sheet.price, max(Fraction(0), 100 - condition) / 100),
        "surcharge": cross.astype(sheet.money) * (surcharge if border == "surcharge" else 0),
    }
    return stage, sum(parts.values(), cost), parts, metres


# The plan.


def _read_moves(rows: list[Row], data: _Inputs, log: _Log) -> list[_Move]:
    moves = []
    for row in rows:
        asset, need, units = (
            data.assets.get(row["asset_id"]),
            data.needs.get(row["need_id"]),
            _number(row["units"]),
        )
        name = f"{row['asset_id']},{row['need_id']}"
        if asset is None or need is None or asset.category != need.category:
            log.add(
                "unknown_pair", "transfers.csv", name, "no asset that takes part and need of its category"
            )
        elif units is None or units.denominator != 1 or units < 1:
            log.add("units", "transfers.csv", name, f"units are {row['units']!r:.40}")
        else:
            moves.append(_Move(row, asset, need, int(units)))
    return moves


def _check_limits(moves: list[_Move], data: _Inputs, log: _Log) -> set[tuple[str, str]]:
    """Supply, demand and norms hold; return the norm rows (commune, key) that are exhausted."""
    used: Counter[Any] = Counter()
    for move in moves:
        used["asset", move.asset.id] += move.units
        used["need", move.need.id] += move.units
        for key in _norm_keys(data.scenario, move.asset.category, move.asset.kind):
            used["norm", move.need.commune, key] += move.units
    most: dict[Any, int] = {("asset", a.id): a.units for a in data.assets.values()}
    most |= {("need", n.id): n.units for n in data.needs.values()}
    keys = data.scenario["norms"]["max_per_commune"]
    caps = {("norm", n.commune, key): _cap(data, n.commune, key) for n in data.needs.values() for key in keys}
    for (what, *name), units in used.items():
        limit = (most | caps)[what, *name] if what == "norm" else most[what, *name]
        if units > limit:
            log.add(f"{what}_exceeded", "transfers.csv", "|".join(name), f"{units} units, at most {limit}")
    return {name[1:] for name, cap in caps.items() if used[name] >= cap}


@dataclass
class _Found:
    """What the pass over all pairs finds, beside what it writes into sheets and moves."""

    least: dict[str, int] = field(default_factory=dict)  # asset -> least reduced cost of a unit, at most 0
    kept: dict[str, str] = field(default_factory=dict)  # asset -> why a unit of it stays
    crossed: set[str] = field(default_factory=set)  # provinces that an eligible pair enters or leaves
    pairs: int = 0


def _survey(
    sheets: dict[str, _Sheet], moves: list[_Move], data: _Inputs, prices: _Prices, log: _Log
) -> _Found:
    found, served, leaving = _Found(), dict[tuple[str, str], Any](), defaultdict[str, list[_Move]](list)
    for move in moves:
        leaving[move.asset.id].append(move)
    for own in leaving.values():
        sheet = sheets[own[0].asset.category]
        stage, cost, parts, metres = _match(own[0].asset, sheet, data)
        for move in own:
            i, ids = sheet.index[move.need.id], (move.asset.id, move.need.id)
            move.cost = int(cost[i])
            move.parts = {part: int(v[i] if isinstance(v, np.ndarray) else v) for part, v in parts.items()}
            move.spend, move.km = sum(move.parts.get(p, 0) for p in SPENT), Fraction(int(metres[i]), 1000)
            if data.form == "matches":
                row = data.given.get(ids, {"spend_vnd": "", "distance_km": ""})
                move.spend, move.km = _whole(row, "spend_vnd", move.cost), _positive(row["distance_km"], "km")
            if stage[i] != ELIGIBLE or move.cost >= move.need.weighted:
                why = STAGES[stage[i]] if stage[i] != ELIGIBLE else "too_dear: it costs as much as unmet need"
                log.add("ineligible", "transfers.csv", ",".join(ids), why)
    targets = {c: [move for move in moves if move.need.category == c] for c in MOVABLE}
    at = {
        c: np.array([sheets[c].index[move.need.id] for move in own], np.int64) for c, own in targets.items()
    }
    paid: dict[str, NDArray[Any]] = {
        c: np.array([move.cost for move in own], dtype=sheets[c].money) for c, own in targets.items()
    }
    rank = {c: np.ones(len(own), dtype=np.int64) for c, own in targets.items()}
    for place, asset in enumerate(sorted(data.assets.values(), key=lambda asset: asset.id)):
        c, sheet = asset.category, sheets[asset.category]
        stage, cost, _, _ = _match(asset, sheet, data)
        _, row_price, exhausted = sheet.rows[c, asset.kind]
        eligible = stage == ELIGIBLE
        gains = eligible & (cost < sheet.weighted)
        free = gains & ~exhausted
        np.maximum(sheet.reached, stage + (eligible & ~exhausted) + free, out=sheet.reached)
        reduced = np.where(eligible, prices.scale * cost + row_price - sheet.pi, 0)
        found.least[asset.id] = min(0, int(reduced.min(initial=0)))
        found.kept[asset.id] = KEPT[int(eligible.any()) + int(gains.any()) + int(free.any())]
        found.pairs += int(eligible.sum())
        served[c, asset.province] = served.get((c, asset.province), False) | eligible
        rank[c] += eligible[at[c]] & (cost[at[c]] < paid[c])
        (first, who), (second, other) = sheet.best  # assets come by id, so that a tie changes nothing
        leads = eligible & (cost < first)
        follows = eligible & ~leads & (cost < second)
        second[follows], other[follows] = cost[follows], place
        second[leads], other[leads] = first[leads], who[leads]
        first[leads], who[leads] = cost[leads], place
    for c, own in targets.items():
        for move, number in zip(own, rank[c].tolist(), strict=True):
            move.rank = number
    for (c, province), anywhere in served.items():
        for goal in {*sheets[c].province[anywhere].tolist()} - {province}:
            found.crossed |= {province, goal}
    return found


def _check_moves(moves: list[_Move], sheets: dict[str, _Sheet], data: _Inputs, log: _Log) -> None:
    ids = sorted(data.assets)
    for move in moves:
        asset, need, sheet = move.asset, move.need, sheets[move.need.category]
        i = sheet.index[need.id]
        best = [(int(cost[i]), ids[place[i]]) for cost, place in sheet.best if place[i] >= 0]
        other = next(((cost, name) for cost, name in best if name != asset.id), None)
        unit = {part: move.parts.get(part, 0) for part in PARTS} if data.form != "matches" else {}
        unit |= {"cost": move.cost, "spend": move.spend}
        money = dict.fromkeys((f"{part}_vnd" for part in PARTS), "")
        money |= {f"{name}_vnd": str(value * move.units) for name, value in unit.items()}
        km = "" if move.km is None else f"{Decimal(move.km.numerator) / move.km.denominator:f}"
        ranked = {
            "rank": str(move.rank), "alternative_asset_id": other[1] if other else "",
            "alternative_extra_vnd": str(other[0] - move.cost) if other else "",
        }  # fmt: skip
        rest = {
            "units": str(move.units), "area_m2": "", "distance_km": km, "form": "điều chuyển",
            "authority": "", "state": "planned", "from_commune_code": asset.commune,
            "to_commune_code": need.commune,
            "until": need.row["until"],
            "cross_province": str(asset.province != need.province).lower(),
            "recipient": need.row["recipient"],
            "official_id": asset.row["official_id"],
        }  # fmt: skip
        for code, want in (("cost", money), ("rank", ranked), ("transfer", rest)):
            for column, value in want.items():
                log.same(code, "transfers.csv", f"{asset.id},{need.id} {column}", value, move.row[column])


def _check_rest(
    tables: dict[str, list[Row]], data: _Inputs, moves: list[_Move], sheets: dict[str, _Sheet], found: _Found,
    log: _Log, *, open_gap: bool,
) -> int:  # fmt: skip
    """Shortfalls and releases are exactly what follows from the transfers; return the units that stay."""
    left = Counter({a.id: a.units for a in data.assets.values()})
    unmet = Counter({n.id: n.units for n in data.needs.values()})
    for move in moves:
        left[move.asset.id] -= move.units
        unmet[move.need.id] -= move.units
    want: dict[str, dict[str, Row]] = {"shortfall": {}, "release": {}}
    for sheet in sheets.values():
        for need, reached in zip(sheet.needs, sheet.reached.tolist(), strict=True):
            if unmet[need.id] > 0:
                reason = "unproven" if STAGES[reached] == "outbid" and open_gap else STAGES[reached]
                row = {"units": str(unmet[need.id]), "price_vnd": str(need.weighted), "reason": reason}
                want["shortfall"][need.id] = row
    for a in data.assets.values():
        if left[a.id] > 0:
            reason = "unproven" if found.kept[a.id] == "met" and open_gap else found.kept[a.id]
            rules, key = data.scenario["rules"], (a.category, a.kind)
            least = _positive(_keyed(rules["min_condition_pct"], *key), "min_condition_pct") or 0
            oldest = _positive(_keyed(rules["max_age_years"], *key), "max_age_years")
            worn = a.condition is not None and a.condition < least
            aged = oldest is not None and a.age is not None and a.age > oldest
            what, value = "liquidate" if worn or aged else "reserve", str(a.release * left[a.id])
            row = {"units": str(left[a.id]), "disposition": what, "value_vnd": value, "reason": reason}
            want["release"][a.id] = row
    for code, rows in want.items():
        file, have = f"{code}s.csv", {next(iter(row.values())): row for row in tables[f"{code}s"]}
        for name in sorted(set(rows) ^ set(have)):
            log.add(code, file, name, "is missing" if name in rows else "should not be there")
        for name in sorted(set(rows) & set(have)):
            for column, cell in rows[name].items():
                kind = "reason" if column == "reason" else code
                log.same(kind, file, f"{name} {column}", cell, have[name][column])
            detail = _json(have[name].get("detail", "{}"), f"{file} {name}")
            log.same(code, file, f"{name} detail", sorted(detail), list(detail))
    return sum(units for units in left.values() if units > 0)


def _add_up(data: _Inputs, moves: list[_Move], found: _Found, prices: _Prices) -> Books:
    """Every sum over the whole, categories, provinces and priorities, in Python integers."""
    books: Books = defaultdict(Counter)

    def book(category: str, province: str, priority: str = "", times: int = 1, **sums: int) -> None:
        for scope in (("total", ""), ("category", category), ("province", province), ("priority", priority)):
            for name, value in sums.items():
                books[scope][name] += value * times

    met: Counter[str] = Counter()
    for move in moves:
        n, cross = move.need, int(move.asset.province != move.need.province)
        met[n.id] += move.units
        book(
            n.category, n.province, str(n.priority), move.units, cost=move.cost, objective=move.cost, met=1,
            cash=move.spend, spend=move.spend, avoided=n.price - move.parts.get("renewal", 0), cross=cross,
            **{part: move.parts.get(part, 0) for part in PARTS},
        )  # fmt: skip
    for n in data.needs.values():
        unmet = max(0, n.units - met[n.id])
        scope = n.category, n.province, str(n.priority)
        book(*scope, times=unmet, unmet=1, objective=n.weighted, cash=n.price)
        book(*scope, times=n.units, needed=1, empty=n.weighted, bound=prices.need[n.id])
    for a in data.assets.values():
        book(a.category, a.province, times=a.units, bound=found.least[a.id])
    for name, price in prices.row.items():
        _, commune, key = name.split("|", 2)
        province = data.communes.get(commune, {}).get("province_code", "")
        book(key.split("/")[0], province, times=_cap(data, commune, key), bound=-price)
    return books


def _ratio(gap: int, whole: int) -> str | None:
    if gap == 0:
        return "0.000000000"
    digits = _half_up(Fraction(gap * 10**9, whole)) if whole > 0 else -1
    return f"{digits // 10**9}.{digits % 10**9:09d}" if digits >= 0 else None


def _part(sums: Counter[str], scale: int) -> dict[str, Any]:
    bound, objective = -(-sums["bound"] // scale), sums["objective"]
    gap = objective - bound
    part: dict[str, Any] = {
        "objective_vnd": objective,
        "bound_vnd": bound,
        "gap_vnd": gap,
        "cash_vnd": sums["cash"],
    }
    part |= {"cost_gap": _ratio(gap, sums["cost"]), "value_gap": _ratio(gap, sums["empty"] - bound)}
    return part | {name: sums[name] for name in ("needed", "met", "unmet")}


def _compare(want: Mapping[str, Any], got: object, path: str, log: _Log) -> None:
    """Every wanted key, in depth; zero entries of a Counter may be left out."""
    code, counted = CODES.get(path.split(".")[0], "plan"), isinstance(want, Counter)
    if not isinstance(got, dict):
        log.add(code, "plan.json", path, f"is {got!r:.80}, should be an object")
        return
    for key in sorted({*want, *(got if counted or not want else ())}):
        name = f"{path}.{key}" if path else key
        value, given = want.get(key, 0 if counted else None), got.get(key, 0 if counted else "nothing")
        if isinstance(value, dict):
            _compare(value, given, name, log)
        else:
            log.same(CODES.get(name.split(".")[0], "plan"), "plan.json", name, value, given)


def _check_plan(
    plan: dict[str, Any], data: _Inputs, moves: list[_Move], books: Books, found: _Found, scale: int,
    kept: int, log: _Log,
) -> dict[str, Any]:  # fmt: skip
    sums, whole = books["total", ""], _part(books["total", ""], scale)
    whole["status"] = "OPTIMAL" if whole["gap_vnd"] == 0 else "FEASIBLE"
    far = [(move.units, move.km) for move in moves if move.km is not None]
    km, units = sum((u * km for u, km in far), Fraction(0)), sum(u for u, _ in far)
    kpis: dict[str, Any] = {
        "distance_km": {
            "total": km, "mean": Fraction(_half_up(km * 1000 / units), 1000) if units else None,
            "max": max((km for _, km in far), default=None),
        },
        "cost_parts": {} if data.form == "matches" else {f"{part}_vnd": sums[part] for part in PARTS},
        "purchases_avoided_vnd": sums["avoided"], "spend_vnd": sums["spend"], "releases": kept, "changes": 0,
        "cross_province_transfers": sums["cross"],
    }  # fmt: skip
    for name in ("needed", "met", "unmet"):
        kpis[name] = {"total": whole.pop(name)} | {
            scope: Counter(
                {key: book[name] for (which, key), book in books.items() if which == scope and key}
            )
            for scope in ("category", "priority", "province")
        }
    want = whole | {
        "format_version": 1, "scenario": data.scenario["name"], "levels": [], "synthetic": data.synthetic,
        "kpis": kpis, "gap": _ratio(whole["gap_vnd"], abs(whole["objective_vnd"])),
        "not_planned": {"premises": {name: data.premises[f"{name}.csv"] for name in ("assets", "needs")}},
        "distances": {name: data.distances[name] for name in ("provider", "version")}
        | {"sha256": plan["inputs"].get(MAIN_FILE[data.form])},
    }  # fmt: skip
    claim = plan["claimed"]["bound_vnd"]
    if claim is None or (type(claim) is int and whole["bound_vnd"] <= claim <= whole["objective_vnd"]):
        gap = None if claim is None else _ratio(whole["objective_vnd"] - claim, sums["empty"] - claim)
        want["claimed"] = {"value_gap": gap}
    else:
        log.add("claimed", "plan.json", "claimed.bound_vnd", "is not between the bound and the objective")
    _compare(want, plan, "", log)
    provinces = {row["province_code"] for row in data.communes.values()}
    for scope, names in (("category", {*MOVABLE}), ("province", provinces)):
        given = plan["parts"][scope]
        for name in sorted(names | set(given)):
            part, path = _part(books[scope, name], scale), f"parts.{scope}.{name}"
            if name not in (given if part["needed"] else names):
                log.add("parts", "plan.json", path, "is missing" if name in names else "is no such part")
            elif name in given:
                if scope == "province" and (name in found.crossed or given[name]["bound_vnd"] is None):
                    part |= dict.fromkeys(("bound_vnd", "gap_vnd", "cost_gap", "value_gap"))
                _compare(part, given[name], path, log)
    return whole


def _check_hashes(folder: Path, claimed: dict[str, Any], log: _Log) -> None:
    real = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    for name in sorted({*real, *claimed}):
        if name not in real or name not in claimed:
            code = "inputs_extra" if name in real else "inputs_missing"
            log.add(code, f"inputs/{name}", "", "the folder and plan.json name different files")
        elif hashlib.sha256(real[name].read_bytes()).hexdigest() != claimed[name]:
            log.add("inputs_changed", f"inputs/{name}", "", "its SHA-256 is not the one in plan.json")


def _check(folder: Path, log: _Log) -> Verification:
    plan, certificate = (_json(_text(folder / name), name) for name in ("plan.json", "certificate.json"))
    tables = {
        name: _table(folder / f"{name}.csv", exact=True) for name in ("transfers", "shortfalls", "releases")
    }
    _check_hashes(folder / "inputs", plan["inputs"], log)
    data = _read(folder / "inputs", log)
    for name, rows in tables.items():
        keys = [tuple(row.values())[: 2 if name == "transfers" else 1] for row in rows]
        for before, after in pairwise(keys):
            if before >= after:
                code = "duplicate" if before == after else "order"
                log.add(code, f"{name}.csv", ",".join(after), "rows are sorted, each once")
    moves, prices = _read_moves(tables["transfers"], data, log), _read_certificate(certificate, data, log)
    full = _check_limits(moves, data, log)
    needs = sorted(data.needs.values(), key=lambda need: need.id)
    sheets = {c: _Sheet([need for need in needs if need.category == c], data, prices, full) for c in MOVABLE}
    found = _survey(sheets, moves, data, prices, log)
    _check_moves(moves, sheets, data, log)
    books = _add_up(data, moves, found, prices)
    open_gap = _part(books["total", ""], prices.scale)["gap_vnd"] != 0
    kept = _check_rest(tables, data, moves, sheets, found, log, open_gap=open_gap)
    whole = _check_plan(plan, data, moves, books, found, prices.scale, kept, log)
    return Verification(
        not log.found, tuple(log.listed), dict(log.found), whole["status"], whole["objective_vnd"],
        whole["bound_vnd"], whole["gap_vnd"], whole["cost_gap"], whole["value_gap"],
        {"assets": len(data.assets), "needs": len(needs), "pairs": found.pairs, "transfers": len(moves)},
    )  # fmt: skip


def verify_folder(folder: Path) -> Verification:
    """Check a plan folder, trusting nothing in it but its inputs.

    Parameters
    ----------
    folder
        A plan folder as `docs/plan-folder.md` describes it.

    Returns
    -------
    Verification
        `ok` only if every check of `docs/certificate.md` passed. Nothing is raised for a damaged folder:
        that is the violation `unreadable`.
    """
    log = _Log()
    try:
        return _check(folder, log)
    except Exception as error:  # whatever a damaged file does, the answer is a violation
        text = str(error) if isinstance(error, _UnreadableError) else f"{type(error).__name__}: {error}"
        log.add("unreadable", "", "", text)
    return Verification(ok=False, violations=tuple(log.listed), found=dict(log.found))
