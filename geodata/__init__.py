"""Communes, distances, needs by the norms and the synthetic inventory; knows neither `solver` nor `app`.

Importing the package is light: pandas and the data files are read when a name is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from geodata.codes import Located as Located
    from geodata.codes import read_codes as read_codes
    from geodata.demand.make import needs_from_norms as needs_from_norms
    from geodata.demand.read import GivenNorms as GivenNorms
    from geodata.demand.read import authorities as authorities
    from geodata.demand.read import norms as norms
    from geodata.demand.read import read_norms as read_norms
    from geodata.distance_tables import TableDistances as TableDistances
    from geodata.distance_tables import from_wide as from_wide
    from geodata.distance_tables import table_distances as table_distances
    from geodata.given_communes import GivenCommunes as GivenCommunes
    from geodata.given_communes import read_communes as read_communes
    from geodata.great_circle import GreatCircle as GreatCircle
    from geodata.inventory.make import Inventory as Inventory
    from geodata.inventory.make import reference as reference
    from geodata.inventory.make import write_reference as write_reference
    from geodata.register.read import changes as changes
    from geodata.register.read import code_changes as code_changes
    from geodata.register.read import communes as communes
    from geodata.register.read import old_communes as old_communes
    from geodata.register.read import old_districts as old_districts
    from geodata.register.read import old_provinces as old_provinces
    from geodata.register.read import provinces as provinces

    distances: GreatCircle

_REGISTER = (
    "changes",
    "code_changes",
    "communes",
    "old_communes",
    "old_districts",
    "old_provinces",
    "provinces",
)
_HOME = {
    **{name: ("geodata.register.read", name) for name in _REGISTER},
    "GreatCircle": ("geodata.great_circle", "GreatCircle"),
    "distances": ("geodata.great_circle", "DEFAULT"),
    "TableDistances": ("geodata.distance_tables", "TableDistances"),
    "from_wide": ("geodata.distance_tables", "from_wide"),
    "table_distances": ("geodata.distance_tables", "table_distances"),
    "Inventory": ("geodata.inventory.make", "Inventory"),
    "reference": ("geodata.inventory.make", "reference"),
    "write_reference": ("geodata.inventory.make", "write_reference"),
    "Located": ("geodata.codes", "Located"),
    "read_codes": ("geodata.codes", "read_codes"),
    "GivenCommunes": ("geodata.given_communes", "GivenCommunes"),
    "read_communes": ("geodata.given_communes", "read_communes"),
    "GivenNorms": ("geodata.demand.read", "GivenNorms"),
    **{name: ("geodata.demand.read", name) for name in ("authorities", "norms", "read_norms")},
    "needs_from_norms": ("geodata.demand.make", "needs_from_norms"),
}

__all__ = sorted(_HOME)


def __getattr__(name: str) -> object:
    """Import a public name on first use."""
    if name not in _HOME:
        raise AttributeError(f"module 'geodata' has no attribute {name!r}")
    module, attribute = _HOME[name]
    value = getattr(import_module(module), attribute)
    globals()[name] = value
    return value
