"""Layers on top of one another: codes of codes, and the way back to examples."""

import torch
from torch import Tensor

from saddle.core.sampling import Networks
from saddle.families.autoencoder.layer import Layer


def layers_of(networks: Networks) -> list[Layer]:
    """The layers, from the data upwards."""
    return [one for name, one in networks.items() if name.startswith("layer") and isinstance(one, Layer)]


def seen(networks: Networks, x: Tensor) -> Tensor:
    """Examples (n, ...) in model units as the first layer's inputs (n, d): of pictures, gray levels in [0, 1]."""
    flat = x.flatten(1)
    return (flat + 1) / 2 if layers_of(networks)[0].unit_inputs else flat


def shown(networks: Networks, inputs: Tensor, shape: tuple[int, ...]) -> Tensor:
    """Inputs of the first layer as examples (n, *shape) in model units."""
    units = 2 * inputs - 1 if layers_of(networks)[0].unit_inputs else inputs
    return units.reshape(-1, *shape)


def codes_of(networks: Networks, inputs: Tensor, y: Tensor | None) -> list[Tensor]:
    """The codes of every layer, from the data upwards."""
    codes: list[Tensor] = []
    for layer in layers_of(networks):
        codes.append(layer.encode(codes[-1] if codes else inputs, y))
    return codes


def decoded(networks: Networks, codes: Tensor, y: Tensor | None) -> Tensor:
    """The first layer's inputs (n, d) that codes of the last layer stand for."""
    for layer in reversed(layers_of(networks)):
        codes = layer.decode(codes, y)
    return codes


def spread(networks: Networks, codes: list[Tensor], noise: Tensor) -> Tensor:
    """J Jᵀ ε, shape (n, units of the last layer), with J the Jacobian of the whole encoder where it has these codes."""
    layers = layers_of(networks)
    moved = noise
    for layer, here in zip(reversed(layers), reversed(codes), strict=True):
        moved = layer.pulled(moved, here)
    for layer, here in zip(layers, codes, strict=True):
        moved = layer.pushed(moved, here)
    return moved


def encoded(networks: Networks, x: Tensor, y: Tensor | None, block: int = 1000) -> Tensor:
    """The last layer's codes of examples in model units, block by block."""
    parts = [
        codes_of(networks, seen(networks, x[i : i + block]), None if y is None else y[i : i + block])[-1]
        for i in range(0, len(x), block)
    ]
    return torch.cat(parts)
