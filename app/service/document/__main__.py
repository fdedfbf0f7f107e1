"""``python -m app.service.document``: write docs/openapi.json and app/client/types.py."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from app.service.document.client_types import client_types
from app.service.document.openapi import as_text, openapi_document

ROOT = Path(__file__).resolve().parents[3]
OPENAPI = ROOT / "docs" / "openapi.json"
TYPES = ROOT / "app" / "client" / "types.py"


def main() -> None:
    """Write both files; the formatter has the last word on the module."""
    document = openapi_document()
    OPENAPI.write_text(as_text(document), encoding="utf-8", newline="\n")
    TYPES.write_text(client_types(document), encoding="utf-8", newline="\n")
    subprocess.run([sys.executable, "-m", "ruff", "format", "--quiet", str(TYPES)], check=True)


if __name__ == "__main__":
    main()
