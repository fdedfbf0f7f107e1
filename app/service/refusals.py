"""What the service refuses, and why: every answer of 4xx, and of 503, is one of these.

=====================  ======  ==================================================================
class                  status  when
=====================  ======  ==================================================================
UnreadableError        400     the request itself cannot be read
UnknownActorError      401     no key, or one that is not, or no longer, valid
ForbiddenError         403     the role or the province may not do this
MissingError           404     there is no such thing, or none that this actor may see
ConflictError          409     the state of the thing forbids it
StaleError             412     If-Match names a state that is no longer the newest
TooLargeError          413     more bytes or rows than the service takes
UnknownTypeError       415     a format that it does not read
InvalidError           422     wrong content; with every issue
UnconditionalError     428     If-Match is missing
TooManyError           429     too many requests, or too many at once
UnavailableError       503     the database does not answer, or is held by others for too long
=====================  ======  ==================================================================

Each has a code; its texts are ``problem.<code>.title``, ``.detail`` and ``.remedy`` of the catalogues.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.texts import say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.settings import Lang


#: What every issue has, also where it is about no file, row or cell.
_ISSUE: dict[str, object] = {
    **dict.fromkeys(("file", "sheet", "row", "cell", "column")),
    "severity": "error",
    "value": "",
}


class RefusedError(Exception):
    """An answer of 4xx.

    Parameters
    ----------
    code
        Key of its texts below ``problem.``.
    issues
        What is wrong in detail, each as `app.issues.as_dict` gives it, by language.
    headers
        Headers of the answer, such as Retry-After.
    words
        What the texts are filled with.
    """

    status = 400

    def __init__(
        self,
        code: str,
        *,
        issues: Mapping[Lang, Sequence[Mapping[str, object]]] | None = None,
        headers: Mapping[str, str] | None = None,
        **words: str,
    ) -> None:
        super().__init__(code, words)
        self.code = code
        self.issues = dict(issues or {})
        self.headers = dict(headers or {})
        self.words = words

    def texts(self, lang: Lang) -> dict[str, str]:  # noqa: ARG002  # a subclass has words of a language
        """Return what the texts are filled with."""
        return self.words

    def document(self, lang: Lang) -> dict[str, object]:
        """Return the problem document of RFC 9457, in a language."""
        words = self.texts(lang)
        return {
            "type": f"urn:surplan:problem:{self.code}",
            "title": say(lang, f"problem.{self.code}.title", **words),
            "status": self.status,
            "detail": say(lang, f"problem.{self.code}.detail", **words),
            "remedy": say(lang, f"problem.{self.code}.remedy", **words),
            "code": self.code,
            "issues": [{**_ISSUE, **found} for found in self.issues.get(lang, ())],
        }


class UnreadableError(RefusedError):
    """The request cannot be read."""

    status = 400


class UnknownActorError(RefusedError):
    """Nobody that we know."""

    status = 401

    def __init__(self, code: str = "unauthenticated") -> None:
        super().__init__(code, headers={"WWW-Authenticate": 'Bearer realm="surplan"'})


class ForbiddenError(RefusedError):
    """Not for this role or province."""

    status = 403


class MissingError(RefusedError):
    """There is no such thing for this actor."""

    status = 404

    def __init__(self, what: str, name: str) -> None:
        """Name a kind of thing (a key below ``thing.``) and the id that was asked for."""
        super().__init__("missing", what=what, name=name)

    def texts(self, lang: Lang) -> dict[str, str]:
        """Return the words, with the kind of thing in the language."""
        return {**self.words, "what": say(lang, f"thing.{self.words['what']}")}


class ConflictError(RefusedError):
    """The state forbids it."""

    status = 409


class StaleError(RefusedError):
    """If-Match is not the newest state."""

    status = 412


class TooLargeError(RefusedError):
    """Too much."""

    status = 413


class UnknownTypeError(RefusedError):
    """A format that is not read."""

    status = 415


class InvalidError(RefusedError):
    """Wrong content, with every issue."""

    status = 422


class UnconditionalError(RefusedError):
    """If-Match is missing."""

    status = 428


class TooManyError(RefusedError):
    """Too many requests."""

    status = 429


class UnavailableError(RefusedError):
    """The database does not answer now."""

    status = 503

    def __init__(self) -> None:
        super().__init__("unavailable", headers={"Retry-After": "2"})
