from __future__ import annotations

import csv
import json
import shutil
from typing import TYPE_CHECKING

import openpyxl
import pytest
from typer.testing import CliRunner, Result

import geodata
from app.cli import application

if TYPE_CHECKING:
    from pathlib import Path

LAI_CHAU = "12"
#: Communes of Lai Châu in the register.
COMMUNES = geodata.communes().query(f"province_code == '{LAI_CHAU}'")


def surplan(*words: object) -> Result:
    return CliRunner().invoke(application, [str(word) for word in words])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder of a province without needs: surplus, in use, staff by name."""
    place = tmp_path / "tỉnh"
    place.mkdir()
    _write(
        place / "assets.csv",
        "asset_id,category,kind,commune_name,province_name,status,units,area_m2,condition_pct,year,holder\n"
        "TS-1,vehicle,car,Bum Tở,Lai Châu,surplus,1,,70,2018,\n"
        "TS-2,vehicle,car,Mường Tè,Lai Châu,in_use,1,,60,2016,UBND xã Mường Tè\n"
        "TS-3,premises,office,Mường Tè,Lai Châu,in_use,1,9000,,,UBND xã Mường Tè\n"
        "TS-4,premises,office,Bum Tở,Lai Châu,handed_idle,1,600,80,,\n"
        "TS-5,equipment,computer,Mường Tè,Lai Châu,in_use,10,,80,2023,\n",
    )
    _write(
        place / "communes.csv",
        "Tên xã,Tên tỉnh,Số lãnh đạo,Số trưởng phòng,Số chuyên viên\n"
        "Muong Te,Lai Chau,7,8,17\nxã Bum Tở,Lai Châu,7,8,\n",
    )
    _write(place / "scenario.toml", 'name = "x"\ndate = 2025-08-15\n')
    return place


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")


def derived(folder: Path) -> list[dict[str, str]]:
    text = (folder / "needs.csv").read_bytes().decode("utf-8-sig")
    assert "\r" not in text
    return list(csv.DictReader(text.splitlines()))


def code_of(name: str) -> str:
    (code,) = COMMUNES.loc[COMMUNES["name"] == name, "commune_code"]
    return str(code)


def by_category(rows: list[dict[str, str]], commune: str) -> dict[str, int]:
    units: dict[str, int] = {}
    for row in rows:
        if row["commune_code"] == commune:
            units[row["category"]] = units.get(row["category"], 0) + int(row["units"])
    return units


def test_needs_of_the_province_that_the_tables_name(folder: Path) -> None:
    result = surplan("needs", folder)
    assert result.exit_code == 0, result.output
    assert (folder / "needs.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    rows = derived(folder)
    assert {row["commune_code"] for row in rows} == set(COMMUNES["commune_code"])
    # 9,000 m2 of the council cover all civil bodies, but not police and military
    assert by_category(rows, code_of("Mường Tè")) == {"premises": 2, "equipment": 32 - 10}
    assert by_category(rows, code_of("Bum Tở")) == {"premises": 6, "vehicle": 1, "equipment": 32}
    assert [entry.name for entry in folder.iterdir() if entry.name.startswith(".")] == []


def test_the_summary_counts_what_was_written_and_names_the_next_step(folder: Path) -> None:
    result = surplan("needs", folder, "--quiet")
    rows = derived(folder)
    assert f"{len(rows)} needs of {len(COMMUNES)} communes (Lai Châu)" in result.output
    counts = {
        "Cars": sum(row["category"] == "vehicle" for row in rows),
        "Computers": sum(row["category"] == "equipment" for row in rows),
        "Party committee, offices": len(COMMUNES) - 1,
        "Police, offices": len(COMMUNES),
    }
    for what, count in counts.items():
        (line,) = [line for line in result.output.splitlines() if line.strip().startswith(what)]
        assert line.removeprefix(f"  {what}").split()[0] == str(count)
    # all but Mường Tè
    assert f"{len(COMMUNES) - 1} of {len(COMMUNES)} communes have no complete staff numbers" in result.output
    assert "34 of 41 norms are assumptions" in result.output
    assert f"surplan check {folder}" in result.output.replace("\n", "")
    assert "xã, phường, đặc khu" in surplan("needs", folder, "--force", "--lang", "vi").output


def test_what_is_written_is_checked_solved_and_verified(folder: Path, tmp_path: Path) -> None:
    assert surplan("needs", folder).exit_code == 0
    check = surplan("check", folder, "--json")
    assert check.exit_code == 0
    assert [one for one in json.loads(check.output)["issues"] if one["file"] == "needs.csv"] == []
    plan = tmp_path / "plan"
    assert surplan("solve", folder, "--out", plan, "--quiet").exit_code == 0
    assert surplan("verify", folder, plan).exit_code == 0
    transfers = {row.split(",")[0] for row in (plan / "transfers.csv").read_text("utf-8").splitlines()[1:]}
    assert transfers == {"TS-1", "TS-4"}


def test_a_folder_without_needs_is_told_of_the_command(folder: Path) -> None:
    result = surplan("check", folder, "--json")
    (missing,) = [one for one in json.loads(result.output)["issues"] if one["code"] == "file_missing"]
    assert missing["remedy"].endswith("Or derive the needs from the norms: surplan needs.")
    (folder / "assets.csv").unlink()
    (missing, _) = [
        one
        for one in json.loads(surplan("check", folder, "--json").output)["issues"]
        if one["code"] == "file_missing"
    ]
    assert "surplan needs" not in missing["remedy"]


def test_needs_that_are_there_are_replaced_only_by_force(folder: Path) -> None:
    _write(folder / "needs.csv", "mine")
    refused = surplan("needs", folder)
    assert refused.exit_code == 1
    assert "--force" in refused.output
    assert (folder / "needs.csv").read_text("utf-8") == "mine"
    assert surplan("needs", folder, "--force").exit_code == 0
    first = (folder / "needs.csv").read_bytes()
    assert surplan("needs", folder, "--force").exit_code == 0
    assert (folder / "needs.csv").read_bytes() == first


def test_errors_of_the_other_tables_are_printed_and_nothing_is_written(folder: Path) -> None:
    text = (folder / "communes.csv").read_text("utf-8")
    _write(folder / "communes.csv", text.replace("Muong Te", "Muong Tee").replace("8,17", "8,many"))
    _write(folder / "norms.csv", "key,value\ncars/target,x\n")
    result = surplan("needs", folder)
    assert result.exit_code == 1
    for code in ("commune_unknown", "not_a_number", "norm_value"):
        assert code in result.output
    assert "file_missing" not in result.output
    assert not (folder / "needs.csv").exists()
    codes = {one["code"] for one in json.loads(surplan("check", folder, "--json").output)["issues"]}
    assert codes >= {"commune_unknown", "not_a_number", "norm_value", "file_missing"}


def test_norms_of_the_folder_replace_the_defaults(folder: Path) -> None:
    _write(folder / "norms.csv", "Khóa,Giá trị,Căn cứ\ncars/target,2,Nghị quyết\n")
    result = surplan("needs", folder)
    assert "33 of 41 norms are assumptions" in result.output
    rows = derived(folder)
    assert by_category(rows, code_of("Mường Tè"))["vehicle"] == 1
    assert by_category(rows, code_of("Bum Tở"))["vehicle"] == 2


def test_a_province_may_be_named(folder: Path) -> None:
    assert surplan("needs", folder, "--province", "04").exit_code == 0
    provinces = geodata.communes().set_index("commune_code")["province_code"]
    assert {provinces[row["commune_code"]] for row in derived(folder)} == {"04"}
    wrong = surplan("needs", folder, "--province", "99", "--force")
    assert wrong.exit_code == 2
    assert "--province '99' is the code of no province. Known: 01 " in wrong.output


def test_old_codes_of_assets_leave_the_derived_codes_alone(folder: Path) -> None:
    old = geodata.old_communes().query("old_province_name == 'Lai Châu'")["old_commune_code"]
    gone = next(code for code in old if code not in set(geodata.communes()["commune_code"]))
    _write(
        folder / "assets.csv",
        f"asset_id,category,kind,commune_code,units,condition_pct,year\nTS-1,vehicle,car,{gone},1,70,2018\n",
    )
    assert surplan("needs", folder).exit_code == 0
    check = json.loads(surplan("check", folder, "--json").output)
    assert check["errors"] == 0
    (translated,) = [one for one in check["issues"] if one["code"] == "codes_translated"]
    assert "; 1 rows were translated" in translated["message"]


def workbook(folder: Path, **sheets: str) -> Path:
    """Make the CSV files of a folder, and further sheets, the sheets of one workbook in it."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    texts = {file.stem: file.read_text("utf-8") for file in sorted(folder.glob("*.csv"))} | sheets
    for name, text in texts.items():
        sheet = book.create_sheet(name)
        for row in csv.reader(text.splitlines()):
            sheet.append([cell or None for cell in row])
    for file in folder.glob("*.csv"):
        file.unlink()
    book.save(folder / "tỉnh.xlsx")
    return folder / "tỉnh.xlsx"


def test_needs_stand_beside_a_workbook(folder: Path, tmp_path: Path) -> None:
    plain = shutil.copytree(folder, tmp_path / "plain")
    assert surplan("needs", plain).exit_code == 0
    workbook(folder, needs="need_id,category,kinds,commune_code,units\n")
    result = surplan("needs", folder)
    assert result.exit_code == 0, result.output
    assert (folder / "needs.csv").read_bytes() == (plain / "needs.csv").read_bytes()
    assert surplan("check", folder).exit_code == 0
    assert surplan("solve", folder, "--out", tmp_path / "plan", "--quiet").exit_code == 0


@pytest.mark.parametrize("options", [[], ["--force"]])
def test_needs_of_a_workbook_are_never_overruled(folder: Path, options: list[str]) -> None:
    workbook(folder, needs="need_id,category,kinds,commune_code,units\nN-1,vehicle,car,03390,1\n")
    result = surplan("needs", folder, *options)
    assert result.exit_code == 1
    assert "needs" in result.output
    assert not (folder / "needs.csv").exists()


def test_a_file_is_no_folder(folder: Path) -> None:
    result = surplan("needs", workbook(folder))
    assert result.exit_code == 2
    assert "Put the workbook into a folder" in result.output
    assert surplan("needs", folder / "absent").exit_code == 1


def test_nothing_is_derived_beside_matches_or_without_a_place(folder: Path) -> None:
    _write(folder / "matches.csv", "asset_id,need_id,cost_vnd\nTS-1,N-1,5\n")
    result = surplan("needs", folder)
    assert result.exit_code == 1
    assert "matches" in result.output
    assert not (folder / "needs.csv").exists()


def test_nothing_lacking_writes_nothing(folder: Path) -> None:
    keys = geodata.norms()["key"]
    zero = [key for key in keys if key.startswith("posts/")] + ["cars/target"]
    _write(folder / "norms.csv", "key,value\n" + "".join(f"{key},0\n" for key in zero))
    rows = "".join(f"{code},0,0,0\n" for code in COMMUNES["commune_code"])
    _write(folder / "communes.csv", f"commune_code,staff_leaders,staff_heads,staff_specialists\n{rows}")
    result = surplan("needs", folder)
    assert result.exit_code == 0
    assert "nothing lacks" in result.output
    assert not (folder / "needs.csv").exists()


def test_needs_of_before_do_not_stay_where_nothing_lacks_any_more(folder: Path) -> None:
    assert surplan("needs", folder).exit_code == 0
    headings = set(derived(folder)[0])
    keys = [key for key in geodata.norms()["key"] if key.startswith("posts/")]
    _write(folder / "norms.csv", "key,value\n" + "".join(f"{key},0\n" for key in [*keys, "cars/target"]))
    rows = "".join(f"{code},0,0,0\n" for code in COMMUNES["commune_code"])
    _write(folder / "communes.csv", f"commune_code,staff_leaders,staff_heads,staff_specialists\n{rows}")
    for lang, said in (("en", "needs.csv was replaced and holds its headings only"), ("vi", "dòng tiêu đề")):
        result = surplan("needs", folder, "--force", "--lang", lang)
        assert result.exit_code == 0
        assert said in result.output
        (heading,) = (folder / "needs.csv").read_bytes().decode("utf-8-sig").splitlines()
        assert set(heading.split(",")) >= headings


def test_assets_of_holders_of_another_level_are_left_out_and_said(folder: Path) -> None:
    alone = by_category(_derive(folder), code_of("Mường Tè"))
    assets = (folder / "assets.csv").read_text("utf-8")
    _write(
        folder / "assets.csv",
        f"{assets}TS-6,equipment,computer,Mường Tè,Lai Châu,in_use,30,,80,2023,Sở Y tế\n"
        "TS-7,premises,barracks,Mường Tè,Lai Châu,in_use,1,700,,,Bộ Chỉ huy Quân sự tỉnh\n"
        "TS-8,premises,office,Bum Tở,Lai Châu,in_use,1,999,,,UBND huyện Mường Tè (cũ)\n"
        "TS-9,premises,office,Bum Tở,Lai Châu,in_use,1,999,,,Sở Y tế\n"
        "TS-0,premises,office,Hạc Thành,Thanh Hóa,in_use,1,999,,,Sở Y tế\n",
    )
    result = surplan("needs", folder, "--force")
    assert by_category(derived(folder), code_of("Mường Tè")) == alone
    holders = "Sở Y tế, Bộ Chỉ huy Quân sự tỉnh, UBND huyện Mường Tè (cũ)"
    assert (
        f"4 assets in use were not counted, since the holder is of another level ({holders})" in result.output
    )
    again = surplan("needs", folder, "--force", "--lang", "vi").output
    assert f"4 tài sản đang sử dụng không được tính vì đơn vị quản lý thuộc cấp khác ({holders})" in again


def _derive(folder: Path) -> list[dict[str, str]]:
    result = surplan("needs", folder)
    assert result.exit_code == 0
    assert "another level" not in result.output
    assert "cars/norm" not in result.output
    return derived(folder)


def test_more_cars_than_the_norm_are_never_wanted_and_that_is_said(folder: Path) -> None:
    assets = (folder / "assets.csv").read_text("utf-8")
    _write(folder / "assets.csv", f"{assets}TS-6,vehicle,car,Mường Tè,Lai Châu,in_use,4,,60,2016,\n")
    _write(folder / "norms.csv", 'key,value\ncars/target,"5,0"\n')
    result = surplan("needs", folder)
    assert "The norms want 5 cars for each commune (cars/target) but allow 2 (cars/norm)" in result.output
    rows = derived(folder)
    assert "vehicle" not in by_category(rows, code_of("Mường Tè"))
    assert by_category(rows, code_of("Bum Tở"))["vehicle"] == 2


def test_wrong_norms_and_staff_of_a_workbook_are_said_with_their_cells(folder: Path) -> None:
    _write(folder / "norms.csv", 'key,value\ncars/target,"1,5"\n')
    communes = (folder / "communes.csv").read_text("utf-8")
    communes = communes.replace("Muong Te,Lai Chau,7,8,17", "Muong Te,Lai Chau,-7,8.5,17")
    _write(folder / "communes.csv", f"{communes}Bum Tở,Lai Châu,1,1,1\n")
    workbook(folder)
    result = surplan("check", folder, "--json")
    found = {(one["code"], one["cell"]) for one in json.loads(result.output)["issues"]}
    assert found >= {
        ("norm_value", "B2"),
        ("negative", "C2"),
        ("not_whole", "D2"),
        ("duplicate_id", "A4"),
    }
    result = surplan("needs", folder)
    assert result.exit_code == 1
    assert "norms!B2" in result.output
    assert not (folder / "needs.csv").exists()


def test_a_folder_that_cannot_be_written_is_said(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pathlib.Path.replace", refuse)
    result = surplan("needs", folder)
    assert result.exit_code == 1
    assert "Permission denied" in result.output
    assert sorted(entry.name for entry in folder.iterdir()) == ["assets.csv", "communes.csv", "scenario.toml"]


def test_a_communes_table_with_codes_alone_completes_the_register(folder: Path, tmp_path: Path) -> None:
    plan = tmp_path / "plan"
    assert surplan("needs", folder).exit_code == 0
    assert surplan("solve", folder, "--out", plan, "--quiet").exit_code == 0
    with (plan / "inputs" / "communes.csv").open(encoding="utf-8", newline="") as file:
        assert len(list(csv.DictReader(file))) == len(geodata.communes())
