"""Wrong rows of transfers, shortfalls and releases."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.solver.mutants_source import MAKERS, Files, Maker, Source, maker
from tests.solver.verify_naive import words

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random


def change_cell(table: str, column: str, new: Callable[[str, Random], str]) -> Maker:
    """Maker that rewrites one cell of one row; None where that leaves the cell as it is."""

    def make(source: Source, rng: Random) -> tuple[str, Files] | None:
        rows = [dict(row) for row in source.tables[table]]
        if not rows:
            return None
        row = rng.choice(rows)
        old, row[column] = row[column], new(row[column], rng)
        if row[column] == old:
            return None
        return f"{next(iter(row.values()))} {column}: {old} -> {row[column]}", {
            f"{table}.csv": source.table(rows, source.tables[table])
        }

    return make


def nudge(text: str, rng: Random) -> str:
    """One VND or unit more or less; something where nothing stood."""
    return str(int(text) + rng.choice([-1, 1])) if text else str(rng.randint(1, 9))


def other_text(text: str, rng: Random) -> str:
    return f"{text}{rng.choice(['x', ' ', '0', 'à'])}"


def damage(text: str, rng: Random) -> str:
    """A number that is none, or not one that a plan may hold."""
    return rng.choice(
        ["NaN", "inf", "-1", "0", "", "1e3", "1.5", "٣", "99999999999999999999999999", f" {text}", f"-{text}"]
    )


def choose(*options: str) -> Callable[[str, Random], str]:
    return lambda _text, rng: rng.choice(options)


PART_COLUMNS = words(
    "cost transport handover repair change_of_use build renewal travel surcharge spend"
)  # each with its own class
REASONS = words(
    "no_asset condition age legal_status date no_distance reach province_rule banned norm "
    "too_dear outbid unproven none too_small within_commune pinned budget cross_province_max equity "
    "freedom max_changes"
)
for part in PART_COLUMNS:
    MAKERS[f"{part}_vnd_off_by_one"] = change_cell("transfers", f"{part}_vnd", nudge)
for column in ("rank", "alternative_extra_vnd", "units"):
    MAKERS[f"transfer_{column}_off_by_one"] = change_cell("transfers", column, nudge)
for column in words(
    "area_m2 distance_km from_commune_code to_commune_code recipient official_id form authority "
    "until state alternative_asset_id asset_id need_id"
):
    MAKERS[f"transfer_{column}_changed"] = change_cell("transfers", column, other_text)
MAKERS["transfer_units_damaged"] = change_cell("transfers", "units", damage)
MAKERS["transfer_cost_damaged"] = change_cell("transfers", "cost_vnd", damage)
MAKERS["cross_province_flipped"] = change_cell(
    "transfers", "cross_province", choose("true", "false", "True", "")
)
for column in ("units", "price_vnd"):
    MAKERS[f"shortfall_{column}_off_by_one"] = change_cell("shortfalls", column, nudge)
MAKERS["shortfall_units_damaged"] = change_cell("shortfalls", "units", damage)
MAKERS["shortfall_reason_changed"] = change_cell("shortfalls", "reason", choose(*REASONS))
MAKERS["shortfall_need_changed"] = change_cell("shortfalls", "need_id", other_text)
MAKERS["shortfall_detail_broken"] = change_cell(
    "shortfalls", "detail", choose("{", "[]", '{"b":1,"a":2}', '{"a":NaN}')
)
for column in ("units", "value_vnd"):
    MAKERS[f"release_{column}_off_by_one"] = change_cell("releases", column, nudge)
MAKERS["release_units_damaged"] = change_cell("releases", "units", damage)
MAKERS["release_reason_changed"] = change_cell(
    "releases",
    "reason",
    choose("no_need", "too_dear", "norm", "met", "unproven", "budget", "cross_province_max", "max_changes"),
)
MAKERS["release_disposition_changed"] = change_cell(
    "releases", "disposition", choose("sell", "reserve", "liquidate", "land_fund", "")
)
MAKERS["release_asset_changed"] = change_cell("releases", "asset_id", other_text)


def change_rows(table: str, kind: str) -> Maker:
    """Drop, repeat or exchange rows, swap the ids of two, rename or add a column, damage the file."""

    def make(source: Source, rng: Random) -> tuple[str, Files] | None:
        old = source.tables[table]
        rows = [dict(row) for row in old]
        if len(rows) < (2 if kind in ("order", "swap") else 1):
            return None
        i = rng.randrange(len(rows))
        j = rng.randrange(len(rows))
        text = source.table(rows, old).decode()
        head, body = text.split("\n", 1)
        if kind == "drop":
            del rows[i]
        elif kind == "repeat":
            rows.insert(i, dict(rows[i]))
        elif kind == "order":
            rows[i], rows[j] = rows[j], rows[i]
        elif kind == "swap":
            key = "need_id" if table != "releases" else "asset_id"
            rows[i][key], rows[j][key] = rows[j][key], rows[i][key]
        content = source.table(rows, old)
        if kind == "heading":
            columns = head.split(",")
            columns[rng.randrange(len(columns))] += "x"
            content = f"{','.join(columns)}\n{body}".encode()
        elif kind == "cut":
            content = text[: rng.randrange(len(head) + 1, len(text) - 1)].encode()
        elif kind == "garbage":
            content = text.encode()[: rng.randrange(9, len(text))] + b"\xff\x00" + rng.randbytes(3)
        elif kind == "bom":
            content = b"\xef\xbb\xbf" + content
        elif kind == "none":
            return "removed", {f"{table}.csv": None}
        elif kind == "more":  # a column that nobody asked for
            content = "\n".join(f"{line},{i}" for line in text.rstrip("\n").split("\n")).encode()
        # A swap of equal ids, an order of one row: nothing happened.
        return None if content == source.table(old, old) else (f"{kind} {i} {j}", {f"{table}.csv": content})

    return make


for table in ("transfers", "shortfalls", "releases"):
    for kind in ("drop", "repeat", "order", "swap", "heading", "cut", "garbage", "bom", "none", "more"):
        MAKERS[f"{table}_{kind}"] = change_rows(table, kind)


@maker
def cost_consistent_in_its_row(source: Source, rng: Random) -> tuple[str, Files] | None:
    """A part, the cost and the spend of a row, all one VND off together."""
    rows = [dict(row) for row in source.tables["transfers"]]
    step = rng.choice([-1, 1])
    row = rng.choice(rows)
    if not row["handover_vnd"]:
        return None
    for column in ("handover_vnd", "cost_vnd", "spend_vnd"):
        row[column] = str(int(row[column]) + step)
    return f"{row['asset_id']} {step}", {"transfers.csv": source.table(rows, rows)}


@maker
def asset_used_twice(source: Source, rng: Random) -> tuple[str, Files] | None:
    """A second row for an asset: its own units leave again, to a need it does not serve yet."""
    rows = [dict(row) for row in source.tables["transfers"]]
    row = rng.choice(rows)
    kind = source.planned_needs[row["need_id"]]["category"]
    taken = {r["need_id"] for r in rows if r["asset_id"] == row["asset_id"]}
    free = sorted(k for k, n in source.planned_needs.items() if n["category"] == kind and k not in taken)
    if not free:
        return None
    rows.append(row | {"need_id": rng.choice(free)})
    rows.sort(key=lambda r: (r["asset_id"], r["need_id"]))
    return f"{row['asset_id']} also to {rows[-1]['need_id']}", {"transfers.csv": source.table(rows, rows)}


@maker
def moved_to_another_need(source: Source, rng: Random) -> tuple[str, Files] | None:
    """Units arrive elsewhere: the old need then lacks them, which shortfalls.csv does not say."""
    rows = [dict(row) for row in source.tables["transfers"]]
    row = rng.choice(rows)
    target = rng.choice(sorted(set(source.planned_needs) - {row["need_id"]}))
    detail = f"{row['asset_id']}: {row['need_id']} -> {target}"
    row["need_id"] = target
    rows.sort(key=lambda r: (r["asset_id"], r["need_id"]))
    return detail, {"transfers.csv": source.table(rows, rows)}


@maker
def taken_from_another_asset(source: Source, rng: Random) -> tuple[str, Files] | None:
    """Units leave elsewhere: releases.csv then has one asset too few or another too many."""
    rows = [dict(row) for row in source.tables["transfers"]]
    row = rng.choice(rows)
    other = rng.choice(source.assets)
    if other["asset_id"] == row["asset_id"]:
        return None
    detail = f"{row['need_id']}: {row['asset_id']} -> {other['asset_id']}"
    row["asset_id"] = other["asset_id"]
    rows.sort(key=lambda r: (r["asset_id"], r["need_id"]))
    return detail, {"transfers.csv": source.table(rows, rows)}


@maker
def transfer_becomes_shortfall(source: Source, rng: Random) -> tuple[str, Files] | None:
    """A worse plan whose rows agree, under the old plan's claims."""
    rows = [dict(row) for row in source.tables["transfers"]]
    short = [dict(row) for row in source.tables["shortfalls"]]
    row = rows.pop(rng.choice(range(len(rows))))
    if not rows or not short or row["need_id"] in {r["need_id"] for r in short}:
        return None
    short.append(
        {
            "need_id": row["need_id"],
            "units": row["units"],
            "price_vnd": "1",
            "reason": "outbid",
            "detail": "{}",
        }
    )
    short.sort(key=lambda r: r["need_id"])
    return row["need_id"], {
        "transfers.csv": source.table(rows, rows),
        "shortfalls.csv": source.table(short, short),
    }


@maker
def shortfall_invented(source: Source, rng: Random) -> tuple[str, Files] | None:
    rows = [dict(row) for row in source.tables["shortfalls"]]
    met = sorted(set(source.planned_needs) - {row["need_id"] for row in rows})
    if not met or not rows:
        return None
    name = rng.choice(met)
    rows.append(rows[0] | {"need_id": name})
    rows.sort(key=lambda r: r["need_id"])
    return name, {"shortfalls.csv": source.table(rows, rows)}
