"""Draws from a user's own density, whichever way its `sample` asks to be called."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from saddle.core.errors import InputError
from saddle.core.randomness import Stream

Call = Callable[[int, Stream], Any]


@dataclass(frozen=True)
class Sampler:
    """A density's `sample` and `log_prob` in NumPy.

    Attributes:
        density: what has them.
        name: the argument's name, for error messages.
        call: draws from it, in its own kind.
        in_torch: whether it takes a shape, and gives and takes tensors, as torch's distributions do.
        scalar: whether each of those is a number, and not a vector.
    """

    density: Any
    name: str
    call: Call
    in_torch: bool
    scalar: bool = False

    def draw(self, n: int, source: Stream) -> np.ndarray:
        """Points, shape (n, d).

        Raises:
            InputError: when `sample` does not give that many finite points.
        """
        try:
            with source.governing_torch():
                points = np.asarray(self.call(n, source), dtype=np.float64)
        except TypeError as problem:
            raise InputError(f"{self.name}.sample must take a count n, or n and a source; found {problem}.") from None
        if self.in_torch and points.ndim == 1:
            points = points[:, None]
        if points.ndim != 2 or len(points) != n or not np.isfinite(points).all():
            found = f"found shape {points.shape}"
            raise InputError(f"{self.name}.sample must give {n} finite points, shape ({n}, d); {found}.")
        return points

    def log_prob(self, x: np.ndarray) -> np.ndarray:
        """Log densities at points (n, d)."""
        if not self.in_torch:
            return np.asarray(self.density.log_prob(x), dtype=np.float64)
        points = torch.from_numpy(np.ascontiguousarray(x))
        with torch.no_grad():
            return np.asarray(self.density.log_prob(points[:, 0] if self.scalar else points), dtype=np.float64)


def sampler(density: Any, name: str) -> Sampler:
    """How to draw from a density: by sample(n, source), by sample(n), or by torch's sample(shape)."""
    try:
        parameters = list(inspect.signature(density.sample).parameters.values())
    except (TypeError, ValueError):
        return Sampler(density, name, density.sample, False)
    places = [one for one in parameters if one.kind in (one.POSITIONAL_ONLY, one.POSITIONAL_OR_KEYWORD)]
    if places and "shape" in places[0].name:
        with Stream(0).governing_torch():
            scalar = np.ndim(density.sample((2,))) == 1
        return Sampler(density, name, lambda n, source: density.sample((n,)), True, scalar)
    if len(places) == 1 and not any(one.kind == one.VAR_POSITIONAL for one in parameters):
        return Sampler(density, name, lambda n, source: density.sample(n), False)
    return Sampler(density, name, density.sample, False)
