"""A part as a workbook and as CSV: what is read can be sent back, or is not given."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from typing import TYPE_CHECKING
from unittest import mock

import pytest

from tests.app.service.inventories.uploads import MINISTRY, car, etag_of, made, need

if TYPE_CHECKING:
    from starlette.testclient import TestClient

SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
COMMAND = "=cmd|' /C calc'!A0"


def book_of(client: TestClient, address: str, lang: str = "en") -> bytes:
    answer = client.get(f"{address}/provinces/12?format=xlsx&lang={lang}", headers=MINISTRY)
    assert answer.status_code == 200, answer.text
    return answer.content


def sent_back(client: TestClient, address: str, content: bytes) -> bool:
    """Send a workbook as the part, and tell whether it was stored, since something was another."""
    headers = MINISTRY | {"If-Match": etag_of(client, address, "12"), "Content-Type": SHEET}
    answer = client.put(f"{address}/provinces/12", content=content, headers=headers)
    assert answer.status_code == 200, answer.text
    assert {one["code"] for one in answer.json()["warnings"]} <= {"column_unknown"}
    return bool(answer.json()["stored"])


TEXTS = (
    *("=1+1", COMMAND, "+1", "@SUM(A1)", "{=A1}", "http://x.y", "mailto:a@b", "'x", "<b>&amp;", "1,5", "007"),
    *("a\nb", "a\tb", "a\rb", "_x0041_", "_x005F_x", "_xFFFE_", "\U0001f600" * 16_383, "a" * 32_767),
    *("x\u2028y", "\ufdd0", "\U0001fffe", "true", "1e5", "2025-08-15", "50%", "#N", "# N/A"),
)


@pytest.mark.parametrize("lang", ["en", "vi"])
def test_a_workbook_gives_back_every_text_that_it_is_given_for(sqlite_client: TestClient, lang: str) -> None:
    cars = [car(f"A-{at}", note=text, màu=text) for at, text in enumerate(TEXTS)]
    shares = [car("S-1", condition_pct="0.5"), car("S-2", condition_pct=1), car(COMMAND)]
    address = made(sqlite_client, [*cars, *shares], [need("N", min_condition_pct=1), need("=N")])
    assert sent_back(sqlite_client, address, book_of(sqlite_client, address, lang)) is False


def test_no_cell_of_a_workbook_is_a_formula(sqlite_client: TestClient) -> None:
    cells = {"note": COMMAND, "=1+1": "=A1"}
    address = made(sqlite_client, [car(COMMAND, **cells)], [need("=1+1")])
    with zipfile.ZipFile(io.BytesIO(book_of(sqlite_client, address))) as package:
        sheets = [package.read(name) for name in package.namelist() if "worksheets/sheet" in name]
        texts = package.read("xl/sharedStrings.xml").decode()
    assert len(sheets) == 2
    assert not any(re.search(rb"<(?:\w+:)?f[\s>/]", xml) for xml in sheets)
    assert {found for xml in sheets for found in re.findall(rb'<c [^>]*?t="(\w+)"', xml)} == {b"s"}
    assert texts.count("=cmd|") == 1  # one text of two cells
    assert sent_back(sqlite_client, address, book_of(sqlite_client, address)) is False


@pytest.mark.parametrize(
    ("cells", "column", "code"),
    [
        ({"note": "a" * 32_768}, "note", "sheet_cell_too_long"),
        ({"note": "\U0001f600" * 16_384}, "note", "sheet_cell_too_long"),
        ({"màu": "x\ufffe"}, "màu", "sheet_sign"),
        ({"note": "\uffff"}, "note", "sheet_sign"),
        ({"note": "#N/A"}, "note", "sheet_error_text"),
        ({"asset_id": "Total"}, "asset_id", "sheet_total"),
        ({"x\uffff": "1"}, "x\uffff", "sheet_sign"),
    ],
)
def test_what_a_workbook_would_not_give_back_is_refused_and_named(
    sqlite_client: TestClient, cells: dict[str, str], column: str, code: str
) -> None:
    row = car("A-1") | cells
    address = made(sqlite_client, [row, car("A-2", note="#REF!")], [need("N")])
    answer = sqlite_client.get(f"{address}/provinces/12?format=xlsx&lang=vi", headers=MINISTRY)
    assert (answer.status_code, answer.json()["code"]) == (409, "part_workbook")
    issues = answer.json()["issues"]
    places = {(one["file"], one["column"], one["code"]) for one in issues}
    place = "assets" if column == "x\uffff" else f"assets[{row['asset_id']}]"
    assert places == {(place, column, code), ("assets[A-2]", "note", "sheet_error_text")}
    assert all(len(one["value"]) <= 80 and "CSV" in one["remedy"] for one in issues)
    # The ways that the remedy names.
    csv = [
        sqlite_client.get(f"{address}/provinces/12?format=csv&table={side}", headers=MINISTRY).content
        for side in ("assets", "needs")
    ]
    headers = MINISTRY | {"If-Match": etag_of(sqlite_client, address, "12")}
    files = [("assets", ("a.csv", csv[0])), ("needs", ("n.csv", csv[1]))]
    again = sqlite_client.put(f"{address}/provinces/12", files=files, headers=headers)
    assert (again.status_code, again.json().get("stored")) == (200, False), again.text
    rows = sqlite_client.get(f"{address}/provinces/12", headers=MINISTRY).json()
    body = {side: rows[side] for side in ("assets", "needs")}
    again = sqlite_client.put(f"{address}/provinces/12", json=body, headers=headers)
    assert (again.status_code, again.json().get("stored")) == (200, False), again.text


def test_equal_rows_are_equal_bytes_whenever_they_are_asked_for(sqlite_client: TestClient) -> None:
    address = made(sqlite_client, [car("A")], [need("N")])
    first = book_of(sqlite_client, address)

    class Kind(type):
        def __instancecheck__(cls, one: object) -> bool:
            return isinstance(one, dt.datetime)

    class Later(dt.datetime, metaclass=Kind):
        @classmethod
        def now(cls, tz: dt.tzinfo | None = None) -> Later:
            return cls(2031, 5, 6, tzinfo=tz)

    with mock.patch("xlsxwriter.core.datetime", Later):
        second = book_of(sqlite_client, address)
    assert second == first


def test_csv_holds_texts_as_they_stand_also_such_as_a_spreadsheet_would_reckon(
    sqlite_client: TestClient,
) -> None:
    address = made(sqlite_client, [car(COMMAND)], [need("N")])
    answer = sqlite_client.get(f"{address}/provinces/12?format=csv", headers=MINISTRY)
    assert answer.content.decode("utf-8-sig").splitlines()[1].startswith(f"{COMMAND},")
