"""Which measurements of premises are made, and the records that they leave."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.premises.child import Job, Run, Source, run
from benchmarks.premises.methods import OURS, title

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Record = dict[str, Any]

SETS = ("reference", "gap_orlib", "gap_yagiura")
COUNTRY = "country"
#: Gaps [%] whose first time is recorded.
LEVELS = ("0.5", "0.2", "0.1", "0.05", "0.01", "0")


@dataclass(frozen=True)
class Settings:
    """What a run covers.

    Attributes
    ----------
    sets, methods : names; scale : of the reference inventory; provinces : codes, empty for the whole country
    (ours at once, the peers province by province); seconds : limits of ours on the reference, each a run of
    its own; peer_seconds : of a peer for a province, the same; set_seconds : of everyone for a published
    problem; published : folder of the published sets.
    """

    sets: tuple[str, ...]
    methods: tuple[str, ...]
    scale: int
    provinces: tuple[str, ...]
    seconds: tuple[float, ...]
    peer_seconds: tuple[float, ...]
    set_seconds: float
    published: Path


def records(settings: Settings, say: Callable[[str], None]) -> Iterator[Record]:
    """Run everything, one process after the other; yield a record as soon as it is there."""
    if "reference" in settings.sets:
        yield from _reference(settings, say)
    for name in settings.sets:
        folder = settings.published / name
        if name == "reference":
            continue
        if not folder.is_dir():
            say(f"{name}: left out, its files are not there (docs/benchmarks.md says which)")
            continue
        for method in settings.methods:
            for job in _published(name, method, settings):
                yield from _measure(job, 1, say)


def _reference(settings: Settings, say: Callable[[str], None]) -> Iterator[Record]:
    whole = Source("reference", "", COUNTRY, settings.scale)
    ours = OURS in settings.methods
    if ours and not settings.provinces:
        for seconds in settings.seconds:
            yield from _measure(Job(OURS, (whole,), seconds), settings.scale, say)
    peers = [method for method in settings.methods if method != OURS]
    if not peers and not settings.provinces:
        return
    with tempfile.TemporaryDirectory(prefix="surplan-bench-") as folder:
        sources = _cut(settings, Path(folder))
        if ours and settings.provinces:
            for seconds in settings.seconds:
                for source in sources:
                    yield from _measure(Job(OURS, (source,), seconds), settings.scale, say)
        for method in peers:
            for seconds in settings.peer_seconds:
                for source in sources:
                    yield from _measure(Job(method, (source,), seconds), settings.scale, say)


def _cut(settings: Settings, folder: Path) -> list[Source]:
    from benchmarks.premises import reference  # loads everything

    whole = reference.country(settings.scale)
    sources = []
    for code in settings.provinces or reference.provinces(whole):
        path = folder / f"{code}.npz"
        reference.store(reference.cut(whole, code), path)
        sources.append(Source("province", str(path), code))
    return sources


def _published(name: str, method: str, settings: Settings) -> Iterator[Job]:
    from benchmarks.premises.published import ORLIB, YAGIURA

    folder = str(settings.published)
    if name == "gap_orlib":  # one process for all: each takes less time than a process to start
        problems = [
            Source(name, folder, f"{file}-{number}", number)
            for file, optima in ORLIB.items()
            for number in range(1, len(optima) + 1)
        ]
        yield Job(method, tuple(problems), settings.set_seconds)
    else:
        for problem in YAGIURA:
            yield Job(method, (Source(name, folder, problem),), settings.set_seconds)


def _measure(job: Job, scale: int, say: Callable[[str], None]) -> Iterator[Record]:
    for found in run(job):
        record = as_record(job, scale, found)
        say(line(record))
        yield record


def key(record: Record) -> tuple[Any, ...]:
    """Return what a record measures; a later one of the same key replaces it."""
    return tuple(record[name] for name in ("set", "instance", "scale", "method", "limit"))


def as_record(job: Job, scale: int, found: Run) -> Record:
    """Put what became of an instance as JSON."""
    kind = found.source.kind
    record: Record = {
        "set": kind if kind in SETS else "reference",
        "instance": found.source.name,
        "scale": scale,
        "method": job.method,
        "limit": job.seconds,
        "status": found.status,
        "base_bytes": found.base,
        "peak_bytes": found.peak,
        **found.facts,
        "objective": None,
        "claimed": None,
        "certified": None,
        **found.result,
    }
    if found.note:
        record["note"] = found.note
    if found.news:
        record["steps"] = steps(found.news, found.facts["empty"])
    return record


def value_gap(objective: int, bound: int, empty: int) -> Fraction:
    """Return (objective - bound) / (empty - bound); 0 where nothing is left to prove."""
    if objective <= bound:
        return Fraction(0)
    return Fraction(objective - bound, max(empty - bound, 1))


def steps(news: list[tuple[float, int, int]], empty: int) -> dict[str, Any]:
    """Return when the first plan was there, and when each level of the certified gap was reached [s]."""
    reached: dict[str, float] = {}
    for at, objective, bound in news:
        gap = value_gap(objective, bound, empty)
        for level in LEVELS:
            if level not in reached and 100 * gap <= Fraction(level):
                reached[level] = round(at, 3)
    return {"first_seconds": round(news[0][0], 3), "first_objective": news[0][1], "certified": reached}


def gap_of(record: Record, kind: str) -> Fraction | None:
    """Return the gap of a record; None without a plan or a bound.

    Relative to the value in the reference inventory, to the objective in the published sets: what an unmet
    place costs there is our own figure.
    """
    objective, bound = record["objective"], record[kind]
    if objective is None or bound is None:
        return None
    if record["set"] == "reference":
        return value_gap(objective, bound, record["empty"])
    return Fraction(max(objective - bound, 0), max(objective, 1))


def line(record: Record) -> str:
    """Return a record in one line."""
    where = f"{record['set']:>11} {record['instance']:<8} {title(record['method']):<18} {record['status']:<8}"
    if record["objective"] is None:
        return f"{where} no plan {record.get('note', '')}"
    parts = [f"{record['seconds']:>8.2f} s {record['peak_bytes'] / 1e9:>6.2f} GB {record['objective']:>22,}"]
    for kind in ("claimed", "certified"):
        gap = gap_of(record, kind)
        if gap is not None:
            parts.append(f"{kind} gap {float(100 * gap):.4g} %")
    return f"{where} {', '.join(parts)}"
