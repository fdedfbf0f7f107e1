"""Premises: records, tables and the command line."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest

from benchmarks import __main__ as command
from benchmarks import documents, store
from benchmarks.premises import command as premises
from benchmarks.premises import schedule
from benchmarks.premises.child import Job, Run, Source
from benchmarks.premises.faults import faults
from benchmarks.premises.schedule import as_record, steps, value_gap
from benchmarks.premises.tables import percent, premises_block, premises_short

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MACHINE = {
    "processor": "Abacus", "cores": 2, "memory_bytes": 16e9, "load": 0.0, "python": "3.11.9",
    "libraries": {"ortools": "9.15"},
}  # fmt: skip


def record(**more: object) -> dict[str, Any]:
    plain: dict[str, Any] = {
        "set": "reference", "instance": "country", "scale": 1, "method": "surplan", "limit": 60.0,
        "status": "finished", "base_bytes": 1, "peak_bytes": 10**9, "empty": 1100, "least": 5,
        "known": [None, None], "objective": 110, "claimed": 109, "certified": 100, "optimal": False,
        "seconds": 60.0, "session": 0,
    }  # fmt: skip
    return {**plain, **more}


def data(*records: dict[str, Any]) -> dict[str, Any]:
    session = {"date": "2026-01-02", "machine": MACHINE, "settings": {}}
    return {"premises": {"sessions": [session], "records": list(records)}}


def peers(**more: object) -> list[dict[str, Any]]:
    """34 provinces, each with a gap of 1 / 100 of its value but the last, which is closed."""
    each = [
        record(method="scip", instance=f"{code:02}", limit=20.0, seconds=20.0, empty=110, objective=11,
               claimed=10, certified=None)
        for code in range(34)
    ]  # fmt: skip
    each[-1] |= {"optimal": True, "claimed": 11, **more}
    return each


def test_the_gap_is_relative_to_the_value_and_shown_rounded_up() -> None:
    assert value_gap(110, 100, 1100) == Fraction(1, 100)
    assert value_gap(100, 100, 100) == 0
    shown = [percent(Fraction(text)) for text in ("0", "0.01", "0.0123", "0.000101", "0.00000001")]
    assert shown == ["0", "1.0 %", "1.3 %", "0.011 %", "0.0000010 %"]


def test_the_country_is_one_row_of_ours_and_the_sum_of_a_peers_provinces() -> None:
    ours = record(provinces={"01": [60, 60, 500], "38": [50, 40, 600]})
    lines = premises_block(data(ours, *peers())).splitlines()
    assert "| Surplan | 1 | 60 s | 60.0 s | 110 | 1.0 % | 0.11 % | 1 of 2 | 38: 1.8 % | 1.00 GB |" in lines
    # 374 - 341 over 3740 - 341
    assert "| SCIP | 1 | 20 s each | 680 s | 374 | – | 0.98 % | 1 of 34 | 00: 1.0 % | 1.00 GB |" in lines


def test_a_province_without_plan_or_bound_counts_as_empty_and_trivial() -> None:
    lost = peers(objective=None, claimed=None, optimal=False, least=9)
    (line,) = [text for text in premises_block(data(*lost)).splitlines() if text.startswith("| SCIP")]
    # 33 x 11 + 110 less 33 x 10 + 9, over 34 x 110 less that
    assert "| 473 | – | 4.0 % | 0 of 34 (1 without a plan) | 33: 100.0 % |" in line


def test_some_provinces_are_not_called_the_country() -> None:
    assert "the whole country" not in premises_block(data(*peers()[:5]))


def test_single_provinces_stand_side_by_side() -> None:
    some = [record(instance="01"), record(instance="01", method="highs", certified=None, optimal=True)]
    lines = premises_block(data(*some)).splitlines()
    assert "| 1 | 01 | Surplan | 110 | 1.0 % | 0.11 % | 60.0 s | 1.00 GB | 60 s |" in lines
    assert "| 1 | 01 | HiGHS | 110 | – | 0 | 60.0 s | 1.00 GB | 60 s |" in lines


def test_the_published_sets_have_gaps_relative_to_the_objective() -> None:
    known = {"known": [100, 108], "set": "gap_yagiura", "instance": "d10100"}
    lines = premises_block(data(record(**known))).splitlines()
    assert (
        "| d10100 | Surplan | 110 | 9.1 % | 0.91 % | 60.0 s | 1.00 GB | 100 to 108 | 60 s |" in lines
    )  # fmt: skip
    done = record(set="gap_orlib", instance="gap1-1", known=[110, 110], claimed=110, seconds=2.0)
    late = {**done, "instance": "gap1-2", "objective": 111, "seconds": 3.0}
    lines = premises_block(data(done, late)).splitlines()
    assert "| Surplan | 1 of 2 | 0 | 1 | 5.00 s | 3.00 s | 60 s | 1.00 GB |" in lines


def test_a_run_that_was_ended_is_told_as_that() -> None:
    dead = as_record(Job("surplan", (), 60.0), 10, Run(Source("reference", "", "country", 10), "memory"))
    assert (dead["set"], dead["objective"], dead["status"]) == ("reference", None, "memory")
    assert "| Surplan | 10 | 60 s | memory | – | – | – | – | – |" in premises_block(
        data({**dead, "session": 0})
    )


def test_levels_are_the_first_times_below_them() -> None:
    news = [(1.0, 200, 100), (2.0, 104, 100), (3.0, 101, 100), (4.0, 101, 101)]
    found = steps(news, 1100)
    assert (found["first_seconds"], found["first_objective"]) == (1.0, 200)
    assert found["certified"] == dict(zip(schedule.LEVELS, (2.0, 3.0, 3.0, 4.0, 4.0, 4.0), strict=True))
    table = premises_block(data(record(steps=found)))
    assert "| 1 | 60 s | 1.00 s | 2.00 s | 3.00 s | 3.00 s | 4.00 s |" in table


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (record(status="error", objective=None, note="a fault"), "a fault"),
        (record(limit=300.0, certified=111), "certified bound 111 lies above a plan of 110"),
        (record(known=[111, 112]), "below the published bound 111"),
        (record(known=[90, 105]), "claimed bound 109 lies above a plan of 105"),
    ],
)
def test_what_must_not_be_is_named(wrong: dict[str, Any], said: str) -> None:
    assert faults([record()]) == []
    assert any(said in text for text in faults([record(), wrong]))


def test_a_peer_may_be_wrong_by_its_tolerance() -> None:
    large = record(objective=10**9, claimed=10**9, certified=None, empty=2 * 10**9)
    assert faults([large, {**large, "method": "scip", "claimed": 10**9 + 1000}]) == []
    assert faults([large, {**large, "method": "scip", "claimed": 10**9 + 1001}])
    assert faults([large, {**large, "limit": 1.0, "claimed": 10**9 + 1}])


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep the project's documents out of it."""
    page = tmp_path / "page.md"
    page.write_text(f"{store.BEGIN}\nold\n{store.END}\n", encoding="utf-8")
    for name, path in (("PAGE", page), ("README", tmp_path / "README.md"), ("DATA", tmp_path / "data.json")):
        monkeypatch.setattr(store, name, path)
    return page


def pretend(monkeypatch: pytest.MonkeyPatch, *found: dict[str, Any], interrupt: bool = False) -> None:
    def records(*_: object) -> Iterator[dict[str, Any]]:
        yield from found
        if interrupt:
            raise KeyboardInterrupt

    monkeypatch.setattr(premises, "records", records)


def test_a_later_measurement_replaces_the_earlier_and_leaves_the_rest(
    monkeypatch: pytest.MonkeyPatch, files: Path
) -> None:
    store.write(store.DATA, {"demo": {"date": "2026-01-02", "parts": []}})
    pretend(monkeypatch, record(), record(limit=10.0))
    assert command.main(["premises", "--scale", "1"]) == 0
    pretend(monkeypatch, record(seconds=59.0))
    assert command.main(["premises", "--scale", "2"]) == 0
    kept = store.read(store.DATA)
    assert kept["demo"]["date"] == "2026-01-02"
    assert [one["settings"]["scale"] for one in kept["premises"]["sessions"]] == [1, 2]
    assert [(one["limit"], one["seconds"], one["session"]) for one in kept["premises"]["records"]] == [
        (10.0, 60.0, 0), (60.0, 59.0, 1),
    ]  # fmt: skip
    assert "| Surplan | 1 | 60 s | 59.0 s | 110 |" in files.read_text(encoding="utf-8")
    pretend(monkeypatch, record(limit=10.0))
    assert command.main(["premises", "--scale", "3"]) == 0
    assert [one["settings"]["scale"] for one in store.read(store.DATA)["premises"]["sessions"]] == [2, 3]


def test_ctrl_c_keeps_what_is_there_and_changes_no_document(
    monkeypatch: pytest.MonkeyPatch, files: Path
) -> None:
    pretend(monkeypatch, record(), interrupt=True)
    assert command.main(["premises"]) == 130
    assert len(store.read(store.DATA)["premises"]["records"]) == 1
    assert "old" in files.read_text(encoding="utf-8")


def test_a_contradiction_fails_loudly_and_changes_no_document(
    monkeypatch: pytest.MonkeyPatch, files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pretend(monkeypatch, record(), record(limit=10.0, claimed=111))
    assert command.main(["premises"]) == 1
    assert "WRONG: reference country, surplan: claimed bound 111" in capsys.readouterr().err
    assert "old" in files.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "words",
    [
        ["--methods", "magic"], ["--sets", "rare"], ["--province", "00"], ["--scale", "0"], ["--scale", "x"],
        ["--seconds", "0"], ["--seconds", "soon"], ["--peer-seconds", "-1"], ["dance"],
    ],
)  # fmt: skip
def test_a_mistyped_option_is_a_usage_error(words: list[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        command.main(["premises", *words])
    assert stopped.value.code == 2


def test_published_sets_that_are_absent_are_left_out_with_a_word(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(schedule, "run", None)  # nothing is run
    words = [
        "premises",
        "--sets",
        "gap_orlib",
        "--published",
        str(tmp_path),
        "--out",
        str(tmp_path / "out.json"),
    ]
    assert command.main(words) == 0
    assert "gap_orlib: left out" in capsys.readouterr().out


def test_movables_and_premises_stand_in_the_same_documents(files: Path, data: dict[str, Any]) -> None:
    both = {**data, **globals()["data"](record())}
    documents.write_documents(both)
    page = files.read_text(encoding="utf-8")
    assert page.index("### All methods, 4,000 cars") < page.index("### Premises")
    assert "| Surplan | 1 | 60 s |" in premises_short(both)
    assert "### Premises" not in premises_short(both)
    documents.write_documents({"premises": both["premises"]})
    assert "### All methods" not in files.read_text(encoding="utf-8")
