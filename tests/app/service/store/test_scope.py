from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from app.service.store.actor import SYSTEM, Actor, Role
from app.service.store.models import AssetRow, Inventory, Part, TransferRow
from app.service.store.scope import OutOfScopeError, ScopedSession, scoped_classes
from app.service.store.types import Base
from tests.app.service.store.rows import add_inventory, asset

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.service.store.database import Database

LAI_CHAU = Actor("key_1", "Lai Châu", Role.PROVINCE_PLANNER, "12")
COMMUNE = Actor("key_2", "Xã", Role.COMMUNE, "12", "03388")


@pytest.fixture
def stocked(database: Database) -> Database:
    with database.writing(SYSTEM) as session:
        add_inventory(session, [asset("12", "A", "03388"), asset("12", "B", "03390"), asset("01", "C")])
    return database


def names(session: ScopedSession) -> list[str]:
    return sorted(session.scalars(sa.select(AssetRow.asset_id)))


def test_a_province_sees_its_rows_a_commune_its_own_and_the_ministry_all(stocked: Database) -> None:
    with stocked.reading(LAI_CHAU) as session:
        assert names(session) == ["A", "B"]
        assert session.scalar(sa.select(sa.func.count()).select_from(AssetRow)) == 2
    with stocked.reading(COMMUNE) as session:
        assert names(session) == ["A"]
    with stocked.reading(SYSTEM) as session:
        assert names(session) == ["A", "B", "C"]


def others(session: ScopedSession) -> int:
    row = session.scalars(sa.select(AssetRow.row_id).where(AssetRow.asset_id == "C")).first()
    return 0 if row is None else 1


LOOKS: list[Callable[[ScopedSession], object]] = [
    others,
    lambda session: session.get(AssetRow, 3),
    lambda session: session.scalar(sa.select(AssetRow.asset_id).where(AssetRow.province_code == "01")),
    lambda session: session.scalar(
        sa.select(sa.func.count()).select_from(sa.select(AssetRow).where(AssetRow.asset_id == "C").subquery())
    ),
    lambda session: session.scalar(
        sa.select(sa.exists().where(AssetRow.asset_id == "C").correlate(None)).select_from(Inventory)
    ),
    lambda session: session.scalar(
        sa.select(Inventory.id)
        .join(AssetRow, AssetRow.inventory_id == Inventory.id)
        .where(AssetRow.asset_id == "C")
    ),
    lambda session: session.scalar(
        sa.union_all(
            sa.select(AssetRow.asset_id).where(AssetRow.asset_id == "C"),
            sa.select(AssetRow.plan_id).where(AssetRow.asset_id == "C"),
        )
    ),
]


@pytest.mark.parametrize("look", LOOKS)
def test_no_form_of_a_question_shows_a_row_of_another_province(
    stocked: Database, look: Callable[[ScopedSession], object]
) -> None:
    with stocked.reading(LAI_CHAU) as session:
        assert not look(session)
    with stocked.reading(SYSTEM) as session:
        assert look(session)


def test_rows_of_another_province_cannot_be_written_in_any_way(stocked: Database) -> None:
    row = asset("01", "D")
    writes: list[Callable[[ScopedSession], object]] = [
        lambda session: session.add(AssetRow(**row)),
        lambda session: session.execute(sa.insert(AssetRow), [asset("12", "E"), row]),
        lambda session: session.execute(sa.insert(AssetRow).values(**row)),
        lambda session: session.execute(sa.insert(AssetRow).values([row])),
    ]
    for write in writes:
        with pytest.raises(OutOfScopeError), stocked.writing(LAI_CHAU) as session:
            write(session)
    with stocked.writing(LAI_CHAU) as session:
        session.execute(sa.update(AssetRow).values(kind="boat"))
        session.execute(sa.delete(AssetRow).where(AssetRow.asset_id == "C"))
    with stocked.reading(SYSTEM) as session:
        found = {row.asset_id: row.kind for row in session.scalars(sa.select(AssetRow))}
    assert found == {"A": "boat", "B": "boat", "C": "car"}


def test_a_row_is_not_moved_into_or_out_of_a_province(stocked: Database) -> None:
    with stocked.writing(LAI_CHAU) as session:
        found = session.scalars(sa.select(AssetRow).where(AssetRow.asset_id == "A")).one()
        found.province_code = "01"
        with pytest.raises(OutOfScopeError):
            session.flush()
        session.rollback()
    with pytest.raises(OutOfScopeError), stocked.writing(LAI_CHAU) as session:
        session.execute(sa.update(AssetRow).values(province_code="01"))


def test_a_session_without_an_actor_may_ask_nothing(stocked: Database) -> None:
    with ScopedSession(stocked.engine) as session, pytest.raises(OutOfScopeError):
        session.scalars(sa.select(AssetRow)).all()


def test_every_table_that_names_a_province_is_scoped() -> None:
    # What belongs to nobody's rows: who changed what is for auditors, keys are for administrators.
    free = {"api_keys", "audit_entries", "inventory_versions"}
    columns = {"province_code", "from_province", "commune_code"}
    named = {table.name for table in Base.metadata.tables.values() if columns & set(table.columns.keys())}
    scoped = {one.__tablename__ for one in scoped_classes()}  # type: ignore[attr-defined]  # every table has one
    assert named - free == scoped
    assert TransferRow in scoped_classes()
    assert Part in scoped_classes()
