"""What the service answers and takes.

Made from docs/openapi.json by `python -m app.service.document`; do not edit.
"""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypedDict


class Chain(TypedDict):
    """What a check of the audit chain found."""

    ok: bool
    entries: int
    head: str
    broken_number: int | None
    fault: Literal["gap", "previous", "digest", "anchor_missing", "anchor_differs"] | None
    message: str


class Entry(TypedDict):
    """An entry of the audit chain."""

    number: int
    at: str
    actor_id: str
    actor_name: str
    role: str
    action: str
    subject: str
    province_code: str | None
    details: dict[str, Any]
    previous: str
    digest: str


class EventDocument(TypedDict):
    """An entry of a run's diary."""

    number: int
    kind: Literal["state", "progress", "plan"]
    data: dict[str, Any]
    at: str


class EventPage(TypedDict):
    """Entries of a run's diary."""

    items: list[EventDocument]
    next: int
    ended: bool


class IssueDocument(TypedDict):
    """One thing that is wrong, with its place, code and remedy."""

    file: NotRequired[str | None]
    sheet: NotRequired[str | None]
    row: NotRequired[int | None]
    cell: NotRequired[str | None]
    column: NotRequired[str | None]
    code: str
    severity: NotRequired[str]
    value: NotRequired[str]
    message: str
    remedy: str


class Key(TypedDict):
    """A key, without its secret."""

    id: str
    name: str
    role: Role
    province_code: str | None
    commune_code: str | None
    created_at: str
    created_by: str
    expires_at: str | None
    revoked_at: str | None


class MadeKey(TypedDict):
    """A key that was made just now."""

    id: str
    name: str
    role: Role
    province_code: str | None
    commune_code: str | None
    created_at: str
    created_by: str
    expires_at: str | None
    revoked_at: str | None
    key: str


class Me(TypedDict):
    """Who asks."""

    id: str
    name: str
    role: Role
    province_code: str | None
    commune_code: str | None


class NewKey(TypedDict):
    """A key that is to be made."""

    name: str
    role: Role
    province_code: NotRequired[str | None]
    commune_code: NotRequired[str | None]
    expires_at: NotRequired[str | None]


class PageEntry(TypedDict):
    """Page_Entry_."""

    items: list[Entry]
    next: NotRequired[str | None]


class PageKey(TypedDict):
    """Page_Key_."""

    items: list[Key]
    next: NotRequired[str | None]


class PageRunDocument(TypedDict):
    """Page_RunDocument_."""

    items: list[RunDocument]
    next: NotRequired[str | None]


class PageScenarioItem(TypedDict):
    """Page_ScenarioItem_."""

    items: list[ScenarioItem]
    next: NotRequired[str | None]


class ReplanWish(TypedDict):
    """When a scenario is planned again by itself."""

    on_new_version: NotRequired[bool]
    schedule: NotRequired[str | None]


Role = Literal["planner", "province_planner", "province_approver", "commune", "auditor", "admin"]


class RunDocument(TypedDict):
    """A run."""

    id: str
    scenario_id: str
    inventory_id: str
    inventory_version: int
    baseline_plan_id: str | None
    province_code: str | None
    cause: str
    batch_id: str | None
    state: Literal["QUEUED", "RUNNING", "SUCCEEDED", "FAILED", "CANCELLED"]
    reason: str | None
    message: str | None
    remedy: str | None
    detail: dict[str, Any] | None
    issues: list[IssueDocument]
    progress: dict[str, Any] | None
    plan_id: str | None
    plan_pending: bool
    attempts: int
    time_limit_s: float | None
    created_at: str
    created_by: str
    due_at: str | None
    started_at: str | None
    cancel_requested_at: str | None
    finished_at: str | None


class RunRequest(TypedDict):
    """A scenario to solve."""

    scenario_id: str
    inventory_version: NotRequired[int | None]
    baseline_plan_id: NotRequired[str | None]
    time_limit_s: NotRequired[float | None]


class ScenarioDocument(TypedDict):
    """A scenario as it stands for ever."""

    id: str
    name: str
    inventory_id: str
    parent_id: str | None
    province_code: str | None
    given: dict[str, Any]
    resolved: dict[str, Any]
    hidden: list[str]
    sha256: str
    replan: ReplanWish
    next_replan_at: str | None
    created_at: str
    created_by: str
    warnings: NotRequired[list[IssueDocument]]


class ScenarioItem(TypedDict):
    """A scenario in a list."""

    id: str
    name: str
    inventory_id: str
    parent_id: str | None
    province_code: str | None
    replan: ReplanWish
    next_replan_at: str | None
    created_at: str
    created_by: str


class VariantList(TypedDict):
    """The variants that were made, by code of their province."""

    items: list[ScenarioItem]
