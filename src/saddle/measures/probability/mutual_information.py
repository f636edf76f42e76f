"""Mutual information of two variables from their joint probabilities."""

from typing import Any, TypeVar

import numpy as np
import torch
from torch import Tensor

from saddle.core.errors import InputError
from saddle.measures.probability.density import Density
from saddle.measures.probability.joint import compare_joint
from saddle.measures.probability.outcome_sum import centered, finite
from saddle.measures.probability.outcome_terms import kl
from saddle.measures.probability.probabilities import as_probabilities, give_back, log_base, smallest

Array = TypeVar("Array", np.ndarray, Tensor)


def mutual_information(joint: Array, *, base: float | None = None) -> Array:
    """I(X; Y) = Σ p(x, y) log(p(x, y) / (p(x) p(y))): how many nats one variable tells of the other (Shannon, 1948).

    Args:
        joint: tables of joint probabilities, shape (..., n, m); each table sums to one to within the rounding of its
            dtype, which is divided out.
        base: of the logarithm; nats where None.

    Returns:
        Shape (...), of the kind and dtype of `joint`: between zero, for independent variables, and the smaller of the
        two entropies. Twelve digits in float64, near independence too. Tensors carry gradients, finite everywhere: at a
        cell of probability zero, where the true slope is infinite, it is taken at the smallest positive number.

    Raises:
        InputError: when `joint` is not a table of probabilities or `base` is not above one.
    """
    unit = log_base(base)
    if isinstance(joint, Density):
        found = f"found a density, {type(joint).__name__}"
        raise InputError(f"joint must be a table of joint probabilities, shape (..., n, m); {found}.")
    table = as_probabilities(joint, "joint", axes=2)
    value: Any = _MutualInformation.apply(table, smallest(joint))
    return give_back(value / unit, joint)


class _MutualInformation(torch.autograd.Function):
    """Forward with the digits of the difference kept; backward by log p(x, y) / (p(x) p(y))."""

    @staticmethod
    def forward(ctx: Any, joint: Tensor, tiny: float) -> Tensor:
        ctx.save_for_backward(joint)
        ctx.tiny = tiny
        return kl(compare_joint(joint)).sum(-1)

    @staticmethod
    def backward(ctx: Any, *outputs: Tensor) -> tuple[Tensor, None]:
        joint = ctx.saved_tensors[0].clamp_min(ctx.tiny)
        c = compare_joint(joint)
        gradient = centered(finite(c.log_ratio, ctx.tiny), c.p, joint.flatten(-2))
        return outputs[0][..., None, None] * gradient.view(joint.shape), None
