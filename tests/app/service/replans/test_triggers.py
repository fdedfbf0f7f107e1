from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from app.service.replans.triggers import on_new_version, on_schedule
from app.service.store.actor import SYSTEM, Actor, Role
from app.service.store.models import AssetRow, AuditEntry, Run, RunEvent, Scenario
from app.service.store.scope import acting_as
from tests.app.service.plans.published import INVENTORY, add_inventory, add_scenario, add_version

if TYPE_CHECKING:
    from app.service.store.database import Database

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
LAI_CHAU = Actor("key_12", "Lai Châu", Role.PROVINCE_PLANNER, "12")
BEGIN = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)


@pytest.fixture
def stocked(database: Database) -> Database:
    """An inventory with scenarios of the country and two provinces that ask for it, and one that does not."""
    add_inventory(database)
    add_scenario(database, "scn_a", replan_on_version=True)
    add_scenario(database, "scn_b", "12", replan_on_version=True)
    add_scenario(database, "scn_c", "01", replan_on_version=True)
    add_scenario(database, "scn_d")
    return database


def runs(database: Database) -> list[tuple[str, str, int, str | None]]:
    """Return scenario, state, version and reason of all runs, in their order."""
    with database.reading(SYSTEM) as session:
        found = session.scalars(sa.select(Run).order_by(Run.scenario_id, Run.id))
        return [(one.scenario_id, one.state, one.inventory_version, one.reason) for one in found]


def change(database: Database, number: int, province: str | None, actor: Actor = SYSTEM) -> int:
    """Make a version as an update of a province does, which may not write runs of the country."""
    with database.writing(actor) as session:
        add_version(session, number, province)
        return on_new_version(session, INVENTORY, number, actor)


def test_a_new_version_plans_again_what_asks_for_it(stocked: Database) -> None:
    assert change(stocked, 2, None) == 3
    assert runs(stocked) == [(name, "QUEUED", 2, None) for name in ("scn_a", "scn_b", "scn_c")]
    with stocked.reading(SYSTEM) as session:
        found = session.scalars(sa.select(Run)).all()
        assert {one.cause for one in found} == {"new_version"}
        assert len({one.batch_id for one in found}) == 1
        assert found[0].batch_id is not None


def test_an_update_of_one_province_plans_the_country_and_that_province(stocked: Database) -> None:
    assert change(stocked, 2, "12", LAI_CHAU) == 2
    assert [one[0] for one in runs(stocked)] == ["scn_a", "scn_b"]
    with stocked.reading(SYSTEM) as session:
        assert {one.created_by for one in session.scalars(sa.select(Run))} == {"Lai Châu"}
        # It was Surplan that queued them, and says so.
        acts = session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "run.queued"))
        assert {one.actor_id for one in acts} == {"system"}
    assert change(stocked, 3, "national") == 1


def test_a_run_that_waits_is_superseded_and_one_that_began_is_not(stocked: Database) -> None:
    change(stocked, 2, "12")
    with stocked.writing(SYSTEM) as session:
        session.execute(sa.update(Run).where(Run.scenario_id == "scn_a").values(state="RUNNING"))
    change(stocked, 3, "12")
    assert runs(stocked) == [
        ("scn_a", "RUNNING", 2, None),
        ("scn_a", "QUEUED", 3, None),
        ("scn_b", "CANCELLED", 2, "superseded"),
        ("scn_b", "QUEUED", 3, None),
    ]
    with stocked.reading(SYSTEM) as session:
        old = session.scalars(sa.select(Run).where(Run.state == "CANCELLED")).one()
        assert old.finished_at is not None
        told = session.scalars(
            sa.select(RunEvent.data).where(RunEvent.run_id == old.id).order_by(RunEvent.number)
        ).all()
        assert told[-1] == {"state": "CANCELLED", "reason": "superseded"}


def test_a_run_that_somebody_asked_for_is_never_superseded(stocked: Database) -> None:
    change(stocked, 2, "12")
    with stocked.writing(SYSTEM) as session:
        session.execute(sa.update(Run).values(cause="asked"))
    change(stocked, 3, "12")
    assert {one[1] for one in runs(stocked)} == {"QUEUED"}


def test_a_version_that_is_not_kept_queues_nothing(stocked: Database) -> None:
    with stocked.writing(SYSTEM) as session:
        add_version(session, 2, None)
        assert on_new_version(session, INVENTORY, 2, SYSTEM) == 3
        session.rollback()
    assert runs(stocked) == []


def test_what_was_loaded_for_another_actor_is_forgotten(stocked: Database) -> None:
    with stocked.writing(LAI_CHAU) as session:
        with acting_as(session, SYSTEM):
            assert session.get(Scenario, "scn_c") is not None
            assert session.scalars(sa.select(AssetRow)).all() == []
        assert session.get(Scenario, "scn_c") is None
        assert session.get(Scenario, "scn_b") is not None


def scheduled(database: Database, schedule: str, due_at: datetime) -> None:
    add_inventory(database)
    add_scenario(database, "scn_s", replan_schedule=schedule, replan_due_at=due_at)


def tick(database: Database, now: datetime) -> int:
    with database.writing(SYSTEM) as session:
        return on_schedule(session, now, HANOI)


def test_a_schedule_is_kept_by_the_calendar_of_the_installation(database: Database) -> None:
    # Mondays at six in Ha Noi are Sundays at 23:00 UTC.
    due_at = datetime(2026, 11, 22, 23, 0, tzinfo=UTC)
    scheduled(database, "0 6 * * 1", due_at)
    assert tick(database, due_at - timedelta(seconds=1)) == 0
    assert tick(database, due_at) == 1
    assert tick(database, due_at) == 0
    with database.reading(SYSTEM) as session:
        assert session.get_one(Scenario, "scn_s").replan_due_at == due_at + timedelta(days=7)
        run = session.scalars(sa.select(Run)).one()
        assert (run.cause, run.due_at, run.created_by) == ("schedule", due_at, "Surplan")


def test_times_that_were_missed_are_made_up_for_once(database: Database) -> None:
    scheduled(database, "0 * * * *", BEGIN)
    later = BEGIN + timedelta(days=3, minutes=30)
    assert tick(database, later) == 1
    assert tick(database, later) == 0
    with database.reading(SYSTEM) as session:
        assert session.get_one(Scenario, "scn_s").replan_due_at == BEGIN + timedelta(days=3, hours=1)
        assert session.scalars(sa.select(Run.due_at)).one() == BEGIN


def test_a_time_has_one_run_though_the_scenario_was_set_back(database: Database) -> None:
    scheduled(database, "0 * * * *", BEGIN)
    assert tick(database, BEGIN) == 1
    with database.writing(SYSTEM) as session:
        session.execute(sa.update(Scenario).values(replan_due_at=BEGIN))
    assert tick(database, BEGIN) == 0
    assert tick(database, BEGIN + timedelta(hours=1)) == 1
    # The first one waited still.
    assert [one[1] for one in runs(database)] == ["CANCELLED", "QUEUED"]


def test_two_workers_at_once_queue_a_time_once(postgres_url: str) -> None:
    from app.service.store.database import Database
    from app.service.store.types import Base

    database = Database(postgres_url)
    Base.metadata.create_all(database.engine)
    scheduled(database, "0 * * * *", BEGIN)
    with database.writing(SYSTEM) as one, database.writing(SYSTEM) as two:
        assert on_schedule(one, BEGIN, HANOI) == 1
        # The second does not wait for the first, and finds nothing to do.
        assert on_schedule(two, BEGIN, HANOI) == 0
    assert tick(database, BEGIN) == 0
    assert len(runs(database)) == 1
    database.close()
