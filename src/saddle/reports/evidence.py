"""The curves that a diagnosis rests on, with what they are held against: as charts of a report, and as one picture."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from saddle.diagnosis import Diagnosis, Limit
from saddle.diagnosis.curve import Curve
from saddle.reports.charts import Chart
from saddle.reports.embedding import short
from saddle.reports.sheet import DATA_COLOR, SAMPLE_COLOR, new_figure, rendered

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from PIL.Image import Image

TITLES = {
    "distance": "Energy distance to held-out data",
    "coefficient": "Distance to the training data, from 0 to 1",
    "coverage": "Share of the training data that samples reach",
    "spread": "Distance between samples, the data's being 1",
    "accuracy": "The critic's accuracy",
    "gradient": "Gradient at samples",
}
WIDE = 30.0
"""Times its end that a distance begins with, beyond which a linear scale shows the beginning alone."""
ALWAYS = ("distance", "coverage", "spread", "accuracy")


class Shown(NamedTuple):
    """A curve that is drawn.

    Attributes:
        title: what it shows.
        curve: itself.
        limit: what the verdict holds it against, or None.
    """

    title: str
    curve: Curve
    limit: Limit | None

    @property
    def logarithmic(self) -> bool:
        """Whether it is a distance that fell so far that only logarithms show where it went."""
        end = self.curve.median()
        return self.title == TITLES["distance"] and 0 < end < self.curve.first / WIDE

    @property
    def lead(self) -> str:
        """What its limit means on its picture."""
        if self.limit is None:
            return ""
        if self.logarithmic and self.limit.value <= 0:
            return f"On a logarithmic scale, which has no {self.limit.value:.3g} ({self.limit.meaning})."
        return f"The dashed line at {self.limit.value:.3g}: {self.limit.meaning}."


def shown(diagnosis: Diagnosis) -> list[Shown]:
    """The curves that the verdict rests on, then those that every run is judged by, as far as they were logged."""
    limits = {limit.curve: limit for limit in diagnosis.findings[0].limits}
    curves = {name: getattr(diagnosis.curves, name) for name in dict.fromkeys([*limits, *ALWAYS])}
    return [Shown(TITLES[name], curve, limits.get(name)) for name, curve in curves.items() if len(curve.values) > 1]


def evidence_charts(diagnosis: Diagnosis) -> list[Chart]:
    """One chart for each curve, its limit as a dashed line."""
    return list(_charts(diagnosis))


def _charts(diagnosis: Diagnosis) -> Iterator[Chart]:
    for one in shown(diagnosis):
        title, curve, limit = one
        values = [short(value) for value in curve.values]
        series = [{"label": "value", "values": values, "color": 0, "faint": False}]
        spec: dict[str, Any] = {"rounds": list(curve.rounds), "series": series, "bands": []}
        if one.logarithmic:
            spec |= {"log": True, "logged": True}
        if limit is not None:
            spec["reference"] = {"label": limit.meaning, "value": short(limit.value)}
        yield Chart(title, one.lead, spec)


def evidence_sheet(diagnosis: Diagnosis) -> "Image":
    """All of them on one picture, with the verdict above."""
    drawn = shown(diagnosis)
    columns = 2 if len(drawn) in (2, 4) else min(3, max(1, len(drawn)))
    rows = max(1, -(-len(drawn) // columns))
    figure = new_figure(3.6 * max(2, columns), 0.6 + 2.4 * rows)
    figure.suptitle(f"{diagnosis.verdict}: {diagnosis.about}", fontsize=11)
    for place, one in enumerate(drawn):
        _draw(figure.add_subplot(rows, columns, place + 1), one)
    return rendered(figure)


def _draw(axes: "Axes", one: Shown) -> None:
    axes.plot(one.curve.rounds, one.curve.values, color=DATA_COLOR, linewidth=1.4)
    if one.logarithmic:
        axes.set_yscale("log", nonpositive="mask")
    if one.limit is not None and not (one.logarithmic and one.limit.value <= 0):
        axes.axhline(one.limit.value, color=SAMPLE_COLOR, linestyle="--", linewidth=1.2)
        axes.set_xlabel(f"dashed: {one.limit.meaning}", fontsize=8)
    axes.set_title(one.title, fontsize=9)
    axes.tick_params(labelsize=8)
    axes.spines[["top", "right"]].set_visible(False)
