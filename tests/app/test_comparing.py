"""``surplan compare``: what it prints, what it writes, and how it ends."""

from __future__ import annotations

import csv
import io
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

import solver
from app.comparing import compare
from app.comparison.lists import MOST_SHOWN, aligned
from app.comparison.table_file import LINE_COLUMNS
from app.errors import InputError, UsageError
from app.settings import LANGS, Lang
from app.talk import Talk
from app.texts import say

PLAN = Path(__file__).parent / "plan"


def talk(lang: Lang = "en", *, as_json: bool = False) -> Talk:
    return Talk(lang, quiet=True, as_json=as_json)


def replaced(path: Path, *pairs: tuple[str, str]) -> None:
    text = path.read_text(encoding="utf-8")
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new, 1)
    path.write_text(text, encoding="utf-8")


@pytest.fixture
def other(tmp_path: Path) -> Path:
    """Return a plan with a budget: V-0002 stays, N-CAR-1 lacks a car; 1,000 million dearer.

    Proven: its bound is 15,229,403,344, and the first plan costs 14,230,903,344.
    """
    folder = Path(shutil.copytree(PLAN, tmp_path / "other"))
    table = folder / "transfers.csv"
    lines = table.read_text(encoding="utf-8").splitlines(keepends=True)
    table.write_text("".join(line for line in lines if "V-0002,N-CAR-1" not in line), encoding="utf-8")
    replaced(folder / "shortfalls.csv", ("N-CAR-2", "N-CAR-1,1,3800000000,budget,{}\nN-CAR-2"))
    replaced(folder / "releases.csv", ("V-0003", "V-0002,1,reserve,0,met\nV-0003"))
    replaced(
        folder / "plan.json",
        ('"objective_vnd": 14230903344', '"objective_vnd": 15230903344'),
        ('"bound_vnd": 14229403344,\n "gap_vnd"', '"bound_vnd": 15229403344,\n "gap_vnd"'),
    )
    replaced(
        folder / "inputs" / "scenario.json",
        ('"scope_province": ""', '"scope_province": "", "limits": {"budget_vnd": 500000000}'),
    )
    return folder


def printed(
    capsys: pytest.CaptureFixture[str], *plans: Path, lang: Lang = "en", out: Path | None = None
) -> str:
    assert compare(plans, out, talk(lang)) == 0
    text, err = capsys.readouterr()
    assert err == ""
    assert "{" not in text
    return text


def told(capsys: pytest.CaptureFixture[str], *plans: Path) -> dict[str, Any]:
    assert compare(plans, None, talk(as_json=True)) == 0
    text, err = capsys.readouterr()
    assert err == ""
    found: dict[str, Any] = json.loads(text)
    return found


@pytest.mark.parametrize("lang", LANGS)
def test_figures_stand_side_by_side_and_the_better_one_is_marked(
    other: Path, lang: Lang, capsys: pytest.CaptureFixture[str]
) -> None:
    text = printed(capsys, PLAN, other, lang=lang)
    first, second, more = {
        "en": ("14,230,903,344*", "15,230,903,344", "+1,000,000,000"),
        "vi": ("14.230.903.344*", "15.230.903.344", "+1.000.000.000"),
    }[lang]
    (line,) = [line for line in text.split("\n") if second in line]
    assert line.split()[-3:] == [first, second, more]


def test_what_the_scenarios_ask_differently_is_told_with_both_values(
    other: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = printed(capsys, PLAN, other)
    assert f"The scenario of {other} differs from that of {PLAN}:\n" in text
    assert "\n  limits.budget_vnd: - -> 500000000\n" in text


def test_a_proven_difference_says_between_what_and_what(
    other: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = printed(capsys, PLAN, other)
    # 15,229,403,344 - 14,230,903,344 and 15,230,903,344 - 14,229,403,344
    assert "Its rules cost at least 998,500,000 VND, at most 1,001,500,000 VND." in text
    back = printed(capsys, other, PLAN)
    assert "Its rules save at least 998,500,000 VND, at most 1,001,500,000 VND." in back


@pytest.mark.parametrize("lang", LANGS)
def test_lines_and_provinces_are_listed(other: Path, lang: Lang, capsys: pytest.CaptureFixture[str]) -> None:
    lines = [line.split() for line in printed(capsys, PLAN, other, lang=lang).split("\n")]
    dot = {"en": ",", "vi": "."}[lang]
    cost, value = f"382{dot}000{dot}000", f"3{dot}800{dot}000{dot}000"
    (removed,) = [line for line in lines if "V-0002" in line and "N-CAR-1" in line]
    assert removed[-3:] == ["0", cost, "0"]
    (need,) = [line for line in lines if "N-CAR-1" in line and "V-0002" not in line]
    assert need[-3:] == ["2", "1", f"+{value}"]
    assert say(lang, "reason.budget").split()[0] in need
    # 38 has 9 of 10 met, then 8 of 10; it spends 2,000,000 less and gives one unit less.
    (province,) = [line for line in lines if line[:3] == ["38", "Thanh", "Hóa"]]
    share = {"en": ["90.0", "%", "80.0", "%"], "vi": ["90,0", "%", "80,0", "%"]}[lang]
    assert province[3:] == ["9", "8", *share, f"+{value}", f"-{cost}", f"-2{dot}000{dot}000", "-1"]


def test_only_changes_that_occur_are_counted(other: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = printed(capsys, PLAN, other)
    assert (
        "Transfers removed: 1, 1 unit\nNeeds that get less: 1, 1 unit fewer\nAssets released: 1, 1 unit\n"
        in text
    )
    assert "Provinces: 1 loses, 0 gain, 0 differ otherwise, 3 unchanged" in text
    assert "added" not in text


def test_a_plan_compared_with_itself_shows_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    text = printed(capsys, PLAN, PLAN)
    assert text.endswith("\n\nSame rules, same cost.\nNo transfer, need or asset differs.\n")
    assert text.startswith("Figure")
    assert "*" not in text
    assert "+" not in text
    (difference,) = told(capsys, PLAN, PLAN)["differences"]
    assert [difference[name] for name in ("transfers", "needs", "assets", "provinces", "limits")] == [[]] * 5
    assert {float(value) for value in difference["figures"].values() if value is not None} == {0.0}


@pytest.mark.parametrize("lang", LANGS)
def test_plans_of_other_tables_get_no_verdict_and_no_mark(
    other: Path, lang: Lang, capsys: pytest.CaptureFixture[str]
) -> None:
    replaced(other / "plan.json", ("ef7aa27f", "ffffffff"))
    text = printed(capsys, PLAN, other, lang=lang)
    assert "assets.csv" in text.split("\n")[0]
    assert {"en": "No verdict on cost", "vi": "Không kết luận được về chi phí"}[lang] in text
    assert "*" not in text


def test_three_plans_have_a_column_and_a_verdict_each_and_no_list(
    other: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = printed(capsys, PLAN, other, PLAN)
    (line,) = [line for line in text.split("\n") if line.startswith("Objective")]
    assert line.split()[-5:] == [
        "14,230,903,344*",
        "15,230,903,344",
        "+1,000,000,000",
        "14,230,903,344*",
        "0",
    ]
    assert text.count("Proven: ") == text.count("Same rules, same cost.") == 1
    assert "V-0002" not in text
    assert len(told(capsys, PLAN, other, PLAN)["differences"][0]["transfers"]) == 1


def test_json_holds_every_figure_line_and_province(other: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = told(capsys, PLAN, other)
    assert [one["figures"]["objective_vnd"] for one in found["plans"]] == [14230903344, 15230903344]
    assert found["better"]["objective_vnd"] == [0]
    assert found["plans"][0]["figures"]["gap"] == "0.000105404"
    assert found["differences"][0]["figures"]["gap"] == "0.000000000"
    (difference,) = found["differences"]
    assert difference["figures"]["objective_vnd"] == 1_000_000_000
    assert difference["scenario_keys"] == [{"key": "limits.budget_vnd", "before": None, "after": 500000000}]
    assert (difference["comparable"], difference["verdict"]) == ("other_rules", "proven_dearer")
    assert difference["proven_vnd"] == [998_500_000, 1_001_500_000]
    assert [line["asset_id"] for line in difference["transfers"]] == ["V-0002"]
    assert difference["assets"][0]["reason_after"] == "met"
    (province,) = difference["provinces"]
    assert (province["province_code"], province["share_before"], province["share_after"]) == (
        "38",
        "9/10",
        "4/5",
    )
    assert (difference["unchanged_provinces"], difference["country"]["met_change"]) == (3, -1)


def test_the_csv_holds_every_changed_line_in_codes(
    other: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "thay đổi.csv"
    assert printed(capsys, PLAN, other, out=out).endswith(f"Written: {out}\n")
    content = out.read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    assert tuple(rows[0]) == LINE_COLUMNS
    assert [(row["subject"], row["change"], row["reason_after"]) for row in rows] == [
        ("transfer", "removed", "budget"),
        ("need", "less_met", "budget"),
        ("asset", "released", "met"),
    ]
    assert (rows[1]["assets_before"], rows[1]["assets_after"]) == ("V-0001|V-0002", "V-0001")
    assert (rows[0]["unmet_before"], rows[1]["unmet_change_vnd"]) == ("", "3800000000")
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == [out.name]


@pytest.mark.parametrize("lang", LANGS)
def test_the_workbook_holds_everything_in_words(
    other: Path, tmp_path: Path, lang: Lang, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "changes.xlsx"
    printed(capsys, PLAN, other, lang=lang, out=out)
    book = CalamineWorkbook.from_path(str(out))
    figures, inputs, transfers, needs, assets, provinces = (
        book.get_sheet_by_name(name).to_python() for name in book.sheet_names
    )
    assert {"en": "Provinces", "vi": "Theo tỉnh"}[lang] == book.sheet_names[-1]
    assert [14230903344.0, 15230903344.0, 1e9, str(PLAN)] in [row[1:] for row in figures]
    assert [str(other), "limits.budget_vnd", "-", "500000000"] in inputs
    assert [len(rows) for rows in (transfers, needs, assets, provinces)] == [2, 2, 2, 2]
    assert say(lang, "reason.budget") in transfers[1]
    assert provinces[1][:4] == [str(other), "38", "Thanh Hóa", {"en": "loses", "vi": "thiệt"}[lang]]
    assert 0.9 in provinces[1]
    heads = [head for rows in (transfers, needs, assets, provinces) for head in rows[0]]
    assert not [head for head in heads if "{" in str(head) or "_" in str(head) or not head]
    again = tmp_path / "again.xlsx"
    printed(capsys, PLAN, other, lang=lang, out=again)
    assert again.read_bytes() == out.read_bytes()


@pytest.mark.parametrize("lang", LANGS)
def test_levels_and_limits_are_compared(
    other: Path, tmp_path: Path, lang: Lang, capsys: pytest.CaptureFixture[str]
) -> None:
    replaced(
        other / "plan.json",
        ('"levels": []', '"levels": [{"name": "max_min|vehicle", "value": "3/7", "bound": "3/7"}]'),
    )
    head = "limit,unit,used,bound,slack,worth_step,worth_vnd,worth_least_vnd,worth_most_vnd\n"
    (other / "limits.csv").write_text(head + "budget|province|38,VND,537903344,600000000,62096656,,,,\n")
    out = tmp_path / "changes.xlsx"
    text = printed(capsys, PLAN, other, lang=lang, out=out)
    assert say(lang, "compare.verdict_levels") in text
    lines = [line.split() for line in text.split("\n")]
    assert [line[-3:] for line in lines if {"en": "42.9", "vi": "42,9"}[lang] in line] == [
        [{"en": "42.9", "vi": "42,9"}[lang], "%", "-"]
    ]
    used, bound = {"en": ("537,903,344", "600,000,000"), "vi": ("537.903.344", "600.000.000")}[lang]
    (limit,) = [line for line in lines if used in line]
    assert limit[-4:] == ["-", bound, "-", used]
    rows = CalamineWorkbook.from_path(str(out)).get_sheet_by_index(6).to_python()
    assert rows[1][3:] == ["", 600000000.0, "", 537903344.0, "", 62096656.0]


def test_long_lists_end_after_ten(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = Path(shutil.copytree(PLAN, tmp_path / "many"))
    table = folder / "transfers.csv"
    head, *_, last = table.read_text(encoding="utf-8").splitlines()
    rows = [last.replace("V-0002,", f"V-{place:04},", 1) for place in range(100, 130)]
    table.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    text = printed(capsys, PLAN, folder)
    assert "The 10 dearest of 36 changed transfers (all with --out):" in text
    listed = text.split("changed transfers (all with --out):\n")[1].split("\n\n")[0].split("\n")
    assert len(listed) == 1 + MOST_SHOWN


def test_columns_stand_under_their_headings() -> None:
    assert aligned([["a", "b"], ["long", "10"]]) == ["a      b", "long  10"]


def test_one_plan_is_nothing_to_compare() -> None:
    with pytest.raises(UsageError) as one:
        compare([PLAN], None, talk())
    assert "surplan compare PLAN PLAN" in one.value.text("vi")


def test_a_folder_without_a_plan_is_wrong_input_in_both_languages(tmp_path: Path) -> None:
    with pytest.raises(InputError) as one:
        compare([PLAN, tmp_path], None, talk())
    assert "is no plan folder" in one.value.text("en")
    assert "không phải thư mục phương án" in one.value.text("vi")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("plan.json", "{"),
        ("plan.json", "[]"),
        ("plan.json", '{"kpis": {}}'),
        ("inputs/scenario.json", "[]"),
        ("transfers.csv", "asset_id\nA\n"),
        ("shortfalls.csv", "need_id,units,price_vnd,reason,detail\nN,,1,reach,{}\n"),
        ("limits.csv", "limit,unit,used,bound,slack\nbudget,VND,x,1,1\n"),
        ("limits.csv", "nothing\n1\n"),
    ],
)
def test_a_damaged_plan_is_wrong_input_in_both_languages(other: Path, name: str, content: str) -> None:
    (other / name).write_text(content, encoding="utf-8")
    with pytest.raises((InputError, solver.PlanFolderError)) as one:
        compare([PLAN, other], None, talk())
    error = one.value
    assert isinstance(error, (InputError, solver.PlanFolderError))
    damaged = f"{other}: No plan can be read here: {name} is damaged; copy the plan folder again"
    assert error.text("en").startswith((damaged, f"The plan in {other} can't be read"))
    spoilt = f"{other}: Không đọc được phương án: {name} bị hỏng"
    assert error.text("vi").startswith((spoilt, f"Không đọc được phương án trong {other}"))


def test_a_file_that_cannot_be_made_is_refused_before_any_plan_is_read(tmp_path: Path) -> None:
    nowhere = tmp_path / "nowhere"
    (tmp_path / "old.csv").write_text("old", encoding="utf-8")
    with pytest.raises(UsageError):
        compare([nowhere, nowhere], tmp_path / "x.pdf", talk())
    for out in (tmp_path / "old.csv", nowhere / "x.csv"):
        with pytest.raises(InputError) as one:
            compare([nowhere, nowhere], out, talk())
        assert "plan" not in one.value.text("en")
    assert (tmp_path / "old.csv").read_text(encoding="utf-8") == "old"


@pytest.mark.parametrize("name", ["plan", "x.pdf"])
def test_a_file_of_another_kind_is_refused_with_the_kinds_that_there_are(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError) as one:
        compare([PLAN, PLAN], tmp_path / name, talk())
    assert one.value.text("en") == f"{tmp_path / name}: use a name that ends in .csv, .xlsx."
    assert one.value.text("vi") == f"{tmp_path / name}: hãy dùng tên có đuôi .csv, .xlsx."


def test_ids_cannot_steer_the_terminal(other: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("transfers.csv", "shortfalls.csv"):
        replaced(other / name, ("N-CAR-1", "N-\x1b[31mCAR-1"))
    assert "\x1b" not in printed(capsys, PLAN, other)
