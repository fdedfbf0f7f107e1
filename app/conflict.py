"""Where there is no plan: which rules cannot all hold, and what would lift the conflict (docs/limits.md)."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

from app.console import visible
from app.texts import day, money, number, say
from solver.explanation.row_words import row_words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.plans import PlanView
    from app.settings import Lang

INFEASIBLE = "INFEASIBLE"
#: Rules and ways out that are told at most; plan.json has all.
_SHOWN = 8
_NAME_LENGTH = 80


def is_infeasible(plan: PlanView) -> bool:
    """Tell whether the folder holds a proof that there is no plan."""
    return bool(plan.summary.get("status") == INFEASIBLE)


def conflict_lines(plan: PlanView, lang: Lang) -> list[str]:
    """Return the lines that say why there is no plan."""
    conflict = plan.summary["conflict"]
    rules, names = conflict["rules"], plan.province_names
    lines = [*title_lines(plan, lang), say(lang, "conflict.status")]
    if len(rules) == 1:
        lines.append(say(lang, "conflict.rule"))
    else:
        lines.append(say(lang, "conflict.rules" if conflict["checked"] else "conflict.rules_unchecked"))
    lines += [f"  - {_words(rule, lang, names)}" for rule in rules[:_SHOWN]]
    lines += _more(len(rules), lang)
    alone = [one for one in conflict["relaxations"] if one["alone"]]
    together = [one for one in conflict["relaxations"] if not one["alone"]]
    for at, one in enumerate(alone):
        words = {"way": _way(at, lang), "rule": _words(one["rule"], lang, names)}
        lines.append(say(lang, "conflict.alone", **words, **_amounts(one, lang)))
    if together:
        units = sum(one["limit"] - one["enough"] for one in together)
        words = {"units": number(lang, units), "least": number(lang, conflict["missed"])}
        lines.append(say(lang, "conflict.together", way=_way(len(alone), lang), **words))
        for one in together[:_SHOWN]:
            figures = _amounts(one, lang)
            lines.append(
                f"  - {say(lang, 'conflict.lowered', rule=_words(one['rule'], lang, names), **figures)}"
            )
        lines += _more(len(together), lang)
        lines.append(say(lang, "conflict.attainable"))
    return lines


def title_lines(plan: PlanView, lang: Lang) -> list[str]:
    """Return the lines of a summary that name the scenario, and say whether its data are made up."""
    name = visible(str(plan.summary.get("scenario") or "-"))
    name = name if len(name) <= _NAME_LENGTH else name[: _NAME_LENGTH - 1] + "…"
    date = day(lang, datetime.date.fromisoformat(str(plan.scenario["date"])))
    scope = plan.scenario.get("scope_province")
    key = "summary.title_province" if scope else "summary.title"
    lines = [say(lang, key, name=name, date=date, province=str(scope))]
    return [*lines, say(lang, "summary.synthetic")] if plan.summary["synthetic"] else lines


def no_plan_words(summary: Mapping[str, Any], names: Mapping[str, str], lang: Lang) -> str:
    """Return why a folder holds no plan, and what to do, in a sentence or two.

    Parameters
    ----------
    summary
        ``plan.json`` of a folder that proves that there is no plan.
    names
        Name of each province by its code.
    lang
        "en" or "vi".
    """
    rules = summary["conflict"]["rules"]
    words = [_words(rule, lang, names) for rule in rules[:_SHOWN]]
    if len(rules) > _SHOWN:
        words.append(say(lang, "conflict.more", count=number(lang, len(rules) - _SHOWN)))
    return say(
        lang, "conflict.no_plan_rule" if len(rules) == 1 else "conflict.no_plan", rules="; ".join(words)
    )


def _way(before: int, lang: Lang) -> str:
    return say(lang, "conflict.way_other" if before else "conflict.way")


def _words(rule: str, lang: Lang, names: Mapping[str, str]) -> str:
    if rule.startswith("norm|"):
        return say(lang, "conflict.norm", kind=visible(rule.removeprefix("norm|")))
    return row_words(rule, lang, names)


def _amounts(one: Mapping[str, Any], lang: Lang) -> dict[str, str]:
    shown = money if one["rule"].startswith("budget") else number
    return {name: shown(lang, one[name]) for name in ("limit", "enough", "least")}


def _more(count: int, lang: Lang) -> list[str]:
    return [f"  {say(lang, 'conflict.more', count=number(lang, count - _SHOWN))}"] if count > _SHOWN else []
