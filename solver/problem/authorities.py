"""Who decides a transfer: the most specific row of the table of authorities that fits it.

A row fits a transfer when each of its keys is empty or equal: the province that gives, the level of the
holder, the category, whether the asset changes province. Of the rows that fit the one counts that names the
province; among these the one that names the level; then category, then crossing. ``{province}`` and
``{commune}`` in its text are the names of the giving side.
"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

    Key = tuple[str, str, str, str]

#: Keys of a row, the one that weighs most first.
KEYS = ("province_code", "holder_level", "category", "cross_province")
COLUMNS = (*KEYS, "authority_vi", "authority_en", "source")


class Authorities:
    """The table of authorities, ready to be asked.

    Parameters
    ----------
    table
        Typed table `authorities`, or None: then nobody is named.
    communes
        The register: commune_code, name, province_code, province_name.
    """

    def __init__(self, table: pd.DataFrame | None, communes: pd.DataFrame) -> None:
        self._text: dict[Key, str] = {}
        if table is not None:
            keys = zip(*(table[name].fillna("").astype("str") for name in KEYS), strict=True)
            self._text = dict(zip(keys, table["authority_vi"].fillna("").astype("str"), strict=True))
        columns = ("commune_code", "name", "province_code", "province_name")
        rows = zip(*(communes[name].fillna("").astype("str") for name in columns), strict=True)
        self._places = {code: rest for code, *rest in rows} if self._text else {}
        self._found: dict[Key, str] = {}

    def of(self, category: str, assets: pd.DataFrame, crosses: Iterable[bool]) -> list[str]:
        """Return who decides each transfer, "" where the table names nobody.

        Parameters
        ----------
        category
            vehicle, equipment or premises.
        assets
            The asset's row of each transfer: commune_code, holder_level.
        crosses
            Whether each of them changes province.
        """
        if not self._text:
            return [""] * len(assets)
        given = (assets["commune_code"].fillna(""), assets["holder_level"].fillna(""), crosses)
        return [
            self._name(code, (level, category, "true" if cross else "false"))
            for code, level, cross in zip(*given, strict=True)
        ]

    def _name(self, commune: str, rest: tuple[str, str, str]) -> str:
        name, province, province_name = self._places.get(commune, ("", "", ""))
        key = (province, *rest)
        if key not in self._found:
            # From all four keys named to none: the first of the pair is the key itself.
            tried = product(*((value, "") for value in key))
            self._found[key] = next((self._text[row] for row in tried if row in self._text), "")
        return self._found[key].replace("{province}", province_name).replace("{commune}", name)
