from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from app.plans import PlanView, view_plan
from tests.app.hostile_names import NAMES, UNREADABLE

HERE = Path(__file__).parent


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep logs and demo plans of tests out of the tree, and the tester's own settings out of the tests."""
    for name in ("SURPLAN_LANG", "SURPLAN_TIMEZONE"):
        monkeypatch.delenv(name, raising=False)
    folder = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("SURPLAN_HOME", str(folder))
    return folder


@pytest.fixture
def plan() -> PlanView:
    """Return the hand-made plan."""
    return view_plan(HERE / "plan")


@pytest.fixture
def scenario(tmp_path: Path) -> Path:
    """Return a small valid scenario folder that a test may spoil."""
    return Path(shutil.copytree(HERE / "scenario", tmp_path / "scenario"))


@pytest.fixture
def hostile() -> list[str]:
    """Return texts that a table may hold and that some program somewhere takes for something else."""
    extra = [
        "<script>alert(1)</script>&amp;",
        " leading and trailing ",
        '"quoted", comma; semicolon',
        "x" * 5000,
    ]
    return [name for name in NAMES if name not in UNREADABLE] + [*extra, '"quoted", comma; semicolon']
