"""Random re-plans are as good as an integer programme of the whole, and say what it says has changed."""

from __future__ import annotations

import os
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from tests.solver.problem.instances import FORMS
from tests.solver.replan.check import EVERY, check
from tests.solver.replan.drawn import WHAT

if TYPE_CHECKING:
    from pathlib import Path

#: Seeds that together hold every class, by form and category.
SAMPLE: dict[tuple[str, str], tuple[int, ...]] = {
    ("communes", "movables"): (1, 37, 40),
    ("communes", "premises"): (11, 23, 33),
    ("communes", "both"): (6, 24, 50),
    ("pairs", "movables"): (11, 15, 59),
    ("pairs", "premises"): (30, 41, 50),
    ("pairs", "both"): (29, 48, 64),
    ("matches", "movables"): (5, 26, 62),
    ("matches", "premises"): (33, 36, 62),
    ("matches", "both"): (29, 64, 67),
}


def test_a_sample_of_every_class_is_as_an_integer_programme_says(tmp_path: Path) -> None:
    seen: Counter[str] = Counter()
    for (form, what), seeds in SAMPLE.items():
        for seed in seeds:
            seen += check(seed, form, what, tmp_path)
    assert set(seen) >= EVERY
    assert {form for form, _ in SAMPLE} == set(FORMS)


@pytest.mark.torture
@pytest.mark.parametrize("what", WHAT)
@pytest.mark.parametrize("form", FORMS)
def test_a_long_random_search_over_replans_finds_no_difference(form: str, what: str, tmp_path: Path) -> None:
    first = int(os.environ.get("SURPLAN_TORTURE_SEED", "0"))
    for seed in range(first, first + int(os.environ.get("SURPLAN_TORTURE_COUNT", "300"))):
        check(seed, form, what, tmp_path)
