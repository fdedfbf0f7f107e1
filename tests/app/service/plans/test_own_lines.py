"""Two plans side by side, by who sees only its own rows of them: rows that are its own in one plan alone."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner

from app.cli import application
from app.service.store.actor import SYSTEM
from app.service.store.models import Inventory, InventoryVersion
from app.service.store.types import utc_now
from tests.app.service.inventories.uploads import BA_DINH, DOAN_KET, SIN_SUOI_HO, car, need
from tests.app.service.plans.published import LAI_CHAU, add_inventory, add_scenario, publish
from tests.app.service.serving import app_client, as_

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from starlette.testclient import TestClient

    from app.service.store.database import Database

Rows = list[dict[str, Any]]
MINE = as_("province_planner", LAI_CHAU)
HERE, THERE = as_("commune", LAI_CHAU, SIN_SUOI_HO), as_("commune", LAI_CHAU, DOAN_KET)


def solved(folder: Path, assets: Rows, needs: Rows) -> Path:
    given = folder / "given"
    given.mkdir(parents=True)
    for table, rows in (("assets", assets), ("needs", needs)):
        with (given / f"{table}.csv").open("w", newline="", encoding="utf-8") as stream:
            writer = csv.DictWriter(stream, sorted({key for row in rows for key in row}))
            writer.writeheader()
            writer.writerows(rows)
    (given / "scenario.json").write_text(json.dumps({}), encoding="utf-8")
    done = CliRunner().invoke(application, ["solve", str(given), "--out", str(folder / "plan"), "-q"])
    assert done.exit_code == 0, done.output
    return folder / "plan"


@dataclass(frozen=True)
class Plans:
    """Of one inventory; `elsewhere` is of another, whose ids are those of Lai Châu's rows."""

    client: TestClient
    before: str
    after: str
    elsewhere: str

    def difference(self, who: dict[str, str], plan: str, against: str) -> Any:  # noqa: ANN401  # JSON
        address = f"/v1/plans/{plan}/diff"
        answer = self.client.get(address, params={"against": against}, headers=who)
        assert answer.status_code == 200, answer.text
        assert answer.json()["whole"] is False
        (found,) = answer.json()["differences"]
        return found


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, Path]:
    """N-1 moves from one commune to the other, A-1 goes, and B-1 comes in its place."""
    folder = tmp_path_factory.mktemp("moved")
    hanoi = ([car("H-1", BA_DINH, units=3)], [need("NH-1", BA_DINH, units=2)])
    before = solved(folder / "before", [car("A-1"), *hanoi[0]], [need("N-1"), *hanoi[1]])
    needs = [need("N-1", DOAN_KET, units=2), need("N-2"), *hanoi[1]]
    after = solved(folder / "after", [car("B-1", units=2), *hanoi[0]], needs)
    other = solved(folder / "other", [car("H-1")], [need("NH-1")])
    return before, after, other


@pytest.fixture
def plans(sqlite_database: Database, two: tuple[Path, Path, Path]) -> Iterator[Plans]:
    add_inventory(sqlite_database)
    with sqlite_database.writing(SYSTEM) as session:
        about = {"created_at": utc_now(), "created_by": "x"}
        session.add(Inventory(id="inv_2", name="Khác", head=1, **about))
        session.flush()
        version = {"inventory_id": "inv_2", "number": 1, "cause": "created", "province_code": None}
        session.execute(sa.insert(InventoryVersion), [{**version, "changed": {}, **about}])
    add_scenario(sqlite_database, "scn_1")
    add_scenario(sqlite_database, "scn_2")
    add_scenario(sqlite_database, "scn_3", inventory_id="inv_2")
    with app_client(sqlite_database) as client:
        ids = [publish(sqlite_database, folder, f"scn_{at}") for at, folder in enumerate(two, start=1)]
        yield Plans(client, *ids)


def units(line: dict[str, Any]) -> tuple[int, int]:
    return line["units_before"], line["units_after"]


@pytest.mark.parametrize("lang", ["en", "vi"])
@pytest.mark.parametrize("who", [MINE, HERE])
def test_plans_of_two_inventories_are_not_compared_for_who_sees_its_own_rows(
    plans: Plans, who: dict[str, str], lang: str
) -> None:
    for plan, against in ((plans.before, plans.elsewhere), (plans.elsewhere, plans.before)):
        params = {"against": against, "lang": lang}
        answer = plans.client.get(f"/v1/plans/{plan}/diff", params=params, headers=who)
        assert (answer.status_code, answer.json()["code"]) == (422, "compare_inventories")
        assert "NH-1" not in answer.text
        assert plan in answer.json()["detail"]
        assert answer.json()["remedy"]
        everything = plans.client.get(f"/v1/plans/{plan}/diff", params=params, headers=as_("planner"))
        assert everything.status_code == 200
        assert "NH-1" in everything.text


def test_a_row_that_moved_away_has_no_figures_of_the_plan_where_it_is_anothers(plans: Plans) -> None:
    found = plans.difference(HERE, plans.after, plans.before)
    transfers = {(line["asset_id"], line["need_id"]): line for line in found["transfers"]}
    # B-1 is its own, and N-1 was: what B-1 gives is to be seen, and not what else N-1 gets (from H-1).
    assert {pair: (line["change"], *units(line)) for pair, line in transfers.items()} == {
        ("A-1", "N-1"): ("removed", 1, 0),
        ("B-1", "N-1"): ("added", 0, 1),
        ("B-1", "N-2"): ("added", 0, 1),
    }
    assert {line["reason_after"] for pair, line in transfers.items() if pair[1] == "N-1"} == {"no_row"}
    needs = {line["need_id"]: line for line in found["needs"]}
    moved = needs["N-1"]
    assert (moved["change"], *units(moved)) == ("no_longer_met", 1, 0)
    assert (moved["unmet_after"], moved["cost_after_vnd"], moved["assets_after"]) == (0, 0, [])
    assert (moved["reason_before"], moved["reason_after"]) == ("", "no_row")
    assert {line["asset_id"]: units(line) for line in found["assets"]} == {"A-1": (1, 0), "B-1": (0, 2)}
    assert found["counts"]["no_longer_met"] == {"lines": 1, "units": 1}
    assert found["provinces"] == []


def test_a_row_that_moved_here_has_no_figures_of_the_plan_where_it_was_anothers(plans: Plans) -> None:
    found = plans.difference(THERE, plans.after, plans.before)
    assert sorted((line["asset_id"], line["need_id"], *units(line)) for line in found["transfers"]) == [
        ("B-1", "N-1", 0, 1),
        ("H-1", "N-1", 0, 1),
    ]
    (line,) = found["needs"]
    assert (line["need_id"], line["change"], *units(line)) == ("N-1", "newly_met", 0, 2)
    assert (line["cost_before_vnd"], line["assets_before"], line["reason_before"]) == (0, [], "no_row")
    assert found["assets"] == []
    assert "A-1" not in json.dumps(found)


def test_the_province_of_both_communes_sees_the_row_on_both_sides(plans: Plans) -> None:
    found = plans.difference(MINE, plans.after, plans.before)
    needs = {line["need_id"]: (line["change"], *units(line)) for line in found["needs"]}
    assert needs == {"N-1": ("more_met", 1, 2), "N-2": ("newly_met", 0, 1)}
    assert [row["province_code"] for row in found["provinces"]] == [LAI_CHAU]
    assert "NH-1" not in json.dumps(found)
