from __future__ import annotations

import io
import json
import sqlite3
import tempfile
from typing import TYPE_CHECKING, Any

import pytest
import xlsxwriter

from app.service.inventories import receiving
from tests.app.service.inventories.uploads import (
    DOAN_KET,
    LAI_CHAU,
    MINISTRY,
    ROOT,
    SIN_SUOI_HO,
    car,
    codes_of,
    etag_of,
    made,
    need,
    post,
)

if TYPE_CHECKING:
    from pathlib import Path

    from starlette.testclient import TestClient

ASSETS = f"asset_id,category,kind,commune_code,units,year\nA,vehicle,car,{SIN_SUOI_HO},1,2018\n"
NEEDS = f"need_id,category,kinds,commune_code,units\nN,vehicle,car,{SIN_SUOI_HO},1\n"
XLSX = receiving.XLSX


def workbook(*sheets: tuple[str, list[list[Any]]]) -> bytes:
    """Return a workbook."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        for name, rows in sheets:
            sheet = book.add_worksheet(name)
            for at, row in enumerate(rows):
                sheet.write_row(at, 0, row)
    return out.getvalue()


def usual() -> bytes:
    """Return a workbook in Vietnamese with one car and one need, and a scenario."""
    assets = [["Mã tài sản", "Loại tài sản", "Chủng loại", "Mã xã", "Số lượng", "Năm sử dụng"]]
    assets.append(["A", "vehicle", "car", SIN_SUOI_HO, "1", "2018"])
    needs = [
        ["need_id", "category", "kinds", "commune_code", "units"],
        ["N", "vehicle", "car", SIN_SUOI_HO, "1"],
    ]
    scenario = [["key", "value"], ["name", "x"]]
    return workbook(("Tài sản", assets), ("Nhu cầu", needs), ("scenario", scenario))


def features() -> bytes:
    """Return the car as GeoJSON."""
    cells = {
        "asset_id": "A",
        "category": "vehicle",
        "kind": "car",
        "commune_code": SIN_SUOI_HO,
        "units": 1,
        "year": 2018,
    }
    feature = {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [103.49, 22.52]},
        "properties": cells,
    }
    return json.dumps({"type": "FeatureCollection", "features": [feature]}).encode()


FORMS: dict[str, list[tuple[str, tuple[str, bytes]]]] = {
    "CSV named by their files": [
        ("file", ("assets.csv", ASSETS.encode())),
        ("file", ("Nhu cầu.csv", NEEDS.encode())),
    ],
    "CSV named by their fields": [
        ("assets", ("export 1.csv", ASSETS.encode())),
        ("needs", ("x.csv", NEEDS.encode())),
    ],
    "a workbook": [("file", ("Tài sản dôi dư.xlsx", usual()))],
    "GeoJSON and CSV": [("assets", ("x.geojson", features())), ("needs", ("y.csv", NEEDS.encode()))],
    "JSON": [("file", ("z.json", json.dumps({"assets": [car("A")], "needs": [need("N")]}).encode()))],
}


@pytest.mark.parametrize("files", FORMS.values(), ids=FORMS)
def test_every_format_is_read_from_a_form(sqlite_client: TestClient, files: list[Any]) -> None:
    answer = sqlite_client.post(ROOT, data={"name": "Xe công"}, files=files, headers=MINISTRY)
    assert answer.status_code == 201, answer.text
    assert (answer.json()["assets"], answer.json()["needs"], answer.headers["ETag"]) == (1, 1, '"1"')
    head = sqlite_client.get(answer.headers["Location"], headers=MINISTRY).json()
    assert (head["name"], [part["province_code"] for part in head["parts"]]) == ("Xe công", ["12"])


def geopackage() -> bytes:
    """Return a GeoPackage with the car and the need as tables of attributes."""
    connection = sqlite3.connect(":memory:")
    connection.executescript(
        f"""
        pragma application_id = 1196444487;
        create table gpkg_spatial_ref_sys (
            srs_name, srs_id integer primary key, organization, organization_coordsys_id, definition,
            description
        );
        create table gpkg_contents (
            table_name primary key, data_type, identifier, description, last_change,
            min_x, min_y, max_x, max_y, srs_id
        );
        create table assets (
            fid integer primary key, asset_id text, category text, kind text, commune_code text
        );
        create table needs (
            fid integer primary key, need_id text, category text, kinds text, commune_code text
        );
        insert into gpkg_contents (table_name, data_type, identifier)
            values ('assets', 'attributes', 'assets'), ('needs', 'attributes', 'needs');
        insert into assets values (1, 'A', 'vehicle', 'car', '{SIN_SUOI_HO}');
        insert into needs values (1, 'N', 'vehicle', 'car', '{SIN_SUOI_HO}');
        """
    )
    content = connection.serialize()
    connection.close()
    return content


BODIES = {
    "a workbook": (XLSX, "", usual()),
    "a GeoPackage": ("application/geopackage+sqlite3", "", geopackage()),
    "CSV of one table": ("text/csv; charset=utf-8", "&table=assets", ASSETS.encode()),
    "GeoJSON of one table": ("application/geo+json", "&table=Tài sản", features()),
}


@pytest.mark.parametrize(("kind", "query", "body"), BODIES.values(), ids=BODIES)
def test_one_file_is_read_as_the_body_itself(
    sqlite_client: TestClient, kind: str, query: str, body: bytes
) -> None:
    headers = MINISTRY | {"Content-Type": kind}
    dry = sqlite_client.post(f"{ROOT}?name=x&dry_run=true{query}", content=body, headers=headers)
    assert dry.status_code == 200, dry.text
    assert (dry.json()["stored"], dry.json()["inventory_id"], dry.json()["assets"]) == (False, None, 1)
    assert sqlite_client.get(ROOT, headers=MINISTRY).json()["items"] == []
    answer = sqlite_client.post(f"{ROOT}?name=x{query}", content=body, headers=headers)
    assert answer.status_code == 201, answer.text
    if query:
        assert "file_missing" in {one["code"] for one in answer.json()["warnings"]}


def test_a_scenario_in_a_workbook_is_left_aside_with_a_warning(sqlite_client: TestClient) -> None:
    answer = sqlite_client.post(
        f"{ROOT}?name=x&lang=vi", files={"file": ("a.xlsx", usual())}, headers=MINISTRY
    )
    (found,) = (one for one in answer.json()["warnings"] if one["code"] == "scenario_aside")
    assert (found["severity"], found["file"]) == ("warning", "a.xlsx")
    assert "kịch bản" in found["message"]


def test_the_scenario_of_a_template_in_which_nothing_is_filled_in_is_no_warning(
    sqlite_client: TestClient,
) -> None:
    template = sqlite_client.get("/v1/templates/vi.xlsx", headers=MINISTRY).content
    answer = sqlite_client.post(
        f"{ROOT}?name=x&dry_run=true", files={"file": ("mẫu.xlsx", template)}, headers=MINISTRY
    )
    told = answer.json().get("warnings") or answer.json()["issues"]
    assert "scenario_aside" not in {one["code"] for one in told}


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b'{"name":', "json_broken"),
        (b'{"name":"a"} x', "json_broken"),
        (b"[]", "json_not_tables"),
        (b'{"name":"Mot","name":"Hai"}', "key_duplicate"),
    ],
)
@pytest.mark.parametrize("query", ["", "?name=x"])
def test_what_is_wrong_with_a_document_is_told_before_its_name_is_asked_for(
    sqlite_client: TestClient, body: bytes, code: str, query: str
) -> None:
    headers = MINISTRY | {"Content-Type": "application/json"}
    answer = sqlite_client.post(f"{ROOT}{query}", content=body, headers=headers)
    assert answer.status_code == 422
    assert code in codes_of(answer), answer.text
    assert sqlite_client.get(ROOT, headers=MINISTRY).json()["items"] == []


def test_issues_of_a_json_document_name_the_table(sqlite_client: TestClient) -> None:
    tables = {"name": "x", "assets": [car("A", units="x")], "needs": [need("N", units="y")]}
    answer = sqlite_client.post(ROOT, json=tables, headers=MINISTRY)
    assert answer.status_code == 422
    assert {one["file"] for one in answer.json()["issues"]} == {"body (assets)", "body (needs)"}


def test_every_issue_has_its_file_and_cell_and_nothing_is_stored(sqlite_client: TestClient) -> None:
    assets = [["asset_id", "category", "commune_code", "units"]]
    assets += [["A", "vehicle", SIN_SUOI_HO, "-1"], ["A", "boat", "99999", "1"]]
    needs = [["need_id", "category", "commune_code", "units"], ["N", "vehicle", SIN_SUOI_HO, "x"]]
    files = {"file": ("của tôi.xlsx", workbook(("assets", assets), ("needs", needs)))}
    answer = sqlite_client.post(f"{ROOT}?name=x", files=files, headers=MINISTRY)
    assert {"negative", "duplicate_id", "not_a_number", "commune_unknown"} <= codes_of(answer)
    issues = answer.json()["issues"]
    assert all(one["message"] and one["remedy"] for one in issues)
    (found,) = (one for one in issues if one["code"] == "negative")
    assert [found[key] for key in ("file", "sheet", "cell", "row", "column", "value")] == [
        "của tôi.xlsx", "assets", "D2", 2, "units", "-1",
    ]  # fmt: skip
    assert sqlite_client.get(ROOT, headers=MINISTRY).json()["items"] == []


HOSTILE: dict[str, bytes] = {
    "NUL in a cell": b"asset_id,category,commune_code\nA\0,vehicle,03394\n",
    "NUL in a heading": b"asset_id,category,commune_code,x\0y\nA,vehicle,03394,1\n",
    "no UTF-8": b"asset_id,category,commune_code\n\xff,vehicle,03394\n",
    "half a character": b"asset_id,category,commune_code\n\xed\xa0\x80,vehicle,03394\n",
    "an open quotation mark": b'asset_id,category,commune_code\n"A,vehicle,03394\n',
    "nothing": b"",
    "zeros": b"\0" * 1000,
}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE)
def test_what_no_database_takes_is_an_issue(client: TestClient, content: bytes) -> None:
    files = {"assets": ("a.csv", content), "needs": ("n.csv", NEEDS.encode())}
    assert codes_of(client.post(f"{ROOT}?name=x", files=files, headers=MINISTRY))


@pytest.mark.parametrize(
    "member",
    [
        '"\\ud800"',
        '"a\\u0000"',
        "NaN",
        "1e999",
        "9" * 5000,
        "[" * 100_000,
        '"\\udfff": 1',
        '{"a": 1}',
        '"a", "note": 1',
        '1, "": "x"',
        '"\\ud800' + "x" * 140_000 + '"',
    ],
)
def test_json_that_no_database_takes_is_an_issue_of_its_row(client: TestClient, member: str) -> None:
    row = json.dumps(car("A"))[:-1] + f', "note": {member}' + "}"
    body = f'{{"name": "x", "assets": [{row}], "needs": []}}'
    answer = client.post(ROOT, content=body.encode(), headers=MINISTRY | {"Content-Type": "application/json"})
    assert codes_of(answer)
    assert not client.get(ROOT, headers=MINISTRY).json()["items"]


@pytest.mark.parametrize("kind", ["official_id", "kind", "holder", "name", "x"])
def test_cells_of_any_length_are_stored(client: TestClient, kind: str) -> None:
    text = ("other:" if kind == "kind" else "") + "đ" * 5000
    answer = post(client, [car("A") | {kind: text}], [need("N")])
    if answer.status_code != 201:  # longer than the contract allows
        assert codes_of(answer)
        return
    rows = client.get(f"{answer.headers['Location']}/assets", headers=MINISTRY).json()["items"]
    assert rows[0]["cells"][kind] == text


def test_what_is_no_upload_is_refused_and_leaves_no_files(
    sqlite_client: TestClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spool = tmp_path / "spool"
    spool.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(spool))  # no other process uploads there
    send = sqlite_client.post
    kinds = {"Content-Type": "application/pdf"}
    assert send(f"{ROOT}?name=x", content=b"%PDF", headers=MINISTRY | kinds).status_code == 415
    assert send(f"{ROOT}?name=x", content=b"rows", headers=MINISTRY).status_code == 415
    cases: list[tuple[str, dict[str, Any]]] = [
        ("upload_file", {"files": {"file": ("a.pdf", b"x")}}),
        ("upload_file", {"files": {"file": ("scenario.json.csv", b"x")}}),
        ("upload_twice", {"files": [("assets", ("a.csv", b"x")), ("file", ("assets.csv", b"y"))]}),
        ("fields", {"files": {"file": ("assets.csv", b"x")}, "data": {"asets": "x"}}),
        ("fields", {"files": [("name", (None, "a")), ("name", (None, "b"))]}),
        ("fields", {"params": {"name": ""}}),
        ("fields", {"params": {"name": "x" * 201}}),
        ("fields", {"json": {"name": 5}, "params": {}}),
    ]
    for code, sent in cases:
        answer = send(ROOT, headers=MINISTRY, **({"params": {"name": "x"}} | sent))
        assert (answer.status_code, answer.json()["code"]) == (422, code), sent
    many = [("file", (f"{number}.csv", b"x")) for number in range(17)]
    forms: list[dict[str, Any]] = [
        {"content": b"x", "headers": {"Content-Type": "multipart/form-data"}},
        {"content": b"--y\r\nrubbish", "headers": {"Content-Type": "multipart/form-data; boundary=x"}},
        {"files": many, "headers": {}},
    ]
    for sent in forms:
        broken = send(f"{ROOT}?name=x", **(sent | {"headers": MINISTRY | sent["headers"]}))
        assert (broken.status_code, broken.json()["code"]) == (400, "form"), sent
    assert list(spool.iterdir()) == []


def test_a_part_is_read_as_json_csv_and_workbook_and_each_can_be_sent_back(sqlite_client: TestClient) -> None:
    rows = [car("A", màu="đỏ"), car("B", note="=1+1", official_id="12Q-1", commune_code=DOAN_KET)]
    address = made(sqlite_client, rows, [need("N")])
    part = f"{address}/provinces/12"
    tag = etag_of(sqlite_client, address, "12")
    put = LAI_CHAU | {"If-Match": tag}
    found = sqlite_client.get(part, headers=LAI_CHAU).json()
    sent: list[dict[str, Any]] = [{"json": {"assets": found["assets"], "needs": found["needs"]}}]
    files = []
    for table in ("assets", "needs"):
        csv = sqlite_client.get(part, params={"table": table}, headers=LAI_CHAU | {"Accept": "text/csv"})
        assert (csv.headers["ETag"], csv.content[:3]) == (tag, b"\xef\xbb\xbf")
        files.append(("file", (f"{table}.csv", csv.content)))
    sent.append({"files": files})
    for lang in ("en", "vi"):
        book = sqlite_client.get(part, params={"format": "xlsx", "lang": lang}, headers=LAI_CHAU)
        assert book.headers["Content-Type"] == XLSX
        sent.append({"files": {"file": ("a.xlsx", book.content)}})
    for one in sent:
        answer = sqlite_client.put(part, headers=put, **one)
        assert (answer.status_code, answer.json().get("stored")) == (200, False), answer.text
