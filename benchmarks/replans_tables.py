"""The table of re-plans, from the data file."""

from __future__ import annotations

from typing import Any

from benchmarks.words import gigabytes, seconds, table

_HEADS = ("National reference inventory", "seconds", "changes", "gap [VND]", "gap / value", "proven")


def replans_block(data: dict[str, Any]) -> str:
    """Everything that was measured of re-plans; empty when nothing was."""
    found = data.get("replans")
    if not found:
        return ""
    box = found["machine"]
    about = (
        f"`python3 dev.py bench replans`, {found['date']}, seed {found['seed']}: {box['processor']}, "
        f"{box['cores']} cores, {gigabytes(box['memory_bytes'])}, load {box['load']} at the start. Medians "
        "of three runs, from the problem to the explained plan; a change costs 10 million VND."
    )
    lines = [
        (
            row["words"],
            seconds(row["seconds"]),
            f"{row['changes']:,}",
            f"{row['gap_vnd']:,}",
            row["value_gap"] or "",
            row["status"],
        )
        for row in found["rows"]
    ]
    return f"### Re-plans\n\n{about}\n\n{table(_HEADS, lines)}"
