"""How a command talks to its user."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.console import note, visible
from app.texts import say

if TYPE_CHECKING:
    from app.settings import Lang


@dataclass(frozen=True)
class Talk:
    """Language and manner of what a command prints.

    Attributes
    ----------
    lang
        "en" or "vi".
    quiet
        No progress.
    as_json
        For programs: JSON on stdout, JSON lines of progress on stderr.
    """

    lang: Lang
    quiet: bool = False
    as_json: bool = False

    def work(self, key: str, **words: str) -> None:
        """Say on stderr what is being done, unless quiet or for programs."""
        if not (self.quiet or self.as_json):
            self.warn(key, **words)

    def warn(self, key: str, **words: str) -> None:
        """Say on stderr what the user must know in any case."""
        note(say(self.lang, f"work.{key}", **{name: visible(word) for name, word in words.items()}))
