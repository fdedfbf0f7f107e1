from __future__ import annotations

import re
from pathlib import Path

import pytest

from app.errors import SettingsError
from app.settings import SETTINGS, parse_lang, read_settings

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
    ],
)
def test_a_bad_value_is_reported_with_variable_and_value(name: str, value: str) -> None:
    with pytest.raises(SettingsError) as caught:
        read_settings({name: value})
    assert name in str(caught.value)
    assert repr(value) in str(caught.value)


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
