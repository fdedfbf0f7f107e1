"""A folder that proves that there is no plan: what the summary says, and what each command does with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

import solver
from app.comparing import compare
from app.conflict import conflict_lines
from app.documents.commands import report_command
from app.explaining import explain, explain_all
from app.plans import view_plan
from app.talk import Talk
from app.texts import catalogue
from tests.solver.limits.cases import HERE, THERE, asset, match, need, problem

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

TALK = Talk("en", quiet=True)
FLOOR = {"coverage_floor": {"vehicle": 1}, "floor_mode": "strict"}


def folder(
    path: Path,
    matches: list[dict[str, Any]],
    **scenario: Any,  # noqa: ANN401 (values of a scenario)
) -> Path:
    """Write the proof that not both needs can be served."""
    needs = [need("N1", 100, commune=HERE), need("N2", 60, commune=THERE)]
    result = solver.solve(problem([asset("A"), asset("B")], needs, matches, date="2025-08-15", **scenario))
    assert result.status is solver.Status.INFEASIBLE
    result.write(path)
    return path


@pytest.fixture(scope="module")
def one_rule(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Nothing may serve N2, so its province misses its floor of a unit whatever else holds."""
    pairs = [match("A", "N1", 40)]
    return folder(tmp_path_factory.mktemp("one") / "plan", pairs, equity=FLOOR)


@pytest.fixture(scope="module")
def three_rules(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Both needs together cost 60, and the budget is 50."""
    pairs = [match("A", "N1", 40), match("B", "N2", 20)]
    place = tmp_path_factory.mktemp("three") / "plan"
    return folder(place, pairs, equity=FLOOR, limits={"budget_vnd": 50})


def test_one_rule_alone_is_not_told_as_several_nor_its_way_out_as_another(one_rule: Path) -> None:
    view = view_plan(one_rule, missing=True)
    assert conflict_lines(view, "en") == [
        "Surplan: - (2025-08-15)",
        "Status: INFEASIBLE: no plan keeps to all rules; that is proven, and nothing was planned",
        "No plan can keep this rule:",
        "  - the coverage floor of Tỉnh 04 (vehicle)",
        (
            "One way out: floors that ask for 1 unit less in all (no less than 1 will do); the cheapest such "
            "plan lowers:"
        ),
        "  - the coverage floor of Tỉnh 04 (vehicle): 0 instead of 1",
        'To plan with the floors lowered so far: floor_mode = "attainable"',
    ]
    vietnamese = conflict_lines(view, "vi")
    assert vietnamese[0] == "Surplan: - (15/08/2025)"
    assert vietnamese[1].startswith("Kết quả: INFEASIBLE")
    assert vietnamese[2] == "Không phương án nào bảo đảm được quy tắc này:"
    assert vietnamese[4].startswith("Một cách tháo gỡ: hạ các mức sàn")


def test_the_first_way_out_is_one_and_the_next_is_another(three_rules: Path) -> None:
    lines = conflict_lines(view_plan(three_rules, missing=True), "en")
    assert "These rules cannot all hold; without any one of them the others can:" in lines
    ways = [line.partition(":")[0] for line in lines if "way out" in line]
    assert ways == ["One way out", "Another way out"]


def test_made_up_data_are_said_to_be_so_without_a_plan_too(three_rules: Path) -> None:
    view = view_plan(three_rules, missing=True)
    assert view.summary["synthetic"] is False
    for lang in ("en", "vi"):
        line = catalogue(lang)["summary.synthetic"]
        assert line not in conflict_lines(view, lang)
        view.summary["synthetic"] = True
        assert conflict_lines(view, lang)[1] == line
        view.summary["synthetic"] = False


@pytest.mark.parametrize(
    "command",
    [
        lambda plan, _: explain(plan / "inputs", plan, "N1", TALK),
        lambda plan, out: explain_all(plan / "inputs", plan, (None, None, True), out / "all.csv", TALK),
        lambda plan, _: compare([plan, plan], None, TALK),
        lambda plan, out: report_command(plan, out / "report.docx", None, TALK),
    ],
)
def test_every_command_says_that_nothing_was_planned_since_rules_conflict_and_what_to_do(
    command: Callable[[Path, Path], int], one_rule: Path, three_rules: Path, tmp_path: Path
) -> None:
    with pytest.raises(solver.PlanFolderError) as error:
        command(three_rules, tmp_path)
    assert error.value.reason == (
        "It holds no plan: nothing was planned, since these rules of the scenario cannot all hold, which "
        "is proven: the budget of the whole plan; the coverage floor of Tỉnh 01 (vehicle); the coverage "
        "floor of Tỉnh 04 (vehicle). Loosen one of them and solve again; plan.json says how far (conflict)."
    )
    assert "tổng ngân sách của phương án; mức đáp ứng tối thiểu của Tỉnh 01" in error.value.text("vi")
    with pytest.raises(solver.PlanFolderError) as error:
        command(one_rule, tmp_path)
    assert "since no plan can keep this rule of the scenario" in error.value.reason
    assert list(tmp_path.iterdir()) == []


def test_the_proof_is_verified_with_the_word_that_plans_are() -> None:
    for lang, word in (("en", "VERIFIED"), ("vi", "VERIFIED (đã kiểm chứng)")):
        assert catalogue(lang)["conflict.verified"].startswith(f"{word}: ")
        assert catalogue(lang)["verify.ok"].startswith(f"{word}: ")
