"""Runs: one execution of a scenario on one version. This table is the truth; the job engine's is derived."""

from __future__ import annotations

from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.service.store.models.columns import Id, Instant, Json, Name, Word
from app.service.store.models.scenarios import OfPlace
from app.service.store.types import Base


class RunState(StrEnum):
    """What happened to a run; what its plan proves is another matter (`solver.Status`)."""

    QUEUED = "QUEUED"
    RUNNING = "RUNNING"
    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"


#: States that a run never leaves.
ENDED = (RunState.SUCCEEDED, RunState.FAILED, RunState.CANCELLED)


# Runs that a worker has, out of all there ever were. Constants, and these words: SQLite uses an index of some
# rows only for a query that says the same (`app.service.runs.ledger.held`).
_UNSETTLED = sa.text("state = 'RUNNING' OR state = 'CANCELLED' AND finished_at IS NULL")


class Cause(StrEnum):
    """Why there is a run."""

    ASKED = "asked"
    NEW_VERSION = "new_version"
    SCHEDULE = "schedule"
    BATCH = "batch"


class Run(OfPlace, Base):
    """A run.

    Attributes
    ----------
    state
        `RunState`.
    reason
        Code of why it failed or was cancelled (docs/runs.md); None otherwise.
    detail
        Facts of the reason: exit code, memory, issues of the tables.
    dispatch
        Counts how often it was given to the job engine; an older one that wakes up may do nothing.
    attempts
        Counts how often a worker began it.
    worker
        Name of the worker that has it.
    progress
        The newest report: phase, category, round, elapsed_s, objective_vnd, bound_vnd, gap.
    due_at
        For runs of a schedule: the time that they are of. Unique for a scenario.
    plan_id
        Its plan, once it is published. No foreign key: plans point to runs.
    """

    __tablename__ = "runs"
    __table_args__ = (
        sa.UniqueConstraint("scenario_id", "due_at"),
        sa.Index("ix_runs_state", "state", "created_at"),
        sa.Index("ix_runs_scenario", "scenario_id", "created_at"),
        sa.Index("ix_runs_unsettled", "worker", sqlite_where=_UNSETTLED, postgresql_where=_UNSETTLED),
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    scenario_id: Mapped[Id] = mapped_column(sa.ForeignKey("scenarios.id"))
    inventory_id: Mapped[Id] = mapped_column(sa.ForeignKey("inventories.id"))
    inventory_version: Mapped[int]
    baseline_plan_id: Mapped[Id | None]
    cause: Mapped[Word]
    batch_id: Mapped[Id | None] = mapped_column(index=True)
    state: Mapped[Word]
    reason: Mapped[Word | None]
    detail: Mapped[Json | None]
    dispatch: Mapped[int] = mapped_column(default=0)
    attempts: Mapped[int] = mapped_column(default=0)
    worker: Mapped[Name | None]
    app_version: Mapped[Name | None]
    progress: Mapped[Json | None]
    time_limit_s: Mapped[float | None]
    created_at: Mapped[Instant]
    created_by: Mapped[Name]
    due_at: Mapped[Instant | None]
    started_at: Mapped[Instant | None]
    cancel_requested_at: Mapped[Instant | None]
    finished_at: Mapped[Instant | None]
    plan_id: Mapped[Id | None]


class RunEvent(OfPlace, Base):
    """One entry of a run's diary: a change of state, or progress. Polling and SSE give the same."""

    __tablename__ = "run_events"

    run_id: Mapped[Id] = mapped_column(sa.ForeignKey("runs.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[Word]
    data: Mapped[Json]
    at: Mapped[Instant]


class Worker(Base):
    """A process that runs runs; one that was not seen for a while is dead, and others take over.

    Attributes
    ----------
    name
        Stable name of the worker's place (host and slot).
    incarnation
        Differs in every process.
    """

    __tablename__ = "workers"

    name: Mapped[Name] = mapped_column(primary_key=True)
    incarnation: Mapped[Word]
    app_version: Mapped[Name]
    started_at: Mapped[Instant]
    seen_at: Mapped[Instant]
