"""Mutants of a plan folder, each given to the checker."""

from __future__ import annotations

import shutil
from collections import Counter
from random import Random
from typing import TYPE_CHECKING

from solver.checker.folder import verify_folder
from tests.solver import mutants

if TYPE_CHECKING:
    from pathlib import Path


def reject(folder: Path, target: Path, seed: int, count: int, names: list[str] | None = None) -> Counter[str]:
    """Every mutant is rejected; return how many of each class were tried."""
    tried: Counter[str] = Counter()
    for number, mutant in enumerate(mutants.generate(folder, Random(seed), count, names)):
        place = target / f"{seed}-{number}"
        mutants.apply(mutant, folder, place)
        found = verify_folder(place)
        assert not found.ok, f"seed {seed}: {mutant.name} was accepted: {mutant.detail}"
        assert found.violations
        tried[mutant.name] += 1
        shutil.rmtree(place)
    assert verify_folder(folder).ok  # hard links: no mutant wrote through to the source
    return tried
