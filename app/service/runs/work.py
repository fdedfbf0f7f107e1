"""The two ends of a run's work: its tables into a folder, and the plan folder into the store."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from app.service.runs.gathering import Gathering
from app.service.store.actor import SYSTEM, Actor, Role
from app.service.store.models import Scenario

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy.orm import Session

    from app.service.runs.gathering import Gathered
    from app.service.runs.ledger import Claim
    from app.service.store.database import Database
    from app.service.store.models import Run


def _actor(province_code: str | None) -> Actor:
    if province_code is None:
        return SYSTEM
    return Actor(SYSTEM.id, SYSTEM.name, Role.PROVINCE_PLANNER, province_code)


class Work(Protocol):
    """What a worker does before and after the solver."""

    def materialise(self, claim: Claim, inputs: Path, baseline: Path) -> bool:
        """Write the scenario folder and, where there is a plan before, its folder; tell whether there is."""

    def gathering(self) -> Gathering:
        """Return what stores the files of a plan folder; nothing points to them yet."""

    def publish(self, session: Session, run: Run, gathered: Gathered) -> str:
        """Write the plan of a run and return its id; all or nothing with the session."""


class StoreWork:
    """The work over the store of the service.

    Parameters
    ----------
    database
        The store.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def materialise(self, claim: Claim, inputs: Path, baseline: Path) -> bool:
        """Write the scenario folder and, where there is a plan before, its folder; tell whether there is."""
        from app.service.inventories.folder import write_folder
        from app.service.plans.files import materialise
        from app.service.scenarios.folder import write_scenario

        inputs.mkdir()
        # A plan of one province holds its inputs, which that province sees: so no rows of others go in.
        with self._database.reading(_actor(claim.province_code)) as session:
            write_folder(session, claim.inventory_id, claim.inventory_version, inputs)
            write_scenario(session.get_one(Scenario, claim.scenario_id), inputs)
            if claim.baseline_plan_id is not None:
                baseline.mkdir()
                materialise(session, claim.baseline_plan_id, baseline)
        return claim.baseline_plan_id is not None

    def gathering(self) -> Gathering:
        """Return what stores the files of a plan folder; others write meanwhile."""
        return Gathering(self._database)

    def publish(self, session: Session, run: Run, gathered: Gathered) -> str:
        """Write the plan of a run and return its id; all or nothing with the session."""
        from app.service.plans.publish import publish_plan

        return publish_plan(session, run, gathered.files, gathered.summary, gathered.tables).id
