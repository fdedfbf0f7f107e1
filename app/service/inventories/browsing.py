"""Pages of assets and of needs: each reads one index in the order of plan ids, and no row beyond the page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from app.service.inventories.rows import MODEL, bands_of
from app.service.store.models.inventories import stands

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from app.service.inventories.rows import Side
    from app.service.store.models import AssetRow, NeedRow

#: Rows of a box or a register code that are sorted; of more, rows are read in order until the page is full.
MOST_SORTED = 4_000
#: Tiles that a statement names, enough for the whole country; of a larger box all of its latitudes count.
_MOST_TILES = 16_000
#: No text has a greater sign.
_LAST_SIGN = chr(0x10FFFF)


@dataclass(frozen=True)
class Filter:
    """Which rows are wanted.

    Attributes
    ----------
    equal
        Column of the table -> value.
    prefix
        Beginning of the plan id.
    box
        Least longitude, least latitude, greatest longitude, greatest latitude [degrees].
    """

    equal: dict[str, str]
    prefix: str | None = None
    box: tuple[float, float, float, float] | None = None


def page(
    session: Session,
    side: Side,
    inventory_id: str,
    number: int,
    wanted: Filter,
    after: str | None,
    limit: int,
) -> Sequence[AssetRow | NeedRow]:
    """Return up to ``limit + 1`` rows of a version behind a plan id, in the order of plan ids."""
    model: Any = MODEL[side]
    query = sa.select(model).where(stands(model, number))
    of_inventory = model.inventory_id == inventory_id
    query = query.where(*(getattr(model, name) == value for name, value in wanted.equal.items()))
    if after is not None:
        query = query.where(model.plan_id > after)
    if wanted.prefix:
        # A range, and no LIKE: that would use no index where letters are compared without case.
        query = query.where(model.plan_id >= wanted.prefix, model.plan_id < wanted.prefix + _LAST_SIGN)
    if wanted.box is not None:
        west, south, east, north = wanted.box
        query = query.where(model.lon.between(west, east), model.lat.between(south, north))
    few = _few(session, model, inventory_id, wanted)
    if few is not None:
        # Found by their keys alone: were the inventory named too, SQLite would walk all of it in order.
        of_inventory = model.row_id.in_(few)
    if few == []:
        return []
    return session.scalars(query.where(of_inventory).order_by(model.plan_id).limit(limit + 1)).all()


def _few(session: Session, model: Any, inventory_id: str, wanted: Filter) -> list[int] | None:  # noqa: ANN401  # either table
    """Return the rows, of any version, that an index without an order finds; None where they are many."""
    if "official_id" in wanted.equal:
        narrow = model.official_id == wanted.equal["official_id"]
    elif wanted.box is not None:
        narrow = _inside(model, wanted.box)
    else:
        return None
    query = sa.select(model.row_id).where(model.inventory_id == inventory_id, narrow)
    found = list(session.scalars(query.limit(MOST_SORTED + 1)))
    return found if len(found) <= MOST_SORTED else None


def _inside(model: Any, box: tuple[float, float, float, float]) -> sa.ColumnElement[bool]:  # noqa: ANN401  # either table
    """Return the criterion of the tiles that a box touches."""
    bands = bands_of(*box)
    if len(bands) * (bands[0][1] - bands[0][0] + 1) <= _MOST_TILES:
        # Each tile by itself: of alternatives with ranges SQLite reads the whole index.
        within: sa.ColumnElement[bool] = model.tile.in_(
            [tile for first, last in bands for tile in range(first, last + 1)]
        )
        return within
    across: sa.ColumnElement[bool] = model.tile.between(bands[0][0], bands[-1][1])
    return across
