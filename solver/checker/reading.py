"""Reading of the folder's scenario, assets and needs: each row checked, each default filled in."""

from __future__ import annotations

import datetime
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from solver.checker.baseline import REFUSED, read_baseline
from solver.checker.exact import (
    UnreadableError,
    half_up,
    keyed,
    non_negative,
    product,
    read_json,
    read_table,
    whole,
)
from solver.checker.inputs import CATEGORIES, FAR, HOUSED, Asset, Inputs, Need

if TYPE_CHECKING:
    from pathlib import Path

    from solver.checker.exact import Row
    from solver.checker.report import Log

GROUPS: Final = ("province", "priority", "country")  # of floors
MODES: Final = ("attainable", "strict")
DATES: Final = ("available_from", "available_until", "deadline")


def read_inputs(folder: Path, log: Log) -> Inputs:
    """Read everything but the distances."""
    scenario, distances = (read_json(folder / name) for name in ("scenario.json", "distances.json"))
    equity = scenario["equity"]
    if scenario["objective"] not in ("net_cost", "coverage_first") or (
        equity["coverage_floor"] and (equity["floor_mode"] not in MODES or equity["by"] not in GROUPS)
    ):
        raise UnreadableError("scenario.json: an objective or floors that can't be certified")
    register = read_table(folder / "communes.csv")
    communes = {row["commune_code"]: row for row in register}
    if len(communes) < len(register):
        raise UnreadableError("communes.csv: a commune stands twice")
    inputs = Inputs(scenario, distances, communes)
    if (folder / "authorities.csv").exists():
        inputs.authorities = read_table(folder / "authorities.csv")
    if inputs.form != "matches" or scenario["date"]:
        _day(scenario["date"])
    for file, key in (("assets.csv", "asset_id"), ("needs.csv", "need_id")):
        for row in read_table(folder / file):
            try:
                _read_row(row, file, row[key], inputs)
            except ValueError as error:
                log.add("input_value", file, row[key], str(error))
    inputs.baseline = read_baseline(folder / "baseline.csv", inputs, log)
    for line in inputs.baseline.of(REFUSED):
        inputs.bans[line.asset][line.need] = 1
    return inputs


def _day(text: str) -> int:
    return datetime.date.fromisoformat(text).toordinal()


def _read_row(row: Row, file: str, name: str, inputs: Inputs) -> None:
    if name == "" or (file, name) in inputs.ids:
        raise ValueError("an empty id, or an id twice")
    inputs.ids.add((file, name))
    inputs.synthetic |= row["source"] == "synthetic"
    days = [_day(row[column]) if row.get(column) else None for column in DATES]
    category, status, commune = row["category"], row.get("status", "surplus"), row["commune_code"]
    if category not in CATEGORIES:
        raise ValueError(f"category is {category!r:.40}")
    if inputs.form != "matches" and commune not in inputs.communes:
        raise ValueError("its commune is not in communes.csv")
    province = inputs.communes.get(commune, {}).get("province_code", "")
    if status == "in_use":
        for norm in (category, f"{category}/{row['kind']}"):
            inputs.in_use[commune, norm] += _units(row)
    scope = inputs.scenario["scope_province"]
    if scope and province != scope:
        inputs.away.add((file, name))
        return
    if status not in ("surplus", "handed_idle"):
        return
    if file == "assets.csv" and row["attached_to"] and inputs.form != "matches":
        return  # it goes with its house
    if file == "assets.csv":
        inputs.assets[name] = _read_asset(row, province, days, inputs.scenario)
    else:
        inputs.needs[name] = _read_need(row, province, days, inputs)


def _units(row: Row) -> int:
    """Read units: a row of premises is one property, whatever it says; a need's units are its places."""
    units = whole(row, "units", 1)
    return 1 if row["category"] == HOUSED and "asset_id" in row else units


def _read_asset(row: Row, province: str, days: list[int | None], scenario: dict[str, Any]) -> Asset:
    known = row["year"] and scenario["date"]
    prices, housed, release = scenario["prices"], row["category"] == HOUSED, whole(row, "release_value_vnd")
    opening = 0
    if housed:
        opening = half_up(non_negative(prices["open_premises"], "open_premises") or Fraction(0))
        opening += release if prices["count_release_value"] else 0
    return Asset(
        row, row["asset_id"], row["category"], row["kind"], row["commune_code"], province,
        units=_units(row), leg=whole(row, "leg_m"),
        area=(non_negative(row["area_m2"], "area_m2") if housed else None) or Fraction(0),
        opening=opening,
        age=max(0, int(scenario["date"][:4]) - whole(row, "year")) if known else None,
        condition=non_negative(row["condition_pct"], "condition_pct"), repair=whole(row, "repair_vnd"),
        release=release, first=days[0] or 0,
        last=days[1] or datetime.date.max.toordinal(),
    )  # fmt: skip


def _read_need(row: Row, province: str, days: list[int | None], inputs: Inputs) -> Need:
    category, kinds = row["category"], row["kinds"].split("|") if row["kinds"] else []
    scenario = inputs.scenario
    housed = category == HOUSED
    purpose, area = (row["purpose"], non_negative(row["area_m2"], "area_m2")) if housed else ("", None)
    listed = {keyed(scenario["prices"]["unmet"], category, purpose, kind) for kind in kinds or [""]}
    price = non_negative(row["price_vnd"], "price_vnd")
    if price is None:
        price = non_negative(listed.pop() if len(listed) == 1 else None, "prices.unmet")
        if price is not None and housed:  # per m2; a place is rounded to VND before any factor
            price = None if area is None else Fraction(product(price, area))
    usual = scenario["priority_by_purpose"]
    urgent = [usual[key] for kind in kinds if (key := f"{category}/{kind}") in usual]
    default = min(urgent, default=usual.get(category, 3))
    priority = whole(row, "priority", usual.get(row["purpose"], default) if row["purpose"] else default)
    if price is None or not 1 <= priority <= 5:
        raise ValueError(f"its price is {price}, its priority {priority}")
    if housed and area is None and inputs.form != "matches":
        raise ValueError("a place without area_m2")
    factor = non_negative(scenario["prices"]["priority_factor"][priority - 1], "priority_factor") or Fraction(
        0
    )
    reach = non_negative(row["reach_km"], "reach_km")
    return Need(
        row, row["need_id"], category, kinds, row["commune_code"], province, units=whole(row, "units", 1),
        leg=whole(row, "leg_m"), area=area or Fraction(0), purpose=purpose,
        condition=non_negative(row["min_condition_pct"], "min_condition_pct") or None,  # 0 asks nothing
        reach=None if reach is None else min(FAR, int(reach * 1000)), price=half_up(price),
        weighted=product(price, factor), priority=priority,
        deadline=days[2] or (_day(scenario["date"]) if scenario["date"] else 0),
    )  # fmt: skip
