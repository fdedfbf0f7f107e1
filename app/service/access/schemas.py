"""What the routes of access take and give."""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from app.service.access.keys import MAX_NAME
from app.service.http.instants import Instant
from app.service.store.actor import Role


class NewKey(BaseModel):
    """A key that is to be made."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(
        min_length=1, max_length=MAX_NAME, description="Whose key it is.", examples=["Sở Tài chính"]
    )
    role: Role
    province_code: str | None = Field(
        None, max_length=40, description="For roles of one province; see docs/access.md."
    )
    commune_code: str | None = Field(None, max_length=40, description="For the role commune.")
    expires_at: Instant | None = Field(None, description="When it ends by itself; never without.")


class Key(BaseModel):
    """A key, without its secret."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    name: str
    role: Role
    province_code: str | None
    commune_code: str | None
    created_at: datetime
    created_by: str
    expires_at: datetime | None
    revoked_at: datetime | None


class MadeKey(Key):
    """A key that was made just now."""

    key: str = Field(description="The key itself. It is shown this once: only its holder has it.")


class Me(BaseModel):
    """Who asks."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    name: str
    role: Role
    province_code: str | None
    commune_code: str | None


class Entry(BaseModel):
    """An entry of the audit chain."""

    model_config = ConfigDict(from_attributes=True)

    number: int
    at: datetime
    actor_id: str
    actor_name: str
    role: str
    action: str
    subject: str
    province_code: str | None
    details: dict[str, Any]
    previous: str
    digest: str


class Chain(BaseModel):
    """What a check of the audit chain found."""

    ok: bool
    entries: int = Field(description="Entries that were read and fit.")
    head: str = Field(
        description="NUMBER:DIGEST of the last entry that fits. Write it down elsewhere: see docs/access.md."
    )
    broken_number: int | None
    fault: Literal["gap", "previous", "digest", "anchor_missing", "anchor_differs"] | None
    message: str = Field(description="The same in words.")
