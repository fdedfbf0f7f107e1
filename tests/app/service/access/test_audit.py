from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.service.store import audit, triggers
from app.service.store.actor import SYSTEM, Actor, Role
from app.service.store.models import AuditEntry, Inventory
from app.service.store.types import utc_now

if TYPE_CHECKING:
    from app.service.store.audit import Anchor, ChainReport
    from app.service.store.database import Database

LAI_CHAU = Actor("key_1", "Lai Châu", Role.PROVINCE_PLANNER, "12")
FIELDS = [column.name for column in AuditEntry.__table__.columns]
OTHER = {
    "number": 77,
    "at": "2020-01-01 00:00:00.000000",
    "details": '{"name": "Xe khác"}',
    "previous": "f" * 64,
    "digest": "e" * 64,
}


def act(database: Database, *subjects: str, actor: Actor = SYSTEM) -> None:
    with database.writing(actor) as session:
        for subject in subjects:
            audit.record(session, action="thing.done", subject=subject, province_code="12", details={"n": 1})


def check(database: Database, anchor: Anchor | None = None) -> ChainReport:
    with database.reading(SYSTEM) as session:
        return audit.verify(session, anchor)


def tamper(database: Database, statement: str, **values: object) -> None:
    """Do what only somebody with the database in hand can do."""
    with database.engine.begin() as connection:
        triggers.drop(connection)
        connection.execute(sa.text(statement), values)
        triggers.create(connection)


def test_an_act_is_written_with_its_transaction_or_not_at_all(database: Database) -> None:
    with database.writing(LAI_CHAU) as session:
        audit.record(session, action="one", subject="a", province_code="12", details={"tên": "Xe"})
        savepoint = session.begin_nested()
        audit.record(session, action="undone", subject="b")
        savepoint.rollback()
        with session.begin_nested():
            audit.record(session, action="two", subject="c")
    with database.reading(SYSTEM) as session:
        audit.record(session, action="lost", subject="d")
    with database.writing(SYSTEM) as session:
        audit.record(session, action="lost", subject="e")
        session.rollback()
    with database.reading(SYSTEM) as session:
        entries = session.scalars(sa.select(AuditEntry).order_by(AuditEntry.number)).all()
    assert [(one.number, one.action, one.actor_id, one.role) for one in entries] == [
        (1, "one", "key_1", "province_planner"),
        (2, "two", "key_1", "province_planner"),
    ]
    assert entries[0].previous == audit.BEGINNING
    assert entries[1].previous == entries[0].digest
    assert entries[0].details == {"tên": "Xe"}
    assert check(database).ok


def test_what_is_no_json_and_what_is_too_long_is_refused_at_once(sqlite_database: Database) -> None:
    with sqlite_database.writing(SYSTEM) as session:
        for wrong in ({"action": "a" * 41}, {"subject": "s" * 201}, {"details": {"x": float("nan")}}):
            with pytest.raises(ValueError, match=r"."):
                audit.record(session, **{"action": "a", "subject": "b", **wrong})  # type: ignore[arg-type]  # wrong on purpose


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entries SET action = 'other' WHERE number = 1",
        "UPDATE audit_entries SET digest = digest",
        "DELETE FROM audit_entries WHERE number = 2",
        "DELETE FROM audit_entries",
    ],
)
def test_the_database_itself_refuses_to_change_or_remove_an_entry(database: Database, statement: str) -> None:
    act(database, "a", "b")
    before = check(database)
    with (
        pytest.raises(sa.exc.DBAPIError, match="can only be added to"),
        database.engine.begin() as connection,
    ):
        connection.exec_driver_sql(statement)
    assert check(database) == before
    assert before.entries == 2


def test_an_entry_is_not_replaced_or_truncated(sqlite_database: Database, postgres_url: str) -> None:
    from app.service.store.database import Database
    from app.service.store.types import Base

    act(sqlite_database, "a")
    with pytest.raises(sa.exc.DBAPIError, match="added to"), sqlite_database.engine.begin() as connection:
        connection.exec_driver_sql("INSERT OR REPLACE INTO audit_entries SELECT * FROM audit_entries")
    other = Database(postgres_url)
    try:
        Base.metadata.create_all(other.engine)
        with pytest.raises(sa.exc.DBAPIError, match="added to"), other.engine.begin() as connection:
            connection.exec_driver_sql("TRUNCATE audit_entries")
        Base.metadata.drop_all(other.engine)  # and leaves no function behind
        Base.metadata.create_all(other.engine)
    finally:
        other.close()


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(number=st.integers(1, 6), field=st.sampled_from(FIELDS), text=st.text("abcxyz đ", max_size=5))
def test_whatever_is_changed_in_whatever_entry_is_found_there(
    sqlite_database: Database, number: int, field: str, text: str
) -> None:
    with sqlite_database.engine.begin() as connection:
        triggers.drop(connection)
        connection.exec_driver_sql(f"DELETE FROM {triggers.TABLE}")
    act(sqlite_database, *"abcdef")
    assert check(sqlite_database).ok
    value = OTHER.get(field, text)
    tamper(sqlite_database, f"UPDATE audit_entries SET {field} = :v WHERE number = :n", v=value, n=number)
    report = check(sqlite_database)
    assert (report.ok, report.broken_number) == (False, number)
    assert report.head_number == number - 1
    assert report.fault == {"number": "gap", "previous": "previous"}.get(field, "digest")


@pytest.mark.parametrize("field", FIELDS)
def test_a_changed_field_is_found_on_every_database(database: Database, field: str) -> None:
    act(database, "a", "b", "c")
    value = OTHER.get(field, "x")
    # SQLite takes the text of an instant as it is, PostgreSQL wants to be told.
    column = "CAST(:v AS TIMESTAMP)" if field == "at" and not database.is_sqlite else ":v"
    tamper(database, f"UPDATE audit_entries SET {field} = {column} WHERE number = 2", v=value)
    report = check(database)
    assert (report.ok, report.broken_number) == (False, 2)


def test_values_that_nobody_could_have_written_are_a_finding_and_no_crash(sqlite_database: Database) -> None:
    for value in ("x'ff'", "CAST(x'ff' AS TEXT)", "3", "'not a time'", "'{'", "''"):
        for field in ("at", "details", "actor_name", "digest", "previous"):
            act(sqlite_database, "a", "b")
            tamper(sqlite_database, f"UPDATE audit_entries SET {field} = {value} WHERE number = 2")
            report = check(sqlite_database)
            assert (report.ok, report.broken_number) == (False, 2)
            tamper(sqlite_database, "DELETE FROM audit_entries")


def test_a_removed_entry_is_a_gap_and_a_rewritten_or_cut_chain_fails_its_anchor(database: Database) -> None:
    act(database, *"abcd")
    whole = check(database)
    anchor = audit.Anchor(whole.head_number, whole.head_digest)
    assert check(database, anchor).ok
    act(database, "e")
    assert check(database, anchor).ok
    tamper(database, "DELETE FROM audit_entries WHERE number >= 4")
    assert check(database).ok  # by itself a shorter chain is a chain
    assert check(database, anchor).fault == "anchor_missing"
    act(database, "other", "later")
    assert check(database).ok
    assert (check(database, anchor).fault, check(database, anchor).broken_number) == ("anchor_differs", 4)
    tamper(database, "DELETE FROM audit_entries WHERE number = 2")
    assert (check(database).fault, check(database).broken_number) == ("gap", 2)


@pytest.mark.parametrize(
    "text", ["", "4", "4:", "0:" + "a" * 64, "4:" + "g" * 64, "-1:" + "a" * 64, "9" * 30 + ":" + "a" * 64]
)
def test_what_is_no_head_is_no_anchor(text: str) -> None:
    assert audit.Anchor.parse(text) is None
    assert audit.Anchor.parse(f" 12:{'A' * 64}") == audit.Anchor(12, "a" * 64)


def test_twenty_writers_at_once_leave_no_gap_and_no_deadlock(database: Database) -> None:
    with database.writing(SYSTEM) as session:
        session.add(Inventory(id="inv_1", name="Xe", head=0, created_at=utc_now(), created_by="x"))
    together = threading.Barrier(20)

    def write(number: int) -> None:
        together.wait()
        for turn in range(3):
            with database.writing(SYSTEM) as session:
                # The act is noted before the row is locked: the chain is locked last all the same.
                audit.record(session, action="counted", subject=f"{number}.{turn}")
                inventory = session.get_one(Inventory, "inv_1", with_for_update=True)
                inventory.head += 1

    with ThreadPoolExecutor(20) as pool:
        list(pool.map(write, range(20)))
    report = check(database)
    assert (report.ok, report.entries, report.head_number) == (True, 60, 60)
    with database.reading(SYSTEM) as session:
        assert session.get_one(Inventory, "inv_1").head == 60
        subjects = session.scalars(sa.select(AuditEntry.subject)).all()
    assert len(set(subjects)) == 60


def test_a_long_chain_is_read_in_pages(sqlite_database: Database) -> None:
    with sqlite_database.writing(SYSTEM) as session:
        for number in range(2001):
            audit.record(session, action="many", subject=str(number))
    assert check(sqlite_database).entries == 2001
    tamper(sqlite_database, "UPDATE audit_entries SET subject = 'x' WHERE number = 1500")
    assert check(sqlite_database).broken_number == 1500
