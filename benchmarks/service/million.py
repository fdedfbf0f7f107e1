"""A million assets in a store, and pages of a hundred of them over HTTP."""

from __future__ import annotations

import random
import statistics
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from app.service.store.actor import SYSTEM
from app.service.store.database import Database
from app.service.store.models import AssetRow, Inventory
from benchmarks.service.measures import timed

if TYPE_CHECKING:
    from benchmarks.service.serving import Served

MILLION = 1_000_000
PAGES = 200
_BATCH = 20_000


def fill(url: str, inventory: str) -> None:
    """Repeat the assets of an inventory under new ids until there are a million."""
    database = Database(url)
    columns = [column.name for column in AssetRow.__table__.columns if column.name != "row_id"]
    with database.reading(SYSTEM) as session:
        chosen = sa.select(AssetRow).where(AssetRow.inventory_id == inventory)
        given = [{name: getattr(row, name) for name in columns} for row in session.scalars(chosen)]
    made, turn = len(given), 1
    while made < MILLION:
        for begin in range(0, min(len(given), MILLION - made), _BATCH):
            batch = given[begin : min(begin + _BATCH, MILLION - made + begin)]
            rows = [row | {name: f"{row[name]}-{turn}" for name in ("asset_id", "plan_id")} for row in batch]
            with database.writing(SYSTEM) as session:
                session.execute(sa.insert(AssetRow), rows)
        made, turn = made + len(given), turn + 1
    with database.writing(SYSTEM) as session:
        session.execute(sa.update(Inventory).where(Inventory.id == inventory).values(name="A million"))
    database.close()


def pages(served: Served, inventory: str, seed: int) -> dict[str, dict[str, float]]:
    """Return median, 95 % and longest seconds of pages of 100, by kind of question."""
    dice = random.Random(seed)
    kinds: dict[str, list[dict[str, Any]]] = {
        "any page": [{} for _ in range(PAGES)],
        "of a province": [{"province": dice.choice(["01", "12", "38", "79"])} for _ in range(PAGES)],
        "of a kind": [{"category": "vehicle", "kind": "car"} for _ in range(PAGES)],
        "of a category": [{"category": dice.choice(["premises", "equipment"])} for _ in range(PAGES)],
        "of a box of 0.5 degrees": [{"bbox": _box(dice, 0.5)} for _ in range(PAGES)],
        "of a box of 3 degrees": [{"bbox": _box(dice, 3)} for _ in range(PAGES)],
        "of a box of the country": [{"bbox": "102,8,110,24"} for _ in range(PAGES)],
    }
    found = {}
    for words, questions in kinds.items():
        seconds, cursor = [], None
        for question in questions:
            params = {**question, "limit": 100, **({"after": cursor} if cursor and not question else {})}
            spent, answer = timed(
                lambda params=params: served.client.request(  # type: ignore[misc]  # mypy cannot infer such a lambda
                    "GET", f"/v1/inventories/{inventory}/assets", params=params
                )
            )
            cursor = answer.json()["next"]
            seconds.append(spent)
        ranked = sorted(seconds)
        found[words] = {
            "median": statistics.median(ranked),
            "p95": ranked[int(len(ranked) * 0.95)],
            "longest": ranked[-1],
        }
    return found


def _box(dice: random.Random, degrees: float) -> str:
    lon, lat = dice.uniform(105, 108), dice.uniform(10, 21)
    return f"{lon:.3f},{lat:.3f},{lon + degrees:.3f},{lat + degrees:.3f}"
