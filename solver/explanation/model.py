"""The explanation of one need or one asset, and the error of an unknown one."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Literal

from solver.errors import SurplanError

if TYPE_CHECKING:
    from solver.counterfactuals.model import Counterfactual
    from solver.explanation.tables import Facts

Subject = Literal["need", "asset"]


class UnknownIdError(SurplanError, LookupError):
    """No need, or no asset, has this id.

    Parameters
    ----------
    subject
        "need" or "asset".
    identifier
        The id, as given.
    near
        Ids that look like it, the nearest first.
    """

    def __init__(self, subject: str, identifier: str, near: list[str]) -> None:
        self.subject = subject
        self.identifier = identifier
        self.near = list(near)
        super().__init__(subject, identifier, self.near)

    def __str__(self) -> str:
        near = f" Did you mean {', '.join(self.near)}?" if self.near else ""
        return f"No {self.subject} has the id {self.identifier!r}.{near}"


@dataclass(frozen=True)
class Explanation:
    """Why a need got what it got, or why an asset goes where it goes.

    Attributes
    ----------
    subject
        "need" or "asset".
    identifier
        Its id.
    outcome
        Of a need: met, partly_met, unmet, out_of_scope, not_planned. Of an asset: moved, partly_moved,
        released, in_use, handled, attached, out_of_scope, not_planned. Of what only the plan before a re-plan
        had: gone.
    facts
        Figures of the plan's own tables, for programs (docs/explain.md); money in VND, decimals as text.
    counterfactual
        What becomes of the plan with a pair forced into it, where that was asked.
    """

    subject: Subject
    identifier: str
    outcome: str
    facts: Facts
    counterfactual: Counterfactual | None = None

    def text(self, lang: str = "en") -> str:
        """Return the explanation in plain words, "en" or "vi"; one sentence or list item a line."""
        return "\n".join(f"  - {line}" if inner else line for inner, line in self._lines(lang))

    def _lines(self, lang: str) -> list[tuple[bool, str]]:
        from solver.explanation.asset_words import asset_lines  # the words need the facts, not the class
        from solver.explanation.change_words import change_lines, gone_line
        from solver.explanation.counterfactual import counterfactual_lines
        from solver.explanation.need_words import need_lines

        lines = need_lines if self.subject == "need" else asset_lines
        if self.outcome == "gone":
            told = [(False, gone_line(self.subject, self.identifier, lang))]
        else:
            told = lines(self.outcome, self.facts, lang)
        told += change_lines(self.facts, lang, "from" if self.subject == "need" else "to")
        return (
            told if self.counterfactual is None else [*told, *counterfactual_lines(self.counterfactual, lang)]
        )

    def __str__(self) -> str:
        return self.text()

    def __repr__(self) -> str:
        return f"<Explanation of {self.subject} {self.identifier!r}: {self.outcome}>"

    def _repr_html_(self) -> str:
        (_, head), *rest = self._lines("en")
        body, inside = [f"<p><b>{escape(head)}</b></p>"], False
        for inner, line in rest:
            body += ["<ul>"] * (inner and not inside) + ["</ul>"] * (inside and not inner)
            body.append(f"<li>{escape(line)}</li>" if inner else f"<p>{escape(line)}</p>")
            inside = inner
        return "".join(["<div>", *body, *["</ul>"] * inside, "</div>"])
