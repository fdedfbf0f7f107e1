"""A plan folder on its way into the store, most of it while the rest is still being made.

The process that solves draws the workbook and the map last, which takes seconds; all other files stand
before. They are stored, and their tables read, meanwhile. A plan is then published sooner, and is no other:
what changed in between is stored as it is at the end.
"""

from __future__ import annotations

import json
import sys
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NamedTuple, Self

import sqlalchemy as sa

from app.service.store.actor import SYSTEM
from app.service.store.blobs import store_files

if TYPE_CHECKING:
    from pathlib import Path

    from app.service.plans.publish import PlanTables
    from app.service.store.database import Database

    #: Path within the folder -> bytes and instant of the last change [ns].
    Stamps = dict[str, tuple[int, int]]


class Gathered(NamedTuple):
    """A plan folder whose files are stored, and which is ready to be published.

    Attributes
    ----------
    files
        Path within the folder -> SHA-256 of its stored bytes.
    summary
        ``plan.json``.
    tables
        Rows of its tables.
    """

    files: dict[str, str]
    summary: dict[str, Any]
    tables: PlanTables


class Gathering:
    """The gathering of one plan folder; a context, at whose end nothing goes on.

    Parameters
    ----------
    database
        The store.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._pool = ThreadPoolExecutor(2, thread_name_prefix="gathering")
        self._ahead: tuple[Stamps, Future[Gathered]] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown(cancel_futures=True)

    def begin(self, folder: Path) -> None:
        """Begin with the files that a folder has by now; what goes wrong is done again at the end."""
        if sys.platform == "win32":
            return  # which renames no folder with an open file
        with suppress(OSError):  # the folder has gone to its place already
            stamps = _stamps(folder)
            self._ahead = stamps, self._pool.submit(self._gather, folder, list(stamps))

    def finish(self, folder: Path) -> Gathered:
        """Store what is not yet stored of a folder that is complete; nothing in the store points to it yet.

        Raises
        ------
        OSError
            When a file cannot be read.
        sqlalchemy.exc.DBAPIError
            When the store does not answer.
        """
        stamps, ahead = _stamps(folder), self._stored_ahead()
        if ahead is None or not ahead[0].items() <= stamps.items():
            return self._gather(folder, list(stamps))
        known = ahead[1]
        files = {**known.files, **self._store(folder, [name for name in stamps if name not in known.files])}
        return known._replace(files={name: files[name] for name in stamps})

    def _stored_ahead(self) -> tuple[Stamps, Gathered] | None:
        if self._ahead is None:
            return None
        stamps, future = self._ahead
        try:
            return stamps, future.result()
        except (OSError, sa.exc.SQLAlchemyError):  # the folder was renamed meanwhile; the store was away
            return None

    def _gather(self, folder: Path, names: list[str]) -> Gathered:
        from app.service.plans.publish import read_plan_tables

        stored = self._pool.submit(self._store, folder, names)  # packing leaves a core to the tables
        summary = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
        tables = read_plan_tables(folder)
        # Still there, so it was there throughout: a folder without transfers.csv is a proof without tables.
        (folder / "plan.json").stat()
        return Gathered(stored.result(), summary, tables)

    def _store(self, folder: Path, names: list[str]) -> dict[str, str]:
        paths = [folder.joinpath(*name.split("/")) for name in names]
        return dict(zip(names, store_files(self._database, SYSTEM, paths), strict=True))


def _stamps(folder: Path) -> Stamps:
    found = sorted(path for path in folder.rglob("*") if path.is_file())
    stats = {path.relative_to(folder).as_posix(): path.stat() for path in found}
    return {name: (stat.st_size, stat.st_mtime_ns) for name, stat in stats.items()}
