"""What calls of the client raise.

::

    SurplanClientError
    ├── ServiceUnreachableError     nobody answered, after all tries
    ├── RefusedError                the service answered 4xx or 5xx, with a problem document
    │   ├── StaleError              412: somebody else changed the part meanwhile
    │   ├── UnconditionalError      428: the part is there, and the request does not say what it was read as
    │   └── InvalidError            422: the content is wrong; `issues` says where
    ├── StrangeAnswerError          what answered is not the service: a proxy's page, for example
    ├── RunFailedError              the run ended without a plan
    └── WaitTimeoutError            the run had not ended in the time; it goes on
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


class SurplanClientError(Exception):
    """Any failure of a call."""


class ServiceUnreachableError(SurplanClientError):
    """Nobody answered, after all tries."""


class StrangeAnswerError(SurplanClientError):
    """What answered is not the service: look at the address, and at proxies in between."""


class RefusedError(SurplanClientError):
    """The service refused.

    Parameters
    ----------
    status
        HTTP status.
    document
        The problem document; a proxy's answer that is none has the status alone.

    Attributes
    ----------
    code, title, detail, remedy, request_id
        Of the document; empty where it is none.
    repeated
        Whether the request had been sent before: the first one may have been carried out unheard.
    issues
        Everything that is wrong, each with file, sheet, row, cell, column, code, message, remedy.
    """

    def __init__(self, status: int, document: Mapping[str, Any]) -> None:
        self.status = status
        self.repeated = False
        self.code = str(document.get("code") or f"http_{status}")
        self.title = str(document.get("title") or "")
        self.detail = str(document.get("detail") or "")
        self.remedy = str(document.get("remedy") or "")
        self.request_id = str(document.get("request_id") or "")
        self.issues: list[dict[str, Any]] = list(document.get("issues") or [])
        lines = [f"{status} {self.code}: {self.detail or self.title}".rstrip(": ")]
        if self.remedy:
            lines.append(self.remedy)
        lines += [_line(found) for found in self.issues[:10]]
        if len(self.issues) > 10:
            lines.append(f"... {len(self.issues) - 10} more in .issues")
        super().__init__("\n".join(lines))


class StaleError(RefusedError):
    """Somebody else changed the part meanwhile: read it again."""


class UnconditionalError(RefusedError):
    """The part is there, and the request does not say which state of it was read."""


class InvalidError(RefusedError):
    """The content is wrong."""


class RunFailedError(SurplanClientError):
    """The run ended without a plan.

    Parameters
    ----------
    run
        What the service says of it.
    """

    def __init__(self, run: Mapping[str, Any]) -> None:
        self.run = dict(run)
        super().__init__(f"run {run.get('id')} ended as {run.get('state')}: {run.get('reason')}")


class WaitTimeoutError(SurplanClientError):
    """The run had not ended in the time; it goes on."""


def refused(status: int, document: Mapping[str, Any]) -> RefusedError:
    """Return the error for an answer."""
    kinds: dict[int, type[RefusedError]] = {412: StaleError, 422: InvalidError, 428: UnconditionalError}
    return kinds.get(status, RefusedError)(status, document)


def _line(found: Mapping[str, Any]) -> str:
    named = (
        found.get("file"),
        found.get("sheet"),
        found.get("cell") or found.get("row"),
        found.get("column"),
    )
    place = " ".join(str(part) for part in named if part)
    return f"  {place}: {found.get('code')}: {found.get('message')}"
