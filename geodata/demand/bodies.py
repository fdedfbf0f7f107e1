"""The bodies of a commune that have offices of their own, and how a holder's name tells them.

What a body of another level holds does not count for the commune in which it lies. `holder_level` says so
(central, province), or says the opposite (commune), and is never overruled. Where it is empty, the first
words of the holder's name that tell a level decide:

- of the commune: xã, phường, đặc khu, thị trấn; what follows is an address ("UBND xã A, tỉnh B");
- of another level: tỉnh, huyện, quận, thị xã, thành phố (TX, TP), also in "Tỉnh ủy" and the like; Sở, Bộ,
  Cục, Chi cục, Tổng cục, trung ương; the bodies that hang on the state alone: Kho bạc, Tòa án, Viện kiểm
  sát, Thi hành án, Thuế, Thống kê, Hải quan, Bảo hiểm xã hội, Kiểm lâm, Quản lý thị trường, Ngân hàng Nhà
  nước, Ngân hàng Chính sách, Biên phòng, Phòng thủ khu vực, Quân khu. Old districts' bodies are among them.

A name that tells no level counts as the commune's. Capitals do not matter, marks only where they are
written: "Số 5" is no Sở, "Quân sự" no quận, "Bộ phận một cửa" no ministry.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from geodata.demand.levels import BEFORE, is_of_other_level
from geodata.names import bare


class Body(NamedTuple):
    """One body.

    `code` stands in the keys of norms, `mark` in identifiers; `words` is its name before the commune's;
    `purpose` that of its needs; `civil` whether its posts are among the commune's staff.
    """

    code: str
    mark: str
    words: str
    purpose: str
    civil: bool


#: In the order in which they are served from what no body holds.
BODIES = (
    Body("party", "PARTY", "Đảng ủy", "headquarters", True),
    Body("council", "COUNCIL", "HĐND và UBND", "headquarters", True),
    Body("front", "FRONT", "Ủy ban MTTQ Việt Nam", "headquarters", True),
    Body("service_centre", "SERVICE", "Trung tâm Phục vụ hành chính công", "service_centre", True),
    Body("police", "POLICE", "Công an", "police", False),
    Body("military", "MILITARY", "Ban Chỉ huy Quân sự", "military", False),
)
CIVIL = tuple(body for body in BODIES if body.civil)

_PREFIXES = {
    "party": ("dang uy",),
    "front": ("ubmttq", "mttq", "uy ban mttq", "mat tran", "uy ban mat tran"),
    "council": ("hdnd", "ubnd", "hoi dong nhan dan", "uy ban nhan dan"),
    "police": ("cong an",),
    "military": ("ban chi huy quan su", "quan su", "ban chqs", "bchqs"),
    "service_centre": ("trung tam phuc vu hanh chinh cong", "trung tam hanh chinh cong", "ttpvhcc"),
}

OTHER_LEVEL = "other level"


@cache
def body_of(holder: str, level: str = "") -> str:
    """Return the code of the body that a holder's name begins with, indifferent to marks and case.

    Parameters
    ----------
    holder
        As a table names it: "UBND xã Hợp Thành", "Văn phòng Đảng ủy".
    level
        `holder_level`, "" where unknown: then the words of the name decide.

    Returns
    -------
    str
        "" where the name tells none; `OTHER_LEVEL` where it is no body of a commune.
    """
    if level in ("province", "central") or (level != "commune" and is_of_other_level(holder)):
        return OTHER_LEVEL
    name = BEFORE.sub("", bare(holder))
    for code, prefixes in _PREFIXES.items():
        if any(name == prefix or name.startswith(f"{prefix} ") for prefix in prefixes):
            return code
    return ""
