from __future__ import annotations

import dataclasses
import shutil
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import pytest
import python_calamine

import solver
from app.documents.content import Heading, Paragraph, Table
from app.documents.report import report
from app.export.words import detail_in_words
from app.export.xlsx import write_xlsx
from app.limits import Level, binding, levels_of, limit_lines, limits_of, status_words
from app.plans import view_plan
from app.settings import LANGS, Lang
from app.summary import summarise
from app.texts import say

if TYPE_CHECKING:
    from app.plans import PlanView

PLAN = Path(__file__).parent / "plan"
LIMITS = """\
limit,unit,used,bound,slack,worth_step,worth_vnd,worth_least_vnd,worth_most_vnd
budget,VND,900000000,1000000000,100000000,1000000000,250000000,200000000,300000000
budget|category|vehicle,VND,5,7,2,1000000000,0,0,0
budget|province|38,VND,40,50,10,,,,
cross|vehicle/car,units,1,1,0,1,7,7,7
floor|province|11|equipment,units,5,8,-3,,,,
floor|province|22|vehicle,units,0,1,-1,,,,
floor|province|38|equipment,units,4,2,2,,,,
"""
LEVELS: list[dict[str, object]] = [
    {"name": "floor_shortfall", "value": 4, "bound": 3},
    {"name": "unmet|1", "value": 0, "bound": 0},
    {"name": "unmet|2", "value": 5, "bound": 4},
    {"name": "max_min|equipment/computer", "value": "3/7", "bound": "1/2"},
    {"name": "max_min|vehicle/car", "value": "1", "bound": "1"},
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return the hand-made plan as a folder, with limits."""
    made = Path(shutil.copytree(PLAN, tmp_path / "plan"))
    (made / "limits.csv").write_text(LIMITS, encoding="utf-8")
    return made


@pytest.fixture
def limited(folder: Path) -> PlanView:
    """Return that plan, with what comes before its cost."""
    plan = view_plan(folder)
    return dataclasses.replace(plan, summary={**plan.summary, "levels": LEVELS})


def test_a_plan_without_limits_says_nothing_of_them(plan: PlanView) -> None:
    assert (limits_of(plan), levels_of(plan), list(limit_lines(plan, "en"))) == ([], [], [])
    heads = [block.text for block in report(plan, "en").blocks if isinstance(block, Heading)]
    assert "Needs left unmet, by reason (units)" in heads
    assert "Limits and equity" not in heads


def test_limits_are_read_as_whole_numbers_and_empty_cells_as_missing(limited: PlanView) -> None:
    rows = {limit.id: limit for limit in limits_of(limited)}
    assert len(rows) == 7
    assert dataclasses.astuple(rows["budget"])[2:] == (
        900_000_000,
        10**9,
        100_000_000,
        10**9,
        250_000_000,
        200_000_000,
        300_000_000,
    )
    assert dataclasses.astuple(rows["floor|province|11|equipment"])[2:] == (5, 8, -3, None, None, None, None)


@pytest.mark.parametrize("spoilt", [LIMITS.replace("900000000,", "much,", 1), LIMITS.replace("slack", "x")])
def test_a_table_of_limits_that_is_none_is_no_plan(folder: Path, spoilt: str) -> None:
    (folder / "limits.csv").write_text(spoilt, encoding="utf-8")
    with pytest.raises(solver.PlanFolderError):
        view_plan(folder)


def test_a_limit_binds_by_its_worth_else_when_it_is_used_up_or_units_lack_for_it(limited: PlanView) -> None:
    assert [limit.id for limit in binding(limited)] == ["budget", "cross|vehicle/car"]
    short = limited.shortfalls.copy()
    short.loc[0, ["reason", "detail"]] = ["budget", '{"row":"budget|province|38"}']
    short.loc[1, ["reason", "detail"]] = ["budget", "no JSON"]
    lacking = dataclasses.replace(limited, shortfalls=short)
    assert [limit.id for limit in binding(lacking)] == ["budget", "budget|province|38", "cross|vehicle/car"]
    short.loc[0, "detail"] = '{"row":"budget|category|vehicle"}'  # it is worth nothing by itself
    assert [limit.id for limit in binding(lacking)] == [
        "budget",
        "budget|category|vehicle",
        "cross|vehicle/car",
    ]


def test_the_summary_says_what_binds_what_is_missed_and_what_comes_first(limited: PlanView) -> None:
    lines = list(limit_lines(limited, "en"))
    assert lines == [
        (
            "Binding limit: the budget of the whole plan: 900,000,000 VND of 1,000,000,000 VND used; "
            "1,000,000,000 VND more would lower the cost by 200,000,000 VND to 300,000,000 VND"
        ),
        (
            "Binding limit: the cap on units that change province (car): 1 unit of 1 unit used; "
            "1 unit more would lower the cost by 7 VND"
        ),
        (
            "Coverage floors: 1 of 3 groups reach theirs; missed by 4 units in all (3 at least): "
            "the coverage floor of Điện Biên (equipment) 5/8; the coverage floor of Quảng Ninh (vehicle) 0/1"
        ),
        "Coverage first, units unmet by priority: 1: 0 (proven); 2: 5 (4 at least)",
        "Smallest share met: computer 42.9 % (50.0 % at most); car 100.0 % (proven)",
    ]
    assert set(lines) <= set(summarise(limited, "en"))
    vietnamese = list(limit_lines(limited, "vi"))
    assert vietnamese[1:] == [
        (
            "Hạn mức ràng buộc: giới hạn số đơn vị ra ngoài tỉnh (xe ô tô): dùng 1 đơn vị trong 1 đơn vị; "
            "thêm 1 đơn vị thì chi phí giảm 7 đ"
        ),
        (
            "Mức đáp ứng tối thiểu: 1/3 nhóm đạt; thiếu tổng cộng 4 đơn vị (ít nhất 3): "
            "mức đáp ứng tối thiểu của Điện Biên (máy móc, thiết bị) 5/8; "
            "mức đáp ứng tối thiểu của Quảng Ninh (phương tiện) 0/1"
        ),
        "Đáp ứng trước, số còn thiếu theo mức ưu tiên: 1: 0 (đã chứng minh); 2: 5 (ít nhất 4)",
        ("Tỷ lệ đáp ứng thấp nhất: máy vi tính 42,9 % (nhiều nhất 50,0 %); xe ô tô 100,0 % (đã chứng minh)"),
    ]


def test_many_limits_are_counted_after_the_first_three(limited: PlanView) -> None:
    rows = [(f"cross|vehicle/other:{n}", "units", 2, 2, 0, *(None,) * 4) for n in range(5)]
    rows += [(f"floor|priority|{n}|vehicle", "units", 0, 2, -2, *(None,) * 4) for n in range(1, 6)]
    table = pd.DataFrame(rows, columns=list(limited.limits.columns), dtype=object)
    lines = list(limit_lines(dataclasses.replace(limited, limits=table), "en"))
    assert [line.partition(":")[0] for line in lines[:4]] == ["Binding limit"] * 3 + ["2 more limits bind"]
    assert lines[4].startswith("Coverage floors: 0 of 5 groups reach theirs; missed by 10 units in all")
    assert lines[4].endswith("the coverage floor of priority 3 (vehicle) 0/2; 2 more")


@pytest.mark.parametrize(
    ("levels", "told"),
    [([], False), (LEVELS[:1], True), (LEVELS[1:2], False), (LEVELS[3:], False)],
)
def test_where_floors_are_missed_or_units_come_first_the_summary_says_why_no_worth_is_told(
    limited: PlanView, levels: list[dict[str, object]], told: bool
) -> None:
    rows = [("budget", "VND", 2, 2, 0, *(None,) * 4)]
    table = pd.DataFrame(rows, columns=list(limited.limits.columns), dtype=object)
    plan = dataclasses.replace(limited, limits=table, summary={**limited.summary, "levels": levels})
    told_as: dict[Lang, str] = {"en": "more would first go to", "vi": "trước hết dùng cho"}
    for lang, words in told_as.items():
        assert (words in next(limit_lines(plan, lang))) is told


def test_a_hostile_name_cannot_break_the_lines(limited: PlanView) -> None:
    rows = [("cross|vehicle/other:\x1b[2J\u202eg", "units", 2, 2, 0, *(None,) * 4)]
    table = pd.DataFrame(rows, columns=list(limited.limits.columns), dtype=object)
    lines = summarise(dataclasses.replace(limited, limits=table), "en")
    assert any("(\\x1b[2J\\u202eg): 2 units" in line for line in lines)


def test_the_floors_of_max_min_are_told_as_its_share_alone(limited: PlanView) -> None:
    levels = [{"name": "max_min|equipment", "value": "0", "bound": "0"}]
    shared = dataclasses.replace(limited, summary={**limited.summary, "levels": levels})
    floors = [line for line in limit_lines(shared, "en") if line.startswith("Coverage floors")]
    assert floors == [
        (
            "Coverage floors: 0 of 1 group reaches its floor; missed by 1 unit in all: "
            "the coverage floor of Quảng Ninh (vehicle) 0/1"
        )
    ]


@pytest.mark.parametrize("lang", LANGS)
def test_the_status_claims_no_more_than_is_proven_under_limits(plan: PlanView, lang: Lang) -> None:
    def status(levels: list[dict[str, object]], **rules: object) -> str:
        made = dataclasses.replace(
            plan,
            summary={**plan.summary, "status": "OPTIMAL", "levels": levels},
            scenario={**plan.scenario, **rules},
        )
        return status_words(made, lang)

    nothing: dict[str, object] = {"budget_vnd": None, "budget_vnd_by_province": {}}
    free = say(lang, "status.OPTIMAL")
    within = say(lang, "limits.status.limits.OPTIMAL")
    assert status([]) == status([], limits=nothing, stability={"pins": []}) == free
    assert status([], limits={**nothing, "budget_vnd": 0}) == within
    assert status([], limits=nothing, stability={"pins": [["A", "N"]]}) == within
    assert status(LEVELS, limits=nothing) == say(lang, "limits.status.levels.OPTIMAL")
    unproven = dataclasses.replace(plan, scenario={**plan.scenario, "limits": {"budget_vnd": 1}})
    assert status_words(unproven, lang) == say(lang, f"status.{unproven.summary['status']}")


@pytest.mark.parametrize(
    ("bound", "words"),
    [
        (
            2,
            {
                "en": "which is proven; one as good in that may cost less, within the gap",
                "vi": "đã chứng minh không phương án nào",
            },
        ),
        (
            1,
            {
                "en": "a better one may exist, in what comes before the cost or in the cost",
                "vi": "có thể còn phương án tốt hơn, ở mục tiêu đặt trước chi phí hoặc ở chi phí",
            },
        ),
    ],
)
def test_only_the_cost_is_said_to_be_open_where_every_level_is_proven(
    plan: PlanView, bound: int, words: dict[Lang, str]
) -> None:
    levels = [{"name": "floor_shortfall", "value": 2, "bound": bound}]
    made = dataclasses.replace(plan, summary={**plan.summary, "status": "FEASIBLE", "levels": levels})
    for lang in LANGS:
        assert words[lang] in status_words(made, lang)


def test_levels_are_exact(limited: PlanView) -> None:
    assert levels_of(limited)[3] == Level("max_min", "equipment/computer", Fraction(3, 7), Fraction(1, 2))


@pytest.mark.parametrize("lang", LANGS)
def test_the_report_has_a_table_of_all_limits(limited: PlanView, lang: Lang) -> None:
    heading = {"en": "Limits and equity", "vi": "Hạn mức và cân bằng"}[lang]
    blocks = report(limited, lang).blocks
    at = next(n for n, block in enumerate(blocks) if isinstance(block, Heading) and block.text == heading)
    levels, table = blocks[at + 1 : at + 3], blocks[at + 4]
    shown = list(limit_lines(limited, lang))[3:]
    assert [block.text for block in levels if isinstance(block, Paragraph)] == shown
    assert isinstance(table, Table)
    cells = [[" ".join(lines) for lines in row.cells] for row in table.rows]
    assert len(cells) == 7
    if lang == "en":
        assert cells[0] == [
            "The budget of the whole plan",
            "VND",
            "900,000,000",
            "1,000,000,000",
            "100,000,000",
            "250,000,000 200,000,000 - 300,000,000",
        ]
        assert cells[4] == ["The coverage floor of Điện Biên (equipment)", "units", "5", "8", "-3", ""]
    else:
        assert cells[2][:3] == ["Ngân sách của tỉnh, thành phố tiếp nhận Thanh Hóa", "đồng", "40"]


@pytest.mark.parametrize("lang", LANGS)
def test_the_workbook_has_a_sheet_of_limits_where_there_are_any(
    limited: PlanView, plan: PlanView, tmp_path: Path, lang: Lang
) -> None:
    name = {"en": "Limits", "vi": "Hạn mức"}[lang]
    without = python_calamine.CalamineWorkbook.from_path(str(write_xlsx(plan, tmp_path, lang)))
    assert name not in without.sheet_names
    book = python_calamine.CalamineWorkbook.from_path(str(write_xlsx(limited, tmp_path, lang)))
    assert book.sheet_names[:5] == without.sheet_names[:5]
    assert book.sheet_names[5] == name
    _, heads, *rows = book.get_sheet_by_name(name).to_python()
    assert len(heads) == len(set(heads)) == 9
    assert len(rows) == 7
    assert rows[0][2:] == [9e8, 1e9, 1e8, 1e9, 2.5e8, 2e8, 3e8]
    assert rows[5][2:] == [0, 1, -1, "", "", "", ""]
    assert str(rows[5][0]).startswith({"en": "The coverage floor of Quảng", "vi": "Mức đáp ứng"}[lang])
    summary = {row[0]: row[1:3] for row in book.get_sheet_by_name(book.sheet_names[0]).to_python()}
    label = {"en": "Units unmet of priority 2", "vi": "Số đơn vị còn thiếu của mức ưu tiên 2"}[lang]
    assert summary[label] == [5, 4]


def test_details_of_limits_are_words() -> None:
    names = {"38": "Thanh Hóa"}
    detail = '{"left_vnd":5,"least_spend_vnd":1000,"row":"budget|province|38"}'
    assert detail_in_words(detail, {}, names, "en") == (
        "the budget of the receiving province Thanh Hóa; left 5 VND; the least to be spent 1,000 VND"
    )
    detail = '{"asset":"V-1","row":"floor|province|38|vehicle","serves":"N-2"}'
    assert detail_in_words(detail, {}, names, "vi") == (
        "mức đáp ứng tối thiểu của Thanh Hóa (phương tiện); tài sản V-1; phục vụ N-2"
    )
    detail = '{"bound":3,"row":"cross|vehicle"}'
    assert detail_in_words(detail, {}, names, "en") == (
        "the cap on units that change province (vehicle); limit 3"
    )
