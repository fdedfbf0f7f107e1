"""What is sent and answered about runs."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from app.service.http.problems import IssueDocument

_Id = Annotated[str, Field(min_length=1, max_length=40)]
State = Literal["QUEUED", "RUNNING", "SUCCEEDED", "FAILED", "CANCELLED"]


class RunRequest(BaseModel):
    """A scenario to solve."""

    model_config = ConfigDict(extra="forbid")

    scenario_id: _Id
    inventory_version: int | None = Field(None, ge=1, le=2**31 - 2, description="Left out: the newest.")
    baseline_plan_id: _Id | None = Field(None, description="The plan before, for a re-plan.")
    time_limit_s: float | None = Field(
        None, ge=1, le=604_800, allow_inf_nan=False, description="Seconds; left out: the scenario's."
    )


class RunDocument(BaseModel):
    """A run."""

    id: str
    scenario_id: str
    inventory_id: str
    inventory_version: int
    baseline_plan_id: str | None
    province_code: str | None = Field(description="Whose scenario it is; null for the whole country.")
    cause: str = Field(description="asked, new_version, schedule or batch.")
    batch_id: str | None
    state: State
    reason: str | None = Field(description="Why it failed or was cancelled; see docs/runs.md.")
    message: str | None = Field(description="In words: the reason, or how it stands.")
    remedy: str | None
    detail: dict[str, Any] | None = Field(description="Facts of the reason: signal, exit code, limit.")
    issues: list[IssueDocument] = Field(
        description="What is wrong with the tables, for `wrong_input`, for who sees the whole run."
    )
    progress: dict[str, Any] | None = Field(
        description="Newest report: phase, category, round, elapsed_s, gap; for who sees the whole run also "
        "objective_vnd and bound_vnd."
    )
    plan_id: str | None
    plan_pending: bool = Field(description="Cancelled, and its best plan is still being written.")
    attempts: int
    time_limit_s: float | None
    created_at: datetime
    created_by: str
    due_at: datetime | None
    started_at: datetime | None
    cancel_requested_at: datetime | None
    finished_at: datetime | None


class EventDocument(BaseModel):
    """An entry of a run's diary."""

    number: int
    kind: Literal["state", "progress", "plan"]
    data: dict[str, Any]
    at: datetime


class EventPage(BaseModel):
    """Entries of a run's diary."""

    items: list[EventDocument]
    next: int = Field(description="Give it as `after` for what comes later.")
    ended: bool = Field(description="Whether nothing comes later.")
