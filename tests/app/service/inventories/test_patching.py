from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from app.service.inventories import patching
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
#: A commune of Lai Châu before 1 July 2025, that has no namesake today.
OLD_CODE = "03391"


def cells(client: TestClient, address: str, name: str) -> dict[str, str]:
    """Return the cells of an asset of Lai Châu."""
    rows = client.get(f"{address}/provinces/12", headers=LAI_CHAU).json()["assets"]
    return next(dict(row) for row in rows if row["asset_id"] == name)


def part_of(client: TestClient, address: str) -> dict[str, Any]:
    """Return the part of Lai Châu."""
    found: dict[str, Any] = client.get(f"{address}/provinces/12", headers=LAI_CHAU).json()
    return found


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


@pytest.mark.parametrize(
    ("row", "column", "value"),
    [
        ({"asset_id": "A", "units": {"a": 1}}, "units", "object"),
        ({"asset_id": "A", "Số lượng": [1, 2]}, "units", "array"),
        ({"asset_id": ["A"], "units": 1}, "asset_id", "array"),
        (car("Z") | {"category": {"a": {}}}, "category", "object"),
        (car("Z") | {"commune_code": []}, "commune_code", "array"),
        ({"asset_id": "A", "note": [[]]}, "note", "array"),
    ],
)
def test_a_value_that_no_cell_can_hold_is_one_issue_with_row_and_column(
    sqlite_client: TestClient, row: dict[str, Any], column: str, value: str
) -> None:
    address = made(sqlite_client, [car("A")], [need("N")])
    answer = change(sqlite_client, address, [{"asset_id": "B", "units": -1}, row])
    assert (answer.status_code, answer.json()["code"]) == (422, "inventory_rows"), answer.text
    (found,) = (one for one in answer.json()["issues"] if one["file"] == "assets.upsert[1]")
    assert [found[key] for key in ("column", "code", "severity", "value")] == [
        column, "cell_nested", "error", value,
    ]  # fmt: skip
    assert "negative" in codes_of(answer)  # the other row is told in the same answer


def test_warnings_about_what_was_sent_are_told_and_those_about_the_stored_part_are_not(
    sqlite_client: TestClient,
) -> None:
    address = made(sqlite_client, [car("A", màu="đỏ"), car("B")], [need("N")])
    done = change(sqlite_client, address, [{"asset_id": "A", "unit": 2}])
    assert [(one["file"], one["column"], one["code"]) for one in done.json()["warnings"]] == [
        ("assets", "unit", "column_unknown")
    ]
    same = change(sqlite_client, address, [{"asset_id": "A", "units": 2}])
    assert (same.status_code, same.json()["warnings"]) == (200, [])
    old = change(sqlite_client, address, [car("C", commune=OLD_CODE)])
    assert {(one["file"], one["code"]) for one in old.json()["warnings"]} >= {("body", "codes_translated")}
    assert "?commune_codes=" in next(
        one["remedy"] for one in old.json()["warnings"] if one["code"] == "codes_translated"
    )
    stored = {row["asset_id"]: row for row in part_of(sqlite_client, address)["assets"]}
    assert (stored["B"]["commune_code"], stored["C"]["old_commune_code"]) == (SIN_SUOI_HO, OLD_CODE)


def test_a_heading_that_is_our_own_word_can_be_changed_again_and_an_empty_one_is_an_issue(
    sqlite_client: TestClient,
) -> None:
    address = made(sqlite_client, [car("A")], [need("N")])
    for value in ("x", "y"):
        done = change(sqlite_client, address, [{"asset_id": "A", "row": value}])
        assert (done.status_code, done.json()["stored"]) == (200, True), done.text
        assert cells(sqlite_client, address, "A")["given_row"] == value
    empty = change(sqlite_client, address, [{"asset_id": "A", "": "x"}])
    assert [(one["file"], one["code"], one["value"]) for one in empty.json()["issues"]] == [
        ("assets.upsert[0]", "key_empty", "x")
    ]


def test_rows_of_which_each_has_headings_of_its_own_are_no_part(
    sqlite_client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = made(sqlite_client, [car("A")], [need("N")])
    monkeypatch.setattr(patching, "MOST_CELLS", 100)
    rows = [{"asset_id": f"X{number}", f"column {number}": "x"} for number in range(10)]
    answer = change(sqlite_client, address, rows)
    assert [one["code"] for one in answer.json()["issues"]] == ["cells_too_many"]


def test_what_is_no_change_at_all_is_refused_field_by_field(sqlite_client: TestClient) -> None:
    address = made(sqlite_client, [car("A")], [need("N")])
    part = f"{address}/provinces/12"
    bodies: list[Any] = [
        {"houses": {}},
        {"assets": {"upsert": [["A"]]}},
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


def test_what_is_wrong_with_a_heading_is_of_no_row(sqlite_client: TestClient) -> None:
    # The heading is row 1 of the table that is checked, and no row of the change or of the part.
    address = made(sqlite_client, [car("A"), car("B", DOAN_KET)], [need("N")])
    answer = change(sqlite_client, address, [{"asset_id": "A", "a\u0001b": "x"}])
    assert codes_of(answer) == {"control_character"}
    found = next(one for one in answer.json()["issues"] if one["code"] == "control_character")
    assert (found["file"], found["row"], found["value"]) == ("assets", None, r"'a\x01b'")
