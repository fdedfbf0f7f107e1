"""The certificate: need prices and row prices of all categories (docs/certificate.md)."""

from __future__ import annotations

from math import lcm
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np

    from solver.flow.market import Ints


class Proof(NamedTuple):
    """What one category adds to the certificate.

    Attributes
    ----------
    needs : ids; need_price : pi of each [VND / denominator]; rows : ids of the norm rows; row_price : lambda
    of each [VND / denominator]; denominator : at least 1; tree : proofs of components (docs/certificate.md).
    """

    needs: np.ndarray
    need_price: Ints
    rows: list[str]
    row_price: Ints
    denominator: int = 1
    tree: list[dict[str, Any]] | None = None


def certificate_of(proofs: Sequence[Proof]) -> dict[str, Any]:
    """Join the prices of all categories over one denominator; rows of price 0 are left out."""
    denominator = lcm(*(proof.denominator for proof in proofs))
    need_price: dict[str, int] = {}
    row_price: dict[str, int] = {}
    for proof in proofs:
        step = denominator // proof.denominator
        needs = zip(proof.needs.tolist(), proof.need_price.tolist(), strict=True)
        need_price.update({name: value * step for name, value in needs})
        rows = zip(proof.rows, proof.row_price.tolist(), strict=True)
        row_price.update({name: value * step for name, value in rows if value})
    return {
        "denominator": denominator,
        "need_price": dict(sorted(need_price.items())),
        "row_price": dict(sorted(row_price.items())),
        "tree": next((proof.tree for proof in proofs if proof.tree), None),
    }
