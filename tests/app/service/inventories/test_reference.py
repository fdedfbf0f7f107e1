from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest

import geodata
import solver
from tests.app.service.inventories.uploads import LAI_CHAU, MINISTRY

if TYPE_CHECKING:
    from pathlib import Path

    from starlette.testclient import TestClient


@pytest.mark.parametrize("lang", ["en", "vi"])
def test_the_template_is_the_empty_workbook_of_its_language(
    sqlite_client: TestClient, tmp_path: Path, lang: str
) -> None:
    answer = sqlite_client.get(f"/v1/templates/{lang}.xlsx", headers=LAI_CHAU)
    assert answer.status_code == 200
    path = tmp_path / "template.xlsx"
    path.write_bytes(answer.content)
    raw = solver.read_tables(path)
    assert not [one for one in raw.issues if one.severity == "error"]
    assert set(raw.places) >= {"assets", "needs"}
    assert (raw.places["assets"].sheet == "Tài sản") == (lang == "vi")
    assert sqlite_client.get("/v1/templates/fr.xlsx", headers=LAI_CHAU).status_code == 422
    assert sqlite_client.get(f"/v1/templates/{lang}.xlsx").status_code == 401


def test_the_register_comes_in_pages_and_as_points(sqlite_client: TestClient) -> None:
    found: list[str] = []
    following: str | None = None
    while True:
        query = urlencode({"limit": 1000} | ({"after": following} if following else {}))
        page = sqlite_client.get(f"/v1/communes?{query}", headers=MINISTRY).json()
        found += [one["commune_code"] for one in page["items"]]
        following = page["next"]
        if following is None:
            break
    register = geodata.communes()
    assert found == sorted(register["commune_code"])
    mine = sqlite_client.get("/v1/communes?province=12&limit=1000", headers=LAI_CHAU).json()["items"]
    assert {one["province_name"] for one in mine} == {"Lai Châu"}
    answer = sqlite_client.get("/v1/communes.geojson", headers=LAI_CHAU)
    assert answer.headers["Content-Type"] == "application/geo+json"
    features = answer.json()["features"]
    assert len(features) == len(register)
    first = register.sort_values("commune_code").iloc[0]
    assert features[0]["geometry"] == {"type": "Point", "coordinates": [first["lon"], first["lat"]]}
    assert features[0]["properties"]["name"] == first["name"]
    tag = answer.headers["ETag"]
    for known in (tag, f"W/{tag}", f'"x", W/{tag}', "*", " * "):
        again = sqlite_client.get("/v1/communes.geojson", headers=MINISTRY | {"If-None-Match": known})
        assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", tag), known
    for other in (tag.strip('"'), f'"{tag.strip(chr(34))}x"', '"x"', ""):
        again = sqlite_client.get("/v1/communes.geojson", headers=MINISTRY | {"If-None-Match": other})
        assert again.status_code == 200, other
