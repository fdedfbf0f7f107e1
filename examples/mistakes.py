"""The six mistakes that the example workbook has, and what should stand in their cells instead."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Mistake:
    """A wrong cell of the sheet ``Tài sản``.

    Attributes
    ----------
    asset_id, column
        Which cell: the row of this asset, the column of this name.
    wrong, right
        What stands there, and what should; texts, numbers and dates as a clerk types them.
    code
        Code of the issue that it raises.
    """

    asset_id: str
    column: str
    wrong: Any
    right: Any
    code: str


MISTAKES = (
    Mistake("P-C03400", "commune_name", "Tả Lèn", "Tả Lèng", "commune_unknown"),
    Mistake("P-C03389", "condition_pct", 120, 77, "out_of_range"),
    Mistake("V-D107-02", "official_id", "12Q-345.14", "12Q-734.31", "duplicate_official_id"),
    Mistake("V-D108-02", "available_from", "31/02/2025", "01/10/2025", "not_a_date"),
    Mistake("V-D109-01", "status", "Hỏng", "Dôi dư", "choice_unknown"),
    Mistake("E-C03415-03", "residual_value_vnd", "850.000", 850000, "number_grouped"),
)
