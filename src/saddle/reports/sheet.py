"""Samples on one picture: a grid of pictures, a scatter of points, or a table's columns side by side."""

import math
from io import BytesIO
from typing import TYPE_CHECKING, Any

import numpy as np

from saddle.core.errors import InputError
from saddle.reports.pixels import as_pixels

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from PIL.Image import Image

DATA_COLOR, SAMPLE_COLOR = "#2f6fde", "#e4572e"


def picture_sheet(
    pictures: Any,
    *,
    columns: int | None = None,
    values: tuple[float, float] | None = None,
    background: int | None = 255,
    gap: int = 1,
    scale: int | None = None,
) -> "Image":
    """A grid of pictures, row by row.

    Args:
        pictures: own units, shape (n, h, w), (n, h, w, c) or (n, c, h, w).
        columns: pictures per row; by default about as many as rows.
        values: of black and white; taken from the pictures where None.
        background: grey level between pictures, or None for transparency.
        gap: pixels between pictures.
        scale: whole enlargement; by default small pictures are enlarged to about 64 pixels.

    Raises:
        InputError: when there is no picture or the shape is not that of pictures.
    """
    from PIL import Image

    pixels = as_pixels(pictures, values)
    if len(pixels) == 0:
        raise InputError("pictures must hold at least one picture; found none.")
    image = Image.fromarray(_tiled(pixels, columns or math.ceil(math.sqrt(len(pixels))), gap, background))
    scale = scale or max(1, 64 // max(pixels.shape[1:3]))
    return image.resize((image.width * scale, image.height * scale), Image.Resampling.NEAREST)


def _tiled(pixels: np.ndarray, columns: int, gap: int, background: int | None) -> np.ndarray:
    """Pictures on one, row by row, with transparency as the last channel where there is no background."""
    count, height, width, *depth = pixels.shape
    rows = math.ceil(count / columns)
    size = (rows * (height + gap) - gap, columns * (width + gap) - gap)
    sheet = np.full((*size, *depth), 255 if background is None else background, np.uint8)
    covered = np.zeros(size, np.uint8)
    for i, picture in enumerate(pixels):
        top, left = (i // columns) * (height + gap), (i % columns) * (width + gap)
        place = slice(top, top + height), slice(left, left + width)
        sheet[place], covered[place] = picture, 255
    return sheet if background is not None else np.dstack([sheet, covered])


def scatter_sheet(points: Any, data: Any = None, *, names: tuple[str, ...] | None = None) -> "Image":
    """Points in the plane of their first two coordinates, over data where given; one coordinate becomes a histogram.

    Args:
        points: own units, shape (n, d).
        data: shape (m, d), or None.
        names: of the coordinates.
    """
    points = np.asarray(points)
    if points.shape[1] == 1:
        return marginals_sheet(points, data, names=names)
    figure = new_figure(6.0, 6.0)
    axes = figure.add_subplot()
    if data is not None:
        data = np.asarray(data)
        axes.plot(data[:, 0], data[:, 1], ".", color=DATA_COLOR, markersize=3, alpha=0.5, label="data")
    axes.plot(points[:, 0], points[:, 1], ".", color=SAMPLE_COLOR, markersize=3, alpha=0.7, label="samples")
    axes.set_aspect("equal", adjustable="datalim")
    if names is not None:
        axes.set(xlabel=names[0], ylabel=names[1])
    axes.legend(frameon=False)
    return rendered(figure)


def marginals_sheet(table: Any, data: Any = None, *, names: tuple[str, ...] | None = None) -> "Image":
    """One histogram per column of numbers, over the data's where given.

    Args:
        table: own units, shape (n, d).
        data: shape (m, d), or None.
        names: of the columns.
    """
    table = np.asarray(table, dtype=np.float64)
    real = None if data is None else np.asarray(data, dtype=np.float64)
    across = min(4, table.shape[1])
    down = math.ceil(table.shape[1] / across)
    figure = new_figure(3.2 * across, 2.4 * down)
    for i in range(table.shape[1]):
        axes = figure.add_subplot(down, across, i + 1)
        both = table[:, i] if real is None else np.concatenate([table[:, i], real[:, i]])
        bins = np.histogram_bin_edges(both, 30).tolist()
        if real is not None:
            axes.hist(real[:, i], bins, density=True, color=DATA_COLOR, alpha=0.4, label="data")
        axes.hist(table[:, i], bins, density=True, color=SAMPLE_COLOR, histtype="step", label="samples")
        axes.set_title(names[i] if names is not None else f"x{i}", fontsize=9)
        axes.set_yticks([])
    figure.axes[0].legend(frameon=False, fontsize=8)
    return rendered(figure)


def png_bytes(image: "Image") -> bytes:
    """A picture as the bytes of a PNG file."""
    buffer = BytesIO()
    image.save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


def new_figure(width: float, height: float) -> "Figure":
    """An empty figure, so many inches wide and high."""
    from matplotlib.figure import Figure

    return Figure(figsize=(width, height), layout="constrained")


def rendered(figure: "Figure") -> "Image":
    """The drawn figure; made without pyplot, so that no window system and no global state is touched."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from PIL import Image

    buffer = BytesIO()
    FigureCanvasAgg(figure).print_png(buffer)
    buffer.seek(0)
    return Image.open(buffer).convert("RGB")
