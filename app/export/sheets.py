"""What stands on the sheets of the workbook: which columns, which totals, and names beside the codes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.export.words import detail_in_words, kinds_in_words, word
from app.figures import COST_PARTS
from app.texts import catalogue, say
from solver.tables.kinds import PURPOSES, label

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    import pandas as pd

    from app.plans import PlanView
    from app.settings import Lang


@dataclass(frozen=True)
class Sheet:
    """One table of the workbook.

    Attributes
    ----------
    title
        Name of the sheet, at most 31 characters.
    headings
        Heading by column, in order.
    rows
        Values in the order of the headings; read once.
    totals
        Columns that the totals row sums.
    """

    title: str
    headings: Mapping[str, str]
    rows: Iterable[tuple[object, ...]]
    totals: frozenset[str]


_TRANSFER_TOTALS = frozenset({"units", "cost_vnd", "spend_vnd", *(f"{part}_vnd" for part in COST_PARTS)})
_PROVINCE_COLUMNS = ("needed", "met", "unmet", "objective_vnd", "cash_vnd")


def tables(plan: PlanView, lang: Lang) -> Iterator[Sheet]:
    """Yield the sheets of transfers, shortfalls, releases and provinces."""
    places = _places(plan.communes)
    assets = plan.assets.set_index("asset_id")
    needs = plan.needs.set_index("need_id")

    def in_words(column: pd.Series[str], prefix: str) -> pd.Series[str]:
        return column.map(lambda code: word(prefix, code, lang), na_action="ignore")

    def kinds(column: pd.Series[str]) -> pd.Series[str]:
        return column.map(lambda codes: kinds_in_words(codes, lang), na_action="ignore")

    moved = plan.transfers.rename(columns={"cross_province": "crosses"})
    transfers = moved.assign(
        crosses=in_words(moved["crosses"], "truth"),
        form=in_words(moved["form"], "form"),
        state=in_words(moved["state"], "state"),
        kind=kinds(plan.transfers["asset_id"].map(assets["kind"])),
        name=plan.transfers["asset_id"].map(assets["name"]),
        from_place=plan.transfers["from_commune_code"].map(places),
        to_place=plan.transfers["to_commune_code"].map(places),
    )
    yield _sheet("transfers", transfers, _TRANSFER_TOTALS, lang)
    shortfalls = plan.shortfalls.assign(
        reason=in_words(plan.shortfalls["reason"], "reason"),
        detail=plan.shortfalls["detail"].map(
            lambda detail: detail_in_words(detail, places, lang), na_action="ignore"
        ),
        kinds=kinds(plan.shortfalls["need_id"].map(needs["kinds"])),
        purpose=plan.shortfalls["need_id"]
        .map(needs["purpose"])
        .map(lambda code: label(PURPOSES, code, lang), na_action="ignore"),
        area_m2=plan.shortfalls["need_id"].map(needs["area_m2"]),
        recipient=plan.shortfalls["need_id"].map(needs["recipient"]),
        place=plan.shortfalls["need_id"].map(needs["commune_code"]).map(places),
    )
    yield _sheet("shortfalls", shortfalls, frozenset({"units"}), lang)
    releases = plan.releases.assign(
        reason=in_words(plan.releases["reason"], "release_reason"),
        disposition=in_words(plan.releases["disposition"], "disposition"),
        kind=kinds(plan.releases["asset_id"].map(assets["kind"])),
        name=plan.releases["asset_id"].map(assets["name"]),
        place=plan.releases["asset_id"].map(assets["commune_code"]).map(places),
    )
    yield _sheet("releases", releases, frozenset({"units", "value_vnd"}), lang)
    yield _provinces(plan, lang)


def note_lines(plan: PlanView, lang: Lang) -> list[str]:
    """Return the lines of the notes sheet: what the figures mean, the codes in words, hashes of inputs."""
    keys = ("money", "codes", "objective", "price", "cash", "renewal", "rank", "cut")
    lines = [say(lang, "summary.synthetic")] if plan.summary["synthetic"] else []
    lines += [say(lang, f"notes.{key}") for key in keys]
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
    columns = [str(column) for column in table.columns]
    headings = {column: say(lang, f"column.{column}", default=column) for column in columns}
    rows = zip(*(table[column] for column in columns), strict=True)
    return Sheet(say(lang, f"sheet.{name}"), headings, rows, totals)


def _provinces(plan: PlanView, lang: Lang) -> Sheet:
    parts: Mapping[str, Mapping[str, Any]] = plan.summary["parts"].get("province", {})
    names = dict(zip(plan.communes["province_code"], plan.communes["province_name"], strict=True))
    columns = ("province_code", "province_name", *_PROVINCE_COLUMNS)
    rows = [
        (code, names.get(code), *(part.get(column) for column in _PROVINCE_COLUMNS))
        for code, part in sorted(parts.items())
    ]
    headings = {column: say(lang, f"column.{column}") for column in columns}
    return Sheet(say(lang, "sheet.provinces"), headings, rows, frozenset(_PROVINCE_COLUMNS))


def _places(communes: pd.DataFrame) -> dict[str, str]:
    """Return "commune, province" by commune code."""
    columns = (communes["commune_code"], communes["name"], communes["province_name"])
    return {code: f"{name}, {province}" for code, name, province in zip(*columns, strict=True)}
