"""The plan's tables with names and words beside the codes: what every sheet of the workbook draws from."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import pandas as pd

from app.export.words import kinds_in_words, word
from solver.tables.kinds import PURPOSES, label

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.plans import PlanView
    from app.settings import Lang

# Particulars of an asset that stand beside its transfer.
_TEXTS = ("name", "holder")
_DECIMALS = ("condition_pct", "mileage_km")
_COUNTS = ("year", "book_value_vnd", "residual_value_vnd")


@dataclass(frozen=True)
class Lookup:
    """A plan and a language, with the ways from a code to its words.

    Attributes
    ----------
    plan
        Stored plan.
    lang
        Language of the words.
    """

    plan: PlanView
    lang: Lang

    @cached_property
    def assets(self) -> pd.DataFrame:
        """The assets by their id."""
        return self.plan.assets.set_index("asset_id")

    @cached_property
    def needs(self) -> pd.DataFrame:
        """The needs by their id."""
        return self.plan.needs.set_index("need_id")

    @cached_property
    def communes(self) -> pd.DataFrame:
        """The communes by their code."""
        return self.plan.communes.set_index("commune_code")

    @cached_property
    def places(self) -> dict[str, str]:
        """Return "commune, province" by commune code."""
        pairs = zip(self.communes["name"], self.communes["province_name"], strict=True)
        texts = [f"{name}, {province}" for name, province in pairs]
        return dict(zip(self.communes.index, texts, strict=True))

    def place(self, codes: pd.Series[str]) -> pd.Series[str]:
        """Return "commune, province" of each commune code."""
        return codes.map(self.places)

    def words(self, codes: pd.Series[str], prefix: str) -> pd.Series[str]:
        """Return the text ``<prefix>.<code>`` of each code."""
        return each(codes, lambda code: word(prefix, code, self.lang))

    def kinds(self, kinds: pd.Series[str]) -> pd.Series[str]:
        """Return the labels of the kinds in each cell."""
        return each(kinds, lambda codes: kinds_in_words(codes, self.lang))

    def purposes(self, codes: pd.Series[str]) -> pd.Series[str]:
        """Return the label of each purpose."""
        return each(codes, lambda code: label(PURPOSES, code, self.lang))

    def authorities(self, texts: pd.Series[str]) -> pd.Series[str]:
        """Return the deciding authorities in the language of the workbook."""
        if self.lang == "vi":
            return texts
        return each(texts, lambda text: self.plan.authorities_en.get(text, text))

    def particulars(self, ids: pd.Series[str], units: pd.Series[int]) -> dict[str, pd.Series]:
        """Return what an inventory knows of assets, by column; values also times the units of each row."""
        found: dict[str, pd.Series] = {name: ids.map(self.assets[name]) for name in _TEXTS}
        found |= {name: ids.map(self.assets[name]) for name in _DECIMALS}
        found |= {name: ids.map(self.assets[name].astype("Int64")).astype("Int64") for name in _COUNTS}
        return found | {
            "kind": self.kinds(ids.map(self.assets["kind"])),
            "book_total_vnd": found["book_value_vnd"] * units,
            "residual_total_vnd": found["residual_value_vnd"] * units,
        }

    @cached_property
    def moves(self) -> pd.DataFrame:
        """The transfers with the asset's particulars and the names of both ends."""
        moved = self.plan.transfers
        ends = {}
        for side in ("from", "to"):
            codes = moved[f"{side}_commune_code"]
            ends[f"{side}_commune"] = codes.map(self.communes["name"])
            ends[f"{side}_province"] = codes.map(self.communes["province_name"])
            ends[f"{side}_province_code"] = codes.map(self.communes["province_code"])
        known = self.particulars(moved["asset_id"], moved["units"])
        # A house that several bodies share is worth what it is worth once, whatever places they have in it.
        house = moved["asset_id"].map(self.assets["category"]) == "premises"
        again = moved["asset_id"].duplicated()
        for name in ("book", "residual"):
            once = known[f"{name}_value_vnd"].mask(again)
            known[f"{name}_total_vnd"] = known[f"{name}_total_vnd"].mask(house, once)
        return moved.assign(
            **known,
            **ends,
            form=self.words(moved["form"], "form"),
            authority=self.authorities(moved["authority"]),
            until_date=each(moved["until"], _date).astype(object),
        )


def each(column: pd.Series, change: Callable[[str], object]) -> pd.Series:
    """Apply a function to each different text of a column once; missing stays missing."""
    return column.map({text: change(text) for text in column.dropna().unique()})


def _date(text: str) -> datetime.date | str:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        return text
