"""What is answered about plans."""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, Field

_SUMMARY = "plan.json (docs/plan-folder.md). Of a plan of the country, a province gets its own parts."

#: What lists are filtered by: closed sets, so that a word that is none is refused and not an empty list.
PlanStatus = Literal["OPTIMAL", "FEASIBLE", "INFEASIBLE"]
CategoryName = Literal["vehicle", "equipment", "premises"]
ShortfallReason = Literal[
    "no_asset",
    "too_small",
    "condition",
    "age",
    "legal_status",
    "date",
    "within_commune",
    "no_distance",
    "reach",
    "province_rule",
    "banned",
    "freedom",
    "reserved",
    "norm",
    "pinned",
    "budget",
    "cross_province_max",
    "equity",
    "too_dear",
    "max_changes",
    "outbid",
    "unproven",
]
ReleaseReason = Literal[
    "no_need", "too_dear", "norm", "budget", "cross_province_max", "max_changes", "met", "unproven"
]
Disposition = Literal[
    "reserve", "liquidate", "land_fund", "housing_body", "commune_to_handle", "sell", "demolish"
]


class PlanItem(BaseModel):
    """A plan in a list."""

    id: str
    run_id: str
    scenario_id: str
    inventory_id: str
    inventory_version: int
    baseline_plan_id: str | None = Field(description="The plan before, of a re-plan.")
    province_code: str | None = Field(description="The one province that it plans; null: the country.")
    status: str = Field(examples=["OPTIMAL"], description="What was proved: docs/plan-folder.md.")
    solver_version: str
    created_at: datetime


class PlanDocument(PlanItem):
    """A plan."""

    whole: bool = Field(description="Whether you may see all of it; else its own rows of your province.")
    summary: dict[str, Any] = Field(description=_SUMMARY)
    text: str | None = Field(
        description="Of a proof that there is no plan, for who sees the whole: "
        "which rules cannot all hold, and the ways out."
    )


Row = dict[str, str | int | float | bool | None]


class ViolationDocument(BaseModel):
    """One thing that is wrong with a plan."""

    code: str
    text: str


class VerificationDocument(BaseModel):
    """What the independent check says of the files as they are stored."""

    verified: bool
    status: str | None
    objective_vnd: int | None
    bound_vnd: int | None
    gap_vnd: int | None
    cost_gap: str | None
    value_gap: str | None
    counts: dict[str, int] = Field(description="How much was checked.")
    violations: list[ViolationDocument]


class ExplanationDocument(BaseModel):
    """Why a need got what it got, or an asset goes where it goes."""

    subject: str = Field(examples=["need"])
    id: str
    outcome: str
    facts: dict[str, Any]
    text: str


class CounterfactualDocument(BaseModel):
    """What becomes of the plan if it had to be otherwise."""

    text: str
    facts: dict[str, Any] | None


class ExplanationsDocument(BaseModel):
    """All that has the id: a need and an asset may share one."""

    explanations: list[ExplanationDocument]
    counterfactuals: list[CounterfactualDocument]
    hidden: bool = Field(description="Whether something was left out that names rows of other provinces.")
