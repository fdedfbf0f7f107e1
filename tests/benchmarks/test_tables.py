"""The tables say what was measured, and stand between their markers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from benchmarks.store import BEGIN, END, put_between
from benchmarks.tables import page_block, readme_block
from benchmarks.words import gap, seconds, times

if TYPE_CHECKING:
    from pathlib import Path


def test_times_stand_beside_their_ratio_to_ours(data: dict[str, Any]) -> None:
    lines = readme_block(data).splitlines()
    assert "| family | Surplan | SciPy linear_sum_assignment |" in lines
    assert "| scarce | 2.00 s | 8.00 s (× 4.0) |" in lines
    assert "| surplus | 4.00 s | 1.00 s (× 0.25) |" in lines


def test_wins_and_losses_are_both_told(data: dict[str, Any]) -> None:
    text = readme_block(data)
    assert "Surplan is 4.0 times faster in 1 of them." in text
    assert "It is faster than Surplan in: surplus (4.0 times)." in text
    assert "Its memory is 1.0 to 3.0 times Surplan's." in text


def test_ten_times_the_cars_in_ten_times_the_time_is_linear(data: dict[str, Any]) -> None:
    assert (
        "| scarce | 40,000 | 20.0 s | 250 ms | 250 ms | 19.5 s | 500 | 1.00 | 0.50 GB | 3 | 0 |"
        in page_block(data)
    )


def test_the_reach_names_the_largest_size_that_finishes_and_the_smallest_that_does_not(
    data: dict[str, Any],
) -> None:
    row = "| SciPy linear_sum_assignment | 20,000 in 90.0 s | 40,000: memory | 4,000 in 1.00 s | – |"
    assert row in readme_block(data).splitlines()


def test_a_run_that_did_not_finish_says_why(data: dict[str, Any]) -> None:
    data["records"][2] |= {"status": "time"}
    assert "| scarce | 2.00 s | did not finish: time |" in readme_block(data)


def test_a_run_that_was_stopped_says_so(data: dict[str, Any]) -> None:
    assert "stopped early" not in page_block(data)
    assert "stopped early" in page_block({**data, "complete": False})


def test_the_demo_has_its_table(data: dict[str, Any]) -> None:
    demo = {"date": "2026-01-03", "parts": [{"name": "surplan demo", "seconds": 12.3, "peak_bytes": 0}]}
    for block in (page_block, readme_block):
        assert "| surplan demo | 12.3 s | – |" in block({**data, "demo": demo})


@pytest.mark.parametrize(
    ("record", "shown"),
    [
        ({"objective": 200, "bound": 200}, "0"),
        ({"objective": 200, "bound": 190}, "5 %"),
        ({"objective": None, "bound": None}, "–"),
    ],
)
def test_gaps_are_relative_to_the_objective(record: dict[str, Any], shown: str) -> None:
    assert gap(record) == shown


def test_figures_have_as_many_digits_as_make_sense() -> None:
    assert [seconds(value) for value in (0.0123, 1.234, 12.34, 1234.5)] == [
        "12 ms",
        "1.23 s",
        "12.3 s",
        "1,234 s",
    ]
    assert [times(value) for value in (0.123, 1.23, 12.3)] == ["0.12", "1.2", "12"]


def test_only_what_stands_between_the_markers_is_replaced(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"before\n{BEGIN}\nold\n{END}\nafter\n", encoding="utf-8")
    assert put_between(page, "new\n")
    assert page.read_text(encoding="utf-8") == f"before\n{BEGIN}\n\nnew\n\n{END}\nafter\n"
    assert put_between(page, "new")
    assert page.read_text(encoding="utf-8").count("new") == 1


def test_a_document_without_markers_is_left_alone(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("text\n", encoding="utf-8")
    assert not put_between(page, "new")
    assert not put_between(tmp_path / "absent.md", "new")
    assert page.read_text(encoding="utf-8") == "text\n"


@pytest.mark.parametrize("text", [BEGIN, END, f"{END}{BEGIN}", f"{BEGIN}{BEGIN}{END}"])
def test_broken_markers_are_refused(tmp_path: Path, text: str) -> None:
    page = tmp_path / "page.md"
    page.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=r"page\.md needs one"):
        put_between(page, "new")
