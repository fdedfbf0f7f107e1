"""Counterfactuals, and what it would take, in sentences."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from solver.explanation.counterfactual_texts import TEXTS
from solver.explanation.row_words import row_words
from solver.explanation.words import day, key_word, kind_word, legal_words, money, number, tidy

if TYPE_CHECKING:
    from collections.abc import Mapping

    from solver.counterfactuals.model import Counterfactual
    from solver.explanation.need_words import Line

_SHOWN = 12
_PLACE = re.compile(r"{(\w+)(?:\?([^|{}]*)\|([^|{}]*))?}")


def told(lang: str, key: str, /, **words: str) -> str:
    """Return a sentence of `TEXTS` with its words filled in."""

    def filled(place: re.Match[str]) -> str:
        name, one, many = place.groups()
        return words[name] if many is None else str(one if words[name] == "1" else many)

    return _PLACE.sub(filled, TEXTS[key].vi if lang == "vi" else TEXTS[key].en)


def counterfactual_lines(one: Counterfactual, lang: str) -> list[Line]:
    """Return a counterfactual in sentences; the first line is the question."""
    manner = "forced" if one.units else "banned"
    names = {"asset": tidy(one.asset_id), "need": tidy(one.need_id)}
    lines = [(False, told(lang, manner, **names, units=number(lang, one.units)))]
    if one.outcome == "in_plan":
        return [*lines, (False, told(lang, f"in_plan.{manner}"))]
    if one.outcome == "ineligible" and one.state:
        return [*lines, (False, told(lang, f"blocked.{one.state}"))]
    if one.outcome == "ineligible":
        return [*lines, (False, told(lang, "ineligible", stage=told(lang, f"stage.{one.stage}")))]
    if one.outcome == "blocked":
        return [*lines, (False, _blocked(one, lang))]
    lines.append((False, _change(one, lang)))
    lines += [(False, line) for line in _against_the_plan_before(one, lang)]
    for level in one.levels:
        values = {key: _level_value(level, key, lang) for key in ("before", "after")}
        lines.append((False, told(lang, "level", name=_level_words(str(level["name"]), lang), **values)))
    if one.levels and one.better:
        lines.append((False, told(lang, "level.better")))
    if one.changes.empty:
        return [*lines, (False, told(lang, "displaced.none"))]
    return [*lines, (False, told(lang, "displaced")), *_displaced(one, lang)]


def _blocked(one: Counterfactual, lang: str) -> str:
    left = one.blocked_left or 0
    if one.state:
        return told(lang, f"blocked.{one.state}", left=number(lang, left))
    if one.blocked_by == "changes":
        needs = {} if one.blocked_needs is None else {"needs": number(lang, one.blocked_needs)}
        key = "blocked.changes" if needs else "blocked.changes.open"
        return told(lang, key, row=row_words("changes", lang, {}), left=number(lang, left), **needs)
    if one.blocked_by in ("asset", "need"):
        return _ends_have(one, lang)
    if one.blocked_by in ("pin", "room", "floors"):
        return told(lang, f"blocked.{one.blocked_by}", left=number(lang, left))
    words = money(lang, left) if one.blocked_by.startswith("budget") else number(lang, left)
    return told(lang, "blocked.row", row=row_words(one.blocked_by, lang, {}), left=words)


def _ends_have(one: Counterfactual, lang: str) -> str:
    """Say what asset and need have, since one of them has too little; premises have no units."""
    fixed = {
        name: told(lang, key, fixed=number(lang, units)) if units else ""
        for name, key, units in (
            ("has_fixed", "blocked.fixed_for", one.asset_fixed),
            ("wants_fixed", "blocked.fixed_from", one.need_fixed),
        )
    }
    return told(
        lang,
        "blocked.places" if one.asset_units is None else "blocked.units",
        asset=tidy(one.asset_id),
        need=tidy(one.need_id),
        has=number(lang, one.asset_units or 0),
        wants=number(lang, one.need_units or 0),
        **fixed,
    )


def _level_words(name: str, lang: str) -> str:
    kind, _, of = name.partition("|")
    words = key_word(lang, of) if kind == "max_min" else of
    return told(lang, f"level.{kind}", of=words) if f"level.{kind}" in TEXTS else name


def _level_value(level: Mapping[str, Any], key: str, lang: str) -> str:
    """Write units, or a share as the fraction that it is."""
    value = str(level[key])
    return value if "/" in value else number(lang, value)


def _change(one: Counterfactual, lang: str) -> str:
    change = one.change_vnd or 0
    key = "change.more" if change > 0 else "change.less" if change < 0 else "change.same"
    better = one.better and not one.levels
    bounds = {
        name: "" if vnd is None else money(lang, vnd)
        for name, vnd in (("least", one.least_vnd), ("most", one.most_vnd))
    }
    proof = "exact" if one.exact else "between" if all(bounds.values()) else ""
    proof = proof or ("least" if bounds["least"] else "most" if bounds["most"] else "open")
    if better:
        key, proof = "change.better", _of_better(proof)
    exact = "" if not proof else told(lang, f"change.{proof}", **bounds)
    return told(
        lang, key, vnd=money(lang, abs(change)), total=money(lang, one.objective_vnd or 0), exact=exact
    )


def _against_the_plan_before(one: Counterfactual, lang: str) -> list[str]:
    """Say how many changes of a re-plan there are, what they make of the price, and whether they are all."""
    if one.changes_now is None or one.changes_then is None:
        return []
    each, more = one.change_price_vnd or 0, one.changes_then - one.changes_now
    key = "same" if not more else "free" if not each else "more" if more > 0 else "fewer"
    counts = {"now": number(lang, one.changes_now), "then": number(lang, one.changes_then)}
    vnd = {"each": money(lang, each), "vnd": money(lang, abs(each * more))}
    lines = [told(lang, f"changes.{key}", **counts, **vnd)]
    if one.changes_then == one.max_changes:
        row = row_words("changes", lang, {})
        lines.append(told(lang, "changes.used", row=row, most=number(lang, one.max_changes)))
    return lines


def _of_better(proof: str) -> str:
    """Name what is proven of a price where the plan found is better: the least is 0 then, no news."""
    return f"better_{proof}" if proof in ("between", "most") else ""


def _displaced(one: Counterfactual, lang: str) -> list[Line]:
    parts: dict[str, list[str]] = defaultdict(list)
    for row in one.changes.to_dict("records"):
        more = int(row["units_after"]) - int(row["units_before"])
        words = {"units": number(lang, abs(more)), "asset": tidy(str(row["asset_id"]))}
        parts[str(row["need_id"])].append(told(lang, "line.more" if more > 0 else "line.less", **words))
    met = {
        need["need_id"]: told(
            lang, "line.met", before=number(lang, need["before"]), after=number(lang, need["after"])
        )
        for need in one.needs
    }
    order = sorted(parts, key=lambda need: (need != one.need_id, need not in met, need))
    lines = [
        told(lang, "line", need=tidy(need), parts=", ".join(parts[need]), met=met.get(need, ""))
        for need in order[:_SHOWN]
    ]
    if len(order) > _SHOWN:
        lines.append(told(lang, "line.rest", count=number(lang, len(order) - _SHOWN)))
    for asset in one.assets[:_SHOWN]:
        key = _use_key(asset)
        counts = {name: number(lang, asset[name]) for name in ("before", "after")}
        lines.append(told(lang, key, asset=tidy(asset["asset_id"]), **counts))
    if len(one.assets) > _SHOWN:
        lines.append(told(lang, "asset.rest", count=number(lang, len(one.assets) - _SHOWN)))
    return [(True, line) for line in lines]


def _use_key(asset: Mapping[str, Any]) -> str:
    if asset["after"] > asset["before"]:
        return "asset.much" if asset["before"] else "asset.more"
    return "asset.little" if asset["after"] else "asset.less"


def take_words(take: Mapping[str, Any], lang: str, provinces: Mapping[str, str]) -> str:
    """Return what it would take as a sentence.

    Parameters
    ----------
    take
        Figures of ``solver.counterfactuals.takes``.
    lang
        "en" or "vi".
    provinces
        Name of each province by its code.
    """
    return told(lang, "take.head", what=_take(take, lang, provinces))


def _take(take: Mapping[str, Any], lang: str, provinces: Mapping[str, str]) -> str:
    reason = take["reason"]
    if f"stage.{reason}" in TEXTS:
        return _stage(take, lang)
    if reason == "norm":
        rows = [
            told(
                lang,
                "take.norm.row",
                needed=number(lang, row["needed"]),
                now=number(lang, row["now"]),
                key=key_word(lang, row["key"]),
            )
            for row in take["rows"]
        ]
        return told(lang, "take.norm", rows="; ".join(rows))
    if reason == "budget":
        rows = [
            told(
                lang,
                "take.budget.row",
                vnd=money(lang, row["more_vnd"]),
                row=row_words(row["row"], lang, provinces),
            )
            for row in take["rows"]
        ]
        return told(lang, "take.budget", rows="; ".join(rows))
    if reason == "cross_province_max":
        rows = [
            told(
                lang,
                "take.cross.row",
                row=row_words(row["row"], lang, provinces),
                needed=number(lang, row["needed"]),
            )
            for row in take["rows"]
        ]
        return told(lang, "take.cross_province_max", rows="; ".join(rows))
    if reason == "max_changes":
        return _max_changes(take, lang)
    if reason == "pinned":
        return told(lang, "take.pinned", asset=tidy(take["asset_id"]), serves=tidy(take["serves"]))
    if reason == "equity":
        row = take["row"]
        key = "take.equity" if row else "take.equity.some"
        return told(lang, key, row=row_words(row, lang, provinces) if row else "")
    if reason in ("too_dear", "outbid") and take["more_vnd"] is not None:
        factor = told(lang, "take.factor", factor=number(lang, take["factor"])) if take["factor"] else ""
        key = (
            "take.alone"
            if take.get("alone")
            else "take.too_dear"
            if reason == "too_dear"
            else f"take.outbid.{'exact' if take['exact'] else 'least'}"
        )
        return told(lang, key, vnd=money(lang, take["more_vnd"]), factor=factor)
    key = f"take.{reason}" if f"take.{reason}" in TEXTS else "take.unproven"
    ended = f"{key}.{take.get('search')}"
    return told(lang, ended if ended in TEXTS else key)


def _max_changes(take: Mapping[str, Any], lang: str) -> str:
    """Name what keeps a change from a need: their limit, their price, or both."""
    rows = [
        told(lang, "take.cross.row", row=row_words(row["row"], lang, {}), needed=number(lang, row["needed"]))
        for row in take["rows"]
    ]
    if take["below_vnd"] is not None:
        rows.append(told(lang, "take.change_price", vnd=money(lang, take["below_vnd"])))
    return told(lang, "take.max_changes", rows="; ".join(rows)) if rows else told(lang, "take.outbid")


def _stage(take: Mapping[str, Any], lang: str) -> str:
    reason, value = take["reason"], take["value"]
    if not take["asset_id"]:
        return told(lang, "take.nothing")
    key = f"take.{reason}" if value or f"take.{reason}.unknown" not in TEXTS else f"take.{reason}.unknown"
    if reason == "date":
        value = day(lang, value)
    elif reason == "legal_status":
        value = legal_words(lang, [value])
    elif reason == "no_asset":
        value = kind_word(lang, take["category"], value)
    elif value:
        value = number(lang, value)
    then = take["then"]
    more = told(lang, "take.then", stage=told(lang, f"stage.{then}")) if then else ""
    more = more if then or then is None else told(lang, "take.passes")
    return told(lang, key, asset=tidy(take["asset_id"]), value=value) + more
