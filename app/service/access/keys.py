"""API keys: made, listed, revoked, found again by their text.

A key is ``sp_<id>_<secret>``: the id finds its row, the secret is 256 random bits of which the row holds the
SHA-256 alone. Decision 64 says why no slow hash is needed. The text is shown once, when the key is made.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
import unicodedata
from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.service.access.places import Found, as_issues, wrong_places
from app.service.refusals import ConflictError, InvalidError, MissingError
from app.service.store import audit
from app.service.store.actor import Actor, Role
from app.service.store.models import ApiKey
from app.service.store.scope import actor_of
from app.service.store.types import new_id, utc_now

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from app.service.store.scope import ScopedSession

MAX_NAME = 100
_FORM = re.compile(r"sp_([0-9a-hjkmnp-tv-z]{26})_([a-z2-7]{52})")


def create_key(
    session: ScopedSession,
    *,
    name: str,
    role: Role,
    province_code: str | None = None,
    commune_code: str | None = None,
    expires_at: datetime | None = None,
) -> tuple[ApiKey, str]:
    """Make a key; returns its row and its text, which nobody can read again.

    Raises
    ------
    InvalidError
        With every issue: a blank name, a place that the role does not have or the register does not know, an
        end that is past.
    """
    name = unicodedata.normalize("NFC", name).strip()
    found: list[Found] = []
    if not name or not name.isprintable() or len(name) > MAX_NAME:
        found.append(("name", "key_name", {"most": str(MAX_NAME)}))
    found += wrong_places(role, province_code, commune_code)
    if expires_at is not None and expires_at <= utc_now():
        found.append(("expires_at", "key_expired", {}))
    if found:
        values = {"province_code": province_code or "", "commune_code": commune_code or ""}
        raise InvalidError("key", issues=as_issues(found, values), count=str(len(found)))
    secret = base64.b32encode(secrets.token_bytes(32)).decode().rstrip("=").lower()
    key = ApiKey(
        id=new_id("key"),
        name=name,
        role=str(role),
        province_code=province_code,
        commune_code=commune_code,
        secret_sha256=_hash(secret),
        created_at=utc_now(),
        created_by=actor_of(session).name,
        expires_at=expires_at,
        revoked_at=None,
    )
    session.add(key)
    session.flush()
    details = {"name": name, "role": str(role), "commune_code": commune_code}
    details |= {"expires_at": None if expires_at is None else expires_at.isoformat()}
    audit.record(session, action="key.created", subject=key.id, province_code=province_code, details=details)
    return key, f"sp_{key.id.removeprefix('key_')}_{secret}"


def list_keys(session: ScopedSession, *, after: str | None, limit: int) -> Sequence[ApiKey]:
    """Return keys in the order in which they were made, behind the id `after`."""
    query = sa.select(ApiKey).order_by(ApiKey.id).limit(limit)
    if after is not None:
        query = query.where(ApiKey.id > after)
    return session.scalars(query).all()


def revoke_key(session: ScopedSession, key_id: str) -> ApiKey:
    """Revoke a key for ever; one that is revoked already stays as it is.

    Raises
    ------
    MissingError
        When there is no such key.
    ConflictError
        When an administrator would revoke the key that it asks with: a slip that locks everybody out.
    """
    key = session.get(ApiKey, key_id, with_for_update=True)
    if key is None:
        raise MissingError("key", key_id)
    if key.revoked_at is None:
        if key.role == Role.ADMIN and actor_of(session).id == key.id:
            raise ConflictError("own_key")
        key.revoked_at = utc_now()
        session.flush()
        audit.record(session, action="key.revoked", subject=key.id, province_code=key.province_code)
    return key


def find_key(session: ScopedSession, text: str) -> ApiKey | None:
    """Return the key with this text, or None where there is none that holds now."""
    parts = _FORM.fullmatch(text)
    if parts is None:
        return None
    key = session.get(ApiKey, f"key_{parts[1]}")
    if key is None or not hmac.compare_digest(key.secret_sha256, _hash(parts[2])):
        return None
    return key if is_active(key) else None


def is_active(key: ApiKey) -> bool:
    """Tell whether a key is neither revoked nor past its end."""
    return key.revoked_at is None and (key.expires_at is None or key.expires_at > utc_now())


def actor_of_key(key: ApiKey) -> Actor:
    """Return who asks with a key."""
    return Actor(key.id, key.name, Role(key.role), key.province_code, key.commune_code)


def has_admin(session: ScopedSession) -> bool:
    """Tell whether an administrator could come in with a key now."""
    query = sa.select(ApiKey).where(ApiKey.role == str(Role.ADMIN), ApiKey.revoked_at.is_(None))
    return any(is_active(key) for key in session.scalars(query))


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
