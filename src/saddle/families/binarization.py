"""From gray levels to the black and white that a Bernoulli law is of, in the ways that published figures name."""

from typing import Literal, get_args

import torch
from torch import Tensor

from saddle.networks.dropout import hash32

Binarization = Literal["dynamic", "static", "threshold", "none"]
BINARIZATIONS = get_args(Binarization)
_WIDE = 0xFFFFFFFF


def binarized(x: Tensor, how: Binarization, uniform: Tensor | None) -> Tensor:
    """Pictures in [0, 1] in black and white, of the same shape.

    "dynamic": a pixel is white with its gray level as the probability, drawn anew at each presentation; "static": drawn
    likewise, but by a hash of the picture itself, so that a picture comes out the same every time; "threshold": white
    from one half on; "none": gray levels as they are, which no Bernoulli law produces, so that what is computed from
    them is a cross-entropy and not a likelihood. Figures under different binarizations do not compare: on MNIST,
    static ones are about 2 nats lower (Burda et al. 2016, arXiv 1509.00519, appendix D).

    Args:
        x: shape (n, ...), in [0, 1].
        how: see above.
        uniform: U[0, 1) of the shape of `x`, which "dynamic" needs.
    """
    if how == "none":
        return x
    if how == "threshold":
        return (x >= 0.5).to(x.dtype)
    if how == "static":
        uniform = static_uniform(x)
    assert uniform is not None
    return (uniform < x).to(x.dtype)


def as_told(how: Binarization, seed: int) -> str:
    """What a figure of pictures says of how they were binarized, a sentence, since figures under others do not compare.

    Args:
        how: see `binarized`.
        seed: of the uniform numbers, which only "dynamic" draws.
    """
    if how == "none":
        return "Binarization none: grays count as they are, which no law of bits produces, so this is no likelihood."
    return f"Binarization {how}, seed {seed}." if how == "dynamic" else f"Binarization {how}."


def static_uniform(x: Tensor) -> Tensor:
    """Numbers in [0, 1) of the shape of `x`, a hash of each picture's 256 gray levels and of the pixel's place."""
    flat = x.flatten(1)
    places = torch.arange(flat.shape[1], device=x.device)
    levels = (flat * 255).round().to(torch.int64)
    key = hash32((levels * (2 * hash32(places + 1) + 1)).sum(1, keepdim=True) & _WIDE)
    drawn = hash32((places * 0x9E3779B1 + key) & _WIDE)
    return (drawn.to(x.dtype) / 2.0**32).clamp(max=1 - 2.0**-24).reshape(x.shape)
