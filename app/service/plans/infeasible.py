"""In words, why there is no plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.service.plans.cache import plan_folder
from app.service.plans.files import WITH_PLAN

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy.orm import Session

    from app.service.store.models import Plan
    from app.settings import Lang


def no_plan_text(session: Session, plan: Plan, home: Path, lang: Lang) -> str | None:
    """Return which rules cannot all hold, and the ways out, as `surplan solve` prints them.

    Parameters
    ----------
    plan
        Seen whole by the session's actor.
    home
        As of `plan_folder`.

    Returns
    -------
    str or None
        Lines; None of a plan.
    """
    if plan.status in WITH_PLAN:
        return None
    from app.conflict import conflict_lines  # pandas, which no other plan needs here
    from app.plans import view_plan

    return "\n".join(conflict_lines(view_plan(plan_folder(session, plan.id, home), missing=True), lang))
