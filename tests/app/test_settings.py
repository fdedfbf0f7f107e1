from __future__ import annotations

import re
from pathlib import Path

import pytest

from app.errors import SettingsError
from app.settings import LANGS, SETTINGS, parse_lang, read_settings

HOWTO = Path(__file__).parents[2] / "docs" / "howto" / "settings.md"


def test_defaults_hold_where_the_environment_says_nothing_or_nothing_useful() -> None:
    for environ in ({}, {"SURPLAN_HOME": "", "SURPLAN_LANG": "  "}):
        settings = read_settings(environ)
        assert (settings.home, settings.lang, settings.timezone.key) == (
            Path("surplan-data"),
            "en",
            "Asia/Ho_Chi_Minh",
        )


def test_given_values_are_used(tmp_path: Path) -> None:
    settings = read_settings({"SURPLAN_HOME": str(tmp_path), "SURPLAN_LANG": "VI", "SURPLAN_TIMEZONE": "UTC"})
    assert (settings.home, settings.lang, settings.timezone.key) == (tmp_path, "vi", "UTC")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SURPLAN_LANG", "fr"),
        ("SURPLAN_TIMEZONE", "Asia/Hanoi"),
        ("SURPLAN_TIMEZONE", "../etc/passwd"),
        ("SURPLAN_TIMEZONE", "Asia"),
        ("SURPLAN_HOME", __file__),
        ("SURPLAN_RUN_CONCURRENCY", "0"),
        ("SURPLAN_RUN_CONCURRENCY", "65"),
        ("SURPLAN_RUN_MEMORY_MB", "255"),
        ("SURPLAN_RUN_MEMORY_MB", "4_096"),
        ("SURPLAN_LEAST_SCHEDULE_MINUTES", "0"),
        ("SURPLAN_LEAST_SCHEDULE_MINUTES", "1441"),
        ("SURPLAN_MAX_UPLOAD_MB", "lots"),
        ("SURPLAN_MAX_UPLOAD_MB", "٦٤"),
        ("SURPLAN_RATE", "0/minute"),
        ("SURPLAN_RATE", "10/fortnight"),
        ("SURPLAN_LOG", "loud/json"),
        ("SURPLAN_LOG", "info/xml"),
        ("SURPLAN_LOG", "info/json/text"),
    ],
)
def test_a_bad_value_is_reported_with_variable_and_value(name: str, value: str) -> None:
    with pytest.raises(SettingsError) as caught:
        read_settings({name: value})
    assert name in str(caught.value)
    assert repr(value) in str(caught.value)


def test_the_service_has_defaults_and_takes_what_is_given(tmp_path: Path) -> None:
    settings = read_settings({"SURPLAN_HOME": str(tmp_path)})
    assert settings.database_url == f"sqlite:///{(tmp_path / 'surplan.sqlite').as_posix()}"
    assert (settings.run_concurrency, settings.run_memory_mb, settings.max_upload_mb) == (1, 4096, 64)
    assert (settings.rate, settings.log_level, settings.log_format) == ("3000/minute", "info", "text")
    given = read_settings(
        {
            "SURPLAN_DATABASE_URL": "postgresql://u:secret@host/name",
            "SURPLAN_RUN_CONCURRENCY": "3",
            "SURPLAN_RATE": "off",
            "SURPLAN_LOG": "JSON",
        }
    )
    assert given.database_url == "postgresql://u:secret@host/name"
    assert (given.run_concurrency, given.rate, given.log_level, given.log_format) == (3, None, "info", "json")
    assert "secret" not in repr(given)
    assert read_settings({"SURPLAN_LOG": "debug"}).log_level == "debug"


def test_a_database_that_we_do_not_know_is_refused_without_showing_its_password() -> None:
    with pytest.raises(SettingsError) as caught:
        read_settings({"SURPLAN_DATABASE_URL": "mysql://u:secret@host/name"})
    for lang in LANGS:
        assert "SURPLAN_DATABASE_URL" in caught.value.text(lang)
        assert "secret" not in caught.value.text(lang)


def test_a_bad_option_names_the_option() -> None:
    with pytest.raises(SettingsError, match="--lang"):
        parse_lang("de", "--lang")


def test_every_setting_is_documented_with_its_default_and_meaning_and_no_other() -> None:
    rows = re.findall(
        r"^\| `(SURPLAN_\w+)` \| `([^`]*)` \| (.*) \|$", HOWTO.read_text(encoding="utf-8"), re.M
    )
    assert rows == [(setting.name, setting.default, setting.meaning) for setting in SETTINGS]


def test_no_module_reads_a_variable_that_is_no_setting() -> None:
    names = {setting.name for setting in SETTINGS}
    root = Path(__file__).parents[2]
    for package in ("app", "solver", "geodata"):
        for path in (root / package).rglob("*.py"):
            assert (
                set(re.findall(r"[\"'](SURPLAN_[A-Z_]+)[\"']", path.read_text(encoding="utf-8"))) <= names
            ), path
