"""Networks that compute in bfloat16 while they train, with float32 parameters, inputs and outputs."""

import platform
from functools import cache
from typing import Any

import torch
from torch import Tensor, nn


def in_bfloat16(network: nn.Module) -> nn.Module:
    """The network, changed so that in training its matrix products and convolutions are bfloat16.

    Parameters, gradients and outputs stay float32, and so do the losses made of them. In evaluation, as for samples,
    nothing changes: an output rounded to eight bits is no loss to a gradient, but seen in a picture. Batch
    normalization, whose statistics are sums over a batch, computes in float32 throughout.

    Reference: Micikevicius et al. 2018, Mixed Precision Training, arXiv 1710.03740; bfloat16 has float32's range, so
    the loss needs no scaling.
    """
    for module in network.modules():
        if isinstance(module, nn.modules.batchnorm._BatchNorm):
            module.__class__ = _exact(type(module))
    network.__class__ = _mixed(type(network))
    return network


def is_slower_in_bfloat16(device: torch.device) -> bool:
    """Whether a device is known to have no units for bfloat16, and so to be usually slower in it than in float32.

    Of processors that is x86 without AVX512-BF16, which all with AMX have; of others nothing is known.
    """
    x86 = device.type == "cpu" and platform.machine().lower() in ("x86_64", "amd64")
    has_units = getattr(torch.cpu, "_is_avx512_bf16_supported", None)  # not public: a later torch may be without
    return x86 and has_units is not None and not has_units()


@cache
def _mixed(kind: type[nn.Module]) -> type[nn.Module]:
    """The subclass whose `forward` in training is `kind`'s under autocast; one for each, so that copies share it."""

    def forward(self: nn.Module, *inputs: Tensor, **named: Any) -> Tensor:
        if not self.training:
            return kind.forward(self, *inputs, **named)
        with torch.autocast(inputs[0].device.type, torch.bfloat16, cache_enabled=False):
            return kind.forward(self, *inputs, **named).to(inputs[0].dtype)

    return type(kind.__name__, (kind,), {"forward": forward, "__module__": kind.__module__})


@cache
def _exact(kind: type[Any]) -> type[Any]:
    """The subclass whose `forward` is `kind`'s outside autocast; under `vmap` torch's own fails on mixed types."""

    def forward(self: Any, x: Tensor) -> Tensor:
        with torch.autocast(x.device.type, enabled=False):
            return kind.forward(self, x.to(self.weight.dtype))

    return type(kind.__name__, (kind,), {"forward": forward, "__module__": kind.__module__})
