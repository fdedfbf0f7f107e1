"""Write the tables of all that was measured into the documents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from benchmarks import store
from benchmarks.limits_tables import limits_block
from benchmarks.premises.tables import premises_block, premises_short
from benchmarks.replans_tables import replans_block
from benchmarks.service.table import service_block
from benchmarks.tables import page_block, readme_block

if TYPE_CHECKING:
    from collections.abc import Callable


def write_documents(data: dict[str, Any]) -> None:
    """Write the long tables into the page and the short ones into the README, where they have markers."""
    for document, movables, premises in (
        (store.PAGE, page_block, premises_block),
        (store.README, readme_block, premises_short),
    ):
        if store.put_between(document, _both(data, movables, premises)):
            print(f"The tables of {document.name} are new.")


def _both(
    data: dict[str, Any], movables: Callable[[dict[str, Any]], str], premises: Callable[[dict[str, Any]], str]
) -> str:
    parts = [movables(data) if "records" in data else "", premises(data) if "premises" in data else ""]
    if movables is page_block:
        parts += [limits_block(data), replans_block(data), service_block(data)]
    return "\n\n".join(part for part in parts if part)
