"""Components of re-plans, and trees for them, by the words of `docs/replan.md`: `tree_writer` grows nodes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.solver.tree_writer import Part, Writer, flood, least_cost

if TYPE_CHECKING:
    from random import Random

    from tests.solver.verify_naive import Pair
    from tests.solver.verify_replan import Replanned

Class = tuple[list[str], str | None]  # needs, and the building where they are kept


@dataclass
class Entry:
    """A component with what its tree proves, times the denominator: as it is written, and less the shift."""

    proof: dict[str, Any]
    proven: int
    lowered: int
    needs: list[str]


class Left:
    """What pins leave of premises, and the pairs that a plan may gain by."""

    def __init__(self, s: Replanned) -> None:
        self.s, self.scale = s, s.case.denominator
        pins = {pair: units for pair, units in s.pins.items() if s.assets[pair[0]]["category"] == "premises"}
        self.demand = {
            k: int(n["units"]) - sum(units for pair, units in pins.items() if pair[1] == k)
            for k, n in s.needs.items()
        }
        self.room = {
            k: s.room(a) - sum(s.pairs[pair].load * units for pair, units in pins.items() if pair[0] == k)
            for k, a in s.assets.items()
        }
        self.opening = {
            k: 0 if any(pair[0] == k for pair in pins) else s.opening(a) for k, a in s.assets.items()
        }
        housed = [p for p in s.pairs if s.assets[p[0]]["category"] == "premises" and self.demand[p[1]] > 0]
        self.all = {p: s.pairs[p] for p in housed}
        self.price = {k: s.weighted(n) for k, n in s.needs.items()}
        self.joins = [
            p for p, m in self.all.items() if m.cost + s.kappa < self.price[p[1]] or s.left.get(p, 0) > 0
        ]
        self.rows: dict[Pair, set[str]] = {}
        for pair in self.joins:
            for row in s.rows_of(pair):
                self.rows.setdefault(row, set()).add(pair[1])

    def cap(self, row: Pair) -> int:
        taken = sum(units for pair, units in self.s.pins.items() if row in self.s.rows_of(pair))
        return self.s.cap(row) - taken

    def groups(self) -> list[tuple[list[str], list[str]]]:
        """Assets and needs of each component."""
        links = [{f"a{a}", f"n{n}"} for a, n in self.joins]
        links += [{f"n{n}" for n in needs} for needs in self.rows.values()]
        return [
            (
                sorted(name[1:] for name in group if name[0] == "a"),
                sorted(n[1:] for n in group if n[0] == "n"),
            )
            for group in flood(links)
        ]

    def classes(self, needs: list[str], *, plain: bool) -> list[Class]:
        found: list[Class] = []
        for need in needs:
            kept = {} if plain else {p[0]: u for p, u in self.s.left.items() if p[1] == need}
            found += [([need], asset) for asset in sorted(kept)]
            if self.demand[need] > sum(kept.values()):
                found.append(([need], None))
        return found

    def part(self, assets: list[str], classes: list[Class], *, plain: bool) -> tuple[Part, int]:
        """The part that a tree begins with, and what it costs above what plans cost."""
        s, kappa = self.s, 0 if plain else self.s.kappa
        guests, pairs, places = dict[str, tuple[int, int]](), {}, dict[str, int]()
        for (need,), asset in classes:
            name = f"{need}|{asset}" if asset else need
            others = [a for (n,), a in classes if n == need and a]
            left = self.demand[need] - sum(s.left[a, need] for a in others)
            guests[name] = (s.left[asset, need] if asset else left, (self.price[need] + kappa) * self.scale)
            places[need] = self.demand[need]
        for a in assets:
            for (need,), asset in classes:
                match = self.all.get((a, need))
                cost = match.cost + (0 if a == asset else 2 * kappa) if match else 0
                if match and cost < self.price[need] + kappa:
                    pairs[a, f"{need}|{asset}" if asset else need] = (cost * self.scale, match.load)
        rows = {}
        for row, own in sorted(self.rows.items()):
            if own <= set(places) and all(
                row in s.rows_of(p) for p in self.all if p[1] in own and (p in self.joins or plain)
            ):
                names = frozenset(name for name in guests if name.split("|")[0] in own)
                rows[f"norm|{row[0]}|{row[1]}"] = (self.cap(row), names)
        hosts = {a: (self.room[a], self.opening[a] * self.scale) for a in assets}
        kept = sum(units for pair, units in s.left.items() if pair[1] in places)
        return Part(hosts, guests, rows, pairs), kappa * (sum(places.values()) - kept) * self.scale


def write(s: Replanned, rng: Random, *, plain: bool, depth: int = 50) -> list[Entry]:
    """Write a tree for every component."""
    left, entries = Left(s), list[Entry]()
    for assets, needs in left.groups():
        classes = left.classes(needs, plain=plain)
        rng.shuffle(classes)
        part, lowered = left.part(assets, classes, plain=plain)
        writer = Writer(part, rng, depth=depth)
        best = least_cost(part)
        bound, node = writer.node(part, best - writer.unit + 1)
        proven = writer.up(bound)
        assert proven <= best
        assert depth < 50 or proven == best
        proof = {
            "assets": assets, "needs": [names for names, _ in classes], "rows": list(part.rows), "node": node,
            "kept": [asset for _, asset in classes], "plain": plain, "bound": proven,
        }  # fmt: skip
        entries.append(Entry(proof, proven, lowered, needs))
    return entries
