"""What a re-plan changed, and what the plan before keeps from needs and assets, in words."""

from __future__ import annotations

import json
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
    assert "No plan that keeps what is signed or carried out and takes part, within the scenario's" in text


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


def test_what_a_pair_would_change_is_told_with_the_explanation() -> None:
    # B for N costs 5 more than A; A goes and B comes, at 7 a change.
    rows = [match("A", "N", 10), match("B", "N", 15)]
    line = ("A", "N", 1, "planned")
    result = replanned([asset("A"), asset("B")], [need("N", 100)], rows, [line], change_price_vnd=7)
    found = solver.explain(result.problem, result, need_id="N", force="B")
    assert found.counterfactual is not None
    assert (found.counterfactual.change_vnd, found.counterfactual.exact) == (5 + 2 * 7, True)
    assert found.text().endswith(found.counterfactual.text())


@pytest.mark.parametrize(
    ("most", "price", "takes"),
    [
        (0, 0, "the limit of changes against the plan before raised to 1."),
        (None, 60, "a price of a change below 50 VND."),
        (
            0,
            60,
            "the limit of changes against the plan before raised to 1; a price of a change below 50 VND.",
        ),
    ],
)
def test_what_it_would_take_to_serve_a_need_that_changes_keep_unmet(
    most: int | None, price: int, takes: str
) -> None:
    # A would serve N at 50 instead of 100 for leaving it unmet: worth a change of less than 50.
    result = one_new(change_price_vnd=price, **({} if most is None else {"max_changes": most}))
    table = solver.explain_all(result.problem, result).set_index("id")
    assert table["what_it_would_take"]["N"] == f"What it would take: {takes}"
    figures = json.loads(table["figures"]["N"])
    assert figures["rows"] == ([] if most is None else [{"row": "changes", "needed": 1}])
    assert figures["below_vnd"] == (50 if price else None)
    # Neither step is one too many, and both together do it.
    enough = one_new(change_price_vnd=min(price, 49), **({} if most is None else {"max_changes": 1}))
    assert enough.plan.shortfalls.empty
    if price:
        still = one_new(change_price_vnd=50, max_changes=1)
        assert not still.plan.shortfalls.empty
    vietnamese = solver.explain_all(result.problem, result, "vi").set_index("id")["what_it_would_take"]["N"]
    assert ("đơn giá thay đổi dưới 50 đ" in vietnamese) == bool(price)
    assert ("nâng giới hạn số thay đổi so với phương án trước lên 1" in vietnamese) == (most is not None)


def test_what_it_would_take_to_serve_a_need_that_freedom_keeps_unmet() -> None:
    rows = [match("A", "N", 50), match("A", "M", 10)]
    needs = [need("N", 100), need("M", 100, commune=THERE)]
    line = ("A", "N", 1, "planned", HERE)
    result = replanned([asset("A")], needs, rows, [line], freedom="same_province")
    table = solver.explain_all(result.problem, result).set_index("id")
    assert table["what_it_would_take"]["M"] == (
        "What it would take: A free to go elsewhere than the plan before sends it. It passes every other "
        "test; norms, limits and other needs still decide."
    )
    vietnamese = solver.explain_all(result.problem, result, "vi").set_index("id")["what_it_would_take"]["M"]
    assert "cho phép chuyển A tới nơi khác với phương án trước." in vietnamese


def test_a_price_that_would_serve_a_need_holds_the_price_of_the_change() -> None:
    # A stays with N, worth 300. For M (100) it would cost 10; N would lack it, and both are changes at 7.
    rows = [match("A", "N", 10), match("A", "M", 10)]
    line = ("A", "N", 1, "planned")
    result = replanned([asset("A")], [need("N", 300), need("M", 100)], rows, [line], change_price_vnd=7)
    table = solver.explain_all(result.problem, result).set_index("id")
    figures = json.loads(table["figures"]["M"])
    assert figures["reason"] == "outbid"
    forced = solver.counterfactual(result.problem, result, "A", "M")
    assert (forced.change_vnd, forced.exact) == (200 + 2 * 7, True)
    assert not figures["exact"]
    assert 0 <= figures["more_vnd"] <= 214
    # B is free and costs 5 more than M is worth; with the change it takes 12.
    dear = replanned([asset("B")], [need("M", 100)], [match("B", "M", 105)], [GONE], change_price_vnd=7)
    figures = json.loads(solver.explain_all(dear.problem, dear).set_index("id")["figures"]["M"])
    assert (figures["reason"], figures["more_vnd"]) == ("too_dear", 12)


def test_of_an_asset_that_stays_the_least_price_holds_the_change() -> None:
    # B would serve N at 20 instead of A's 10, and be a change at 7; A would have to go, which is one more.
    rows = [match("A", "N", 10), match("B", "N", 20)]
    line = ("A", "N", 1, "planned")
    result = replanned([asset("A"), asset("B")], [need("N", 100)], rows, [line], change_price_vnd=7)
    figures = json.loads(solver.explain_all(result.problem, result).set_index("id")["figures"]["B"])
    forced = solver.counterfactual(result.problem, result, "B", "N")
    assert (forced.change_vnd, forced.exact) == (10 + 2 * 7, True)
    assert figures["need_id"] == "N"
    assert 0 <= figures["more_vnd"] <= 24
