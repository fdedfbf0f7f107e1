from __future__ import annotations

from app.service.inventories.table_changes import _labelled
from solver.errors import issue


def test_an_issue_of_a_whole_inventory_names_its_row_by_the_plan_id_and_a_heading_by_the_table() -> None:
    homes = {"assets": [("A", "12"), ("B@01", "01")], "needs": []}
    places = [
        (one.table, one.row)
        for one in (_labelled(issue("control_character", "assets", row), homes) for row in (1, 2, 3))
    ]
    assert places == [("assets", None), ("assets[A]", None), ("assets[B@01]", None)]
    other = issue("control_character", "norms", 1)
    assert _labelled(other, homes) == other
