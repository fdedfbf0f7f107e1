"""Components of movables that an update does not touch keep their plan, byte for byte, and are not solved."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

import geodata
import solver
from solver.flow.components import components
from solver.flow.pricing import pairs_at_most
from solver.limits import movables_still
from tests.solver.replan.seen import accepted

if TYPE_CHECKING:
    from pathlib import Path

#: Two ends of the country; what an asset may travel is far less.
NORTH, SOUTH = "12", "96"


@dataclass(frozen=True)
class Country:
    """Movables of both ends."""

    assets: pd.DataFrame
    needs: pd.DataFrame
    rules: dict[str, Any]

    def build(self, baseline: solver.Result | None = None, **stability: object) -> solver.Problem:
        rules = {**self.rules, "stability": stability}
        return solver.build(
            self.assets, self.needs, scenario=rules, communes=geodata.communes(),
            distances=geodata.distances, baseline=baseline,
        )  # fmt: skip

    def less(self, *gone: str) -> Country:
        return Country(self.assets[~self.assets["asset_id"].isin(gone)], self.needs, self.rules)


@cache
def country() -> Country:
    whole = geodata.reference(seed=1)
    located = geodata.read_codes(whole.assets, whole.needs)
    known = geodata.communes().set_index("commune_code")["province_code"]
    assets, needs = (
        table[table["commune_code"].map(known).isin([NORTH, SOUTH]) & (table["category"] != "premises")]
        for table in (located.assets, located.needs)
    )
    needs = needs.reset_index(drop=True).assign(reach_km=200)
    rules = {key: rule for key, rule in whole.scenario.items() if key not in ("stability", "pins")}
    return Country(assets.reset_index(drop=True), needs, rules)


@cache
def before() -> solver.Result:
    return solver.solve(country().build())


def end_of(ids: pd.Series) -> pd.Series:
    """Province of needs or assets."""
    known = geodata.communes().set_index("commune_code")["province_code"]
    one = country()
    places = pd.concat(
        [
            table.set_index(name)["commune_code"]
            for table, name in ((one.assets, "asset_id"), (one.needs, "need_id"))
        ]
    )
    return ids.map(places).map(known)


def southern(result: solver.Result) -> list[list[tuple[str, ...]]]:
    out = []
    for table, key in (
        (result.plan.transfers, "need_id"),
        (result.plan.shortfalls, "need_id"),
        (result.plan.releases, "asset_id"),
    ):
        here = table[(end_of(table[key]) == SOUTH).to_numpy()]
        out.append([tuple(map(str, row)) for row in here.itertuples(index=False)])
    return out


@pytest.fixture
def solved(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Asset classes of the markets that a re-plan solves."""
    sizes: list[int] = []
    name = "solve_market"
    solve_market = getattr(movables_still, name)

    def counted(market: Any, **options: Any) -> Any:  # noqa: ANN401 (as it is)
        sizes.append(market.n_offers)
        return solve_market(market, **options)

    monkeypatch.setattr(movables_still, name, counted)
    return sizes


def used_in(province: str, category: str = "vehicle") -> str:
    """Return an asset of a province that the plan before moves."""
    moved = before().plan.transfers
    known = country().assets.set_index("asset_id")["category"]
    here = (end_of(moved["asset_id"]) == province) & (moved["asset_id"].map(known) == category)
    return str(moved[here.to_numpy()]["asset_id"].iloc[0])


def test_what_is_untouched_comes_out_byte_for_byte_and_is_not_solved(
    solved: list[int], tmp_path: Path
) -> None:
    update = country().less(used_in(NORTH))
    problem = update.build(before(), change_price_vnd=0)
    again = solver.solve(problem)
    assert southern(again) == southern(before())
    assert all(len(rows) > 0 for rows in southern(again))
    (size,) = solved  # vehicles alone: equipment has nothing that changed
    assert 0 < size < problem.categories["vehicle"].classes.market.n_offers
    fresh = solver.solve(update.build())
    assert again.objective == fresh.objective
    assert again.status is solver.Status.OPTIMAL
    assert accepted(again, tmp_path / "plan") == []


def test_where_nothing_changed_nothing_is_solved(solved: list[int]) -> None:
    again = solver.solve(country().build(before(), change_price_vnd=0))
    assert solved == []
    assert again.objective == before().objective
    assert again.plan.transfers["need_id"].tolist() == before().plan.transfers["need_id"].tolist()


def test_an_asset_that_nobody_had_touches_nothing_when_it_goes(solved: list[int]) -> None:
    left = before().plan.releases
    spare = left[(left["reason"] == "no_need").to_numpy()]["asset_id"].iloc[0]
    again = solver.solve(country().less(str(spare)).build(before(), change_price_vnd=0))
    assert solved == []
    assert again.plan.summary["kpis"]["changes"] == 0


def test_components_are_those_of_the_pairs_that_are_worth_it() -> None:
    for category in country().build().categories.values():
        market = category.classes.market
        offer, want = pairs_at_most(market, market.wants.price * 0, market.offers.supply * 0 + (1 << 60))
        labels = components(market)
        assert (labels.offer[offer] == labels.want[want]).all()
        under = market.wants.row >= 0
        assert (labels.want[under] == labels.row[market.wants.row[under]]).all()
        # Nothing else is joined: by hand, from each class over pairs and rows.
        graph: dict[tuple[str, int], set[tuple[str, int]]] = {}
        links = [(("offer", i), ("want", j)) for i, j in zip(offer.tolist(), want.tolist(), strict=True)]
        links += [(("want", j), ("row", int(market.wants.row[j]))) for j in range(market.n_wants) if under[j]]
        links += [(("row", r), ("row", int(p))) for r, p in enumerate(market.rows.parent) if p >= 0]
        for one, other in links:
            graph.setdefault(one, set()).add(other)
            graph.setdefault(other, set()).add(one)
        seen: set[tuple[str, int]] = set()
        parts = 0
        sizes = (("offer", market.n_offers), ("want", market.n_wants), ("row", len(market.rows.cap)))
        for start in [(side, at) for side, size in sizes for at in range(size)]:
            if start in seen:
                continue
            parts += 1
            open_, seen = [start], seen | {start}
            while open_:
                for node in graph.get(open_.pop(), set()) - seen:
                    seen.add(node)
                    open_.append(node)
        assert parts == labels.size
        assert labels.size > 2
