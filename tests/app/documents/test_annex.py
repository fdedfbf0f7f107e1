from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from app.documents.annex import annexes
from app.documents.content import Document, Letterhead, Row, Table
from app.documents.docx import to_docx
from app.documents.pdf import to_pdf
from app.settings import LANGS, Lang

if TYPE_CHECKING:
    from app.plans import PlanView

CHAIR, MINISTRY = "Chủ tịch UBND tỉnh Thanh Hóa", "Bộ Tài chính"


def _tables(document: Document) -> list[Table]:
    return [block for block in document.blocks if isinstance(block, Table)]


def _items(document: Document, table: int) -> list[Row]:
    return [row for row in _tables(document)[table].rows if row.role == "item"]


def _totals(document: Document, table: int) -> dict[str, tuple[str, ...]]:
    """Return units, original price and residual value by the label of the sum."""
    rows = [row for row in _tables(document)[table].rows if row.role == "total"]
    return {row.cells[1][0]: tuple(row.cells[place][0] for place in (3, 6, 7)) for row in rows}


def test_every_transfer_and_every_release_stands_in_exactly_one_annex(decided: PlanView) -> None:
    documents = dict(annexes(decided, "vi"))
    assert list(documents) == sorted([CHAIR, MINISTRY])
    moved = [
        (name, row.cells[1][-1], row.cells[9][-1])
        for name, document in documents.items()
        for row in _items(document, 0)
        if "Kèm theo:" not in row.cells[1]
    ]
    assert sorted(moved) == sorted(
        (authority, f"Mã tài sản: {asset}", f"Mã nhu cầu: {need}")
        for authority, asset, need in zip(
            decided.transfers["authority"],
            decided.transfers["asset_id"],
            decided.transfers["need_id"],
            strict=True,
        )
    )
    released = [row.cells[1][-1] for row in _items(documents[CHAIR], 1)]
    assert released == [f"Mã tài sản: {name}" for name in ("P-0003", "P-0004", "V-0003", "E-0001")]
    assert len(_tables(documents[MINISTRY])) == 1


def test_a_row_names_the_asset_its_values_and_both_bodies(decided: PlanView) -> None:
    document = dict(annexes(decided, "vi"))[MINISTRY]
    (row,) = _items(document, 0)
    assert row.cells == (
        ("1",),
        ("Toyota Fortuner", "xe ô tô", "Biển số: 80A-123.45", "Mã tài sản: V-0001"),
        ("2018",),
        ("1",),
        (),
        ("70",),
        ("720.000.000",),
        ("47.664.000",),
        ("Cục A", "phường Ba Đình", "Hà Nội"),
        ("UBND phường Hạc Thành", "phường Hạc Thành", "Thanh Hóa", "Mã nhu cầu: N-CAR-1"),
        ("điều chuyển", "dự kiến"),
        (),
    )


def test_sums_are_those_of_all_units_and_of_what_goes_with_a_house(decided: PlanView) -> None:
    # Nine computers of 11 and 5 million; a school of 3 billion; three desk sets that go with it.
    document = dict(annexes(decided, "en"))[CHAIR]
    assert _totals(document, 0) == {
        "Sum: premises": ("3", "3,000,000,000", "0"),
        "Sum: vehicles": ("1", "0", "0"),
        "Sum: equipment": ("9", "99,000,000", "45,000,000"),
        "Sum: attached items": ("3", "33,000,000", "15,000,000"),
        "Total": ("16", "3,132,000,000", "60,000,000"),
    }
    assert _totals(document, 1)["Total"] == ("4", "911,000,000", "5,000,000")


def test_an_attached_item_stands_under_its_house(decided: PlanView) -> None:
    rows = _items(dict(annexes(decided, "vi"))[CHAIR], 0)
    place = next(number for number, row in enumerate(rows) if row.cells[1][0] == "Kèm theo:")
    assert rows[place].cells[0] == (f"{rows[place - 1].cells[0][0]}.1",)
    assert rows[place - 1].cells[1][-1] == "Mã tài sản: P-0002"
    assert rows[place].cells[9] == ("Theo cơ sở P-0002",)


def test_what_goes_with_a_house_without_a_recipient_stands_under_it(decided: PlanView) -> None:
    assets = decided.assets.assign(attached_to=decided.assets["attached_to"].replace("P-0002", "P-0004"))
    document = dict(annexes(dataclasses.replace(decided, assets=assets), "vi"))[CHAIR]
    assert "Kèm theo:" not in [row.cells[1][0] for row in _items(document, 0)]
    rows = _items(document, 1)
    place = next(number for number, row in enumerate(rows) if row.cells[1][0] == "Kèm theo:")
    assert rows[place - 1].cells[1][-1] == "Mã tài sản: P-0004"
    assert rows[place].cells[0] == (f"{rows[place - 1].cells[0][0]}.1",)
    assert rows[place].cells[1][-1] == "Mã tài sản: D-0001"
    assert rows[place].cells[9:] == (("Theo cơ sở P-0004",), ())
    totals = _totals(document, 1)
    assert totals["Cộng: tài sản kèm theo nhà"] == ("3", "33.000.000", "15.000.000")
    # Without it: four units, 911 and 5 million.
    assert totals["Tổng cộng"] == ("7", "944.000.000", "20.000.000")


def test_a_house_that_two_bodies_share_counts_once(decided: PlanView) -> None:
    first = decided.transfers[decided.transfers["asset_id"] == "P-0002"]
    both = pd.concat([first, first.assign(need_id="N-VH-2")])
    document = dict(annexes(dataclasses.replace(decided, transfers=both), "en"))[CHAIR]
    values = [row.cells[6] for row in _items(document, 0) if row.cells[1][0] != "Attached:"]
    assert values == [("3,000,000,000",), ()]
    assert _totals(document, 0)["Sum: premises"] == ("4", "3,000,000,000", "0")


def test_an_authority_that_nobody_named_is_a_placeholder(plan: PlanView) -> None:
    ((name, document),) = annexes(plan, "vi")
    assert name == ""
    head = document.blocks[0]
    assert isinstance(head, Letterhead)
    assert head.left[1] == "[Cấp có thẩm quyền: cần xác định]"


def test_the_english_annex_names_the_authority_in_english(decided: PlanView) -> None:
    document = dict(annexes(decided, "en"))[MINISTRY]
    assert document.title == "Decision annex: Ministry of Finance"


@pytest.mark.parametrize("lang", LANGS)
def test_equal_plans_give_equal_bytes(decided: PlanView, lang: Lang) -> None:
    first, second = ([one for _, one in annexes(decided, lang)] for _ in range(2))
    assert to_docx(first) == to_docx(second)
    assert to_pdf(first) == to_pdf(second)
