from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from app.comparison.variant import Variant, read_variant
from app.plan_changes import changed_assets, changed_needs, changed_transfers, counts
from tests.app.comparison.drawing import views

if TYPE_CHECKING:
    from pathlib import Path

    from app.plans import PlanView

TURNED = {
    "added": "removed",
    "newly_met": "no_longer_met",
    "more_met": "less_met",
    "newly_used": "released",
}
TURNED |= {other: one for one, other in TURNED.items()}


def changed(plan: PlanView) -> PlanView:
    """Without V-0002 -> N-CAR-1; 4 + 5 computers become 1 + 8; V-0003 goes to N-CAR-2."""
    rows = plan.transfers[plan.transfers["asset_id"] != "V-0002"].copy()
    rows.loc[rows["need_id"] == "N-PC-1", ["units", "cost_vnd"]] = [1, 4_000_000]
    rows.loc[rows["need_id"] == "N-PC-2", ["units", "cost_vnd"]] = [8, 94_000_000]
    new = rows[rows["asset_id"] == "V-0001"].assign(
        asset_id="V-0003", need_id="N-CAR-2", to_commune_code="07192", cost_vnd=300_000_000
    )
    short = plan.shortfalls[~plan.shortfalls["need_id"].isin(["N-CAR-2", "N-PC-2"])]
    more = pd.DataFrame(
        [("N-CAR-1", 1, 3_800_000_000, "budget", "{}"), ("N-PC-1", 3, 20_000_000, "outbid", "{}")],
        columns=list(short.columns),
    )
    left = plan.releases[plan.releases["asset_id"] != "V-0003"]
    unused = pd.DataFrame([("V-0002", 1, "reserve", 0, "norm")], columns=list(left.columns))
    return dataclasses.replace(
        plan,
        transfers=pd.concat([rows, new], ignore_index=True),
        shortfalls=pd.concat([short, more], ignore_index=True),
        releases=pd.concat([left, unused], ignore_index=True),
    )


def both(plan: PlanView) -> tuple[Variant, Variant]:
    return Variant("one", plan), Variant("other", changed(plan))


def test_transfers_that_differ_are_told_the_dearest_first(plan: PlanView) -> None:
    lines = changed_transfers(*both(plan))
    assert [(one["change"], one["asset_id"], one["need_id"]) for one in lines] == [
        ("removed", "V-0002", "N-CAR-1"),
        ("added", "V-0003", "N-CAR-2"),
        ("other_units", "E-0001", "N-PC-2"),
        ("other_units", "E-0001", "N-PC-1"),
    ]
    assert lines[2] == {
        "subject": "transfer",
        "change": "other_units",
        "asset_id": "E-0001",
        "need_id": "N-PC-2",
        "category": "equipment",
        "from_province_code": "38",
        "from_province_name": "Thanh Hóa",
        "to_province_code": "11",
        "to_province_name": "Điện Biên",
        "units_before": 5,
        "units_after": 8,
        "units_change": 3,
        "cost_before_vnd": 58_915_000,
        "cost_after_vnd": 94_000_000,
        "cost_change_vnd": 35_085_000,
        "reason_before": "outbid",
        "reason_after": "",
        "columns": [],
    }
    assert counts(lines) == {
        "removed": {"lines": 1, "units": 1},
        "added": {"lines": 1, "units": 1},
        "other_units": {"lines": 2, "units": 6},
    }


def test_a_removed_transfer_tells_why_its_need_now_lacks_units(plan: PlanView) -> None:
    assert changed_transfers(*both(plan))[0]["reason_after"] == "budget"


def test_transfers_that_change_in_anything_but_units_are_told_with_what_changed(plan: PlanView) -> None:
    rows = plan.transfers.copy()
    rows.loc[rows["asset_id"] == "V-0001", ["recipient", "authority"]] = ["Đảng ủy", "Bộ Tài chính"]
    rows.loc[rows["asset_id"] == "E-0001", "rank"] = 9  # which follows from other rows
    other = Variant("other", dataclasses.replace(plan, transfers=rows))
    (line,) = changed_transfers(Variant("one", plan), other)
    assert (line["change"], line["asset_id"]) == ("other_terms", "V-0001")
    assert line["columns"] == ["recipient", "authority"]
    assert counts([line]) == {"other_terms": {"lines": 1, "units": 1}}
    assert changed_needs(Variant("one", plan), other) == []


def test_needs_are_told_by_how_much_the_value_of_what_they_lack_changes(plan: PlanView) -> None:
    lines = changed_needs(*both(plan))
    told = [
        (
            one["need_id"],
            one["change"],
            one["units_change"],
            one["unmet_change_vnd"],
            one["reason_before"],
            one["reason_after"],
        )
        for one in lines
    ]
    assert told == [
        ("N-CAR-1", "less_met", -1, 3_800_000_000, "", "budget"),
        ("N-CAR-2", "newly_met", 1, -950_000_000, "reach", ""),
        ("N-PC-2", "more_met", 3, -60_000_000, "outbid", ""),  # its cost changes more than that of N-PC-1
        ("N-PC-1", "less_met", -3, 60_000_000, "", "outbid"),
    ]
    assert (lines[0]["assets_before"], lines[0]["assets_after"]) == (["V-0001", "V-0002"], ["V-0001"])


def test_assets_that_only_one_plan_uses_tell_why_the_other_does_not(plan: PlanView) -> None:
    told = [
        (one["asset_id"], one["change"], one["reason_before"], one["reason_after"], one["from_province_code"])
        for one in changed_assets(*both(plan))
    ]
    assert told == [("V-0002", "released", "", "norm", "38"), ("V-0003", "newly_used", "no_need", "", "11")]


def test_a_need_served_by_another_asset_neither_gains_nor_loses(variants: dict[str, Path]) -> None:
    lines = changed_needs(read_variant(variants["base"]), read_variant(variants["swapped"]))
    assert [(one["need_id"], one["change"], one["cost_change_vnd"]) for one in lines] == [
        ("N-1", "other_asset", 80),
        ("N-2", "other_asset", -50),
    ]
    assert [(one["assets_before"], one["assets_after"]) for one in lines] == [
        (["V-2"], ["V-1"]),
        (["V-1"], ["V-2"]),
    ]


def test_a_need_that_is_no_longer_met_tells_its_reason(variants: dict[str, Path]) -> None:
    one, other = read_variant(variants["base"]), read_variant(variants["cut"])
    lost, kept = changed_needs(one, other)
    assert (lost["need_id"], lost["change"], lost["unmet_change_vnd"]) == ("N-2", "no_longer_met", 1000)
    assert (lost["reason_after"], kept["change"]) == ("outbid", "other_asset")
    (asset,) = changed_assets(one, other)
    assert (asset["asset_id"], asset["change"], asset["reason_after"]) == ("V-2", "released", "no_need")


def test_what_the_tables_of_a_plan_do_not_have_is_told_so(variants: dict[str, Path]) -> None:
    one, other = read_variant(variants["base"]), read_variant(variants["matches"])
    assets = {line["asset_id"]: line for line in changed_assets(one, other)}
    assert assets["V-1"]["reason_after"] == assets["E-1"]["reason_before"] == "no_row"
    needs = {line["need_id"]: line for line in changed_needs(one, other)}
    assert (needs["N-1"]["change"], needs["N-1"]["reason_after"]) == ("no_longer_met", "no_row")
    assert (needs["N-3"]["change"], needs["N-3"]["unmet_change"]) == ("other_demand", -1)
    assert needs["M-1"]["to_province_code"] == ""


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_comparing_the_other_way_round_turns_every_line_round(data: st.DataObject) -> None:
    one, other = (Variant(name, data.draw(views())) for name in ("one", "other"))
    for lines_of in (changed_transfers, changed_needs, changed_assets):
        there, back = (
            {(line["asset_id"], line["need_id"]): line for line in lines_of(*pair)}
            for pair in ((one, other), (other, one))
        )
        assert there.keys() == back.keys()
        for key, line in there.items():
            turned = back[key]
            assert turned["change"] == TURNED.get(line["change"], line["change"])
            assert turned["reason_before"] == line["reason_after"]
            for name, value in line.items():
                if "_change" in name:
                    assert turned[name] == -value


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_lines_add_up_to_the_units_and_costs_of_the_plans(data: st.DataObject) -> None:
    one, other = (Variant(name, data.draw(views())) for name in ("one", "other"))
    moved = [
        (sum(plan.view.transfers["units"]), sum(plan.view.transfers["cost_vnd"])) for plan in (one, other)
    ]
    for lines in (changed_transfers(one, other), changed_needs(one, other)):
        assert sum(line["units_change"] for line in lines) == moved[1][0] - moved[0][0]
    cost = sum(line["cost_change_vnd"] for line in changed_transfers(one, other))
    assert cost == moved[1][1] - moved[0][1]


@settings(deadline=None, max_examples=20)
@given(views())
def test_no_line_differs_from_itself(view: PlanView) -> None:
    one, other = Variant("one", view), Variant("other", view)
    assert [*changed_transfers(one, other), *changed_needs(one, other), *changed_assets(one, other)] == []
