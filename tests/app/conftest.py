from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from app.plans import PlanView, view_plan

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
    return [
        "=1+1",
        "+84 912 345 678",
        "-1",
        "@SUM(A1)",
        '=HYPERLINK("https://example.org","x")',
        "https://example.org/a b",
        "<r><t>markup</t></r>",
        "<script>alert(1)</script>&amp;",
        "</t></is></c>",
        "_x0041_",
        "007",
        "true",
        "nan",
        "\u202eUBND\u202c",
        "Ho\u0300a B\u00ec\u0300nh",
        " leading and trailing ",
        "line\nbreak",
        "😀 Đắk Lắk",
        '"quoted", comma; semicolon',
        "x" * 5000,
    ]
