"""``surplan compare PLAN PLAN ...``: which plan is better in what, what differs, who gains and who loses."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING

from app.comparison.result import as_dict, compared
from app.comparison.screen import lines_of
from app.comparison.table_file import require_place, write_comparison
from app.comparison.variant import read_variant
from app.console import emit, visible
from app.errors import UsageError
from app.failures import DONE
from app.texts import say

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from app.talk import Talk


def compare(plans: Sequence[Path], out: Path | None, talk: Talk) -> int:
    """Print the key figures of plans side by side, and what the others have otherwise than the first.

    Parameters
    ----------
    plans
        Plan folders, at least two; the first is what the others are compared with.
    out
        New file for all of it, lists uncut: ``.csv`` (the changed lines) or ``.xlsx``.
    talk
        Language and manner. As JSON: everything.

    Raises
    ------
    UsageError
        When fewer than two plans are given, or `out` ends in something else.
    InputError
        When one of them is no plan folder, or `out` exists or can't be written.
    """
    if len(plans) < 2:
        raise UsageError("compare_two")
    if out is not None:
        require_place(out)
    variants = []
    for folder in plans:
        talk.work("reading", folder=str(folder))
        variants.append(read_variant(folder))
    comparison = compared(variants)
    if out is not None:
        write_comparison(comparison, out, talk.lang)
    if talk.as_json:
        emit(json.dumps(as_dict(comparison), ensure_ascii=False, default=_text))
        return DONE
    for line in lines_of(comparison, talk.lang):
        emit(line)
    if out is not None:
        emit(say(talk.lang, "compare.written", file=visible(str(out))))
    return DONE


def _text(value: object) -> str:
    """Return a decimal or a share as a text, without an exponent."""
    return format(value, "f") if isinstance(value, Decimal) else str(value)
