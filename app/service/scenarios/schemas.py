"""What is posted and answered about scenarios."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from app.service.http.problems import IssueDocument

Title = Annotated[str, Field(min_length=1, max_length=200)]
ShortId = Annotated[str, Field(min_length=1, max_length=40)]
_KEYS = "Keys of a scenario as in docs/scenario.md, nested; docs/scenario.schema.json is its JSON Schema."


class _Given(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class ReplanWish(_Given):
    """When a scenario is planned again by itself."""

    on_new_version: bool = Field(False, description="After each accepted change of what it plans.")
    schedule: str | None = Field(
        None,
        max_length=100,
        description="Minute, hour, day, month, weekday (cron) in the time zone of the installation.",
        examples=["0 6 * * 1"],
    )


class ReplanChange(_Given):
    """When a scenario is planned again from now on; nothing of it switches both off."""

    on_new_version: bool = False
    schedule: str | None = Field(None, max_length=100, description="As when it was made; null: never.")


class NewScenario(_Given):
    """A scenario to be frozen."""

    name: Title
    inventory_id: ShortId
    scenario: dict[str, Any] = Field({}, description=_KEYS)
    replan: ReplanWish = ReplanWish(on_new_version=False, schedule=None)


class NewVariant(_Given):
    """A scenario that differs from another in some keys."""

    name: Title
    changes: dict[str, Any] = Field(
        {}, description="Keys that are laid over those of the parent, level by level; null takes one away."
    )
    by_province: bool = Field(
        False, description="One variant for each province that has rows, with its scope_province."
    )
    replan: ReplanWish | None = Field(None, description="Without it: as the parent's.")


class ScenarioDocument(BaseModel):
    """A scenario as it stands for ever."""

    id: str
    name: str
    inventory_id: str
    parent_id: str | None
    province_code: str | None = Field(description="Its scope_province; null plans the whole country.")
    given: dict[str, Any] = Field(description="What was sent.")
    resolved: dict[str, Any] = Field(description="The same with every default filled in.")
    hidden: list[str] = Field(
        description="Keys left out of both, since they name rows of other provinces than yours."
    )
    sha256: str
    replan: ReplanWish
    next_replan_at: datetime | None
    created_at: datetime
    created_by: str
    warnings: list[IssueDocument] = Field([], description="Only in the answer that made it.")


class ScenarioItem(BaseModel):
    """A scenario in a list."""

    id: str
    name: str
    inventory_id: str
    parent_id: str | None
    province_code: str | None
    replan: ReplanWish
    next_replan_at: datetime | None
    created_at: datetime
    created_by: str


class VariantList(BaseModel):
    """The variants that were made, by code of their province."""

    items: list[ScenarioItem]
