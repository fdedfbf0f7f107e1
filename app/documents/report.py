"""The report on the state of handling: what a ministry or a province reads and passes on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from app.documents.changes import changes
from app.documents.content import Align, Block, Document, Heading, Letterhead, Lines, Paragraph, Row, Table
from app.documents.counts import (
    REPLACE_YEARS,
    Handling,
    by_category,
    cars_by_province,
    handling,
    provinces,
    replacements,
    short_of_equipment,
    uses,
)
from app.documents.lines import state_lines
from app.documents.report_tables import amount_of, by_province, cross, numbers, row_of, sum_of
from app.documents.source import Source, capital
from app.figures import COST_PARTS, PLANNED
from app.limits import Limit, level_lines, limit_title, limits_of, status_words
from app.replacing import cars_to_replace
from app.settings import Lang
from app.texts import percent, say
from solver.tables.kinds import PURPOSES, label

if TYPE_CHECKING:
    from app.plans import PlanView


def report(plan: PlanView, lang: Lang, *, since: PlanView | None = None) -> Document:
    """Return the report of a plan.

    Parameters
    ----------
    plan
        Stored plan, of one province or of all.
    lang
        Language of the document; names and ids stay as they are.
    since
        The plan of the last report: then the report shows what changed.
    """
    source = Source(plan, lang)
    name = str(plan.summary.get("scenario") or "-")
    blocks: list[Block] = [
        Letterhead((source.say("issuer"), source.say("report.office")), state_lines(source)),
        Heading(source.say("report.title"), 0),
        Paragraph(name, "centre"),
        Paragraph(_scope(source), "centre", italic=True),
        *_summary(source),
        *_handling(source),
        *_uses(source),
        *_forms(source),
        *_pairs(source, "cars", cars_by_province(plan)),
        *_pairs(source, "equipment", short_of_equipment(plan)),
        *_replacing(source),
        *_limits(source),
        *_unmet(source),
        *_releases(source),
    ]
    if since is not None:
        blocks += changes(source, since)
    return Document(
        source.say("report.file_title", name=name), lang, source.date, source.notice, tuple(blocks)
    )


def _scope(source: Source) -> str:
    date = source.day(source.date.isoformat())
    found = provinces(source.plan)
    if len(found) == 1:
        return source.say("report.of_province", date=date, province=next(iter(found.values())))
    return source.say("report.of_all", date=date, count=str(len(found)))


def _summary(source: Source) -> Iterator[Block]:
    plan, lang = source.plan, source.lang
    figures = plan.summary
    kpis, parts = figures["kpis"], figures["parts"]["category"]
    yield Heading(source.say("report.summary"))
    yield Paragraph(say(lang, "summary.status", status=status_words(plan, lang)))
    words = {key: amount_of(source, figures.get(f"{key}_vnd")) for key in ("objective", "bound", "gap")}
    yield Paragraph(say(lang, "summary.proof", **words))
    rows = []
    for name in (*(name for name in PLANNED if name in parts), "total"):
        one = parts.get(name) or sum_of(parts.values())
        share = percent(lang, str(one["met"] / one["needed"])) if one["needed"] else ""
        counts = (source.whole(one[key]) for key in ("needed", "met", "unmet"))
        role = "total" if name == "total" else "item"
        rows.append(row_of((source.word("category", name), *counts, share), role))
    heads = tuple(say(lang, f"summary.{key}") for key in ("header", "needed", "met", "unmet", "coverage"))
    yield numbers(heads, rows, (60, 30, 30, 30, 30))
    costs = {f"cost.{name}": kpis["cost_parts"].get(f"{name}_vnd") for name in COST_PARTS}
    lines = {say(lang, key): value for key, value in costs.items() if value}
    lines |= {
        source.say("report.spend"): kpis["spend_vnd"],
        source.say("report.openings"): kpis["openings_vnd"],
        source.say("report.avoided"): kpis["purchases_avoided_vnd"],
    }
    table = [row_of((name, source.whole(int(value)))) for name, value in lines.items()]
    yield numbers((source.say("report.item"), source.say("report.vnd")), table, (120, 60))


def _handling(source: Source) -> Iterator[Block]:
    found = handling(source.plan)
    if not found:
        return
    yield Heading(source.say("report.handling"))
    yield Paragraph(source.say("report.handling_means"), italic=True)
    names = ("to_handle", "handled", "left", "planned", "other", "undecided")

    def counts(one: Handling) -> list[int]:
        return [getattr(one, name) for name in names]

    yield by_province(source, tuple(names), {code: counts(one) for code, one in found.items()}, first=48)


def _uses(source: Source) -> Iterator[Block]:
    found = uses(source.plan)
    if not found:
        return
    yield Heading(source.say("report.uses"))
    rows = [
        row_of(
            (
                label(PURPOSES, code, source.lang),
                source.whole(premises),
                source.whole(places),
                source.figure(area),
            )
        )
        for code, premises, places, area in found
    ]
    heads = tuple(source.say(f"report.{name}") for name in ("use", "premises", "places", "area"))
    yield numbers(heads, rows, (66, 38, 38, 38))


def _forms(source: Source) -> Iterator[Block]:
    plan = source.plan
    found = by_category(plan, plan.transfers, "form", "asset_id")
    if found:
        yield Heading(source.say("report.forms"))
        yield cross(source, "form", found, lambda code: source.word("form", code))


def _pairs(source: Source, key: str, found: Mapping[str, tuple[int, int]]) -> Iterator[Block]:
    found = {code: pair for code, pair in found.items() if any(pair)}
    if not found:
        return
    yield Heading(source.say(f"report.{key}"))
    yield Paragraph(source.say(f"report.{key}_means"), italic=True)
    yield by_province(
        source, ("before", "after"), {code: list(pair) for code, pair in found.items()}, first=80
    )


def _replacing(source: Source) -> Iterator[Block]:
    found = {code: counts for code, counts in replacements(source.plan).items() if any(counts)}
    if not found:
        return
    yield Heading(source.say("report.replacing"))
    yield Paragraph(source.say("report.replacing_means"), italic=True)
    first = source.date.year
    years = [str(first + step) for step in range(REPLACE_YEARS)]
    heads = (*years, source.say("report.later"), source.say("report.unknown"), source.say("total"))
    rows = {code: [*counts, sum(counts)] for code, counts in found.items()}
    yield by_province(source, heads, rows, first=48, said=True)
    if len(provinces(source.plan)) == 1:
        yield Heading(source.say("report.replacing_list"), 2)
        yield _cars(source)


def _cars(source: Source) -> Table:
    cars = cars_to_replace(source.plan)
    shown = cars.astype("str").fillna("")
    rows = []
    for place, car in enumerate(shown.to_dict("records"), 1):
        why = (
            source.say("report.over_age") if cars["over_age"].iloc[place - 1] else source.say("report.second")
        )
        texts = (car["name"], car["official_id"], source.labelled("asset_id", car["asset_id"]))
        names = tuple(text for text in texts if text)
        cells: tuple[Lines, ...] = ((str(place),), (source.commune(car["commune_code"]),), names)
        figures = tuple((car[key],) for key in ("year", "age", "number", "replace_year"))
        rows.append(Row((*cells, *figures, (why,))))
    keys = ("no", "commune", "car", "year", "age", "car_number", "replace_year", "why")
    heads = tuple(source.say(f"column.{key}") for key in keys)
    sides: tuple[Align, ...] = ("right", "left", "left", "right", "right", "right", "right", "left")
    return Table(heads, tuple(rows), sides, (10, 38, 48, 14, 14, 16, 18, 22), small=True)


def _limits(source: Source) -> Iterator[Block]:
    plan, lang = source.plan, source.lang
    limits, levels = limits_of(plan), list(level_lines(plan, lang))
    if not limits and not levels:
        return
    yield Heading(say(lang, "limits.heading"))
    yield from map(Paragraph, levels)
    if limits:
        yield Paragraph(say(lang, "limits.means"), italic=True)
        heads = [say(lang, f"limits.{key}") for key in ("limit", "unit", "used", "bound", "slack", "worth")]
        rows = tuple(_limit(source, limit) for limit in limits)
        sides: tuple[Align, ...] = ("left", "left", *("right",) * 4)
        yield Table(tuple(map(capital, heads)), rows, sides, (56, 16, 27, 27, 27, 27), small=True)


def _limit(source: Source, limit: Limit) -> Row:
    lang = source.lang
    figures = [(source.whole(value),) for value in (limit.used, limit.bound, limit.slack)]
    worth: Lines = ()
    if limit.worth is not None:
        worth = (source.whole(limit.worth),)
    if limit.least is not None and limit.most is not None and limit.least != limit.most:
        worth += (f"{source.whole(limit.least)} - {source.whole(limit.most)}",)
    unit = say(lang, f"limits.unit_of.{limit.unit}", default=limit.unit)
    return Row(((limit_title(limit.id, source.plan, lang),), (unit,), *figures, worth))


def _unmet(source: Source) -> Iterator[Block]:
    plan = source.plan
    found = by_category(plan, plan.shortfalls, "reason", "need_id")
    if found:
        yield Heading(source.say("report.unmet"))
        yield cross(source, "reason", found, lambda code: source.word("reason", code))


def _releases(source: Source) -> Iterator[Block]:
    plan = source.plan
    found = by_category(plan, plan.releases, "disposition", "asset_id")
    if found:
        yield Heading(source.say("report.releases"))
        yield cross(source, "disposition", found, lambda code: source.word("disposition", code))
