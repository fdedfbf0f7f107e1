"""Parts of provinces: what stands, and a new state in place of it."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.service.inventories.plan_ids import MOST_IN_LIST, plan_ids
from app.service.inventories.rows import KEY, MODEL, SIDES, part_digest, record_of
from app.service.store.models import Part
from app.service.store.models.inventories import stands
from app.service.store.scope import actor_of
from app.service.store.types import STANDING, utc_now

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

    from app.service.inventories.rows import Row, Rows, Side

_INSERTED_AT_ONCE = 10_000


@dataclass
class Counts:
    """How many rows of a side a change added, changed and removed."""

    added: int = 0
    changed: int = 0
    removed: int = 0

    def __bool__(self) -> bool:
        """Tell whether anything changed."""
        return bool(self.added or self.changed or self.removed)


@dataclass
class Changed:
    """What a change does to a part, or to several."""

    assets: Counts = field(default_factory=Counts)
    needs: Counts = field(default_factory=Counts)

    def __bool__(self) -> bool:
        """Tell whether anything changed."""
        return bool(self.assets or self.needs)

    def as_json(self) -> dict[str, dict[str, int]]:
        """Return the counts by side."""
        return asdict(self)


def standing_part(session: Session, inventory_id: str, province: str, number: int) -> Part | None:
    """Return a province's part in a version."""
    query = sa.select(Part).where(
        Part.inventory_id == inventory_id, Part.province_code == province, stands(Part, number)
    )
    return session.scalars(query).one_or_none()


def vector(session: Session, inventory_id: str, number: int) -> list[Part]:
    """Return the parts of a version, by province."""
    query = sa.select(Part).where(Part.inventory_id == inventory_id, stands(Part, number))
    return list(session.scalars(query.order_by(Part.province_code)))


@dataclass(frozen=True)
class _Difference:
    """Rows of a side to close, and rows that take their place or are new."""

    closed: list[int]
    fresh: list[Row]
    counts: Counts


def _difference(
    session: Session, inventory_id: str, province: str, side: Side, rows: list[Row]
) -> _Difference:
    model, key = MODEL[side], getattr(MODEL[side], KEY[side])
    query = sa.select(key, model.row_id, model.digest).where(
        model.inventory_id == inventory_id, model.province_code == province, model.until == STANDING
    )
    stored = {given: (row_id, digest) for given, row_id, digest in session.execute(query)}
    fresh = [row for row in rows if row.given not in stored or stored[row.given][1] != row.digest]
    changed = [stored[row.given][0] for row in fresh if row.given in stored]
    kept = {row.given for row in rows}
    removed = [row_id for given, (row_id, _) in stored.items() if given not in kept]
    counts = Counts(len(fresh) - len(changed), len(changed), len(removed))
    return _Difference([*changed, *removed], fresh, counts)


def changes(session: Session, inventory_id: str, province: str, rows: Mapping[str, Rows]) -> Changed:
    """Return what `replace_part` would do, without doing it."""
    found = {
        side: _difference(session, inventory_id, province, side, rows[side].rows).counts for side in SIDES
    }
    return Changed(**found)


def replace_part(
    session: Session, inventory_id: str, province: str, rows: Mapping[str, Rows], number: int
) -> Changed:
    """Let a part have these rows from version `number` on; what did not change is not touched.

    Parameters
    ----------
    rows
        All rows of the part, by side.
    number
        The version that is being made; the caller holds the inventory's lock.

    Returns
    -------
    Changed
        False where the rows are those that stand: then nothing was written, but that a part without rows was
        not there before.
    """
    found = {side: _difference(session, inventory_id, province, side, rows[side].rows) for side in SIDES}
    changed = Changed(**{side: one.counts for side, one in found.items()})
    before = standing_part(session, inventory_id, province, number)
    if before is not None and not changed:
        return changed
    for side, one in found.items():
        _close(session, side, one.closed, number)
        insert_rows(session, inventory_id, side, province, one.fresh, number)
    if before is not None:
        before.until = number
    session.add(_part(session, inventory_id, province, rows, number))
    session.flush()
    return changed


def _part(session: Session, inventory_id: str, province: str, rows: Mapping[str, Rows], number: int) -> Part:
    digests = {side: [(row.given, row.digest) for row in rows[side].rows] for side in SIDES}
    last = session.scalar(
        sa.select(sa.func.max(Part.number)).where(
            Part.inventory_id == inventory_id, Part.province_code == province
        )
    )
    return Part(
        inventory_id=inventory_id,
        province_code=province,
        number=(last or 0) + 1,
        since=number,
        etag=part_digest(digests["assets"], digests["needs"]),
        assets=len(rows["assets"].rows),
        needs=len(rows["needs"].rows),
        unknown={side: rows[side].unknown for side in SIDES},
        created_at=utc_now(),
        created_by=actor_of(session).name,
    )


def _close(session: Session, side: Side, row_ids: list[int], number: int) -> None:
    model = MODEL[side]
    for start in range(0, len(row_ids), MOST_IN_LIST):
        session.execute(
            sa.update(model)
            .where(model.row_id.in_(row_ids[start : start + MOST_IN_LIST]))
            .values(until=number)
            .execution_options(synchronize_session=False)
        )


def insert_rows(
    session: Session, inventory_id: str, side: Side, province: str, rows: list[Row], number: int
) -> None:
    """Insert rows of one province that stand from version `number` on."""
    if not rows:
        return
    names = plan_ids(session, inventory_id, side, province, [row.given for row in rows])
    for start in range(0, len(rows), _INSERTED_AT_ONCE):
        some = rows[start : start + _INSERTED_AT_ONCE]
        records = [record_of(side, row, inventory_id, names[row.given], number) for row in some]
        session.execute(sa.insert(MODEL[side]), records)
