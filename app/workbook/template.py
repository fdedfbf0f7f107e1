"""``surplan template``: an empty workbook with drop-downs, notes and examples, in English or Vietnamese.

Formats stand on whole columns and checks on ranges, so room for twenty thousand rows costs nothing. The data
sheets hold headings only; what is explained or shown stands on the sheets of the guide, lists and examples,
which are not read.
"""

from __future__ import annotations

import datetime
import json
from typing import TYPE_CHECKING

from app.console import emit
from app.errors import UsageError
from app.failures import DONE
from app.texts import say
from app.workbook.layout import SHEETS
from app.workbook.sheets import (
    Formats,
    write_data_sheet,
    write_examples,
    write_guide,
    write_lists,
    write_scenario,
)
from app.workbook.writing import write_new

if TYPE_CHECKING:
    from pathlib import Path

    from app.settings import Lang
    from app.talk import Talk

# Equal versions give equal bytes, so the file is dated by the reform and not by the clock.
_CREATED = datetime.datetime(2025, 7, 1, tzinfo=datetime.UTC)


def template(out: Path, talk: Talk) -> int:
    """Write the empty workbook to `out`.

    Parameters
    ----------
    out
        File to make; its name ends in .xlsx.
    talk
        Language of everything in the workbook, and manner of the message.

    Raises
    ------
    UsageError
        When `out` does not end in .xlsx.
    InputError
        When `out` exists or cannot be written.
    """
    if out.suffix.lower() != ".xlsx":
        raise UsageError("template_suffix", file=str(out))
    write_new(out, lambda path: write_template(path, talk.lang))
    emit(
        json.dumps({"file": str(out)}) if talk.as_json else say(talk.lang, "template.written", file=str(out))
    )
    return DONE


def write_template(path: Path, lang: Lang) -> None:
    """Write the empty workbook; an existing file is overwritten."""
    import xlsxwriter

    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(str(path), options) as workbook:
        workbook.set_properties({"created": _CREATED, "title": say(lang, "template_title.guide")})
        formats = Formats(workbook)
        write_guide(workbook, formats, lang)
        for table in SHEETS:
            write_data_sheet(workbook, table, formats, lang)
        write_scenario(workbook, formats, lang)
        write_lists(workbook, formats, lang)
        write_examples(workbook, formats, lang)
