"""compose.yaml and Dockerfile fit the code: settings, times to stop, and what the image is built from."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from app.service.commands.serve import PATIENCE_S
from app.settings import SETTINGS

ROOT = Path(__file__).resolve().parents[4]
#: Of workers alone.
_OF_RUNS = {"SURPLAN_RUN_CONCURRENCY", "SURPLAN_RUN_MEMORY_MB"}
#: Where the volume is, which the image says.
_OF_IMAGE = {"SURPLAN_HOME"}


@pytest.fixture(scope="module")
def services() -> dict[str, dict[str, Any]]:
    """The services of compose.yaml by name."""
    found: dict[str, dict[str, Any]] = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))["services"]
    return found


def test_every_setting_reaches_the_service_and_its_workers(services: dict[str, dict[str, Any]]) -> None:
    every = {setting.name for setting in SETTINGS} - _OF_IMAGE
    assert set(services["worker"]["environment"]) == every
    for name in ("api", "upgrade"):
        assert set(services[name]["environment"]) == every - _OF_RUNS


def test_containers_are_killed_only_after_they_had_the_time_to_stop(
    services: dict[str, dict[str, Any]],
) -> None:
    for name, least in (("api", PATIENCE_S), ("worker", PATIENCE_S), ("database", PATIENCE_S)):
        assert int(services[name]["stop_grace_period"].removesuffix("s")) > least


def test_the_image_is_built_from_what_is_let_in_and_from_nothing_that_is_missing() -> None:
    let_in = {
        line.removeprefix("!")
        for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines()
        if line.startswith("!")
    }
    copied = set[str]()
    for line in (ROOT / "Dockerfile").read_text("utf-8").splitlines():
        words = line.split()
        if words[:1] == ["COPY"] and not words[1].startswith("--"):
            copied.update(words[1:-1])
    assert copied == let_in
    assert all((ROOT / name).exists() for name in copied)
