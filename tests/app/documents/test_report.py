from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import pandas as pd

from app.documents.content import Document, Heading, Paragraph, Table
from app.documents.counts import (
    Handling,
    cars_by_province,
    handling,
    replacements,
    short_of_equipment,
    uses,
)
from app.documents.report import report
from app.figures import communes_without_car

if TYPE_CHECKING:
    from app.plans import PlanView


def _tables(document: Document) -> dict[str, list[list[str]]]:
    """Return the last table below each heading: its cells by row."""
    found, heading = {}, ""
    for block in document.blocks:
        if isinstance(block, Heading):
            heading = block.text
        elif isinstance(block, Table):
            found[heading] = [[lines[0] if lines else "" for lines in row.cells] for row in block.rows]
    return found


def _sold(plan: PlanView) -> PlanView:
    """Return the plan with one house of Thanh Hóa handled, and one attached to it."""
    more = plan.assets[plan.assets["asset_id"] == "P-0003"]
    handled = more.assign(asset_id="P-0008", status="handled")
    attached = more.assign(asset_id="P-0009", attached_to="P-0008", status="handed_idle")
    return dataclasses.replace(plan, assets=pd.concat([plan.assets, handled, attached], ignore_index=True))


def test_premises_are_handled_or_left_and_what_is_left_is_placed_released_or_out(plan: PlanView) -> None:
    # P-0001 and P-0002 are placed, P-0003 and P-0004 released, P-0008 is handled, P-0009 goes with it.
    counted = handling(_sold(plan))
    assert counted == {"38": Handling(to_handle=6, handled=1, planned=2, other=2)}
    assert (counted["38"].left, counted["38"].undecided) == (5, 1)
    assert _tables(report(_sold(plan), "en"))["Premises by province"] == [
        ["Thanh Hóa", "6", "1", "5", "2", "2", "1"]
    ]


def test_communes_without_a_car_add_up_to_the_count_of_the_summary(plan: PlanView) -> None:
    counted = cars_by_province(plan)
    assert {code: pair for code, pair in counted.items() if any(pair)} == {"22": (1, 1), "38": (1, 0)}
    assert tuple(map(sum, zip(*counted.values(), strict=True))) == communes_without_car(plan)


def test_communes_short_of_equipment_are_those_with_a_need_and_those_with_one_unmet(plan: PlanView) -> None:
    # Bỉm Sơn gets all its computers, Điện Biên Phủ five of eight.
    counted = short_of_equipment(plan)
    assert {code: pair for code, pair in counted.items() if any(pair)} == {"11": (1, 1), "38": (1, 0)}


def test_uses_count_premises_places_and_area(plan: PlanView) -> None:
    assert uses(plan) == [("headquarters", 1, 1, "600"), ("culture", 1, 2, "240")]


def test_cars_are_counted_in_the_year_in_which_they_are_to_be_replaced(plan: PlanView) -> None:
    base = plan.assets[plan.assets["asset_id"] == "U-0001"]
    names, years = ["A", "B", "C", "D", "E"], ["2024", "2012", "2009", "2016", pd.NA]
    cars = base.loc[base.index.repeat(5)].reset_index(drop=True).assign(asset_id=names, year=pd.Series(years))
    scenario = {**plan.scenario, "norms": {"life_years": {"vehicle/car": 15}}}
    old = dataclasses.replace(plan, assets=cars, scenario=scenario)
    # A is the first car of the commune; B is due in 2027, C was due in 2024, D is due in 2031, E unknown.
    counted = replacements(old)
    assert counted["38"] == [1, 0, 1, 0, 1, 1]


def test_forms_reasons_and_dispositions_add_up_to_the_plan(plan: PlanView) -> None:
    tables = _tables(report(plan, "en"))
    assert tables["Transfers by form (units)"] == [
        ["Change of use", "0", "0", "2", "2"],
        ["Transfer", "2", "9", "1", "12"],
        ["Total", "2", "9", "3", "14"],
    ]
    assert tables["Needs left unmet, by reason (units)"][-1] == ["Total", "2", "3", "1", "6"]
    assert tables["Assets without a receiving body (units)"][-1] == ["Total", "1", "1", "2", "4"]


def test_the_proof_stands_in_the_report(plan: PlanView) -> None:
    texts = [block.text for block in report(plan, "vi").blocks if isinstance(block, Paragraph)]
    proof = (
        "Giá trị mục tiêu 14.230.903.344 đ; cận dưới đã chứng minh 14.229.403.344 đ; chênh lệch 1.500.000 đ"
    )
    assert proof in texts


def test_the_change_since_the_last_report_is_the_difference_of_its_figures(plan: PlanView) -> None:
    rows = {
        row[0]: row[1:]
        for row in _tables(report(_sold(plan), "en", since=plan))["Change since the last report"]
    }
    assert rows["Premises to handle"] == ["4", "6", "+2"]
    assert rows["Premises handled"] == ["0", "1", "+1"]
    assert rows["Units met"] == ["14", "14", "0"]
    back = {
        row[0]: row[1:]
        for row in _tables(report(plan, "en", since=_sold(plan)))["Change since the last report"]
    }
    assert back["Premises to handle"] == ["6", "4", "-2"]


def test_a_report_since_another_date_warns(plan: PlanView) -> None:
    then = dataclasses.replace(plan, scenario={**plan.scenario, "date": "2025-07-01"})

    def warnings(since: PlanView) -> list[str]:
        blocks = report(plan, "en", since=since).blocks
        return [block.text for block in blocks if isinstance(block, Paragraph) and block.marked]

    assert warnings(plan) == []
    (warning,) = warnings(then)
    assert "2025-07-01" in warning
    assert "2025-08-15" in warning


def test_the_list_of_cars_stands_where_the_plan_is_of_one_province(plan: PlanView) -> None:
    base = plan.assets[plan.assets["asset_id"] == "U-0001"]
    two = (
        base.loc[base.index.repeat(2)]
        .reset_index(drop=True)
        .assign(asset_id=["A", "B"], year=["2020", "2018"])
    )
    whole = dataclasses.replace(plan, assets=pd.concat([plan.assets, two], ignore_index=True))
    one = dataclasses.replace(whole, scenario={**plan.scenario, "scope_province": "38"})
    assert "List of cars to be replaced" not in _tables(report(whole, "en"))
    rows = _tables(report(one, "en"))["List of cars to be replaced"]
    assert [row[1] for row in rows] == ["phường Bỉm Sơn"] * len(rows)
    assert len(rows) == 2
