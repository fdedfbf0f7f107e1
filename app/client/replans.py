"""Calls of re-plans."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.client import types
from app.client.calls import Calls, without_none

if TYPE_CHECKING:
    from collections.abc import Sequence


class Replans(Calls):
    """Plan many scenarios again."""

    def replan(
        self,
        inventory_id: str,
        scenario_ids: Sequence[str] | None = None,
        *,
        inventory_version: int | None = None,
        baseline: str = "latest",
    ) -> types.BatchDocument:
        """Plan scenarios again, each beside its newest plan; whatever happens to the connection, once.

        Parameters
        ----------
        inventory_id
            The inventory.
        scenario_ids
            Some of its scenarios; None: all that are yours.
        inventory_version
            None: the newest.
        baseline
            ``latest``, ``none``, or the id of a plan.
        """
        chosen = {"all": True} if scenario_ids is None else {"scenario_ids": list(scenario_ids)}
        more = without_none(inventory_version=inventory_version, baseline=baseline)
        body = {"inventory_id": inventory_id, **chosen, **more}
        return self._document(types.BatchDocument, "POST", "/v1/replans", json=body, idempotent=True)

    def batch(self, batch_id: str) -> types.BatchDocument:
        """Return how the runs of a batch stand, and what their plans changed."""
        return self._document(types.BatchDocument, "GET", f"/v1/replans/{batch_id}")
