"""The explanation of an asset in sentences, from its facts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from solver.explanation.catalogue import CATALOGUE
from solver.explanation.change_words import counted
from solver.explanation.transfer_words import (
    asset_name,
    gap_words,
    needs_words,
    rules_words,
    transfer_line,
)
from solver.explanation.words import key_word, kind_word, money, number, place_words, say, tidy
from solver.tables.kinds import LEGAL_STATUSES, STATUSES, label

if TYPE_CHECKING:
    from solver.explanation.need_words import Line
    from solver.explanation.tables import Facts

_SHOWN = 20


def asset_lines(outcome: str, facts: Facts, lang: str) -> list[Line]:
    """Return what happens to an asset and why; the first line is the outcome."""
    release = facts["release"]
    words = {
        "id": tidy(facts["asset_id"]),
        "units": number(lang, facts["units"]),
        "moved": number(lang, facts["moved"]),
        "left": number(lang, release["units"]) if release else "",
        "scope": facts["scope_province"],
    }
    lines = [(False, say(lang, f"asset.{outcome}", **words)), (False, _what(facts, lang))]
    if facts["status"] == "in_use":
        lines += [(False, line) for line in _norms(facts, lang)]
    if facts["house"]:
        house = facts["house"]
        line = say(lang, "house", asset=asset_name(house, lang), fate=_fate(house, lang))
        lines.append((False, line))
    if facts["transfers"]:
        lines.append((False, say(lang, "goes")))
        lines += [(True, transfer_line(one, lang, "to")) for one in facts["transfers"]]
    if facts["room"]:
        room = facts["room"]
        figures = {key: number(lang, room[f"{key}_m2"]) for key in ("area", "taken", "left")}
        lines.append((False, say(lang, "housed", places=number(lang, room["places"]), **figures)))
    if release:
        lines += [(False, line) for line in _release(facts, lang)]
    if facts["attached"]:
        lines.append((False, say(lang, "attached")))
        lines += [(True, line) for line in _attached(facts["attached"], lang)]
    return lines


def _what(facts: Facts, lang: str) -> str:
    premises = facts["category"] == "premises"
    condition, status, legal = facts["condition_pct"], facts["status"], facts["legal_status"]
    plate, name, place = tidy(facts["official_id"]), tidy(facts["name"]), place_words(lang, facts)
    parts = [
        kind_word(lang, facts["category"], facts["kind"]),
        name,
        say(lang, "what.plate", plate=plate) if plate else "",
        "" if premises else say(lang, "what.units", units=number(lang, facts["units"])),
        say(lang, "what.area", area=number(lang, facts["area_m2"])) if facts["area_m2"] else "",
        say(lang, "asked.place", place=place) if place else "",
        say(lang, "what.condition", pct=number(lang, condition))
        if condition
        else say(lang, "what.no_condition"),
        say(lang, "what.year", year=facts["year"]) if facts["year"] else "",
        say(lang, "what.status", status=label(STATUSES, status, lang)) if status else "",
        say(lang, "what.legal", legal=label(LEGAL_STATUSES, legal, lang)) if legal else "",
    ]
    return say(lang, "what", what="; ".join(filter(None, parts)))


def _norms(facts: Facts, lang: str) -> list[str]:
    if not facts["norms"]:
        return [say(lang, "norms.none")]
    return [
        say(
            lang,
            "norms.one",
            key=key_word(lang, norm["key"]),
            max=number(lang, norm["max"]),
            in_use=number(lang, norm["in_use"]),
        )
        for norm in facts["norms"]
    ]


def _release(facts: Facts, lang: str) -> list[str]:
    release = facts["release"]
    key, premises = f"stays.{release['reason']}", facts["category"] == "premises"
    if premises and f"{key}_premises" in CATALOGUE:
        key = f"{key}_premises"
    if key in CATALOGUE:
        reason = say(lang, key, rules=rules_words(release, lang), **gap_words(release, lang))
    else:
        reason = say(lang, "reason_unknown", code=tidy(release["reason"]))
    lines = [
        say(lang, "stays.it" if premises else "stays", units=number(lang, release["units"]), reason=reason),
        *(counted(release, lang) if release["reason"] in ("met", "unproven") else []),
        say(lang, "proposed", disposition=_disposition(release["disposition"], lang)),
    ]
    if release["value_vnd"]:
        lines.append(say(lang, "value", vnd=money(lang, release["value_vnd"])))
    return lines


def _disposition(code: str, lang: str) -> str:
    key = f"disposition.{code}"
    return say(lang, key) if key in CATALOGUE else tidy(code)


def _attached(items: list[Facts], lang: str) -> list[str]:
    lines = [
        say(
            lang,
            "attached.one",
            units=number(lang, item["units"]),
            asset=asset_name(item, lang),
            fate=_fate(item, lang),
        )
        for item in items[:_SHOWN]
    ]
    if len(items) > _SHOWN:
        lines.append(say(lang, "attached.more", count=number(lang, len(items) - _SHOWN)))
    return lines


def _fate(item: Facts, lang: str) -> str:
    """Say where a house, or something attached to one, goes; its status where the plan has no line for it."""
    needs = needs_words(item, "", lang)
    if needs:
        return say(lang, "fate.to", needs=needs)
    if item["disposition"]:
        return say(lang, "fate.disposition", disposition=_disposition(item["disposition"], lang))
    status = item["status"]
    return say(lang, "fate.status", status=label(STATUSES, status, lang)) if status else ""
