"""What every sample measure takes: a set of examples, one per row."""

from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor

from saddle.core.errors import InputError

Points = np.ndarray | Tensor
Features = Callable[[Points], Points]
"""Maps examples, given as they are, to features of shape (n, d)."""


def as_points(x: Points, name: str, *, at_least: int = 1, features: Features | None = None) -> Tensor:
    """Examples as a matrix of real numbers, one example per row, in float64 on the CPU.

    Args:
        x: array or tensor of shape (n, ...); pictures are flattened, and n plain numbers are n examples.
        name: the argument's name, for the error message.
        at_least: the smallest n that makes sense.
        features: what to measure instead of `x` itself.

    Raises:
        InputError: when `x`, or what `features` makes of it, is not a set of at least `at_least` examples of finite
            real numbers.
    """
    if features is not None:
        return _features_of(x, name, at_least, features)
    if not isinstance(x, np.ndarray | Tensor):
        raise InputError(f"{name} must be an array or tensor, one example per row; found {type(x).__name__}.")
    if x.ndim == 0:
        raise InputError(f"{name} must hold one example per row, shape (n, ...); found a single number.")
    if x.ndim == 1:
        x = x[:, None]
    if x.shape[0] < at_least:
        raise InputError(f"{name} must hold at least {at_least} examples; found {x.shape[0]}.")
    if isinstance(x, np.ndarray):
        if x.dtype.kind not in "fiub":
            raise InputError(f"{name} must hold real numbers; found dtype {x.dtype}.")
        x = torch.from_numpy(np.ascontiguousarray(x, dtype=np.float64))
    elif x.is_complex():
        raise InputError(f"{name} must hold real numbers; found dtype {x.dtype}.")
    rows = x.detach().to("cpu", torch.float64).flatten(1)
    if not bool(torch.isfinite(rows).all()):
        count = int((~torch.isfinite(rows)).any(1).sum())
        raise InputError(f"{name} must hold finite numbers; {count} of {len(rows)} examples hold a NaN or an infinity.")
    return rows


def _features_of(x: Points, name: str, at_least: int, features: Features) -> Tensor:
    found = as_points(features(x), f"features({name})", at_least=at_least)
    if len(found) != len(x):
        raise InputError(f"features({name}) must hold one row per example; found {len(found)} rows for {len(x)}.")
    return found


def as_two_samples(
    x: Points, y: Points, names: tuple[str, str], *, at_least: int = 1, features: Features | None = None
) -> tuple[Tensor, Tensor]:
    """Two sets of examples of the same length per example, as `as_points` gives them."""
    a = as_points(x, names[0], at_least=at_least, features=features)
    b = as_points(y, names[1], at_least=at_least, features=features)
    if a.shape[1] != b.shape[1]:
        raise InputError(
            f"{names[0]} and {names[1]} must have equally many numbers per example; "
            f"found {a.shape[1]} and {b.shape[1]}."
        )
    return a, b
