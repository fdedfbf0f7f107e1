"""Settings: the ``SURPLAN_...`` environment variables, read once a command and checked.

Every variable stands in `SETTINGS`, which is what ``docs/howto/settings.md`` documents (a test compares the
two).
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, get_args
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Mapping

Lang = Literal["en", "vi"]
LANGS: tuple[Lang, ...] = get_args(Lang)


class SettingsError(Exception):
    """A setting has a value that Surplan can't use; the message names variable, value and remedy."""


@dataclass(frozen=True)
class Setting:
    """One environment variable: its name, its default as text, and what it means."""

    name: str
    default: str
    meaning: str


SETTINGS = (
    Setting("SURPLAN_HOME", "surplan-data", "Folder for demo plans and for logs of internal errors."),
    Setting("SURPLAN_LANG", "en", "Language of messages, summaries and workbooks: en or vi."),
    Setting(
        "SURPLAN_TIMEZONE", "Asia/Ho_Chi_Minh", "IANA time zone of calendar days and of times that are shown."
    ),
)


@dataclass(frozen=True)
class Settings:
    """What the environment decides.

    Attributes
    ----------
    home
        Folder for what commands write when no folder is named; need not exist yet.
    lang
        "en" or "vi".
    timezone
        The zone in which an instant becomes a calendar day.
    """

    home: Path
    lang: Lang
    timezone: ZoneInfo


def read_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Read all settings; a variable that is unset or empty has its default.

    Raises
    ------
    SettingsError
        When a value is unusable: a home that is a file, an unknown language or time zone.
    """
    environ = os.environ if environ is None else environ
    values = {setting.name: environ.get(setting.name, "").strip() or setting.default for setting in SETTINGS}
    return Settings(
        home=_home(values["SURPLAN_HOME"]),
        lang=parse_lang(values["SURPLAN_LANG"], "SURPLAN_LANG"),
        timezone=_timezone(values["SURPLAN_TIMEZONE"]),
    )


def parse_lang(value: str, source: str) -> Lang:
    """Return the language `value` names, in any case; `source` says in the error where it was given."""
    lang = value.strip().lower()
    if lang not in LANGS:
        raise SettingsError(f"{source} is {value!r}: use en or vi.")
    return lang


def _home(value: str) -> Path:
    try:
        home = Path(value).expanduser()
        is_file = home.exists() and not home.is_dir()
    except (OSError, RuntimeError, ValueError) as error:
        raise SettingsError(f"SURPLAN_HOME is {value!r}, which is no usable path: {error}") from error
    if is_file:
        raise SettingsError(f"SURPLAN_HOME is {value!r}, which is a file: name a folder.")
    return home


def _timezone(value: str) -> ZoneInfo:
    # An unknown name raises a KeyError, "../x" a ValueError, a folder of zones an OSError.
    try:
        return ZoneInfo(value)
    except (KeyError, ValueError, OSError) as error:
        raise SettingsError(
            f"SURPLAN_TIMEZONE is {value!r}, no known time zone: use a name such as Asia/Ho_Chi_Minh."
        ) from error
