"""`Client`: the service from Python."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, cast

from app.client.errors import (
    RunFailedError,
    ServiceUnreachableError,
    StaleError,
    UnconditionalError,
    WaitTimeoutError,
)
from app.client.events import read_events
from app.client.transport import Transport

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from os import PathLike

    from app.client import types

Side = Literal["assets", "needs"]
_ENDED = ("SUCCEEDED", "FAILED", "CANCELLED")
_FIRST_POLL_S, _LONGEST_POLL_S = 0.1, 2.0


class Client(Transport):
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
        return cast("types.Me", self._json("GET", "/v1/me"))

    # Inventories

    def create_inventory(
        self,
        name: str,
        files: Sequence[str | PathLike[str]] = (),
        *,
        commune_codes: Literal["auto", "2025", "pre-2025"] = "auto",
        dry_run: bool = False,
    ) -> types.UploadDocument:
        """Make an inventory from files: a workbook, or CSV, GeoPackage, GeoJSON, JSON named as the tables.

        It is sent once: sent again after a broken connection it could be there twice.

        Parameters
        ----------
        name
            What people call it.
        files
            None: an empty inventory, which the provinces fill.
        commune_codes
            How codes of communes are read.
        dry_run
            Check everything, store nothing.
        """
        params = {"name": name, "commune_codes": commune_codes, "dry_run": dry_run}
        if not files:
            return cast("types.UploadDocument", self._json("POST", "/v1/inventories", params=params, json={}))
        return cast("types.UploadDocument", self._upload("POST", "/v1/inventories", files, params, None))

    def inventory(self, inventory_id: str, version: int | None = None) -> types.HeadDocument:
        """Return an inventory with its parts and their ETags, in the newest or another version."""
        path, params = f"/v1/inventories/{inventory_id}", _without_none(version=version)
        return cast("types.HeadDocument", self._json("GET", path, params=params))

    def inventories(self) -> Iterator[types.InventoryDocument]:
        """Yield all inventories, the newest first."""
        return cast("Iterator[types.InventoryDocument]", self._pages("/v1/inventories", {}))

    def versions(self, inventory_id: str) -> Iterator[types.VersionDocument]:
        """Yield the accepted changes of an inventory, the newest first."""
        pages = self._pages(f"/v1/inventories/{inventory_id}/versions", {})
        return cast("Iterator[types.VersionDocument]", pages)

    def rows(self, inventory_id: str, table: Side, **filters: str | int) -> Iterator[types.RowDocument]:
        """Yield assets or needs; filters as in docs/inventories.md: ``province="12"``, ``bbox="..."``."""
        pages = self._pages(f"/v1/inventories/{inventory_id}/{table}", filters)
        return cast("Iterator[types.RowDocument]", pages)

    def differences(self, inventory_id: str, before: int, after: int) -> Iterator[types.DifferenceDocument]:
        """Yield what was added, removed and changed from one version to another."""
        pages = self._pages(f"/v1/inventories/{inventory_id}/diff", {"from": before, "to": after})
        return cast("Iterator[types.DifferenceDocument]", pages)

    def part(self, inventory_id: str, province: str) -> types.PartRowsDocument:
        """Return all rows of a province's part, with the ETag that a change of it needs."""
        path = f"/v1/inventories/{inventory_id}/provinces/{province}"
        return cast("types.PartRowsDocument", self._json("GET", path))

    def put_part(
        self,
        inventory_id: str,
        province: str,
        files: Sequence[str | PathLike[str]],
        *,
        etag: str | None = None,
        dry_run: bool = False,
    ) -> types.UploadDocument:
        """Replace a province's part by what files hold.

        Parameters
        ----------
        inventory_id, province
            The part.
        files
            As of `create_inventory`.
        etag
            ETag of the part that the change was made from; None for the first one.
        dry_run
            Check everything, store nothing.

        Raises
        ------
        StaleError
            When somebody else changed the part meanwhile.
        """
        path = f"/v1/inventories/{inventory_id}/provinces/{province}"
        try:
            answer = self._upload("PUT", path, files, {"dry_run": dry_run}, etag)
        except (StaleError, UnconditionalError) as refusal:
            if not refusal.repeated or dry_run:
                raise
            # Was it our own first request, whose answer was lost? Then nothing would change now.
            answer = self._upload("PUT", path, files, {"dry_run": True}, "*")
            if any(any(counts.values()) for counts in answer["changed"].values()):
                raise
        return cast("types.UploadDocument", answer)

    def patch_part(
        self, inventory_id: str, province: str, changes: types.PatchDocument, *, etag: str
    ) -> types.UploadDocument:
        """Change single rows of a province's part; it is sent once.

        Raises
        ------
        StaleError
            When somebody else changed the part meanwhile.
        """
        path = f"/v1/inventories/{inventory_id}/provinces/{province}"
        answer = self._json("PATCH", path, json=changes, headers=_if_match(etag))
        return cast("types.UploadDocument", answer)

    # Scenarios, runs, re-plans

    def create_scenario(
        self,
        name: str,
        inventory_id: str,
        scenario: Mapping[str, Any],
        replan: types.ReplanWish | None = None,
    ) -> types.ScenarioDocument:
        """Freeze a scenario: the keys of scenario.toml. It is sent once."""
        body: dict[str, Any] = {"name": name, "inventory_id": inventory_id, "scenario": dict(scenario)}
        if replan is not None:
            body["replan"] = replan
        return cast("types.ScenarioDocument", self._json("POST", "/v1/scenarios", json=body))

    def start_run(
        self,
        scenario_id: str,
        *,
        inventory_version: int | None = None,
        baseline_plan_id: str | None = None,
        time_limit_s: float | None = None,
    ) -> types.RunDocument:
        """Queue a run; whatever happens to the connection, there is one."""
        body = _without_none(
            scenario_id=scenario_id,
            inventory_version=inventory_version,
            baseline_plan_id=baseline_plan_id,
            time_limit_s=time_limit_s,
        )
        return cast("types.RunDocument", self._json("POST", "/v1/runs", json=body, idempotent=True))

    def run(self, run_id: str) -> types.RunDocument:
        """Return a run: state, progress, plan."""
        return cast("types.RunDocument", self._json("GET", f"/v1/runs/{run_id}"))

    def cancel(self, run_id: str) -> types.RunDocument:
        """Cancel a run; the best plan so far is kept and comes a moment later: `wait` for it."""
        return cast("types.RunDocument", self._json("POST", f"/v1/runs/{run_id}/cancel"))

    def events(self, run_id: str, after: int = 0) -> Iterator[types.EventDocument]:
        """Yield what happens to a run until it has ended; a broken stream is taken up where it broke.

        Raises
        ------
        ServiceUnreachableError
            When the stream broke and nobody answers any more.
        """
        path = f"/v1/runs/{run_id}/events"
        while True:
            try:
                headers = {"Accept": "text/event-stream", "Last-Event-ID": str(after)}
                with self.stream(path, headers) as answer:
                    for found in read_events(answer.iter_lines()):
                        event = cast("types.EventDocument", found)
                        after = event["number"]
                        yield event
            except ServiceUnreachableError:
                pass
            # The stream ends with the run, or with the process that served it.
            page = cast("types.EventPage", self._json("GET", path, params={"after": after, "limit": 1}))
            if page["ended"] and not page["items"]:
                return

    def wait(
        self,
        run_id: str,
        *,
        timeout_s: float | None = None,
        on_progress: Callable[[types.RunDocument], None] | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> types.RunDocument:
        """Wait for the end of a run and its plan; ask less and less often, at last every two seconds.

        Parameters
        ----------
        run_id
            The run.
        timeout_s
            Seconds to wait at most; None: as long as it takes.
        on_progress
            Called with each answer.
        sleep
            Waits; for tests.

        Returns
        -------
        RunDocument
            Succeeded, or cancelled with the best plan that there was.

        Raises
        ------
        RunFailedError
            When it ended without a plan.
        WaitTimeoutError
            When it had not ended in the time; it goes on.
        """
        end = None if timeout_s is None else time.monotonic() + timeout_s
        pause = _FIRST_POLL_S
        while True:
            found = self.run(run_id)
            if on_progress is not None:
                on_progress(found)
            if found["state"] in _ENDED and not found["plan_pending"]:
                if found["plan_id"] is None:
                    raise RunFailedError(found)
                return found
            if end is not None and time.monotonic() + pause > end:
                raise WaitTimeoutError(f"run {run_id} is {found['state']} after {timeout_s} s; it goes on")
            sleep(pause)
            pause = min(pause * 1.5, _LONGEST_POLL_S)

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
        more = _without_none(inventory_version=inventory_version, baseline=baseline)
        body = {"inventory_id": inventory_id, **chosen, **more}
        return cast("types.BatchDocument", self._json("POST", "/v1/replans", json=body, idempotent=True))

    def batch(self, batch_id: str) -> types.BatchDocument:
        """Return how the runs of a batch stand, and what their plans changed."""
        return cast("types.BatchDocument", self._json("GET", f"/v1/replans/{batch_id}"))

    # Plans

    def plan(self, plan_id: str) -> types.PlanDocument:
        """Return a plan with its summary."""
        return cast("types.PlanDocument", self._json("GET", f"/v1/plans/{plan_id}"))

    def lines(
        self, plan_id: str, table: Literal["transfers", "shortfalls", "releases"], **filters: str | int
    ) -> Iterator[dict[str, str | int | float | bool | None]]:
        """Yield the rows of a table of a plan; filters as in docs/plans-service.md."""
        return self._pages(f"/v1/plans/{plan_id}/{table}", filters)

    def explain(
        self, plan_id: str, identifier: str, *, force: str | None = None, units: int | None = None
    ) -> types.ExplanationsDocument:
        """Return why a need or an asset got what it got, and what if it had to be otherwise."""
        path = f"/v1/plans/{plan_id}/explanations/{identifier}"
        answer = self._json("GET", path, params=_without_none(force=force, units=units))
        return cast("types.ExplanationsDocument", answer)

    def compare(self, plan_id: str, against: str) -> dict[str, Any]:
        """Return figures, changed lines and provinces of a plan beside those of another."""
        path, params = f"/v1/plans/{plan_id}/diff", {"against": against}
        return cast("dict[str, Any]", self._json("GET", path, params=params))

    def verify(self, plan_id: str) -> types.VerificationDocument:
        """Have a plan checked independently of the solver, from its stored files."""
        return cast("types.VerificationDocument", self._json("POST", f"/v1/plans/{plan_id}/verify"))

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

    # What calls are made of

    def _json(self, method: str, path: str, **more: Any) -> Any:  # noqa: ANN401  # the callers know its type
        return self.request(method, path, **more).json()

    def _pages(self, path: str, params: Mapping[str, str | int]) -> Iterator[Any]:
        after: str | None = None
        while True:
            page = self._json("GET", path, params={"limit": 1000, **params, **_without_none(after=after)})
            yield from page["items"]
            after = page["next"]
            if after is None:
                return

    def _upload(
        self,
        method: str,
        path: str,
        files: Sequence[str | PathLike[str]],
        params: Mapping[str, Any],
        etag: str | None,
    ) -> Any:  # noqa: ANN401  # the callers know its type
        # Bytes and no streams: what is sent again after a broken connection must begin anew.
        parts = [("file", (file.name, file.read_bytes())) for file in map(Path, files)]
        return self._json(method, path, params=params, files=parts, headers=_if_match(etag))


def _if_match(etag: str | None) -> dict[str, str]:
    return {} if etag is None else {"If-Match": "*" if etag == "*" else f'"{etag}"'}


def _without_none(**values: object) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}
