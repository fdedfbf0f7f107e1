"""Plan folders of re-plans with trees; by hand the triangle of `test_verify_tree.py`, X in A before."""

from __future__ import annotations

import json
import shutil
from random import Random
from typing import TYPE_CHECKING, Any

from tests.solver import replan_tree, verify_writer
from tests.solver.test_verify_tree import triangle as plain_triangle
from tests.solver.verify_limits import Plan, Proof
from tests.solver.verify_replan import Replanned, line

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from tests.solver.verify_naive import Case, Row

M = 1_000_000


class Raised(Replanned):
    """An instance of which trees prove more than the prices."""

    more: int

    def formula(self, plan: Plan, proof: Proof) -> dict[str, int]:
        found = super().formula(plan, proof)
        return found | {"premises": found.get("premises", 0) + self.more}


def write_proven(
    folder: Path, s: Replanned, plan: Plan, entries: list[replan_tree.Entry], patch: pytest.MonkeyPatch
) -> None:
    """Write a plan with trees; a need of no component has the price that leaving it unmet costs."""
    scale, rng = s.case.denominator, Random(1)
    inside = {name for entry in entries for name in entry.needs}
    prices = {k: s.weighted(n) * scale for k, n in s.needs.items()}
    prices |= {k: rng.randint(0, prices[k]) for k in sorted(inside)}
    proof, demand = Proof("", scale, prices), replan_tree.Left(s).demand
    more = 0
    for entry in entries:
        known = sum(s._gain(a, proof, scale, demand) for a in entry.proof["assets"])  # noqa: SLF001 (naive)
        known += sum(demand[k] * prices[k] for k in entry.needs)
        more += max(0, entry.proven - entry.lowered - known)
    patch.setattr(Raised, "more", more, raising=False)
    patch.setattr(verify_writer, "Replanned", Raised)
    shutil.rmtree(folder, ignore_errors=True)
    verify_writer.write_plan(folder, s.case, plan, prices, {})
    with_tree(folder, [entry.proof for entry in entries] or None)


def with_tree(folder: Path, proofs: object) -> None:
    path = folder / "certificate.json"
    value = json.loads(path.read_text(encoding="utf-8"))
    verify_writer.write_json(path, value | {"tree": proofs})


def triangle(*lines: Row) -> Case:
    case = plain_triangle()
    case.scenario["stability"]["change_price_vnd"] = M
    case.baseline = [*lines, line("A", "X")]
    return case


BEST: Plan = {("A", "X"): 1, ("A", "Y"): 1}
ONE_PLACE_IN_B = {"k": 10 * M + 1, "p": [11 * M]}
PUT = {"k": 26 * M + 1, "p": [9 * M, 9 * M], "s": [ONE_PLACE_IN_B]}
WITH_X = {"k": 13 * M + 1, "p": [9 * M], "s": [ONE_PLACE_IN_B]}
WITHOUT_X = {"k": 15 * M + 1, "p": [9 * M]}
SPLIT = {"k": 26 * M + 1, "p": [7 * M, 9 * M], "b": ["place", "A", "X|A"], "y": [WITH_X], "n": [WITHOUT_X]}
KEPT: dict[str, Any] = {
    "assets": ["A", "B"], "needs": [["X"], ["Y", "Z"]], "rows": [], "node": PUT, "kept": ["A", None],
    "plain": False, "bound": 27 * M,
}  # fmt: skip


def entry(proof: dict[str, Any], lowered: int) -> replan_tree.Entry:
    return replan_tree.Entry(proof, proof["bound"], lowered, ["X", "Y", "Z"])
