"""Cars that a commune lacks.

Wanted = the lesser of the target and the norm, none where the norms say so. Every car in use in the
commune counts, whoever holds it. The missing cars are for the People's Committee first, then the Party
committee where it has none, then the People's Committee. The first car of a commune has priority 1, the
others 3.

Worked example: target 2, norm 2, one car in use held by "Đảng ủy xã": one need, the commune's second car,
for the People's Committee, priority 3.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from geodata.demand.held import Held
    from geodata.demand.read import Norms


class Car(NamedTuple):
    """A car that a commune lacks: the how-manieth of the commune, for whom, how urgent (1 to 5)."""

    number: int
    recipient: str
    priority: int


def missing_cars(commune: str, held: Held, norms: Norms) -> list[Car]:
    """Return the cars that a commune lacks."""
    if commune in norms.items("cars/none"):
        return []
    wanted = min(norms.count("cars/target"), norms.count("cars/norm"))
    party = held.cars.get("party", 0)
    present = sum(held.cars.values())
    cars = []
    for number in range(present + 1, wanted + 1):
        for_party = party == 0 and number > 1
        party += for_party
        cars.append(Car(number, "Đảng ủy" if for_party else "UBND", 1 if number == 1 else 3))
    return cars
