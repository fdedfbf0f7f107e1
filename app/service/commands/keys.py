"""``surplan keys`` and ``surplan audit``: on the machine itself, straight on the database."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from app.console import emit, note, visible
from app.errors import UsageError
from app.failures import DONE, WRONG_INPUT
from app.service.access import keys, trail
from app.service.access.schemas import Key
from app.service.commands.opening import opened
from app.service.refusals import RefusedError
from app.service.store import audit
from app.service.store.actor import SYSTEM
from app.settings import read_settings
from app.texts import say

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from app.service.store.actor import Role
    from app.service.store.models import ApiKey
    from app.talk import Talk

_PAGE = 1000


def create(
    name: str, role: Role, province: str | None, commune: str | None, expires: str | None, talk: Talk
) -> int:
    """Make a key and print it, this once."""
    settings = read_settings()
    expires_at = None if expires is None else _instant(expires, settings.timezone)
    with opened(settings) as database:
        try:
            with database.writing(SYSTEM) as session:
                key, text = keys.create_key(
                    session,
                    name=name,
                    role=role,
                    province_code=province,
                    commune_code=commune,
                    expires_at=expires_at,
                )
        except RefusedError as refusal:
            raise _usage(refusal, talk) from refusal
    if talk.as_json:
        emit(json.dumps(_plain(key) | {"key": text}, ensure_ascii=False))
        return DONE
    place = "".join(f" {code}" for code in (key.province_code, key.commune_code) if code)
    words = {"id": key.id, "name": visible(key.name), "role": key.role, "place": place}
    note(say(talk.lang, "keys.made", **words))
    emit(text)  # alone on stdout, so that a script can keep it
    return DONE


def show(talk: Talk) -> int:
    """Print all keys, without their secrets."""
    with opened(read_settings()) as database, database.reading(SYSTEM) as session:
        rows: list[ApiKey] = []
        while True:
            page = keys.list_keys(session, after=rows[-1].id if rows else None, limit=_PAGE)
            rows += page
            if len(page) < _PAGE:
                break
    if talk.as_json:
        emit(json.dumps([_plain(row) for row in rows], ensure_ascii=False))
        return DONE
    if not rows:
        emit(say(talk.lang, "keys.none"))
    for row in rows:
        state = "gone" if row.revoked_at is not None else "active" if keys.is_active(row) else "expired"
        place = row.commune_code or row.province_code or "-"
        words = {"id": row.id, "role": row.role, "place": place, "name": visible(row.name)}
        emit(say(talk.lang, "keys.row", state=say(talk.lang, f"keys.{state}"), **words))
    return DONE


def revoke(key_id: str, talk: Talk) -> int:
    """Revoke a key for ever."""
    with opened(read_settings()) as database:
        try:
            with database.writing(SYSTEM) as session:
                key = keys.revoke_key(session, key_id)
        except RefusedError as refusal:
            raise _usage(refusal, talk) from refusal
    if talk.as_json:
        emit(json.dumps(_plain(key), ensure_ascii=False))
    else:
        emit(say(talk.lang, "keys.revoked", id=key.id, name=visible(key.name)))
    return DONE


def verify(head: str | None, talk: Talk) -> int:
    """Check the audit chain; exit 1 where it is broken."""
    anchor = None if head is None else audit.Anchor.parse(head)
    if head is not None and anchor is None:
        raise UsageError("anchor", value=repr(head))
    with opened(read_settings()) as database, database.reading(SYSTEM) as session:
        report = audit.verify(session, anchor)
    if talk.as_json:
        found = {"ok": report.ok, "entries": report.entries, "head": trail.head(report)}
        found |= {"broken_number": report.broken_number, "fault": report.fault}
        emit(json.dumps(found))
    else:
        emit(trail.in_words(report, talk.lang))
    return DONE if report.ok else WRONG_INPUT


def _plain(key: ApiKey) -> dict[str, object]:
    return Key.model_validate(key).model_dump(mode="json")


def _usage(refusal: RefusedError, talk: Talk) -> UsageError:
    document = refusal.document(talk.lang)
    issues = [f"{one['message']} {one['remedy']}" for one in refusal.issues.get(talk.lang, ())]
    return UsageError("refused", text=" ".join(issues or [f"{document['detail']} {document['remedy']}"]))


def _instant(text: str, zone: ZoneInfo) -> datetime:
    """Return the instant of ``--expires``; a day counts to its end."""
    try:
        if len(text) == 10:
            day = date.fromisoformat(text) + timedelta(days=1)
            found = datetime.combine(day, time(), zone)
        else:
            found = datetime.fromisoformat(text)
        return (found.replace(tzinfo=zone) if found.tzinfo is None else found).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise UsageError("key_expires", value=repr(text)) from error
