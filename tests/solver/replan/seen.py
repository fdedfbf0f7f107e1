"""What tests of re-plans look at: tables as plain rows, the bytes of a folder, the checker's word."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

import solver
from tests.solver.limits.cases import HERE, problem
from tests.solver.replan.naive_changes import Change

if TYPE_CHECKING:
    from pathlib import Path


#: SWITCH: whether plans are handed to the checker as well.
VERIFIED = True

Rows = list[dict[str, Any]]
#: Group and savings of a line that is no change.
NO_GROUP = (None, None)
COLUMNS = ("asset_id", "need_id", "units", "state", "to_commune_code", "recipient")


def accepted(result: solver.Result, folder: Path) -> list[str]:
    """Write a plan and return what the checker finds wrong with it."""
    result.write(folder)
    if not VERIFIED:
        return []
    return [f"{one.file} {one.row}: {one.message}" for one in solver.verify_folder(folder).violations]


def line(
    asset_id: str, need_id: str, units: object, state: str = "", code: str = HERE, recipient: str = ""
) -> dict[str, Any]:
    """A line of a baseline."""
    return dict(zip(COLUMNS, (asset_id, need_id, units, state, code, recipient), strict=True))


def table(*lines: dict[str, Any]) -> pd.DataFrame:
    """A baseline."""
    return pd.DataFrame(list(lines), columns=list(COLUMNS)).astype(object)


def again(
    tables: tuple[Rows, Rows, Rows],
    *before: dict[str, Any],
    **stability: Any,  # noqa: ANN401 (values of a scenario)
) -> solver.Result:
    """Plan tables of assets, needs and matches again beside some lines."""
    return solver.replan(problem(*tables, stability=stability), baseline=table(*before))


def released(result: solver.Result) -> dict[str, str]:
    """Reason of each release."""
    return dict(zip(result.plan.releases["asset_id"], result.plan.releases["reason"], strict=True))


def changes(result: solver.Result) -> list[Change]:
    """The lines of changes.csv."""
    assert result.plan.changes is not None

    def whole(cell: Any) -> int | None:  # noqa: ANN401 (a cell)
        if pd.isna(cell):
            return None
        assert int(cell) == cell
        return int(cell)

    return [
        Change(asset, need, int(before), int(after), reason, whole(group), whole(saved))
        for asset, need, before, after, reason, group, saved in result.plan.changes.itertuples(index=False)
    ]


def written(result: solver.Result, folder: Path) -> dict[str, bytes]:
    """The files of a plan's folder but for run.json, which holds times."""
    result.write(folder)
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "run.json"
    }
