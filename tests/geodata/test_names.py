"""Names: tone marks, their style, case and the words for kinds."""

from __future__ import annotations

import pytest

from geodata.names import Gazetteer, bare, toned

GAZETTEER = Gazetteer(
    [
        ("1", "Hòa An", "xã", "Hà Nội"),
        ("2", "Hóa An", "phường", "Hà Nội"),
        ("3", "Thủy Nguyên", "phường", "Hải Phòng"),
        ("4", "An Bình", "xã", "Cần Thơ"),
        ("5", "An Bình", "phường", "Cần Thơ"),
        ("6", "Phú Quốc", "đặc khu", "An Giang"),
        ("7", "4", "phường", "Hồ Chí Minh"),
        ("8", "Xà Phiên", "xã", "Cần Thơ"),
    ]
)


def test_old_and_new_style_tones_are_one_key_and_other_tones_another() -> None:
    assert toned("Hoà") == toned("HÒA") == toned("Ho\u0300a") != toned("Hóa")
    assert toned("Thuỷ") == toned("thủy") != toned("Thuy")
    assert bare("Đắk  Lắk") == bare("dak-lak") == "dak lak"


@pytest.mark.parametrize(
    ("name", "province", "codes"),
    [
        ("Hòa An", "Hà Nội", ["1"]),
        ("xã Hoà An", "Thành phố Hà Nội", ["1"]),
        ("Hóa An", "TP. Hà Nội", ["2"]),
        ("Hoa An", "ha noi", ["1", "2"]),
        ("P. Thuy Nguyen", "Hai Phong", ["3"]),
        ("An Bình", "Cần Thơ", ["4", "5"]),
        ("phường An Bình", "Cần Thơ", ["5"]),
        ("Đặc khu Phú Quốc", "Tỉnh An Giang", ["6"]),
        ("Phú Quốc", "", ["6"]),
        ("Phường 4", "TPHCM", ["7"]),
        ("Xà Phiên", "Cần Thơ", ["8"]),
        ("Xã Xà Phiên", "Cần Thơ", ["8"]),
        # kinds change with time: a wrong one does not hide the name
        ("Phường Phú Quốc", "An Giang", ["6"]),
        ("Phú Quốc", "Hà Nội", []),
        ("Phú Quốc", "Atlantis", []),
        ("Atlantis", "", []),
    ],
)
def test_a_name_is_found_by_what_is_given_of_it(name: str, province: str, codes: list[str]) -> None:
    assert GAZETTEER.find(name, province) == codes


def test_near_names_come_from_the_province_when_it_is_known() -> None:
    assert GAZETTEER.near("Thủy Nguyện B", "Hải Phòng") == ["3"]
    assert GAZETTEER.near("Thủy Nguyện B", "Hà Nội") == []
