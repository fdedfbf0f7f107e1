"""Small plans drawn at random: two provinces and a place in none, transfers of all sizes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
from hypothesis import strategies as st

from app.plan_changes import TERMS
from app.plans import PlanView

if TYPE_CHECKING:
    from collections.abc import Callable

_COMMUNES = pd.DataFrame(
    {
        "commune_code": ["C-1", "C-2", "C-3"],
        "province_code": ["01", "01", "38"],
        "province_name": ["Hà Nội", "Hà Nội", "Thanh Hóa"],
    }
)
_PLACES = ["C-1", "C-2", "C-3", None]


def _table(key: str, mark: str) -> pd.DataFrame:
    rows = {key: [f"{mark}-{place}" for place in range(4)], "category": "vehicle", "commune_code": _PLACES}
    return pd.DataFrame(rows, dtype=object)


@st.composite
def views(draw: Callable[[st.SearchStrategy[Any]], Any]) -> PlanView:
    """Draw a plan of four assets and four needs, one of each without a place."""
    pairs = st.tuples(st.integers(0, 3), st.integers(0, 3))
    amounts = st.tuples(st.integers(1, 5), st.integers(0, 50), st.integers(0, 50))
    moved = draw(st.dictionaries(pairs, amounts, max_size=8))
    lacking = draw(st.dictionaries(st.integers(0, 3), st.tuples(st.integers(1, 5), st.integers(0, 50))))
    transfers = pd.DataFrame(
        [(f"A-{a}", f"N-{n}", *values) for (a, n), values in sorted(moved.items())],
        columns=["asset_id", "need_id", "units", "cost_vnd", "spend_vnd"],
    )
    shortfalls = pd.DataFrame(
        [(f"N-{n}", *values, "reach") for n, values in sorted(lacking.items())],
        columns=["need_id", "units", "price_vnd", "reason"],
    )
    for name in TERMS:
        if name not in transfers:
            transfers[name] = None
    releases = pd.DataFrame({"asset_id": [], "units": [], "reason": []})
    assets, needs = _table("asset_id", "A"), _table("need_id", "N")
    return PlanView({}, {}, transfers, shortfalls, releases, assets, needs, _COMMUNES, pd.DataFrame())


def sums_of(view: PlanView) -> dict[str, int]:
    """Sum a plan's tables over the country."""
    moved, short = view.transfers, view.shortfalls
    met = sum(map(int, moved["units"]))
    return {
        "needed": met + sum(map(int, short["units"])),
        "met": met,
        "given": met,
        "cost_vnd": sum(map(int, moved["cost_vnd"])),
        "spend_vnd": sum(map(int, moved["spend_vnd"])),
        "unmet_vnd": sum(int(u) * int(p) for u, p in zip(short["units"], short["price_vnd"], strict=True)),
    }
