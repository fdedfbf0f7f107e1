"""Runs and their diaries as people and programs see them, in their language."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.orm import object_session

from app.progress import describe
from app.service.http.pages import decode_cursor, page_of
from app.service.http.problems import IssueDocument
from app.service.plans.files import sees_whole
from app.service.plans.seen import own_progress
from app.service.refusals import MissingError
from app.service.runs import diary
from app.service.runs.schemas import EventDocument, EventPage, RunDocument
from app.service.store.models import Run, RunEvent
from app.service.store.scope import actor_of
from app.texts import catalogue, say
from solver import Progress

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

    from app.settings import Lang


def run_of(session: Session, run_id: str) -> Run:
    """Return a run.

    Raises
    ------
    MissingError
        When there is none for the session's actor.
    """
    run = session.get(Run, run_id)
    if run is None:
        raise MissingError("run", run_id)
    return run


def runs_page(
    session: Session,
    *,
    state: str | None,
    scenario_id: str | None,
    batch_id: str | None,
    limit: int,
    after: str | None,
) -> tuple[list[Run], str | None]:
    """Return runs, the newest first, and the cursor of the next page.

    Raises
    ------
    InvalidError
        When `after` is no cursor of ours.
    """
    key = decode_cursor(after, str)
    query = sa.select(Run).order_by(Run.id.desc()).limit(limit + 1)
    for column, wanted in ((Run.state, state), (Run.scenario_id, scenario_id), (Run.batch_id, batch_id)):
        if wanted is not None:
            query = query.where(column == wanted)
    if key is not None:
        query = query.where(Run.id < key[0])
    return page_of(session.scalars(query).all(), limit, lambda run: (run.id,))


def run_document(run: Run, lang: Lang, *, issues: bool = True) -> RunDocument:
    """Return the document of a run.

    Parameters
    ----------
    issues
        Whether with the issues of wrong tables; lists leave them out.

    A run that failed may name rows of all whom it plans: who sees only some of them (`sees_whole`) is told
    how many issues there are, and none of them. Its progress is that of all: they are not told the amounts.
    """
    detail: dict[str, Any] = dict(run.detail or {})
    listed, spoken = detail.pop("issues", {}), detail.pop("said", {})
    whole = _seen_whole(run)
    found, said = (listed.get(lang, []), spoken.get(lang)) if whole else ([], None)
    report = _report(run.progress, whole=whole) if run.progress else None
    words = {name: str(value) for name, value in detail.items()}
    for key in {"signal", "exit_code"} & set(words):
        words["how"] = say(lang, f"run.how.{key}", **words)
    hidden = run.reason == "wrong_input" and not whole
    message, remedy = _words("wrong_input_of_others" if hidden else run.reason, lang, words)
    return RunDocument(
        id=run.id,
        scenario_id=run.scenario_id,
        inventory_id=run.inventory_id,
        inventory_version=run.inventory_version,
        baseline_plan_id=run.baseline_plan_id,
        province_code=run.province_code,
        cause=run.cause,
        batch_id=run.batch_id,
        state=run.state,  # type: ignore[arg-type]  # the column holds nothing else
        reason=run.reason,
        message=said or message or _standing(run, report, lang),
        remedy=remedy,
        detail=detail or None,
        issues=[IssueDocument(**one) for one in found] if issues else [],
        progress=report,
        plan_id=run.plan_id,
        plan_pending=run.state == "CANCELLED" and run.finished_at is None,
        attempts=run.attempts,
        time_limit_s=run.time_limit_s,
        created_at=run.created_at,
        created_by=run.created_by,
        due_at=run.due_at,
        started_at=run.started_at,
        cancel_requested_at=run.cancel_requested_at,
        finished_at=run.finished_at,
    )


def _seen_whole(run: Run) -> bool:
    session = object_session(run)
    assert session is not None  # documents are made within the request
    return sees_whole(actor_of(session), run)


def events_page(session: Session, run_id: str, after: int, limit: int, lang: Lang) -> EventPage:
    """Return the entries of a run's diary with a number greater than `after`.

    Raises
    ------
    MissingError
        When there is no such run for the session's actor.
    """
    run = run_of(session, run_id)
    query = (
        sa.select(RunEvent)
        .where(RunEvent.run_id == run_id, RunEvent.number > after)
        .order_by(RunEvent.number)
        .limit(limit + 1)
    )
    rows = session.scalars(query).all()
    whole = _seen_whole(run)
    items = [_event(row, lang, whole=whole) for row in rows[:limit]]
    ended = len(rows) <= limit and diary.is_settled(run)
    return EventPage(items=items, next=items[-1].number if items else after, ended=ended)


def _event(row: RunEvent, lang: Lang, *, whole: bool) -> EventDocument:
    data = _report(row.data, whole=whole)
    message, remedy = _words(data.get("reason"), lang, {})
    if message is not None:
        data |= {"message": message, "remedy": remedy}
    elif row.kind == diary.PROGRESS:
        data["message"] = _news(data, lang)
    return EventDocument(number=row.number, kind=row.kind, data=data, at=row.at)  # type: ignore[arg-type]  # the column holds nothing else


def _standing(run: Run, report: Mapping[str, Any] | None, lang: Lang) -> str:
    """Say how a run stands that has no reason."""
    if run.state == "RUNNING" and report is not None:
        return say(lang, "run.state.news", news=_news(report, lang))
    return say(lang, f"run.state.{run.state}")


def _news(report: Mapping[str, Any], lang: Lang) -> str:
    """Return a report of progress in words, as the command line shows it."""
    return describe(
        Progress(
            phase=report.get("phase") or "solve",
            category=report.get("category") or "",
            elapsed_s=report.get("elapsed_s") or 0.0,
            round=report.get("round") or 0,
            objective=report.get("objective_vnd"),
            bound=report.get("bound_vnd"),
            gap=report.get("gap"),
        ),
        lang,
    )


def _report(found: Mapping[str, Any], *, whole: bool) -> dict[str, Any]:
    """Return progress with seconds that somebody can read, and with what the reader may see."""
    report = dict(found) if whole else own_progress(found)
    seconds = report.get("elapsed_s")
    return {**report, "elapsed_s": round(seconds, 1)} if isinstance(seconds, float) else report


def _words(reason: str | None, lang: Lang, words: dict[str, str]) -> tuple[str | None, str | None]:
    """Return a reason and its remedy in words; None where there is none."""
    texts = catalogue(lang)
    if reason is None or f"run.reason.{reason}.message" not in texts:
        return None, None
    remedy = f"run.reason.{reason}.remedy"
    return (
        say(lang, f"run.reason.{reason}.message", **words),
        say(lang, remedy, **words) if remedy in texts else None,
    )
