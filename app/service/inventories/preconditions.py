"""If-Match and If-None-Match of what has an ETag (RFC 9110, section 13)."""

from __future__ import annotations

from dataclasses import dataclass

from app.service.http.etags import names
from app.service.refusals import StaleError, UnconditionalError


@dataclass(frozen=True)
class Preconditions:
    """What the sender says of the state that he read.

    Attributes
    ----------
    if_match, if_none_match
        The headers; None where they are missing.
    """

    if_match: str | None
    if_none_match: str | None

    @property
    def takes_any(self) -> bool:
        """Whether whatever is there may be replaced."""
        return self.if_match is not None and self.if_match.strip() == "*"

    def check(self, what: str, etag: str | None) -> None:
        """Refuse a change that was made from another state.

        Parameters
        ----------
        what
            Name of the thing, for the texts.
        etag
            Of what is there, without quotation marks; None where there is nothing yet.

        Raises
        ------
        StaleError
            When a header does not fit what is there.
        UnconditionalError
            When something is there and the sender does not say what he read.
        """
        matched = self.if_match is None or names(self.if_match, etag, weakly=False)
        unwanted = self.if_none_match is not None and names(self.if_none_match, etag, weakly=True)
        if not matched or unwanted:
            raise StaleError("stale", what=what)
        if etag is not None and self.if_match is None:
            raise UnconditionalError("unconditional", what=what)
