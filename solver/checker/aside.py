"""Trees that a second process looks at, while this one goes on with other checks: time is all it saves.

``python -m solver.checker.aside`` reads a pickle of tasks and writes one of what they prove. It is started as
a program of its own, so that a script needs no guard and nothing is forked. Where that fails, for whatever
reason, all is done here.
"""

from __future__ import annotations

import gc
import os
import pickle
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Final

from solver.checker.pieces import Part
from solver.checker.tree import BrokenTreeError, Tree

Task = tuple[Tree, Part, object]
MANY: Final = 1 << 18  # bytes of a pickled tree, from which on a second process is worth it
SHARE: Final = 0.72  # of the trees: this process has something else to do


def prove(task: Task) -> int | str:
    """Return what a tree proves, or what is wrong with it."""
    tree, part, node = task
    try:
        return tree.up(tree.check(part, node))
    except (BrokenTreeError, RecursionError) as error:
        return str(error)


class Aside:
    """A second process, if a certificate's tree is large; begun early, since it takes a while to start."""

    def __init__(self, tree: object) -> None:
        self.process: subprocess.Popen[bytes] | None = None
        self.given = 0
        with suppress(Exception):
            if (os.cpu_count() or 1) > 1 and len(pickle.dumps(tree)) >= MANY:
                home = str(Path(__file__).resolve().parents[2])
                path = os.pathsep.join(part for part in (home, os.environ.get("PYTHONPATH", "")) if part)
                self.process = subprocess.Popen(
                    [sys.executable, "-m", __name__], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL, env={**os.environ, "PYTHONPATH": path},
                )  # fmt: skip

    def close(self) -> None:
        """End the process."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            for pipe in (self.process.stdin, self.process.stdout):
                with suppress(OSError):  # of what was not read
                    if pipe is not None:
                        pipe.close()

    def give(self, tasks: list[Task]) -> None:
        """Hand over the first of the tasks."""
        if self.process is None or self.process.stdin is None:
            return
        with suppress(Exception):  # the process is gone, or a tree is too deep to be sent
            sizes = [len(pickle.dumps(node)) for _, _, node in tasks]
            while self.given < len(tasks) and sum(sizes[: self.given + 1]) <= SHARE * sum(sizes):
                self.given += 1
            self.process.stdin.write(pickle.dumps(tasks[: self.given], pickle.HIGHEST_PROTOCOL))
            self.process.stdin.close()

    def prove(self, tasks: list[Task]) -> list[int | str]:
        """Return what all the tasks prove, those that were given away last."""
        own = [prove(task) for task in tasks[self.given :]]
        return self._others(tasks[: self.given]) + own

    def _others(self, tasks: list[Task]) -> list[int | str]:
        with suppress(Exception):
            if tasks and self.process is not None and self.process.stdout is not None:
                found: list[int | str] = pickle.load(self.process.stdout)
                if len(found) == len(tasks):
                    return found
        return [prove(task) for task in tasks]


if __name__ == "__main__":
    gc.disable()
    given: list[Task] = pickle.load(sys.stdin.buffer)
    pickle.dump([prove(task) for task in given], sys.stdout.buffer)
