"""The audit chain: who did what to what, in the transaction that did it.

`record` notes an act; it is written when the transaction is committed, after everything else of it. So the
lock of the chain is the last lock of every transaction (order: rows of inventories, scenarios, runs; then the
chain), is held for a moment only, and cannot be part of a deadlock. A savepoint that is rolled back takes its
acts with it.

Entries count from 1 without gaps. Each one's digest covers all its fields and the digest before it: whoever
changes, removes or inserts one must change all later digests too. Who wrote a head down elsewhere sees that;
see `Anchor`.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

import sqlalchemy as sa
from sqlalchemy import event

from app.service.store.models.access import AuditEntry
from app.service.store.scope import ScopedSession, actor_of
from app.service.store.types import canonical_json, utc_now

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sqlalchemy.orm import Session, SessionTransaction

    from app.service.store.actor import Actor

#: Digest before the first entry.
BEGINNING = "0" * 64
Fault = Literal["gap", "previous", "digest", "anchor_missing", "anchor_differs"]
_WAITING = "audit_waiting"
_LOCK = 0x73757270  # of PostgreSQL's advisory locks: "surp"
_IDLES_S = 10
_PAGE = 1000
_ANCHOR = re.compile(r"([1-9][0-9]{0,17}):([0-9a-f]{64})")


@dataclass(frozen=True)
class _Act:
    """An act that waits for the commit, and the savepoints within which it happened."""

    fields: dict[str, Any]
    details: dict[str, object]
    savepoints: tuple[SessionTransaction, ...]


@dataclass(frozen=True)
class Anchor:
    """A head that somebody wrote down earlier: a chain that was cut off or rewritten no longer holds it."""

    number: int
    digest: str

    @classmethod
    def parse(cls, text: str) -> Anchor | None:
        """Return the anchor of ``NUMBER:DIGEST``, or None where it is none."""
        found = _ANCHOR.fullmatch(text.strip().lower())
        return None if found is None else cls(int(found[1]), found[2])


@dataclass(frozen=True)
class ChainReport:
    """What a check of the whole chain found.

    Attributes
    ----------
    entries
        How many entries were read.
    head_number, head_digest
        The last entry that fits the chain; 0 and `BEGINNING` without one.
    broken_number
        The first entry that does not fit (for ``gap`` the first that is missing); None where all fit.
    fault
        ``gap``: missing; ``previous``: does not follow on the one before; ``digest``: its fields are not
        those written; ``anchor_missing``, ``anchor_differs``: see `Anchor`.
    """

    entries: int
    head_number: int
    head_digest: str
    broken_number: int | None = None
    fault: Fault | None = None

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return self.fault is None


def record(
    session: Session,
    *,
    action: str,
    subject: str,
    province_code: str | None = None,
    details: Mapping[str, object] | None = None,
) -> None:
    """Note an act of the session's actor; it is written with the session's commit, or not at all.

    Parameters
    ----------
    action
        What was done, such as ``inventory.created``; 40 signs at most.
    subject
        Id of what it was done to; 200 signs at most.
    province_code
        Whose rows it was about; None where it was about all.
    details
        JSON of what matters besides; no secrets.

    Raises
    ------
    OutOfScopeError
        When the session has no actor.
    ValueError
        When a text is too long, or the details are no JSON.
    """
    if len(action) > 40 or len(subject) > 200:
        raise ValueError(f"an audit entry too long: {action!r} {subject!r}")
    actor: Actor = actor_of(session)
    details = dict(details or {})
    canonical_json(details)  # what is no JSON fails here, not at the commit
    fields = {
        "at": utc_now(),
        "actor_id": actor.id,
        "actor_name": actor.name,
        "role": str(actor.role),
        "action": action,
        "subject": subject,
        "province_code": province_code,
    }
    if not session.in_transaction():
        session.begin()  # else there would be nothing to roll back, and the act would stay
    savepoints = []
    inner = session.get_nested_transaction()
    while inner is not None:
        savepoints.append(inner)
        inner = inner.parent if inner.parent is not None and inner.parent.nested else None
    session.info.setdefault(_WAITING, []).append(_Act(fields, details, tuple(savepoints)))


@event.listens_for(ScopedSession, "before_commit")
def _append(session: Session) -> None:
    if session.in_nested_transaction() or not session.info.get(_WAITING):
        return
    session.flush()  # takes all locks of rows before that of the chain
    if session.get_bind().dialect.name == "postgresql":
        # All that remains is to be done at once: a process that is frozen here would hold everybody up.
        soon = sa.func.set_config("idle_in_transaction_session_timeout", f"{_IDLES_S}s", True)
        session.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK), soon))
    acts: list[_Act] = session.info.pop(_WAITING)
    last = session.execute(
        sa.select(AuditEntry.number, AuditEntry.digest).order_by(AuditEntry.number.desc()).limit(1)
    ).one_or_none()
    number, previous = (0, BEGINNING) if last is None else (last.number, last.digest)
    rows = []
    for act in acts:
        number += 1
        fields = {**act.fields, "number": number, "previous": previous}
        previous = digest_of({**fields, "details": canonical_json(act.details)})
        rows.append({**fields, "details": act.details, "digest": previous})
    session.execute(sa.insert(AuditEntry), rows)


@event.listens_for(ScopedSession, "after_soft_rollback")
def _forget(session: Session, undone: SessionTransaction) -> None:
    waiting: list[_Act] = session.info.get(_WAITING, [])
    if undone.nested:
        session.info[_WAITING] = [act for act in waiting if undone not in act.savepoints]
    else:
        session.info.pop(_WAITING, None)


def digest_of(fields: Mapping[str, Any]) -> str:
    """Return the digest of an entry: SHA-256 of the canonical JSON of all its other fields.

    Parameters
    ----------
    fields
        As they are stored: ``details`` is text, ``at`` an instant in UTC or its text of 26 signs.
    """
    at = fields["at"]
    plain = {**fields, "at": f"{at:%Y-%m-%d %H:%M:%S.%f}" if isinstance(at, datetime) else at}
    return hashlib.sha256(canonical_json(plain).encode()).hexdigest()


def verify(session: Session, anchor: Anchor | None = None) -> ChainReport:
    """Check every entry of the chain, and that it still holds an anchor.

    Parameters
    ----------
    anchor
        A head that was written down earlier.
    """
    expected, digest, count = 1, BEGINNING, 0
    anchored: str | None = None
    for fields in _stored(session):
        number = fields["number"]
        claimed = fields.pop("digest")
        fault: Fault | None = None
        if number != expected:
            fault = "gap"
        elif fields["previous"] != digest:
            fault = "previous"
        elif _digest_or_none(fields) != claimed:
            fault = "digest"
        if fault is not None:
            return ChainReport(count, expected - 1, digest, expected, fault)
        count, expected, digest = count + 1, expected + 1, claimed
        if anchor is not None and number == anchor.number:
            anchored = digest
    if anchor is not None and anchored != anchor.digest:
        lost: Fault = "anchor_missing" if anchored is None else "anchor_differs"
        return ChainReport(count, expected - 1, digest, anchor.number, lost)
    return ChainReport(count, expected - 1, digest)


def _digest_or_none(fields: Mapping[str, Any]) -> str | None:
    try:
        return digest_of(fields)
    except (TypeError, ValueError):  # bytes in place of a text, or a surrogate: nothing that we wrote
        return None


def _text(value: Any) -> Any:  # noqa: ANN401  # whatever a column holds
    return value.decode("utf-8", "surrogateescape") if isinstance(value, bytes) else value


def _stored(session: Session) -> Iterator[dict[str, Any]]:
    """Yield the fields of all entries as they are stored, not as they would be read."""
    table = AuditEntry.__table__
    as_bytes = session.get_bind().dialect.name == "sqlite"  # which keeps texts that are no UTF-8, too
    raw = {"at": sa.String, "details": sa.Text}
    columns = [
        sa.cast(column, sa.LargeBinary).label(column.name)
        if as_bytes and column.name != "number"
        else sa.type_coerce(column, raw.get(column.name, column.type)).label(column.name)
        for column in table.c
    ]
    last: int | None = None
    while True:
        query = sa.select(*columns).order_by(table.c.number).limit(_PAGE)
        if last is not None:
            query = query.where(table.c.number > last)
        rows = session.execute(query).mappings().all()
        for row in rows:
            yield {name: _text(value) for name, value in row.items()}
        if len(rows) < _PAGE:
            return
        last = rows[-1]["number"]
