"""The drawing of a frontier: cost upwards, the share or the changes to the right; as PNG and as SVG."""

from __future__ import annotations

import math
import textwrap
import warnings
from decimal import Decimal
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from app.errors import UsageError
from app.frontier_words import CHANGES, proofs_of, scenario_of, title_of
from app.texts import number, say

if TYPE_CHECKING:
    from pathlib import Path

    from matplotlib.axes import Axes

    import solver
    from app.settings import Lang

FILES = ("frontier.png", "frontier.svg")
BILLION = 10**9
_COLOUR, _GREY = "#1f5fa8", "#555555"
#: Parts of the drawing that a label takes up, in width and height.
_LABEL = (0.085, 0.075)
_LINE = 120


def require_library() -> None:
    """Refuse to begin what could not be drawn.

    Raises
    ------
    UsageError
        When matplotlib is not installed.
    """
    if find_spec("matplotlib") is None:
        raise UsageError("frontier_drawing")


def draw(found: solver.Frontier, folder: Path, lang: Lang) -> None:
    """Write ``frontier.png`` and ``frontier.svg`` into a folder; equal frontiers give equal bytes."""
    import matplotlib as mpl  # half a second, and only here
    from matplotlib.figure import Figure

    with (
        warnings.catch_warnings(),
        mpl.rc_context(
            {
                "font.family": "DejaVu Sans",  # comes with the library, and has every Vietnamese letter
                "text.parse_math": False,  # a name may hold dollar signs
                "svg.hashsalt": "surplan",
                "path.simplify": False,
            }
        ),
    ):
        warnings.filterwarnings("ignore", "Glyph .* missing")  # such a letter is drawn as a box
        figure = Figure(figsize=(10, 6.4), dpi=150)
        axes = figure.add_axes((0.1, 0.2, 0.86, 0.64))
        _points(axes, found, lang)
        _axes(axes, found, lang)
        figure.text(0.1, 0.94, title_of(found, lang), fontsize=14, fontweight="bold")
        figure.text(0.1, 0.895, _short(say(lang, "frontier.scenario", name=scenario_of(found))), fontsize=9)
        if found.results[0].problem.synthetic:
            figure.text(0.1, 0.862, say(lang, "summary.synthetic"), fontsize=9, color="#b00020")
        notes = [say(lang, f"frontier.labels_{found.axis}"), *proofs_of(found, lang)]
        below = "\n".join(line for text in notes for line in textwrap.wrap(text, _LINE))
        figure.text(0.1, 0.03, below, fontsize=9, color=_GREY)
        figure.savefig(folder / FILES[0], metadata={"Software": None})
        figure.savefig(folder / FILES[1], metadata={"Date": None, "Creator": None})


def _points(axes: Axes, found: solver.Frontier, lang: Lang) -> None:
    table, changes = found.points, found.axis == CHANGES
    share = [float(one) for one in table["changes"]] if changes else [100 * float(s) for s in table["share"]]
    cost = [value / BILLION for value in table["objective_vnd"]]
    gaps = [0.0 if value is None else max(0, value) / BILLION for value in _whole(table["gap_vnd"].tolist())]
    axes.plot(share, cost, color=_COLOUR, linewidth=0.8, linestyle=":", zorder=1)
    if any(gaps):
        axes.errorbar(
            share,
            cost,
            yerr=[gaps, [0.0] * len(gaps)],
            fmt="none",
            ecolor="#d08000",
            capsize=3,
            label=say(lang, "frontier.gap"),
            zorder=2,
        )
        axes.legend(loc="upper right" if changes else "upper left", frameon=False, fontsize=9)
    axes.scatter(share, cost, s=30, color=_COLOUR, zorder=3)
    digits = _digits(max(cost) - min(cost))
    labelled = _labelled(share, cost)
    for at, one in enumerate(table.to_dict("records")):
        if at not in labelled:
            continue
        key, value = ("more", one["extra_vnd"]) if at else ("first", one["objective_vnd"])
        text = say(lang, f"frontier.label_{key}", cost=number(lang, Decimal(value) / BILLION, digits))
        units = ("met_units", "needed_units") if changes else ("share_met", "share_of")
        met, of = (number(lang, one[name]) for name in units)
        axes.annotate(
            f"{text}\n{say(lang, 'frontier.label_units', met=met, of=of)}",
            (share[at], cost[at]),
            xytext=(4 if changes else -4, 7),  # where the curve is not
            textcoords="offset points",
            ha="left" if changes else "right",
            va="bottom",
            fontsize=8,
            linespacing=1.15,
        )


def _axes(axes: Axes, found: solver.Frontier, lang: Lang) -> None:
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    name = (
        "axis_coverage_all" if found.axis == "coverage" and _categories(found) > 1 else f"axis_{found.axis}"
    )
    axes.set_xlabel(say(lang, f"frontier.{name}"), fontsize=10)
    axes.set_ylabel(say(lang, "frontier.cost", unit=say(lang, "frontier.unit")), fontsize=10)
    axes.margins(x=0.1, y=0.16)
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_locator(MaxNLocator(nbins=8, min_n_ticks=3, steps=[1, 2, 2.5, 5, 10]))
        low, high = axis.get_view_interval()
        digits = _digits(high - low, fine=8)
        axis.set_major_formatter(
            FuncFormatter(lambda value, _, digits=digits: number(lang, Decimal(repr(float(value))), digits))
        )
    axes.tick_params(labelsize=9)
    axes.grid(visible=True, color="#dddddd", linewidth=0.6)
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)


def _digits(span: float, fine: int = 80) -> int:
    """Return how many digits tell apart values that lie a part of ``span`` from each other."""
    return 1 if span <= 0 else min(9, max(0, math.ceil(-math.log10(span / fine))))


def _labelled(share: list[float], cost: list[float]) -> set[int]:
    """Return the points that are labelled: both ends, and those between whose labels do not meet others."""
    spans = [max(values) - min(values) or 1.0 for values in (share, cost)]

    def apart(one: int, other: int) -> bool:
        ways = (
            abs(values[one] - values[other]) / span for values, span in zip((share, cost), spans, strict=True)
        )
        return any(way >= least for way, least in zip(ways, _LABEL, strict=True))

    last = len(share) - 1
    kept = [0]
    for at in range(1, last):
        if apart(at, kept[-1]) and apart(at, last):
            kept.append(at)
    return {*kept, last}


def _whole(values: list[Any]) -> list[int | None]:
    return [value if isinstance(value, int) else None for value in values]


def _categories(found: solver.Frontier) -> int:
    return len(found.results[0].plan.summary["parts"]["category"])


def _short(text: str) -> str:
    return text if len(text) <= _LINE else text[: _LINE - 1] + "…"
