from __future__ import annotations

import io
import json
import logging
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
import structlog
from prometheus_client.parser import text_string_to_metric_families

from app.service.operations import logs, migrating
from app.service.store.actor import SYSTEM
from app.service.store.database import Database
from app.service.store.models import Run, Worker
from app.service.store.types import utc_now
from app.settings import read_settings
from tests.app.service.operations.filled import fill
from tests.app.service.serving import app_client, as_

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.testclient import TestClient

ADMIN = as_("admin")


@pytest.fixture
def served(database_url: str) -> Iterator[tuple[TestClient, Database]]:
    """A client over a migrated and filled store of each kind; its worker is dead."""
    database = Database(database_url)
    migrating.make_if_empty(database)
    fill(database)
    with app_client(database) as client:
        yield client, database
    database.close()


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What is logged, as JSON."""
    stream, root = io.StringIO(), logging.getLogger()
    before, level = root.handlers[:], root.level
    logs.configure(read_settings({"SURPLAN_LOG": "debug/json"}), stream)
    yield stream
    root.handlers[:] = before
    root.setLevel(level)
    logging.getLogger("surplan").setLevel("NOTSET")
    structlog.reset_defaults()


def samples(client: TestClient) -> dict[tuple[str, frozenset[tuple[str, str]]], float]:
    answer = client.get("/metrics", headers=ADMIN)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain")
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def value(found: dict[tuple[str, frozenset[tuple[str, str]]], float], name: str, **labels: str) -> float:
    return found[name, frozenset(labels.items())]


def test_health_needs_nothing_and_nobody(served: tuple[TestClient, Database]) -> None:
    client, database = served
    with migrating.changing(database) as connection:
        connection.exec_driver_sql("DROP TABLE workers")
    answer = client.get("/v1/health")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


def test_readiness_tells_strangers_the_state_alone(served: tuple[TestClient, Database]) -> None:
    client, database = served
    assert client.get("/v1/ready").json() == {"status": "degraded", "details": None}
    details = {"database": True, "schema_current": True, "workers_alive": 0}
    assert client.get("/v1/ready", headers=ADMIN).json() == {"status": "degraded", "details": details}
    with database.writing(SYSTEM) as session:
        session.execute(sa.update(Worker).values(seen_at=utc_now()))
    answer = client.get("/v1/ready")
    assert (answer.status_code, answer.json()["status"]) == (200, "ready")
    with migrating.changing(database) as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0000'")
    answer = client.get("/v1/ready", headers=ADMIN)
    assert (answer.status_code, answer.json()["status"]) == (503, "unavailable")
    assert answer.json()["details"]["schema_current"] is False


def test_a_database_that_is_gone_is_unavailable_and_no_error(postgres_url: str) -> None:
    database = Database(postgres_url.replace("/t", "/none_t"))
    with app_client(database) as client:
        answer = client.get("/v1/ready")
        assert (answer.status_code, answer.json()) == (503, {"status": "unavailable", "details": None})
        found = samples(client)
        assert value(found, "surplan_database_up") == 0
        assert not any(name == "surplan_runs" for name, _ in found)
    database.close()


def test_figures_of_the_store_are_read_when_asked(served: tuple[TestClient, Database]) -> None:
    client, database = served
    now = utc_now()
    with database.writing(SYSTEM) as session:
        session.execute(
            sa.update(Run).where(Run.state == "QUEUED").values(created_at=now - timedelta(hours=1))
        )
        took = {"started_at": now - timedelta(seconds=90), "finished_at": now}
        session.execute(sa.update(Run).where(Run.id == "run_succeeded").values(**took))
        took = {"started_at": now - timedelta(seconds=3), "finished_at": now}
        session.execute(sa.update(Run).where(Run.id == "runs_id").values(**took))
    found = samples(client)
    assert value(found, "surplan_database_up") == 1
    assert [value(found, "surplan_runs", state=state) for state in ("QUEUED", "RUNNING", "SUCCEEDED")] == [
        1,
        1,
        2,
    ]
    assert 3600 <= value(found, "surplan_queue_oldest_seconds") < 3660
    assert value(found, "surplan_workers_alive") == 0
    assert value(found, "surplan_run_seconds_count") == 2
    assert value(found, "surplan_run_seconds_sum") == pytest.approx(93, abs=0.01)
    buckets = {
        le: value(found, "surplan_run_seconds_bucket", le=le)
        for le in ("1.0", "5.0", "60.0", "300.0", "+Inf")
    }
    assert buckets == {"1.0": 0, "5.0": 1, "60.0": 1, "300.0": 2, "+Inf": 2}
    assert value(found, "surplan_database_bytes") > 100_000
    with database.writing(SYSTEM) as session:
        session.execute(sa.update(Worker).values(seen_at=utc_now()))
    assert value(samples(client), "surplan_workers_alive") == 1


def test_requests_are_counted_by_template_and_strangers_make_no_labels(
    served: tuple[TestClient, Database],
) -> None:
    client, _ = served
    for _ in range(3):
        client.get("/v1/scenarios/b", headers=ADMIN)
    client.get("/v1/scenarios/none", headers=ADMIN)
    client.get("/wp-login.php")
    client.request("BREW", "/v1/health")
    found = samples(client)
    template = "/v1/scenarios/{scenario_id}"
    name = "surplan_http_requests_total"
    assert value(found, name, route=template, method="GET", status="200") == 3
    assert value(found, name, route=template, method="GET", status="404") == 1
    assert value(found, name, route="(none)", method="GET", status="404") == 1
    assert any(dict(labels).get("method") == "OTHER" for _, labels in found)
    assert value(found, "surplan_http_request_seconds_count", route=template, method="GET") == 4
    assert not any("wp-login" in str(labels) or "BREW" in str(labels) for _, labels in found)


@pytest.mark.parametrize(("headers", "status"), [({}, 401), (as_("planner"), 403), (as_("auditor"), 200)])
def test_figures_are_for_auditors_and_administrators(
    served: tuple[TestClient, Database], headers: dict[str, str], status: int
) -> None:
    client, _ = served
    assert client.get("/metrics", headers=headers).status_code == status


def lines(log: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in log.getvalue().splitlines()]


def test_each_request_is_one_line(served: tuple[TestClient, Database], log: io.StringIO) -> None:
    client, _ = served
    client.get("/v1/scenarios/b", headers=ADMIN | {"X-Request-Id": "abc-1"})
    client.post("/v1/scenarios?token=hush-hush", json={})
    client.get("/nowhere?token=hush-hush")
    found = [line for line in lines(log) if line["event"] == "request"]
    assert len(found) == 3
    first = found[0]
    assert (first["request_id"], first["actor"], first["method"], first["route"], first["status"]) == (
        "abc-1", "key_admin_", "GET", "/v1/scenarios/{scenario_id}", 200,
    )  # fmt: skip
    assert isinstance(first["ms"], float)
    assert first["level"] == "info"
    assert str(first["timestamp"]).endswith("Z")
    assert found[2]["route"] == "(none)"
    assert "hush-hush" not in log.getvalue()


SECRET = "hush-HUSH_1"


@pytest.mark.parametrize(
    "text",
    [
        f"Authorization: Bearer {SECRET}",
        f"GET /v1/me?token={SECRET}&lang=vi",
        f"http://127.0.0.1:8000/?token={SECRET}",
        f"postgresql+psycopg://surplan:{SECRET}@host/name",
        f"postgresql://surplan:p@{SECRET}@host/name",
        f"connection failed: password={SECRET} host=h",
        f"{{'password': '{SECRET}'}}",
        "sp_01kabc_hush0hush1",
    ],
)
@pytest.mark.parametrize("form", ["json", "text"])
def test_no_secret_reaches_the_log(text: str, form: str, log: io.StringIO) -> None:
    logs.configure(read_settings({"SURPLAN_LOG": f"debug/{form}"}), log)
    ours, others = structlog.get_logger("surplan.test"), logging.getLogger("uvicorn.error")
    ours.info("event", said=text, headers={"Authorization": SECRET, "more": [text]}, database_url=SECRET)
    ours.warning(text)
    others.error("it said %s", text)
    try:
        raise ValueError(text)
    except ValueError:
        ours.exception("failed")
        others.exception("failed too")
    written = log.getvalue()
    assert len(written.splitlines()) >= 5
    assert "hush" not in written.lower()
    assert all(line.startswith(("{", "timestamp=")) for line in written.splitlines())
    assert written.count(logs.HIDDEN) >= 8
    assert "ValueError" in written


def test_the_level_holds_and_other_libraries_are_quiet(log: io.StringIO) -> None:
    logs.configure(read_settings({"SURPLAN_LOG": "warning/json"}), log)
    structlog.get_logger("surplan.runs").info("run.started", run_id="r")
    logging.getLogger("sqlalchemy").info("noise")
    structlog.get_logger("surplan.runs").bind(run_id="run_1").warning("run.lost")
    (line,) = lines(log)
    assert (line["event"], line["run_id"], line["logger"]) == ("run.lost", "run_1", "surplan.runs")
