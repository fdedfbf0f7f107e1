"""Budgets, caps, floors and levels of a plan (docs/limits.md), as summary, report and workbook tell them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from app.lost import lost_lines
from app.texts import money, number, percent, say
from solver.explanation.row_words import row_words
from solver.explanation.words import key_word

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from app.plans import PlanView
    from app.settings import Lang

_SHOWN = 3
_MONEY = "VND"
_MAX_MIN = "max_min"
_FLOORS = "floor_shortfall"


@dataclass(frozen=True)
class Limit:
    """A row of ``limits.csv``.

    Attributes
    ----------
    id, unit
        As there; the unit is "VND" or "units".
    used, bound, slack
        In the unit; a floor is missed where the slack is negative.
    step
        By how much the limit was loosened to learn its worth; None where that was not asked for.
    worth, least, most
        What the cost then falls by, and the interval that is proven [VND].
    """

    id: str
    unit: str
    used: int
    bound: int
    slack: int
    step: int | None
    worth: int | None
    least: int | None
    most: int | None

    @property
    def floor(self) -> bool:
        """Whether it is a floor: at least, not at most."""
        return self.id.startswith("floor|")


@dataclass(frozen=True)
class Level:
    """What a plan attains of an aim that comes before the cost.

    Attributes
    ----------
    name, of
        Such as "unmet" of "1", "max_min" of "vehicle/car", "floor_shortfall" of "".
    value, bound
        Units, or of "max_min" the smallest share met; the bound is what no plan can do better than.
    """

    name: str
    of: str
    value: Fraction
    bound: Fraction

    @property
    def share(self) -> bool:
        """Whether it is a share, of which more is better, and not units."""
        return self.name == _MAX_MIN


def limits_of(plan: PlanView) -> list[Limit]:
    """Return the rows of ``limits.csv``, none where the plan has no limits."""
    return [
        Limit(str(name), str(unit), *(None if value is None else int(value) for value in values))  # type: ignore[arg-type]  # the first three are never empty
        for name, unit, *values in plan.limits.itertuples(index=False, name=None)
    ]


def levels_of(plan: PlanView) -> list[Level]:
    """Return the levels of a plan, in their order."""
    return [
        Level(*str(one["name"]).partition("|")[::2], Fraction(str(one["value"])), Fraction(str(one["bound"])))
        for one in plan.summary.get("levels") or []
    ]


def status_words(plan: PlanView, lang: Lang) -> str:
    """Return what the status of a plan claims: under limits, of the plans that keep to them."""
    status = plan.summary["status"]
    rules, stability = plan.scenario.get("limits") or {}, plan.scenario.get("stability") or {}
    limited = any(value is not None and value != {} for value in rules.values())
    among = "limits" if limited or stability.get("pins") else "none"
    lost = lost_lines(plan)
    if plan.replan:
        among = "replan_lost" if lost else "replan"
    levels = levels_of(plan)
    if levels:
        proven = status == "FEASIBLE" and all(level.value == level.bound for level in levels)
        among = "levels_proven" if proven else "levels"
    usual = say(lang, f"status.{status}")
    return say(lang, f"limits.status.{among}.{status}", default=usual, lost=number(lang, len(lost)))


def limit_words(name: str, plan: PlanView, lang: Lang) -> str:
    """Return what a row is called, as a part of a sentence."""
    return row_words(name, lang, plan.province_names)


def limit_title(name: str, plan: PlanView, lang: Lang) -> str:
    """Return what a row is called, as a label."""
    words = limit_words(name, plan, lang)
    return words[:1].upper() + words[1:]


def level_words(level: Level, lang: Lang) -> str:
    """Return what a level is called."""
    of = key_word(lang, level.of) if level.share else level.of
    return say(lang, f"limits.level.{level.name}", default=level.name, of=of)


def amount(limit: Limit, value: int, lang: Lang) -> str:
    """Return an amount of a row with its unit."""
    if limit.unit == _MONEY:
        return money(lang, value)
    return say(lang, "limits.units", units=number(lang, value))


def binding(plan: PlanView) -> list[Limit]:
    """Return the budgets and caps that cost something: loosened they save money, or units lack for them."""
    named = _named(plan)

    def binds(limit: Limit) -> bool:
        used_up = limit.slack == 0 if limit.worth is None else limit.worth > 0
        return used_up or limit.id in named

    return [limit for limit in limits_of(plan) if not limit.floor and binds(limit)]


def limit_lines(plan: PlanView, lang: Lang) -> Iterator[str]:
    """Yield the lines of the summary: limits that bind, floors, and levels; none without them."""
    found = binding(plan)
    for limit in found[:_SHOWN]:
        yield say(
            lang,
            "limits.binds",
            limit=limit_words(limit.id, plan, lang),
            used=amount(limit, limit.used, lang),
            bound=amount(limit, limit.bound, lang),
            worth=_worth(limit, plan, lang),
        )
    if len(found) > _SHOWN:
        yield say(lang, "limits.more", count=number(lang, len(found) - _SHOWN))
    yield from _floors(plan, lang)
    yield from level_lines(plan, lang)


def level_lines(plan: PlanView, lang: Lang) -> Iterator[str]:
    """Yield a line for the units unmet by priority, and one for the smallest shares met."""
    levels = levels_of(plan)
    unmet = [
        say(
            lang,
            "limits.unmet_one",
            priority=level.of,
            value=number(lang, int(level.value)),
            proof=_proof(level, lang),
        )
        for level in levels
        if level.name == "unmet"
    ]
    shares = [
        say(
            lang,
            "limits.max_min_one",
            of=key_word(lang, level.of),
            value=_share(level.value, lang),
            proof=_proof(level, lang),
        )
        for level in levels
        if level.share
    ]
    for key, parts in (("unmet", unmet), (_MAX_MIN, shares)):
        if parts:
            yield say(lang, f"limits.{key}", levels="; ".join(parts))


def _floors(plan: PlanView, lang: Lang) -> Iterator[str]:
    # Those of max-min are as high as can be reached, and told as such.
    shared = {level.of for level in levels_of(plan) if level.share}
    floors = [limit for limit in limits_of(plan) if limit.floor and limit.id.split("|", 3)[-1] not in shared]
    if not floors:
        return
    missed = sorted((limit for limit in floors if limit.slack < 0), key=lambda limit: (limit.slack, limit.id))
    missing = ""
    if missed:
        groups = [
            say(
                lang,
                "limits.group",
                limit=limit_words(limit.id, plan, lang),
                used=number(lang, limit.used),
                bound=number(lang, limit.bound),
            )
            for limit in missed[:_SHOWN]
        ]
        if len(missed) > _SHOWN:
            groups.append(say(lang, "limits.and_more", count=number(lang, len(missed) - _SHOWN)))
        level = next((level for level in levels_of(plan) if level.name == _FLOORS), None)
        missing = say(
            lang,
            "limits.missing",
            units=number(lang, -sum(limit.slack for limit in missed)),
            proof="" if level is None else _proof(level, lang),
            groups="; ".join(groups),
        )
    reached = number(lang, len(floors) - len(missed))
    yield say(lang, "limits.floors", reached=reached, count=number(lang, len(floors)), missing=missing)


def _worth(limit: Limit, plan: PlanView, lang: Lang) -> str:
    if limit.step is None or limit.worth is None:
        # More of it goes to what comes before the cost: what it would then save is not asked.
        first = any(level.value for level in levels_of(plan) if not level.share)
        return say(lang, "limits.worth_first") if first else ""
    step = amount(limit, limit.step, lang)
    if limit.least == limit.most or limit.least is None or limit.most is None:
        return say(lang, "limits.worth_vnd", step=step, worth=money(lang, limit.worth))
    least, most = money(lang, limit.least), money(lang, limit.most)
    return say(lang, "limits.worth_between", step=step, least=least, most=most)


def _proof(level: Level, lang: Lang) -> str:
    if level.bound == level.value:
        return say(lang, "limits.proven")
    if level.share:
        return say(lang, "limits.at_most", bound=_share(level.bound, lang))
    return say(lang, "limits.at_least", bound=number(lang, int(level.bound)))


def _share(share: Fraction, lang: Lang) -> str:
    return percent(lang, Decimal(share.numerator) / share.denominator)


def _named(plan: PlanView) -> set[str]:
    """Return the rows for which units lack."""
    short = plan.shortfalls[plan.shortfalls["reason"].isin(["budget", "cross_province_max", "max_changes"])]
    return {str(_detail(text).get("row", "")) for text in short["detail"].dropna()}


def _detail(text: str) -> Mapping[str, Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
