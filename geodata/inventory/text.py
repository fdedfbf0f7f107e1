"""Vietnamese words of the inventory: bodies, things and where they stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from geodata.inventory.ground import OldUnit

_PARTY = {
    "huyện": "Huyện ủy",
    "quận": "Quận ủy",
    "thị xã": "Thị ủy",
    "thành phố": "Thành ủy",
    "tỉnh": "Tỉnh ủy",
}


def district_body(unit: OldUnit, which: int) -> str:
    """Return a body of an old district: the people's committee, the party committee or an office."""
    bodies = (
        f"UBND {unit.title} (cũ)",
        f"{_PARTY[unit.kind]} {unit.name} (cũ)",
        f"Văn phòng HĐND và UBND {unit.title} (cũ)",
        f"UBMTTQ {unit.title} (cũ)",
        f"Phòng Nông nghiệp và Môi trường {unit.title} (cũ)",
        f"Trung tâm Chính trị {unit.title} (cũ)",
    )
    return bodies[which % len(bodies)]


def province_body(unit: OldUnit, which: int) -> str:
    """Return a body of an old province."""
    bodies = (
        f"Văn phòng UBND {unit.title} (cũ)",
        f"Văn phòng {_PARTY[unit.kind]} {unit.name} (cũ)",
        f"Sở Tài chính {unit.title} (cũ)",
        f"Sở Nội vụ {unit.title} (cũ)",
        f"Sở Xây dựng {unit.title} (cũ)",
        f"Sở Y tế {unit.title} (cũ)",
        f"Sở Giáo dục và Đào tạo {unit.title} (cũ)",
    )
    return bodies[which % len(bodies)]
