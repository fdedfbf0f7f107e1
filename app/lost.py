"""Lines of the plan before that are signed or executed, and yet not kept: none is lost in silence.

Those of which neither end takes part are past, and nothing is lost with them (docs/replan.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.console import visible
from app.texts import number, say

if TYPE_CHECKING:
    from app.plans import PlanView
    from app.settings import Lang

_SHOWN = 3
_ASSET_GONE, _NEED_GONE = "asset_gone", "need_gone"


@dataclass(frozen=True)
class Lost:
    """A fixed line that is not kept, while its asset or its need takes part as if it had never been."""

    asset: str
    need: str
    units: int
    state: str


def lost_lines(plan: PlanView) -> list[Lost]:
    """Return the lines of a re-plan that are lost, sorted by asset and need; none of other plans."""
    from solver.problem.baseline import FIXED  # pandas, which `verify` needs not

    fixed = plan.before[plan.before["state"].isin(FIXED)]
    if fixed.empty:
        return []
    changes = plan.changes[["asset_id", "need_id", "reason"]].itertuples(index=False, name=None)
    reason = {(asset, need): why for asset, need, why in changes}
    needs = _needs(plan)

    def lost(pair: tuple[str, str]) -> bool:
        # The asset is looked at first: where the need is gone, the asset takes part.
        return reason.get(pair) == _NEED_GONE or (reason.get(pair) == _ASSET_GONE and pair[1] in needs)

    rows = fixed[["asset_id", "need_id", "units", "state"]].itertuples(index=False, name=None)
    return [Lost(asset, need, int(units), state) for asset, need, units, state in rows if lost((asset, need))]


def _needs(plan: PlanView) -> set[str]:
    """Return the needs that take part: those of the scope."""
    scope, needs = plan.scenario.get("scope_province"), plan.needs
    if scope is not None:
        communes = plan.communes
        inside = communes.loc[communes["province_code"] == scope, "commune_code"]
        needs = needs[needs["commune_code"].isin(inside)]
    return set(needs["need_id"])


def lost_line(lost: list[Lost], lang: Lang) -> str:
    """Return the line of the summary on them."""
    told = [
        say(
            lang,
            "replan.lost_line",
            asset=visible(line.asset),
            need=visible(line.need),
            units=number(lang, line.units),
            state=say(lang, f"state.{line.state}"),
        )
        for line in lost[:_SHOWN]
    ]
    if len(lost) > _SHOWN:
        told.append(say(lang, "replan.more", count=number(lang, len(lost) - _SHOWN)))
    units = number(lang, sum(line.units for line in lost))
    return say(lang, "replan.lost", units=units, lines=number(lang, len(lost)), told="; ".join(told))
