"""What differs between two plans: inputs, scenario, lines, and needs that gained or lost units."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from app.plans import PlanView

KEYS = ("asset_id", "need_id")


def changed_files(one: PlanView, other: PlanView) -> list[str]:
    """Return the names of the input files that differ, by the hashes of plan.json; the scenario apart."""
    first, second = (plan.summary.get("inputs", {}) for plan in (one, other))
    names = {name for name in first.keys() | second.keys() if first.get(name) != second.get(name)}
    return sorted(names - {"scenario.json"})


def changed_keys(one: PlanView, other: PlanView) -> list[str]:
    """Return the dotted keys of the scenario whose values differ."""
    first, second = (dict(_flat(plan.scenario)) for plan in (one, other))
    return sorted(key for key in first.keys() | second.keys() if first.get(key) != second.get(key))


def _flat(node: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in node.items():
        if isinstance(value, Mapping) and value:
            yield from _flat(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value


def changed_lines(one: PlanView, other: PlanView) -> list[dict[str, Any]]:
    """Return every transfer that only one of the plans has, or that has other units, the dearest first.

    Returns
    -------
    list of dict
        `change` (added, removed, other_units), `asset_id`, `need_id`, `units_before`, `units_after`,
        `cost_before_vnd`, `cost_after_vnd`; 0 where a plan has no such transfer. A line is as dear as the
        dearer of its two costs; equal ones by ids.
    """
    before, after = _lines(one.transfers), _lines(other.transfers)
    lines = []
    for pair in before.keys() | after.keys():
        old, new = before.get(pair, (0, 0)), after.get(pair, (0, 0))
        if old[0] != new[0]:
            change = "added" if not old[0] else "removed" if not new[0] else "other_units"
            lines.append(
                {
                    "change": change,
                    **dict(zip(KEYS, pair, strict=True)),
                    "units_before": old[0],
                    "units_after": new[0],
                    "cost_before_vnd": old[1],
                    "cost_after_vnd": new[1],
                }
            )
    return sorted(
        lines,
        key=lambda line: (
            -max(line["cost_before_vnd"], line["cost_after_vnd"]),
            line["asset_id"],
            line["need_id"],
        ),
    )


def _lines(transfers: pd.DataFrame) -> dict[tuple[str, str], tuple[int, int]]:
    columns = (*KEYS, "units", "cost_vnd")
    rows = zip(*(transfers[name] for name in columns), strict=True)
    return {(str(asset), str(need)): (int(units), int(cost)) for asset, need, units, cost in rows}


def gains_and_losses(one: PlanView, other: PlanView) -> list[dict[str, Any]]:
    """Count needs that receive more or fewer units in the other plan, by the province of the need.

    Returns
    -------
    list of dict
        `province_code`, `province_name`, `needs_gained`, `units_gained`, `needs_lost`, `units_lost`; only
        provinces where anything changes, by code. Needs without a commune stand under the code "".
    """
    before, after = _received(one.transfers), _received(other.transfers)
    places = {**_communes(one), **_communes(other)}
    counts: dict[tuple[str, str], Counter[str]] = {}
    for need in before.keys() | after.keys():
        (old, _), (new, _) = before.get(need, (0, "")), after.get(need, (0, ""))
        if old == new:
            continue
        code = (after.get(need) or before[need])[1]
        count = counts.setdefault(places.get(code, ("", "")), Counter())
        side = "gained" if new > old else "lost"
        count[f"needs_{side}"] += 1
        count[f"units_{side}"] += abs(new - old)
    names = ("needs_gained", "units_gained", "needs_lost", "units_lost")
    return [
        {"province_code": code, "province_name": name, **{key: counts[code, name][key] for key in names}}
        for code, name in sorted(counts)
    ]


def _received(transfers: pd.DataFrame) -> dict[str, tuple[int, str]]:
    """Sum the units of each need; with the commune that it lies in."""
    got: dict[str, tuple[int, str]] = {}
    columns = ("need_id", "units", "to_commune_code")
    for need, units, code in zip(*(transfers[name] for name in columns), strict=True):
        place = "" if pd.isna(code) else str(code)
        got[str(need)] = (got.get(str(need), (0, ""))[0] + int(units), place)
    return got


def _communes(plan: PlanView) -> dict[str, tuple[str, str]]:
    columns = ("commune_code", "province_code", "province_name")
    rows = zip(*(plan.communes[name].fillna("").astype(str) for name in columns), strict=True)
    return {code: (province, name) for code, province, name in rows}
