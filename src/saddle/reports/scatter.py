"""Points in the plane as a drawing (SVG) that follows the page's colors."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from markupsafe import Markup

from saddle.reports.axes import Axis, frame

SIDE = 450.0
LEFT, RIGHT, TOP, BOTTOM = 40.0, 8.0, 8.0, 22.0


class Layer(NamedTuple):
    """Points drawn alike.

    Attributes:
        points: shape (n, 2).
        style: a class of the page's style sheet.
        joined: whether a line leads from each point to the next.
    """

    points: np.ndarray
    style: str
    joined: bool = False


class Window(NamedTuple):
    """The part of the plane that is drawn; both sides have one scale."""

    x: tuple[float, float]
    y: tuple[float, float]


def window_of(points: np.ndarray, margin: float = 0.12, share: float = 1.0) -> Window:
    """A square window around the points, or around the middle `share` of them where a few lie far away."""
    tail = (1 - share) / 2
    low, high = np.nanquantile(points, tail, axis=0), np.nanquantile(points, 1 - tail, axis=0)
    center, half = (low + high) / 2, float((high - low).max()) * (0.5 + margin) or 1.0
    return Window((center[0] - half, center[0] + half), (center[1] - half, center[1] + half))


def scatter(layers: Sequence[Layer], window: Window, *, label: str, side: float = SIDE, under: str = "") -> Markup:
    """A drawing of layers of points; what lies outside the window is left out and counted in the corner.

    Args:
        layers: drawn first to last.
        window: the part of the plane to draw.
        label: what is seen, for readers who cannot see.
        side: of the plot area, in pixels.
        under: drawing instructions that go beneath the points, already safe and clipped to the plot area.
    """
    x, y = plot_axes(window, side)
    counted = [layer.points for layer in layers if not layer.joined and layer.style != "halo"]
    outside = sum(int((~_inside(points, window)).sum()) for points in counted)
    parts = [Markup(under), frame(x, y), *(_layer(layer, window, x, y) for layer in layers)]
    if outside:
        note = Markup('<text class="outside" x="{}" y="{}" text-anchor="end">{} outside</text>')
        parts.append(note.format(x.end - 4, y.end + 14, outside))
    size = Markup('viewBox="0 0 {:.0f} {:.0f}"').format(x.end + RIGHT, y.start + BOTTOM)
    head = Markup('<svg class="plot" style="max-width:{:.0f}px" role="img" aria-label="{}" {}>').format(
        x.end + RIGHT, label, size
    )
    return head + Markup("").join(parts) + Markup("</svg>")


def plot_axes(window: Window, side: float = SIDE) -> tuple[Axis, Axis]:
    """The axes on which `scatter` draws a window."""
    return Axis(*window.x, LEFT, LEFT + side), Axis(*window.y, TOP + side, TOP)


def _inside(points: np.ndarray, window: Window) -> np.ndarray:
    low, high = np.array([window.x[0], window.y[0]]), np.array([window.x[1], window.y[1]])
    return np.all((points >= low) & (points <= high), axis=1)


def _layer(layer: Layer, window: Window, x: Axis, y: Axis) -> Markup:
    """One path: a dot is a line of no length with round ends, which is short and fast to draw."""
    points = layer.points if layer.joined else layer.points[_inside(layer.points, window)]
    places = zip(x.place(points[:, 0]), y.place(points[:, 1]), strict=True)
    if layer.joined:
        text = "M" + "L".join(f"{a:.1f} {b:.1f}" for a, b in places)
    else:
        text = "".join(f"M{a:.1f} {b:.1f}h0" for a, b in places)
    return Markup('<path class="{} {}" d="{}"/>').format("line" if layer.joined else "dots", layer.style, text)
