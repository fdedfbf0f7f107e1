"""An issue's text: the catalogue's, with its words filled in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from solver.messages.catalogue import CATALOGUE
from solver.messages.words import EXCEEDED, STAGES, WANTED

if TYPE_CHECKING:
    from collections.abc import Mapping


class _Words(dict[str, str]):
    # A missing word must not turn a report of bad input into a traceback.
    def __missing__(self, key: str) -> str:
        return ""


def text(code: str, part: str, lang: str, words: Mapping[str, str]) -> str:
    """Return one text of the catalogue.

    Parameters
    ----------
    code
        Issue code; an unknown one is its own message.
    part
        "message" or "remedy".
    lang
        "en" or "vi".
    words
        Values of the ``{words}``.
    """
    entry = CATALOGUE.get(code)
    if entry is None:
        return code if part == "message" else ""
    near = words.get("closest", "")
    full = _Words(words)
    full["closest_en"] = f" Did you mean “{near}”?" if near else ""
    full["closest_vi"] = f" Có phải ý bạn là “{near}”?" if near else ""
    derivable = words.get("table") == "needs"
    full["derive_en"] = " Or derive the needs from the norms: surplan needs." if derivable else ""
    full["derive_vi"] = " Hoặc lập nhu cầu từ định mức: surplan needs." if derivable else ""
    sheet = words.get("sheet", "")
    full["sheet_en"] = f", sheet “{sheet}”," if sheet else ""
    full["sheet_vi"] = f", trang tính “{sheet}”," if sheet else ""
    if code == "pin_exceeds":
        full |= _exceeded(words, lang)
    if code == "wrong_type":
        wanted = words.get("wanted", "")
        full["wanted"] = WANTED.get(wanted, (wanted, wanted))[lang == "vi"]
    if code == "pin_ineligible":
        stage = words.get("stage", "")
        full["stage_en"], full["stage_vi"] = STAGES.get(stage, (stage, stage))
    template: str = getattr(entry, f"{part}_{'vi' if lang == 'vi' else 'en'}")
    return " ".join(template.format_map(full).split()).replace(" .", ".")


def _exceeded(words: Mapping[str, str], lang: str) -> dict[str, str]:
    """Say what pins exceed, and by how much; of a budget the amounts are money."""
    from solver.explanation.row_words import row_words  # issues are imported for less than sentences
    from solver.explanation.words import money, number

    what = words.get("what", "")
    told = EXCEEDED[what][lang == "vi"] if what in EXCEEDED else row_words(what, lang, {})
    amount = money if what.partition("|")[0] == "budget" else number
    asked, available = (
        amount(lang, words[name])
        if words.get(name, "").replace(".", "", 1).isdecimal()
        else words.get(name, "")
        for name in ("asked", "available")
    )
    return {f"what_{lang}": told, f"asked_{lang}": asked, f"available_{lang}": available}
