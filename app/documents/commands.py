"""What the commands `report`, `annex` and `handover` do; each returns its exit code."""

from __future__ import annotations

import hashlib
import re
import secrets
import unicodedata
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from app.console import emit
from app.errors import InputError, UsageError
from app.failures import DONE
from app.talk import Talk
from app.texts import number, say

if TYPE_CHECKING:
    from app.documents.content import Document
    from app.plans import PlanView

_FORMATS = (".docx", ".pdf")
_FOREIGN = (".xlsx", ".html", ".htm", ".txt", ".odt", ".doc", ".csv", ".md", ".rtf", ".zip")
_SHOWN = 20  # known names that an error lists


def report_command(plan: Path, out: Path, since: Path | None, talk: Talk) -> int:
    """Write the report on the state of handling; as ``.xlsx`` the plan's workbook.

    Raises
    ------
    UsageError
        When `out` ends in something else.
    InputError
        When a plan can't be read, or `out` exists or can't be written.
    """
    formats = (*_FORMATS, ".xlsx")
    if _suffix(out) not in formats:
        raise UsageError("out_suffix", file=str(out), known=", ".join(formats))
    _require_new(out)
    view = _view(plan)
    if _suffix(out) == ".xlsx":
        from app.export.xlsx import write_workbook

        _write(out, lambda path: write_workbook(view, path, talk.lang))
    else:
        from app.documents.report import report

        last = None if since is None else _view(since)
        document = report(view, talk.lang, since=last)
        _write(out, lambda path: path.write_bytes(_bytes([document], _suffix(out))))
    return _done(1, out, talk)


def annex_command(plan: Path, out: Path, kind: str, authority: str | None, talk: Talk) -> int:
    """Write the decision annexes: all into one ``.docx`` or ``.pdf``, or one file each into a new folder.

    Parameters
    ----------
    plan
        Plan folder.
    out
        File that does not exist yet, or a new or empty folder.
    kind
        "docx" or "pdf": of the files in a folder; "" for docx there, and for what the name of `out` says.
    authority
        Only this one's: its text in either language, "" for decisions that nobody is named for.
    talk
        Language of the documents and of what is said.

    Raises
    ------
    UsageError
        When `kind` is unknown.
    InputError
        When the plan can't be read or has no such decision, or `out` can't be written.
    """
    _require_place(out, kind)
    view = _view(plan)
    from app.documents.annex import annexes

    every = annexes(view, talk.lang)
    if not every:
        raise InputError("no_decisions")
    if authority is not None:
        names = {name: {name, view.authorities_en.get(name, name)} for name, _ in every}
        found = [(name, document) for name, document in every if authority in names[name]]
        if not found:
            raise InputError("unknown_authority", value=repr(authority), known=_known([*names]))
        every = found
    return _write_all(every, out, kind, talk)


def handover_command(
    plan: Path, out: Path, kind: str, asset: str | None, province: str | None, talk: Talk
) -> int:
    """Write the handover records: all into one ``.docx`` or ``.pdf``, or one file each into a new folder.

    Parameters
    ----------
    plan
        Plan folder.
    out
        File that does not exist yet, or a new or empty folder.
    kind
        "docx" or "pdf": of the files in a folder; "" for docx there, and for what the name of `out` says.
    asset
        Only the transfers of this asset.
    province
        Code: only the transfers out of or into this province.
    talk
        Language of the documents and of what is said.

    Raises
    ------
    UsageError
        When `kind` is unknown.
    InputError
        When the plan can't be read or has no such transfer, or `out` can't be written.
    """
    _require_place(out, kind)
    view = _view(plan)
    from app.documents.handover import handovers

    if not len(view.transfers):
        raise InputError("no_transfers")
    if asset is not None and asset not in set(view.transfers["asset_id"]):
        raise InputError(
            "unknown_asset", value=asset, known=_known([*dict.fromkeys(view.transfers["asset_id"])])
        )
    every = handovers(view, talk.lang, asset_id=asset, province=province)
    if not every:
        raise InputError("unknown_province", value=str(province), known=_known(_provinces(view)))
    return _write_all(every, out, kind, talk)


# ---- in ----


def _view(folder: Path) -> PlanView:
    if not (folder / "plan.json").is_file():
        raise InputError("no_plan_folder", folder=str(folder))
    from app.plans import view_plan

    return view_plan(folder)


def _known(names: Sequence[str]) -> str:
    shown = [str(name) or '""' for name in names[:_SHOWN]]
    return ", ".join(shown) + (" …" if len(names) > _SHOWN else "")


def _provinces(view: PlanView) -> list[str]:
    of = dict(zip(view.communes["commune_code"], view.communes["province_code"], strict=True))
    ends = {*view.transfers["from_commune_code"].dropna(), *view.transfers["to_commune_code"].dropna()}
    return sorted({str(of[code]) for code in ends if code in of})


# ---- out ----


def _suffix(path: Path) -> str:
    return path.suffix.lower()


def _require_new(out: Path) -> None:
    if out.exists():
        raise InputError("out_exists", file=str(out))
    if not out.parent.is_dir():
        raise InputError("out_no_parent", file=str(out), folder=str(out.parent))


def _require_place(out: Path, kind: str) -> None:
    """Refuse a place that can't be written before anything is read."""
    if kind and f".{kind}" not in _FORMATS:
        raise UsageError("documents_kind", value=repr(kind))
    if not out.exists() and _suffix(out) in _FOREIGN:
        raise UsageError("documents_suffix", file=str(out))
    if kind and not out.is_dir() and _suffix(out) in _FORMATS and _suffix(out) != f".{kind}":
        raise UsageError("documents_two_kinds", file=str(out), kind=kind)
    if _suffix(out) in _FORMATS and not out.is_dir():
        _require_new(out)
    elif out.exists() and not out.is_dir():
        raise InputError("out_folder_file", folder=str(out))
    elif out.is_dir() and any(out.iterdir()):
        raise InputError("out_folder_full", folder=str(out))


def _write_all(every: Sequence[tuple[str, Document]], out: Path, kind: str, talk: Talk) -> int:
    if _suffix(out) in _FORMATS and not out.is_dir():
        documents = [document for _, document in every]
        _write(out, lambda path: path.write_bytes(_bytes(documents, _suffix(out))))
        return _done(len(every), out, talk)
    import solver

    with solver.staged_folder(out) as staged:
        suffix = f".{kind or 'docx'}"
        for name, document in every:
            (staged / f"{file_name(name)}{suffix}").write_bytes(_bytes([document], suffix))
    return _done(len(every), out, talk)


def _bytes(documents: Sequence[Document], suffix: str) -> bytes:
    if suffix == ".pdf":
        from app.documents.pdf import to_pdf

        return to_pdf(documents)
    from app.documents.docx import to_docx

    return to_docx(documents)


def _write(out: Path, write: Callable[[Path], object]) -> None:
    """Write a file under another name beside `out`, and rename it when it is whole."""
    staged = out.with_name(f".{secrets.token_hex(8)}{out.suffix}")
    try:
        write(staged)
        _require_new(out)  # what came in between is not replaced
        staged.rename(out)
    except OSError as error:
        raise InputError("out_not_written", file=str(out), reason=error.strerror or str(error)) from error
    finally:
        staged.unlink(missing_ok=True)


def _done(count: int, out: Path, talk: Talk) -> int:
    emit(say(talk.lang, "documents.work.written", count=number(talk.lang, count), file=str(out)))
    return DONE


def file_name(name: str) -> str:
    """Return a file name, without suffix, for a transfer or an authority: ASCII, at most 70 characters.

    It depends on the name alone: letters and digits for people, then eight digits of its hash, which keep
    apart what reads alike.
    """
    plain = unicodedata.normalize("NFD", name.replace("đ", "d").replace("Đ", "D"))
    words = re.sub(r"[^A-Za-z0-9]+", "-", plain.encode("ascii", "ignore").decode()).strip("-")
    digits = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{words[:60]}-{digits}".strip("-")
