"""The walk from a province's workbook to its documents, done once for the tests of `test_journey`."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner

from app.cli import application
from examples.fix_workbook import fix_workbook
from examples.make_workbook import OUT
from tests.app.reading import Row, grouped, rows_of

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class Journey:
    """What the walk left behind.

    Attributes
    ----------
    folder
        Where everything lies.
    checks
        What ``surplan check`` said, before and after the corrections and after the needs were derived.
    exits
        Exit code of each command, in order.
    corrected
        Cells that were corrected.
    verified
        What ``surplan verify`` printed.
    transfers, releases, assets, needs
        Tables of the plan, as they stand in its files.
    """

    folder: Path
    checks: list[dict[str, Any]]
    exits: list[tuple[str, int]]
    corrected: list[str]
    verified: str
    transfers: list[Row]
    releases: list[Row]
    assets: dict[str, Row]
    needs: dict[str, Row]

    def attached(self) -> dict[str, str]:
        """Return the idle assets that are attached to a house -> the house."""
        idle = {"surplus", "handed_idle"}
        rows = self.assets.values()
        return {
            row["asset_id"]: row["attached_to"]
            for row in rows
            if row["attached_to"] and row["status"] in idle
        }


def walk(folder: Path) -> Journey:
    """Walk in an empty folder, in Vietnamese."""
    given, plan = folder / "lai-chau", folder / "plan"
    exits: list[tuple[str, int]] = []
    checks: list[dict[str, Any]] = []

    def surplan(*arguments: object) -> str:
        result = CliRunner().invoke(application, [*map(str, arguments), "--lang", "vi"])
        exits.append((str(arguments[0]), result.exit_code))
        return result.stdout

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SURPLAN_HOME", str(folder / "home"))
        shutil.copytree(OUT.parent, given)
        checks.append(json.loads(surplan("check", given, "--json")))
        corrected = fix_workbook(given / OUT.name)
        checks.append(json.loads(surplan("check", given, "--json")))
        surplan("needs", given)
        checks.append(json.loads(surplan("check", given, "--json")))
        surplan("solve", given, "--out", plan, "--quiet")
        verified = surplan("verify", given, plan)
        for command in ("annex", "handover", "report"):
            for suffix in ("docx", "pdf"):
                surplan(command, plan, "--out", folder / f"{command}.{suffix}")
    assets = {row["asset_id"]: row for row in rows_of(plan / "inputs" / "assets.csv")}
    needs = {row["need_id"]: row for row in rows_of(plan / "inputs" / "needs.csv")}
    transfers, releases = rows_of(plan / "transfers.csv"), rows_of(plan / "releases.csv")
    return Journey(folder, checks, exits, corrected, verified, transfers, releases, assets, needs)


def values(journey: Journey, transfer: Row) -> tuple[str, str]:
    """Return the two values of a transfer as an annex must state them: a shared house once, at its first."""
    asset = journey.assets[transfer["asset_id"]]
    units = int(transfer["units"])
    if asset["category"] == "premises":
        first = next(row for row in journey.transfers if row["asset_id"] == transfer["asset_id"])
        if first["need_id"] != transfer["need_id"]:
            return "", ""
        units = 1
    book, residual = (asset[name] for name in ("book_value_vnd", "residual_value_vnd"))
    return (
        grouped(units * int(book)) if book else "",
        grouped(units * int(residual)) if residual else "",
    )
