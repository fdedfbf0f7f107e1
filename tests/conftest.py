from __future__ import annotations

import gc
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

#: What takes longest begins first: no process is still at it when the others have nothing left to do.
FIRST = "test_readme.py"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the tests of one file before all others, which keep their order."""
    items.sort(key=lambda item: item.path.name != FIRST)


def pytest_collection_finish() -> None:
    """Let the garbage collector leave alone what lives to the end: modules and tests."""
    gc.collect()
    gc.freeze()
