"""Why limits, floors and pins leave a need unmet, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from solver.explanation.row_words import row_words
from solver.explanation.transfer_words import asset_name, need_name
from solver.explanation.words import money, number, say, tidy

if TYPE_CHECKING:
    from solver.explanation.tables import Facts

LIMIT_REASONS = ("pinned", "budget", "cross_province_max", "equity")


def limit_reason(short: Facts, lang: str) -> str:
    """Return the sentence of a shortfall whose reason is one of `LIMIT_REASONS`."""
    reason, detail = short["reason"], short["detail"]
    row = row_words(short["row"]["id"], lang, short["row"]["provinces"]) if "row" in short else ""
    if reason == "pinned":
        return say(lang, "pinned", example=_example(short, lang))
    if reason == "equity":
        missed = say(lang, "equity.row", row=row) if row else ""
        return say(lang, "equity", example=_example(short, lang), row=missed)
    if not row:
        return say(lang, "reason_unknown", code=tidy(reason))
    if reason == "budget":
        amounts = {"left": detail["left_vnd"], "least": detail["least_spend_vnd"]}
        return say(lang, "budget", row=row, **{name: money(lang, vnd) for name, vnd in amounts.items()})
    bound = detail.get("bound")
    limit = "" if bound is None else say(lang, "cross_province_max.bound", bound=number(lang, bound))
    return say(lang, "cross_province_max", row=row, bound=limit)


def _example(short: Facts, lang: str) -> str:
    if "nearest" not in short or "serves" not in short:
        return ""
    asset, need = asset_name(short["nearest"], lang), need_name(short["serves"], lang)
    return say(lang, "example.serves", asset=asset, need=need)
