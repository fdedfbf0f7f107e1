"""Bytes by their SHA-256: files of plans, shared tables of inventories. Never changed, stored once."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.service.store.models.columns import Instant, Sha256
from app.service.store.types import Base


class Blob(Base):
    """Bytes.

    Attributes
    ----------
    sha256
        Of the bytes, not of their packed form.
    size
        Bytes.
    packed
        The bytes, by zlib.
    created_at
        When they were stored, or found again long after that: see `app.service.store.blobs`.
    """

    __tablename__ = "blobs"

    sha256: Mapped[Sha256] = mapped_column(primary_key=True)
    size: Mapped[int] = mapped_column(sa.BigInteger)
    packed: Mapped[bytes] = mapped_column(sa.LargeBinary)
    created_at: Mapped[Instant]
