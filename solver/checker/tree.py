"""What a tree of prices and decisions proves of one component of premises.

A component has hosts h (premises: room k_h, opening f_h), guests g (classes of equal needs: d_g places in
all, p_g a place left unmet), norm rows r (at most cap_r places of the guests that stand in it), and pairs
e = (h, g) of cost c_e < p_g and load w_e. All money is times the denominator. A plan opens hosts, puts x_e
places within rooms, demands and caps, and pays f_h, c_e, and p_g for each place that is left.

At a node, prices pi_g <= p_g and lambda_r >= 0 are given, and a number k. With b_g = pi_g - sum of lambda_r,

    z_h = max sum (b - c) x over whole x, sum w x <= k_h, 0 <= x_e <= d_g;    r_h = f_h - z_h
    L   = sum d pi - sum cap lambda + sum min(0, r_h)

no plan costs less than L (`proof.py`). If L >= k, no plan costs less than k. Else look at plans that cost
less than k, if there are any. Each leaves less than gap = k - L between its cost and L. A host with x in
place of the best costs f_h + sum (c - b) x - min(0, r_h) more, all others 0 or more. So such a plan

    puts no place of e        if the best x of h that has one costs gap or more ("drop")
    puts a place of e         if the best x of h that has none costs gap or more ("put")
    opens h                   if -min(0, r_h) >= gap ("open")

(`penalties`). The tree may then split on a host (open, or no place in it) or on a pair (one place in it for
good, or none). Hosts of equal room, opening and pairs are interchangeable: a plan with the decision at one
of them costs what it costs with the two exchanged. So the contrary is that of all of them, and where there
is a plan, there is one as cheap on one side. What is decided is paid and taken off rooms, demands and caps;
guests to whom no pair is left stay unmet; where a place does not fit or a pair is dropped and put, there is
no such plan (`pieces.py`). The rest falls into pieces that no pair and no row joins. A plan costs what is
fixed and a plan of each piece, and a piece at least its L at the prices of the node, or what its own node
proves (`Tree.pieces`). Every sum of money is a multiple of `unit`: so all that is proven of a piece is
rounded up.

    v = min(k, L),  or  min(k, max(L, what the pieces cost)),  of two sides the less

No plan of the part costs less than v (`Tree.check`): one that costs less than k costs that much, and any
other k or more. Nothing is assumed of the prices, of k or of the split, so a wrong tree proves less or
nothing (`BrokenTreeError`), never too much.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from solver.checker.knapsack import Place, beats, fill_up, singles
from solver.checker.pieces import Host, Part, Verdict, decide

if TYPE_CHECKING:
    from solver.checker.knapsack import Filled, Item

DEEPEST: Final = 400  # nodes on the way to a leaf; Python's own limit is not far beyond
SPLITS: Final = (("open", 1), ("place", 2))  # on what, by how many ids


class BrokenTreeError(Exception):
    """A node that is no node of this tree."""


class Best(NamedTuple):
    """The best set of places in a host: base = min(0, r), the pairs that gain something, the set found.

    `items` are the gaining pairs one by one, in the order of their rate; empty where all of them fit.
    """

    base: int
    gaining: list[Place]  # gain, load, how many
    filled: Filled
    items: list[Item]


class Prices(NamedTuple):
    """Prices of guests, bids that the prices of rows leave of them, prices of rows."""

    guest: dict[int, int]
    bid: dict[int, int]
    row: dict[int, int]


def best_of(host: Host, bid: dict[int, int], demand: dict[int, int]) -> Best:
    """Find the worth of the best set of places in a host."""
    room, gaining = host.room, list[Place]()
    for guest, cost, load in host.pairs:
        gain = bid[guest] - cost
        if gain > 0 and load <= room:
            copies = demand[guest]
            if copies > 1 and load:
                copies = min(copies, room // load)
            gaining.append((gain, load, copies))
    filled, items = fill_up(room, tuple(gaining))
    return Best(min(0, host.opening - filled.worth), gaining, filled, items)


def penalties(host: Host, best: Best, prices: Prices, demand: dict[int, int], gap: int) -> Verdict:
    """Tell what plans within the gap have in common at a host.

    A set costs gap or more when it is worth `least` = z - slack or less, no place at all when z - f is gap.
    Most is settled without a search. What the best set holds is not dropped, and only that is put. At the
    rate P / W of the knapsack, with m = W (b - c) - P w of a place of e, no set that has one is worth more
    than (bound + min(0, m)) / W, and none that has no place of e more than (bound - max(0, m) of each) / W.
    """
    _, room, opening, pairs = host
    base, gaining, (worth, used, taken, top, per, bound), items = best
    put = [0] * len(pairs)
    slack = gap + base - (opening - worth)
    if slack <= 0:  # any set that is not empty costs too much
        return Verdict(False, [True] * len(pairs), put)
    drop, bit, opened, least = list[bool](), 1, -base >= gap, worth - slack
    for at, (guest, cost, load) in enumerate(pairs):
        gain, copies = prices.bid[guest] - cost, demand[guest]
        margin = per * gain - top * load
        own = 0  # its bit among those that gain something
        if gain > 0 and load <= room:
            own, bit = bit, bit << 1
        if copies < 1 or load > room or bound + min(0, margin) <= per * least:
            drop.append(True)
        elif own & taken:
            drop.append(False)
            copies = min(copies, room // load) if load else copies
            if opened and gain * copies >= gap:
                without = worth - gap
                if bound - copies * max(0, margin) <= per * without or not beats(
                    room, [item for item in items if item[2] != own], without
                ):
                    put[at] = 1
        elif load <= room - used:  # it fits beside the best set
            drop.append(gain <= -slack)
        elif gain > least:  # alone it is worth enough
            drop.append(False)
        elif own and copies > 1:
            others = list(gaining)
            others[own.bit_length() - 1] = gain, load, copies - 1
            drop.append(not beats(room - load, singles(room, others), least - gain))
        else:
            rest = [item for item in items or singles(room, gaining) if item[2] != own]
            drop.append(not beats(room - load, rest, least - gain))
    return Verdict(opened, drop, put)


class Tree:
    """The proof of one component: its whole part, and what nodes refer to.

    Parameters
    ----------
    assets, needs : ids of the hosts, and of the first need of each guest; price : p of each guest x
    denominator; rows : of each guest; outer : the row of all kinds for that of one, of the same commune;
    unit : divides every sum of money.
    """

    def __init__(
        self, assets: list[str], needs: list[str], price: list[int], rows: list[list[int]],
        outer: dict[int, int], unit: int,
    ) -> None:  # fmt: skip
        self.host_of = {name: i for i, name in enumerate(assets)}
        self.guest_of = {name: i for i, name in enumerate(needs)}
        self.price, self.rows, self.outer, self.unit = price, rows, outer, unit

    def up(self, bound: int) -> int:
        """Round up to what a plan can cost."""
        return -(-bound // self.unit) * self.unit

    def check(self, part: Part, node: object, depth: int = 0) -> int:
        """Return what no plan of the part costs less than."""
        if depth > DEEPEST:
            raise BrokenTreeError(f"more than {DEEPEST} nodes deep")
        entries, cutoff, prices = self._read(part, node)
        found = [best_of(host, prices.bid, part.demand) for host in part.hosts]
        least = _value(part, prices) + sum([best.base for best in found])
        if least >= cutoff:
            return cutoff
        if "s" not in entries and "b" not in entries:
            return least
        gap = cutoff - least
        verdicts = [penalties(*one, prices, part.demand, gap) for one in zip(part.hosts, found, strict=True)]
        if "s" in entries:
            sides = [(verdicts, entries["s"])]
        else:
            yes, no = self._split(part, verdicts, entries["b"])
            sides = [(yes, entries["y"]), (no, entries["n"])]
        of_side = [self.pieces(part, prices, found, *side, cutoff, depth) for side in sides]
        return max(least, min(of_side))

    def pieces(
        self, part: Part, prices: Prices, found: list[Best], verdicts: list[Verdict], children: object,
        cutoff: int, depth: int,
    ) -> int:  # fmt: skip
        """Return what plans that keep to verdicts cost at least, or the cutoff, whichever is less."""
        if not isinstance(children, list):
            raise BrokenTreeError(f"{children!r:.40} is no list of nodes")
        rest = decide(part, verdicts, self.price, self.rows, self.outer)
        if rest is None:
            return cutoff
        shut = {
            host.number: host.opening for host, best in zip(part.hosts, found, strict=True) if best.base == 0
        }
        if len(children) != len(rest.pieces):
            raise BrokenTreeError(f"{len(children)} nodes for {len(rest.pieces)} pieces")
        total, unsure = rest.fixed, list[tuple[Part, int]]()
        for piece, child in zip(rest.pieces, children, strict=True):
            if child is None:
                total += self._least(piece, prices, shut)
            else:
                proven = self.up(self.check(piece, child, depth + 1))
                total += proven
                unsure.append((piece, proven))
        for piece, proven in unsure:  # what its own node proves may be less than the prices of this one
            if total < cutoff:
                total += max(0, self._least(piece, prices, shut) - proven)
        return min(total, cutoff)

    def _least(self, piece: Part, prices: Prices, shut: dict[int, int]) -> int:
        """Return what prices prove of a piece.

        `shut` has the openings of hosts that were not worth it: with less room and fewer pairs they are not
        either, unless the opening is paid.
        """
        open_to = [host for host in piece.hosts if shut.get(host.number) != host.opening]
        return self.up(
            _value(piece, prices) + sum([best_of(host, prices.bid, piece.demand).base for host in open_to])
        )

    def _read(self, part: Part, node: object) -> tuple[dict[str, Any], int, Prices]:
        """Read the prices of a node."""
        if not isinstance(node, dict):
            raise BrokenTreeError(f"{node!r:.40} is no node")
        entries: dict[str, Any] = node
        cutoff, of_guests, of_rows = (entries.get(key, []) for key in "kpr")
        keys = set(entries)
        if not any(keys - {"r"} == {"k", "p", *more} for more in ("", "s", "byn")) or type(cutoff) is not int:
            raise BrokenTreeError(f"a node has {sorted(map(str, keys))!r:.60}, k is {cutoff!r:.30}")
        for values, names in ((of_guests, part.demand), (of_rows, part.caps)):
            if type(values) is not list or len(values) != len(names) or {type(v) for v in values} - {int}:
                raise BrokenTreeError(f"{values!r:.60} are no {len(names)} integer prices")
        guest = dict(zip(part.demand, of_guests, strict=True))
        row = dict(zip(part.caps, of_rows, strict=True))
        if any(price > self.price[g] for g, price in guest.items()) or any(price < 0 for price in of_rows):
            raise BrokenTreeError("a price above that of leaving a need unmet, or a negative one of a row")
        bid = guest
        if row:
            bid = {g: price - sum([row[r] for r in self.rows[g]]) for g, price in guest.items()}
        return entries, cutoff, Prices(guest, bid, row)

    def _split(
        self, part: Part, verdicts: list[Verdict], split: object
    ) -> tuple[list[Verdict], list[Verdict]]:
        """Add a decision and its contrary to what is certain."""
        kind, *names = split if isinstance(split, list) else [None]
        if not all(isinstance(name, str) for name in names) or (kind, len(names)) not in SPLITS:
            raise BrokenTreeError(f"{split!r:.60} is no split")
        number = self.host_of.get(str(names[0]), -1)
        at = next((i for i, host in enumerate(part.hosts) if host.number == number), -1)
        if at < 0:
            raise BrokenTreeError(f"{names[0]:.40} is not in this part")
        here, yes, no = part.hosts[at], list(verdicts), list(verdicts)
        opened, drop, put = verdicts[at]
        twins = [i for i, host in enumerate(part.hosts) if host[1:] == here[1:]]
        if kind == "open":
            yes[at] = Verdict(True, drop, put)
            for i in twins:
                no[i] = Verdict(verdicts[i].opened, [True] * len(drop), verdicts[i].put)
            return yes, no
        guest = self.guest_of.get(str(names[1]), -1)
        e = next((e for e, pair in enumerate(here.pairs) if pair[0] == guest), -1)
        if e < 0 or put[e]:  # where a place is certain, the contrary of one more is not none
            raise BrokenTreeError(f"{names[0]:.40} and {names[1]:.40} are no pair that is left to decide")
        yes[at] = Verdict(opened, drop, [*put[:e], 1, *put[e + 1 :]])
        for i in twins:
            of_twin = verdicts[i].drop
            no[i] = Verdict(verdicts[i].opened, [*of_twin[:e], True, *of_twin[e + 1 :]], verdicts[i].put)
        return yes, no


def _value(part: Part, prices: Prices) -> int:
    """Return the part of L that is not of hosts."""
    value = sum([units * prices.guest[g] for g, units in part.demand.items()])
    return value - sum([cap * prices.row[r] for r, cap in part.caps.items()])
