"""Scenario folder or workbook to `solver.Problem`, or to every issue of every stage at once.

A folder holds ``assets.csv``, ``needs.csv`` and what else the contract names, or one workbook with these as
its sheets, or the same as GeoJSON, GeoPackage or JSON (`app.formats`); a workbook, GeoPackage or JSON file
may also be named itself. The ``inputs`` folder of a plan is one too: its ``distances.json`` says where its
metres came from. Great circle metres are computed again by the default provider; those of a table are taken
from ``metres.csv`` or ``metres_pairs.csv``.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import geodata
import solver
from app.errors import InputError, UsageError
from app.settings import LANGS
from app.texts import say
from solver.errors import issue, standing
from solver.tables.sheets import is_workbook

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import pandas as pd

    from solver.tables.places import SheetPlace
    from solver.tables.read import RawTables


#: Entry of run.json: SHA-256 of each file that a plan was read from, by name.
SOURCES = "sources"
_SCOPE = "scope_province"


@dataclass(frozen=True)
class Inputs:
    """The tables of a scenario folder, with today's commune codes, as `solver.build` takes them.

    Attributes
    ----------
    assets, needs
        Typed and located tables; empty where a file is missing or unreadable (which is an issue).
    issues
        What reading, parsing and locating found, sorted; errors and warnings.
    arguments
        Keyword arguments of `solver.build` and `solver.check`: scenario, communes, distances, matches.
    places
        Table -> where it stands, for tables from a workbook or from a file of another name than theirs.
    source
        The workbook, or None where every table is a file of its own.
    files
        SHA-256 of each file that was read, by name.
    province
        Code of the province of ``--province``, where it was given.
    """

    assets: pd.DataFrame
    needs: pd.DataFrame
    issues: list[solver.Issue]
    arguments: dict[str, Any]
    places: dict[str, SheetPlace] = field(default_factory=dict)
    source: Path | None = None
    files: dict[str, str] = field(default_factory=dict)
    province: str | None = None


def require_province(code: str | None, communes: pd.DataFrame) -> None:
    """Refuse a code of ``--province`` that no commune of a register has.

    Raises
    ------
    UsageError
        With the codes that there are.
    """
    known = dict(zip(communes["province_code"], communes["province_name"], strict=True))
    if code is not None and code not in known:
        listed = ", ".join(f"{key} {name}" for key, name in sorted(known.items()))
        raise UsageError("province", value=repr(code), known=listed)


def read_inputs(folder: Path, province: str | None = None) -> Inputs:
    """Read a scenario folder or a workbook.

    Parameters
    ----------
    folder
        Scenario folder, the ``inputs`` folder of a plan, a workbook (.xlsx, .xlsm, .xls, .ods), or one file
        of GeoPackage, GeoJSON or JSON.
    province
        Code that replaces the scenario's ``scope_province``.

    Raises
    ------
    InputError
        When the folder does not exist, or is neither a folder nor such a file; everything else is an issue.
    UsageError
        When no commune belongs to the province.
    """
    if (folder / "plan.json").is_file():
        raise InputError("plan_given", folder=str(folder))
    from app.formats.convert import is_source, read_tables  # pandas, which `verify` needs not

    if not folder.is_dir() and not (folder.is_file() and (is_workbook(folder) or is_source(folder))):
        raise InputError("no_input" if folder.is_file() else "no_folder", folder=str(folder))
    return inputs_of(folder, read_tables(folder), province)


def inputs_of(folder: Path, raw: RawTables, province: str | None = None) -> Inputs:
    """Give types and places to the tables that were read from a folder; as of `read_inputs`."""
    tables = solver.parse_tables(raw)
    assets, needs, issues = tables.assets, tables.needs, list(tables.issues)
    scenario = dict(tables.scenario_raw or {})
    if province is not None:
        scenario["scope_province"] = province
    given = geodata.read_communes(tables.communes)
    wrong = issues_of(given.issues)
    if not any(found.severity == "error" for found in wrong):
        require_province(province, given.communes)
    issues += wrong + issues_of(geodata.read_norms(tables.norms).issues)
    communes = None if tables.communes is None else given.communes
    arguments: dict[str, Any] = {"scenario": scenario, "communes": communes, "matches": tables.matches}
    arguments["authorities"] = tables.authorities
    if tables.authorities is not None and tables.matches is None:
        issues += _unknown_provinces(tables.authorities, given.communes)
    if tables.matches is None:
        located = geodata.read_codes(assets, needs, given.communes, mode=mode_of(scenario))
        assets, needs = located.assets, located.needs
        if tables.authorities is None and not (folder / "distances.json").is_file():
            # The inputs of a plan say who decides, or that nobody was named.
            usual = geodata.authorities(_day(scenario, assets, needs))
            here = usual["province_code"].isin(["", *given.communes["province_code"]])
            arguments["authorities"] = usual[here].reset_index(drop=True)
        issues += issues_of(located.issues)
        arguments["distances"], found = _distances(folder, tables.distances)
        issues += found
        arguments["communes"] = given.communes
    source = _source(folder, raw.sources)
    return Inputs(assets, needs, sorted(issues), arguments, tables.places, source, raw.sources, province)


def _unknown_provinces(authorities: pd.DataFrame, communes: pd.DataFrame) -> list[solver.Issue]:
    """Return an issue for every row about a province that has no commune: it would decide nothing."""
    code = authorities["province_code"]
    unknown = authorities[code.notna() & ~code.isin(communes["province_code"])]
    return [
        issue("province_unknown", "authorities", int(row), "province_code", value)
        for row, value in zip(unknown["row"], unknown["province_code"], strict=True)
    ]


def _day(scenario: Mapping[str, Any], *tables: pd.DataFrame) -> dt.date:
    """Return the plan's day, as far as the register knows days; a date that is none is an issue later."""
    from solver.scenario.load import REGISTER_DATE, inventory_date  # pandas, which `verify` needs not

    given = scenario.get("date")
    try:
        day = given if isinstance(given, dt.date) else dt.date.fromisoformat(str(given))
    except ValueError:
        day = inventory_date(*tables)
    return max(day, REGISTER_DATE)


def _source(folder: Path, files: Iterable[str]) -> Path | None:
    """Return the workbook among the files that were read."""
    names = [name for name in files if is_workbook(Path(name))]
    if not names:
        return None
    return folder if folder.is_file() else folder / names[0]


def mode_of(scenario: Mapping[str, Any]) -> Literal["auto", "2025", "pre-2025"]:
    """Return how codes are read; what is no mode is an issue of the scenario, and "auto" here."""
    mode = scenario.get("commune_codes")
    if mode == "2025":
        return "2025"
    return "pre-2025" if mode == "pre-2025" else "auto"


def issues_of(frame: pd.DataFrame) -> list[solver.Issue]:
    """Return the issues of a frame of geodata's."""
    records = ({str(name): value for name, value in record.items()} for record in frame.to_dict("records"))
    return [solver.Issue.from_record(record) for record in records]


def check_inputs(inputs: Inputs) -> list[solver.Issue]:
    """Return the issues of all stages, those of building included; sorted, each once."""
    if inputs.assets.empty and inputs.needs.empty and _unreadable(inputs.issues):
        return inputs.issues  # all the rest would speak of tables that nobody has seen
    found = solver.check(inputs.assets, inputs.needs, **inputs.arguments)
    return merge_issues(inputs.issues, blamed(inputs, found))


def _unreadable(issues: Iterable[solver.Issue]) -> bool:
    return any(found.table == "folder" and found.severity == "error" for found in issues)


def build(inputs: Inputs) -> solver.Problem:
    """Make the problem.

    Raises
    ------
    solver.InvalidProblemError
        With the issues of all stages, when any of them is an error.
    """
    if any(found.severity == "error" for found in inputs.issues):
        raise solver.InvalidProblemError(check_inputs(inputs))
    try:
        return solver.build(inputs.assets, inputs.needs, **inputs.arguments)
    except solver.InvalidProblemError as error:
        raise solver.InvalidProblemError(merge_issues(inputs.issues, blamed(inputs, error.issues))) from error


def blamed(inputs: Inputs, issues: Iterable[solver.Issue]) -> list[solver.Issue]:
    """Lay what is wrong with the province at the door of ``--province``, where that named it."""
    if inputs.province is None:
        return list(issues)
    return [_of_option(inputs, found) if found.column == _SCOPE else found for found in issues]


def _of_option(inputs: Inputs, found: solver.Issue) -> solver.Issue:
    """Return an issue of the province that the option named, with the provinces of the needs."""
    needs, communes = inputs.needs, inputs.arguments["communes"]
    there = set(needs["commune_code"].dropna()) if "commune_code" in needs and communes is not None else set()
    codes = [] if communes is None else communes.loc[communes["commune_code"].isin(there), "province_code"]
    known = ", ".join(sorted(set(codes)))
    key = "option_needs" if known else "option_no_needs"
    remedies = {f"remedy_{lang}": say(lang, f"check.{key}", known=known) for lang in LANGS}
    texts = {f"message_{lang}": found.message(lang) for lang in LANGS} | remedies
    return replace(found, table="--province", column=None, texts=texts)


def merge_issues(first: Iterable[solver.Issue], later: Iterable[solver.Issue]) -> list[solver.Issue]:
    """Join the issues of two stages, sorted, without what only follows from an error of the first.

    A cell that the first stage refused reaches the later one empty, and a missing column reaches it as a
    column of empty cells: one fault is reported once.
    """
    known = list(first)
    errors = [found for found in known if found.severity == "error"]
    cells = {(found.table, found.row, found.column) for found in errors}
    rows = {(found.table, found.row) for found in errors if found.row is not None}
    columns = {(found.table, found.column) for found in errors if found.row is None}
    for found in later:
        follows = (
            (found.table, found.row, found.column) in cells
            or (not found.value and (found.table, found.row) in rows)
            or (found.row is not None and (found.table, found.column) in columns)
        )
        if not follows:
            known.append(found)
    distinct = {(found.table, found.row, found.column, found.code, found.value): found for found in known}
    return standing(distinct.values())


def _distances(folder: Path, table: pd.DataFrame | None) -> tuple[Any, list[solver.Issue]]:
    """Return what `solver.build` takes: a table's pairs as they are, else a provider; and issues."""
    if table is None:
        from app.distances import stored_distances  # reads tables with pandas: `verify` needs none

        return stored_distances(folder)
    given = table["asset_id"].notna().any() if "asset_id" in table.columns else False
    if given:
        return table, []
    try:
        return geodata.table_distances(table), []
    except ValueError:
        # What is wrong with a row (a pair twice, a negative distance) is an issue of parsing already.
        return geodata.distances, []
