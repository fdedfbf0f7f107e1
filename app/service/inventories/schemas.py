"""What inventories look like in JSON."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema

from app.service.http.problems import IssueDocument

#: A cell as JSON gives it. What is none is left to the reader of rows: its issue names row and column, once.
_SCALAR = {"anyOf": [{"type": kind} for kind in ("string", "boolean", "integer", "number", "null")]}
Scalar = Annotated[Any, WithJsonSchema(_SCALAR)]
_MOST_PATCHED = 10_000


class CountsDocument(BaseModel):
    """How many rows a change added, changed and removed."""

    added: int
    changed: int
    removed: int


class ChangedDocument(BaseModel):
    """Counts by table."""

    assets: CountsDocument
    needs: CountsDocument


class UploadDocument(BaseModel):
    """What became of an upload."""

    inventory_id: str | None = Field(description="Null for a dry run of a new inventory.")
    version: int = Field(description="The newest version; the one just made, where `stored`.")
    etag: str | None = Field(description="Of the part or table after the change; null for a new inventory.")
    dry_run: bool
    stored: bool = Field(description="Whether a version was made: equal content makes none.")
    changed: ChangedDocument
    assets: int
    needs: int
    warnings: list[IssueDocument] = Field(
        description="The first 1,000 of them, and of each code at least one."
    )
    warning_counts: dict[str, int] = Field(description="How many warnings there are of each code.")


class InventoryDocument(BaseModel):
    """An inventory in a list."""

    id: str
    name: str
    head: int = Field(description="Number of the newest version.")
    created_at: datetime
    created_by: str


class PartDocument(BaseModel):
    """A province's part in a version."""

    province_code: str
    number: int = Field(description="Counts the states of this part from 1.")
    since: int = Field(description="First version with this state.")
    etag: str
    assets: int
    needs: int
    created_at: datetime
    created_by: str


class TableDocument(BaseModel):
    """A table of the whole inventory."""

    name: str
    etag: str


class HeadDocument(InventoryDocument):
    """An inventory with the vector of its parts, as far as one may see them."""

    version: int
    parts: list[PartDocument]
    tables: list[TableDocument]


class VersionDocument(BaseModel):
    """One accepted change."""

    number: int
    cause: Literal["created", "part_replaced", "rows_patched", "tables_replaced"]
    province_code: str | None
    changed: ChangedDocument | None = Field(description="Null for what another province changed.")
    created_at: datetime
    created_by: str


class RowDocument(BaseModel):
    """An asset or a need."""

    plan_id: str = Field(description="The id under which plans know it.")
    province_code: str
    commune_code: str | None
    cells: dict[str, str] = Field(description="Column to text of the filled cells, normalised.")


class PartRowsDocument(BaseModel):
    """All rows of a part: `assets` and `needs` can be sent back by PUT."""

    inventory_id: str
    version: int
    province_code: str
    etag: str
    assets: list[dict[str, str]]
    needs: list[dict[str, str]]


class DifferenceDocument(BaseModel):
    """A row that was added, removed or changed."""

    table: Literal["assets", "needs"]
    province_code: str
    plan_id: str
    change: Literal["added", "removed", "changed"]
    cells: dict[str, tuple[str, str]] = Field(description="Column to text before and after; empty: none.")


class TwinsDocument(BaseModel):
    """Assets that may be one and the same."""

    reason: Literal["official_id", "place"]
    value: str = Field(description="The register code; or latitude, longitude and area.")
    assets: list[RowDocument]


class CommuneDocument(BaseModel):
    """A commune of today's register."""

    commune_code: str
    name: str
    kind: str
    province_code: str
    province_name: str
    lat: float
    lon: float


class PatchedTable(BaseModel):
    """Single rows of one table."""

    model_config = ConfigDict(extra="forbid")

    upsert: Annotated[
        list[dict[str, Scalar]],
        Field(
            max_length=_MOST_PATCHED, description="Columns that change, with the row's id; null empties one."
        ),
    ] = []
    remove: Annotated[
        list[Annotated[str, Field(max_length=200)]],
        Field(max_length=_MOST_PATCHED, description="Ids of rows to remove."),
    ] = []


class PatchDocument(BaseModel):
    """Single rows of a part."""

    model_config = ConfigDict(extra="forbid")

    assets: PatchedTable = PatchedTable()
    needs: PatchedTable = PatchedTable()
