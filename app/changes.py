"""What a re-plan changed, counted and in words: how many lines and why, what they save, which save most."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from app.console import visible
from app.figures import changes_vnd
from app.lost import lost_line, lost_lines
from app.texts import money, number, say

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from app.plans import PlanView
    from app.settings import Lang

#: How many groups are told of, and how many of their lines.
_GROUPS, _LINES = 10, 3


@dataclass(frozen=True)
class Change:
    """A line of ``changes.csv``; `group` and `saves` are None where it was forced."""

    asset: str
    need: str
    before: int
    after: int
    reason: str
    group: int | None
    saves: int | None


@dataclass(frozen=True)
class Changes:
    """The changed lines of a re-plan.

    Attributes
    ----------
    lines
        All of them, sorted by asset and need.
    units
        Units that changed.
    cost
        What they cost at the price of a change [VND].
    price
        Of a changed unit [VND].
    """

    lines: tuple[Change, ...]
    units: int
    cost: int
    price: int

    @cached_property
    def chosen(self) -> list[Change]:
        """Lines that were changed to save something."""
        return [line for line in self.lines if line.group is not None]

    @cached_property
    def forced(self) -> list[Change]:
        """Lines that could not stay, or that the scenario wants."""
        return [line for line in self.lines if line.group is None]

    @cached_property
    def groups(self) -> dict[int, list[Change]]:
        """Lines by group, those that save most first."""
        found: dict[int, list[Change]] = {}
        for line in self.chosen:
            found.setdefault(line.group or 0, []).append(line)
        return dict(sorted(found.items(), key=lambda pair: (-(pair[1][0].saves or 0), pair[0])))

    @property
    def saves(self) -> int:
        """What all groups save [VND], each counted once."""
        return sum(lines[0].saves or 0 for lines in self.groups.values())


def changes_of(plan: PlanView) -> Changes:
    """Return the changes of a re-plan."""
    lines = tuple(Change(*row) for row in plan.changes.itertuples(index=False, name=None))
    return Changes(lines, int(plan.summary["kpis"]["changes"]), changes_vnd(plan), plan.change_price)


def reason_words(reason: str, lang: Lang) -> str:
    """Return why a line changed: a word of its own, or the stage of the funnel that its pair fails."""
    stage = say(lang, f"reason.{reason}", default=reason)
    return say(lang, f"replan.why.{reason}", default=say(lang, "replan.why.stage", stage=stage))


def change_lines(plan: PlanView, lang: Lang) -> Iterator[str]:
    """Yield what changed: counts by reason, what is saved and paid, the groups that save most."""
    found = changes_of(plan)
    if found.chosen:
        words = {"units": number(lang, found.units), "lines": number(lang, len(found.chosen))}
        manner = "_costly" if found.saves < 0 else ""
        line = say(lang, f"replan.changes{manner}", saves=money(lang, abs(found.saves)), **words)
        if found.price:
            paid = {"cost": money(lang, found.cost), "price": money(lang, found.price)}
            line += say(lang, f"replan.paid{manner}", **paid)
        yield line
        yield say(lang, "replan.chosen", reasons=_counts(found.chosen, lang))
    else:
        yield say(lang, "replan.none")
    if found.forced:
        units = sum(abs(line.after - line.before) for line in found.forced)
        yield say(
            lang,
            "replan.forced",
            units=number(lang, units),
            lines=number(lang, len(found.forced)),
            reasons=_counts(found.forced, lang),
        )
    lost = lost_lines(plan)
    if lost:
        yield lost_line(lost, lang)
    yield from _groups(found, lang)


def records_of(plan: PlanView) -> dict[str, Any]:
    """Return the same for programs; the groups that save most with all of their lines."""
    found = changes_of(plan)
    return {
        "units": found.units,
        "lines": len(found.chosen),
        "saves_vnd": found.saves,
        "cost_vnd": found.cost,
        "price_vnd": found.price,
        "reasons": _by_reason(found.chosen),
        "forced_lines": len(found.forced),
        "forced_reasons": _by_reason(found.forced),
        "lost_lines": [
            {"asset_id": line.asset, "need_id": line.need, "units": line.units, "state": line.state}
            for line in lost_lines(plan)
        ],
        "groups": [
            {
                "group": group,
                "saves_vnd": lines[0].saves,
                "lines": [
                    {
                        "asset_id": line.asset,
                        "need_id": line.need,
                        "units_before": line.before,
                        "units_after": line.after,
                        "reason": line.reason,
                    }
                    for line in lines
                ],
            }
            for group, lines in list(found.groups.items())[:_GROUPS]
        ],
    }


def _by_reason(lines: list[Change]) -> Mapping[str, int]:
    counts = Counter(line.reason for line in lines)
    return dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))


def _counts(lines: list[Change], lang: Lang) -> str:
    return ", ".join(
        say(lang, "replan.reason", reason=reason_words(reason, lang), lines=number(lang, count))
        for reason, count in _by_reason(lines).items()
    )


def _groups(found: Changes, lang: Lang) -> Iterator[str]:
    groups = list(found.groups.items())
    # What limits, floors or pins want is changed although it costs: that comes after what saves.
    costly = [(group, lines) for group, lines in groups if (lines[0].saves or 0) < 0][::-1]
    saving = [(group, lines) for group, lines in groups if (lines[0].saves or 0) >= 0]
    for heading, ones in (("groups", saving), ("costly", costly)):
        if ones:
            shown = ones[:_GROUPS]
            key = heading if len(shown) == len(ones) else f"some_{heading}"
            yield say(lang, f"replan.{key}", count=number(lang, len(shown)), all=number(lang, len(ones)))
            yield from _group_lines(shown, lang)


def _group_lines(groups: list[tuple[int, list[Change]]], lang: Lang) -> Iterator[str]:
    for group, lines in groups:
        told = [
            say(
                lang,
                "replan.group_line",
                asset=visible(line.asset),
                need=visible(line.need),
                before=number(lang, line.before),
                after=number(lang, line.after),
            )
            for line in lines[:_LINES]
        ]
        if len(lines) > _LINES:
            told.append(say(lang, "replan.more", count=number(lang, len(lines) - _LINES)))
        saves = money(lang, abs(lines[0].saves or 0))
        yield say(lang, "replan.group", group=number(lang, group), saves=saves, lines="; ".join(told))
