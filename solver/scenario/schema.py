"""Every key of a scenario: type, unit, default, where the default comes from, whether it is built.

Money is VND, distances are kilometres, areas square metres. The default of a keyed table is a dictionary.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal, TypeAlias

from solver.tables.columns import MAX_MONEY, MAX_UNITS
from solver.tables.kinds import LEGAL_STATUSES, PURPOSES, codes

KeyType = Literal[
    "text",
    "choice",
    "date",
    "flag",
    "integer",
    "number",
    "floor",
    "factors",
    "choices",
    "kinds",
    "pairs",
    "pins",
]
Keyed = Literal["", "kind", "category", "province", "purpose", "purpose_or_kind"]

ASSUMPTION = "assumption"
PRIORITIES = 5
#: In place of a share: the smallest share met is to be as large as can be.
MAX_MIN = "max-min"


Value: TypeAlias = Any  # the value of any key, or one of its members


@dataclass(frozen=True, slots=True)
class Key:
    """One key of the scenario.

    Parameters
    ----------
    name
        Dotted key.
    type
        Type of the value, or of each value of a keyed table.
    meaning
        What it decides.
    default
        Value where the scenario says nothing; None = no value. A keyed table's default is merged key by key.
    source
        Where the default comes from: one text, or for keyed tables key -> text.
    unit
        Unit of a number, or "".
    keyed
        What the keys of a table name, or "" for a single value.
    specific
        For tables keyed by kind: the most specific key wins, so a written category drops default keys below
        it. Otherwise every key that applies, applies.
    choices
        Values allowed, for choices.
    later
        Those of the choices that are not built.
    low, high
        Least and greatest number.
    built
        Whether the feature is built; where not, only the default is accepted.
    computed_only
        Whether the default falls away when a matches table says what is eligible and what it costs.
    """

    name: str
    type: KeyType
    meaning: str
    default: Value = None
    source: str | dict[str, str] = ""
    unit: str = ""
    keyed: Keyed = ""
    specific: bool = True
    choices: tuple[str, ...] = ()
    low: int = 0
    high: int = MAX_MONEY
    built: bool = True
    computed_only: bool = False

    def nothing(self) -> Value:
        """Return the value that has no effect: an empty table, 0 or None."""
        if self.keyed:
            return {}
        return 0 if self.type in ("integer", "number") and self.default is not None else None

    def default_for(self, *, explicit_matches: bool) -> Value:
        """Return the default, with a matches table or without."""
        return self.nothing() if explicit_matches and self.computed_only else self.default


def _number(
    name: str,
    meaning: str,
    unit: str,
    default: Value,
    source: str | dict[str, str] = ASSUMPTION,
    **more: Value,
) -> Key:
    return Key(name, "number", meaning, default, source, unit, **more)


def _keyed(
    name: str,
    meaning: str,
    unit: str,
    default: dict[str, Any],
    source: str | dict[str, str] = ASSUMPTION,
    **more: Value,
) -> Key:
    return Key(name, "number", meaning, default, source, unit, keyed="kind", **more)


_CROSS = ("allowed", "surcharge", "forbidden")
_CAR_NORM = "Decree 72/2023 as amended by 153/2025: at most 2 general-work cars per commune"
_CAR_PRICE = "Decree 72/2023 as amended by 153/2025: price ceiling of a car"
_PUBLIC_USE = "Official Dispatch 213/CĐ-TTg (local authorities first); order among the rest: assumption"

KEYS: tuple[Key, ...] = (
    Key("name", "text", "Name of the scenario", ""),
    Key(
        "objective",
        "choice",
        "What is minimised",
        "net_cost",
        "part of the model",
        choices=("net_cost", "coverage_first"),
    ),
    Key(
        "date",
        "date",
        "Day for which the plan is made: ages, deadlines",
        None,
        "the latest date that the tables state",
    ),
    Key(
        "commune_codes", "choice", "How commune codes are read", "auto", choices=("auto", "2025", "pre-2025")
    ),
    Key("scope_province", "text", "Code of the one province that is planned; empty = the whole country"),
    _keyed(
        "reach_km",
        "Farthest distance of an asset",
        "km",
        {"vehicle": 400, "equipment": 200, "premises": 20, "premises/housing": 10},
        {"": ASSUMPTION, "equipment": ASSUMPTION},
    ),
    _keyed(
        "prices.per_km",
        "Moving one unit one kilometre",
        "VND/km",
        {"vehicle": 12_000, "equipment": 6_000},
        ASSUMPTION,
    ),
    _keyed(
        "prices.handover",
        "Handing over one unit",
        "VND",
        {"vehicle": 2_000_000, "equipment": 200_000, "premises": 5_000_000},
        ASSUMPTION,
    ),
    _number(
        "prices.repair_per_m2", "Full repair of premises at 0 % condition", "VND/m2", 3_000_000, ASSUMPTION
    ),
    _number("prices.change_of_use_per_m2", "Change of use of premises", "VND/m2", 1_500_000, ASSUMPTION),
    _number("prices.build_per_m2", "Building on land", "VND/m2", 9_000_000, ASSUMPTION),
    _number(
        "prices.travel_per_km_m2_year",
        "Travel to premises away from the place of the need",
        "VND/(km m2 year)",
        200,
        ASSUMPTION,
    ),
    _number("prices.horizon_years", "Years of travel that are counted", "years", 10, ASSUMPTION),
    _number(
        "prices.cross_province",
        "Surcharge of a unit that changes province, where the rule says so",
        "VND",
        5_000_000,
        ASSUMPTION,
    ),
    _number(
        "prices.open_premises",
        "Putting premises to use at all",
        "VND",
        100_000_000,
        ASSUMPTION,
        computed_only=True,
    ),
    Key(
        "prices.count_release_value",
        "flag",
        "Count the proceeds given up when premises are used",
        False,
        "public use first",
    ),
    _keyed(
        "prices.unmet",
        "One unit left unmet (premises: per m2)",
        "VND",
        {
            "vehicle": 950_000_000,
            "vehicle/car": 950_000_000,
            "vehicle/minibus": 1_300_000_000,
            "vehicle/motorcycle": 35_000_000,
            "equipment": 20_000_000,
            "equipment/computer": 20_000_000,
            "premises": 9_000_000,
        },
        {
            "": ASSUMPTION,
            "vehicle/car": _CAR_PRICE,
            "vehicle/minibus": _CAR_PRICE + " of 12 to 16 seats",
            "equipment/computer": "Decision 15/2025: a computer up to 20 million",
            "premises": ASSUMPTION,
        },
    ),
    Key(
        "prices.priority_factor",
        "factors",
        "Factors of the unmet price for priorities 1 to 5",
        [4, 2, 1, Decimal("0.5"), Decimal("0.25")],
        "part of the model",
    ),
    Key(
        "rules.cross_province",
        "choice",
        "Whether a unit may change province",
        {"vehicle": "surcharge", "equipment": "surcharge", "premises": "forbidden"},
        ASSUMPTION,
        keyed="kind",
        choices=_CROSS,
        computed_only=True,
    ),
    Key(
        "rules.within_commune",
        "choices",
        "Purposes that take premises of their own commune only",
        ["headquarters", "service_centre", "health", "police"],
        "part of the model",
        choices=codes(PURPOSES),
    ),
    _keyed(
        "rules.min_condition_pct",
        "Least remaining quality; unknown never meets it",
        "%",
        {"vehicle": 30},
        ASSUMPTION,
        high=100,
    ),
    _keyed(
        "rules.max_age_years",
        "Greatest age; an unknown year does not pass",
        "years",
        {"vehicle/car": 20},
        ASSUMPTION,
        high=1000,
    ),
    Key(
        "rules.legal_status",
        "choices",
        "Legal statuses that may move",
        ["clear"],
        ASSUMPTION,
        choices=codes(LEGAL_STATUSES),
    ),
    Key(
        "rules.same_use",
        "kinds",
        "Kinds of premises that need no change of use, by purpose",
        {
            "headquarters": ["office"],
            "service_centre": ["office"],
            "education": ["school"],
            "health": ["clinic"],
            "culture": ["culture_house"],
            "housing": ["house"],
        },
        ASSUMPTION,
        keyed="purpose",
    ),
    Key(
        "priority_by_purpose",
        "integer",
        "Priority of a need that states none, by purpose, category or kind; else 3",
        {
            "headquarters": 1,
            "service_centre": 1,
            "health": 2,
            "education": 2,
            "police": 2,
            "culture": 3,
            "housing": 3,
        },
        _PUBLIC_USE,
        keyed="purpose_or_kind",
        low=1,
        high=PRIORITIES,
    ),
    Key(
        "norms.max_per_commune",
        "integer",
        "Most units in use and received in a commune",
        {"vehicle/car": 2},
        _CAR_NORM,
        "units",
        keyed="kind",
        specific=False,
        computed_only=True,
    ),
    _keyed(
        "norms.life_years",
        "Years of use, for the remaining quality where it is unknown",
        "years",
        {"vehicle": 15, "vehicle/car": 15, "equipment": 5, "equipment/computer": 5},
        {"": ASSUMPTION, "vehicle/car": ASSUMPTION, "equipment/computer": ASSUMPTION},
        low=1,
        high=1000,
        computed_only=True,
    ),
    Key(
        "limits.budget_vnd",
        "integer",
        "Most to spend on transfers in all; openings of premises are not counted",
        unit="VND",
    ),
    Key(
        "limits.budget_vnd_by_province",
        "integer",
        "Most to spend on transfers to a province, by its code",
        {},
        unit="VND",
        keyed="province",
    ),
    Key(
        "limits.budget_vnd_by_category",
        "integer",
        "Most to spend on transfers of a category",
        {},
        unit="VND",
        keyed="category",
    ),
    Key(
        "limits.cross_province_max",
        "integer",
        "Most units that change province",
        {},
        unit="units",
        keyed="kind",
        specific=False,
        high=MAX_UNITS,
    ),
    Key(
        "equity.by",
        "choice",
        "Groups of a coverage floor",
        "province",
        "part of the model",
        choices=("province", "priority", "country"),
    ),
    Key(
        "equity.coverage_floor",
        "floor",
        'Least share of demand met in each group; "max-min": the smallest share met as large as can be',
        {},
        unit="share",
        keyed="kind",
        specific=False,
        high=1,
    ),
    Key(
        "equity.floor_mode",
        "choice",
        "What an unattainable floor means",
        "attainable",
        "part of the model",
        choices=("attainable", "strict"),
    ),
    Key(
        "stability.freedom",
        "choice",
        "What a re-plan may change",
        "free",
        choices=("same_recipient", "same_province", "free"),
    ),
    Key(
        "stability.change_price_vnd",
        "integer",
        "Price of a changed unit",
        10_000_000,
        "part of the model",
        "VND",
        high=10**12,
    ),
    Key("stability.max_changes", "integer", "Most changed units", unit="units"),
    Key("stability.pins", "pins", "Transfers that must be: asset, need, units (none: all that fit)", []),
    Key("stability.bans", "pairs", "Transfers that must not be: asset, need", []),
    _number("solver.time_limit_s", "Time limit", "s", 60, ASSUMPTION, high=10**7),
    Key("solver.work_limit", "integer", "Deterministic limit of work; 0 = none", 0),
    _number("solver.cost_gap", "Gap to the cost of the transfers at which to stop", "share", 0, high=1),
    _number("solver.value_gap", "Gap to the value of the plan at which to stop", "share", 0, high=1),
    Key("solver.gap_vnd", "integer", "Gap at which to stop", 0, unit="VND"),
    Key("solver.seed", "integer", "Seed", 0, high=2**31 - 1),
    Key(
        "solver.processes",
        "integer",
        "Processes; 0 = all cores; the plan does not depend on it",
        0,
        high=4096,
    ),
)

BY_NAME: dict[str, Key] = {key.name: key for key in KEYS}
SECTIONS: frozenset[str] = frozenset(name.partition(".")[0] for name in BY_NAME if "." in name)
