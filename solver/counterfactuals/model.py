"""What a counterfactual answers, and the changes between two plans."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pandas as pd

if TYPE_CHECKING:
    from solver.counterfactuals.moved import Lines
    from solver.plan.moves import Sides

#: Columns of ``Counterfactual.changes``.
CHANGE_COLUMNS = ("asset_id", "need_id", "units_before", "units_after")


@dataclass(frozen=True)
class Counterfactual:
    """What becomes of a plan when an asset has to serve a need, or must not.

    Attributes
    ----------
    asset_id, need_id
        The pair.
    units
        How many units of the need the asset serves at least; 0 where it serves none at all.
    outcome
        "changed": there is another plan; "in_plan": it is so already; "ineligible": the pair fails a stage of
        docs/cost.md; "blocked": no plan that keeps to the limits can have it.
    stage
        The stage that an ineligible pair fails.
    blocked_by, blocked_left
        What has too little left: "asset", "need", "room", "pin", "floors" (strict), or the id of a row of
        docs/limits.md; units left, of budgets VND. Of the row "changes" of a re-plan: how many there may be.
    blocked_needs
        Changes that any plan with it (or without it) makes at least, where "changes" is in the way; None
        where none was found, and that there is none is not proven.
    asset_units, asset_fixed, need_units, need_fixed
        Where asset or need has too little: the units that each has or asks for, and how many of them are
        fixed for (from) others; None elsewhere, and of an asset that is premises, which has no units.
    state
        Of a line of the plan before: "signed" or "executed" where that pins the pair, "refused" where that
        bans it; else "".
    change_vnd
        Cost of the plan that was found, less that of the plan at hand.
    least_vnd, most_vnd
        What is proven of the difference between the best plans; both are ``change_vnd`` where it is exact;
        None where nothing is proven.
    objective_vnd
        Cost of the whole plan that was found.
    changes
        Lines that change: asset_id, need_id, units_before, units_after.
    needs
        Of each need that gains or loses units: need_id, before, after.
    assets
        Of each asset that moves more or fewer units: asset_id, before, after.
    levels
        Of what comes before the cost: name, before, after, where it changes.
    limited
        Whether limits, floors, pins or levels hold.
    changes_now, changes_then
        Of a re-plan: changes against the plan before, of the plan at hand and of the one that was found; None
        of other plans.
    change_price_vnd, max_changes
        Of a re-plan: what each of them costs, which is in all prices here, and how many there may be; None
        where nothing limits them.
    """

    asset_id: str
    need_id: str
    units: int
    outcome: str
    stage: str = ""
    blocked_by: str = ""
    blocked_left: int | None = None
    blocked_needs: int | None = None
    asset_units: int | None = None
    asset_fixed: int | None = None
    need_units: int | None = None
    need_fixed: int | None = None
    state: str = ""
    change_vnd: int | None = None
    least_vnd: int | None = None
    most_vnd: int | None = None
    objective_vnd: int | None = None
    changes: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(CHANGE_COLUMNS)))
    needs: tuple[dict[str, Any], ...] = ()
    assets: tuple[dict[str, Any], ...] = ()
    levels: tuple[dict[str, Any], ...] = ()
    limited: bool = False
    changes_now: int | None = None
    changes_then: int | None = None
    change_price_vnd: int | None = None
    max_changes: int | None = None

    @property
    def exact(self) -> bool:
        """Whether ``change_vnd`` is the difference between two best plans."""
        return self.change_vnd is not None and self.least_vnd == self.most_vnd == self.change_vnd

    @property
    def better(self) -> bool:
        """Whether the plan that was found is better than the plan at hand, which then is not the best one."""
        if self.levels:
            first = self.levels[0]
            more = Fraction(str(first["after"])) > Fraction(str(first["before"]))
            return more == str(first["name"]).startswith("max_min|")
        return self.change_vnd is not None and self.change_vnd < 0

    @property
    def facts(self) -> dict[str, Any]:
        """Everything, for programs."""
        out = {
            name: getattr(self, name)
            for name in self.__dataclass_fields__
            if name not in ("changes", "needs", "assets", "levels")
        }
        out |= {name: list(getattr(self, name)) for name in ("needs", "assets", "levels")}
        return out | {"exact": self.exact, "better": self.better, "changes": self.changes.to_dict("records")}

    def text(self, lang: str = "en") -> str:
        """Return it in plain words, "en" or "vi"; one sentence or list item a line."""
        from solver.explanation.counterfactual import (
            counterfactual_lines,
        )  # words need the facts, not the class

        lines = counterfactual_lines(self, lang)
        return "\n".join(f"  - {line}" if inner else line for inner, line in lines)

    def __str__(self) -> str:
        return self.text()

    def __repr__(self) -> str:
        return f"<Counterfactual of {self.asset_id!r} to {self.need_id!r}: {self.outcome}>"


def changes_of(sides: Sides, before: Lines, after: Lines) -> dict[str, Any]:
    """Return ``changes``, ``needs`` and ``assets`` of a counterfactual; sorted by id."""
    asset_ids, need_ids = sides.assets.ids, sides.needs.ids
    pairs = [pair for pair in sorted({*before, *after}) if before.get(pair, 0) != after.get(pair, 0)]
    rows = [
        (str(asset_ids[a]), str(need_ids[n]), before.get((a, n), 0), after.get((a, n), 0)) for a, n in pairs
    ]
    named = {}
    for side, key, ids in ((0, "asset_id", asset_ids), (1, "need_id", need_ids)):
        sums = [
            {one: sum(units for pair, units in lines.items() if pair[side] == one) for one in touched}
            for touched in [sorted({pair[side] for pair in pairs})]
            for lines in (before, after)
        ]
        named[key] = tuple(
            {key: str(ids[one]), "before": sums[0][one], "after": sums[1][one]}
            for one in sums[0]
            if sums[0][one] != sums[1][one]
        )
    return {
        "changes": pd.DataFrame(rows, columns=list(CHANGE_COLUMNS)),
        "needs": named["need_id"],
        "assets": named["asset_id"],
    }


def joined_changes(found: list[dict[str, Any]]) -> dict[str, Any]:
    """Join what ``changes_of`` says of several categories."""
    tables = [one["changes"] for one in found if not one["changes"].empty]
    changes = pd.concat(tables, ignore_index=True) if tables else found[0]["changes"]
    return {
        "changes": changes.sort_values(list(CHANGE_COLUMNS[:2]), ignore_index=True),
        "needs": tuple(
            sorted((row for one in found for row in one["needs"]), key=lambda row: row["need_id"])
        ),
        "assets": tuple(
            sorted((row for one in found for row in one["assets"]), key=lambda row: row["asset_id"])
        ),
    }
