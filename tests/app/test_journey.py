"""From a province's Excel to signed paper: one walk, and what every paper says compared with the plan."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict

import pytest
from python_calamine import CalamineWorkbook

import geodata
from examples.mistakes import MISTAKES
from tests.app.reading import Row, grouped, pages_of, squeezed, tables_of
from tests.app.walking import Journey, values, walk

AUTHORITY = "Chủ tịch UBND tỉnh Lai Châu"
FORMS = {"điều chuyển", "giao", "chuyển đổi công năng", "tạm sử dụng"}
CAR_NORM, CAR_LIFE, YEAR = 2, 15, 2025


@pytest.fixture(scope="module")
def journey(tmp_path_factory: pytest.TempPathFactory) -> Journey:
    """Return what the walk left behind."""
    return walk(tmp_path_factory.mktemp("journey"))


def test_the_check_finds_the_six_mistakes_at_their_cells_and_misses_the_needs(journey: Journey) -> None:
    errors = [issue for issue in journey.checks[0]["issues"] if issue["severity"] == "error"]
    in_list = {issue["cell"]: issue["code"] for issue in errors if issue["sheet"] == "Tài sản"}
    assert in_list == dict(zip(journey.corrected, [mistake.code for mistake in MISTAKES], strict=True))
    assert [issue["code"] for issue in errors if issue["sheet"] != "Tài sản"] == ["sheet_missing"]


def test_corrected_and_with_needs_the_tables_have_no_error(journey: Journey) -> None:
    left = [issue["code"] for issue in journey.checks[1]["issues"] if issue["severity"] == "error"]
    assert left == ["sheet_missing"]
    assert journey.checks[2]["errors"] == 0


def test_every_command_succeeds_but_the_checks_of_what_is_incomplete(journey: Journey) -> None:
    assert journey.exits == [
        *[("check", 1), ("check", 1), ("needs", 0), ("check", 0), ("solve", 0), ("verify", 0)],
        *[(command, 0) for command in ("annex", "handover", "report") for _ in range(2)],
    ]
    summary = json.loads((journey.folder / "plan" / "plan.json").read_text(encoding="utf-8"))
    assert grouped(summary["objective_vnd"]) in journey.verified
    assert summary["synthetic"] is True


def test_needs_of_communes_without_staff_numbers_say_so(journey: Journey) -> None:
    noted = {row["commune_code"] for row in journey.needs.values() if "bình quân" in row["note"]}
    names = {row["commune_code"]: row["name"] for row in geodata.communes().to_dict("records")}
    assert {names[code] for code in noted} == {"Nậm Sỏ", "Pa Ủ", "Sìn Hồ"}
    assert len({row["commune_code"] for row in journey.needs.values()}) == 38


def test_no_commune_exceeds_two_cars(journey: Journey) -> None:
    cars: Counter[str] = Counter()
    for row in journey.assets.values():
        if row["kind"] == "car" and row["status"] == "in_use":
            cars[row["commune_code"]] += int(row["units"])
    for row in journey.transfers:
        if journey.assets[row["asset_id"]]["kind"] == "car":
            cars[row["to_commune_code"]] += int(row["units"])
    assert sum(row["asset_id"].startswith("V-") for row in journey.transfers) >= 5
    assert max(cars.values()) == CAR_NORM


def test_no_headquarters_leaves_its_commune(journey: Journey) -> None:
    moved = [row for row in journey.transfers if journey.needs[row["need_id"]]["purpose"] == "headquarters"]
    assert len(moved) > 40
    for row in moved:
        home = journey.needs[row["need_id"]]["commune_code"]
        assert row["from_commune_code"] == row["to_commune_code"] == home
        assert journey.assets[row["asset_id"]]["commune_code"] == home


def test_the_annex_lists_every_transfer_as_the_plan_has_it(journey: Journey) -> None:
    listed: dict[tuple[str, str], list[str]] = {}
    for table in tables_of(journey.folder / "annex.docx"):
        if len(table[0]) != 12:
            continue
        for cells in table[1:]:
            if not re.fullmatch(r"\d+", cells[0]):
                continue  # a category, something attached, or a sum
            asset_id = cells[1].split()[-1]
            listed[asset_id, cells[9].split()[-1]] = cells
    assert listed.keys() == {(row["asset_id"], row["need_id"]) for row in journey.transfers}
    for row in journey.transfers:
        cells = listed[row["asset_id"], row["need_id"]]
        asset = journey.assets[row["asset_id"]]
        assert cells[1].splitlines()[0] == asset["name"]
        assert row["official_id"] in cells[1]
        assert cells[2] == asset["year"]
        assert cells[3] == grouped(int(row["units"]))
        assert cells[4] == row["area_m2"].replace(".", ",")
        assert cells[5] == asset["condition_pct"]
        assert (cells[6], cells[7]) == values(journey, row)
        assert cells[8].splitlines()[0] == asset["holder"]
        assert cells[9].splitlines()[0] == row["recipient"]
        assert cells[10].splitlines()[0] == row["form"]
        assert row["form"] in FORMS
        assert asset["holder"] != row["recipient"]  # nobody hands over to itself


def test_the_annex_lists_every_release(journey: Journey) -> None:
    listed = Counter(
        (cells[1].split()[-1], cells[3])
        for table in tables_of(journey.folder / "annex.docx")
        if len(table[0]) == 11
        for cells in table[1:]
        if re.fullmatch(r"\d+", cells[0])
    )
    assert listed == Counter((row["asset_id"], grouped(int(row["units"]))) for row in journey.releases)


def test_the_sums_of_the_annex_are_those_of_the_plan(journey: Journey) -> None:
    tables = [table for table in tables_of(journey.folder / "annex.docx") if len(table[0]) == 12]
    houses = {row["asset_id"] for row in journey.transfers}
    along = [name for name, house in journey.attached().items() if house in houses]
    units = sum(int(row["units"]) for row in journey.transfers)
    units += sum(int(journey.assets[name]["units"]) for name in along)
    book = sum(int(value.replace(".", "")) for row in journey.transfers if (value := values(journey, row)[0]))
    for name in along:
        book += int(journey.assets[name]["book_value_vnd"]) * int(journey.assets[name]["units"])
    assert {row["authority"] for row in journey.transfers} == {AUTHORITY}
    assert len(tables) == 1  # one annex for the one authority
    assert (tables[0][-1][3], tables[0][-1][6]) == (grouped(units), grouped(book))


def test_the_pdf_of_the_annex_says_the_same_as_the_docx(journey: Journey) -> None:
    text = squeezed("".join(pages_of(journey.folder / "annex.pdf")))
    for row in journey.transfers:
        asset = journey.assets[row["asset_id"]]
        for word in (row["asset_id"], row["need_id"], row["official_id"], row["recipient"], asset["holder"]):
            assert squeezed(word) in text
        for value in values(journey, row):
            assert value in text
    assert text.count("P-C03389") == sum(row["asset_id"] == "P-C03389" for row in journey.transfers) > 1


def test_each_handover_record_is_about_its_transfer(journey: Journey) -> None:
    pages = [squeezed(page) for page in pages_of(journey.folder / "handover.pdf")]
    title = squeezed("BIÊN BẢN BÀN GIAO")
    starts = [at for at, page in enumerate(pages) if title in page.upper()]
    assert starts[0] == 0
    ends = [*starts[1:], len(pages)]
    records = ["".join(pages[start:end]) for start, end in zip(starts, ends, strict=True)]
    assert len(records) == len(journey.transfers)
    for row, record in zip(journey.transfers, records, strict=True):
        asset = journey.assets[row["asset_id"]]
        words = (row["asset_id"], row["need_id"], row["official_id"], asset["name"], asset["holder"])
        for word in (*words, row["recipient"], row["units"], *values(journey, row), row["authority"]):
            assert squeezed(word) in record


def test_the_docx_of_the_records_says_the_same(journey: Journey) -> None:
    facts = [
        {cell for cells in table for cell in cells}
        for table in tables_of(journey.folder / "handover.docx")
        if any("HQ-" in cell or "PC-" in cell or "CAR-" in cell for cells in table for cell in cells)
    ]
    assert len(facts) == len(journey.transfers)
    for row, cells in zip(journey.transfers, facts, strict=True):
        assert {row["asset_id"], row["need_id"], grouped(int(row["units"]))} <= cells
        assert not row["official_id"] or row["official_id"] in cells
        assert all(not value or f"{value} đ" in cells for value in values(journey, row))


def test_the_workbook_of_the_plan_lists_every_transfer(journey: Journey) -> None:
    book = CalamineWorkbook.from_path(str(journey.folder / "plan" / "plan.xlsx"))
    sheet = book.get_sheet_by_index(1).to_python()
    columns = list(journey.transfers[0])
    listed = {(cells[0], cells[1]): dict(zip(columns, cells, strict=False)) for cells in sheet[2:]}
    for row in journey.transfers:
        cells = listed[row["asset_id"], row["need_id"]]
        for name in ("official_id", "recipient", "authority", "form", "from_commune_code", "to_commune_code"):
            assert cells[name] == row[name]
        for name in ("units", "cost_vnd", "spend_vnd", "repair_vnd", "renewal_vnd"):
            assert cells[name] == int(row[name])


def test_what_is_attached_to_a_house_appears_with_it_and_nowhere_else(journey: Journey) -> None:
    attached = journey.attached()
    houses = {row["asset_id"] for row in journey.transfers}
    moved = {name: house for name, house in attached.items() if house in houses}
    assert 0 < len(moved) < len(attached)
    planned = {row["asset_id"] for row in (*journey.transfers, *journey.releases)}
    assert not planned & attached.keys()
    above = ""
    for cells in (cells for table in tables_of(journey.folder / "annex.docx") for cells in table):
        named = [name for name in moved if len(cells) > 1 and cells[1].split()[-1:] == [name]]
        if re.fullmatch(r"\d+", cells[0]):
            above = cells[1].split()[-1]
        for name in named:
            assert re.fullmatch(r"\d+\.\d+", cells[0])
            assert above == moved.pop(name)
    assert not moved
    pages = [squeezed(page) for page in pages_of(journey.folder / "handover.pdf")]
    for name, house in attached.items():
        naming = [page for page in pages if name in page]
        assert len(naming) == (house in houses)
        assert all(house in page for page in naming)


def test_cars_to_be_replaced_show_the_year(journey: Journey) -> None:
    by_commune: defaultdict[str, list[Row]] = defaultdict(list)
    for row in journey.assets.values():
        if row["kind"] == "car" and row["status"] == "in_use":
            by_commune[row["commune_code"]].append(row)
    expected: dict[str, str] = {}
    for cars in by_commune.values():
        newest_first = sorted(cars, key=lambda row: (-int(row["year"]), row["asset_id"]))
        for place, row in enumerate(newest_first):
            end = int(row["year"]) + CAR_LIFE
            if place or end <= YEAR:
                expected[row["asset_id"]] = str(max(end, YEAR))
    listed: dict[str, str] = {}
    for table in tables_of(journey.folder / "report.docx"):
        for cells in table:
            words = cells[2].split() if len(cells) == 8 else []
            if words and words[-1] in journey.assets:
                listed[words[-1]] = cells[6]
    assert listed == expected
    assert set(expected.values()) == {"2025", "2027", "2028"}  # over age; second cars of 2012 and 2013


def test_every_document_says_that_the_data_are_synthetic(journey: Journey) -> None:
    for name in ("annex", "handover", "report"):
        for page in pages_of(journey.folder / f"{name}.pdf"):
            assert "DỮ LIỆU" in page.upper()
