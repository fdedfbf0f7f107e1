"""What stands for a plan where there is none: its status, and where rules conflict, why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

from solver.errors import NoPlanError
from solver.plan.result import Plan, Status, versions

if TYPE_CHECKING:
    from solver.limits.conflict import Conflict
    from solver.problem.problem import Problem

_NOTHING = ("claimed", "objective_vnd", "bound_vnd", "gap_vnd", "gap", "cost_gap", "value_gap", "cash_vnd")
#: Name of the proof in the certificate.
PROOF = "infeasible"


class NoPlan(Plan):
    """No plan: only ``summary`` is there; asking for a table raises ``NoPlanError``."""

    def __init__(self, summary: dict[str, Any]) -> None:
        """Take plan.json."""
        object.__setattr__(self, "summary", summary)

    def __getattr__(self, name: str) -> NoReturn:
        """Raise for every table."""
        raise NoPlanError(str(self.summary["status"]))

    def __repr__(self) -> str:
        return f"<NoPlan {self.summary['status']}>"


def no_plan(
    problem: Problem, conflict: Conflict | None, seed: int, work: int
) -> tuple[NoPlan, dict[str, Any]]:
    """Return what stands for the plan, and the certificate.

    Parameters
    ----------
    conflict : the proof that there is no plan; None where none was found in the time.
    """
    summary: dict[str, Any] = {
        "format_version": 1,
        "scenario": problem.scenario.name,
        "status": str(Status.NO_SOLUTION_FOUND if conflict is None else Status.INFEASIBLE),
        **dict.fromkeys(_NOTHING),
        "parts": {"category": {}, "province": {}},
        "levels": [],
        "kpis": {},
        "distances": {"provider": problem.provider, "version": problem.version},
        "solver": {"versions": versions(), "seed": seed, "work": work},
        "not_planned": {},
        "synthetic": problem.synthetic,
    }
    certificate: dict[str, Any] = {"denominator": 1, "need_price": {}, "row_price": {}, "tree": None}
    if conflict is not None:
        summary["conflict"] = {
            "rules": sorted(conflict.rules),
            "checked": conflict.checked,
            "missed": conflict.missed,
            "relaxations": [one.record() for one in conflict.relaxations],
        }
        certificate["levels"] = [{"name": PROOF, **conflict.proof.record()}]
    return NoPlan(summary), certificate
