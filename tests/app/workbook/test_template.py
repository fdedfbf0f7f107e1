from __future__ import annotations

import datetime
import time
import unicodedata
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

import geodata
import solver
from app.errors import InputError, UsageError
from app.settings import LANGS, Lang
from app.talk import Talk
from app.texts import catalogue, say
from app.workbook.layout import SHEETS
from app.workbook.scenario_rows import names_of
from app.workbook.template import template
from solver.scenario.load import read_scenario
from solver.scenario.schema import KEYS
from solver.tables.columns import TABLES, by_name
from solver.tables.header import column_of
from solver.tables.kinds import CHOICES, KINDS, lookup
from solver.tables.names import fold

if TYPE_CHECKING:
    from pathlib import Path

    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

HEADINGS, FIRST, LAST = 5, 6, 20_005  # rows of a data sheet
BUILT = [key for key in KEYS if key.built]


@pytest.fixture(params=LANGS)
def lang(request: pytest.FixtureRequest) -> Lang:
    chosen: Lang = request.param
    return chosen


@pytest.fixture
def path(tmp_path: Path, lang: Lang) -> Path:
    out = tmp_path / "template.xlsx"
    assert template(out, Talk(lang)) == 0
    return out


@pytest.fixture
def book(path: Path) -> Workbook:
    return openpyxl.load_workbook(path)


def columns_of(sheet: Worksheet, table: str) -> dict[str, Any]:
    """Return the heading cell of each column of the table."""
    cells = [cell for cell in sheet[HEADINGS] if cell.value]
    return {column_of(table, cell.value.rstrip("* ")): cell for cell in cells}


def formats_by_column(sheet: Worksheet) -> dict[str, str]:
    found: dict[str, str] = {}
    for dimension in sheet.column_dimensions.values():
        for index in range(dimension.min, dimension.max + 1):
            found[openpyxl.utils.get_column_letter(index)] = dimension.number_format
    return found


def checks_by_column(sheet: Worksheet) -> dict[str, Any]:
    found = {}
    for check in sheet.data_validations.dataValidation:
        for cells in check.sqref.ranges:
            assert (cells.min_row, cells.max_row) == (FIRST, LAST)
            for column in range(cells.min_col, cells.max_col + 1):
                found[openpyxl.utils.get_column_letter(column)] = check
    return found


def listed(book: Workbook, name: str) -> list[str]:
    ((sheet, cells),) = book.defined_names[name.removeprefix("=")].destinations
    return [row[0].value for row in book[sheet][cells]]


def test_sheets_are_named_in_the_language(book: Workbook, lang: Lang) -> None:
    assert (
        book.sheetnames
        == {
            "vi": ["Hướng dẫn", "Tài sản", "Nhu cầu", "Xã", "Kịch bản", "Danh mục giá trị", "Ví dụ"],
            "en": ["Guide", "Assets", "Needs", "Communes", "Scenario", "Lists", "Examples"],
        }[lang]
    )


def test_every_column_that_people_fill_in_has_its_heading_and_the_required_ones_a_star(
    book: Workbook,
    lang: Lang,
) -> None:
    for table in SHEETS:
        sheet = book[say(lang, f"template_sheet.{table}")]
        found = columns_of(sheet, table)
        assert found.keys() == {column.name for column in TABLES[table] if not column.derived}
        assert len([cell for cell in sheet[HEADINGS] if cell.value]) == len(found)
        for name, cell in found.items():
            assert cell.value.endswith(" *") == by_name(table)[name].required
            if lang == "vi":
                assert cell.value.rstrip("* ") == by_name(table)[name].vi
        assert sheet.freeze_panes == f"B{FIRST}"


def test_every_heading_has_a_note_with_meaning_unit_and_what_empty_means(book: Workbook, lang: Lang) -> None:
    for table in SHEETS:
        for name, cell in columns_of(book[say(lang, f"template_sheet.{table}")], table).items():
            column = by_name(table)[name]
            assert (column.meaning_vi if lang == "vi" else column.meaning) in cell.comment.text
            assert (column.when_empty_vi if lang == "vi" else column.when_empty) in cell.comment.text
    status = columns_of(book[say(lang, "template_sheet.assets")], "assets")["status"]
    assert {"vi": "Để trống: dôi dư.", "en": "Empty: surplus."}[lang] in status.comment.text
    price = columns_of(book[say(lang, "template_sheet.needs")], "needs")["price_vnd"]
    assert {"vi": "Đơn vị tính: đồng.", "en": "Unit: VND."}[lang] in price.comment.text


def test_codes_are_text_money_is_grouped_and_dates_are_days(book: Workbook, lang: Lang) -> None:
    wanted = {"money": "#,##0", "date": "dd/mm/yyyy", "code": "@", "id": "@", "text": "@", "choice": "@"}
    for table in SHEETS:
        sheet = book[say(lang, f"template_sheet.{table}")]
        formats = formats_by_column(sheet)
        for name, cell in columns_of(sheet, table).items():
            kind = by_name(table)[name].type
            if kind in wanted:
                assert formats[cell.column_letter] == wanted[kind], name


def test_closed_lists_are_drop_downs_of_their_labels(book: Workbook, lang: Lang) -> None:
    seen = set()
    for table in SHEETS:
        sheet = book[say(lang, f"template_sheet.{table}")]
        checks = checks_by_column(sheet)
        for name, cell in columns_of(sheet, table).items():
            kind = by_name(table)[name].type
            check: Any = checks.get(cell.column_letter)
            if kind == "choice":
                assert (check.type, check.errorStyle) == ("list", None)  # None is "stop"
                labels = listed(book, check.formula1)
                assert labels == [choice.vi if lang == "vi" else choice.en for choice in CHOICES[name]]
            elif kind in ("kind", "kinds"):
                labels = listed(book, check.formula1)
                assert {fold(label) for label in labels} <= {
                    name for kinds in KINDS.values() for name in lookup(kinds)
                }
                assert len(labels) == len(set(labels)) == sum(map(len, KINDS.values()))
                # "other: ..." may be typed after a warning, several kinds joined by | without one.
                assert (check.errorStyle, check.showErrorMessage) == {
                    "kind": ("warning", True),
                    "kinds": ("information", False),
                }[kind]
            else:
                continue
            seen.add(name)
    assert seen == {"category", "kind", "kinds", "purpose", "status", "legal_status", "holder_level"}


def test_provinces_are_a_drop_down_of_34_names(book: Workbook, lang: Lang) -> None:
    sheet = book[say(lang, "template_sheet.assets")]
    check = checks_by_column(sheet)[columns_of(sheet, "assets")["province_name"].column_letter]
    names = listed(book, check.formula1)
    assert len(names) == 34
    assert {"Hà Nội", "Thanh Hóa", "Cà Mau"} < set(names)


def test_numbers_are_checked_against_the_least_and_the_greatest_value(book: Workbook, lang: Lang) -> None:
    sheet = book[say(lang, "template_sheet.assets")]
    checks, cells = checks_by_column(sheet), columns_of(sheet, "assets")

    def check(name: str) -> tuple[str, str, str]:
        found = checks[cells[name].column_letter]
        return found.type, found.formula1, found.formula2

    assert check("condition_pct") == ("decimal", "0", "100")
    assert check("units") == ("whole", "1", "1000000000")
    assert check("lat") == ("decimal", "-90", "90")
    assert check("book_value_vnd")[:2] == ("whole", "0")
    assert check("available_from")[0] == "date"
    assert not checks.keys() & {cells[name].column_letter for name in ("asset_id", "commune_code", "name")}


def test_the_file_is_small(path: Path) -> None:
    assert path.stat().st_size < 200_000


def test_the_empty_template_reads_as_tables_without_rows_and_nothing_else(path: Path) -> None:
    raw = solver.read_tables(path)
    assert (raw.issues, raw.scenario, raw.communes) == ([], None, None)
    tables = solver.parse_tables(raw)
    assert [(issue.table, issue.code) for issue in tables.issues] == [
        ("assets", "table_empty"),
        ("needs", "table_empty"),
    ]
    assert len(tables.assets) == len(tables.needs) == 0


def test_what_is_typed_above_the_headings_is_no_unit_of_money(path: Path, book: Workbook, lang: Lang) -> None:
    copy_examples(book, lang)
    sheet = book[say(lang, "template_sheet.assets")]
    sheet["A3"] = sheet["A3"].value.replace("....................", "UBND xã Ngân Sơn, Triệu Phong")
    book.save(path)
    assert solver.read_tables(path).issues == []


def copy_examples(book: Workbook, lang: Lang) -> dict[str, int]:
    """Copy the example rows into the data sheets by heading; return how many there are."""
    counts = {}
    rows = [list(row) for row in book[say(lang, "template_sheet.examples")].iter_rows(values_only=True)]
    for table in SHEETS:
        name = say(lang, f"template_sheet.{table}")
        title = say(lang, "template_title.example_of", sheet=name)
        start = next(number for number, row in enumerate(rows) if row[0] == title)
        sheet = book[name]
        columns = {cell.value: cell.column for cell in sheet[HEADINGS] if cell.value}
        count = 0
        for values in rows[start + 2 :]:
            if not any(value is not None for value in values):
                break
            for heading, value in zip(rows[start + 1], values, strict=True):
                if heading is not None and value is not None:
                    sheet.cell(FIRST + count, columns[heading]).value = value
            count += 1
        counts[table] = count
    return counts


def test_the_examples_are_right_when_copied_into_the_data_sheets(
    path: Path, book: Workbook, lang: Lang
) -> None:
    assert copy_examples(book, lang) == {"assets": 3, "needs": 3, "communes": 2}
    book.save(path)
    tables = solver.parse_tables(solver.read_tables(path))
    assert tables.issues == []
    assert list(tables.assets["kind"]) == ["office", "car", "computer"]
    assert list(tables.needs["kinds"]) == ["car|pickup", "office", "computer"]
    assert tables.assets["available_from"][0] == datetime.date(2025, 9, 1)
    assert tables.communes is not None
    assert list(tables.communes["staff_leaders"]) == [8, 5]
    located = geodata.read_codes(tables.assets, tables.needs)
    assert list(located.assets["commune_code"]) == ["14797", "14845", "14797"]
    assert len(located.issues) == 0


def test_every_built_key_stands_on_the_scenario_sheet_and_its_default_may_be_typed(
    path: Path,
    book: Workbook,
    lang: Lang,
) -> None:
    sheet = book[say(lang, "template_sheet.scenario")]
    rows = {sheet.cell(row, 1).value: row for row in range(FIRST, sheet.max_row + 1)}
    for key in BUILT:
        names = [f"{key.name}.{name}" for name in names_of(key)] if key.keyed else [key.name]
        assert names
        assert set(names) <= rows.keys()
    assert len(rows) == sum(len(names_of(key)) if key.keyed else 1 for key in BUILT)
    for row in rows.values():
        assert sheet.cell(row, 2).value is None
        assert sheet.cell(row, 5).value
        sheet.cell(row, 2).value = sheet.cell(row, 3).value
    book.save(path)
    typed = solver.read_tables(path)
    assert typed.issues == []
    given = {"explicit_matches": False, "inventory_date": datetime.date(2025, 8, 15)}
    scenario, issues = read_scenario(typed.scenario, **given)  # type: ignore[arg-type]  # keywords of two types
    empty, _ = read_scenario(None, **given)  # type: ignore[arg-type]  # keywords of two types
    assert [issue.code for issue in issues] == ["date_defaulted"]
    assert scenario.entries == empty.entries


def test_every_built_key_has_a_meaning_in_both_languages() -> None:
    for lang in LANGS:
        prefix = "scenario_key."
        texts = {
            key.removeprefix(prefix): text for key, text in catalogue(lang).items() if key.startswith(prefix)
        }
        assert list(texts) == [key.name for key in BUILT]
        if lang == "en":
            assert texts == {key.name: key.meaning for key in BUILT}


def test_every_column_has_a_vietnamese_meaning() -> None:
    for table, columns in TABLES.items():
        for column in columns:
            place = f"{table}.{column.name}"
            assert column.meaning_vi, place
            assert column.meaning_vi != column.meaning, place
            assert bool(column.when_empty_vi) == bool(column.when_empty), place
            assert unicodedata.is_normalized("NFC", column.meaning_vi + column.when_empty_vi), place


def test_the_guide_has_fifteen_lines_that_name_the_sheets_as_they_are_called(
    book: Workbook, lang: Lang
) -> None:
    lines = [row[0].value for row in book[say(lang, "template_sheet.guide")].iter_rows(min_row=3)]
    assert [line.partition(".")[0] for line in lines] == [str(number) for number in range(1, 16)]
    assert not any("{" in line for line in lines)
    assert all(name in lines[0] for name in book.sheetnames[1:])


def test_two_templates_are_equal_to_the_byte(tmp_path: Path) -> None:
    first, again = tmp_path / "first.xlsx", tmp_path / "again.xlsx"
    template(first, Talk("vi"))
    time.sleep(2.1)  # a zip file counts in steps of two seconds
    template(again, Talk("vi"))
    assert again.read_bytes() == first.read_bytes()


def test_an_existing_file_is_refused_and_stays(tmp_path: Path) -> None:
    out = tmp_path / "mine.xlsx"
    out.write_bytes(b"mine")
    with pytest.raises(InputError, match=r"mine\.xlsx exists already"):
        template(out, Talk("en"))
    assert out.read_bytes() == b"mine"
    assert list(tmp_path.iterdir()) == [out]


def test_a_missing_folder_and_another_suffix_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="There is no folder"):
        template(tmp_path / "none" / "a.xlsx", Talk("en"))
    with pytest.raises(UsageError, match=r"ends in \.xlsx"):
        template(tmp_path / "a.csv", Talk("en"))
    assert list(tmp_path.iterdir()) == []


def test_a_write_that_fails_is_said_and_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, _lang: Lang) -> None:
        path.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("app.workbook.template.write_template", full)
    with pytest.raises(InputError, match="No space left on device"):
        template(tmp_path / "a.xlsx", Talk("en"))
    assert list(tmp_path.iterdir()) == []
