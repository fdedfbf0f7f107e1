"""The tables, from the data file: the long ones of ``docs/benchmarks.md``, the short ones of the README."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from benchmarks.methods import METHODS, OURS, title
from benchmarks.schedule import GROWTH
from benchmarks.words import WHY, finished, gap, gigabytes, seconds, span, table, times

if TYPE_CHECKING:
    from collections.abc import Iterator

    Record = dict[str, Any]


def page_block(data: dict[str, Any]) -> str:
    """Everything that was measured."""
    parts = [
        _run_line(data),
        f"### All methods, {_first(data):,} cars\n\n{_overview(data)}",
        f"### What it shows\n\n{_findings(data)}",
        f"### Growth\n\n{_growth(data)}",
        f"### How far each method gets\n\n{_reach(data)}",
        f"### Every run\n\n{_every(data)}",
    ]
    if data.get("demo"):
        parts.append(f"### The demo and the command line\n\n{_demo(data['demo'])}")
    return "\n\n".join(part for part in parts if part)


def readme_block(data: dict[str, Any]) -> str:
    """Return the short form: methods, growth, reach, and what they show."""
    parts = [_run_line(data), _overview(data), _findings(data), _growth(data), _reach(data)]
    if data.get("demo"):
        parts.append(_demo(data["demo"]))
    return "\n\n".join(part for part in parts if part)


def _records(data: dict[str, Any], **wanted: object) -> Iterator[Record]:
    for record in data.get("records", []):
        if all(record[name] == value for name, value in wanted.items()):
            yield record


def _find(data: dict[str, Any], **wanted: object) -> Record | None:
    return next(_records(data, **wanted), None)


def _first(data: dict[str, Any]) -> int:
    return int(data["settings"]["sizes"][0])


def _methods(data: dict[str, Any]) -> list[str]:
    return [name for name in METHODS if name in data["settings"]["methods"]]


def _run_line(data: dict[str, Any]) -> str:
    box, limits = data["machine"], data["settings"]["limits"]
    versions = ", ".join(f"{name} {version}" for name, version in box["libraries"].items())
    whole = "" if data["complete"] else " **The run was stopped early: figures are missing.**"
    for earlier in data.get("earlier", []):
        names = " and ".join(title(name) for name in earlier["methods"])
        whole += f" {names}: in a run of their own, load {earlier['load']} at its start."
    return (
        f"Measured on {data['date']}: {box['processor']}, {box['cores']} cores, "
        f"{gigabytes(box['memory_bytes'])}, load {box['load']} at the start; Python {box['python']}, "
        f"{versions}. Limits of a run: {limits['seconds']:g} s, {gigabytes(limits['memory'])}.{whole}"
    )


def _cell(record: Record | None, ours: Record | None) -> str:
    if record is None:
        return "–"
    if not finished(record):
        return f"did not finish: {WHY[record['status']]}"
    if record["method"] == OURS or ours is None or not finished(ours):
        return seconds(record["seconds"])
    return f"{seconds(record['seconds'])} (× {times(record['seconds'] / ours['seconds'])})"


def _overview(data: dict[str, Any]) -> str:
    """Seconds of each method in each family and, in brackets, how many times ours."""
    rows = []
    for family in data["settings"]["families"]:
        found = {name: _find(data, method=name, family=family, cars=_first(data)) for name in _methods(data)}
        rows.append([family, *(_cell(found[name], found.get(OURS)) for name in _methods(data))])
    return table(["family", *map(title, _methods(data))], rows)


def _findings(data: dict[str, Any]) -> str:
    """Wins and losses against each peer, in words."""
    lines = []
    cars = _first(data)
    ours = {record["family"]: record for record in _records(data, method=OURS, cars=cars) if finished(record)}
    for name in _methods(data):
        pairs = [
            (ours[r["family"]], r) for r in _records(data, method=name, cars=cars) if r["family"] in ours
        ]
        done = [(mine, peer) for mine, peer in pairs if finished(peer)]
        if name == OURS or not pairs:
            continue
        text = f"- {title(name)}: finishes {len(done)} of {len(pairs)} families at {cars:,} cars."
        if done:
            ratio = {mine["family"]: peer["seconds"] / mine["seconds"] for mine, peer in done}
            memory = [peer["peak_bytes"] / mine["peak_bytes"] for mine, peer in done]
            won = [value for value in ratio.values() if value >= 1]
            lost = {family: value for family, value in ratio.items() if value < 1}
            if won:
                text += f" Surplan is {span(won)} times faster in {len(won)} of them."
            if lost:
                listed = ", ".join(f"{family} ({times(1 / value)} times)" for family, value in lost.items())
                text += f" It is faster than Surplan in: {listed}."
            text += f" Its memory is {span(memory)} times Surplan's."
        lines.append(text)
    if ours:
        peak = max(record["peak_bytes"] for record in ours.values())
        lines.append(
            f"- Surplan: {len(ours)} families proven optimal, at most {gigabytes(peak)} (libraries included)."
        )
    return "\n".join(lines)


def _growth(data: dict[str, Any]) -> str:
    rows = []
    for family in GROWTH:
        before: Record | None = None
        for record in sorted(
            _records(data, method=OURS, family=family), key=lambda record: int(record["cars"])
        ):
            laps = record.get("laps", {})
            slope = "–"
            if before is not None and finished(before) and finished(record):
                grown = math.log(record["seconds"] / before["seconds"])
                slope = f"{grown / math.log(record['cars'] / before['cars']):.2f}"
            rows.append([
                family,
                f"{record['cars']:,}",
                seconds(record["seconds"]),
                *(seconds(laps[name]) if name in laps else "–" for name in ("distances", "build", "solve")),
                f"{1e6 * record['seconds'] / record['cars']:,.0f}",
                slope,
                gigabytes(record["peak_bytes"]),
                str(record.get("facts", {}).get("rounds", "–")),
                gap(record),
            ])  # fmt: skip
            before = record
    headings = ["family", "cars", "time", "distances", "build", "solve", "µs per car", "exponent", "memory"]
    return table([*headings, "rounds", "proven gap"], rows) if rows else ""


def _reach(data: dict[str, Any]) -> str:
    """Per method: the most cars with which it finished, the fewest with which it did not, and why."""
    rows = []
    for name in _methods(data):
        row = [title(name)]
        for family in GROWTH:
            found = sorted(_records(data, method=name, family=family), key=lambda record: int(record["cars"]))
            done = [record for record in found if finished(record)]
            failed = [record for record in found if not finished(record)]
            row.append(f"{done[-1]['cars']:,} in {seconds(done[-1]['seconds'])}" if done else "–")
            row.append(f"{failed[0]['cars']:,}: {WHY[failed[0]['status']]}" if failed else "–")
        rows.append(row)
    headings = [f"{family}: {what}" for family in GROWTH for what in ("finishes", "does not finish")]
    return table(["method", *headings], rows)


def _every(data: dict[str, Any]) -> str:
    rows = []
    for record in _records(data):
        laps = record.get("laps", {})
        rows.append([
            record["family"],
            f"{record['cars']:,}",
            title(record["method"]),
            record["status"],
            seconds(record["seconds"]),
            *(seconds(laps[name]) if name in laps else "–" for name in ("distances", "build", "solve")),
            str(record["runs"]),
            gigabytes(record["peak_bytes"]),
            f"{record['objective']:,}" if record.get("objective") is not None else "–",
            gap(record),
        ])  # fmt: skip
    headings = ["family", "cars", "method", "status", "time", "distances", "build", "solve", "runs", "memory"]
    return table([*headings, "objective [VND]", "proven gap"], rows, left=4)


def _demo(demo: dict[str, Any]) -> str:
    rows = [
        [part["name"], seconds(part["seconds"]), gigabytes(part["peak_bytes"]) if part["peak_bytes"] else "–"]
        for part in demo["parts"]
    ]
    return f"Measured on {demo['date']}.\n\n{table(['step', 'time', 'memory'], rows)}"
