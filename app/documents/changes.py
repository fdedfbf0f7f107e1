"""What changed since the last report."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from app.documents.content import Block, Heading, Paragraph
from app.documents.counts import cars_by_province, handling, provinces, replacements, short_of_equipment
from app.documents.report_tables import numbers, row_of, signed, sum_of
from app.documents.source import Source

if TYPE_CHECKING:
    from app.plans import PlanView

_FIGURES = (
    *("objective_vnd", "cash_vnd", "needed", "met", "unmet", "to_handle", "handled", "left"),
    *("without_car_before", "without_car_after", "short_before", "short_after", "to_replace"),
)


def changes(source: Source, since: PlanView) -> Iterator[Block]:
    """Yield the figures of the last report beside this one's, with a warning where they are not alike."""
    yield Heading(source.say("report.changes"))
    before = Source(since, source.lang)
    names = tuple(str(one.plan.summary.get("scenario") or "-") for one in (before, source))
    if before.date != source.date or names[0] != names[1]:
        dates = {"then": before.day(before.date.isoformat()), "now": source.day(source.date.isoformat())}
        yield Paragraph(source.say("report.differs", **dates), marked=True)
        yield Paragraph(source.say("report.then_name", name=names[0]))
    if set(provinces(since)) != set(provinces(source.plan)):
        yield Paragraph(source.say("report.other_provinces"), marked=True)
    then, now = _figures(since), _figures(source.plan)
    rows = [
        row_of(
            (
                source.say(f"report.figure.{name}"),
                *map(source.whole, (then[name], now[name])),
                signed(source, now[name] - then[name]),
            )
        )
        for name in _FIGURES
    ]
    heads = tuple(source.say(f"report.{name}") for name in ("item", "then", "now", "change"))
    yield numbers(heads, rows, (84, 32, 32, 32))


def _figures(plan: PlanView) -> dict[str, int]:
    """Return the figures that two reports are compared by."""
    total = sum_of(plan.summary["parts"]["category"].values())
    premises = handling(plan).values()
    cars, short = cars_by_province(plan).values(), short_of_equipment(plan).values()
    values = (
        plan.summary.get("objective_vnd") or 0,
        plan.summary.get("cash_vnd") or 0,
        *(total[key] for key in ("needed", "met", "unmet")),
        *(sum(getattr(one, key) for one in premises) for key in ("to_handle", "handled", "left")),
        *(sum(pair[place] for pair in cars) for place in (0, 1)),
        *(sum(pair[place] for pair in short) for place in (0, 1)),
        sum(map(sum, replacements(plan).values())),
    )
    return dict(zip(_FIGURES, map(int, values), strict=True))
