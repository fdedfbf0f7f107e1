"""Who gains and who loses between two plans, by province."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from app.comparison.variant import NOWHERE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.comparison.variant import Province, Variant

#: Of the province that receives, then of the one that gives (all units; those to another province).
SUMS = ("needed", "met", "cost_vnd", "spend_vnd", "unmet_vnd", "given", "given_away")
#: What is shown of a province, in order.
FIGURES = ("needed", "met", "share", "unmet_vnd", "cost_vnd", "spend_vnd", "given", "given_away")
WHEN = ("before", "after", "change")


def column(figure: str, when: str) -> str:
    """Return the name of a figure before, after or of its change: ``met_change``, ``cost_before_vnd``."""
    stem = figure.removesuffix("_vnd")
    return f"{stem}_{when}" + figure[len(stem) :]


def changed_provinces(one: Variant, other: Variant) -> tuple[list[dict[str, Any]], int]:
    """Return what each province has in two plans, and how many have the same in both.

    Returns
    -------
    list of dict
        Provinces that differ in any figure, who loses most first: by the rise of the value of what they lack
        (units x price x priority factor), then by the fall of units met, then by code. `province_code` and
        `province_name` (both "" for rows without a commune), `outcome` (loses, gains, other), and by
        `column`: units needed and met, the share met (a fraction; None where nothing is needed), the value
        of what is unmet, cost and spend of what it receives [VND], units that its assets give in all, and to
        other provinces.
    int
        The number of provinces without any difference.
    """
    before, after = _sums(one), _sums(other)
    names = {code: name for sums in (before, after) for code, name in sums}
    found = []
    old_of, new_of = ({code: sums for (code, _), sums in plan.items()} for plan in (before, after))
    for code, name in sorted(names.items()):
        row = _row(old_of.get(code, Counter()), new_of.get(code, Counter()))
        if any(row[column(figure, "change")] for figure in SUMS):
            found.append({"province_code": code, "province_name": name, "outcome": _outcome(row), **row})
    found.sort(key=lambda row: (*(-loss for loss in _loss(row)), row["province_code"]))
    return found, len(names) - len(found)


def country(rows: list[dict[str, Any]]) -> dict[str, int]:
    """Return the sums of all changes."""
    names = [column(figure, "change") for figure in SUMS]
    return {name: sum(row[name] for row in rows) for name in names}


def _loss(row: dict[str, Any]) -> tuple[int, int]:
    return row["unmet_change_vnd"], -row["met_change"]


def _outcome(row: dict[str, Any]) -> str:
    loss = _loss(row)
    return "other" if loss == (0, 0) else "loses" if loss > (0, 0) else "gains"


def _row(old: Counter[str], new: Counter[str]) -> dict[str, Any]:
    row: dict[str, Any] = {}
    for figure in FIGURES:
        if figure == "share":
            shares: list[Fraction | None] = [
                Fraction(sums["met"], sums["needed"]) if sums["needed"] else None for sums in (old, new)
            ]
            known = [share for share in shares if share is not None]
            values: list[Fraction | int | None]
            values = [*shares, known[1] - known[0] if len(known) == 2 else None]
        else:
            values = [old[figure], new[figure], new[figure] - old[figure]]
        row |= {column(figure, when): value for when, value in zip(WHEN, values, strict=True)}
    return row


def _sums(plan: Variant) -> dict[Province, Counter[str]]:
    found: dict[Province, Counter[str]] = {}
    for need, moved in plan.received.items():
        sums = found.setdefault(_home(plan.need_rows, need), Counter())
        sums.update(needed=moved.units, met=moved.units, cost_vnd=moved.cost, spend_vnd=moved.spend)
    for need, short in plan.short.items():
        sums = found.setdefault(_home(plan.need_rows, need), Counter())
        sums.update(needed=short.units, unmet_vnd=short.value)
    pairs = zip(*(plan.view.transfers[name] for name in ("asset_id", "need_id", "units")), strict=True)
    for asset, need, units in pairs:
        here, there = _home(plan.asset_rows, str(asset)), _home(plan.need_rows, str(need))
        sums = found.setdefault(here, Counter())
        sums["given"] += int(units)
        if here != there and NOWHERE not in (here, there):
            sums["given_away"] += int(units)
    return found


def _home(rows: Mapping[str, tuple[str, str, Province]], row: str) -> Province:
    return rows[row][2] if row in rows else NOWHERE
