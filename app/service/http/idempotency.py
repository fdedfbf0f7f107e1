"""POST requests that may be repeated: the same Idempotency-Key gets the same answer, and one change is made.

::

    def post_run(body: RunRequest, session: Writing, once: TheOnce, ...) -> Response:
        def queue() -> Answer: ...
        return once.answer(session, queue)

The answer is stored in the transaction that made the change. A refusal is not stored: nothing was changed,
and the request may be repeated when its cause is gone.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Annotated

import sqlalchemy as sa
from fastapi import Depends, Header, Request, Response
from fastapi.encoders import jsonable_encoder
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session
from starlette.datastructures import UploadFile

from app.service.http.state import CurrentActor
from app.service.refusals import ConflictError
from app.service.store.models import IdempotentAnswer
from app.service.store.types import utc_now

#: How long an answer is kept.
KEPT = timedelta(days=1)
_PIECE = 1 << 20
_PRINTABLE = r"^[\x20-\x7e]+$"


@dataclass(frozen=True)
class Answer:
    """What a request is answered.

    Attributes
    ----------
    status, headers
        As HTTP has them.
    body
        A model, or what JSON can hold.
    """

    status: int
    body: object
    headers: Mapping[str, str] = field(default_factory=dict)


class Once:
    """One request, with its key or without.

    Parameters
    ----------
    actor_id
        Whose keys they are: those of two actors do not meet.
    key
        Idempotency-Key; None: every request is its own.
    digest
        SHA-256 of the request.
    """

    def __init__(self, actor_id: str, key: str | None, digest: str) -> None:
        self._actor_id, self._key, self._digest = actor_id, key, digest

    def answer(self, session: Session, change: Callable[[], Answer]) -> Response:
        """Make the change and keep its answer, or return the answer that was kept.

        Of two requests at once with one key the second waits for the first.

        Raises
        ------
        ConflictError
            When the key was used for another request.
        """
        if self._key is None:
            made = change()
            return _response(made.status, _text(made.body), made.headers)
        kept = self._kept(session)
        if kept is not None:
            if kept.request_sha256 != self._digest:
                raise ConflictError("idempotency_key", given=self._key)
            return _response(kept.status, kept.body, {**kept.headers, "Idempotency-Replayed": "true"})
        made = change()
        text = _text(made.body)
        mine = sa.update(IdempotentAnswer).where(*self._mine())
        # The text itself and not its value: the keys of a stored value would come back in another order.
        session.execute(mine.values(status=made.status, headers=dict(made.headers), body=text))
        return _response(made.status, text, made.headers)

    def _mine(self) -> tuple[sa.ColumnElement[bool], ...]:
        return (IdempotentAnswer.actor_id == self._actor_id, IdempotentAnswer.key == self._key)

    def _kept(self, session: Session) -> IdempotentAnswer | None:
        """Return the answer that was kept, or reserve the key for ours and return None."""
        old = IdempotentAnswer.created_at < utc_now() - KEPT
        session.execute(sa.delete(IdempotentAnswer).where(*self._mine(), old))
        dialect = session.get_bind().dialect.name
        insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
        row: dict[str, object] = {
            "actor_id": self._actor_id,
            "key": self._key,
            "request_sha256": self._digest,
            "status": 0,
            "headers": {},
            "body": "",
            "created_at": utc_now(),
        }
        # Where another transaction inserts the same key, this waits until that one has ended.
        reserve = insert(IdempotentAnswer).on_conflict_do_nothing().returning(IdempotentAnswer.key)
        if session.scalars(reserve, [row]).first() is not None:
            return None
        return session.scalars(sa.select(IdempotentAnswer).where(*self._mine())).one()


def forget_old(session: Session) -> None:
    """Remove the answers that are no longer kept."""
    session.execute(sa.delete(IdempotentAnswer).where(IdempotentAnswer.created_at < utc_now() - KEPT))


async def _once(
    request: Request,
    actor: CurrentActor,
    idempotency_key: Annotated[
        str | None,
        Header(
            min_length=1,
            max_length=200,
            pattern=_PRINTABLE,
            description="Any text that names this request; repeated within a day, it gets the same answer.",
        ),
    ] = None,
) -> Once:
    digest = "" if idempotency_key is None else await _digest(request)
    return Once(actor.id, idempotency_key, digest)


TheOnce = Annotated[Once, Depends(_once)]


async def _digest(request: Request) -> str:
    """Return the SHA-256 of what the request asks: method, address and body."""
    digest = hashlib.sha256()

    def add(*parts: bytes) -> None:
        for part in parts:
            digest.update(len(part).to_bytes(8))
            digest.update(part)

    add(request.method.encode(), request.url.path.encode(), request.url.query.encode())
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        add(await request.body())
        return digest.hexdigest()
    # The boundary between the parts differs each time; what is in them does not.
    form = await request.form()
    for name, value in form.multi_items():
        if not isinstance(value, UploadFile):
            add(name.encode(), value.encode())
            continue
        add(name.encode(), (value.filename or "").encode(), await _sha256(value))
    return digest.hexdigest()


async def _sha256(file: UploadFile) -> bytes:
    digest = hashlib.sha256()
    await file.seek(0)
    while piece := await file.read(_PIECE):
        digest.update(piece)
    await file.seek(0)
    return digest.digest()


def _text(body: object) -> str:
    return json.dumps(jsonable_encoder(body), ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def _response(status: int, text: str, headers: Mapping[str, str]) -> Response:
    return Response(text, status, dict(headers), "application/json")
