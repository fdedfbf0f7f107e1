"""The independent check of a stored plan, in a process of its own: it takes a processor for seconds."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from dataclasses import asdict, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.service.plans.files import materialise, plan_of, require_whole
from app.service.plans.schemas import VerificationDocument, ViolationDocument
from app.service.plans.turns import Turn
from app.service.store.audit import record

if TYPE_CHECKING:
    from app.service.http.state import State
    from app.service.store.actor import Actor
    from app.settings import Lang

#: Seconds for the check of one plan; that of the country takes some.
_LONGEST_S = 600
_CHECKING = Turn(30)


class CheckFailedError(Exception):
    """The process that checks ended without an answer: a fault of ours or of the machine."""


def verified(state: State, actor: Actor, plan_id: str, lang: Lang) -> VerificationDocument:
    """Check the files of a plan as they are stored, and note who had it checked.

    Raises
    ------
    MissingError, ForbiddenError, TooManyError
        When the actor may not see the plan, or not all of it, or others are being answered.
    CheckFailedError
        When there is no answer.
    """
    from app.verification import violations_of  # pandas and the tables' readers
    from solver.checker.report import Verification, Violation

    with _CHECKING.taken(), tempfile.TemporaryDirectory(prefix="surplan-check-") as place:
        # Not the folder of the cache: what is checked is what the database holds.
        with state.database.reading(actor) as session:
            require_whole(session, plan_of(session, plan_id))
            materialise(session, plan_id, Path(place))
        answer = _in_a_process(Path(place))
    check = Verification(**{**answer, "violations": tuple(Violation(**one) for one in answer["violations"])})
    document = VerificationDocument(
        verified=check.ok,
        status=check.status,
        objective_vnd=check.objective,
        bound_vnd=check.bound,
        gap_vnd=check.gap,
        cost_gap=check.cost_gap,
        value_gap=check.value_gap,
        counts=dict(check.counts),
        violations=[ViolationDocument(code=one.code, text=one.text) for one in violations_of(check, lang)],
    )
    with state.database.writing(actor) as session:
        plan = plan_of(session, plan_id)
        details = {"verified": check.ok, "violations": dict(check.found)}
        record(
            session,
            action="plan.verified",
            subject=plan.id,
            province_code=plan.province_code,
            details=details,
        )
    return document


def _in_a_process(folder: Path) -> dict[str, Any]:
    command = [sys.executable, "-m", "app.service.plans.checking", str(folder)]
    done = subprocess.run(command, capture_output=True, timeout=_LONGEST_S, check=False)
    if done.returncode:
        raise CheckFailedError(done.returncode, done.stderr[-2000:].decode(errors="replace"))
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def main() -> None:
    """Check the folder that the command line names, and print what was found as JSON."""
    from app.service.runs.processes import lower_priority
    from solver.checker.folder import verify_folder

    lower_priority()
    found = verify_folder(Path(sys.argv[1]))
    answer = {
        **{one.name: getattr(found, one.name) for one in fields(found)},
        "found": dict(found.found),
        "counts": dict(found.counts),
        "violations": [asdict(one) for one in found.violations],
    }
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main()
