"""What a province and a commune see of a run: not the rows of others, nor the figures of all."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from app.service.runs import diary
from app.service.runs.queue import queue_run
from app.service.store.actor import SYSTEM
from app.service.store.models import Run, Scenario
from app.service.store.models.runs import Cause, RunState
from app.service.store.types import utc_now
from tests.app.service.runs.stage import seed
from tests.app.service.serving import as_

if TYPE_CHECKING:
    from starlette.testclient import TestClient

    from app.service.store.database import Database

OTHERS = "SECRET"
REPORT = {"phase": "solve", "category": "vehicle", "round": 3, "elapsed_s": 2.34, "gap": 0.01}
AMOUNTS = {"objective_vnd": 987_654_321, "bound_vnd": 987_650_000}
WHOLE = {"country": ["planner::"], "12": ["planner::", "province_planner:12:", "province_approver:12:"]}
PARTLY = {"country": ["province_planner:12:", "commune:12:03394"], "12": ["commune:12:03394"]}


def who(token: str) -> dict[str, str]:
    return as_(*token.split(":"))


def queued(database: Database, of: str) -> str:
    """Queue a run of the country or of a province."""
    scenario = seed(database, None if of == "country" else of)
    with database.writing(SYSTEM) as session:
        found = session.get_one(Scenario, scenario)
        run = queue_run(
            session,
            scenario=found,
            inventory_version=1,
            baseline_plan_id=None,
            cause=Cause.ASKED,
            actor=SYSTEM,
        )
        return run.id


def fail(database: Database, run_id: str) -> None:
    """End a run as wrong input does: with issues that name rows."""
    one = {"file": "assets.csv", "row": 2, "id": OTHERS, "column": "units", "code": "x", "value": OTHERS}
    said = {**one, "message": OTHERS, "remedy": OTHERS, "severity": "error"}
    with database.writing(SYSTEM) as session:
        run = session.get_one(Run, run_id)
        diary.enter(session, run, RunState.FAILED, "wrong_input")
        run.finished_at = utc_now()
        both = {"en": [said], "vi": [said]}
        run.detail = {"errors": 1, "warnings": 0, "issues": both, "said": {"en": OTHERS, "vi": OTHERS}}


def progress(database: Database, run_id: str) -> None:
    """Let a run report how far it is."""
    with database.writing(SYSTEM) as session:
        run = session.get_one(Run, run_id)
        diary.enter(session, run, RunState.RUNNING)
        run.progress = REPORT | AMOUNTS
        diary.tell(session, run, diary.PROGRESS, REPORT | AMOUNTS)


def names_amounts(text: str) -> bool:
    """Tell whether a text has an amount of `AMOUNTS`, as a program or as people write it."""
    return any(wanted in text for one in AMOUNTS.values() for wanted in (str(one), f"{one:,}"))


def answers(client: TestClient, run_id: str, token: str) -> list[str]:
    """Return every answer about a run: itself, the list, the diary in pages and as a stream where it ends."""
    addresses = [f"/v1/runs/{run_id}", "/v1/runs", f"/v1/runs/{run_id}/events"]
    found = [client.get(one, headers=who(token)) for one in addresses]
    if found[0].json()["finished_at"] is not None:
        stream = {"Accept": "text/event-stream"}
        found.append(client.get(addresses[2], headers=who(token) | stream))
        assert found[-1].headers["content-type"].startswith("text/event-stream")
    assert [one.status_code for one in found] == [200] * len(found)
    return [one.text for one in found]


@pytest.mark.parametrize("of", ["country", "12"])
def test_issues_of_a_run_are_for_who_sees_all_its_rows(
    sqlite_client: TestClient, sqlite_database: Database, of: str
) -> None:
    run = queued(sqlite_database, of)
    fail(sqlite_database, run)
    for token in PARTLY[of]:
        assert not [text for text in answers(sqlite_client, run, token) if OTHERS in text], token
        document = sqlite_client.get(f"/v1/runs/{run}", headers=who(token)).json()
        assert (document["state"], document["reason"], document["issues"]) == ("FAILED", "wrong_input", [])
        assert document["detail"] == {"errors": 1, "warnings": 0}
        assert "whole run" in document["message"]
        assert "ministry" in document["remedy"]
    for token in WHOLE[of]:
        document = sqlite_client.get(f"/v1/runs/{run}", headers=who(token)).json()
        assert [one["id"] for one in document["issues"]] == [OTHERS]
        assert document["message"] == OTHERS


@pytest.mark.parametrize("of", ["country", "12"])
def test_amounts_of_all_in_progress_are_for_who_sees_all_its_rows(
    sqlite_client: TestClient, sqlite_database: Database, of: str
) -> None:
    run = queued(sqlite_database, of)
    progress(sqlite_database, run)

    def told(token: str) -> list[dict[str, Any]]:
        document, listed, page = (json.loads(text) for text in answers(sqlite_client, run, token))
        events = [one["data"] for one in page["items"] if one["kind"] == "progress"]
        assert len(events) == 1
        message = events[0].pop("message")
        assert (names_amounts(message), names_amounts(document["message"])) == (token in WHOLE[of],) * 2
        assert listed["items"][0]["progress"] == document["progress"]
        return [document["progress"], *events]

    shown = REPORT | {"elapsed_s": 2.3}
    for token in PARTLY[of]:
        assert told(token) == [shown, shown], token
    for token in WHOLE[of]:
        assert told(token) == [shown | AMOUNTS, shown | AMOUNTS], token
    fail(sqlite_database, run)  # now the stream ends, and tells the same
    for token in PARTLY[of]:
        assert not [text for text in answers(sqlite_client, run, token) if names_amounts(text)], token
    for token in WHOLE[of]:
        assert names_amounts(answers(sqlite_client, run, token)[3])
