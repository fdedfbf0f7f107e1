"""The tables of premises, from the data file."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from benchmarks.premises.methods import METHODS, OURS, title
from benchmarks.premises.schedule import COUNTRY, LEVELS, gap_of, value_gap
from benchmarks.words import gigabytes, seconds, table

if TYPE_CHECKING:
    from collections.abc import Sequence

    Record = dict[str, Any]

_NONE = "–"
#: Provinces of the country, all with needs.
_PROVINCES = 34


_COUNTRY = (
    "Surplan plans the country at once, with two processes; a peer plans one province after the other. Gaps "
    "are relative to the value, the cost of the empty plan less the bound. Surplan's worst province and the "
    "provinces that it closed are by its certificate, a peer's by what it claims."
)


def premises_block(data: dict[str, Any]) -> str:
    """Everything that was measured of premises; empty when nothing was."""
    found = data.get("premises", {}).get("records", [])
    if not found:
        return ""
    parts = [
        ("### Premises", _sessions(data["premises"])),
        ("#### Reference inventory, the whole country", _country(found)),
        ("#### Reference inventory, time until a gap", _levels(found)),
        ("#### Reference inventory, single provinces", _provinces(found)),
        ("#### OR-Library, generalised assignment", _orlib(found)),
        ("#### Yagiura, Ibaraki and Glover", _yagiura(found)),
    ]
    return "\n\n".join(f"{heading}\n\n{text}" for heading, text in parts if text)


def premises_short(data: dict[str, Any]) -> str:
    """Return the table of the whole country, for the README; empty when it was not measured."""
    found = data.get("premises", {})
    block = _country(found.get("records", []))
    return f"{_sessions(found)}\n\n{block}" if block else ""


def _sessions(found: dict[str, Any]) -> str:
    lines = []
    for number, session in enumerate(found["sessions"]):
        box, count = session["machine"], sum(one["session"] == number for one in found["records"])
        ortools = box["libraries"].get("ortools", "")
        lines.append(
            f"- {session['date']}: {box['processor']}, {box['cores']} cores, "
            f"{gigabytes(box['memory_bytes'])}, load {box['load']} at the start; Python {box['python']}, "
            f"ortools {ortools}. {count} measurements."
        )
    return "Measured on\n\n" + "\n".join(lines)


def percent(value: Fraction) -> str:
    """Return a gap with two significant digits, rounded up: a gap is never shown as less than it is."""
    if value <= 0:
        return "0"
    hundredfold, digits = 100 * value, 1
    while hundredfold * 10**digits < 10:
        digits += 1
    scaled = -(-hundredfold * 10**digits // 1)
    return f"{float(Fraction(scaled, 10**digits)):.{digits}f} %"


def _gap(record: Record, kind: str) -> str:
    gap = gap_of(record, kind)
    if kind == "claimed" and record.get("optimal"):
        return "0"
    return _NONE if gap is None else percent(gap)


def _some(found: Sequence[Record], **wanted: object) -> list[Record]:
    return [one for one in found if all(one[name] == value for name, value in wanted.items())]


def _groups(found: Sequence[Record], *names: str) -> list[tuple[tuple[Any, ...], list[Record]]]:
    """Group records, methods in the order of ``METHODS`` and everything else ascending."""
    keys = sorted(
        {tuple(one[name] for name in names) for one in found},
        key=lambda key: tuple(METHODS.index(v) if v in METHODS else v for v in key),
    )
    return [(key, _some(found, **dict(zip(names, key, strict=True)))) for key in keys]


def _country(found: Sequence[Record]) -> str:
    rows = []
    reference = _some(found, set="reference")
    for (scale, method, limit), members in _groups(reference, "scale", "method", "limit"):
        if method == OURS:
            rows += [_ours(one) for one in members if one["instance"] == COUNTRY]
        elif len(members) == _PROVINCES:
            rows.append(_peer(scale, method, limit, members))
    headings = ["method", "scale", "limit", "time", "objective [VND]", "gap, certified", "gap, claimed"]
    headings += ["provinces closed", "worst province", "memory"]
    return f"{_COUNTRY}\n\n{table(headings, rows)}" if rows else ""


def _ours(record: Record) -> list[str]:
    gaps = {code: value_gap(*three) for code, three in record.get("provinces", {}).items()}
    worst = max(gaps, key=lambda code: gaps[code], default="")
    return [
        title(OURS),
        str(record["scale"]),
        f"{record['limit']:g} s",
        seconds(record["seconds"]) if "seconds" in record else record["status"],
        _money(record["objective"]),
        _gap(record, "certified"),
        _gap(record, "claimed"),
        f"{sum(gap == 0 for gap in gaps.values())} of {len(gaps)}" if gaps else _NONE,
        f"{worst}: {percent(gaps[worst])}" if gaps else _NONE,
        gigabytes(record["peak_bytes"]),
    ]


def _peer(scale: int, method: str, limit: float, members: Sequence[Record]) -> list[str]:
    """Sum over the provinces: without a plan one counts as empty, without a bound with the trivial one."""
    gaps = {}
    objective = bound = empty = lost = closed = 0
    for one in members:
        if "empty" not in one:
            return [title(method), str(scale), f"{limit:g} s each", one["status"], *[_NONE] * 6]
        plan = one["empty"] if one["objective"] is None else one["objective"]
        least = one["least"] if one["claimed"] is None else max(one["least"], one["claimed"])
        lost += one["objective"] is None
        closed += bool(one.get("optimal"))
        gaps[one["instance"]] = value_gap(plan, least, one["empty"])
        objective, bound, empty = objective + plan, bound + least, empty + one["empty"]
    worst = max(gaps, key=lambda code: gaps[code])
    note = f" ({lost} without a plan)" if lost else ""
    return [
        title(method),
        str(scale),
        f"{limit:g} s each",
        seconds(sum(one.get("seconds", limit) for one in members)),
        _money(objective),
        _NONE,
        percent(value_gap(objective, bound, empty)),
        f"{closed} of {len(gaps)}{note}",
        f"{worst}: {percent(gaps[worst])}",
        gigabytes(max(one["peak_bytes"] for one in members)),
    ]


def _money(value: int | None) -> str:
    return _NONE if value is None else f"{value:,}"


def _levels(found: Sequence[Record]) -> str:
    rows = []
    for (scale, _, limit), members in _groups(
        _some(found, set="reference", instance=COUNTRY), "scale", "method", "limit"
    ):
        told = [one["steps"] for one in members if "steps" in one]
        for step in told:
            rows.append([str(scale), f"{limit:g} s", seconds(step["first_seconds"])])
            times = (step["certified"].get(level) for level in LEVELS)
            rows[-1] += [_NONE if at is None else seconds(at) for at in times]
    headings = ["scale", "limit", "first plan", *(f"{level} %" for level in LEVELS)]
    return f"Certified.\n\n{table(headings, rows)}" if rows else ""


def _provinces(found: Sequence[Record]) -> str:
    """Where ours ran on single provinces too: side by side."""
    reference = [one for one in found if one["set"] == "reference" and one["instance"] != COUNTRY]
    asked = {(one["scale"], one["instance"]) for one in reference if one["method"] == OURS}
    rows = []
    for (scale, instance, _, limit), members in _groups(reference, "scale", "instance", "method", "limit"):
        if (scale, instance) in asked:
            rows += [[str(scale), instance, *_plain(one), f"{limit:g} s"] for one in members]
    return table(["scale", "province", *_PLAIN, "limit"], rows, left=3) if rows else ""


_PLAIN = ["method", "objective [VND]", "gap, certified", "gap, claimed", "time", "memory"]


def _plain(record: Record) -> list[str]:
    return [
        title(record["method"]),
        _money(record["objective"]),
        _gap(record, "certified"),
        _gap(record, "claimed"),
        seconds(record["seconds"]) if "seconds" in record else record["status"],
        gigabytes(record["peak_bytes"]),
    ]


def _orlib(found: Sequence[Record]) -> str:
    rows = []
    for (method, limit), members in _groups(_some(found, set="gap_orlib"), "method", "limit"):
        solved = [one for one in members if one["objective"] == one.get("known", [None])[0]]
        claimed = sum(one.get("optimal") or one["objective"] == one["claimed"] for one in solved)
        times = [one["seconds"] for one in members if "seconds" in one]
        rows.append([
            title(method),
            f"{len(solved)} of {len(members)}",
            _NONE if method != OURS else str(sum(one["objective"] == one["certified"] for one in solved)),
            str(claimed),
            seconds(sum(times)),
            seconds(max(times, default=0.0)),
            f"{limit:g} s",
            gigabytes(max(one["peak_bytes"] for one in members)),
        ])  # fmt: skip
    headings = ["method", "optimum reached", "certified", "claimed", "time in all", "slowest"]
    return table([*headings, "limit", "memory"], rows) if rows else ""


def _yagiura(found: Sequence[Record]) -> str:
    rows = []
    for (instance, _, limit), members in _groups(
        _some(found, set="gap_yagiura"), "instance", "method", "limit"
    ):
        for one in members:
            low, high = one.get("known", [None, None])
            best = _NONE if low is None else f"{low:,}" if low == high else f"{low:,} to {high:,}"
            rows.append([instance, *_plain(one), best, f"{limit:g} s"])
    headings = ["instance", *_PLAIN, "known optimum", "limit"]
    headings[2] = "objective"
    return f"Gaps are relative to the objective.\n\n{table(headings, rows, left=2)}" if rows else ""
