"""Bytes by their SHA-256: stored once, whoever stores them and how often.

Bytes that nothing names are swept when they are `KEPT` old (`app.service.operations.sweeping`). Who stores
bytes that are there already renews them, and so has at least half of that to name them. The sweep and the
renewal meet at the row: the renewal finds it gone and stores the bytes anew, or the sweep finds it young.
"""

from __future__ import annotations

import hashlib
import zlib
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from app.service.store.models.blobs import Blob
from app.service.store.types import utc_now

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from pathlib import Path

    from sqlalchemy.orm import Session

    from app.service.store.actor import Actor
    from app.service.store.database import Database

#: How long bytes are kept that nothing names.
KEPT = timedelta(days=1)
#: Level of zlib for small files, and from how many bytes on a file is packed by what a sample of it is like.
_LEVEL = 6
_LARGE, _SAMPLE = 1 << 20, 1 << 16
#: Deflate, its window, its memory: zlib's own defaults.
_FORMAT = (zlib.DEFLATED, zlib.MAX_WBITS, zlib.DEF_MEM_LEVEL)
_AT_ONCE = 2


class DamagedBlobError(Exception):
    """Stored bytes that are missing, or no longer those that their SHA-256 names: a fault of the disk."""


def store_blob(session: Session, content: bytes) -> str:
    """Store bytes, unless they are there, and return their SHA-256.

    Two transactions that store the same bytes at once do not disturb each other: the database leaves what is
    there, and lets the second wait until the first is committed or not.
    """
    sha256 = hashlib.sha256(content).hexdigest()
    stored_at = _stored_at(session, sha256)
    if stored_at is None or not (_is_young(stored_at) or _renew(session, sha256)):
        _insert(session, _packed(sha256, content))
    return sha256


def store_files(database: Database, actor: Actor, paths: Iterable[Path]) -> list[str]:
    """Store the bytes of files and return their SHA-256, in order.

    They are packed before any transaction begins, so that others write meanwhile; each is then committed by
    itself. Nothing points to them yet.

    Raises
    ------
    OSError
        When one cannot be read.
    """

    def store(path: Path) -> str:
        content = path.read_bytes()
        sha256 = hashlib.sha256(content).hexdigest()
        with database.reading(actor) as session:
            stored_at = _stored_at(session, sha256)
        known = stored_at is not None and _is_young(stored_at)
        if stored_at is not None and not known:
            with database.writing(actor) as session:
                known = _renew(session, sha256)
        if not known:
            row = _packed(sha256, content)
            with database.writing(actor) as session:
                _insert(session, row)
        return sha256

    with ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="blobs") as pool:
        return list(pool.map(store, paths))


def _stored_at(session: Session, sha256: str) -> datetime | None:
    return session.scalar(sa.select(Blob.created_at).where(Blob.sha256 == sha256))


def _is_young(stored_at: datetime) -> bool:
    # Half of it: a row that all uploads share is then seldom written and locked.
    return utc_now() - stored_at < KEPT / 2


def _renew(session: Session, sha256: str) -> bool:
    """Keep bytes for another `KEPT`; tell whether they are still there."""
    renew = sa.update(Blob).where(Blob.sha256 == sha256).values(created_at=utc_now()).returning(Blob.sha256)
    return session.scalars(renew.execution_options(synchronize_session=False)).first() is not None


def _packed(sha256: str, content: bytes) -> dict[str, Any]:
    packer = zlib.compressobj(*_way(content))
    packed = packer.compress(content) + packer.flush()
    return {"sha256": sha256, "size": len(content), "packed": packed, "created_at": utc_now()}


def _way(content: bytes) -> tuple[int, int, int, int, int]:
    """Return the arguments of zlib's packer.

    Most of a plan of the country are three files: the matrix of metres (80 MB of digits without repetitions:
    a code for digits alone packs it better than the search for repetitions, and faster), a workbook (packed
    already) and the map (repetitions). A sample tells them apart.
    """
    if len(content) < _LARGE:
        return (_LEVEL, *_FORMAT, zlib.Z_DEFAULT_STRATEGY)
    middle = len(content) // 2
    sample = content[middle : middle + _SAMPLE]
    sizes = {}
    for strategy in (zlib.Z_DEFAULT_STRATEGY, zlib.Z_HUFFMAN_ONLY):
        packer = zlib.compressobj(1, *_FORMAT, strategy)
        sizes[strategy] = len(packer.compress(sample) + packer.flush())
    if min(sizes.values()) > 0.95 * len(sample):
        return (0, *_FORMAT, zlib.Z_DEFAULT_STRATEGY)
    return (1, *_FORMAT, min(sizes, key=lambda strategy: sizes[strategy]))


def _insert(session: Session, row: dict[str, Any]) -> None:
    dialect = session.get_bind().dialect.name
    insert = postgresql.insert(Blob) if dialect == "postgresql" else sqlite.insert(Blob)
    session.execute(insert.on_conflict_do_nothing(index_elements=["sha256"]), [row])


def load_blob(session: Session, sha256: str) -> bytes:
    """Return the bytes of a SHA-256.

    Raises
    ------
    DamagedBlobError
        When they are not there, or are others.
    """
    packed = session.scalar(sa.select(Blob.packed).where(Blob.sha256 == sha256))
    if packed is None:
        msg = f"there are no bytes {sha256}"
        raise DamagedBlobError(msg)
    try:
        content = zlib.decompress(packed)
    except zlib.error as error:
        msg = f"the bytes {sha256} cannot be unpacked"
        raise DamagedBlobError(msg) from error
    if hashlib.sha256(content).hexdigest() != sha256:
        msg = f"the bytes {sha256} are others"
        raise DamagedBlobError(msg)
    return content
