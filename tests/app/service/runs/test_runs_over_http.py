"""Runs as clients see them: from the upload to the plan, lists, diary, cancel, and repeated requests."""

from __future__ import annotations

import json
import threading
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from app.service.http.idempotency import KEPT, forget_old
from app.service.store.actor import SYSTEM
from app.service.store.models import AuditEntry, IdempotentAnswer, Run, RunEvent
from app.service.store.types import utc_now
from tests.app.service.runs.stage import Stage, seed, uploaded
from tests.app.service.serving import app_client, as_

if TYPE_CHECKING:
    from starlette.testclient import TestClient

    from app.service.store.database import Database

PLANNER = as_("planner")


@pytest.fixture
def scenario(database: Database) -> str:
    """A scenario of the whole country."""
    return seed(database)


def ask(client: TestClient, scenario: str, key: str | None = None, **more: Any) -> Any:  # noqa: ANN401  # a response
    headers = PLANNER | ({"Idempotency-Key": key} if key else {})
    return client.post("/v1/runs", json={"scenario_id": scenario, **more}, headers=headers)


def count(database: Database) -> int:
    with database.reading(SYSTEM) as session:
        return session.scalar(sa.select(sa.func.count()).select_from(Run)) or 0


# The journey of tests/app/service does the same on both.
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_from_the_upload_to_the_plan(client: TestClient, stage: Stage) -> None:
    scenario = uploaded(client)
    answer = ask(client, scenario)
    assert (answer.status_code, answer.headers["Retry-After"]) == (202, "1")
    address = answer.headers["Location"]
    assert answer.json()["state"] == "QUEUED"
    assert address == f"/v1/runs/{answer.json()['id']}"
    stage.start("one", real=True)
    run = stage.until_settled(answer.json()["id"])
    told = client.get(address, headers=PLANNER).json()
    assert (told["state"], told["plan_id"], told["plan_pending"]) == ("SUCCEEDED", run.plan_id, False), told
    plan = client.get(f"/v1/plans/{run.plan_id}", headers=PLANNER)
    assert plan.status_code == 200
    again = ask(client, scenario, baseline_plan_id=run.plan_id)
    assert stage.until_settled(again.json()["id"]).state == "SUCCEEDED"


def test_a_province_plans_its_own_rows_and_plans_them_again(
    sqlite_client: TestClient, sqlite_stage: Stage
) -> None:
    client, stage = sqlite_client, sqlite_stage
    scenario, mine = uploaded(client, scope_province="38"), as_("province_planner", "38")
    stage.start("one", real=True)
    before: dict[str, str] = {}
    for _ in range(2):
        answer = client.post("/v1/runs", json={"scenario_id": scenario, **before}, headers=mine)
        assert answer.status_code == 202, answer.text
        run = stage.until_settled(answer.json()["id"])
        assert (run.state, run.province_code) == ("SUCCEEDED", "38"), run.detail
        before = {"baseline_plan_id": str(run.plan_id)}
        assert client.get(f"/v1/plans/{run.plan_id}", headers=mine).status_code == 200
        assert (
            client.get(f"/v1/plans/{run.plan_id}", headers=as_("province_planner", "01")).status_code == 404
        )
    country = client.post("/v1/runs", json={"scenario_id": uploaded(client), **before}, headers=PLANNER)
    assert (country.status_code, country.json()["code"]) == (422, "run_baseline")


def test_a_run_names_what_it_is_of_and_what_is_wrong(client: TestClient, scenario: str) -> None:
    assert ask(client, scenario, inventory_version=1).json()["inventory_version"] == 1
    cases: list[tuple[dict[str, Any], int, str]] = [
        ({"inventory_version": 2}, 422, "run_version"),
        ({"baseline_plan_id": "plan_x"}, 404, "missing"),
        ({"time_limit_s": 0}, 422, "fields"),
        ({"inventory_version": 2**31}, 422, "fields"),
        ({"other": 1}, 422, "fields"),
    ]
    for more, status, code in cases:
        answer = ask(client, scenario, **more)
        assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert ask(client, "scn_x").status_code == 404
    assert client.get("/v1/runs/run_x", headers=PLANNER).status_code == 404
    assert client.get("/v1/runs/run_x/events", headers=PLANNER).status_code == 404
    assert client.post("/v1/runs/run_x/cancel", headers=PLANNER).status_code == 404


def test_runs_are_listed_in_pages_and_by_state(client: TestClient, scenario: str) -> None:
    made = [ask(client, scenario).json()["id"] for _ in range(5)]
    assert client.post(f"/v1/runs/{made[0]}/cancel", headers=PLANNER).json()["state"] == "CANCELLED"
    found: list[str] = []
    after: dict[str, str] = {}
    while True:
        page = client.get("/v1/runs", params={"limit": "2", **after}, headers=PLANNER).json()
        found += [run["id"] for run in page["items"]]
        if page["next"] is None:
            break
        after = {"after": page["next"]}
    assert found == sorted(made, reverse=True)
    only = client.get("/v1/runs", params={"state": "CANCELLED"}, headers=PLANNER).json()["items"]
    assert [run["id"] for run in only] == made[:1]
    assert client.get("/v1/runs?scenario_id=scn_x", headers=PLANNER).json()["items"] == []
    assert client.get("/v1/runs?batch_id=b", headers=PLANNER).json()["items"] == []
    assert client.get("/v1/runs?state=DONE", headers=PLANNER).status_code == 422
    assert client.get("/v1/runs?after=%2B", headers=PLANNER).status_code == 422


def test_a_province_runs_its_own_scenarios_alone(client: TestClient, database: Database) -> None:
    country, theirs, others = seed(database), seed(database, "12"), seed(database, "01")
    mine = as_("province_planner", "12")
    bodies = [{"scenario_id": one} for one in (theirs, country, others)]
    answers = [client.post("/v1/runs", json=body, headers=mine) for body in bodies]
    assert [one.status_code for one in answers] == [202, 403, 404]
    assert answers[1].json()["code"] == "national_scenario"
    assert "scope_province = 12" in answers[1].json()["remedy"]
    national, other = ask(client, country).json()["id"], ask(client, others).json()["id"]
    listed = {run["id"] for run in client.get("/v1/runs", headers=mine).json()["items"]}
    assert listed == {answers[0].json()["id"], national}
    for run, status in ((national, 403), (other, 404), (answers[0].json()["id"], 200)):
        assert client.post(f"/v1/runs/{run}/cancel", headers=mine).status_code == status
    assert client.get(f"/v1/runs/{national}/events", headers=mine).status_code == 200
    assert client.get(f"/v1/runs/{other}/events", headers=mine).status_code == 404
    for role in (as_("auditor"), as_("province_approver", "12"), as_("commune", "12", "03388")):
        assert client.post("/v1/runs", json=bodies[0], headers=role).status_code == 403
        assert client.get(f"/v1/runs/{national}", headers=role).status_code == 200
        assert client.post(f"/v1/runs/{national}/cancel", headers=role).status_code == 403
    assert client.get(f"/v1/runs/{national}", headers=PLANNER).json()["state"] == "QUEUED"


def test_how_a_run_stands_is_said_in_words(client: TestClient, database: Database, scenario: str) -> None:
    run = ask(client, scenario).json()["id"]
    news = {
        "phase": "solve",
        "category": "premises",
        "elapsed_s": 2.22226,
        "round": 75,
        "objective_vnd": 915_752_268_024,
        "bound_vnd": 915_690_743_042,
        "gap": "0.000067185",
    }

    def told(lang: str, **values: object) -> tuple[str, object]:
        with database.writing(SYSTEM) as session:
            session.execute(sa.update(Run).where(Run.id == run).values(**values))
        document = client.get(f"/v1/runs/{run}?lang={lang}", headers=PLANNER).json()
        return document["message"], document["progress"]

    assert told("en", state="QUEUED") == ("It waits for a worker.", None)
    assert told("vi", state="RUNNING") == ("Đang chạy.", None)
    words = "solving · premises · round 75, 2 s · plan 915,752,268,024 VND · bound 915,690,743,042 VND"
    message, progress = told("en", progress=news)
    assert message == f"Under way: {words} · gap 0.0067 %."
    assert progress == {**news, "elapsed_s": 2.2}
    assert told("vi", state="RUNNING")[0].startswith("Đang chạy: đang giải · nhà, đất · vòng 75")
    assert "proved" in told("en", state="SUCCEEDED")[0]
    with database.writing(SYSTEM) as session:
        row = {"run_id": run, "number": 9, "kind": "progress", "data": news, "at": utc_now()}
        session.add(RunEvent(**row, province_code=None))
    entry = client.get(f"/v1/runs/{run}/events?after=8&lang=vi", headers=PLANNER).json()["items"][0]
    assert entry["data"]["message"].startswith("đang giải · nhà, đất")
    assert entry["data"]["elapsed_s"] == 2.2


def test_a_province_is_refused_to_cancel_a_run_of_the_country_in_every_state(
    client: TestClient, database: Database, scenario: str
) -> None:
    run, mine = ask(client, scenario).json()["id"], as_("province_planner", "12")
    for state in ("QUEUED", "RUNNING", "CANCELLED", "SUCCEEDED", "FAILED"):
        with database.writing(SYSTEM) as session:
            session.execute(sa.update(Run).where(Run.id == run).values(state=state))
        refused = client.post(f"/v1/runs/{run}/cancel", headers=mine)
        assert (refused.status_code, refused.json()["code"]) == (403, "national_run"), state
        assert run in refused.json()["detail"]


def test_what_is_wrong_with_rows_of_the_country_is_not_told_to_a_province(
    client: TestClient, database: Database, scenario: str
) -> None:
    run = ask(client, scenario).json()["id"]
    issue = {"file": "assets.csv", "row": 7, "code": "x", "message": "V-7 of Hà Nội", "remedy": "-"}
    detail = {"issues": {"en": [issue], "vi": [issue]}, "said": {"en": "V-7", "vi": "V-7"}, "exit_code": 3}
    ended: dict[str, Any] = {"state": "FAILED", "reason": "wrong_input", "finished_at": utc_now()}
    with database.writing(SYSTEM) as session:
        session.execute(sa.update(Run).where(Run.id == run).values(detail=detail, **ended))
    whole = client.get(f"/v1/runs/{run}", headers=PLANNER).json()
    assert (whole["message"], [one["row"] for one in whole["issues"]]) == ("V-7", [7])
    shown = client.get(f"/v1/runs/{run}", headers=as_("province_planner", "38"))
    assert "V-7" not in shown.text
    assert (shown.json()["reason"], shown.json()["detail"]) == ("wrong_input", {"exit_code": 3})
    assert shown.json()["message"]


def test_an_ended_run_cannot_be_cancelled_and_a_cancelled_one_can_again(
    client: TestClient, database: Database, scenario: str
) -> None:
    run = ask(client, scenario).json()["id"]
    first = client.post(f"/v1/runs/{run}/cancel?lang=vi", headers=PLANNER)
    second = client.post(f"/v1/runs/{run}/cancel?lang=vi", headers=PLANNER)
    assert first.status_code == second.status_code == 200
    assert first.json() == second.json()
    assert first.json()["message"] == "Lần chạy bị hủy trước khi bắt đầu."
    with database.writing(SYSTEM) as session:
        session.get_one(Run, run).state = "SUCCEEDED"
    refused = client.post(f"/v1/runs/{run}/cancel", headers=PLANNER)
    assert (refused.status_code, refused.json()["code"]) == (409, "run_ended")
    with database.reading(SYSTEM) as session:
        acts = session.scalars(sa.select(AuditEntry.action).order_by(AuditEntry.number)).all()
    assert acts == ["run.queued", "run.cancelled"]


def streamed(text: str) -> list[dict[str, Any]]:
    """Return the entries of a stream, each of which says its number and kind twice."""
    found = []
    for frame in text.split("\n\n"):
        fields = dict(line.split(": ", 1) for line in frame.splitlines() if not line.startswith(":"))
        if fields:
            entry = json.loads(fields["data"])
            assert (fields["id"], fields["event"]) == (str(entry["number"]), entry["kind"])
            found.append(entry)
    return found


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_stream_and_the_pages_tell_the_same_to_the_end(client: TestClient, stage: Stage) -> None:
    run = ask(client, stage.scenario_id).json()["id"]
    address, live = f"/v1/runs/{run}/events", PLANNER | {"Accept": "text/event-stream"}
    stage.start("one", act="chatter")
    stream = client.get(address, headers=live)  # ends by itself
    assert stream.headers["Content-Type"].startswith("text/event-stream")
    told = streamed(stream.text)
    polled: list[dict[str, Any]] = []
    while True:
        after = polled[-1]["number"] if polled else 0
        page = client.get(address, params={"after": after, "limit": 3}, headers=PLANNER).json()
        polled += page["items"]
        assert page["next"] == polled[-1]["number"]
        if page["ended"]:
            break
    assert told == polled
    assert len(told) > 6
    assert told[-1]["data"]["state"] == "SUCCEEDED"
    resumed = client.get(address, headers=live | {"Last-Event-ID": "4"})
    assert streamed(resumed.text) == told[4:]
    assert client.get(address, headers=live | {"Last-Event-ID": str(len(told))}).status_code == 204
    assert client.get(address, headers=live | {"Last-Event-ID": "x"}).status_code == 422


def test_a_repeated_request_gets_the_same_answer_and_queues_nothing(
    client: TestClient, database: Database, scenario: str
) -> None:
    first, second = (ask(client, scenario, "đ 1".encode().hex()) for _ in range(2))
    assert (first.status_code, first.content) == (second.status_code, second.content) == (202, first.content)
    assert first.headers["Location"] == second.headers["Location"]
    assert first.headers["Retry-After"] == second.headers["Retry-After"] == "1"
    assert "Idempotency-Replayed" not in first.headers
    assert second.headers["Idempotency-Replayed"] == "true"
    assert count(database) == 1
    other = ask(client, scenario, "đ 1".encode().hex(), inventory_version=1)
    assert (other.status_code, other.json()["code"]) == (409, "idempotency_key")
    mine = as_("admin") | {"Idempotency-Key": "đ 1".encode().hex()}
    assert client.post("/v1/runs", json={"scenario_id": scenario}, headers=mine).status_code == 202
    assert count(database) == 2


def test_a_refused_request_may_be_repeated_with_its_key(client: TestClient, database: Database) -> None:
    assert ask(client, "scn_1_all", "k").status_code == 404
    seed(database)
    assert ask(client, "scn_1_all", "k").status_code == 202
    for wrong in ("x" * 201, ""):
        headers = PLANNER | {"Idempotency-Key": wrong}
        answer = client.post("/v1/runs", json={"scenario_id": "scn_1_all"}, headers=headers)
        assert answer.status_code == 422, wrong
    tab = client.post("/v1/runs", json={}, headers=PLANNER | {"Idempotency-Key": "a\tb"})
    assert tab.status_code == 422
    assert count(database) == 1


def test_of_requests_at_once_with_one_key_one_changes_something(database: Database, scenario: str) -> None:
    answers: list[Any] = []
    with app_client(database) as client:
        begin = threading.Barrier(6)

        def post() -> None:
            begin.wait()
            answers.append(ask(client, scenario, "same"))

        threads = [threading.Thread(target=post) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert {one.status_code for one in answers} == {202}
    assert len({one.content for one in answers}) == 1
    assert sum("Idempotency-Replayed" in one.headers for one in answers) == 5
    assert count(database) == 1


def test_answers_are_kept_for_a_day(client: TestClient, database: Database, scenario: str) -> None:
    ask(client, scenario, "old")
    ask(client, scenario, "older")
    with database.writing(SYSTEM) as session:
        session.execute(sa.update(IdempotentAnswer).values(created_at=utc_now() - KEPT))
    assert "Idempotency-Replayed" not in ask(client, scenario, "old").headers
    assert count(database) == 3
    with database.writing(SYSTEM) as session:
        forget_old(session)
    with database.reading(SYSTEM) as session:
        assert session.scalars(sa.select(IdempotentAnswer.key)).all() == ["old"]
