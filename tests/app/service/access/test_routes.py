"""Every route, as every role: who may use it, and that no answer holds a row of another province."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import pytest
from fastapi.routing import iter_route_contexts

from app.service.http.application import create_app
from app.service.http.state import Allow, Open, State
from app.service.store.actor import OF_PROVINCE, Role
from app.settings import read_settings
from tests.app.service.access.asking import text_of
from tests.app.service.access.routes import ROUTES, Route, Sees
from tests.app.service.access.seeded import BINH_LU, HANOI, OWN
from tests.app.service.serving import NamingGate, as_

if TYPE_CHECKING:
    from app.service.store.database import Database
    from tests.app.service.access.asking import Seeded

#: Actor -> what it never sees, and what it sees at least somewhere.
STRANGERS: dict[tuple[str, str, str | None], tuple[tuple[str, ...], str]] = {
    ("province_planner", "12", None): ((HANOI,), OWN),
    ("province_approver", "12", None): ((HANOI,), OWN),
    ("commune", "12", "03388"): ((HANOI, BINH_LU), OWN),
    ("province_planner", "01", None): ((OWN, BINH_LU), HANOI),
}
GETS = [route for route in ROUTES if route.method == "GET" and route.roles is not None]


def listed(sqlite_database: Database) -> dict[tuple[str, str], frozenset[Role] | None]:
    """Return the roles of every route of the application; None for one that says that it is open."""
    made = create_app(State(sqlite_database, read_settings({}), NamingGate()))
    found: dict[tuple[str, str], frozenset[Role] | None] = {}
    for route in iter_route_contexts(made.routes):
        dependant = getattr(route, "dependant", None)
        if dependant is None:
            assert route.path == "/openapi.json", f"{route.path} is no route with dependencies"
            found["GET", str(route.path)] = None
            continue
        waiting, marks = [dependant], []
        while waiting:
            one = waiting.pop()
            waiting += one.dependencies
            marks += [one.call] if isinstance(one.call, Allow | Open) else []
        assert len(marks) == 1, f"{route.path} has {len(marks)} of Allow and Open"
        for method in route.methods or ():
            mark = marks[0]
            found[method, str(route.path)] = mark.roles if isinstance(mark, Allow) else None
    return found


def test_every_route_is_listed_with_its_roles(sqlite_database: Database) -> None:
    assert listed(sqlite_database) == {(route.method, route.path): route.roles for route in ROUTES}


def test_an_open_route_takes_no_body() -> None:
    assert {route.method for route in ROUTES if route.roles is None} == {"GET"}


@pytest.mark.parametrize(
    "route", [one for one in ROUTES if one.roles is not None], ids=lambda one: f"{one.method} {one.path}"
)
def test_no_route_answers_without_a_key(seeded: Seeded, route: Route) -> None:
    for headers in ({}, {"Authorization": "Basic YTpi"}, {"Authorization": "Bearer"}):
        answer = seeded.ask(route, seeded.addresses(route)[0], headers)
        assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize(
    "route", [one for one in ROUTES if one.roles is not None], ids=lambda one: f"{one.method} {one.path}"
)
@pytest.mark.parametrize("role", Role)
def test_a_route_is_for_its_roles_alone(seeded: Seeded, route: Route, role: Role) -> None:
    assert route.roles is not None
    place = ("12", "03388") if role is Role.COMMUNE else ("12", None) if role in OF_PROVINCE else (None, None)
    answer = seeded.ask(route, seeded.addresses(route)[0], as_(role, *place))
    assert answer.status_code != 401
    refused = answer.status_code == 403 and answer.json()["code"] == "role"
    assert refused == (role not in route.roles)


@pytest.mark.parametrize("route", GETS, ids=lambda one: one.path)
@pytest.mark.parametrize("stranger", STRANGERS, ids=lambda one: "-".join(map(str, one)))
def test_no_answer_shows_a_row_of_another_province(
    seeded: Seeded, route: Route, stranger: tuple[str, str, str | None]
) -> None:
    hidden, _ = STRANGERS[stranger]
    for address in seeded.addresses(route):
        answer = seeded.ask(route, address, as_(*stranger))
        assert answer.status_code < 500
        # What was asked for by its name is named in the refusal too.
        named = [word for word in hidden if answer.status_code >= 400 and word in address]
        shown = [word for word in hidden if word not in named and word in text_of(answer)]
        assert not shown, f"{address} shows {shown} to {stranger}"


@pytest.mark.parametrize("route", [one for one in GETS if one.sees is Sees.ROWS], ids=lambda one: one.path)
def test_the_rows_that_must_not_show_are_there_for_those_who_may_see_them(
    seeded: Seeded, route: Route
) -> None:
    def shown(headers: dict[str, str]) -> str:
        return "".join(
            text_of(answer)
            for address in seeded.addresses(route)
            if (answer := seeded.ask(route, address, headers)).status_code < 300
        )

    everything = shown(as_("planner"))
    assert all(word in everything for word in (HANOI, OWN))
    for stranger, (_, own) in STRANGERS.items():
        assert own in shown(as_(*stranger))


@pytest.mark.parametrize("route", [one for one in GETS if one.sees is Sees.FILES], ids=lambda one: one.path)
def test_files_of_a_plan_are_for_those_who_may_see_all_of_it(seeded: Seeded, route: Route) -> None:
    def codes(*who: str) -> list[int]:
        return [seeded.ask(route, address, as_(*who)).status_code for address in seeded.addresses(route)]

    country, own, other = codes("planner")
    assert (country, own, other) == (200, 200, 200)
    assert codes("province_planner", "12") == [403, 200, 404]
    assert codes("commune", "12", "03388") == [403, 403, 404]


def test_the_table_of_the_documentation_is_that_of_the_routes() -> None:
    from pathlib import Path

    page = (Path(__file__).parents[4] / "docs" / "access.md").read_text(encoding="utf-8")
    assert table_of_routes() in page, f"docs/access.md must hold:\n{table_of_routes()}"


def table_of_routes() -> str:
    """Return the table of roles for docs/access.md."""
    roles = list(Role)
    lines = [f"| route | {' | '.join(f'`{role}`' for role in roles)} | a province sees |"]
    lines.append("|---" * (len(roles) + 2) + "|")
    of_path: dict[str, list[Route]] = defaultdict(list)
    for route in ROUTES:
        of_path[route.path].append(route)
    for path, found in of_path.items():
        for route in found:
            marks = ["✓" if route.roles is None or role in route.roles else "" for role in roles]
            sees = "open to all" if route.roles is None else str(route.sees)
            lines.append(f"| `{route.method} {path}` | {' | '.join(marks)} | {sees} |")
    return "\n".join(lines)
