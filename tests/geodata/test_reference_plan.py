"""The reference inventory as the solver reads it: no issue, and every reason for a shortfall occurs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

import geodata
import solver

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd


@pytest.fixture(scope="module")
def national() -> geodata.Inventory:
    return geodata.reference(seed=1)


@pytest.fixture(scope="module")
def read(national: geodata.Inventory, tmp_path_factory: pytest.TempPathFactory) -> solver.TypedTables:
    folder: Path = tmp_path_factory.mktemp("reference")
    geodata.write_reference(national, folder)
    return solver.parse_tables(solver.read_tables(folder))


@pytest.fixture(scope="module")
def located(read: solver.TypedTables) -> geodata.Located:
    return geodata.read_codes(read.assets, read.needs, mode="2025")


def test_the_written_tables_are_read_without_issue(read: solver.TypedTables) -> None:
    assert read.issues == []


def test_every_code_and_point_is_found_where_it_should_be(located: geodata.Located) -> None:
    assert located.issues.empty
    assert located.vintage == "2025"


def test_the_frames_are_what_the_written_tables_hold(
    national: geodata.Inventory, read: solver.TypedTables
) -> None:
    for frame, typed in ((national.assets, read.assets), (national.needs, read.needs)):
        for column in frame.columns:
            given, back = frame[column], typed[column]
            assert (given.isna().to_numpy() == back.isna().to_numpy()).all(), column
            some = given.notna().to_numpy()
            assert list(map(str, given[some].tolist())) == list(map(str, back[some].tolist())), column


def test_every_reason_occurs_that_the_default_distances_allow(
    read: solver.TypedTables, located: geodata.Located
) -> None:
    # Kinds do not compete with each other: the rare ones of the whole country, and the cars of Thanh Hóa.
    communes = geodata.communes()
    thanh_hoa = set(communes.loc[communes["province_code"] == "38", "commune_code"])

    def some(frame: pd.DataFrame, kinds: str) -> pd.DataFrame:
        mine = (frame[kinds] != "car") | frame["commune_code"].isin(thanh_hoa)
        generators = (frame["category"] == "equipment") & frame[kinds].isin(["generator", "projector"])
        return frame[((frame["category"] == "vehicle") & mine) | generators]

    arguments: dict[str, Any] = {
        "scenario": read.scenario_raw,
        "communes": communes,
        "distances": geodata.distances,
    }
    problem = solver.build(some(located.assets, "kind"), some(located.needs, "kinds"), **arguments)
    result = solver.solve(problem)
    assert result.status == solver.Status.OPTIMAL
    needs = located.needs.set_index("need_id")
    short = result.plan.shortfalls
    short = short.assign(kinds=short["need_id"].map(needs["kinds"]))
    found = {str(reason): set(group["kinds"]) for reason, group in short.groupby("reason")}
    assert {"fire_engine", "generator"} <= found["no_asset"]
    assert "minibus" in found["condition"]
    assert found["age"] == {"truck"}
    assert found["legal_status"] == {"ambulance"}
    assert "minibus" in found["date"]
    assert {"boat", "car"} <= found["reach"]
    assert found["province_rule"] == {"boat"}
    assert found["banned"] == {"bus"}
    assert found["norm"] == {"car"}
    assert "motorcycle" in found["too_dear"]
    assert "car" in found["outbid"]
