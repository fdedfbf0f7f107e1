"""What mutants are made from: a valid plan folder, and the register of the classes of mistakes."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from random import Random
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

Row = dict[str, str]
Files = dict[str, bytes | None]  # new contents by path in the plan folder; None removes the file
PLANNED = ("premises", "vehicle", "equipment")


@dataclass(frozen=True)
class Mutant:
    """One wrong plan: the class of the mistake, what was done, and the files that differ."""

    name: str
    detail: str
    files: tuple[tuple[str, bytes | None], ...]


class Source:
    """A valid plan folder, read once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.plan: dict[str, Any] = self.json("plan.json")
        self.tables = {name: self.rows(f"{name}.csv") for name in ("transfers", "shortfalls", "releases")}
        for name in ("limits", "changes"):
            self.tables[name] = self.rows(f"{name}.csv") if (folder / f"{name}.csv").exists() else []
        self.replan = (folder / "inputs" / "baseline.csv").exists()

    def json(self, name: str) -> Any:  # noqa: ANN401 (JSON)
        return json.loads((self.folder / name).read_text(encoding="utf-8"))

    def rows(self, name: str) -> list[Row]:
        return list(csv.DictReader(io.StringIO((self.folder / name).read_text(encoding="utf-8"), newline="")))

    @cached_property
    def assets(self) -> list[Row]:
        return self.rows("inputs/assets.csv")

    @cached_property
    def needs(self) -> list[Row]:
        return self.rows("inputs/needs.csv")

    @cached_property
    def planned_needs(self) -> dict[str, Row]:
        prices = self.json("certificate.json")["need_price"]
        return {row["need_id"]: row for row in self.needs if row["need_id"] in prices}

    def table(self, rows: list[Row], like: list[Row]) -> bytes:
        stream = io.StringIO(newline="")
        writer = csv.DictWriter(stream, list(like[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        return stream.getvalue().encode()

    def leaves(
        self, value: dict[str, Any], path: tuple[str, ...] = ()
    ) -> Iterator[tuple[tuple[str, ...], Any]]:
        for key, item in value.items():
            if isinstance(item, dict) and item:
                yield from self.leaves(item, (*path, key))
            else:
                yield (*path, key), item

    def with_plan(self, path: tuple[str, ...], value: object) -> Files:
        plan = json.loads(json.dumps(self.plan))
        place = plan
        for key in path[:-1]:
            place = place[key]
        if value is ...:
            del place[path[-1]]
        else:
            place[path[-1]] = value
        return {"plan.json": encode(plan)}

    def with_input(self, name: str, content: bytes, *, honest: bool = True) -> Files:
        """Change an input; an honest mutant also claims the new hash."""
        if not honest:
            return {f"inputs/{name}": content}
        plan = json.loads(json.dumps(self.plan))
        if plan["distances"]["sha256"] == plan["inputs"][name]:
            plan["distances"]["sha256"] = hashlib.sha256(content).hexdigest()
        plan["inputs"][name] = hashlib.sha256(content).hexdigest()
        return {f"inputs/{name}": content, "plan.json": encode(plan)}


def encode(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()


Maker = Callable[[Source, Random], tuple[str, Files] | None]
MAKERS: dict[str, Maker] = {}


def maker(function: Maker) -> Maker:
    """Register a class of mistakes under the function's name."""
    MAKERS[function.__name__] = function
    return function
