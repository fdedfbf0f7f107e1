"""Who asks: a bearer key, the token of `surplan serve`, or the cookie of the browser that has it.

A key that was found is believed for `BELIEVED_S` seconds without another look into the database. A key that
is revoked in this process ends at once, one that another process revokes that much later.
"""

from __future__ import annotations

import hashlib
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from app.service.access.browser import KEYBOARD, BrowserToken, require_same_site
from app.service.access.keys import actor_of_key, find_key
from app.service.refusals import UnknownActorError
from app.service.store.actor import SYSTEM
from app.service.store.types import utc_now

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from starlette.requests import HTTPConnection

    from app.service.store.actor import Actor
    from app.service.store.database import Database

#: Seconds for which a key is believed once it was found.
BELIEVED_S = 5.0
_MOST = 1000


@dataclass(frozen=True)
class _Believed:
    actor: Actor
    until: float
    expires_at: datetime | None


@dataclass
class KeyGate:
    """The gate of the service.

    Attributes
    ----------
    database
        Where the keys are.
    browser
        The token of this process; None where keys alone let in.
    """

    database: Database
    browser: BrowserToken | None = None
    clock: Callable[[], float] = time.monotonic
    _believed: dict[bytes, _Believed] = field(default_factory=dict, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def actor(self, request: HTTPConnection, bearer: str | None) -> Actor:
        """Return who asks.

        Raises
        ------
        UnknownActorError
            Without a key, or with one that is unknown, revoked or past its end.
        ForbiddenError
            When another site had the browser ask.
        """
        if bearer is None and self.browser is not None and self.browser.is_session(request):
            require_same_site(request)
            return KEYBOARD
        if not bearer:
            raise UnknownActorError
        if self.browser is not None and self.browser.is_token(bearer):
            return KEYBOARD
        return self._holder(bearer)

    def forget(self, key_id: str) -> None:
        """Believe a key no longer: it was revoked."""
        with self._lock:
            for mark in [mark for mark, one in self._believed.items() if one.actor.id == key_id]:
                del self._believed[mark]

    def _holder(self, text: str) -> Actor:
        mark = hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
        now = self.clock()
        one = self._believed.get(mark)
        if one is not None and now < one.until and (one.expires_at is None or utc_now() < one.expires_at):
            return one.actor
        with self.database.reading(SYSTEM) as session:
            key = find_key(session, text)
        if key is None:
            raise UnknownActorError
        actor = actor_of_key(key)
        with self._lock:
            if len(self._believed) >= _MOST:
                self._believed.clear()
            self._believed[mark] = _Believed(actor, now + BELIEVED_S, key.expires_at)
        return actor
