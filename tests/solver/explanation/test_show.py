"""Problems, plans, results and explanations in a console and in Jupyter: short, escaped, self-contained."""

from __future__ import annotations

import re
from functools import cache
from html.parser import HTMLParser

import pandas as pd
import pytest

import solver

HOSTILE = "<script>alert(\"1\")</script>&amp; 'x'"


class Page(HTMLParser):
    """Collects tags and text, and whether every tag is closed."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.words = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert attrs == [], "no styles, scripts, links or files"
        self.open.append(tag)
        self.tags.add(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words += f"{data} "


@cache
def solved(source: str | None = None) -> solver.Result:
    assets = pd.DataFrame(
        {
            "asset_id": [HOSTILE, "B"],
            "category": "vehicle",
            "kind": ["car", "blimp"],
            "name": HOSTILE,
            "official_id": [HOSTILE, "2"],
            "source": source,
        }
    )
    needs = pd.DataFrame(
        {
            "need_id": [HOSTILE, "M"],
            "category": "vehicle",
            "price_vnd": 9000,
            "recipient": HOSTILE,
            "priority": 3,
        }
    )
    matches = pd.DataFrame({"asset_id": [HOSTILE], "need_id": [HOSTILE], "cost_vnd": [1234]})
    scenario = {"name": "<i>Xe</i> & co " + "x" * 200, "date": "2025-08-15"}
    return solver.solve(solver.build(assets, needs, matches=matches, scenario=scenario))


def shown() -> dict[str, object]:
    result = solved()
    return {
        "problem": result.problem,
        "plan": result.plan,
        "result": result,
        "need": solver.explain(result.problem, result, need_id=result.plan.transfers["need_id"].iloc[0]),
        "asset": solver.explain(result.problem, result, asset_id="B"),
    }


@pytest.mark.parametrize("name", ["problem", "plan", "result", "need", "asset"])
def test_hostile_names_are_escaped_and_nothing_is_loaded(name: str) -> None:
    thing = shown()[name]
    html = thing._repr_html_()  # type: ignore[attr-defined]  # what Jupyter calls
    page = Page(html)
    assert page.open == []
    assert page.tags <= {"div", "p", "b", "ul", "li", "table", "thead", "tbody", "tr", "th", "td"}
    assert not re.search(r"colou?r|style|http|<i>", html.replace("&lt;i&gt;", ""))
    assert len(html) < 5000


@pytest.mark.parametrize("name", ["problem", "plan", "result", "need", "asset"])
def test_a_console_shows_one_short_line(name: str) -> None:
    line = repr(shown()[name])
    assert "\n" not in line
    assert len(line) < 200
    assert line.startswith("<")


def test_the_lines_hold_sizes_and_proof() -> None:
    result = solved()
    assert repr(result) == "<Result OPTIMAL: objective 10,234 VND, bound 10,234 VND>"
    assert repr(result.plan) == "<Plan OPTIMAL: 1 transfers, 1 shortfalls, 1 releases>"
    assert repr(result.problem).endswith("…': vehicle 2 x 2>")


def test_tables_in_jupyter_hold_the_figures_of_the_plan() -> None:
    words = " ".join(Page(solved()._repr_html_()).words.split())
    assert "objective 10,234 proven bound 10,234 gap 0" in words
    assert "vehicle 2 1 1" in words
    assert "Rows: 1 transfers, 1 shortfalls, 1 releases" in words
    assert "vehicle 2 2" in " ".join(Page(solved().problem._repr_html_()).words.split())


def test_made_up_data_is_called_so_wherever_it_is_shown() -> None:
    result = solved("synthetic")
    for thing in (result, result.plan, result.problem):
        assert "SYNTHETIC DATA" in thing._repr_html_()
    assert "SYNTHETIC" not in solved()._repr_html_()


def test_warnings_of_a_problem_are_listed_the_first_of_them() -> None:
    problem = solved().problem
    assert problem.warnings  # a blimp is in no list
    page = Page(problem._repr_html_())
    assert f"Warnings: {len(problem.warnings)}" in page.words


def test_an_explanation_shows_its_text_and_keeps_what_is_hostile_as_text() -> None:
    result = solved()
    need_id = str(result.plan.transfers["need_id"].iloc[0])
    explained = solver.explain(result.problem, result, need_id=need_id)
    words = " ".join(Page(explained._repr_html_()).words.split())
    assert words == " ".join(re.sub(r"^  - ", "", line) for line in str(explained).split("\n"))
    assert "<script>" in words
    assert len(str(explained).split("\n")) == len(explained.text("vi").split("\n"))
