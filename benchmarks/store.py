"""The data file, and the blocks in documents that are made from it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT / "docs" / "benchmarks-data.json"
PAGE = ROOT / "docs" / "benchmarks.md"
README = ROOT / "README.md"
BEGIN, END = "<!-- benchmark:begin -->", "<!-- benchmark:end -->"


def read(path: Path) -> dict[str, Any]:
    """Read a data file; empty where there is none."""
    if not path.exists():
        return {}
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def write(path: Path, data: dict[str, Any]) -> None:
    """Write a data file whole or not at all."""
    new = path.with_name(path.name + ".new")
    new.write_text(json.dumps(data, indent=1, ensure_ascii=False) + "\n", encoding="utf-8", newline="\n")
    new.replace(path)


def put_between(path: Path, block: str) -> bool:
    """Replace what stands between the markers of a document; False where it has none.

    Raises
    ------
    ValueError
        When a marker is missing, doubled or in the wrong order.
    """
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    if BEGIN not in text and END not in text:
        return False
    if (text.count(BEGIN), text.count(END)) != (1, 1) or text.index(BEGIN) > text.index(END):
        raise ValueError(f"{path.name} needs one {BEGIN} and after it one {END}")
    before, after = text.split(BEGIN)[0], text.split(END)[1]
    whole = f"{before}{BEGIN}\n\n{block.strip()}\n\n{END}{after}"
    path.write_text(whole, encoding="utf-8", newline="\n")
    return True
