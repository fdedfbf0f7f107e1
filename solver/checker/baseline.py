"""The plan before a re-plan (`docs/replan.md`): its lines, and what each of them is now.

A line is the first of these that holds: gone (its asset or need takes no part, or they are of two
categories), refused (its pair is banned), fixed (signed or executed: its units are pinned), open. What is
left of open lines is b (`rest.py`). A folder without `inputs/baseline.csv` is no re-plan: it has no lines, a
change costs nothing, and everything is free, whatever the scenario says.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from solver.checker.exact import UnreadableError, half_up, non_negative, read_table, whole

if TYPE_CHECKING:
    from pathlib import Path

    from solver.checker.exact import Row
    from solver.checker.inputs import Inputs
    from solver.checker.report import Log

    Pair = tuple[str, str]  # ids of an asset and a need

FILE: Final = "inputs/baseline.csv"
ASSET_GONE: Final = "asset_gone"
NEED_GONE: Final = "need_gone"
REFUSED: Final = "refused"
FIXED: Final = "fixed"
OPEN: Final = "open"
PLANNED: Final = "planned"
ROLES: Final = {PLANNED: OPEN, "signed": FIXED, "executed": FIXED, "refused": REFUSED}  # by state
FREE: Final = "free"
SAME_PROVINCE: Final = "same_province"
SAME_RECIPIENT: Final = "same_recipient"


@dataclass(frozen=True)
class Line:
    """A transfer of the plan before: units, state, and to which commune and recipient it led."""

    asset: str
    need: str
    units: int
    state: str
    commune: str
    recipient: str
    role: str

    @property
    def binds(self) -> bool:
        """Whether its asset may go only where such lines lead."""
        return self.role in (OPEN, FIXED, NEED_GONE)


@dataclass(frozen=True)
class Baseline:
    """All lines, and what the scenario says of changes: freedom, VND and most units; empty: no re-plan."""

    replan: bool = False
    lines: dict[Pair, Line] = field(default_factory=dict)
    freedom: str = FREE
    price: int = 0
    most: int | None = None

    def of(self, role: str) -> list[Line]:
        """List the lines of a role."""
        return [line for line in self.lines.values() if line.role == role]

    def state(self, pair: Pair) -> str:
        """Return the state of a transfer: that of its fixed line."""
        line = self.lines.get(pair)
        return line.state if line is not None and line.role == FIXED else PLANNED


def read_baseline(path: Path, inputs: Inputs, log: Log) -> Baseline:
    """Read the lines, where this is a re-plan; assets and needs are there already.

    Raises
    ------
    UnreadableError
        The scenario says something of changes that is not in `docs/replan.md`.
    """
    if not path.exists():
        return Baseline()
    stability = inputs.scenario["stability"]
    lines: dict[Pair, Line] = {}
    if stability["freedom"] not in (FREE, SAME_PROVINCE, SAME_RECIPIENT):
        raise UnreadableError(f"scenario.json: freedom is {stability['freedom']!r:.40}")
    price = non_negative(stability["change_price_vnd"], "change_price_vnd") or Fraction(0)
    most = non_negative(stability["max_changes"], "max_changes")
    for row in read_table(path):
        pair = row["asset_id"], row["need_id"]
        try:
            if "" in pair or pair in lines:
                raise ValueError("an empty id, or a pair twice")
            lines[pair] = _read(row, inputs)
        except ValueError as error:
            log.add("input_value", FILE, ",".join(pair), str(error))
        else:
            _check_fixed(lines[pair], inputs, log)
    if list(lines) != sorted(lines):
        log.add("input_value", FILE, "", "lines are sorted by asset_id, need_id")
    return Baseline(True, lines, stability["freedom"], half_up(price), None if most is None else int(most))


def _check_fixed(line: Line, inputs: Inputs, log: Log) -> None:
    """Nothing that is signed is lost, unless it leads out of the scope; what is fixed joins one category."""
    ends = ("assets.csv", line.asset), ("needs.csv", line.need)
    asset, need = inputs.assets.get(line.asset), inputs.needs.get(line.need)
    if asset is not None and need is not None:
        if asset.category != need.category and ROLES[line.state] == FIXED:
            log.add("pin", FILE, f"{line.asset},{line.need}", "asset and need differ in category")
    elif line.state == "signed":
        unknown = [name for file, name in ends if (file, name) not in inputs.ids]
        if unknown:
            text = f"signed, but not in the tables: {', '.join(unknown)}"
            log.add("pin", FILE, f"{line.asset},{line.need}", text)
        elif need is not None and ends[0] not in inputs.away:
            log.add("pin", FILE, f"{line.asset},{line.need}", "signed, but its asset may not move")


def _read(row: Row, inputs: Inputs) -> Line:
    state, units = row["state"] or PLANNED, whole(row, "units", -1)
    if state not in ROLES or units < 0:
        raise ValueError(f"state is {state!r:.40}, units are {row['units']!r:.40}")
    asset, need, role = inputs.assets.get(row["asset_id"]), inputs.needs.get(row["need_id"]), ROLES[state]
    if asset is None:
        role = ASSET_GONE
    elif need is None or need.category != asset.category:
        role = NEED_GONE
    ids = row["asset_id"], row["need_id"]
    return Line(*ids, units, state, row["to_commune_code"], row["recipient"], role)
