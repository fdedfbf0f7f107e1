"""Codes and ids of any letters: found however they are typed, and answered after they are stored."""

from __future__ import annotations

from typing import TYPE_CHECKING
from unicodedata import normalize
from urllib.parse import quote

import pytest
import sqlalchemy as sa
from starlette.testclient import TestClient

from app.service.http.below import Below
from app.service.inventories import parameters
from app.service.store.actor import SYSTEM
from app.service.store.models import InventoryVersion
from tests.app.service.inventories.uploads import (
    BA_DINH,
    LAI_CHAU,
    MINISTRY,
    SIN_SUOI_HO,
    car,
    codes_of,
    etag_of,
    made,
    need,
)

if TYPE_CHECKING:
    from app.service.store.database import Database

XE, XE_NFD = "Xe Hà-1", normalize("NFD", "Xe Hà-1")
CODE = "HĐN"


def register(code: str = CODE) -> list[dict[str, object]]:
    """Return a register of one's own, with a code that Latin-1 has not."""
    one = {"commune_code": BA_DINH, "name": "Ba Đình", "lat": 21.03, "lon": 105.8}
    other = {"commune_code": SIN_SUOI_HO, "name": "Sin Suối Hồ", "lat": 22.4, "lon": 103.4}
    return [
        {**one, "province_code": code, "province_name": "Hà Nội"},
        {**other, "province_code": "12", "province_name": "Lai Châu"},
    ]


def test_filters_find_what_another_system_typed(client: TestClient) -> None:
    address = made(client, [car(XE, official_id="Số-1", kind="Xe lạ"), car("B")], [need("Nhu cầu")])
    rows = client.get(f"{address}/assets?q={quote(XE)}", headers=MINISTRY).json()["items"]
    kind = str(rows[0]["cells"]["kind"])
    cases = [("assets", "q", XE[:5]), ("assets", "official_id", "Số-1"), ("assets", "kind", kind)]
    cases.append(("needs", "q", "Nhu cầu"))
    assert not kind.isascii()
    for side, name, text in cases:
        for form in ("NFC", "NFD"):
            answer = client.get(f"{address}/{side}", params={name: normalize(form, text)}, headers=MINISTRY)
            items = answer.json()["items"]
            assert len(items) == 1, (side, name, form)
    named = client.post(f"/v1/inventories?name={quote(XE_NFD)}", headers=MINISTRY)
    assert client.get(named.headers["Location"], headers=MINISTRY).json()["name"] == XE


def test_a_row_is_removed_by_the_id_that_changes_it(sqlite_client: TestClient) -> None:
    client = sqlite_client
    address = made(client, [car(XE), car("B")], [need("N")])
    for name in (XE, XE_NFD, f" {XE} "):
        for change in ({"remove": [name]}, {"upsert": [{"asset_id": name, "units": 2}]}):
            headers = LAI_CHAU | {"If-Match": etag_of(client, address, "12")}
            where = f"{address}/provinces/12?dry_run=true"
            answer = client.patch(where, json={"assets": change}, headers=headers)
            assert answer.status_code == 200, (name, change, answer.text)
            changed = answer.json()["changed"]["assets"]
            assert changed["removed"] + changed["changed"] == 1
    both = {"upsert": [{"asset_id": XE_NFD, "units": 2}], "remove": [XE]}
    assert codes_of(client.patch(where, json={"assets": both}, headers=headers)) == {"id_twice"}


def test_a_key_of_a_body_that_is_there_twice_in_other_forms_is_refused(sqlite_client: TestClient) -> None:
    address = made(sqlite_client, [car("A")], [need("N")])
    note = "ghi chú"
    row = f'{{"asset_id": "A", "{note}": "1", "{normalize("NFD", note)}": "2"}}'
    headers = LAI_CHAU | {"If-Match": "*", "Content-Type": "application/json"}
    body = f'{{"assets": {{"upsert": [{row}]}}}}'.encode()
    answer = sqlite_client.patch(f"{address}/provinces/12", content=body, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (422, "body_json")


def test_a_part_whose_code_no_header_holds_is_stored_and_answered(client: TestClient) -> None:
    address = made(client, [car("A")], [need("N")], communes=register())
    rows = {"assets": [car("H", BA_DINH)], "needs": [need("HN", BA_DINH)]}
    stored = client.put(f"{address}/provinces/{CODE}", json=rows, headers=MINISTRY)
    assert stored.status_code == 201, stored.text
    assert stored.headers["Location"] == f"{address}/provinces/{quote(CODE)}"
    for kind in ("json", "csv", "xlsx"):
        for form in ("NFC", "NFD"):
            where = f"{stored.headers['Location']}?format={kind}"
            if form == "NFD":
                where = f"{address}/provinces/{quote(normalize(form, CODE))}?format={kind}"
            read = client.get(where, headers=MINISTRY)
            assert read.status_code == 200, (kind, form, read.text)
            assert read.headers["ETag"] == stored.headers["ETag"]
            if kind != "json":
                assert quote(CODE) in read.headers["Content-Disposition"]


def test_what_cannot_be_answered_is_not_stored(
    sqlite_client: TestClient, sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = made(sqlite_client, [car("A")], [need("N")])
    headers = MINISTRY | {"If-Match": etag_of(sqlite_client, address, "12")}

    def fail(*_given: object, **_named: object) -> None:
        raise ZeroDivisionError

    def versions() -> int:
        with sqlite_database.reading(SYSTEM) as session:
            return session.scalar(sa.select(sa.func.count()).select_from(InventoryVersion)) or 0

    before = versions()
    rows = {"assets": [car("A", units=5)], "needs": [need("N")]}
    change = {"assets": {"upsert": [car("A", units=5)]}}
    table = {"communes": register("01")}
    with monkeypatch.context() as patched:
        patched.setattr(parameters, "upload_document", fail)
        for ask, where, body in (
            (sqlite_client.put, "provinces/12", rows),
            (sqlite_client.patch, "provinces/12", change),
            (sqlite_client.put, "tables/communes", table),
        ):
            with pytest.raises(ZeroDivisionError):
                ask(f"{address}/{where}", json=body, headers=headers if "prov" in where else MINISTRY)
    assert versions() == before
    assert sqlite_client.put(f"{address}/provinces/12", json=rows, headers=headers).status_code == 200
    assert versions() == before + 1


def test_addresses_in_answers_are_below_the_path_of_a_proxy(sqlite_client: TestClient) -> None:
    with TestClient(Below(sqlite_client.app, "/surplan"), base_url="http://t") as below:
        posted = below.post("/surplan/v1/inventories", json={"name": "x"}, headers=MINISTRY)
        address = posted.headers["Location"]
        assert address.startswith("/surplan/v1/inventories/inv_")
        rows = {"assets": [car("A")], "needs": [need("N")]}
        part = below.put(f"{address}/provinces/12", json=rows, headers=MINISTRY)
        assert part.headers["Location"] == f"{address}/provinces/12"
        norms = below.put(f"{address}/tables/communes", json={"communes": register("01")}, headers=MINISTRY)
        assert norms.status_code == 201, norms.text
        assert norms.headers["Location"] == f"{address}/tables/communes"
        assert below.get(norms.headers["Location"], headers=MINISTRY).status_code == 200
