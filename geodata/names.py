"""Find communes by name and province, indifferent to tone marks, their style, case and the kind."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")
COMMUNE_KINDS = {
    "xã": ("xã", "x"),
    "phường": ("phường", "p"),
    "đặc khu": ("đặc khu",),
    "thị trấn": ("thị trấn", "tt"),
}
PROVINCE_KINDS = ("tỉnh", "thành phố", "tp")
PROVINCE_ALIASES = {"hcm": "ho chi minh", "thua thien hue": "hue"}


@cache
def toned(text: str) -> str:
    """Return a key with the tone of each syllable but not its place: Hòa and Hoà are equal, Hoa is not."""
    syllables = []
    for syllable in _words(text):
        letters = unicodedata.normalize("NFD", syllable)
        tones = sorted(mark for mark in letters if mark in TONES)
        syllables.append("".join([*(mark for mark in letters if mark not in TONES), *tones]))
    return " ".join(syllables)


@cache
def bare(text: str) -> str:
    """Return a key without any mark: Hòa, Hoà and Hoa are equal."""
    words = (unicodedata.normalize("NFD", word.replace("đ", "d")) for word in _words(text))
    return " ".join("".join(c for c in word if not unicodedata.combining(c)) for word in words)


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", unicodedata.normalize("NFC", text).casefold())


def province_keys(text: str) -> tuple[str, ...]:
    """Return the bare keys that a province name may stand for, the text itself first."""
    key = bare(text)
    keys = [key]
    for kind in PROVINCE_KINDS:
        prefix = bare(kind)
        if key.startswith(prefix):
            keys.append(key.removeprefix(prefix).strip())
    return tuple(keys + [PROVINCE_ALIASES[each] for each in keys if each in PROVINCE_ALIASES])


@dataclass
class Gazetteer:
    """Units by name and province.

    Parameters
    ----------
    units
        (code, name, kind, province name) of each; a unit may come under several provinces.
    """

    units: Iterable[tuple[str, str, str, str]]
    _toned: dict[tuple[str, str], set[str]] = field(default_factory=lambda: defaultdict(set))
    _bare: dict[tuple[str, str], set[str]] = field(default_factory=lambda: defaultdict(set))
    _provinces: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        for code, name, kind, province in self.units:
            place = bare(province)
            self._provinces.add(place)
            for spelling in (name, *(f"{prefix} {name}" for prefix in COMMUNE_KINDS.get(kind, (kind,)))):
                # the empty province: anywhere
                for where in (place, ""):
                    self._toned[toned(spelling), where].add(code)
                    self._bare[bare(spelling), where].add(code)

    def find(self, name: str, province: str) -> list[str]:
        """Codes of the units of that name, sorted; an empty province means anywhere.

        Marks decide where they are given and fit; a kind before the name decides where it fits.
        """
        places = self.places(province)
        for spelling in (name, without_kind(name)):
            for index, key in ((self._toned, toned(spelling)), (self._bare, bare(spelling))):
                found: set[str] = set()
                for place in places:
                    found |= index.get((key, place), set())
                if found:
                    return sorted(found)
        return []

    def may_mean(self, name: str, province: str) -> set[str]:
        """Codes of all units that the name may mean: written without marks, it may have any.

        The kind before the name is not held against a unit.
        """
        found: set[str] = set()
        for spelling in dict.fromkeys((name, without_kind(name))):
            found |= set(self.find(spelling, province))
            if toned(spelling) == bare(spelling):
                for place in self.places(province):
                    found |= self._bare.get((bare(spelling), place), set())
        return found

    def places(self, province: str) -> list[str]:
        """Return the bare province names that a text means: [""] for no text, [] for an unknown one."""
        if not province.strip():
            return [""]
        known = [key for key in province_keys(province) if key in self._provinces]
        return known[:1]

    def near(self, name: str, province: str) -> list[str]:
        """Codes of units with like names, the likest first, at most three."""
        places = self.places(province) or [""]
        keys = {key: codes for (key, place), codes in self._bare.items() if place in places}
        found = get_close_matches(bare(without_kind(name)), keys, n=3, cutoff=0.7)
        return list(dict.fromkeys(code for key in found for code in sorted(keys[key])))[:3]


def without_kind(name: str) -> str:
    """Return a name without the kind before it; as it stands where there is none."""
    words = _words(name)
    for prefixes in COMMUNE_KINDS.values():
        for prefix in prefixes:
            size = len(prefix.split())
            if len(words) > size and bare(" ".join(words[:size])) == bare(prefix):
                return " ".join(words[size:])
    return name
