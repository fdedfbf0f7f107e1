from __future__ import annotations

import hashlib
import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
from starlette.testclient import TestClient

from app.service.access import keys
from app.service.access.gate import BELIEVED_S, KeyGate
from app.service.http.application import create_app
from app.service.http.state import State
from app.service.store.actor import SYSTEM, Role
from app.service.store.models import ApiKey, AuditEntry
from app.service.store.types import utc_now
from app.settings import read_settings
from tests.app.service.serving import as_

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.service.store.database import Database

FORM = re.compile(r"sp_[0-9a-z]{26}_[a-z2-7]{52}")


class Clock:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def guarded(sqlite_database: Database, clock: Clock) -> Iterator[TestClient]:
    """A client of the application that lets in by keys."""
    state = State(sqlite_database, read_settings({}), KeyGate(sqlite_database, clock=clock))
    with TestClient(create_app(state)) as client:
        yield client


def make(database: Database, role: Role = Role.ADMIN, **rest: Any) -> tuple[str, dict[str, str]]:  # noqa: ANN401  # whatever a key takes
    with database.writing(SYSTEM) as session:
        key, text = keys.create_key(session, name="Sở Tài chính", role=role, **rest)
    return key.id, {"Authorization": f"Bearer {text}"}


def test_a_key_is_shown_once_and_its_secret_is_stored_nowhere(client: TestClient, database: Database) -> None:
    made = client.post(
        "/v1/keys",
        json={"name": " Lai Châu ", "role": "province_planner", "province_code": "12"},
        headers=as_("admin"),
    )
    assert made.status_code == 201
    text = made.json()["key"]
    assert FORM.fullmatch(text)
    secret = text.rsplit("_", 1)[1]
    assert made.headers["Cache-Control"] == "no-store"
    answers = [client.get(path, headers=as_("admin")).text for path in ("/v1/keys", "/v1/audit")]
    assert "Lai Châu" in answers[0]
    assert all(secret not in answer for answer in answers)
    with database.reading(SYSTEM) as session:
        row = session.scalars(sa.select(ApiKey)).one()
        entry = session.scalars(sa.select(AuditEntry)).one()
    assert row.secret_sha256 == hashlib.sha256(secret.encode()).hexdigest()
    assert (row.name, row.created_by) == ("Lai Châu", "admin")
    assert (entry.action, entry.subject, entry.province_code) == ("key.created", row.id, "12")


def test_keys_differ_and_have_256_bits(sqlite_database: Database) -> None:
    texts = {make(sqlite_database)[1]["Authorization"] for _ in range(50)}
    assert len({text.rsplit("_", 1)[1] for text in texts}) == 50
    assert 32**52 >= 2**256


@pytest.mark.parametrize(
    ("wanted", "codes"),
    [
        ({"role": "province_planner"}, {"key_province_missing"}),
        ({"role": "planner", "province_code": "12"}, {"key_province_superfluous"}),
        ({"role": "province_approver", "province_code": "99"}, {"key_province_unknown"}),
        ({"role": "commune"}, {"key_province_missing", "key_commune_missing"}),
        ({"role": "commune", "province_code": "12", "commune_code": "99999"}, {"key_commune_unknown"}),
        ({"role": "commune", "province_code": "12", "commune_code": "00004"}, {"key_commune_elsewhere"}),
        (
            {"role": "province_planner", "province_code": "12", "commune_code": "03388"},
            {"key_commune_superfluous"},
        ),
        (
            {"role": "admin", "name": " \n", "expires_at": "2020-01-01T00:00:00Z"},
            {"key_name", "key_expired"},
        ),
    ],
)
def test_every_thing_that_is_wrong_with_a_key_is_said_at_once_in_both_languages(
    sqlite_client: TestClient, wanted: dict[str, str], codes: set[str]
) -> None:
    for lang in ("en", "vi"):
        answer = sqlite_client.post(
            f"/v1/keys?lang={lang}", json={"name": "a"} | wanted, headers=as_("admin")
        )
        assert answer.status_code == 422
        issues = answer.json()["issues"]
        assert {one["code"] for one in issues} == codes
        assert all(one["message"] and one["remedy"] and "{" not in one["message"] for one in issues)
    assert sqlite_client.get("/v1/keys", headers=as_("admin")).json()["items"] == []


@pytest.mark.parametrize(
    "body", [{}, {"name": "a"}, {"name": "a", "role": "king"}, {"name": "a", "role": "admin", "more": 1}]
)
def test_a_key_that_is_no_key_is_refused(sqlite_client: TestClient, body: dict[str, object]) -> None:
    answer = sqlite_client.post("/v1/keys", json=body, headers=as_("admin"))
    assert (answer.status_code, answer.json()["code"]) == (422, "fields")


def test_a_key_lets_in_with_its_role_and_province(guarded: TestClient, sqlite_database: Database) -> None:
    key_id, headers = make(sqlite_database, Role.COMMUNE, province_code="12", commune_code="03388")
    me = guarded.get("/v1/me", headers=headers).json()
    assert me == {
        "id": key_id,
        "name": "Sở Tài chính",
        "role": "commune",
        "province_code": "12",
        "commune_code": "03388",
    }
    assert guarded.get("/v1/keys", headers=headers).status_code == 403


def test_what_is_nearly_a_key_lets_nobody_in(guarded: TestClient, sqlite_database: Database) -> None:
    _, headers = make(sqlite_database)
    right = headers["Authorization"]
    first, second = make(sqlite_database)[1]["Authorization"].rsplit("_", 1)
    wrong = [
        right[:-1],
        right + "a",
        right[:-1] + ("a" if right[-1] != "a" else "b"),
        right.replace("Bearer ", "Basic "),
        f"{first}_{right.rsplit('_', 1)[1]}",  # the id of one key and the secret of another
        f"{right.rsplit('_', 1)[0]}_{second}",
        "Bearer ",
        "Bearer sp__",
        "Bearer " + "x" * 5000,
    ]
    for text in wrong:
        assert guarded.get("/v1/me", headers={"Authorization": text}).status_code == 401, text
    assert guarded.get("/v1/me", headers={b"Authorization": b"Bearer \xff\xfe"}).status_code == 401
    assert guarded.get("/v1/me", headers=headers).status_code == 200


def test_a_revoked_key_ends_here_at_once_and_elsewhere_in_seconds(
    guarded: TestClient, sqlite_database: Database, clock: Clock
) -> None:
    _, admin = make(sqlite_database)
    key_id, headers = make(sqlite_database, Role.PLANNER)
    assert guarded.get("/v1/me", headers=headers).status_code == 200
    revoked = guarded.post(f"/v1/keys/{key_id}/revoke", headers=admin)
    assert revoked.json()["revoked_at"] is not None
    assert guarded.get("/v1/me", headers=headers).status_code == 401
    again = guarded.post(f"/v1/keys/{key_id}/revoke", headers=admin)
    assert again.json() == revoked.json()  # it stays as it is, and is noted once
    noted = guarded.get("/v1/audit?action=key.revoked", headers=admin).json()["items"]
    assert [entry["subject"] for entry in noted] == [key_id]
    other_id, other = make(sqlite_database, Role.PLANNER)
    assert guarded.get("/v1/me", headers=other).status_code == 200
    with sqlite_database.writing(SYSTEM) as session:
        keys.revoke_key(session, other_id)
    clock.now += BELIEVED_S - 0.1
    assert guarded.get("/v1/me", headers=other).status_code == 200
    clock.now += 0.2
    assert guarded.get("/v1/me", headers=other).status_code == 401


def test_a_key_ends_at_its_instant_though_it_is_believed(
    guarded: TestClient, sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    ends = utc_now() + timedelta(hours=1)
    _, headers = make(sqlite_database, expires_at=ends)
    assert guarded.get("/v1/me", headers=headers).status_code == 200
    for module in ("gate", "keys"):
        monkeypatch.setattr(f"app.service.access.{module}.utc_now", lambda: ends)
    assert guarded.get("/v1/me", headers=headers).status_code == 401


def test_an_administrator_does_not_revoke_the_key_in_its_hand(
    guarded: TestClient, sqlite_database: Database
) -> None:
    key_id, admin = make(sqlite_database)
    answer = guarded.post(f"/v1/keys/{key_id}/revoke", headers=admin)
    assert (answer.status_code, answer.json()["code"]) == (409, "own_key")
    assert guarded.post("/v1/keys/key_none/revoke", headers=admin).status_code == 404
    assert guarded.get("/v1/me", headers=admin).status_code == 200


def test_lists_of_keys_and_entries_come_in_pages(client: TestClient, database: Database) -> None:
    for _ in range(5):
        make(database, Role.PLANNER)
    for path, key in (("/v1/keys", "id"), ("/v1/audit", "number")):
        found: list[Any] = []
        address = f"{path}?limit=2"
        while True:
            page = client.get(address, headers=as_("admin")).json()
            assert len(page["items"]) <= 2
            found += [item[key] for item in page["items"]]
            if page["next"] is None:
                break
            address = f"{path}?limit=2&after={page['next']}"
        assert len(found) == 5
        assert found == sorted(set(found))
        assert client.get(f"{path}?after=nonsense", headers=as_("admin")).status_code == 422


def test_entries_are_found_by_what_by_whom_and_when(client: TestClient, database: Database) -> None:
    first, _ = make(database, Role.PLANNER)
    client.post("/v1/keys", json={"name": "b", "role": "auditor"}, headers=as_("admin"))
    client.post(f"/v1/keys/{first}/revoke", headers=as_("admin"))

    def numbers(**wanted: str) -> list[int]:
        answer = client.get("/v1/audit", params=wanted, headers=as_("auditor"))
        return [item["number"] for item in answer.json()["items"]]

    everything = client.get("/v1/audit", headers=as_("auditor")).json()["items"]
    assert numbers() == [1, 2, 3]
    assert numbers(action="key.created") == [1, 2]
    assert numbers(subject=first) == [1, 3]
    assert numbers(actor="system") == [1]
    assert numbers(actor="key_admin_", action="key.revoked") == [3]
    assert numbers(**{"from": everything[1]["at"]}) == [2, 3]
    assert numbers(**{"from": everything[1]["at"], "to": everything[2]["at"]}) == [2]
    for bad in ("yesterday", "2026-11-23T08:00:00", "0001-01-01T00:00:00%2B14:00"):
        assert client.get(f"/v1/audit?from={bad}", headers=as_("auditor")).status_code == 422, bad


def test_the_chain_is_checked_over_http_with_a_head_of_before(client: TestClient, database: Database) -> None:
    make(database)
    before = client.get("/v1/audit/verify", headers=as_("auditor")).json()
    assert (before["ok"], before["entries"], before["fault"]) == (True, 1, None)
    make(database)
    later = client.get("/v1/audit/verify", params={"head": before["head"]}, headers=as_("auditor")).json()
    assert (later["ok"], later["entries"]) == (True, 2)
    forged = "1:" + "0" * 64
    for lang, word in (("en", "written anew"), ("vi", "viết lại")):
        params = {"head": forged, "lang": lang}
        report = client.get("/v1/audit/verify", params=params, headers=as_("auditor")).json()
        assert (report["ok"], report["fault"], report["broken_number"]) == (False, "anchor_differs", 1)
        assert word in report["message"]
