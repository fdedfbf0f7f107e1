"""What ``surplan needs`` says about the needs that it derived."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.console import visible
from app.texts import number, say
from geodata.demand.bodies import BODIES
from geodata.demand.make import UNMEASURED
from geodata.demand.staff import STAFF_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from app.settings import Lang

_MOST_NAMED = 3


@dataclass(frozen=True)
class Derived:
    """What was derived, and from what.

    Attributes
    ----------
    file
        Where they belong.
    written
        Whether they were written there: not where nothing lacks and nothing was there.
    needs
        As of `geodata.needs_from_norms`.
    communes
        The communes that were looked at.
    norms
        The norms that were used, as of `geodata.norms`.
    elsewhere
        Holders of another level, whose assets in use in the communes were not counted: how many assets.
    """

    file: Path
    written: bool
    needs: pd.DataFrame
    communes: pd.DataFrame
    norms: pd.DataFrame
    elsewhere: Counter[str]

    @property
    def assumed(self) -> int:
        """How many communes lack a staff number."""
        if not set(STAFF_COLUMNS) <= set(self.communes):
            return len(self.communes)
        return int(self.communes[list(STAFF_COLUMNS)].isna().any(axis=1).sum())

    @property
    def unmeasured(self) -> int:
        """How many needs stand beside offices of unknown area."""
        return int(self.needs["note"].fillna("").str.contains(UNMEASURED, regex=False).sum())

    @property
    def cars_held(self) -> tuple[int, int] | None:
        """The target and the norm of cars where the norm holds the target down."""
        values = dict(zip(self.norms["key"], self.norms["value"], strict=True))
        target, norm = (int(Decimal(values[key])) for key in ("cars/target", "cars/norm"))
        return (target, norm) if target > norm else None


def _kinds_of_needs(table: pd.DataFrame) -> list[tuple[str, int, int, int | None]]:
    """Return what lacks, in the order of the summary: name, needs, units, area [m2] of premises."""
    marks = table["need_id"].str.rsplit("-", n=1).str[-1]
    premises = table["category"] == "premises"
    chosen = [(body.code, premises & (marks == body.mark)) for body in BODIES]
    chosen += [("cars", table["category"] == "vehicle"), ("computers", table["category"] == "equipment")]
    return [
        (
            name,
            int(mask.sum()),
            int(table.loc[mask, "units"].sum()),
            int(sum(table.loc[mask, "area_m2"])) if (mask & premises).any() else None,
        )
        for name, mask in chosen
        if mask.any()
    ]


def _assumptions(norms: pd.DataFrame) -> Counter[str]:
    return Counter(norms.loc[norms["assumption"], "key"].str.split("/").str[0])


def as_dict(derived: Derived) -> dict[str, Any]:
    """Return the same for programs."""
    columns = ("need", "needs", "units", "area_m2")
    return {
        "file": str(derived.file) if derived.written else None,
        "needs": len(derived.needs),
        "by": [dict(zip(columns, row, strict=True)) for row in _kinds_of_needs(derived.needs)],
        "communes": len(derived.communes),
        "provinces": sorted(set(derived.communes["province_code"])),
        "communes_without_staff": derived.assumed,
        "needs_beside_unmeasured": derived.unmeasured,
        "assets_of_other_levels": derived.elsewhere.total(),
        "holders_of_other_levels": sorted(derived.elsewhere),
        "cars_held_to_norm": derived.cars_held is not None,
        "assumptions": derived.norms.loc[derived.norms["assumption"], "key"].tolist(),
    }


def lines(derived: Derived, lang: Lang) -> Iterator[str]:
    """Yield what was derived, how much of it rests on assumptions, and what comes next."""
    communes = number(lang, len(derived.communes))
    words = {
        "count": number(lang, len(derived.needs)),
        "communes": communes,
        "provinces": visible(_named(derived.communes, lang)),
        "file": visible(str(derived.file)),
    }
    if derived.needs.empty:
        yield say(lang, "needs.emptied" if derived.written else "needs.none", **words)
    else:
        yield say(lang, "needs.written", **words)
        yield from _table(_kinds_of_needs(derived.needs), lang)
    if derived.elsewhere:
        count = number(lang, derived.elsewhere.total())
        yield say(lang, "needs.elsewhere", count=count, holders=visible(_holders(derived.elsewhere, lang)))
    if derived.cars_held is not None:
        target, norm = (number(lang, value) for value in derived.cars_held)
        yield say(lang, "needs.cars_held", target=target, norm=norm)
    if derived.assumed:
        yield say(lang, "needs.assumed", assumed=number(lang, derived.assumed), communes=communes)
    if derived.unmeasured:
        yield say(lang, "needs.unmeasured", count=number(lang, derived.unmeasured))
    groups = _assumptions(derived.norms)
    if groups:
        listed = ", ".join(f"{group} ({count})" for group, count in sorted(groups.items()))
        counts = {"count": number(lang, groups.total()), "all": number(lang, len(derived.norms))}
        yield say(lang, "needs.assumptions", groups=listed, **counts)
    if len(derived.needs):
        yield say(lang, "needs.next", folder=visible(str(derived.file.parent)))


def _named(communes: pd.DataFrame, lang: Lang) -> str:
    """Return the provinces in words; of many only the first."""
    names = sorted(set(communes["province_name"].fillna(communes["province_code"])))
    if len(names) <= _MOST_NAMED:
        return ", ".join(names)
    return say(lang, "needs.others", first=names[0], count=number(lang, len(names) - 1))


def _holders(elsewhere: Counter[str], lang: Lang) -> str:
    """Return the holders of most assets, in words."""
    ranked = sorted(elsewhere, key=lambda holder: (-elsewhere[holder], holder))
    named = ", ".join(holder or say(lang, "needs.unnamed") for holder in ranked[:_MOST_NAMED])
    return f"{named}, ..." if len(ranked) > _MOST_NAMED else named


def _table(kinds: list[tuple[str, int, int, int | None]], lang: Lang) -> Iterator[str]:
    total = (
        "total",
        sum(row[1] for row in kinds),
        sum(row[2] for row in kinds),
        sum(row[3] or 0 for row in kinds),
    )
    rows = [[say(lang, f"needs.{key}") for key in ("what", "count", "units", "area")]]
    for name, *figures in [*kinds, total]:
        cells = ["" if figure is None else number(lang, figure) for figure in figures]
        rows.append([say(lang, f"needs.{name}"), *cells])
    first, *others = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for head, *cells in rows:
        yield "  ".join(["", head.ljust(first), *map(str.rjust, cells, others)]).rstrip()
