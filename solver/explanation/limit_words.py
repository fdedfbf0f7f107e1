"""Why limits, floors and pins leave a need unmet, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from solver.explanation.row_words import row_words
from solver.explanation.transfer_words import asset_name, need_name, unit_word
from solver.explanation.words import money, number, say, tidy

if TYPE_CHECKING:
    from solver.explanation.tables import Facts

LIMIT_REASONS = ("pinned", "budget", "cross_province_max", "equity", "max_changes")


def limit_reason(short: Facts, lang: str) -> str:
    """Return the sentence of a shortfall whose reason is one of `LIMIT_REASONS`."""
    reason, detail = short["reason"], short["detail"]
    row = row_words(short["row"]["id"], lang, short["row"]["provinces"]) if "row" in short else ""
    if reason == "pinned":
        key = "pinned.replan" if short["among"] == "replan" else "pinned"
        return say(lang, key, example=_example(short, lang))
    if reason == "equity":
        missed = say(lang, "equity.row", row=row) if row else ""
        return say(lang, "equity", example=_example(short, lang), row=missed)
    if reason == "max_changes":
        return say(lang, reason, why=_why_no_change(short, row, lang))
    if not row:
        return say(lang, "reason_unknown", code=tidy(reason))
    if reason == "budget":
        amounts = {"left": detail["left_vnd"], "least": detail["least_spend_vnd"]}
        return say(lang, "budget", row=row, **{name: money(lang, vnd) for name, vnd in amounts.items()})
    bound = detail.get("bound")
    limit = "" if bound is None else say(lang, "cross_province_max.bound", bound=number(lang, bound))
    return say(lang, "cross_province_max", row=row, bound=limit)


def _why_no_change(short: Facts, row: str, lang: str) -> str:
    """Say whether the limit of changes stands in the way, or their price; or either, where there are both."""
    detail, told = short["detail"], []
    if row:
        told.append(say(lang, "max_changes.limit", row=row, bound=number(lang, detail["bound"])))
    if detail["change_price_vnd"]:
        words = {"vnd": money(lang, detail["change_price_vnd"]), "price": money(lang, short["price_vnd"])}
        told.append(say(lang, "max_changes.price", unit=unit_word(short["category"], lang), **words))
    if len(told) < 2:
        return "".join(told)
    return say(lang, "max_changes.either", limit=told[0], price=told[1])


def _example(short: Facts, lang: str) -> str:
    if "nearest" not in short or "serves" not in short:
        return ""
    asset, need = asset_name(short["nearest"], lang), need_name(short["serves"], lang)
    return say(lang, "example.serves", asset=asset, need=need)
