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

from app.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Mapping

Lang = Literal["en", "vi"]
LANGS: tuple[Lang, ...] = get_args(Lang)


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
        raise SettingsError("lang", source=source, value=repr(value))
    return lang


def lang_of_errors(option: object) -> Lang:
    """Return the language for saying that something is wrong, be it the language itself.

    Parameters
    ----------
    option
        Value of ``--lang``; anything that is no language leaves it to SURPLAN_LANG, and that to English.
    """
    for value in (option, os.environ.get("SURPLAN_LANG")):
        if isinstance(value, str) and value.strip():
            try:
                return parse_lang(value, "")
            except SettingsError:
                continue
    return "en"


def _home(value: str) -> Path:
    try:
        home = Path(value).expanduser()
        is_file = home.exists() and not home.is_dir()
    except (OSError, RuntimeError, ValueError) as error:
        raise SettingsError("home_path", value=repr(value), reason=str(error)) from error
    if is_file:
        raise SettingsError("home_file", value=repr(value))
    return home


def _timezone(value: str) -> ZoneInfo:
    # An unknown name raises a KeyError, "../x" a ValueError, a folder of zones an OSError.
    try:
        return ZoneInfo(value)
    except (KeyError, ValueError, OSError) as error:
        raise SettingsError("timezone", value=repr(value)) from error
