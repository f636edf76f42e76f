"""What every measure of probabilities takes and gives back: arrays or tensors whose last axis sums to one."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

from saddle.core.errors import InputError

Probabilities = np.ndarray | Tensor
LARGEST_MISS = 1e-6
"""How far a sum may be from one in float64; in other dtypes the square root of their machine epsilon where larger."""


def as_probabilities(p: Any, name: str, *, axes: int = 1, sums: bool = True) -> Tensor:
    """Probabilities as a float64 tensor that keeps its gradient; not yet normalized.

    Args:
        p: array, tensor, nested lists of numbers, or what NumPy makes an array of.
        name: the argument's name, for the error message.
        axes: how many of the last axes hold one distribution.
        sums: whether those axes must sum to one. The sum may miss it by 1e-6 in float64 and by 3.5e-4 in float32, .03
            in float16 and .09 in bfloat16.

    Raises:
        InputError: when `p` is not what it must be.
    """
    values, dtype = _as_tensor(p, name)
    if values.ndim < axes and sums:
        kind = "a table, shape (..., n, m)" if axes == 2 else "one probability per outcome on its last axis"
        raise InputError(f"{name} must hold {kind}; found shape {tuple(values.shape)}.")
    if values.numel() == 0:
        raise InputError(f"{name} must hold at least one probability; found shape {tuple(values.shape)}.")
    plain = values.detach()
    if not bool(torch.isfinite(plain).all()):
        raise InputError(f"{name} must hold finite numbers; found {int((~torch.isfinite(plain)).sum())} that are not.")
    if bool((plain < 0).any()):
        raise InputError(f"{name} must not hold negative probabilities; found {float(plain.min()):.6g}.")
    if sums:
        _check_sums(plain.flatten(-axes), name, dtype)
    elif bool((plain > 1).any()):
        raise InputError(f"{name} must not hold probabilities above one; found {float(plain.max()):.6g}.")
    return values


def as_two_probabilities(p: Any, q: Any) -> tuple[Tensor, Tensor]:
    """Two sets of probabilities with as many outcomes; leading axes are broadcast against each other."""
    if isinstance(p, Tensor) != isinstance(q, Tensor):
        raise InputError(f"p and q must both be arrays or both tensors; found {_kind(p)} and {_kind(q)}.")
    a, b = as_probabilities(p, "p"), as_probabilities(q, "q")
    if a.shape[-1] != b.shape[-1]:
        raise InputError(f"p and q must have equally many outcomes; found {a.shape[-1]} and {b.shape[-1]}.")
    if a.device != b.device:
        raise InputError(f"p and q must be on one device; found {a.device} and {b.device}.")
    try:
        x, y = torch.broadcast_tensors(a, b)
    except RuntimeError:
        found = f"found {tuple(a.shape)} and {tuple(b.shape)}"
        raise InputError(f"p and q must have leading axes that fit together; {found}.") from None
    return x, y


def give_back(value: Tensor, *arguments: Any) -> Any:
    """The result in the kind, dtype and place of the arguments; a single number as a NumPy scalar or a 0-d tensor."""
    if isinstance(arguments[0], Tensor):
        dtypes = [one.dtype if one.is_floating_point() else torch.float64 for one in arguments]
        dtype = dtypes[0]
        for other in dtypes[1:]:
            dtype = torch.promote_types(dtype, other)
        return value.to(arguments[0].device, dtype)
    kinds = [np.asarray(one).dtype for one in arguments]
    dtype = np.result_type(*(kind if kind.kind == "f" else np.dtype(np.float64) for kind in kinds))
    return value.detach().numpy().astype(dtype)[()]


def smallest(*arguments: Any) -> float:
    """The smallest positive normal number of the arguments' dtype: where a slope stands in for an infinite one."""
    dtypes = [one.dtype for one in arguments if isinstance(one, Tensor) and one.is_floating_point()]
    return max((torch.finfo(dtype).tiny for dtype in dtypes), default=torch.finfo(torch.float64).tiny)


def log_base(base: float | None) -> float:
    """log of the base, by which nats are divided.

    Raises:
        InputError: when `base` is not above one.
    """
    if base is None:
        return 1.0
    if isinstance(base, bool) or not isinstance(base, int | float | np.number) or not 1 < base < math.inf:
        raise InputError(f"base must be a finite number above 1, or None for nats; found {base!r}.")
    return math.log(base)


def _as_tensor(p: Any, name: str) -> tuple[Tensor, torch.dtype]:
    """float64 tensor, and the dtype it was given in."""
    if isinstance(p, Tensor):
        if p.is_complex() or p.dtype == torch.bool:
            raise InputError(f"{name} must hold real numbers; found dtype {p.dtype}.")
        # Apple's devices have no float64.
        device = "cpu" if p.device.type == "mps" else p.device
        return p.to(device, torch.float64), p.dtype if p.is_floating_point() else torch.float64
    # Such as the columns of pandas.
    is_array = hasattr(p, "__array__") or isinstance(p, np.number | float | int | Sequence)
    if not is_array or isinstance(p, str | bytes):
        raise InputError(f"{name} must be an array or tensor of probabilities, or a density; found {_kind(p)}.")
    try:
        values = np.asarray(p)
    except ValueError:
        raise InputError(f"{name} must be an array, with rows of one length; found rows of several.") from None
    if values.dtype.kind not in "fiu":
        raise InputError(f"{name} must hold real numbers; found dtype {values.dtype}.")
    dtype = {2: torch.float16, 4: torch.float32}.get(values.itemsize if values.dtype.kind == "f" else 8, torch.float64)
    return torch.from_numpy(np.array(values, dtype=np.float64)), dtype


def _check_sums(plain: Tensor, name: str, dtype: torch.dtype) -> None:
    allowed = max(LARGEST_MISS, math.sqrt(torch.finfo(dtype).eps))
    total = plain.sum(-1).flatten()
    worst = int((total - 1).abs().argmax())
    if abs(float(total[worst]) - 1) > allowed:
        where = f" in distribution {worst} of {len(total)}" if len(total) > 1 else ""
        found = f"found {float(total[worst]):.9g}{where}"
        raise InputError(f"{name} must sum to one to within {allowed:.2g} along its last axis; {found}.")


def _kind(x: Any) -> str:
    return "None" if x is None else type(x).__name__
