"""Wrong plans made from a right one: each must be rejected by `verify`.

Every class of `MAKERS` changes a valid plan folder in one named way that can't leave it valid; how it
knows is said where it is not plain. Left out, because the plan stays truly equivalent: dropping entries
that are zero, turning the null bounds of a province into null, small changes of a certificate price (the
dual may be degenerate: another valid certificate with the same bound), raising `claimed.bound_vnd`
inside an open gap, what `solver` and `run.json` say, the figures of `detail`, unknown keys. Works on any
plan folder, also a national one: unchanged files are hard links.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from typing import TYPE_CHECKING

from tests.solver import (
    mutants_claims,
    mutants_inputs,
    mutants_limits,
    mutants_premises,
    mutants_replan,
    mutants_rows,
)
from tests.solver.mutants_source import MAKERS as MAKERS
from tests.solver.mutants_source import Mutant, Source

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from random import Random

CLASSES = (
    mutants_claims,
    mutants_inputs,
    mutants_limits,
    mutants_premises,
    mutants_replan,
    mutants_rows,
)  # importing registers


def generate(folder: Path, rng: Random, count: int, names: list[str] | None = None) -> Iterator[Mutant]:
    """Yield up to `count` distinct mutants, class by class; one with nothing to change is passed over."""
    source, seen, misses = Source(folder), set[str](), 0
    turn = names or sorted(MAKERS)
    made = 0
    while made < count and misses < 20 * len(turn):
        for name in turn:
            try:
                found = MAKERS[name](source, rng)
            except IndexError:  # a choice among nothing: this plan has no row of that kind
                found = None
            files = sorted(found[1].items()) if found else []
            key = hashlib.sha256(repr(files).encode()).hexdigest()
            if not found or not files or key in seen:
                misses += 1
                continue
            seen.add(key)
            yield Mutant(name, found[0], tuple(files))
            made += 1
            if made == count:
                return


def apply(mutant: Mutant, folder: Path, target: Path) -> None:
    """Make the mutant's folder; unchanged files are hard links (copies where the file system has none)."""
    changed = dict(mutant.files)
    for path in folder.rglob("*"):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and name not in changed:
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            try:
                os.link(path, target / name)
            except OSError:
                shutil.copyfile(path, target / name)
    for name, content in changed.items():
        if content is not None:
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            (target / name).write_bytes(content)
