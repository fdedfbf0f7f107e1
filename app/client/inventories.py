"""Calls of inventories and of their provinces' parts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from app.client import types
from app.client.calls import Calls, if_match, parts_of, without_none
from app.client.errors import StaleError, UnconditionalError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from os import PathLike

Side = Literal["assets", "needs"]
_ROOT = "/v1/inventories"


class Inventories(Calls):
    """Make, read and change inventories."""

    def create_inventory(
        self,
        name: str,
        files: Sequence[str | PathLike[str]] = (),
        *,
        commune_codes: Literal["auto", "2025", "pre-2025"] = "auto",
        dry_run: bool = False,
    ) -> types.UploadDocument:
        """Make an inventory from files: a workbook, or CSV, GeoPackage, GeoJSON, JSON named as the tables.

        Whatever happens to the connection, there is one.

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
        content: dict[str, Any] = {"files": parts_of(files)} if files else {"json": {}}
        return self._document(types.UploadDocument, "POST", _ROOT, idempotent=True, params=params, **content)

    def inventory(self, inventory_id: str, version: int | None = None) -> types.HeadDocument:
        """Return an inventory with its parts and their ETags, in the newest or another version."""
        path, params = f"{_ROOT}/{inventory_id}", without_none(version=version)
        return self._document(types.HeadDocument, "GET", path, params=params)

    def inventories(self) -> Iterator[types.InventoryDocument]:
        """Yield all inventories, the newest first."""
        return self._items(types.InventoryDocument, _ROOT, {})

    def versions(self, inventory_id: str) -> Iterator[types.VersionDocument]:
        """Yield the accepted changes of an inventory, the newest first."""
        return self._items(types.VersionDocument, f"{_ROOT}/{inventory_id}/versions", {})

    def rows(self, inventory_id: str, table: Side, **filters: str | int) -> Iterator[types.RowDocument]:
        """Yield assets or needs; filters as in docs/inventories.md: ``province="12"``, ``bbox="..."``."""
        return self._items(types.RowDocument, f"{_ROOT}/{inventory_id}/{table}", filters)

    def differences(self, inventory_id: str, before: int, after: int) -> Iterator[types.DifferenceDocument]:
        """Yield what was added, removed and changed from one version to another."""
        return self._items(
            types.DifferenceDocument, f"{_ROOT}/{inventory_id}/diff", {"from": before, "to": after}
        )

    def part(self, inventory_id: str, province: str) -> types.PartRowsDocument:
        """Return all rows of a province's part, with the ETag that a change of it needs."""
        path = f"{_ROOT}/{inventory_id}/provinces/{province}"
        return self._document(types.PartRowsDocument, "GET", path)

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
        path = f"{_ROOT}/{inventory_id}/provinces/{province}"
        try:
            return self._put(path, files, etag, dry_run=dry_run)
        except (StaleError, UnconditionalError) as refusal:
            if not refusal.repeated or dry_run:
                raise
            # Was it our own first request, whose answer was lost? Then nothing would change now.
            answer = self._put(path, files, "*", dry_run=True)
            if _changes(answer["changed"]):
                raise
            return answer

    def patch_part(
        self, inventory_id: str, province: str, changes: types.PatchDocument, *, etag: str
    ) -> types.UploadDocument:
        """Change single rows of a province's part; it is sent once.

        Raises
        ------
        StaleError
            When somebody else changed the part meanwhile.
        """
        path = f"{_ROOT}/{inventory_id}/provinces/{province}"
        return self._document(types.UploadDocument, "PATCH", path, json=changes, headers=if_match(etag))

    def _put(
        self, path: str, files: Sequence[str | PathLike[str]], etag: str | None, *, dry_run: bool
    ) -> types.UploadDocument:
        params, headers = {"dry_run": dry_run}, if_match(etag)
        return self._document(
            types.UploadDocument, "PUT", path, params=params, headers=headers, files=parts_of(files)
        )


def _changes(counts: types.ChangedDocument) -> bool:
    return any(number for side in (counts["assets"], counts["needs"]) for number in side.values())
