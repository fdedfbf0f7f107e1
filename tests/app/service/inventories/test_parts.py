from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TYPE_CHECKING

from tests.app.service.inventories.uploads import (
    BA_DINH,
    HA_NOI,
    LAI_CHAU,
    MINISTRY,
    ROOT,
    SIN_SUOI_HO,
    car,
    codes_of,
    etag_of,
    made,
    need,
)
from tests.app.service.serving import app_client

if TYPE_CHECKING:
    from starlette.testclient import TestClient

    from app.service.store.database import Database


def both(client: TestClient) -> str:
    """Make an inventory of two provinces."""
    return made(client, [car("A"), car("B"), car("C", BA_DINH)], [need("N"), need("M", BA_DINH)])


def test_a_new_inventory_is_version_1_with_a_part_for_each_province(client: TestClient) -> None:
    address = both(client)
    head = client.get(address, headers=MINISTRY)
    assert head.headers["ETag"] == '"1"'
    found = head.json()
    assert (found["head"], found["version"], found["name"]) == (1, 1, "Xe công")
    parts = {one["province_code"]: (one["assets"], one["needs"], one["number"]) for one in found["parts"]}
    assert parts == {"01": (1, 1, 1), "12": (2, 1, 1)}
    assert [one["id"] for one in client.get(ROOT, headers=LAI_CHAU).json()["items"]] == [found["id"]]
    mine = client.get(address, headers=LAI_CHAU).json()["parts"]
    assert [one["province_code"] for one in mine] == ["12"]


def test_an_empty_inventory_is_filled_by_the_provinces(client: TestClient) -> None:
    answer = client.post(ROOT, json={"name": "Trống"}, headers=MINISTRY)
    assert answer.status_code == 201, answer.text
    address = answer.headers["Location"]
    part = f"{address}/provinces/12"
    assert client.get(part, headers=LAI_CHAU).status_code == 404
    tables = {"assets": [car("A")], "needs": []}
    stale = client.put(part, json=tables, headers=LAI_CHAU | {"If-Match": '"x"'})
    assert stale.status_code == 412
    first = client.put(part, json=tables, headers=LAI_CHAU | {"If-None-Match": "*"})
    assert first.status_code == 201, first.text
    assert first.headers["Location"] == part
    assert first.json()["version"] == 2
    assert client.put(part, json=tables, headers=LAI_CHAU | {"If-None-Match": "*"}).status_code == 412
    assert client.get(part, headers=LAI_CHAU).headers["ETag"] == first.headers["ETag"]


def test_a_part_is_replaced_only_by_who_read_its_newest_state(client: TestClient) -> None:
    address = both(client)
    part, tag = f"{address}/provinces/12", etag_of(client, address, "12")
    tables = {"assets": [car("A", units=3), car("D")], "needs": [need("N")]}
    for unwanted in (tag, f"W/{tag}", f'"x", W/{tag}', "*"):  # weak tags count for If-None-Match
        headers = LAI_CHAU | {"If-Match": tag, "If-None-Match": unwanted}
        assert client.put(part, json=tables, headers=headers).status_code == 412, unwanted
    weak = client.put(part, json=tables, headers=LAI_CHAU | {"If-Match": f"W/{tag}"})
    assert weak.status_code == 412
    missing = client.put(part, json=tables, headers=LAI_CHAU)
    assert (missing.status_code, missing.json()["code"]) == (428, "unconditional")
    dry = client.put(f"{part}?dry_run=true", json=tables, headers=LAI_CHAU | {"If-Match": tag})
    assert dry.status_code == 200, dry.text
    one, none = (dict.fromkeys(("added", "changed", "removed"), count) for count in (1, 0))
    counts = {"assets": one, "needs": none}
    assert (dry.json()["changed"], dry.json()["stored"], dry.headers["ETag"]) == (counts, False, tag)
    done = client.put(part, json=tables, headers=LAI_CHAU | {"If-Match": tag})
    assert done.status_code == 200, done.text
    assert (done.json()["changed"], done.json()["version"]) == (counts, 2)
    assert client.put(part, json=tables, headers=LAI_CHAU | {"If-Match": tag}).status_code == 412
    assert client.put(part, json=tables, headers=LAI_CHAU | {"If-Match": f"W/{tag}"}).status_code == 412
    again = client.put(part, json=tables, headers=LAI_CHAU | {"If-Match": done.headers["ETag"]})
    assert (again.status_code, again.json()["stored"], again.json()["version"]) == (200, False, 2)
    before = client.get(f"{part}?version=1", headers=LAI_CHAU)
    assert before.headers["ETag"] == tag
    assert [row["asset_id"] for row in before.json()["assets"]] == ["A", "B"]
    other = client.get(f"{address}/provinces/01", headers=MINISTRY)
    assert (
        client.get(f"{address}/provinces/01?version=1", headers=MINISTRY).json()["etag"]
        == other.json()["etag"]
    )
    versions = client.get(f"{address}/versions", headers=MINISTRY).json()["items"]
    assert [(one["number"], one["cause"], one["province_code"]) for one in versions] == [
        (2, "part_replaced", "12"),
        (1, "created", None),
    ]
    unseen = client.get(f"{address}/versions", headers=HA_NOI).json()["items"]
    assert [one["changed"] for one in unseen] == [None, None]


def test_of_two_updates_of_one_part_one_wins_and_two_parts_never_meet(database: Database) -> None:
    with app_client(database) as client:
        address = both(client)
        tags = {code: etag_of(client, address, code) for code in ("12", "01")}

        def send(barrier: Barrier, code: str, number: int) -> int:
            rows = [car(f"X{number}", SIN_SUOI_HO if code == "12" else BA_DINH)]
            headers = MINISTRY | {"If-Match": tags[code]}
            barrier.wait()
            part = f"{address}/provinces/{code}"
            return client.put(part, json={"assets": rows, "needs": []}, headers=headers).status_code

        with ThreadPoolExecutor(4) as pool:
            barrier = Barrier(4)
            sent = [pool.submit(send, barrier, code, number) for code in ("12", "01") for number in (1, 2)]
            statuses = [one.result() for one in sent]
        assert sorted(statuses[:2]) == sorted(statuses[2:]) == [200, 412]
        assert client.get(address, headers=MINISTRY).json()["head"] == 3


def test_rows_of_another_province_are_refused_and_so_are_tables_of_the_ministry(
    sqlite_client: TestClient,
) -> None:
    address = both(sqlite_client)
    headers = LAI_CHAU | {"If-Match": etag_of(sqlite_client, address, "12")}
    part = f"{address}/provinces/12"
    elsewhere = sqlite_client.put(
        part, json={"assets": [car("A"), car("C", BA_DINH)], "needs": []}, headers=headers
    )
    assert codes_of(elsewhere) == {"row_elsewhere"}
    found = elsewhere.json()["issues"][0]  # errors come first
    assert (found["file"], found["row"], found["column"], found["value"]) == (
        "body (assets)",
        3,
        "commune_code",
        BA_DINH,
    )
    norms = [{"key": "vehicle/car", "value": 1}]
    assert "table_not_here" in codes_of(
        sqlite_client.put(part, json={"assets": [car("A")], "needs": [], "norms": norms}, headers=headers)
    )
    assert "file_missing" in codes_of(sqlite_client.put(part, json={"assets": [car("A")]}, headers=headers))
    assert sqlite_client.put(part, headers=headers).json()["code"] == "upload_nothing"
    assert sqlite_client.get(address, headers=MINISTRY).json()["head"] == 1


def test_a_province_may_neither_see_nor_write_another_part(sqlite_client: TestClient) -> None:
    address = both(sqlite_client)
    part = f"{address}/provinces/01"
    assert sqlite_client.get(part, headers=LAI_CHAU).status_code == 404
    tables: dict[str, list[object]] = {"assets": [], "needs": []}
    put = sqlite_client.put(part, json=tables, headers=LAI_CHAU | {"If-Match": "*"})
    assert (put.status_code, put.json()["code"]) == (403, "province")
    patch = sqlite_client.patch(part, json={}, headers=LAI_CHAU | {"If-Match": "*"})
    assert (patch.status_code, patch.json()["code"]) == (403, "province")
    created = sqlite_client.post(ROOT, json={"name": "x"}, headers=LAI_CHAU)
    assert (created.status_code, created.json()["code"]) == (403, "role")
    unknown = sqlite_client.put(f"{address}/provinces/99", json=tables, headers=MINISTRY)
    assert (unknown.status_code, unknown.json()["code"]) == (404, "missing")


def test_an_id_that_another_part_had_first_gets_the_province_behind_it_for_ever(client: TestClient) -> None:
    address = both(client)
    part = f"{address}/provinces/01"
    tables = {
        "assets": [car("C", BA_DINH), car("A", BA_DINH), car("A@01", BA_DINH)],
        "needs": [need("N", BA_DINH)],
    }
    done = client.put(part, json=tables, headers=MINISTRY | {"If-Match": "*"})
    assert done.status_code == 200, done.text

    def names() -> list[tuple[str, str]]:
        rows = client.get(f"{address}/assets?province=01", headers=MINISTRY).json()["items"]
        return sorted((one["cells"]["asset_id"], one["plan_id"]) for one in rows)

    expected = names()
    assert expected[0][0] == "A"
    assert len({name for _, name in expected}) == 3
    assert {name for given, name in expected if given == "A"} <= {"A@01", "A@01@01"}
    needs = client.get(f"{address}/needs?province=01", headers=MINISTRY).json()["items"]
    assert [one["plan_id"] for one in needs] == ["N@01"]
    empty = client.put(part, json={"assets": [], "needs": []}, headers=MINISTRY | {"If-Match": "*"})
    assert empty.json()["assets"] == 0
    assert client.put(part, json=tables, headers=MINISTRY | {"If-Match": "*"}).status_code == 200
    assert names() == expected
