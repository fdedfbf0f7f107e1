"""Entity tags in headers (RFC 9110, 8.8.3 and 13.1)."""

from __future__ import annotations

import re

_TAG = re.compile(r'(W/)?"([^"]*)"')


def quoted(etag: str) -> str:
    """Return an ETag as headers write it."""
    return f'"{etag}"'


def names(header: str, etag: str | None, *, weakly: bool) -> bool:
    """Tell whether If-Match or If-None-Match names what is there.

    Parameters
    ----------
    etag
        Of what is there, without quotation marks; None where there is nothing.
    weakly
        Whether a weak tag names it too: for If-None-Match (13.1.2), and not for If-Match (13.1.1).
    """
    if etag is None:
        return False
    return header.strip() == "*" or any(
        tag == etag and (weakly or not weak) for weak, tag in _TAG.findall(header)
    )
