"""``surplan needs``: a table of needs derived from the norms, beside the tables that it is derived from."""

from __future__ import annotations

import csv
import io
import json
import os
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import geodata
import solver
from app.console import emit, note
from app.errors import InputError, UsageError
from app.failures import DONE, WRONG_INPUT
from app.folders import Inputs, check_inputs, issues_of, mode_of, require_province
from app.formats.convert import read_tables
from app.issues import count_line, print_issues
from app.needs_summary import Derived, as_dict, lines
from app.texts import say
from geodata.demand.held import in_use
from geodata.demand.read import as_norms
from solver.scenario import inventory_date, read_scenario

if TYPE_CHECKING:
    import pandas as pd

    from app.talk import Talk

NAME = "needs.csv"


def needs(folder: Path, province: str | None, *, force: bool, talk: Talk) -> int:
    """Derive ``needs.csv`` of a scenario folder.

    Parameters
    ----------
    folder
        Scenario folder; its tables may stand in one workbook in it.
    province
        Code of the province whose communes are looked at; default the scenario's, else the provinces that
        the table of communes names, else those of the assets.
    force
        Whether an existing needs.csv is replaced.
    talk
        Language and manner.

    Raises
    ------
    UsageError
        When `folder` is a file, or no commune belongs to the province.
    InputError
        When there are needs already, or nothing says where to look.
    """
    if folder.is_file():
        raise UsageError("needs_file", file=str(folder))
    if not folder.is_dir():
        raise InputError("no_folder", folder=str(folder))
    talk.work("reading", folder=str(folder))
    tables = solver.parse_tables(read_tables(folder))
    _refuse(folder, tables, force=force)
    scenario = dict(tables.scenario_raw or {})
    if province is not None:
        scenario["scope_province"] = province
    given = geodata.read_communes(tables.communes)
    require_province(province, given.communes)
    nothing = tables.needs.iloc[:0]
    located = geodata.read_codes(tables.assets, nothing, given.communes, mode=mode_of(scenario))
    norms = geodata.read_norms(tables.norms)
    found = [issue for issue in tables.issues if issue.table != "needs"]
    for frame in (given.issues, norms.issues, located.issues):
        found += issues_of(frame)
    arguments = {
        "scenario": scenario,
        "communes": given.communes,
        "distances": geodata.distances,
        "authorities": tables.authorities,
    }
    inputs = Inputs(located.assets, nothing, sorted(found), arguments, tables.places)
    errors = [issue for issue in check_inputs(inputs) if issue.severity == "error" and issue.table != "needs"]
    if errors:
        print_issues(errors, folder, talk.lang, inputs.places, as_json=talk.as_json)
        note(f"{count_line(errors, talk.lang)} {say(talk.lang, 'check.not_solved')}")
        return WRONG_INPUT
    date = inventory_date(located.assets)
    scope = read_scenario(scenario, explicit_matches=False, inventory_date=date)[0]
    provinces = _provinces(scope.scope_province, given, located.assets)
    if not provinces:
        raise InputError("needs_nowhere", folder=str(folder))
    chosen = given.communes[given.communes["province_code"].isin(provinces)]
    table = geodata.needs_from_norms(chosen, located.assets, tables.norms, year=scope.date.year)
    target = folder / NAME
    # Needs of before must not stay in the place of none.
    written = len(table) > 0 or target.exists()
    if written:
        _write(table, target)
    held = in_use(located.assets, as_norms(tables.norms), scope.date.year)
    elsewhere: Counter[str] = Counter()
    for code in chosen["commune_code"]:
        elsewhere += held[code].elsewhere if code in held else Counter()
    derived = Derived(target, written, table, chosen, norms.norms, elsewhere)
    if talk.as_json:
        emit(json.dumps(as_dict(derived), ensure_ascii=False))
        return DONE
    for line in lines(derived, talk.lang):
        emit(line)
    return DONE


def _refuse(folder: Path, tables: solver.TypedTables, *, force: bool) -> None:
    if tables.matches is not None:
        raise InputError("needs_matches", folder=str(folder))
    place = tables.places.get("needs")
    if place is not None and len(tables.needs):
        if not place.sheet:
            raise InputError("needs_table", file=place.file)
        raise InputError("needs_sheet", file=place.file, sheet=place.sheet)
    if (folder / NAME).exists() and not force:
        raise InputError("needs_exists", file=str(folder / NAME))


def _provinces(scope: str | None, given: geodata.GivenCommunes, assets: pd.DataFrame) -> list[str]:
    if scope is not None:
        return [scope]
    named = given.named or frozenset(assets["commune_code"].dropna())
    communes = given.communes
    return sorted(set(communes.loc[communes["commune_code"].isin(list(named)), "province_code"]))


def _write(table: pd.DataFrame, target: Path) -> None:
    """Write the columns that hold anything, whole or not at all: UTF-8 with BOM, ``,`` and LF.

    Of a table without rows all headings are written.
    """
    used = table.dropna(axis="columns", how="all") if len(table) else table
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(used.columns)
    columns = [used[name].astype(object).where(used[name].notna(), "").tolist() for name in used.columns]
    writer.writerows(zip(*columns, strict=True))
    # A name with a dot before it is no table to whoever reads the folder meanwhile.
    staged = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        try:
            staged.write_bytes(out.getvalue().encode("utf-8-sig"))
            staged.replace(target)
        finally:
            staged.unlink(missing_ok=True)
    except OSError as error:
        raise InputError("needs_unwritten", file=str(target), reason=error.strerror or str(error)) from error
