from __future__ import annotations

import copy
import shutil
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

from solver.checker.folder import verify_folder
from tests.solver import replan_tree
from tests.solver.verify_replan import Replanned
from tests.solver.verify_replan_cases import crowded_case
from tests.solver.verify_replan_proven import (
    BEST,
    KEPT,
    PUT,
    SPLIT,
    M,
    entry,
    triangle,
    with_tree,
    write_proven,
)

if TYPE_CHECKING:
    from pathlib import Path

WRONG: dict[str, dict[str, Any]] = {
    "kept nowhere": {"kept": [None, None]},
    "kept elsewhere": {"kept": ["B", None]},
    "kept by nobody": {"kept": ["C", None]},
    "kept twice": {"needs": [["X"], ["X"], ["Y", "Z"]], "kept": ["A", "A", None]},
    "kept, and left over": {"needs": [["X"], ["X"], ["Y", "Z"]], "kept": ["A", None, None]},
    "kept that was not there": {"kept": ["A", "A"], "needs": [["X"], ["Y"]]},
    "two needs kept": {"needs": [["X", "Y"], ["Z"]]},
    "others forgotten": {"needs": [["X"], ["Y"]]},
    "all equal": {"needs": [["X", "Y", "Z"]], "kept": [None], "node": PUT | {"p": [9 * M]}},
    "too few": {"kept": ["A"]},
    "no list": {"kept": "A"},
    "no id": {"kept": [1, None]},
    "leaves changes out": {"plain": True},
    "nor this nor that": {"plain": None},
    "one more": {"bound": 27 * M + 1},
    "one less": {"bound": 27 * M - 1},
    "after the shift": {"bound": 25 * M},
    "as a text": {"bound": str(27 * M)},
    "of another name": {"node": SPLIT | {"b": ["place", "A", "X"]}},
    "of another kept": {"node": SPLIT | {"b": ["place", "B", "X|B"]}},
    "an entry more": {"claim": 1},
}


@pytest.fixture(scope="module")
def proven(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("proven") / "p"
    with pytest.MonkeyPatch.context() as patch:
        write_proven(folder, Replanned(triangle()), BEST, [entry(KEPT, 2 * M)], patch)
    return folder


@pytest.mark.parametrize("wrong", sorted(WRONG))
def test_what_is_wrong_in_an_entry_is_found_and_adds_nothing(
    wrong: str, proven: Path, tmp_path: Path
) -> None:
    shutil.copytree(proven, tmp_path / "p")
    with_tree(tmp_path / "p", [KEPT | WRONG[wrong]])
    found = verify_folder(tmp_path / "p")
    assert "certificate_tree" in found.found
    with_tree(tmp_path / "p", None)
    assert found.bound == verify_folder(tmp_path / "p").bound


@pytest.mark.parametrize("member", ["kept", "plain", "node", "needs"])
def test_an_entry_that_lacks_a_member_is_found(member: str, proven: Path, tmp_path: Path) -> None:
    shutil.copytree(proven, tmp_path / "p")
    with_tree(tmp_path / "p", [{key: value for key, value in KEPT.items() if key != member}])
    assert "certificate_tree" in verify_folder(tmp_path / "p").found


def test_an_entry_need_not_say_what_it_proves(proven: Path, tmp_path: Path) -> None:
    shutil.copytree(proven, tmp_path / "p")
    with_tree(tmp_path / "p", [{key: value for key, value in KEPT.items() if key != "bound"}])
    assert verify_folder(tmp_path / "p").ok


@pytest.mark.parametrize("seed", range(40))
def test_a_damaged_tree_of_a_re_plan_proves_no_more_than_the_best_plan(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    s, rng = Replanned(crowded_case(seed)), Random(seed)
    best = min(s.plans(4000), key=s.objective)
    entries = replan_tree.write(s, rng, plain=rng.random() < 0.3)
    write_proven(tmp_path / "p", s, best, entries, monkeypatch)
    for _ in range(6 if entries else 0):
        proofs = copy.deepcopy([one.proof for one in entries])
        damage(rng.choice(proofs), rng)
        with_tree(tmp_path / "p", proofs)
        found = verify_folder(tmp_path / "p")
        assert "unreadable" not in found.found
        assert found.bound is not None
        assert found.bound <= s.objective(best)


def damage(proof: dict[str, Any], rng: Random) -> None:
    """Change what an entry says of its classes; leave it to the tree what that proves."""
    at = rng.randrange(len(proof["needs"]))
    proof.pop("bound")
    match rng.choice(["kept", "plain", "drop", "double", "join", "price", "cutoff"]):
        case "kept":
            proof["kept"][at] = rng.choice([None, *proof["assets"]])
        case "plain":
            proof["plain"] = not proof["plain"]
            if rng.random() < 0.5:
                proof["kept"] = [None] * len(proof["kept"])
        case "drop":
            del proof["needs"][at], proof["kept"][at]
            proof["node"]["p"] = proof["node"]["p"][:-1]
        case "double":
            proof["needs"].append(proof["needs"][at])
            proof["kept"].append(rng.choice([None, *proof["assets"]]))
            proof["node"]["p"].append(proof["node"]["p"][at])
        case "join":
            other = rng.randrange(len(proof["needs"]))
            proof["needs"][at] = proof["needs"][at] + proof["needs"][other]
            del proof["needs"][other], proof["kept"][other]
        case "price":
            proof["node"]["p"][at] += rng.choice([-1, 1]) * rng.choice([1, M, 10 * M])
        case "cutoff":
            proof["node"]["k"] += rng.choice([-1, 1]) * rng.choice([1, M, 10 * M])
