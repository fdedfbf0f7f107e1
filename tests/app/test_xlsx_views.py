from __future__ import annotations

import dataclasses
import datetime
import math
import re
from typing import TYPE_CHECKING, Any

import openpyxl
import pandas as pd
import pytest
import python_calamine

from app.export.sheet import sheet_title
from app.export.xlsx import write_workbook
from app.settings import LANGS, Lang

if TYPE_CHECKING:
    from pathlib import Path

    from openpyxl.worksheet.worksheet import Worksheet

    from app.plans import PlanView

PROVINCES = {"01 Hà Nội", "11 Điện Biên", "22 Quảng Ninh", "38 Thanh Hóa"}
Row = dict[str, Any]


@pytest.fixture
def rich(plan: PlanView) -> PlanView:
    """Return the plan with particulars, two cars in use in one commune, and desks that go with houses."""
    assets = plan.assets.set_index("asset_id").astype(object)
    particulars = {
        "V-0001": ("UBND thành phố", "900000000", "540000000", "61204.5"),
        "V-0002": ("UBND huyện (cũ)", "800000000", "400000000", "99000"),
        "E-0001": ("UBND thị xã", "15000000", "9000000", None),
    }
    for name, values in particulars.items():
        assets.loc[name, ["holder", "book_value_vnd", "residual_value_vnd", "mileage_km"]] = values
    car, lot = assets.loc["U-0001"], assets.loc["E-0001"]
    rows = {
        "U-0002": {
            **car,
            "year": "2012",
            "name": "Toyota Vios",
            "official_id": "36A-1",
            "book_value_vnd": "5",
        },
        "D-0001": {**lot, "attached_to": "P-0001", "units": "3", "name": "Bàn"},
        "D-0002": {**lot, "attached_to": "P-0004", "units": "2"},
    }
    assets.loc["U-0001", "year"] = "2020"
    table = pd.concat([assets, pd.DataFrame.from_dict(rows, orient="index")]).rename_axis("asset_id")
    until = plan.transfers["until"].astype(object).mask(plan.transfers["asset_id"] == "V-0002", "2027-06-30")
    return dataclasses.replace(
        plan,
        assets=table.reset_index().astype("str"),
        transfers=plan.transfers.assign(until=until.astype("str")),
        scenario={**plan.scenario, "norms": {"life_years": {"vehicle/car": 15}}},
    )


def written(plan: PlanView, folder: Path, lang: Lang = "en") -> Path:
    path = folder / "plan.xlsx"
    write_workbook(plan, path, lang)
    return path


def records(path: Path, name: str) -> list[Row]:
    """Return all rows below the headings, sums as well, as programs that don't calculate read them."""
    book = python_calamine.CalamineWorkbook.from_path(str(path))
    _, headings, *rows = book.get_sheet_by_name(name).to_python()
    return [dict(zip(map(str, headings), row, strict=True)) for row in rows]


def names(path: Path) -> list[str]:
    return list(python_calamine.CalamineWorkbook.from_path(str(path)).sheet_names)


def test_a_house_that_two_bodies_share_is_worth_what_it_is_worth_once(rich: PlanView, tmp_path: Path) -> None:
    assets = rich.assets.set_index("asset_id")
    assets.loc["P-0002", "book_value_vnd"] = "3000000000"
    first = rich.transfers[rich.transfers["asset_id"] == "P-0002"]
    assert first["units"].tolist() == [2]
    both = pd.concat([rich.transfers, first.assign(need_id="N-ZZ")])
    both = both.sort_values(["asset_id", "need_id"], ignore_index=True)
    path = written(dataclasses.replace(rich, assets=assets.reset_index(), transfers=both), tmp_path)
    for sheet in ("Giving", "Receiving"):
        rows = records(path, sheet)
        values = [row["Original price in all (VND)"] for row in rows if row.get("Asset") == "P-0002"]
        assert values == [3_000_000_000, ""]
        assert rows[-1]["Original price in all (VND)"] == 1_835_000_000 + 3_000_000_000


def test_the_giving_view_sorts_by_giver_and_sums_each_with_outline_and_grand_total(
    rich: PlanView, tmp_path: Path
) -> None:
    path = written(rich, tmp_path)
    rows = records(path, "Giving")
    assert [(row["No."], row["Holder"], row["Asset"], row["Units"]) for row in rows] == [
        (1, "UBND thành phố", "V-0001", 1),
        ("", "Sum of UBND thành phố", "", 1),
        (2, "UBND huyện (cũ)", "V-0002", 1),
        ("", "Sum of UBND huyện (cũ)", "", 1),
        (3, "", "P-0001", 1),
        (4, "", "P-0002", 2),
        ("", "Sum of Hạc Thành", "", 3),
        (5, "UBND thị xã", "E-0001", 4),
        (6, "UBND thị xã", "E-0001", 5),
        ("", "Sum of UBND thị xã", "", 9),
        ("Total", "", "", 14),
    ]
    assert [row["Original price in all (VND)"] for row in rows[-4:]] == [
        60_000_000,
        75_000_000,
        135_000_000,
        1_835_000_000,
    ]
    assert rows[6]["Original price in all (VND)"] == ""  # nothing is known: no figure
    assert rows[-1]["Residual value in all (VND)"] == 540_000_000 + 400_000_000 + 9 * 9_000_000
    worksheet = openpyxl.load_workbook(path)["Giving"]
    levels = [worksheet.row_dimensions[number].outlineLevel for number in range(3, 14)]
    assert levels == [1, 0, 1, 0, 1, 1, 0, 1, 1, 0, 0]


def test_a_transfer_stands_in_the_giving_view_with_all_particulars(rich: PlanView, tmp_path: Path) -> None:
    row = records(written(rich, tmp_path), "Giving")[2]
    assert row == {
        "No.": 2,
        "Giving province": "Thanh Hóa",
        "Giving commune": "Hạc Thành",
        "Holder": "UBND huyện (cũ)",
        "Name": "Ford Everest",
        "Kind": "car",
        "Register code or plate": "36A-001.02",
        "Asset": "V-0002",
        "Year": 2016,
        "Condition (%)": 60,
        "Mileage (km)": 99000,
        "Units": 1,
        "Area (m²)": "",
        "Original price of a unit (VND)": 800_000_000,
        "Original price in all (VND)": 800_000_000,
        "Residual value of a unit (VND)": 400_000_000,
        "Residual value in all (VND)": 400_000_000,
        "Receiving body": "UBND phường Hạc Thành",
        "Receiving commune": "Hạc Thành",
        "Receiving province": "Thanh Hóa",
        "Form": "transfer",
        "Deciding authority": "",
        "Until": datetime.date(2027, 6, 30),
    }


def test_the_receiving_view_holds_the_same_transfers_by_receiver(rich: PlanView, tmp_path: Path) -> None:
    rows = records(written(rich, tmp_path), "Receiving")
    moves = [row for row in rows if row["Asset"]]
    pairs = {(row["Asset"], row["Need"]) for row in moves}
    assert pairs == set(zip(rich.transfers["asset_id"], rich.transfers["need_id"], strict=True))
    assert [row["Receiving province"] for row in moves] == ["Điện Biên", *["Thanh Hóa"] * 5]
    assert [row["Receiving body"] for row in rows if "Sum of" in row["Receiving body"]] == [
        "Sum of UBND phường Điện Biên Phủ",
        "Sum of Công an phường Hạc Thành",
        "Sum of Nhà văn hóa phường Hạc Thành",
        "Sum of UBND phường Hạc Thành",
        "Sum of Trường THCS Ba Đình",
    ]
    assert (rows[-1]["Cost (VND)"], rows[-1]["To be spent (VND)"]) == (1_270_903_344, 539_903_344)


def test_all_provinces_together_are_the_whole_plan(rich: PlanView, tmp_path: Path) -> None:
    path = written(rich, tmp_path)
    sheets = {name: records(path, name) for name in names(path) if name in PROVINCES}
    assert set(sheets) == PROVINCES
    lines = [row for rows in sheets.values() for row in rows]
    objectives = [row["Cost (VND)"] for row in lines if row["What"] == "Objective of the province"]
    assert sum(objectives) == rich.summary["objective_vnd"]
    openings = [row["Cost (VND)"] for row in lines if row["What"] == "Putting premises to use"]
    assert sum(openings) == rich.summary["kpis"]["openings_vnd"]
    unmet = sum(rich.shortfalls["units"] * rich.shortfalls["price_vnd"])
    wanted = {
        "Received": (rich.transfers, "Cost (VND)", 1_270_903_344),
        "Given": (rich.transfers, "To be spent (VND)", rich.summary["kpis"]["spend_vnd"]),
        "Unmet": (rich.shortfalls, "Price of the unmet (VND)", unmet),
        "No recipient": (rich.releases, "Value (VND)", sum(rich.releases["value_vnd"])),
    }
    for direction, (table, column, amount) in wanted.items():
        rows = [row for row in lines if row["What"] == direction]
        sums = [row for row in rows if row["Asset"] == "Total"]
        assert len(rows) - len(sums) == len(table), direction
        assert sum(row["Units"] for row in sums) == sum(table["units"]), direction
        assert sum(row[column] for row in sums) == amount, direction


def test_a_provinces_sheet_lists_what_it_receives_gives_lacks_and_has_left(
    rich: PlanView, tmp_path: Path
) -> None:
    rows = records(written(rich, tmp_path), "11 Điện Biên")
    assert [(row["What"], row["Asset"], row["Need"], row["Units"]) for row in rows if row["What"]][:6] == [
        ("Received", "E-0001", "N-PC-2", 5),
        ("Received", "Total", "", 5),
        ("Unmet", "", "N-PC-2", 3),
        ("Unmet", "Total", "", 3),
        ("No recipient", "V-0003", "", 1),
        ("No recipient", "Total", "", 1),
    ]
    assert rows[0]["From or to"] == "Bỉm Sơn, Thanh Hóa"
    assert rows[2]["Form, reason or disposition"] == "outbid by other needs"
    assert rows[2]["Price of the unmet (VND)"] == 60_000_000
    assert rows[4]["Form, reason or disposition"] == "liquidate"


def test_rows_without_a_province_have_a_sheet_of_their_own(rich: PlanView, tmp_path: Path) -> None:
    lost = rich.transfers.assign(
        from_commune_code=rich.transfers["from_commune_code"].mask(lambda c: c == "00004")
    )
    path = written(dataclasses.replace(rich, transfers=lost), tmp_path)
    assert names(path)[-2] == "No province"
    assert [row["Asset"] for row in records(path, "No province")] == ["V-0001", "Total"]


def test_cars_to_be_replaced_and_attached_assets_have_sheets_where_there_are_any(
    plan: PlanView, rich: PlanView, tmp_path: Path
) -> None:
    path = written(rich, tmp_path)
    car, total = records(path, "Cars to be replaced")
    assert (car["Asset"], car["Register code or plate"], car["To be replaced in"]) == (
        "U-0002",
        "36A-1",
        2027,
    )
    assert (car["Over age"], car["Which car of its commune, newest first"]) == ("no", 2)
    assert (total["Units"], total["Original price of a unit (VND)"]) == (1, 5)
    first, second, total = records(path, "Attached to houses")
    assert (first["Asset"], first["House"], first["Name of the house"]) == ("D-0001", "P-0001", "Trụ sở cũ")
    assert (first["What happens"], first["Need"]) == ("goes with its house to the recipient", "N-HQ-1")
    assert second["What happens"] == "with its house: land-fund centre"
    assert (total["Units"], total["Residual value in all (VND)"]) == (5, 45_000_000)
    assert not {"Cars to be replaced", "Attached to houses"} & set(names(written(plan, tmp_path)))


FORMULA = re.compile(r"=(?:(SUBTOTAL)\(109,|(SUM)\()?([A-Z]+)(\d+)(?::[A-Z]+(\d+)\))?")


def recomputed(worksheet: Worksheet, formula: str) -> float:
    """Return what a spreadsheet calculates: a reference, a sum, or a sum that leaves out other such sums."""
    found = FORMULA.fullmatch(formula)
    assert found, formula
    total = []
    for number in range(int(found[4]), int(found[5] or found[4]) + 1):
        value = worksheet[f"{found[3]}{number}"].value
        if isinstance(value, str) and value.startswith("="):
            total += [] if found[1] else [recomputed(worksheet, value)]
        elif isinstance(value, int | float):
            total.append(value)
    return math.fsum(total)


@pytest.mark.parametrize("lang", LANGS)
def test_the_value_beside_every_formula_is_what_it_calculates(
    rich: PlanView, tmp_path: Path, lang: Lang
) -> None:
    path = written(rich, tmp_path, lang)
    formulas, cached = openpyxl.load_workbook(path), openpyxl.load_workbook(path, data_only=True)
    count = 0
    for worksheet in formulas:
        for row in worksheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    count += 1
                    wanted = recomputed(worksheet, str(cell.value))
                    assert cached[worksheet.title][cell.coordinate].value == pytest.approx(wanted, rel=1e-15)
    assert count == 100


def test_sheets_are_set_up_to_be_printed_and_looked_through(rich: PlanView, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(written(rich, tmp_path))
    for name in ("Giving", "Receiving", "Cars to be replaced", "38 Thanh Hóa", "Transfers"):
        worksheet = book[name]
        assert (worksheet.page_setup.orientation, int(worksheet.page_setup.paperSize)) == ("landscape", 9)
        assert worksheet.sheet_properties.pageSetUpPr.fitToPage
        assert (worksheet.page_setup.fitToWidth, worksheet.page_setup.fitToHeight) in {(None, 0), (1, 0)}
        assert worksheet.print_title_rows == "$1:$2"
        assert worksheet.freeze_panes == "B3"
        assert worksheet.auto_filter.ref.startswith("A2:")
    total = book["Giving"].cell(13, 12)
    assert total.font.b
    assert total.border.top.style == "thin"
    assert book["Giving"].cell(3, 15).number_format == "#,##0;[Red]-#,##0"
    assert book["Giving"].cell(3, 9).number_format == "0"  # a year has no separator


def test_hostile_texts_come_through_every_view_unchanged(
    rich: PlanView, hostile: list[str], tmp_path: Path
) -> None:
    count = len(hostile)
    asset = rich.assets[rich.assets["asset_id"] == "V-0001"]
    ids = [f"H-{number:02}" for number in range(count)]
    many = pd.concat([asset] * count).assign(asset_id=ids, name=hostile, holder=hostile, official_id=hostile)
    move = rich.transfers[rich.transfers["asset_id"] == "V-0001"]
    moves = pd.concat([move] * count).assign(
        asset_id=ids, recipient=hostile, official_id=hostile, authority=hostile, until=hostile
    )
    path = written(
        dataclasses.replace(rich, assets=many, transfers=moves, releases=rich.releases[:0]), tmp_path
    )
    for name, body in (
        ("Giving", "Holder"),
        ("Receiving", "Receiving body"),
        ("01 Hà Nội", "Body in the province"),
    ):
        rows = {row["Asset"]: row for row in records(path, name) if str(row["Asset"]).startswith("H-")}
        for key, text in zip(ids, hostile, strict=True):
            columns = ("Name", body, "Register code or plate", "Deciding authority")
            assert [rows[key][column] for column in columns] == [text] * 4
    worksheet = openpyxl.load_workbook(path)["Giving"]
    types = {cell.data_type for row in worksheet.iter_rows(min_row=3) for cell in row[1:8]}
    assert types <= {"s", "inlineStr", "n"}  # n: an empty cell
    assert all(cell.hyperlink is None for row in worksheet.iter_rows() for cell in row)


def test_control_characters_and_halves_of_characters_do_not_spoil_the_file(
    rich: PlanView, tmp_path: Path
) -> None:
    named = rich.assets.assign(holder="a\x01\x0b\ud800b")
    row = records(written(dataclasses.replace(rich, assets=named), tmp_path), "Giving")[0]
    assert row["Holder"] == "a\x01\x0b?b"


def test_deciding_authorities_are_english_in_an_english_workbook(rich: PlanView, tmp_path: Path) -> None:
    columns = {"authority_vi": ["Chủ tịch UBND tỉnh"], "authority_en": ["Chair of the province"]}
    moves = rich.transfers.assign(authority="Chủ tịch UBND tỉnh")
    signed = dataclasses.replace(rich, transfers=moves, authorities=pd.DataFrame(columns))
    english = records(written(signed, tmp_path, "en"), "Giving")
    own = records(written(signed, tmp_path, "vi"), "Bên giao")
    assert english[0]["Deciding authority"] == "Chair of the province"
    assert own[0]["Cấp có thẩm quyền"] == "Chủ tịch UBND tỉnh"


def test_hostile_names_of_provinces_are_lawful_and_different_sheet_names(
    rich: PlanView, tmp_path: Path
) -> None:
    communes = rich.communes.assign(province_name="'[=x]:*?/\\" + "Ồ😀" * 20)
    path = written(dataclasses.replace(rich, communes=communes), tmp_path)
    own = names(path)[-5:-1]
    assert [name[:2] for name in own] == ["01", "11", "22", "38"]
    assert all(len(name.encode("utf-16-le")) // 2 <= 31 for name in own)
    assert not any(set("[]:*?/\\") & set(name) for name in own)


def test_titles_that_collide_are_numbered_and_keep_within_the_length() -> None:
    assert sheet_title("38 Thanh Hóa", []) == "38 Thanh Hóa"
    assert sheet_title("38 THANH HÓA", ["38 Thanh Hóa"]) == "38 THANH HÓA (2)"
    assert sheet_title("x" * 40, ["x" * 31, "x" * 27 + " (2)"]) == "x" * 27 + " (3)"
    assert sheet_title("'history'", []) == "history (2)"
    assert sheet_title("[]", []) == "-"
    assert sheet_title("a\nb\t c", []) == "a b c"


def test_a_failed_write_leaves_the_old_file_and_nothing_else(
    rich: PlanView, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "báo cáo.xlsx"
    path.write_bytes(b"old")

    def fail(*_: object) -> None:
        raise OSError("disk full")

    with monkeypatch.context() as patch:
        patch.setattr("app.export.package._filled", fail)
        with pytest.raises(OSError, match="disk full"):
            write_workbook(rich, path, "vi")
    assert [file.name for file in tmp_path.iterdir()] == ["báo cáo.xlsx"]
    assert path.read_bytes() == b"old"
    write_workbook(rich, path, "vi")
    assert openpyxl.load_workbook(path).sheetnames[0] == "Tổng hợp"
    assert [file.name for file in tmp_path.iterdir()] == ["báo cáo.xlsx"]


def test_a_plan_without_transfers_has_views_with_headings_and_a_total_of_nothing(
    plan: PlanView, tmp_path: Path
) -> None:
    path = written(dataclasses.replace(plan, transfers=plan.transfers[:0]), tmp_path)
    for name in ("Giving", "Receiving"):
        (total,) = records(path, name)
        assert (total["No."], total["Units"]) == ("Total", 0)
