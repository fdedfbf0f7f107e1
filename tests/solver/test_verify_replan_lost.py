"""The checker's word on signed and executed lines that today's tables don't have, or of two categories."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from solver.checker.folder import verify_folder
from tests.solver import verify_writer
from tests.solver.verify_replan import Replanned, line
from tests.solver.verify_replan_cases import cars

if TYPE_CHECKING:
    from pathlib import Path

    from tests.solver.verify_naive import Row


def found(folder: Path, *lines: Row, scope: str | None = None, **cells: str) -> list[tuple[str, str, str]]:
    """Code, file and row of what the checker finds in the best plan beside lines; ``cells`` of the car X."""
    case = cars(*sorted(lines, key=lambda row: (row["asset_id"], row["need_id"])))
    case.scenario["scope_province"] = scope
    case.assets = [row | (cells if row["asset_id"] == "X" else {}) for row in case.assets]
    s = Replanned(case)
    plan = min(s.plans(10_000), key=s.objective)
    prices = {n: s.weighted(row) for n, row in s.needs.items()}
    shutil.rmtree(folder / "p", ignore_errors=True)
    verify_writer.write_plan(folder / "p", case, plan, prices, {}, {}, [])
    violations = verify_folder(folder / "p").violations
    contradicting = sorted(",".join(pair) for pair in s.lines if s.contradicts(pair))
    assert sorted({one.row for one in violations}) == contradicting
    return [(one.code, one.file, one.row) for one in violations]


@pytest.mark.parametrize(("asset", "need"), [("Q", "M"), ("X", "Q"), ("Q", "R")])
def test_what_is_signed_is_in_the_tables(asset: str, need: str, tmp_path: Path) -> None:
    wrong = [("pin", "inputs/baseline.csv", f"{asset},{need}")]
    assert found(tmp_path, line(asset, need, 1, "signed", "00101")) == wrong
    for state in ("", "planned", "executed", "refused"):
        assert found(tmp_path, line(asset, need, 1, state, "00101")) == []


def test_the_asset_of_what_is_signed_may_move(tmp_path: Path) -> None:
    for status in ("in_use", "handled"):
        assert found(tmp_path, line("X", "M", 1, "signed", "00101"), status=status) == [
            ("pin", "inputs/baseline.csv", "X,M")
        ]
        assert found(tmp_path, line("X", "M", 1, "executed", "00101"), status=status) == []


@pytest.mark.parametrize("state", ["signed", "executed"])
def test_what_is_fixed_joins_one_category(state: str, tmp_path: Path) -> None:
    wrong = [("pin", "inputs/baseline.csv", "X,M")]
    equipment = {"category": "equipment", "kind": "computer"}
    assert found(tmp_path, line("X", "M", 1, state, "00101"), **equipment) == wrong
    assert found(tmp_path, line("X", "M", 1, "", "00101"), **equipment) == []


@pytest.mark.parametrize("pair", [("X", "N"), ("Y", "M"), ("Y", "N")])
def test_what_is_signed_may_lead_out_of_the_scope(pair: tuple[str, str], tmp_path: Path) -> None:
    assert found(tmp_path, line(*pair, 1, "signed"), scope="01") == []
