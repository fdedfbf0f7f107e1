"""What the application holds for all its requests, and the dependencies that routes take from it."""

from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from typing import Annotated, Protocol

from fastapi import Depends, Request
from fastapi.security import HTTPBearer
from fastapi.security.http import HTTPAuthorizationCredentials
from fastapi.security.utils import get_authorization_scheme_param

from app.service.http.streams import Streams
from app.service.http.turns import Turns
from app.service.refusals import ForbiddenError
from app.service.store.actor import Actor, Role
from app.service.store.database import Database
from app.service.store.scope import ScopedSession
from app.settings import Lang, Settings


class Gate(Protocol):
    """Finds out who asks."""

    def actor(self, request: Request, bearer: str | None) -> Actor:
        """Return the actor of a request; raises `UnknownActorError`."""


@dataclass
class State:
    """What all requests share.

    Attributes
    ----------
    database, settings, gate
        The store, the settings of this process, and who may come in.
    wake
        Called after a run was queued and committed; a worker in this process looks at once.
    closers
        Called in turn when the application stops.
    streams
        The streams of events that are open; they end before the application stops.
    checking
        Turns of those whose tables are checked.
    loopback_hosts
        Where only this machine may ask: names of it besides those of loopback; None where all may.
    """

    database: Database
    settings: Settings
    gate: Gate
    wake: Callable[[], None] = lambda: None
    closers: list[Callable[[], None]] = field(default_factory=list)
    streams: Streams = field(default_factory=Streams)
    checking: Turns = field(default_factory=Turns)
    loopback_hosts: frozenset[str] | None = None


def state_of(request: Request) -> State:
    """Return the state of the application that serves a request."""
    state: State = request.app.state.surplan
    return state


def lang_of(request: Request) -> Lang:
    """Return the language that is asked for: ``?lang=``, else Accept-Language, else the installation's.

    A language that we do not speak is no fault of a request.
    """
    wanted = request.query_params.get("lang", "").lower()
    if wanted in ("en", "vi"):
        return "vi" if wanted == "vi" else "en"
    ranked: list[tuple[float, int, Lang]] = []
    for position, part in enumerate(request.headers.get("accept-language", "").split(",")):
        name, _, weight = part.strip().partition(";q=")
        tag = name.split("-")[0].strip().lower()
        try:
            share = float(weight) if weight else 1.0
        except ValueError:
            continue
        if tag in ("en", "vi") and share > 0:
            ranked.append((-share, position, "vi" if tag == "vi" else "en"))
    return min(ranked)[2] if ranked else state_of(request).settings.lang


# Shown in the OpenAPI document; the gate itself decides, and knows the cookie of a browser too.
_bearer = HTTPBearer(auto_error=False, description="An API key, or the token that `surplan serve` prints.")


def bearer_of(request: Request) -> str | None:
    """Return the bearer key of a request; None without one."""
    scheme, key = get_authorization_scheme_param(request.headers.get("authorization"))
    return key if scheme.lower() == "bearer" else None


def _actor(
    request: Request, _credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]
) -> Actor:
    known: Actor | None = getattr(request.state, "actor", None)  # the door asked already
    return state_of(request).gate.actor(request, bearer_of(request)) if known is None else known


CurrentActor = Annotated[Actor, Depends(_actor)]
TheState = Annotated[State, Depends(state_of)]
Language = Annotated[Lang, Depends(lang_of)]


def _reading(state: TheState, actor: CurrentActor) -> Iterator[ScopedSession]:
    with state.database.reading(actor) as session:
        yield session


def _writing(state: TheState, actor: CurrentActor) -> Iterator[ScopedSession]:
    with state.database.writing(actor) as session:
        yield session


async def _turn(state: TheState) -> AsyncIterator[None]:
    async with state.checking.taken():
        yield


#: For routes that check the tables of an inventory; where they are uploaded, `receiving` sees to it.
InTurn = Depends(_turn, scope="function")
# Scope "function": the transaction is committed before the answer is sent, so a commit that fails is no 2xx.
Reading = Annotated[ScopedSession, Depends(_reading, scope="function")]
Writing = Annotated[ScopedSession, Depends(_writing, scope="function")]


class Allow:
    """Dependency of every route: the roles that may use it.

    Parameters
    ----------
    roles
        Without any: everybody whom the gate lets in.
    """

    def __init__(self, *roles: Role) -> None:
        self.roles = frozenset(roles or Role)

    def __call__(self, actor: CurrentActor) -> Actor:
        """Return the actor; raises `ForbiddenError`."""
        if actor.role not in self.roles:
            raise ForbiddenError("role", role=actor.role, roles=", ".join(sorted(self.roles)))
        return actor


class Open:
    """Dependency of a route that needs no key, and says so."""

    def __call__(self) -> None:
        """Let everybody in."""


#: Roles that see all provinces.
NATIONAL = (Role.PLANNER, Role.AUDITOR, Role.ADMIN)
#: Roles that change inventories and ask for plans, of the country or of their province.
PLANNERS = (Role.PLANNER, Role.PROVINCE_PLANNER, Role.ADMIN)
