"""A transfer in words, and the names of the assets and needs at its ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from solver.explanation.words import day, form_word, kind_word, money, number, place_words, say, tidy

if TYPE_CHECKING:
    from solver.explanation.tables import Facts

_SHOWN = 3


def unit_word(category: str, lang: str) -> str:
    """Return what a unit of a category is called."""
    return say(lang, "unit.premises" if category == "premises" else "unit.movable")


def asset_name(asset: Facts, lang: str) -> str:
    """Return the id of an asset and what it is known by."""
    if not asset["category"]:  # gone from the tables
        return tidy(asset["asset_id"])
    known = [tidy(asset["name"]), tidy(asset["official_id"])]
    about = ", ".join([kind_word(lang, asset["category"], asset["kind"]), *filter(None, known)])
    return f"{tidy(asset['asset_id'])} ({about})"


def rules_words(facts: Facts, lang: str) -> str:
    """Say among which plans there is no better one, "" among all."""
    return say(lang, f"rules.{facts['among']}") if facts["among"] else ""


def gap_words(facts: Facts, lang: str) -> dict[str, str]:
    """Say whose gap is open, and how wide it is."""
    return {"of": say(lang, f"gap.{facts['gap_of']}"), "gap": money(lang, facts["gap_vnd"])}


def need_name(need: Facts, lang: str) -> str:
    """Return the id of a need, its recipient and its place."""
    about = ", ".join(filter(None, [tidy(need["recipient"]), place_words(lang, need)]))
    return f"{tidy(need['need_id'])} ({about})" if about else tidy(need["need_id"])


def needs_words(asset: Facts, this: str, lang: str) -> str:
    """Name the needs that an asset goes to, "" for none; ``this`` : the need that is told of."""
    goes = asset["goes_to"]
    named = [
        say(lang, "goes.this") if need["need_id"] == this else tidy(need["need_id"])
        for need in sorted(goes, key=lambda need: (need["need_id"] != this, need["need_id"]))[:_SHOWN]
    ]
    if len(goes) > _SHOWN:
        named.append(say(lang, "goes.more", count=number(lang, len(goes) - _SHOWN)))
    return ", ".join(named)


def goes_words(asset: Facts, this: str, lang: str) -> str:
    """Say in brackets where an asset goes in the plan."""
    needs = needs_words(asset, this, lang)
    if asset["category"] == "premises":
        return say(lang, "goes.houses", needs=needs) if needs else say(lang, "goes.unused")
    return say(lang, "goes.to", needs=needs) if needs else say(lang, "goes.nowhere")


def transfer_line(one: Facts, lang: str, side: str) -> str:
    """Return one transfer as a line; ``side`` : "from" names the asset, "to" the need."""
    asset, need = one["asset"], one["need"]
    unit = unit_word(asset["category"], lang)
    units = number(lang, one["units"])
    unit_words = {"units": units, "unit": f"{unit}s" if lang == "en" and one["units"] != 1 else unit}
    if side == "from":
        head = say(lang, "transfer.from", asset=asset_name(asset, lang), **unit_words)
        head = ", ".join(filter(None, [head, place_words(lang, asset)]))
    else:
        head = say(lang, "transfer.to", need=need_name(need, lang), **unit_words)
    parts = [head, *_distance(one, lang), _cost(one, lang)]
    if one["pinned"]:
        pinned = "transfer.pinned" if one["pinned"] == one["units"] else "transfer.partly_pinned"
        parts.append(say(lang, pinned, units=number(lang, one["pinned"])))
    if one["state"] in ("signed", "executed"):
        parts.append(say(lang, f"transfer.{one['state']}"))
    if one["form"]:
        parts.append(say(lang, "transfer.form", form=form_word(lang, one["form"])))
    if one["authority"]:
        authority = one["authority"] if lang == "vi" else one["authority_en"]
        parts.append(say(lang, "transfer.authority", authority=tidy(authority)))
    if one["until"]:
        parts.append(say(lang, "transfer.until", day=day(lang, one["until"])))
    return "; ".join([*parts, *_rank(one, lang, side)]) + "."


def _distance(one: Facts, lang: str) -> list[str]:
    parts = []
    if one["area_m2"]:
        parts.append(say(lang, "transfer.area", area=number(lang, one["area_m2"])))
    if one["distance_km"]:
        parts.append(say(lang, "transfer.km", km=number(lang, one["distance_km"])))
    if one["cross_province"]:
        parts.append(say(lang, "transfer.cross"))
    return parts


def _cost(one: Facts, lang: str) -> str:
    named = [f"{say(lang, f'part.{name}')} {number(lang, vnd)}" for name, vnd in one["parts"].items()]
    parts = f" ({'; '.join(named)})" if named else ""
    cost, spend = money(lang, one["cost_vnd"]), money(lang, one["spend_vnd"])
    return say(lang, "transfer.cost", vnd=cost, parts=parts, spend=spend)


def _rank(one: Facts, lang: str, side: str) -> list[str]:
    rank, other, category = one["rank"], one["alternative"], one["asset"]["category"]
    if rank is None:
        return []
    first = say(lang, "rank.first") if rank == 1 else say(lang, "rank.later", cheaper=number(lang, rank - 1))
    if category == "premises":
        first += say(lang, "rank.premises")
    if other is None:
        return [first, say(lang, "other.none")]
    extra = one["alternative_extra_vnd"]
    return [
        first,
        say(
            lang,
            "other.more" if extra > 0 else "other.less" if extra < 0 else "other.same",
            asset=asset_name(other, lang),
            vnd=money(lang, abs(extra)),
            unit=unit_word(category, lang),
            goes=goes_words(other, one["need"]["need_id"] if side == "from" else "", lang),
        ),
    ]
