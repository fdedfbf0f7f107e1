"""What is sent and answered about re-plans."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from app.service.runs.schemas import RunDocument

_Id = Annotated[str, Field(min_length=1, max_length=40)]
#: Scenarios of one request.
MOST = 1000


class ReplanRequest(BaseModel):
    """Scenarios to plan again: some of an inventory, or all of those that are yours."""

    model_config = ConfigDict(extra="forbid")

    inventory_id: _Id
    scenario_ids: list[_Id] | None = Field(None, min_length=1, max_length=MOST)
    all: bool = Field(False, description=f"All that are yours, where they are {MOST} at most.")
    inventory_version: int | None = Field(None, ge=1, le=2**31 - 2, description="Left out: the newest.")
    baseline: _Id = Field(
        "latest",
        description="The plan before: `latest` of each scenario (one without a plan is planned afresh), "
        "`none`, or the id of a plan.",
    )


class ChangesDocument(BaseModel):
    """What a re-plan changed against the plan before (docs/replan.md)."""

    units: int = Field(description="Units of pairs that changed by choice; a unit that moves counts twice.")
    lines: int = Field(description="Pairs of asset and need whose units differ.")
    saves_vnd: int = Field(description="What the chosen changes save.")
    reasons: dict[str, int] = Field(description="Lines by reason.")


class ReplanItem(BaseModel):
    """One run of a batch."""

    run: RunDocument
    scenario_name: str
    status: str | None = Field(description="What its plan proves; null until there is one.")
    changes: ChangesDocument | None = Field(
        description="Null until there is a plan, without a plan before, and where not all of it is yours."
    )


class BatchDocument(BaseModel):
    """Runs that were asked for together."""

    batch_id: str
    states: dict[str, int] = Field(description="Runs by state.")
    ended: bool = Field(description="Whether nothing more happens.")
    changes: ChangesDocument | None = Field(description="Sums over the runs; null where none has any yet.")
    items: list[ReplanItem]
