"""Table columns of any shape to normal scores and back.

A column is mapped so that its values follow a standard normal law: v becomes Φ⁻¹(F(v)), with F the distribution
function of the column, kept as a piecewise linear curve through at most 1,000 knots. Heavy tails, skew and units
vanish, and what is decoded lies within the observed range.

A value that many rows share (an *atom*: zero in a column of mostly zeros, each level of a rating) owns the whole
interval of scores that its rows would fill, so that scores near it decode to exactly it.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import torch
from torch import Tensor

KNOTS = 1000
ATOM_SHARE = 1 / 250  # a value is an atom if at least this share of the rows, and at least two, hold it
INSET = 1e-6  # neighboring atoms touch, and the scores of knots have to increase


@dataclass(frozen=True)
class ColumnScores:
    """The curve of one column.

    Attributes:
        values: knots in own units, not decreasing; an atom stands twice.
        scores: their normal scores, increasing.
    """

    values: tuple[float, ...]
    scores: tuple[float, ...]

    @classmethod
    def fitted(cls, column: np.ndarray) -> "ColumnScores":
        """The curve through a column of finite numbers, shape (n,)."""
        from scipy.special import ndtri

        levels, counts = np.unique(column.astype(np.float64), return_counts=True)
        total = len(column)
        above = np.cumsum(counts)
        below = above - counts
        if len(levels) == 1:
            return cls((float(levels[0]),), (0.0,))
        atom = (counts >= 2) & (counts >= ATOM_SHARE * total)
        keep = _knots(atom, above)
        values, ranks = [], []
        for index in np.flatnonzero(keep):
            if atom[index]:
                margin = INSET * counts[index]
                ranks += [below[index] + margin, above[index] - margin]
                values += [levels[index]] * 2
            else:
                ranks.append((below[index] + above[index]) / 2)
                values.append(levels[index])
        # The outermost half row is cut off, because probabilities 0 and 1 have infinite scores.
        shares = np.clip(np.asarray(ranks), 0.5, total - 0.5) / total
        return cls(tuple(float(value) for value in values), tuple(ndtri(shares).tolist()))

    @cached_property
    def _arrays(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        from scipy.special import ndtr

        scores = np.asarray(self.scores)
        return np.asarray(self.values), scores, ndtr(scores)

    def encode(self, column: np.ndarray) -> np.ndarray:
        """Scores of own values; an atom gets the median of its interval, a value out of range the nearest end's."""
        from scipy.special import ndtri

        values, scores, shares = self._arrays
        column = np.clip(column, values[0], values[-1])
        left = np.searchsorted(values, column, side="left")
        right = np.searchsorted(values, column, side="right") - 1
        # A value between knots has `right` as the knot before it and `left` after; one on a knot has left <= right.
        between = left > right
        width = np.where(between, values[left] - values[right], 1.0)
        inner = scores[right] + (column - values[right]) / width * (scores[left] - scores[right])
        return np.where(between, inner, ndtri((shares[left] + shares[right]) / 2))

    def decode(self, scores: np.ndarray) -> np.ndarray:
        """Own values of scores, within the observed range."""
        values, knots, _ = self._arrays
        return np.interp(scores, knots, values)


def _knots(atom: np.ndarray, above: np.ndarray) -> np.ndarray:
    """Which levels become knots: the two ends, every atom, and the rest evenly spread over the rows."""
    keep = atom.copy()
    keep[[0, -1]] = True
    free = KNOTS - 2 * int(keep.sum())
    others = np.flatnonzero(~keep)
    if len(others) > free:
        spread = np.linspace(0, above[-1], free)
        others = others[np.unique(np.searchsorted(above[others], spread).clip(0, len(others) - 1))]
    keep[others] = True
    return keep


@dataclass(frozen=True)
class NormalScores:
    """Every column of a table by its own curve."""

    columns: tuple[ColumnScores, ...]

    @classmethod
    def fitted(cls, table: np.ndarray) -> "NormalScores":
        """The curves of a table of finite numbers, shape (n, d)."""
        return cls(tuple(ColumnScores.fitted(table[:, index]) for index in range(table.shape[1])))

    def encode(self, own: np.ndarray) -> Tensor:
        """Rows of shape (n, d) as normal scores, float64."""
        scores = [column.encode(own[:, index].astype(np.float64)) for index, column in enumerate(self.columns)]
        return torch.from_numpy(np.stack(scores, axis=1))

    def decode(self, model: Tensor) -> np.ndarray:
        """Rows of shape (n, d) in own units, float64, each column within its observed range."""
        scores = model.detach().cpu().double().numpy()
        return np.stack([column.decode(scores[:, index]) for index, column in enumerate(self.columns)], axis=1)

    def to_record(self) -> dict[str, Any]:
        """The JSON form."""
        columns = [{"values": list(column.values), "scores": list(column.scores)} for column in self.columns]
        return {"kind": "normal scores", "columns": columns}

    @classmethod
    def from_record(cls, record: dict[str, Any]) -> "NormalScores":
        """The transform that `to_record` described."""
        curves = (ColumnScores(tuple(one["values"]), tuple(one["scores"])) for one in record["columns"])
        return cls(tuple(curves))
