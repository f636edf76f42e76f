"""The sections that show points: in the plane, or in the planes of their first three coordinates."""

from collections.abc import Sequence
from itertools import combinations
from typing import Any

import numpy as np
from markupsafe import Markup

from saddle.reports.columns import histogram
from saddle.reports.contents import ReportContents
from saddle.reports.scatter import Layer, Window, scatter, window_of
from saddle.reports.section import Figure, spread

SHOWN = 1500
FRAME_POINTS = 400
COLORS = 10


def names_of(contents: ReportContents) -> tuple[str, ...]:
    """The coordinates' names."""
    width = np.asarray(contents.data).shape[1]
    return contents.columns or tuple(f"x{i}" for i in range(width))


def beside(contents: ReportContents) -> list[Figure]:
    """Samples, data, and one over the other; one coordinate gives a histogram, more than two give several planes."""
    data, samples = np.asarray(contents.data)[:SHOWN], np.asarray(contents.samples)[:SHOWN]
    names = names_of(contents)
    if data.shape[1] == 1:
        return [Figure(histogram(data[:, 0], samples[:, 0], names[0]), names[0])]
    planes = list(combinations(range(min(3, data.shape[1])), 2))
    if len(planes) > 1:
        return [
            Figure(_over(data[:, pair], samples[:, pair]), f"{names[pair[0]]} across, {names[pair[1]]} up")
            for pair in map(list, planes)
        ]
    window = _window(data)
    made = by_label(samples, contents.sample_labels) or [Layer(samples, "made")]
    real = by_label(data, contents.data_labels) if contents.sample_labels else None
    return [
        Figure(scatter(made, window, label="samples"), f"samples, {len(samples)}"),
        Figure(scatter(real or [Layer(data, "data")], window, label="held-out data"), f"held-out data, {len(data)}"),
    ]


def by_label(points: np.ndarray, labels: Sequence[Any] | None) -> list[Layer] | None:
    """One layer per label, or None where there are no labels or too many to color."""
    if labels is None:
        return None
    labels = labels[: len(points)]
    kinds = sorted(set(labels), key=lambda label: (str(type(label)), label))
    if len(kinds) > COLORS:
        return None
    chosen = np.array([kinds.index(label) for label in labels])
    return [Layer(points[chosen == i], f"label{i}") for i in range(len(kinds))]


def nearest(contents: ReportContents) -> list[Figure]:
    """Samples joined to their nearest training examples, in the plane of the first two coordinates."""
    found = contents.nearest
    if found is None or found.samples.shape[1] < 2:
        return []
    pairs = [np.stack([s[:2], n[0][:2]]) for s, n in zip(found.samples, found.neighbors, strict=True)]
    layers = [Layer(pair, "pale", joined=True) for pair in pairs]
    layers += [Layer(found.neighbors[:, 0, :2], "data"), Layer(found.samples[:, :2], "made")]
    drawing = scatter(layers, window_of(np.concatenate(pairs)), label="samples and their nearest training examples")
    return [Figure(drawing, "samples (orange) and their nearest training examples (blue)")]


def walk(contents: ReportContents) -> list[Figure]:
    """The paths of the walks over the data."""
    lines = contents.walk
    if lines is None or lines.shape[-1] < 2:
        return []
    data = np.asarray(contents.data)[:SHOWN, :2]
    layers = [Layer(data, "pale")]
    for i, line in enumerate(lines[..., :2]):
        layers += [Layer(line, f"label{i % COLORS}", joined=True), Layer(line, f"label{i % COLORS}")]
    window = _window(np.concatenate([data, lines[..., :2].reshape(-1, 2)]))
    drawing = scatter(layers, window, label="walks between latents over the data")
    return [Figure(drawing, f"{len(lines)} walks over the data")]


def frames(contents: ReportContents, wanted: int = 24) -> list[tuple[int, Markup]]:
    """The same latents' points at several rounds, over the data."""
    if np.asarray(contents.data).shape[1] < 2:
        return []
    data = np.asarray(contents.data)[:FRAME_POINTS, :2]
    window = _window(data)
    chosen = [contents.over_time[i] for i in spread(len(contents.over_time), wanted)]
    return [(round, _over(data, np.asarray(points)[:FRAME_POINTS, :2], window)) for round, points in chosen]


def _over(data: np.ndarray, samples: np.ndarray, window: Window | None = None) -> Markup:
    layers = [Layer(data, "data"), Layer(samples, "made")]
    return scatter(layers, window or _window(data), label="samples over held-out data")


def _window(points: np.ndarray) -> Window:
    # A heavy tail must not shrink the rest to a dot: the window holds 99 % of each coordinate, and margins.
    return window_of(points, margin=0.15, share=0.99)
