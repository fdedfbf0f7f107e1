"""What the whole country decides before any row is made: which communes, which seats, how many where."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from geodata.inventory import figures, special
from geodata.inventory.dice import Dice
from geodata.inventory.ground import ground
from geodata.inventory.shares import split

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from geodata.inventory.ground import Commune, OldUnit

# More than three of them in one old commune is rare.
_MOST_PREMISES = 3


@dataclass(frozen=True, slots=True)
class Plan:
    """The national choices.

    Attributes
    ----------
    without_car
        Codes of the communes without a car in use.
    short_of_equipment
        Codes of the communes whose equipment falls short.
    free_seats
        Codes of the old communes whose seat is surplus.
    other_premises
        Old commune -> surplus premises in it that the reorganisation did not free.
    premises_needs
        Purpose -> codes of the communes that want one.
    """

    without_car: frozenset[str]
    short_of_equipment: frozenset[str]
    free_seats: frozenset[str]
    other_premises: dict[str, int]
    premises_needs: dict[str, frozenset[str]]


@lru_cache(maxsize=2)
def plan(seed: int) -> Plan:
    """Make the national choices; each province's part of a total is a largest-remainder share."""
    dice = Dice(seed)
    land = ground()
    served = land.served()
    old_communes = land.old_communes.values()
    slots = _members((f"{old.code}/{i}", old) for old in old_communes for i in range(_MOST_PREMISES))
    others = figures.SURPLUS_PREMISES - figures.FROM_REORGANISATION
    chosen = _spread(dice, "other-premises", slots, split(others, _sizes(slots)))
    freed = _members((old.code, old) for old in old_communes if old.code not in land.communes)
    return Plan(
        without_car=_without_car(dice, served),
        short_of_equipment=_short_of_equipment(dice, served),
        free_seats=_spread(dice, "free-seat", freed, split(figures.COMMUNE_SEATS, _sizes(freed))),
        other_premises=dict(sorted(Counter(slot.split("/")[0] for slot in chosen).items())),
        premises_needs=_premises_needs(dice, served),
    )


def _without_car(dice: Dice, served: list[Commune]) -> frozenset[str]:
    rural = _members((one.code, one) for one in served if one.kind == "xã")
    fixed = figures.WITHOUT_CAR_FIXED
    none = figures.CITIES.union(fixed)
    weights = {
        code: 0 if code in none else len(codes) * (3 if code in figures.MOUNTAINS else 1)
        for code, codes in rural.items()
    }
    counts = split(figures.WITHOUT_CAR - sum(fixed.values()), weights) | fixed
    return _spread(dice, "without-car", rural, counts)


def _short_of_equipment(dice: Dice, served: list[Commune]) -> frozenset[str]:
    members = _members((one.code, one) for one in served)
    weights = {code: len(codes) * (2 if code in figures.MOUNTAINS else 1) for code, codes in members.items()}
    counts = split(figures.SHORT_OF_EQUIPMENT, weights)
    always = frozenset(special.GENERATOR_COMMUNES)
    left = {code: [name for name in names if name not in always] for code, names in members.items()}
    for code, names in members.items():
        counts[code] -= len(always.intersection(names))
    return _spread(dice, "short-of-equipment", left, counts) | always


def _premises_needs(dice: Dice, served: list[Commune]) -> dict[str, frozenset[str]]:
    members = _members((one.code, one) for one in served)
    sizes = _sizes(members)
    by_use = split(figures.PREMISES_NEEDS, figures.HANDLED)
    centres = frozenset(one.code for one in served if one.province not in figures.NO_COMMUNE_CENTRE)
    totals = {
        "headquarters": by_use["office"] - len(centres),
        "education": by_use["education"],
        "health": by_use["health"],
        **split(by_use["culture"], figures.CULTURE),
        **split(by_use["rest"], figures.REST),
    }
    wanted = {
        purpose: _spread(dice, f"needs-{purpose}", members, split(total, sizes))
        for purpose, total in totals.items()
    }
    return wanted | {"service_centre": centres}


def _members(pairs: Iterable[tuple[str, Commune | OldUnit]]) -> dict[str, list[str]]:
    """Gather names by province."""
    found: dict[str, list[str]] = {}
    for name, place in pairs:
        found.setdefault(place.province, []).append(name)
    return found


def _sizes(members: Mapping[str, list[str]]) -> dict[str, int]:
    return {code: len(names) for code, names in members.items()}


def _spread(
    dice: Dice, stream: str, members: Mapping[str, list[str]], counts: Mapping[str, int]
) -> frozenset[str]:
    return frozenset(
        name for code in sorted(members) for name in dice.choose(members[code], counts[code], stream)
    )
