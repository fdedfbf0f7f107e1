"""What if, asked of re-plans whose lots, or needs of premises, are all kept: something has to go."""

from __future__ import annotations

from typing import TYPE_CHECKING

from solver.counterfactuals import forcing
from tests.solver.counterfactuals.test_replanned_by_hand import forced, lines
from tests.solver.limits.cases import asset, match, need
from tests.solver.replan.seen import again, line

if TYPE_CHECKING:
    import pytest


def test_of_a_lot_that_is_all_kept_the_line_goes_that_is_worth_least() -> None:
    # Both units of L serve as before. For O one of them has to go: from N (worth 79), not from M (99).
    tables = (
        [asset("L", 2)],
        [need("M", 100), need("N", 80), need("O", 50)],
        [match("L", "M", 1), match("L", "N", 1), match("L", "O", 1)],
    )
    result = again(tables, line("L", "M", 1), line("L", "N", 1), change_price_vnd=3)
    answer = forced(result, "L", "O")
    assert (answer.change_vnd, answer.exact) == (80 - 50 + 2 * 3, True)
    assert lines(answer) == [["L", "N", 1, 0], ["L", "O", 0, 1]]


def test_of_two_units_forced_from_a_lot_that_is_all_kept_each_line_gives_one() -> None:
    # Both needs want two; the first unit of each is as dear as the second, and M is worth more.
    tables = (
        [asset("L", 4)],
        [need("M", 100, 2), need("N", 80, 2), need("O", 50, 3)],
        [match("L", "M", 1), match("L", "N", 1), match("L", "O", 1), match("K", "N", 60)],
    )
    tables[0].append(asset("K"))
    before = line("L", "M", 2), line("L", "N", 2)
    answer = forced(again(tables, *before, change_price_vnd=3), "L", "O", 3)
    # N gives two, of which K brings one, M gives one: 3 changes of L's lines, 3 for O, 1 of K.
    assert (answer.change_vnd, answer.exact) == (99 + 79 + 59 - 3 * 49 + 7 * 3, True)
    assert lines(answer) == [["K", "N", 0, 1], ["L", "M", 2, 1], ["L", "N", 2, 0], ["L", "O", 0, 3]]


def test_where_not_every_choice_is_looked_at_the_price_is_an_interval(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # As above without K. The one choice that is looked at takes both units of N and one of M: the best one.
    # What is proven is about a lot with three units more, which would give up nothing.
    monkeypatch.setattr(forcing, "CASES", 1)
    tables = (
        [asset("L", 4)],
        [need("M", 100, 2), need("N", 80, 2), need("O", 50, 3)],
        [match("L", "M", 1), match("L", "N", 1), match("L", "O", 1)],
    )
    before = line("L", "M", 2), line("L", "N", 2)
    answer = forced(again(tables, *before, change_price_vnd=3), "L", "O", 3)
    assert answer.change_vnd == answer.most_vnd == 99 + 2 * 79 - 3 * 49 + 6 * 3
    assert not answer.exact
    assert answer.least_vnd is not None
    assert answer.least_vnd < answer.change_vnd


def test_of_a_need_of_premises_that_is_all_kept_the_place_goes_that_is_dearest() -> None:
    # P-1 (cost 5) and P-2 (cost 9) have the places of N; P-3 (cost 7) has to take one: that of P-2.
    tables = (
        [asset(name, category="premises", area_m2=20) for name in ("P-1", "P-2", "P-3")],
        [need("N", 100, 2, category="premises", area_m2=10)],
        [
            match("P-1", "N", 5, area_m2=10),
            match("P-2", "N", 9, area_m2=10),
            match("P-3", "N", 7, area_m2=10),
        ],
    )
    result = again(tables, line("P-1", "N", 1), line("P-2", "N", 1), change_price_vnd=4)
    answer = forced(result, "P-3", "N")
    assert (answer.change_vnd, answer.exact) == (7 - 9 + 2 * 4, True)
    assert lines(answer) == [["P-2", "N", 1, 0], ["P-3", "N", 0, 1]]
    # Both places: 14 - 14 and four changes.
    both = forced(result, "P-3", "N", 2)
    assert (both.change_vnd, both.exact, both.changes_then) == (16, True, 4)
