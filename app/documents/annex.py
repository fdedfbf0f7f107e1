"""The annex of a decision: what one authority is asked to transfer and to release."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from app.documents.content import (
    Align,
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
    amount,
    asset_lines,
    attached_by_release,
    attached_by_transfer,
    figures,
    giver_lines,
    receiver_lines,
    state_lines,
    values_of,
)
from app.documents.source import Record, Source, capital, joined, worth
from app.settings import Lang

if TYPE_CHECKING:
    from app.plans import PlanView

CATEGORIES = ("premises", "vehicle", "equipment")
BASES = ("authority", "vehicle", "premises", "equipment")

_COLUMNS: tuple[tuple[str, int, Align], ...] = (
    ("no", 9, "right"),
    ("asset", 51, "left"),
    ("year", 11, "right"),
    ("units", 13, "right"),
    ("area", 16, "right"),
    ("condition", 14, "right"),
    ("book", 25, "right"),
    ("residual", 25, "right"),
    ("giver", 35, "left"),
    ("receiver", 38, "left"),
    ("form", 22, "left"),
    ("note", 20, "left"),
)
_RELEASE_COLUMNS: tuple[tuple[str, int, Align], ...] = (
    ("no", 9, "right"),
    ("asset", 60, "left"),
    ("year", 11, "right"),
    ("units", 13, "right"),
    ("area", 16, "right"),
    ("condition", 14, "right"),
    ("book", 26, "right"),
    ("residual", 26, "right"),
    ("giver", 46, "left"),
    ("disposition", 32, "left"),
    ("reason", 28, "left"),
)


class _Sums:
    """The sums of a group of rows: units, original price, residual value."""

    def __init__(self) -> None:
        self.units, self.book, self.residual = 0, 0, 0

    def add(self, units: int, book: int | None, residual: int | None) -> None:
        self.units += units
        self.book += book or 0
        self.residual += residual or 0

    def take(self, other: _Sums) -> None:
        self.add(other.units, other.book, other.residual)

    def row(self, label: str, columns: int, source: Source) -> Row:
        cells: list[Lines] = [(), (label,), (), (source.whole(self.units),), (), ()]
        cells += [(source.whole(self.book),), (source.whole(self.residual),)]
        return Row((*cells, *((),) * (columns - len(cells))), "total")


def annexes(plan: PlanView, lang: Lang) -> list[tuple[str, Document]]:
    """Return the annex of each deciding authority, sorted by its Vietnamese text.

    Parameters
    ----------
    plan
        Stored plan.
    lang
        Language of the documents; names and ids stay as they are.

    Returns
    -------
    list of (str, Document)
        The authority as it stands in ``transfers.csv`` ("" where the table of authorities names nobody), and
        its annex. Every transfer and every release stands in exactly one annex.
    """
    source = Source(plan, lang)
    moves: defaultdict[str, list[Record]] = defaultdict(list)
    leaves: defaultdict[str, list[Record]] = defaultdict(list)
    for row in source.transfers:
        moves[row["authority"]].append(row)
    for row in source.releases:
        leaves[row["authority"]].append(row)
    items, left = attached_by_transfer(source), attached_by_release(source)
    return [
        (name, _annex(source, name, moves[name], leaves[name], items, left))
        for name in sorted({*moves, *leaves})
    ]


def _annex(
    source: Source,
    authority: str,
    moves: Sequence[Record],
    leaves: Sequence[Record],
    items: dict[Key, list[Record]],
    left: dict[str, list[Record]],
) -> Document:
    named = source.authority(authority)
    blocks: list[Block] = [
        Letterhead((source.say("issuer"), named, source.say("number")), state_lines(source)),
        Heading(source.say("annex.title"), 0),
        Paragraph(source.say("annex.with", authority=named), "centre", italic=True),
        Paragraph(source.say("annex.date", date=source.day(source.date.isoformat())), "centre", italic=True),
        *(Paragraph(source.say(f"basis.{name}"), marked=True) for name in BASES),
    ]
    if moves:
        rows = tuple(_move_rows(source, moves, items))
        blocks += [Heading(source.say("annex.moves")), _table(source, _COLUMNS, rows)]
    if leaves:
        rows = tuple(_leave_rows(source, leaves, left))
        blocks += [Heading(source.say("annex.leaves")), _table(source, _RELEASE_COLUMNS, rows)]
    blocks += [
        Paragraph(source.say("annex.values"), italic=True),
        Signatures(
            (
                (source.say("annex.drafter"), source.say("sign")),
                (source.say("annex.decider"), source.say("seal")),
            )
        ),
    ]
    title = source.say("annex.file_title", authority=named)
    return Document(title, source.lang, source.date, source.notice, tuple(blocks), landscape=True)


def _table(source: Source, columns: Sequence[tuple[str, int, Align]], rows: tuple[Row, ...]) -> Table:
    headings = tuple(source.say(f"column.{name}") for name, _, _ in columns)
    alignments = tuple(align for _, _, align in columns)
    return Table(headings, rows, alignments, tuple(width for _, width, _ in columns), small=True)


def _move_rows(source: Source, moves: Sequence[Record], items: dict[Key, list[Record]]) -> Iterator[Row]:
    every, number, columns = _Sums(), 0, len(_COLUMNS)
    goes_with = _Sums()
    for category in CATEGORIES:
        group = [row for row in moves if source.asset(row["asset_id"]).get("category") == category]
        if not group:
            continue
        yield Row(((capital(source.word("category", category)),),), "group")
        sums = _Sums()
        for row in group:
            number += 1
            asset, units = source.asset(row["asset_id"]), int(row["units"])
            book, residual = values_of(source, row)
            sums.add(units, book, residual)
            yield _move(source, str(number), row, asset, book, residual)
            for place, item in enumerate(items.get((row["asset_id"], row["need_id"]), ()), 1):
                yield _item(source, f"{number}.{place}", item, row, goes_with)
        yield sums.row(source.say("subtotal", name=source.word("category", category)), columns, source)
        every.take(sums)
    if goes_with.units:
        yield goes_with.row(source.say("subtotal_attached"), columns, source)
        every.take(goes_with)
    yield every.row(source.say("total"), columns, source)


def _move(
    source: Source, number: str, row: Record, asset: Record, book: int | None, residual: int | None
) -> Row:
    until = source.labelled("until", source.day(row["until"]))
    shared = asset.get("category") == "premises" and source.first_transfer[row["asset_id"]] != row["need_id"]
    note = source.say("shared") if shared else ""
    return Row(
        (
            (number,),
            asset_lines(source, asset, row["asset_id"]),
            *figures(source, asset, row["units"], row["area_m2"]),
            amount(source, book),
            amount(source, residual),
            giver_lines(source, asset, row["from_commune_code"]),
            (*receiver_lines(source, row), source.labelled("need_id", row["need_id"])),
            joined(source.word("form", row["form"]), until, source.word("state", row["state"])),
            joined(note, asset.get("note", "")),
        )
    )


def _item(source: Source, number: str, item: Record, row: Record, sums: _Sums) -> Row:
    asset, units = source.asset(item["asset_id"]), int(item["units"])
    book = worth(asset, "book_value_vnd", units)
    residual = worth(asset, "residual_value_vnd", units)
    sums.add(units, book, residual)
    return Row(
        (
            (number,),
            asset_lines(source, asset, item["asset_id"], head=source.say("attached")),
            *figures(source, asset, item["units"], asset.get("area_m2", "")),
            amount(source, book),
            amount(source, residual),
            giver_lines(source, asset, asset["commune_code"]),
            (source.say("with_house", asset=row["asset_id"]),),
            (),
            joined(asset.get("note", "")),
        )
    )


def _leave_rows(source: Source, leaves: Sequence[Record], left: dict[str, list[Record]]) -> Iterator[Row]:
    every, number, columns = _Sums(), 0, len(_RELEASE_COLUMNS)
    goes_with = _Sums()
    for category in CATEGORIES:
        group = [row for row in leaves if source.asset(row["asset_id"]).get("category") == category]
        if not group:
            continue
        yield Row(((capital(source.word("category", category)),),), "group")
        sums = _Sums()
        for row in group:
            number += 1
            disposition = source.word("disposition", row["disposition"])
            reason = source.word("release_reason", row["reason"])
            yield _leave(source, str(number), row, joined(disposition), joined(reason), sums)
            for place, item in enumerate(left.get(row["asset_id"], ()), 1):
                with_house = source.say("with_house", asset=row["asset_id"])
                head = source.say("attached")
                yield _leave(source, f"{number}.{place}", item, (with_house,), (), goes_with, head)
        yield sums.row(source.say("subtotal", name=source.word("category", category)), columns, source)
        every.take(sums)
    if goes_with.units:
        yield goes_with.row(source.say("subtotal_attached"), columns, source)
        every.take(goes_with)
    yield every.row(source.say("total"), columns, source)


def _leave(
    source: Source, number: str, row: Record, disposition: Lines, reason: Lines, sums: _Sums, head: str = ""
) -> Row:
    asset, units = source.asset(row["asset_id"]), int(row["units"])
    book, residual = worth(asset, "book_value_vnd", units), worth(asset, "residual_value_vnd", units)
    sums.add(units, book, residual)
    return Row(
        (
            (number,),
            asset_lines(source, asset, row["asset_id"], head=head),
            *figures(source, asset, row["units"], asset.get("area_m2", "")),
            amount(source, book),
            amount(source, residual),
            giver_lines(source, asset, asset.get("commune_code", "")),
            disposition,
            reason,
        )
    )
