"""Routes over the rows of all parts: lists with filters, differences of versions, duplicates."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query

from app.service.http.pages import After, Limit, Page, decode_cursor, page_of
from app.service.http.problems import documents
from app.service.http.state import Allow, Reading
from app.service.http.strict_route import StrictRoute
from app.service.inventories.browsing import Filter, page
from app.service.inventories.differing import differences
from app.service.inventories.duplicating import twins
from app.service.inventories.parameters import (
    InventoryId,
    Version,
    at_version,
    box_of,
    check_versions,
    row_document,
)
from app.service.inventories.rows import Side
from app.service.inventories.schemas import DifferenceDocument, RowDocument, TwinsDocument
from app.service.store.scope import ScopedSession
from app.service.store.types import STANDING

router = APIRouter(prefix="/inventories", tags=["inventories"], route_class=StrictRoute)
_READERS = [Depends(Allow())]
Word = Annotated[str | None, Query(max_length=200)]
Code = Annotated[str | None, Query(max_length=40)]
Category = Literal["premises", "vehicle", "equipment"]
Prefix = Annotated[str | None, Query(max_length=160, description="Beginning of the id.")]
Box = Annotated[str | None, Query(max_length=100, description="minlon,minlat,maxlon,maxlat in degrees.")]
Number = Annotated[int, Query(ge=1, lt=STANDING)]


@router.get("/{inventory_id}/assets", dependencies=_READERS, responses=documents(404))
def list_assets(
    session: Reading,
    inventory_id: InventoryId,
    version: Version = None,
    province: Code = None,
    commune: Code = None,
    category: Category | None = None,
    kind: Word = None,
    status: Literal["surplus", "handed_idle", "in_use", "handled"] | None = None,
    official_id: Word = None,
    q: Prefix = None,
    bbox: Box = None,
    limit: Limit = 100,
    after: After = None,
) -> Page[RowDocument]:
    """List assets in the order of their plan ids."""
    wanted = {
        "province_code": province,
        "commune_code": commune,
        "category": category,
        "kind": kind,
        "status": status,
        "official_id": official_id,
    }
    return _page(session, "assets", inventory_id, version, wanted, q, bbox, limit, after)


@router.get("/{inventory_id}/needs", dependencies=_READERS, responses=documents(404))
def list_needs(
    session: Reading,
    inventory_id: InventoryId,
    version: Version = None,
    province: Code = None,
    commune: Code = None,
    category: Category | None = None,
    purpose: Code = None,
    q: Prefix = None,
    bbox: Box = None,
    limit: Limit = 100,
    after: After = None,
) -> Page[RowDocument]:
    """List needs in the order of their plan ids."""
    wanted = {
        "province_code": province,
        "commune_code": commune,
        "category": category,
        "purpose": purpose,
    }
    return _page(session, "needs", inventory_id, version, wanted, q, bbox, limit, after)


def _page(
    session: ScopedSession,
    side: Side,
    inventory_id: str,
    version: int | None,
    wanted: dict[str, str | None],
    prefix: str | None,
    bbox: str | None,
    limit: int,
    after: str | None,
) -> Page[RowDocument]:
    box = box_of(bbox)
    behind = decode_cursor(after, int, str)
    # A list that was begun goes on in its version, whatever is stored meanwhile.
    _, number = at_version(session, inventory_id, version or (behind[0] if behind else None))
    equal = {name: value for name, value in wanted.items() if value is not None}
    chosen = Filter(equal, prefix, box)
    rows = page(session, side, inventory_id, number, chosen, behind[1] if behind else None, limit)
    items, following = page_of(rows, limit, lambda row: (number, row.plan_id))
    return Page(items=[row_document(row) for row in items], next=following)


@router.get("/{inventory_id}/diff", dependencies=_READERS, responses=documents(404))
def list_differences(
    session: Reading,
    inventory_id: InventoryId,
    from_version: Annotated[Number, Query(alias="from", description="Version before.")],
    to_version: Annotated[Number, Query(alias="to", description="Version after.")],
    limit: Limit = 100,
    after: After = None,
) -> Page[DifferenceDocument]:
    """List the rows that were added, removed and changed from one version to another, with their cells."""
    check_versions(session, inventory_id, **{"from": from_version, "to": to_version})
    behind = decode_cursor(after, str, str, str)
    found = differences(session, inventory_id, from_version, to_version, behind, limit)
    items, following = page_of(found, limit, lambda one: one.place)
    shown = [
        DifferenceDocument(
            table=one.table,
            province_code=one.province,
            plan_id=one.plan_id,
            change=one.change,
            cells=one.cells,
        )
        for one in items
    ]
    return Page(items=shown, next=following)


@router.get("/{inventory_id}/duplicates", dependencies=_READERS, responses=documents(404))
def list_duplicates(
    session: Reading,
    inventory_id: InventoryId,
    version: Version = None,
    limit: Limit = 100,
    after: After = None,
) -> Page[TwinsDocument]:
    """List assets that may be one: equal register code, or premises of equal place and area."""
    behind = decode_cursor(after, int, str, str)
    _, number = at_version(session, inventory_id, version or (behind[0] if behind else None))
    found = twins(session, inventory_id, number, behind[1:] if behind else None, limit)
    items, following = page_of(found, limit, lambda one: (number, one.reason, one.value))
    shown = [
        TwinsDocument(reason=one.reason, value=one.value, assets=[row_document(row) for row in one.rows])
        for one in items
    ]
    return Page(items=shown, next=following)
