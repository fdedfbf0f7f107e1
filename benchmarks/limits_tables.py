"""The table of plans under limits, from the data file."""

from __future__ import annotations

from typing import Any

from benchmarks.words import gigabytes, seconds, table

_HEADS = ("National reference inventory", "seconds", "of it search", "gap / cost of transfers", "proven")


def limits_block(data: dict[str, Any]) -> str:
    """Everything that was measured of limits; empty when nothing was."""
    found = data.get("limits")
    if not found:
        return ""
    box = found["machine"]
    about = (
        f"`python3 dev.py bench limits`, {found['date']}: {box['processor']}, {box['cores']} cores, "
        f"{gigabytes(box['memory_bytes'])}, load {box['load']} at the start. Vehicles: medians of three "
        "runs. The seconds hold reasons and, within half of the time of the search, the worth of limits."
    )
    lines = [
        (
            f"{', '.join(row['categories'])}: {row['words']}",
            seconds(row["seconds"]),
            seconds(row["search"]) if "search" in row else "",
            row.get("cost_gap") or "",
            _proven(row),
        )
        for row in found["rows"]
    ]
    return f"### Limits and frontiers\n\n{about}\n\n{table(_HEADS, lines)}"


def _proven(row: dict[str, Any]) -> str:
    if "points" in row:
        return f"{row['points']} points"
    if row["status"] == "INFEASIBLE":
        return f"no plan: {row['rules']} rules conflict"
    levels = [
        f"{one['name']} {one['value']}" + ("" if one["value"] == one["bound"] else " (open)")
        for one in row["levels"]
    ]
    return "; ".join([row["status"], *levels])
