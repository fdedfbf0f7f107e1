"""What the builders of documents draw from: a plan's rows by id, names beside codes, figures as text."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cached_property
from typing import TYPE_CHECKING

from app.export.words import kinds_in_words, word
from app.settings import Lang
from app.texts import day, number, say
from solver.problem.authorities import Authorities

if TYPE_CHECKING:
    import pandas as pd

    from app.plans import PlanView

Record = Mapping[str, str]
NOTHING: Record = {}


@dataclass(frozen=True)
class Source:
    """A plan and a language.

    Attributes
    ----------
    plan
        Stored plan.
    lang
        Language of the document.
    """

    plan: PlanView
    lang: Lang

    def say(self, key: str, **words: str) -> str:
        """Return our text ``documents.<key>``."""
        return say(self.lang, f"documents.{key}", **words)

    @property
    def date(self) -> datetime.date:
        """The scenario's date, which is the document's."""
        return datetime.date.fromisoformat(str(self.plan.scenario["date"]))

    @property
    def notice(self) -> str:
        """What stands at the top of every page: that the data are synthetic, where they are."""
        return say(self.lang, "summary.synthetic") if self.plan.summary["synthetic"] else ""

    @cached_property
    def assets(self) -> dict[str, Record]:
        """The rows of the assets that the plan or its documents name, by id."""
        named = set(self.plan.transfers["asset_id"]) | set(self.plan.releases["asset_id"])
        table = self.plan.assets
        return _records(table[table["asset_id"].isin(named) | table["attached_to"].notna()], "asset_id")

    @cached_property
    def needs(self) -> dict[str, Record]:
        """The rows of the needs that receive something, by id."""
        table = self.plan.needs
        return _records(table[table["need_id"].isin(set(self.plan.transfers["need_id"]))], "need_id")

    @cached_property
    def communes(self) -> dict[str, Record]:
        """The communes, by code."""
        return _records(self.plan.communes, "commune_code")

    @cached_property
    def transfers(self) -> list[Record]:
        """The transfers in the plan's order, as text."""
        return list(_rows(self.plan.transfers))

    @cached_property
    def first_transfer(self) -> dict[str, str]:
        """The first need that each asset serves, by asset_id."""
        return {row["asset_id"]: row["need_id"] for row in reversed(self.transfers)}

    @cached_property
    def releases(self) -> list[Record]:
        """The releases in the plan's order, as text, each with the `authority` that decides it."""
        rows = [dict(row) for row in _rows(self.plan.releases)]
        table = self.plan.assets
        held = table[table["asset_id"].isin({row["asset_id"] for row in rows})]
        authorities = Authorities(self.plan.authorities, self.plan.communes)
        decides: dict[str, str] = {}
        for category, assets in held.groupby("category"):
            named = authorities.of(str(category), assets, [False] * len(assets))
            decides |= dict(zip(assets["asset_id"], named, strict=True))
        for row in rows:
            row["authority"] = decides.get(row["asset_id"], "")
        return list(rows)

    def asset(self, name: str) -> Record:
        """Return the row of an asset; empty where the inputs have none."""
        return self.assets.get(name, NOTHING)

    def commune(self, code: str) -> str:
        """Return a commune's kind and name, such as "xã Sơn Hải"; a code that is not known stays as it is."""
        row = self.communes.get(code)
        return f"{row['kind']} {row['name']}".strip() if row else code

    def province(self, code: str) -> str:
        """Return the name of the province of a commune."""
        return self.communes.get(code, NOTHING).get("province_name", "")

    def authority(self, text: str) -> str:
        """Return who decides, in the document's language; a placeholder where the table names nobody."""
        if not text:
            return self.say("nobody")
        return text if self.lang == "vi" else self.plan.authorities_en.get(text, text)

    def kind(self, asset: Record) -> str:
        """Return the kind of an asset in words."""
        return kinds_in_words(asset.get("kind", ""), self.lang) if asset.get("kind") else ""

    def word(self, prefix: str, code: str) -> str:
        """Return the text ``<prefix>.<code>``."""
        return word(prefix, code, self.lang) if code else ""

    def figure(self, text: str) -> str:
        """Return a number as people write it, all its digits kept; what is no number stays as it is."""
        try:
            value = Decimal(text)
        except InvalidOperation:
            return text
        if not value.is_finite():
            return text
        return number(self.lang, value, max(0, -int(value.as_tuple().exponent)))

    def whole(self, value: int) -> str:
        """Return an integer as people write it."""
        return number(self.lang, value)

    def day(self, text: str) -> str:
        """Return an ISO date as people write it; what is no date stays as it is."""
        try:
            return day(self.lang, datetime.date.fromisoformat(text))
        except ValueError:
            return text

    def labelled(self, key: str, value: str) -> str:
        """Return "label: value", or nothing where there is no value."""
        return f"{self.say(f'label.{key}')}: {value}" if value else ""


def worth(asset: Record, column: str, units: int) -> int | None:
    """Return a value per unit of an asset times units [VND]; None where it is unknown."""
    return int(asset[column]) * units if asset.get(column) else None


def capital(text: str) -> str:
    """Return a text with its first letter as a capital."""
    return text[:1].upper() + text[1:]


def joined(*lines: str) -> tuple[str, ...]:
    """Return the lines that are not empty."""
    return tuple(line for line in lines if line)


def _rows(table: pd.DataFrame) -> list[Record]:
    columns = [str(name) for name in table.columns]
    texts = [table[name].astype("str").fillna("").tolist() for name in columns]
    return [dict(zip(columns, row, strict=True)) for row in zip(*texts, strict=True)]


def _records(table: pd.DataFrame, key: str) -> dict[str, Record]:
    return {row[key]: row for row in _rows(table)}
