"""How the cells of the workbook look: formats by column, widths, headings, sums."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.export.cells import LIMITS, YEARS, is_number

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook

    from app.settings import Lang

# Grouping and decimal signs are the reader's own; an amount below zero is red.
MONEY = "#,##0;[Red]-#,##0"
_NUMBERS = {
    "area_m2": "#,##0.00",
    "distance_km": "#,##0.0",
    "mileage_km": "#,##0",
    "condition_pct": "General",
}
_DAYS = {"en": "yyyy-mm-dd", "vi": "dd/mm/yyyy"}
_WIDTHS = {
    **dict.fromkeys(("position", "age", "year", "units"), 7),
    **dict.fromkeys(("units_before", "units_after", "group"), 10),
    **dict.fromkeys(("number", "life_years", "over_age", "condition_pct", "replace_year"), 9),
    **dict.fromkeys(("mileage_km", "area_m2", "until_date"), 11),
    **dict.fromkeys(("other_place", "place", "from_place", "to_place", "outcome"), 24),
    **dict.fromkeys(("recipient", "holder", "body", "authority", "house"), 26),
    **dict.fromkeys(LIMITS, 19),
    "limit_name": 60,
    "name": 28,
    "detail": 60,
}
# On paper every column counts: texts are wrapped, and an amount is that of a province or of one body.
_PRINTED = {
    **dict.fromkeys(("from_province", "to_province", "province_name", "kind", "asset_id", "need_id"), 12),
    **dict.fromkeys(("from_commune", "to_commune", "commune", "official_id"), 13),
    **dict.fromkeys(("direction", "form", "handling"), 17),
}


def width(column: str, *, printed: bool = False) -> int:
    """Return the width of a column [characters]; the sums of a nation's amounts fit."""
    found = _PRINTED.get(column) if printed else None
    return found or _WIDTHS.get(column, 19 if column.endswith("_vnd") else 16)


def number_format(column: str, lang: Lang) -> str:
    """Return the number format of a column: text unless the column holds numbers or dates."""
    if column.endswith("_date"):
        return _DAYS[lang]
    if not is_number(column):
        return "@"
    return "0" if column in YEARS else _NUMBERS.get(column, MONEY)


class Formats:
    """The cell formats of one workbook (they belong to it and can't be shared)."""

    def __init__(self, workbook: Workbook, lang: Lang) -> None:
        self._workbook = workbook
        self._lang = lang
        self._made: dict[tuple[str, str, bool], Format] = {}
        self.title = workbook.add_format({"bold": True, "font_size": 12})
        self.heading = workbook.add_format(
            {"bold": True, "bg_color": "#DDEBF7", "border": 1, "text_wrap": True, "valign": "vcenter"}
        )
        self.text = workbook.add_format({"num_format": "@"})
        self.integer = workbook.add_format({"num_format": MONEY})
        self.kilometres = workbook.add_format({"num_format": "#,##0.0"})
        self.indented = [workbook.add_format({"indent": depth}) for depth in range(3)]
        self.share = workbook.add_format({"num_format": "0.0###%"})
        self.wrapped = workbook.add_format({"text_wrap": True, "valign": "top"})

    def cell(self, column: str, *, printed: bool) -> Format:
        """Return the format of a column's cells; on a printed sheet texts are wrapped and cells are lined."""
        look: dict[str, object] = {"valign": "top", "border": 1, "border_color": "#BFBFBF"} if printed else {}
        if printed and not is_number(column):
            look["text_wrap"] = True
        return self._format("cell", column, printed, look)

    def subtotal(self, column: str) -> Format:
        """Return the format of a group's sum."""
        look = {"bold": True, "top": 1, "bg_color": "#F2F2F2", "valign": "top"}
        if not is_number(column):
            look["text_wrap"] = True
        return self._format("subtotal", column, not is_number(column), look)

    def total(self, column: str) -> Format:
        """Return the format of the sum of a sheet."""
        return self._format("total", column, False, {"bold": True, "top": 1, "bottom": 6})

    def _format(self, role: str, column: str, variant: bool, look: dict[str, object]) -> Format:
        shown = number_format(column, self._lang)
        key = (role, shown, variant)
        if key not in self._made:
            # A number keeps clear of the text in the next column.
            side = {"align": "right", "indent": 1} if is_number(column) else {}
            self._made[key] = self._workbook.add_format({"num_format": shown, **side, **look})
        return self._made[key]
