"""Every route: who may use it, and what a province (a commune) sees of it.

A route of the application that is not listed here fails `test_routes`. Columns:

``roles``
    Roles that may use it; `EVERYBODY` needs a key of any role, None needs none.
``sees``
    What somebody of a province sees: see `Sees`. Rows of other provinces it never sees.

Values that a path or a query is filled with are below; add to them what a new route needs.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from app.service.store.actor import Role


class Sees(StrEnum):
    """What somebody of a province sees of a route."""

    NOTHING = "nothing of provinces"
    ROWS = "its own rows"
    FILES = "plans of its own province alone; a commune none"
    COUNTRY = "what is about its province or about the country"
    CHANGE = "changes its own rows alone"


class Route(NamedTuple):
    """A route."""

    method: str
    path: str
    roles: frozenset[Role] | None
    sees: Sees


EVERYBODY = frozenset(Role)
NATIONAL = frozenset({Role.PLANNER, Role.AUDITOR, Role.ADMIN})
PLANNERS = frozenset({Role.PLANNER, Role.PROVINCE_PLANNER, Role.ADMIN})
ADMIN = frozenset({Role.ADMIN})
MINISTRY = frozenset({Role.PLANNER, Role.ADMIN})
READERS = frozenset({Role.AUDITOR, Role.ADMIN})

ROUTES = [
    Route("GET", "/", None, Sees.NOTHING),
    Route("GET", "/openapi.json", None, Sees.NOTHING),
    Route("GET", "/metrics", READERS, Sees.NOTHING),
    Route("GET", "/v1/health", None, Sees.NOTHING),
    Route("GET", "/v1/ready", None, Sees.NOTHING),
    Route("GET", "/v1/me", EVERYBODY, Sees.NOTHING),
    Route("GET", "/v1/keys", ADMIN, Sees.NOTHING),
    Route("POST", "/v1/keys", ADMIN, Sees.NOTHING),
    Route("POST", "/v1/keys/{key_id}/revoke", ADMIN, Sees.NOTHING),
    Route("GET", "/v1/audit", READERS, Sees.NOTHING),
    Route("GET", "/v1/audit/verify", READERS, Sees.NOTHING),
    Route("POST", "/v1/inventories", MINISTRY, Sees.CHANGE),
    Route("GET", "/v1/inventories", EVERYBODY, Sees.COUNTRY),
    Route("GET", "/v1/inventories/{inventory_id}", EVERYBODY, Sees.COUNTRY),
    Route("GET", "/v1/inventories/{inventory_id}/versions", EVERYBODY, Sees.COUNTRY),
    Route("GET", "/v1/inventories/{inventory_id}/provinces/{code}", EVERYBODY, Sees.ROWS),
    Route("PUT", "/v1/inventories/{inventory_id}/provinces/{code}", PLANNERS, Sees.CHANGE),
    Route("PATCH", "/v1/inventories/{inventory_id}/provinces/{code}", PLANNERS, Sees.CHANGE),
    Route("GET", "/v1/inventories/{inventory_id}/assets", EVERYBODY, Sees.ROWS),
    Route("GET", "/v1/inventories/{inventory_id}/needs", EVERYBODY, Sees.ROWS),
    Route("GET", "/v1/inventories/{inventory_id}/diff", EVERYBODY, Sees.ROWS),
    Route("GET", "/v1/inventories/{inventory_id}/duplicates", EVERYBODY, Sees.ROWS),
    Route("GET", "/v1/inventories/{inventory_id}/tables/{name}", EVERYBODY, Sees.COUNTRY),
    Route("PUT", "/v1/inventories/{inventory_id}/tables/{name}", MINISTRY, Sees.CHANGE),
    Route("DELETE", "/v1/inventories/{inventory_id}/tables/{name}", MINISTRY, Sees.CHANGE),
    Route("GET", "/v1/templates/{lang}.xlsx", EVERYBODY, Sees.NOTHING),
    Route("GET", "/v1/communes", EVERYBODY, Sees.NOTHING),
    Route("GET", "/v1/communes.geojson", EVERYBODY, Sees.NOTHING),
    Route("POST", "/v1/scenarios", PLANNERS, Sees.CHANGE),
    Route("GET", "/v1/scenarios", EVERYBODY, Sees.COUNTRY),
    Route("GET", "/v1/scenarios/{scenario_id}", EVERYBODY, Sees.COUNTRY),
    Route("POST", "/v1/scenarios/{scenario_id}/variants", PLANNERS, Sees.CHANGE),
    Route("PUT", "/v1/scenarios/{scenario_id}/replan", PLANNERS, Sees.CHANGE),
    Route("POST", "/v1/runs", PLANNERS, Sees.CHANGE),
    Route("GET", "/v1/runs", EVERYBODY, Sees.COUNTRY),
    Route("GET", "/v1/runs/{run_id}", EVERYBODY, Sees.COUNTRY),
    Route("GET", "/v1/runs/{run_id}/events", EVERYBODY, Sees.COUNTRY),
    Route("POST", "/v1/runs/{run_id}/cancel", PLANNERS, Sees.CHANGE),
    Route("POST", "/v1/replans", PLANNERS, Sees.CHANGE),
    Route("GET", "/v1/replans/{batch_id}", EVERYBODY, Sees.COUNTRY),
    Route("GET", "/v1/plans", EVERYBODY, Sees.COUNTRY),
    Route("GET", "/v1/plans/{plan_id}", EVERYBODY, Sees.COUNTRY),
    *(
        Route("GET", f"/v1/plans/{{plan_id}}.{kind}", EVERYBODY, Sees.FILES)
        for kind in ("xlsx", "geojson", "docx", "pdf", "zip")
    ),
    Route("GET", "/v1/plans/{plan_id}.csv", EVERYBODY, Sees.ROWS),
    Route("GET", "/v1/plans/{plan_id}/transfers", EVERYBODY, Sees.ROWS),
    Route("GET", "/v1/plans/{plan_id}/shortfalls", EVERYBODY, Sees.ROWS),
    Route("GET", "/v1/plans/{plan_id}/releases", EVERYBODY, Sees.ROWS),
    Route("GET", "/v1/plans/{plan_id}/limits", EVERYBODY, Sees.FILES),
    Route("GET", "/v1/plans/{plan_id}/certificate", EVERYBODY, Sees.FILES),
    Route("GET", "/v1/plans/{plan_id}/explanations/{identifier:path}", EVERYBODY, Sees.ROWS),
    Route("GET", "/v1/plans/{plan_id}/diff", EVERYBODY, Sees.COUNTRY),
    Route("POST", "/v1/plans/{plan_id}/verify", NATIONAL, Sees.NOTHING),
]

_SCOPES = ("all", "own", "other")
_ROWS = tuple(
    f"{side}-{word}-{number}" for side in "AN" for word in ("HANOI", "DOANKET") for number in (0, 1)
)
#: Name in a path -> values, each a name of what `seeded.seed` made, or with "=" a value itself.
PATH_VALUES: dict[str, tuple[str, ...]] = {
    "inventory_id": ("inventory",),
    "scenario_id": tuple(f"scenario_{name}" for name in _SCOPES),
    "run_id": tuple(f"run_{name}" for name in _SCOPES),
    "plan_id": tuple(f"plan_{name}" for name in _SCOPES),
    "key_id": ("key",),
    "batch_id": ("=batch_1",),
    "code": ("=12", "=01"),
    "province_code": ("=12", "=01"),
    "number": ("=1", "=2"),
    "version": ("=1", "=2"),
    "lang": ("=vi",),
    "name": ("=matches", "=communes"),
    "identifier": tuple(f"={row}" for row in _ROWS),
    "row_id": tuple(f"={row}" for row in _ROWS),
    "asset_id": tuple(f"={row}" for row in _ROWS if row.startswith("A")),
    "need_id": tuple(f"={row}" for row in _ROWS if row.startswith("N")),
}
#: Path of a route that needs a query, or shows more with one -> queries; ``{name}`` as in paths.
QUERIES: dict[str, tuple[str, ...]] = {
    "/v1/inventories/{inventory_id}/diff": ("?from=1&to=2", "?from=2&to=1"),
    "/v1/inventories/{inventory_id}/provinces/{code}": ("", "?format=xlsx", "?format=csv&table=assets"),
    "/v1/inventories/{inventory_id}/assets": ("", "?official_id=29A-HANOI-0", "?q=UBND", "?province=01"),
    "/v1/inventories/{inventory_id}/needs": ("", "?q=ghi", "?province=01"),
    "/v1/plans/{plan_id}/transfers": ("", "?province=01", "?asset_id=A-HANOI-0"),
    "/v1/plans/{plan_id}/shortfalls": ("", "?province=01"),
    "/v1/plans/{plan_id}/releases": ("", "?province=01"),
    "/v1/plans/{plan_id}/diff": ("?against={plan_id}",),
    "/v1/plans/{plan_id}/explanations/{identifier:path}": ("", "?force=best&time_limit=5"),
}
#: GET routes that need a header to answer with what they are for.
HEADERS: dict[str, dict[str, str]] = {}
