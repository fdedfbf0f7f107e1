"""`docs/issues.md`, made from the catalogue."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from solver.messages.catalogue import CATALOGUE

if TYPE_CHECKING:
    from collections.abc import Mapping


def issues_page(places: Mapping[str, tuple[str, str, str]]) -> str:
    """Return `docs/issues.md`.

    Parameters
    ----------
    places
        What geodata reports, code -> (severity, message, remedy) in English: neither library knows the other,
        so whoever knows both passes it (`geodata.code_issues.english`).
    """
    ours = {code: (entry.severity, entry.message_en, entry.remedy_en) for code, entry in CATALOGUE.items()}
    lines = [
        "# Issues",
        "",
        "Made by `solver.messages.issues_page` from its catalogue and `geodata/code_issues.py`; do not edit.",
        "An error stops a build, a warning does not. `{words}` stand for what is filled in.",
        "",
        "## Files, tables, scenario",
        "",
        *_rows(ours),
        "",
        "## Places of rows: communes, codes, names, points",
        "",
        "A code that is in both tables has the text of the stage that found it.",
        "",
        *_rows(places),
    ]
    return "\n".join(lines) + "\n"


def _rows(entries: Mapping[str, tuple[str, str, str]]) -> list[str]:
    lines = ["| code | severity | meaning | remedy |", "|---|---|---|---|"]
    for code, (severity, message, remedy) in sorted(entries.items()):
        # Words without a space before them are mostly nothing: near names and other ways out.
        said = re.sub(r"(?<=[\w.}]){\w+}", "", f"{message} | {remedy}")
        lines.append(f"| `{code}` | {severity} | {said} |")
    return lines
