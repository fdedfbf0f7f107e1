"""Who asks: a key or the person at the keyboard, with a role and, below the ministry, a province."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What an actor is there for; contract section 5."""

    PLANNER = "planner"
    PROVINCE_PLANNER = "province_planner"
    PROVINCE_APPROVER = "province_approver"
    COMMUNE = "commune"
    AUDITOR = "auditor"
    ADMIN = "admin"


#: Roles of one province; each key of theirs names it.
OF_PROVINCE = frozenset({Role.PROVINCE_PLANNER, Role.PROVINCE_APPROVER, Role.COMMUNE})


@dataclass(frozen=True)
class Actor:
    """One who asks.

    Attributes
    ----------
    id
        Id of the API key, or a fixed word for what Surplan does itself.
    name
        Name that people gave the key.
    role
        What it may do.
    province_code
        The only province whose rows it sees; None sees all.
    commune_code
        The only commune whose rows it sees, for the role commune.

    Raises
    ------
    ValueError
        When a role of a province has none, another role has one, or a commune is missing.
    """

    id: str
    name: str
    role: Role
    province_code: str | None = None
    commune_code: str | None = None

    def __post_init__(self) -> None:
        if (self.role in OF_PROVINCE) != (self.province_code is not None):
            msg = f"role {self.role} with province {self.province_code!r}"
            raise ValueError(msg)
        if (self.role is Role.COMMUNE) != (self.commune_code is not None):
            msg = f"role {self.role} with commune {self.commune_code!r}"
            raise ValueError(msg)


#: What Surplan does by itself: workers, schedules, the command line of the machine it runs on.
SYSTEM = Actor("system", "Surplan", Role.ADMIN)
