"""A table's columns, real against generated: histograms, correlations, and some rows."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from markupsafe import Markup

from saddle.measures import Estimate
from saddle.reports.axes import Axis, tick_label

WIDTH, HEIGHT = 220.0, 110.0
BINS = 28
GROUPS = 10
FEW = 20
SQUARE = 240.0


class Heat(NamedTuple):
    """A matrix as a drawing, with its caption."""

    caption: str
    drawing: Markup


def as_numbers(cells: Any) -> np.ndarray | None:
    """A column as floats, or None where it does not hold numbers."""
    try:
        numbers = np.asarray(cells, dtype=np.float64)
    except (TypeError, ValueError):
        return None
    return numbers if np.isfinite(numbers).all() else None


def histogram(data: Any, samples: Any, label: str) -> Markup:
    """Shares per bin of a column: filled for data, a line for samples; one bar per value where values are few."""
    real, made = as_numbers(data), as_numbers(samples)
    if real is None or made is None:
        return _bars([str(value) for value in data], [str(value) for value in samples], label)
    values = np.unique(real)
    if len(values) <= FEW and np.array_equal(values, np.rint(values)) and np.ptp(np.rint(made)) < 2 * FEW:
        return _bars(real.tolist(), np.rint(made).tolist(), label)
    low, high = np.quantile(np.concatenate([real, made]), [0.002, 0.998])
    if not high > low:
        low, high = low - 0.5, high + 0.5
    edges = np.linspace(low, high, BINS + 1)
    shares = [np.histogram(np.clip(v, low, high), edges)[0] / len(v) for v in (real, made)]
    axis = Axis(low, high, 4.0, WIDTH - 4)
    ticks = Markup("").join(tick_label(float(axis.place(t)), HEIGHT - 3, t, "middle") for t in axis.ticks(4))
    return _drawing(shares[0], shares[1], ticks, label)


def correlation_heats(data: np.ndarray, samples: np.ndarray, names: Sequence[str]) -> list[Heat]:
    """Three matrices: the data's correlations, the samples', and the difference."""
    real, made = correlations(data), correlations(samples)
    return [
        Heat("held-out data", _matrix(real, names)),
        Heat("samples", _matrix(made, names)),
        Heat("samples minus data", _matrix(made - real, names)),
    ]


def correlations(x: np.ndarray) -> np.ndarray:
    """Pearson correlations between columns, shape (d, d); a constant column correlates with nothing."""
    centered = x - x.mean(0)
    deviation = np.sqrt((centered**2).mean(0))
    unit = np.divide(centered, deviation, out=np.zeros_like(centered), where=deviation > 0)
    return unit.T @ unit / len(x)


def correlation_gap(x: np.ndarray, y: np.ndarray) -> Estimate:
    """The mean absolute difference of the correlations of two tables, over distinct pairs of columns.

    The error is a jackknife over ten groups of rows of each. Noise alone makes it positive, so compare at equal n.
    """

    def gap(a: np.ndarray, b: np.ndarray) -> float:
        pairs = np.triu_indices(a.shape[1], 1)
        return float(np.abs(correlations(a) - correlations(b))[pairs].mean())

    variance = 0.0
    for first, second in ((x, y), (y, x)):
        left = [gap(first[np.arange(len(first)) % GROUPS != group], second) for group in range(GROUPS)]
        variance += (GROUPS - 1) * float(np.var(left))
    note = "positive even for equal laws; compare at equal n"
    return Estimate(gap(x, y), variance**0.5, None, "jackknife over ten groups of rows", (len(x), len(y)), note)


def _bars(data: list, samples: list, label: str) -> Markup:
    """One bar per value, in order; what is beyond the first few kinds is not drawn."""
    kinds = sorted(set(data) | set(samples))[: 2 * FEW]
    real, made = (np.array([column.count(kind) / len(column) for kind in kinds]) for column in (data, samples))
    every = max(1, len(kinds) // 6)
    axis = Axis(0, len(kinds), 4.0, WIDTH - 4)
    text = Markup('<text x="{:.1f}" y="{}" text-anchor="middle">{}</text>')
    ticks = Markup("").join(
        text.format(float(axis.place(i + 0.5)), HEIGHT - 3, f"{kind:g}" if isinstance(kind, float) else kind[:10])
        for i, kind in enumerate(kinds)
        if i % every == 0
    )
    return _drawing(real, made, ticks, label)


def _drawing(real: np.ndarray, made: np.ndarray, ticks: Markup, label: str) -> Markup:
    top = max(float(real.max()), float(made.max())) or 1.0
    base = HEIGHT - 16
    x, y = Axis(0, len(real), 4.0, WIDTH - 4), Axis(0, top, base, 4.0)

    def steps(shares: np.ndarray) -> str:
        rows = [(float(x.place(i)), float(x.place(i + 1)), float(y.place(s))) for i, s in enumerate(shares)]
        return f"M{x.start} {base}" + "".join(f"V{h:.1f}H{right:.1f}" for _, right, h in rows) + f"V{base}"

    template = Markup(
        '<svg class="plot" style="max-width:{w:.0f}px" role="img" aria-label="{label}" viewBox="0 0 {w:.0f} {h:.0f}">'
        '<path class="fill data" d="{real}Z"/><path class="line made" d="{made}"/>{ticks}</svg>'
    )
    return template.format(w=WIDTH, h=HEIGHT, label=label, real=steps(real), made=steps(made), ticks=ticks)


def _matrix(values: np.ndarray, names: Sequence[str]) -> Markup:
    """One square per pair of columns, the columns' names on the left; each square says its number when pointed at."""
    cell, left = SQUARE / len(values), 96.0
    square = Markup(
        '<rect x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}" class="{}" fill-opacity="{:.2f}">'
        "<title>{} and {}: {:.2f}</title></rect>"
    )
    text = Markup('<text x="{:.1f}" y="{:.1f}" text-anchor="end">{}</text>')
    parts = []
    for i, row in enumerate(values):
        parts.append(text.format(left - 5, (i + 0.5) * cell + 4, _cut(names[i])))
        for j, v in enumerate(row):
            side, strength = "high" if v > 0 else "low", min(1.0, abs(float(v)))
            parts.append(square.format(left + j * cell, i * cell, cell, cell, side, strength, names[i], names[j], v))
    head = Markup('<svg class="plot heat" style="max-width:{0:.0f}px" viewBox="0 0 {0:.0f} {1:.0f}">')
    return head.format(left + SQUARE, SQUARE) + Markup("").join(parts) + Markup("</svg>")


def _cut(name: str) -> str:
    return name if len(name) <= 16 else name[:15] + "…"
