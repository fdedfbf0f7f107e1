"""The token that `surplan serve` prints, and the session of the browser that it is exchanged for.

Both live as long as the process, and nowhere else. The token is good for one browser; as a bearer token it
stays good until the process ends.
"""

from __future__ import annotations

import hmac
import secrets
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from app.service.refusals import ForbiddenError
from app.service.store.actor import Actor, Role

if TYPE_CHECKING:
    from starlette.requests import HTTPConnection

#: The person at the machine on which `surplan serve` runs.
KEYBOARD = Actor("local", "surplan serve", Role.ADMIN)
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass
class BrowserToken:
    """A token of 256 random bits.

    Attributes
    ----------
    token
        What is printed.
    cookie_name
        Names the port too: cookies do not tell the ports of a host apart.
    """

    cookie_name: str = "surplan"
    token: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)
    _cookie: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)
    _used: bool = False
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def is_token(self, text: str) -> bool:
        """Tell whether a text is the token."""
        return _equal(text, self.token)

    def exchange(self, text: str) -> str | None:
        """Return the value of the cookie for the token, the first time; None for another text or later."""
        with self._lock:
            if self._used or not self.is_token(text):
                return None
            self._used = True
            return self._cookie

    def is_session(self, connection: HTTPConnection) -> bool:
        """Tell whether a request comes from the browser that the token was exchanged in."""
        return self._used and _equal(connection.cookies.get(self.cookie_name, ""), self._cookie)


def require_same_site(connection: HTTPConnection) -> None:
    """Refuse a request with a cookie that another site had the browser send.

    Raises
    ------
    ForbiddenError
        Code ``cross_site``.
    """
    headers = connection.headers
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if site is not None and site not in ("same-origin", "none"):
        raise ForbiddenError("cross_site")
    if connection.scope["method"] in _SAFE:
        return
    # Every browser names the origin of what can change something; a request that names none is no browser's.
    same = origin in {f"{scheme}://{headers.get('host')}" for scheme in ("http", "https")}
    if not same and site != "same-origin":
        raise ForbiddenError("cross_site")


def _equal(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode("utf-8", "surrogatepass"), other.encode())
