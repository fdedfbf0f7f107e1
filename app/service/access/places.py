"""Which place a key may name: what is wrong with role, province and commune, every issue at once."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import geodata
from app.service.store.actor import OF_PROVINCE, Role
from app.settings import LANGS
from app.texts import say

if TYPE_CHECKING:
    from app.settings import Lang

#: Column -> code of the issue and what its text is filled with.
Found = tuple[str, str, dict[str, str]]


@cache
def province_of_communes() -> dict[str, str]:
    """Return commune code -> province code of the register."""
    table = geodata.communes()
    return dict(zip(table["commune_code"].tolist(), table["province_code"].tolist(), strict=True))


@cache
def names_of_provinces() -> dict[str, str]:
    """Return province code -> name of the register."""
    table = geodata.provinces()
    return dict(zip(table["province_code"].tolist(), table["name"].tolist(), strict=True))


def wrong_places(role: Role, province: str | None, commune: str | None) -> list[Found]:
    """Return what is wrong with the place of a key."""
    found: list[Found] = []
    words = {"role": str(role), "province": province or "", "commune": commune or ""}
    if role in OF_PROVINCE and province is None:
        found.append(("province_code", "key_province_missing", words))
    elif role not in OF_PROVINCE and province is not None:
        found.append(("province_code", "key_province_superfluous", words))
    elif province is not None and province not in names_of_provinces():
        known = ", ".join(f"{code} {name}" for code, name in sorted(names_of_provinces().items()))
        found.append(("province_code", "key_province_unknown", {**words, "known": known}))
    if role is Role.COMMUNE and commune is None:
        found.append(("commune_code", "key_commune_missing", words))
    elif role is not Role.COMMUNE and commune is not None:
        found.append(("commune_code", "key_commune_superfluous", words))
    elif commune is not None:
        home = province_of_communes().get(commune)
        if home is None:
            found.append(("commune_code", "key_commune_unknown", words))
        elif province in names_of_provinces() and home != province:
            found.append(("commune_code", "key_commune_elsewhere", {**words, "home": home}))
    return found


def as_issues(found: list[Found], values: dict[str, str]) -> dict[Lang, list[dict[str, object]]]:
    """Return the issues as problem documents hold them, by language."""
    return {
        lang: [
            {
                "file": "body",
                "column": column,
                "code": code,
                "severity": "error",
                "value": values.get(column, ""),
                "message": say(lang, f"key_issue.{code}.message", **words),
                "remedy": say(lang, f"key_issue.{code}.remedy", **words),
            }
            for column, code, words in found
        ]
        for lang in LANGS
    }
