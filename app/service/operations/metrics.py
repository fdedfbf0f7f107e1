"""Figures of the store, read at the moment somebody asks: the same whichever process is asked."""

from __future__ import annotations

from datetime import timedelta
from importlib import metadata
from typing import TYPE_CHECKING

import sqlalchemy as sa
from prometheus_client import generate_latest
from prometheus_client.core import CollectorRegistry, GaugeMetricFamily, HistogramMetricFamily

from app.service.runs.roster import DEAD_AFTER_S, now_of
from app.service.store.actor import SYSTEM
from app.service.store.models.runs import Run, RunState, Worker

if TYPE_CHECKING:
    from collections.abc import Iterable

    from prometheus_client import Metric

    from app.service.store.database import Database
    from app.service.store.scope import ScopedSession

_RUN_SECONDS = (1, 5, 15, 60, 300, 900, 3600, 14400)


def exposition(own: CollectorRegistry, database: Database) -> bytes:
    """Return the figures of this process and of the store, as Prometheus reads them."""
    store = CollectorRegistry()
    store.register(_Store(database))
    return generate_latest(own) + generate_latest(store)


class _Store:
    """Collector of the figures of the store."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def describe(self) -> Iterable[Metric]:
        """Say nothing: registering must not ask the database."""
        return []

    def collect(self) -> Iterable[Metric]:
        """Return the figures; without a database only that there is none."""
        version = GaugeMetricFamily("surplan_build_info", "Version of Surplan.", labels=["version"])
        version.add_metric([metadata.version("surplan")], 1)
        try:
            with self._database.reading(SYSTEM) as session:
                found = [_runs(session), _oldest(session), _workers(session), _run_seconds(session)]
                found.append(
                    GaugeMetricFamily("surplan_database_bytes", "Size.", size_of(self._database, session))
                )
            up = 1
        except (sa.exc.DBAPIError, sa.exc.TimeoutError):  # away, or no connection is free
            found, up = [], 0
        return [version, GaugeMetricFamily("surplan_database_up", "Whether it answers.", up), *found]


def _runs(session: ScopedSession) -> Metric:
    counts = dict.fromkeys(map(str, RunState), 0)
    query = sa.select(Run.state, sa.func.count()).group_by(Run.state)
    for state, count in session.execute(query):
        counts[state] = count
    family = GaugeMetricFamily("surplan_runs", "Runs by state.", labels=["state"])
    for name, number in counts.items():
        family.add_metric([name], number)
    return family


def _oldest(session: ScopedSession) -> Metric:
    first = session.scalar(sa.select(sa.func.min(Run.created_at)).where(Run.state == RunState.QUEUED))
    seconds = 0.0 if first is None else max(0.0, (now_of(session) - first).total_seconds())
    return GaugeMetricFamily("surplan_queue_oldest_seconds", "Age of the run that waits longest.", seconds)


def alive(session: ScopedSession) -> int:
    """Return how many workers live."""
    since = now_of(session) - timedelta(seconds=DEAD_AFTER_S)
    return session.scalar(sa.select(sa.func.count()).select_from(Worker).where(Worker.seen_at >= since)) or 0


def _workers(session: ScopedSession) -> Metric:
    return GaugeMetricFamily("surplan_workers_alive", "Workers that live.", alive(session))


def _run_seconds(session: ScopedSession) -> Metric:
    """Return how long the runs took that succeeded; a few milliseconds for 100,000 of them."""
    took: sa.ColumnElement[float]
    if session.get_bind().dialect.name == "sqlite":
        took = (sa.func.julianday(Run.finished_at) - sa.func.julianday(Run.started_at)) * 86400.0
    else:
        took = sa.cast(sa.func.extract("epoch", Run.finished_at - Run.started_at), sa.Float)
    below = [sa.func.count(sa.case((took <= limit, 1))) for limit in _RUN_SECONDS]
    query = sa.select(sa.func.coalesce(sa.func.sum(took), 0.0), sa.func.count(took), *below)
    total, count, *counts = session.execute(query.where(Run.state == RunState.SUCCEEDED)).one()
    buckets = [(f"{limit}.0", n) for limit, n in zip(_RUN_SECONDS, counts, strict=True)]
    return HistogramMetricFamily(
        "surplan_run_seconds",
        "Time from start to plan of runs that succeeded.",
        buckets=[*buckets, ("+Inf", count)],
        sum_value=float(total),
    )


def size_of(database: Database, session: ScopedSession) -> int:
    """Return the bytes of the database."""
    if database.file is None:
        size: int = session.connection().scalar(sa.text("SELECT pg_database_size(current_database())")) or 0
        return size
    log = database.file.with_name(f"{database.file.name}-wal")
    return sum(file.stat().st_size for file in (database.file, log) if file.exists())
