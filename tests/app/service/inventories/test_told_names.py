from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from app.service.inventories.checking import OWN_MEMBERS
from app.service.inventories.schemas import PartRowsDocument
from app.service.inventories.sent_names import SentNames
from app.service.issue_texts import as_sent
from geodata.code_issues import TEXTS
from solver import Issue
from solver.errors import issue
from solver.messages import CATALOGUE
from tests.app.service.inventories.test_uploads import (
    ASSETS,
    NEEDS,
    XLSX,
    features,
    geopackage,
    usual,
    workbook,
)
from tests.app.service.inventories.uploads import (
    DOAN_KET,
    LAI_CHAU,
    MINISTRY,
    ROOT,
    SIN_SUOI_HO,
    car,
    made,
    need,
)

if TYPE_CHECKING:
    from httpx2 import Response
    from starlette.testclient import TestClient

#: What means nothing to the sender of a request.
ELSEWHERE = re.compile(
    r"surplan [a-z]|--\w|scenario\.(?:toml|json)|folder|thư mục|command line|dòng lệnh|pip |geodata\.|\bPass "
    r"|(?:matches|distances|assets|needs)\.(?:csv|json)|inventory\.|tables\.json|[{}]"
)
PUT = LAI_CHAU | {"If-Match": "*"}
RUBBISH = b"\xff\xfe\xfd rubbish"
BROKEN: dict[str, tuple[str, str, bytes, str]] = {
    "a workbook of rubbish": ("file", "Lai Châu.xlsx", b"PK rubbish", "workbook_broken"),
    "an empty workbook": ("file", "Lai Châu (2).xlsx", b"", "workbook_broken"),
    "an old workbook": ("file", "Lai Châu.xls", b"\xd0\xcf\x11\xe0 rubbish", "workbook_broken"),
    "an .ods": ("file", "Lai Châu.ods", b"PK rubbish", "workbook_broken"),
    "a workbook without tables": ("file", "a.xlsx", workbook(("x", [["y"], ["1"]])), "workbook_no_tables"),
    "a GeoPackage that breaks off": ("file", "Bản đồ.gpkg", geopackage()[:5000], "geopackage_broken"),
    "JSON with a syntax error": ("file", "Dữ liệu.json", b'{"assets": [', "json_broken"),
    "JSON that is no object": ("file", "Dữ liệu.json", b"[]", "json_not_tables"),
    "JSON with a key twice": ("file", "Dữ liệu.json", b'{"x": 1, "x": 2, "assets": []}', "key_duplicate"),
    "JSON in another encoding": ("file", "Dữ liệu.json", RUBBISH, "encoding_not_utf8"),
    "CSV in another encoding": ("assets", "Tài sản 1.csv", b"asset_id\n\xff\n", "encoding_not_utf8"),
    "CSV in UTF-16": ("assets", "Tài sản 1.csv", ASSETS.encode("utf-16"), "encoding_not_utf8"),
    "CSV with an open quotation mark": ("assets", "Tài sản 1.csv", b'asset_id\n"A\n', "csv_broken"),
    "an empty CSV": ("assets", "Tài sản 1.csv", b"", "file_empty"),
    "JSON of one table": ("assets", "Tài sản 1.json", b"[", "json_broken"),
    "GeoJSON with a syntax error": ("assets", "Tài sản 1.geojson", b"{", "json_broken"),
    "GeoJSON that is no collection": ("assets", "Tài sản 1.geojson", b"{}", "geojson_not_collection"),
}


def told(answer: Response) -> list[dict[str, Any]]:
    """Return the issues or warnings of an answer, none of which speaks of our files or a command line."""
    document = answer.json()
    found: list[dict[str, Any]] = [*document.get("issues", ()), *document.get("warnings", ())]
    for one in found:
        words = " ".join(str(one[key]) for key in ("file", "value", "message", "remedy"))
        assert not ELSEWHERE.search(words), words
    return found


@pytest.mark.parametrize(("field", "name", "content", "code"), BROKEN.values(), ids=BROKEN)
def test_a_file_that_cannot_be_read_is_called_as_its_sender_calls_it(
    sqlite_client: TestClient, field: str, name: str, content: bytes, code: str
) -> None:
    for lang in ("en", "vi"):
        files = {field: (name, content)}
        answer = sqlite_client.post(f"{ROOT}?name=x&lang={lang}", files=files, headers=MINISTRY)
        assert answer.status_code == 422, answer.text
        issues = told(answer)
        (found,) = (one for one in issues if one["code"] == code)
        assert found["file"] == name
        assert {one["file"] for one in issues if one["severity"] == "error"} == {name}


BODIES = {
    "a workbook": (XLSX, "", b"PK rubbish"),
    "a GeoPackage": ("application/geopackage+sqlite3", "", b"rubbish"),
    "CSV": ("text/csv", "&table=assets", b"\xff"),
    "GeoJSON": ("application/geo+json", "&table=assets", b"{"),
    "JSON": ("application/json", "", b'{"assets": ['),
}


@pytest.mark.parametrize(("kind", "query", "content"), BODIES.values(), ids=BODIES)
def test_a_body_without_a_name_is_called_body(
    sqlite_client: TestClient, kind: str, query: str, content: bytes
) -> None:
    answer = sqlite_client.post(
        f"{ROOT}?name=x{query}", content=content, headers=MINISTRY | {"Content-Type": kind}
    )
    assert answer.status_code == 422, answer.text
    assert {one["file"] for one in told(answer) if one["severity"] == "error"} == {"body"}


def test_a_table_that_is_given_twice_names_both_files_of_the_sender(sqlite_client: TestClient) -> None:
    document = json.dumps({"assets": [car("A")]}).encode()
    for files, named in (
        ([("file", ("một.xlsx", usual())), ("file", ("hai.json", document))], ("một.xlsx", "hai.json")),
        (
            [("file", ("một.gpkg", geopackage())), ("assets", ("hai.csv", ASSETS.encode()))],
            ("một.gpkg (assets)", "hai.csv"),
        ),
        (
            [("assets", ("một.csv", ASSETS.encode())), ("assets", ("hai.geojson", features()))],
            ("một.csv", "hai.geojson"),
        ),
    ):
        answer = sqlite_client.post(f"{ROOT}?name=x", files=files, headers=MINISTRY)
        (found,) = (one for one in told(answer) if one["code"] == "table_twice")
        assert all(name in found["message"] for name in named), found


def test_a_second_file_with_several_tables_is_refused_by_its_name(sqlite_client: TestClient) -> None:
    for first, second in (
        ("a.xlsx", "b.xlsx"),
        ("a.xlsx", "b.ods"),
        ("a.gpkg", "b.gpkg"),
        ("a.json", "b.json"),
    ):
        files = [("file", (first, b"x")), ("file", (second, b"x"))]
        answer = sqlite_client.post(f"{ROOT}?name=x", files=files, headers=MINISTRY)
        assert (answer.status_code, answer.json()["code"]) == (422, "upload_second")
        assert first in answer.json()["detail"]
        assert second in answer.json()["detail"]


@pytest.mark.parametrize("lang", ["en", "vi"])
def test_what_concerns_all_files_names_them_all_and_what_to_send(
    sqlite_client: TestClient, lang: str
) -> None:
    files = {
        "assets": ("một.csv", ASSETS.replace(SIN_SUOI_HO, "03391").encode()),
        "needs": ("hai.csv", NEEDS.encode()),
    }
    send = {"files": files, "headers": MINISTRY}
    first = told(sqlite_client.post(f"{ROOT}?name=x&dry_run=true&lang={lang}", **send))  # type: ignore[arg-type]  # keywords of one dictionary
    (found,) = (one for one in first if one["code"] == "codes_translated")
    assert found["file"] == "một.csv, hai.csv"
    assert "?commune_codes=2025" in found["remedy"]
    today = sqlite_client.post(f"{ROOT}?name=x&commune_codes=2025&lang={lang}", **send)  # type: ignore[arg-type]  # keywords of one dictionary
    (old,) = (one for one in told(today) if one["code"] == "code_old")
    assert (old["file"], old["row"], old["column"]) == ("một.csv", 2, "commune_code")
    assert "?commune_codes=pre-2025" in old["remedy"]


@pytest.mark.parametrize("lang", ["en", "vi"])
def test_a_table_that_was_not_sent_is_asked_for_in_words_of_http(
    sqlite_client: TestClient, lang: str
) -> None:
    part = f"{made(sqlite_client, [car('A')], [need('N')])}/provinces/12?lang={lang}"
    lone = told(sqlite_client.put(part, json={"assets": [car("A")]}, headers=PUT))
    (found,) = (one for one in lone if one["severity"] == "error")
    assert (found["code"], found["file"], found["value"]) == ("file_missing", "needs", "needs")
    sheet = workbook(("assets", [["asset_id", "category", "commune_code"], ["A", "vehicle", SIN_SUOI_HO]]))
    book = told(sqlite_client.put(part, files={"file": ("Lai Châu.xlsx", sheet)}, headers=PUT))
    (missing,) = (one for one in book if one["severity"] == "error")
    assert (missing["code"], missing["file"]) == ("sheet_missing", "Lai Châu.xlsx")
    assert f"/v1/templates/{lang}.xlsx" in missing["remedy"]


def test_a_part_that_was_read_is_accepted_without_warnings(sqlite_client: TestClient) -> None:
    rows = [car("A", official_id="12Q-1"), car("B", DOAN_KET, lat=22.5, lon=103.4)]
    part = f"{made(sqlite_client, rows, [need('N')])}/provinces/12"
    document = sqlite_client.get(part, headers=LAI_CHAU).json()
    assert set(document) - {"assets", "needs"} == set(OWN_MEMBERS) - {"name"}
    book = sqlite_client.get(f"{part}?format=xlsx&lang=vi", headers=LAI_CHAU).content
    tables = {
        table: (
            f"{table}.csv",
            sqlite_client.get(f"{part}?format=csv&table={table}", headers=LAI_CHAU).content,
        )
        for table in ("assets", "needs")
    }
    sent: list[dict[str, Any]] = [
        {"json": document},
        {"files": {"file": ("tải về.json", json.dumps(document).encode())}},
        {"files": {"file": ("tải về.xlsx", book)}},
        {"files": tables},
    ]
    for one in sent:
        answer = sqlite_client.put(part, headers=PUT, **one)
        assert (answer.status_code, answer.json()["stored"], answer.json()["warnings"]) == (200, False, [])
    more = sqlite_client.put(part, headers=PUT, json=document | {"etags": "x"})
    assert [(one["code"], one["value"]) for one in told(more)] == [("table_unknown", "etags")]


def test_members_that_are_ours_are_those_of_the_part_that_is_read() -> None:
    assert set(PartRowsDocument.model_fields) == {*OWN_MEMBERS, "assets", "needs"} - {"name"}


def test_a_table_that_cannot_be_read_is_one_issue_and_unknown_members_are_told(
    sqlite_client: TestClient,
) -> None:
    address = f"{made(sqlite_client, [car('A')], [need('N')])}/tables/norms"
    broken = sqlite_client.put(address, files={"norms": ("định mức.csv", RUBBISH)}, headers=MINISTRY)
    assert [(one["file"], one["code"]) for one in told(broken)] == [("định mức.csv", "encoding_not_utf8")]
    rows = [{"key": "posts/party/leaders", "value": 3}]
    body = sqlite_client.put(address, json={"norms": rows, "foo": 1, "version": 2}, headers=MINISTRY)
    found = [(one["code"], one["value"]) for one in told(body)]
    assert ("table_unknown", "foo") in found
    assert ("table_unknown", "version") not in found


@pytest.mark.parametrize("name", ["\ud800", "a\0b", 'GEOGCS["\ud800"]', "EPSG:0"])
def test_the_name_of_a_reference_system_that_nobody_can_write_is_an_issue(
    sqlite_client: TestClient, name: str
) -> None:
    document = json.loads(features()) | {"crs": {"type": "name", "properties": {"name": name}}}
    files = {"assets": ("Bản đồ.geojson", json.dumps(document).encode())}
    issues = told(sqlite_client.post(f"{ROOT}?name=x", files=files, headers=MINISTRY))
    (found,) = (one for one in issues if one["severity"] == "error")
    assert (found["file"], found["code"]) == ("Bản đồ.geojson", "crs_unknown")


def test_a_table_of_the_inventory_that_comes_with_a_part_is_told_so_in_every_format(
    sqlite_client: TestClient,
) -> None:
    norms = [{"key": "posts/party/leaders", "value": 3}]
    part = f"{made(sqlite_client, [car('A')], [need('N')], norms=norms)}/provinces/12"
    csv = {"assets": ("a.csv", ASSETS.encode()), "needs": ("n.csv", NEEDS.encode())}
    sent: list[dict[str, Any]] = [
        {"json": {"assets": [car("A")], "needs": [need("N")], "norms": norms}},
        {"files": csv | {"norms": ("n.csv", b"key,value\nposts/party/leaders,3\n")}},
        {
            "files": csv
            | {"file": ("b.xlsx", workbook(("norms", [["key", "value"], ["posts/party/leaders", 3]])))}
        },
    ]
    for one in sent:
        issues = told(sqlite_client.put(part, headers=PUT, **one))
        errors = [(found["code"], found["value"]) for found in issues if found["severity"] == "error"]
        assert errors == [("table_not_here", "norms")], one


def test_a_cell_in_a_cell_is_one_issue_of_its_row_and_column(sqlite_client: TestClient) -> None:
    body = {"name": "x", "assets": [car("A", category={"a": 1}), car("B", units=[1])], "needs": [need("N")]}
    issues = told(sqlite_client.post(ROOT, json=body, headers=MINISTRY))
    wrong = [(one["row"], one["column"], one["code"]) for one in issues if one["severity"] == "error"]
    assert wrong == [(2, "category", "cell_nested"), (3, "units", "cell_nested")]


#: Words for the texts, as the stages give them.
WORDS = {"reason": "x", "reason_vi": "x", "file": "x", "library": "x", "limit": "1", "meant": "x"}


@pytest.mark.parametrize("lang", ["en", "vi"])
def test_no_issue_over_http_speaks_of_a_command_line_or_a_folder(lang: str) -> None:
    for code, entry in CATALOGUE.items():
        ours = issue(code, "needs", value="v", words=WORDS)
        texts = f"{as_sent(ours).message(lang)} {as_sent(ours).remedy(lang)}"
        assert not ELSEWHERE.search(texts), (code, texts)
        assert as_sent(ours).severity == entry.severity
    for code, (severity, *words) in TEXTS.items():
        ready = {key: re.sub(r"{\w+}", "x", text) for key, text in zip(_KEYS, words, strict=True)}
        place = Issue("needs", 2, "commune_code", code, severity, "v", texts=ready)  # type: ignore[arg-type]  # "error" or "warning"
        texts = f"{as_sent(place).message(lang)} {as_sent(place).remedy(lang)}"
        assert not ELSEWHERE.search(texts), (code, texts)


_KEYS = ("message_en", "message_vi", "remedy_en", "remedy_vi")


def test_issues_that_are_said_alike_everywhere_stay_as_they_are() -> None:
    found = issue("negative", "assets", 2, "units", "-1")
    assert as_sent(found) is found


def test_the_value_of_a_cell_is_no_name_of_a_file() -> None:
    names = SentNames({"assets.csv": "một.csv"})
    cell = issue("negative", "assets", 2, "units", "assets.csv")
    assert names.renamed(cell).value == "assets.csv"
    assert names.renamed(replace(cell, row=None, column=None)).value == "một.csv"
