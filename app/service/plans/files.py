"""The files of a plan: from the database into a folder, and whom they may be given to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.service.refusals import ConflictError, ForbiddenError, MissingError
from app.service.store.blobs import load_blob
from app.service.store.models import Plan, PlanFile
from app.service.store.scope import actor_of

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy.orm import Session

    from app.service.store.actor import Actor
    from app.service.store.models.scenarios import OfPlace


#: Statuses of plans; others prove that there is none.
WITH_PLAN = ("OPTIMAL", "FEASIBLE")


def plan_of(session: Session, plan_id: str) -> Plan:
    """Return a plan that the session's actor may see.

    Raises
    ------
    MissingError
        When there is none.
    """
    found = session.scalars(sa.select(Plan).where(Plan.id == plan_id)).one_or_none()
    if found is None:
        raise MissingError("plan", plan_id)
    return found


def require_plan(plan: Plan) -> None:
    """Refuse to go on with a proof that there is no plan.

    Raises
    ------
    ConflictError
        When it is one.
    """
    if plan.status not in WITH_PLAN:
        raise ConflictError("plan_infeasible", id=plan.id)


def sees_whole(actor: Actor, found: OfPlace) -> bool:
    """Tell whether all of a plan, or a run, is the actor's to see: of its province, or for who sees all.

    A commune sees its own lines alone.
    """
    return actor.province_code is None or (
        found.province_code == actor.province_code and actor.commune_code is None
    )


def require_whole(session: Session, plan: Plan) -> None:
    """Refuse a file of the whole plan to who may see only some of its rows.

    Raises
    ------
    ForbiddenError
        See `sees_whole`.
    """
    if not sees_whole(actor_of(session), plan):
        raise ForbiddenError("national_file")


def files_of(session: Session, plan: Plan) -> dict[str, str]:
    """Return the SHA-256 of the files of a plan by path, sorted.

    Raises
    ------
    ForbiddenError
        When the actor may not see all of it.
    """
    require_whole(session, plan)
    found = session.execute(
        sa.select(PlanFile.path, PlanFile.sha256).where(PlanFile.plan_id == plan.id).order_by(PlanFile.path)
    )
    return {row.path: row.sha256 for row in found}


def file_of(session: Session, plan: Plan, path: str) -> bytes | None:
    """Return the bytes of a file of a plan; None where it has no such file.

    Raises
    ------
    ForbiddenError
        When the actor may not see all of it.
    """
    sha256 = files_of(session, plan).get(path)
    return None if sha256 is None else load_blob(session, sha256)


def materialise(session: Session, plan_id: str, folder: Path) -> None:
    """Write the plan folder, byte for byte as it was published.

    Parameters
    ----------
    folder
        Exists and is empty.

    Raises
    ------
    MissingError, ForbiddenError
        When the actor may not see the plan, or not all of it.
    DamagedBlobError
        When the disk lost something.
    """
    for path, sha256 in files_of(session, plan_of(session, plan_id)).items():
        place = folder.joinpath(*path.split("/"))
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(load_blob(session, sha256))
