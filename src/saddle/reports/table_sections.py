"""The sections that show tables: some rows, every column, and how columns depend on each other."""

from typing import Any

import numpy as np
from markupsafe import Markup

from saddle.measures import Estimate
from saddle.reports.columns import as_numbers, correlation_gap, correlation_heats, histogram
from saddle.reports.contents import NearestExamples, ReportContents
from saddle.reports.section import Figure

ROWS = 8
COLUMNS = 24
CORRELATED = 40
FEWEST = 20


def cells_of(table: Any) -> np.ndarray:
    """A table's cells, shape (n, columns), numbers or not."""
    return np.asarray(table)


def names_of(contents: ReportContents) -> tuple[str, ...]:
    """The columns' names."""
    width = cells_of(contents.data).shape[1]
    return contents.columns or tuple(f"x{i}" for i in range(width))


def row_tables(contents: ReportContents) -> list[dict[str, Any]]:
    """The first rows of samples and of data."""
    names = names_of(contents)
    pairs = (("samples", contents.samples), ("held-out data", contents.data))
    return [{"caption": name, "head": names, "rows": _rows(table)} for name, table in pairs]


def nearest_tables(found: NearestExamples, names: tuple[str, ...]) -> list[dict[str, Any]]:
    """Each of some samples above its nearest training row, with the distance."""
    rows = []
    for sample, neighbors, distances in zip(found.samples, found.neighbors, found.distances, strict=True):
        rows.append(["sample", "", *map(_cell, sample)])
        rows.append(["nearest", f"{distances[0]:.3g}", *map(_cell, neighbors[0])])
    caption = "samples and their nearest training rows"
    return [{"caption": caption, "head": ("", "at", *names), "rows": rows[: 2 * ROWS]}]


def histograms(contents: ReportContents) -> list[Figure]:
    """Every column, real against generated."""
    data, samples = cells_of(contents.data), cells_of(contents.samples)
    return [
        Figure(histogram(data[:, i], samples[:, i], name), name) for i, name in enumerate(names_of(contents)[:COLUMNS])
    ]


def dependence(contents: ReportContents) -> tuple[list[Figure], Estimate, Estimate | None] | None:
    """Correlations of both and their difference, its mean size, and that of real data; None with too few columns."""
    tables = [contents.data, contents.samples, contents.training]
    columns = [i for i in range(len(names_of(contents))) if as_numbers(cells_of(contents.data)[:, i]) is not None]
    numbers = [None if t is None else _numbers(t, columns) for t in tables]
    data, samples, training = numbers
    if not 2 <= len(columns) <= CORRELATED or data is None or samples is None or min(len(data), len(samples)) < FEWEST:
        return None
    names = [names_of(contents)[i] for i in columns]
    figures = [Figure(heat.drawing, heat.caption) for heat in correlation_heats(data, samples, names)]
    # At equal n, since noise alone makes the gap positive.
    n = min(len(data), len(samples), len(data) if training is None else len(training))
    reference = None if training is None or n < FEWEST else correlation_gap(data[:n], training[:n])
    return figures, correlation_gap(samples[: max(n, FEWEST)], data[: max(n, FEWEST)]), reference


def _numbers(table: Any, columns: list[int]) -> np.ndarray | None:
    cells = [as_numbers(cells_of(table)[:, i]) for i in columns]
    return np.stack([c for c in cells if c is not None], 1) if columns and all(c is not None for c in cells) else None


def _rows(table: Any) -> list[list[str]]:
    return [[_cell(value) for value in row] for row in cells_of(table)[:ROWS]]


def _cell(value: Any) -> str | Markup:
    try:
        return f"{float(value):.5g}"
    except (TypeError, ValueError):
        return str(value)


def walk_tables(contents: ReportContents) -> list[dict[str, Any]]:
    """Rows along each of the first walks."""
    lines = [] if contents.walk is None else list(contents.walk[:2])
    head = names_of(contents)
    return [{"caption": f"walk {i + 1}", "head": head, "rows": _rows(line)} for i, line in enumerate(lines)]
