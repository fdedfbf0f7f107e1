"""What if, asked of re-plans whose figures can be worked out on paper, and how it is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import solver
from tests.solver.limits.cases import THERE, asset, match, need
from tests.solver.replan.seen import again, line

if TYPE_CHECKING:
    from typing import Any

    from solver import Counterfactual, Result


def one_need(**stability: Any) -> Result:  # noqa: ANN401 (values of a scenario)
    """A serves N as before; B could do it at the same cost."""
    tables = [asset("A"), asset("B")], [need("N", 100)], [match("A", "N", 10), match("B", "N", 10)]
    return again(tables, line("A", "N", 1), **stability)


def forced(result: Result, asset_id: str, need_id: str, units: int = 1) -> Counterfactual:
    return solver.counterfactual(result.problem, result, asset_id, need_id, units)


def banned(result: Result, asset_id: str, need_id: str) -> Counterfactual:
    return solver.without(result.problem, result, asset_id, need_id)


def told(answer: Counterfactual, lang: str = "en") -> list[str]:
    return answer.text(lang).splitlines()


def lines(answer: Counterfactual) -> list[list[Any]]:
    found: list[list[Any]] = answer.changes.to_numpy().tolist()
    return found


def test_a_forced_change_costs_the_price_of_a_change_too() -> None:
    # A's unit goes and B's comes: two changes at 5, and the need is served at 10 as it was.
    answer = forced(one_need(change_price_vnd=5), "B", "N")
    assert (answer.change_vnd, answer.exact, answer.objective_vnd) == (10, True, 20)
    assert (answer.changes_now, answer.changes_then, answer.change_price_vnd) == (0, 2, 5)
    assert lines(answer) == [["A", "N", 1, 0], ["B", "N", 0, 1]]
    assert told(answer) == [
        "If asset B has to serve need N (1 unit at least):",
        "The total cost rises by 10 VND, to 20 VND; both plans are proven best, so this is the exact price.",
        (
            "Against the plan before there are 2 changes instead of 0: at 5 VND a change, 10 VND of the "
            "price are theirs."
        ),
        "What changes:",
        "  - need N: 1 fewer from A, 1 more from B",
        "  - asset A stays: 0 used instead of 1",
        "  - asset B is used: 1 instead of 0",
    ]
    assert told(answer, "vi")[2] == (
        "So với phương án trước có 2 thay đổi thay vì 0: với đơn giá 5 đ mỗi thay đổi, 10 đ trong cái giá là "
        "của các thay đổi này."
    )


def test_where_a_change_is_free_its_price_is_not_told() -> None:
    answer = forced(one_need(change_price_vnd=0), "B", "N")
    assert (answer.change_vnd, answer.exact) == (0, True)
    assert "Against the plan before there are 2 changes instead of 0." in told(answer)
    assert "So với phương án trước có 2 thay đổi thay vì 0." in told(answer, "vi")


def test_without_a_transfer_the_need_goes_short_where_another_would_cost_more_in_changes() -> None:
    # Of 100 for the need unmet and one change (5), or 10 by B and two changes, the second is less.
    cheap, dear = one_need(change_price_vnd=5), one_need(change_price_vnd=95)
    assert (banned(cheap, "A", "N").change_vnd, lines(banned(cheap, "A", "N"))[1]) == (10, ["B", "N", 0, 1])
    # At 95: 100 + 95 - 10 = 185 against 10 + 190 - 10 = 190.
    answer = banned(dear, "A", "N")
    assert (answer.change_vnd, answer.exact, answer.changes_then) == (185, True, 1)
    assert answer.needs == ({"need_id": "N", "before": 1, "after": 0},)


def test_with_no_change_left_the_force_is_refused_and_says_which_row_and_what_it_takes() -> None:
    for most in (0, 1):
        answer = forced(one_need(max_changes=most), "B", "N")
        assert (answer.outcome, answer.blocked_by) == ("blocked", "changes")
        assert (answer.blocked_left, answer.blocked_needs) == (most, 2)
    assert told(answer)[1:] == [
        (
            "No plan can do so: it takes 2 changes against the plan before at least, and the limit of "
            "changes against the plan before allows 1."
        )
    ]
    assert told(answer, "vi")[1:] == [
        (
            "Không phương án nào có thể như vậy: cần ít nhất 2 thay đổi so với phương án trước, mà giới hạn "
            "số thay đổi so với phương án trước chỉ cho phép 1."
        )
    ]
    answer = banned(one_need(max_changes=0), "A", "N")
    assert (answer.blocked_by, answer.blocked_needs) == ("changes", 1)


def test_where_the_last_change_is_used_the_answer_says_so() -> None:
    answer = forced(one_need(max_changes=2, change_price_vnd=0), "B", "N")
    assert (answer.change_vnd, answer.exact, answer.changes_then, answer.max_changes) == (0, True, 2, 2)
    used = "With it the limit of changes against the plan before (2) is used up."
    assert used in told(answer)
    assert "Khi đó giới hạn số thay đổi so với phương án trước (2) đã dùng hết." in told(answer, "vi")
    assert used not in told(forced(one_need(max_changes=3, change_price_vnd=0), "B", "N"))


def test_a_force_that_takes_the_last_changes_gives_up_what_they_were_used_for() -> None:
    # One change may be made: C serves O, which is worth 90. D for P is worth 50 only.
    tables = (
        [asset("A"), asset("C"), asset("D")],
        [need("N", 100), need("O", 100), need("P", 60)],
        [match("A", "N", 10), match("C", "O", 10), match("D", "P", 10)],
    )
    result = again(tables, line("A", "N", 1), max_changes=1, change_price_vnd=0)
    answer = forced(result, "D", "P")
    assert (answer.change_vnd, answer.exact) == (40, True)
    assert lines(answer) == [["C", "O", 1, 0], ["D", "P", 0, 1]]
    assert "With it the limit of changes against the plan before (1) is used up." in told(answer)


def test_what_one_category_changes_another_may_not() -> None:
    tables = (
        [asset("C"), asset("D", category="equipment")],
        [need("O", 100), need("P", 60, category="equipment")],
        [match("C", "O", 10), match("D", "P", 10)],
    )
    result = again(tables, line("X", "O", 1), max_changes=1, change_price_vnd=0)
    answer = forced(result, "D", "P")
    assert (answer.change_vnd, answer.exact) == (40, True)
    assert lines(answer) == [["C", "O", 1, 0], ["D", "P", 0, 1]]


def test_undoing_a_fixed_line_is_refused_with_its_state() -> None:
    tables = [asset("A")], [need("N", 100)], [match("A", "N", 10)]
    for state, english, vietnamese in (
        ("signed", "It is signed, so it stays (1).", "Điều chuyển này đã ký nên giữ nguyên (1)."),
        (
            "executed",
            "It is carried out, so it stays (1).",
            "Điều chuyển này đã thực hiện nên giữ nguyên (1).",
        ),
    ):
        answer = banned(again(tables, line("A", "N", 1, state)), "A", "N")
        assert (answer.outcome, answer.blocked_by, answer.state) == ("blocked", "pin", state)
        assert told(answer)[1:] == [english]
        assert told(answer, "vi")[1:] == [vietnamese]
    pinned = again(tables, line("A", "N", 1), pins=[["A", "N", 1]])
    assert told(banned(pinned, "A", "N"))[1:] == ["The scenario has pinned this transfer (1)."]


def test_what_was_refused_cannot_be_forced() -> None:
    tables = [asset("A")], [need("N", 100)], [match("A", "N", 10)]
    answer = forced(again(tables, line("A", "N", 1, "refused")), "A", "N")
    assert (answer.outcome, answer.stage, answer.state) == ("ineligible", "banned", "refused")
    assert told(answer)[1:] == ["This transfer was refused. No plan can have it."]
    assert told(answer, "vi")[1:] == ["Điều chuyển này đã bị từ chối. Không phương án nào có thể có cặp này."]


def test_an_asset_that_is_bound_elsewhere_fails_the_stage_of_freedom() -> None:
    tables = (
        [asset("A")],
        [need("N", 100), need("O", 100, commune=THERE)],
        [match("A", "N", 10), match("A", "O", 10)],
    )
    answer = forced(again(tables, line("A", "N", 1), freedom="same_province"), "A", "O")
    assert (answer.outcome, answer.stage) == ("ineligible", "freedom")
    assert "free to go there after the plan before" in told(answer)[1]
    assert "không bị phương án trước giữ cho nơi khác" in told(answer, "vi")[1]


def test_a_line_that_the_replan_gave_up_comes_back_for_less() -> None:
    # A went to N before; today M takes it: 200 saved for two changes at 20. Back again: two changes fewer.
    tables = [asset("A")], [need("M", 300), need("N", 100)], [match("A", "M", 1), match("A", "N", 1)]
    result = again(tables, line("A", "N", 1), change_price_vnd=20)
    answer = forced(result, "A", "N")
    assert (answer.change_vnd, answer.exact) == (200 - 40, True)
    assert (answer.changes_now, answer.changes_then) == (2, 0)
    assert (
        "Against the plan before there are 0 changes instead of 2: at 20 VND a change, that takes 40 VND off "
        "the price."
    ) in told(answer)
    assert (
        "So với phương án trước có 0 thay đổi thay vì 2: với đơn giá 20 đ mỗi thay đổi, cái giá giảm 40 đ."
    ) in told(answer, "vi")


def test_a_budget_is_shared_with_what_the_plan_keeps() -> None:
    # 20 may be spent: A for N (10) is kept; B for O would take 15, so that N loses A.
    tables = (
        [asset("A"), asset("B")],
        [need("N", 100), need("O", 60)],
        [match("A", "N", 10), match("B", "O", 15)],
    )
    from tests.solver.limits.cases import problem
    from tests.solver.replan.seen import table

    frames = problem(*tables, stability={"change_price_vnd": 1}, limits={"budget_vnd": 20})
    result = solver.replan(frames, baseline=table(line("A", "N", 1)))
    answer = forced(result, "B", "O")
    assert answer.change_vnd == 100 - 10 - (60 - 15) + 2
    # A budget has prices, which leave a gap: the price lies in an interval, and that is what is told.
    assert answer.least_vnd is not None
    assert answer.most_vnd is not None
    assert answer.least_vnd <= 47 <= answer.most_vnd
    assert answer.exact or "the price lies between" in answer.text()
    poor = problem(*tables, stability={"change_price_vnd": 1}, limits={"budget_vnd": 14})
    result = solver.replan(poor, baseline=table(line("A", "N", 1)))
    answer = forced(result, "B", "O")
    assert (answer.outcome, answer.blocked_by, answer.blocked_left) == ("blocked", "budget", 14)


def test_what_has_nothing_to_do_with_the_pair_stays() -> None:
    # E-1 and E-2 are equal and one of them is new to M; X and Y swap nothing. Only N changes hands.
    tables = (
        [asset(name) for name in ("A", "B", "E-1", "E-2")],
        [need("M", 100), need("N", 100)],
        [match("A", "N", 10), match("B", "N", 12), match("E-1", "M", 7), match("E-2", "M", 7)],
    )
    result = again(tables, line("A", "N", 1), change_price_vnd=1)
    answer = forced(result, "B", "N")
    assert (answer.change_vnd, answer.exact) == (2 + 2, True)
    assert lines(answer) == [["A", "N", 1, 0], ["B", "N", 0, 1]]


def test_the_cheapest_way_counts_the_changes() -> None:
    # M lacks a unit. B for it costs 30 and takes N's, for which C comes (5 more): 2 changes more than D's one
    # at 41.
    tables = (
        [asset("B"), asset("C"), asset("D")],
        [need("M", 20), need("N", 100)],
        [match("B", "N", 10), match("C", "N", 15), match("B", "M", 30), match("D", "M", 41)],
    )
    best = {}
    for kappa in (1, 10):
        result = again(tables, line("B", "N", 1), change_price_vnd=kappa)
        found = solver.best_way(result.problem, result, need_id="M")
        assert found.proven
        assert found.found is not None
        best[kappa] = found.found.asset_id, found.found.change_vnd
    # B: 30 - 20 + 15 - 10 and 3 changes; D: 41 - 20 and 1.
    assert best == {1: ("B", 15 + 3), 10: ("D", 21 + 10)}
