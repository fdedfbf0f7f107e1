"""Keys, who one is, and the audit chain over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query
from sqlalchemy import event

from app.service.access import keys, trail
from app.service.access.gate import KeyGate
from app.service.access.schemas import Chain, Entry, Key, MadeKey, Me, NewKey
from app.service.http.instants import Instant
from app.service.http.pages import After, Limit, Page, decode_cursor, page_of
from app.service.http.problems import documents, invalid_fields
from app.service.http.state import Allow, CurrentActor, Language, Reading, TheState, Writing
from app.service.http.strict_route import StrictRoute
from app.service.store import audit
from app.service.store.actor import Role

router = APIRouter(tags=["access"], route_class=StrictRoute)

_ADMIN = [Depends(Allow(Role.ADMIN))]
_READERS = [Depends(Allow(Role.AUDITOR, Role.ADMIN))]
KeyId = Annotated[str, Path(max_length=40)]


@router.get("/me", dependencies=[Depends(Allow())], responses=documents())
def who_am_i(actor: CurrentActor) -> Me:
    """Who asks: the key's name, its role, and its province."""
    return Me.model_validate(actor)


@router.get("/keys", dependencies=_ADMIN, responses=documents())
def list_keys(session: Reading, after: After = None, limit: Limit = 100) -> Page[Key]:
    """Return all keys, revoked ones too, in the order in which they were made; without their secrets."""
    behind = decode_cursor(after, str)
    rows = keys.list_keys(session, after=None if behind is None else behind[0], limit=limit + 1)
    items, following = page_of(rows, limit, lambda row: (row.id,))
    return Page(items=[Key.model_validate(row) for row in items], next=following)


@router.post("/keys", status_code=201, dependencies=_ADMIN, responses=documents())
def create_key(session: Writing, wanted: NewKey) -> MadeKey:
    """Make a key. The answer holds it, this once: as it is kept nowhere, there is no Idempotency-Key.

    Who did not hear the answer revokes the key that stands in the list, and makes another one.
    """
    key, text = keys.create_key(
        session,
        name=wanted.name,
        role=wanted.role,
        province_code=wanted.province_code,
        commune_code=wanted.commune_code,
        expires_at=wanted.expires_at,
    )
    return MadeKey(**Key.model_validate(key).model_dump(), key=text)


@router.post("/keys/{key_id}/revoke", dependencies=_ADMIN, responses=documents(404, 409))
def revoke_key(session: Writing, state: TheState, key_id: KeyId) -> Key:
    """Revoke a key for ever; other processes of the service follow within 5 seconds."""
    key = keys.revoke_key(session, key_id)
    gate = state.gate
    if isinstance(gate, KeyGate):
        event.listen(session, "after_commit", lambda _session: gate.forget(key_id), once=True)
    return Key.model_validate(key)


@router.get("/audit", dependencies=_READERS, responses=documents())
def list_audit(
    session: Reading,
    after: After = None,
    limit: Limit = 100,
    action: Annotated[str | None, Query(max_length=40, examples=["key.created"])] = None,
    subject: Annotated[str | None, Query(max_length=200, description="Id of what it was done to.")] = None,
    actor: Annotated[str | None, Query(max_length=200, description="Id of who did it.")] = None,
    since: Annotated[Instant | None, Query(alias="from", description="This instant is in.")] = None,
    before: Annotated[Instant | None, Query(alias="to", description="This instant is not in.")] = None,
) -> Page[Entry]:
    """Return entries of the audit chain, from the oldest on."""
    behind = decode_cursor(after, int)
    wanted = trail.Wanted(action, subject, actor, since, before)
    found = trail.entries(session, wanted, after=None if behind is None else behind[0], limit=limit + 1)
    items, following = page_of(found, limit, lambda row: (row.number,))
    return Page(items=[Entry.model_validate(row) for row in items], next=following)


@router.get("/audit/verify", dependencies=_READERS, responses=documents())
def verify_audit(
    session: Reading,
    lang: Language,
    head: Annotated[
        str | None, Query(max_length=100, description="NUMBER:DIGEST that an earlier check gave.")
    ] = None,
) -> Chain:
    """Check the whole audit chain; with a head written down earlier also that nothing was cut off since."""
    anchor = None if head is None else audit.Anchor.parse(head)
    if head is not None and anchor is None:
        raise invalid_fields([{"loc": ("query", "head"), "type": "anchor", "msg": "no head", "input": head}])
    report = audit.verify(session, anchor)
    return Chain(
        ok=report.ok,
        entries=report.entries,
        head=trail.head(report),
        broken_number=report.broken_number,
        fault=report.fault,
        message=trail.in_words(report, lang),
    )
