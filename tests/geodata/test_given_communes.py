from __future__ import annotations

from decimal import Decimal

import pandas as pd
import pytest

import geodata

REGISTER = geodata.communes()
CODES = REGISTER.set_index("commune_code")
HAC_THANH, BA_DINH = "14797", "00004"


def read(**columns: list[object]) -> geodata.GivenCommunes:
    return geodata.read_communes(pd.DataFrame(columns, dtype=object))


def issues(given: geodata.GivenCommunes) -> list[tuple[int | None, str, str]]:
    found = given.issues
    assert set(found["table"]) <= {"communes"}
    rows = [None if pd.isna(row) else int(row) for row in found["row"]]
    return list(zip(rows, found["column"], found["code"], strict=True))


def staff(given: geodata.GivenCommunes, title: str = "leaders") -> dict[str, int]:
    counts = given.communes.set_index("commune_code")[f"staff_{title}"].dropna()
    return {str(code): int(count) for code, count in counts.items()}


def test_without_a_table_the_register_is_as_it_is() -> None:
    given = geodata.read_communes(None)
    pd.testing.assert_frame_equal(given.communes, REGISTER)
    assert (given.completed, given.named, len(given.issues)) == (True, frozenset(), 0)


@pytest.mark.parametrize(
    ("name", "province"),
    [
        ("Hạc Thành", "Thanh Hóa"),
        ("phường Hạc Thành", "tỉnh Thanh Hoá"),
        ("hac thanh", "THANH HOA"),
        ("Hạc Thành", None),
    ],
)
def test_a_name_and_a_province_find_a_commune(name: str, province: str | None) -> None:
    given = read(name=[name], province_name=[province], staff_leaders=[9], staff_heads=[None])
    assert issues(given) == []
    assert (given.completed, given.named) == (True, frozenset({HAC_THANH}))
    assert staff(given) == {HAC_THANH: 9}
    assert staff(given, "heads") == {}


def test_a_province_may_be_given_by_its_code() -> None:
    # several communes are called Tân Lập
    given = read(name=["Tân Lập", "Tân Lập"], province_code=["44", None], staff_leaders=[5, 6])
    assert issues(given) == [(3, "name", "commune_ambiguous")]
    found = CODES[(CODES["name"] == "Tân Lập") & (CODES["province_code"] == "44")]
    assert staff(given) == {str(found.index[0]): 5}


def test_what_a_row_holds_replaces_the_registers_and_nothing_else_changes() -> None:
    given = read(
        commune_code=[BA_DINH, HAC_THANH],
        name=["ba dinh", None],
        kind=["Xa", None],
        island=[None, "Hòn Mê"],
        area_km2=[Decimal("3.5"), None],
        population=[None, 12345],
        staff_specialists=[None, 7],
    )
    assert issues(given) == []
    communes = given.communes.set_index("commune_code")
    changed = communes.loc[[BA_DINH, HAC_THANH]]
    assert changed["name"].tolist() == ["Ba Đình", "Hạc Thành"]
    assert changed["kind"].tolist() == ["xã", "phường"]
    assert changed["island"].tolist() == ["", "Hòn Mê"]
    assert changed["area_km2"].tolist() == [3.5, 24.63]
    assert changed["population"].fillna(0).tolist() == [0, 12345]
    assert staff(given, "specialists") == {HAC_THANH: 7}
    others = communes.drop(index=[BA_DINH, HAC_THANH])[CODES.columns]
    pd.testing.assert_frame_equal(others, CODES.loc[others.index])


def test_rows_that_find_no_commune_are_issues_and_change_nothing() -> None:
    given = read(
        commune_code=["99999", None, None, "4", "00001", BA_DINH, None],
        name=[None, "Atlantis", None, None, None, "Hạc Thành", "Atlantis"],
        province_name=[None, "Thanh Hóa", "Thanh Hóa", None, None, "Thanh Hóa", "Mu"],
        staff_leaders=[1, 2, 3, 4, 5, 6, 7],
    )
    assert issues(given) == [
        (2, "commune_code", "commune_unknown"),
        (3, "name", "commune_unknown"),
        (4, "commune_code", "commune_unnamed"),
        (5, "commune_code", "code_lost_zeros"),
        (6, "commune_code", "code_old"),
        (7, "name", "code_and_name_differ"),
        (8, "province_name", "province_unknown"),
    ]


def test_a_commune_stands_once() -> None:
    given = read(
        row=[4, 5, 9],
        commune_code=[BA_DINH, None, BA_DINH],
        name=[None, "Ba Đình", None],
        province_name=[None, "Hà Nội", None],
        staff_leaders=[1, 2, 3],
    )
    assert issues(given) == [(5, "name", "duplicate_id"), (9, "commune_code", "duplicate_id")]
    assert given.issues["message_en"].unique().tolist() == [
        "The commune Ba Đình (Hà Nội, 00004) is already in row 4."
    ]
    assert staff(given) == {BA_DINH: 1}


def test_a_kind_that_is_none_is_an_issue_and_the_registers_stays() -> None:
    given = read(commune_code=[BA_DINH], kind=["thị trấn"])
    assert issues(given) == [(2, "kind", "commune_kind_unknown")]
    assert given.communes.set_index("commune_code").loc[BA_DINH, "kind"] == "phường"


def test_a_table_with_points_stands_in_place_of_the_register() -> None:
    table = pd.DataFrame(
        {
            "commune_code": ["X1"],
            "name": ["Mới"],
            "province_code": ["77"],
            "lat": [21.0],
            "lon": [105.8],
            "staff_leaders": [3],
        }
    )
    given = geodata.read_communes(table)
    assert (given.completed, given.named, len(given.issues)) == (False, frozenset({"X1"}), 0)
    pd.testing.assert_frame_equal(given.communes[list(table.columns)], table)


def test_a_table_with_points_needs_codes_in_every_row() -> None:
    given = read(
        commune_code=["X1", None],
        name=["Mới", "Cũ"],
        province_name=["A", "B"],
        lat=[21.0, 21.1],
        lon=[105.8, 105.9],
    )
    # the whole column of provinces is missing, but one code only
    assert set(issues(given)) == {
        (None, "province_code", "register_incomplete"),
        (3, "commune_code", "register_incomplete"),
    }
    assert len(given.issues) == 2
