"""Cars in use that are to be replaced: the second and further ones of a commune, and those over age."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from app.plans import PlanView

COLUMNS = (
    *("asset_id", "commune_code", "kind", "name", "official_id", "year", "age"),
    *("number", "life_years", "replace_year", "over_age"),
)
_KEYS = ("vehicle/car", "vehicle")  # most specific first


def cars_to_replace(plan: PlanView) -> pd.DataFrame:
    """Return the cars in use that are second or further ones of their commune, or have reached their life.

    Parameters
    ----------
    plan
        Stored plan; with a province in the scenario's scope, only the cars of that province.

    Returns
    -------
    pd.DataFrame
        One row per car (a row of assets with two units is two cars), sorted by `commune_code`, `number`,
        `asset_id`. `asset_id`, `commune_code`, `kind`, `name`, `official_id` as text; `year`; `age` [years]
        at the scenario's date, a year after it counts as 0; `number`: 1 is the newest car in use of the
        commune, cars of an unknown year come last, equal ones by asset_id; `life_years`: the scenario's
        ``norms.life_years``, rounded up; `replace_year`: year + life_years, not before the scenario's year,
        missing where the year or the life is unknown; `over_age`: the age reaches the life. Counts and years
        are Int64, `over_age` is bool. Cars without a commune are left out.
    """
    now = int(str(plan.scenario["date"])[:4])
    cars = _cars(plan)
    year, life = cars["year"].astype("Int64"), _life_years(plan)
    age = (now - year).clip(lower=0)
    over_age = (age >= life).fillna(False).astype(bool)
    number = cars.groupby("commune_code").cumcount() + 1
    columns = {name: cars[name].astype("str") for name in COLUMNS[:5]} | {
        "year": year,
        "age": age,
        "number": number.astype("Int64"),
        "life_years": pd.Series(life, cars.index, "Int64"),
        "replace_year": (year + life).clip(lower=now),
        "over_age": over_age,
    }
    every = pd.DataFrame(columns, columns=list(COLUMNS))
    return every[(every["number"] > 1) | over_age].reset_index(drop=True)


def _cars(plan: PlanView) -> pd.DataFrame:
    """Return the cars in use, one row each, newest first within their commune."""
    table = plan.assets
    in_use = (table["category"] == "vehicle") & (table["kind"] == "car") & (table["status"] == "in_use")
    placed = table["commune_code"].notna()
    scope = plan.scenario.get("scope_province")
    if scope:
        inside = plan.communes.loc[plan.communes["province_code"] == scope, "commune_code"]
        placed = table["commune_code"].isin(set(inside))
    cars = table[in_use & placed]
    cars = cars.loc[cars.index.repeat(cars["units"].fillna("1").astype(int))].reset_index(drop=True)
    newest = -cars["year"].astype("Int64")
    order = cars.assign(newest=newest).sort_values(["commune_code", "newest", "asset_id"], kind="stable")
    return order.drop(columns="newest").reset_index(drop=True)


def _life_years(plan: PlanView) -> int | pd.api.typing.NAType:
    """Return the life of a car [years], rounded up; missing where the scenario has none above 0."""
    lives = plan.scenario.get("norms", {}).get("life_years", {})
    life = next((lives[key] for key in _KEYS if key in lives), 0)
    return ceil(life) if life > 0 else pd.NA
