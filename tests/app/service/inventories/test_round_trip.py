"""What is stored and written again is, to the byte, the plan that the file as given would have had."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

import geodata
import solver
from app.folders import build, read_inputs
from app.service.inventories.folder import write_folder
from app.service.store.actor import SYSTEM
from tests.app.service.inventories.uploads import MINISTRY, ROOT, SIN_SUOI_HO, car, house, made, need
from tests.app.service.serving import app_client

if TYPE_CHECKING:
    from pathlib import Path

    from app.service.store.database import Database


def plan_of(folder: Path, out: Path) -> dict[str, bytes]:
    """Return all files of a folder's plan but the one that is about times."""
    problem = build(read_inputs(folder))
    solver.solve(problem, time_limit=60).write(out)
    files = {path.relative_to(out).as_posix(): path.read_bytes() for path in out.rglob("*") if path.is_file()}
    assert files.pop("run.json")
    return files


def stored(database: Database, files: dict[str, bytes], folder: Path) -> None:
    """Store tables over HTTP, and write their inventory again."""
    sent = [("file", (name, content)) for name, content in files.items()]
    with app_client(database) as client:
        answer = client.post(f"{ROOT}?name=x", files=sent, headers=MINISTRY)
    assert answer.status_code == 201, answer.text
    with database.reading(SYSTEM) as session:
        write_folder(session, answer.json()["inventory_id"], 1, folder)


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The reference scenario of Lai Châu."""
    folder = tmp_path_factory.mktemp("reference")
    geodata.write_reference(geodata.reference(seed=1, province="12"), folder)
    return folder


def test_the_plan_of_a_stored_inventory_has_the_bytes_of_the_plan_of_its_files(
    database: Database, reference: Path, tmp_path: Path
) -> None:
    files = {name: (reference / name).read_bytes() for name in ("assets.csv", "needs.csv")}
    again = tmp_path / "again"
    again.mkdir()
    stored(database, files, again)
    shutil.copy(reference / "scenario.toml", again)
    expected = plan_of(reference, tmp_path / "plan")
    assert {"plan.json", "transfers.csv", "inputs/assets.csv", "inputs/needs.csv"} <= set(expected)
    assert expected["transfers.csv"].count(b"\n") > 10
    assert plan_of(again, tmp_path / "plan-again") == expected


def test_shared_tables_old_codes_and_unknown_columns_come_back_too(
    sqlite_database: Database, tmp_path: Path
) -> None:
    given, again = tmp_path / "given", tmp_path / "again"
    given.mkdir()
    again.mkdir()
    # 00001 is only an old code; cells hold separators, quotation marks and line ends.
    assets = [
        'asset_id,category,kind,commune_code,màu,z,"a b"',
        'A,vehicle,car,00001,"đỏ ""tươi"", mới",1,',
        'B,vehicle,car,00001,,,"x\ny"',
    ]
    authorities = "province_code,authority_vi\n01,Bộ trưởng\n,UBND tỉnh {province}\n"
    files = {
        "assets.csv": "\n".join(assets),
        "needs.csv": "need_id,category,kinds,commune_code\nN,vehicle,car,00001\n",
        "authorities.csv": authorities,
    }
    for name, text in files.items():
        (given / name).write_text(text, encoding="utf-8", newline="")
    stored(sqlite_database, {name: text.encode() for name, text in files.items()}, again)
    expected = plan_of(given, tmp_path / "plan")
    assert b",00001," in expected["inputs/assets.csv"]
    assert "Bộ trưởng".encode() in expected["inputs/authorities.csv"]
    assert plan_of(again, tmp_path / "plan-again") == expected


def test_what_goes_with_a_house_follows_its_plan_id(sqlite_database: Database, tmp_path: Path) -> None:
    desk = {"asset_id": "D", "category": "equipment", "kind": "desk_set", "units": 4, "attached_to": "H"}
    with app_client(sqlite_database) as client:
        address = made(client, [car("H", "00004")], [need("N", "00004")])
        tables = {
            "assets": [house("H", 22.52, 103.49, 100.5), desk | {"commune_code": SIN_SUOI_HO}],
            "needs": [need("M")],
        }
        done = client.put(f"{address}/provinces/12", json=tables, headers=MINISTRY)
        assert done.status_code == 201, done.text
    with sqlite_database.reading(SYSTEM) as session:
        write_folder(session, address.rsplit("/", 1)[1], 2, tmp_path)
    assets = read_inputs(tmp_path).assets.set_index("asset_id")
    assert sorted(assets.index) == ["D", "H", "H@12"]
    assert assets.loc["D", "attached_to"] == "H@12"
    build(read_inputs(tmp_path))
