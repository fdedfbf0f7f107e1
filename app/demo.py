"""``surplan demo`` and ``surplan reference``: the synthetic reference inventory, made and planned."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import geodata
import solver
from app.errors import InputError, UsageError
from app.folders import build, read_inputs

if TYPE_CHECKING:
    from app.talk import Talk


def require_province(code: str | None) -> None:
    """Refuse a province code that the register doesn't know."""
    if code is None:
        return
    communes = geodata.communes()
    known = dict(zip(communes["province_code"], communes["province_name"], strict=True))
    if code not in known:
        listed = ", ".join(f"{key} {name}" for key, name in sorted(known.items()))
        raise UsageError("province", value=repr(code), known=listed)


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
