"""Who decides, in what form, and what goes with its house: solver, checker and a naive reading agree."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pandas as pd
import pytest

import geodata
import solver
from tests.solver.verify_cases import authorities, mixed_case, premises_case, random_case
from tests.solver.verify_naive import Case, authority_of, form_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def frame(rows: list[dict[str, str]]) -> pd.DataFrame:
    return pd.DataFrame(rows, dtype="str")


def solved(case: Case) -> solver.Result:
    """Solve an instance as `surplan solve` would, without what only the checker accepts."""
    case.scenario["norms"]["max_per_commune"] = {}
    for row in case.needs:
        if row["category"] == "premises":
            row["area_m2"] = f"{max(10.0, float(row['area_m2'] or 0)):.2f}"
        row["kinds"] = row["kinds"].partition("|")[0]
    for row in case.assets:
        row["official_id"] = row["asset_id"]
        row["units"] = "1" if row["category"] == "premises" else row["units"]
    houses = [row["asset_id"] for row in case.assets if row["category"] == "premises"]
    for row in case.assets:
        ties = [name for name in houses if name != row["asset_id"]] if row["attached_to"] else []
        row["attached_to"] = ties[0] if ties else ""
    issues = solver.parse_tables(
        solver.RawTables(frame(case.assets), frame(case.needs), frame(case.communes))
    )
    located = geodata.read_codes(issues.assets, issues.needs, issues.communes, mode="2025")
    problem = solver.build(
        located.assets,
        located.needs,
        scenario=json.loads(json.dumps(case.scenario)),
        communes=issues.communes,
        distances=geodata.distances,
        authorities=frame(case.authorities) if case.authorities else None,
    )
    return solver.solve(problem)


def look(case: Case, result: solver.Result) -> set[str]:
    """Compare form and authority of every transfer with the naive reading; return the forms."""
    assets = {row["asset_id"]: row for row in case.assets}
    needs = {row["need_id"]: row for row in case.needs}
    province = {row["commune_code"]: row["province_code"] for row in case.communes}
    for row in result.plan.transfers.to_dict("records"):
        asset, need = assets[row["asset_id"]], needs[row["need_id"]]
        crosses = province[asset["commune_code"]] != province[need["commune_code"]]
        changes = row["change_of_use_vnd"] > 0
        assert row["form"] == form_of(asset, need, crosses=crosses, changes=changes)
        assert row["authority"] == authority_of(case, asset, crosses=crosses)
        assert asset["attached_to"] == ""
    left = {name for name, row in assets.items() if row["attached_to"]}
    assert left.isdisjoint(result.plan.releases["asset_id"])
    return set(result.plan.transfers["form"])


def test_random_inventories_are_read_alike_by_solver_checker_and_by_hand(tmp_path: Path) -> None:
    forms: set[str] = set()
    ties = named = 0
    for seed in range(14):
        case = random_case(seed, size=10, premises=6)
        case.provider = "great_circle"
        result = solved(case)
        forms |= look(case, result)
        ties += sum(row["attached_to"] != "" for row in case.assets)
        named += (result.plan.transfers["authority"] != "").sum()
        result.write(tmp_path / str(seed))
        check = solver.verify_folder(tmp_path / str(seed))
        assert check.ok, check.violations
    assert ties > 10
    assert named > 10
    assert forms == {"điều chuyển", "giao", "chuyển đổi công năng", "tạm sử dụng"}


@pytest.mark.parametrize("make", [mixed_case, premises_case])
def test_the_row_of_the_province_weighs_most_and_names_are_filled_in(make: Callable[[], Case]) -> None:
    case = make()
    look(case, solved(case))


def test_without_a_table_nobody_is_named() -> None:
    case = mixed_case()
    case.authorities = []
    assert set(solved(case).plan.transfers["authority"]) == {""}


def test_two_rows_for_the_same_transfers_are_an_issue() -> None:
    case = mixed_case()
    case.authorities = [*authorities(), authorities()[1]]
    with pytest.raises(solver.InvalidProblemError) as raised:
        solved(case)
    found = [(issue.table, issue.row, issue.code) for issue in raised.value.issues]
    assert ("authorities", 5, "duplicate_authority") in found
