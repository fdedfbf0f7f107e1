from __future__ import annotations

import json
import shutil
import xml.etree.ElementTree as ET
from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd
import pytest

import solver
from app import frontier_chart
from app.errors import InputError, UsageError
from app.folders import build, read_inputs
from app.frontier import Wanted, frontier
from app.frontier_chart import draw
from app.frontier_words import lines_of, proofs_of
from app.talk import Talk

if TYPE_CHECKING:
    from pathlib import Path

    from app.settings import Lang


@pytest.fixture
def folder(scenario: Path) -> Path:
    """The small scenario, in which the car near by costs more than leaving its need unmet."""
    needs = scenario / "needs.csv"
    head, *rows = needs.read_text(encoding="utf-8").splitlines()
    # Priority 1: 2 million. Handover alone costs that, and 40 % of the price are for renewal: 0.2 more.
    priced = [f"{row},{500_000 if row.startswith('N-1') else ''}" for row in rows]
    needs.write_text("\n".join([f"{head},price_vnd", *priced]) + "\n", encoding="utf-8")
    return scenario


def run(
    folder: Path,
    out: Path,
    talk: Talk,
    axis: str = "coverage",
    category: str | None = "vehicle",
    *,
    plans: bool = False,
) -> int:
    return frontier(folder, out, None, talk, Wanted(axis, category), plans=plans)


@pytest.fixture
def found(folder: Path) -> solver.Frontier:
    return solver.frontier(build(read_inputs(folder)), category="vehicle")


@pytest.mark.parametrize("lang", ["en", "vi"])
def test_table_and_drawings_are_written_and_the_points_printed(
    folder: Path, tmp_path: Path, lang: Lang, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    assert run(folder, out, Talk(lang, quiet=True)) == 0
    printed, errors = capsys.readouterr()
    assert errors == ""
    assert sorted(path.name for path in out.iterdir()) == ["frontier.csv", "frontier.png", "frontier.svg"]
    table = pd.read_csv(out / "frontier.csv")
    assert table["met_units"].tolist() == [1, 2]
    assert table["extra_vnd"].tolist() == [0, 200_000]
    lines = printed.splitlines()
    assert (
        lines[0]
        == {
            "en": "Cost against coverage: vehicles",
            "vi": "Chi phí và tỷ lệ đáp ứng: phương tiện",
        }[lang]
    )
    cells = [line.split() for line in lines[4:6]]
    assert [cell[-1] for cell in cells] == ["OPTIMAL", "OPTIMAL"]
    assert [cell[3] for cell in cells] == ["1/3", "2/3"]
    assert [cell[1] for cell in cells] == {"en": ["33.3", "66.7"], "vi": ["33,3", "66,7"]}[lang]
    assert any("SYNTHETIC" in line or "GIẢ LẬP" in line for line in lines)


def test_json_holds_every_column_of_every_point(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(folder, tmp_path / "out", Talk("vi", quiet=True, as_json=True)) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["axis"], told["category"], told["complete"], told["proven"]) == (
        "coverage",
        "vehicle",
        True,
        True,
    )
    assert list(told["points"][0]) == list(pd.read_csv(tmp_path / "out" / "frontier.csv").columns)
    assert [point["asked"] for point in told["points"]] == [None, "1"]
    assert [point["asked_units"] for point in told["points"]] == [None, 3]


def test_progress_tells_of_each_point(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(folder, tmp_path / "out", Talk("en")) == 0
    errors = capsys.readouterr().err
    assert [line for line in errors.splitlines() if line.startswith("point of the frontier found")] != []


def test_plans_of_points_are_written_where_wanted_and_verified(folder: Path, tmp_path: Path) -> None:
    assert run(folder, tmp_path / "out", Talk("en", quiet=True), "worst_province", None, plans=True) == 0
    plans = sorted((tmp_path / "out").glob("point-*"))
    assert len(plans) == len(pd.read_csv(tmp_path / "out" / "frontier.csv"))
    for plan in plans:
        assert solver.verify_folder(plan).ok


def test_nothing_is_overwritten(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    for out, key in ((tmp_path, "out_folder_full"), (tmp_path / "mine.txt", "out_folder_file")):
        with pytest.raises(InputError) as one:
            run(folder, out, Talk("en"))
        assert one.value.key == key
    assert (tmp_path / "mine.txt").read_text(encoding="utf-8") == "mine"


def test_what_cannot_be_asked_for_is_told_in_both_languages(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError) as one:
        run(folder, tmp_path / "out", Talk("en", quiet=True), axis="province")
    assert one.value.text("en") == "--axis is one of coverage, worst_province, changes, not 'province'."
    with pytest.raises(UsageError) as one:
        run(folder, tmp_path / "out", Talk("en", quiet=True), category="cars")
    assert "vehicle, equipment, premises" in one.value.text("vi")
    (folder / "scenario.toml").write_text("[equity]\ncoverage_floor = { vehicle = 0.5 }\n", encoding="utf-8")
    with pytest.raises(InputError) as other:
        run(folder, tmp_path / "out", Talk("en", quiet=True))
    assert "take them out of the scenario" in other.value.text("en")
    assert not (tmp_path / "out").exists()


def test_wrong_tables_are_issues_and_write_nothing(folder: Path, tmp_path: Path) -> None:
    (folder / "needs.csv").unlink()
    assert run(folder, tmp_path / "out", Talk("en", quiet=True)) == 1
    assert not (tmp_path / "out").exists()


def test_without_the_library_that_draws_nothing_begins(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(frontier_chart, "find_spec", lambda _name: None)
    with pytest.raises(UsageError, match="matplotlib"):
        run(folder, tmp_path / "out", Talk("en"))


def test_drawings_are_the_same_bytes_again_and_of_their_kind(found: solver.Frontier, tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        draw(found, tmp_path / name, "vi")
    for file in frontier_chart.FILES:
        first = (tmp_path / "one" / file).read_bytes()
        assert first == (tmp_path / "two" / file).read_bytes()
    assert (tmp_path / "one" / "frontier.png").read_bytes().startswith(b"\x89PNG")
    assert ET.parse(tmp_path / "one" / "frontier.svg").getroot().tag.endswith("svg")


def test_a_gap_is_drawn_as_a_bar_and_told(found: solver.Frontier, tmp_path: Path) -> None:
    table = found.points.assign(status="FEASIBLE")
    table["bound_vnd"] -= 10**6
    table["gap_vnd"] += 10**6
    unproven = replace(found, points=table, proven=False)
    for name, one in (("closed", found), ("open", unproven)):
        (tmp_path / name).mkdir()
        draw(one, tmp_path / name, "en")
    # Bars are the only collection of lines in the drawing.
    told = [(tmp_path / name / "frontier.svg").read_text(encoding="utf-8") for name in ("closed", "open")]
    assert ["LineCollection" in text for text in told] == [False, True]
    assert len(proofs_of(found, "en")) == 1
    assert len(proofs_of(unproven, "en")) == 2


def test_one_point_is_drawn_and_what_was_stopped_is_told(found: solver.Frontier, tmp_path: Path) -> None:
    one = replace(found, points=found.points.iloc[:1], results=found.results[:1])
    draw(one, tmp_path, "en")
    assert "nothing to trade" in lines_of(one, "en")[-1]
    assert lines_of(replace(one, complete=False), "en")[-1].startswith("Stopped")


def test_hostile_names_neither_break_the_drawing_nor_steer_the_terminal(
    folder: Path, tmp_path: Path, hostile: list[str]
) -> None:
    for number, name in enumerate([*hostile[-6:], "$\\frac{", "100 % $x$ \x1b[2J".replace("\x1b", "")]):
        problem = build(read_inputs(folder))
        entries = {**problem.scenario.entries, "name": name}
        named = replace(problem, scenario=replace(problem.scenario, entries=entries))
        found = solver.frontier(named, category="vehicle", points=2)
        place = tmp_path / f"drawn{number}"
        place.mkdir()
        draw(found, place, "vi")
        assert all(line.isprintable() for line in lines_of(found, "vi"))
        shutil.rmtree(place)
