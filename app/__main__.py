"""``python -m app`` is ``surplan``."""

from __future__ import annotations

from app.cli import main

main()
