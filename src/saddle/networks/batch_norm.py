"""Batch normalization whose derivatives of any order are right for many models at once."""

from functools import cache
from typing import Any

import torch
from torch import Tensor, nn


def in_primitives(network: nn.Module) -> nn.Module:
    """The network, changed so that its batch normalization is made of plain arithmetic.

    Under `vmap` the second derivatives of torch's own are off by a ten-thousandth, and a member of a population whose
    critic is differentiated twice (by a penalty on gradients, by unrolling) would leave the path of its seed alone.
    """
    for module in network.modules():
        if isinstance(module, nn.BatchNorm1d | nn.BatchNorm2d):
            module.__class__ = _plain(type(module))
    return network


@cache
def _plain(kind: type[Any]) -> type[Any]:
    """The subclass whose `forward` is plain arithmetic; one for each, so that copies share it."""
    return type(kind.__name__, (kind,), {"forward": _forward, "__module__": kind.__module__})


def _forward(self: Any, x: Tensor) -> Tensor:
    """What `torch.nn.BatchNorm1d` and `BatchNorm2d` compute, running averages included."""
    self._check_input_dim(x)
    dims = [0, *range(2, x.dim())]
    mean, variance = self.running_mean, self.running_var
    if self.training or mean is None:
        count = x.numel() // x.shape[1]
        if count == 1:
            raise ValueError(f"Expected more than 1 value per channel when training, got input size {x.shape}")
        mean, variance = x.mean(dims), x.var(dims, correction=0)
        if self.training and self.track_running_stats:
            _remember(self, mean.detach(), variance.detach() * (count / (count - 1)))
    aside = (1, -1, *(1 for _ in dims[1:]))
    normal = (x - mean.view(aside)) * (variance.view(aside) + self.eps).rsqrt()
    return normal * self.weight.view(aside) + self.bias.view(aside) if self.affine else normal


def _remember(self: Any, mean: Tensor, variance: Tensor) -> None:
    """Move the running averages, which evaluation uses, towards a batch's."""
    with torch.no_grad():
        self.num_batches_tracked.add_(1)
        share = 1 / self.num_batches_tracked.to(mean.dtype) if self.momentum is None else self.momentum
        self.running_mean.copy_((1 - share) * self.running_mean + share * mean)
        self.running_var.copy_((1 - share) * self.running_var + share * variance)
