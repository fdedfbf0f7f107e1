"""The file of a backup: a ZIP with one member a table and ``manifest.json``, the same for every database.

A member holds one row a line: a JSON array in the order of the manifest's columns. JSON columns are text as
they are stored, to the byte (the audit chain covers it), instants are text in UTC, bytes are base64. The
manifest tells the schema's revision, the columns with their kinds, the count of rows and the SHA-256 of each
member, and the head of the audit chain. So a file is read without our models, and by later versions.
"""

from __future__ import annotations

import base64
import json
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict, Field

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

FORMAT_VERSION = 1
MANIFEST = "manifest.json"

Kind = Literal["boolean", "integer", "real", "instant", "bytes", "text"]
# A column of a database is of the first kind that fits.
_TYPES: dict[Kind, type[sa.types.TypeEngine[Any]]] = {
    "boolean": sa.Boolean,
    "integer": sa.Integer,
    "real": sa.Float,
    "instant": sa.DateTime,
    "bytes": sa.LargeBinary,
    "text": sa.String,
}
_WRITERS: dict[str, Callable[[Any], Any]] = {
    "instant": lambda value: value.isoformat(timespec="microseconds"),
    "bytes": lambda value: base64.b64encode(value).decode("ascii"),
}
_READERS: dict[str, Callable[[Any], Any]] = {
    "instant": datetime.fromisoformat,
    "bytes": lambda value: base64.b64decode(value, validate=True),
}


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Column(_Strict):
    """A column and the kind of its cells."""

    name: str
    kind: Kind


class Table(_Strict):
    """A table; the manifest has them in the order in which they can be filled."""

    name: str = Field(pattern=r"^[a-z_]{1,60}$")
    columns: list[Column]
    rows: int
    sha256: str

    @property
    def member(self) -> str:
        """Name of its member of the ZIP."""
        return f"tables/{self.name}.jsonl"


class AuditHead(_Strict):
    """Number and digest of the last entry of the audit chain."""

    number: int
    digest: str


class Manifest(_Strict):
    """What a backup holds."""

    format: Literal["surplan-backup"]
    format_version: int
    app_version: str
    revision: str
    database: Literal["sqlite", "postgresql"]
    created_at: str
    audit_head: AuditHead
    tables: list[Table]


def kind_of(column: sa.Column[Any]) -> Kind:
    """Return the kind of a column of a database.

    Raises
    ------
    TypeError
        For a type that no table of ours has.
    """
    for kind, of in _TYPES.items():
        if isinstance(column.type, of):
            return kind
    msg = f"column {column} of type {column.type!r}"
    raise TypeError(msg)


def target_of(table: Table) -> sa.TableClause:
    """Return the table into which rows of a backup are inserted."""
    big = {"integer": sa.BigInteger, "text": sa.Text}
    return sa.table(
        table.name,
        *(sa.column(column.name, big.get(column.kind, _TYPES[column.kind])) for column in table.columns),
    )


def line_of(kinds: Sequence[str], row: Sequence[Any]) -> bytes:
    """Return a row as a line."""
    cells = [
        value if value is None or kind not in _WRITERS else _WRITERS[kind](value)
        for kind, value in zip(kinds, row, strict=True)
    ]
    return json.dumps(cells, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def row_of(columns: Sequence[Column], line: bytes) -> dict[str, Any]:
    """Return the row of a line.

    Raises
    ------
    ValueError
        When it is no line of ours.
    """
    cells = json.loads(line)
    if not isinstance(cells, list):
        msg = "a line that is no array"
        raise ValueError(msg)
    return {
        column.name: value if value is None or column.kind not in _READERS else _READERS[column.kind](value)
        for column, value in zip(columns, cells, strict=True)
    }
