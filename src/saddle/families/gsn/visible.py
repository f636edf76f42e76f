"""What a generative stochastic network says of its visibles: the factorial law P(x | h1)."""

import math
from typing import Literal

import torch
from torch import Tensor, nn
from torch.nn.functional import binary_cross_entropy_with_logits

Shape = tuple[int, ...]
PALEST, DARKEST = 0.01, 0.99  # means beyond are clipped: a bias of a constant pixel would be infinite


class Bernoulli(nn.Module):
    """Pixels in [0, 1], each the probability of a bit; real-valued targets count as probabilities too.

    Args:
        shape: of one picture in model units, (c, h, w).
    """

    noise: Literal["normal", "uniform"] = "uniform"

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape

    def visibles(self, x: Tensor) -> Tensor:
        """Examples in model units as rows (n, d) in [0, 1]."""
        return (x.flatten(1) + 1) / 2

    def examples(self, v: Tensor) -> Tensor:
        """Rows in [0, 1] as examples in model units."""
        return (2 * v - 1).unflatten(-1, self.shape)

    def cross_entropy(self, output: Tensor, v: Tensor) -> Tensor:
        """-sum_i v_i log p_i + (1 - v_i) log(1 - p_i) in nats, shape (n,), for logits `output` of p."""
        return binary_cross_entropy_with_logits(output, v, reduction="none").sum(-1)

    def mean(self, output: Tensor) -> Tensor:
        """E(x | h1): the probabilities."""
        return output.sigmoid()

    def drawn(self, output: Tensor, noise: Tensor) -> Tensor:
        """Bits from P(x | h1), one uniform each; no gradient passes."""
        return (noise < output.detach().sigmoid()).to(output.dtype)

    def bias(self, v: Tensor) -> Tensor:
        """The output that gives the mean of these rows when nothing else is known."""
        return v.mean(0).clamp(PALEST, DARKEST).logit()


class Gaussian(nn.Module):
    """Real numbers, each normal around its output with a learned variance of its own.

    Args:
        shape: of one example in model units, (d,).
    """

    noise: Literal["normal", "uniform"] = "normal"

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        self.log_variance = nn.Parameter(torch.zeros(math.prod(shape)))

    def visibles(self, x: Tensor) -> Tensor:
        """Examples in model units as rows (n, d)."""
        return x.flatten(1)

    def examples(self, v: Tensor) -> Tensor:
        """Rows as examples."""
        return v.unflatten(-1, self.shape)

    def cross_entropy(self, output: Tensor, v: Tensor) -> Tensor:
        """-log N(v; output, variance) in nats, shape (n,)."""
        squares = (v - output).square() * (-self.log_variance).exp()
        return (squares + self.log_variance + math.log(2 * math.pi)).sum(-1) / 2

    def mean(self, output: Tensor) -> Tensor:
        """E(x | h1): the output itself."""
        return output

    def drawn(self, output: Tensor, noise: Tensor) -> Tensor:
        """A draw from P(x | h1), one normal per number; no gradient passes."""
        return output.detach() + (self.log_variance.detach() / 2).exp() * noise

    def bias(self, v: Tensor) -> Tensor:
        """The output that gives the mean of these rows when nothing else is known."""
        return v.mean(0)


Visible = Bernoulli | Gaussian
