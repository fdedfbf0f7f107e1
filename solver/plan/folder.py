"""Plan folders: written whole or not at all, and read back."""

from __future__ import annotations

import json
import shutil
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from solver.plan.changes_table import CHANGE_COLUMNS
from solver.plan.limits_table import LIMIT_COLUMNS
from solver.plan.refusals import reading, refused, system_words
from solver.problem.authorities import COLUMNS as AUTHORITIES

if TYPE_CHECKING:
    from collections.abc import Iterator

TABLES = ("transfers", "shortfalls", "releases")
_MARK, _RUN = "plan.json", "run.json"
#: All that a plan folder may hold; a folder with anything else in it is not replaced.
_OURS = {
    _MARK,
    _RUN,
    "certificate.json",
    *(f"{name}.csv" for name in TABLES),
    "limits.csv",
    "changes.csv",
    "plan.xlsx",
    "plan.geojson",
    "inputs",
}


@dataclass(frozen=True)
class StoredPlan:
    """A plan folder read back.

    Attributes
    ----------
    folder; summary : plan.json, numbers exact; transfers, shortfalls, releases : as in the CSV, counts and
    money Int64 (integers as objects where 64 bits do not hold them), the rest strings; assets, needs,
    communes : the inputs as strings; authorities, limits, changes : likewise, without rows where the plan has
    none; run : run.json, empty where there is none.
    """

    folder: Path
    summary: dict[str, Any]
    certificate: dict[str, Any]
    transfers: pd.DataFrame
    shortfalls: pd.DataFrame
    releases: pd.DataFrame
    assets: pd.DataFrame
    needs: pd.DataFrame
    communes: pd.DataFrame
    authorities: pd.DataFrame
    limits: pd.DataFrame
    changes: pd.DataFrame
    run: dict[str, Any] = field(default_factory=dict, kw_only=True)


@contextmanager
def staged_folder(folder: Path | str) -> Iterator[Path]:
    """Yield a temporary folder beside ``folder``; on success it takes its place in one rename.

    Raises
    ------
    PlanFolderError
        When the folder holds something that is no plan, or the place cannot be written.
    """
    target = Path(folder).absolute()
    if target.exists() and not target.is_dir():
        raise refused(folder, "file")
    if target.is_dir() and any(target.iterdir()):
        if not (target / _MARK).is_file():
            raise refused(folder, "other")
        foreign = sorted(path.name for path in target.iterdir() if path.name not in _OURS)
        if foreign:
            raise refused(folder, "beside", files=", ".join(foreign))
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        stage = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    except OSError as error:
        raise refused(folder, "unwritable", why=system_words(error)) from error
    try:
        stage.chmod(0o755)
        yield stage
        try:
            _swap(stage, target)
        except OSError as error:
            raise refused(folder, "unwritable", why=system_words(error)) from error
    finally:
        shutil.rmtree(stage, ignore_errors=True)


def _swap(stage: Path, target: Path) -> None:
    old = stage.with_name(stage.name + "-old")
    if target.exists():
        target.rename(old)
    try:
        stage.rename(target)
    except OSError:
        if old.exists():
            old.rename(target)
        raise
    shutil.rmtree(old, ignore_errors=True)


def read_plan(folder: Path | str) -> StoredPlan:
    """Read a plan folder.

    Raises
    ------
    PlanFolderError
        When it cannot be read.
    """
    place = Path(folder)
    summary, certificate = (_json(folder, place / name) for name in (_MARK, "certificate.json"))
    tables = [_read(folder, place / f"{name}.csv") for name in TABLES]
    inputs = [
        _read(folder, place / "inputs" / f"{name}.csv", typed=False)
        for name in ("assets", "needs", "communes")
    ]
    named = place / "inputs" / "authorities.csv"
    nobody = pd.DataFrame({name: pd.Series([], dtype="str") for name in AUTHORITIES})
    inputs.append(_read(folder, named, typed=False) if named.exists() else nobody)
    for name, columns in (("limits", LIMIT_COLUMNS), ("changes", CHANGE_COLUMNS)):
        optional = place / f"{name}.csv"
        free = pd.DataFrame({column: pd.Series([], dtype="str") for column in columns})
        inputs.append(_read(folder, optional, typed=False) if optional.exists() else free)
    run = _json(folder, place / _RUN) if (place / _RUN).exists() else {}
    return StoredPlan(place, summary, certificate, *tables, *inputs, run=run)


def _json(folder: Path | str, path: Path) -> dict[str, Any]:
    with reading(folder, path):
        found = json.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
        if not isinstance(found, dict):
            raise ValueError(f"not an object: {path.name}")
    return found


def _read(folder: Path | str, path: Path, *, typed: bool = True) -> pd.DataFrame:
    with reading(folder, path):
        frame = pd.read_csv(path, dtype="str", keep_default_na=False)
        if typed:
            for name in frame.columns:
                if name in ("units", "rank") or name.endswith("_vnd"):
                    numbers = [None if cell == "" else int(cell) for cell in frame[name]]
                    fits = all(number is None or abs(number) < 1 << 63 for number in numbers)
                    frame[name] = pd.array(numbers, "Int64") if fits else pd.Series(numbers, dtype=object)
    return frame
