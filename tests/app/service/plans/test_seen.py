from __future__ import annotations

import csv
import re
import shutil
from typing import TYPE_CHECKING, Any

import pytest
from fastapi.routing import APIRoute

from app.service.plans.endpoints import router
from app.service.plans.file_endpoints import router as files
from tests.app.service.plans.published import DIEN_BIEN, LAI_CHAU, SON_LA
from tests.app.service.serving import as_

if TYPE_CHECKING:
    from pathlib import Path

    from tests.app.service.plans.conftest import Published

PLANNER = as_("planner")
MINE = as_("province_planner", LAI_CHAU)


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


class World:
    """Which ids are whose in the plans of the country."""

    def __init__(self, published: Published) -> None:
        folders = [published.folders.country, published.folders.other]
        inputs = folders[0] / "inputs"
        home = {row["commune_code"]: row["province_code"] for row in rows_of(inputs / "communes.csv")}
        self.communes = {
            row[key]: row["commune_code"]
            for name, key in (("assets", "asset_id"), ("needs", "need_id"))
            for row in rows_of(inputs / f"{name}.csv")
        }
        self.provinces = {one: home[commune] for one, commune in self.communes.items()}
        self.transfers = [
            (row["asset_id"], row["need_id"])
            for folder in folders
            for row in rows_of(folder / "transfers.csv")
        ]
        self.plates = {
            row["asset_id"]: row["official_id"]
            for row in rows_of(inputs / "assets.csv")
            if row["official_id"]
        }

    def foreign(self, where: dict[str, str], here: str) -> set[str]:
        """Return the ids that are neither here nor at the other end of a transfer of here."""
        own = {one for one, place in where.items() if place == here}
        partners = {one for pair in self.transfers if own.intersection(pair) for one in pair}
        return set(where) - own - partners


def words_of(text: str) -> set[str]:
    return set(re.findall(r"[A-Z]+-[A-Z0-9]+(?:-[0-9]+)?", text))


def own_ids(world: World, where: dict[str, str], here: str, most: int) -> list[str]:
    """Return some ids of here, those with other provinces' transfers first."""
    across = {
        one
        for pair in world.transfers
        if len({world.provinces[end] for end in pair}) > 1
        for one in pair
        if where[one] == here
    }
    return [*sorted(across), *sorted(one for one, place in where.items() if place == here)][:most]


def addresses(published: Published, ids: list[str]) -> list[str]:
    """Return an address for every route that is read of the two plans of the country."""
    found = []
    for route in [*files.routes, *router.routes]:
        assert isinstance(route, APIRoute)
        if "GET" not in (route.methods or ()):
            continue
        for plan, other in ((published.country, published.other), (published.other, published.country)):
            address = f"/v1{route.path}".replace("{plan_id}", plan)
            if "{identifier:path}" in address:
                found += [address.replace("{identifier:path}", one) for one in ids]
            elif address.endswith("/diff"):
                found.append(f"{address}?against={other}")
            elif address.endswith(("/transfers", "/shortfalls", "/releases")):
                found.append(f"{address}?limit=1000")
            else:
                found.append(address)
    return found


@pytest.mark.parametrize("role", ["province_planner", "province_approver", "commune"])
def test_no_answer_names_a_row_of_a_transfer_that_does_not_touch_ones_place(
    light: Published, role: str
) -> None:
    world = World(light)
    where, here, commune = world.provinces, LAI_CHAU, None
    if role == "commune":
        # The commune with most lines.
        ends = [one for pair in world.transfers for one in pair if world.provinces[one] == LAI_CHAU]
        commune = max(
            sorted(set(world.communes.values())),
            key=lambda code: sum(world.communes[one] == code for one in ends),
        )
        where, here = world.communes, commune
    foreign = world.foreign(where, here)
    assert len(foreign) > 300
    plates = {world.plates[one] for one in foreign & world.plates.keys()}
    assert len(plates) > 30
    ids = own_ids(world, where, here, 40)
    lists = 0
    for address in addresses(light, ids):
        answer = light.client.get(address, headers=as_(role, LAI_CHAU, commune))
        assert answer.status_code in (200, 403), (address, answer.text)
        leaked = words_of(answer.text) & foreign
        assert not leaked, (address, leaked)
        assert not [plate for plate in plates if plate in answer.text], address
        lists += answer.status_code == 200
    assert lists > len(ids) * 2 + 6
    # The words are found where they may be seen.
    assert words_of(light.client.get(f"/v1/plans/{light.country}.csv", headers=PLANNER).text) & foreign


def test_a_province_gets_the_lines_of_its_own_both_ways(published: Published) -> None:
    world = World(published)
    stored = rows_of(published.folders.country / "transfers.csv")
    wanted = [
        (row["asset_id"], row["need_id"])
        for row in stored
        if LAI_CHAU in (world.provinces[row["asset_id"]], world.provinces[row["need_id"]])
    ]
    across = [pair for pair in wanted if world.provinces[pair[0]] != world.provinces[pair[1]]]
    assert across
    page = published.client.get(
        f"/v1/plans/{published.country}/transfers", params={"limit": 1000}, headers=MINE
    ).json()
    assert [(row["asset_id"], row["need_id"]) for row in page["items"]] == wanted
    assert {row["alternative_asset_id"] for row in page["items"]} == {None}
    text = published.client.get(f"/v1/plans/{published.country}.csv", headers=MINE).text
    table = list(csv.DictReader(text.splitlines()))
    assert [(row["asset_id"], row["need_id"]) for row in table] == wanted
    assert list(table[0]) == list(stored[0])
    for name, key in (("shortfalls", "need_id"), ("releases", "asset_id")):
        rows = published.client.get(
            f"/v1/plans/{published.country}/{name}", params={"limit": 1000}, headers=MINE
        ).json()["items"]
        mine = [
            row[key]
            for row in rows_of(published.folders.country / f"{name}.csv")
            if world.provinces[row[key]] == LAI_CHAU
        ]
        assert [row[key] for row in rows] == mine
        assert mine


def test_a_province_gets_its_parts_of_the_figures(light: Published) -> None:
    whole = light.client.get(f"/v1/plans/{light.country}", headers=PLANNER).json()
    found = light.client.get(f"/v1/plans/{light.country}", headers=MINE).json()
    assert (whole["whole"], found["whole"]) == (True, False)
    summary = found["summary"]
    assert summary["parts"]["province"] == {LAI_CHAU: whole["summary"]["parts"]["province"][LAI_CHAU]}
    assert summary["kpis"]["met"] == {
        "province": {LAI_CHAU: whole["summary"]["kpis"]["met"]["province"][LAI_CHAU]}
    }
    assert summary["gap"] == whole["summary"]["gap"]
    # Beside its share the amount of the gap would give the cost of all.
    assert {"objective_vnd", "bound_vnd", "gap_vnd"}.isdisjoint(summary)
    for name in ("limits", "certificate"):
        answer = light.client.get(f"/v1/plans/{light.country}/{name}", headers=MINE)
        assert (answer.status_code, answer.json()["code"]) == (403, "national_file")
    for kind in ("xlsx", "geojson", "docx", "pdf", "zip"):
        answer = light.client.get(f"/v1/plans/{light.country}.{kind}", headers=MINE)
        assert (answer.status_code, answer.json()["code"]) == (403, "national_file"), kind


def test_a_folder_that_lies_in_the_cache_gives_nobody_a_right_to_it(light: Published) -> None:
    address = f"/v1/plans/{light.country}.xlsx"
    assert light.client.get(address, headers=PLANNER).status_code == 200
    assert light.client.get(address, headers=MINE).status_code == 403


def explain(published: Published, plan: str, one: str, who: dict[str, str], **query: str) -> Any:  # noqa: ANN401  # an answer
    return published.client.get(f"/v1/plans/{plan}/explanations/{one}", params=query, headers=who)


def test_an_explanation_is_that_of_the_command_line(light: Published) -> None:
    need = rows_of(light.folders.country / "shortfalls.csv")[0]["need_id"]
    for lang, word in (("en", "Need"), ("vi", "Nhu cầu")):
        found = explain(light, light.country, need, PLANNER, lang=lang).json()
        (one,) = found["explanations"]
        assert (one["subject"], one["id"], found["hidden"]) == ("need", need, False)
        assert one["text"].startswith(word)
        assert one["facts"]["need_id"] == need
    assert explain(light, light.country, "NV-0", PLANNER).status_code == 404


def test_a_province_asks_about_its_own_rows_and_reads_nothing_of_others(light: Published) -> None:
    world = World(light)
    foreign = world.foreign(world.provinces, LAI_CHAU)
    hidden = 0
    for one in own_ids(world, world.provinces, LAI_CHAU, 60):
        found = explain(light, light.country, one, MINE).json()
        whole = explain(light, light.country, one, PLANNER).json()
        names = words_of(str(whole)) & foreign
        assert found["hidden"] == bool(names)
        hidden += found["hidden"]
        if not names:
            assert found == whole
        else:
            assert found["explanations"][0]["text"].endswith("is not shown here.")
    assert hidden > 3
    for other in (DIEN_BIEN, SON_LA):
        theirs = own_ids(world, world.provinces, other, 1)[0]
        assert explain(light, light.country, theirs, MINE).status_code == 404


def test_a_province_is_told_where_its_need_is_served_though_a_better_asset_is_anothers(
    light: Published,
) -> None:
    world, looked_at = World(light), 0
    foreign = world.foreign(world.provinces, LAI_CHAU)
    for row in rows_of(light.folders.country / "transfers.csv"):
        if world.provinces[row["need_id"]] != LAI_CHAU or row["alternative_asset_id"] not in foreign:
            continue
        found = explain(light, light.country, row["need_id"], MINE).json()
        (one,) = found["explanations"]
        served = [line for line in one["text"].split("\n") if line.startswith("  - ")]
        assert any(row["asset_id"] in line and line.endswith(".") for line in served), one["text"]
        assert row["alternative_asset_id"] not in one["text"]
        assert found["hidden"]
        assert row["asset_id"] in str(one["facts"])
        # The price of what is not named would say as much as its name.
        (line,) = (line for line in one["facts"]["transfers"] if line["asset"]["asset_id"] == row["asset_id"])
        assert (line["alternative"], line["alternative_extra_vnd"]) == (None, None)
        looked_at += 1
    assert looked_at > 2


def test_an_explanation_is_given_though_the_cache_was_emptied(light: Published) -> None:
    need = rows_of(light.folders.country / "shortfalls.csv")[0]["need_id"]
    first = explain(light, light.country, need, PLANNER).json()
    state = light.client.app.state.surplan  # type: ignore[attr-defined]  # an application of FastAPI's
    shutil.rmtree(state.settings.home / "cache" / "plans" / light.country)
    assert explain(light, light.country, need, PLANNER).json() == first


def test_a_pair_can_be_forced_by_who_sees_the_whole_plan(light: Published) -> None:
    asset, need = next(
        (row["alternative_asset_id"], row["need_id"])
        for row in rows_of(light.folders.country / "transfers.csv")
        if row["alternative_asset_id"]
    )
    found = explain(light, light.country, need, PLANNER, force=asset).json()
    (answer,) = found["counterfactuals"]
    assert asset in answer["text"]
    assert answer["facts"]["asset_id"] == asset
    again = explain(light, light.country, need, PLANNER, force=asset, units="1").json()
    assert again["counterfactuals"] == found["counterfactuals"]
    for unknown in ("X", need):  # there is such a need, but no such asset
        missing = explain(light, light.country, need, PLANNER, force=unknown)
        assert (missing.status_code, missing.json()["code"]) == (404, "missing")
        assert f"asset {unknown}" in missing.json()["detail"]
    stays = next(
        row["asset_id"]
        for row in rows_of(light.folders.country / "inputs" / "assets.csv")
        if row["status"] not in ("surplus", "handed_idle")
    )
    unplanned = explain(light, light.country, need, PLANNER, force=stays)
    assert (unplanned.status_code, unplanned.json()["code"]) == (409, "explain_unplanned")
    assert explain(light, light.country, need, PLANNER, units="2").json()["code"] == "explain_units"
    mine = own_ids(World(light), World(light).provinces, LAI_CHAU, 1)[0]
    assert explain(light, light.country, mine, MINE, force="best").json()["code"] == "national_file"
    # Of its own plan a province asks whatever it likes.
    own = rows_of(light.folders.province / "transfers.csv")[0]["need_id"]
    assert explain(light, light.province, own, MINE, force="none").status_code == 200


def test_two_plans_are_compared_figure_by_figure_and_line_by_line(light: Published) -> None:
    address = f"/v1/plans/{light.other}/diff"
    whole = light.client.get(address, params={"against": light.country}, headers=PLANNER).json()
    assert [one["plan"] for one in whole["plans"]] == [light.country, light.other]
    (change,) = whole["differences"]
    assert {key["key"] for key in change["scenario_keys"]} == {"reach_km.vehicle"}
    assert change["transfers"]
    assert change["figures"]["objective_vnd"] > 0
    world = World(light)
    mine = light.client.get(address, params={"against": light.country}, headers=MINE).json()
    assert mine["whole"] is False
    (own,) = mine["differences"]
    assert own["transfers"] == [
        line
        for line in change["transfers"]
        if LAI_CHAU in (world.provinces[line["asset_id"]], world.provinces[line["need_id"]])
    ]
    assert 0 < len(own["transfers"]) < len(change["transfers"])
    assert [row["province_code"] for row in own["provinces"]] == [LAI_CHAU]
    assert sum(count["lines"] for count in own["counts"].values()) == sum(
        len(own[name]) for name in ("transfers", "needs", "assets")
    )
    theirs = light.client.get(
        address, params={"against": light.province}, headers=as_("province_planner", "11")
    )
    assert theirs.status_code == 404
