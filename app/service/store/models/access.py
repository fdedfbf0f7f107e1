"""Keys, the audit chain, and answers that a repeated request gets again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import event
from sqlalchemy.orm import Mapped, mapped_column

from app.service.store import triggers
from app.service.store.models.columns import Code, Id, Instant, Json, Name, Sha256, Word
from app.service.store.types import Base

if TYPE_CHECKING:
    import sqlalchemy as sa


class ApiKey(Base):
    """A key of the API; its secret is known to its holder alone.

    Attributes
    ----------
    secret_sha256
        SHA-256 of the secret, which is 256 random bits: nothing to guess, so nothing to slow down.
    """

    __tablename__ = "api_keys"

    id: Mapped[Id] = mapped_column(primary_key=True)
    name: Mapped[Name]
    role: Mapped[Word]
    province_code: Mapped[Code | None]
    commune_code: Mapped[Code | None]
    secret_sha256: Mapped[Sha256]
    created_at: Mapped[Instant]
    created_by: Mapped[Name]
    expires_at: Mapped[Instant | None]
    revoked_at: Mapped[Instant | None]


class AuditEntry(Base):
    """One act, chained to the one before: `digest` covers all of this row and `previous`.

    Attributes
    ----------
    number
        Counts from 1 without gaps.
    action
        What was done, for example ``inventory.part_replaced``.
    subject
        Id of what it was done to.
    province_code
        Whose rows it was about; None where it was about all.
    """

    __tablename__ = "audit_entries"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[Instant]
    actor_id: Mapped[Name]
    actor_name: Mapped[Name]
    role: Mapped[Word]
    action: Mapped[Word]
    subject: Mapped[Name]
    province_code: Mapped[Code | None]
    details: Mapped[Json]
    previous: Mapped[Sha256]
    digest: Mapped[Sha256]


@event.listens_for(AuditEntry.__table__, "after_create")
def _protect(_table: sa.Table, connection: sa.Connection, **_options: Any) -> None:  # noqa: ANN401  # SQLAlchemy's signature
    triggers.create(connection)


@event.listens_for(AuditEntry.__table__, "after_drop")
def _release(_table: sa.Table, connection: sa.Connection, **_options: Any) -> None:  # noqa: ANN401  # SQLAlchemy's signature
    triggers.drop(connection)


class IdempotentAnswer(Base):
    """What a request with an Idempotency-Key was answered; kept for a day.

    Attributes
    ----------
    request_sha256
        Of method, path and body: another request with the same key is refused.
    """

    __tablename__ = "idempotent_answers"

    actor_id: Mapped[Name] = mapped_column(primary_key=True)
    key: Mapped[Name] = mapped_column(primary_key=True)
    request_sha256: Mapped[Sha256]
    status: Mapped[int]
    headers: Mapped[Json]
    body: Mapped[Json]
    created_at: Mapped[Instant] = mapped_column(index=True)
