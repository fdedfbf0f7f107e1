"""A store with rows in every table, for tests of migrations, backup and restore."""

from __future__ import annotations

import zlib
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from app.service.store import audit
from app.service.store.actor import SYSTEM
from app.service.store.models import Run, Scenario, Worker
from app.service.store.models.runs import RunState
from app.service.store.types import Base, UtcDateTime, utc_now

if TYPE_CHECKING:
    from app.service.store.database import Database

#: State of a run -> its id.
RUNS = {state: f"run_{state.lower()}" for state in RunState}
_TEXT = 'Xã Bằng Cả, thôn "2"\u2028\n\\'


def fill(database: Database, worker_seen: datetime | None = None) -> None:
    """Put a row into every table, a run of each state, and a scenario before the one that it comes from."""
    with database.writing(SYSTEM) as session:
        for table in Base.metadata.sorted_tables:
            if table.name == "audit_entries":
                continue
            rows = [_row(table)]
            if table.name == "scenarios":
                # The child's id sorts before its parent's.
                rows = [_row(table, id="a_parent"), _row(table, id="b", parent_id="a_parent")]
                rows += [_row(table, id="scenarios_id", parent_id="b")]
            if table.name == "runs":
                rows = [_row(table, id="runs_id", state=RunState.SUCCEEDED), *map(_run, RunState)]
            if table.name == "workers":
                rows = [_row(table, name="desk-1", seen_at=worker_seen or utc_now() - timedelta(hours=1))]
            session.connection().execute(sa.insert(table), rows)
        audit.record(session, action="test.filled", subject="s", details={"text": _TEXT})
    with database.writing(SYSTEM) as session:
        session.execute(sa.update(Scenario).where(Scenario.id == "a_parent").values(parent_id="scenarios_id"))
        audit.record(session, action="test.again", subject="s")


def _run(state: RunState) -> dict[str, Any]:
    ended = state in (RunState.SUCCEEDED, RunState.FAILED, RunState.CANCELLED)
    return _row(
        Run.__table__,
        id=RUNS[state],
        state=state,
        worker="desk-1" if state is RunState.RUNNING else None,
        app_version="0.0.9" if state is not RunState.QUEUED else None,
        finished_at=utc_now() if ended else None,
        dispatch=3,
        attempts=1,
        due_at=None,
    )


def _row(table: sa.FromClause, **given: object) -> dict[str, Any]:
    assert isinstance(table, sa.Table)
    row = {column.name: _cell(column) for column in table.columns}
    return {**row, **given}


def _cell(column: sa.Column[Any]) -> object:
    for key in column.foreign_keys:
        target = key.column
        return None if target.table is column.table else f"{target.table.name}_{target.name}"
    if column.primary_key and isinstance(column.type, sa.String):
        return f"{column.table.name}_{column.name}"
    if column.name in ("cells", "summary", "given", "resolved", "data", "details", "progress", "detail"):
        return {"b": _TEXT, "a": [1, None, 0.1]}
    if column.name == "packed":
        return zlib.compress(b"\x00\xff bytes")
    kind = column.type.python_type if not isinstance(column.type, sa.TypeDecorator) else None
    if kind is None:
        as_instant = isinstance(column.type, UtcDateTime)
        return datetime(2026, 11, 23, 4, 5, 6, 789, tzinfo=UTC) if as_instant else {"json": _TEXT}
    if kind is str:
        length = getattr(column.type, "length", None) or 40
        return _TEXT[:length]
    if kind is bool:
        return True
    return 2**53 - 1 if isinstance(column.type, sa.BigInteger) else kind(7)


def contents(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    """Return all rows of all tables, but for those that a restore changes itself."""
    with database.reading(SYSTEM) as session:
        return {
            table.name: [
                tuple(row)
                for row in session.connection().execute(sa.select(table).order_by(*table.primary_key))
            ]
            for table in Base.metadata.sorted_tables
            if table.name not in ("runs", "run_events", "workers", "audit_entries")
        }


def runs(database: Database) -> dict[str, Run]:
    """Return all runs by id."""
    with database.reading(SYSTEM) as session:
        return {run.id: run for run in session.scalars(sa.select(Run))}


def workers(database: Database) -> list[str]:
    """Return the names of all workers."""
    with database.reading(SYSTEM) as session:
        return list(session.scalars(sa.select(Worker.name)))
