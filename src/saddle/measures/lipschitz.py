"""How steep a function is on data."""

import warnings
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import Tensor, nn
from torch.func import grad

from saddle.core.errors import InputError
from saddle.core.randomness import Stream
from saddle.measures.estimate import Estimate
from saddle.measures.pairwise import distance_blocks
from saddle.measures.points import Points, as_points, as_two_samples

BATCH = 4096
AT_SEGMENTS = 8

Function = Callable[[Tensor], Tensor]


class Steepness(NamedTuple):
    """The largest values found of what the Lipschitz constant bounds.

    Attributes:
        at_data: gradient norm at the examples.
        between: gradient norm at random points of segments between examples.
        slope: change over distance between two examples.
    """

    at_data: float
    between: float
    slope: float


def lipschitz_constant(function: Function, x: Points, *, y: Points | None = None, seed: int = 0) -> Estimate:
    """The steepest that a function was found to be on data: a lower bound of its Lipschitz constant.

    The largest of three: the norm of its gradient at the examples; the same at random points of segments between
    pairs, eight to an example, as a gradient penalty draws them (Gulrajani et al., "Improved training of Wasserstein
    GANs", 2017); and the slope between any two examples. Exact for linear functions; more examples can only find more.

    Args:
        function: from examples, shape (n, ...), to numbers, shape (n,) or (n, 1), each of its own example alone; a
            module is called in its own precision, on its own device.
        x: examples, shape (n, ...), n >= 2.
        y: a second set, such as samples beside data; segments then run from x to y.
        seed: of pairs and points on segments.

    Returns:
        The bound, in units of the function over those of the examples, without error or interval; the note names the
        three parts.

    Raises:
        InputError: when the sets do not fit together, or the function returns anything else or is not of torch tensors
            throughout.
    """
    if y is None:
        as_points(x, "x", at_least=2)
        own = other = _as_given(x, function)
    else:
        as_two_samples(x, y, ("x", "y"))
        own, other = _as_given(x, function), _as_given(y, function)
    found = _steepness(function, own, other, Stream(seed).child("lipschitz constant"))
    note = (
        f"a lower bound; gradient {found.at_data:.4g} at the data, {found.between:.4g} between, slope {found.slope:.4g}"
    )
    count = len(own) if y is None else (len(own), len(other))
    return Estimate(max(found), None, None, "largest gradient norm and slope found", count, note)


def _steepness(function: Function, x: Tensor, y: Tensor, stream: Stream) -> Steepness:
    generator = stream.numpy()
    sets = (x,) if y is x else (x, y)
    points = torch.cat(sets)
    between = 0.0
    for _ in range(AT_SEGMENTS):
        size = max(len(x), len(y))
        first, second = (one[torch.from_numpy(generator.permutation(size) % len(one))] for one in (x, y))
        part = torch.from_numpy(generator.random(size)).to(x).view(-1, *[1] * (x.ndim - 1))
        between = max(between, _largest_gradient(function, first + part * (second - first)))
    with torch.no_grad():
        values = torch.cat([_values(function, batch) for batch in points.split(BATCH)])
    return Steepness(_largest_gradient(function, points), between, _largest_slope(points, values))


def _largest_gradient(function: Function, points: Tensor) -> float:
    slope = grad(lambda batch: _values(function, batch).sum())
    norms = [_gradient(function, slope, batch).flatten(1).double().norm(dim=1).max() for batch in points.split(BATCH)]
    return float(torch.stack(norms).max())


def _gradient(function: Function, slope: Callable[..., Any], batch: Tensor) -> Tensor:
    try:
        return slope(batch).detach()
    except RuntimeError as error:
        with torch.no_grad(), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            # Faults of the function's own are raised as they are.
            function(batch[:1])
        # Functorch's own message, that some storage cannot be read, would not lead anyone to the cause.
        raise InputError(
            f"function must compute with torch tensors throughout, so that it has a gradient; "
            f"found: {str(error).splitlines()[0].rstrip('.')}."
        ) from error


def _largest_slope(points: Tensor, values: Tensor) -> float:
    """The largest change over distance between any two points; where they coincide, there is none."""
    flat, heights = points.detach().to("cpu", torch.float64).flatten(1), values.detach().to("cpu", torch.float64)
    # What rounding alone can make of two equal values, or of two equal points, is no slope.
    rounding = 8 * torch.finfo(values.dtype).eps * float(heights.abs().max())
    near = 1e-7 * float((flat - flat.mean(0)).norm(dim=1).max())
    largest = 0.0
    for rows, columns, distances in distance_blocks(flat, flat):
        rise = (heights[rows, None] - heights[None, columns]).abs() - rounding
        largest = max(largest, float(torch.where(distances > near, rise / distances, 0.0).max()))
    return largest


def _values(function: Function, batch: Tensor) -> Tensor:
    found = function(batch)
    if not isinstance(found, Tensor) or found.shape not in ((len(batch),), (len(batch), 1)):
        shape = tuple(found.shape) if isinstance(found, Tensor) else type(found).__name__
        raise InputError(
            f"function must return one number per example, shape ({len(batch)},) or ({len(batch)}, 1); found {shape}."
        )
    return found.reshape(len(batch))


def _as_given(x: Points, function: Function) -> Tensor:
    """Examples in their own shape, in the precision and on the device of the function where it is a module."""
    tensor = x.detach() if isinstance(x, Tensor) else torch.from_numpy(np.ascontiguousarray(x))
    parameter = next(function.parameters(), None) if isinstance(function, nn.Module) else None
    if parameter is not None:
        return tensor.to(parameter)
    return tensor if tensor.is_floating_point() else tensor.double()
