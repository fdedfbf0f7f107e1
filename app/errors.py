"""What a user did wrong, said in one line and in the user's language.

Issues of rows are no exceptions: they are printed as issues.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.texts import say

if TYPE_CHECKING:
    from app.settings import Lang


class UserError(Exception):
    """Something a user can put right.

    Parameters
    ----------
    key
        Text below ``error.`` of the catalogues; it names the remedy too.
    words
        What the text is filled with.
    """

    def __init__(self, key: str, **words: str) -> None:
        super().__init__(key, words)
        self.key = key
        self.words = words

    def text(self, lang: Lang) -> str:
        """Return what is wrong and what to do."""
        return say(lang, f"error.{self.key}", **self.words)

    def __str__(self) -> str:
        return self.text("en")


class InputError(UserError):
    """Input that is wrong as a whole."""


class UsageError(UserError):
    """An option or an argument has a value that makes no sense."""


class SettingsError(UserError):
    """A setting has a value that can't be used."""
