"""Offices that the bodies of a commune lack.

Norm of a body [m2] = offices x (100 + common share) / 100 + special area, where offices = sum over titles
of posts x norm, and one leader of the Party committee is the secretary. A body without posts has no norm.

In use [m2] = premises in use of the kinds that count as offices (or, for police and military, as
barracks), by the body that the holder's name begins with. What names no body, and what civil bodies have
beyond their norm, is a pool; it fills the shortfalls of the civil bodies in the order of `bodies.BODIES`.
Barracks that name no body fill those of the police, then of the military. What is left, rounded down to
whole m2 (the norm is a maximum), is the need; below the least area there is none.

Worked example (the defaults, no staff numbers, 300 m2 in use by "UBND xã"): the Party committee has 2
leaders, 3 heads, 5 specialists: 30 + 20 + 3 x 18 + 5 x 15 = 179; x 150 % = 268.5: a need of 268 m2. HĐND
and UBND have 4, 3 and 8: 80 + 54 + 120 = 254; x 150 % = 381; + 150 = 531; - 300 = 231 m2.
"""

from __future__ import annotations

from decimal import ROUND_FLOOR, Decimal
from typing import TYPE_CHECKING

from geodata.demand.bodies import BODIES

if TYPE_CHECKING:
    from geodata.demand.held import Held
    from geodata.demand.read import Norms
    from geodata.demand.staff import Posts

_NONE = Decimal(0)


def norm_areas(posts: Posts, norms: Norms) -> dict[str, Decimal]:
    """Return the norm of each body [m2], before rounding."""
    share = 1 + norms.number("headquarters/common_share") / 100
    areas: dict[str, Decimal] = {}
    for body, titles in posts.items():
        offices = sum((count * norms.number(f"office/{title}") for title, count in titles.items()), _NONE)
        if body == "party" and titles["leaders"]:
            offices += norms.number("office/secretary") - norms.number("office/leaders")
        special = norms.number(f"headquarters/special/{body}")
        areas[body] = offices * share + special if any(titles.values()) else _NONE
    return areas


def lacking(posts: Posts, held: Held, norms: Norms) -> dict[str, int]:
    """Return what each body lacks [m2], by its code; bodies that lack nothing are left out."""
    wanted = norm_areas(posts, norms)
    civil = {body.code for body in BODIES if body.civil}
    used = {
        code: held.offices.get(code, _NONE) + held.barracks.get(code, _NONE) for code in {*wanted, *civil}
    }
    pool = held.offices.get("", _NONE)
    for code in sorted(civil):
        pool += max(_NONE, used[code] - wanted.get(code, _NONE))
    barracks = held.barracks.get("", _NONE)
    least = max(Decimal(1), norms.number("headquarters/least"))
    found: dict[str, int] = {}
    for body in BODIES:
        short = max(_NONE, wanted.get(body.code, _NONE) - used.get(body.code, _NONE))
        if body.civil:
            taken = min(pool, short)
            pool -= taken
        else:
            taken = min(barracks, short)
            barracks -= taken
        area = int((short - taken).to_integral_value(ROUND_FLOOR))
        if area >= least:
            found[body.code] = area
    return found
