"""The command from its arguments to its data file."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from benchmarks import __main__ as command
from benchmarks import store
from benchmarks.instances import FAMILIES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from benchmarks.schedule import Settings

RECORD = {
    "method": "surplan", "family": "scarce", "cars": 200, "status": "finished", "runs": 1, "seconds": 1.0,
    "peak_bytes": 10**8, "objective": 7, "bound": 7, "laps": {"distances": 0.5, "build": 0.25, "solve": 0.25},
}  # fmt: skip


@pytest.fixture(autouse=True)
def documents(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep the project's documents out of it."""
    page = tmp_path / "benchmarks.md"
    page.write_text(f"{store.BEGIN}\nold\n{store.END}\n", encoding="utf-8")
    monkeypatch.setattr(store, "PAGE", page)
    monkeypatch.setattr(store, "README", tmp_path / "README.md")
    monkeypatch.setattr(store, "DATA", tmp_path / "data.json")
    return page


def pretend(monkeypatch: pytest.MonkeyPatch, found: list[dict[str, Any]], *, interrupt: bool = False) -> None:
    """Let the runs yield these records, and Ctrl-C come after them."""

    def records(_settings: Settings, _say: Callable[[str], None]) -> Iterator[dict[str, Any]]:
        yield from found
        if interrupt:
            raise KeyboardInterrupt

    monkeypatch.setattr(command, "records", records)


def test_all_families_can_be_asked_for() -> None:
    assert set(command.FAMILIES) == set(FAMILIES)


def test_a_small_run_from_end_to_end(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "small.json"
    words = ["--quick", "--sizes", "40", "--families", "lots", "--methods", "surplan,flow", "--out", str(out)]
    assert command.main(words) == 0
    data = json.loads(out.read_text(encoding="utf-8"))
    assert data["complete"]
    assert [(record["method"], record["status"]) for record in data["records"]] == [
        ("surplan", "finished"), ("flow", "finished"),
    ]  # fmt: skip
    assert "### All methods, 40 cars" in capsys.readouterr().out


def test_a_complete_run_into_the_default_file_writes_the_documents(
    monkeypatch: pytest.MonkeyPatch, documents: Path
) -> None:
    pretend(monkeypatch, [RECORD])
    assert command.main(["--families", "scarce", "--methods", "surplan"]) == 0
    assert "### Growth" in documents.read_text(encoding="utf-8")


def test_ctrl_c_keeps_what_is_there_and_changes_no_document(
    monkeypatch: pytest.MonkeyPatch, documents: Path
) -> None:
    pretend(monkeypatch, [RECORD], interrupt=True)
    assert command.main([]) == 130
    data = store.read(store.DATA)
    assert (data["complete"], data["records"]) == (False, [RECORD])
    assert "old" in documents.read_text(encoding="utf-8")


def test_a_disagreement_fails_loudly_and_changes_no_document(
    monkeypatch: pytest.MonkeyPatch, documents: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pretend(monkeypatch, [RECORD, {**RECORD, "method": "lsa", "objective": 8, "bound": 8}])
    assert command.main([]) == 1
    assert "WRONG: scarce, 200 cars: lsa has objective 8" in capsys.readouterr().err
    assert "old" in documents.read_text(encoding="utf-8")


def test_the_demo_and_the_premises_outlive_a_new_run(monkeypatch: pytest.MonkeyPatch) -> None:
    premises: dict[str, Any] = {"sessions": [], "records": []}
    store.write(store.DATA, {"demo": {"date": "2026-01-02", "parts": []}, "premises": premises})
    pretend(monkeypatch, [RECORD])
    assert command.main([]) == 0
    kept = store.read(store.DATA)
    assert (kept["demo"]["date"], kept["premises"]) == ("2026-01-02", premises)


def test_the_tables_can_be_written_again_from_the_data(
    monkeypatch: pytest.MonkeyPatch, documents: Path, data: dict[str, Any]
) -> None:
    monkeypatch.setattr(command, "records", None)  # nothing is run
    store.write(store.DATA, data)
    assert command.main(["tables"]) == 0
    assert "| scarce | 2.00 s | 8.00 s (× 4.0) |" in documents.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "words", [["--families", "rare"], ["--methods", "magic"], ["--sizes", "0"], ["dance"]]
)
def test_a_mistyped_option_is_a_usage_error(words: list[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        command.main(words)
    assert stopped.value.code == 2


def test_adding_keeps_what_other_methods_measured_before_and_says_so(
    monkeypatch: pytest.MonkeyPatch, documents: Path
) -> None:
    pretend(monkeypatch, [{**RECORD, "method": "highs"}, {**RECORD, "seconds": 9.0}])
    assert command.main(["--methods", "surplan,highs"]) == 0
    pretend(monkeypatch, [RECORD])
    assert command.main(["--add", "--methods", "surplan"]) == 0
    found = {record["method"]: record["seconds"] for record in store.read(store.DATA)["records"]}
    assert found == {"surplan": 1.0, "highs": 1.0}
    page = documents.read_text(encoding="utf-8")
    assert "HiGHS (scipy.optimize.milp): in a run of their own" in page
    pretend(monkeypatch, [{**RECORD, "objective": 8, "bound": 8}])
    assert command.main(["--add", "--methods", "surplan"]) == 1  # they must still agree
