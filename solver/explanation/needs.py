"""What the tables of a plan say of one need."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING

from solver.explanation.limits import kinds_of, limits_of, price_of
from solver.explanation.tables import plain, rows
from solver.plan.tables import PART_COLUMNS

if TYPE_CHECKING:
    from solver.explanation.tables import Facts, Row, Tables


def need_facts(tables: Tables, need_id: str) -> tuple[str, Facts]:
    """Return the outcome of a need and its figures.

    The outcome is met, partly_met, unmet, out_of_scope or not_planned.
    """
    need = tables.need(need_id)
    units = int(need["units"] or 1)
    moved = rows(tables.transfers, need_id=need_id)
    short = next(iter(rows(tables.shortfalls, need_id=need_id)), None)
    met, unmet = sum(int(row["units"]) for row in moved), int(short["units"]) if short else 0
    place = tables.place(need["commune_code"])
    scope = tables.scenario.scope_province
    if moved or short:
        outcome = "partly_met" if moved and short else "met" if moved else "unmet"
    else:
        outcome = "out_of_scope" if scope and scope != place["province_code"] else "not_planned"
    facts = {
        "need_id": need_id,
        "category": need["category"],
        "kinds": kinds_of(need),
        "purpose": need["purpose"],
        "recipient": need["recipient"],
        **place,
        "units": units,
        "area_m2": need["area_m2"],
        "min_condition_pct": need["min_condition_pct"],
        "reach_km": need["reach_km"],
        "deadline": need["deadline"],
        "until": need["until"],
        "scope_province": scope or "",
        "met": met,
        "unmet": unmet,
        "price": price_of(tables, need, int(short["price_vnd"]) if short else None),
        "transfers": [transfer_facts(tables, row) for row in moved],
        "shortfall": shortfall_facts(tables, need, short) if short else None,
    }
    return outcome, facts


def asset_brief(tables: Tables, asset_id: str) -> Facts:
    """Name an asset, and where its units go in the plan."""
    asset = tables.asset(asset_id)
    return {
        **{key: asset[key] for key in ("category", "kind", "name", "official_id")},
        "asset_id": asset_id,
        **tables.place(asset["commune_code"]),
        "goes_to": [
            {
                "need_id": row["need_id"],
                "recipient": row["recipient"],
                "units": int(row["units"]),
                **tables.place(row["to_commune_code"]),
            }
            for row in rows(tables.transfers, asset_id=asset_id)
        ],
    }


def transfer_facts(tables: Tables, row: Row) -> Facts:
    """Return the figures of one transfer, with its asset and the next best one."""
    other = row["alternative_asset_id"]
    need = tables.need(row["need_id"])
    return {
        "asset": asset_brief(tables, row["asset_id"]),
        "need": {
            "need_id": row["need_id"],
            "recipient": row["recipient"],
            "purpose": need["purpose"],
            **tables.place(row["to_commune_code"]),
        },
        "units": int(row["units"]),
        "pinned": _pinned(tables, row),
        "area_m2": row["area_m2"],
        "distance_km": row["distance_km"],
        "cost_vnd": int(row["cost_vnd"]),
        "parts": {name: int(row[name]) for name in PART_COLUMNS if row[name] not in ("", "0")},
        "spend_vnd": int(row["spend_vnd"]),
        "cross_province": row["cross_province"] == "true",
        "form": row["form"],
        "authority": row["authority"],
        "authority_en": tables.authority_en(row["authority"], tables.place(row["from_commune_code"])),
        "until": row["until"],
        "state": row["state"],
        "rank": int(row["rank"]) if row["rank"] else None,
        "alternative": asset_brief(tables, other) if other else None,
        "alternative_extra_vnd": int(row["alternative_extra_vnd"]) if other else None,
    }


def shortfall_facts(tables: Tables, need: Row, short: Row) -> Facts:
    """Return why units are unmet: the reason, its figures, and the assets that these name."""
    reason, detail = short["reason"], json.loads(short["detail"] or "{}")
    facts: Facts = {
        "reason": reason,
        "units": int(short["units"]),
        "price_vnd": int(short["price_vnd"]),
        "detail": detail,
        "limits": limits_of(tables, need, reason),
        "category": need["category"],
        "listed": tables.form == "matches",
        **tables.proof(need["category"]),
    }
    if detail.get("cheapest_asset"):
        facts["cheapest"] = asset_brief(tables, detail["cheapest_asset"])
        facts["cheapest"]["room"] = room_of(tables, detail["cheapest_asset"])
    if detail.get("asset"):
        facts["nearest"] = asset_brief(tables, detail["asset"])
    if detail.get("norm_row"):
        _, commune, key = detail["norm_row"].split("|", 2)
        facts["norm"] = tables.norm(commune, key)
    if detail.get("row"):
        facts["row"] = tables.row(detail["row"])
    if detail.get("serves"):
        facts["serves"] = need_brief(tables, detail["serves"])
    return facts


def need_brief(tables: Tables, need_id: str) -> Facts:
    """Name a need."""
    need = tables.need(need_id)
    return {"need_id": need_id, "recipient": need["recipient"], **tables.place(need["commune_code"])}


def _pinned(tables: Tables, row: Row) -> int:
    """Count the units of a transfer that the scenario has fixed."""
    units = int(row["units"])
    ends = (row["asset_id"], row["need_id"])
    pins = (fixed for asset, need, fixed in tables.scenario.pins if (asset, need) == ends)
    return next((units if fixed is None else min(fixed, units) for fixed in pins), 0)


def room_of(tables: Tables, asset_id: str) -> Facts | None:
    """Return what premises hold in the plan and what is left [m2]; None for movables and unknown areas."""
    asset = tables.asset(asset_id)
    if asset["category"] != "premises" or not asset["area_m2"]:
        return None
    housed = rows(tables.transfers, asset_id=asset_id)
    taken = sum((Decimal(row["area_m2"] or 0) for row in housed), Decimal(0))
    return {
        "area_m2": asset["area_m2"],
        "taken_m2": plain(taken),
        "left_m2": plain(Decimal(asset["area_m2"]) - taken),
        "places": sum(int(row["units"]) for row in housed),
    }
