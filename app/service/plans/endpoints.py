"""Routes of plans: lists, summary, tables, certificate, explanations, comparison, check."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from app.explaining import asked_if
from app.service.http.pages import After, Limit, Page
from app.service.http.problems import documents
from app.service.http.state import NATIONAL, Allow, CurrentActor, Language, Reading, TheState
from app.service.http.strict_route import StrictRoute
from app.service.plans.checking import verified
from app.service.plans.comparing import difference
from app.service.plans.downloads import Download
from app.service.plans.explaining import explained
from app.service.plans.file_endpoints import PlanId, answered
from app.service.plans.files import file_of, plan_of, sees_whole
from app.service.plans.infeasible import no_plan_text
from app.service.plans.limits import page_of_limits
from app.service.plans.lists import Slice, page_of_plans, page_of_rows
from app.service.plans.schemas import (
    CategoryName,
    Disposition,
    ExplanationsDocument,
    PlanDocument,
    PlanItem,
    PlanStatus,
    ReleaseReason,
    Row,
    ShortfallReason,
    VerificationDocument,
)
from app.service.plans.seen import own_summary
from app.service.refusals import InvalidError, MissingError
from app.service.store.models import Plan, ReleaseRow, ShortfallRow, TransferRow

router = APIRouter(prefix="/plans", tags=["plans"], route_class=StrictRoute)

Code = Annotated[str | None, Query(max_length=40)]
GivenId = Annotated[str | None, Query(max_length=160)]
_ALL = [Depends(Allow())]


def _item(plan: Plan) -> dict[str, Any]:
    return {name: getattr(plan, name) for name in PlanItem.model_fields}


@router.get("", dependencies=_ALL, responses=documents())
def get_plans(
    session: Reading,
    scenario_id: Code = None,
    inventory_id: Code = None,
    run_id: Code = None,
    province: Code = None,
    status: PlanStatus | None = None,
    limit: Limit = 100,
    after: After = None,
) -> Page[PlanItem]:
    """List plans, the oldest first."""
    equal = {
        "scenario_id": scenario_id,
        "inventory_id": inventory_id,
        "run_id": run_id,
        "province_code": province,
        "status": status,
    }
    found, cursor = page_of_plans(session, equal, limit, after)
    return Page(items=[PlanItem(**_item(one)) for one in found], next=cursor)


@router.get("/{plan_id}", dependencies=_ALL, responses=documents(404))
def get_plan(
    plan_id: PlanId, session: Reading, state: TheState, actor: CurrentActor, lang: Language
) -> PlanDocument:
    """Return what a plan is, what it proves, and its figures."""
    plan = plan_of(session, plan_id)
    whole = sees_whole(actor, plan)
    summary = plan.summary if whole else own_summary(plan, actor.province_code or "")
    text = no_plan_text(session, plan, state.settings.home, lang) if whole else None
    return PlanDocument(**_item(plan), whole=whole, summary=summary, text=text)


@router.get("/{plan_id}/transfers", dependencies=_ALL, responses=documents(404, 409))
def get_transfers(
    plan_id: PlanId,
    session: Reading,
    category: CategoryName | None = None,
    province: Annotated[str | None, Query(max_length=40, description="That gives or gets.")] = None,
    commune: Annotated[str | None, Query(max_length=40, description="That gives or gets.")] = None,
    asset_id: GivenId = None,
    need_id: GivenId = None,
    limit: Limit = 100,
    after: After = None,
) -> Page[Row]:
    """List the transfers of a plan, with every column of ``transfers.csv``."""
    equal = {"category": category, "asset_id": asset_id, "need_id": need_id}
    rows, cursor = page_of_rows(session, plan_id, TransferRow, Slice(limit, after, province, commune, equal))
    return Page(items=rows, next=cursor)


@router.get("/{plan_id}/shortfalls", dependencies=_ALL, responses=documents(404, 409))
def get_shortfalls(
    plan_id: PlanId,
    session: Reading,
    category: CategoryName | None = None,
    province: Code = None,
    commune: Code = None,
    need_id: GivenId = None,
    reason: ShortfallReason | None = None,
    limit: Limit = 100,
    after: After = None,
) -> Page[Row]:
    """List what needs do not get, with every column of ``shortfalls.csv``."""
    equal = {"category": category, "need_id": need_id, "reason": reason}
    rows, cursor = page_of_rows(session, plan_id, ShortfallRow, Slice(limit, after, province, commune, equal))
    return Page(items=rows, next=cursor)


@router.get("/{plan_id}/releases", dependencies=_ALL, responses=documents(404, 409))
def get_releases(
    plan_id: PlanId,
    session: Reading,
    category: CategoryName | None = None,
    province: Code = None,
    commune: Code = None,
    asset_id: GivenId = None,
    reason: ReleaseReason | None = None,
    disposition: Disposition | None = None,
    limit: Limit = 100,
    after: After = None,
) -> Page[Row]:
    """List what stays unused of assets, with every column of ``releases.csv``."""
    equal = {"category": category, "asset_id": asset_id, "reason": reason, "disposition": disposition}
    rows, cursor = page_of_rows(session, plan_id, ReleaseRow, Slice(limit, after, province, commune, equal))
    return Page(items=rows, next=cursor)


@router.get("/{plan_id}/limits", dependencies=_ALL, responses=documents(404, 409))
def get_limits(plan_id: PlanId, session: Reading, limit: Limit = 100, after: After = None) -> Page[Row]:
    """List the limits of a plan, how far they are used and what one more is worth; for who sees all of it."""
    rows, cursor = page_of_limits(session, plan_of(session, plan_id), limit, after)
    return Page(items=rows, next=cursor)


@router.get(
    "/{plan_id}/certificate",
    dependencies=_ALL,
    response_class=Response,
    responses={200: {"content": {"application/json": {"schema": {"type": "object"}}}}, **documents(404)},
)
def get_certificate(plan_id: PlanId, request: Request, session: Reading) -> Response:
    """Return ``certificate.json`` byte for byte (docs/certificate.md); for who sees all of the plan."""
    plan = plan_of(session, plan_id)
    content = file_of(session, plan, "certificate.json")
    if content is None:
        raise MissingError("file", "certificate.json")
    return answered(request, Download(content, "application/json", f"certificate {plan.id}.json"))


@router.get("/{plan_id}/explanations/{identifier:path}", dependencies=_ALL, responses=documents(404, 409))
def get_explanations(
    plan_id: PlanId,
    identifier: Annotated[str, Path(max_length=160)],
    state: TheState,
    actor: CurrentActor,
    lang: Language,
    force: Annotated[
        str | None,
        Query(max_length=160, description="Another id to force: of an asset for a need. Or best, or none."),
    ] = None,
    units: Annotated[int | None, Query(ge=1, le=1_000_000, description="Units to force.")] = None,
    time_limit: Annotated[float, Query(gt=0, le=60, description="Seconds to solve again.")] = 20,
) -> ExplanationsDocument:
    """Explain what a plan does with a need or an asset; with ?force= also what becomes of it otherwise."""
    if units is not None and force in (None, "best", "none"):
        raise InvalidError("explain_units")
    asked = None if force is None else asked_if(force, units, time_limit)
    return explained(state, actor, plan_id, identifier, asked, lang)


@router.get("/{plan_id}/diff", dependencies=_ALL, responses=documents(404, 409))
def get_difference(
    plan_id: PlanId,
    state: TheState,
    actor: CurrentActor,
    against: Annotated[str, Query(max_length=40, description="Id of the plan to compare with.")],
) -> dict[str, Any]:
    """Return figures, changed lines and provinces of a plan beside those of another; as `surplan compare`."""
    return difference(state, actor, plan_id, against)


@router.post("/{plan_id}/verify", dependencies=[Depends(Allow(*NATIONAL))], responses=documents(404))
def post_verify(
    plan_id: PlanId, state: TheState, actor: CurrentActor, lang: Language
) -> VerificationDocument:
    """Check the stored files anew, trusting nothing in them but their inputs."""
    return verified(state, actor, plan_id, lang)
