"""Batch normalization whose derivatives of any order are right for many models at once."""

from typing import Any

import torch
from torch import Tensor, nn


def in_primitives(network: nn.Module) -> nn.Module:
    """The network, changed so that its batch normalization is made of plain arithmetic.

    Under `vmap` the second derivatives of torch's own are off by a ten-thousandth, and a member of a population whose
    critic is differentiated twice (by a penalty on gradients, by unrolling) would leave the path of its seed alone.
    Subclasses of torch's layers, whose arithmetic is their own, stay as they are.
    """
    for module in network.modules():
        module.__class__ = _PLAIN.get(type(module), type(module))
    return network


def other_batch_norms(network: nn.Module) -> list[str]:
    """The names of layers of batch normalization that `in_primitives` leaves as they are."""
    plain = tuple(_PLAIN.values())
    kind = nn.modules.batchnorm._BatchNorm
    return [name for name, one in network.named_modules() if isinstance(one, kind) and not isinstance(one, plain)]


def _normalized(layer: Any, x: Tensor) -> Tensor:
    """What torch's layer computes, running averages included."""
    layer._check_input_dim(x)
    dims = [0, *range(2, x.dim())]
    mean, variance = layer.running_mean, layer.running_var
    if layer.training or mean is None:
        count = x.numel() // x.shape[1]
        if count == 1:
            raise ValueError(f"Expected more than 1 value per channel when training, got input size {x.shape}")
        mean, variance = x.mean(dims), x.var(dims, correction=0)
        if layer.training and layer.track_running_stats:
            _remember(layer, mean.detach(), variance.detach() * (count / (count - 1)))
    aside = (1, -1, *(1 for _ in dims[1:]))
    normal = (x - mean.view(aside)) * (variance.view(aside) + layer.eps).rsqrt()
    return normal * layer.weight.view(aside) + layer.bias.view(aside) if layer.affine else normal


def _remember(layer: Any, mean: Tensor, variance: Tensor) -> None:
    """Move the running averages, which evaluation uses, towards a batch's."""
    with torch.no_grad():
        layer.num_batches_tracked.add_(1)
        share = 1 / layer.num_batches_tracked.to(mean.dtype) if layer.momentum is None else layer.momentum
        layer.running_mean.copy_((1 - share) * layer.running_mean + share * mean)
        layer.running_var.copy_((1 - share) * layer.running_var + share * variance)


class PlainBatchNorm1d(nn.BatchNorm1d):
    """`torch.nn.BatchNorm1d` in plain arithmetic."""

    forward = _normalized  # type: ignore[assignment]


class PlainBatchNorm2d(nn.BatchNorm2d):
    """`torch.nn.BatchNorm2d` in plain arithmetic."""

    forward = _normalized  # type: ignore[assignment]


class PlainBatchNorm3d(nn.BatchNorm3d):
    """`torch.nn.BatchNorm3d` in plain arithmetic."""

    forward = _normalized  # type: ignore[assignment]


_PLAIN: dict[type[nn.Module], type[nn.Module]] = {
    nn.BatchNorm1d: PlainBatchNorm1d,
    nn.BatchNorm2d: PlainBatchNorm2d,
    nn.BatchNorm3d: PlainBatchNorm3d,
}
