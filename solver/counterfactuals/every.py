"""``solver.explain_all``: every shortfall and every unused asset of a plan in one table; solves nothing."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from solver.counterfactuals.best import eligible
from solver.counterfactuals.reduced import is_plain, open_gap, tolls, want_prices
from solver.counterfactuals.takes import Takes
from solver.explanation.counterfactual import take_words, told
from solver.explanation.entry import explain_rows
from solver.explanation.indexed import Indexed
from solver.explanation.tables import tables_of_result
from solver.explanation.words import money

if TYPE_CHECKING:
    from solver.plan.result import Result
    from solver.problem.problem import Problem

#: Columns of ``explain_all``.
ALL_COLUMNS = ("subject", "id", "category", "units", "reason", "explanation", "what_it_would_take", "figures")


def explain_all(problem: Problem, result: Result, lang: str = "en") -> pd.DataFrame:
    """Explain every shortfall and every asset that stays, from the plan's tables and prices.

    Parameters
    ----------
    problem, result
        What was solved, and its result.
    lang
        "en" or "vi".

    Returns
    -------
    DataFrame
        ``subject`` ("need" or "asset"), ``id``, ``category``, ``units`` (that are unmet, or stay),
        ``reason``, ``explanation`` (the words of ``solver.explain``), ``what_it_would_take`` (in words),
        ``figures`` (the same for programs, JSON: docs/counterfactual.md).
    """
    tables = tables_of_result(problem, result)
    tables = replace(
        tables,
        assets=Indexed(problem.assets),
        needs=Indexed(problem.needs),
        communes=Indexed(problem.communes),
        transfers=Indexed(result.plan.transfers),
        shortfalls=Indexed(result.plan.shortfalls),
        releases=Indexed(result.plan.releases),
        changes=None if result.plan.changes is None else Indexed(result.plan.changes),
    )
    communes = problem.communes
    provinces = dict(
        zip(communes["province_code"].astype("str"), communes["province_name"].astype("str"), strict=True)
    )
    takes = Takes(problem, result)
    rows = []
    for short in result.plan.shortfalls.to_dict("records"):
        need_id = str(short["need_id"])
        words = explain_rows(tables, need_id=need_id)
        take = takes.of({str(key): value for key, value in short.items()})
        if short["reason"] == "unproven":
            take["search"] = words.facts["shortfall"]["search"]
        category = str(words.facts["category"])
        told_of = (
            _one_line(words.text(lang)),
            take_words(take, lang, provinces),
            json.dumps(take, ensure_ascii=False),
        )
        rows.append(("need", need_id, category, int(short["units"]), str(short["reason"]), *told_of))
    nearest = _nearest_needs(problem, result)
    for left in result.plan.releases.to_dict("records"):
        asset_id = str(left["asset_id"])
        words = explain_rows(tables, asset_id=asset_id)
        best = nearest.get(asset_id)
        take = {} if best is None else {"need_id": best[0], "more_vnd": best[1]}
        text = "" if best is None else told(lang, "take.released", need=best[0], vnd=money(lang, best[1]))
        if left["reason"] == "no_need":
            text = told(lang, "take.released.none")
        category = str(words.facts["category"])
        told_of = _one_line(words.text(lang)), text, json.dumps(take, ensure_ascii=False)
        rows.append(("asset", asset_id, category, int(left["units"]), str(left["reason"]), *told_of))
    return pd.DataFrame(rows, columns=list(ALL_COLUMNS))


def _one_line(text: str) -> str:
    return " ".join(line.strip() for line in text.split("\n"))


def _nearest_needs(problem: Problem, result: Result) -> dict[str, tuple[str, int]]:
    """Return for each asset of movables with units to spare the need of least reduced cost, and it [VND].

    Empty under limits, whose prices are not those of the pairs alone.
    """
    out: dict[str, tuple[str, int]] = {}
    if not is_plain(problem):
        return out
    spare = set(result.plan.releases["asset_id"].astype("str"))
    for category in problem.categories.values():
        want, gap = want_prices(category, result), open_gap(problem, category, result)
        needs, toll = np.arange(len(category.needs.ids)), tolls(problem, category, result)
        for i, asset_id in enumerate(category.assets.ids.tolist()):
            if asset_id in spare:
                j = needs[eligible(problem, category, np.full(len(needs), i), needs)]
                if len(j):  # an asset with units to spare has no value of its own
                    own = np.full(len(j), i)
                    reduced = category.unit_cost(own, j) - want[j] + toll(own, j)
                    at = int(reduced.argmin())
                    out[asset_id] = str(category.needs.ids[j[at]]), max(0, int(reduced[at]) - gap)
    return out
