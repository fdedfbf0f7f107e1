"""One typed door to numba, and chunks of a compiled loop over the processor's cores."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

import numba

if TYPE_CHECKING:
    from collections.abc import Callable

P = ParamSpec("P")
R = TypeVar("R")

#: Pieces of a loop smaller than this many (offer, want) pairs are not worth a thread.
_PAIRS_PER_PIECE = 1 << 20


def compiled(function: Callable[P, R]) -> Callable[P, R]:
    """Compile to machine code on first use, cached on disk.

    Exact integers, no fast mathematics, no interpreter lock.
    """
    wrapper: Any = numba.njit(cache=True, nogil=True)(function)
    return wrapper  # type: ignore[no-any-return]  # numba is untyped


def inlined(function: Callable[P, R]) -> Callable[P, R]:
    """Compile into its callers: a call in a hot loop would count references to every array it is handed."""
    wrapper: Any = numba.njit(inline="always")(function)
    return wrapper  # type: ignore[no-any-return]  # numba is untyped


def spread(task: Callable[[int, int], object], count: int, width: int) -> None:
    """Run ``task(first, last)`` over pieces of ``range(count)`` on all cores.

    Each piece writes only its own part of the output, so the result does not depend on the number of cores.

    Parameters
    ----------
    task : releases the interpreter lock and fills rows first to last - 1. count : rows in all; width :
    pairs per row, to judge whether threads are worth it.
    """
    cores = os.cpu_count() or 1
    pieces = min(cores * 4, max(1, count * max(width, 1) // _PAIRS_PER_PIECE))
    if cores == 1 or pieces == 1:
        task(0, count)
        return
    cuts = [count * k // pieces for k in range(pieces + 1)]
    with ThreadPoolExecutor(max_workers=cores) as pool:
        list(pool.map(task, cuts[:-1], cuts[1:]))
