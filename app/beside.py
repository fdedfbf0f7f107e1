"""A function that a second process runs while this one goes on, where that saves time."""

from __future__ import annotations

import os
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from typing import TYPE_CHECKING, ParamSpec, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Given = ParamSpec("Given")
Result = TypeVar("Result")


@contextmanager
def beside(
    worth: bool, function: Callable[Given, Result], *args: Given.args, **kwargs: Given.kwargs
) -> Iterator[Callable[[], Result]]:
    """Start a function; what is yielded waits for its result.

    Parameters
    ----------
    worth
        Whether it takes so long that a process is worth starting. With one core none is.
    function, args, kwargs
        What to call. They and the result are pickled; `function` is one of a module.
    """
    if not worth or (os.cpu_count() or 1) < 2:
        yield lambda: function(*args, **kwargs)
        return
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:  # not forked: libraries have threads
        started = pool.submit(function, *args, **kwargs)

        def result() -> Result:
            try:
                return started.result()
            except (OSError, RuntimeError):  # no process could be started, or it was killed
                return function(*args, **kwargs)

        yield result
