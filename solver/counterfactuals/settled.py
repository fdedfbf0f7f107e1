"""From patterns of classes back to premises, keeping every building and line that can stay."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from solver.counterfactuals.moved import Lines
    from solver.limits.premises_tally import Pattern
    from solver.problem.premises import Premises

#: Guests (ascending) with their places.
Content = tuple[tuple[int, int], ...]


def contents_of(premises: Premises, lines: Lines) -> dict[int, Content]:
    """Return what each building in use holds, by classes of needs; lines beside the pins."""
    guest_of = premises.guest_of.tolist()
    sums: dict[int, Counter[int]] = defaultdict(Counter)
    for (a, n), units in lines.items():
        if units:
            sums[a][guest_of[n]] += units
    return {a: tuple(sorted(inside.items())) for a, inside in sums.items()}


def patterns_of(premises: Premises, lines: Lines) -> Counter[Pattern]:
    """Return lines beside the pins as patterns."""
    host_of = premises.host_of.tolist()
    return Counter((host_of[a], inside) for a, inside in contents_of(premises, lines).items())


def plus(content: Content, guest: int, places: int) -> Content:
    """Add places of a guest to what a building holds."""
    sums = Counter(dict(content))
    sums[guest] += places
    return tuple(sorted((key, count) for key, count in sums.items() if count))


def settled(
    premises: Premises,
    lines: Lines,
    patterns: Counter[Pattern],
    i: int,
    seats: Mapping[int, int],
    barred: Collection[int] = (),
) -> Lines | None:
    """Deal patterns out to buildings, and their places to needs.

    Parameters
    ----------
    lines : of the plan, beside the pins; i : building; seats : places that needs have in it at least; barred
    : needs that have none in it.

    Returns
    -------
    Lines beside the pins; None where a plan of these patterns cannot be dealt out so.
    """
    room: list[int] = (premises.needs.units - premises.pins.got(len(premises.needs.ids))).tolist()
    chosen = _chosen(premises, lines, patterns, i, seats, barred)
    if chosen is None:
        return None
    inside = _buildings(premises, lines, patterns, (i, chosen))
    out: Lines = {}
    members: dict[int, list[int]] = defaultdict(list)
    for n, guest in enumerate(premises.guest_of.tolist()):
        members[guest].append(n)
    before: dict[tuple[int, int], list[int]] = defaultdict(list)
    for a, n in sorted(lines):
        before[a, int(premises.guest_of[n])].append(n)

    def seat(a: int, n: int, most: int) -> int:
        given = min(most, room[n])
        if given > 0:
            out[a, n] = out.get((a, n), 0) + given
            room[n] -= given
        return max(given, 0)

    left = {(a, guest): count for a, content in inside.items() for guest, count in content}
    for n, places in seats.items():
        left[i, int(premises.guest_of[n])] -= seat(i, n, places)
    # The building of the pair first: what it holds of the class must be others' where the pair is banned.
    order = sorted(left, key=lambda key: (key[0] != i, key))
    for own in (True, False):
        for key in [one for one in order if (one[0] == i) == own]:
            for n in before[key]:
                if not own or n not in barred:
                    had = lines[key[0], n] - out.get((key[0], n), 0)
                    left[key] -= seat(key[0], n, min(left[key], had))
        for key in [one for one in order if (one[0] == i) == own]:
            for n in sorted(members[key[1]], key=lambda n: n not in seats and n not in barred):
                if not own or n not in barred:
                    left[key] -= seat(key[0], n, left[key])
    return out


def _chosen(
    premises: Premises,
    lines: Lines,
    patterns: Counter[Pattern],
    i: int,
    seats: Mapping[int, int],
    barred: Collection[int],
) -> Content | None:
    """Choose what the building of the pair holds: what it does where that will do, else what is nearest."""
    h, guest_of = int(premises.host_of[i]), premises.guest_of
    now = contents_of(premises, lines).get(i, ())
    taken = sum(count for (host, _), count in patterns.items() if host == h)
    free = [()] if taken < int((premises.host_of == h).sum()) else []
    own: list[Content] = [*sorted(inside for host, inside in patterns if host == h), *free]
    asked: Counter[int] = Counter()
    for n, places in seats.items():
        asked[int(guest_of[n])] += places
    demand = premises.needs.units - premises.pins.got(len(premises.needs.ids))
    others = {
        g: int(demand[guest_of == g].sum() - sum(int(demand[n]) for n in barred if guest_of[n] == g))
        for g in {int(guest_of[n]) for n in barred}
    }

    def fits(content: Content) -> bool:
        held = dict(content)
        return all(held.get(g, 0) >= count for g, count in asked.items()) and all(
            held.get(g, 0) <= most for g, most in others.items()
        )

    target = now
    for g, count in asked.items():
        target = plus(target, g, count)
    fit = [content for content in own if fits(content)]
    return min(fit, key=lambda content: (content != now, _apart(content, target), content), default=None)


def _apart(one: Content, other: Content) -> int:
    both = {*dict(one), *dict(other)}
    return int(sum(abs(dict(one).get(guest, 0) - dict(other).get(guest, 0)) for guest in both))


def _buildings(
    premises: Premises, lines: Lines, patterns: Counter[Pattern], first: tuple[int, Content]
) -> dict[int, Content]:
    """Give the patterns to buildings; one that keeps what it holds stays as it is."""
    left = Counter(patterns)
    host_of = premises.host_of.tolist()
    now = contents_of(premises, lines)
    out = {first[0]: first[1]}
    left[host_of[first[0]], first[1]] -= 1
    for a in sorted(now):
        if a not in out and left[host_of[a], now[a]] > 0:
            out[a] = now[a]
            left[host_of[a], now[a]] -= 1
    waiting: dict[int, list[int]] = defaultdict(list)
    for a, host in enumerate(host_of):
        if a not in out:
            waiting[host].append(a)
    for host in waiting:  # buildings in use before idle ones, from the end of the list
        waiting[host].sort(key=lambda a: (a not in now, a), reverse=True)
    for host, content in sorted((+left).elements()):
        if content:
            out[waiting[host].pop()] = content
    return out
