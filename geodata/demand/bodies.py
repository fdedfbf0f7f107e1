"""The bodies of a commune that have offices of their own, and how a holder's name tells them."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

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
_BEFORE = re.compile(r"^(?:(?:van phong|tru so|co quan|thuong truc) )+")
#: After a body's name: it is the province's, not the commune's.
_PROVINCIAL = re.compile(r" (?:va ubnd |va uy ban nhan dan )?tinh\b")

OTHER_LEVEL = "other level"


@cache
def body_of(holder: str, level: str = "") -> str:
    """Return the code of the body that a holder's name begins with, indifferent to marks and case.

    Parameters
    ----------
    holder
        As a table names it: "UBND xã Hợp Thành", "Văn phòng Đảng ủy".
    level
        `holder_level`, "" where unknown.

    Returns
    -------
    str
        "" where the name tells none; `OTHER_LEVEL` where it is no body of a commune.
    """
    if level in ("province", "central"):
        return OTHER_LEVEL
    name = _BEFORE.sub("", bare(holder))
    for code, prefixes in _PREFIXES.items():
        for prefix in prefixes:
            if name == prefix or name.startswith(f"{prefix} "):
                rest = name.removeprefix(prefix)
                return OTHER_LEVEL if _PROVINCIAL.match(rest) else code
    return ""
