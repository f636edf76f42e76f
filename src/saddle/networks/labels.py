"""How networks read class labels."""

import torch
from torch import Tensor

from saddle.core.errors import InputError


def one_hot(y: Tensor, classes: int, dtype: torch.dtype) -> Tensor:
    """Class indices as unit vectors, shape (n, classes); comparison works where `F.one_hot` raises, under `vmap`."""
    return (y.unsqueeze(-1) == torch.arange(classes, device=y.device)).to(dtype)


def with_labels(x: Tensor, y: Tensor | None, classes: int) -> Tensor:
    """Vectors (n, d) with the one-hot labels appended, (n, d + classes); unchanged where there are no classes.

    Raises:
        InputError: when a conditional network gets no labels.
    """
    if not classes:
        return x
    if y is None:
        raise InputError(f"A network conditional on {classes} classes needs labels y, and got none.")
    return torch.cat([x, one_hot(y, classes, x.dtype)], dim=-1)
