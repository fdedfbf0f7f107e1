"""The two ends of a run's work: its tables into a folder, and the plan folder into the store."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from app.service.store.actor import SYSTEM, Actor, Role
from app.service.store.blobs import store_files
from app.service.store.models import Scenario

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy.orm import Session

    from app.service.plans.publish import PlanTables
    from app.service.runs.ledger import Claim
    from app.service.store.database import Database
    from app.service.store.models import Run


def _actor(province_code: str | None) -> Actor:
    if province_code is None:
        return SYSTEM
    return Actor(SYSTEM.id, SYSTEM.name, Role.PROVINCE_PLANNER, province_code)


class Gathered(NamedTuple):
    """A plan folder whose files are stored, and which is ready to be published.

    Attributes
    ----------
    files
        Path within the folder -> SHA-256 of its stored bytes.
    summary
        ``plan.json``.
    tables
        Rows of its tables.
    """

    files: dict[str, str]
    summary: dict[str, Any]
    tables: PlanTables


class Work(Protocol):
    """What a worker does before and after the solver."""

    def materialise(self, claim: Claim, inputs: Path, baseline: Path) -> bool:
        """Write the scenario folder and, where there is a plan before, its folder; tell whether there is."""

    def gather(self, folder: Path) -> Gathered:
        """Store the files of a plan folder; nothing points to them yet."""

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

    def gather(self, folder: Path) -> Gathered:
        """Store the files of a plan folder; others write meanwhile."""
        from app.service.plans.publish import read_plan_tables

        paths = sorted(path for path in folder.rglob("*") if path.is_file())
        with ThreadPoolExecutor(1) as pool:  # packing leaves a core to the tables
            stored = pool.submit(store_files, self._database, SYSTEM, paths)
            summary = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
            tables = read_plan_tables(folder)
            names = [path.relative_to(folder).as_posix() for path in paths]
            return Gathered(dict(zip(names, stored.result(), strict=True)), summary, tables)

    def publish(self, session: Session, run: Run, gathered: Gathered) -> str:
        """Write the plan of a run and return its id; all or nothing with the session."""
        from app.service.plans.publish import publish_plan

        return publish_plan(session, run, gathered.files, gathered.summary, gathered.tables).id
