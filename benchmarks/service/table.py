"""The table of the service, from the data file."""

from __future__ import annotations

from typing import Any

from benchmarks.words import gigabytes, table

_HEADS = ("What a user waits for", "measured", "bar")


def service_block(data: dict[str, Any]) -> str:
    """Everything that was measured of the service; empty when nothing was."""
    kept = data.get("service")
    if not kept:
        return ""
    box, found = kept["machine"], kept["figures"]
    about = (
        f"`python3 dev.py bench service`, {kept['date']}: {box['processor']}, {box['cores']} cores, "
        f"{gigabytes(box['memory_bytes'])}, load {box['load']} at the start. `surplan serve` on SQLite, one "
        f"process that serves and works, over HTTP from another; medians of {kept['times']} runs."
    )
    reads, pages = found["reads"], found["pages"]
    lines = [
        ("the service is up", f"{found['up_s']:.1f} s", "5 s"),
        ("16,124 assets as XLSX: uploaded, validated, stored", f"{found['xlsx_s']:.1f} s", "5 s"),
        ("100,000 assets as CSV", f"{found['csv_s']:.1f} s", "15 s"),
        ("a run begins after its 202", f"{found['begun_s']:.2f} s", "0.5 s"),
        (
            "the national scenario: request to published plan",
            f"{found['whole_s']:.1f} s ({found['apart_s']:.1f} s by `surplan solve`)",
            "+10 % or +2 s",
        ),
        (
            f"reads during a solve, 8 connections, {reads['reads']:,} reads: 99 % within",
            f"{reads['p99'] * 1000:.0f} ms (median {reads['median'] * 1000:.0f} ms)",
            "250 ms",
        ),
        *(
            (
                f"100 assets of a million, {words}: 95 % within",
                f"{one['p95'] * 1000:.0f} ms (median {one['median'] * 1000:.0f} ms)",
                "50 ms",
            )
            for words, one in pages.items()
        ),
    ]
    return f"### The service\n\n{about}\n\n{table(_HEADS, lines)}"
