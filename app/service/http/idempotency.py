"""POST requests that may be repeated: the same Idempotency-Key gets the same answer, and one change is made.

::

    def post_run(body: RunRequest, session: Writing, once: TheOnce, ...) -> Response:
        def queue() -> Answer: ...
        return once.answer(session, queue)

The answer is stored in the transaction that made the change. A refusal is not stored: nothing was changed,
and the request may be repeated when its cause is gone. Routes that do not take it: what changes nothing the
second time (cancel, revoke, verify), PUT and PATCH (they have If-Match), and POST of a key of access: its
answer holds a secret, which is kept nowhere.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import chain
from typing import Annotated

import sqlalchemy as sa
from fastapi import Depends, Header, Request, Response
from fastapi.encoders import jsonable_encoder
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.service.http.state import CurrentActor
from app.service.refusals import ConflictError
from app.service.store.actor import Actor
from app.service.store.models import IdempotentAnswer
from app.service.store.types import utc_now

#: How long an answer is kept.
KEPT = timedelta(days=1)
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

    def text(self) -> str:
        """Return the body as it is sent."""
        value = jsonable_encoder(self.body)
        return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))

    def response(self) -> Response:
        """Return the answer as it is sent."""
        return _response(self.status, self.text(), self.headers)


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

    def kept(self, session: Session) -> Response | None:
        """Return the answer that was kept, where there is one: it spares the work that precedes a change.

        A session that only reads will do. Without one, `answer` may still find one a moment later.

        Raises
        ------
        ConflictError
            When the key was used for another request.
        """
        if self._key is None:
            return None
        fresh = IdempotentAnswer.created_at >= utc_now() - KEPT
        found = session.scalars(sa.select(IdempotentAnswer).where(*self._mine(), fresh)).one_or_none()
        return None if found is None else self._again(found)

    def answer(self, session: Session, change: Callable[[], Answer]) -> Response:
        """Make the change and keep its answer, or return the answer that was kept.

        Of two requests at once with one key the second waits for the first.

        Raises
        ------
        ConflictError
            When the key was used for another request.
        """
        if self._key is None:
            return change().response()
        kept = self._reserve(session)
        if kept is not None:
            return self._again(kept)
        made = change()
        text = made.text()
        mine = sa.update(IdempotentAnswer).where(*self._mine())
        # The text itself and not its value: the keys of a stored value would come back in another order.
        session.execute(mine.values(status=made.status, headers=dict(made.headers), body=text))
        return _response(made.status, text, made.headers)

    def _mine(self) -> tuple[sa.ColumnElement[bool], ...]:
        return (IdempotentAnswer.actor_id == self._actor_id, IdempotentAnswer.key == self._key)

    def _again(self, kept: IdempotentAnswer) -> Response:
        if kept.request_sha256 != self._digest:
            raise ConflictError("idempotency_key", given=str(self._key))
        return _response(kept.status, kept.body, {**kept.headers, "Idempotency-Replayed": "true"})

    def _reserve(self, session: Session) -> IdempotentAnswer | None:
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


IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=200,
        pattern=_PRINTABLE,
        description="Any text that names this request; repeated within a day, it gets the same answer.",
    ),
]


def once_of(request: Request, actor: Actor, key: str | None, content: Callable[[], Iterable[bytes]]) -> Once:
    """Return a request that is carried out once.

    Parameters
    ----------
    key
        Its Idempotency-Key.
    content
        Returns what was sent, in parts; not called without a key.
    """
    if key is None:
        return Once(actor.id, None, "")
    kind = request.headers.get("content-type", "").split(";")[0].strip().lower()
    digest = hashlib.sha256()
    # Of the scope: `request.url` fails for what is no UTF-8.
    path, query = request.scope["path"].encode(), request.scope["query_string"]
    for part in chain((request.method.encode(), path, query, kind.encode()), content()):
        digest.update(len(part).to_bytes(8))
        digest.update(part)
    return Once(actor.id, key, digest.hexdigest())


async def _once(request: Request, actor: CurrentActor, key: IdempotencyKey = None) -> Once:
    # Whole: bodies of these routes are small (`sizes.SMALL`), and the route has read this one anyway.
    body = await request.body()
    return once_of(request, actor, key, lambda: (body,))


TheOnce = Annotated[Once, Depends(_once)]


def _response(status: int, text: str, headers: Mapping[str, str]) -> Response:
    return Response(text, status, dict(headers), "application/json")
