from __future__ import annotations

import shutil
import threading
import tomllib
from pathlib import Path
from textwrap import dedent
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from hatchling.builders.wheel import WheelBuilder

import app.service.store
from app.errors import InputError
from app.service.operations import migrating
from app.service.operations.migrating import Schema
from app.service.operations.restore import check_backup, restore
from app.service.operations.upgrading import upgrade
from app.service.store import audit
from app.service.store.actor import SYSTEM
from app.service.store.database import Database
from app.service.store.types import Base, utc_now
from tests.app.service.operations.filled import contents, fill, runs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).parents[4]
#: The newest migration there is, and the one that a next version might bring.
HEAD = migrating.newest()
NEXT = f"{int(HEAD) + 1:04}"


@pytest.fixture
def empty(database_url: str) -> Iterator[Database]:
    """An empty database of each kind."""
    found = Database(database_url)
    yield found
    found.close()


def silent(_key: str, **_words: str) -> None:
    """Say nothing."""


def tables_of(database: Database) -> set[str]:
    with database.engine.connect() as connection:
        return set(sa.inspect(connection).get_table_names())


def schema_of(database: Database) -> Schema:
    with database.engine.connect() as connection:
        return migrating.schema(connection)


@pytest.fixture
def next_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Let the code be of the next version, with a migration that makes a table anew that others refer to."""
    folder = tmp_path / "migrations"
    shutil.copytree(ROOT / "migrations", folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "versions" / f"{NEXT}_next.py").write_text(
        dedent(f"""
            import sqlalchemy as sa
            from alembic import op

            revision, down_revision = "{NEXT}", "{HEAD}"


            def upgrade():
                with op.batch_alter_table("inventories") as table:
                    table.add_column(sa.Column("office", sa.String(9), nullable=False, server_default="none"))
                    table.alter_column("name", type_=sa.String(300))


            def downgrade():
                with op.batch_alter_table("inventories") as table:
                    table.alter_column("name", type_=sa.String(200))
                    table.drop_column("office")
            """),
        encoding="utf-8",
    )
    return lambda: monkeypatch.setattr(migrating, "scripts", lambda: folder)


def test_the_migrations_make_what_the_models_say_and_take_it_away_again(empty: Database) -> None:
    with migrating.changing(empty) as connection:
        migrating.migrate(connection)
    assert tables_of(empty) == {*Base.metadata.tables, "alembic_version"}
    with empty.engine.connect() as connection:
        assert migrating.drift(connection) == []
    with migrating.changing(empty) as connection:
        migrating.migrate_back(connection, "base")
    assert tables_of(empty) == {"alembic_version"}
    with migrating.changing(empty) as connection:
        migrating.migrate(connection)
    assert schema_of(empty) is Schema.CURRENT


def test_drift_is_found(empty: Database) -> None:
    migrating.make_if_empty(empty)
    with migrating.changing(empty) as connection:
        connection.exec_driver_sql("DROP INDEX ix_runs_state")
        connection.exec_driver_sql("CREATE TABLE ours_no_more (id INTEGER PRIMARY KEY)")
        # The job engine makes such a table itself, and changes it.
        connection.exec_driver_sql("CREATE TABLE datasource_outputs (id INTEGER PRIMARY KEY)")
    with empty.engine.connect() as connection:
        found = str(migrating.drift(connection))
    assert "ix_runs_state" in found
    assert "ours_no_more" in found
    assert "datasource_outputs" not in found


def test_a_migrated_database_refuses_to_change_the_audit_chain(empty: Database) -> None:
    migrating.make_if_empty(empty)
    fill(empty)
    for statement in ("DELETE FROM audit_entries", "UPDATE audit_entries SET action = 'x'"):
        with pytest.raises(sa.exc.DBAPIError, match="only be added to"), empty.engine.begin() as connection:
            connection.exec_driver_sql(statement)


def test_a_migration_that_fails_leaves_nothing(empty: Database) -> None:
    def half() -> None:
        with migrating.changing(empty) as connection:
            migrating.migrate(connection)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        half()
    assert tables_of(empty) == set()


def test_an_upgrade_backs_up_migrates_and_queues_abandoned_runs_again(
    empty: Database, tmp_path: Path, next_version: Callable[[], None]
) -> None:
    migrating.make_if_empty(empty)
    fill(empty)
    before = contents(empty)
    next_version()
    with pytest.raises(InputError) as caught:
        migrating.make_if_empty(empty)
    assert caught.value.key == "schema_old"
    steps: list[str] = []
    done = upgrade(empty, tmp_path / "backups", lambda key, **_: steps.append(key))
    assert steps == ["upgrade_backup", "upgrade_migrate"]
    assert (done.before, done.after, list(done.requeued)) == (HEAD, NEXT, ["run_running"])
    assert schema_of(empty) is Schema.CURRENT
    assert contents(empty) == before
    found = runs(empty)
    assert (found["run_running"].state, found["run_running"].dispatch) == ("QUEUED", 4)
    assert (found["run_queued"].state, found["run_queued"].dispatch) == ("QUEUED", 3)
    assert (found["run_succeeded"].state, found["run_succeeded"].dispatch) == ("SUCCEEDED", 3)
    with empty.reading(SYSTEM) as session:
        assert audit.verify(session).entries == 3
    # The backup is of before, and restores into what is needed now.
    assert done.backup is not None
    assert check_backup(done.backup).revision == HEAD
    clean = Database(f"sqlite:///{(tmp_path / 'clean' / 's.sqlite').as_posix()}")
    restore(done.backup, clean)
    assert contents(clean) == before
    with clean.reading(SYSTEM) as session:
        assert session.connection().scalars(sa.text("SELECT office FROM inventories")).all() == ["none"]
    clean.close()


def test_a_migration_goes_down_with_the_rows_in_place(
    empty: Database, next_version: Callable[[], None]
) -> None:
    next_version()
    migrating.make_if_empty(empty)
    fill(empty)
    before = contents(empty)
    with migrating.changing(empty) as connection:
        migrating.migrate_back(connection, HEAD)
        assert migrating.drift(connection) == []
    assert contents(empty) == before


def test_a_store_of_the_first_migration_comes_to_the_newest_and_back_with_its_rows(empty: Database) -> None:
    with migrating.changing(empty) as connection:
        migrating.migrate(connection, "0001")
    assert schema_of(empty) is Schema.OLD
    fill(empty)
    before = contents(empty)
    with migrating.changing(empty) as connection:
        migrating.migrate(connection)
        assert migrating.drift(connection) == []
    assert contents(empty) == before
    with migrating.changing(empty) as connection:
        migrating.migrate_back(connection, "0001")
    assert contents(empty) == before


def test_an_upgrade_without_a_backup_changes_nothing(
    empty: Database, tmp_path: Path, next_version: Callable[[], None]
) -> None:
    migrating.make_if_empty(empty)
    next_version()
    (tmp_path / "backups").touch()  # a file where the folder should be
    with pytest.raises(InputError) as caught:
        upgrade(empty, tmp_path / "backups", silent)
    assert caught.value.key == "backup_unwritable"
    assert schema_of(empty) is Schema.OLD


def test_an_upgrade_leaves_the_runs_of_living_workers_alone(empty: Database, tmp_path: Path) -> None:
    migrating.make_if_empty(empty)
    fill(empty, worker_seen=utc_now())
    done = upgrade(empty, tmp_path, silent)
    assert (done.backup, list(done.requeued)) == (None, [])
    assert runs(empty)["run_running"].state == "RUNNING"


def test_of_upgrades_at_once_one_works_and_the_others_find_it_done(empty: Database, tmp_path: Path) -> None:
    barrier, done = threading.Barrier(3), []

    def start() -> None:
        database = Database(empty.url)
        barrier.wait()
        done.append(upgrade(database, tmp_path, silent))
        database.close()

    threads = [threading.Thread(target=start) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(str(one.before) for one in done) == [HEAD, HEAD, "None"]
    assert schema_of(empty) is Schema.CURRENT


@pytest.mark.parametrize("revision", ["9999", None])
def test_a_newer_schema_and_one_that_no_migration_made_are_refused(
    empty: Database, tmp_path: Path, revision: str | None
) -> None:
    migrating.make_if_empty(empty)
    with migrating.changing(empty) as connection:
        if revision is None:
            connection.exec_driver_sql("DELETE FROM alembic_version")
        else:
            connection.exec_driver_sql(f"UPDATE alembic_version SET version_num = '{revision}'")
    expected = "schema_foreign" if revision is None else "schema_newer"
    with pytest.raises(InputError) as caught:
        upgrade(empty, tmp_path, silent)
    assert caught.value.key == expected
    with pytest.raises(InputError) as caught:
        migrating.make_if_empty(empty)
    assert caught.value.key == expected
    assert list(tmp_path.glob("*.zip")) == []


def test_the_wheel_holds_the_migrations_where_the_installed_package_looks_for_them() -> None:
    beside = Path(str(app.service.store.__file__)).parent.relative_to(ROOT).as_posix()
    held = {file.distribution_path for file in WheelBuilder(str(ROOT)).recurse_included_files()}
    own = [path for path in (ROOT / "migrations").rglob("*") if path.suffix in (".py", ".mako")]
    expected = {
        f"{beside}/migrations/{path.relative_to(ROOT / 'migrations').as_posix()}"
        for path in own
        if path.name != "revision.py"
    }
    assert expected == {path for path in held if "migrations/" in path}
    assert any("versions/" in path for path in expected)
    sdist = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["hatch"]["build"]
    assert "/migrations" in sdist["targets"]["sdist"]["include"]


def test_migrations_beside_the_store_come_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert migrating.scripts() == ROOT / "migrations"
    store = tmp_path / "app" / "service" / "store"
    (store / "migrations").mkdir(parents=True)
    monkeypatch.setattr(app.service.store, "__file__", str(store / "__init__.py"))
    assert migrating.scripts() == store / "migrations"
