"""The lists that ``surplan compare`` prints of two plans: the largest of each, all of them with ``--out``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.comparison.provinces import column, country
from app.comparison.words import amount, change_label, limit_label, place, reason, share
from app.console import visible
from app.texts import number, say

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from app.comparison.result import Difference
    from app.settings import Lang

#: The longest list that is printed; the file and JSON have all.
MOST_SHOWN = 10


def lists_of(one: Difference, lang: Lang) -> Iterator[str]:
    """Yield transfers, needs, assets, limits and provinces that differ, where there are any."""
    needs = [line for line in one.needs if line["change"] != "other_asset"]  # which the transfers show
    parts = (
        ("transfers", one.transfers, _transfer_rows, 4),
        ("needs", needs, _need_rows, 4),
        ("assets", one.assets, _asset_rows, 4),
        ("limits", one.limits, _limit_rows, 1),
    )
    for name, lines, rows_of, texts in parts:
        if lines:
            words = {"count": number(lang, min(len(lines), MOST_SHOWN)), "all": number(lang, len(lines))}
            yield ""
            yield say(
                lang, f"compare.some_{name}" if len(lines) > MOST_SHOWN else f"compare.all_{name}", **words
            )
            yield from aligned(rows_of(one, lines[:MOST_SHOWN], lang), texts)
    if one.provinces:
        yield ""
        yield say(lang, "compare.provinces")
        yield from aligned(_province_rows(one, lang))


def aligned(rows: list[list[str]], texts: int = 1) -> list[str]:
    """Return rows as lines: the first columns are texts and stand left, the others figures."""
    widths = [max(map(len, cells)) for cells in zip(*rows, strict=True)]
    return [
        "  ".join(
            [*map(str.ljust, row[:texts], widths[:texts]), *map(str.rjust, row[texts:], widths[texts:])]
        ).rstrip()
        for row in rows
    ]


def _heads(names: Sequence[str], lang: Lang) -> list[str]:
    return [say(lang, f"compare.head.{name}") for name in names]


def _transfer_rows(_: Difference, lines: Sequence[dict[str, Any]], lang: Lang) -> list[list[str]]:
    figures = ("units_before", "units_after", "cost_before_vnd", "cost_after_vnd")
    rows = [_heads(("change", "asset", "need", "to_province", *figures), lang)]
    for line in lines:
        ids = [visible(line[name]) for name in ("asset_id", "need_id")]
        where = place(line["to_province_code"], line["to_province_name"])
        rows.append([change_label(line, lang), *ids, where, *(amount(line[name], lang) for name in figures)])
    return rows


def _need_rows(_: Difference, lines: Sequence[dict[str, Any]], lang: Lang) -> list[list[str]]:
    rows = [
        _heads(("change", "need", "province", "reason", "units_before", "units_after", "unmet_change"), lang)
    ]
    for line in lines:
        why = reason(line, "after", lang) or "-"
        where = place(line["to_province_code"], line["to_province_name"])
        units = [amount(line[name], lang) for name in ("units_before", "units_after")]
        more = amount(line["unmet_change_vnd"], lang, signed=True)
        rows.append([change_label(line, lang), visible(line["need_id"]), where, visible(why), *units, more])
    return rows


def _asset_rows(_: Difference, lines: Sequence[dict[str, Any]], lang: Lang) -> list[list[str]]:
    rows = [_heads(("change", "asset", "province", "reason", "units_before", "units_after"), lang)]
    for line in lines:
        why = reason(line, "after", lang) or "-"
        where = place(line["from_province_code"], line["from_province_name"])
        units = [amount(line[name], lang) for name in ("units_before", "units_after")]
        rows.append([change_label(line, lang), visible(line["asset_id"]), where, visible(why), *units])
    return rows


def _limit_rows(one: Difference, lines: Sequence[dict[str, Any]], lang: Lang) -> list[list[str]]:
    names = dict(one.other.provinces.values())
    figures = ("bound_before", "bound_after", "used_before", "used_after")
    rows = [_heads(("limit", *figures), lang)]
    for line in lines:
        cells = [amount(line[name], lang) for name in figures]
        rows.append([limit_label(line["limit"], names, lang), *cells])
    return rows


def _province_rows(one: Difference, lang: Lang) -> list[list[str]]:
    """Return the provinces that are shown, then the sum over all that differ."""
    heads = ("province", "met_before", "met_after", "share_before", "share_after")
    figures = ("unmet_change_vnd", "cost_change_vnd", "spend_change_vnd", "given_change")
    rows = [_heads((*heads, *figures), lang)]
    for row in _extremes(one.provinces):
        met = [amount(row[name], lang) for name in heads[1:3]]
        shares = [share(row[name], lang) for name in heads[3:]]
        cells = [amount(row[name], lang, signed=True) for name in figures]
        rows.append([place(row["province_code"], row["province_name"]), *met, *shares, *cells])
    sums = country(one.provinces)
    met_change = amount(sums[column("met", "change")], lang, signed=True)
    cells = [amount(sums[name], lang, signed=True) for name in figures]
    return [*rows, [say(lang, "compare.country"), "", met_change, "", "", *cells]]


def _extremes(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return who loses most and who gains most, half each where there are many; others fill the room left."""
    losing, gaining, others = (
        [row for row in rows if row["outcome"] == outcome] for outcome in ("loses", "gains", "other")
    )
    lost = losing[: max(MOST_SHOWN // 2, MOST_SHOWN - len(gaining))]
    gained = gaining[max(0, len(gaining) - (MOST_SHOWN - len(lost))) :]
    others.sort(key=lambda row: -abs(row["cost_change_vnd"]))
    return [*lost, *others[: MOST_SHOWN - len(lost) - len(gained)], *gained]
