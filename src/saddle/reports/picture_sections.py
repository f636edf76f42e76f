"""The sections that show pictures, each kept within a budget of bytes so that the page stays small."""

from typing import Any

import numpy as np
from markupsafe import Markup

from saddle.reports.contents import ReportContents
from saddle.reports.embedding import data_uri
from saddle.reports.pixels import as_pixels, pixel_range, shrunk
from saddle.reports.section import Figure, spread
from saddle.reports.sheet import picture_sheet, png_bytes

BUDGET = 300_000
LONGEST = 128
SMALL = 80


def pictures_of(contents: ReportContents, pictures: Any) -> np.ndarray:
    """Pictures as pixels in the range of the data's values, no longer than the page needs."""
    return shrunk(as_pixels(pictures, pixel_range(contents.data)), LONGEST)


def affordable(pictures: np.ndarray, wanted: int, budget: int = BUDGET) -> int:
    """How many such pictures fit in a budget of bytes, from 4 to `wanted`."""
    return int(np.clip(budget // max(1, pictures[0].size), 4, wanted))


def image(pixels: np.ndarray, columns: int, label: str, width: int = 504, scale: int | None = None) -> Markup:
    """A sheet of pictures as an image element; small ones are enlarged by a whole number, which blurs nothing.

    Args:
        pixels: as `pictures_of` gives them.
        columns: pictures per row.
        label: what is seen, for readers who cannot see.
        width: of the page to fill, in its pixels.
        scale: the enlargement, where it must be the same on several sheets.
    """
    sheet = picture_sheet(pixels, columns=columns, values=(0.0, 255.0), background=None, scale=1)
    enlarged = max(pixels.shape[1:3]) <= SMALL
    whole = scale or max(1, width // sheet.width)
    shown = sheet.width * whole if enlarged or scale else min(sheet.width, width)
    template = Markup('<img class="{}" style="width:{}px" width="{}" height="{}" alt="{}" src="{}">')
    uri = data_uri(png_bytes(sheet))
    style = "pixels" if enlarged else "smooth"
    return template.format(style, shown, sheet.width, sheet.height, label, uri)


def beside(contents: ReportContents) -> list[Figure]:
    """Samples beside data, each label in its own row where the samples have labels."""
    figures = []
    for name, pictures, labels in (
        ("samples", contents.samples, contents.sample_labels),
        ("held-out data", contents.data, contents.data_labels),
    ):
        pixels = pictures_of(contents, pictures)
        count = affordable(pixels, 64)
        if contents.sample_labels is None or labels is None:
            columns = 8 if count >= 64 else max(2, int(count**0.5 * 1.2))
            figures.append(Figure(image(pixels[: count - count % columns or count], columns, name), name))
            continue
        figures.append(Figure(_rows_by_label(pixels, labels, count, name), name))
    return figures


def _rows_by_label(pixels: np.ndarray, labels: tuple[Any, ...], count: int, name: str) -> Markup:
    kinds = sorted(set(labels), key=lambda label: (str(type(label)), label))[:20]
    columns = int(np.clip(count // len(kinds), 2, 8))
    row = Markup('<div class="labeled"><span>{}</span>{}</div>')
    rows = []
    for kind in kinds:
        chosen = pixels[[i for i, label in enumerate(labels) if label == kind][:columns]]
        if len(chosen):
            rows.append(row.format(kind, image(chosen, columns, f"{name} of label {kind}", 400)))
    return Markup("").join(rows)


def nearest(contents: ReportContents) -> list[Figure]:
    """One sample per figure, its nearest training pictures to the right with their distances."""
    found = contents.nearest
    if found is None:
        return []
    pixels = pictures_of(contents, found.samples)
    shape = found.neighbors.shape
    others = pictures_of(contents, found.neighbors.reshape(-1, *shape[2:])).reshape(*shape[:2], *pixels.shape[1:])
    count = affordable(pixels, min(12, len(pixels)), BUDGET // (1 + shape[1]))
    scale = max(1, 56 // max(pixels.shape[1:3]))
    figures = []
    for i in range(min(count, len(pixels))):
        distances = ", ".join(f"{distance:.3g}" for distance in found.distances[i])
        sample = image(pixels[i : i + 1], 1, "a sample", scale=scale)
        training = image(others[i], shape[1], "its nearest training pictures", scale=scale)
        drawing = Markup('<div class="pair">{}<span class="arrow">→</span>{}</div>').format(sample, training)
        figures.append(Figure(drawing, f"at {distances}"))
    return figures


def walk(contents: ReportContents) -> list[Figure]:
    """Each line of the walk as a strip."""
    lines = contents.walk
    if lines is None:
        return []
    steps = lines.shape[1]
    first = pictures_of(contents, lines[0])
    count = max(1, min(len(lines), BUDGET // max(1, first.size)))
    pixels = pictures_of(contents, lines[:count].reshape(-1, *lines.shape[2:]))
    return [Figure(image(pixels, steps, "pictures along walks between latents", 1032), wide=True)]


def frames(contents: ReportContents, wanted: int = 24) -> list[tuple[int, Markup]]:
    """The same latents' pictures at several rounds."""
    first = pictures_of(contents, contents.over_time[0][1])
    rounds = min(wanted, len(contents.over_time))
    budget = 3 * BUDGET
    while rounds > 8 and budget // rounds // max(1, first[0].size) < 12:
        rounds -= 1
    count = min(affordable(first, 64, budget // rounds), len(first))
    columns = 8 if count >= 32 else max(2, int(count**0.5 * 1.2))
    count = count - count % columns or count
    return [
        (contents.over_time[i][0], image(pictures_of(contents, contents.over_time[i][1])[:count], columns, "samples"))
        for i in spread(len(contents.over_time), rounds)
    ]
