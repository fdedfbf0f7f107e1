"""One sheet a province: what it receives, gives, lacks and has left, each summed, and its objective."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from app.export.sheet import Foot, Group, Sheet, headings, sheet_title
from app.texts import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from app.export.lookup import Lookup

DIRECTIONS = ("received", "given", "short", "left")
_COLUMNS = (
    *("direction", "asset_id", "need_id", "name", "kind", "official_id", "units", "area_m2"),
    *("commune", "body", "other_place", "handling", "authority"),
    *("cost_vnd", "spend_vnd", "unmet_vnd", "value_vnd"),
)
_TOTALS = frozenset({"units", "cost_vnd", "spend_vnd", "unmet_vnd", "value_vnd"})


def province_sheets(lookup: Lookup, taken: Iterable[str]) -> Iterator[Sheet]:
    """Yield a sheet for each province that stands in the plan's tables, in order of their codes.

    Rows that name no commune stand on a last sheet, so that all sheets together are the whole plan.

    Parameters
    ----------
    lookup
        The plan and its names.
    taken
        Names of the other sheets.
    """
    lang = lookup.lang
    names = dict(zip(lookup.communes["province_code"], lookup.communes["province_name"], strict=True))
    rows = _rows(lookup)
    used = list(taken)
    # A code of nothing but a character behind every code: rows without a province come last.
    order = rows["province"].fillna("\U0010ffff")
    for code, table in rows.groupby(order):
        known = table["province"].notna().all()
        wanted = f"{code} {names.get(code, '')}" if known else say(lang, "export.no_province")
        used.append(sheet_title(wanted, used))
        counts = table["direction"].value_counts()
        present = [direction for direction in DIRECTIONS if direction in counts]
        words = {direction: say(lang, f"export.direction.{direction}") for direction in present}
        total = say(lang, "sheet.total")
        groups = [
            Group(int(counts[direction]), {"direction": words[direction], "asset_id": total})
            for direction in present
        ]
        yield Sheet(
            used[-1],
            headings(_COLUMNS, lang),
            table.assign(direction=table["direction"].map(words)),
            _TOTALS,
            tuple(groups),
            total=False,
            foot=_objective(lookup, str(code), table, present),
            printed=True,
        )


def _rows(lookup: Lookup) -> pd.DataFrame:
    """Return the rows of all provinces, by direction in order, each table in its own order."""
    moves = lookup.moves
    received = moves.assign(
        province=moves["to_province_code"],
        commune=moves["to_commune"],
        body=moves["recipient"],
        other_place=lookup.place(moves["from_commune_code"]),
    )
    given = moves.assign(
        province=moves["from_province_code"],
        commune=moves["from_commune"],
        body=moves["holder"],
        other_place=lookup.place(moves["to_commune_code"]),
    )
    tables = [received, given, _short(lookup), _left(lookup)]
    parts = [
        table.rename(columns={"form": "handling"})
        .reindex(columns=["province", *_COLUMNS])
        .assign(direction=direction)
        .astype(object)
        for direction, table in zip(DIRECTIONS, tables, strict=True)
    ]
    return pd.concat(parts, ignore_index=True)


def _short(lookup: Lookup) -> pd.DataFrame:
    table = lookup.plan.shortfalls
    needs = {name: table["need_id"].map(lookup.needs[name]) for name in ("purpose", "kinds", "recipient")}
    codes = table["need_id"].map(lookup.needs["commune_code"])
    return table.assign(
        province=codes.map(lookup.communes["province_code"]),
        commune=codes.map(lookup.communes["name"]),
        body=needs["recipient"],
        name=lookup.purposes(needs["purpose"]),
        kind=lookup.kinds(needs["kinds"]),
        form=lookup.words(table["reason"], "reason"),
        unmet_vnd=table["units"] * table["price_vnd"],
    )


def _left(lookup: Lookup) -> pd.DataFrame:
    table = lookup.plan.releases
    codes = table["asset_id"].map(lookup.assets["commune_code"])
    return table.assign(
        **{name: table["asset_id"].map(lookup.assets[name]) for name in ("name", "official_id", "area_m2")},
        province=codes.map(lookup.communes["province_code"]),
        commune=codes.map(lookup.communes["name"]),
        body=table["asset_id"].map(lookup.assets["holder"]),
        kind=lookup.kinds(table["asset_id"].map(lookup.assets["kind"])),
        form=lookup.words(table["disposition"], "disposition"),
    )


def _objective(lookup: Lookup, code: str, table: pd.DataFrame, present: list[str]) -> tuple[Foot, ...]:
    """Return the province's part of the objective as a sum; nothing where the plan tells none."""
    part = lookup.plan.summary["parts"].get("province", {}).get(code)
    if part is None:
        return ()
    objective = int(part["objective_vnd"])
    sums = {
        direction: sum(int(value) for value in table.loc[table["direction"] == direction, column])
        for direction, column in (("received", "cost_vnd"), ("short", "unmet_vnd"))
    }
    of = {direction: present.index(direction) for direction in sums if direction in present}

    def line(key: str, value: int, sum_of: tuple[int, str] | None = None, lines: int = 0) -> Foot:
        return Foot(say(lookup.lang, key if "." in key else f"export.foot.{key}"), value, sum_of, lines)

    rest = "replan.foot" if lookup.plan.change_price else "openings"

    return (
        line("received", sums["received"], (of["received"], "cost_vnd") if "received" in of else None),
        # What the plan's tables do not hold by province: opening prices and changes, which are what remains.
        line(rest, objective - sum(sums.values())),
        line("short", sums["short"], (of["short"], "unmet_vnd") if "short" in of else None),
        line("objective", objective, lines=3),
    )
