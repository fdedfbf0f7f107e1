"""The arrays that pairs of premises are listed from: hosts, guests, rules and the ground between them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from solver.flow.market import Bits, Ints, Small


class Hosts(NamedTuple):
    """Classes of premises; every array has one entry per class.

    Attributes
    ----------
    origin : row of ``Ground.metres``; leg : metres; kind : index; province : index; condition : hundredths
    of a percent, -1 unknown; age : years, -1 unknown; opens, closes : days; capacity : units of area; whole,
    num, den : repair per unit of area [VND].
    """

    origin: Small
    leg: Ints
    kind: Small
    province: Small
    condition: Small
    age: Small
    opens: Small
    closes: Small
    capacity: Ints
    whole: Ints
    num: Ints
    den: Ints


class Guests(NamedTuple):
    """Classes of places wanted, sorted by ``dest``; every array has one entry per class.

    Attributes
    ----------
    dest : column of ``Ground.metres``; leg : metres; wanted : set of kinds; purpose : index; condition : own
    minimum, 0 none; reach : own reach [metres], -1 none; deadline : day; province : index; area : units of
    area; change, build : change of use and building [VND]; whole, num, den : travel per metre [VND].
    """

    dest: Small
    leg: Ints
    wanted: Small
    purpose: Small
    condition: Small
    reach: Ints
    deadline: Small
    province: Small
    area: Ints
    change: Ints
    build: Ints
    whole: Ints
    num: Ints
    den: Ints


class Rules(NamedTuple):
    """What the scenario says of a kind of premises and a purpose, ``[kind, purpose]`` where not stated.

    Attributes
    ----------
    handover : VND; condition : least, in hundredths of a percent, 0 none; age : greatest, -1 no rule; reach
    : metres; surcharge : VND, -1 crossing forbidden; change : 1 where the use changes; land : ``[kind]``, 1
    for land; allow : ``[kind, set of kinds]``, 1 where the kind is among them; within : ``[purpose]``, 1
    where only premises of the same commune will do.
    """

    handover: Ints
    condition: Ints
    age: Ints
    reach: Ints
    surcharge: Ints
    change: Bits
    land: Bits
    allow: Bits
    within: Bits


class Ground(NamedTuple):
    """Distances, and which communes lie within reach of which.

    Attributes
    ----------
    metres, home, first, offset, within : as in ``solver.flow.market.Places``; near : columns that some
    premises of row o may serve are ``column[near[o]:near[o + 1]]``, ascending; span : greatest reach
    ``[kind, column]`` of the guests there that take premises of another commune in their province, -1 none;
    abroad : the same for premises of other provinces; province : of each column.
    """

    metres: Small
    home: Small
    first: Ints
    offset: Ints
    within: Ints
    near: Ints
    column: Small
    span: Ints
    abroad: Ints
    province: Small


class Tariff(NamedTuple):
    """What pairs cost where rows over all of them, or changes, have prices.

    That is ``scale x cost + rate x spend + charge``, and twice ``change`` but where the guest keeps the host.

    Attributes
    ----------
    scale : 0 or more; rate : per guest, of a VND of spend; charge : per host, of a place in another
    province; change : T of docs/replan.md; kept : host that the places of each guest are in before, -1 none;
    cost_bar, spend_bar : per guest, a pair with that cost, or with more than that spend, is too
    dear whatever the rest [VND]: products with what is left stay within 64 bits.
    """

    scale: int
    rate: Ints
    charge: Ints
    change: int
    kept: Ints
    cost_bar: Ints
    spend_bar: Ints
