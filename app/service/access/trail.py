"""The audit chain for readers: pages of it, and what a check found in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.service.store.models import AuditEntry
from app.texts import say

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from app.service.store.audit import ChainReport
    from app.service.store.scope import ScopedSession
    from app.settings import Lang


@dataclass(frozen=True)
class Wanted:
    """Which entries: those that fit everything that is named.

    Attributes
    ----------
    actor
        Id of a key, or ``local`` or ``system``.
    since, before
        Instants; `since` is in, `before` is not.
    """

    action: str | None = None
    subject: str | None = None
    actor: str | None = None
    since: datetime | None = None
    before: datetime | None = None


def entries(session: ScopedSession, wanted: Wanted, *, after: int | None, limit: int) -> Sequence[AuditEntry]:
    """Return entries from the oldest on, behind the number `after`."""
    query = sa.select(AuditEntry).order_by(AuditEntry.number).limit(limit)
    if after is not None:
        query = query.where(AuditEntry.number > after)
    if wanted.action is not None:
        query = query.where(AuditEntry.action == wanted.action)
    if wanted.subject is not None:
        query = query.where(AuditEntry.subject == wanted.subject)
    if wanted.actor is not None:
        query = query.where(AuditEntry.actor_id == wanted.actor)
    if wanted.since is not None:
        query = query.where(AuditEntry.at >= wanted.since)
    if wanted.before is not None:
        query = query.where(AuditEntry.at < wanted.before)
    return session.scalars(query).all()


def in_words(report: ChainReport, lang: Lang) -> str:
    """Return what a check of the chain found."""
    words = {
        "entries": str(report.entries),
        "head": head(report),
        "number": str(report.broken_number),
    }
    return say(lang, f"chain.{report.fault or 'ok'}", **words)


def head(report: ChainReport) -> str:
    """Return the anchor of the last entry that fits."""
    return f"{report.head_number}:{report.head_digest}"
