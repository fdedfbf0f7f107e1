"""Routes of scenarios; there is none that changes one."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response

from app.service.http.addresses import address_of
from app.service.http.idempotency import Answer, TheOnce
from app.service.http.pages import After, Limit, Page
from app.service.http.problems import documents
from app.service.http.state import PLANNERS, Allow, CurrentActor, Language, Reading, TheState, Writing
from app.service.http.strict_route import StrictRoute
from app.service.inventories.versions import inventory_of
from app.service.scenarios.create import create_scenario
from app.service.scenarios.find import page_of_scenarios, scenario_of
from app.service.scenarios.posted import TOML, Posted, body_of, posted_scenario, posted_variant, toml_query
from app.service.scenarios.replanning import change_replan
from app.service.scenarios.schemas import (
    NewScenario,
    NewVariant,
    ReplanChange,
    ScenarioDocument,
    ScenarioItem,
    ShortId,
    VariantList,
)
from app.service.scenarios.shown import document_of, item_of
from app.service.scenarios.variants import create_variant, create_variants

router = APIRouter(prefix="/scenarios", tags=["scenarios"], route_class=StrictRoute)

_Posted = Annotated[Posted, Depends(posted_scenario)]
_PostedVariant = Annotated[NewVariant, Depends(posted_variant)]
_MADE: dict[int | str, dict[str, Any]] = {201: {"headers": {"Location": {"schema": {"type": "string"}}}}}


def _address(request: Request, scenario_id: str) -> str:
    return address_of(request, "get_scenario", scenario_id=scenario_id)


@router.post(
    "",
    status_code=201,
    response_model=ScenarioDocument,
    dependencies=[Depends(Allow(*PLANNERS))],
    responses={**_MADE, **documents(404, 409, 415)},
    openapi_extra={**body_of(NewScenario, TOML), **toml_query()},
)
def post_scenario(
    posted: _Posted,
    request: Request,
    session: Writing,
    actor: CurrentActor,
    state: TheState,
    lang: Language,
    once: TheOnce,
) -> Response:
    """Check and freeze a scenario. As TOML: the scenario alone, with ?name= and ?inventory_id=.

    Send an Idempotency-Key, and a repeated request makes no second one.
    """

    def create() -> Answer:
        inventory = inventory_of(session, posted.inventory_id)
        made = create_scenario(session, inventory, posted.wish, state.settings)
        document = document_of(made.scenario, actor, made.warnings[lang])
        return Answer(201, document, {"Location": _address(request, made.scenario.id)})

    return once.answer(session, create)


@router.get("", dependencies=[Depends(Allow())], responses=documents())
def get_scenarios(
    session: Reading,
    inventory_id: Annotated[str | None, Query(max_length=40)] = None,
    province: Annotated[str | None, Query(max_length=40, description="Code of scope_province.")] = None,
    limit: Limit = 100,
    after: After = None,
) -> Page[ScenarioItem]:
    """List scenarios, the oldest first."""
    found, cursor = page_of_scenarios(session, inventory_id, province, limit, after)
    return Page(items=[item_of(one) for one in found], next=cursor)


@router.get("/{scenario_id}", dependencies=[Depends(Allow())], responses=documents(404))
def get_scenario(scenario_id: ShortId, session: Reading, actor: CurrentActor) -> ScenarioDocument:
    """Return a scenario as it was sent, and with every default."""
    return document_of(scenario_of(session, scenario_id), actor)


@router.post(
    "/{scenario_id}/variants",
    status_code=201,
    response_model=ScenarioDocument | VariantList,
    dependencies=[Depends(Allow(*PLANNERS))],
    responses={**_MADE, **documents(404, 409, 415)},
    openapi_extra=body_of(NewVariant),
)
def post_variant(
    scenario_id: ShortId,
    posted: _PostedVariant,
    request: Request,
    session: Writing,
    actor: CurrentActor,
    state: TheState,
    lang: Language,
    once: TheOnce,
) -> Response:
    """Freeze another scenario that differs in some keys; or one for each province that has rows.

    Send an Idempotency-Key, and a repeated request makes none again.
    """

    def create() -> Answer:
        parent = scenario_of(session, scenario_id)
        if posted.by_province:
            variants = create_variants(session, parent, posted, state.settings)
            return Answer(201, VariantList(items=[item_of(one) for one in variants]))
        made = create_variant(session, parent, posted, state.settings)
        document = document_of(made.scenario, actor, made.warnings[lang])
        return Answer(201, document, {"Location": _address(request, made.scenario.id)})

    return once.answer(session, create)


@router.put("/{scenario_id}/replan", dependencies=[Depends(Allow(*PLANNERS))], responses=documents(404))
def put_replan(
    scenario_id: ShortId, body: ReplanChange, session: Writing, actor: CurrentActor, state: TheState
) -> ScenarioDocument:
    """Set when a scenario is planned again by itself, or never; nothing else of it changes."""
    scenario = change_replan(session, scenario_id, **body.model_dump(), settings=state.settings)
    return document_of(scenario, actor)
