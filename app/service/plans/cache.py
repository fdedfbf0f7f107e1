"""Plan folders on the disk and plans in memory, for what reads more than rows; all of it can be made again.

``SURPLAN_HOME/cache/plans/<plan id>`` appears in one rename, so several processes may share it. The oldest
ones are removed when there are too many. What was loaded from one of them is kept in memory for the next
question; two plans of a country fit.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import threading
import time
from collections import OrderedDict
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from app.service.plans.files import materialise, plan_of, require_whole

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.orm import Session

T = TypeVar("T")

#: Plan folders on the disk: 34 provinces and some of the country.
MOST_FOLDERS = 60
_IN_USE_S = 3600


def plan_folder(session: Session, plan_id: str, home: Path) -> Path:
    """Return the folder of a plan below ``home/cache``, written where it is not there yet.

    Raises
    ------
    MissingError, ForbiddenError
        When the session's actor may not see all of the plan.
    """
    require_whole(session, plan_of(session, plan_id))  # the folder being there gives nobody a right to it
    places = home / "cache" / "plans"
    place = places / plan_id
    try:
        os.utime(place)  # it is used now: nobody removes it within the hour
    except FileNotFoundError:
        _write(session, plan_id, place)
        prune(places, MOST_FOLDERS)
    return place


def _write(session: Session, plan_id: str, place: Path) -> None:
    """Write the folder of a plan; it appears in one rename."""
    stages = place.parents[1] / "stages"
    for folder in (place.parent, stages):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.TemporaryDirectory(dir=stages, ignore_cleanup_errors=True) as stage:
        target = Path(stage) / "plan"
        target.mkdir()
        materialise(session, plan_id, target)
        try:
            target.rename(place)
        except OSError:
            if not place.is_dir():  # else another one was quicker: the same bytes
                raise


def prune(places: Path, most: int) -> None:
    """Remove what was not used for longest from a folder of the cache, all but the newest `most`.

    What was used within an hour stays in any case: somebody may be reading it.
    """
    found = []
    for place in places.iterdir():
        with suppress(OSError):
            found.append((place.stat().st_mtime, place))
    for used, place in sorted(found)[: -most or None]:
        if time.time() - used > _IN_USE_S:
            with suppress(OSError):
                if place.is_dir():
                    doomed = place.with_name(f".{place.name}-{os.getpid()}")
                    place.rename(doomed)  # gone at once for all others
                    shutil.rmtree(doomed, ignore_errors=True)
                else:
                    place.unlink()


class Recent:
    """The last few things that were loaded; several threads may ask at once, one loads.

    Parameters
    ----------
    most
        How many are kept.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[str, object] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: str, load: Callable[[], T]) -> T:
        """Return what is kept under a key, loaded where there is nothing; a key means one kind of thing."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]  # type: ignore[return-value]  # a key means one kind of thing
            found = load()
            self._kept[key] = found
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
            return found
