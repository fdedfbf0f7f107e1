"""`Client`: the service from Python."""

from __future__ import annotations

from app.client import types
from app.client.inventories import Inventories
from app.client.plans import Plans
from app.client.replans import Replans
from app.client.runs import Runs
from app.client.scenarios import Scenarios


class Client(Inventories, Scenarios, Runs, Replans, Plans):
    """A service, with a key.

    ::

        with Client("http://127.0.0.1:8000", key) as surplan:
            stored = surplan.create_inventory("Lai Châu", ["lai-chau.xlsx"])
            scenario = surplan.create_scenario("Cars", stored["inventory_id"], {"reach_km": {"vehicle": 200}})
            run = surplan.wait(surplan.start_run(scenario["id"])["id"])
            surplan.download(run["plan_id"], "xlsx", "plan.xlsx")

    Every call raises `RefusedError` with all issues when the service says no, and `ServiceUnreachableError`
    when nobody answers; see `Transport` for what is tried again.
    """

    def me(self) -> types.Me:
        """Return who the key belongs to: role, province, commune."""
        return self._document(types.Me, "GET", "/v1/me")
