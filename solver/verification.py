"""``solver.verify``: the independent check of a plan that is still in memory."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from solver.checker.folder import verify_folder
from solver.plan.result import Result

if TYPE_CHECKING:
    from solver.checker.report import Verification
    from solver.plan.result import Plan
    from solver.problem.problem import Problem


def verify(problem: Problem, plan: Plan, certificate: dict[str, Any]) -> Verification:
    """Check a plan as if someone else had sent it: it is written out, and only what is written is looked at.

    Parameters
    ----------
    problem
        What the plan is for; its input files are what the checker trusts.
    plan
        Transfers, shortfalls, releases and the claims of ``plan.summary``.
    certificate
        Need and row prices (docs/certificate.md).

    Returns
    -------
    Verification
        As ``verify_folder`` gives it. A plan that cannot be written raises what writing raises.
    """
    with tempfile.TemporaryDirectory(prefix="surplan-verify-") as place:
        Result(problem, plan, certificate).write_into(Path(place))
        return verify_folder(Path(place))
