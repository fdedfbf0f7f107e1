"""The transfers as those who give and receive look at them, cars to be replaced, and attached assets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from app.attached import attached_items
from app.export.sheet import Group, Sheet, headings
from app.replacing import cars_to_replace
from app.texts import say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.export.lookup import Lookup

_ASSET = (
    "name",
    "kind",
    "official_id",
    "asset_id",
    "year",
    "condition_pct",
    "mileage_km",
    "units",
    "area_m2",
)
_VALUES = ("book_value_vnd", "book_total_vnd", "residual_value_vnd", "residual_total_vnd")
_DECISION = ("form", "authority", "until_date")
_GIVER, _RECEIVER = (
    ("from_province", "from_commune", "holder"),
    ("to_province", "to_commune", "recipient"),
)
_TOTALS = frozenset({"units", "area_m2", "book_total_vnd", "residual_total_vnd", "cost_vnd", "spend_vnd"})


def views(lookup: Lookup) -> Iterator[Sheet]:
    """Yield the giving and the receiving view, and cars to be replaced and attached assets if any."""
    giving = (*_GIVER, *_ASSET, *_VALUES, *reversed(_RECEIVER), *_DECISION)
    yield _side("giving", "from", _GIVER, giving, lookup)
    costs = ("book_total_vnd", "residual_total_vnd", "distance_km", "cost_vnd", "spend_vnd")
    receiving = (*_RECEIVER, "need_id", *_ASSET, *costs, *reversed(_GIVER), *_DECISION)
    yield _side("receiving", "to", _RECEIVER, receiving, lookup)
    cars = cars_to_replace(lookup.plan)
    if len(cars):
        yield _cars(cars, lookup)
    items = attached_items(lookup.plan)
    if len(items):
        yield _attached(items, lookup)


def _side(name: str, end: str, body: tuple[str, ...], columns: tuple[str, ...], lookup: Lookup) -> Sheet:
    """Return the transfers sorted by the body at one end, with a sum for each body."""
    codes = [f"{end}_province_code", f"{end}_commune_code", body[-1]]
    table = lookup.moves.sort_values([*codes, "asset_id", "need_id"], kind="stable")
    table = table.assign(position=range(1, len(table) + 1))
    keys = table[codes].fillna("")
    run = keys.ne(keys.shift()).any(axis=1).cumsum()
    heads = table.loc[~run.duplicated(), list(body)]
    sizes = run.value_counts(sort=False).sort_index()
    groups = []
    for size, labels in zip(sizes, heads.itertuples(index=False), strict=True):
        province, commune, unit = ("" if pd.isna(text) else str(text) for text in labels)
        of = say(lookup.lang, "export.subtotal", name=unit or commune or province)
        groups.append(Group(int(size), dict(zip(body, (province, commune, of), strict=True))))
    return Sheet(
        say(lookup.lang, f"export.sheet.{name}"),
        headings(("position", *columns), lookup.lang),
        table,
        _TOTALS & set(columns),
        tuple(groups),
        printed=True,
    )


def _cars(cars: pd.DataFrame, lookup: Lookup) -> Sheet:
    codes = cars["commune_code"]
    one = pd.Series(1, cars.index, "Int64")
    table = cars.assign(
        **lookup.particulars(cars["asset_id"], one),
        position=range(1, len(cars) + 1),
        units=one,
        province_name=codes.map(lookup.communes["province_name"]),
        commune=codes.map(lookup.communes["name"]),
        over_age=cars["over_age"].map(
            {flag: say(lookup.lang, f"truth.{str(flag).lower()}") for flag in (True, False)}
        ),
    )
    columns = (
        *("position", "province_name", "commune", "holder", "name", "official_id", "asset_id", "units"),
        *("year", "age", "life_years", "over_age", "number", "replace_year", "condition_pct", "mileage_km"),
        *("book_value_vnd", "residual_value_vnd"),
    )
    return Sheet(
        say(lookup.lang, "export.sheet.replacing"),
        headings(columns, lookup.lang),
        table,
        frozenset({"units", "book_value_vnd", "residual_value_vnd"}),
        printed=True,
    )


def _attached(items: pd.DataFrame, lookup: Lookup) -> Sheet:
    codes = items["asset_id"].map(lookup.assets["commune_code"])
    table = items.assign(
        **lookup.particulars(items["asset_id"], items["units"]),
        position=range(1, len(items) + 1),
        official_id=items["asset_id"].map(lookup.assets["official_id"]),
        province_name=codes.map(lookup.communes["province_name"]),
        commune=codes.map(lookup.communes["name"]),
        house=items["attached_to"].map(lookup.assets["name"]),
        outcome=lookup.words(items["outcome"], "export.outcome"),
        need_id=items["need_id"].str.replace("|", ", "),
    )
    columns = (
        *(
            "position",
            "province_name",
            "commune",
            "holder",
            "asset_id",
            "name",
            "kind",
            "official_id",
            "year",
        ),
        *("units", "book_total_vnd", "residual_total_vnd", "attached_to", "house", "outcome", "need_id"),
    )
    return Sheet(
        say(lookup.lang, "export.sheet.attached"),
        headings(columns, lookup.lang),
        table,
        frozenset({"units", "book_total_vnd", "residual_total_vnd"}),
        printed=True,
    )
