"""The tables of the report: labels and numbers, by province, and by category."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from app.documents.content import Align, Lines, Row, Table
from app.documents.counts import provinces
from app.documents.source import Source, capital
from app.figures import PLANNED
from app.texts import money


def sum_of(parts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    """Return the sums of needed, met and unmet units."""
    every = list(parts)
    return {key: sum(part[key] for part in every) for key in ("needed", "met", "unmet")}


def amount_of(source: Source, value: int | None) -> str:
    """Return an amount, or a dash where there is none."""
    return "-" if value is None else money(source.lang, value)


def signed(source: Source, value: int) -> str:
    """Return a difference with its sign."""
    return ("+" if value > 0 else "") + source.whole(value)


def row_of(texts: Sequence[str], role: str = "item") -> Row:
    """Return a row of single lines, its label with a capital."""
    first, *others = texts
    cells: list[Lines] = [(text,) if text else () for text in (capital(first), *others)]
    return Row(tuple(cells), "total" if role == "total" else "item")


def numbers(headings: Sequence[str], rows: Iterable[Row], widths: tuple[int, ...]) -> Table:
    """Return a table of labels and numbers."""
    sides: list[Align] = ["left"]
    sides += ["right"] * (len(widths) - 1)
    return Table(tuple(map(capital, headings)), tuple(rows), tuple(sides), widths)


def by_province(
    source: Source,
    names: Sequence[str],
    found: Mapping[str, Sequence[int]],
    *,
    first: int,
    said: bool = False,
) -> Table:
    """Return a table with a row for each province, and their sum where there are several."""
    called = provinces(source.plan)
    rows = [row_of((called[code], *map(source.whole, counts))) for code, counts in found.items()]
    if len(found) > 1:
        sums = map(sum, zip(*found.values(), strict=True))
        rows.append(row_of((source.say("total"), *map(source.whole, sums)), "total"))
    heads = names if said else [source.say(f"report.{name}") for name in names]
    widths = (first, *((180 - first) // len(names),) * len(names))
    return numbers((source.say("report.province"), *heads), rows, widths)


def cross(
    source: Source, name: str, found: Mapping[str, Mapping[str, int]], called: Callable[[str], str]
) -> Table:
    """Return units by a code and by category, with sums both ways where there is something to sum."""
    rows = []
    for code, counts in found.items():
        figures = [counts.get(category, 0) for category in PLANNED]
        rows.append(row_of((called(code), *map(source.whole, (*figures, sum(figures))))))
    sums = [sum(counts.get(category, 0) for counts in found.values()) for category in PLANNED]
    rows.append(row_of((source.say("total"), *map(source.whole, (*sums, sum(sums)))), "total"))
    heads = (
        source.say(f"report.{name}"),
        *(source.word("category", key) for key in PLANNED),
        source.say("total"),
    )
    return numbers(heads, rows, (64, 29, 29, 29, 29))
