"""``python -m app.service.operations.alive [PORT]``: exit 0 when `surplan serve` on this machine answers.

For the HEALTHCHECK of the image, which has no curl.
"""

from __future__ import annotations

import http.client
import sys

#: Seconds.
PATIENCE_S = 4


def main(arguments: list[str]) -> int:
    """Ask ``/v1/health`` and return the exit code."""
    connection = http.client.HTTPConnection(
        "127.0.0.1", int(arguments[0]) if arguments else 8000, timeout=PATIENCE_S
    )
    try:
        connection.request("GET", "/v1/health")
        return 0 if connection.getresponse().status == 200 else 1
    except (OSError, http.client.HTTPException):
        return 1
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
