"""Counter-based draws: functions of the seed and a key, so nothing shifts when something else changes."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable

T = TypeVar("T")
THOUSAND = 1000


@dataclass(frozen=True, slots=True)
class Dice:
    """Integer draws from SHA-256 of the seed and a key; equal on every platform and for ever.

    Parameters
    ----------
    seed
        Any integer.
    """

    seed: int

    def bits(self, *key: object) -> int:
        """Return 64 bits that belong to the key."""
        text = "/".join(map(str, (self.seed, *key)))
        return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")

    def between(self, low: int, high: int, *key: object) -> int:
        """Return an integer from low to high, both included."""
        # 64 bits against ranges of at most some thousands: the remainder's bias cannot be seen
        return low + self.bits(*key) % (high - low + 1)

    def chance(self, per_mille: int, *key: object) -> bool:
        """Return True in so many cases of a thousand."""
        return self.bits(*key) % THOUSAND < per_mille

    def pick(self, weights: tuple[tuple[T, int], ...], *key: object) -> T:
        """Return one of the values, each as often as its weight says."""
        left = self.bits(*key) % sum(weight for _, weight in weights)
        for value, weight in weights:
            if left < weight:
                return value
            left -= weight
        raise AssertionError("the weights add up to more than any draw")

    def choose(self, items: Iterable[str], count: int, *key: object) -> list[str]:
        """Return `count` of the items, sorted: those whose draws are least."""
        ranked = sorted((self.bits(*key, item), item) for item in items)
        if count > len(ranked):
            raise ValueError(f"{count} of {len(ranked)} items cannot be chosen for {key}")
        return sorted(item for _, item in ranked[:count])
