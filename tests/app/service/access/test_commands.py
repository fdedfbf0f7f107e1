from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner

from app.cli import application
from app.service.access.keys import find_key
from app.service.store import triggers
from app.service.store.actor import SYSTEM
from app.service.store.database import Database

if TYPE_CHECKING:
    from pathlib import Path


def run(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(application, list(arguments))
    return result.exit_code, result.stdout, result.stderr


def test_keys_are_made_listed_and_revoked_on_the_machine(home: Path) -> None:
    code, out, _ = run("keys", "list", "--lang", "vi")
    assert (code, "surplan keys create" in out) == (0, True)
    code, text, said = run("keys", "create", "Sở Tài chính", "--role", "province_planner", "--province", "38")
    assert (code, said.count("Sở Tài chính")) == (0, 1)
    database = Database(f"sqlite:///{(home / 'surplan.sqlite').as_posix()}")
    with database.reading(SYSTEM) as session:
        key = find_key(session, text.strip())
    assert key is not None
    assert (key.role, key.province_code) == ("province_planner", "38")
    code, out, _ = run(
        "keys", "create", "Kiểm toán", "--role", "auditor", "--expires", "2099-12-31", "--json"
    )
    made = json.loads(out)
    assert made["expires_at"] == "2099-12-31T17:00:00Z"  # the day counts to its end in Viet Nam
    code, out, _ = run("keys", "list")
    assert out.splitlines() == [
        f"{key.id}  province_planner  38  active  Sở Tài chính",
        f"{made['id']}  auditor  -  active  Kiểm toán",
    ]
    code, out, _ = run("keys", "revoke", key.id, "--lang", "vi")
    assert (code, "đã bị thu hồi" in out) == (0, True)
    with database.reading(SYSTEM) as session:
        assert find_key(session, text.strip()) is None
    database.close()
    listed = json.loads(run("keys", "list", "--json")[1])
    assert [one["revoked_at"] is None for one in listed] == [False, True]
    assert all("key" not in one and "secret_sha256" not in one for one in listed)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["create", "a", "--role", "commune"], ["one province", "one commune"]),
        (["create", "a", "--role", "planner", "--province", "38"], ["sees all provinces"]),
        (["create", "a", "--role", "planner", "--expires", "tomorrow"], ["--expires is 'tomorrow'"]),
        (["create", "a", "--role", "planner", "--expires", "9999-12-31"], ["--expires is"]),
        (["create", "a", "--role", "planner", "--expires", "2020-01-01"], ["end before it begins"]),
        (["create", " ", "--role", "planner"], ["name is blank"]),
        (["create", "a", "--role", "king"], ["king"]),
        (["revoke", "key_none"], ["no key key_none"]),
    ],
)
def test_what_is_no_key_ends_with_2_and_says_why(arguments: list[str], words: list[str]) -> None:
    code, out, err = run("keys", *arguments)
    assert (code, out) == (2, "")
    assert "Traceback" not in err
    for word in words:
        assert word in err
    assert json.loads(run("keys", "list", "--json")[1]) == []


def test_the_chain_is_checked_on_the_machine(home: Path) -> None:
    for name in ("a", "b"):
        run("keys", "create", name, "--role", "auditor")
    code, out, _ = run("audit", "verify", "--json")
    before = json.loads(out)
    assert (code, before["ok"], before["entries"]) == (0, True, 2)
    assert run("audit", "verify", "--head", before["head"])[0] == 0
    code, out, _ = run("audit", "verify", "--head", "2:" + "0" * 64)
    assert (code, "written anew" in out) == (1, True)
    code, _, err = run("audit", "verify", "--head", "two")
    assert (code, "NUMBER:DIGEST" in err) == (2, True)
    database = Database(f"sqlite:///{(home / 'surplan.sqlite').as_posix()}")
    # Migrations made this database, and the triggers with it.
    with pytest.raises(sa.exc.DBAPIError, match="added to"), database.engine.begin() as connection:
        connection.execute(sa.text("DELETE FROM audit_entries"))
    with database.engine.begin() as connection:
        triggers.drop(connection)
        connection.execute(sa.text("UPDATE audit_entries SET actor_name = 'x' WHERE number = 2"))
    database.close()
    code, out, _ = run("audit", "verify", "--lang", "vi")
    assert (code, out) == (1, "Mục 2 không còn như khi được ghi.\n")
