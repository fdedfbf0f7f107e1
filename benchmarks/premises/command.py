"""``python -m benchmarks premises``: the command line."""

from __future__ import annotations

import argparse
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks import store
from benchmarks.documents import write_documents
from benchmarks.machine import machine
from benchmarks.options import some_of
from benchmarks.premises.faults import faults
from benchmarks.premises.methods import METHODS
from benchmarks.premises.schedule import SETS, Settings, key, records
from benchmarks.premises.tables import premises_block
from benchmarks.store import ROOT

if TYPE_CHECKING:
    from collections.abc import Sequence

PUBLISHED = ROOT.parent / "shared" / "data" / "published-optima"


def _seconds(text: str) -> tuple[float, ...]:
    found = tuple(sorted({float(part) for part in text.split(",")}))
    if min(found) <= 0:
        raise argparse.ArgumentTypeError("seconds are above 0")
    return found


def _scale(text: str) -> int:
    if int(text) < 1:
        raise argparse.ArgumentTypeError("the scale is a whole number, 1 or more")
    return int(text)


def _codes(text: str) -> tuple[str, ...]:
    import geodata  # loads the register

    return some_of(sorted(set(geodata.communes()["province_code"])))(text)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks premises",
        description="Measure the pattern core against the compact model on CP-SAT, SCIP and HiGHS.",
    )
    parser.add_argument("--sets", type=some_of(SETS), default=SETS, metavar="NAME,NAME", help=", ".join(SETS))
    parser.add_argument(
        "--methods", type=some_of(METHODS), default=METHODS, metavar="NAME,NAME", help=", ".join(METHODS)
    )
    parser.add_argument("--scale", type=_scale, default=1, help="of the reference inventory (default 1)")
    parser.add_argument(
        "--province", type=_codes, default=(), metavar="CODE,CODE",
        help="these provinces of the reference inventory, each by itself, also for ours",
    )  # fmt: skip
    parser.add_argument(
        "--seconds", type=_seconds, default=(10.0, 60.0, 300.0), metavar="S,S",
        help="limits of ours on the reference inventory, each a run (default 10,60,300)",
    )  # fmt: skip
    parser.add_argument(
        "--peer-seconds", type=_seconds, default=(20.0,), metavar="S,S",
        help="limits of a peer for one province (default 20)",
    )  # fmt: skip
    parser.add_argument(
        "--set-seconds", type=_seconds, default=(60.0,), metavar="S",
        help="limit of every method for one published problem (default 60)",
    )  # fmt: skip
    parser.add_argument("--published", type=Path, default=PUBLISHED, metavar="FOLDER", help="published sets")
    parser.add_argument("--out", type=Path, metavar="FILE", help="default docs/benchmarks-data.json")
    return parser


def main(arguments: Sequence[str]) -> int:
    """Measure; return 0, 1 when a method failed or contradicts another, 130 after Ctrl-C."""
    chosen = _parser().parse_args(arguments)
    settings = Settings(
        chosen.sets, chosen.methods, chosen.scale, chosen.province, chosen.seconds, chosen.peer_seconds,
        chosen.set_seconds[-1], chosen.published,
    )  # fmt: skip
    path: Path = chosen.out or store.DATA
    data = store.read(path)
    session = {"date": datetime.now(UTC).date().isoformat(), "machine": machine()}
    session["settings"] = {**asdict(settings), "published": settings.published.name}
    found: list[dict[str, Any]] = []
    stopped = False
    try:
        for record in records(settings, lambda line: print(line, flush=True)):
            found.append(record)
            data["premises"] = merged(data.get("premises"), session, [record])
            store.write(path, data)
    except KeyboardInterrupt:
        stopped = True
        print(f"\nStopped; {len(found)} results are kept.", file=sys.stderr)
    print(f"\n{premises_block(data)}")
    wrong = faults(found)
    for text in wrong:
        print(f"WRONG: {text}", file=sys.stderr)
    if wrong or stopped:
        return 1 if wrong else 130
    if found and path == store.DATA:
        write_documents(data)
    return 0


def merged(
    before: dict[str, Any] | None, session: dict[str, Any], found: list[dict[str, Any]]
) -> dict[str, Any]:
    """Add records to those of earlier sessions; the same measurement is replaced, the rest is kept.

    Returns
    -------
    dict
        ``sessions`` (date, machine and settings of each run of the command that still has records) and
        ``records``, each with the number of its session.
    """
    sessions = list(before["sessions"]) if before else []
    if session not in sessions:
        sessions.append(session)
    new = {key(record) for record in found}
    kept = [record for record in (before["records"] if before else []) if key(record) not in new]
    kept += [{**record, "session": sessions.index(session)} for record in found]
    alive = sorted({record["session"] for record in kept})
    place = {number: at for at, number in enumerate(alive)}
    return {
        "sessions": [sessions[number] for number in alive],
        "records": [{**record, "session": place[record["session"]]} for record in kept],
    }
