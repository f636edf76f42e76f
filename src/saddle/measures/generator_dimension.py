"""In how many directions a generator's output moves with its input."""

import math
import warnings
from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor, nn
from torch.func import jacfwd, jacrev, vmap

from saddle.core.errors import InputError
from saddle.measures.estimate import Estimate
from saddle.measures.points import Points, as_points

AT_ONCE = 32


def generator_dimension(
    function: Callable[[Tensor], Tensor], points: Points, *, tolerance: float | None = None
) -> Estimate:
    """The rank of a generator's Jacobian, on average over points of its input: the dimension of what it can make there.

    A generator of d numbers from a z-dimensional input makes a set of at most z dimensions (Arjovsky & Bottou, "Towards
    principled methods for training generative adversarial networks", 2017, lemma 1); where it has collapsed, fewer.

    Args:
        function: from inputs, shape (n, z), to examples, shape (n, ...), each from its own input alone; a module is
            called in its own precision and on its own device. Batch normalization must be in evaluation mode.
        points: inputs to look at, shape (n, z).
        tolerance: singular values count above this part of the largest; the default is what rounding leaves,
            max(d, z) times the precision's epsilon. A larger one, such as .01, asks how many directions matter.

    Returns:
        The mean rank, with its standard error and Student's interval over the points, none of either for one point.

    Raises:
        InputError: when `tolerance` is not in [0, 1), the points are not finite numbers, the Jacobian is not, or the
            function is not of torch tensors throughout.
    """
    if tolerance is not None and not 0 <= tolerance < 1:
        raise InputError(f"tolerance must be in [0, 1); found {tolerance}.")
    as_points(points, "points")
    inputs = _inputs(points, function)
    flat = _jacobians(function, inputs)
    if not bool(torch.isfinite(flat).all()):
        raise InputError("function must have a finite Jacobian at every point; found a NaN or an infinity.")
    ranks = _ranks(flat, tolerance)
    return _mean(ranks, "rank of the Jacobian", f"from {int(ranks.min())} to {int(ranks.max())} over the points")


def _jacobians(function: Callable[[Tensor], Tensor], inputs: Tensor) -> Tensor:
    """One matrix per input, shape (n, outputs, inputs); forward or backward, whichever takes fewer passes."""
    made = function(inputs[:1])
    if not isinstance(made, Tensor):
        raise InputError(f"function must return a torch tensor, one example per row; found {type(made).__name__}.")
    outputs = made.numel()
    mode = jacfwd if inputs[0].numel() < outputs else jacrev
    with warnings.catch_warnings():
        # Torch's own forward mode compiles its formulas at first use by a way that it calls deprecated.
        warnings.filterwarnings("ignore", message=".*torch.jit.script", category=DeprecationWarning)
        try:
            matrices = vmap(mode(lambda z: function(z[None])[0]), chunk_size=AT_ONCE)(inputs)
        except RuntimeError as error:
            raise InputError(
                f"function must compute with torch tensors throughout, each example from its own input alone; "
                f"found: {str(error).splitlines()[0].rstrip('.')}."
            ) from error
    assert isinstance(matrices, Tensor)
    return matrices.detach().reshape(len(inputs), outputs, -1)


def _ranks(matrices: Tensor, tolerance: float | None) -> Tensor:
    values = torch.linalg.svdvals(matrices)
    part = max(matrices.shape[1:]) * torch.finfo(matrices.dtype).eps if tolerance is None else tolerance
    return (values > part * values.amax(1, keepdim=True)).sum(1).double()


def _mean(ranks: Tensor, method: str, note: str) -> Estimate:
    from scipy.stats import t

    n, value = len(ranks), float(ranks.mean())
    if n < 2:
        return Estimate(value, None, None, method, n, note)
    error = float(ranks.std()) / math.sqrt(n)
    half = float(t.ppf(0.975, n - 1)) * error
    return Estimate(value, error, (value - half, value + half), f"{method}, mean over points", n, note)


def _inputs(points: Points, function: Callable[[Tensor], Tensor]) -> Tensor:
    tensor = points.detach() if isinstance(points, Tensor) else torch.from_numpy(np.ascontiguousarray(points))
    parameter = next(function.parameters(), None) if isinstance(function, nn.Module) else None
    if parameter is not None:
        return tensor.to(parameter)
    return tensor if tensor.is_floating_point() else tensor.double()
