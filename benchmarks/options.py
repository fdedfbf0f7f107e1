"""Options that the commands share."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


def some_of(known: Sequence[str]) -> Callable[[str], tuple[str, ...]]:
    """Make a parser of names joined by commas, in the order of the known ones."""

    def parse(text: str) -> tuple[str, ...]:
        chosen = tuple(part for part in text.split(",") if part)
        unknown = [part for part in chosen if part not in known]
        if unknown:
            raise argparse.ArgumentTypeError(f"{', '.join(unknown)}: choose from {', '.join(known)}")
        return tuple(name for name in known if name in chosen)

    return parse
