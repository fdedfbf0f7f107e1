"""Figures as the tables write them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

#: Why a run did not finish.
WHY = {"time": "time", "memory": "memory", "error": "error"}


def seconds(value: float) -> str:
    """Return a time with three significant digits, as far as that makes sense."""
    if value < 1:
        return f"{1000 * value:.0f} ms"
    if value < 10:
        return f"{value:.2f} s"
    return f"{value:.1f} s" if value < 100 else f"{value:,.0f} s"


def gigabytes(value: float) -> str:
    """Bytes in GB of 10^9 bytes."""
    return f"{value / 1e9:.2f} GB"


def times(value: float) -> str:
    """Return a ratio with two significant digits."""
    return f"{value:.2f}" if value < 1 else f"{value:.1f}" if value < 10 else f"{value:,.0f}"


def span(values: Sequence[float]) -> str:
    """Return the least and the greatest of some ratios."""
    low, high = times(min(values)), times(max(values))
    return low if low == high else f"{low} to {high}"


def gap(record: dict[str, Any]) -> str:
    """Proven gap relative to the objective, a dash where no plan or no bound is known."""
    objective, bound = record.get("objective"), record.get("bound")
    if objective is None or bound is None:
        return "–"
    if objective == bound:
        return "0"
    return f"{100 * (objective - bound) / abs(objective):.2g} %"


def finished(record: dict[str, Any]) -> bool:
    """Whether the run ended with a proven optimum within its limits."""
    return bool(record["status"] == "finished")


def table(headings: Sequence[str], rows: Sequence[Sequence[str]], left: int = 1) -> str:
    """Lay out a Markdown table; the first ``left`` columns are texts, the others figures."""
    rule = ["---" if at < left else "---:" for at in range(len(headings))]
    return "\n".join("| " + " | ".join(row) + " |" for row in (headings, rule, *rows))
