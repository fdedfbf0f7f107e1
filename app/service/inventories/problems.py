"""Issues that only the service has, and the refusal of wrong rows."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING

from app.issues import as_dict
from app.service.inventories.sent_names import SentNames
from app.service.issue_texts import as_sent
from app.service.refusals import InvalidError
from app.settings import LANGS
from app.texts import say
from solver import Issue

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from app.settings import Lang
    from solver.tables.places import SheetPlace

#: Issues that one answer lists; beyond, only their number is said.
MOST_LISTED = 100_000
#: Warnings that the answer to an accepted change lists: with an Idempotency-Key it is kept for a day.
MOST_WARNED = 1_000


@dataclass(frozen=True)
class Warned:
    """Issues that stop nothing.

    Attributes
    ----------
    listed
        The first of them, and of each code at least one.
    counts
        How many there are of each code.
    """

    listed: list[dict[str, object]] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)


def own_issue(
    code: str, table: str, row: int | None = None, column: str | None = None, value: str = "", **words: str
) -> Issue:
    """Return an error whose texts are ``inventory_issue.<code>`` of the catalogues."""
    texts = {
        f"{part}_{lang}": say(lang, f"inventory_issue.{code}.{part}", value=value, **words)
        for part in ("message", "remedy")
        for lang in LANGS
    }
    return Issue(table, row, column, code, "error", value, texts=texts)


def listed(
    issues: Sequence[Issue],
    lang: Lang,
    folder: Path,
    places: Mapping[str, SheetPlace],
    names: Mapping[str, str],
) -> list[dict[str, object]]:
    """Return issues as they are sent: errors first, each with file, sheet, cell, row, column and remedy.

    Files have the names that the sender gave them, and remedies are those of HTTP.

    Parameters
    ----------
    folder, places
        Where they were read, as for `app.issues.as_dict`.
    names
        Name of a file in the folder -> the name that the sender gave it.
    """
    ordered = sorted(issues, key=lambda found: found.severity != "error")[:MOST_LISTED]
    sent = SentNames(names)
    worded = [as_sent(sent.renamed(found)) for found in ordered]
    told: list[dict[str, object]] = as_dict(worded, folder, lang, places)["issues"]
    for one, found in zip(told, ordered, strict=True):
        one["file"] = sent.file(found, str(one["file"]))
    return told


def warned(
    issues: Sequence[Issue],
    lang: Lang,
    folder: Path,
    places: Mapping[str, SheetPlace],
    names: Mapping[str, str],
) -> Warned:
    """Return warnings as they are sent; parameters as of `listed`."""
    counts = dict(sorted(Counter(found.code for found in issues).items()))
    firsts = {found.code: place for place, found in reversed(list(enumerate(issues)))}
    shown = set(firsts.values())
    others = (place for place in range(len(issues)) if place not in shown)
    shown = shown.union(islice(others, max(0, MOST_WARNED - len(shown))))
    return Warned(listed([issues[place] for place in sorted(shown)], lang, folder, places, names), counts)


def refusal(lang: Lang, issues: Sequence[Mapping[str, object]], errors: int, warnings: int) -> InvalidError:
    """Return the refusal of an upload, in the language that is asked for."""
    return InvalidError(
        "inventory_rows", issues={lang: list(issues)}, errors=str(errors), warnings=str(warnings)
    )
