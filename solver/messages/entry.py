"""What the catalogue holds of one issue code."""

from __future__ import annotations

from typing import Literal, NamedTuple


class Entry(NamedTuple):
    """Texts of one issue code."""

    severity: Literal["error", "warning"]
    message_en: str
    remedy_en: str
    message_vi: str
    remedy_vi: str
