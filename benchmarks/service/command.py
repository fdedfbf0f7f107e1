"""The command: measure, keep the figures, write the table."""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks import store
from benchmarks.documents import write_documents
from benchmarks.machine import machine
from benchmarks.service import measures, million
from benchmarks.service.serving import serving

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.service.serving import Served

_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _uploads(served: Served, folder: Path, times: int) -> dict[str, Any]:
    headings, houses = measures.rows_of(folder, measures.HOUSES)
    workbook = measures.workbook_of(headings, houses, folder / "needs.csv")
    table = measures.csv_of(*measures.rows_of(folder, measures.CSV_ROWS))
    needs = ("needs.csv", (folder / "needs.csv").read_bytes())
    kinds: dict[str, dict[str, Any]] = {
        "xlsx": {"workbook": ("houses.xlsx", workbook, _WORKBOOK)},
        "csv": {"assets": ("assets.csv", table), "needs": needs},
    }
    return {
        kind: [measures.upload(served, f"{kind} {at}", files)[0] for at in range(times)]
        for kind, files in kinds.items()
    }


def _national(served: Served, folder: Path, scratch: Path, times: int) -> dict[str, Any]:
    files = {name: (f"{name}.csv", (folder / f"{name}.csv").read_bytes()) for name in ("assets", "needs")}
    _, stored = measures.upload(served, "The country", files)
    scenario = measures.keep(served, stored["inventory_id"], (folder / "scenario.toml").read_bytes())
    apart, begun, whole = [], [], []
    for at in range(times):
        apart.append(measures.solve_apart(folder, scratch / f"plan{at}"))
        seconds, (waited, _run) = measures.timed(lambda: _run_to_end(served, scenario))
        begun.append(waited)
        whole.append(seconds)
    with measures.Readers(served, stored["inventory_id"]) as readers:
        _run_to_end(served, scenario)
    figures = {"apart": apart, "begun": begun, "whole": whole, "reads": readers.quantiles()}
    return {**figures, "inventory": stored["inventory_id"]}


def _run_to_end(served: Served, scenario: str) -> tuple[float, dict[str, Any]]:
    waited, run = measures.start(served, scenario)
    found = measures.finish(served, run)
    if found["state"] != "SUCCEEDED":
        raise RuntimeError(f"the run ended as {found}")
    return waited, found


def measure(times: int, seed: int) -> dict[str, Any]:
    """Return all figures [s]; medians of `times`."""
    with tempfile.TemporaryDirectory(prefix="surplan-service-") as name:
        scratch = Path(name)
        folder, home = scratch / "country", scratch / "home"
        command = [sys.executable, "-m", "app", "reference", "--out", str(folder), "--quiet"]
        subprocess.run(command, check=True, capture_output=True)
        ups = []
        for at in range(times):
            with serving(scratch / f"home{at}") as served:
                ups.append(served.up_s)
        with serving(home) as served:
            uploads = _uploads(served, folder, times)
            country = _national(served, folder, scratch, times)
        million.fill(f"sqlite:///{home / 'surplan.sqlite'}", country["inventory"])
        with serving(home) as served:
            pages = million.pages(served, country["inventory"], seed)
    median = statistics.median
    return {
        "up_s": median(ups),
        "xlsx_s": median(uploads["xlsx"]),
        "csv_s": median(uploads["csv"]),
        "begun_s": median(country["begun"]),
        "apart_s": median(country["apart"]),
        "whole_s": median(country["whole"]),
        "reads": country["reads"],
        "pages": pages,
    }


def main(words: Sequence[str]) -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks service", description=__doc__)
    parser.add_argument("--times", type=int, default=3, help="runs of each measure; the median is told")
    parser.add_argument("--seed", type=int, default=1, help="of the boxes that are asked for")
    chosen = parser.parse_args(list(words))
    found = measure(chosen.times, chosen.seed)
    print(found, flush=True)
    data = store.read(store.DATA)
    kept = {"date": datetime.now(UTC).date().isoformat(), "machine": machine(), "times": chosen.times}
    data["service"] = {**kept, "figures": found}
    store.write(store.DATA, data)
    write_documents(data)
    return 0
