"""How an example comes about from a decoder's output: the last step of a model with a likelihood."""

import math
from typing import Literal

import torch
from torch import Tensor, nn
from torch.nn.functional import logsigmoid

from saddle.core.errors import InputError
from saddle.data import Layout

ObservationName = Literal["bernoulli", "gaussian"]
SMALLEST = 0.01  # in model units; a law on a thinner set has no density to speak of
CLAMP = 0.005  # means of pixels within this of black or white start there


class Bernoulli(nn.Module):
    """Black and white pixels, independent given their logits; model units [-1, 1] are gray levels [0, 1].

    What an encoder is given has the data's mean picture taken away: pixels that are nearly always black would otherwise
    be one large constant among its inputs, beside which gradients see little of the others.
    """

    center: Tensor

    def __init__(self, shape: tuple[int, ...]) -> None:
        super().__init__()
        self.register_buffer("center", torch.full(shape, 0.5))

    def seen(self, x: Tensor) -> Tensor:
        """Model units to gray levels."""
        return (x + 1) / 2

    def inputs(self, x: Tensor) -> Tensor:
        """Gray levels to what an encoder is given: twice their distance from the mean picture."""
        return 2 * (x - self.center)

    def look(self, mean: Tensor) -> None:
        """Take a mean picture of gray levels for the data's."""
        self.center.copy_(mean)

    def log_prob(self, x: Tensor, output: Tensor) -> Tensor:
        """log p(x | output) in nats, shape (n, k), of gray levels (n, ...) under k outputs each, shape (n, k, ...).

        Of what is neither 0 nor 1 it is minus the cross-entropy.
        """
        flat = output.flatten(2)
        return torch.einsum("bi,bki->bk", x.flatten(1), flat) + logsigmoid(-flat).sum(-1)

    def mean(self, output: Tensor) -> Tensor:
        """E x in model units."""
        return 2 * output.sigmoid() - 1

    def draw(self, output: Tensor, noise: Tensor) -> Tensor:
        """x in model units from uniform noise of its shape."""
        return 2 * (noise < output.sigmoid()).to(output.dtype) - 1

    def start(self, mean: Tensor) -> Tensor:
        """The output that stands for these mean gray levels, kept off certainty."""
        return torch.logit(mean.clamp(CLAMP, 1 - CLAMP))


class Gaussian(nn.Module):
    """Numbers in model units, independent and normal given their means; each has a deviation that is learned."""

    def __init__(self, shape: tuple[int, ...]) -> None:
        super().__init__()
        self.log_deviation = nn.Parameter(torch.zeros(shape))

    def deviation(self) -> Tensor:
        """The standard deviation of each number, at least .01."""
        return self.log_deviation.exp().clamp(min=SMALLEST)

    def seen(self, x: Tensor) -> Tensor:
        """Model units as they are."""
        return x

    def inputs(self, x: Tensor) -> Tensor:
        """Model units as they are, which is what an encoder is given."""
        return x

    def look(self, mean: Tensor) -> None:
        """Nothing: model units are centered."""

    def log_prob(self, x: Tensor, output: Tensor) -> Tensor:
        """log p(x | output) in nats per example, shape (n, k), of examples (n, ...) under k outputs (n, k, ...)."""
        deviation = self.deviation()
        z = (x.unsqueeze(1) - output) / deviation
        constant = deviation.log().sum() + 0.5 * deviation.numel() * math.log(2 * math.pi)
        return -0.5 * z.square().flatten(2).sum(-1) - constant

    def mean(self, output: Tensor) -> Tensor:
        """E x."""
        return output

    def draw(self, output: Tensor, noise: Tensor) -> Tensor:
        """x from normal noise of its shape."""
        return output + self.deviation() * noise

    def start(self, mean: Tensor) -> Tensor:
        """The output that stands for these means."""
        return mean


Observation = Bernoulli | Gaussian


def observation_name(asked: ObservationName | None, layout: Layout) -> ObservationName:
    """The law of examples given a decoder's output: Bernoulli for pictures, Gaussian for anything else.

    Raises:
        InputError: when a Bernoulli law is asked for of data that are no pictures.
    """
    if asked == "bernoulli" and layout.kind != "images":
        raise InputError(
            f"likelihood 'bernoulli' is for pictures, whose pixels lie between black and white; {layout.name} is of "
            f"kind {layout.kind}; take 'gaussian'."
        )
    return asked or ("bernoulli" if layout.kind == "images" else "gaussian")


def observation(name: ObservationName, shape: tuple[int, ...]) -> Observation:
    """The module of this name for examples of this shape."""
    return Bernoulli(shape) if name == "bernoulli" else Gaussian(shape)


def set_output(decoder: nn.Module, start: Tensor) -> None:
    """Let a decoder begin at a given output, shape (...), where its last layer is linear and so has a bias for it."""
    last = [module for module in decoder.modules() if isinstance(module, nn.Linear)][-1:]
    if last and last[0].bias is not None and last[0].out_features == start.numel():
        last[0].bias.copy_(start.flatten())
