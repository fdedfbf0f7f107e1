from __future__ import annotations

import http.server
import socket
import threading
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from app.cli import application
from app.service.operations import alive, migrating
from app.service.operations.opening import opened, shown_url
from tests.app.service.operations.filled import contents, fill, runs

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """SURPLAN_HOME; nothing is in it yet."""
    monkeypatch.setenv("SURPLAN_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("SURPLAN_DATABASE_URL", raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path / "home"


def run(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(application, list(arguments))
    return result.exit_code, result.stdout, result.stderr


def test_from_nothing_to_a_restored_store(home: Path, tmp_path: Path) -> None:
    code, _, err = run("db", "current")
    assert (code, "surplan db upgrade" in err) == (1, True)
    assert not home.exists()
    code, out, err = run("db", "upgrade")
    assert (code, migrating.newest() in out, f"-> {migrating.newest()}" in err) == (0, True, True)
    assert run("db", "upgrade")[1].startswith("The database has the tables of this version already")
    assert not (home / "backups").exists()
    assert run("db", "current")[0] == 0
    with opened(f"sqlite:///{(home / 'surplan.sqlite').as_posix()}") as database:
        fill(database)
        before = contents(database)
    code, out, _ = run("db", "check")
    assert (code, "3 entries" in out) == (0, True)
    code, out, _ = run("backup", "--out", "b.zip", "--quiet")
    assert (code, "b.zip" in out, "3:" in out) == (0, True, True)
    code, out, err = run("restore", "b.zip")
    assert (code, "empty" in err) == (1, True)
    code, out, _ = run("restore", "b.zip", "--into", "clean")
    assert (code, "2 unfinished runs were queued again" in out) == (0, True)
    with opened(f"sqlite:///{(tmp_path / 'clean' / 'surplan.sqlite').as_posix()}") as database:
        assert contents(database) == before
        assert runs(database)["run_running"].state == "QUEUED"


def test_a_laptop_moves_to_a_server(home: Path, postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run("db", "upgrade")[0] == 0
    with opened(f"sqlite:///{(home / 'surplan.sqlite').as_posix()}") as database:
        fill(database)
        before = contents(database)
    assert run("backup", "--out", "b.zip")[0] == 0
    monkeypatch.setenv("SURPLAN_DATABASE_URL", postgres_url)
    assert run("restore", "b.zip")[0] == 0
    code, out, _ = run("db", "check", "--lang", "vi")
    assert (code, "Không có gì sai" in out) == (0, True)
    with opened(postgres_url) as database:
        assert contents(database) == before


def test_a_check_says_everything_that_is_wrong(home: Path) -> None:
    run("db", "upgrade")
    with opened(f"sqlite:///{(home / 'surplan.sqlite').as_posix()}") as database:
        fill(database)
        with migrating.changing(database) as connection:
            for trigger in ("audit_entries_no_update", "audit_entries_no_delete"):
                connection.exec_driver_sql(f"DROP TRIGGER {trigger}")
            connection.exec_driver_sql("UPDATE audit_entries SET actor_name = 'somebody' WHERE number = 2")
            connection.exec_driver_sql("DROP INDEX ix_runs_state")
        with database.engine.connect() as connection:
            driver = connection.connection.dbapi_connection
            assert driver is not None
            driver.cursor().execute("PRAGMA foreign_keys = OFF").close()
            connection.exec_driver_sql("DELETE FROM inventories")
            connection.commit()
    code, out, err = run("db", "check")
    assert (code, err) == (1, "")
    for said in ("ix_runs_state", "inventories", "from entry 2 on"):
        assert said in out
    assert len(out.splitlines()) == 3


@pytest.mark.parametrize(
    "command", [["db", "upgrade"], ["db", "current"], ["db", "check"], ["backup", "--out", "b"]]
)
def test_a_database_that_does_not_answer_is_said_in_one_line_without_its_password(
    command: list[str], home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    monkeypatch.setenv("SURPLAN_DATABASE_URL", f"postgresql://surplan:hush@127.0.0.1:{port}/none")
    code, out, err = run(*command, "--lang", "vi")
    assert (code, out) == (1, "")
    assert err.splitlines()[-1].startswith("Lỗi: Cơ sở dữ liệu không trả lời")
    assert "hush" not in err
    assert not home.exists()


def test_a_file_that_is_no_database_is_said_in_one_line(home: Path) -> None:
    home.mkdir()
    (home / "surplan.sqlite").write_bytes(b"no database at all, but long enough to have a header" * 9)
    code, _, err = run("db", "upgrade")
    assert (code, "does not answer" in err) == (1, True)
    assert "Traceback" not in err


@pytest.mark.parametrize("place", ["mysql://u:hush@host/name", "sqlite://"])
def test_a_place_that_is_none_is_refused_without_its_password(place: str, home: Path, tmp_path: Path) -> None:
    run("db", "upgrade")
    run("backup", "--out", "b.zip")
    code, _, err = run("restore", "b.zip", "--into", place)
    assert (code, "--into" in err, "hush" in err) == (2, True, False)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b.zip", home.name]


def test_a_refused_backup_makes_no_folder(home: Path, tmp_path: Path) -> None:
    (tmp_path / "b.zip").write_bytes(b"PK")
    code, out, err = run("restore", "b.zip", "--into", "clean", "--lang", "vi")
    assert (code, out) == (1, "")
    assert "không phải bản sao lưu nguyên vẹn" in err
    assert [path.name for path in tmp_path.iterdir()] == ["b.zip"]
    assert not home.exists()


def test_an_address_is_shown_without_its_password() -> None:
    assert shown_url("postgresql://surplan:hush@host/name") == "postgresql://surplan:***@host/name"
    assert shown_url("sqlite:////srv/surplan.sqlite") == "/srv/surplan.sqlite"


@pytest.fixture
def answering() -> Iterator[dict[str, int]]:
    """A server on loopback: its port, and the status that it answers with."""
    told = {"status": 200}

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(told["status"] if self.path == "/v1/health" else 404)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the base class's signature
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Handler) as server:
        told["port"] = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield told
        server.shutdown()
        thread.join()


def test_the_image_asks_whether_the_service_lives(answering: dict[str, int]) -> None:
    assert alive.main([str(answering["port"])]) == 0
    answering["status"] = 503
    assert alive.main([str(answering["port"])]) == 1
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    assert alive.main([str(port)]) == 1
