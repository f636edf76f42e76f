"""Axes of small drawings: where the ticks go, and from numbers to places on the page."""

import math
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup


@dataclass(frozen=True)
class Axis:
    """A map from an interval of numbers onto an interval of the page.

    Attributes:
        low: the number at `start`.
        high: the number at `end`.
        start: place on the page, in pixels.
        end: likewise; less than `start` for an upward axis.
    """

    low: float
    high: float
    start: float
    end: float

    def place(self, numbers: np.ndarray | float) -> np.ndarray:
        """Where numbers go on the page, in pixels."""
        span = self.high - self.low or 1.0
        return self.start + (np.asarray(numbers, dtype=np.float64) - self.low) * ((self.end - self.start) / span)

    def ticks(self, about: int = 5) -> list[float]:
        """Round numbers within the interval, about so many."""
        span = self.high - self.low
        if not span > 0:
            return [self.low]
        rough = span / about
        power = 10.0 ** math.floor(math.log10(rough))
        step = next(step for step in (power, 2 * power, 2.5 * power, 5 * power, 10 * power) if step >= rough * 0.999)
        first, last = math.ceil(self.low / step - 1e-9), math.floor(self.high / step + 1e-9)
        return [i * step for i in range(first, last + 1)]


def frame(x: Axis, y: Axis) -> Markup:
    """Grid lines, with tick labels below and on the left."""
    line = Markup('<line class="grid" x1="{:.1f}" y1="{:.1f}" x2="{:.1f}" y2="{:.1f}"/>')
    parts = []
    for tick in x.ticks():
        at = float(x.place(tick))
        parts += [line.format(at, y.start, at, y.end), tick_label(at, max(y.start, y.end) + 14, tick, "middle")]
    for tick in y.ticks():
        at = float(y.place(tick))
        parts += [line.format(x.start, at, x.end, at), tick_label(x.start - 6, at + 4, tick, "end")]
    return Markup("").join(parts)


def tick_label(x: float, y: float, number: float, anchor: str) -> Markup:
    """A number as text at a place on the page."""
    text = f"{number:.4g}".replace("-", "−")
    return Markup('<text x="{:.1f}" y="{:.1f}" text-anchor="{}">{}</text>').format(x, y, anchor, text)
