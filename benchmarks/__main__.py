"""``python -m benchmarks``: one command, one run."""

from __future__ import annotations

import argparse
import subprocess
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks import store
from benchmarks.child import Limits
from benchmarks.documents import write_documents
from benchmarks.machine import machine
from benchmarks.methods import METHODS
from benchmarks.options import some_of
from benchmarks.schedule import GROWTH, Settings, disagreements, records
from benchmarks.tables import page_block

if TYPE_CHECKING:
    from collections.abc import Sequence

FAMILIES = ("scarce", "surplus", "clustered", "surcharged", "ties", "nonmetric", "lots")
SIZES = (4_000, 40_000, 400_000, 1_000_000)
#: --quick: small enough for every method to finish within seconds.
QUICK_SIZES = (200, 400)
QUICK_COMMUNES = 100


def _whole_numbers(text: str) -> tuple[int, ...]:
    sizes = tuple(int(part.replace("_", "")) for part in text.split(","))
    if min(sizes) < 1:
        raise argparse.ArgumentTypeError("sizes are numbers of cars, 1 or more")
    return tuple(sorted(set(sizes)))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description="Measure Surplan against other exact methods (docs/benchmarks.md).",
        epilog="Others have commands of their own (with --help): premises, limits, replans, service",
    )
    parser.add_argument(
        "command", nargs="?", choices=("run", "demo", "tables"), default="run",
        help="run (default): the methods; demo: what a user waits for; tables: write the documents again",
    )  # fmt: skip
    parser.add_argument(
        "--quick", action="store_true", help="a few hundred cars, 100 communes; writes no documents"
    )
    parser.add_argument(
        "--sizes", type=_whole_numbers, metavar="N,N", help="the first for all, the others for growth"
    )
    parser.add_argument("--families", type=some_of(FAMILIES), default=FAMILIES, metavar="NAME,NAME")
    parser.add_argument(
        "--methods", type=some_of(tuple(METHODS)), default=tuple(METHODS), metavar="NAME,NAME"
    )
    parser.add_argument(
        "--halve", type=some_of(FAMILIES), default=GROWTH, metavar="NAME,NAME",
        help="families in which a peer that does not finish is tried at half the size, and so on",
    )  # fmt: skip
    parser.add_argument("--time-limit", type=float, default=300.0, metavar="S", help="seconds of one run")
    parser.add_argument(
        "--memory-limit", type=float, default=12.0, metavar="GB", help="10^9 bytes of one process"
    )
    parser.add_argument(
        "--out", type=Path, metavar="FILE", help="data file; default docs/benchmarks-data.json"
    )
    parser.add_argument(
        "--add", action="store_true", help="keep what other runs of this machine measured with other methods"
    )
    parser.add_argument("--set-up", action="store_true", help="demo: also time set-up from nothing")
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; return 0, 1 when methods disagree or one failed, 130 after Ctrl-C."""
    words = sys.argv[1:] if arguments is None else list(arguments)
    if words[:1] == ["premises"]:
        from benchmarks.premises.command import main as premises  # loads what movables do without

        return premises(words[1:])
    if words[:1] == ["limits"]:
        from benchmarks.limits import main as limits

        return limits(words[1:])
    if words[:1] == ["replans"]:
        from benchmarks.replans import main as replans

        return replans(words[1:])
    if words[:1] == ["service"]:
        from benchmarks.service.command import main as service

        return service(words[1:])
    chosen = _parser().parse_args(words)
    if chosen.command == "run":
        return _run(chosen)
    path = chosen.out or store.DATA
    data = store.read(path)
    if chosen.command == "demo":
        from benchmarks.demo import demo

        try:
            data["demo"] = demo(chosen.set_up)
        except subprocess.CalledProcessError as error:
            print(f"{error}\n{error.output or ''}", file=sys.stderr)
            return 1
        store.write(path, data)
    if "records" in data or "premises" in data:
        write_documents(data)
    return 0


def _run(chosen: argparse.Namespace) -> int:
    sizes = chosen.sizes or (QUICK_SIZES if chosen.quick else SIZES)
    settings = Settings(
        sizes=sizes,
        families=chosen.families,
        methods=chosen.methods,
        halve=chosen.halve,
        communes=QUICK_COMMUNES if chosen.quick else None,
        limits=Limits(chosen.time_limit, int(chosen.memory_limit * 1e9)),
    )
    path: Path | None = chosen.out or (None if chosen.quick else store.DATA)
    found: list[dict[str, Any]] = []
    data: dict[str, Any] = {
        "format_version": 1,
        "date": datetime.now(UTC).date().isoformat(),
        "complete": False,
        "machine": machine(),
        "settings": asdict(settings),
        "records": found,
    }
    before = store.read(path) if path is not None else {}
    data |= {name: before[name] for name in ("demo", "premises") if name in before}
    if chosen.add and "records" in before:
        _add(data, before, chosen.methods)
    try:
        for record in records(settings, lambda line: print(line, flush=True)):
            found.append(record)
            if path is not None:
                store.write(path, data)
        data["complete"] = True
    except KeyboardInterrupt:
        print(f"\nStopped; {len(found)} results are kept.", file=sys.stderr)
    if path is not None:
        store.write(path, data)
    wrong = disagreements(found)
    print(f"\n{page_block(data)}")
    for line in wrong:
        print(f"WRONG: {line}", file=sys.stderr)
    if wrong:
        return 1
    if not data["complete"]:
        return 130
    if path == store.DATA:
        write_documents(data)
    return 0


def _add(data: dict[str, Any], before: dict[str, Any], methods: tuple[str, ...]) -> None:
    """Take over the records of an earlier run with other methods; the tables say that there were several."""
    kept = [record for record in before["records"] if record["method"] not in methods]
    data["records"] += kept
    others = sorted({record["method"] for record in kept})
    data["earlier"] = [*before.get("earlier", []), {"methods": others, "load": before["machine"]["load"]}]
    data["settings"]["methods"] = [*methods, *others]


if __name__ == "__main__":
    sys.exit(main())
