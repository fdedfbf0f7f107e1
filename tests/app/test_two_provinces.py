"""What is said of each province adds up to what is said of all."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd
from python_calamine import CalamineWorkbook
from typer.testing import CliRunner

import geodata
from app.cli import application
from tests.app.reading import rows_of, tables_of

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_totals_by_province_equal_the_national_ones(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SURPLAN_HOME", str(tmp_path / "home"))
    parts = [geodata.reference(seed=1, province=code) for code in ("11", "12")]
    both = replace(
        parts[0],
        assets=pd.concat([part.assets for part in parts], ignore_index=True),
        needs=pd.concat([part.needs for part in parts], ignore_index=True),
        scenario=parts[0].scenario | {"solver": {"value_gap": 0.001}},
    )
    geodata.write_reference(both, tmp_path / "given")
    given, plan = tmp_path / "given", tmp_path / "plan"
    solved = CliRunner().invoke(application, ["solve", str(given), "--out", str(plan), "-q"])
    assert solved.exit_code == 0, solved.stderr
    summary = json.loads((plan / "plan.json").read_text(encoding="utf-8"))
    by_province = summary["parts"]["province"]
    assert by_province.keys() == {"11", "12"}
    for name in ("needed", "met", "unmet"):
        total = summary["kpis"][name]["total"]
        assert sum(part[name] for part in by_province.values()) == total > 0
    for name in ("objective_vnd", "cash_vnd"):
        assert sum(part[name] for part in by_province.values()) == summary[name]
    home = {row["commune_code"]: row["province_code"] for row in geodata.communes().to_dict("records")}
    met: Counter[str] = Counter()
    for row in rows_of(plan / "transfers.csv"):
        met[home[row["to_commune_code"]]] += int(row["units"])
    assert met == {code: part["met"] for code, part in by_province.items()}
    sheet = CalamineWorkbook.from_path(str(plan / "plan.xlsx")).get_sheet_by_name("By province").to_python()
    written_of = {str(cells[0]): cells[2:] for cells in sheet[2:]}
    names = ("needed", "met", "unmet", "objective_vnd", "cash_vnd")
    assert {code: written_of[code] for code in by_province} == {
        code: [part[name] for name in names] for code, part in by_province.items()
    }
    assert written_of["Total"] == [sum(part[name] for part in by_province.values()) for name in names]
    written = CliRunner().invoke(application, ["report", str(plan), "--out", str(tmp_path / "r.docx")])
    assert written.exit_code == 0, written.stderr
    provincial = [
        table
        for table in tables_of(tmp_path / "r.docx")
        if {"Điện Biên", "Lai Châu"} <= {row[0] for row in table}
    ]
    assert len(provincial) >= 3
    for table in provincial:
        *lines, total = [[int(cell.replace(",", "")) for cell in row[1:]] for row in table[1:]]
        assert [sum(column) for column in zip(*lines, strict=True)] == total
