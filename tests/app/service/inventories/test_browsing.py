from __future__ import annotations

import random
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pytest
import sqlalchemy as sa
from sqlalchemy import event

from app.service.inventories import boxes, browsing
from app.service.inventories.rows import Row, digest_of, record_of
from app.service.store.actor import SYSTEM
from app.service.store.database import Database
from app.service.store.models import AssetRow
from app.service.store.types import Base
from tests.app.service.inventories.uploads import (
    BA_DINH,
    DOAN_KET,
    HA_NOI,
    LAI_CHAU,
    MINISTRY,
    SIN_SUOI_HO,
    car,
    house,
    made,
    need,
)
from tests.app.service.serving import app_client, as_

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from starlette.testclient import TestClient

COMMUNE = as_("commune", "12", SIN_SUOI_HO)


@pytest.fixture
def stocked(client: TestClient) -> str:
    """Return the address of an inventory of two provinces."""
    assets = [
        car("V-1", official_id="12Q-1"),
        car("V-2", DOAN_KET, kind="pickup"),
        car("V-10", status="in_use"),
        house("P-1", 22.52, 103.49, 100),
        car("W-1", BA_DINH),
    ]
    needs = [need("N-1"), need("N-2", BA_DINH), need("N-3", DOAN_KET)]
    return made(client, assets, needs)


def ids(client: TestClient, address: str, headers: dict[str, str] = MINISTRY, **query: object) -> list[str]:
    """Return the plan ids of a list, all its pages, of two rows unless said otherwise."""
    found: list[str] = []
    following: str | None = None
    while True:
        words = {"limit": 2} | query | ({"after": following} if following else {})
        answer = client.get(f"{address}?{urlencode(words)}", headers=headers)
        assert answer.status_code == 200, answer.text
        page = answer.json()
        assert len(page["items"]) <= int(str(words["limit"]))
        found += [one["plan_id"] for one in page["items"]]
        following = page["next"]
        if following is None:
            return found


def test_lists_come_in_pages_by_filter_prefix_and_box(client: TestClient, stocked: str) -> None:
    assets, needs = f"{stocked}/assets", f"{stocked}/needs"
    assert ids(client, assets) == ["P-1", "V-1", "V-10", "V-2", "W-1"]
    assert ids(client, needs) == ["N-1", "N-2", "N-3"]
    cases: list[tuple[dict[str, Any], list[str]]] = [
        ({"province": "12"}, ["P-1", "V-1", "V-10", "V-2"]),
        ({"commune": SIN_SUOI_HO}, ["P-1", "V-1", "V-10"]),
        ({"category": "premises"}, ["P-1"]),
        ({"kind": "pickup"}, ["V-2"]),
        ({"status": "in_use"}, ["V-10"]),
        ({"official_id": "12Q-1"}, ["V-1"]),
        ({"q": "V-1"}, ["V-1", "V-10"]),
        ({"q": "%"}, []),
        ({"q": "V-1", "province": "01"}, []),
        ({"bbox": "103.489,22.519,103.491,22.5201"}, ["P-1"]),
        ({"bbox": "102,21.9,104,23"}, ["P-1", "V-1", "V-10", "V-2"]),
        ({"bbox": "-180,-90,180,90"}, ["P-1", "V-1", "V-10", "V-2", "W-1"]),
        ({"bbox": "0,0,1,1"}, []),
    ]
    for query, expected in cases:
        assert ids(client, assets, **query) == expected, query
    assert ids(client, needs, bbox="102,21.9,104,23") == ["N-1", "N-3"]
    assert ids(client, needs, category="premises") == []


def test_everybody_sees_own_rows_alone(client: TestClient, stocked: str) -> None:
    assets = f"{stocked}/assets"
    assert ids(client, assets, LAI_CHAU) == ["P-1", "V-1", "V-10", "V-2"]
    assert ids(client, assets, HA_NOI) == ["W-1"]
    assert ids(client, assets, HA_NOI, province="12") == []
    assert ids(client, assets, COMMUNE) == ["P-1", "V-1", "V-10"]
    assert ids(client, assets, as_("auditor")) == ["P-1", "V-1", "V-10", "V-2", "W-1"]
    part = client.get(f"{stocked}/provinces/12", headers=COMMUNE)
    assert [row["asset_id"] for row in part.json()["assets"]] == ["P-1", "V-1", "V-10"]
    put = client.put(f"{stocked}/provinces/12", json={}, headers=COMMUNE | {"If-Match": "*"})
    assert put.status_code == 403


def test_a_list_that_was_begun_goes_on_in_its_version(client: TestClient, stocked: str) -> None:
    first = client.get(f"{stocked}/assets?limit=3&province=12", headers=MINISTRY).json()
    tables = {"assets": [car("V-3")], "needs": []}
    done = client.put(f"{stocked}/provinces/12", json=tables, headers=MINISTRY | {"If-Match": "*"})
    assert done.status_code == 200, done.text
    query = urlencode({"province": "12", "after": first["next"]})
    rest = client.get(f"{stocked}/assets?{query}", headers=MINISTRY).json()
    assert [one["plan_id"] for one in rest["items"]] == ["V-2"]
    assert ids(client, f"{stocked}/assets", province="12") == ["V-3"]
    assert ids(client, f"{stocked}/assets", province="12", version=1) == ["P-1", "V-1", "V-10", "V-2"]


@pytest.mark.parametrize(
    ("most_tiles", "glance_tiles", "glance_rows"),
    [(16_000, 200, 2_000), (16_000, 0, 60), (0, 0, 60), (0, 10**9, 1)],
    ids=["as it is", "a glance, then tile by tile", "a glance, then all across", "all across"],
)
def test_a_box_holds_what_lies_in_it_however_it_is_looked_for(
    database: Database,
    monkeypatch: pytest.MonkeyPatch,
    most_tiles: int,
    glance_tiles: int,
    glance_rows: int,
) -> None:
    monkeypatch.setattr(boxes, "MOST_TILES", most_tiles)
    monkeypatch.setattr(boxes, "GLANCE_TILES", glance_tiles)
    monkeypatch.setattr(boxes, "GLANCE_ROWS", glance_rows)
    dice = random.Random(7)
    with app_client(database) as client:
        address = made(client, [car("V-1")], [need("N-1")])
        inventory = address.rsplit("/", 1)[1]
        records = []
        for number in range(300):
            name, kind = f"A-{dice.randrange(10**6):06}-{number}", dice.choice(["car", "pickup"])
            cells = {"asset_id": name, "category": "vehicle", "kind": kind, "status": "surplus"}
            # On the corners of tiles too, and on those of the boxes.
            cells |= {"lat": str(dice.randrange(200, 230) / 10), "lon": str(dice.randrange(2050, 2090) / 20)}
            row = Row(name, cells, digest_of(cells), dice.choice(["01", "12"]), None, 2)
            records.append(record_of("assets", row, inventory, name, 1))
        with database.writing(SYSTEM) as session:
            session.execute(sa.insert(AssetRow), records)
        for _ in range(12):
            west, south = dice.randrange(2040, 2090) / 20, dice.randrange(195, 230) / 10
            east, north = west + dice.choice([0, 0.5, 4, 70]), south + dice.choice([0, 0.5, 4, 50])
            chosen = dice.choice([{}, {"kind": "car"}, {"province": "12"}, {"category": "premises"}])
            actor = dice.choice([MINISTRY, LAI_CHAU])
            expected = sorted(
                one["plan_id"]
                for one in records
                if west <= one["lon"] <= east
                and south <= one["lat"] <= north
                and chosen.get("kind") in (None, one["kind"])
                and chosen.get("category") is None
                and ((chosen.get("province") is None and actor is MINISTRY) or one["province_code"] == "12")
            )
            box = f"{west},{south},{east},{north}"
            found = ids(client, f"{address}/assets", actor, **chosen, bbox=box, limit=40)
            assert [one for one in found if one != "V-1"] == expected, (box, chosen)


def test_a_wrong_question_names_its_parameter(client: TestClient, stocked: str) -> None:
    wrong = {
        "after": ["x", "WyJ4Il0", "W3RydWUsIngiXQ", "%00", "é", "e30", "WzEsMl0"],
        "bbox": ["1,2,3", "a,b,c,d", "nan,0,1,1", "2,0,1,1", "0,0,0,91", "1e999,0,1,1"],
        "version": ["0", "2", "99999999999999999999", "x"],
        "limit": ["0", "1001"],
        "category": ["car"],
        "q": ["x" * 161],
    }
    for name, values in wrong.items():
        for value in values:
            answer = client.get(f"{stocked}/assets?{name}={value}", headers=MINISTRY)
            assert answer.status_code == 422, (name, value, answer.text)
            if "issues" in answer.json() and answer.json()["issues"]:
                assert answer.json()["issues"][0]["column"] == name
    assert client.get("/v1/inventories/inv_x/assets", headers=MINISTRY).status_code == 404


class Plans:
    """Notes how SQLite reads each list that is asked for."""

    def __init__(self, database: Database) -> None:
        self.steps: list[str] = []
        self._database = database
        event.listen(database.engine, "before_cursor_execute", self._explain)

    def _explain(
        self,
        connection: sa.Connection,
        _cursor: object,
        statement: str,
        parameters: Sequence[object],
        *_: object,
    ) -> None:
        if re.match(r"SELECT.*\bFROM (asset|need)_rows", statement, re.DOTALL):
            raw = connection.connection.cursor()
            raw.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
            self.steps += [row[3] for row in raw.fetchall()]
            raw.close()

    def stop(self) -> None:
        """Listen no longer."""
        event.remove(self._database.engine, "before_cursor_execute", self._explain)


@pytest.fixture(scope="module")
def crowded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[TestClient, str, Plans]]:
    """A client, an inventory with 20,000 cars all over the country, and the plans of what is asked."""
    sqlite_database = Database(f"sqlite:///{tmp_path_factory.mktemp('crowded').as_posix()}/surplan.sqlite")
    Base.metadata.create_all(sqlite_database.engine)
    with app_client(sqlite_database) as client:
        address = made(client, [car("V-1")], [need("N-1")])
        inventory = address.rsplit("/", 1)[1]
        records = []
        for number in range(20_000):
            name = f"A-{number:06}"
            cells = {"asset_id": name, "category": "vehicle", "kind": "car", "status": "surplus"}
            cells |= {"lat": str(8.5 + number % 150 / 10), "lon": str(102.2 + number % 73 / 10)}
            province, commune = f"{number % 34:02}", f"{number % 3321:05}"
            row = Row(name, cells, digest_of(cells), province, commune, 2)
            records.append(record_of("assets", row, inventory, name, 1))
        with sqlite_database.writing(SYSTEM) as session:
            session.execute(sa.insert(AssetRow), records)
        plans = Plans(sqlite_database)
        yield client, address, plans
        plans.stop()
    sqlite_database.close()


QUESTIONS = {
    "all": {},
    "a province": {"province": "12"},
    "a commune": {"commune": SIN_SUOI_HO},
    "a kind": {"kind": "car"},
    "a status": {"status": "surplus"},
    "a category": {"category": "vehicle"},
    "a register code": {"official_id": "12Q-1"},
    "a prefix": {"q": "A-0001"},
    "a province and a kind": {"province": "12", "kind": "car"},
    "a small box": {"bbox": "103.4,22.4,103.6,22.6"},
    "a large box": {"bbox": "100,8,110,24"},
}


#: Assets alone have these columns.
OF_ASSETS = {"kind", "status", "official_id"}
ASKED = [
    (side, name)
    for side in ("assets", "needs")
    for name, query in QUESTIONS.items()
    if side == "assets" or not OF_ASSETS & set(query)
]


@pytest.mark.parametrize(
    ("side", "query"), [(side, QUESTIONS[name]) for side, name in ASKED], ids=map("-".join, ASKED)
)
@pytest.mark.parametrize("headers", [MINISTRY, LAI_CHAU, COMMUNE], ids=["ministry", "province", "commune"])
def test_no_page_scans_the_table_or_sorts_more_than_a_few_rows(
    crowded: tuple[TestClient, str, Plans], side: str, query: dict[str, str], headers: dict[str, str]
) -> None:
    client, address, plans = crowded
    plans.steps.clear()
    first = client.get(f"{address}/{side}?{urlencode(query)}", headers=headers)
    assert first.status_code == 200, first.text
    if first.json()["next"] is not None:
        behind = query | {"after": first.json()["next"]}
        assert client.get(f"{address}/{side}?{urlencode(behind)}", headers=headers).status_code == 200
    assert plans.steps
    few = bool({"bbox", "official_id"} & set(query))
    for step in plans.steps:
        assert not re.match("SCAN (asset|need)_rows", step), plans.steps
        # Rows of one code (`MOST_SORTED` at most) and keys of a box, from its index alone, are sorted.
        assert "TEMP B-TREE" not in step or few, plans.steps
    assert browsing.MOST_SORTED < 20_000
