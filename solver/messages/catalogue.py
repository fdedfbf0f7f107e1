"""All issue codes of this library, subject by subject."""

from __future__ import annotations

from typing import TYPE_CHECKING

from solver.messages.baseline import BASELINE_TEXTS
from solver.messages.cells import CELL_TEXTS
from solver.messages.exchange import EXCHANGE_TEXTS
from solver.messages.files import FILE_TEXTS
from solver.messages.problem import PROBLEM_TEXTS
from solver.messages.rows import ROW_TEXTS
from solver.messages.scenario import SCENARIO_TEXTS
from solver.messages.workbooks import WORKBOOK_TEXTS

if TYPE_CHECKING:
    from solver.messages.entry import Entry

#: What is read first comes first. No code is in two of them: a test holds them apart.
SUBJECTS = (
    FILE_TEXTS,
    CELL_TEXTS,
    ROW_TEXTS,
    WORKBOOK_TEXTS,
    EXCHANGE_TEXTS,
    SCENARIO_TEXTS,
    BASELINE_TEXTS,
    PROBLEM_TEXTS,
)

CATALOGUE: dict[str, Entry] = {code: entry for subject in SUBJECTS for code, entry in subject.items()}

#: Codes that hold or not as the scenario has it, geodata's included: beside a scenario that cannot be read
#: they would speak of defaults that nobody chose.
SCENARIO_DECIDES = frozenset(
    {
        "code_old",
        "code_split",
        "codes_maybe_old",
        "codes_translated",
        "date_defaulted",
        "money_range",
        "norm_mixed_kinds",
        "nothing_needed",
        "price_missing",
        "price_mixed_kinds",
        "year_in_future",
    }
)
