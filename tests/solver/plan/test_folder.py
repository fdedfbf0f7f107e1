"""Plan folders are written whole or not at all, replace plans only, and read back as they were."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random

import pandas as pd
import pytest

import geodata
import solver
from app import folders
from tests.solver.problem.instances import FORMS, Instance, random_instance


def draw(seed: int, form: str = "communes") -> Instance:
    return random_instance(Random(seed), form, assets=12, needs=12, plain=True)


@pytest.fixture(scope="module")
def result() -> solver.Result:
    return solver.solve(draw(2).build())


def snapshot(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_a_plan_is_written_into_a_new_an_empty_or_an_older_plans_folder(
    result: solver.Result, tmp_path: Path
) -> None:
    folder = tmp_path / "a" / "b" / "plan"
    result.write(folder)
    first = snapshot(folder)
    (folder / "plan.xlsx").write_text("of the old plan", encoding="utf-8")
    result.write(str(folder))
    assert snapshot(folder) == first
    assert [p.name for p in folder.parent.iterdir()] == ["plan"]
    (tmp_path / "empty").mkdir()
    result.write(tmp_path / "empty")
    assert snapshot(tmp_path / "empty") == first


def test_a_folder_that_holds_something_else_is_refused_and_stays_as_it_is(
    result: solver.Result, tmp_path: Path
) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.doc").write_bytes(b"years of work")
    before = snapshot(tmp_path)
    with pytest.raises(solver.PlanFolderError, match="holds no plan"):
        result.write(tmp_path / "mine")
    with pytest.raises(solver.PlanFolderError, match="a file"):
        result.write(tmp_path / "mine" / "thesis.doc")
    with pytest.raises(solver.PlanFolderError, match="cannot be written"):
        result.write(tmp_path / "mine" / "thesis.doc" / "below" / "plan")
    assert snapshot(tmp_path) == before
    assert [p.name for p in tmp_path.iterdir()] == ["mine"]


@pytest.mark.parametrize("failure", [RuntimeError, KeyboardInterrupt])
def test_a_failure_half_way_leaves_the_old_plan_and_nothing_else(
    result: solver.Result, tmp_path: Path, failure: type[BaseException]
) -> None:
    result.write(tmp_path / "plan")
    before = snapshot(tmp_path)

    def write_and_fail() -> None:
        with solver.staged_folder(tmp_path / "plan") as stage:
            (stage / "plan.json").write_text("{}", encoding="utf-8")
            raise failure

    with pytest.raises(failure):
        write_and_fail()
    assert snapshot(tmp_path) == before


def test_where_the_rename_fails_the_old_plan_comes_back(
    result: solver.Result, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    result.write(tmp_path / "plan")
    before = snapshot(tmp_path)
    rename = Path.rename

    def full(self: Path, target: Path) -> Path:
        if (self / "plan.json").is_file() and self.name.startswith(".") and not self.name.endswith("-old"):
            raise OSError(28, "No space left on device")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", full)
    with pytest.raises(solver.PlanFolderError, match="No space left"):
        result.write(tmp_path / "plan")
    monkeypatch.undo()
    assert snapshot(tmp_path) == before


@pytest.mark.parametrize("form", FORMS)
def test_a_plan_reads_back_as_it_was(form: str, tmp_path: Path) -> None:
    result = solver.solve(draw(4, form).build())
    result.write(tmp_path / "plan")
    stored = solver.read_plan(tmp_path / "plan")
    for name in ("transfers", "shortfalls", "releases"):
        ours, theirs = getattr(result.plan, name), getattr(stored, name)
        assert list(ours.columns) == list(theirs.columns)
        for column in ("units", "cost_vnd", "asset_id", "need_id", "reason", "value_vnd", "rank"):
            if column in ours:
                assert ours[column].tolist() == theirs[column].tolist()
    assert len(stored.transfers) > 0
    assert stored.certificate == result.certificate
    assert {key: stored.summary[key] for key in ("status", "objective_vnd", "kpis", "parts")} == {
        key: result.plan.summary[key] for key in ("status", "objective_vnd", "kpis", "parts")
    }
    assert stored.assets["asset_id"].tolist() == sorted(stored.assets["asset_id"])


@pytest.mark.parametrize("damage", ["plan.json", "certificate.json", "transfers.csv", "inputs/needs.csv"])
def test_a_folder_without_one_of_its_files_cannot_be_read(
    result: solver.Result, damage: str, tmp_path: Path
) -> None:
    result.write(tmp_path / "plan")
    (tmp_path / "plan" / damage).unlink()
    with pytest.raises(solver.PlanFolderError, match="No plan can be read"):
        solver.read_plan(tmp_path / "plan")


def test_a_damaged_file_cannot_be_read(result: solver.Result, tmp_path: Path) -> None:
    result.write(tmp_path / "plan")
    for damage in (b"{", b"[]"[:1], b"\xff\xfe"):
        (tmp_path / "plan" / "plan.json").write_bytes(damage)
        with pytest.raises(solver.PlanFolderError):
            solver.read_plan(tmp_path / "plan")


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("table", [False, True])
def test_the_inputs_of_a_plan_are_a_scenario_folder_that_gives_the_same_inputs_and_plan(
    form: str, table: bool, tmp_path: Path
) -> None:
    for seed in (2, 3):
        one = random_instance(Random(seed), form, assets=10, needs=10, plain=seed % 2 == 0)
        distances = None
        if form == "communes":
            wide = [
                {"from_commune_code": a, "to_commune_code": b, "distance_km": m / 1000}
                for (a, b), m in one.metres.items()
            ]
            distances = geodata.table_distances(pd.DataFrame(wide)) if table else geodata.distances
        source = tmp_path / f"{seed}"
        solver.solve(one.build(distances=distances)).write(source)
        problem = folders.build(folders.read_inputs(source / "inputs"))
        again = tmp_path / f"{seed} again"
        solver.solve(problem).write(again)
        inputs = snapshot(source / "inputs")
        twice = tmp_path / f"{seed} twice"
        solver.solve(folders.build(folders.read_inputs(again / "inputs"))).write(twice)
        assert snapshot(again / "inputs") == snapshot(twice / "inputs")
        # The first reading may say where a row without a point stands; nothing else may change.
        for name in inputs.keys() - {"assets.csv", "needs.csv"}:
            assert snapshot(again / "inputs")[name] == inputs[name], name
        for name in ("transfers.csv", "shortfalls.csv", "releases.csv", "certificate.json"):
            assert (again / name).read_bytes() == (source / name).read_bytes(), name


def test_json_is_sorted_and_text_and_tables_have_no_carriage_return_or_mark(
    result: solver.Result, tmp_path: Path
) -> None:
    result.write(tmp_path / "plan")
    for name, content in snapshot(tmp_path / "plan").items():
        assert b"\r" not in content, name
        assert not content.startswith(b"\xef\xbb\xbf"), name
        assert content.endswith(b"\n"), name
        if name.endswith(".json") and not name.startswith("inputs"):
            assert list(json.loads(content)) == sorted(json.loads(content)), name


@pytest.mark.parametrize("note", ["half\ra line", "\rx", "two\r\nlines", 'a "word", and more\r'])
def test_a_cell_with_line_breaks_of_any_kind_comes_back_from_the_inputs(note: str, tmp_path: Path) -> None:
    assets, needs = (
        pd.DataFrame(
            [{f"{side}_id": side, "category": "vehicle", "commune_code": "00004", "units": 1, **more}]
        )
        for side, more in (
            ("asset", {"kind": "car", "status": "handed_idle", "condition_pct": 80, "note": note}),
            ("need", {"kinds": "car", "recipient": "x", "price_vnd": 10**9}),
        )
    )
    problem = solver.build(
        assets, needs, scenario={}, communes=geodata.communes(), distances=geodata.distances
    )
    solver.solve(problem).write(tmp_path / "plan")
    assert solver.read_plan(tmp_path / "plan").assets["note"].tolist() == [problem.assets["note"].iloc[0]]
    assert solver.verify_folder(tmp_path / "plan").ok


def test_a_plan_folder_that_holds_something_else_is_not_replaced(tmp_path: Path) -> None:
    plan = tmp_path / "plan"
    (plan / "inputs").mkdir(parents=True)
    for name in ("plan.json", "transfers.csv", "my notes.txt"):
        (plan / name).write_text("kept", encoding="utf-8")
    with pytest.raises(solver.PlanFolderError, match=r"my notes\.txt"), solver.staged_folder(plan):
        pytest.fail("the folder must be refused before anything is solved")
    assert (plan / "my notes.txt").read_text(encoding="utf-8") == "kept"
    (plan / "my notes.txt").unlink()
    with solver.staged_folder(plan) as stage:
        (stage / "plan.json").write_text("new", encoding="utf-8")
    assert (plan / "plan.json").read_text(encoding="utf-8") == "new"
