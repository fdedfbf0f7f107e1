"""Exact totals: a number split in proportion, and counts multiplied by a decimal."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence


def split(total: int, weights: Mapping[str, int]) -> dict[str, int]:
    """Split a total in proportion to weights by largest remainders (ties: the first key in order).

    Parameters
    ----------
    total
        What is split, 0 or more.
    weights
        Key -> weight, 0 or more, not all 0.

    Returns
    -------
    dict
        Key -> share, in the order of keys; the shares add up to `total`.
    """
    whole = sum(weights.values())
    shares = {key: total * weights[key] // whole for key in sorted(weights)}
    left = total - sum(shares.values())
    ranked = sorted(shares, key=lambda key: (-(total * weights[key] % whole), key))
    for key in ranked[:left]:
        shares[key] += 1
    return shares


def exact_scale(scale: str | int | Decimal) -> Fraction:
    """Return a scale as an exact number.

    Raises
    ------
    ValueError
        Where it is no finite decimal above 0.
    """
    try:
        number = Decimal(str(scale).strip())
    except InvalidOperation:
        number = Decimal(0)
    if not number.is_finite() or number <= 0:
        raise ValueError(f"scale is a decimal above 0, not {scale!r}")
    return Fraction(number)


def multiplied(counts: Sequence[int], scale: Fraction, before: int = 0) -> Iterator[int]:
    """Yield whole counts, in order, whose running sum is the scaled running sum rounded half up.

    Parameters
    ----------
    counts
        What is multiplied.
    scale
        By what.
    before
        Sum of the counts that come before these, so that parts made apart add up exactly.
    """
    total = before
    given = _rounded(before * scale)
    for count in counts:
        total += count
        due = _rounded(total * scale)
        yield due - given
        given = due


def _rounded(number: Fraction) -> int:
    return (2 * number.numerator + number.denominator) // (2 * number.denominator)
