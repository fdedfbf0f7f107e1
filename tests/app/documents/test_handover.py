from __future__ import annotations

from typing import TYPE_CHECKING

from app.documents.content import Document, Table
from app.documents.handover import handovers

if TYPE_CHECKING:
    from app.plans import PlanView


def _facts(document: Document) -> dict[str, str]:
    """Return value by label of the asset's particulars."""
    table = next(block for block in document.blocks if isinstance(block, Table) and len(block.widths) == 4)
    cells = [lines[0] if lines else "" for row in table.rows for lines in row.cells]
    return {label: value for label, value in zip(cells[::2], cells[1::2], strict=True) if label}


def test_there_is_one_record_for_each_transfer_in_the_order_of_the_plan(decided: PlanView) -> None:
    rows = zip(decided.transfers["asset_id"], decided.transfers["need_id"], strict=True)
    assert [name for name, _ in handovers(decided, "vi")] == [f"{asset} {need}" for asset, need in rows]


def test_a_record_tells_all_that_is_known_of_the_asset(decided: PlanView) -> None:
    ((_, document),) = handovers(decided, "vi", asset_id="V-0001")
    assert _facts(document) == {
        "Tên": "Toyota Fortuner",
        "Loại": "xe ô tô",
        "Biển số": "80A-123.45",
        "Mã tài sản": "V-0001",
        "Mã nhu cầu": "N-CAR-1",
        "Năm": "2018",
        "Số lượng": "1",
        "Tỷ lệ chất lượng còn lại": "70 %",
        "Tình trạng pháp lý": "rõ ràng",
        "Nguyên giá": "720.000.000 đ",
        "Giá trị còn lại": "47.664.000 đ",
        "Hình thức": "điều chuyển",
    }


def test_values_are_those_of_the_units_handed_over(decided: PlanView) -> None:
    records = dict(handovers(decided, "en", asset_id="E-0001"))
    assert {name: _facts(one)["Original price"] for name, one in records.items()} == {
        "E-0001 N-PC-1": "44,000,000 VND",
        "E-0001 N-PC-2": "55,000,000 VND",
    }


def test_both_parties_are_named(decided: PlanView) -> None:
    ((_, document),) = handovers(decided, "vi", asset_id="V-0001")
    parties = next(block for block in document.blocks if isinstance(block, Table))
    giver, receiver = parties.rows[0].cells
    assert giver[:3] == ("Cục A", "phường Ba Đình", "Hà Nội")
    assert receiver[:3] == ("UBND phường Hạc Thành", "phường Hạc Thành", "Thanh Hóa")


def test_what_goes_with_a_house_is_in_its_record(decided: PlanView) -> None:
    ((_, document),) = handovers(decided, "en", asset_id="P-0002")
    attached = next(block for block in document.blocks if isinstance(block, Table) and len(block.widths) == 5)
    (row,) = attached.rows
    assert row.cells == (
        ("1",),
        ("Bàn ghế", "desk set", "D-0001"),
        ("3",),
        ("33,000,000",),
        ("15,000,000",),
    )


def test_a_province_takes_the_transfers_out_of_it_and_into_it(decided: PlanView) -> None:
    assert [name for name, _ in handovers(decided, "vi", province="01")] == ["V-0001 N-CAR-1"]
    assert [name for name, _ in handovers(decided, "vi", province="11")] == ["E-0001 N-PC-2"]
    assert len(handovers(decided, "vi", province="38")) == 6
    assert handovers(decided, "vi", province="22") == []
