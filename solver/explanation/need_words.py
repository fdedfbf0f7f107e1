"""The explanation of a need in sentences, from its facts."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from solver.explanation.catalogue import CATALOGUE
from solver.explanation.change_words import counted
from solver.explanation.limit_words import LIMIT_REASONS, limit_reason
from solver.explanation.transfer_words import (
    asset_name,
    gap_words,
    goes_words,
    rules_words,
    transfer_line,
    unit_word,
)
from solver.explanation.words import (
    day,
    key_word,
    kind_word,
    legal_words,
    money,
    number,
    place_words,
    say,
    tidy,
)
from solver.tables.kinds import PURPOSES, label

if TYPE_CHECKING:
    from solver.explanation.tables import Facts

#: A line, and whether it is an item of the list that the line before begins.
Line = tuple[bool, str]

_STAGES = (
    *("no_asset", "too_small", "condition", "age", "legal_status", "date", "within_commune", "no_distance"),
    *("reach", "province_rule", "banned", "freedom"),
)


#: Reasons that lie outside the premises, whatever room they have.
_NOT_OF_ROOM = ("norm", "budget", "cross_province_max", "max_changes")
#: Reasons that speak of the cost of the whole.
_OF_WHOLE = ("outbid", "unproven")


def need_lines(outcome: str, facts: Facts, lang: str) -> list[Line]:
    """Return what happens to a need and why; the first line is the outcome."""
    words = {
        "id": tidy(facts["need_id"]),
        "units": number(lang, facts["units"]),
        "met": number(lang, facts["met"]),
        "unmet": number(lang, facts["unmet"]),
        "scope": facts["scope_province"],
    }
    lines = [(False, say(lang, f"need.{outcome}", **words)), (False, _asked(facts, lang))]
    if facts["price"]["source"]:
        lines.append((False, _price(facts, lang)))
    if facts["transfers"]:
        lines.append((False, say(lang, "received")))
        lines += [(True, transfer_line(one, lang, "from")) for one in facts["transfers"]]
    if facts["shortfall"]:
        lines += [(False, line) for line in _shortfall(facts, lang)]
    return lines


def _asked(facts: Facts, lang: str) -> str:
    kinds = say(lang, "or").join(kind_word(lang, facts["category"], kind) for kind in facts["kinds"])
    if not kinds:
        key = "asked.any_premises" if facts["category"] == "premises" else "asked.any"
        kinds = say(lang, key, category=kind_word(lang, facts["category"], ""))
    optional = {
        "purpose": ("purpose", label(PURPOSES, facts["purpose"], lang)),
        "recipient": ("recipient", tidy(facts["recipient"])),
        "place": ("place", place_words(lang, facts)),
        "condition": ("pct", number(lang, facts["min_condition_pct"] or 0)),
        "reach": ("km", number(lang, facts["reach_km"] or 0)),
        "deadline": ("day", day(lang, facts["deadline"])),
        "until": ("day", day(lang, facts["until"])),
    }
    given = {"condition": facts["min_condition_pct"], "reach": facts["reach_km"]}
    parts = [
        say(lang, f"asked.{key}", **{name: word})
        for key, (name, word) in optional.items()
        if given.get(key, word)
    ]
    return say(lang, "asked", what="; ".join([_asked_units(facts, lang), kinds, *parts]))


def _asked_units(facts: Facts, lang: str) -> str:
    units = number(lang, facts["units"])
    if facts["category"] != "premises":
        return say(lang, "asked.units", units=units)
    if not facts["area_m2"]:
        return say(lang, "asked.places_bare", units=units)
    each = say(lang, "asked.each") if facts["units"] > 1 else ""
    return say(lang, "asked.places", units=units, area=number(lang, facts["area_m2"]), each=each)


def _price(facts: Facts, lang: str) -> str:
    price = facts["price"]
    total = price["with_factor_vnd"]
    per_m2 = price["key"] and facts["category"] == "premises" and facts["area_m2"]
    return say(
        lang,
        f"price.{price['source']}",
        unit=unit_word(facts["category"], lang),
        vnd=money(lang, price["vnd"]),
        key=key_word(lang, price["key"]) if price["key"] else "",
        per_m2=say(lang, "price.per_m2", area=number(lang, facts["area_m2"])) if per_m2 else "",
        factor=number(lang, price["factor"]),
        priority=str(price["priority"]),
        source=say(lang, f"price.priority_{price['priority_source']}"),
        total="" if total is None else say(lang, "price.total", vnd=money(lang, total)),
    )


def _shortfall(facts: Facts, lang: str) -> list[str]:
    """Say why units are unmet, what lies behind it, and what it means."""
    short, category = facts["shortfall"], facts["category"]
    reason, detail = short["reason"], short["detail"]
    unit = unit_word(category, lang)
    lines = [say(lang, "why", units=number(lang, short["units"]), reason=_reason(facts, lang))]
    stages = [
        say(lang, "left.one", stage=say(lang, f"stage.{stage}"), count=number(lang, detail["left"][stage]))
        for stage in _STAGES
        if stage in detail.get("left", {})
    ]
    if stages and reason in _STAGES:
        lines.append(say(lang, "left", stages="; ".join(stages)))
    if "cheapest" in short and (reason != "too_dear" or _dearer(short) < 0):
        lines.append(_cheapest(facts, lang))
        room = short["cheapest"]["room"]
        if room and reason not in _NOT_OF_ROOM:
            words = {key: number(lang, room[f"{key}_m2"]) for key in ("area", "taken", "left")}
            lines.append(say(lang, "room", **words))
    # An asset that serves this very need with all it has is no other's: nobody was preferred there.
    if reason == "outbid" and "outbid_by_vnd" in detail and detail.get("goes_to") != facts["need_id"]:
        lines.append(_outbid_by(facts, lang))
    if reason in _OF_WHOLE:
        lines += counted(short, lang)
    if reason in _STAGES:
        listed = reason == "no_asset" and short["listed"]
        clause = say(lang, "change.no_asset_listed" if listed else f"change.{reason}")
        lines.append(say(lang, "change.test", clause=clause))
    elif f"change.{reason}" in CATALOGUE:
        ended = f"change.{reason}.{short['search']}"
        key = ended if ended in CATALOGUE else f"change.{reason}"
        lines.append(say(lang, key, unit=unit, gaps=", ".join(short["gaps"])))
    return lines


def _reason(facts: Facts, lang: str) -> str:
    short, limits = facts["shortfall"], facts["shortfall"]["limits"]
    reason, detail = short["reason"], short["detail"]
    price = money(lang, short["price_vnd"])
    unit = unit_word(facts["category"], lang)
    if reason == "no_asset":
        if short["listed"]:
            return say(lang, "no_asset_listed")
        scope = facts["scope_province"]
        where = say(lang, "no_asset.scope", scope=scope) if scope else ""
        return say(lang, "no_asset", category=kind_word(lang, facts["category"], ""), scope=where)
    if reason == "too_small":
        if "area_m2" not in limits:
            return say(lang, "too_small_listed")
        most = detail.get("largest_m2")
        largest = say(lang, "too_small.largest", largest=number(lang, most)) if most else ""
        return say(lang, "too_small", area=number(lang, limits["area_m2"]), largest=largest)
    if reason in ("condition", "age", "legal_status", "date", "reach"):
        return say(lang, reason, limit=_limit(reason, limits, lang), nearest=_nearest(detail, lang))
    if reason == "freedom":
        return say(lang, reason, where=say(lang, f"freedom.{limits['freedom']}"))
    if reason in ("within_commune", "no_distance", "province_rule", "banned"):
        return say(lang, reason)
    if reason == "norm":
        return _norm(short, lang)
    if reason in LIMIT_REASONS:
        return limit_reason(short, lang)
    if reason == "too_dear":
        return _too_dear(facts, lang)
    if reason in ("outbid", "unproven"):
        key = "outbid.premises" if (reason, facts["category"]) == ("outbid", "premises") else reason
        if short["among"] == "levels":  # there an eligible asset may be used whatever it costs
            key = f"{reason}.levels"
        rules = rules_words(short, lang)
        return say(lang, key, unit=unit, price=price, rules=rules, **gap_words(short, lang))
    return say(lang, "reason_unknown", code=tidy(reason))


def _limit(reason: str, limits: Facts, lang: str) -> str:
    if not limits:
        return ""
    words = {
        "legal_status": lambda: legal_words(lang, limits["legal_status"]),
        "deadline": lambda: day(lang, limits["deadline"]),
    }
    filled = {name: words[name]() if name in words else number(lang, limits[name]) for name in limits}
    return say(lang, f"{reason}.limit", **filled)


def _nearest(detail: Facts, lang: str) -> str:
    near = detail.get("nearest_km")
    return say(lang, "reach.nearest", nearest=number(lang, near)) if near else ""


def _norm(short: Facts, lang: str) -> str:
    norm, may = short.get("norm"), int(short["detail"].get("may_receive", 0))
    if norm is None:
        return say(lang, "reason_unknown", code="norm")
    limit = ""
    if norm["max"] is not None and max(0, int(Decimal(norm["max"])) - norm["in_use"]) == may:
        limit = say(lang, "norm.limit", max=number(lang, norm["max"]), in_use=number(lang, norm["in_use"]))
    key = key_word(lang, norm["key"])
    return say(lang, "norm" if may else "norm.none", key=key, limit=limit, may=number(lang, may))


def _opening(detail: Facts, lang: str) -> str:
    opening = detail.get("opening_vnd")
    return say(lang, "opening", vnd=money(lang, opening)) if opening else ""


def _too_dear(facts: Facts, lang: str) -> str:
    short, detail = facts["shortfall"], facts["shortfall"]["detail"]
    if "cheapest" not in short:
        return say(lang, "reason_unknown", code="too_dear")
    dearer = _dearer(short)
    if dearer < 0:  # a cheaper one is there, and limits keep it from this need
        unit = unit_word(facts["category"], lang)
        return say(lang, "too_dear.rest", unit=unit, price=money(lang, short["price_vnd"]))
    return say(
        lang,
        "too_dear" if dearer else "too_dear.even",
        unit=unit_word(facts["category"], lang),
        price=money(lang, short["price_vnd"]),
        asset=asset_name(short["cheapest"], lang),
        cost=money(lang, detail["cheapest_cost_vnd"]),
        opening=_opening(detail, lang),
        dearer=money(lang, dearer),
    )


def _dearer(short: Facts) -> int:
    """Return by how much the cheapest eligible asset is dearer than leaving a unit unmet [VND]."""
    detail = short["detail"]
    return int(detail["cheapest_cost_vnd"]) + int(detail.get("opening_vnd", 0)) - int(short["price_vnd"])


def _cheapest(facts: Facts, lang: str) -> str:
    short, detail = facts["shortfall"], facts["shortfall"]["detail"]
    return say(
        lang,
        "cheapest",
        asset=asset_name(short["cheapest"], lang),
        cost=money(lang, detail["cheapest_cost_vnd"]),
        opening=_opening(detail, lang),
        goes=goes_words(short["cheapest"], facts["need_id"], lang),
    )


def _outbid_by(facts: Facts, lang: str) -> str:
    short = facts["shortfall"]
    by = int(short["detail"]["outbid_by_vnd"])
    nearest = short.get("nearest") or short.get("cheapest")
    asset = ""
    if nearest:
        asset = say(lang, "by.asset", asset=asset_name(nearest, lang))
    return say(lang, "by" if by else "by.even", vnd=money(lang, by), asset=asset)
