"""Issues of scenarios: those that only the service has, and all of them as problem documents hold them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.settings import LANGS
from app.texts import say
from solver.errors import Issue

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.settings import Lang

Documents = dict["Lang", list[dict[str, object]]]


def own_issue(code: str, column: str, value: str, **words: str) -> Issue:
    """Return an issue that only the service has: an error, with texts ``scenario_issue.<code>``."""
    texts = {
        f"{part}_{lang}": say(lang, f"scenario_issue.{code}.{part}", value=value, **words)
        for part in ("message", "remedy")
        for lang in LANGS
    }
    return Issue("scenario", None, column, code, value=value, texts=texts)


def as_documents(found: Iterable[Issue]) -> Documents:
    """Return issues of the solver as issues of problem documents, sorted and each once."""
    ordered = sorted(set(found))
    return {
        lang: [
            {
                "file": one.table,
                "row": one.row,
                "column": one.column,
                "code": one.code,
                "severity": one.severity,
                "value": one.value,
                "message": one.message(lang),
                "remedy": one.remedy(lang),
            }
            for one in ordered
        ]
        for lang in LANGS
    }
