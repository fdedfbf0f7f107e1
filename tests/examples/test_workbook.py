"""The committed workbook is the one that its program makes, and has the mistakes that it should have."""

from __future__ import annotations

import json
import shutil
import zipfile
from collections import Counter
from typing import TYPE_CHECKING

from openpyxl import load_workbook
from typer.testing import CliRunner

import solver
from app.cli import application
from examples.fix_workbook import fix_workbook
from examples.make_workbook import OUT, make_workbook
from examples.mistakes import MISTAKES
from examples.province_list import WITHOUT_STAFF

if TYPE_CHECKING:
    from pathlib import Path

NAME = "lai-chau.xlsx"


def parts(path: Path) -> dict[str, bytes]:
    """Return the parts of a workbook, unpacked: how they are packed is the compressor's affair."""
    with zipfile.ZipFile(path) as package:
        return {name: package.read(name) for name in package.namelist()}


def cells(path: Path) -> dict[tuple[str, str], object]:
    """Return (sheet, cell) -> value of all filled cells."""
    book = load_workbook(path)
    return {
        (sheet.title, cell.coordinate): cell.value
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    }


def test_the_committed_workbook_is_made_again_byte_by_byte(tmp_path: Path) -> None:
    made = make_workbook(tmp_path / NAME)
    assert cells(made) == cells(OUT)
    assert parts(made) == parts(OUT)


def test_the_workbook_says_that_it_is_synthetic_above_its_headings_and_in_every_row() -> None:
    tables = solver.parse_tables(solver.read_tables(OUT))
    assert len(tables.assets) == 565
    assert set(tables.assets["source"]) == {"synthetic"}
    above = [value for (sheet, cell), value in cells(OUT).items() if sheet == "Tài sản" and cell == "A6"]
    assert above == ["(Dữ liệu mô phỏng để minh họa, không phải tài sản có thật)"]


def test_every_row_of_the_list_is_read_whatever_word_it_uses_for_a_thing(tmp_path: Path) -> None:
    shutil.copy(OUT, tmp_path / NAME)
    fix_workbook(tmp_path / NAME)
    assets = solver.parse_tables(solver.read_tables(tmp_path)).assets
    assert Counter(assets["category"]) == {"premises": 277, "equipment": 222, "vehicle": 66}
    assert set(assets["status"]) == {"surplus", "in_use", "handed_idle", "handled"}
    assert not any(kind.startswith("other:") for kind in assets["kind"])


def test_the_corrections_change_the_wrong_cells_and_no_others(tmp_path: Path) -> None:
    fixed = tmp_path / NAME
    shutil.copy(OUT, fixed)
    corrected = fix_workbook(fixed)
    before, after = cells(OUT), cells(fixed)
    changed = [cell for (_, cell), value in before.items() if after[_, cell] != value]
    assert sorted(changed) == sorted(corrected)
    assert len(corrected) == len(MISTAKES) == 6
    assert before.keys() == after.keys()


def test_the_marked_copy_can_be_corrected_and_checked_again(tmp_path: Path) -> None:
    marked = tmp_path / "marked.xlsx"
    first = CliRunner().invoke(application, ["check", str(OUT), "--mark", str(marked), "--json"])
    assert json.loads(first.stdout)["errors"] == len(MISTAKES) + 1
    fix_workbook(marked)
    again = CliRunner().invoke(application, ["check", str(marked), "--json"])
    errors = [issue for issue in json.loads(again.stdout)["issues"] if issue["severity"] == "error"]
    assert [issue["code"] for issue in errors] == ["sheet_missing"]  # needs come later


def test_three_communes_have_no_staff_numbers() -> None:
    communes = solver.parse_tables(solver.read_tables(OUT)).communes
    assert communes is not None
    missing = communes.loc[communes["staff_leaders"].isna(), "name"].str.removeprefix("Xã ")
    assert sorted(missing) == sorted(WITHOUT_STAFF)
    assert len(communes) == 38
