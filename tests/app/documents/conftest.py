from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import pytest

if TYPE_CHECKING:
    from app.plans import PlanView

PLAN = Path(__file__).parents[1] / "plan"
CHAIR, MINISTRY = "Chủ tịch UBND tỉnh Thanh Hóa", "Bộ Tài chính"


@pytest.fixture
def decided(plan: PlanView) -> PlanView:
    """Return the hand-made plan with values, bodies, two authorities and a desk that goes with a house."""
    assets = plan.assets.set_index("asset_id")
    assets.loc["V-0001", ["book_value_vnd", "residual_value_vnd", "holder"]] = [
        "720000000",
        "47664000",
        "Cục A",
    ]
    assets.loc["E-0001", ["book_value_vnd", "residual_value_vnd"]] = ["11000000", "5000000"]
    assets.loc["P-0002", ["book_value_vnd", "official_id"]] = ["3000000000", "NĐ-17"]
    assets.loc["P-0004", ["book_value_vnd"]] = ["900000000"]
    desk = assets.loc["E-0001"].copy()
    desk["kind"], desk["name"], desk["units"], desk["attached_to"] = "desk_set", "Bàn ghế", "3", "P-0002"
    assets.loc["D-0001"] = desk
    rows = [
        ("", "", "", "", CHAIR, "Chair of Thanh Hóa", ""),
        ("01", "", "", "true", MINISTRY, "Ministry of Finance", ""),
    ]
    columns = ("province_code", "holder_level", "category", "cross_province")
    table = pd.DataFrame(rows, columns=[*columns, "authority_vi", "authority_en", "source"])
    ministry = plan.transfers["asset_id"] == "V-0001"
    authority = pd.Series(CHAIR, plan.transfers.index).mask(ministry, MINISTRY)
    return dataclasses.replace(
        plan,
        assets=assets.reset_index(),
        authorities=table,
        transfers=plan.transfers.assign(authority=authority),
    )
