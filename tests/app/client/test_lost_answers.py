from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from app.client import Client
from app.client.transport import Patience
from tests.app.client.dropping import dropping
from tests.app.service.http.stocked import ASSETS, NEEDS
from tests.app.service.processes import environment, key, serving

if TYPE_CHECKING:
    from pathlib import Path


def test_a_service_whose_answers_are_lost_makes_everything_once(tmp_path: Path) -> None:
    for name, content in (("assets.csv", ASSETS), ("needs.csv", NEEDS)):
        (tmp_path / name).write_text(content, encoding="utf-8")
    files = [tmp_path / "assets.csv", tmp_path / "needs.csv"]
    env = environment(tmp_path, f"sqlite:///{(tmp_path / 'surplan.sqlite').as_posix()}")
    with serving(env, "--no-worker") as service, dropping(service) as (address, way):
        secret = key(env, "Client", "admin")
        with Client(address, secret, patience=Patience(first_wait_s=0.01)) as surplan:
            inventory = surplan.create_inventory("Xe", files)
            empty = surplan.create_inventory("Trống")
            scenario = surplan.create_scenario("Xe", str(inventory["inventory_id"]), {})
            variant = surplan.create_variant(scenario["id"], "Xe 2", {"objective": "coverage_first"})
            ours = surplan.create_province_variants(scenario["id"], "Tỉnh")
            run = surplan.start_run(scenario["id"])
            batch = surplan.replan(str(inventory["inventory_id"]), [variant["id"]])

            # Each request came twice: once its answer was lost, once it was heard.
            assert Counter(way.asked) == dict.fromkeys(way.asked, 2)
            assert len(way.lost) == 7
            stored = [one["id"] for one in surplan.inventories()]
            assert stored == [empty["inventory_id"], inventory["inventory_id"]]
            scenarios = [one["id"] for one in surplan.scenarios()]
            assert sorted(scenarios) == sorted([scenario["id"], variant["id"], *(one["id"] for one in ours)])
            runs = surplan.request("GET", "/v1/runs").json()["items"]
            assert {one["id"] for one in runs} == {run["id"], batch["items"][0]["run"]["id"]}
