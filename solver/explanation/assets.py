"""What the tables of a plan say of one asset."""

from __future__ import annotations

from typing import TYPE_CHECKING

from solver.explanation.needs import asset_brief, room_of, transfer_facts
from solver.explanation.tables import rows

if TYPE_CHECKING:
    from solver.explanation.tables import Facts, Row, Tables


def asset_facts(tables: Tables, asset_id: str) -> tuple[str, Facts]:
    """Return the outcome of an asset and its figures.

    The outcome is in_use, handled, moved, partly_moved, released, out_of_scope, attached or not_planned.
    """
    asset = tables.asset(asset_id)
    moved = rows(tables.transfers, asset_id=asset_id)
    left = next(iter(rows(tables.releases, asset_id=asset_id)), None)
    place, scope = tables.place(asset["commune_code"]), tables.scenario.scope_province
    facts = {
        **{
            key: asset[key]
            for key in (
                *("category", "kind", "name", "official_id", "status", "area_m2", "condition_pct", "year"),
                *("legal_status", "available_from", "available_until"),
            )
        },
        "asset_id": asset_id,
        **place,
        "units": int(asset["units"] or 1),
        "scope_province": scope or "",
        "moved": sum(int(row["units"]) for row in moved),
        "transfers": [transfer_facts(tables, row) for row in moved],
        "room": room_of(tables, asset_id) if moved else None,
        "release": release_facts(tables, asset, left) if left else None,
        "norms": _norms(tables, asset) if asset["status"] == "in_use" else [],
        "house": _fate(tables, asset["attached_to"]) if asset["attached_to"] else None,
        "attached": [_fate(tables, row["asset_id"]) for row in rows(tables.assets, attached_to=asset_id)],
    }
    return _outcome(asset, facts), facts


def release_facts(tables: Tables, asset: Row, left: Row) -> Facts:
    """Return what is left over of an asset, why, and what is proposed for it."""
    return {
        "units": int(left["units"]),
        "disposition": left["disposition"],
        "value_vnd": int(left["value_vnd"]),
        "reason": left["reason"],
        **tables.proof(asset["category"]),
    }


def _outcome(asset: Row, facts: Facts) -> str:
    if asset["status"] in ("in_use", "handled"):
        return asset["status"]
    if facts["moved"]:
        return "partly_moved" if facts["release"] else "moved"
    if facts["release"]:
        return "released"
    if facts["scope_province"] and facts["scope_province"] != facts["province_code"]:
        return "out_of_scope"
    return "attached" if facts["house"] else "not_planned"


def _norms(tables: Tables, asset: Row) -> list[Facts]:
    """Return the norms of its commune that an asset in use counts towards."""
    keys = tables.scenario.applying("norms.max_per_commune", asset["category"], asset["kind"] or None)
    return [tables.norm(asset["commune_code"], key) for key in keys]


def _fate(tables: Tables, asset_id: str) -> Facts:
    """Say where a house, or what is attached to one, goes or stays."""
    left = next(iter(rows(tables.releases, asset_id=asset_id)), {})
    asset = tables.asset(asset_id)
    return {
        **asset_brief(tables, asset_id),
        "status": asset["status"],
        "units": int(asset["units"] or 1),
        "disposition": left.get("disposition", ""),
    }
