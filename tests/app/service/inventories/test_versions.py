from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pytest
import sqlalchemy as sa

from app.service.store.actor import SYSTEM
from app.service.store.models import AuditEntry
from tests.app.service.inventories.uploads import (
    BA_DINH,
    DOAN_KET,
    HA_NOI,
    LAI_CHAU,
    MINISTRY,
    car,
    house,
    made,
    need,
)

if TYPE_CHECKING:
    from httpx2 import Response
    from starlette.testclient import TestClient

    from app.service.store.database import Database

ANY = {"If-Match": "*"}


def differences(
    client: TestClient, address: str, headers: dict[str, str], **query: object
) -> list[dict[str, Any]]:
    """Return all differences, read in pages of one."""
    found: list[dict[str, Any]] = []
    following = None
    while True:
        words = query | {"limit": 1} | ({"after": following} if following else {})
        answer = client.get(f"{address}/diff?{urlencode(words)}", headers=headers)
        assert answer.status_code == 200, answer.text
        found += answer.json()["items"]
        following = answer.json()["next"]
        if following is None:
            return found


def test_differences_name_rows_and_cells_in_both_directions(client: TestClient) -> None:
    address = made(client, [car("A", note="x"), car("B"), car("C", BA_DINH)], [need("N")])
    tables = {"assets": [car("A", units=2), car("D")], "needs": [need("N")]}
    client.put(f"{address}/provinces/12", json=tables, headers=MINISTRY | ANY)
    client.patch(f"{address}/provinces/01", json={"assets": {"remove": ["C"]}}, headers=MINISTRY | ANY)
    client.patch(
        f"{address}/provinces/01", json={"assets": {"upsert": [car("C", BA_DINH)]}}, headers=MINISTRY | ANY
    )
    found = differences(client, address, MINISTRY, **{"from": 1, "to": 2})
    assert [(one["province_code"], one["plan_id"], one["change"]) for one in found] == [
        ("12", "A", "changed"),
        ("12", "B", "removed"),
        ("12", "D", "added"),
    ]
    assert found[0]["cells"] == {"units": ["1", "2"], "note": ["x", ""]}
    assert found[1]["cells"]["asset_id"] == ["B", ""]
    back = differences(client, address, MINISTRY, **{"from": 2, "to": 1})
    assert [(one["plan_id"], one["change"]) for one in back] == [
        ("A", "changed"),
        ("B", "added"),
        ("D", "removed"),
    ]
    assert back[0]["cells"] == {"units": ["2", "1"], "note": ["", "x"]}
    assert [one["plan_id"] for one in differences(client, address, MINISTRY, **{"from": 2, "to": 3})] == ["C"]
    assert differences(client, address, MINISTRY, **{"from": 2, "to": 4}) == []
    assert differences(client, address, HA_NOI, **{"from": 1, "to": 2}) == []
    assert len(differences(client, address, LAI_CHAU, **{"from": 1, "to": 4})) == 3
    late = client.get(f"{address}/diff?from=1&to=5", headers=MINISTRY)
    assert late.status_code == 422


def test_duplicates_across_parts_are_found_by_code_and_by_place_and_area(client: TestClient) -> None:
    first = [car("A", official_id="12Q-1"), house("H", 22.52, 103.49, 100), house("J", 22.53, 103.49, 100)]
    address = made(client, first, [need("N")])
    second = [car("B", BA_DINH, official_id="12Q-1"), car("C", BA_DINH, official_id="01Q-2")]
    done = client.put(f"{address}/provinces/01", json={"assets": second, "needs": []}, headers=MINISTRY)
    assert done.status_code == 201, done.text
    added = {"assets": {"upsert": [house("K", 22.520001, 103.49, 100), house("L", 22.52, 103.49, 90)]}}
    assert client.patch(f"{address}/provinces/12", json=added, headers=MINISTRY | ANY).status_code == 200

    def twins(headers: dict[str, str], **query: object) -> list[tuple[str, str, list[str]]]:
        answer = client.get(f"{address}/duplicates?{urlencode(query)}", headers=headers).json()
        return [
            (one["reason"], one["value"], [row["plan_id"] for row in one["assets"]])
            for one in answer["items"]
        ]

    code, place = ("official_id", "12Q-1", ["A", "B"]), ("place", "22.52000,103.49000,100", ["H", "K"])
    assert twins(MINISTRY) == [code, place]
    assert twins(MINISTRY, version=1) == []
    assert twins(LAI_CHAU) == [place]
    assert twins(HA_NOI) == []
    page = client.get(f"{address}/duplicates?limit=1", headers=MINISTRY).json()
    assert twins(MINISTRY, limit=1) == [code]
    assert twins(MINISTRY, limit=1, after=page["next"]) == [place]


def test_every_accepted_change_is_in_the_audit_and_nothing_else(
    database: Database, client: TestClient
) -> None:
    address = made(client, [car("A")], [need("N")])
    part = f"{address}/provinces/12"
    client.put(part, json={"assets": [car("B")], "needs": []}, headers=LAI_CHAU | ANY)
    client.put(part, json={"assets": [car("B")], "needs": []}, headers=LAI_CHAU | ANY)  # equal: no version
    client.put(part, json={"assets": [car("B", units=-1)], "needs": []}, headers=LAI_CHAU | ANY)
    client.patch(part, json={"assets": {"remove": ["B"]}}, headers=LAI_CHAU | ANY)
    table = b"province_code,authority_vi\n,UBND t\xe1\xbb\x89nh\n"
    tables = client.put(
        f"{address}/tables/authorities",
        content=table,
        headers=MINISTRY | {"Content-Type": "text/csv"},
        params={"table": "authorities"},
    )
    assert tables.status_code == 201, tables.text
    with database.reading(SYSTEM) as session:
        entries = session.scalars(sa.select(AuditEntry).order_by(AuditEntry.number)).all()
    assert [(one.action, one.role, one.province_code, one.details["version"]) for one in entries] == [
        ("inventory.created", "planner", None, 1),
        ("inventory.part_replaced", "province_planner", "12", 2),
        ("inventory.rows_patched", "province_planner", "12", 3),
        ("inventory.tables_replaced", "planner", None, 4),
    ]
    assert {one.subject for one in entries} == {address.rsplit("/", 1)[1]}


def table_of(client: TestClient, address: str, name: str, text: str, **headers: str) -> Response:
    """Send a shared table as a file of a form."""
    files = {name: ("bảng.csv", text.encode())}
    return client.put(f"{address}/tables/{name}", files=files, headers=MINISTRY | headers)


def test_a_shared_table_has_its_own_etag_and_is_checked_with_all_rows(client: TestClient) -> None:
    address = made(client, [car("A"), car("C", BA_DINH)], [need("N")])
    text = "province_code,authority_vi\n12,Bộ trưởng\n"
    assert client.get(f"{address}/tables/authorities", headers=MINISTRY).status_code == 404
    first = table_of(client, address, "authorities", text)
    assert (first.status_code, first.json()["version"]) == (201, 2), first.text
    tag = first.headers["ETag"]
    assert table_of(client, address, "authorities", text).status_code == 428
    assert table_of(client, address, "authorities", text, **{"If-Match": '"x"'}).status_code == 412
    same = table_of(client, address, "authorities", text, **{"If-Match": tag})
    assert (same.status_code, same.json()["stored"]) == (200, False)
    wrong = table_of(client, address, "authorities", text + "\n99,Ai\n", **{"If-Match": tag})
    assert wrong.status_code == 422, wrong.text
    (found,) = wrong.json()["issues"]
    assert [found[key] for key in ("file", "row", "column", "code")] == [
        "bảng.csv",
        4,
        "province_code",
        "province_unknown",
    ]
    read = client.get(f"{address}/tables/authorities", headers=LAI_CHAU)
    assert (read.headers["ETag"], read.text.lstrip("\ufeff").splitlines()) == (tag, text.splitlines())
    head = client.get(address, headers=LAI_CHAU).json()
    assert [f'"{one["etag"]}"' for one in head["tables"]] == [tag]
    gone = client.delete(f"{address}/tables/authorities", headers=MINISTRY | {"If-Match": tag})
    assert (gone.status_code, gone.json()["version"]) == (200, 3), gone.text
    assert client.get(f"{address}/tables/authorities", headers=MINISTRY).status_code == 404
    assert client.get(f"{address}/tables/authorities?version=2", headers=MINISTRY).status_code == 200
    assert table_of(client, address, "authorities", text).status_code == 201


def test_a_register_that_knows_a_row_no_longer_is_refused_by_the_rows_id(sqlite_client: TestClient) -> None:
    address = made(sqlite_client, [car("A"), car("C", BA_DINH)], [need("N")])
    columns = "commune_code,name,kind,province_code,province_name,lat,lon\n"
    lai_chau = "03394,Sin Suối Hồ,xã,12,Lai Châu,22.52,103.49\n"
    lost = table_of(sqlite_client, address, "communes", columns + lai_chau)
    assert lost.status_code == 422, lost.text
    assert ("assets[C]", BA_DINH) in {(one["file"], one["value"]) for one in lost.json()["issues"]}
    moved = table_of(
        sqlite_client, address, "communes", columns + lai_chau + "00004,Ba Đình,phường,02,Khác,21,105\n"
    )
    assert {(one["file"], one["code"]) for one in moved.json()["issues"] if one["severity"] == "error"} == {
        ("assets[C]", "row_elsewhere")
    }


def test_pairs_of_all_provinces_are_for_the_ministry_and_rows_may_do_without_a_commune(
    sqlite_client: TestClient,
) -> None:
    assets = [
        {"asset_id": "A", "category": "vehicle"},
        {"asset_id": "B", "category": "vehicle", "commune_code": DOAN_KET},
    ]
    needs = [{"need_id": "N", "category": "vehicle"}]
    matches = [{"asset_id": "A", "need_id": "N", "cost_vnd": 5}]
    address = made(sqlite_client, assets, needs, matches=matches)
    parts = sqlite_client.get(address, headers=MINISTRY).json()["parts"]
    assert {one["province_code"]: (one["assets"], one["needs"]) for one in parts} == {
        "12": (1, 0),
        "national": (1, 1),
    }
    assert sqlite_client.get(f"{address}/tables/matches", headers=MINISTRY).text.endswith("A,N,5\r\n")
    hidden = sqlite_client.get(f"{address}/tables/matches", headers=LAI_CHAU)
    assert (hidden.status_code, hidden.json()["code"]) == (403, "table_rows")
    part = {
        "assets": [{"asset_id": "B", "category": "vehicle", "commune_code": DOAN_KET, "units": 2}],
        "needs": [],
    }
    done = sqlite_client.put(f"{address}/provinces/12", json=part, headers=LAI_CHAU | ANY)
    assert done.status_code == 200, done.text
    unknown = table_of(sqlite_client, address, "matches", "asset_id,need_id,cost_vnd\nA,X,5\n", **ANY)
    assert {one["code"] for one in unknown.json()["issues"]} >= {"need_unknown"}


@pytest.mark.parametrize("name", ["communes", "norms", "authorities", "distances", "matches"])
def test_a_shared_table_without_rows_or_of_another_name_is_refused(
    sqlite_client: TestClient, name: str
) -> None:
    address = made(sqlite_client, [car("A")], [need("N")])
    assert table_of(sqlite_client, address, name, "").status_code == 422
    assert sqlite_client.put(f"{address}/tables/{name}", headers=MINISTRY).json()["code"] == "upload_nothing"
    files = {"assets": ("a.csv", b"asset_id,category,commune_code\nA,vehicle,03394\n")}
    other = sqlite_client.put(f"{address}/tables/{name}", files=files, headers=MINISTRY)
    assert (other.status_code, other.json()["code"]) == (422, "upload_file")
    assert sqlite_client.put(f"{address}/tables/{name}", files=files, headers=LAI_CHAU).status_code == 403
