"""What the service answers and takes.

Made from the OpenAPI document by `python -m app.service.document`; do not edit.
"""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypedDict


class BatchDocument(TypedDict):
    """Runs that were asked for together."""

    batch_id: str
    states: dict[str, int]
    ended: bool
    changes: ChangesDocument | None
    items: list[ReplanItem]


class Chain(TypedDict):
    """What a check of the audit chain found."""

    ok: bool
    entries: int
    head: str
    broken_number: int | None
    fault: Literal["gap", "previous", "digest", "anchor_missing", "anchor_differs"] | None
    message: str


class ChangedDocument(TypedDict):
    """Counts by table."""

    assets: CountsDocument
    needs: CountsDocument


class ChangesDocument(TypedDict):
    """What a re-plan changed against the plan before (docs/replan.md)."""

    units: int
    lines: int
    saves_vnd: int
    reasons: dict[str, int]


class CommuneDocument(TypedDict):
    """A commune of today's register."""

    commune_code: str
    name: str
    kind: str
    province_code: str
    province_name: str
    lat: float
    lon: float


class CounterfactualDocument(TypedDict):
    """What becomes of the plan if it had to be otherwise."""

    text: str
    facts: dict[str, Any] | None


class CountsDocument(TypedDict):
    """How many rows a change added, changed and removed."""

    added: int
    changed: int
    removed: int


class Details(TypedDict):
    """What makes it ready, or not."""

    database: bool
    schema_current: bool
    workers_alive: int


class DifferenceDocument(TypedDict):
    """A row that was added, removed or changed."""

    table: Literal["assets", "needs"]
    province_code: str
    plan_id: str
    change: Literal["added", "removed", "changed"]
    cells: dict[str, list[Any]]


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


class ExplanationDocument(TypedDict):
    """Why a need got what it got, or an asset goes where it goes."""

    subject: str
    id: str
    outcome: str
    facts: dict[str, Any]
    text: str


class ExplanationsDocument(TypedDict):
    """All that has the id: a need and an asset may share one."""

    explanations: list[ExplanationDocument]
    counterfactuals: list[CounterfactualDocument]
    hidden: bool


class HeadDocument(TypedDict):
    """An inventory with the vector of its parts, as far as one may see them."""

    id: str
    name: str
    head: int
    created_at: str
    created_by: str
    version: int
    parts: list[PartDocument]
    tables: list[TableDocument]


class Health(TypedDict):
    """The process lives."""

    status: NotRequired[Literal["ok"]]


class InventoryDocument(TypedDict):
    """An inventory in a list."""

    id: str
    name: str
    head: int
    created_at: str
    created_by: str


class IssueDocument(TypedDict):
    """One thing that is wrong, with its place, code and remedy."""

    file: NotRequired[str | None]
    sheet: NotRequired[str | None]
    row: NotRequired[int | None]
    id: NotRequired[str | None]
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


class PageCommuneDocument(TypedDict):
    """Page_CommuneDocument_."""

    items: list[CommuneDocument]
    next: NotRequired[str | None]


class PageDifferenceDocument(TypedDict):
    """Page_DifferenceDocument_."""

    items: list[DifferenceDocument]
    next: NotRequired[str | None]


class PageEntry(TypedDict):
    """Page_Entry_."""

    items: list[Entry]
    next: NotRequired[str | None]


class PageInventoryDocument(TypedDict):
    """Page_InventoryDocument_."""

    items: list[InventoryDocument]
    next: NotRequired[str | None]


class PageKey(TypedDict):
    """Page_Key_."""

    items: list[Key]
    next: NotRequired[str | None]


class PagePlanItem(TypedDict):
    """Page_PlanItem_."""

    items: list[PlanItem]
    next: NotRequired[str | None]


class PageRowDocument(TypedDict):
    """Page_RowDocument_."""

    items: list[RowDocument]
    next: NotRequired[str | None]


class PageRunDocument(TypedDict):
    """Page_RunDocument_."""

    items: list[RunDocument]
    next: NotRequired[str | None]


class PageScenarioItem(TypedDict):
    """Page_ScenarioItem_."""

    items: list[ScenarioItem]
    next: NotRequired[str | None]


class PageTwinsDocument(TypedDict):
    """Page_TwinsDocument_."""

    items: list[TwinsDocument]
    next: NotRequired[str | None]


class PageVersionDocument(TypedDict):
    """Page_VersionDocument_."""

    items: list[VersionDocument]
    next: NotRequired[str | None]


class PagedictstrUnionstrintfloatboolNoneType(TypedDict):
    """Page_dict_str__Union_str__int__float__bool__NoneType___."""

    items: list[dict[str, str | int | float | bool | None]]
    next: NotRequired[str | None]


class PartDocument(TypedDict):
    """A province's part in a version."""

    province_code: str
    number: int
    since: int
    etag: str
    assets: int
    needs: int
    created_at: str
    created_by: str


class PartRowsDocument(TypedDict):
    """All rows of a part: `assets` and `needs` can be sent back by PUT."""

    inventory_id: str
    version: int
    province_code: str
    etag: str
    assets: list[dict[str, str]]
    needs: list[dict[str, str]]


class PatchDocument(TypedDict):
    """Single rows of a part."""

    assets: NotRequired[PatchedTable]
    needs: NotRequired[PatchedTable]


class PatchedTable(TypedDict):
    """Single rows of one table."""

    upsert: NotRequired[list[dict[str, str | bool | int | float | None]]]
    remove: NotRequired[list[str]]


class PlanDocument(TypedDict):
    """A plan."""

    id: str
    run_id: str
    scenario_id: str
    inventory_id: str
    inventory_version: int
    baseline_plan_id: str | None
    province_code: str | None
    status: str
    solver_version: str
    created_at: str
    whole: bool
    summary: dict[str, Any]
    text: str | None


class PlanItem(TypedDict):
    """A plan in a list."""

    id: str
    run_id: str
    scenario_id: str
    inventory_id: str
    inventory_version: int
    baseline_plan_id: str | None
    province_code: str | None
    status: str
    solver_version: str
    created_at: str


class Readiness(TypedDict):
    """Whether requests can be served; why not is told to those with a key."""

    status: Literal["ready", "degraded", "unavailable"]
    details: NotRequired[Details | None]


class ReplanChange(TypedDict):
    """When a scenario is planned again from now on; nothing of it switches both off."""

    on_new_version: NotRequired[bool]
    schedule: NotRequired[str | None]


class ReplanItem(TypedDict):
    """One run of a batch."""

    run: RunDocument
    scenario_name: str
    status: str | None
    changes: ChangesDocument | None


class ReplanRequest(TypedDict):
    """Scenarios to plan again: some of an inventory, or all of those that are yours."""

    inventory_id: str
    scenario_ids: NotRequired[list[str] | None]
    all: NotRequired[bool]
    inventory_version: NotRequired[int | None]
    baseline: NotRequired[str]


class ReplanWish(TypedDict):
    """When a scenario is planned again by itself."""

    on_new_version: NotRequired[bool]
    schedule: NotRequired[str | None]


Role = Literal["planner", "province_planner", "province_approver", "commune", "auditor", "admin"]


class RowDocument(TypedDict):
    """An asset or a need."""

    plan_id: str
    province_code: str
    commune_code: str | None
    cells: dict[str, str]


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


class TableDocument(TypedDict):
    """A table of the whole inventory."""

    name: str
    etag: str


class TwinsDocument(TypedDict):
    """Assets that may be one and the same."""

    reason: Literal["official_id", "place"]
    value: str
    assets: list[RowDocument]


class UploadDocument(TypedDict):
    """What became of an upload."""

    inventory_id: str | None
    version: int
    etag: str | None
    dry_run: bool
    stored: bool
    changed: ChangedDocument
    assets: int
    needs: int
    warnings: list[IssueDocument]
    warning_counts: dict[str, int]


class VariantList(TypedDict):
    """The variants that were made, by code of their province."""

    items: list[ScenarioItem]


class VerificationDocument(TypedDict):
    """What the independent check says of the files as they are stored."""

    verified: bool
    status: str | None
    objective_vnd: int | None
    bound_vnd: int | None
    gap_vnd: int | None
    cost_gap: str | None
    value_gap: str | None
    counts: dict[str, int]
    violations: list[ViolationDocument]


class VersionDocument(TypedDict):
    """One accepted change."""

    number: int
    cause: Literal["created", "part_replaced", "rows_patched", "tables_replaced"]
    province_code: str | None
    changed: ChangedDocument | None
    created_at: str
    created_by: str


class ViolationDocument(TypedDict):
    """One thing that is wrong with a plan."""

    code: str
    text: str
