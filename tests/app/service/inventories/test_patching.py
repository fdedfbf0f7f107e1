from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.app.service.inventories.uploads import (
    DOAN_KET,
    LAI_CHAU,
    MINISTRY,
    SIN_SUOI_HO,
    car,
    codes_of,
    etag_of,
    house,
    made,
    need,
)

if TYPE_CHECKING:
    from httpx2 import Response
    from starlette.testclient import TestClient

ANY = {"If-Match": "*"}


def cells(client: TestClient, address: str, name: str) -> dict[str, str]:
    """Return the cells of an asset of Lai Châu."""
    rows = client.get(f"{address}/provinces/12", headers=LAI_CHAU).json()["assets"]
    return next(dict(row) for row in rows if row["asset_id"] == name)


def change(client: TestClient, address: str, upsert: list[dict[str, Any]], **more: object) -> Response:
    """Change assets of Lai Châu."""
    body = {"assets": {"upsert": upsert}, **more}
    return client.patch(f"{address}/provinces/12", json=body, headers=LAI_CHAU | ANY)


def test_columns_given_replace_cells_and_the_others_stay(client: TestClient) -> None:
    address = made(client, [car("A", note="cũ", name="Xe 1"), car("B")], [need("N"), need("M")])
    tag = etag_of(client, address, "12")
    before = cells(client, address, "A")
    body = {
        "assets": {"upsert": [{"asset_id": "A", "Số lượng": 3, "note": None}, car("C")], "remove": ["B"]},
        "needs": {"remove": ["M"]},
    }
    part = f"{address}/provinces/12"
    assert client.patch(part, json=body, headers=LAI_CHAU).status_code == 428
    done = client.patch(part, json=body, headers=LAI_CHAU | {"If-Match": tag})
    assert done.status_code == 200, done.text
    assert done.json()["changed"] == {
        "assets": {"added": 1, "changed": 1, "removed": 1},
        "needs": {"added": 0, "changed": 0, "removed": 1},
    }
    assert client.patch(part, json=body, headers=LAI_CHAU | {"If-Match": tag}).status_code == 412
    after = cells(client, address, "A")
    assert before.pop("note") == "cũ"
    assert after == before | {"units": "3"}
    same = change(client, address, [{"asset_id": "A", "units": "3"}])
    assert (same.status_code, same.json()["stored"]) == (200, False)


def test_a_row_that_moves_loses_the_place_that_it_had(sqlite_client: TestClient) -> None:
    address = made(sqlite_client, [car("A"), car("B", lat=22.52, lon=103.49)], [need("N")])
    seat = cells(sqlite_client, address, "A")
    assert seat["location_source"] == "commune"
    moved = change(
        sqlite_client,
        address,
        [{"asset_id": "A", "commune_code": DOAN_KET}, {"asset_id": "B", "commune_code": DOAN_KET}],
    )
    assert moved.status_code == 200, moved.text
    for name in ("A", "B"):
        now = cells(sqlite_client, address, name)
        assert (now["commune_code"], now["location_source"]) == (DOAN_KET, "commune")
        assert now["lat"] != seat["lat"]
    pointed = change(sqlite_client, address, [{"asset_id": "A", "lat": 22.5, "lon": 103.4}])
    assert pointed.status_code == 200, pointed.text
    now = cells(sqlite_client, address, "A")
    assert (now["commune_code"], now["lat"], now["lon"], now["location_source"]) == (
        DOAN_KET,
        "22.5",
        "103.4",
        "given",
    )
    half = change(sqlite_client, address, [{"asset_id": "A", "lat": 22.6}])
    assert half.status_code == 200, half.text
    assert (cells(sqlite_client, address, "A")["lat"], cells(sqlite_client, address, "A")["lon"]) == (
        "22.6",
        "103.4",
    )
    cleared = change(sqlite_client, address, [{"asset_id": "A", "lat": None, "lon": None}])
    assert cleared.status_code == 200, cleared.text
    assert cells(sqlite_client, address, "A")["location_source"] == "commune"
    assert "point_incomplete" in codes_of(change(sqlite_client, address, [{"asset_id": "A", "lat": 22.5}]))


def test_issues_name_the_row_of_the_change_or_the_stored_row_that_it_breaks(
    sqlite_client: TestClient,
) -> None:
    desk = {"asset_id": "D", "category": "equipment", "kind": "desk_set", "units": 4, "attached_to": "H"}
    assets = [
        house("H", 22.52, 103.49, 100),
        desk | {"commune_code": SIN_SUOI_HO},
        car("A", official_id="12Q-1"),
    ]
    address = made(sqlite_client, assets, [need("N")])
    wrong = change(
        sqlite_client,
        address,
        [{"asset_id": "A", "units": -1}, {"units": 3}, car("Z", official_id="12Q-1"), {"asset_id": "A"}],
        needs={"remove": ["X"]},
    )
    codes = {(one["file"], one["code"]) for one in wrong.json()["issues"]}
    assert {
        ("assets.upsert[0]", "negative"),
        ("assets.upsert[1]", "id_missing"),
        ("assets.upsert[2]", "duplicate_official_id"),
        ("assets.upsert[3]", "id_twice"),
        ("needs.remove[0]", "id_unknown"),
    } <= codes
    assert wrong.status_code == 422
    orphan = sqlite_client.patch(
        f"{address}/provinces/12", json={"assets": {"remove": ["H"]}}, headers=LAI_CHAU | ANY
    )
    assert codes_of(orphan) == {"attached_unknown"}
    assert [(one["file"], one["value"]) for one in orphan.json()["issues"]] == [("assets[D]", "H")]
    assert sqlite_client.get(address, headers=MINISTRY).json()["head"] == 1


def test_what_is_no_change_at_all_is_refused_field_by_field(sqlite_client: TestClient) -> None:
    address = made(sqlite_client, [car("A")], [need("N")])
    part = f"{address}/provinces/12"
    bodies: list[Any] = [
        {"houses": {}},
        {"assets": {"upsert": [{"asset_id": ["A"]}]}},
        [],
        {"assets": {"remove": [1]}},
    ]
    for body in bodies:
        answer = sqlite_client.patch(part, json=body, headers=LAI_CHAU | ANY)
        assert (answer.status_code, answer.json()["code"]) == (422, "fields"), body
    half = b'{"assets": {"remove": ["\\ud800"]}}'
    kind = {"Content-Type": "application/json"}
    surrogate = sqlite_client.patch(part, content=half, headers=LAI_CHAU | ANY | kind)
    assert (surrogate.status_code, surrogate.json()["code"]) == (422, "body_json")
    nowhere = sqlite_client.patch(f"{address}/provinces/14", json={}, headers=MINISTRY | ANY)
    assert nowhere.status_code == 404
