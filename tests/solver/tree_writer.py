"""Trees of a certificate, written naively: the text of `docs/certificate.md` by brute force.

Nothing here comes from the checker or the solver. Best sets of a host are found among all sets, parts are
split by flooding, and every plan of a part is listed where its least cost is wanted.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fractions import Fraction
    from random import Random

    from tests.solver.verify_naive import Solved

Node = dict[str, Any]
Edge = tuple[str, str]  # asset, guest (the first need of a class)


@dataclass(frozen=True)
class Part:
    """A component or piece by name; `pairs` in the order of hosts, then guests: cost, load."""

    hosts: dict[str, tuple[Fraction, int]]  # room, opening
    guests: dict[str, tuple[int, int]]  # demand, price
    rows: dict[str, tuple[int, frozenset[str]]]  # cap, guests that stand in it
    pairs: dict[Edge, tuple[int, Fraction]]


def components(s: Solved, *, merge: bool) -> list[tuple[Part, list[list[str]]]]:
    """Closed components of the premises, with the classes of their needs (of one if not `merge`)."""
    scale = s.case.denominator
    useful = {
        edge: match
        for edge, match in s.pairs.items()
        if s.assets[edge[0]]["category"] == "premises" and match.cost < s.weighted(s.needs[edge[1]])
    }
    of_row: dict[tuple[str, str], set[str]] = {}
    for edge in useful:
        for row in s.rows_of(edge):
            of_row.setdefault(row, set()).add(edge[1])
    links = [{f"a{a}", f"n{n}"} for a, n in useful] + [{f"n{n}" for n in own} for own in of_row.values()]
    found = []
    for group in flood(links):
        mine = {edge: match for edge, match in useful.items() if f"a{edge[0]}" in group}
        classes: dict[object, list[str]] = {}
        for need in sorted({n for _, n in mine}):
            own = sorted((a, match.cost, match.load) for (a, n), match in mine.items() if n == need)
            rows = sorted(row for row, needs in of_row.items() if need in needs)
            key = (s.weighted(s.needs[need]), own, rows) if merge else need
            classes.setdefault(repr(key), []).append(need)
        lead = {needs[0]: needs for needs in classes.values()}
        hosts = {
            a: (s.room(s.assets[a]), s.opening(s.assets[a]) * scale) for a in sorted({a for a, _ in mine})
        }
        guests = {
            n: (sum(int(s.needs[k]["units"]) for k in needs), s.weighted(s.needs[n]) * scale)
            for n, needs in lead.items()
        }
        rows_of = {
            f"norm|{row[0]}|{row[1]}": (s.cap(row), frozenset(needs & set(lead)))
            for row, needs in sorted(of_row.items())
            if needs <= {n for _, n in mine} and all(row in s.rows_of(e) for e in mine if e[1] in needs)
        }
        pairs = {
            (a, n): (mine[a, n].cost * scale, mine[a, n].load) for a in hosts for n in lead if (a, n) in mine
        }
        found.append((Part(hosts, guests, rows_of, pairs), list(lead.values())))
    return found


def flood(links: list[set[str]]) -> list[set[str]]:
    groups: list[set[str]] = []
    for link in links:
        touched = [group for group in groups if group & link]
        groups = [group for group in groups if not group & link] + [link.union(*touched)]
    return groups


def unit_of(part: Part) -> int:
    money = [cost for cost, _ in part.pairs.values()] + [opening for _, opening in part.hosts.values()]
    return math.gcd(*money, *(price for _, price in part.guests.values())) or 1


def sets_of(part: Part, host: str) -> list[dict[str, int]]:
    """All sets of places that fit in a host."""
    own = [(n, part.pairs[a, n][1]) for a, n in part.pairs if a == host]
    ranges = [range(part.guests[n][0] + 1) for n, _ in own]
    return [
        {n: units for (n, _), units in zip(own, counts, strict=True) if units}
        for counts in itertools.product(*ranges)
        if sum(units * load for (_, load), units in zip(own, counts, strict=True)) <= part.hosts[host][0]
    ]


def pairs_of(part: Part, host: str) -> dict[str, tuple[int, Fraction]]:
    """Cost and load of each pair of a host by guest."""
    return {n: pair for (a, n), pair in part.pairs.items() if a == host}


def least_cost(part: Part) -> int:
    """Cost of the best plan, by listing all of them."""
    best = math.inf
    for chosen in itertools.product(*(sets_of(part, host) for host in part.hosts)):
        met = {n: sum(x.get(n, 0) for x in chosen) for n in part.guests}
        if any(met[n] > demand for n, (demand, _) in part.guests.items()):
            continue
        if any(sum(met[n] for n in own) > cap for cap, own in part.rows.values()):
            continue
        cost = sum((demand - met[n]) * price for n, (demand, price) in part.guests.items())
        for host, x in zip(part.hosts, chosen, strict=True):
            cost += (part.hosts[host][1] if x else 0) + sum(u * part.pairs[host, n][0] for n, u in x.items())
        best = min(best, cost)
    return int(best)


def changes(part: Part, host: str, bid: dict[str, int]) -> list[tuple[dict[str, int], int]]:
    """Every set of places of a host, with what opening it for that changes the cost by."""
    return [
        (x, part.hosts[host][1] + sum(u * (part.pairs[host, n][0] - bid[n]) for n, u in x.items()))
        for x in sets_of(part, host)
    ]


def lagrangian(part: Part, price: dict[str, int], row: dict[str, int]) -> tuple[int, dict[str, int]]:
    bid = {n: price[n] - sum(row[r] for r, (_, own) in part.rows.items() if n in own) for n in part.guests}
    value = sum(demand * price[n] for n, (demand, _) in part.guests.items())
    value -= sum(cap * row[r] for r, (cap, _) in part.rows.items())
    return value + sum(min(0, *(v for _, v in changes(part, host, bid))) for host in part.hosts), bid


def decided(
    part: Part, drop: set[Edge], put: dict[Edge, int], opened: set[str]
) -> tuple[int, list[Part]] | None:
    """Cost of what is settled and the pieces that are left, or None for a contradiction."""
    if drop & set(put):
        return None
    rooms = {
        a: room - sum(u * part.pairs[e][1] for e, u in put.items() if e[0] == a)
        for a, (room, _) in part.hosts.items()
    }
    met = {n: sum(u for e, u in put.items() if e[1] == n) for n in part.guests}
    left = {n: demand - met[n] for n, (demand, _) in part.guests.items()}
    caps = {r: cap - sum(met[n] for n in own) for r, (cap, own) in part.rows.items()}
    short = any(room < 0 for room in rooms.values()) or any(places < 0 for places in left.values())
    if short or any(cap < 0 for cap in caps.values()):
        return None
    paid = opened | {a for a, _ in put}
    fixed = sum(part.hosts[a][1] for a in paid) + sum(u * part.pairs[e][0] for e, u in put.items())
    kept = {
        e: pair
        for e, pair in part.pairs.items()
        if e not in drop and left[e[1]] > 0 and pair[1] <= rooms[e[0]]
    }
    fixed += sum(left[n] * price for n, (_, price) in part.guests.items() if n not in {e[1] for e in kept})
    links = [{f"a{a}", f"n{n}"} for a, n in kept]
    links += [{f"r{r}", *(f"n{n}" for n in own)} for r, (_, own) in part.rows.items()]
    for r in part.rows:  # a row of one kind and that of all kinds hold together
        links += [{f"r{r}", f"r{r.rpartition('/')[0]}"}] if r.rpartition("/")[0] in part.rows else []
    pieces = []
    for group in flood(links):
        own_pairs = {e: pair for e, pair in kept.items() if f"a{e[0]}" in group}
        if own_pairs:
            pieces.append(
                Part(
                    {
                        a: (rooms[a], 0 if a in paid else v[1])
                        for a, v in part.hosts.items()
                        if a in {e[0] for e in own_pairs}
                    },
                    {n: (left[n], v[1]) for n, v in part.guests.items() if n in {e[1] for e in own_pairs}},
                    {r: (caps[r], v[1]) for r, v in part.rows.items() if f"r{r}" in group},
                    own_pairs,
                )
            )
    pieces = [
        replace(p, rows={r: (cap, own & set(p.guests)) for r, (cap, own) in p.rows.items()}) for p in pieces
    ]
    order = list(part.pairs)
    return fixed, sorted(pieces, key=lambda p: (len(p.pairs), order.index(next(iter(p.pairs)))))


class Writer:
    """Writes the tree of a component: prices of any quality, splits at random, down to `depth`."""

    def __init__(self, part: Part, rng: Random, *, depth: int, spare: int = 0) -> None:
        self.rng, self.depth, self.unit, self.spare = rng, depth, unit_of(part), spare

    def up(self, value: int) -> int:
        return -(-value // self.unit) * self.unit

    def prices(self, part: Part, cutoff: int) -> tuple[dict[str, int], dict[str, int]]:
        """Some steps of a subgradient from prices at random; the best of them."""
        rng = self.rng
        price = {n: rng.choice([p, p, rng.randint(0, max(p, 0))]) for n, (_, p) in part.guests.items()}
        row = {r: rng.choice([0, 0, rng.randint(0, 10**8)]) for r in part.rows}
        best = lagrangian(part, price, row)[0], price, row
        for step in range(rng.choice([0, 3, 12])):
            value, bid = lagrangian(part, price, row)
            best = max(best, (value, price, row), key=lambda one: one[0])
            taken = dict.fromkeys(part.guests, 0)
            for host in part.hosts:
                x, change = min(changes(part, host, bid), key=lambda one: one[1])
                for n, units in x.items() if change < 0 else ():
                    taken[n] += units
            slope = {n: demand - taken[n] for n, (demand, _) in part.guests.items()}
            over = {r: sum(taken[n] for n in own) - cap for r, (cap, own) in part.rows.items()}
            size = sum(v * v for v in (*slope.values(), *over.values()))
            length = max(1, (cutoff - value)) // max(1, size) // (1 + step // 4)
            price = {n: min(part.guests[n][1], price[n] + length * v) for n, v in slope.items()}
            row = {r: max(0, row[r] + length * v) for r, v in over.items()}
        return best[1], best[2]

    def node(self, part: Part, cutoff: int, depth: int = 0) -> tuple[int, Node]:
        """Return what a node proves and the node."""
        price, row = self.prices(part, cutoff)
        cutoff += self.rng.choice([0, 0, -1, 5, self.unit]) * self.spare
        node: Node = {"k": cutoff, "p": list(price.values())} | ({"r": list(row.values())} if row else {})
        value, bid = lagrangian(part, price, row)
        if value >= cutoff:
            return cutoff, node
        if depth == self.depth:
            return value, node
        gap, drop, put, opened = cutoff - value, set[Edge](), dict[Edge, int](), set[str]()
        for host in part.hosts:
            sets = changes(part, host, bid)
            base = min(0, *(v for _, v in sets))
            opened |= {host} if -base >= gap else set()
            for a, n in (e for e in part.pairs if e[0] == host):
                if min((v for x, v in sets if x.get(n)), default=math.inf) - base >= gap:
                    drop.add((a, n))
                if min(0, *(v for x, v in sets if not x.get(n))) - base >= gap:
                    put[a, n] = 1
        rest = decided(part, drop, put, opened)
        if rest is None:
            return cutoff, node | {"s": []}
        open_pairs = [e for e in part.pairs if e not in drop and e not in put]
        shrunk = put or sum(len(p.pairs) for p in rest[1]) < len(part.pairs)
        if not open_pairs or (shrunk and self.rng.random() < 0.7):
            bound, children = self.pieces(rest, price, row, cutoff, depth)
            return max(value, bound), node | {"s": children}
        a, n = self.rng.choice(open_pairs)
        equal = {
            b for b in part.hosts if part.hosts[b] == part.hosts[a] and pairs_of(part, b) == pairs_of(part, a)
        }
        if self.rng.random() < 0.3:
            own = {e for e in part.pairs if e[0] in equal}
            split, sides = ["open", a], [(drop, put, opened | {a}), (drop | own, put, opened)]
        else:
            split, own = ["place", a, n], {(b, n) for b in equal}
            sides = [(drop, put | {(a, n): 1}, opened), (drop | own, put, opened)]
        bounds = []
        for name, side in zip("yn", sides, strict=True):
            after = decided(part, *side)
            if after is None:
                bound, node[name] = cutoff, []
            else:
                bound, node[name] = self.pieces(after, price, row, cutoff, depth)
            bounds.append(bound)
        return max(value, min(bounds)), node | {"b": split}

    def pieces(
        self, rest: tuple[int, list[Part]], price: dict[str, int], row: dict[str, int], cutoff: int,
        depth: int,
    ) -> tuple[int, list[Node | None]]:  # fmt: skip
        fixed, parts = rest
        sure = []
        for piece in parts:
            own = {n: price[n] for n in piece.guests}, {r: row[r] for r in piece.rows}
            sure.append(self.up(lagrangian(piece, *own)[0]))
        total, children = fixed + sum(sure), list[Node | None]()
        for piece, least in zip(parts, sure, strict=True):
            if total >= cutoff:
                children.append(None)
                continue
            bound, child = self.node(piece, cutoff - (total - least), depth + 1)
            total += max(0, self.up(bound) - least)
            children.append(child)
        return min(total, cutoff), children


def write(s: Solved, rng: Random, *, depth: int = 50, spare: int = 0) -> tuple[list[dict[str, Any]], int]:
    """Write a tree for every component; return it, and the sum of what they prove (x denominator)."""
    proofs, proven = [], 0
    for part, classes in components(s, merge=rng.random() < 0.5):
        writer = Writer(part, rng, depth=depth, spare=spare)
        best = least_cost(part)
        bound, node = writer.node(part, best - writer.unit + 1)
        assert writer.up(bound) <= best, "no tree proves more than the best plan costs"
        assert depth < 50 or spare or writer.up(bound) == best
        proven += writer.up(bound)
        proofs.append({"assets": list(part.hosts), "needs": classes, "rows": list(part.rows), "node": node})
    return proofs, proven
