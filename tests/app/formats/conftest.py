from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.app.formats.packages import HANOI, write

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """Return a GeoPackage with one asset at a point."""
    return write(tmp_path / "a.gpkg", {"asset_id": ["V-1"], "units": [2]}, [HANOI])
