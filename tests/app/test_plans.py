from __future__ import annotations

import dataclasses
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import pytest

import geodata
from app.documents.content import Table
from app.documents.handover import handovers
from app.errors import InputError
from app.folders import check_inputs, read_inputs
from app.plans import view_plan

if TYPE_CHECKING:
    from app.plans import PlanView

PLAN = Path(__file__).parent / "plan"


def english(plan: PlanView, *rows: tuple[str, str]) -> dict[str, str]:
    table = pd.DataFrame(rows, columns=["authority_vi", "authority_en"], dtype="str")
    return dataclasses.replace(plan, authorities=table).authorities_en


def test_authorities_are_named_in_english_with_their_places(plan: PlanView) -> None:
    found = english(
        plan,
        ("Chủ tịch UBND tỉnh {province}", "Chair of {province} Province"),
        ("UBND {commune}, {province}", "{commune} in {province}"),
        ("Bộ Tài chính", "Ministry of Finance"),
    )
    assert found["Chủ tịch UBND tỉnh Thanh Hóa"] == "Chair of Thanh Hóa Province"
    assert found["UBND Hạc Thành, Thanh Hóa"] == "Hạc Thành in Thanh Hóa"
    assert found["Bộ Tài chính"] == "Ministry of Finance"


def test_a_text_that_is_several_in_english_has_none(plan: PlanView) -> None:
    found = english(plan, ("UBND cấp tỉnh", "People's Committee of {province}"), ("Bộ", "Ministry"))
    assert found == {"Bộ": "Ministry"}


def test_a_place_without_a_name_goes_by_its_code(tmp_path: Path) -> None:
    folder = tmp_path / "plan"
    shutil.copytree(PLAN, folder)
    file = folder / "inputs" / "communes.csv"
    table = pd.read_csv(file, dtype="str", keep_default_na=False)
    table["province_name"] = ""
    table.to_csv(file, index=False)
    communes = view_plan(folder).communes
    assert communes["province_name"].tolist() == communes["province_code"].tolist()
    assert communes["name"].notna().all()


def test_an_authority_of_a_province_that_is_none_is_an_error(scenario: Path) -> None:
    # A spreadsheet has cut the zero of Hà Nội: the row would never decide anything.
    rows = [
        "province_code,authority_vi",
        ",Chủ tịch UBND tỉnh {province}",
        "1,UBND Hà Nội",
        "38,UBND Thanh Hóa",
    ]
    (scenario / "authorities.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    found = [(one.table, one.row, one.code, one.value) for one in read_inputs(scenario).issues]
    assert found == [("authorities", 3, "province_unknown", "1")]


def test_a_commune_that_stands_twice_in_a_table_with_points_is_one_error(scenario: Path) -> None:
    table = geodata.communes()[["commune_code", "name", "province_code", "province_name", "lat", "lon"]]
    twice = pd.concat([table, table.head(1)])
    twice.to_csv(scenario / "communes.csv", index=False)
    issues = check_inputs(read_inputs(scenario))
    assert [(one.table, one.row, one.code) for one in issues if one.severity == "error"] == [
        ("communes", len(table) + 2, "duplicate_id")
    ]


def test_a_plan_is_no_scenario_folder() -> None:
    with pytest.raises(InputError, match="holds a plan"):
        read_inputs(PLAN)


def test_the_inputs_of_a_plan_that_names_nobody_name_nobody() -> None:
    assert read_inputs(PLAN / "inputs").arguments["authorities"] is None


def test_a_record_of_a_shared_property_tells_its_values_and_an_unknown_holder_is_to_be_stated(
    plan: PlanView,
) -> None:
    assets = plan.assets.set_index("asset_id")
    assets.loc["P-0002", "book_value_vnd"] = "3000000000"
    first = plan.transfers[plan.transfers["asset_id"] == "P-0002"]
    both = pd.concat([first, first.assign(need_id="N-ZZ")], ignore_index=True)
    changed = dataclasses.replace(plan, assets=assets.reset_index(), transfers=both)
    records = handovers(changed, "vi")
    assert len(records) == 2
    for _, document in records:
        cells = [
            line
            for block in document.blocks
            if isinstance(block, Table)
            for row in block.rows
            for cell in row.cells
            for line in cell
        ]
        assert "3.000.000.000 đ" in cells
        assert "[Đơn vị đang quản lý: cần xác định]" in cells
