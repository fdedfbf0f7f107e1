"""The ids under which plans know rows: unique in an inventory, and a row's for ever."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.service.inventories.rows import KEY, MODEL
from app.service.store.actor import SYSTEM
from app.service.store.scope import acting_as

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy.orm import Session

    from app.service.inventories.rows import Side

#: Values of one IN list; SQLite takes 32,766, PostgreSQL 65,535 parameters.
MOST_IN_LIST = 5_000


def plan_ids(
    session: Session, inventory_id: str, side: Side, province: str, given: Sequence[str]
) -> dict[str, str]:
    """Return the plan id of each id of a part; the caller holds the inventory's lock.

    A row that the part ever had keeps its plan id. A new one has the id given, or ``<given>@<province>``
    where another row of the inventory has, or ever had, that.

    Parameters
    ----------
    given
        Ids of the part's rows, each once.
    """
    model, key = MODEL[side], getattr(MODEL[side], KEY[side])
    found: dict[str, str] = {}
    mine = (model.inventory_id == inventory_id, model.province_code == province)
    for some in slices(given):
        query = sa.select(key, model.plan_id).where(*mine, key.in_(some)).distinct()
        found.update((own, name) for own, name in session.execute(query))
    names = {one: one for one in given if one not in found}
    # Only whether an id is taken is asked as the system: no row of another province is shown to anybody.
    with acting_as(session, SYSTEM):
        while names:
            taken: set[str] = set()
            for some in slices(list(names.values())):
                query = sa.select(model.plan_id).where(
                    model.inventory_id == inventory_id, model.plan_id.in_(some)
                )
                taken.update(session.scalars(query.distinct()))
            # Two new ids may want one name: "A" where "A" is taken, and "A@12" itself.
            taken.update(found.values())
            wanted = set(names.values()) - taken
            found |= {one: name for one, name in names.items() if name in wanted}
            names = {one: f"{name}@{province}" for one, name in names.items() if name not in wanted}
    return found


def slices(values: Sequence[str]) -> Iterator[Sequence[str]]:
    """Yield values in lists that fit into a statement."""
    for start in range(0, len(values), MOST_IN_LIST):
        yield values[start : start + MOST_IN_LIST]
