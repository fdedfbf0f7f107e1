"""Re-plans of tiny instances, by the words of `docs/replan.md`: lines, what is left of them, changes.

What is left is tried unit by unit, the least of an asset over all numbers of units; groups are flooded.
Nothing comes from the solver or the checker.
"""

from __future__ import annotations

from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any

from tests.solver.verify_limits import Limited, Plan, Proof
from tests.solver.verify_naive import Match, Pair, Row, exact, half_up, words

if TYPE_CHECKING:
    from collections.abc import Iterable

LINE_COLUMNS = words("asset_id need_id units state to_commune_code recipient")
CHANGE_COLUMNS = words("asset_id need_id units_before units_after reason group saves_vnd")


def line(asset: str, need: str, units: int = 1, state: str = "", to: str = "", recipient: str = "") -> Row:
    """Write a line of the plan before."""
    cells = asset, need, str(units), state, to, recipient
    return dict(zip(LINE_COLUMNS, cells, strict=True))


class Replanned(Limited):
    """An instance with a plan before: what is left of it, what a plan changes."""

    @cached_property
    def lines(self) -> dict[Pair, Row]:
        return {(row["asset_id"], row["need_id"]): row for row in self.case.baseline or []}

    @cached_property
    def stability(self) -> dict[str, Any]:
        found: dict[str, Any] = self.rules["stability"]
        return found

    @cached_property
    def kappa(self) -> int:
        return half_up(exact(self.stability["change_price_vnd"]))

    def role(self, pair: Pair) -> str:
        a, n = self.assets.get(pair[0]), self.needs.get(pair[1])
        if a is None:
            return "asset_gone"
        if n is None or n["category"] != a["category"]:
            return "need_gone"
        state = self.lines[pair]["state"]
        return {"refused": "refused", "signed": "fixed", "executed": "fixed"}.get(state, "open")

    def state(self, pair: Pair) -> str:
        if pair in self.lines and self.role(pair) == "fixed":
            return self.lines[pair]["state"]
        return "planned"

    def contradicts(self, pair: Pair) -> bool:
        """Tell whether a line may not be beside these tables: signed, but gone; fixed, of two categories."""
        state, (a, n) = self.lines[pair]["state"], pair
        if a in self.assets and n in self.needs:
            return state in ("signed", "executed") and self.role(pair) == "need_gone"
        assets = {row["asset_id"]: row for row in self.case.assets}
        unknown = a not in assets or n not in [row["need_id"] for row in self.case.needs]
        return state == "signed" and (unknown or (n in self.needs and self._inside(assets[a])))

    def _inside(self, row: Row) -> bool:
        scope = self.rules["scope_province"]
        return not scope or self.at.get(row["commune_code"], {}).get("province_code", "") == scope

    # --- which pairs are eligible, and pinned

    def match(self, a: Row, n: Row) -> Match:
        found, pair = super().match(a, n), (a["asset_id"], n["need_id"])
        if found.stage == "" and pair in self.lines and self.role(pair) == "refused":
            found.stage = "banned"
        elif found.stage == "" and not self.free(a, n):
            found.stage = "freedom"
        return found

    def free(self, a: Row, n: Row) -> bool:
        roles = ("open", "fixed", "need_gone")
        own = [
            row for pair, row in self.lines.items() if pair[0] == a["asset_id"] and self.role(pair) in roles
        ]
        if self.stability["freedom"] == "free" or not own:
            return True
        if self.stability["freedom"] == "same_recipient":
            body = n["commune_code"], n["recipient"]
            return body in [(row["to_commune_code"], row["recipient"]) for row in own]
        homes = [self.at.get(row["to_commune_code"], {}).get("province_code", "") for row in own]
        return self.province(n) in homes

    def _pins(self) -> Plan:
        pins = super()._pins()
        for pair, row in self.lines.items():
            if self.role(pair) == "fixed" and int(row["units"]):
                pins[pair] = max(pins.get(pair, 0), int(row["units"]))
        return pins

    # --- what is left of the plan before

    @cached_property
    def left(self) -> Plan:
        kept: Plan = {}
        lines = [pair for pair in self.lines if self.role(pair) == "open" and pair in self.pairs]
        saves = {pair: self.weighted(self.needs[pair[1]]) - self.pairs[pair].cost for pair in lines}
        for pair in sorted(lines, key=lambda pair: (-saves[pair], pair)):
            for units in range(int(self.lines[pair]["units"]) - self.pins.get(pair, 0), 0, -1):
                if self.keeps(self.beside(kept | {pair: units})):
                    kept[pair] = units
                    break
        return kept

    def beside(self, moved: Plan) -> Plan:
        """The pins, and what is moved beside them."""
        return {k: self.pins.get(k, 0) + moved.get(k, 0) for k in {**self.pins, **moved}}

    def changed(self, plan: Plan) -> Plan:
        moved = {pair: max(0, units - self.pins.get(pair, 0)) for pair, units in plan.items()}
        found = {pair: moved.get(pair, 0) - self.left.get(pair, 0) for pair in {**moved, **self.left}}
        return {pair: units for pair, units in found.items() if units != 0}

    def changes(self, plan: Plan) -> int:
        return sum(abs(units) for units in self.changed(plan).values())

    def change_cost(self, plan: Plan, needs: Iterable[str]) -> int:
        own = set(needs)
        return self.kappa * sum(abs(units) for pair, units in self.changed(plan).items() if pair[1] in own)

    def objective(self, plan: Plan) -> int:
        return super().objective(plan) + self.kappa * self.changes(plan)

    # --- the row of changes

    @cached_property
    def rows(self) -> list[str]:
        return sorted([*super().rows, *(["changes"] if self.stability["max_changes"] is not None else [])])

    @cached_property
    def bent(self) -> bool:
        return bool(self.rows or self.levels or self.pins)

    @cached_property
    def mixed(self) -> bool:
        return super().mixed or (len(self.planned) > 1 and "changes" in self.rows)

    def category(self, row: str) -> str:
        if row != "changes":
            return super().category(row)
        return next(iter(self.planned)) if len(self.planned) == 1 else ""

    def counts(self, row: str, pair: Pair) -> int:
        return 0 if row == "changes" else super().counts(row, pair)

    def used(self, row: str, plan: Plan) -> int:
        return self.changes(plan) if row == "changes" else super().used(row, plan)

    def pinned_of(self, row: str) -> int:
        return 0 if row == "changes" else super().pinned_of(row)  # what is pinned is no change

    def most(self, row: str) -> int | None:
        return int(self.stability["max_changes"]) if row == "changes" else super().most(row)

    def keeps(self, plan: Plan) -> bool:
        """Tell whether a plan keeps to all limits but floors and changes."""
        caps = [(row, most) for row in self.rows if row != "changes" and (most := self.most(row)) is not None]
        return self.feasible(plan) and all(self.used(row, plan) <= most for row, most in caps)

    def reaches(self, plan: Plan) -> bool:
        most = self.stability["max_changes"]
        return super().reaches(plan) and (most is None or self.changes(plan) <= most)

    def worth_it(self, pair: Pair) -> bool:
        return super().worth_it(pair) or pair in self.left

    # --- the formula

    def _gain(self, a: str, proof: Proof, money: int, demand: dict[str, int]) -> int:
        values, mine = self.values(a, proof, money), {p: u for p, u in self.pins.items() if p[0] == a}
        turn = money * self.kappa + proof.row.get("changes", 0)
        if self.assets[a]["category"] != "premises":
            left = int(self.assets[a]["units"]) - sum(mine.values())
            first = [values[p] - turn for p, units in self.left.items() if p[0] == a for _ in range(units)]
            further = [value + turn for value in values.values() for _ in range(left)]
            kept = sum(units for p, units in self.left.items() if p[0] == a)
            return turn * kept + sum(min(0, value) for value in sorted(first + further)[:left])
        room = self.room(self.assets[a]) - sum(self.pairs[p].load * u for p, u in mine.items())
        opening = 0 if mine else money * self.opening(self.assets[a])
        best: dict[tuple[Fraction, bool], int] = {(Fraction(0), False): 0}
        for pair, value in values.items():
            wider: dict[tuple[Fraction, bool], int] = {}
            for (area, used), total in best.items():
                for units in range(demand[pair[1]] + 1):
                    state = area + units * self.pairs[pair].load, used or units > 0
                    amount = total + value * units + turn * abs(units - self.left.get(pair, 0))
                    if state[0] <= room and amount <= wider.get(state, amount):
                        wider[state] = amount
            best = wider
        return min(total + (opening if used else 0) for (_, used), total in best.items())

    # --- reasons

    def held_back(self, plan: Plan, pair: Pair, cost: int, *, free: bool) -> bool:
        changed, most = self.changed(plan), self.stability["max_changes"]
        if changed.get(pair, 0) < 0:
            return False
        turned = any(units > 0 for p, units in changed.items() if p[0] == pair[0])
        if most is not None and most - self.changes(plan) < 1 and not turned:
            return True
        return free and cost + self.kappa >= self.weighted(self.needs[pair[1]])

    def spent(self, plan: Plan, pair: Pair, head: str) -> bool:
        return head != "changes" and super().spent(plan, pair, head)

    # --- changes.csv

    def lines_of_changes(self, plan: Plan) -> list[Row]:
        changed, lines = self.changed(plan), list[Row]()
        before = {pair: int(row["units"]) for pair, row in self.lines.items()}
        pairs = sorted(p for p in {**before, **plan} if before.get(p, 0) != plan.get(p, 0))
        groups = grouped(sorted(changed))
        listed = list(dict.fromkeys(at for pair in pairs for at, own in enumerate(groups) if pair in own))
        groups = [groups[at] for at in listed]
        for pair in pairs:
            number = next((i for i, group in enumerate(groups, 1) if pair in group), 0)
            cells = [
                *pair, before.get(pair, 0), plan.get(pair, 0), self.why(pair, plan, before.get(pair, 0)),
                number or "", self.saves(groups[number - 1], plan) if number else "",
            ]  # fmt: skip
            lines.append(dict(zip(CHANGE_COLUMNS, map(str, cells), strict=True)))
        return lines

    def why(self, pair: Pair, plan: Plan, before: int) -> str:
        after, pinned, changed = plan.get(pair, 0), self.pins.get(pair, 0), self.changed(plan)
        role = self.role(pair) if pair in self.lines else ""
        if role in ("asset_gone", "need_gone", "refused"):
            return role
        if self.all[pair].stage:
            return self.all[pair].stage
        if after < before and after == self.left.get(pair, 0) + pinned:
            return "fewer"
        if after > before:
            return "pinned" if after == pinned else "new"
        for end, reason in enumerate(("moved", "replaced")):
            if any(p != pair and p[end] == pair[end] and units > 0 for p, units in changed.items()):
                return reason
        return "dropped"

    def saves(self, group: list[Pair], plan: Plan) -> int:
        """Cost of a group before less that after: pairs, units unmet, openings."""

        def cost(moved: Plan) -> int:
            whole = {p: u for p, u in plan.items() if p not in group} | moved
            total = sum(self.pairs[pair].cost * units for pair, units in moved.items())
            for k in {need for _, need in group}:
                met = sum(units for p, units in whole.items() if p[1] == k)
                total += (int(self.needs[k]["units"]) - met) * self.weighted(self.needs[k])
            return total

        then = {pair: self.pins.get(pair, 0) + self.left.get(pair, 0) for pair in group}
        saved = cost(then) - cost({pair: plan.get(pair, 0) for pair in group})
        for a in {asset for asset, _ in group}:
            was = any(p[0] == a for p in (*self.left, *self.pins))
            saved += self.opening(self.assets[a]) * (was - any(p[0] == a for p in plan))
        return saved


def grouped(pairs: list[Pair]) -> list[list[Pair]]:
    """Put pairs together that share an asset or a need; groups in the order of their first pair."""
    groups: list[list[Pair]] = []
    for pair in pairs:
        near = [group for group in groups if any(p[0] == pair[0] or p[1] == pair[1] for p in group)]
        groups = [group for group in groups if group not in near]
        groups.append([*(p for group in near for p in group), pair])
    return sorted(([*sorted(group)] for group in groups), key=lambda group: group[0])
