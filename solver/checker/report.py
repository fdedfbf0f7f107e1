"""What the check reports: violations, and the figures it recomputed."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from solver.checker.exact import number

if TYPE_CHECKING:
    from collections.abc import Mapping

LISTED: Final = 20  # violations listed per code; the others are counted


@dataclass(frozen=True)
class Violation:
    """One thing that is wrong: a code of `docs/certificate.md`, the file, the row's id or key, and why.

    `given` is what the folder says and `wanted` what the check computes or allows, where that says it all.
    """

    code: str
    file: str
    row: str
    message: str
    given: str | None = None
    wanted: str | None = None


@dataclass(frozen=True)
class Verification:
    """What the check found; figures are recomputed, in VND, None where the folder is unreadable.

    `violations` lists at most 20 of a code, `found` counts all by code, `counts` says how much was checked.
    """

    ok: bool
    violations: tuple[Violation, ...]
    found: Mapping[str, int]
    status: str | None = None
    objective: int | None = None
    bound: int | None = None
    gap: int | None = None
    cost_gap: str | None = None
    value_gap: str | None = None
    counts: Mapping[str, int] = field(default_factory=dict)


class Log:
    """The violations so far."""

    def __init__(self) -> None:
        self.found: Counter[str] = Counter()
        self.listed: list[Violation] = []

    def add(
        self,
        code: str,
        file: str,
        row: str,
        message: str,
        given: str | None = None,
        wanted: str | None = None,
    ) -> None:
        """Report a violation."""
        self.found[code] += 1
        if self.found[code] <= LISTED:
            self.listed.append(Violation(code, file, row, message[:300], given, wanted))

    def same(self, code: str, file: str, row: str, want: object, got: object) -> None:
        """Report a difference. True is not 1; a Fraction may stand as a number or as a string."""
        if type(want) is Fraction and type(got) in (int, str, Decimal):
            equal = number(str(got)) == want
        else:
            equal = type(want) is type(got) and want == got
        if not equal:
            shown, right = f"{got!r:.80}", f"{want!s:.80}"
            self.add(code, file, row, f"is {shown}, should be {right}", shown, right)
