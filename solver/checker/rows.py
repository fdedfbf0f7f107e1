"""The plan's rows beyond units and cost: every column of transfers, shortfalls and releases derived anew."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from solver.checker.exact import parse_json, plain
from solver.checker.inputs import HOUSED
from solver.checker.pairs import SPENT
from solver.checker.rules import rules_of

if TYPE_CHECKING:
    from solver.checker.exact import Row
    from solver.checker.inputs import Asset, Inputs
    from solver.checker.levels import Attained
    from solver.checker.limits import Limits
    from solver.checker.report import Log
    from solver.checker.rest import Used
    from solver.checker.rules import Rules
    from solver.checker.survey import Survey
    from solver.checker.transfers import Transfer

PARTS: Final = (*SPENT, "renewal", "travel", "surcharge")


def check_order(tables: dict[str, list[Row]], log: Log) -> None:
    """Rows are sorted by their ids, each once."""
    for name, rows in tables.items():
        keys = [tuple(row.values())[: 2 if name == "transfers" else 1] for row in rows]
        for before, after in pairwise(keys):
            if before >= after:
                code = "duplicate" if before == after else "order"
                log.add(code, f"{name}.csv", ",".join(after), "rows are sorted, each once")


def check_side_rows(rows: list[Row], limits: Limits, attained: Attained, used: Used, log: Log) -> None:
    """`limits.csv` has a line for each side row, in the order of their ids, and says what is used of it."""
    names = [row["limit"] for row in rows]
    for name in sorted(set(limits.rows) ^ set(names)):
        log.add("limits", "limits.csv", name, "is missing" if name in limits.rows else "should not be there")
    if any(before >= after for before, after in pairwise(names)):
        log.add("limits", "limits.csv", "", "rows are sorted, each once")
    for given in rows:
        row = limits.rows.get(given["limit"])
        if row is not None:
            taken, limit = used["row", row.id], attained.limit(row)
            slack = taken - limit if row.most is None else limit - taken
            want = {"unit": row.unit, "used": str(taken), "bound": str(limit), "slack": str(slack)}
            for column, cell in want.items():
                if cell != given[column]:
                    log.same("limits", "limits.csv", f"{row.id} {column}", cell, given[column])


def check_transfers(transfers: list[Transfer], survey: Survey, inputs: Inputs, log: Log) -> None:
    """Compare every column of the transfers."""
    for transfer in transfers:
        asset, need, units = transfer.asset, transfer.need, transfer.units
        parts = {part: transfer.parts.get(part, 0) for part in PARTS} if inputs.form != "matches" else {}
        unit = parts | {"cost": transfer.cost, "spend": transfer.spend}
        money = {f"{name}_vnd": "" for name in PARTS} | {f"{k}_vnd": str(v * units) for k, v in unit.items()}
        km, taken = transfer.km, Fraction(units * transfer.load, inputs.unit)
        others = [best for best in survey.best[need.id] if best[1] != asset.id]
        extra, other = (str(others[0][0] - transfer.cost), others[0][1]) if others else ("", "")
        ranked = {"rank": str(transfer.rank), "alternative_asset_id": other, "alternative_extra_vnd": extra}
        rest = {
            "units": str(units), "area_m2": plain(taken) if asset.category == HOUSED else "",
            "form": _form(transfer), "authority": _authority(transfer, inputs),
            "state": inputs.baseline.state(transfer.pair),
            "distance_km": "" if km is None else plain(km),
            "from_commune_code": asset.commune, "to_commune_code": need.commune,
            "cross_province": str(asset.province != need.province).lower(),
            "until": need.row["until"], "recipient": need.row["recipient"],
            "official_id": asset.row["official_id"],
        }  # fmt: skip
        for code, want in (("cost", money), ("rank", ranked), ("transfer", rest)):
            for column, value in want.items():
                if value != transfer.row[column]:
                    name = f"{asset.id},{need.id} {column}"
                    log.same(code, "transfers.csv", name, value, transfer.row[column])


def _form(transfer: Transfer) -> str:
    if transfer.need.row["until"]:
        return "tạm sử dụng"
    if transfer.parts.get("change_of_use", 0) > 0:
        return "chuyển đổi công năng"
    stays = transfer.asset.province == transfer.need.province
    return "giao" if stays and transfer.asset.row["status"] == "handed_idle" else "điều chuyển"


def _authority(transfer: Transfer, inputs: Inputs) -> str:
    """Find who decides: of the rows that fit, the one whose filled keys weigh most, the province first."""
    asset = transfer.asset
    crosses = str(asset.province != transfer.need.province).lower()
    wanted = {"province_code": asset.province, "holder_level": asset.row["holder_level"]}
    wanted |= {"category": asset.category, "cross_province": crosses}
    known = ("authority", *wanted.values())
    if known not in inputs.known:
        fits = [row for row in inputs.authorities if all(row[key] in ("", wanted[key]) for key in wanted)]
        best = max(fits, key=lambda row: [row[key] != "" for key in wanted], default={"authority_vi": ""})
        inputs.known[known] = best["authority_vi"]
    text: str = inputs.known[known]
    place = inputs.communes.get(asset.commune, {})
    named = text.replace("{province}", place.get("province_name", ""))
    return named.replace("{commune}", place.get("name", ""))


def check_rest(
    tables: dict[str, list[Row]], transfers: list[Transfer], survey: Survey, inputs: Inputs, log: Log,
    *, proven: set[str],
) -> int:  # fmt: skip
    """Shortfalls and releases are exactly what follows from the transfers; return the units that stay.

    `proven` names the categories whose gap is 0: only there do `outbid` and `met` hold.
    """
    left = Counter({asset.id: asset.units for asset in inputs.assets.values()})
    unmet = Counter({need.id: need.units for need in inputs.needs.values()})
    for transfer in transfers:
        housed = transfer.asset.category == HOUSED  # one place, and no other body can have the building
        left[transfer.asset.id] -= 1 if housed else transfer.units
        unmet[transfer.need.id] -= transfer.units
    rules = {kind: rules_of(inputs, *kind) for kind in {(a.category, a.kind) for a in inputs.assets.values()}}
    shortfalls, releases = {}, {}
    for need in inputs.needs.values():
        if unmet[need.id] > 0:
            reason = survey.reason(need.id)
            shortfalls[need.id] = {
                "units": str(unmet[need.id]), "price_vnd": str(need.weighted),
                "reason": "unproven" if reason == "outbid" and need.category not in proven else reason,
            }  # fmt: skip
    for asset in inputs.assets.values():
        if left[asset.id] > 0:
            reason = survey.kept[asset.id]
            releases[asset.id] = {
                "units": str(left[asset.id]), "value_vnd": str(asset.release * left[asset.id]),
                "disposition": _disposition(asset, rules[asset.category, asset.kind]),
                "reason": "unproven" if reason == "met" and asset.category not in proven else reason,
            }  # fmt: skip
    _compare("shortfall", shortfalls, tables["shortfalls"], log)
    _compare("release", releases, tables["releases"], log)
    return sum(units for units in left.values() if units > 0)


def _disposition(asset: Asset, rules: Rules) -> str:
    worn = asset.condition is not None and asset.condition < rules.least
    if asset.category == HOUSED:
        if asset.row["legal_status"] not in rules.legal:
            return "commune_to_handle"
        return "demolish" if worn else "housing_body" if asset.kind == "house" else "land_fund"
    aged = rules.oldest is not None and asset.age is not None and asset.age > rules.oldest
    return "liquidate" if worn or aged else "reserve"


def _compare(code: str, want: dict[str, Row], rows: list[Row], log: Log) -> None:
    file, have = f"{code}s.csv", {next(iter(row.values())): row for row in rows}
    for name in sorted(set(want) ^ set(have)):
        log.add(code, file, name, "is missing" if name in want else "should not be there")
    for name in sorted(set(want) & set(have)):
        for column, cell in want[name].items():
            if cell != have[name][column]:
                own = "reason" if column == "reason" else code
                log.same(own, file, f"{name} {column}", cell, have[name][column])
        if "detail" in have[name]:
            detail = parse_json(have[name]["detail"], f"{file} {name}")
            log.same(code, file, f"{name} detail", sorted(detail), list(detail))
