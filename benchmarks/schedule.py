"""Which method runs on which instance, in which order; and whether all agree."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from benchmarks.child import Limits, Task, as_record, run
from benchmarks.methods import METHODS, OURS, title

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

#: Families that are also run at the larger sizes.
GROWTH = ("scarce", "surplus")
#: Below this many cars the search for a size at which a peer finishes gives up.
LEAST = 100


@dataclass(frozen=True)
class Settings:
    """What a run of the benchmark covers.

    Attributes
    ----------
    sizes : cars; the first for all families and methods, the others for the families of ``GROWTH``;
    families, methods : keys; halve : families in which a peer that did not finish is tried at half the size,
    and so on; communes : how many take part, None = all; seed : of the draws; limits : of one run.
    """

    sizes: tuple[int, ...]
    families: tuple[str, ...]
    methods: tuple[str, ...] = tuple(METHODS)
    halve: tuple[str, ...] = GROWTH
    communes: int | None = None
    seed: int = 1
    limits: Limits = field(default_factory=Limits)


def records(settings: Settings, say: Callable[[str], None]) -> Iterator[dict[str, Any]]:
    """Run everything, one process after the other.

    Yields
    ------
    One record per task (``docs/benchmarks.md`` names the keys), as soon as it is there. A peer that did not
    finish at a size is not tried at larger ones.
    """
    for family in settings.families:
        sizes = settings.sizes if family in GROWTH else settings.sizes[:1]
        for name in settings.methods:
            below = 0
            for cars in sizes:
                record = measure(settings, name, family, cars, say)
                yield record
                if record["status"] != "finished" and name != OURS:
                    if family in settings.halve:
                        yield from _halved(settings, name, family, cars, below, say)
                    break
                below = cars


def _halved(
    settings: Settings, name: str, family: str, cars: int, below: int, say: Callable[[str], None]
) -> Iterator[dict[str, Any]]:
    """Halve the size until the peer finishes, or meets a size that it is known to finish."""
    size = cars // 2
    while size > max(below, LEAST):
        record = measure(settings, name, family, size, say)
        yield record
        if record["status"] == "finished":
            return
        size //= 2


def measure(
    settings: Settings, name: str, family: str, cars: int, say: Callable[[str], None]
) -> dict[str, Any]:
    """Run one task and tell what became of it."""
    task = Task(name, family, cars, settings.communes, settings.seed)
    record = as_record(task, run(task, settings.limits))
    gap = ""
    if record.get("bound") is not None and record["objective"] != record["bound"]:
        gap = f", gap {record['objective'] - record['bound']:,} VND"
    peak = record["peak_bytes"] / 1e9
    say(
        f"{family:>10} {cars:>9,} {title(name):<28} {record['status']:<8} "
        f"{record['seconds']:>9.3f} s {peak:>6.2f} GB{gap}"
    )
    return record


def disagreements(found: list[dict[str, Any]]) -> list[str]:
    """Say what must not be: errors, ours without a proof, proven optima that differ, bounds above a plan."""
    wrong = []
    groups: dict[tuple[str, int], list[dict[str, Any]]] = {}
    for record in found:
        where = f"{record['family']}, {record['cars']:,} cars, {record['method']}"
        if record["status"] == "error":
            wrong.append(f"{where}: {record.get('note', '')}")
        if record["method"] == OURS and record["status"] != "finished":
            wrong.append(f"{where}: not proven optimal ({record['status']})")
        if record.get("objective") is not None:
            groups.setdefault((record["family"], record["cars"]), []).append(record)
    for (family, cars), members in groups.items():
        best = min(record["objective"] for record in members)
        for record in members:
            objective, bound = record["objective"], record["bound"]
            beaten = record["status"] == "finished" and objective != best
            if beaten or (bound is not None and bound > best):
                wrong.append(
                    f"{family}, {cars:,} cars: {record['method']} has objective {objective:,} and bound "
                    f"{bound}, the best objective is {best:,}"
                )
    return wrong
