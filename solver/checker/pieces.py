"""Parts of a component of premises, what decisions leave of one, and the pieces into which that falls."""

from __future__ import annotations

from typing import NamedTuple

Pair = tuple[int, int, int]  # guest, cost x denominator, load


class Host(NamedTuple):
    """Premises with what is left of its room, its opening (0 once it is paid), and its pairs."""

    number: int
    room: int
    opening: int
    pairs: list[Pair]


class Part(NamedTuple):
    """A component or a piece of it: hosts in order, what guests still ask for, what rows still allow."""

    hosts: list[Host]
    demand: dict[int, int]
    caps: dict[int, int]


class Verdict(NamedTuple):
    """What is certain of a host, and of its pairs, in their order."""

    opened: bool
    drop: list[bool]
    put: list[int]


class Rest(NamedTuple):
    """What decisions leave: what is paid for certain, and the pieces, those of few pairs first."""

    fixed: int
    pieces: list[Part]


def decide(
    part: Part, verdicts: list[Verdict], price: list[int], rows: list[list[int]], outer: dict[int, int]
) -> Rest | None:
    """Carry out what is certain; None where that is impossible."""
    demand, caps, fixed, left = dict(part.demand), dict(part.caps), 0, list[tuple[int, int]]()
    for (_, room, opening, pairs), (is_open, drop, put) in zip(part.hosts, verdicts, strict=True):
        settled = [e for e, times in enumerate(put) if times] if any(put) else ()
        for e in settled:
            guest, cost, load = pairs[e]
            room, fixed = room - put[e] * load, fixed + put[e] * cost
            demand[guest] -= put[e]
            for row in rows[guest]:
                caps[row] -= put[e]
                if caps[row] < 0:
                    return None
            if drop[e] or room < 0 or demand[guest] < 0:
                return None
        is_paid = is_open or bool(settled)
        fixed += opening if is_paid else 0
        left.append((room, 0 if is_paid else opening))
    hosts, served = list[Host](), set[int]()
    for host, (room, opening), verdict in zip(part.hosts, left, verdicts, strict=True):
        if all(verdict.drop):
            continue
        kept = [
            pair
            for pair, gone in zip(host.pairs, verdict.drop, strict=True)
            if not gone and demand[pair[0]] > 0 and pair[2] <= room
        ]
        if kept:
            hosts.append(Host(host.number, room, opening, kept))
            served.update([pair[0] for pair in kept])
    fixed += sum([units * price[g] for g, units in demand.items() if g not in served])
    return Rest(fixed, split_up(Part(hosts, demand, caps), served, rows, outer))


def split_up(part: Part, served: set[int], rows: list[list[int]], outer: dict[int, int]) -> list[Part]:
    """Take apart what no pair and no row joins; a guest that is not served still joins its rows."""
    above = {node: node for node in (*part.demand, *(~row for row in part.caps))}  # ~r: row r

    def top(node: int) -> int:
        while above[node] != node:
            above[node] = node = above[above[node]]
        return node

    for host in part.hosts:
        first = top(host.pairs[0][0])
        for guest, _, _ in host.pairs[1:]:
            above[top(guest)] = first
    if part.caps:
        for guest in part.demand:
            for row in rows[guest]:
                above[top(guest)] = top(~row)
        for row in part.caps:
            if outer.get(row, row) in part.caps:
                above[top(~row)] = top(~outer.get(row, row))
    found: dict[int, Part] = {}
    for host in part.hosts:
        found.setdefault(top(host.pairs[0][0]), Part([], {}, {})).hosts.append(host)
    for guest, units in part.demand.items():
        if guest in served:
            found[top(guest)].demand[guest] = units
    for row, cap in part.caps.items():
        if top(~row) in found:
            found[top(~row)].caps[row] = cap
    return sorted(found.values(), key=lambda piece: sum([len(host.pairs) for host in piece.hosts]))
