"""Calls of plans."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from app.client import types
from app.client.calls import Calls, without_none

if TYPE_CHECKING:
    from collections.abc import Iterator
    from os import PathLike

#: A row of a table of a plan.
Line = dict[str, str | int | float | bool | None]


class Plans(Calls):
    """Read, question and check plans."""

    def plan(self, plan_id: str) -> types.PlanDocument:
        """Return a plan with its summary."""
        return self._document(types.PlanDocument, "GET", f"/v1/plans/{plan_id}")

    def lines(
        self, plan_id: str, table: Literal["transfers", "shortfalls", "releases"], **filters: str | int
    ) -> Iterator[Line]:
        """Yield the rows of a table of a plan; filters as in docs/plans-service.md."""
        return self._items(Line, f"/v1/plans/{plan_id}/{table}", filters)

    def explain(
        self, plan_id: str, identifier: str, *, force: str | None = None, units: int | None = None
    ) -> types.ExplanationsDocument:
        """Return why a need or an asset got what it got, and what if it had to be otherwise."""
        path = f"/v1/plans/{plan_id}/explanations/{identifier}"
        return self._document(
            types.ExplanationsDocument, "GET", path, params=without_none(force=force, units=units)
        )

    def compare(self, plan_id: str, against: str) -> dict[str, Any]:
        """Return figures, changed lines and provinces of a plan beside those of another."""
        path, params = f"/v1/plans/{plan_id}/diff", {"against": against}
        return self._document(dict[str, Any], "GET", path, params=params)

    def verify(self, plan_id: str) -> types.VerificationDocument:
        """Have a plan checked independently of the solver, from its stored files."""
        return self._document(types.VerificationDocument, "POST", f"/v1/plans/{plan_id}/verify")

    def download(
        self,
        plan_id: str,
        kind: Literal["xlsx", "geojson", "csv", "docx", "pdf", "zip"],
        out: str | PathLike[str],
    ) -> Path:
        """Write a plan as a file; ``zip`` is the whole plan folder, which `surplan verify` checks."""
        answer = self.request("GET", f"/v1/plans/{plan_id}.{kind}")
        path = Path(out)
        part = path.with_name(path.name + ".part")
        part.write_bytes(answer.content)
        part.replace(path)
        return path
