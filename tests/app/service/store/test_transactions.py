"""What transactions wait for, how long, and what they see, with a server whose own settings are others."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from app.service.inventories.versions import locked_inventory
from app.service.replans.triggers import on_new_version, on_schedule
from app.service.runs.queue import ask_run
from app.service.scenarios.replanning import change_replan
from app.service.store import audit, database, engine
from app.service.store.actor import SYSTEM
from app.service.store.audit import record, verify
from app.service.store.database import Database
from app.service.store.models import InventoryVersion, Run, Scenario
from app.service.store.types import utc_now
from app.settings import read_settings
from tests.app.service.databases import with_tables
from tests.app.service.runs.stage import seed
from tests.app.service.serving import app_client, as_

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from app.service.store.scope import ScopedSession


@pytest.fixture
def server(postgres_url: str) -> Iterator[Database]:
    """A database with all tables on PostgreSQL: SQLite has one writer at a time."""
    with with_tables(postgres_url) as found:
        yield found


def in_thread(act: Callable[[], object]) -> tuple[threading.Thread, list[object]]:
    """Do something beside the test; return the thread, and what came out."""
    came: list[object] = []

    def run() -> None:
        try:
            came.append(act())
        except sa.exc.DBAPIError as error:
            came.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    return thread, came


def ask(server: Database, scenario: str) -> str:
    with server.writing(SYSTEM) as session:
        run = ask_run(
            session, scenario_id=scenario, inventory_version=1, baseline_plan_id=None, time_limit_s=None
        )
        return run.id


def show(session: ScopedSession, name: str) -> str:
    return str(session.connection().exec_driver_sql(f"SHOW {name}").scalar_one())


def test_a_run_is_queued_while_a_version_of_its_inventory_is_made(server: Database) -> None:
    scenario = seed(server)
    with server.writing(SYSTEM) as importing:
        locked_inventory(importing, "inv_1")
        thread, came = in_thread(lambda: ask(server, scenario))
        thread.join(20)
        assert came, "the request waits for the import"
    assert str(came[0]).startswith("run_")


def test_an_import_and_a_schedule_of_one_scenario_do_not_wait_for_each_other(server: Database) -> None:
    scenario = seed(server)
    with server.writing(SYSTEM) as session:
        values = {"replan_schedule": "* * * * *", "replan_due_at": utc_now(), "replan_on_version": True}
        session.execute(sa.update(Scenario).where(Scenario.id == scenario).values(**values))
    with server.writing(SYSTEM) as importing:
        inventory = locked_inventory(importing, "inv_1")
        with server.writing(SYSTEM) as planning:
            due = sa.select(Scenario).with_for_update(key_share=True)
            assert planning.scalars(due).all()  # as `on_schedule` begins
            inventory.head = 2
            made = {"created_at": utc_now(), "created_by": "test", "cause": "part_replaced", "changed": {}}
            importing.add(InventoryVersion(inventory_id="inv_1", number=2, **made))
            importing.flush()
            importing.connection().exec_driver_sql("SET LOCAL lock_timeout = '5s'")
            assert on_new_version(importing, "inv_1", 2, SYSTEM) == 1
            planning.connection().exec_driver_sql("SET LOCAL lock_timeout = '5s'")
            assert on_schedule(planning, utc_now()) == 1
    with server.reading(SYSTEM) as session:
        assert sorted(session.scalars(sa.select(Run.cause))) == ["new_version", "schedule"]


def test_a_run_is_queued_while_its_scenarios_schedule_is_changed(server: Database) -> None:
    scenario = seed(server)
    with server.writing(SYSTEM) as changing:
        change_replan(changing, scenario, on_new_version=True, schedule=None, settings=read_settings())
        thread, came = in_thread(lambda: ask(server, scenario))
        thread.join(20)
        assert came, "the request waits for the change"
    assert str(came[0]).startswith("run_")


def test_writers_see_what_was_committed_whatever_the_servers_default_is(server: Database) -> None:
    name = server.engine.url.database
    with server.engine.connect() as connection:
        connection.exec_driver_sql(
            f"ALTER DATABASE {name} SET default_transaction_isolation = 'repeatable read'"
        )
        connection.commit()
    other = Database(server.url)
    with other.writing(SYSTEM) as first:
        assert first.scalar(sa.select(sa.func.count()).select_from(Run)) == 0  # it has begun
        record(first, action="x", subject="first")
        with other.writing(SYSTEM) as second:
            record(second, action="x", subject="second")
    with other.engine.connect() as plain:
        assert plain.exec_driver_sql("SHOW transaction_isolation").scalar_one() == "read committed"
    with other.reading(SYSTEM) as session:
        assert show(session, "transaction_isolation") == "repeatable read"
        assert verify(session).entries == 2
    other.close()


def test_a_writer_that_is_frozen_before_its_commit_lets_the_others_go_on(
    server: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    frozen, wakes = threading.Event(), threading.Event()

    def freeze(_connection: sa.Connection) -> None:
        frozen.set()
        wakes.wait(30)

    slow = Database(server.url)
    sa.event.listen(slow.engine, "commit", freeze)

    def write(store: Database, subject: str) -> None:
        with store.writing(SYSTEM) as session:
            record(session, action="x", subject=subject)

    with monkeypatch.context() as patched:  # for it alone: the other one may be slow
        patched.setattr(audit, "_IDLES_S", 1)
        thread, came = in_thread(lambda: write(slow, "frozen"))
        assert frozen.wait(30)
    write(server, "other")
    wakes.set()
    thread.join()
    assert isinstance(came[0], sa.exc.OperationalError)  # what it wrote is gone, and it knows
    with server.reading(SYSTEM) as session:
        assert verify(session).entries == 1
    slow.close()


def test_a_writer_that_does_nothing_loses_its_locks_and_a_reader_may_take_its_time(
    server: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    seed(server)
    locked = threading.Event()

    def idle() -> None:
        with server.writing(SYSTEM) as session:
            locked_inventory(session, "inv_1")
            locked.set()
            time.sleep(2)
            session.flush()
            locked_inventory(session, "inv_1")

    with server.reading(SYSTEM) as reading:
        assert reading.scalar(sa.select(sa.func.count()).select_from(Run)) == 0
        with monkeypatch.context() as patched:  # for it alone: the other one may be slow
            patched.setattr(database, "IDLES_S", 1)
            thread, came = in_thread(idle)
            assert locked.wait(30)
        with server.writing(SYSTEM) as session:
            locked_inventory(session, "inv_1")
        thread.join()
        assert isinstance(came[0], sa.exc.OperationalError)
        assert reading.scalar(sa.select(sa.func.count()).select_from(Run)) == 0


def test_whoever_waits_too_long_for_a_lock_is_told_to_come_again(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(engine.OF_SESSION, "lock_timeout", "300ms")
    with with_tables(postgres_url) as server, app_client(server) as client:
        scenario = seed(server)
        with server.writing(SYSTEM) as session:
            session.scalars(sa.select(Scenario).where(Scenario.id == scenario).with_for_update()).one()
            answer = client.post("/v1/runs", json={"scenario_id": scenario}, headers=as_("planner"))
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")
        again = client.post("/v1/runs", json={"scenario_id": scenario}, headers=as_("planner"))
        assert again.status_code == 202


def test_connections_are_asked_whether_the_other_end_is_there(server: Database) -> None:
    with server.reading(SYSTEM) as session:
        driver = session.connection().connection.dbapi_connection
        assert driver is not None
        options = {one.keyword.decode(): one.val for one in driver.pgconn.info}
        assert (options["keepalives"], options["keepalives_idle"]) == (b"1", b"30")
        assert show(session, "lock_timeout") == "30s"
        assert show(session, "idle_in_transaction_session_timeout") == "0"
