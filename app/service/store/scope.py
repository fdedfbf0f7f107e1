"""The one place where an actor's province decides which rows there are.

Every table with rows of provinces is `Scoped`. A session knows its actor; each ORM statement of it gets the
criterion of the actor's province (or commune) for each such table, whatever the statement says, and what
would be written outside it is refused. So no route can forget it.

Statements that go round the ORM (``session.connection().execute``, text) are not used on these tables; a test
reads the sources for that.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, cast

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Session, with_loader_criteria

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sqlalchemy.orm import ORMExecuteState

    from app.service.store.actor import Actor

ACTOR = "actor"
_PLACES = frozenset(
    {"province_code", "commune_code", "from_province", "to_province", "from_commune", "to_commune"}
)


class OutOfScopeError(Exception):
    """A row of another province was to be written: a fault of ours, or an attempt."""


class Scoped:
    """Mixin of a table whose rows belong to provinces."""

    @classmethod
    def within(cls, province_code: str, commune_code: str | None) -> sa.ColumnElement[bool]:
        """Return which rows a province (or, where one is given, a commune of it) may see."""
        raise NotImplementedError

    def belongs_to(self, province_code: str, commune_code: str | None) -> bool:
        """Tell whether a province (or a commune of it) may write this row."""
        raise NotImplementedError


def scoped_classes() -> list[type[Scoped]]:
    """Return every mapped class that is `Scoped`."""
    found: list[type[Scoped]] = []
    waiting = list(Scoped.__subclasses__())
    while waiting:
        one = waiting.pop()
        waiting += one.__subclasses__()
        if hasattr(one, "__mapper__"):
            found.append(one)
    return sorted(set(found), key=lambda one: one.__name__)


def actor_of(session: Session) -> Actor:
    """Return who this session works for.

    Raises
    ------
    OutOfScopeError
        When nobody was named: such a session may not ask anything.
    """
    actor: Actor | None = session.info.get(ACTOR)
    if actor is None:
        msg = "a session without an actor"
        raise OutOfScopeError(msg)
    return actor


@contextmanager
def acting_as(session: Session, actor: Actor) -> Iterator[None]:
    """Let a session work for another actor for a while, in the same transaction.

    For what follows from an act without being the actor's own: an update of one province may queue a run of
    the whole country. What is loaded meanwhile is forgotten afterwards: `session.get` shows none of it.
    """
    mine = actor_of(session)
    session.flush()
    known = set(session.identity_map.values())
    session.info[ACTOR] = actor
    try:
        yield
        session.flush()
    finally:
        session.info[ACTOR] = mine
        for row in session.identity_map.values():
            if row not in known:
                session.expunge(row)


class ScopedSession(Session):
    """A session whose statements see and write what its actor may."""


@event.listens_for(ScopedSession, "do_orm_execute")
def _limit(state: ORMExecuteState) -> None:
    actor = actor_of(state.session)
    if actor.province_code is None:
        return
    if state.is_insert:
        _check_inserted(state, actor.province_code, actor.commune_code)
        return
    if state.is_update:
        _check_updated(state)
    options = [
        with_loader_criteria(one, one.within(actor.province_code, actor.commune_code), include_aliases=True)
        for one in scoped_classes()
    ]
    state.statement = state.statement.options(*options)


def _check_inserted(state: ORMExecuteState, province: str, commune: str | None) -> None:
    mapper = state.bind_mapper
    if mapper is None or not issubclass(mapper.class_, Scoped):
        return
    parameters: Any = state.parameters
    if not parameters:
        msg = "rows are inserted as a list of parameters, where they can be looked at"
        raise OutOfScopeError(msg)
    rows: Iterable[dict[str, Any]] = parameters if isinstance(parameters, list) else [parameters]
    for values in rows:
        row = mapper.class_(**values)
        if not row.belongs_to(province, commune):
            raise _refusal(row)


def _check_updated(state: ORMExecuteState) -> None:
    """Refuse to move rows between provinces; the rows of others are not reached at all."""
    mapper = state.bind_mapper
    if mapper is not None and issubclass(mapper.class_, Scoped):
        # What is set has the column's own name among the parameters; conditions have a number behind it.
        moved = _PLACES & set(cast("sa.Update", state.statement).compile().params)
        if moved:
            msg = f"an update of {', '.join(sorted(moved))}"
            raise OutOfScopeError(msg)


@event.listens_for(ScopedSession, "before_flush")
def _check_written(session: Session, _context: object, _instances: object) -> None:
    actor = actor_of(session)
    if actor.province_code is None:
        return
    for row in [*session.new, *session.dirty, *session.deleted]:
        if isinstance(row, Scoped) and not row.belongs_to(actor.province_code, actor.commune_code):
            raise _refusal(row)


def _refusal(row: Scoped) -> OutOfScopeError:
    return OutOfScopeError(f"a {type(row).__name__} of another province")
