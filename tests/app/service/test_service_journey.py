"""The ministry and two provinces, over HTTP, against real processes: from tables to a re-plan."""

from __future__ import annotations

import csv
import zipfile
from typing import TYPE_CHECKING

import pytest

import solver
from app.client import Client, InvalidError, RefusedError, StaleError
from tests.app.service.processes import environment, key, serving, surplan

if TYPE_CHECKING:
    from pathlib import Path

NORTH, SOUTH = "12", "11"


def tables(folder: Path, province: str) -> Path:
    """Write a small reference inventory of one province and return its folder."""
    target = folder / f"tables-{province}"
    words = ["reference", "--out", str(target), "--province", province, "--scale", "0.05", "--quiet"]
    surplan(environment(folder, ""), *words)
    return target


def broken(table: Path, column: str, value: str) -> Path:
    """Return a copy of a table in which the cell of the first row is wrong."""
    with table.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    rows[1][rows[0].index(column)] = value
    target = table.parent / "broken" / table.name
    target.parent.mkdir()
    with target.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return target


def test_the_ministry_and_two_provinces_from_tables_to_a_re_plan(database_url: str, tmp_path: Path) -> None:
    env = environment(tmp_path / "home", database_url)
    north, south = tables(tmp_path, NORTH), tables(tmp_path, SOUTH)
    surplan(env, "db", "upgrade")
    keys = [
        key(env, "Bộ Tài chính", "planner"),
        key(env, "Sở Tài chính Lai Châu", "province_planner", NORTH),
        key(env, "Sở Tài chính Điện Biên", "province_planner", SOUTH),
        key(env, "Kiểm toán", "auditor"),
    ]
    with (
        serving(env) as address,
        Client(address, keys[0], lang="vi") as ministry,
        Client(address, keys[1]) as lai_chau,
        Client(address, keys[2]) as dien_bien,
        Client(address, keys[3]) as auditor,
    ):
        inventory = ministry.create_inventory("Hai tỉnh")["inventory_id"]
        assert inventory is not None

        # Upload, with a mistake; fix; nothing of the wrong one is kept.
        wrong = broken(north / "assets.csv", "units", "abc")
        with pytest.raises(InvalidError) as told:
            lai_chau.put_part(inventory, NORTH, [wrong, north / "needs.csv"])
        (found,) = [one for one in told.value.issues if one["severity"] == "error"]
        assert (found["file"], found["row"], found["column"]) == ("assets.csv", 2, "units")
        assert found["remedy"]
        assert ministry.inventory(inventory)["parts"] == []
        first = lai_chau.put_part(inventory, NORTH, [north / "assets.csv", north / "needs.csv"])
        second = dien_bien.put_part(inventory, SOUTH, [south / "assets.csv", south / "needs.csv"])
        assert first["stored"]
        assert second["version"] == first["version"] + 1

        # A province neither sees nor changes another's rows.
        with pytest.raises(RefusedError) as refused:
            lai_chau.put_part(
                inventory, SOUTH, [north / "assets.csv", north / "needs.csv"], etag=second["etag"]
            )
        assert refused.value.status in (403, 404)
        assert {row["province_code"] for row in lai_chau.rows(inventory, "assets")} == {NORTH}
        assert {row["province_code"] for row in ministry.rows(inventory, "assets")} == {NORTH, SOUTH}

        # Scenario, run, watch.
        rules = {"reach_km": {"vehicle": 300}, "solver": {"time_limit_s": 60}}
        scenario = ministry.create_scenario("Xe và thiết bị", inventory, rules)
        run = ministry.start_run(scenario["id"])
        events = list(ministry.events(run["id"]))
        states = [event["data"]["state"] for event in events if event["kind"] == "state"]
        assert (states[0], states[-1]) == ("QUEUED", "SUCCEEDED")
        assert any(event["kind"] == "progress" for event in events)
        ended = ministry.wait(run["id"], timeout_s=60)
        assert ended["plan_id"] is not None
        plan = ministry.plan(ended["plan_id"])
        assert plan["status"] == "OPTIMAL"
        assert plan["whole"]

        # Explain; each province sees its own lines.
        lines = list(ministry.lines(plan["id"], "transfers"))
        shown = list(lai_chau.lines(plan["id"], "transfers"))
        assert 0 < len(shown) < len(lines)
        missing = next(iter(lai_chau.lines(plan["id"], "shortfalls")))
        assert lai_chau.explain(plan["id"], str(missing["need_id"]))["explanations"][0]["text"]
        hidden = next(line for line in lines if line not in shown)
        with pytest.raises(RefusedError) as refused:
            lai_chau.explain(plan["id"], str(hidden["need_id"]))
        assert refused.value.status == 404
        with pytest.raises(RefusedError) as refused:
            lai_chau.download(plan["id"], "zip", tmp_path / "no.zip")
        assert refused.value.code == "national_file"

        # One province updates a row; of two such updates one wins.
        mine = lai_chau.part(inventory, NORTH)
        moved = str(shown[0]["asset_id"])
        change = {"assets": {"remove": [moved]}}
        updated = lai_chau.patch_part(inventory, NORTH, change, etag=mine["etag"])  # type: ignore[arg-type]  # a literal
        assert updated["changed"]["assets"]["removed"] == 1
        with pytest.raises(StaleError):
            lai_chau.patch_part(inventory, NORTH, change, etag=mine["etag"])  # type: ignore[arg-type]  # a literal
        (gone,) = ministry.differences(inventory, second["version"], updated["version"])
        assert (gone["plan_id"], gone["change"]) == (moved, "removed")

        # Re-plan; compare.
        batch = ministry.replan(inventory, [scenario["id"]])
        again = ministry.wait(batch["items"][0]["run"]["id"], timeout_s=60)
        assert again["baseline_plan_id"] == plan["id"]
        assert again["plan_id"] is not None
        after = ministry.plan(again["plan_id"])
        assert after["inventory_version"] == updated["version"]
        assert after["summary"]["kpis"]["changes"] is not None
        assert moved not in {line["asset_id"] for line in ministry.lines(after["id"], "transfers")}
        assert ministry.compare(after["id"], plan["id"])

        # Export: what comes out is what the independent check verifies.
        assert ministry.verify(after["id"])["verified"]
        with zipfile.ZipFile(ministry.download(after["id"], "zip", tmp_path / "plan.zip")) as archive:
            archive.extractall(tmp_path / "plan")
        assert solver.verify_folder(next((tmp_path / "plan").rglob("plan.json")).parent).ok
        for kind in ("xlsx", "geojson", "csv", "docx", "pdf"):
            assert ministry.download(after["id"], kind, tmp_path / f"plan.{kind}").stat().st_size > 1000

        # Who did what.
        assert auditor.request("GET", "/v1/audit/verify").json()["ok"]
        with pytest.raises(RefusedError) as refused:
            lai_chau.request("GET", "/v1/audit")
        assert refused.value.status == 403
