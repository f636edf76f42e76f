"""A run's history as charts to hover: which quantities share one, and the numbers the page draws."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from saddle.evaluation.remarks import History
from saddle.measures import Estimate
from saddle.reports.embedding import short
from saddle.training.history import NOT_METRICS

POINTS = 6000
DISTANCE = "energy distance"
BETWEEN_BATCHES = "distance"  # the objective's own, of a game without scores


class Chart(NamedTuple):
    """One chart.

    Attributes:
        title: what it shows.
        lead: how to judge it, one sentence.
        spec: what the page's script draws, as JSON values.
    """

    title: str
    lead: str
    spec: dict[str, Any]


class Group(NamedTuple):
    """Quantities that share a chart."""

    title: str
    lead: str
    metrics: tuple[str, ...]


KNOWN = (
    Group(
        "Distance to held-out data",
        "The one curve that must fall. The band is one standard error; the dashed line is what real data score against "
        "real data, and below it nothing can be told apart.",
        (DISTANCE,),
    ),
    Group(
        "Variety of the samples",
        "Coverage is the share of the training data that samples reach, spread how far apart samples lie, the data "
        "being 1. Both should rise to about one and stay; a fall is a collapse.",
        ("coverage", "spread"),
    ),
    Group(
        "Losses",
        "These need not fall, since each player's loss depends on the other's skill. Steady is healthy; one at zero "
        "while the other climbs is not.",
        ("critic loss", "generator loss"),
    ),
    Group(
        "Distance between batches",
        "What the generator lowers, between a batch of data and one of samples, in the objective's own unit. Alone it "
        "should bring it down and level off; a critic of features raises it meanwhile. Of estimates without bias it "
        "falls below zero now and then.",
        (BETWEEN_BATCHES,),
    ),
    Group(
        "The critic's answers",
        "Its mean belief that data and samples are real. Both near one half means it cannot tell them apart; D(x) near "
        "one with D(G(z)) near zero means it wins.",
        ("D(x)", "D(G(z))"),
    ),
    Group(
        "The critic's scores",
        "Its mean score of data and of samples. Scores have neither a zero nor a unit, so only the gap between the two "
        "lines means something: it closes as samples become like data.",
        ("critic(x)", "critic(G(z))"),
    ),
    Group(
        "The critic's accuracy",
        "The chance that a real example outscores a made one. One half means it cannot tell them apart, one that it "
        "always can, which does no harm while the distance falls.",
        ("accuracy",),
    ),
    Group(
        "Classes told by the critic",
        "The share of real and of made examples whose class the critic tells right. Both should rise; far apart, it "
        "knows the real ones by heart or the made ones do not show their class.",
        ("classes right (x)", "classes right (G(z))"),
    ),
    Group(
        "Gradient at samples",
        "The mean length of the gradient that a sample hands to the generator. Near zero while samples are far from "
        "the data, there is nothing to learn from.",
        ("gradient at samples",),
    ),
    Group(
        "Distance to the training data, from 0 to 1",
        "The energy distance on a scale that is the same for all data: 0 for equal laws, .19 for two normal laws on a "
        "line a deviation apart, .03 at a third of a deviation.",
        ("energy coefficient",),
    ),
    Group(
        "Penalty",
        "What the regularizers add to the critic's loss, which contains it. Small and steady is healthy; one that "
        "climbs means a critic growing steeper than they allow.",
        ("penalty",),
    ),
    Group(
        "The bound and its parts",
        "In nats per example: minus the bound is what the code fails to tell of an example (reconstruction) and what "
        "it tells beyond its prior (KL). It should fall and level off; a KL near zero means a code that is ignored.",
        ("model loss", "reconstruction", "KL"),
    ),
    Group(
        "Energy of data less that of chains",
        "It need not fall. Near zero the machine takes its chains for data; a steady climb means that chains no longer "
        "keep up with the parameters, and a smaller rate or more Gibbs steps help.",
        ("machine loss",),
    ),
)
PLAIN = "What is minimized: it should fall and level off."


def charts(history: History, member: int, reference: Estimate | None) -> list[Chart]:
    """Every quantity of the history on a chart, known ones grouped and first.

    Args:
        history: rows of the run, one per round and member.
        member: whose lines are drawn bold.
        reference: the energy distance of real data to real data, drawn as a dashed line.
    """
    metrics = list(dict.fromkeys(key for row in history for key in row if key not in NOT_METRICS))
    present = [name for name in metrics if any(_number(row.get(name)) is not None for row in history)]
    shown = [name for name in present if name.removesuffix(" error") not in present or not name.endswith(" error")]
    if BETWEEN_BATCHES in shown:  # both losses are this distance, up to their sign
        shown = [name for name in shown if name not in ("critic loss", "generator loss")]
    groups = [Group(g.title, g.lead, tuple(m for m in g.metrics if m in shown)) for g in KNOWN]
    rest = [name for name in shown if not any(name in group.metrics for group in KNOWN)]
    groups += [Group(name, PLAIN if name.endswith(" loss") else "", (name,)) for name in rest]
    return [_chart(group, history, member, reference) for group in groups if group.metrics]


def thinning(history: History) -> int:
    """Every how many rounds of the history are drawn, so that the page stays small."""
    rounds = len({row["round"] for row in history})
    members = len({row.get("member", 0) for row in history})
    return max(1, -(-rounds * members // POINTS))


def _chart(group: Group, history: History, member: int, reference: Estimate | None) -> Chart:
    members = sorted({row.get("member", 0) for row in history})
    # Only rounds at which one of these was measured: a distance is measured far less often than a loss.
    measured = sorted({row["round"] for row in history if any(_number(row.get(m)) is not None for m in group.metrics)})
    every = thinning(history)
    rounds = [r for i, r in enumerate(measured) if i % every == 0 or i == len(measured) - 1]
    rows = {(row["round"], row.get("member", 0)): row for row in history}
    series, bands = [], []
    for color, metric in enumerate(group.metrics):
        for one in [*(m for m in members if m != member), *(m for m in members if m == member)]:
            values = [_number(rows.get((r, one), {}).get(metric)) for r in rounds]
            name = metric if len(members) == 1 else f"{metric}, member {one}"
            series.append({"label": name, "values": values, "color": color, "faint": one != member})
            errors = [_number(rows.get((r, one), {}).get(f"{metric} error")) for r in rounds]
            if one == member and any(error is not None for error in errors):
                bands.append(_band(name, values, errors, color))
    spec: dict[str, Any] = {"rounds": rounds, "series": series, "bands": bands}
    if DISTANCE in group.metrics:
        spec["log"] = True
        if reference is not None:
            spec["reference"] = {"label": "real data against real data", "value": short(reference.value)}
    return Chart(group.title, group.lead, spec)


def _band(name: str, values: Sequence[float | None], errors: Sequence[float | None], color: int) -> dict[str, Any]:
    pairs = list(zip(values, errors, strict=True))
    return {
        "label": name,
        "color": color,
        "low": [None if v is None or e is None else short(v - e) for v, e in pairs],
        "high": [None if v is None or e is None else short(v + e) for v, e in pairs],
    }


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return short(float(value))
