"""The first rows, in the order of plan ids, whose points lie in a box of a map.

Points are found by tiles of a tenth of a degree. The index of tiles holds every column that a page may ask
for, so no row is looked up before it is known to be on the page, and holds each tile in the order of plan
ids. Both databases would rather walk all rows in that order: to the end, where those of the box come last.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from app.service.inventories.rows import bands_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    Criteria = Sequence[sa.ColumnElement[bool]]

#: Least longitude, least latitude, greatest longitude, greatest latitude [degrees].
Box = tuple[float, float, float, float]

#: Tiles that a statement names, enough for the whole country.
MOST_TILES = 16_000
#: Tiles of a box in which most rows may lie, and how many rows in order are looked at first to find a page.
GLANCE_TILES, GLANCE_ROWS = 200, 2_000


def in_box(row: Any, box: Box) -> sa.ColumnElement[bool]:  # noqa: ANN401  # a table, or columns of one
    """Return the criterion of points in a box, its edges included."""
    west, south, east, north = box
    return sa.and_(row.lon.between(west, east), row.lat.between(south, north))


def keys_in_box(session: Session, model: Any, where: Criteria, box: Box, most: int) -> Sequence[int]:  # noqa: ANN401  # either table
    """Return the keys of the first rows in a box.

    Parameters
    ----------
    model
        `AssetRow` or `NeedRow`.
    where
        What rows must be besides.
    most
        How many are wanted.
    """
    bands = bands_of(*box)
    count = len(bands) * (bands[0][1] - bands[0][0] + 1)
    if count > GLANCE_TILES:
        found = _at_a_glance(session, model, where, box, most)
        if len(found) == most:
            return found
    where = [*where, in_box(model, box)]
    if count > MOST_TILES:
        return _of_index(session, model, [model.tile.between(bands[0][0], bands[-1][1]), *where], most)
    tiles = [tile for first, last in bands for tile in range(first, last + 1)]
    if session.get_bind().dialect.name == "postgresql":
        return _tile_by_tile(session, model, tiles, where, most)
    # SQLite takes no more of a tile than can still be on the page. (Of ranges it would read them all.)
    return _of_index(session, model, [model.tile.in_(tiles), *where], most)


def _of_index(session: Session, model: Any, where: Criteria, most: int) -> Sequence[int]:  # noqa: ANN401  # either table
    found = sa.select(model.row_id, model.plan_id).where(*where)
    found = found.with_hint(model, f"INDEXED BY ix_{model.__tablename__}_tile", "sqlite")
    inside = found.cte("inside").prefix_with("MATERIALIZED", dialect="postgresql")
    return session.scalars(sa.select(inside.c.row_id).order_by(inside.c.plan_id).limit(most)).all()


def _tile_by_tile(
    session: Session,
    model: Any,  # noqa: ANN401  # either table
    tiles: Sequence[int],
    where: Criteria,
    most: int,
) -> Sequence[int]:
    """Return the keys of the first rows among the first of each tile, which PostgreSQL must be told."""
    numbers = sa.func.unnest(sa.cast(tiles, postgresql.ARRAY(sa.Integer)))
    named = numbers.table_valued("tile").render_derived(name="tiles")
    first = sa.select(model.row_id, model.plan_id).where(model.tile == named.c.tile, *where)
    best = first.order_by(model.plan_id).limit(most).lateral("best")
    chosen = sa.select(best.c.row_id).select_from(named.join(best, sa.true()))
    return session.scalars(chosen.order_by(best.c.plan_id).limit(most)).all()


def _at_a_glance(session: Session, model: Any, where: Criteria, box: Box, most: int) -> Sequence[int]:  # noqa: ANN401  # either table
    columns = (model.row_id, model.plan_id, model.lon, model.lat)
    first = sa.select(*columns).where(*where).order_by(model.plan_id).limit(GLANCE_ROWS).subquery("first").c
    chosen = sa.select(first.row_id).where(in_box(first, box)).order_by(first.plan_id).limit(most)
    return session.scalars(chosen).all()
