from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING, Any, get_args

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from app.service.http.pages import encode_cursor
from app.service.plans.files import materialise
from app.service.plans.publish import publish_plan, read_plan_tables
from app.service.plans.schemas import CategoryName, Disposition, PlanStatus, ReleaseReason, ShortfallReason
from app.service.store.actor import SYSTEM
from app.service.store.models import AuditEntry, Plan, Run
from app.service.store.scope import OutOfScopeError
from app.texts import catalogue
from tests.app.service.plans.published import LAI_CHAU, publish
from tests.app.service.serving import as_

if TYPE_CHECKING:
    from pathlib import Path

    from tests.app.service.plans.conftest import Published

PLANNER = as_("planner")


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def every(
    published: Published, plan: str, table: str, who: dict[str, str] = PLANNER, **query: str
) -> list[dict[str, Any]]:
    """Read a list in pages of 37."""
    found: list[dict[str, Any]] = []
    after = None
    while True:
        asked = {"limit": "37", **query, **({"after": after} if after else {})}
        answer = published.client.get(f"/v1/plans/{plan}/{table}", params=asked, headers=who)
        assert answer.status_code == 200, answer.text
        page = answer.json()
        found += page["items"]
        after = page["next"]
        if after is None:
            return found


def test_a_plan_comes_out_byte_for_byte_as_it_went_in(published: Published, tmp_path: Path) -> None:
    with published.database.reading(SYSTEM) as session:
        folder = tmp_path / "plan"
        folder.mkdir()
        materialise(session, published.country, folder)

    def content(folder: Path) -> dict[str, bytes]:
        found = (path for path in folder.rglob("*") if path.is_file())
        return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}

    assert content(folder) == content(published.folders.country)
    assert "inputs/assets.csv" in content(folder)


def test_a_run_publishes_one_plan_alone(published: Published) -> None:
    folder = published.folders.country
    with published.database.reading(SYSTEM) as session:
        run_id = session.get_one(Plan, published.country).run_id
    with pytest.raises(IntegrityError), published.database.writing(SYSTEM) as session:
        publish_plan(
            session, session.get_one(Run, run_id), {}, {"status": "OPTIMAL"}, read_plan_tables(folder)
        )


def test_a_plan_of_one_province_is_not_published_with_rows_of_others(light: Published) -> None:
    with pytest.raises(OutOfScopeError, match=r"\['11', '14'\]"):
        publish(light.database, light.folders.country, "scn_province")


def test_the_summary_is_the_plan_json_that_was_stored(published: Published) -> None:
    answer = published.client.get(f"/v1/plans/{published.country}", headers=PLANNER)
    found = answer.json()
    stored = (published.folders.country / "plan.json").read_text(encoding="utf-8")
    assert found["summary"] == json.loads(stored)
    assert (found["whole"], found["status"]) == (True, "OPTIMAL")
    assert (found["scenario_id"], found["inventory_version"]) == ("scn_country", 1)
    with published.database.reading(SYSTEM) as session:
        act = sa.select(AuditEntry.action).where(AuditEntry.subject == published.country)
        assert session.scalars(act).all() == ["plan.published"]
    assert published.client.get("/v1/plans/plan_none", headers=PLANNER).status_code == 404


@pytest.mark.parametrize("table", ["transfers", "shortfalls", "releases"])
def test_lists_have_every_row_and_column_of_the_table_in_its_order(published: Published, table: str) -> None:
    stored = rows_of(published.folders.country / f"{table}.csv")
    found = every(published, published.country, table)
    assert len(found) == len(stored) > 37
    for row, cells in zip(found, stored, strict=True):
        assert row.keys() == cells.keys()
        assert all(isinstance(row[name], int) for name in row if name == "units" or name == "cost_vnd")
        assert {name: value is None for name, value in row.items()} == {
            name: text == "" for name, text in cells.items()
        }
    if table == "transfers":
        assert {row["cross_province"] for row in found} == {True, False}
        assert [str(row["cost_vnd"]) for row in found] == [cells["cost_vnd"] for cells in stored]


def test_lists_are_filtered_by_category_place_id_and_reason(published: Published) -> None:
    plan = published.country
    transfers = every(published, plan, "transfers")
    first = transfers[0]
    assert every(published, plan, "transfers", asset_id=first["asset_id"]) == [
        row for row in transfers if row["asset_id"] == first["asset_id"]
    ]
    assert every(published, plan, "transfers", need_id=first["need_id"], category="equipment") == [
        row for row in transfers if row["need_id"] == first["need_id"] and row["need_id"].startswith("NE")
    ]
    commune = first["to_commune_code"]
    assert every(published, plan, "transfers", commune=commune) == [
        row for row in transfers if commune in (row["from_commune_code"], row["to_commune_code"])
    ]
    within = every(published, plan, "transfers", province=LAI_CHAU)
    cross = [row for row in within if row["cross_province"]]
    assert 0 < len(cross) < len(within) < len(transfers)
    shortfalls = every(published, plan, "shortfalls")
    reason = shortfalls[-1]["reason"]
    assert every(published, plan, "shortfalls", reason=reason) == [
        row for row in shortfalls if row["reason"] == reason
    ]
    releases = every(published, plan, "releases", disposition="liquidate", category="vehicle")
    assert releases
    assert {row["disposition"] for row in releases} == {"liquidate"}
    answer = published.client.get(f"/v1/plans/{plan}/transfers", params={"after": "WzEuNV0"}, headers=PLANNER)
    assert answer.status_code == 422


def test_a_filter_of_a_closed_set_takes_its_words_alone_and_names_them(light: Published) -> None:
    wrong = {
        "": ("status", "GOOD"),
        f"/{light.country}/transfers": ("category", "total"),
        f"/{light.country}/shortfalls": ("reason", "met"),
        f"/{light.country}/releases": ("disposition", "burn"),
    }
    for address, (name, word) in wrong.items():
        for lang in ("en", "vi"):
            query = {name: word, "lang": lang}
            answer = light.client.get(f"/v1/plans{address}", params=query, headers=PLANNER)
            assert answer.status_code == 422, address
            (issue,) = answer.json()["issues"]
            assert (issue["column"], issue["code"], issue["value"]) == (name, "literal_error", word)
            assert "'" in issue["message"]
    assert light.client.get("/v1/plans?status=OPTIMAL", headers=PLANNER).json()["items"]
    # An id that is none is no fault: there is nothing of it.
    assert every(light, light.country, "transfers", asset_id="nothing") == []
    assert light.client.get("/v1/plans?scenario_id=none", headers=PLANNER).json()["items"] == []


@pytest.mark.parametrize(
    ("kind", "prefix", "beside"),
    [
        (ShortfallReason, "reason.", set()),
        (ReleaseReason, "release_reason.", set()),
        (Disposition, "disposition.", set()),
        (CategoryName, "category.", {"limits", "total"}),  # headings of tables
        (PlanStatus, "status.", {"NO_SOLUTION_FOUND"}),  # of runs that publish nothing
    ],
)
def test_the_words_of_filters_are_those_that_have_a_text(kind: object, prefix: str, beside: set[str]) -> None:
    texts = {key.removeprefix(prefix) for key in catalogue("vi") if key.startswith(prefix)}
    assert set(get_args(kind)) == texts - beside


def test_plans_are_listed_with_filters_and_in_pages(published: Published) -> None:
    def ids(**query: str) -> list[str]:
        answer = published.client.get("/v1/plans", params=query, headers=PLANNER)
        return [one["id"] for one in answer.json()["items"]]

    whole = [published.country, published.other, published.province, published.conflict]
    assert sorted(ids()) == sorted(whole)
    assert ids(scenario_id="scn_other") == [published.other]
    assert ids(province=LAI_CHAU) == [published.province]
    assert ids(status="INFEASIBLE") == [published.conflict]
    page = published.client.get("/v1/plans", params={"limit": 3}, headers=PLANNER).json()
    last = published.client.get("/v1/plans", params={"after": page["next"]}, headers=PLANNER).json()
    assert len(page["items"]) + len(last["items"]) == 4
    assert last["next"] is None


def test_limits_and_certificate_are_those_of_the_folder(light: Published) -> None:
    limits = light.client.get(f"/v1/plans/{light.country}/limits", headers=PLANNER).json()["items"]
    assert [(row["limit"], row["bound"]) for row in limits] == [("budget", 10**14)]
    page = f"/v1/plans/{light.country}/limits?limit=1"
    assert light.client.get(page, headers=PLANNER).json() == {"items": limits, "next": None}
    behind = light.client.get(f"{page}&after={encode_cursor(0)}", headers=PLANNER).json()
    assert behind == {"items": [], "next": None}
    before = light.client.get(f"{page}&after={encode_cursor(-2)}", headers=PLANNER).json()
    assert before["items"] == limits
    assert light.client.get(f"{page}&after=x", headers=PLANNER).status_code == 422
    answer = light.client.get(f"/v1/plans/{light.country}/certificate", headers=PLANNER)
    assert answer.content == (light.folders.country / "certificate.json").read_bytes()


def test_a_proof_that_there_is_no_plan_has_a_summary_and_a_certificate_but_no_tables(
    light: Published,
) -> None:
    found = light.client.get(f"/v1/plans/{light.conflict}", headers=PLANNER).json()
    assert found["status"] == "INFEASIBLE"
    assert found["summary"]["conflict"]
    assert "instead of" in found["text"]
    address = f"/v1/plans/{light.conflict}"
    told = light.client.get(f"{address}?lang=vi", headers=PLANNER).json()["text"]
    assert told != found["text"]
    assert light.client.get(f"/v1/plans/{light.country}", headers=PLANNER).json()["text"] is None
    lists = ("/transfers", "/shortfalls", "/releases", "/limits")
    for name in (*lists, ".xlsx", ".pdf", ".csv", ".geojson", "/explanations/NV-03439-1"):
        answer = light.client.get(f"/v1/plans/{light.conflict}{name}", headers=PLANNER)
        assert (answer.status_code, answer.json()["code"]) == (409, "plan_infeasible"), name
    assert light.client.get(f"/v1/plans/{light.conflict}.zip", headers=PLANNER).status_code == 200
    diff = f"/v1/plans/{light.country}/diff"
    answer = light.client.get(diff, params={"against": light.conflict}, headers=PLANNER)
    assert answer.status_code == 409


def test_verify_checks_the_stored_bytes_and_notes_it(light: Published) -> None:
    answer = light.client.post(f"/v1/plans/{light.country}/verify", headers=as_("auditor"))
    found = answer.json()
    assert answer.status_code == 200, answer.text
    assert (found["verified"], found["violations"], found["status"]) == (True, [], "OPTIMAL")
    summary = json.loads((light.folders.country / "plan.json").read_text(encoding="utf-8"))
    assert found["objective_vnd"] == summary["objective_vnd"]
    assert found["gap_vnd"] == 0
    with light.database.reading(SYSTEM) as session:
        act = sa.select(AuditEntry).where(AuditEntry.action == "plan.verified")
        entry = session.scalars(act).one()
        assert (entry.subject, entry.role, entry.details["verified"]) == (light.country, "auditor", True)
    refused = light.client.post(
        f"/v1/plans/{light.province}/verify", headers=as_("province_planner", LAI_CHAU)
    )
    assert refused.status_code == 403


def test_verify_tells_every_violation_of_a_plan_that_says_too_much(light: Published, tmp_path: Path) -> None:
    import shutil

    folder = tmp_path / "plan"
    shutil.copytree(light.folders.country, folder)
    summary = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
    summary["objective_vnd"] -= 1
    (folder / "plan.json").write_text(json.dumps(summary), encoding="utf-8")
    plan = publish(light.database, folder, "scn_country")
    headers = PLANNER | {"Accept-Language": "vi"}
    found = light.client.post(f"/v1/plans/{plan}/verify", headers=headers).json()
    assert not found["verified"]
    assert "objective" in {one["code"] for one in found["violations"]}
    assert all(one["text"] for one in found["violations"])
