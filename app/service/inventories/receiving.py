"""The tables of a request, spooled into a folder of their own that is gone when the request is answered."""

import hashlib
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

from anyio.to_thread import run_sync
from fastapi import Depends, Query, Request
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException

from app.formats.cells import SCENARIO, table_named
from app.formats.json_tables import FOLDER, keys_twice, parse_json
from app.service.http.idempotency import IdempotencyKey, Once, once_of
from app.service.http.problems import invalid_fields
from app.service.http.state import CurrentActor, state_of
from app.service.http.strict_json import check_text
from app.service.inventories.checking import OWN_MEMBERS
from app.service.inventories.sent_names import BODY
from app.service.refusals import InvalidError, UnknownTypeError, UnreadableError
from solver.tables.names import clean
from solver.tables.sheets import SUFFIXES

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_SHEETS = {
    XLSX: ".xlsx",
    "application/vnd.ms-excel.sheet.macroenabled.12": ".xlsm",
    "application/vnd.ms-excel": ".xls",
    "application/vnd.oasis.opendocument.spreadsheet": ".ods",
    "application/geopackage+sqlite3": ".gpkg",
}
_ONE_TABLE = {"text/csv": ".csv", "application/geo+json": ".geojson"}
_JSON, _FORM = "application/json", "multipart/form-data"
#: Types of bodies, for the OpenAPI document.
BODIES = (_FORM, _JSON, *_SHEETS, *_ONE_TABLE)
_WHOLE = (*SUFFIXES, ".gpkg")
_OF_TABLES = (".csv", ".geojson", ".json")
ALL_TABLES = "tables.json"
_MOST_FILES = 16
_LONGEST_NAME = 200


@dataclass
class Received:
    """What a request sent.

    Attributes
    ----------
    folder
        Its files, named as `app.folders.read_inputs` wants them.
    names
        Name of a file in the folder -> the name that the sender gave it.
    name
        Name of the inventory, where one was sent.
    is_sound
        Whether a JSON document can be read; what is wrong with it is told when its tables are.
    """

    folder: Path
    names: dict[str, str] = field(default_factory=dict)
    name: str | None = None
    is_sound: bool = True

    @property
    def is_empty(self) -> bool:
        """Whether no table was sent."""
        return not self.names

    def digests(self) -> Iterator[bytes]:
        """Yield what was sent, in an order of its own: digests of the files and not their bytes."""
        if self.name is not None:
            yield self.name.encode(errors="surrogatepass")  # whether it may be stored is checked later
        for saved, given in sorted(self.names.items()):
            yield saved.encode()
            yield given.encode()
            with (self.folder / saved).open("rb") as file:
                yield hashlib.file_digest(file, "sha256").digest()

    def place(self, wanted: str, given: str, known: str) -> Path:
        """Return where to write a file.

        Parameters
        ----------
        wanted, given
            Name that the sender gave the table (the field of a form), and the file.
        known
            What may be sent, for the refusal.

        Raises
        ------
        InvalidError
            When it is no table, one that was sent already, or a second file with several tables.
        """
        suffix = Path(given).suffix.lower()
        table = table_named(wanted) or table_named(Path(given).stem)
        if suffix in _WHOLE:
            saved = f"inventory{suffix}"
        elif suffix in _OF_TABLES and table not in (None, SCENARIO):
            saved = f"{table}{suffix}"
        elif suffix == ".json":
            saved = ALL_TABLES
        else:
            raise InvalidError("upload_file", name=given[:80] or wanted[:80], known=known)
        several = suffix in _WHOLE or saved == ALL_TABLES
        for other, called in self.names.items():
            if saved == other or (suffix in SUFFIXES and Path(other).suffix in SUFFIXES):
                code = "upload_second" if several else "upload_twice"
                raise InvalidError(code, name=given[:80], other=called[:80])
        self.names[saved] = given
        return self.folder / saved

    def call_body(self) -> None:
        """Call the one file that was sent as the body itself by what it is: its sender gave it no name."""
        self.names = dict.fromkeys(self.names, BODY)


_KNOWN = "assets, needs, communes, norms, authorities, distances, matches"


async def _receive(
    request: Request,
    table: Annotated[
        str, Query(max_length=40, description="Table of a body that is text/csv or application/geo+json.")
    ] = "",
) -> AsyncIterator[Received]:
    folder = Path(await run_sync(tempfile.mkdtemp, None, "surplan-upload-"))
    try:
        received = Received(folder)
        kind = request.headers.get("content-type", "").split(";")[0].strip().lower()
        if kind == _FORM:
            await _of_form(request, received)
        elif kind == _JSON:
            await _spool(request, received.place("", ALL_TABLES, _KNOWN))
            received.call_body()
        elif kind in _SHEETS:
            await _spool(request, received.place("", f"body{_SHEETS[kind]}", _KNOWN))
            received.call_body()
        elif kind in _ONE_TABLE:
            await _spool(request, received.place(table, f"body{_ONE_TABLE[kind]}", _KNOWN))
            received.call_body()
        elif kind or await _has_body(request):
            raise UnknownTypeError("upload_type", given=kind[:80] or "?", known=", ".join(BODIES))
        async with state_of(request).checking.taken():  # until it is stored: rows take memory as files do
            if kind == _JSON:
                await run_sync(_read_name, received)
            yield received
    finally:
        # What cannot be removed is left to the system: the answer is made, and what it says is committed.
        await run_sync(shutil.rmtree, folder, True)


Tables = Annotated[Received, Depends(_receive, scope="function")]


def _once(request: Request, actor: CurrentActor, upload: Tables, key: IdempotencyKey = None) -> Once:
    # What was spooled is digested: the body is gone, and the boundary of a form differs each time it is sent.
    return once_of(request, actor, key, upload.digests)


OnceUploaded = Annotated[Once, Depends(_once)]


async def _has_body(request: Request) -> bool:
    async for chunk in request.stream():  # to its first byte, however long it is
        if chunk:
            return True
    return False


async def _spool(request: Request, path: Path) -> None:
    with await run_sync(path.open, "wb") as file:
        async for chunk in request.stream():
            await run_sync(file.write, chunk)


async def _of_form(request: Request, received: Received) -> None:
    try:
        form = await request.form(max_files=_MOST_FILES, max_fields=_MOST_FILES)
    except HTTPException as error:  # without a boundary, broken off, too many parts, a field too long
        raise UnreadableError("form", most=str(_MOST_FILES)) from error
    try:
        for key, value in form.multi_items():
            if isinstance(value, UploadFile):
                name = Path((value.filename or "").replace("\\", "/")).name
                check_text(name)
                path = received.place(key, name, _KNOWN)
                await run_sync(_copy, value, path)
            elif key == "name":
                if received.name is not None:
                    raise invalid_fields([{"loc": ("body", "name"), "type": "name_twice", "msg": ""}])
                received.name = value
            else:
                raise invalid_fields([{"loc": ("body", key[:80]), "type": "extra_forbidden", "msg": ""}])
    finally:
        await form.close()


def _copy(source: UploadFile, path: Path) -> None:
    with path.open("wb") as target:
        shutil.copyfileobj(source.file, target)


def _read_name(received: Received) -> None:
    """Take the member ``name`` of a JSON document, which is no table; without tables there is no upload."""
    path = received.folder / ALL_TABLES
    value, broken = parse_json(FOLDER, ALL_TABLES, path.read_bytes())
    if broken or not isinstance(value, dict) or keys_twice(FOLDER, None, value, ALL_TABLES):
        received.is_sound = False  # which reading the tables reports
        return
    name: Any = value.get("name")
    if name is not None:
        received.name = name if isinstance(name, str) else ""
    if not set(value) - set(OWN_MEMBERS):
        path.unlink()
        received.names.clear()


def name_of(received: Received, parameter: str | None) -> str:
    """Return the name of a new inventory: the parameter, else that of the form or the document.

    Raises
    ------
    InvalidError
        When there is none, or one that is empty or too long.
    StrictJsonError
        When it holds what cannot be stored.
    """
    name = clean(parameter if parameter is not None else received.name or "")
    check_text(name)
    if not 0 < len(name) <= _LONGEST_NAME:
        raise invalid_fields(
            [{"loc": ("query", "name"), "type": "name_missing", "msg": "", "input": name[:80]}]
        )
    return name
