"""The cells that annexes and handover records share: which asset, who gives, who receives, its worth."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from app.attached import attached_items
from app.documents.content import Lines
from app.documents.source import Record, Source, joined, worth

Key = tuple[str, str]  # asset_id, need_id of a transfer


def state_lines(source: Source) -> Lines:
    """Return the state's name and motto."""
    return (source.say("state"), source.say("motto"))


def values_of(source: Source, row: Record) -> tuple[int | None, int | None]:
    """Return original price and residual value of a transfer [VND]: of all units that it moves.

    A house that several needs share is one asset: its values stand at its first transfer, None at the others.
    """
    asset, units = source.asset(row["asset_id"]), int(row["units"])
    if asset.get("category") == "premises":
        if source.first_transfer[row["asset_id"]] != row["need_id"]:
            return None, None
        units = 1
    return worth(asset, "book_value_vnd", units), worth(asset, "residual_value_vnd", units)


def asset_lines(source: Source, asset: Record, name: str, *, head: str = "") -> Lines:
    """Return the lines that tell which asset it is: name, kind, plate or register code, id."""
    return joined(
        head,
        asset.get("name", ""),
        source.kind(asset),
        source.labelled(_code_of(asset), asset.get("official_id", "")),
        asset.get("address", ""),
        source.labelled("asset_id", name),
    )


def _code_of(asset: Record) -> str:
    return "plate" if asset.get("category") == "vehicle" else "register_code"


def giver_lines(source: Source, asset: Record, commune: str) -> Lines:
    """Return the body that gives: holder, commune, province."""
    holder = asset.get("holder", "") or source.say("holder_unknown")
    return joined(holder, source.commune(commune), source.province(commune))


def receiver_lines(source: Source, row: Record) -> Lines:
    """Return the body that receives: recipient, commune, province."""
    commune = row["to_commune_code"]
    return joined(row["recipient"], source.commune(commune), source.province(commune))


def amount(source: Source, value: int | None) -> Lines:
    """Return a cell with an amount; empty where it is unknown."""
    return () if value is None else (source.whole(value),)


def figures(source: Source, asset: Record, units: str, area: str) -> tuple[Lines, ...]:
    """Return the cells from year to condition."""
    condition = source.figure(asset.get("condition_pct", ""))
    texts = (asset.get("year", ""), source.whole(int(units)), source.figure(area), condition)
    return tuple(joined(text) for text in texts)


def _house(name: str, carried: dict[str, str]) -> str:
    """Follow an attached asset to its outermost house."""
    seen = {name}
    while name in carried and carried[name] not in seen:
        name = carried[name]
        seen.add(name)
    return name


def attached_by_transfer(source: Source) -> dict[Key, list[Record]]:
    """Return what is attached to transferred houses (asset_id, units), by the house's first transfer."""
    found: defaultdict[Key, list[Record]] = defaultdict(list)
    for house, outcome, item in _attached(source):
        if outcome == "transfer":
            found[house, source.first_transfer[house]].append(item)
    return dict(found)


def attached_by_release(source: Source) -> dict[str, list[Record]]:
    """Return what is attached to houses without a recipient (asset_id, units), by house."""
    found: defaultdict[str, list[Record]] = defaultdict(list)
    for house, outcome, item in _attached(source):
        if outcome not in ("transfer", "stays"):
            found[house].append(item)
    return dict(found)


def _attached(source: Source) -> Iterator[tuple[str, str, Record]]:
    """Yield the house, its outcome and the item, of everything that is attached."""
    table = attached_items(source.plan)
    carried = dict(zip(table["asset_id"], table["attached_to"], strict=True))
    for name, units, outcome in zip(table["asset_id"], table["units"], table["outcome"], strict=True):
        yield _house(name, carried), outcome, {"asset_id": name, "units": str(units)}
