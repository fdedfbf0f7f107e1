"""Plan folders, solved once."""

from __future__ import annotations

import pytest

from tests.app.service.plans.published import Folders, solve_all


@pytest.fixture(scope="session")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Folders:
    """Plan folders, solved once."""
    return solve_all(tmp_path_factory.getbasetemp() / "solved")
