"""What every sample measure takes: a set of examples, one per row."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

from saddle.core.errors import InputError

Points = np.ndarray | Tensor | Sequence[Any]
Features = Callable[[Any], Any]
"""Maps examples, given as they are, to features of shape (n, d)."""
LARGEST = 1e150
"""Beyond this squares overflow."""


def as_points(x: Points, name: str, *, at_least: int = 1, features: Features | None = None) -> Tensor:
    """Examples as a matrix of real numbers, one example per row, in float64 on the CPU.

    Args:
        x: array, tensor, data frame or list of shape (n, ...); pictures are flattened, and n plain numbers are n
            examples.
        name: the argument's name, for the error message.
        at_least: the smallest n that makes sense.
        features: what to measure instead of `x` itself.

    Raises:
        InputError: when `x`, or what `features` makes of it, is not a set of at least `at_least` examples of finite
            real numbers.
    """
    return _rows(_examples(x, name, features), name if features is None else f"features({name})", at_least)


def as_two_samples(
    x: Points, y: Points, names: tuple[str, str], *, at_least: int = 1, features: Features | None = None
) -> tuple[Tensor, Tensor]:
    """Two sets of examples of the same shape, as `as_points` gives them.

    Raises:
        InputError: as `as_points`, and when the examples of the two differ in shape.
    """
    first, second = _examples(x, names[0], features), _examples(y, names[1], features)
    rows = _rows(first, names[0], at_least), _rows(second, names[1], at_least)
    shapes = [tuple(one.shape[1:]) for one in (first, second)]
    if len(set(shapes)) > 1:
        raise InputError(
            f"{names[0]} and {names[1]} must have equally many numbers per example, in the same arrangement; "
            f"found examples of shape {shapes[0]} and {shapes[1]}."
        )
    return rows


def _examples(x: Points, name: str, features: Features | None) -> np.ndarray | Tensor:
    """Examples as an array or tensor of at least two axes, or their features."""
    if features is None:
        return _array(x, name)
    if not callable(features):
        raise InputError(f"features must be a function of the examples; found {features!r}.")
    try:
        given = features(x)
    except InputError:
        raise
    except Exception as error:
        raise InputError(f"features fails on {name} with {type(error).__name__}: {str(error).strip()}.") from error
    found = _array(given, f"features({name})")
    if len(found) != len(x):
        raise InputError(f"features({name}) must hold one row per example; found {len(found)} rows for {len(x)}.")
    return found


def _array(x: Points, name: str) -> np.ndarray | Tensor:
    if not isinstance(x, np.ndarray | Tensor):
        try:
            x = np.asarray(x)
        except ValueError:
            raise InputError(f"{name} must hold examples of one shape; found rows of different lengths.") from None
    if x.ndim == 0:
        raise InputError(f"{name} must hold one example per row, shape (n, ...); found {type(x).__name__} of no axes.")
    if isinstance(x, np.ndarray) and x.dtype.kind not in "fiub":
        raise InputError(f"{name} must hold real numbers; found dtype {x.dtype}.")
    if isinstance(x, Tensor) and x.is_complex():
        raise InputError(f"{name} must hold real numbers; found dtype {x.dtype}.")
    return x[:, None] if x.ndim == 1 else x


def _rows(x: np.ndarray | Tensor, name: str, at_least: int) -> Tensor:
    if x.shape[0] < at_least:
        raise InputError(f"{name} must hold at least {at_least} examples; found {x.shape[0]}.")
    if 0 in x.shape[1:]:
        raise InputError(f"{name} must hold at least one number per example; found shape {tuple(x.shape)}.")
    if isinstance(x, np.ndarray):
        x = torch.from_numpy(np.ascontiguousarray(x, dtype=np.float64))
    rows = x.detach().to("cpu", torch.float64).flatten(1)
    if not bool(torch.isfinite(rows).all()):
        count = int((~torch.isfinite(rows)).any(1).sum())
        raise InputError(f"{name} must hold finite numbers; {count} of {len(rows)} examples hold a NaN or an infinity.")
    if len(rows) and float(rows.abs().max()) > LARGEST:
        raise InputError(f"{name} must hold numbers up to {LARGEST:g}; found {float(rows.abs().max()):.3g}.")
    return rows
