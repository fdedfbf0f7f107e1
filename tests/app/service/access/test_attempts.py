"""What a province tries on others, as bodies that the ministry could send: nothing comes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from tests.app.service.access.seeded import HANOI
from tests.app.service.serving import as_

if TYPE_CHECKING:
    from tests.app.service.access.asking import Seeded

ROW = {"asset_id": f"A-{HANOI}-0", "category": "vehicle", "kind": "car", "commune_code": "00004", "units": 1}
PART = "/v1/inventories/inv_1/provinces/01"


class Attempt(NamedTuple):
    """A request, and what the ministry is answered."""

    method: str
    path: str
    body: dict[str, Any]
    control: int
    with_tag: bool = False


def scenario(**keys: str) -> dict[str, Any]:
    return {"name": "Xe", "inventory_id": "inv_1", "scenario": {"date": "2026-01-01", **keys}}


ATTEMPTS = [
    Attempt("POST", "/v1/scenarios", scenario(scope_province="01"), 201),
    Attempt("POST", "/v1/scenarios", scenario(), 201),
    Attempt("POST", "/v1/scenarios/scen_other/variants", {"name": "Xe", "changes": {}}, 201),
    Attempt("POST", "/v1/runs", {"scenario_id": "scen_other"}, 202),
    Attempt("POST", "/v1/runs", {"scenario_id": "scen_all"}, 202),
    Attempt("POST", "/v1/runs/run_waiting_other/cancel", {}, 200),
    Attempt("POST", "/v1/runs/run_waiting_all/cancel", {}, 200),
    Attempt("POST", "/v1/replans", {"inventory_id": "inv_1", "scenario_ids": ["scen_other"]}, 202),
    Attempt("POST", "/v1/replans", {"inventory_id": "inv_1", "scenario_ids": ["scen_all"]}, 202),
    Attempt("PUT", PART, {"assets": [ROW], "needs": []}, 200, with_tag=True),
    Attempt("PATCH", PART, {"assets": {"upsert": [ROW | {"units": 2}]}}, 200, with_tag=True),
    Attempt("PUT", "/v1/inventories/inv_1/tables/matches", {}, 422),  # nothing is sent
]


@pytest.mark.parametrize("attempt", ATTEMPTS, ids=lambda one: f"{one.method} {one.path}")
def test_a_province_changes_nothing_of_others_nor_of_the_country(seeded: Seeded, attempt: Attempt) -> None:
    def ask(who: dict[str, str]) -> tuple[int, str]:
        if attempt.with_tag:
            part = seeded.client.get(attempt.path, headers=as_("planner"))
            who = who | {"If-Match": part.headers["ETag"]}
        answer = seeded.client.request(attempt.method, attempt.path, json=attempt.body, headers=who)
        return answer.status_code, answer.text

    def head() -> str:
        found: str = seeded.client.get("/v1/audit/verify", headers=as_("auditor")).json()["head"]
        return found

    before = head()
    code, text = ask(as_("province_planner", "12"))
    assert code in (403, 404) or "scope_not_yours" in text, text
    assert head() == before  # nothing was done, for whatever is done is noted
    for role in ("province_approver", "auditor"):
        assert ask(as_(role, "12" if role != "auditor" else None))[0] == 403
    assert head() == before
    code, text = ask(as_("planner"))
    assert code == attempt.control, text
    assert (head() == before) == (attempt.control >= 400)
