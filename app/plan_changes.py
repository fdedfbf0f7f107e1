"""What differs between two plans line by line: transfers, needs and assets."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from app.comparison.variant import NO_ROW, NOWHERE, Moved, Short

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    import pandas as pd

    from app.comparison.variant import Province, Variant

KEYS = ("asset_id", "need_id")
#: What is compared of transfers of the same units. Ranks and next best assets follow from other rows.
TERMS = (
    "cost_vnd",
    *("spend_vnd", "area_m2", "distance_km", "from_commune_code", "to_commune_code"),
    *("recipient", "official_id", "form", "authority", "until", "state"),
)
#: Every change that a line can tell, by its subject.
CHANGES = {
    "transfer": ("added", "removed", "other_units", "other_terms"),
    "need": ("newly_met", "no_longer_met", "more_met", "less_met", "other_asset", "other_demand"),
    "asset": ("newly_used", "released"),
}
Line = dict[str, Any]
_NOTHING = Moved()
_NO_LACK = Short()


def changed_transfers(one: Variant, other: Variant) -> list[Line]:
    """Return every transfer that only one of the plans has or that differs, the dearest first.

    Returns
    -------
    list of dict
        `subject` (transfer), `change` (added, removed, other_units, other_terms), `asset_id`, `need_id`,
        `category`; province of the asset (`from_`) and of the need (`to_`); `units_` and `cost_..._vnd`
        before, after and their change (0 where a plan has no such transfer); `columns`: what differs of
        `TERMS` between two transfers of the same units, else empty; `reason_before`, `reason_after`: why the
        need lacks units. A line is as dear as the dearer of its two costs; equal ones by ids.
    """
    before, after = _transfers(one.view.transfers), _transfers(other.view.transfers)
    lines = []
    for pair in before.keys() | after.keys():
        old, new = before.get(pair), after.get(pair)
        if old == new:
            continue
        columns: list[str] = []
        if old is None or new is None:
            change = "removed" if new is None else "added"
        elif old[0] != new[0]:
            change = "other_units"
        else:
            change = "other_terms"
            columns = [name for name, a, b in zip(TERMS, old[1:], new[1:], strict=True) if a != b]
        (units, cost), (new_units, new_cost) = (line[:2] if line else (0, 0) for line in (old, new))
        asset, need = pair
        lines.append(
            {
                "subject": "transfer",
                "change": change,
                "asset_id": asset,
                "need_id": need,
                **_places("to", one.need_rows, other.need_rows, need),
                **_places("from", one.asset_rows, other.asset_rows, asset, category=True),
                **_amounts("units", "", units, new_units),
                **_amounts("cost", "_vnd", cost, new_cost),
                **_reasons(one, other, need),
                "columns": columns,
            }
        )
    return _sorted(lines, lambda line: max(line["cost_before_vnd"], line["cost_after_vnd"]))


def changed_needs(one: Variant, other: Variant) -> list[Line]:
    """Return every need that gets other units or other assets, or lacks more or fewer.

    Returns
    -------
    list of dict
        `change`: newly_met, no_longer_met (units from and to nothing), more_met, less_met, other_asset (as
        many units, from other assets), other_demand (as many units, others wanted). Units, cost, reasons and
        province as of transfers; `unmet_` before, after and their change, `unmet_..._vnd` their value (units
        x price x priority factor); `assets_before`, `assets_after`. Where the value of what is unmet changes
        most first, then by the change of cost, then by id.
    """
    lines = []
    for need in one.received.keys() | other.received.keys() | one.short.keys() | other.short.keys():
        old, new = (plan.received.get(need, _NOTHING) for plan in (one, other))
        lacked, lacks = (plan.short.get(need, _NO_LACK) for plan in (one, other))
        change = _need_change(old, new, lacks.units - lacked.units)
        if not change:
            continue
        lines.append(
            {
                "subject": "need",
                "change": change,
                "asset_id": "",
                "need_id": need,
                **_places("to", one.need_rows, other.need_rows, need, category=True),
                **_amounts("units", "", old.units, new.units),
                **_amounts("unmet", "", lacked.units, lacks.units),
                **_amounts("unmet", "_vnd", lacked.value, lacks.value),
                **_amounts("cost", "_vnd", old.cost, new.cost),
                **_reasons(one, other, need),
                "assets_before": sorted(old.partners),
                "assets_after": sorted(new.partners),
            }
        )
    return _sorted(
        lines, lambda line: abs(line["unmet_change_vnd"]), lambda line: abs(line["cost_change_vnd"])
    )


def changed_assets(one: Variant, other: Variant) -> list[Line]:
    """Return every asset that only one of the plans uses, the dearest use first.

    Returns
    -------
    list of dict
        `change` (newly_used, released), units, cost and the asset's province (`from_`) as of transfers;
        `reason_before`, `reason_after`: why it was or is left unused, "no_row" where that plan's tables do
        not have it.
    """
    lines = []
    for asset in one.given.keys() ^ other.given.keys():
        old, new = (plan.given.get(asset, _NOTHING) for plan in (one, other))
        why = [
            ("" if asset in plan.given else plan.left.get(asset, "")) if asset in plan.asset_rows else NO_ROW
            for plan in (one, other)
        ]
        lines.append(
            {
                "subject": "asset",
                "change": "newly_used" if new.units else "released",
                "asset_id": asset,
                "need_id": "",
                **_places("from", one.asset_rows, other.asset_rows, asset, category=True),
                **_amounts("units", "", old.units, new.units),
                **_amounts("cost", "_vnd", old.cost, new.cost),
                "reason_before": why[0],
                "reason_after": why[1],
            }
        )
    return _sorted(lines, lambda line: max(line["cost_before_vnd"], line["cost_after_vnd"]))


def counts(lines: Iterable[Line]) -> dict[str, dict[str, int]]:
    """Count lines and units by change; units are those that came or went, else those of the line."""
    found: dict[str, Counter[str]] = {}
    for line in lines:
        count = found.setdefault(line["change"], Counter())
        count.update(lines=1, units=abs(line["units_change"]) or line["units_after"])
    return {change: {key: count[key] for key in ("lines", "units")} for change, count in found.items()}


def _need_change(old: Moved, new: Moved, more_unmet: int) -> str:
    if old.units == new.units:
        if old.partners != new.partners:
            return "other_asset"
        return "other_demand" if more_unmet else ""
    if not old.units:
        return "newly_met"
    if not new.units:
        return "no_longer_met"
    return "more_met" if new.units > old.units else "less_met"


def _amounts(stem: str, unit: str, old: int, new: int) -> dict[str, int]:
    return {f"{stem}_before{unit}": old, f"{stem}_after{unit}": new, f"{stem}_change{unit}": new - old}


def _places(
    end: str,
    before: Mapping[str, tuple[str, str, Province]],
    after: Mapping[str, tuple[str, str, Province]],
    row: str,
    *,
    category: bool = False,
) -> dict[str, str]:
    """Return province (and category) of a row as the later plan's tables have it, else the earlier one's."""
    kind, _, (code, name) = after.get(row) or before.get(row) or ("", "", NOWHERE)
    found = {f"{end}_province_code": code, f"{end}_province_name": name}
    return {"category": kind, **found} if category else found


def _reasons(one: Variant, other: Variant, need: str) -> dict[str, str]:
    """Return why a need lacks units in either plan."""
    reasons = [
        plan.short.get(need, _NO_LACK).reason if need in plan.need_rows else NO_ROW for plan in (one, other)
    ]
    return {"reason_before": reasons[0], "reason_after": reasons[1]}


def _transfers(transfers: pd.DataFrame) -> dict[tuple[str, str], tuple[Any, ...]]:
    """Return units, then `TERMS`, by asset and need; texts "" where missing."""
    texts = (transfers[name].fillna("").astype("str") for name in TERMS[1:])
    rows = zip(*(transfers[name] for name in (*KEYS, "units", "cost_vnd")), *texts, strict=True)
    return {
        (str(asset), str(need)): (int(units), int(cost), *terms) for asset, need, units, cost, *terms in rows
    }


def _sorted(lines: list[Line], *sizes: Callable[[Line], int]) -> list[Line]:
    return sorted(
        lines, key=lambda line: (*(-size(line) for size in sizes), line["asset_id"], line["need_id"])
    )
