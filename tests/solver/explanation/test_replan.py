"""What a re-plan changed, and what the plan before keeps from needs and assets, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

import solver
from solver.explanation.row_words import row_words
from solver.plan import changes_table
from tests.solver.limits.cases import HERE, THERE, asset, match, need, problem

if TYPE_CHECKING:
    from pathlib import Path

GONE = ("Z", "N", 1, "planned")


def replanned(
    assets: list[dict[str, Any]],
    needs: list[dict[str, Any]],
    matches: list[dict[str, Any]],
    lines: list[tuple[Any, ...]],
    **stability: Any,  # noqa: ANN401 (values of a scenario)
) -> solver.Result:
    columns = ["asset_id", "need_id", "units", "state", "to_commune_code"]
    table = pd.DataFrame([(*line, "")[:5] for line in lines], columns=columns)
    return solver.replan(problem(assets, needs, matches, stability=stability), baseline=table)


def told(result: solver.Result, lang: str = "en", **of: str) -> str:
    return solver.explain(result.problem, result, **of).text(lang)


def one_new(cost: int = 50, **stability: Any) -> solver.Result:  # noqa: ANN401 (values of a scenario)
    """An asset and a need that no line joins; the plan before had another asset, which is gone."""
    return replanned([asset("A")], [need("N", 100)], [match("A", "N", cost)], [GONE], **stability)


LIMIT = {
    "en": "no more units may change: the limit of changes against the plan before is used up (0 units)",
    "vi": "không được thay đổi thêm đơn vị nào: giới hạn số thay đổi so với phương án trước đã dùng hết",
}
PRICE = {
    "en": "with the price of a change (60 VND) it would cost at least as much as leaving the unit unmet (100",
    "vi": "tính cả đơn giá thay đổi (60 đ) thì chi phí không thấp hơn mức tính cho một đơn vị còn thiếu (100",
}


@pytest.mark.parametrize("lang", ["en", "vi"])
@pytest.mark.parametrize(
    ("most", "price", "says"), [(0, 0, (LIMIT,)), (None, 60, (PRICE,)), (0, 60, (LIMIT, PRICE))]
)
def test_limit_and_price_of_changes_are_named_for_the_need_and_for_the_asset(
    lang: str, most: int | None, price: int, says: tuple[dict[str, str], ...]
) -> None:
    result = one_new(change_price_vnd=price, **({} if most is None else {"max_changes": most}))
    assert result.plan.shortfalls["reason"].tolist() == ["max_changes"]
    assert result.plan.releases["reason"].tolist() == ["max_changes"]
    text = told(result, lang, need_id="N")
    for words in (LIMIT, PRICE):
        assert (words[lang] in text) == (words in says)
    assert {
        "en": "What would have to change: the limit or the price of changes",
        "vi": "Điều cần thay đổi: giới hạn số thay đổi hoặc đơn giá",
    }[lang] in text
    asset_says = {
        "en": "no more units may change or its price",
        "vi": "hoặc đơn giá thay đổi làm chi phí quá cao",
    }
    assert asset_says[lang] in told(result, lang, asset_id="A")


@pytest.mark.parametrize("lang", ["en", "vi"])
def test_freedom_is_named_with_where_assets_may_go(lang: str) -> None:
    line = ("A", "N", 1, "planned", HERE)
    rows = [match("A", "N", 50), match("A", "M", 10)]
    needs = [need("N", 100), need("M", 100, commune=THERE)]
    result = replanned([asset("A")], needs, rows, [line], freedom="same_province")
    reasons = dict(zip(result.plan.shortfalls["need_id"], result.plan.shortfalls["reason"], strict=True))
    assert reasons == {"M": "freedom"}
    text = told(result, lang, need_id="M")
    for words in (
        {
            "en": "lets such assets go to the provinces that they were to go to only.",
            "vi": "kịch bản chỉ cho phép chuyển trong tỉnh, thành phố đã bố trí.",
        },
        {
            "en": "has to be bound to this place, or to none",
            "vi": "phải được phương án trước bố trí cho nơi này",
        },
    ):
        assert words[lang] in text


def test_the_price_of_changes_is_said_where_the_whole_is_spoken_of() -> None:
    # N wants A more than M does.
    rows = [match("A", "N", 10), match("A", "M", 10)]
    result = replanned([asset("A")], [need("N", 300), need("M", 100)], rows, [GONE], change_price_vnd=7)
    line = "The cost of the whole holds the price of changes: 7 VND for each unit that changes."
    assert line in told(result, need_id="M")
    assert "Tổng chi phí tính cả tiền cho thay đổi: 7 đ" in told(result, "vi", need_id="M")
    free = replanned([asset("A")], [need("N", 300), need("M", 100)], rows, [GONE], change_price_vnd=0)
    assert "price of changes" not in told(free, need_id="M")


def test_what_is_signed_says_that_it_stays_and_takes_up_what_others_want() -> None:
    rows = [match("A", "N", 50), match("A", "M", 10)]
    result = replanned([asset("A")], [need("N", 100), need("M", 100)], rows, [("A", "N", 1, "signed")])
    assert "; signed, so it stays; " in told(result, need_id="N").replace(".", ";")
    assert "that the scenario has pinned, or that are signed or carried out; for example, A" in told(
        result, need_id="M"
    ).replace(" (vehicle)", "")
    assert "đã ký hay đã thực hiện" in told(result, "vi", need_id="M")


def test_no_better_plan_is_claimed_among_those_that_keep_what_is_signed() -> None:
    rows = [match("A", "N", 10), match("A", "M", 10)]
    result = replanned([asset("A")], [need("N", 300), need("M", 100)], rows, [GONE], change_price_vnd=0)
    text = told(result, need_id="M")
    assert "No plan that keeps what is signed or carried out, within the scenario's limits and pins," in text


def four_reasons() -> solver.Result:
    """A goes from N to M, B takes its place, C is given up since it costs too much, E is new to M.

    D is gone.
    """
    assets = [asset(name) for name in "ABCE"]
    needs = [need("N", 1000), need("M", 1000, units=2), need("O", 100)]
    rows = [match("A", "N", 900), match("A", "M", 100), match("B", "N", 200), match("C", "O", 300)]
    rows.append(match("E", "M", 500))
    lines = [("A", "N", 1, ""), ("C", "O", 1, ""), ("D", "M", 1, "")]
    return replanned(assets, needs, rows, lines, change_price_vnd=1)


def test_an_asset_whose_lines_changed_says_what_was_what_is_and_why() -> None:
    result = four_reasons()
    table = result.plan.changes
    assert table is not None
    reasons = dict(zip(zip(table["asset_id"], table["need_id"], strict=True), table["reason"], strict=True))
    assert reasons == {
        ("A", "M"): "new",
        ("A", "N"): "moved",
        ("B", "N"): "new",
        ("C", "O"): "dropped",
        ("D", "M"): "asset_gone",
        ("E", "M"): "new",
    }
    # A to M saves 900, B at N 100 less than A there, E at M 500: they share assets and needs.
    place, together = "Xã 01, Tỉnh 01", "the 4 changed lines of group 1 save 2,100 VND together."
    assert told(result, asset_id="A").splitlines()[-3:] == [
        "Changed against the plan before:",
        f"  - need M ({place}): 0 before, 1 now; it is new; {together}",
        f"  - need N ({place}): 1 before, 0 now; the asset serves another need instead; {together}",
    ]
    assert told(result, asset_id="C").splitlines()[-1] == (
        "  - need O (Xã 01, Tỉnh 01): 1 before, 0 now; it is given up, and nothing takes its place; it saves "
        "200 VND."
    )
    assert (
        "tài sản A (phương tiện): trước 1, nay 0; tài sản chuyển sang phục vụ nhu cầu khác; 4 dòng"
        in told(result, "vi", need_id="N")
    )


def test_what_is_gone_from_the_tables_is_still_told_of() -> None:
    result = four_reasons()
    explanation = solver.explain(result.problem, result, asset_id="D")
    assert explanation.outcome == "gone"
    assert explanation.text().splitlines() == [
        "Asset D is not in the tables any more.",
        "Changed against the plan before:",
        "  - need M (Xã 01, Tỉnh 01): 1 before, 0 now; the asset takes no part any more (forced).",
    ]
    assert "  - asset D: 1 before, 0 now" in told(result, need_id="M")
    with pytest.raises(solver.UnknownIdError):
        solver.explain(result.problem, result, asset_id="nobody")


def test_the_facts_hold_every_changed_line_with_its_group() -> None:
    facts = solver.explain(four_reasons().problem, four_reasons(), need_id="O").facts
    (line,) = facts["changes"]
    assert (line["asset"]["asset_id"], line["need"]["need_id"]) == ("C", "O")
    assert (line["units_before"], line["units_after"], line["reason"]) == (1, 0, "dropped")
    assert (line["group_lines"], line["saves_vnd"]) == (1, 200)


def test_the_folder_explains_as_the_result_does(tmp_path: Path) -> None:
    result = four_reasons()
    result.write(tmp_path / "plan")
    stored = solver.read_plan(tmp_path / "plan")
    for name in "ABCDENMO":
        asset_id, need_id = (name, None) if name in "ABCDE" else (None, name)
        one = solver.explain(stored, asset_id=asset_id, need_id=need_id)
        other = solver.explain(result.problem, result, asset_id=asset_id, need_id=need_id)
        assert one.facts == other.facts
        assert [one.text(lang) for lang in ("en", "vi")] == [other.text(lang) for lang in ("en", "vi")]


def test_other_plans_say_nothing_of_changes() -> None:
    one = problem([asset("A")], [need("N", 100)], [match("A", "N", 50)])
    found = solver.explain(one, solver.solve(one), need_id="N")
    assert found.facts["changes"] == []
    assert "before" not in found.text()


def test_every_reason_of_a_change_has_words_and_so_has_its_row() -> None:
    from solver.explanation.catalogue import CATALOGUE

    names = ("ASSET_GONE", "NEED_GONE", "FEWER", "PINNED", "MOVED", "REPLACED", "DROPPED", "NEW")
    for name in names:
        assert f"replan.{getattr(changes_table, name)}" in CATALOGUE
    assert "replan.refused" in CATALOGUE
    assert row_words("changes", "en", {}) == "the limit of changes against the plan before"


def test_counterfactuals_of_re_plans_are_refused() -> None:
    result = four_reasons()
    for ask in (
        lambda: solver.counterfactual(result.problem, result, "A", "N"),
        lambda: solver.without(result.problem, result, "A", "M"),
        lambda: solver.best_way(result.problem, result, need_id="O"),
        lambda: solver.explain(result.problem, result, need_id="O", force="C"),
        lambda: solver.explain_all(result.problem, result),
    ):
        with pytest.raises(ValueError, match="re-plans are not built"):
            ask()
