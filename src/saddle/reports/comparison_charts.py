"""Curves of several recipes on one chart, each the mean over its seeds with a band."""

from typing import Any, NamedTuple

from saddle.evaluation.comparing import OverSeeds, over_seeds
from saddle.evaluation.remarks import History
from saddle.reports.charts import DISTANCE, Chart
from saddle.reports.comparison_contents import ComparisonContents
from saddle.reports.embedding import short

BAND = "The line is the mean over seeds, the band its 95 % interval"
REAL = "the dashed line is what real data score against real data"


class Moment(NamedTuple):
    """A recipe's distance at a round.

    Attributes:
        round: of the training.
        seconds: of training until then, of all seeds together.
        distance: over seeds.
    """

    round: int
    seconds: float
    distance: OverSeeds


def curve(history: History) -> list[Moment]:
    """The energy distance over seeds at every round at which it was measured."""
    rounds: dict[int, list[dict[str, Any]]] = {}
    for row in history:
        if row.get(DISTANCE) is not None:
            rounds.setdefault(row["round"], []).append(row)
    return [
        Moment(round, max(row.get("seconds", 0.0) for row in rows), over_seeds([row[DISTANCE] for row in rows]))
        for round, rows in sorted(rounds.items())
    ]


def comparison_charts(contents: ComparisonContents) -> list[Chart]:
    """The energy distance against rounds and against time; none where no recipe has a measured distance."""
    curves = {one.name: found for one in contents.recipes if (found := curve(one.history))}
    if not curves:
        return []
    reference = _reference(contents)
    lead = f"{BAND if contents.seeds > 2 else 'The line is the mean over seeds'}{f'; {REAL}' if reference else ''}."
    time = f"Seconds of training, of {'the seed' if contents.seeds == 1 else f'all {contents.seeds} seeds at once'}."
    return [
        Chart("Against rounds", lead, _spec(curves, "round", reference)),
        Chart("Against time", f"{time} {lead}", _spec(curves, "seconds", reference)),
    ]


def _reference(contents: ComparisonContents) -> dict[str, Any] | None:
    """What real data score, on average over seeds."""
    scores = [score for one in contents.measured if one.name == DISTANCE for score in one.scores.values()]
    mean = None if not scores else short(over_seeds(scores[0].references).mean)
    return None if mean is None else {"label": "real data against real data", "value": mean}


def _spec(curves: dict[str, list[Moment]], across: str, reference: dict[str, Any] | None) -> dict[str, Any]:
    """What the page's script draws: all recipes over the union of their places, which they need not share."""
    places = sorted({getattr(moment, across) for moments in curves.values() for moment in moments})
    series, bands = [], []
    for color, (name, moments) in enumerate(curves.items()):
        at = {getattr(moment, across): moment.distance for moment in moments}
        found = [at.get(place) for place in places]
        values = [None if one is None else short(one.mean) for one in found]
        series.append({"label": name, "values": values, "color": color, "faint": False})
        ends = [None if one is None else one.interval for one in found]
        if any(end is not None for end in ends):
            low, high = ([None if end is None else short(end[side]) for end in ends] for side in (0, 1))
            bands.append({"label": name, "color": color, "low": low, "high": high})
    spec = {"rounds": places, "x": across, "series": series, "bands": bands, "log": True}
    # Ends lie far below beginnings, and on a linear scale on top of each other.
    spec["logged"] = all(moment.distance.mean > 0 for moments in curves.values() for moment in moments)
    return spec if reference is None else {**spec, "reference": reference}
