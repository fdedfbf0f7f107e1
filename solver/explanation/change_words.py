"""What a re-plan changed, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from solver.explanation.catalogue import CATALOGUE
from solver.explanation.transfer_words import asset_name, need_name
from solver.explanation.words import money, number, say, tidy

if TYPE_CHECKING:
    from solver.explanation.tables import Facts


def change_lines(facts: Facts, lang: str, side: str) -> list[tuple[bool, str]]:
    """Return the lines of what changed, none where nothing did; ``side`` : as of ``transfer_line``."""
    if not facts["changes"]:
        return []
    told = [(True, _line(one, lang, side)) for one in facts["changes"]]
    return [(False, say(lang, "replan.head")), *told]


def gone_line(subject: str, identifier: str, lang: str) -> str:
    """Say that only the plan before had a need or an asset."""
    return say(lang, f"{subject}.gone", id=tidy(identifier))


def counted(facts: Facts, lang: str) -> list[str]:
    """Say that costs hold the price of a change, where they do."""
    price = facts["change_vnd"]
    return [say(lang, "counts.change", vnd=money(lang, price))] if price else []


def _reason(one: Facts, lang: str) -> str:
    """Return why a line changed, as a part of a sentence."""
    reason = "more" if one["reason"] == "new" and one["units_before"] else one["reason"]
    if f"replan.{reason}" in CATALOGUE:
        return say(lang, f"replan.{reason}")
    if f"stage.{reason}" in CATALOGUE:
        return say(lang, "replan.stage", stage=say(lang, f"stage.{reason}"))
    return tidy(reason)


def _line(one: Facts, lang: str, side: str) -> str:
    ends = {"from": {"asset": asset_name(one["asset"], lang)}, "to": {"need": need_name(one["need"], lang)}}
    return say(
        lang,
        f"replan.{side}",
        before=number(lang, one["units_before"]),
        after=number(lang, one["units_after"]),
        reason=_reason(one, lang),
        saves=_saves(one, lang),
        **ends[side],
    )


def _saves(one: Facts, lang: str) -> str:
    saved, lines = one["saves_vnd"], one["group_lines"]
    if saved is None:
        return say(lang, "replan.forced")
    key = "saves" if saved >= 0 else "costs"
    vnd = money(lang, abs(saved))
    if lines == 1:
        return say(lang, f"replan.{key}", vnd=vnd)
    words = {"lines": number(lang, lines), "group": number(lang, one["group"])}
    return say(lang, f"replan.group_{key}", vnd=vnd, **words)
