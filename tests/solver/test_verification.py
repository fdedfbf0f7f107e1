"""``solver.verify``: a plan in memory is checked like a folder."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING

import pytest

import solver
from tests.solver.problem.instances import random_instance

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def result() -> solver.Result:
    return solver.solve(random_instance(Random(5), "communes", assets=9, needs=9, plain=True).build())


def test_a_plan_in_memory_is_verified_as_its_folder_is(result: solver.Result, tmp_path: Path) -> None:
    found = solver.verify(result.problem, result.plan, result.certificate)
    result.write(tmp_path / "plan")
    assert found == solver.verify_folder(tmp_path / "plan")
    assert found.ok, found.violations
    assert (found.objective, found.bound) == (result.objective, result.bound)
    assert found.counts["transfers"] == len(result.plan.transfers) > 0


def test_a_changed_plan_or_certificate_is_rejected(result: solver.Result) -> None:
    first, *rest = result.plan.transfers["cost_vnd"].tolist()
    changed = replace(result.plan, transfers=result.plan.transfers.assign(cost_vnd=[first + 1, *rest]))
    assert set(solver.verify(result.problem, changed, result.certificate).found) == {"cost"}
    nothing = result.certificate | {"need_price": {}}
    assert "certificate_need" in solver.verify(result.problem, result.plan, nothing).found


def test_nothing_is_left_behind(
    result: solver.Result, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    assert solver.verify(result.problem, result.plan, result.certificate).ok
    assert list(tmp_path.iterdir()) == []
