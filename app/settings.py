"""Settings: the ``SURPLAN_...`` environment variables, read once a command and checked.

Every variable stands in `SETTINGS`, which is what ``docs/howto/settings.md`` documents (a test compares the
two).
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal, get_args
from zoneinfo import ZoneInfo

from app.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Mapping

Lang = Literal["en", "vi"]
LANGS: tuple[Lang, ...] = get_args(Lang)
LogLevel = Literal["debug", "info", "warning", "error"]
LogFormat = Literal["json", "text"]


@dataclass(frozen=True)
class Setting:
    """One environment variable: its name, its default as text, and what it means."""

    name: str
    default: str
    meaning: str


SETTINGS = (
    Setting(
        "SURPLAN_HOME",
        "surplan-data",
        "Folder for demo plans and logs of internal errors; the service's SQLite files and backups too.",
    ),
    Setting("SURPLAN_LANG", "en", "Language of messages, summaries and workbooks: en or vi."),
    Setting(
        "SURPLAN_TIMEZONE", "Asia/Ho_Chi_Minh", "IANA time zone of calendar days and of times that are shown."
    ),
    Setting(
        "SURPLAN_DATABASE_URL",
        "sqlite:///SURPLAN_HOME/surplan.sqlite",
        "Database of the service: sqlite:///FILE, or postgresql://USER:PASSWORD@HOST/NAME.",
    ),
    Setting("SURPLAN_RUN_CONCURRENCY", "1", "Runs that one worker solves at the same time: 1 to 64."),
    Setting("SURPLAN_RUN_MEMORY_MB", "4096", "Memory (MiB) at which a run is ended: 256 to 1048576."),
    Setting(
        "SURPLAN_LEAST_SCHEDULE_MINUTES",
        "15",
        "Least time between two re-plans of a schedule (minutes): 1 to 1440.",
    ),
    Setting("SURPLAN_MAX_UPLOAD_MB", "64", "Largest upload of tables (MiB): 1 to 4096."),
    Setting("SURPLAN_RATE", "3000/minute", "Requests of one key: NUMBER/second, /minute or /hour; or off."),
    Setting(
        "SURPLAN_LOG", "info/text", "Log of the service: debug, info, warning or error; then /text or /json."
    ),
)
_DATABASES = ("sqlite:///", "postgresql://", "postgresql+psycopg://", "postgres://")


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
    database_url
        Address of the service's database; may hold a password, so it is never shown.
    run_concurrency
        Runs that one worker solves at the same time.
    run_memory_mb
        MiB at which a run is ended.
    least_schedule_minutes
        Minutes that must lie between two times of a schedule of re-plans.
    max_upload_mb
        MiB of the largest upload of tables.
    rate
        Requests of one key, such as "3000/minute"; None: no limit.
    log_level, log_format
        What the service's log holds and how it looks.
    """

    home: Path
    lang: Lang
    timezone: ZoneInfo
    database_url: str = field(repr=False)
    run_concurrency: int
    run_memory_mb: int
    least_schedule_minutes: int
    max_upload_mb: int
    rate: str | None
    log_level: LogLevel
    log_format: LogFormat


def read_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Read all settings; a variable that is unset or empty has its default.

    Raises
    ------
    SettingsError
        When a value is unusable: a home that is a file, an unknown language or time zone, a number out of
        its range.
    """
    environ = os.environ if environ is None else environ
    values = {setting.name: environ.get(setting.name, "").strip() or setting.default for setting in SETTINGS}
    home = _home(values["SURPLAN_HOME"])
    level, form = _log(values["SURPLAN_LOG"])
    return Settings(
        home=home,
        lang=parse_lang(values["SURPLAN_LANG"], "SURPLAN_LANG"),
        timezone=_timezone(values["SURPLAN_TIMEZONE"]),
        database_url=_database_url(values["SURPLAN_DATABASE_URL"], home),
        run_concurrency=_whole("SURPLAN_RUN_CONCURRENCY", values, 1, 64),
        run_memory_mb=_whole("SURPLAN_RUN_MEMORY_MB", values, 256, 1_048_576),
        least_schedule_minutes=_whole("SURPLAN_LEAST_SCHEDULE_MINUTES", values, 1, 1440),
        max_upload_mb=_whole("SURPLAN_MAX_UPLOAD_MB", values, 1, 4096),
        rate=_rate(values["SURPLAN_RATE"]),
        log_level=level,
        log_format=form,
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


def _database_url(value: str, home: Path) -> str:
    """Return the address; what is behind its scheme is checked when the database is opened."""
    default = {setting.name: setting.default for setting in SETTINGS}["SURPLAN_DATABASE_URL"]
    if value == default:
        return f"sqlite:///{(home / 'surplan.sqlite').resolve().as_posix()}"
    if not value.startswith(_DATABASES):
        raise SettingsError("database_url")  # without the value: it may hold a password
    return value


def _whole(name: str, values: Mapping[str, str], least: int, most: int) -> int:
    value = values[name]
    # Only what everybody reads as a number: int() would take "1_0" and digits of other scripts.
    if not re.fullmatch(r"[0-9]{1,9}", value) or not least <= int(value) <= most:
        raise SettingsError("setting_range", source=name, value=repr(value), least=str(least), most=str(most))
    return int(value)


def _rate(value: str) -> str | None:
    rate = value.lower()
    if rate == "off":
        return None
    if not re.fullmatch(r"[1-9][0-9]{0,8}/(second|minute|hour)", rate):
        raise SettingsError("rate", value=repr(value))
    return rate


def _log(value: str) -> tuple[LogLevel, LogFormat]:
    """Return level and format; one alone leaves the other at its default."""
    words = value.lower().split("/")
    levels: dict[str, LogLevel] = {name: name for name in get_args(LogLevel)}
    formats: dict[str, LogFormat] = {name: name for name in get_args(LogFormat)}
    if len(words) == 1:
        words = ["info", *words] if words[0] in formats else [*words, "text"]
    if len(words) != 2 or words[0] not in levels or words[1] not in formats:
        raise SettingsError("log", value=repr(value))
    return levels[words[0]], formats[words[1]]
