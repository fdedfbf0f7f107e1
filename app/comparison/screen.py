"""What ``surplan compare`` prints: inputs that differ, the table of figures, the verdict, what changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.comparison.basis import BASELINE, value_text
from app.comparison.figures import names_of, worst_province
from app.comparison.lists import MOST_SHOWN, aligned, lists_of
from app.comparison.words import figure_label, place, shown
from app.console import visible
from app.plan_changes import CHANGES, counts
from app.texts import money, number, say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.comparison.result import Comparison, Difference
    from app.comparison.variant import Variant
    from app.settings import Lang

_LONGEST_VALUE = 60
_NO_MARK, _MARK = " ", "*"


def lines_of(comparison: Comparison, lang: Lang) -> Iterator[str]:
    """Yield every line; lists only where exactly two plans are compared."""
    first = comparison.plans[0]
    for one in comparison.differences:
        yield from _basis(first, one, lang)
    yield from _figures(comparison, lang)
    for one in comparison.differences:
        yield ""
        yield _verdict(first, one, lang)
        yield from _counts(one, lang)
        if len(comparison.differences) == 1:
            yield from lists_of(one, lang)
    if len(comparison.differences) > 1:
        yield ""
        yield say(lang, "compare.lists_of_two")


def figure_rows(comparison: Comparison, lang: Lang) -> list[list[str]]:
    """Return the table of figures: a column for each plan, and after each but the first its difference."""
    heads, status, worst = ([say(lang, f"compare.{name}")] for name in ("figure", "status", "worst"))
    for position, plan in enumerate(comparison.plans):
        extra = position > 0
        heads += [visible(plan.name) + _NO_MARK, *[say(lang, "compare.difference")] * extra]
        status += [str(plan.view.summary.get("status")) + _NO_MARK, *[""] * extra]
        worst += [_worst(plan) + _NO_MARK, *[""] * extra]
    rows = [heads, status]
    for name in names_of(comparison.figures):
        best = comparison.better.get(name, [])
        row = [figure_label(name, lang)]
        for position, own in enumerate(comparison.figures):
            row.append(shown(name, own.get(name), lang) + (_MARK if position in best else _NO_MARK))
            if position:
                more = comparison.differences[position - 1].figures[name]
                row.append(shown(name, more, lang, signed=True))
        rows.append(row)
        if name == "worst_share":
            rows.append(worst)
    return rows


def _worst(plan: Variant) -> str:
    code, _ = worst_province(plan)
    return place(code, dict(plan.provinces.values()).get(code, ""))


def _basis(first: Variant, one: Difference, lang: Lang) -> Iterator[str]:
    """Say what the plans do not have in common: tables, then keys of the scenario with both values."""
    names = {"first": visible(first.name), "other": visible(one.other.name)}
    tables = [name for name in one.basis.files if name != BASELINE]
    if one.basis.baseline:
        yield say(lang, "compare.basis_baseline", **names)
    if tables:
        files = [_file(name, one, lang) for name in tables]
        key = "compare.basis_files" if one.basis.tables else "compare.basis_files_aside"
        yield say(lang, key, names=visible("; ".join(files)), **names)
    if one.basis.keys:
        yield say(lang, "compare.basis_scenario", **names)
        for key_ in one.basis.keys[:MOST_SHOWN]:
            values = {"before": _value(key_.before), "after": _value(key_.after)}
            yield "  " + say(lang, "compare.basis_key", name=visible(key_.key), **values)
        rest = len(one.basis.keys) - MOST_SHOWN
        if rest > 0:
            yield "  " + say(lang, "compare.and_more", count=number(lang, rest))
    if one.basis.files or one.basis.keys:
        yield ""


def _file(name: str, one: Difference, lang: Lang) -> str:
    rows = one.basis.rows.get(name.removesuffix(".csv"))
    if rows is None:
        return name
    words = {key: number(lang, count) for key, count in rows.items()}
    return say(lang, "compare.basis_rows", name=name, **words)


def _value(value: object) -> str:
    text = visible(value_text(value))
    return text if len(text) <= _LONGEST_VALUE else text[: _LONGEST_VALUE - 1] + "…"


def _figures(comparison: Comparison, lang: Lang) -> Iterator[str]:
    yield from aligned(figure_rows(comparison, lang))
    if comparison.better:
        yield say(lang, "compare.better")


def _verdict(first: Variant, one: Difference, lang: Lang) -> str:
    words = {"first": visible(first.name), "other": visible(one.other.name)}
    more = one.figures.get("objective_vnd")
    if more is not None:
        words["difference"] = money(lang, abs(int(more)))
    if one.proven_vnd is not None:
        least, most = one.proven_vnd
        if one.verdict == "proven_cheaper":
            least, most = -most, -least
        words |= {"least": money(lang, least), "most": money(lang, most)}
    said = say(lang, f"compare.verdict.{one.verdict}", **words)
    if one.basis.rules and one.proven_vnd is not None and (first.levels or one.other.levels):
        said += " " + say(lang, "compare.verdict_levels")  # what a bound with levels proves
    return said


def _counts(one: Difference, lang: Lang) -> Iterator[str]:
    """Count what changed; kinds of change that do not occur are left out."""
    found = counts(one.lines)
    for changes in CHANGES.values():
        for name in changes:
            if name in found:
                words = {key: number(lang, value) for key, value in found[name].items()}
                yield say(lang, f"compare.count.{name}", **words)
    if not found:
        yield say(lang, "compare.nothing")
    if one.provinces:
        outcomes = [row["outcome"] for row in one.provinces]
        words = {name: number(lang, outcomes.count(name)) for name in ("loses", "gains", "other")}
        yield say(lang, "compare.count_provinces", same=number(lang, one.unchanged_provinces), **words)
