"""The premises of the reference inventory, built as ``surplan demo`` does: the country or a province."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

import geodata
from app.folders import build, read_inputs
from benchmarks.premises.instances import Instance, all_pairs, listed
from solver.patterns.estate import Pairs

if TYPE_CHECKING:
    import pandas as pd

    from solver.flow.market import Ints

_ARRAYS = ("capacity", "opening", "copies", "demand", "price")


def country(scale: int, seed: int = 1) -> Instance:
    """Make, write, read and build the inventory's premises.

    Raises
    ------
    ValueError
        When the scenario has norm rows of premises, which the peers' model does not.
    """
    inventory = geodata.reference(seed=seed, scale=scale)
    scenario = {name: table for name, table in inventory.scenario.items() if name != "stability"}
    inventory = replace(
        inventory, assets=_premises(inventory.assets), needs=_premises(inventory.needs), scenario=scenario
    )
    with tempfile.TemporaryDirectory(prefix="surplan-bench-") as folder:
        geodata.write_reference(inventory, folder)
        problem = build(read_inputs(Path(folder)))
    premises = problem.premises
    if premises is None or len(premises.estate.rows.cap):
        raise ValueError("the reference scenario has no premises, or has norm rows of premises")
    codes = problem.communes["province_code"].to_numpy(dtype=str)
    estate = premises.estate
    host = _by_class(codes[premises.assets.place], premises.host_of, estate.n_hosts)
    guest = _by_class(codes[premises.needs.place], premises.guest_of, estate.n_guests)
    return Instance(estate, host_province=host, guest_province=guest)


def _premises(table: pd.DataFrame) -> pd.DataFrame:
    return table[table["category"] == "premises"].reset_index(drop=True)


def _by_class(codes: np.ndarray, class_of: Ints, classes: int) -> np.ndarray:
    """Return the code of each class; its members share a commune."""
    out = np.empty(classes, codes.dtype)
    out[class_of[class_of >= 0]] = codes[class_of >= 0]
    return out


def provinces(whole: Instance) -> list[str]:
    """Return the codes of the provinces with needs, sorted."""
    return sorted(set(() if whole.guest_province is None else whole.guest_province.tolist()))


def cut(whole: Instance, code: str) -> Instance:
    """Take one province out, with its pairs listed; no pair of the reference scenario leaves its province."""
    estate = whole.estate
    hosts = np.flatnonzero(whole.host_province == code)
    guests = np.flatnonzero(whole.guest_province == code)
    pairs = estate.lister.pairs(hosts, estate.price)
    local = np.full(estate.n_guests, -1, np.int32)
    local[guests] = np.arange(len(guests), dtype=np.int32)
    if (local[pairs.guest] < 0).any():
        raise ValueError(f"a pair of province {code} crosses its border")
    return Instance(
        listed(
            estate.capacity[hosts], estate.opening[hosts], estate.copies[hosts],
            estate.demand[guests], estate.price[guests], pairs._replace(guest=local[pairs.guest]),
        ),
        host_province=np.full(len(hosts), code), guest_province=np.full(len(guests), code),
    )  # fmt: skip


def store(province: Instance, path: Path) -> None:
    """Write a province that was cut out, for the processes that plan it."""
    estate = province.estate
    arrays = {name: getattr(estate, name) for name in _ARRAYS}
    code = np.array(province.guest_province if province.guest_province is not None else [], str)
    with path.open("wb") as file:
        np.savez(file, province=code[:1], **arrays, **all_pairs(estate)._asdict())


def load(path: Path) -> Instance:
    """Read what ``store`` wrote."""
    with np.load(path) as held:
        pairs = Pairs(*(held[name] for name in Pairs._fields))
        capacity, opening, copies, demand, price = (held[name] for name in _ARRAYS)
        estate = listed(capacity, opening, copies, demand, price, pairs)
        code = held["province"]
    return Instance(
        estate, host_province=np.repeat(code, estate.n_hosts), guest_province=np.repeat(code, estate.n_guests)
    )
