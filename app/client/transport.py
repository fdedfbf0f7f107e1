"""Requests that come through: patience with a service that restarts, and none with one that says no.

A request is sent again where that can do no harm: GET, HEAD, PUT and DELETE, and POST with an Idempotency-Key
(then the service answers the second one as it answered the first). It is sent again when nobody answered, and
after 429, 502, 503 and 504; in between it waits as long as Retry-After says, else a random part of a time
that doubles, so that many clients do not come back at once.
"""

from __future__ import annotations

import random
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Self

import httpx2

from app.client.errors import ServiceUnreachableError, refused

_AGAIN = frozenset({429, 502, 503, 504})
_HARMLESS = frozenset({"GET", "HEAD", "PUT", "DELETE"})
KEY_HEADER = "Idempotency-Key"


@dataclass(frozen=True)
class Patience:
    """How often, and how long to wait in between.

    Attributes
    ----------
    tries
        Requests at most, the first one included.
    first_wait_s, longest_wait_s
        Wait before the second request, and before any [s].
    """

    tries: int = 6
    first_wait_s: float = 0.25
    longest_wait_s: float = 20.0

    def wait_s(self, number: int) -> float:
        """Return the longest wait after request `number` (from 1) [s]."""
        return min(self.longest_wait_s, self.first_wait_s * 2.0 ** (number - 1))


class Transport:
    """A connection to one service.

    Parameters
    ----------
    address
        For example ``http://127.0.0.1:8000``; a path in front of ``/v1`` is kept.
    key
        API key, or the token that ``surplan serve`` prints.
    lang
        Language of problem documents: "en" or "vi".
    timeout_s
        Of one request [s].
    patience
        How often a request is sent again.
    sleep
        Waits; for tests.
    transport
        Of httpx, for tests.
    """

    def __init__(
        self,
        address: str,
        key: str,
        *,
        lang: str = "en",
        timeout_s: float = 120.0,
        patience: Patience | None = None,
        sleep: Callable[[float], None] = time.sleep,
        transport: httpx2.BaseTransport | None = None,
    ) -> None:
        self._patience = patience or Patience()
        self._sleep = sleep
        headers = {"Authorization": f"Bearer {key}", "Accept-Language": lang, "User-Agent": "surplan-client"}
        self._http = httpx2.Client(
            base_url=address.rstrip("/"), headers=headers, timeout=timeout_s, transport=transport
        )

    def request(
        self,
        method: str,
        path: str,
        *,
        idempotent: bool = False,
        headers: Mapping[str, str] | None = None,
        **content: Any,  # noqa: ANN401  # what httpx takes: params, json, content, files
    ) -> httpx2.Response:
        """Send a request until it is answered.

        Parameters
        ----------
        method, path, headers
            Of the request.
        idempotent
            Give a POST a key of its own, so that it may be sent again.
        content
            ``params``, ``json``, ``content`` or ``files``, as httpx takes them.

        Raises
        ------
        RefusedError
            When the answer is 4xx or 5xx.
        ServiceUnreachableError
            When nobody answered.
        """
        sent = dict(headers or {})
        if idempotent:
            sent.setdefault(KEY_HEADER, uuid.uuid4().hex)
        again = method in _HARMLESS or KEY_HEADER in sent
        tries = self._patience.tries if again else 1
        for number in range(1, tries + 1):
            try:
                answer = self._http.request(method, path, headers=sent, **content)
            except httpx2.TransportError as error:
                if number == tries:
                    raise ServiceUnreachableError(f"{method} {path}: {error}") from error
                self._sleep(random.uniform(0, self._patience.wait_s(number)))
                continue
            if answer.status_code not in _AGAIN or number == tries:
                break
            self._sleep(self._asked_wait(answer, number))
        if answer.is_error:
            refusal = refused(answer.status_code, _document(answer))
            refusal.repeated = number > 1
            raise refusal
        return answer

    @contextmanager
    def stream(self, path: str, headers: Mapping[str, str] | None = None) -> Iterator[httpx2.Response]:
        """Yield an answer whose body is still to come.

        Raises
        ------
        RefusedError
            When the answer is 4xx or 5xx.
        ServiceUnreachableError
            When nobody answers, or the answer breaks off.
        """
        try:
            with self._http.stream("GET", path, headers=dict(headers or {})) as answer:
                if answer.is_error:
                    answer.read()
                    raise refused(answer.status_code, _document(answer))
                yield answer
        except httpx2.TransportError as error:
            raise ServiceUnreachableError(f"GET {path}: {error}") from error

    def _asked_wait(self, answer: httpx2.Response, number: int) -> float:
        try:
            asked = float(answer.headers.get("Retry-After", ""))
        except ValueError:
            return random.uniform(0, self._patience.wait_s(number))
        return min(max(asked, 0.0), self._patience.longest_wait_s)

    def close(self) -> None:
        """Close the connection."""
        self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _document(answer: httpx2.Response) -> dict[str, Any]:
    try:
        document = answer.json()
    except ValueError:
        return {}
    return document if isinstance(document, dict) else {}
