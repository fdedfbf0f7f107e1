"""The measures: uploads, starts, a national run, reads beside it, pages of a million rows."""

from __future__ import annotations

import csv
import io
import statistics
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING, Any

from app.client.transport import Transport

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from benchmarks.service.serving import Served

#: Houses and plots left over by the merger: the size of the workbook (facts.md).
HOUSES = 16_124
CSV_ROWS = 100_000
CONNECTIONS = 8
#: Of a reader between two reads, and of one who waits for a run between two looks [s].
_PAUSE_S, _POLL_S = 0.05, 0.2


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Return the seconds of `work`, and what it returned."""
    begun = time.perf_counter()
    found = work()
    return time.perf_counter() - begun, found


def rows_of(folder: Path, count: int) -> tuple[list[str], list[dict[str, str]]]:
    """Return the headings and `count` rows of the reference assets, repeated under new ids if need be."""
    with (folder / "assets.csv").open(encoding="utf-8-sig", newline="") as file:
        given = list(csv.DictReader(file))
    single = [row for row in given if not row.get("attached_to")]
    rows = []
    for at in range(count):
        row = dict(single[at % len(single)])
        if at >= len(single):
            row |= {"asset_id": f"{row['asset_id']}-{at // len(single)}", "official_id": ""}
        rows.append(row)
    return list(given[0]), rows


def csv_of(headings: list[str], rows: list[dict[str, str]]) -> bytes:
    """Return rows as CSV."""
    text = io.StringIO()
    writer = csv.DictWriter(text, headings, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode("utf-8")


def workbook_of(headings: list[str], rows: list[dict[str, str]], needs: Path) -> bytes:
    """Return a workbook with a sheet of assets and a sheet of needs."""
    import xlsxwriter

    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"constant_memory": False}) as book:
        sheet = book.add_worksheet("assets")
        sheet.write_row(0, 0, headings)
        for at, row in enumerate(rows, 1):
            sheet.write_row(at, 0, [row[name] for name in headings])
        sheet = book.add_worksheet("needs")
        with needs.open(encoding="utf-8-sig", newline="") as file:
            for at, cells in enumerate(csv.reader(file)):
                sheet.write_row(at, 0, cells)
    return target.getvalue()


def upload(served: Served, name: str, files: dict[str, tuple[str, bytes]]) -> tuple[float, dict[str, Any]]:
    """Upload an inventory; return the seconds until it is stored, and what the service says."""
    seconds, answer = timed(
        lambda: served.client.request("POST", "/v1/inventories", params={"name": name}, files=files)
    )
    found: dict[str, Any] = answer.json()
    return seconds, found


def keep(served: Served, inventory: str, scenario: bytes) -> str:
    """Store a scenario from its TOML text and return its id."""
    answer = served.client.request(
        "POST",
        "/v1/scenarios",
        params={"name": "Benchmark", "inventory_id": inventory},
        content=scenario,
        headers={"Content-Type": "application/toml"},
    )
    found: str = answer.json()["id"]
    return found


def start(served: Served, scenario: str) -> tuple[float, str]:
    """Start a run; return the seconds from its 202 to RUNNING, and its id."""
    client = served.client
    run = client.request("POST", "/v1/runs", idempotent=True, json={"scenario_id": scenario}).json()
    begun = time.perf_counter()
    while client.request("GET", f"/v1/runs/{run['id']}").json()["state"] == "QUEUED":
        time.sleep(0.005)
    return time.perf_counter() - begun, str(run["id"])


def finish(served: Served, run: str) -> dict[str, Any]:
    """Wait for a run's end and return it."""
    while True:
        found: dict[str, Any] = served.client.request("GET", f"/v1/runs/{run}").json()
        if found["state"] not in ("QUEUED", "RUNNING"):
            return found
        time.sleep(_POLL_S)


def solve_apart(folder: Path, plan: Path) -> float:
    """Return the seconds of ``surplan solve`` on a folder: the library's time."""
    command = [sys.executable, "-m", "app", "solve", str(folder), "--out", str(plan), "--quiet"]
    return timed(lambda: subprocess.run(command, check=True, capture_output=True))[0]


class Readers:
    """Connections that read pages of assets one after the other, until they are stopped."""

    def __init__(self, served: Served, inventory: str) -> None:
        self._stop = threading.Event()
        self._seconds: list[float] = []
        self._threads = [
            threading.Thread(target=self._read, args=(served, inventory)) for _ in range(CONNECTIONS)
        ]

    def _read(self, served: Served, inventory: str) -> None:
        with Transport(served.address, served.token) as client:
            pages = self._pages(inventory)
            while not self._stop.is_set():
                path = next(pages)
                self._seconds.append(timed(lambda path=path: client.request("GET", path))[0])  # type: ignore[misc]  # mypy cannot infer a lambda with a default
                time.sleep(_PAUSE_S)

    @staticmethod
    def _pages(inventory: str) -> Iterator[str]:
        while True:
            yield f"/v1/inventories/{inventory}/assets?limit=100"
            yield f"/v1/inventories/{inventory}/assets?limit=100&province=12"
            yield f"/v1/inventories/{inventory}/needs?limit=100"
            yield "/v1/scenarios"
            yield f"/v1/inventories/{inventory}"

    def __enter__(self) -> Readers:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def quantiles(self) -> dict[str, float]:
        """Return count, median, 99th percentile and the longest [s]."""
        cuts = statistics.quantiles(self._seconds, n=100)
        return {
            "reads": len(self._seconds),
            "median": cuts[49],
            "p99": cuts[98],
            "longest": max(self._seconds),
        }
