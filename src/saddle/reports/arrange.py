"""Which sections a report has, in which order."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from saddle.measures import Estimate
from saddle.reports import picture_sections, point_sections, table_sections
from saddle.reports.charts import DISTANCE, charts, thinning
from saddle.reports.contents import ReportContents
from saddle.reports.evidence import evidence_charts
from saddle.reports.members import member_tables
from saddle.reports.section import Figure, Layout, Section
from saddle.reports.terrain import terrain

LEADS = {
    "diagnosis": "By fixed rules over the history and the last samples: one verdict, what it rests on, what to change.",
    "remarks": "Read from the history and the measures; each sentence carries the numbers behind it.",
    "numbers": "Each number with its standard error. Real data against real data show the best that can be expected at "
    "this number of samples; a model is good where its numbers come near them.",
    "members": "The last measured energy distance of each member to its held-out data. Members differ in nothing but "
    "their seed, which also chooses the held-out data; the deviation over them is what that chance amounts to.",
    "columns": "Blue areas are held-out data, orange lines are samples: where they part, the model misses the column.",
    "rows": "The first of each, none chosen: a row should be believable as a whole.",
    "samples": "Drawn at random, none chosen. Look for two things: each sample believable, and all together as varied "
    "as the data.",
    "landscape": "How real the critic finds each place: the bluer the more, the more orange the less; lines join equal "
    "scores. Blue points are data, orange ones samples. Where samples lie on data, the colors should fade.",
    "dependence": "Blue for columns that rise together, orange for opposed ones. The third square is what the model "
    "gets wrong.",
    "nearest": "A copy would sit on its neighbor: at a distance near zero, or far below what unseen data keep from the "
    "training data",
    "walk": "Smooth change from end to end: the model fills in between the examples. Jumps: it memorized them.",
    "chain": "Successive steps of a Markov chain from left to right, each line another chain. One that mixes soon "
    "looks like something else; one that does not stays where it is, and its samples depend on where they started.",
    "chains-over-time": "Chains with the same noise at successive rounds: drag the slider. Samples that grow alike are "
    "a collapse.",
    "over-time": "The same latents at successive rounds: drag the slider. Samples that grow alike are a collapse.",
    "run": "What was trained, on what, what it cost, and the commands that repeat it and go on from it.",
}


def sections(contents: ReportContents) -> list[Section]:
    """All sections with something to show, in reading order."""
    makers = (
        _diagnosis,
        _remarks,
        _numbers,
        _members,
        _samples,
        _landscape,
        _dependence,
        _nearest,
        _walk,
        _over_time,
        _curves,
        _run,
    )
    return [section for make in makers for section in make(contents)]


def _section(name: str, title: str, layout: Layout, **values: Any) -> Section:
    return Section(name, title, LEADS[name], layout, values)


def _diagnosis(contents: ReportContents) -> Iterator[Section]:
    found = contents.diagnosis
    if found is not None:
        charts = evidence_charts(found)
        yield _section("diagnosis", f"Diagnosis: {found.verdict}", "diagnosis", diagnosis=found, charts=charts)


def _remarks(contents: ReportContents) -> Iterator[Section]:
    if contents.remarks:
        yield _section("remarks", "What the run says", "sentences", sentences=contents.remarks)


def _numbers(contents: ReportContents) -> Iterator[Section]:
    if contents.rows:
        rows = [(row, contents.untrained.get(row.name)) for row in contents.rows]
        untrained = any(estimate is not None for _, estimate in rows)
        yield _section("numbers", "How good it is", "numbers", rows=rows, untrained=untrained)


def _members(contents: ReportContents) -> Iterator[Section]:
    tables = member_tables(contents.history, contents.member)
    if tables:
        yield _section("members", "The population's members", "tables", tables=tables)


def _samples(contents: ReportContents) -> Iterator[Section]:
    if contents.kind == "table":
        figures = table_sections.histograms(contents)
        yield _section("columns", "Columns, real and generated", "figures", figures=figures, small=True)
        tables = table_sections.row_tables(contents)
        yield _section("rows", "Rows, real and generated", "tables", tables=tables)
        return
    maker = picture_sections.beside if contents.kind == "images" else point_sections.beside
    yield _section("samples", "Samples beside data", "figures", figures=maker(contents), small=False)


def _landscape(contents: ReportContents) -> Iterator[Section]:
    if contents.landscape is None or contents.kind == "images":
        return
    label, lead = contents.landscape.label, LEADS["landscape"]
    data, samples = np.asarray(contents.data), np.asarray(contents.samples)
    if label is not None:
        data, samples = _of_label(data, contents.data_labels, label), _of_label(samples, contents.sample_labels, label)
        lead += f" The critic is told labels: shown are its scores, data and samples for {label}, the commonest label."
    figures = [Figure(terrain(contents.landscape, data[:1000], samples[:1000]))]
    yield Section("landscape", "The critic's landscape", lead, "figures", {"figures": figures, "small": False})


def _of_label(points: np.ndarray, labels: tuple[Any, ...] | None, label: Any) -> np.ndarray:
    return points if labels is None else points[[one == label for one in labels]]


def _dependence(contents: ReportContents) -> Iterator[Section]:
    found = table_sections.dependence(contents) if contents.kind == "table" else None
    if found is not None:
        figures, gap, reference = found
        size = _beside("The mean absolute difference is", gap, reference)
        values = {"figures": figures, "small": False}
        yield Section("dependence", "Correlations of columns", f"{LEADS['dependence']} {size}", "figures", values)


def _nearest(contents: ReportContents) -> Iterator[Section]:
    found = contents.nearest
    if found is None:
        return
    lead = LEADS["nearest"] + (f" ({found.usual} on average)." if found.usual is not None else ".")
    title = "Samples and the training examples nearest to them"
    if contents.kind == "table":
        tables = table_sections.nearest_tables(found, table_sections.names_of(contents))
        yield Section("nearest", title, lead, "tables", {"tables": tables})
        return
    figures = picture_sections.nearest(contents) if contents.kind == "images" else point_sections.nearest(contents)
    if figures:
        yield Section("nearest", title, lead, "figures", {"figures": figures, "small": True})


def _walk(contents: ReportContents) -> Iterator[Section]:
    if contents.walk is None:
        return
    name, title = ("chain", "Steps of a chain") if contents.chained else ("walk", "A walk between latents")
    lead = LEADS[name] + _mixing(contents.mixing)
    if contents.kind == "table":
        yield Section(name, title, lead, "tables", {"tables": table_sections.walk_tables(contents)})
        return
    figures = picture_sections.walk(contents) if contents.kind == "images" else point_sections.walk(contents)
    if figures:
        yield Section(name, title, lead, "figures", {"figures": figures, "small": False})


def _mixing(time: Estimate | None) -> str:
    if time is None:
        return ""
    if time.note:  # it is that the sum over correlations did not come to its end
        _, steps = time.n if isinstance(time.n, tuple) else (0, time.n)
        found = f"at least {time.value:.0f} steps, since {steps} steps are too few to see its end"
    else:
        found = f"{time} steps"
    return f" Autocorrelation time: {found}; so many successive examples are worth one independent one."


def _over_time(contents: ReportContents) -> Iterator[Section]:
    if len(contents.over_time) < 2 or contents.kind == "table":
        return
    frames = picture_sections.frames(contents) if contents.kind == "images" else point_sections.frames(contents)
    if frames:
        lead = LEADS["chains-over-time" if contents.chained else "over-time"]
        yield Section("over-time", "Samples over time", lead, "frames", {"frames": frames})


def _curves(contents: ReportContents) -> Iterator[Section]:
    reference = next((row.reference for row in contents.rows if DISTANCE in row.name.lower()), None)
    drawn = charts(contents.history, contents.member, reference)
    if drawn:
        lead = "Move over a curve to read it; drag to enlarge a part, double-click to return."
        if len({row.get("member", 0) for row in contents.history}) > 1:
            lead += f" One line per member of the population; member {contents.member} is bold."
        every = thinning(contents.history)
        lead += f" Every {every}th measured round is drawn." if every > 1 else ""
        yield Section("curves", "Curves", lead, "charts", {"charts": drawn})


def _run(contents: ReportContents) -> Iterator[Section]:
    settings, repeat, cost = contents.settings, contents.repeat, contents.cost
    if settings or repeat or cost:
        yield _section("run", "The run, and how to repeat it", "facts", settings=settings, repeat=repeat, cost=cost)


def _beside(text: str, value: Estimate, reference: Estimate | None) -> str:
    return f"{text} {value}" + ("." if reference is None else f"; for real data against real data, {reference}.")
