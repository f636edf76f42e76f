"""The page of a comparison: what can be said, then the numbers, the curves and the samples behind it."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from markupsafe import Markup

from saddle.evaluation.comparing import Difference, Measured, over_seeds
from saddle.reports import picture_sections, point_sections
from saddle.reports.build import page
from saddle.reports.columns import histogram
from saddle.reports.comparison_charts import comparison_charts
from saddle.reports.comparison_contents import ComparisonContents, RecipeContents
from saddle.reports.contents import ReportContents
from saddle.reports.section import Figure, Layout, Section

COLUMNS = 6
COSTS = ("rounds", "training time", "speed", "computed on", "parameters", "memory", "date", "software", "machine")
WAYS = {
    "lower": "↓ lower is better",
    "higher": "↑ higher is better",
    "near": "near real data is better",
    "not above": "should not be above real data; ranks nobody",
    "unjudged": "ranks nobody",
}
LEADS = {
    "statement": "What the numbers below show of these recipes on these data, and what they do not.",
    "measures": "Means over seeds, each with its 95 % interval (Student's); real data in place of samples score what "
    "is in the last column. Each member is measured against data that it has not seen.",
    "differences": "Pair by pair, seed by seed: members of one seed share held-out data, so differences are taken "
    "between them. An interval is of one difference by itself; the verdict goes by the p that is corrected (Holm) for "
    "all that are tested, the energy distance having half of the 5 % for itself.",
    "rounds": "The energy distance to held-out data while training went on. ",
    "time": "The same against time: a recipe that learns more in a round may take longer for it. ",
    "samples": "Of the first seed of each recipe, drawn at random, none chosen, beside held-out data.",
    "cost": "What each recipe took, for all seeds together.",
    "settings": "Everything that was trained; first what the recipes do not have in common.",
    "repeat": "The command that was typed.",
}


def comparison_page(contents: ComparisonContents) -> str:
    """The page.

    Args:
        contents: what to show; whatever is empty in it has no section.

    Returns:
        HTML with style, script and pictures inside; it asks the network for nothing.
    """
    makers = (_statement, _measures, _differences, _curves, _samples, _cost, _settings, _repeat)
    sections = [section for make in makers for section in make(contents)]
    return page(contents.title, (), sections, contents.notes)


def _section(name: str, title: str, layout: Layout, **values: Any) -> Section:
    return Section(name, title, LEADS[name], layout, values)


def _statement(contents: ComparisonContents) -> Iterator[Section]:
    sentences = (*contents.failures, *contents.statements)
    if sentences:
        yield _section("statement", "What can be said", "sentences", sentences=sentences)


def _measures(contents: ComparisonContents) -> Iterator[Section]:
    if not contents.measured:
        return
    names = [one.name for one in contents.trained]
    rows = [[_measure(one), *(_cell(one, name) for name in names), _real(one)] for one in contents.measured]
    caption = f"{contents.seeds} seed{'s' if contents.seeds > 1 else ''} of each recipe"
    table = {"caption": caption, "head": ["measure", *names, "real data"], "rows": rows}
    yield _section("measures", "How good they are", "tables", tables=[table], style="named")


def _measure(one: Measured) -> Markup:
    return Markup('{}<span class="better">{}</span>').format(one.name, WAYS["near" if one.to_reference else one.better])


def _cell(one: Measured, recipe: str) -> Markup | str:
    return _two_lines(one.scores[recipe].values) if recipe in one.scores else "not measured"


def _real(one: Measured) -> Markup | str:
    """Of the first recipe, whose members have the same held-out data as those of the others."""
    references = next(iter(one.scores.values())).references
    return _two_lines(references) if np.isfinite(references).any() else ""


def _two_lines(values: tuple[float, ...]) -> Markup:
    """The mean, and under it the interval."""
    value, bracket, rest = str(over_seeds(values)).partition(" [")
    return Markup('{}<span class="better">{}</span>').format(value, bracket.strip() + rest)


def _differences(contents: ComparisonContents) -> Iterator[Section]:
    tested = [one for one in contents.differences if one.p is not None]
    if tested:
        head = ["measure", "ahead", "behind", "by", "95 % interval", "p", "corrected", "larger than chance"]
        table = {"caption": f"{len(tested)} tests", "head": head, "rows": [_difference(one) for one in tested]}
        yield _section(
            "differences", "Which differences are larger than chance", "tables", tables=[table], style="named"
        )


def _difference(one: Difference) -> list[str]:
    p = ["" if number is None else f"{number:.2g}" for number in (one.p, one.adjusted)]
    interval = "" if one.interval is None else f"[{one.interval[0]:.3g}, {one.interval[1]:.3g}]"
    verdict = "yes" if one.larger_than_chance else "no"
    measure = f"{one.measure}, nearness to real data" if one.nearer else one.measure
    return [measure, one.better, one.worse, f"{one.by:.3g}", interval, *p, verdict]


def _curves(contents: ComparisonContents) -> Iterator[Section]:
    titles = (("rounds", "The way there, by rounds"), ("time", "The way there, by time"))
    for chart, (name, title) in zip(comparison_charts(contents), titles, strict=False):
        lead = LEADS[name] + chart.lead
        yield Section(name, title, lead, "charts", {"charts": [chart._replace(title="", lead="")]})


def _samples(contents: ComparisonContents) -> Iterator[Section]:
    if not contents.trained:
        return
    figures = _table_figures(contents) if contents.kind == "table" else _beside(contents)
    yield _section("samples", "Samples", "figures", figures=figures, small=contents.kind != "images")


def _beside(contents: ComparisonContents) -> list[Figure]:
    """Samples of each recipe, then the data once."""
    make: Callable[[ReportContents], list[Figure]]
    make = picture_sections.beside if contents.kind == "images" else point_sections.beside
    figures: list[Figure] = []
    data: list[Figure] = []
    for one in contents.trained:
        first, *data = make(_of_recipe(contents, one))
        if contents.kind == "points" and np.asarray(contents.data).shape[1] != 2:  # samples and data in one drawing
            figures += [figure._replace(caption=f"{one.name}: {figure.caption}") for figure in (first, *data)]
            data = []
            continue
        figures.append(first._replace(caption=one.name))
    return [*figures, *data]


def _of_recipe(contents: ComparisonContents, one: RecipeContents) -> ReportContents:
    return ReportContents(
        title=one.name,
        kind=contents.kind,
        samples=one.samples,
        data=contents.data,
        columns=contents.columns,
        sample_labels=one.sample_labels,
        data_labels=contents.data_labels,
    )


def _table_figures(contents: ComparisonContents) -> list[Figure]:
    """The first columns of each recipe, real against generated."""
    data = np.asarray(contents.data)
    names = contents.columns or tuple(f"x{i}" for i in range(data.shape[1]))
    return [
        Figure(histogram(data[:, i], np.asarray(one.samples)[:, i], name), f"{one.name}: {name}")
        for one in contents.trained
        for i, name in enumerate(names[:COLUMNS])
    ]


def _cost(contents: ComparisonContents) -> Iterator[Section]:
    facts = {one.name: {key: one.cost[key] for key in one.cost if key in COSTS} for one in contents.recipes if one.cost}
    if facts:
        yield _section("cost", "What it took", "tables", tables=[_side_by_side("", facts)], style="named words")


def _settings(contents: ComparisonContents) -> Iterator[Section]:
    facts = {one.name: one.settings for one in contents.recipes if one.settings}
    if not facts:
        return
    keys = list(dict.fromkeys(key for one in facts.values() for key in one))
    apart = [key for key in keys if len({one.get(key) for one in facts.values()}) > 1]
    alike = {key: value for key, value in next(iter(facts.values())).items() if key not in apart}
    tables = [
        _side_by_side("Different", {name: {key: one.get(key, "") for key in apart} for name, one in facts.items()})
    ]
    tables.append({"caption": "Alike", "head": ["", "all"], "rows": [[key, value] for key, value in alike.items()]})
    yield _section("settings", "Settings", "tables", tables=[one for one in tables if one["rows"]], style="named words")


def _side_by_side(caption: str, facts: dict[str, Any]) -> dict[str, Any]:
    """One row per fact and a column per recipe."""
    keys = list(dict.fromkeys(key for one in facts.values() for key in one))
    rows = [[key, *(one.get(key, "") for one in facts.values())] for key in keys]
    return {"caption": caption, "head": ["", *facts], "rows": rows}


def _repeat(contents: ComparisonContents) -> Iterator[Section]:
    if contents.repeat:
        yield _section("repeat", "Repeat it", "facts", repeat=contents.repeat, settings={}, cost={})
