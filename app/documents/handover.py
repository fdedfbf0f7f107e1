"""The handover record (biên bản bàn giao) of one transfer, for both sides to fill in and sign."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.documents.content import (
    Block,
    Document,
    Heading,
    Letterhead,
    Lines,
    Paragraph,
    Row,
    Signatures,
    Table,
)
from app.documents.lines import (
    Key,
    attached_by_transfer,
    giver_lines,
    receiver_lines,
    state_lines,
    values_of,
)
from app.documents.source import Record, Source, joined, worth
from app.settings import Lang
from app.texts import money

if TYPE_CHECKING:
    from app.plans import PlanView

_DOTS = "." * 30
_BLANK = "\u00a0"  # a line to write on


def handovers(
    plan: PlanView, lang: Lang, *, asset_id: str | None = None, province: str | None = None
) -> list[tuple[str, Document]]:
    """Return the record of each transfer, in the plan's order.

    Parameters
    ----------
    plan
        Stored plan.
    lang
        Language of the documents; names and ids stay as they are.
    asset_id
        Only the transfers of this asset.
    province
        Code: only the transfers out of or into this province.

    Returns
    -------
    list of (str, Document)
        "asset_id need_id" of the transfer, and its record.
    """
    source = Source(plan, lang)
    items = attached_by_transfer(source)
    return [
        (f"{row['asset_id']} {row['need_id']}", _record(source, row, items))
        for row in source.transfers
        if asset_id in (None, row["asset_id"]) and (province is None or _touches(source, row, province))
    ]


def _touches(source: Source, row: Record, province: str) -> bool:
    ends = (row["from_commune_code"], row["to_commune_code"])
    return any(source.communes.get(code, {}).get("province_code") == province for code in ends)


def _record(source: Source, row: Record, items: dict[Key, list[Record]]) -> Document:
    asset = source.asset(row["asset_id"])
    attached = items.get((row["asset_id"], row["need_id"]), [])
    blocks: list[Block] = [
        Letterhead((source.say("issuer"), source.say("handover.giver_office")), state_lines(source)),
        Heading(source.say("handover.title"), 0),
        Paragraph(source.say("handover.decision", authority=source.authority(row["authority"])), marked=True),
        Paragraph(source.say("handover.place", dots=_DOTS)),
        _parties(source, row, asset),
        Heading(source.say("handover.asset")),
        _particulars(source, row, asset),
    ]
    if attached:
        blocks += [Heading(source.say("handover.attached"), 2), _attached(source, attached)]
    blocks += [
        Heading(source.say("handover.condition")),
        _blanks(source, ("condition_seen", "faults", "meter"), (50, 130), 2),
        Heading(source.say("handover.papers")),
        _blanks(source, ("paper_1", "paper_2", "paper_3"), (10, 170), 1),
        Paragraph(source.say("handover.obligations")),
        Signatures(
            tuple(
                (source.say(f"handover.{side}"), source.say("sign"))
                for side in ("giver", "receiver", "witness")
            )
        ),
    ]
    title = source.say("handover.file_title", asset=row["asset_id"], need=row["need_id"])
    return Document(title, source.lang, source.date, source.notice, tuple(blocks))


def _parties(source: Source, row: Record, asset: Record) -> Table:
    blanks = tuple(source.say(f"handover.{name}", dots=_DOTS) for name in ("person", "position"))
    sides = (
        (*giver_lines(source, asset, row["from_commune_code"]), *blanks),
        (*receiver_lines(source, row), *blanks),
    )
    headings = (source.say("handover.giver"), source.say("handover.receiver"))
    return Table(headings, (Row(sides),), ("left", "left"), (1, 1))


def _particulars(source: Source, row: Record, asset: Record) -> Table:
    """Return all that is known of the asset, two facts side by side; facts that are unknown are left out."""
    book, residual = values_of(source, row)
    premises = asset.get("category") == "premises"
    if premises and source.first_transfer[row["asset_id"]] != row["need_id"]:
        # Each record stands alone: it tells the whole property's values, which no one adds up here.
        book, residual = (worth(asset, name, 1) for name in ("book_value_vnd", "residual_value_vnd"))
    facts = {
        "name": asset.get("name", ""),
        "kind": source.kind(asset),
        "plate" if asset.get("category") == "vehicle" else "register_code": asset.get("official_id", ""),
        "asset_id": row["asset_id"],
        "address": asset.get("address", ""),
        "need_id": row["need_id"],
        "year": asset.get("year", ""),
        "units": "" if premises else source.whole(int(row["units"])),
        "places": source.whole(int(row["units"])) if premises else "",
        "area_given": _with_unit(source.figure(row["area_m2"]), "m²"),
        "area": _with_unit(source.figure(asset.get("area_m2", "")), "m²"),
        "land_area": _with_unit(source.figure(asset.get("land_area_m2", "")), "m²"),
        "condition": _with_unit(source.figure(asset.get("condition_pct", "")), "%"),
        "mileage": _with_unit(source.figure(asset.get("mileage_km", "")), "km"),
        "legal_status": source.say(f"legal.{asset['legal_status']}") if asset.get("legal_status") else "",
        "book": _money(source, book),
        "residual": _money(source, residual),
        "form": source.word("form", row["form"]),
        "until": source.day(row["until"]),
        "note": asset.get("note", ""),
    }
    cells: list[Lines] = []
    for name, value in facts.items():
        if value:
            cells += [(source.say(f"label.{name}"),), (value,)]
    cells += [()] * (-len(cells) % 4)
    rows = tuple(Row(tuple(cells[start : start + 4])) for start in range(0, len(cells), 4))
    return Table((), rows, ("left",) * 4, (36, 54, 36, 54))


def _with_unit(figure: str, unit: str) -> str:
    return f"{figure} {unit}" if figure else ""


def _money(source: Source, value: int | None) -> str:
    return "" if value is None else money(source.lang, value)


def _attached(source: Source, items: list[Record]) -> Table:
    rows = []
    for number, item in enumerate(items, 1):
        asset, units = source.asset(item["asset_id"]), int(item["units"])
        values = (worth(asset, column, units) for column in ("book_value_vnd", "residual_value_vnd"))
        names = joined(asset.get("name", ""), source.kind(asset), item["asset_id"])
        amounts = (joined("" if value is None else source.whole(value)) for value in values)
        rows.append(Row(((str(number),), names, (source.whole(units),), *amounts)))
    headings = tuple(source.say(f"column.{name}") for name in ("no", "asset", "units", "book", "residual"))
    return Table(
        headings, tuple(rows), ("right", "left", "right", "right", "right"), (10, 85, 20, 32, 32), small=True
    )


def _blanks(source: Source, names: Lines, widths: tuple[int, int], lines: int) -> Table:
    """Return a table with so many lines to write on beside each label."""
    rows = tuple(Row(((source.say(f"handover.{name}"),), (_BLANK,) * lines)) for name in names)
    return Table((), rows, ("left", "left"), widths)
