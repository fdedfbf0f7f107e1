"""Time what a user waits for: the demo and its parts, the commands, the help, and set-up from nothing."""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.store import ROOT
from benchmarks.workbook import LARGE, SMALL, write_workbook

HELPS = 5


def demo(set_up: bool) -> dict[str, Any]:
    """Run everything in a temporary folder.

    Parameters
    ----------
    set_up
        Also time set-up from nothing: a copy of the kept files, no virtual environment, an empty cache. It
        needs git and a package index.

    Returns
    -------
    dict
        ``date`` and ``parts``: name, seconds and peak resident memory [bytes, 0 unknown] of each.

    Raises
    ------
    subprocess.CalledProcessError
        When a command fails.
    """
    parts = []
    with tempfile.TemporaryDirectory(prefix="surplan-bench-") as name:
        folder = Path(name)
        inputs, plan = str(folder / "inputs"), str(folder / "plan")
        env = {**os.environ, "SURPLAN_HOME": str(folder / "home")}
        surplan = [sys.executable, "-m", "app"]
        helps = [_timed("surplan --help", [*surplan, "--help"], env) for _ in range(HELPS)]
        parts.append({**helps[0], "seconds": statistics.median(part["seconds"] for part in helps)})
        # compiled code is cached by this, as it is for a user from the second run on
        _timed(
            "warm-up, one province",
            [*surplan, "demo", "--province", "38", "--out", str(folder / "warm")],
            env,
        )
        parts.append(_timed("surplan demo", [*surplan, "demo", "--out", str(folder / "demo")], env))
        commands = [
            ["reference", "--out", inputs],
            ["check", inputs],
            ["solve", inputs, "--out", plan],
            ["verify", inputs, plan],
        ]
        parts += [_timed(f"surplan {words[0]}", [*surplan, *words], env) for words in commands]
        parts += [_timed(name, [*surplan, *words], env) for name, words in _papers(folder)]
        inside = subprocess.run(
            [sys.executable, "-m", "benchmarks.demo_parts", str(folder / "parts")],
            cwd=ROOT, env=env, check=True, stdout=subprocess.PIPE, text=True, encoding="utf-8",
        )  # fmt: skip
        parts += json.loads(inside.stdout.splitlines()[-1])
        if set_up:
            parts.append(_set_up(folder / "clone"))
    return {"date": datetime.now(UTC).date().isoformat(), "parts": parts}


def _papers(folder: Path) -> list[tuple[str, list[str]]]:
    """Return the commands around workbooks and documents of the whole country, with their names."""
    plan, bare, checks = str(folder / "plan"), folder / "bare", []
    for rows_of in (SMALL, LARGE):
        rows = sum(rows_of.values())
        workbook = folder / f"workbook-{rows}.xlsx"
        write_workbook(folder / "inputs", workbook, rows_of)
        checks.append((f"surplan check, workbook of {rows:,} rows", ["check", str(workbook)]))
    bare.mkdir()
    shutil.copy(folder / "inputs" / "assets.csv", bare)
    reports = [
        (f"surplan report, .{ending}", ["report", plan, "--out", str(folder / f"report.{ending}")])
        for ending in ("xlsx", "pdf", "docx")
    ]
    records = ["handover", plan, "--province", "38", "--out", str(folder / "records.pdf")]
    papers = [
        ("surplan annex, a .docx each", ["annex", plan, "--out", str(folder / "annexes")]),
        ("surplan handover of Thanh Hóa, one .pdf", records),
    ]
    return [*checks, *reports, *papers, ("surplan needs, the country", ["needs", str(bare)])]


def _timed(name: str, command: list[str], env: dict[str, str], folder: Path = ROOT) -> dict[str, Any]:
    """Run a command; its peak memory is that of the process itself and of what it waited for."""
    start = time.perf_counter()
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(command, cwd=folder, env=env, stdout=said, stderr=subprocess.STDOUT)
        if sys.platform == "win32":
            code, peak = process.wait(), 0
        else:
            _, status, usage = os.wait4(process.pid, 0)
            code = process.returncode = os.waitstatus_to_exitcode(status)
            peak = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
        spent = time.perf_counter() - start
        if code != 0:
            said.seek(0)
            raise subprocess.CalledProcessError(code, command, output=said.read().decode("utf-8", "replace"))
    print(f"{name:<32} {spent:>8.2f} s {peak / 1e9:>6.2f} GB", flush=True)
    return {"name": name, "seconds": round(spent, 3), "peak_bytes": peak}


def _set_up(clone: Path) -> dict[str, Any]:
    """Copy what git keeps and let dev.py make everything."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    for name in listed.stdout.decode("utf-8").split("\0"):
        if name and (ROOT / name).is_file():
            (clone / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, clone / name)
    env = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("VIRTUAL_ENV", "NUMBA_CACHE"))
    }
    env["PIP_CACHE_DIR"] = str(clone.with_name("pip-cache"))
    python = getattr(sys, "_base_executable", sys.executable)  # not the one of our virtual environment
    return _timed("set-up from nothing", [python, "dev.py", "surplan", "--help"], env, clone)
