"""Addresses and names of files in headers, which hold Latin-1 alone; codes and names hold anything."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from fastapi import Request

#: What a quoted text of a header cannot hold as it stands, or programs read in several ways.
_NOT_PLAIN = re.compile(r'[^\x20-\x7e]|["\\%]')


def address_of(request: Request, route: str, **parameters: str) -> str:
    """Return the path of a route below the proxy's path, percent-encoded: for Location.

    Parameters
    ----------
    route
        Name of its function.
    parameters
        Those of its path.
    """
    return quote(request.url_for(route, **parameters).path, safe="/:@!$&'()*+,;=~")


def attachment(name: str) -> str:
    """Return a Content-Disposition that names a file (RFC 6266): in ASCII, and as it is."""
    plain, encoded = _NOT_PLAIN.sub("_", name), quote(name, safe="")
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{encoded}"
