"""Why a plan folder is refused: in both languages, and never as Python or the operating system say it."""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING

import pytest

import solver
from solver.plan.refusals import TEXTS, reading, system_words
from tests.solver.limits.cases import asset, match, need, problem

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    one = problem([asset("A")], [need("N", 10)], [match("A", "N", 1)])
    solver.solve(one).write(tmp_path / "plan")
    return tmp_path / "plan"


def why(folder: Path) -> tuple[str, str]:
    with pytest.raises(solver.PlanFolderError) as error:
        solver.read_plan(folder)
    assert str(error.value) == error.value.text("en") == f"{folder}: {error.value.reason}"
    assert error.value.text("vi") == f"{folder}: {error.value.reason_vi}"
    return error.value.reason, error.value.reason_vi


def test_what_cannot_be_read_is_named_with_what_to_do(plan: Path) -> None:
    assert why(plan / "nowhere") == (
        "No plan can be read here: there is no such folder; name the folder that solve wrote.",
        "Không đọc được phương án: không có thư mục này; hãy chỉ thư mục mà lệnh solve đã ghi.",
    )
    assert "it is a file; name" in why(plan / "plan.json")[0]
    (plan / "inputs" / "needs.csv").unlink()
    assert why(plan) == (
        (
            "No plan can be read here: inputs/needs.csv is missing; copy the plan folder again, whole, or "
            "solve again."
        ),
        (
            "Không đọc được phương án: thiếu inputs/needs.csv; hãy sao chép lại toàn bộ thư mục phương án, "
            "hoặc giải lại."
        ),
    )
    (plan / "transfers.csv").write_bytes(b"units\nmany\n")
    assert "transfers.csv is damaged; copy" in why(plan)[0]
    for spoilt in (b"{", b"[]", b"\xff\xfe"):
        (plan / "certificate.json").write_bytes(spoilt)
        assert "certificate.json bị hỏng; hãy" in why(plan)[1]
    (plan / "plan.json").unlink()
    assert why(plan)[1] == "Không đọc được phương án: thiếu plan.json; hãy chỉ thư mục mà lệnh solve đã ghi."


def test_what_may_not_be_replaced_is_said_in_both_languages(plan: Path) -> None:
    (plan / "mine.txt").write_bytes(b"")
    with pytest.raises(solver.PlanFolderError) as error, solver.staged_folder(plan):
        pytest.fail("the folder must be refused before anything is written")
    assert error.value.reason == "Beside the plan it holds mine.txt; move that, or name another folder."
    assert "Ngoài phương án, thư mục còn chứa mine.txt" in error.value.text("vi")
    (plan / "plan.json").unlink()
    with pytest.raises(solver.PlanFolderError) as error, solver.staged_folder(plan):
        pytest.fail("the folder must be refused before anything is written")
    assert error.value.reason_vi == "Thư mục không trống và không chứa phương án; hãy chỉ thư mục khác."


def test_what_the_system_says_is_told_in_vietnamese(tmp_path: Path) -> None:
    full = OSError(errno.ENOSPC, "No space left on device")
    assert system_words(full) == ("No space left on device", "ổ đĩa hết chỗ")
    with pytest.raises(solver.PlanFolderError) as error, reading(tmp_path, tmp_path / "plan.json"):
        raise PermissionError(errno.EACCES, "Permission denied")
    assert "plan.json: Permission denied; check" in error.value.text()
    assert "plan.json: không có quyền; hãy" in error.value.text("vi")


def test_no_refusal_is_the_same_in_both_languages() -> None:
    assert all(text.en != text.vi for text in TEXTS.values())
