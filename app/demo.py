"""``surplan demo`` and ``surplan reference``: the synthetic reference inventory, made and planned."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import geodata
import solver
from app.errors import InputError
from app.folders import build, read_inputs

if TYPE_CHECKING:
    from app.talk import Talk


def make_reference(seed: int, scale: str, province: str | None, out: Path, talk: Talk) -> geodata.Inventory:
    """Write the reference inventory as a scenario folder, whole or not at all.

    Raises
    ------
    InputError
        When `out` is a file or holds anything: tables in it may be somebody's work.
    """
    if out.is_dir() and any(out.iterdir()):
        raise InputError("not_empty", folder=str(out))
    with solver.staged_folder(out) as staged:
        talk.work("making")
        inventory = geodata.reference(seed=seed, scale=scale, province=province)
        geodata.write_reference(inventory, staged)
    return inventory


def reference_problem(province: str | None, talk: Talk) -> solver.Problem:
    """Make the reference scenario and read it back as any scenario folder is read."""
    with tempfile.TemporaryDirectory(prefix="surplan-") as temporary:
        folder = Path(temporary) / "reference"
        make_reference(1, "1", province, folder, talk)
        talk.work("building")
        return build(read_inputs(folder))
