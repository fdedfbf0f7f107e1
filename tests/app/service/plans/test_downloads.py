from __future__ import annotations

import errno
import io
import json
import re
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

import pytest
from python_calamine import CalamineWorkbook
from typer.testing import CliRunner

from app.cli import application
from tests.app.service.plans.published import LAI_CHAU, add_inventory, add_scenario, publish
from tests.app.service.serving import app_client, as_

if TYPE_CHECKING:
    from app.service.store.database import Database
    from tests.app.service.plans.conftest import Published

PLANNER = as_("planner")


def test_the_zip_is_a_plan_folder_that_verifies(light: Published, tmp_path: Path) -> None:
    answer = light.client.get(f"/v1/plans/{light.country}.zip", headers=PLANNER)
    assert answer.status_code == 200
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        archive.extractall(tmp_path)
    given = light.folders.country.parent / "given"
    done = CliRunner().invoke(application, ["verify", str(given), str(tmp_path / light.country)])
    assert done.exit_code == 0, done.output
    assert light.client.get(f"/v1/plans/{light.country}.zip", headers=PLANNER).content == answer.content


@pytest.mark.parametrize("kind", ["xlsx", "geojson", "csv", "docx", "pdf", "zip"])
def test_files_have_a_name_for_people_and_a_tag(light: Published, kind: str) -> None:
    address = f"/v1/plans/{light.country}.{kind}"
    answer = light.client.get(address, headers=PLANNER)
    assert answer.status_code == 200, answer.text
    assert len(answer.content) > 1000
    said = answer.headers["Content-Disposition"]
    assert unquote(said.split("filename*=UTF-8''")[1]) == f"Kịch bản scn_country {light.country}.{kind}"
    assert 'filename="K_ch b_n' in said
    assert answer.headers["Cache-Control"] == "private, no-cache"
    tag = {"If-None-Match": answer.headers["ETag"]}
    again = light.client.get(address, headers=PLANNER | tag)
    assert (again.status_code, again.content) == (304, b"")
    other = light.client.get(address, headers=PLANNER | {"If-None-Match": '"0"'})
    assert other.status_code == 200
    assert other.headers["ETag"] == answer.headers["ETag"]


def test_the_workbook_speaks_the_language_that_is_asked_for(light: Published) -> None:
    titles = []
    for lang in ("en", "vi"):
        answer = light.client.get(f"/v1/plans/{light.country}.xlsx", params={"lang": lang}, headers=PLANNER)
        titles.append(CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).sheet_names)
    assert len(titles[0]) == len(titles[1])
    assert titles[0][0] != titles[1][0]


def test_stored_files_come_as_they_are(light: Published) -> None:
    folder = light.folders.country
    csv = light.client.get(f"/v1/plans/{light.country}.csv", headers=PLANNER)
    assert csv.content == (folder / "transfers.csv").read_bytes()
    drawn = light.client.get(f"/v1/plans/{light.country}.geojson", headers=PLANNER)
    assert drawn.content == (folder / "plan.geojson").read_bytes()
    assert drawn.headers["Content-Type"] == "application/geo+json"
    assert json.loads(drawn.content)["synthetic"] is True


def test_a_province_gets_all_files_of_its_own_plan(light: Published) -> None:
    mine = as_("province_planner", LAI_CHAU)
    for kind in ("xlsx", "geojson", "csv", "docx", "pdf", "zip"):
        assert light.client.get(f"/v1/plans/{light.province}.{kind}", headers=mine).status_code == 200, kind
    other = as_("province_planner", "11")
    for kind in ("xlsx", "csv", "zip"):
        assert light.client.get(f"/v1/plans/{light.province}.{kind}", headers=other).status_code == 404
    commune = as_("commune", LAI_CHAU, "03439")
    assert light.client.get(f"/v1/plans/{light.province}.zip", headers=commune).status_code == 403


def test_an_ending_that_no_file_has_is_no_plan(light: Published) -> None:
    assert light.client.get(f"/v1/plans/{light.country}.exe", headers=PLANNER).status_code == 404


def test_a_file_that_cannot_be_kept_leaves_nothing_behind(
    light: Published, monkeypatch: pytest.MonkeyPatch
) -> None:
    staged: list[Path] = []
    plain = Path.replace
    address = f"/v1/plans/{light.other}.docx?lang=en"

    def full(path: Path, target: Path) -> Path:
        if target.suffix != ".docx":
            return plain(path, target)
        staged.append(path)
        assert path.is_file()
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="No space"):
        light.client.get(address, headers=PLANNER)
    monkeypatch.undo()
    assert len(staged) == 1
    assert not staged[0].exists()
    assert light.client.get(address, headers=PLANNER).status_code == 200


def test_no_text_of_a_row_is_a_formula_of_the_workbook(sqlite_database: Database, tmp_path: Path) -> None:
    command = "=cmd|' /C calc'!A0"
    given = tmp_path / "given"
    given.mkdir()
    head = "category,commune_code,units,note"
    (given / "assets.csv").write_text(
        f"asset_id,kind,condition_pct,year,name,{head}\n{command},car,60,2018,=1+1,vehicle,03394,1,@SUM(A1)\n",
        encoding="utf-8",
    )
    (given / "needs.csv").write_text(
        f"need_id,kinds,recipient,{head}\n+{command},car,=2+2,vehicle,03394,2,-1+1\n", encoding="utf-8"
    )
    (given / "scenario.json").write_text("{}", encoding="utf-8")
    done = CliRunner().invoke(application, ["solve", str(given), "--out", str(tmp_path / "plan"), "-q"])
    assert done.exit_code == 0, done.output
    add_inventory(sqlite_database)
    add_scenario(sqlite_database, "scn_formulas")
    with app_client(sqlite_database) as client:
        plan = publish(sqlite_database, tmp_path / "plan", "scn_formulas")
        content = client.get(f"/v1/plans/{plan}.xlsx", headers=PLANNER).content
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        sheets = [package.read(name).decode() for name in package.namelist() if "worksheets/sheet" in name]
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    cells = {
        text for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python() for text in row
    }
    assert {command, f"+{command}", "=1+1", "=2+2"} <= cells
    # The only formulas are sums of its own cells.
    formulas = {one for xml in sheets for one in re.findall(r"<f[^>]*>([^<]*)</f>", xml)}
    own = re.compile(r"(?:SUBTOTAL\(109,|SUM\()[A-Z]+\d+:[A-Z]+\d+\)|[A-Z]+\d+")
    assert formulas
    assert not [one for one in formulas if not own.fullmatch(one)]
