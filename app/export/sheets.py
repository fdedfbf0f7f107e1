"""The sheets that show the plan's tables whole, and the notes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from app.changes import reason_words
from app.export.lookup import each
from app.export.sheet import Sheet, headings
from app.export.words import detail_in_words
from app.figures import COST_PARTS, changes_vnd
from app.limits import limit_title, limits_of
from app.texts import catalogue, money, say

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from app.export.lookup import Lookup
    from app.plans import PlanView
    from app.settings import Lang

_TRANSFER_TOTALS = frozenset({"units", "cost_vnd", "spend_vnd", *(f"{part}_vnd" for part in COST_PARTS)})
_PROVINCE_COLUMNS = ("needed", "met", "unmet", "objective_vnd", "cash_vnd")


def tables(lookup: Lookup) -> Iterator[Sheet]:
    """Yield the sheets of transfers, shortfalls, releases and provinces."""
    plan, lang = lookup.plan, lookup.lang
    moved = plan.transfers.rename(columns={"cross_province": "crosses"})
    transfers = moved.assign(
        crosses=lookup.words(moved["crosses"], "truth"),
        form=lookup.words(moved["form"], "form"),
        authority=lookup.authorities(moved["authority"]),
        state=lookup.words(moved["state"], "state"),
        kind=lookup.kinds(moved["asset_id"].map(lookup.assets["kind"])),
        name=moved["asset_id"].map(lookup.assets["name"]),
        from_place=lookup.place(moved["from_commune_code"]),
        to_place=lookup.place(moved["to_commune_code"]),
    )
    yield _sheet("transfers", transfers, _TRANSFER_TOTALS, lang)
    short = plan.shortfalls
    shortfalls = short.assign(
        reason=lookup.words(short["reason"], "reason"),
        detail=each(
            short["detail"], lambda detail: detail_in_words(detail, lookup.places, plan.province_names, lang)
        ),
        kinds=lookup.kinds(short["need_id"].map(lookup.needs["kinds"])),
        purpose=lookup.purposes(short["need_id"].map(lookup.needs["purpose"])),
        area_m2=short["need_id"].map(lookup.needs["area_m2"]),
        recipient=short["need_id"].map(lookup.needs["recipient"]),
        place=lookup.place(short["need_id"].map(lookup.needs["commune_code"])),
    )
    yield _sheet("shortfalls", shortfalls, frozenset({"units"}), lang)
    left = plan.releases
    releases = left.assign(
        reason=lookup.words(left["reason"], "release_reason"),
        disposition=lookup.words(left["disposition"], "disposition"),
        kind=lookup.kinds(left["asset_id"].map(lookup.assets["kind"])),
        name=left["asset_id"].map(lookup.assets["name"]),
        place=lookup.place(left["asset_id"].map(lookup.assets["commune_code"])),
    )
    yield _sheet("releases", releases, frozenset({"units", "value_vnd"}), lang)
    yield _provinces(plan, lang)
    if len(plan.limits):
        yield _limits(plan, lang)
    if plan.replan:
        yield _changes(lookup)


def note_lines(plan: PlanView, lang: Lang) -> list[str]:
    """Return the lines of the notes sheet: what the figures mean, the codes in words, hashes of inputs."""
    keys = ("money", "codes", "objective", "price", "cash", "renewal", "rank", "cut")
    lines = [say(lang, "summary.synthetic")] if plan.summary["synthetic"] else []
    lines += [say(lang, f"notes.{key}") for key in keys]
    lines += [say(lang, f"export.notes.{key}") for key in ("values", "sides", "replacing", "attached")]
    if plan.replan:
        lines.append(say(lang, "replan.note", changes=money(lang, changes_vnd(plan))))
    for prefix in ("reason.", "release_reason.", "disposition."):
        words = [
            f"{key.removeprefix(prefix)} = {text}"
            for key, text in catalogue(lang).items()
            if key.startswith(prefix)
        ]
        lines += ["", say(lang, f"notes.{prefix.rstrip('.')}"), *words]
    lines += ["", say(lang, "notes.hash")]
    return lines + [f"{name} {digest}" for name, digest in sorted(plan.summary["inputs"].items())]


def _sheet(name: str, table: pd.DataFrame, totals: frozenset[str], lang: Lang) -> Sheet:
    return Sheet(say(lang, f"sheet.{name}"), headings(map(str, table.columns), lang), table, totals)


def _limits(plan: PlanView, lang: Lang) -> Sheet:
    names = {
        "limit_name": "limit",
        "limit_unit": "unit",
        **{f"limit_{key}": key for key in ("used", "bound", "slack", "step")},
        **{f"{key}_vnd": key for key in ("worth", "worth_least", "worth_most")},
    }
    rows = [
        (
            limit_title(limit.id, plan, lang),
            say(lang, f"limits.unit_of.{limit.unit}", default=limit.unit),
            *(limit.used, limit.bound, limit.slack, limit.step, limit.worth, limit.least, limit.most),
        )
        for limit in limits_of(plan)
    ]
    table = pd.DataFrame(rows, columns=list(names), dtype=object)
    heads = {column: say(lang, f"limits.{key}") for column, key in names.items()}
    return Sheet(say(lang, "limits.sheet"), heads, table, frozenset(), total=False)


def _changes(lookup: Lookup) -> Sheet:
    """Return what a re-plan changed; a sum of savings would count a group as often as it has lines."""
    table, lang = lookup.plan.changes, lookup.lang
    names = table["asset_id"].map(lookup.assets["name"])
    changed = table.assign(
        reason=each(table["reason"], lambda code: reason_words(code, lang)),
        kind=lookup.kinds(table["asset_id"].map(lookup.assets["kind"])),
        name=names,
        recipient=table["need_id"].map(lookup.needs["recipient"]),
        to_place=lookup.place(table["need_id"].map(lookup.needs["commune_code"])),
    )
    columns = (
        *("group", "asset_id", "name", "kind", "need_id", "recipient", "to_place"),
        *("units_before", "units_after", "reason", "saves_vnd"),
    )
    heads = headings(columns, lang)
    return Sheet(say(lang, "replan.sheet"), heads, changed, frozenset({"units_before", "units_after"}))


def _provinces(plan: PlanView, lang: Lang) -> Sheet:
    parts: Mapping[str, Mapping[str, Any]] = plan.summary["parts"].get("province", {})
    names = dict(zip(plan.communes["province_code"], plan.communes["province_name"], strict=True))
    columns = ("province_code", "province_name", *_PROVINCE_COLUMNS)
    rows = [
        (code, names.get(code), *(part.get(column) for column in _PROVINCE_COLUMNS))
        for code, part in sorted(parts.items())
    ]
    table = pd.DataFrame(rows, columns=list(columns), dtype=object)
    return _sheet("provinces", table, frozenset(_PROVINCE_COLUMNS), lang)
