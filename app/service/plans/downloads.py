"""The files of a plan that people open: workbook, map, table, report, and the plan folder as one file."""

from __future__ import annotations

import csv
import io
import os
import tempfile
import zipfile
from contextlib import suppress
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.service.plans.cache import plan_folder, prune
from app.service.plans.files import file_of, files_of, plan_of, require_plan, require_whole, sees_whole
from app.service.plans.seen import own_cells
from app.service.plans.turns import Turn
from app.service.store.actor import SYSTEM
from app.service.store.blobs import load_blob
from app.service.store.models import PlanFile, Scenario, TransferRow

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.service.http.state import State
    from app.service.store.actor import Actor
    from app.service.store.models import Plan
    from app.settings import Lang

#: Media type by ending.
KINDS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "geojson": "application/geo+json",
    "csv": "text/csv; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "zip": "application/zip",
}
_TRANSFERS = "transfers.csv"
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the first instant that a zip file knows: equal plans, equal bytes
_MAKING = Turn(60)
#: Files that are kept once they were made.
_MOST_MADE = 300


@dataclass(frozen=True)
class Download:
    """A file for a person: its bytes (None where they were not to be made), what it is, and its name."""

    content: bytes | None
    media_type: str
    name: str


def download(
    state: State, actor: Actor, plan_id: str, kind: str, lang: Lang, *, make: bool = True
) -> Download:
    """Return a file of a plan.

    Parameters
    ----------
    kind
        An ending of `KINDS`.
    make
        False where its bytes are not wanted unless they are there already.

    Raises
    ------
    MissingError, ForbiddenError, ConflictError
        When there is no such plan for the actor, it may not see all of it (the table apart, of which it gets
        its own rows), or it is a proof that there is no plan (which only the whole folder shows).
    TooManyError
        When files are being made for others.
    """
    with state.database.reading(actor) as session:
        plan = plan_of(session, plan_id)
        name = _name(session, plan, kind)
        if kind == "csv":
            require_plan(plan)
            content = _table(session, plan, whole=sees_whole(actor, plan))
            return Download(content, KINDS[kind], name)
        require_whole(session, plan)
        if kind == "zip":
            return Download(_zip(session, plan) if make else None, KINDS[kind], name)
        require_plan(plan)
        stored = file_of(session, plan, "plan.geojson") if kind == "geojson" else None
    if stored is not None:
        return Download(stored, KINDS[kind], name)
    return Download(_made(state, plan, kind, lang, make=make), KINDS[kind], name)


def _name(session: Session, plan: Plan, kind: str) -> str:
    """Return a name that says what it is on somebody's desk: that of the scenario, and the plan's id."""
    scenario = session.scalars(sa.select(Scenario.name).where(Scenario.id == plan.scenario_id)).one_or_none()
    plain = "".join(
        " " if letter in '\\/:*?"<>|' or ord(letter) < 32 else letter for letter in scenario or ""
    )
    return f"{' '.join(plain.split())[:80]} {plan.id}.{kind}".strip()


def _table(session: Session, plan: Plan, *, whole: bool) -> bytes:
    """Return ``transfers.csv``; where the actor may not see all of it, its own rows of it."""
    if whole:
        content = file_of(session, plan, _TRANSFERS)
        assert content is not None  # every plan has transfers
        return content
    # The heading is nobody's secret; the rows are those that the query layer lets through.
    sha256 = session.scalars(
        sa.select(PlanFile.sha256).where(PlanFile.plan_id == plan.id, PlanFile.path == _TRANSFERS)
    ).one()
    heading = next(csv.reader(io.StringIO(load_blob(session, sha256).decode("utf-8-sig"), newline="")))
    rows = session.scalars(
        sa.select(TransferRow.cells).where(TransferRow.plan_id == plan.id).order_by(TransferRow.position)
    )
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, heading, lineterminator="\n")
    writer.writeheader()
    writer.writerows(own_cells(cells) for cells in rows)
    return text.getvalue().encode()


def _zip(session: Session, plan: Plan) -> bytes:
    """Return the plan folder as one file; unpacked, it is what `surplan verify` takes."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, sha256 in files_of(session, plan).items():
            entry = zipfile.ZipInfo(f"{plan.id}/{path}", _EPOCH)
            entry.external_attr = 0o644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, load_blob(session, sha256))
    return packed.getvalue()


def _made(state: State, plan: Plan, kind: str, lang: Lang, *, make: bool) -> bytes | None:
    """Return a file made from the plan, once for each language and version of Surplan.

    None where it was not made yet and is not to be.
    """
    version = metadata.version("surplan")
    place = state.settings.home / "cache" / "made" / f"{plan.id}-{version}-{lang}.{kind}"
    with suppress(FileNotFoundError):
        return place.read_bytes()
    if not make:
        return None
    with _MAKING.taken():
        with state.database.reading(SYSTEM) as session:
            folder = plan_folder(session, plan.id, state.settings.home)
        content = _make(folder, kind, lang)
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, name = tempfile.mkstemp(dir=place.parent)
    staged = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
        staged.replace(place)
    except BaseException:
        staged.unlink(missing_ok=True)  # on a full disk most of all: each try would take its size anew
        raise
    prune(place.parent, _MOST_MADE)
    return content


def _make(folder: Path, kind: str, lang: Lang) -> bytes:
    from app.plans import view_plan  # pandas, and below each kind's own writer

    view = view_plan(folder)
    if kind in ("xlsx", "geojson"):
        with tempfile.TemporaryDirectory(prefix="surplan-made-") as staged:
            if kind == "xlsx":
                from app.export.xlsx import write_workbook

                write_workbook(view, Path(staged) / "plan.xlsx", lang)
            else:
                from app.export.geojson import write_geojson

                write_geojson(view, Path(staged))
            return (Path(staged) / f"plan.{kind}").read_bytes()
    from app.documents.report import report

    document = report(view, lang)
    if kind == "pdf":
        from app.documents.pdf import to_pdf

        return to_pdf([document])
    from app.documents.docx import to_docx

    return to_docx([document])
