"""Where there is no plan: which rules cannot all hold, and what would lift the conflict (docs/limits.md)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.console import visible
from app.texts import money, number, say
from solver.explanation.row_words import row_words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.plans import PlanView
    from app.settings import Lang

INFEASIBLE = "INFEASIBLE"
#: Rules and ways out that are told at most; plan.json has all.
_SHOWN = 8


def is_infeasible(plan: PlanView) -> bool:
    """Tell whether the folder holds a proof that there is no plan."""
    return bool(plan.summary["status"] == INFEASIBLE)


def conflict_lines(plan: PlanView, lang: Lang) -> list[str]:
    """Return the lines that say why there is no plan."""
    conflict = plan.summary["conflict"]
    rules, names = conflict["rules"], plan.province_names
    name = visible(str(plan.summary.get("scenario") or "-"))
    lines = [f"Surplan: {name} ({plan.scenario.get('date') or '-'})", say(lang, "conflict.status")]
    lines.append(say(lang, "conflict.rules" if conflict["checked"] else "conflict.rules_unchecked"))
    lines += [f"  - {_words(rule, lang, names)}" for rule in rules[:_SHOWN]]
    lines += _more(len(rules), lang)
    together = [one for one in conflict["relaxations"] if not one["alone"]]
    for one in conflict["relaxations"]:
        if one["alone"]:
            lines.append(
                say(lang, "conflict.alone", rule=_words(one["rule"], lang, names), **_amounts(one, lang))
            )
    if together:
        units = sum(one["limit"] - one["enough"] for one in together)
        lines.append(
            say(lang, "conflict.together", units=number(lang, units), least=number(lang, conflict["missed"]))
        )
        for one in together[:_SHOWN]:
            figures = _amounts(one, lang)
            lines.append(
                f"  - {say(lang, 'conflict.lowered', rule=_words(one['rule'], lang, names), **figures)}"
            )
        lines += _more(len(together), lang)
        lines.append(say(lang, "conflict.attainable"))
    return lines


def _words(rule: str, lang: Lang, names: Mapping[str, str]) -> str:
    if rule.startswith("norm|"):
        return say(lang, "conflict.norm", kind=visible(rule.removeprefix("norm|")))
    return row_words(rule, lang, names)


def _amounts(one: Mapping[str, Any], lang: Lang) -> dict[str, str]:
    shown = money if one["rule"].startswith("budget") else number
    return {name: shown(lang, one[name]) for name in ("limit", "enough", "least")}


def _more(count: int, lang: Lang) -> list[str]:
    return [f"  {say(lang, 'conflict.more', count=number(lang, count - _SHOWN))}"] if count > _SHOWN else []
