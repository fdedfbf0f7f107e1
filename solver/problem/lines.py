"""What today's tables say of the lines of the plan before: where they led, and fixed lines that are lost.

A line that is signed or executed stays; where its asset or its need takes no part, it can't. If that is a
slip or a contradiction, it is an error; if it may be right (the handover was carried out and the asset has
left the inventory, or one end lies outside the scope), it is a warning as long as something is at stake: the
need would be served again, or the asset handed over again (docs/decisions/0062).
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pandas as pd

from solver.errors import issue
from solver.problem.baseline import FIXED, REFUSED
from solver.problem.freedom import FREE, SAME_PROVINCE
from solver.tables.kinds import CHOICES
from solver.tables.names import closest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from solver.errors import Issue
    from solver.flow.market import Ints
    from solver.problem.baseline import Baseline
    from solver.problem.problem import Problem
    from solver.scenario import Scenario

_TABLE = "baseline"
#: Columns that say where a line led, and those of needs that have it.
_PLACE = {"to_commune_code": "commune_code", "recipient": "recipient"}
_SIGNED = "signed"
_FREE = ("surplus", "handed_idle")
_STATES = {"signed": ("signed", "đã ký"), "executed": ("executed", "đã thực hiện")}
# Looking for near names takes long: of many names those that begin alike are looked at, for the first lines.
_MOST_NAMES = 2_000
#: Codes of lines in a state whose id in a column nobody has.
_UNKNOWN = {
    ("signed", "asset_id"): "signed_asset_id",
    ("signed", "need_id"): "signed_need_id",
    ("refused", "asset_id"): "refused_asset_id",
    ("refused", "need_id"): "refused_need_id",
}
_MOST_HINTS = 20
_NEAR = 3


def with_places(baseline: Baseline, needs: pd.DataFrame) -> Baseline:
    """Say of lines that do not say so where they led: to the commune and the recipient of their need.

    Parameters
    ----------
    needs : today's, typed; what they do not have stays empty.
    """
    lines = baseline.lines
    unknown = lines["to_commune_code"] == ""
    lacking = unknown | (lines["recipient"] == "") if "recipient" in baseline.lacks else unknown
    if not lacking.any():
        return baseline
    own = needs.dropna(subset=["need_id"]).drop_duplicates("need_id").set_index("need_id")
    led = {}
    for name, of in _PLACE.items():
        of_need = lines["need_id"].map(own[of].astype("str")).fillna("").astype("str")
        led[name] = lines[name].where(~lacking | (lines[name] != ""), of_need).astype(lines[name].dtype)
    return replace(baseline, lines=lines.assign(**led))


def refused_named(found: list[Issue], baseline: Baseline, scenario: Scenario) -> list[Issue]:
    """Say of pins that a refused line bans that it does, where the scenario has no such ban."""
    lines = baseline.only((REFUSED,))
    refused = set(zip(lines["asset_id"], lines["need_id"], strict=True)) - set(map(tuple, scenario.bans))

    def named(one: Issue) -> Issue:
        pair = one.params.get("asset", ""), one.params.get("need", "")
        if one.code != "pin_ineligible" or one.params.get("stage") != "banned" or pair not in refused:
            return one
        words = {"asset": pair[0], "need": pair[1], "row": str(baseline.row.get(pair, ""))}
        return issue("pin_refused", one.table, one.row, one.column, one.value, words)

    return [named(one) for one in found]


def line_issues(
    problem: Problem, parts: Mapping[str, tuple[Ints, Ints]], inside: tuple[Ints, Ints]
) -> list[Issue]:
    """Report lines that are signed or executed and can't stay, refused ones of nothing, places not known.

    Parameters
    ----------
    parts : positions of the assets and needs that take part, by category; inside : positions of the rows of
    both tables that lie in the scope.
    """
    if problem.baseline is None:
        return []
    sides = [
        _Side(table, key, {str(ids[at]) for chosen in parts.values() for at in chosen[end].tolist()}, within)
        for end, (table, key, within) in enumerate(
            ((problem.assets, "asset_id", inside[0]), (problem.needs, "need_id", inside[1]))
        )
        for ids in [table[key].to_numpy(object)]
    ]
    lines = _Lines(problem.baseline, *sides)
    return [*lines.issues(), *_unplaced(problem, lines)]


def _unplaced(problem: Problem, lines: _Lines) -> Iterator[Issue]:
    """Report lines that bind their asset to a place that neither they nor the needs say, or no one knows."""
    baseline, freedom = lines.baseline, problem.scenario["stability.freedom"]
    if freedom == FREE:
        return
    columns = ["to_commune_code"] if freedom == SAME_PROVINCE else [*_PLACE]
    # Explicit matches may do without communes, and a need without a recipient.
    register = problem.form != "matches"
    asked = [name for name in columns if name in baseline.lacks or (name == "to_commune_code" and register)]
    communes = set(problem.communes["commune_code"])
    for line in baseline.lines.to_dict("records"):
        asset, need = line["asset_id"], line["need_id"]
        if asset not in lines.assets.part or (line["state"] == REFUSED and need in lines.needs.part):
            continue
        row, code = baseline.row.get((asset, need)), line["to_commune_code"]
        words = {"need": need, "asset": asset, "freedom": freedom}
        for name in asked:
            if not line[name] and need not in lines.needs.known:
                yield issue("line_place_missing", _TABLE, row, name, "", words)
        if register and code and code not in communes:
            yield issue("line_place_unknown", _TABLE, row, "to_commune_code", code, words)


@dataclass
class _Side:
    """A table: who takes part, and which rows lie in the scope."""

    table: pd.DataFrame
    key: str
    part: set[str]
    inside: Ints

    @cached_property
    def known(self) -> dict[str, int]:
        """Row by id."""
        return {str(name): at for at, name in enumerate(self.table[self.key]) if not pd.isna(name)}

    @cached_property
    def scope(self) -> set[int]:
        return set(self.inside.tolist())

    @cached_property
    def names(self) -> dict[str, list[str]]:
        """Ids by category, sorted."""
        found: dict[str, list[str]] = {}
        for name in sorted(self.known):
            found.setdefault(self.cell(name, "category"), []).append(name)
        return found

    def cell(self, name: str, column: str) -> str:
        """Return a cell of the row with this id, "" where there is none."""
        there = name in self.known and column in self.table
        value = self.table[column].iloc[self.known[name]] if there else ""
        return "" if pd.isna(value) else str(value)

    def away(self, name: str) -> bool:
        """Tell whether a row lies outside the scope."""
        return name in self.known and self.known[name] not in self.scope

    def near(self, name: str, category: str) -> str:
        """Return the ids of a category nearest to one that is not known, as words of "did you mean"."""
        names = self.names.get(category, [])
        first = max(0, bisect_left(names, name) - _MOST_NAMES // 2)
        left, found = names[first : first + _MOST_NAMES], list[str]()
        while len(found) < _NEAR and (one := closest(name, left)):
            found.append(one)
            left = [other for other in left if other != one]
        return "”, “".join(found)


class _Lines:
    """Fixed and refused lines beside today's tables."""

    def __init__(self, baseline: Baseline, assets: _Side, needs: _Side) -> None:
        self.baseline, self.assets, self.needs = baseline, assets, needs
        self.hints = 0

    def issues(self) -> Iterator[Issue]:
        """Look at each line, in the order of its ids."""
        lines = self.baseline.only((*FIXED, REFUSED))
        for asset, need, units, state in zip(
            *(lines[name].tolist() for name in ("asset_id", "need_id", "units", "state")), strict=True
        ):
            if asset in self.assets.part and need in self.needs.part:
                if self._differ(asset, need) and state != REFUSED:
                    yield self._category(asset, need, state)
            elif state == REFUSED:
                yield from self._refused(asset, need)
            else:
                yield from self._lost(asset, need, units, state)

    def _issue(
        self, code: str, pair: tuple[str, str], column: str, value: str, words: Mapping[str, str]
    ) -> Issue:
        about = {"asset": pair[0], "need": pair[1], **words}
        return issue(code, _TABLE, self.baseline.row.get(pair), column, value, about)

    def _differ(self, asset: str, need: str) -> bool:
        return self.assets.cell(asset, "category") != self.needs.cell(need, "category")

    def _category(self, asset: str, need: str, state: str) -> Issue:
        of_asset, of_need = self.assets.cell(asset, "category"), self.needs.cell(need, "category")
        words = {
            **_words(state),
            **_both("asset_category", _labels("category", of_asset)),
            **_both("need_category", _labels("category", of_need)),
        }
        return self._issue("fixed_category", (asset, need), "need_id", need, words)

    def _refused(self, asset: str, need: str) -> Iterator[Issue]:
        for name, other, side, column in self._ends(asset, need):
            if name not in side.known and other:
                words = {"closest": self._near(asset, need, column)}
                yield self._issue(_UNKNOWN["refused", column], (asset, need), column, name, words)

    def _ends(self, asset: str, need: str) -> Iterator[tuple[str, bool, _Side, str]]:
        """Yield each id, whether the other end takes part, and the table and column that it belongs to."""
        yield asset, need in self.needs.part, self.assets, "asset_id"
        yield need, asset in self.assets.part, self.needs, "need_id"

    def _near(self, asset: str, need: str, column: str) -> str:
        """Return ids near to that of a column, of the category of the other end."""
        self.hints += 1
        if self.hints > _MOST_HINTS:
            return ""
        if column == "asset_id":
            return self.assets.near(asset, self.needs.cell(need, "category"))
        return self.needs.near(need, self.assets.cell(asset, "category"))

    def _lost(self, asset: str, need: str, units: int, state: str) -> Iterator[Issue]:
        for name, other, side, column in self._ends(asset, need):
            if name in side.part:
                continue
            known = name in side.known
            words = {**_words(state), "units": str(units)}
            if not known:
                words["closest"] = self._near(asset, need, column)
            if state == _SIGNED and not known:
                yield self._issue(_UNKNOWN["signed", column], (asset, need), column, name, words)
            elif known and other and self._differ(asset, need):
                yield self._category(asset, need, state)
            elif known and other and state == _SIGNED and not side.away(name):
                words |= self._why(side, name)
                yield self._issue("signed_not_free", (asset, need), column, name, words)
            elif other:
                words |= self._why(side, name)
                code = "served_again" if column == "asset_id" else "handed_again"
                yield self._issue(code, (asset, need), column, name, words)

    def _why(self, side: _Side, name: str) -> dict[str, str]:
        """Say why an asset or a need takes no part."""
        if name not in side.known:
            return _both("why", ("is not in the table", "không có trong bảng"))
        if side.away(name):
            return _both("why", ("lies outside scope_province", "nằm ngoài scope_province"))
        status = side.cell(name, "status") if side is self.assets else ""
        if status and status not in _FREE:
            en, vi = _labels("status", status)
            return _both("why", (f"has the status {status} ({en})", f"có tình trạng “{vi}” ({status})"))
        house = side.cell(name, "attached_to") if side is self.assets else ""
        if house:
            return _both("why", (f"goes with the house {house}", f"đi theo cơ sở nhà, đất {house}"))
        return _both("why", ("takes no part", "không tham gia"))


def _both(name: str, words: tuple[str, str]) -> dict[str, str]:
    return {f"{name}_en": words[0], f"{name}_vi": words[1]}


def _words(state: str) -> dict[str, str]:
    return _both("state", _STATES[state])


def _labels(choices: str, code: Any) -> tuple[str, str]:  # noqa: ANN401 (a cell)
    for choice in CHOICES[choices]:
        if choice.code == code:
            return choice.en, choice.vi
    return str(code), str(code)
