"""The picture of a claim: a matplotlib figure drawn from a record alone, as SVG."""

import re
from io import StringIO
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

DATA, MADE, THIRD, FOURTH, SOFT = "#2f6fde", "#e4572e", "#2a9d6f", "#8a55c8", "#7d8796"
"""One color a role on every picture: the data or the truth, the model or the control, then others."""

PATH, LONG = re.compile(r' d="[^"]*"'), re.compile(r"(\.\d\d)\d+")
"""Where a picture is drawn, and decimals there that nobody sees: a hundredth of a point is enough."""

STYLE: Any = {
    "font.size": 9,
    "axes.titlesize": 9.5,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": "#9aa4b4",
    "axes.labelcolor": "#3b4351",
    "xtick.color": "#3b4351",
    "ytick.color": "#3b4351",
    "legend.frameon": False,
    "legend.fontsize": 8.5,
    "lines.linewidth": 1.6,
    "svg.hashsalt": "saddle",
    "svg.fonttype": "path",
}


def figure(size: tuple[float, float]) -> "Figure":
    """An empty figure, so many inches wide and high."""
    from matplotlib.figure import Figure

    return Figure(figsize=size, layout="constrained")


def panels(figure: "Figure", columns: int, rows: int = 1) -> "list[Axes]":
    """Axes side by side, row by row."""
    return list(figure.subplots(rows, columns, squeeze=False).flat)


def svg(figure: "Figure") -> str:
    """The figure as SVG text, the same for equal figures."""
    from matplotlib import rc_context
    from matplotlib.backends.backend_svg import FigureCanvasSVG

    stream = StringIO()
    with rc_context(STYLE):
        FigureCanvasSVG(figure).print_svg(stream, metadata={"Date": None, "Creator": "saddle"})
    short = PATH.sub(lambda path: LONG.sub(r"\1", path[0]), stream.getvalue())
    return re.sub(r"\s*<metadata>.*?</metadata>|\n\s+", "\n", short, flags=re.DOTALL)


def drawn(draw: Any, size: tuple[float, float], series: dict[str, Any]) -> "Figure":
    """A figure after `draw` has drawn on it, in the style of the course."""
    from matplotlib import rc_context

    with rc_context(STYLE):
        empty = figure(size)
        draw(empty, series)
    return empty
